//! How well parameters explain what customers did: what the native tool maximizes. Not in the browser.

use super::{BgNbd, GammaGamma, Purchased};
use libm::{exp, lgamma, log, log1p};

impl BgNbd {
    /// The logarithm of the likelihood of one customer. It depends on the unit of time.
    ///
    /// Source: Fader, Hardie and Lee (2005), equation 6, in logarithms throughout.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::{BgNbd, Purchased};
    /// let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    /// let customer = Purchased { repeats: 2.0, last: 30.43, age: 38.86 };
    /// assert!((model.log_likelihood(&customer) + 9.46).abs() < 0.01);
    /// ```
    pub fn log_likelihood(&self, customer: &Purchased) -> f64 {
        self.of_count(customer.repeats) + self.of_times(customer)
    }

    /// The part of it that depends on the number of purchases alone, and so is the same of many customers.
    pub fn of_count(&self, x: f64) -> f64 {
        let BgNbd { r, alpha, a, b } = *self;
        let rates = lgamma(r + x) - lgamma(r) + r * log(alpha);
        rates + lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
    }

    /// The rest.
    pub fn of_times(&self, customer: &Purchased) -> f64 {
        let Purchased { repeats: x, last, age } = *customer;
        let going_on = -(self.r + x) * log(self.alpha + age);
        if x <= 0.0 {
            return going_on;
        }
        let had_enough = log(self.a) - log(self.b + x - 1.0) - (self.r + x) * log(self.alpha + last);
        let larger = going_on.max(had_enough);
        larger + log1p(exp(going_on.min(had_enough) - larger))
    }
}

impl GammaGamma {
    /// The logarithm of the likelihood of a customer who spent `mean` in the mean of `count` times, both above
    /// 0. It depends on the currency.
    ///
    /// Source: Fader and Hardie (2013), equation 1a.
    ///
    /// ```
    /// # use tailorbird::profile::lifetime_value::GammaGamma;
    /// let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
    /// assert!(model.log_likelihood(2.0, 30.0) > model.log_likelihood(2.0, 300.0));
    /// ```
    pub fn log_likelihood(&self, count: f64, mean: f64) -> f64 {
        self.of_count(count) + self.of_mean(count, mean)
    }

    /// The part of it that depends on the number of purchases alone.
    pub fn of_count(&self, count: f64) -> f64 {
        let all = self.p * count;
        lgamma(all + self.q) - lgamma(all) - lgamma(self.q) + self.q * log(self.v) + all * log(count)
    }

    /// The rest.
    pub fn of_mean(&self, count: f64, mean: f64) -> f64 {
        let all = self.p * count;
        (all - 1.0) * log(mean) - (all + self.q) * log(self.v + count * mean)
    }
}
