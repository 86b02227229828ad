//! What a site ships of a variant: what it has learned from all visitors, counted as so few observations that those of
//! one visitor can overrule it.

use super::{Arm, Rate};
use crate::number::logistic;
use crate::reader::Reader;

/// The name of the feature that is 1 in every context.
pub const INTERCEPT: &str = "intercept";
/// The log odds of a goal of which nothing is known: one in ten reaches it. The policy "without a prior" of
/// `tailorbird evaluate bandit` starts from it.
pub const BASE: f64 = -2.2;
/// As how many observations a prior counts at most. With more, a visitor would have to come for months before their own
/// behaviour counts: 20 to 50 observations of theirs are to overrule it.
pub const STRENGTH: f64 = 30.0;
/// The least precision of a weight: the deviation is 2.2, and a weight is rarely larger.
pub const LEAST_PRECISION: f64 = 0.2;
/// The largest: one observation adds p (1 - p) x² to a precision, a quarter at most, and a prior counts as
/// [`STRENGTH`] of them.
pub const MOST_PRECISION: f64 = STRENGTH / 4.0;
/// The precision of a weight of which the site says none: that of a standard normal distribution.
const PRECISION: f64 = 1.0;
/// As how many observations a beta distribution counts at least: those of the one in which all rates are as likely.
const LEAST_STRENGTH: f64 = 2.0;

/// What a site has learned of a variant. Without one nothing is known.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Prior {
    /// Weights by the name of the feature, -20 to 20.
    weights: Vec<(String, f64)>,
    /// Their precisions after all observations, 0 to a billion.
    precisions: Vec<(String, f64)>,
    /// From how many observations all of this was learned, 0 to a billion.
    observations: f64,
}

/// A precision that so many observations have led to, counted as [`STRENGTH`] of them at most.
pub fn capped(precision: f64, observations: f64) -> f64 {
    (precision * (STRENGTH / observations.max(STRENGTH))).clamp(LEAST_PRECISION, MOST_PRECISION)
}

/// Whether a feature may have this name.
pub fn is_feature(name: &str) -> bool {
    name.len() <= 40
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl Prior {
    /// Reads it.
    pub fn read(at: &Reader<'_>) -> Option<Prior> {
        let keys = at.keys(&["weights", "precisions", "observations"]);
        let weights = read_numbers(&at.field("weights"), -20.0, 20.0);
        let precisions = read_numbers(&at.field("precisions"), 0.0, 1e9);
        let observations = at.field("observations").number(0.0..=1e9);
        keys?;
        Some(Prior { weights: weights?, precisions: precisions?, observations: observations? })
    }

    /// From how many observations it was learned.
    pub fn observations(&self) -> f64 {
        self.observations
    }

    /// The names that it has a weight or a precision for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.weights.iter().chain(&self.precisions).map(|(name, _)| name.as_str())
    }

    /// What is known of a variant in a context before anything was learned here, by these names of features: the
    /// intercept is one of them.
    pub fn arm(&self, names: &[&str]) -> Arm {
        let (mut mean, mut precision) = (Vec::new(), Vec::new());
        for name in names {
            let absent = if *name == INTERCEPT { BASE } else { 0.0 };
            mean.push(find(&self.weights, name).unwrap_or(absent));
            let known = find(&self.precisions, name).map(|known| capped(known, self.observations));
            precision.push(known.unwrap_or(PRECISION));
        }
        Arm { mean, precision }
    }

    /// The same where there is no context: the rate that the intercept stands for, as [`STRENGTH`] observations at
    /// most.
    pub fn rate(&self) -> Rate {
        let Some(intercept) = find(&self.weights, INTERCEPT) else { return Rate { hits: 1.0, misses: 1.0 } };
        let (share, strength) = (logistic(intercept), self.observations.clamp(LEAST_STRENGTH, STRENGTH));
        Rate { hits: share * strength, misses: (1.0 - share) * strength }
    }
}

fn find(numbers: &[(String, f64)], name: &str) -> Option<f64> {
    numbers.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
}

/// Numbers by the names of features.
fn read_numbers(at: &Reader<'_>, least: f64, most: f64) -> Option<Vec<(String, f64)>> {
    if at.is_missing() {
        return Some(Vec::new());
    }
    let (mut numbers, mut sound) = (Vec::new(), true);
    for (name, _) in at.object()?.iter() {
        let below = at.field(name);
        let number = if is_feature(name) {
            below.number(least..=most)
        } else {
            below.problem("unknown", Some("intercept or the name of a feature"));
            None
        };
        sound &= number.is_some();
        numbers.extend(number.map(|number| (name.to_owned(), number)));
    }
    sound.then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::bandit::BanditRules;
    use crate::reader;
    use proptest::prelude::*;

    fn prior(json: &str) -> Prior {
        reader::read(&serde_json::from_str(json).unwrap(), Prior::read).unwrap().unwrap()
    }

    #[test]
    fn a_prior_counts_as_thirty_observations_at_most() {
        for (precision, observations, expected, why) in [
            (250.0, 2_500.0, 3.0, "those of 2,500 as those of 30"),
            (3.0, 30.0, 3.0, "as they are"),
            (3.0, 0.0, 3.0, "as they are, where the site does not say of how many"),
            (1e9, 0.0, 7.5, "30 observations say no more than a quarter each"),
            (0.0, 100.0, 0.2, "a weight is rarely larger than 2.2"),
        ] {
            assert!((capped(precision, observations) - expected).abs() < 1e-12, "{why}");
        }
    }

    #[test]
    fn what_a_prior_does_not_say_is_not_known() {
        let prior =
            prior(r#"{"weights": {"intercept": -3, "phone": 0.5}, "precisions": {"phone": 50}, "observations": 100}"#);
        let arm = prior.arm(&[INTERCEPT, "returning", "phone"]);
        assert_eq!((arm.mean, arm.precision), (vec![-3.0, 0.0, 0.5], vec![1.0, 1.0, 7.5]));
        let unknown = Prior::default();
        assert_eq!(unknown.arm(&[INTERCEPT]).mean, [BASE]);
        assert_eq!(unknown.rate(), Rate { hits: 1.0, misses: 1.0 }, "all rates are as likely");
    }

    #[test]
    fn without_context_the_intercept_says_how_often_the_goal_is_reached() {
        let rate = |observations: u32| {
            prior(&format!(r#"{{"weights": {{"intercept": 0}}, "observations": {observations}}}"#)).rate()
        };
        assert_eq!(rate(10), Rate { hits: 5.0, misses: 5.0 });
        assert_eq!(rate(10_000), Rate { hits: 15.0, misses: 15.0 });
        assert_eq!(rate(0), Rate { hits: 1.0, misses: 1.0 });
    }

    proptest! {
        /// However sure the site is, a visitor to whom only the other variant appeals is believed.
        #[test]
        fn fifty_observations_overrule_any_prior(precision in 0.0..1e9_f64, observations in 0.0..1e9_f64) {
            let precision = capped(precision, observations);
            let prior = |log_odds: f64| Arm { mean: vec![log_odds], precision: vec![precision] };
            // The site says that one works in 3 of 10 visits and the other in 1 of 10; here it is the other way round.
            let (mut better, mut worse) = (prior(-0.85), prior(-2.2));
            for visit in 0..50 {
                let (first, second) = (prior(-0.85), prior(-2.2));
                better.learn(&[1.0], f64::from(u8::from(visit % 10 == 0)), &first, BanditRules::default());
                worse.learn(&[1.0], f64::from(u8::from(visit % 10 < 3)), &second, BanditRules::default());
            }
            prop_assert!(worse.mean > better.mean, "{worse:?} {better:?}");
        }
    }
}
