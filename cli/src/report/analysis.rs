//! What the reports of an experiment say.

use serde_json::Value;
use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;
use tailorbird_cli::statistics::lift::{Difference, Interval};
use tailorbird_cli::statistics::noisy_share::{Noise, Share, detectable};

use super::POWER;
use super::records::{Counts, Group, Groups, VariationCounts};
use crate::ending::Ending;
use crate::prior::prior;

/// With fewer reports of an experiment there is no verdict.
const FEWEST: f64 = 1_000.0;
/// The variations that are taken for the control where nobody says which one is, by key: a name, or the first one.
const CONTROLS: [&str; 2] = ["control", "0"];

/// The analysis of one experiment.
pub struct Analysis {
    /// What it is about.
    pub group: Group,
    /// The first and the last day on which a report was handed out.
    pub days: (String, String),
    /// The control's index among the variations.
    pub control: usize,
    /// All variations, in the order of their keys.
    pub variations: Vec<Variation>,
    /// Whether the reports are split as intended; `None` of one variation.
    pub sample_ratio: Option<SampleRatio>,
    /// All variations but the control.
    pub comparisons: Vec<Comparison>,
    /// How often an interval may miss the truth.
    pub alpha: f64,
}

/// One variation.
pub struct Variation {
    /// Its key.
    pub key: String,
    /// How many reports there are.
    pub reports: f64,
    /// The share of visitors with each outcome.
    pub outcomes: Vec<Share>,
    /// The share of those who reached the goal: who have any outcome but the first.
    pub reached: Share,
}

/// One variation against the control.
pub struct Comparison {
    /// Its index among the variations.
    pub variation: usize,
    /// Of the shares who reached the goal.
    pub difference: Difference,
    /// For one look, at a time fixed beforehand.
    pub interval: Option<Interval>,
    /// The difference as a share of the control's; `None` where that is not above 0.
    pub relative: Option<Difference>,
    /// The difference that so many reports show with probability [`POWER`].
    pub detectable: Option<f64>,
    /// How many reports of each variation it takes to show a difference as large as this one.
    pub needed: Option<f64>,
    /// What may be concluded.
    pub verdict: Verdict,
}

/// What may be concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// More visitors reach the goal than with the control.
    Better,
    /// Fewer do.
    Worse,
    /// Nothing: visitors are not split as intended.
    WrongSplit,
    /// Nothing: there are fewer than a thousand reports.
    TooFew,
    /// Nothing: a difference of this size cannot be told from none with so many reports.
    Undetectable,
}

impl Verdict {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::WrongSplit => "wrong-split",
            Verdict::TooFew => "too-few",
            Verdict::Undetectable => "undetectable",
        }
    }
}

/// Analyses every experiment.
///
/// # Errors
///
/// When no experiment has such a control.
pub fn all(
    groups: &Groups,
    control: Option<&str>,
    weights: &[(String, f64)],
    alpha: f64,
) -> Result<Vec<Analysis>, Ending> {
    let named = |counts: &Counts| control.is_none_or(|control| counts.variations.contains_key(control));
    if let (Some(control), false) = (control, groups.values().any(named)) {
        return Err(Ending::Misuse(format!("--control is {control:?}, expected a variation of the reports")));
    }
    Ok(groups.values().filter_map(|counts| Analysis::of(counts, control, weights, alpha)).collect())
}

impl Analysis {
    /// The analysis of one experiment. A variation has the weight that is given for its key, else 1. `None` where
    /// `alpha` makes no sense.
    pub fn of(counts: &Counts, control: Option<&str>, weights: &[(String, f64)], alpha: f64) -> Option<Analysis> {
        let noise = Noise::of(&counts.group.randomizer);
        let mut variations = Vec::new();
        for (key, counts) in &counts.variations {
            variations.push(Variation::of(key, counts, noise, alpha)?);
        }
        let place = |key: &str| variations.iter().position(|variation| variation.key == key);
        let control = control.into_iter().chain(CONTROLS).find_map(place).unwrap_or(0);
        let weight = |variation: &Variation| {
            weights.iter().find(|(key, _)| *key == variation.key).map_or(1.0, |(_, weight)| *weight)
        };
        let reports: Vec<f64> = variations.iter().map(|variation| variation.reports).collect();
        let weights: Vec<f64> = variations.iter().map(weight).collect();
        let sample_ratio = SampleRatio::test(&reports, &weights);
        let is_split = !sample_ratio.is_some_and(|split| split.is_alarming());
        let others = variations.iter().enumerate().filter(|(index, _)| *index != control);
        let base = variations.get(control)?;
        let comparisons = others.map(|(index, other)| Comparison::of(index, base, other, noise, alpha, is_split));
        let comparisons = comparisons.collect();
        let (group, days) = (counts.group.clone(), counts.days.clone());
        Some(Analysis { group, days, control, variations, sample_ratio, comparisons, alpha })
    }

    /// The key of a variation.
    pub fn key(&self, variation: usize) -> &str {
        self.variations.get(variation).map_or("", |variation| &variation.key)
    }

    /// How many reports there are.
    pub fn reports(&self) -> f64 {
        self.variations.iter().map(|variation| variation.reports).sum()
    }
}

impl Variation {
    fn of(key: &str, counts: &VariationCounts, noise: Noise, alpha: f64) -> Option<Variation> {
        let reports = as_f64(counts.reports);
        let mut outcomes = Vec::new();
        for named in &counts.named {
            outcomes.push(noise.estimate(as_f64(*named), reports, alpha)?);
        }
        let reached = outcomes.first()?.complement();
        Some(Variation { key: key.to_owned(), reports, outcomes, reached })
    }

    /// What a bandit may start from, as the `prior` of a variant: the log odds, and of how many visitors without noise
    /// one would know as much. `None` where the estimate is no rate.
    pub fn prior(&self) -> Option<Value> {
        prior(self.reached.estimate, self.reached.worth()?)
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

impl Comparison {
    fn of(
        variation: usize,
        control: &Variation,
        treatment: &Variation,
        noise: Noise,
        alpha: f64,
        is_split: bool,
    ) -> Comparison {
        let n = control.reports + treatment.reports;
        let difference = control.reached.difference(&treatment.reached, n);
        let detectable = detectable(difference.standard_error, alpha, POWER);
        let verdict = match detectable {
            _ if !is_split => Verdict::WrongSplit,
            _ if n < FEWEST => Verdict::TooFew,
            Some(least) if difference.estimate.abs() >= least && difference.estimate > 0.0 => Verdict::Better,
            Some(least) if difference.estimate.abs() >= least => Verdict::Worse,
            _ => Verdict::Undetectable,
        };
        Comparison {
            variation,
            difference,
            interval: difference.interval(alpha),
            relative: control.reached.relative(&treatment.reached, n),
            detectable,
            needed: noise.responses_needed([control.reached.estimate, treatment.reached.estimate], alpha, POWER),
            verdict,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::measurement::randomizer::Randomizer;

    /// Two variations, each with so many reports and so many that name the second outcome.
    fn analysis(control: (u64, u64), treatment: (u64, u64)) -> Analysis {
        let counts = |(reports, named): (u64, u64)| VariationCounts { reports, named: vec![reports - named, named] };
        let counts = Counts {
            group: Group {
                experiment: "hero-test".into(),
                randomizer: Randomizer::new(2, 2.0).unwrap(),
                outcomes: 2,
                epsilon: 2.0,
            },
            days: (String::new(), String::new()),
            variations: [("a".to_owned(), counts(treatment)), ("control".to_owned(), counts(control))].into(),
        };
        Analysis::of(&counts, None, &[], 0.05).unwrap()
    }

    #[test]
    fn a_verdict_needs_a_difference_that_so_many_reports_can_show() {
        for (control, treatment, expected, why) in [
            ((10_000, 2_000), (10_000, 2_400), Verdict::Better, "4.8 standard errors"),
            ((10_000, 2_400), (10_000, 2_000), Verdict::Worse, "the other way round"),
            ((10_000, 2_000), (10_000, 2_120), Verdict::Undetectable, "2.1 standard errors: significant, no verdict"),
            ((499, 100), (499, 300), Verdict::TooFew, "however large"),
            ((10_000, 2_000), (12_000, 4_000), Verdict::WrongSplit, "whatever it says"),
        ] {
            let analysis = analysis(control, treatment);
            assert_eq!(analysis.key(analysis.control), "control");
            assert_eq!(analysis.comparisons[0].verdict, expected, "{why}");
        }
    }

    #[test]
    fn a_prior_counts_as_the_visitors_that_would_tell_as_much_without_noise() {
        let analysis = analysis((10_000, 2_000), (10_000, 2_400));
        let prior = analysis.variations[0].prior().unwrap();
        // 24 % of responses at a flip of 11.92 %: a rate of 15.86 %, known as well as by 4,244 visitors (Python).
        assert_eq!(prior["weights"]["intercept"], -1.669);
        assert_eq!(prior["observations"], 4_244.0);
        assert_eq!(prior["precisions"]["intercept"], 567.346);
    }
}
