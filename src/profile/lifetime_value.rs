//! How much a customer is likely to buy in the future: BG/NBD for how often, Gamma-Gamma for how much.
//!
//! Both know a customer by a few numbers that never leave the device. Their parameters are the site's, fitted
//! to all its customers by the native tool.

use crate::number::logistic;
use libm::{exp, log};

/// The most terms of a series that are added: about 50 µs. Fewer than 100 are needed, unless the time asked
/// for is a hundred times the time observed.
const TERMS: u32 = 10_000;

/// One customer's purchases as BG/NBD sees them. Times are in the unit of the parameters, at least 0.
///
/// Source of the names: Fader, Hardie and Lee (2005). In this model *frequency* counts repeat purchases only, and
/// *recency* is the customer's age at the last purchase.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct CustomerSummary {
    /// Number of purchases after the first: x. At least 0.
    pub frequency: f64,
    /// Time from the first purchase to the last: t_x. 0 where the first is the only one.
    pub recency: f64,
    /// Time since the first purchase: T. At least `recency`.
    pub age: f64,
}

/// Customers who buy at their own rate until, after any purchase, they become inactive: the
/// beta-geometric/negative binomial model. All parameters are above 0.
///
/// Source: Fader, Hardie and Lee (2005), "Counting your customers the easy way: an alternative to the
/// Pareto/NBD model", Marketing Science 24(2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgNbd {
    /// Shape of the gamma distribution of purchase rates.
    pub r: f64,
    /// Its rate, in units of time: on average a customer buys r / alpha times in one.
    pub alpha: f64,
    /// First shape of the beta distribution of the probability to become inactive after a purchase.
    pub a: f64,
    /// Its second shape: the mean probability is a / (a + b).
    pub b: f64,
}

impl BgNbd {
    /// The probability that the customer will buy again at all, in `[0, 1]`.
    ///
    /// For a customer with one purchase it is 1, because in this model nobody becomes inactive before the second
    /// purchase. So it does not rank customers by value; the expected purchases do.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::{BgNbd, CustomerSummary};
    /// let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    /// let customer = CustomerSummary { frequency: 7.0, recency: 29.43, age: 38.86 };
    /// assert!((model.probability_alive(&customer) - 0.642).abs() < 0.001);
    /// assert!(model.probability_alive(&CustomerSummary { age: 98.86, ..customer }) < 0.01);
    /// ```
    pub fn probability_alive(&self, customer: &CustomerSummary) -> f64 {
        let CustomerSummary { frequency: x, recency, age } = *customer;
        if x <= 0.0 {
            return 1.0;
        }
        // By logarithms: the ratio to the power of thousands would overflow.
        let log_ratio = log((self.alpha + age) / (self.alpha + recency));
        logistic(log(self.b + x - 1.0) - log(self.a) - (self.r + x) * log_ratio)
    }

    /// The expected number of purchases within `time` from now. At least 0, finite.
    ///
    /// With a frequency, recency and age of 0 it is that of a new customer after the first purchase.
    ///
    /// The paper's equation 10 has a hypergeometric series that overflows from some hundreds of purchases on.
    /// Euler's transformation gives (1 - z)^c ₂F₁(A, c; C; z) with c = a - 1, whose terms fall like 1/x; and
    /// all of it is divided by c before it is added, so that a = 1 is no special case. To about 1e-12 relative.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::{BgNbd, CustomerSummary};
    /// let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    /// // The worksheet that the paper's authors publish has 1.226.
    /// let customer = CustomerSummary { frequency: 2.0, recency: 30.43, age: 38.86 };
    /// assert!((model.expected_purchases(&customer, 39.0) - 1.226).abs() < 0.0005);
    /// ```
    pub fn expected_purchases(&self, customer: &CustomerSummary, time: f64) -> f64 {
        let end = self.alpha + customer.age + time;
        let z = time / end;
        // ln(1 / (1 - z)).
        let log_inverse = log(end / (self.alpha + customer.age));
        let c = self.a - 1.0;
        let lower = self.a + self.b + customer.frequency - 1.0;
        let upper = self.a + self.b - 1.0 - self.r;
        // The series without its first term, which is 1, divided by c.
        let (mut series, mut term) = (0.0, upper / lower * z);
        for n in 1..TERMS {
            series += term;
            if term.abs() <= series.abs() * 1e-17 {
                break;
            }
            let n = f64::from(n);
            term *= (upper + n) / (lower + n) * ((c + n) / (n + 1.0)) * z;
        }
        let y = c * log_inverse;
        let power = exp(-y);
        // (1 - e^-y) / c, by its own series where the difference would be lost.
        let first = if y.abs() < 1e-5 { log_inverse * (1.0 - y / 2.0 + y * y / 6.0) } else { (1.0 - power) / c };
        (lower * (first - power * series) * self.probability_alive(customer)).max(0.0)
    }
}

/// Customers whose purchases are worth about the same each time, whatever their number: the Gamma-Gamma model.
/// All parameters are above 0, q at least 1.
///
/// Source: Fader and Hardie (2013), "The Gamma-Gamma model of monetary value",
/// brucehardie.com/notes/025.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of the gamma distribution of the values of one customer's purchases.
    pub p: f64,
    /// Shape of the gamma distribution of the customers' rates.
    pub q: f64,
    /// Its rate, in money.
    pub v: f64,
}

impl GammaGamma {
    /// The expected average value of a purchase of a customer whose `count` purchases were worth
    /// `average_value` on average. Above 0.
    ///
    /// With a count of 0 it is the average over all customers, which needs q above 1.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::GammaGamma;
    /// let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
    /// assert!((model.expected_average_value(0.0, 0.0) - 35.22).abs() < 0.01);
    /// // One large order is not taken for the rule: it is shrunk towards the average of all.
    /// assert!((model.expected_average_value(1.0, 100.0) - 80.26).abs() < 0.01);
    /// ```
    pub fn expected_average_value(&self, count: f64, average_value: f64) -> f64 {
        self.p * (self.v + count * average_value) / (self.p * count + self.q - 1.0)
    }
}
