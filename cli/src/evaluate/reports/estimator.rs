//! Simulated experiments: what their reports say, and what is true.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tailorbird::measurement::randomizer::{Randomizer, Response};

use crate::evaluate::chance::{Chance, share_of};
use crate::report::analysis::Analysis;
use crate::report::records::{Counts, Group, VariationCounts};

/// How often an interval may miss the truth.
const ALPHA: f64 = 0.05;
/// By what share of the control's rate the other's is larger.
const LIFT: f64 = 0.2;

/// What is simulated.
pub struct Setting {
    /// Of every report.
    pub epsilon: f64,
    /// The share of visitors who reach the goal with the control.
    pub rate: f64,
    /// How many outcomes there are.
    pub outcomes: u32,
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// How far the mean of all estimates of the control's share is from it, in its standard errors.
    pub bias: f64,
    /// How often the interval of that share held it.
    pub coverage: f64,
    /// How often those of its outcomes did, of all outcomes and runs.
    pub outcome_coverage: f64,
    /// How often that of the difference did.
    pub difference_coverage: f64,
}

impl Setting {
    /// All settings.
    pub fn all() -> Vec<Setting> {
        let mut all = Vec::new();
        for epsilon in [1.0, 2.0, 4.0] {
            for rate in [0.01, 0.03, 0.1, 0.3] {
                for outcomes in [2, 4, 16, 64] {
                    all.push(Setting { epsilon, rate, outcomes });
                }
            }
        }
        all
    }

    /// The share of visitors with an outcome, where this share reaches the goal: the bands share it evenly.
    fn share(&self, outcome: usize, rate: f64) -> f64 {
        if outcome == 0 { 1.0 - rate } else { rate / f64::from(self.outcomes - 1) }
    }

    /// The band in which a draw from `[0, 1)` falls.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 63")]
    fn band(&self, draw: f64) -> u32 {
        1 + (draw * f64::from(self.outcomes - 1)) as u32
    }

    /// Simulates so many experiments, each with so many reports of each of two variations.
    pub fn simulate(&self, runs: u32, reports: u32, seed: u64, advance: &dyn Fn()) -> Found {
        let mut sums = Sums::default();
        if let Some(randomizer) = Randomizer::new(self.outcomes, self.epsilon) {
            for run in 0..runs {
                if let Some(analysis) = self.experiment(randomizer, reports, &mut Chance::of(seed, run)) {
                    sums.add(self, &analysis);
                }
                advance();
            }
        }
        sums.found(f64::from(runs))
    }

    fn experiment(&self, randomizer: Randomizer, reports: u32, chance: &mut Chance) -> Option<Analysis> {
        let mut variations = BTreeMap::new();
        for (key, rate) in [("control", self.rate), ("other", self.rate * (1.0 + LIFT))] {
            let mut counts =
                VariationCounts { reports: reports.into(), named: vec![0; usize::try_from(self.outcomes).ok()?] };
            for _ in 0..reports {
                let mut uniform = || share_of(chance.next());
                let draw = uniform();
                let outcome = if draw < rate { self.band(draw / rate) } else { 0 };
                count(&mut counts, &randomizer.respond(outcome, |_| uniform()));
            }
            variations.insert(key.to_owned(), counts);
        }
        let outcomes = usize::try_from(self.outcomes).ok()?;
        let group = Group { experiment: String::new(), randomizer, outcomes, epsilon: self.epsilon };
        Analysis::of(&Counts { group, days: (String::new(), String::new()), variations }, None, &[], ALPHA)
    }
}

fn count(counts: &mut VariationCounts, response: &Response) {
    let mut name = |outcome: usize| {
        if let Some(count) = counts.named.get_mut(outcome) {
            *count += 1;
        }
    };
    match response {
        Response::Named(outcome) => name(*outcome as usize),
        Response::Bits(bits) => {
            bits.iter().enumerate().filter(|(_, bit)| **bit).for_each(|(outcome, _)| name(outcome));
        }
    }
}

/// Sums over experiments.
#[derive(Default)]
struct Sums {
    /// Of estimates less the truth, and of their squares.
    errors: f64,
    squares: f64,
    held: f64,
    outcomes_held: f64,
    difference_held: f64,
}

impl Sums {
    fn add(&mut self, setting: &Setting, analysis: &Analysis) {
        let (Some(control), Some(comparison)) =
            (analysis.variations.get(analysis.control), analysis.comparisons.first())
        else {
            return;
        };
        let error = control.reached.estimate - setting.rate;
        self.errors += error;
        self.squares += error * error;
        self.held += one_if(control.reached.interval.contains(setting.rate));
        let outcomes = control.outcomes.iter().enumerate();
        let held = outcomes.filter(|(outcome, share)| share.interval.contains(setting.share(*outcome, setting.rate)));
        self.outcomes_held += count_of(held.count()) / f64::from(setting.outcomes);
        let difference = setting.rate * LIFT;
        self.difference_held += one_if(comparison.interval.is_some_and(|interval| interval.contains(difference)));
    }

    fn found(&self, runs: f64) -> Found {
        let mean = self.errors / runs;
        let error = ((self.squares / runs - mean * mean) / runs).sqrt();
        Found {
            bias: if error > 0.0 { mean / error } else { 0.0 },
            coverage: self.held / runs,
            outcome_coverage: self.outcomes_held / runs,
            difference_coverage: self.difference_held / runs,
        }
    }
}

impl Found {
    /// As JSON.
    pub fn json(&self, setting: &Setting) -> Value {
        json!({
            "epsilon": setting.epsilon,
            "rate": setting.rate,
            "outcomes": setting.outcomes,
            "bias": self.bias,
            "coverage": self.coverage,
            "outcome_coverage": self.outcome_coverage,
            "difference_coverage": self.difference_coverage,
        })
    }
}

fn one_if(truth: bool) -> f64 {
    f64::from(u8::from(truth))
}

#[allow(clippy::cast_precision_loss, reason = "there are at most 64 outcomes")]
fn count_of(outcomes: usize) -> f64 {
    outcomes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_unbiased_and_intervals_hold_the_truth_as_often_as_they_say() {
        for (epsilon, rate, outcomes) in [(1.0, 0.1, 2), (2.0, 0.03, 2), (4.0, 0.3, 4), (2.0, 0.1, 16), (1.0, 0.3, 64)]
        {
            let found = Setting { epsilon, rate, outcomes }.simulate(400, 500, 7, &|| {});
            // 400 runs: the standard error of a coverage is 0.011; four of them, as of the bias.
            assert!(found.bias.abs() < 4.0, "{epsilon} {rate} {outcomes}: {found:?}");
            for coverage in [found.coverage, found.difference_coverage] {
                assert!((coverage - 0.95).abs() < 0.044, "{epsilon} {rate} {outcomes}: {found:?}");
            }
            assert!((found.outcome_coverage - 0.95).abs() < 0.03, "{epsilon} {rate} {outcomes}: {found:?}");
        }
    }
}
