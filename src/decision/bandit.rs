//! A contextual bandit: logistic Thompson sampling. Each variant has a model of its goal; what is chosen is the variant
//! that is best by one draw from what is known of them, so that what is uncertain is tried.
//!
//! Source: Chapelle and Li (2011), "An empirical evaluation of Thompson sampling", algorithm 3 and section 4: a
//! regularized logistic regression whose posterior is approximated by a normal distribution with a diagonal covariance.

use libm::{erfc, exp, sqrt};

use crate::number::logistic;

/// What is known of how one variant works in a context: a normal distribution for each weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// The weights: log odds of the goal for each unit of a feature.
    pub mean: Vec<f64>,
    /// One over the variance of each weight, above 0.
    pub precision: Vec<f64>,
}

/// How choices are made and learned from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BanditRules {
    /// How far draws spread, as a share of the uncertainty, 0 to 1: with less, what is known is used more and what is
    /// not is tried less.
    pub spread: f64,
    /// How much of what was learned stays with each reward, 0 to 1; the rest goes back to the prior.
    pub memory: f64,
}

impl Default for BanditRules {
    /// Chosen by the 40 worlds of `tailorbird evaluate bandit --first-seed 101 --seeds 40`, for little regret with and
    /// without drift: 0.2 to 0.6 and 0.99 to 0.998 were compared.
    fn default() -> BanditRules {
        BanditRules { spread: 0.3, memory: 0.992 }
    }
}

impl Arm {
    /// The log odds of the goal.
    pub fn log_odds(&self, context: &[f64]) -> f64 {
        self.mean.iter().zip(context).fold(0.0, |sum, (weight, feature)| sum + weight * feature)
    }

    /// The standard deviation of the log odds.
    pub fn deviation(&self, context: &[f64]) -> f64 {
        let squares = self.precision.iter().zip(context);
        sqrt(squares.fold(0.0, |sum, (precision, feature)| sum + feature * feature / precision))
    }

    /// Learns from a reward in `[0, 1]`: one step of Newton's method for each weight on its own. What was learned
    /// before fades towards the prior.
    pub fn learn(&mut self, context: &[f64], reward: f64, prior: &Arm, rules: BanditRules) {
        let probability = logistic(self.log_odds(context));
        let weights = self.mean.iter_mut().zip(&mut self.precision).zip(&prior.precision).zip(context);
        for (((mean, precision), prior), feature) in weights {
            *precision = rules.memory * *precision + (1.0 - rules.memory) * prior;
            *precision += probability * (1.0 - probability) * feature * feature;
            *mean += (reward - probability) * feature / *precision;
        }
    }
}

/// The place of the arm that is best by one draw for each, of which `normal` gives standard normal ones; `None` without
/// arms.
pub fn choose(arms: &[Arm], context: &[f64], rules: BanditRules, mut normal: impl FnMut() -> f64) -> Option<usize> {
    let draw = |arm: &Arm| arm.log_odds(context) + rules.spread * arm.deviation(context) * normal();
    let draws = arms.iter().map(draw).enumerate();
    // Of equals the first.
    draws.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(place, _)| place)
}

/// In how many steps the range of a draw is divided to integrate over it.
const STEPS: u32 = 64;
/// How many standard deviations of a draw are integrated over, to either side: what lies beyond is below 1e-9.
const RANGE: f64 = 6.0;

/// The probability with which [`choose`] takes the arm at `place`: that its draw is larger than all others'.
///
/// With independent normal draws that is the integral over its own draw of the probability that each other one is
/// below; taken by the trapezoid rule, whose error for such a bell is below 1e-9.
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
    let width = 2.0 * RANGE / f64::from(STEPS);
    let (mut sum, mut weights) = (0.0, 0.0);
    for step in 0..=STEPS {
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
    fn a_reward_moves_the_weights_of_the_features_that_were_there() {
        let prior = arm(&[-2.2, 0.0, 0.5], &[1.0, 1.0, 1.0]);
        let mut learned = prior.clone();
        let context = [1.0, 1.0, 0.0];
        let expected = logistic(learned.log_odds(&context));
        learned.learn(&context, 1.0, &prior, BanditRules { spread: 0.3, memory: 1.0 });
        assert!(logistic(learned.log_odds(&context)) > expected);
        assert_eq!((learned.mean[2], learned.precision[2]), (0.5, 1.0), "of what was not there nothing is learned");
        // Chapelle and Li (2011), algorithm 3: q + x² p (1 - p), and one step along the gradient.
        let precision = 1.0 + expected * (1.0 - expected);
        assert_eq!(learned.precision[0], precision);
        assert_eq!(learned.mean[1], (1.0 - expected) / precision);
    }

    #[test]
    fn what_was_learned_fades_towards_the_prior() {
        let prior = arm(&[0.0], &[2.0]);
        let mut learned = arm(&[1.0], &[200.0]);
        for _ in 0..2_000 {
            // Without the feature nothing new is learned.
            learned.learn(&[0.0], 0.0, &prior, BanditRules::default());
        }
        assert!((learned.precision[0] - 2.0).abs() < 1e-3, "{learned:?}");
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
            let mut uniform = || {
                number += 1;
                Seed(visit).draw(&format!("draw {number}"))
            };
            // Box and Muller (1958).
            let normal = || sqrt(-2.0 * libm::log(1.0 - uniform())) * libm::cos(core::f64::consts::TAU * uniform());
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
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-3, "{shares:?}");
        }
    }
}
