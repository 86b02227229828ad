//! A site's log of its decisions, read from CSV: what a slot showed in a session, with which probability, and what came of
//! it. Unlike recorded sessions it is refused where one row is bad: what is left out would bias what is estimated.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tailorbird::config::Config;
use tailorbird::time::Timestamp;

use crate::csv_rows::{Columns, Problems, Rows, found};
use crate::ending::Ending;
use crate::session_rows::{TIME, time};

/// How many problems are named; the rest is counted.
const NAMED: usize = 100;

const COLUMNS: Columns = Columns {
    needed: &["SessionId", "Time", "Slot", "Variant", "Propensity", "Reward"],
    optional: &[],
    together: &[],
    expected: "SessionId,Time,Slot,Variant,Propensity,Reward",
};

/// A row as it is written: texts, so that everything that is wrong with a row is named.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    session_id: String,
    time: String,
    slot: String,
    variant: String,
    propensity: String,
    reward: String,
}

/// One decision that a site has made.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// When.
    pub at: Timestamp,
    /// The slot, one of the config.
    pub slot: String,
    /// The variant that was shown; `None` is the page's own content. It need not be in the config.
    pub variant: Option<String>,
    /// The probability with which it was chosen, in `(0, 1]`; of the page's own content, in the way in which it came about.
    pub propensity: f64,
    /// What came of it.
    pub reward: f64,
}

/// The log, by session.
#[derive(Debug, Default)]
pub struct DecisionLog {
    /// In the order of their ids: the decisions of each session, in the order of time.
    pub sessions: BTreeMap<String, Vec<Choice>>,
}

impl DecisionLog {
    /// Reads a file for the slots of a config.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or holds no rows; and when anything in it is wrong, a missing propensity among them,
    /// with every problem and its line.
    pub fn read(path: &Path, config: &Config) -> Result<DecisionLog, Ending> {
        let mut log = DecisionLog::default();
        let mut problems = Problems::new(path, NAMED);
        for (line, row) in Rows::<Written>::open(path, &COLUMNS)? {
            match row.map_err(|why| vec![why]).and_then(|row| row.read(config)) {
                Ok((session, choice)) => log.sessions.entry(session).or_default().push(choice),
                Err(whys) => whys.iter().for_each(|why| problems.note(line, why)),
            }
        }
        problems.refuse()?;
        if log.sessions.is_empty() {
            return Err(Ending::Problems(format!(
                "{}: holds no rows, expected a header and at least one",
                path.display()
            )));
        }
        // Stable: what was decided in the same millisecond stays in the order of the file.
        log.sessions.values_mut().for_each(|choices| choices.sort_by_key(|choice| choice.at));
        Ok(log)
    }
}

impl Written {
    /// The decision with its session, or everything that is wrong with the row.
    fn read(self, config: &Config) -> Result<(String, Choice), Vec<String>> {
        let mut problems = Vec::new();
        if self.session_id.is_empty() {
            problems.push("SessionId is empty, expected an id".to_owned());
        }
        let mut wrong = |name: &str, text: &str, expected: &str| {
            problems.push(format!("{name} is {}, expected {expected}", found(text)));
        };
        let at = time(&self.time);
        if at.is_none() {
            wrong("Time", &self.time, TIME);
        }
        if !config.slots.iter().any(|slot| slot.id == self.slot) {
            let slots: Vec<&str> = config.slots.iter().map(|slot| slot.id.as_str()).collect();
            wrong("Slot", &self.slot, &format!("a slot of the config: {}", slots.join(", ")));
        }
        let propensity = self.propensity.parse().ok().filter(|share: &f64| *share > 0.0 && *share <= 1.0);
        if propensity.is_none() {
            wrong("Propensity", &self.propensity, "the probability of this choice, above 0, at most 1");
        }
        let reward = self.reward.parse().ok().filter(|reward: &f64| reward.is_finite());
        if reward.is_none() {
            wrong("Reward", &self.reward, "a number: 1 where the goal came, else 0; or an amount");
        }
        match (at, propensity, reward) {
            (Some(at), Some(propensity), Some(reward)) if problems.is_empty() => {
                let variant = Some(self.variant).filter(|variant| !variant.is_empty());
                Ok((self.session_id, Choice { at, slot: self.slot, variant, propensity, reward }))
            }
            _ => Err(problems),
        }
    }
}
