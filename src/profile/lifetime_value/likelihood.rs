//! How well parameters explain what customers did, which the native tool maximizes. Not in the browser.

use super::{BgNbd, CustomerSummary, GammaGamma};
use libm::{exp, lgamma, log, log1p};

impl BgNbd {
    /// The log-likelihood of one customer. It depends on the unit of time.
    ///
    /// Source: Fader, Hardie and Lee (2005), equation 6, in logarithms throughout.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::{BgNbd, CustomerSummary};
    /// let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    /// let customer = CustomerSummary { frequency: 2.0, recency: 30.43, age: 38.86 };
    /// assert!((model.log_likelihood(&customer) + 9.46).abs() < 0.01);
    /// ```
    pub fn log_likelihood(&self, customer: &CustomerSummary) -> f64 {
        self.log_likelihood_of_frequency(customer.frequency) + self.log_likelihood_of_times(customer)
    }

    /// The term that depends only on the number of purchases, and so is the same for many customers.
    pub fn log_likelihood_of_frequency(&self, x: f64) -> f64 {
        let BgNbd { r, alpha, a, b } = *self;
        let rates = lgamma(r + x) - lgamma(r) + r * log(alpha);
        rates + lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
    }

    /// The remaining terms.
    pub fn log_likelihood_of_times(&self, customer: &CustomerSummary) -> f64 {
        let CustomerSummary { frequency: x, recency, age } = *customer;
        let still_alive = -(self.r + x) * log(self.alpha + age);
        if x <= 0.0 {
            return still_alive;
        }
        let inactive = log(self.a) - log(self.b + x - 1.0) - (self.r + x) * log(self.alpha + recency);
        let larger = still_alive.max(inactive);
        larger + log1p(exp(still_alive.min(inactive) - larger))
    }
}

impl GammaGamma {
    /// The log-likelihood of a customer who spent `average_value` on average in `count` purchases, both above
    /// 0. It depends on the currency.
    ///
    /// Source: Fader and Hardie (2013), equation 1a.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::GammaGamma;
    /// let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
    /// assert!(model.log_likelihood(2.0, 30.0) > model.log_likelihood(2.0, 300.0));
    /// ```
    pub fn log_likelihood(&self, count: f64, average_value: f64) -> f64 {
        self.log_likelihood_of_count(count) + self.log_likelihood_of_value(count, average_value)
    }

    /// The term that depends only on the number of purchases.
    pub fn log_likelihood_of_count(&self, count: f64) -> f64 {
        let shape = self.p * count;
        lgamma(shape + self.q) - lgamma(shape) - lgamma(self.q) + self.q * log(self.v) + shape * log(count)
    }

    /// The remaining terms.
    pub fn log_likelihood_of_value(&self, count: f64, average_value: f64) -> f64 {
        let shape = self.p * count;
        (shape - 1.0) * log(average_value) - (shape + self.q) * log(self.v + count * average_value)
    }
}
