//! What another policy would have got, estimated from the log of one that was used (off-policy evaluation).
//!
//! Each logged decision comes with the probability of its choice under the policy that made it, the *propensity*. A
//! choice that the other policy makes twice as often counts twice: the *weight* is its probability under the other
//! policy over the propensity. Four estimators of the other policy's mean reward:
//!
//! | | | right if |
//! |---|---|---|
//! | IPS | mean of weight × reward | propensities are right, and above 0 wherever the other policy chooses |
//! | SNIPS | the same over the mean weight | as IPS; biased a little, and of less variance |
//! | DM | mean reward that a model expects of the other policy | the model is right |
//! | DR | DM + mean of weight × (reward − model) | either is right |
//!
//! Sources: Horvitz and Thompson (1952) for IPS; Swaminathan and Joachims (2015), "The self-normalized estimator for
//! counterfactual learning", equation 8; Dudík, Langford and Li (2011), "Doubly robust policy evaluation and learning",
//! equation 1. Weights are clipped: Ionides (2008), "Truncated importance sampling".
//!
//! Intervals hold 95 % by the percentile bootstrap (Efron 1979) over visitors, as decisions of one visitor are not
//! independent. They tell the spread of what was logged, not the bias: neither that of clipping nor that of a wrong
//! model, and an interval of DM is too narrow for that reason.

use std::collections::BTreeMap;

use super::lift::Interval;
use crate::chance::Chance;

/// Below this effective sample size an estimate says little. A convention: of 200 decisions with a rate of 5 %, the rate
/// is known to ± 3 %.
pub const LEAST_EFFECTIVE_SAMPLE: f64 = 200.0;
/// With fewer rewards than this an estimate says little as well, however many decisions there are. A convention: below it
/// a rate is not told by a normal distribution, and intervals are too narrow.
pub const LEAST_EFFECTIVE_REWARDS: f64 = 10.0;
/// What is left out at either end of the bootstrap's distribution.
const TAIL: f64 = 0.025;
/// A mean weight this close to 1 is 1 but for rounding.
const ROUNDING: f64 = 1e-6;

/// One decision of a log, and how another policy would have made it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logged {
    visitor: u32,
    reward: f64,
    ratio: f64,
    modelled: f64,
    expected: f64,
}

impl Logged {
    /// A decision about `visitor`, any number that is theirs alone. The `reward` is what came of it, 1 or 0 or an
    /// amount; `propensity` the probability with which the policy of the log made this choice, in `(0, 1]`; `evaluated`
    /// that of the same choice under the other policy, in `[0, 1]`.
    ///
    /// `None` outside of these ranges.
    pub fn new(visitor: u32, reward: f64, propensity: f64, evaluated: f64) -> Option<Logged> {
        let is_right = propensity > 0.0 && propensity <= 1.0 && (0.0..=1.0).contains(&evaluated);
        let ratio = evaluated / propensity;
        (is_right && reward.is_finite() && ratio.is_finite()).then_some(Logged {
            visitor,
            reward,
            ratio,
            modelled: 0.0,
            expected: 0.0,
        })
    }

    /// The same with what a model expects: `modelled` of the choice that was made, `expected` of the other policy, the
    /// mean over its choices. Both 0 without a model, which makes DR the same as IPS.
    ///
    /// `None` unless both are finite.
    #[must_use]
    pub fn with_model(self, modelled: f64, expected: f64) -> Option<Logged> {
        (modelled.is_finite() && expected.is_finite()).then_some(Logged { modelled, expected, ..self })
    }
}

/// How estimates are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The largest weight: one above counts as this. At least 1, so that a policy that is the log's is not clipped.
    pub max_weight: f64,
    /// How many times visitors are drawn anew for an interval.
    pub draws: u32,
    /// The seed of these draws.
    pub seed: u64,
}

impl Default for Settings {
    /// Conventions: a choice that was logged with a propensity of 0.01 is still counted in full, and 1,000 draws have 25
    /// beyond either end of an interval.
    fn default() -> Settings {
        Settings { max_weight: 100.0, draws: 1_000, seed: 0 }
    }
}

/// A number that was estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// What holds the true value in 95 of 100 logs; `None` of a single visitor.
    pub interval: Option<Interval>,
}

/// What is estimated of another policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimates {
    /// How many decisions there are, at least 1.
    pub decisions: usize,
    /// Of how many visitors, at least 1.
    pub visitors: usize,
    /// The mean reward in the log, of the policy that made it.
    pub logged: Estimate,
    /// By inverse propensity scores.
    pub ips: Estimate,
    /// By the same, normalized; `None` where all weights are 0: the log never shows what the other policy chooses.
    pub snips: Option<Estimate>,
    /// By the direct method: the model alone.
    pub dm: Estimate,
    /// Doubly robust.
    pub dr: Estimate,
    /// The mean weight; 1 but for chance, if the log shows all that the other policy chooses.
    pub mean_weight: Estimate,
    /// The effective sample size, (Σw)² / Σw², from 0 to the number of decisions: as many decisions of the other policy
    /// itself would tell as much. Source: Kong (1992), "A note on importance sampling using standardized weights".
    pub effective_sample: f64,
    /// The same of the weighted rewards, (Σ|wr|)² / Σ(wr)²: how many rewards the estimate rests on.
    pub effective_rewards: f64,
    /// How many weights were clipped.
    pub clipped: usize,
}

impl Estimates {
    /// Estimates what another policy would have got; `None` without decisions, where a sum is not finite, and where
    /// `settings.max_weight` is below 1.
    pub fn of(decisions: &[Logged], settings: Settings) -> Option<Estimates> {
        if decisions.is_empty() || settings.max_weight.is_nan() || settings.max_weight < 1.0 {
            return None;
        }
        let mut by_visitor: BTreeMap<u32, Sums> = BTreeMap::new();
        for decision in decisions {
            by_visitor.entry(decision.visitor).or_default().add(&Sums::of(decision, settings));
        }
        let visitors: Vec<Sums> = by_visitor.into_values().collect();
        let all = Sums::total(visitors.iter());
        let resampled = resampled(&visitors, settings);
        let estimate = |estimator: fn(&Sums) -> Option<f64>| {
            let value = estimator(&all).filter(|value| value.is_finite())?;
            let draws = resampled.iter().filter_map(estimator).collect();
            Some(Estimate { value, interval: percentiles(draws) })
        };
        Some(Estimates {
            decisions: decisions.len(),
            visitors: visitors.len(),
            logged: estimate(|sums| Some(sums.reward / sums.decisions))?,
            ips: estimate(Sums::ips)?,
            snips: estimate(|sums| (sums.weight > 0.0).then(|| sums.weighted / sums.weight)),
            dm: estimate(Sums::dm)?,
            dr: estimate(|sums| Some(sums.dm()? + sums.corrected / sums.decisions))?,
            mean_weight: estimate(|sums| Some(sums.weight / sums.decisions))?,
            effective_sample: effective(all.weight, all.weight_squares),
            effective_rewards: effective(all.absolute, all.absolute_squares),
            clipped: decisions.iter().filter(|decision| decision.ratio > settings.max_weight).count(),
        })
    }

    /// Whether too little of the log is like the other policy: fewer effective decisions than
    /// [`LEAST_EFFECTIVE_SAMPLE`], or fewer effective rewards than [`LEAST_EFFECTIVE_REWARDS`].
    pub fn says_little(&self) -> bool {
        self.effective_sample < LEAST_EFFECTIVE_SAMPLE || self.effective_rewards < LEAST_EFFECTIVE_REWARDS
    }

    /// Whether the log cannot tell of all that the other policy chooses, or its propensities are wrong: weights average 1
    /// otherwise. Clipping makes them smaller as well.
    pub fn is_unsupported(&self) -> bool {
        let one = |interval: Interval| interval.lower - ROUNDING <= 1.0 && 1.0 <= interval.upper + ROUNDING;
        !self.mean_weight.interval.is_none_or(one)
    }
}

/// What all estimators are made of, summed over decisions.
#[derive(Clone, Copy, Default)]
struct Sums {
    decisions: f64,
    reward: f64,
    weight: f64,
    weight_squares: f64,
    /// Of weight × reward.
    weighted: f64,
    /// Of weight × reward without its sign.
    absolute: f64,
    absolute_squares: f64,
    expected: f64,
    /// Of weight × (reward − model).
    corrected: f64,
}

impl Sums {
    fn of(decision: &Logged, settings: Settings) -> Sums {
        let weight = decision.ratio.min(settings.max_weight);
        let weighted = weight * decision.reward;
        Sums {
            decisions: 1.0,
            reward: decision.reward,
            weight,
            weight_squares: weight * weight,
            weighted,
            absolute: weighted.abs(),
            absolute_squares: weighted * weighted,
            expected: decision.expected,
            corrected: weight * (decision.reward - decision.modelled),
        }
    }

    fn add(&mut self, other: &Sums) {
        self.decisions += other.decisions;
        self.reward += other.reward;
        self.weight += other.weight;
        self.weight_squares += other.weight_squares;
        self.weighted += other.weighted;
        self.absolute += other.absolute;
        self.absolute_squares += other.absolute_squares;
        self.expected += other.expected;
        self.corrected += other.corrected;
    }

    fn total<'s>(parts: impl Iterator<Item = &'s Sums>) -> Sums {
        let mut total = Sums::default();
        parts.for_each(|part| total.add(part));
        total
    }

    fn ips(&self) -> Option<f64> {
        Some(self.weighted / self.decisions)
    }

    fn dm(&self) -> Option<f64> {
        Some(self.expected / self.decisions)
    }
}

/// (Σx)² / Σx² of numbers that are at least 0: how many equal ones would vary as much; 0 where all are 0, and where the
/// squares are not finite.
fn effective(sum: f64, squares: f64) -> f64 {
    let count = sum * sum / squares;
    if count.is_finite() { count } else { 0.0 }
}

/// The sums of as many visitors, drawn with replacement, again and again; none of a single visitor.
fn resampled(visitors: &[Sums], settings: Settings) -> Vec<Sums> {
    if visitors.len() < 2 {
        return Vec::new();
    }
    let draw = |number| {
        let mut chance = Chance::of(settings.seed, number);
        Sums::total((0..visitors.len()).filter_map(|_| visitors.get(chance.below(visitors.len()))))
    };
    (0..settings.draws).map(draw).collect()
}

/// The interval from the lower to the upper percentile, by linear interpolation; `None` of no draws.
fn percentiles(mut draws: Vec<f64>) -> Option<Interval> {
    draws.sort_by(f64::total_cmp);
    Some(Interval { lower: quantile(&draws, TAIL)?, upper: quantile(&draws, 1.0 - TAIL)? })
}

/// Source: Hyndman and Fan (1996), "Sample quantiles in statistical packages", definition 7.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of draws")]
#[allow(clippy::cast_precision_loss, reason = "counts of draws are far below 2^53")]
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let (below, part) = (place.floor(), place - place.floor());
    let lower = *sorted.get(below as usize)?;
    let upper = sorted.get(below as usize + 1).copied().unwrap_or(lower);
    Some(lower + part * (upper - lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_the_draws_around_it() {
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (share, expected) in [(0.0, 1.0), (0.25, 2.0), (0.6, 5.6), (1.0, 16.0)] {
            assert!((quantile(&sorted, share).unwrap() - expected).abs() < 1e-12, "{share}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }
}
