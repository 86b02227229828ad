//! How many customers are expected to have bought how often, beside how many did: whether BG/NBD fits at a glance.

use libm::{exp, lgamma, log};
use tailorbird::profile::lifetime_value::BgNbd;

use super::customers::Customers;

/// From this many on they are counted together.
pub const MOST: u32 = 7;

/// Customers who bought again so many times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Purchases {
    /// How many times, [`MOST`] or more being [`MOST`].
    pub times: u32,
    /// How many did.
    pub observed: u64,
    /// How many are expected to have, of customers as old as these.
    pub expected: f64,
}

/// From no further purchase to [`MOST`] or more.
pub fn purchases(customers: &Customers, model: &BgNbd) -> Vec<Purchases> {
    // Many customers are as old as each other.
    let mut ages: Vec<(f64, f64)> = customers.all.iter().map(|known| (known.summary.age, known.weight())).collect();
    ages.sort_by(|one, other| one.0.total_cmp(&other.0));
    let ages: Vec<(f64, f64)> = ages
        .chunk_by(|one, other| one.0 == other.0)
        .filter_map(|same| Some((same.first()?.0, same.iter().map(|(_, weight)| weight).sum())))
        .collect();
    let mut all: Vec<Purchases> = (0..=MOST).map(|times| Purchases { times, observed: 0, expected: 0.0 }).collect();
    for (age, weight) in ages {
        let mut rest = 1.0;
        for entry in &mut all {
            let probability = if entry.times < MOST { probability(model, entry.times, age).min(rest) } else { rest };
            entry.expected += weight * probability;
            rest -= probability;
        }
    }
    for known in &customers.all {
        let entry = all.iter_mut().rev().find(|entry| f64::from(entry.times) <= known.summary.frequency);
        if let Some(entry) = entry {
            entry.observed = entry.observed.saturating_add(known.count);
        }
    }
    all
}

/// The probability that a customer has bought again `times` times within `age` of the first purchase; in `[0, 1]`.
///
/// Source: Fader, Hardie and Lee (2005), equation 8, in logarithms.
fn probability(model: &BgNbd, times: u32, age: f64) -> f64 {
    let BgNbd { r, alpha, a, b } = *model;
    let x = f64::from(times);
    let log_beta = |one: f64, other: f64| lgamma(one) + lgamma(other) - lgamma(one + other);
    // Purchases of who does not become inactive: negative binomial.
    let purchases = |count: f64| {
        let shared = lgamma(r + count) - lgamma(r) - lgamma(count + 1.0) + r * (log(alpha) - log(alpha + age));
        if count > 0.0 { exp(shared + count * (log(age) - log(alpha + age))) } else { exp(shared) }
    };
    let active = exp(log_beta(a, b + x) - log_beta(a, b)) * purchases(x);
    if times == 0 {
        return active;
    }
    let fewer: f64 = (0..times).map(|count| purchases(f64::from(count))).sum();
    active + exp(log_beta(a + 1.0, b + x - 1.0) - log_beta(a, b)) * (1.0 - fewer).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::customers::CountedCustomers;
    use tailorbird::profile::lifetime_value::CustomerSummary;

    const MODEL: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    #[test]
    fn probabilities_sum_to_one_and_their_mean_is_the_expected_number() {
        for age in [0.5, 8.0, 39.0] {
            let all: Vec<f64> = (0..300).map(|times| probability(&MODEL, times, age)).collect();
            let sum: f64 = all.iter().sum();
            assert!((sum - 1.0).abs() < 1e-6, "{age}: {sum}");
            let mean: f64 = all.iter().zip(0..).map(|(own, times)| own * f64::from(times)).sum();
            // Equation 9 of the paper, which is computed another way: of a new customer.
            let expected = MODEL.expected_purchases(&CustomerSummary::default(), age);
            assert!((mean - expected).abs() < 1e-6, "{age}: {mean}, expected {expected}");
        }
    }

    #[test]
    fn of_all_customers_as_many_are_expected_as_there_are() {
        let row = |further_days, age_days, count| CountedCustomers {
            further_days,
            recency_days: further_days,
            age_days,
            further_spent: 100,
            count,
        };
        let customers = Customers::counted(&[row(0, 9, 5), row(7, 30, 2), row(12, 30, 1), row(0, 0, 4)]).unwrap();
        let found = purchases(&customers, &MODEL);
        let observed: Vec<u64> = found.iter().map(|entry| entry.observed).collect();
        assert_eq!(observed, [9, 0, 0, 0, 0, 0, 0, 3]);
        let expected: f64 = found.iter().map(|entry| entry.expected).sum();
        assert!((expected - 12.0).abs() < 1e-9, "{expected}");
        // Those who bought first on the last day have had no time.
        assert!(found[0].expected > 4.0, "{found:?}");
    }
}
