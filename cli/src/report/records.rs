//! Reports as sites have collected them: one JSON object a line, counted by experiment and variation.
//!
//! Whoever can reach a site's collector can send it anything, so a line that is no report costs itself alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tailorbird::measurement::randomizer::{Mechanism, Randomizer};
use tailorbird::measurement::report_rule::{LEAST_EPSILON, MOST_EPSILON};
use tailorbird::measurement::reports::SCHEMA;

use tailorbird_companion::engine::Engine;
use tailorbird_companion::reports::{ReportsError, lines};

use crate::csv_rows::found;
use crate::ending::Ending;
use crate::files::read as read_file;

/// How many lines that are no reports are named; the rest is counted.
const NAMED: usize = 10;
/// The longest key of an experiment or variation, in characters.
const KEY: usize = 100;

/// One report.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What it is about, and how it is hidden.
    pub group: Group,
    /// The key of the variation.
    pub variation: String,
    /// The outcomes that it names.
    pub named: Vec<usize>,
    /// The day on which it was handed out.
    pub day: String,
}

/// Reports that can be counted together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The key of the experiment.
    pub experiment: String,
    /// How outcomes are hidden.
    pub randomizer: Randomizer,
    /// How many outcomes there are.
    pub outcomes: usize,
    /// How well they are hidden.
    pub epsilon: f64,
}

/// The counts of all experiments, in the order of their keys.
pub type Groups = BTreeMap<String, Counts>;

/// The counts of one experiment with one kind of noise.
#[derive(Clone, Debug)]
pub struct Counts {
    /// What they are about.
    pub group: Group,
    /// The first and the last day.
    pub days: (String, String),
    /// By variation, in the order of their keys.
    pub variations: BTreeMap<String, VariationCounts>,
}

/// The counts of one variation.
#[derive(Clone, Debug, Default)]
pub struct VariationCounts {
    /// How many reports there are.
    pub reports: u64,
    /// How many name each outcome.
    pub named: Vec<u64>,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Read {
    /// The reports, counted.
    pub groups: Groups,
    /// How many there are.
    pub reports: u64,
    /// How many lines are none.
    pub left_out: u64,
    /// What is wrong with the first of those, and how many lines that are.
    problems: Vec<(String, u64)>,
}

/// Reads and counts the reports of a file.
///
/// # Errors
///
/// When it cannot be read.
pub fn read(path: &Path) -> Result<Read, Ending> {
    let bytes = read_file(path)?;
    let mut all = Read::default();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if let Err(why) = all.add(Some(line), 1)
            && all.problems.len() < NAMED
        {
            all.problems.push((format!("line {number}: {why}"), 1));
        }
    }
    Ok(all)
}

/// The same of any number of files, whose lines an engine counts. It does not number them, so that those that are no
/// reports are named by how they begin: the first ones in the order of their texts.
///
/// # Errors
///
/// When the engine cannot read a file, or fails.
pub fn read_counted(engine: &mut dyn Engine, files: &[PathBuf]) -> Result<Read, ReportsError> {
    let mut all = Read::default();
    let mut problems: BTreeMap<String, u64> = BTreeMap::new();
    lines(engine, files, |line, times| {
        if let Err(why) = all.add(line.map(str::as_bytes), times) {
            let problem = match line {
                Some(line) => problems.entry(format!("{}: {why}", found(line))).or_default(),
                None => problems.entry("what is no JSON".to_owned()).or_default(),
            };
            *problem = problem.saturating_add(times);
            if problems.len() > NAMED {
                problems.pop_last();
            }
        }
    })?;
    all.problems = problems.into_iter().collect();
    Ok(all)
}

/// Counts so many more reports.
pub fn count(groups: &mut Groups, record: &Record, times: u64) {
    let Group { experiment, outcomes, epsilon, .. } = &record.group;
    // Of one experiment the epsilon may have changed, or the bands: those are counted apart.
    let counts = groups.entry(format!("{experiment}\n{outcomes:02} {epsilon:07.4}")).or_insert_with(|| Counts {
        group: record.group.clone(),
        days: (record.day.clone(), record.day.clone()),
        variations: BTreeMap::new(),
    });
    if record.day < counts.days.0 {
        counts.days.0.clone_from(&record.day);
    }
    if record.day > counts.days.1 {
        counts.days.1.clone_from(&record.day);
    }
    let variation = counts.variations.entry(record.variation.clone()).or_default();
    variation.named.resize(*outcomes, 0);
    variation.reports = variation.reports.saturating_add(times);
    for outcome in &record.named {
        if let Some(count) = variation.named.get_mut(*outcome) {
            *count = count.saturating_add(times);
        }
    }
}

impl Read {
    /// Counts a line that is there so many times, `None` if it is known to be no JSON; `Err` with what is wrong with it if
    /// it is no report.
    fn add(&mut self, line: Option<&[u8]>, times: u64) -> Result<(), String> {
        if line.is_some_and(|line| line.iter().all(u8::is_ascii_whitespace)) {
            return Ok(());
        }
        let value = line.and_then(|line| serde_json::from_slice(line).ok()).ok_or("is no JSON".to_owned());
        match value.and_then(|value| Record::read(&value)) {
            Ok(record) => {
                count(&mut self.groups, &record, times);
                self.reports = self.reports.saturating_add(times);
                Ok(())
            }
            Err(why) => {
                self.left_out = self.left_out.saturating_add(times);
                Err(why)
            }
        }
    }

    /// What is said of lines that are no reports.
    pub fn complaints(&self, path: &Path) -> Vec<String> {
        let named = self.problems.iter().map(|(problem, times)| match times {
            1 => format!("{}, {problem}", path.display()),
            _ => format!("{}, {problem} ({times} lines)", path.display()),
        });
        let mut lines: Vec<String> = named.collect();
        let rest = self.left_out.saturating_sub(self.problems.iter().map(|(_, times)| times).sum());
        if rest > 0 {
            lines.push(format!("{}: ... and {rest} more lines that are no reports", path.display()));
        }
        lines
    }
}

impl Record {
    /// Reads a report as `tailorbird.reports()` hands it out; `Err` with what is wrong with it.
    pub fn read(value: &Value) -> Result<Record, String> {
        let at = |key: &str| value.get(key).unwrap_or(&Value::Null);
        let wrong = |key: &str, expected: &str| {
            let found: String = at(key).to_string().chars().take(40).collect();
            format!("{key} is {found}, expected {expected}")
        };
        let key = |name: &str| {
            let text = at(name).as_str().filter(|text| (1..=KEY).contains(&text.chars().count()));
            text.map(str::to_owned).ok_or_else(|| wrong(name, "a text of 1 to 100 characters"))
        };
        if at("schema").as_f64() != Some(f64::from(SCHEMA)) {
            return Err(wrong("schema", "1"));
        }
        let (experiment, variation) = (key("experiment")?, key("variation")?);
        let epsilon = at("epsilon").as_f64().filter(|epsilon| (LEAST_EPSILON..=MOST_EPSILON).contains(epsilon));
        let epsilon = epsilon.ok_or_else(|| wrong("epsilon", "a number from 0.5 to 4"))?;
        let outcomes = whole(at("outcomes")).and_then(|count| u32::try_from(count).ok());
        let randomizer = outcomes.and_then(|outcomes| Randomizer::new(outcomes, epsilon));
        let randomizer = randomizer.ok_or_else(|| wrong("outcomes", "a whole number from 2 to 64"))?;
        let outcomes = outcomes.and_then(|outcomes| usize::try_from(outcomes).ok()).unwrap_or(0);
        let named = match (randomizer.mechanism(), at("outcome")) {
            (Mechanism::Named, outcome) => {
                let named = whole(outcome).filter(|named| *named < outcomes);
                vec![named.ok_or_else(|| wrong("outcome", &format!("a whole number from 0 to {}", outcomes - 1)))?]
            }
            (Mechanism::Bits, Value::String(bits))
                if bits.len() == outcomes && bits.bytes().all(|bit| matches!(bit, b'0' | b'1')) =>
            {
                bits.bytes().enumerate().filter(|(_, bit)| *bit == b'1').map(|(outcome, _)| outcome).collect()
            }
            (Mechanism::Bits, _) => return Err(wrong("outcome", &format!("a text of {outcomes} zeros and ones"))),
        };
        let day = at("day").as_str().filter(|day| is_day(day));
        let day = day.ok_or_else(|| wrong("day", "a day such as \"2026-03-09\""))?.to_owned();
        Ok(Record { group: Group { experiment, randomizer, outcomes, epsilon }, variation, named, day })
    }
}

/// A whole number from 0, also where it is written with a point.
fn whole(value: &Value) -> Option<usize> {
    let number = value.as_f64().filter(|number| number.floor() == *number && (0.0..=1e6).contains(number))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a million")]
    Some(number as usize)
}

fn is_day(text: &str) -> bool {
    let is_right =
        |(place, byte): (usize, u8)| if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(is_right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(change: impl FnOnce(&mut Value)) -> Result<Record, String> {
        let mut report = json!({"schema": 1, "experiment": "hero-test", "variation": "boots", "outcomes": 2,
            "outcome": 1, "epsilon": 2, "day": "2026-03-09"});
        change(&mut report);
        Record::read(&report)
    }

    #[test]
    fn a_report_names_one_outcome_or_has_a_bit_for_each() {
        assert_eq!(report(|_| {}).unwrap().named, [1]);
        assert_eq!(report(|report| report["outcome"] = json!(1.0)).unwrap().named, [1], "as Rust writes it");
        let bits = report(|report| {
            report["outcomes"] = json!(20);
            report["outcome"] = json!("01000000000000000001");
        });
        assert_eq!(bits.unwrap().named, [1, 19]);
    }

    #[test]
    fn a_line_that_is_no_report_says_why() {
        for (key, value, expected) in [
            ("schema", json!(2), "schema is 2, expected 1"),
            ("variation", json!(null), "variation is null, expected a text of 1 to 100 characters"),
            ("epsilon", json!(40), "epsilon is 40, expected a number from 0.5 to 4"),
            ("outcomes", json!(65), "outcomes is 65, expected a whole number from 2 to 64"),
            ("outcome", json!(2), "outcome is 2, expected a whole number from 0 to 1"),
            ("outcome", json!("1"), "outcome is \"1\", expected a whole number from 0 to 1"),
            ("day", json!("yesterday"), "day is \"yesterday\", expected a day such as \"2026-03-09\""),
        ] {
            assert_eq!(report(|report| report[key] = value).unwrap_err(), expected);
        }
        assert!(Record::read(&json!([])).is_err());
    }

    #[test]
    fn of_one_experiment_each_kind_of_noise_is_counted_apart() {
        let mut groups = Groups::new();
        for (epsilon, day) in [(2, "2026-03-09"), (2, "2026-03-07"), (4, "2026-03-08")] {
            let record = report(|report| {
                report["epsilon"] = json!(epsilon);
                report["day"] = json!(day);
            });
            count(&mut groups, &record.unwrap(), 1);
        }
        let found: Vec<(f64, u64, &str)> = groups
            .values()
            .map(|counts| (counts.group.epsilon, counts.variations["boots"].reports, counts.days.0.as_str()))
            .collect();
        assert_eq!(found, [(2.0, 2, "2026-03-07"), (4.0, 1, "2026-03-08")]);
    }
}
