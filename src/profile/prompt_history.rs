//! Which prompts the visitor met, and how they were answered: what caps are counted from.

use crate::codec::Codec;
use crate::list::remove;
use crate::signal::PromptOutcome;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// How many prompts are told apart.
const PROMPTS: usize = 50;
/// How many showings of one prompt are kept; caps count no further.
const SHOWINGS: usize = 100;

/// All prompt_history with prompts.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptHistory(Vec<PromptRecord>);

/// The prompt_history with one prompt.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptRecord {
    id: String,
    /// When it was shown, oldest first.
    pub shown: Vec<Timestamp>,
    /// When it was last declined or dismissed.
    pub dismissed_at: Option<Timestamp>,
    /// When it was last accepted.
    pub accepted: Option<Timestamp>,
}

impl PromptHistory {
    /// Notes what became of a prompt.
    pub fn note(&mut self, id: &str, outcome: PromptOutcome, at: Timestamp) {
        if outcome == PromptOutcome::Failed {
            return;
        }
        if !self.0.iter().any(|record| record.id == id) {
            if self.0.len() >= PROMPTS {
                remove(&mut self.0, 0);
            }
            self.0.push(PromptRecord { id: id.to_owned(), ..PromptRecord::default() });
        }
        let Some(record) = self.0.iter_mut().find(|record| record.id == id) else { return };
        match outcome {
            PromptOutcome::Shown => {
                if record.shown.len() >= SHOWINGS {
                    remove(&mut record.shown, 0);
                }
                record.shown.push(at);
            }
            PromptOutcome::Accepted => record.accepted = record.accepted.max(Some(at)),
            PromptOutcome::Declined | PromptOutcome::Dismissed => {
                record.dismissed_at = record.dismissed_at.max(Some(at))
            }
            PromptOutcome::Failed => {}
        }
    }

    /// Takes in those of another device.
    pub fn merge(&mut self, other: &PromptHistory) {
        for record in &other.0 {
            let outcomes = [(PromptOutcome::Accepted, record.accepted), (PromptOutcome::Declined, record.dismissed_at)];
            for at in &record.shown {
                self.note(&record.id, PromptOutcome::Shown, *at);
            }
            for (outcome, at) in outcomes {
                if let Some(at) = at {
                    self.note(&record.id, outcome, at);
                }
            }
        }
    }

    /// The prompt_history with one prompt, if there were any.
    pub fn with(&self, id: &str) -> Option<&PromptRecord> {
        self.0.iter().find(|record| record.id == id)
    }

    /// For a person to read.
    pub fn readable(&self) -> Value {
        let one = |record: &PromptRecord| {
            Object::new()
                .with("prompt", record.id.as_str())
                .with("shown", u32::try_from(record.shown.len()).unwrap_or(u32::MAX))
                .with("dismissed_at", record.dismissed_at.is_some())
                .with("accepted", record.accepted.is_some())
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(PROMPTS, &mut self.0, |codec, record| {
            codec.text(&mut record.id);
            codec.list(SHOWINGS, &mut record.shown, Codec::time);
            codec.optional(&mut record.dismissed_at, Codec::time);
            codec.optional(&mut record.accepted, Codec::time);
        });
    }
}
