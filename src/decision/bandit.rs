//! A contextual bandit: logistic Thompson sampling. Each variant has a model of its goal; what is chosen is the variant
//! that is best by one draw from what is known of them, so that what is uncertain is tried. What is known, and how it
//! is learned, is part of the profile.
//!
//! Source: Chapelle and Li (2011), "An empirical evaluation of Thompson sampling", algorithm 3 and section 4: a
//! regularized logistic regression whose posterior is approximated by a normal distribution with a diagonal covariance.

pub mod rate_table;
pub mod strategy;
pub mod reason;

use core::ops::RangeInclusive;

use libm::{ceil, erfc, exp, sqrt};

use crate::profile::bandit::{Arm, BanditRules};

/// The place of the arm that is best by one draw for each, of which `normal` gives standard normal ones; `None` without
/// arms.
pub fn choose(arms: &[Arm], context: &[f64], rules: BanditRules, mut normal: impl FnMut() -> f64) -> Option<usize> {
    let draw = |arm: &Arm| arm.log_odds(context) + rules.spread * arm.deviation(context) * normal();
    let draws = arms.iter().map(draw).enumerate();
    // Of equals the first.
    draws.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(place, _)| place)
}

/// In how many steps the range of a draw is divided at least, and at most, to integrate over it.
const STEPS: RangeInclusive<f64> = 64.0..=2_048.0;
/// How many standard deviations of a draw are integrated over, to either side: what lies beyond is below 1e-9.
const RANGE: f64 = 6.0;

/// The probability with which [`choose`] takes the arm at `place`: that its draw is larger than all others'.
///
/// With independent normal draws that is the integral over its own draw of the probability that each other one is
/// below; taken by the trapezoid rule. A product of bells and their integrals has a spectrum as wide as that of a
/// single bell of the deviation `sharpest` below. With steps no wider than that, what the rule misses is of the order
/// of exp(-2π²), 3e-9.
pub fn propensity(arms: &[Arm], place: usize, context: &[f64], rules: BanditRules) -> f64 {
    let draws: Vec<(f64, f64)> =
        arms.iter().map(|arm| (arm.log_odds(context), rules.spread * arm.deviation(context))).collect();
    let Some((mean, deviation)) = draws.get(place) else { return 0.0 };
    let others = || draws.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, draw)| draw);
    let is_best =
        |at: f64| others().fold(1.0, |product, (mean, deviation)| product * normal_below(at, *mean, *deviation));
    if *deviation <= 0.0 {
        return is_best(*mean);
    }
    let sharpest = 1.0 / sqrt(draws.iter().fold(0.0, |sum, (_, deviation)| sum + 1.0 / (deviation * deviation)));
    let steps = ceil(2.0 * RANGE * deviation / sharpest).max(*STEPS.start()).min(*STEPS.end());
    let width = 2.0 * RANGE / steps;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the range of steps")]
    let steps = steps as u32;
    let (mut sum, mut weights) = (0.0, 0.0);
    for step in 0..=steps {
        let distance = f64::from(step) * width - RANGE;
        let weight = exp(-distance * distance / 2.0);
        sum += weight * is_best(mean + distance * deviation);
        weights += weight;
    }
    sum / weights
}

/// The probability that a normal draw is below `at`.
fn normal_below(at: f64, mean: f64, deviation: f64) -> f64 {
    let distance = at - mean;
    if deviation <= 0.0 {
        return if distance > 0.0 {
            1.0
        } else if distance < 0.0 {
            0.0
        } else {
            0.5
        };
    }
    erfc(-distance / (deviation * core::f64::consts::SQRT_2)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;
    use proptest::prelude::*;

    fn arm(mean: &[f64], precision: &[f64]) -> Arm {
        Arm { mean: mean.to_vec(), precision: precision.to_vec() }
    }

    #[test]
    fn a_single_arm_and_certain_arms_are_chosen_for_sure() {
        let rules = BanditRules::default();
        let one = [arm(&[-1.0], &[1.0])];
        assert_eq!((choose(&one, &[1.0], rules, || 0.5), propensity(&one, 0, &[1.0], rules)), (Some(0), 1.0));
        let certain = [arm(&[-1.0], &[1e18]), arm(&[1.0], &[1e18])];
        assert_eq!(choose(&certain, &[1.0], rules, || 0.5), Some(1));
        assert!(propensity(&certain, 1, &[1.0], rules) > 1.0 - 1e-12);
        let alike = [arm(&[1.0], &[1.0]), arm(&[1.0], &[1.0])];
        assert_eq!(choose(&alike, &[0.0], rules, || 0.5), Some(0), "of equals the first");
        assert_eq!(choose(&[], &[1.0], rules, || 0.5), None);
        assert_eq!(propensity(&alike, 2, &[1.0], rules), 0.0, "there is no third");
    }

    #[test]
    fn a_propensity_is_how_often_the_arm_is_chosen() {
        let arms = [arm(&[-2.2, 0.4], &[3.0, 1.0]), arm(&[-2.0, 0.0], &[8.0, 2.0]), arm(&[-2.6, 1.0], &[1.0, 1.0])];
        let (context, rules) = ([1.0, 0.5], BanditRules::default());
        let mut chosen = [0.0; 3];
        for visit in 0..40_000_u64 {
            let mut number = 0;
            let normal = || {
                number += 1;
                Seed(visit).normal(&format!("draw {number}"))
            };
            chosen[choose(&arms, &context, rules, normal).unwrap()] += 1.0 / 40_000.0;
        }
        for (place, share) in chosen.iter().enumerate() {
            let expected = propensity(&arms, place, &context, rules);
            // Four standard errors.
            assert!((share - expected).abs() < 0.01, "{place}: {share} of {expected}");
        }
    }

    proptest! {
        #[test]
        fn propensities_are_a_distribution(
            arms in prop::collection::vec((-4.0..2.0_f64, 0.5..200.0_f64, -2.0..2.0_f64, 0.5..200.0_f64), 1..12),
            feature in -1.0..1.0_f64,
        ) {
            let arms: Vec<Arm> = arms.iter().map(|(a, p, b, q)| arm(&[*a, *b], &[*p, *q])).collect();
            let (context, rules) = ([1.0, feature], BanditRules::default());
            let shares: Vec<f64> =
                (0..arms.len()).map(|place| propensity(&arms, place, &context, rules)).collect();
            prop_assert!(shares.iter().all(|share| (0.0..=1.0 + 1e-9).contains(share)), "{shares:?}");
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{shares:?}");
        }
    }
}
