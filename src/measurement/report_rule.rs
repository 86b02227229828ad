//! What a site may learn of an experiment from reports: which goal, how it is told, and with how much noise.

use super::randomizer::{MOST_OUTCOMES, Randomizer};
use crate::reader::{Reader, is_event_name};
use crate::time::DAY;

/// The most experiments of which there are reports.
const EXPERIMENTS: usize = 50;
/// The longest key of an experiment, in characters: the ledger keeps it for as long as the profile.
const KEY: usize = 60;
/// The least epsilon: below it hundreds of thousands of reports say nothing.
pub const LEAST_EPSILON: f64 = 0.5;
/// The largest: beyond it one report tells nearly for sure what is true of the visitor.
pub const MOST_EPSILON: f64 = 4.0;
/// The epsilon of a site that says none.
const EPSILON: f64 = 2.0;
/// After how many days an outcome is told, where the site does not say: each day of the week is part of it.
const DAYS: i32 = 7;
/// The most bands of values: with "not reached" and "below all" there are [`MOST_OUTCOMES`].
const BANDS: usize = 62;

/// The reports of one experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportRule {
    /// The experiment's key.
    pub experiment: String,
    /// The name of the event that is its goal.
    pub goal: String,
    /// How much a report may tell of the visitor, 0.5 to 4.
    pub epsilon: f64,
    /// How long after the first exposure the goal counts, and when the report is due, in ms.
    pub window_ms: i64,
    /// Where one band of the goal's value ends and the next begins, ascending. Without any a report tells only whether
    /// the goal was reached.
    pub bands: Vec<f64>,
}

impl ReportRule {
    /// Reads `measure.reports`; an experiment with a problem has no reports.
    pub fn read_all(at: &Reader<'_>) -> Vec<ReportRule> {
        let entries = at.entries();
        if entries.len() > EXPERIMENTS {
            at.problem(format!("{} experiments", entries.len()), Some(&format!("at most {EXPERIMENTS}")));
            return Vec::new();
        }
        entries.iter().filter_map(|(key, _)| ReportRule::read(key, &at.field(key))).collect()
    }

    fn read(experiment: &str, at: &Reader<'_>) -> Option<ReportRule> {
        if !(1..=KEY).contains(&experiment.chars().count()) {
            at.problem("unknown", Some(&format!("the key of an experiment, of at most {KEY} characters")));
            return None;
        }
        let keys = at.keys(&["goal", "epsilon", "days", "bands"]);
        let goal = at.field("goal").text("the name of an event", is_event_name);
        let epsilon = at.number_or("epsilon", EPSILON, LEAST_EPSILON..=MOST_EPSILON);
        // Whole days: a page that cannot store anything begins anew each time, and is never open for so long.
        let days = at.integer_or("days", DAYS, 1..=30);
        let bands = at.field("bands").or(Vec::new(), |at| {
            let bands = at.list(1..=BANDS, |at| at.number(0.0..=1e9))?;
            at.ascending(&bands)?;
            Some(bands)
        });
        keys?;
        Some(ReportRule {
            experiment: experiment.to_owned(),
            goal: goal?.to_owned(),
            epsilon: epsilon?,
            window_ms: i64::from(days?) * DAY,
            bands: bands?,
        })
    }

    /// How many outcomes there are, from 2: not reached, below the first band's end, and so on.
    pub fn outcomes(&self) -> u32 {
        u32::try_from(self.bands.len()).unwrap_or(0).saturating_add(2).min(MOST_OUTCOMES)
    }

    /// The outcome of a visitor who reached the goal with this value, or has not: 0 where not, 1 below the first band's
    /// end, 2 from there on below the second's, and so on.
    pub fn outcome(&self, reached: Option<f64>) -> u32 {
        let Some(value) = reached else { return 0 };
        let passed = self.bands.iter().filter(|end| **end <= value).count();
        u32::try_from(passed).unwrap_or(0).saturating_add(1)
    }

    /// How an outcome is hidden.
    pub fn randomizer(&self) -> Option<Randomizer> {
        Randomizer::new(self.outcomes(), self.epsilon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader;

    #[test]
    fn an_outcome_is_the_band_of_the_value() {
        let rules = r#"{"hero-test": {"goal": "purchase", "bands": [20, 50]}, "also": {"goal": "select_item"}}"#;
        let rules = reader::read(&serde_json::from_str(rules).unwrap(), ReportRule::read_all).unwrap();
        let [banded, plain] = rules.as_slice() else { panic!("{rules:?}") };
        assert_eq!((banded.outcomes(), banded.epsilon, banded.window_ms), (4, 2.0, 7 * DAY));
        for (reached, expected, plainly, why) in [
            (None, 0, 0, "not reached"),
            (Some(0.0), 1, 1, "reached, worth nothing"),
            (Some(19.99), 1, 1, "below the first end"),
            (Some(20.0), 2, 1, "which begins the second band"),
            (Some(1e9), 3, 1, "above all"),
        ] {
            assert_eq!((banded.outcome(reached), plain.outcome(reached)), (expected, plainly), "{why}");
        }
        assert_eq!(plain.outcomes(), 2);
    }
}
