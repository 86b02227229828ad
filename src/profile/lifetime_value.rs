//! What a customer is likely to buy yet: BG/NBD for how often, Gamma-Gamma for how much.
//!
//! Both know a customer by a few numbers that never leave the device; their parameters are the site's, fitted
//! to all its customers by the native tool.

#[cfg(not(target_arch = "wasm32"))]
pub mod likelihood;

use crate::number::{exp, ln, logistic};

/// How many terms of a series are added at most: some 50 µs. Fewer than 100 do, unless the time that is asked
/// for is a hundred times the time observed.
const TERMS: u32 = 10_000;

/// When a customer bought, as BG/NBD looks at it. Times in the unit that the parameters are for, at least 0.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Purchased {
    /// How many times after the first: x. At least 0.
    pub repeats: f64,
    /// When the last time was, counted from the first: t_x. 0 where nothing was repeated.
    pub last: f64,
    /// How long it is since the first: T. At least `last`.
    pub age: f64,
}

/// Customers who buy at their own rate until, after any purchase, they have had enough: the
/// beta-geometric/negative binomial model. All parameters above 0.
///
/// Source: Fader, Hardie and Lee (2005), "Counting your customers the easy way: an alternative to the
/// Pareto/NBD model", Marketing Science 24(2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgNbd {
    /// Shape of the gamma distribution of rates.
    pub r: f64,
    /// Its rate, in units of time: the mean customer buys r / alpha times in one.
    pub alpha: f64,
    /// First shape of the beta distribution of the chance to have had enough after a purchase.
    pub a: f64,
    /// Its second shape: the mean chance is a / (a + b).
    pub b: f64,
}

impl BgNbd {
    /// The chance that the customer will buy again at all, in `[0, 1]`.
    ///
    /// Of somebody who bought once it is 1, for the model lets nobody have had enough before the second
    /// time. So it does not tell customers by their worth; what they will buy does.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::{BgNbd, Purchased};
    /// let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    /// let (often, long_ago) = (Purchased { repeats: 7.0, last: 29.43, age: 38.86 }, 98.86);
    /// assert!((model.alive(&often) - 0.642).abs() < 0.001);
    /// assert!(model.alive(&Purchased { age: long_ago, ..often }) < 0.01);
    /// ```
    pub fn alive(&self, customer: &Purchased) -> f64 {
        let Purchased { repeats: x, last, age } = *customer;
        if x <= 0.0 {
            return 1.0;
        }
        // By logarithms: the ratio to the power of thousands is beyond any double.
        let times = ln((self.alpha + age) / (self.alpha + last));
        logistic(ln(self.b + x - 1.0) - ln(self.a) - (self.r + x) * times)
    }

    /// How many times the customer is expected to buy within `time` from now. At least 0, finite.
    ///
    /// With x = last = age = 0 it is what is expected of a new customer after the first purchase.
    ///
    /// The paper's equation 10 has a hypergeometric series that overflows from some hundreds of purchases on.
    /// Euler's transformation gives (1 - z)^c ₂F₁(A, c; C; z) with c = a - 1, whose terms fall like 1/x; and
    /// all is divided by c before it is added, so that a = 1 is no special case. To about 1e-12, relatively.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::{BgNbd, Purchased};
    /// let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    /// // The worksheet that the paper's authors give away has 1.226.
    /// let customer = Purchased { repeats: 2.0, last: 30.43, age: 38.86 };
    /// assert!((model.purchases(&customer, 39.0) - 1.226).abs() < 0.0005);
    /// ```
    pub fn purchases(&self, customer: &Purchased, time: f64) -> f64 {
        let whole = self.alpha + customer.age + time;
        let z = time / whole;
        // ln(1 / (1 - z)).
        let log = ln(whole / (self.alpha + customer.age));
        let c = self.a - 1.0;
        let below = self.a + self.b + customer.repeats - 1.0;
        let above = self.a + self.b - 1.0 - self.r;
        // The series without its first term, which is 1, divided by c.
        let (mut series, mut term) = (0.0, above / below * z);
        for n in 1..TERMS {
            series += term;
            if term.abs() <= series.abs() * 1e-17 {
                break;
            }
            let n = f64::from(n);
            term *= (above + n) / (below + n) * ((c + n) / (n + 1.0)) * z;
        }
        let power = exp(-c * log);
        let y = c * log;
        // (1 - e^-y) / c, by its own series where the difference would be lost.
        let first = if y.abs() < 1e-5 { log * (1.0 - y / 2.0 + y * y / 6.0) } else { (1.0 - power) / c };
        (below * (first - power * series) * self.alive(customer)).max(0.0)
    }
}

/// Customers who spend about their own mean each time, whatever the number of times: the Gamma-Gamma model.
/// All parameters above 0, q at least 1.
///
/// Source: Fader and Hardie (2013), "The Gamma-Gamma model of monetary value",
/// brucehardie.com/notes/025.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of the gamma distribution of one customer's spendings.
    pub p: f64,
    /// Shape of the gamma distribution of the customers' rates.
    pub q: f64,
    /// Its rate, in money.
    pub v: f64,
}

impl GammaGamma {
    /// What the customer is expected to spend a time, having spent `mean` in the mean of `count` times.
    /// Above 0.
    ///
    /// With a count of 0 it is the mean over all customers, which needs q above 1.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::GammaGamma;
    /// let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
    /// assert!((model.mean(0.0, 0.0) - 35.22).abs() < 0.01);
    /// // One large order is not taken for the rule.
    /// assert!((model.mean(1.0, 100.0) - 80.26).abs() < 0.01);
    /// ```
    pub fn mean(&self, count: f64, mean: f64) -> f64 {
        self.p * (self.v + count * mean) / (self.p * count + self.q - 1.0)
    }
}
