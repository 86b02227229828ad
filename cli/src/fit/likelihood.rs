//! How well parameters explain what customers did, which a fit maximizes.

use libm::{exp, lgamma, log, log1p};
use tailorbird::profile::lifetime_value::{BgNbd, CustomerSummary, GammaGamma};

/// The log-likelihood of when one customer bought. It depends on the unit of time.
///
/// Source: Fader, Hardie and Lee (2005), equation 6, in logarithms throughout.
pub fn bgnbd(model: &BgNbd, customer: &CustomerSummary) -> f64 {
    bgnbd_of_frequency(model, customer.frequency) + bgnbd_of_times(model, customer)
}

/// The term that depends only on the number of purchases, and so is the same for many customers.
pub fn bgnbd_of_frequency(model: &BgNbd, x: f64) -> f64 {
    let BgNbd { r, alpha, a, b } = *model;
    let rates = lgamma(r + x) - lgamma(r) + r * log(alpha);
    rates + lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
}

/// The remaining terms.
pub fn bgnbd_of_times(model: &BgNbd, customer: &CustomerSummary) -> f64 {
    let BgNbd { r, alpha, a, b } = *model;
    let CustomerSummary { frequency: x, recency, age } = *customer;
    let still_alive = -(r + x) * log(alpha + age);
    if x <= 0.0 {
        return still_alive;
    }
    let inactive = log(a) - log(b + x - 1.0) - (r + x) * log(alpha + recency);
    let larger = still_alive.max(inactive);
    larger + log1p(exp(still_alive.min(inactive) - larger))
}

/// The log-likelihood of a customer who spent `mean` on average in `count` purchases, both above 0. It depends on
/// the currency.
///
/// Source: Fader and Hardie (2013), equation 1a.
pub fn gamma_gamma(model: &GammaGamma, count: f64, mean: f64) -> f64 {
    gamma_gamma_of_count(model, count) + gamma_gamma_of_mean(model, count, mean)
}

/// The term that depends only on the number of purchases.
pub fn gamma_gamma_of_count(model: &GammaGamma, count: f64) -> f64 {
    let GammaGamma { p, q, v } = *model;
    let shape = p * count;
    lgamma(shape + q) - lgamma(shape) - lgamma(q) + q * log(v) + shape * log(count)
}

/// The remaining terms.
pub fn gamma_gamma_of_mean(model: &GammaGamma, count: f64, mean: f64) -> f64 {
    let GammaGamma { p, q, v } = *model;
    let shape = p * count;
    (shape - 1.0) * log(mean) - (shape + q) * log(v + count * mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn purchases_are_as_likely_as_computed_to_eighty_digits() {
        let figures: Value = serde_json::from_str(include_str!("../../../tests/lifetime_value/figures.json")).unwrap();
        let number = |of: &Value, name: &str| of[name].as_f64().unwrap();
        let mut compared = 0;
        for case in figures["customers"].as_array().unwrap() {
            let Some(expected) = case["log_likelihood"].as_f64() else { continue };
            let of = if case["bgnbd"].is_object() { &case["bgnbd"] } else { &figures["bgnbd"] };
            let [r, alpha, a, b] = ["r", "alpha", "a", "b"].map(|name| number(of, name));
            let [frequency, recency, age] = ["x", "t_x", "T"].map(|name| number(case, name));
            let found = bgnbd(&BgNbd { r, alpha, a, b }, &CustomerSummary { frequency, recency, age });
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3),
                "{found}, expected {expected} of {case}"
            );
            compared += 1;
        }
        assert!(compared >= 10, "{compared} figures");
    }

    #[test]
    fn spending_near_the_mean_is_likelier_than_ten_times_it() {
        let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
        assert!(gamma_gamma(&model, 2.0, 30.0) > gamma_gamma(&model, 2.0, 300.0));
    }
}
