//! Reports on experiments: what the site may learn of one visitor's outcome, hidden by noise, once.
//!
//! A report begins when the visitor is exposed to a variation for the first time, and is due a fixed number of days
//! later, whatever happened meanwhile. Then it is handed out to the site's code, once. It says the variation, which was
//! drawn by chance and tells nothing of the visitor, and the outcome with the noise of a [`Randomizer`].
//!
//! The noise is permanent: it is drawn from a key that is stored as the report begins, so that every tab and every
//! session draws the same, and asking again reveals nothing new. What was handed out is remembered for as long as the
//! profile, and charged to a budget.
//!
//! Source: Erlingsson, Pihur and Korolova (2014), "RAPPOR: Randomized aggregatable privacy-preserving ordinal
//! response", CCS, step 2 of the algorithm: the permanent randomized response.
//!
//! [`Randomizer`]: super::randomizer::Randomizer

use super::randomizer::Response;
use super::report_rule::ReportRule;
use crate::codec::Codec;
use crate::profile::journal::{Entry, JournalEvent};
use crate::profile::report_step::ReportStep;
use crate::random::NoiseKey;
use crate::time::{DAY, Timestamp, Zone, date};
use crate::value::{Object, Value};

/// What the fields of a report mean: the number of this shape.
pub const SCHEMA: u32 = 1;
/// The most that all reports of [`PERIOD_MS`] may cost together.
pub const BUDGET: f64 = 6.0;
/// The time over which the budget counts.
pub const PERIOD_MS: i64 = 30 * DAY;
/// The most experiments that are remembered; of others nothing is reported. None is ever evicted: it could be reported
/// a second time.
const LIMIT: usize = 100;

/// The reports of a visitor, in the order in which they began.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Reports(Vec<Record>);

/// What is stored of the report on one experiment.
#[derive(Clone, Debug, PartialEq, Default)]
struct Record {
    experiment: String,
    /// When it reached its stage.
    at: Timestamp,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Default)]
enum Stage {
    /// The outcome is awaited, or the report is due.
    Awaited(AwaitedReport),
    /// It was handed out, at the cost of this epsilon.
    HandedOut(f64),
    /// None is made on this device.
    #[default]
    Dropped,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct AwaitedReport {
    variation: String,
    key: NoiseKey,
    /// The largest value of a goal, if one was reached.
    reached: Option<f64>,
}

/// What the site gets to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The experiment's key.
    pub experiment: String,
    /// The key of the variation.
    pub variation: String,
    /// Among how many the outcome is hidden.
    pub outcomes: u32,
    /// The outcome, with noise.
    pub response: Response,
    /// How well it is hidden.
    pub epsilon: f64,
    /// The day on which it was handed out, in universal time: `2026-03-09`.
    pub day: String,
}

impl Reports {
    /// Applies one entry of a journal.
    pub fn fold(&mut self, entry: &Entry) {
        let JournalEvent::Report(experiment, step) = &entry.event else { return };
        let known = self.0.iter_mut().find(|record| record.experiment == *experiment);
        match (step, known) {
            // Of two tabs that begin at the same time the first one counts, in every tab.
            (ReportStep::Begun(..), Some(_)) => {}
            (ReportStep::Begun(variation, key), None) => {
                let awaited = AwaitedReport { variation: variation.clone(), key: *key, reached: None };
                self.push(experiment, entry.at, Stage::Awaited(awaited));
            }
            (ReportStep::Reached(value), Some(Record { stage: Stage::Awaited(awaited), .. })) => {
                awaited.reached = Some(awaited.reached.map_or(*value, |known| known.max(*value)));
            }
            (ReportStep::Reached(_), _) => {}
            // Two tabs may hand out the same report, which is the same in both.
            (ReportStep::HandedOut(_), Some(Record { stage: Stage::HandedOut(_), .. })) => {}
            (ReportStep::HandedOut(epsilon), Some(record)) => {
                (record.at, record.stage) = (entry.at, Stage::HandedOut(*epsilon));
            }
            (ReportStep::HandedOut(epsilon), None) => self.push(experiment, entry.at, Stage::HandedOut(*epsilon)),
            (ReportStep::Dropped, Some(Record { stage: Stage::HandedOut(_), .. })) => {}
            (ReportStep::Dropped, Some(record)) => (record.at, record.stage) = (entry.at, Stage::Dropped),
            (ReportStep::Dropped, None) => self.push(experiment, entry.at, Stage::Dropped),
        }
    }

    fn push(&mut self, experiment: &str, at: Timestamp, stage: Stage) {
        if self.0.len() < LIMIT {
            self.0.push(Record { experiment: experiment.to_owned(), at, stage });
        }
    }

    /// Whether a report on this experiment may begin: none has before, and there is room to remember it.
    pub fn may_begin(&self, experiment: &str) -> bool {
        self.0.len() < LIMIT && !self.0.iter().any(|record| record.experiment == experiment)
    }

    /// The experiments whose outcome is awaited.
    pub fn awaited(&self) -> impl Iterator<Item = &str> {
        let is_awaited = |record: &&Record| matches!(record.stage, Stage::Awaited(_));
        self.0.iter().filter(is_awaited).map(|record| record.experiment.as_str())
    }

    /// Whether a goal of this value changes the outcome of a report, if it is reached now.
    pub fn counts(&self, rule: &ReportRule, value: f64, now: Timestamp) -> bool {
        self.0.iter().any(|record| match &record.stage {
            Stage::Awaited(awaited) if record.experiment == rule.experiment => {
                (0..=rule.window_ms).contains(&now.since(record.at))
                    && rule.outcome(Some(value)) > rule.outcome(awaited.reached)
            }
            _ => false,
        })
    }

    /// The next report that is due, of these experiments, if the budget allows it; the same until it is recorded that
    /// it was handed out.
    pub fn next_due(&self, rules: &[ReportRule], now: Timestamp) -> Option<Report> {
        self.0.iter().find_map(|record| {
            let Stage::Awaited(awaited) = &record.stage else { return None };
            let rule = rules.iter().find(|rule| rule.experiment == record.experiment)?;
            if now.since(record.at) < rule.window_ms || !self.affords(rule.epsilon, now) {
                return None;
            }
            let draw = |number| awaited.key.draw(&record.experiment, number);
            Some(Report {
                experiment: record.experiment.clone(),
                variation: awaited.variation.clone(),
                outcomes: rule.outcomes(),
                response: rule.randomizer()?.respond(rule.outcome(awaited.reached), draw),
                epsilon: rule.epsilon,
                day: date(now, Zone(0)),
            })
        })
    }

    /// Whether the budget has room for this epsilon. What was handed out later than `now` counts as well: a clock was
    /// set back.
    fn affords(&self, epsilon: f64, now: Timestamp) -> bool {
        let spent = self.0.iter().filter(|record| now.since(record.at) < PERIOD_MS).map(|record| match record.stage {
            Stage::HandedOut(epsilon) => epsilon,
            Stage::Awaited(_) | Stage::Dropped => 0.0,
        });
        // Sums of tenths are not exact.
        spent.sum::<f64>() + epsilon <= BUDGET + 1e-9
    }

    /// Adds those of another device of the same visitor, who is to report an experiment once: on the device on which it
    /// began first.
    pub fn merge(&mut self, other: Reports) {
        for theirs in other.0 {
            let Some(ours) = self.0.iter_mut().find(|ours| ours.experiment == theirs.experiment) else {
                let stage = match theirs.stage {
                    Stage::Awaited(_) => Stage::Dropped,
                    stage => stage,
                };
                self.push(&theirs.experiment, theirs.at, stage);
                continue;
            };
            match (&ours.stage, &theirs.stage) {
                (Stage::HandedOut(_), _) | (Stage::Dropped, Stage::Awaited(_) | Stage::Dropped) => {}
                (Stage::Awaited(own), Stage::Awaited(their)) => {
                    if (theirs.at, their.key) < (ours.at, own.key) {
                        ours.stage = Stage::Dropped;
                    }
                }
                (Stage::Awaited(_) | Stage::Dropped, _) => (ours.at, ours.stage) = (theirs.at, theirs.stage),
            }
        }
    }

    /// A list of `{experiment, stage, at, variation, reached, epsilon}`, for the visitor to read. The key is not part
    /// of it: with it, whoever has the list could undo the noise.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn readable(&self) -> Value {
        let one = |record: &Record| {
            let (stage, awaited, epsilon) = match &record.stage {
                Stage::Awaited(awaited) => ("awaited", Some(awaited), None),
                Stage::HandedOut(epsilon) => ("handed-out", None, Some(*epsilon)),
                Stage::Dropped => ("dropped", None, None),
            };
            Object::new()
                .with("experiment", record.experiment.as_str())
                .with("stage", stage)
                .with("at", record.at.ms() as f64)
                .with("variation", awaited.map(|awaited| awaited.variation.as_str()))
                .with("reached", awaited.and_then(|awaited| awaited.reached))
                .with("epsilon", epsilon)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, record| {
            codec.text(&mut record.experiment);
            codec.time(&mut record.at);
            record.stage.code(codec);
        });
    }
}

impl Stage {
    fn code(&mut self, codec: &mut Codec<'_>) {
        let mut tag = match self {
            Stage::Awaited(_) => 0,
            Stage::HandedOut(_) => 1,
            Stage::Dropped => 2,
        };
        codec.varint_u32(&mut tag);
        if codec.is_reading() {
            *self = match tag {
                0 => Stage::Awaited(AwaitedReport::default()),
                1 => Stage::HandedOut(0.0),
                2 => Stage::Dropped,
                _ => return codec.fail(),
            };
        }
        match self {
            Stage::Awaited(AwaitedReport { variation, key, reached }) => {
                codec.text(variation);
                key.code(codec);
                codec.optional(reached, Codec::double);
            }
            Stage::HandedOut(epsilon) => codec.double(epsilon),
            Stage::Dropped => {}
        }
    }
}

impl Report {
    /// As the site gets it: `{schema, experiment, variation, outcomes, outcome, epsilon, day}`. The outcome is a number
    /// from 0, or a text of a 0 or 1 for each outcome.
    pub fn to_object(&self) -> Object {
        let outcome: Value = match &self.response {
            Response::Named(outcome) => (*outcome).into(),
            Response::Bits(bits) => bits.iter().map(|bit| if *bit { '1' } else { '0' }).collect::<String>().into(),
        };
        Object::new()
            .with("schema", SCHEMA)
            .with("experiment", self.experiment.as_str())
            .with("variation", self.variation.as_str())
            .with("outcomes", self.outcomes)
            .with("outcome", outcome)
            .with("epsilon", self.epsilon)
            .with("day", self.day.as_str())
    }
}

#[cfg(test)]
mod tests;
