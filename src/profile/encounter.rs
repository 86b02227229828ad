//! Which prompts the visitor met, and how they were answered: what caps are counted from.

use crate::bytes::Codec;
use crate::list::remove;
use crate::signal::Outcome;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// How many prompts are told apart.
const PROMPTS: usize = 50;
/// How many showings of one prompt are kept; caps count no further.
const SHOWINGS: usize = 100;

/// All encounters with prompts.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Encounters(Vec<Encounter>);

/// The encounters with one prompt.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Encounter {
    id: String,
    /// When it was shown, oldest first.
    pub shown: Vec<Timestamp>,
    /// When it was last declined or dismissed.
    pub turned_down: Option<Timestamp>,
    /// When it was last accepted.
    pub accepted: Option<Timestamp>,
}

impl Encounters {
    /// Notes what became of a prompt.
    pub fn note(&mut self, id: &str, outcome: Outcome, at: Timestamp) {
        if outcome == Outcome::Failed {
            return;
        }
        if !self.0.iter().any(|encounter| encounter.id == id) {
            if self.0.len() >= PROMPTS {
                remove(&mut self.0, 0);
            }
            self.0.push(Encounter { id: id.to_owned(), ..Encounter::default() });
        }
        let Some(encounter) = self.0.iter_mut().find(|encounter| encounter.id == id) else { return };
        match outcome {
            Outcome::Shown => {
                if encounter.shown.len() >= SHOWINGS {
                    remove(&mut encounter.shown, 0);
                }
                encounter.shown.push(at);
            }
            Outcome::Accepted => encounter.accepted = encounter.accepted.max(Some(at)),
            Outcome::Declined | Outcome::Dismissed => encounter.turned_down = encounter.turned_down.max(Some(at)),
            Outcome::Failed => {}
        }
    }

    /// Takes in those of another device.
    pub fn merge(&mut self, other: &Encounters) {
        for encounter in &other.0 {
            let outcomes = [(Outcome::Accepted, encounter.accepted), (Outcome::Declined, encounter.turned_down)];
            for at in &encounter.shown {
                self.note(&encounter.id, Outcome::Shown, *at);
            }
            for (outcome, at) in outcomes {
                if let Some(at) = at {
                    self.note(&encounter.id, outcome, at);
                }
            }
        }
    }

    /// The encounters with one prompt, if there were any.
    pub fn with(&self, id: &str) -> Option<&Encounter> {
        self.0.iter().find(|encounter| encounter.id == id)
    }

    /// For a person to read.
    pub fn readable(&self) -> Value {
        let one = |encounter: &Encounter| {
            Object::new()
                .with("prompt", encounter.id.as_str())
                .with("shown", u32::try_from(encounter.shown.len()).unwrap_or(u32::MAX))
                .with("turned_down", encounter.turned_down.is_some())
                .with("accepted", encounter.accepted.is_some())
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(PROMPTS, &mut self.0, |codec, encounter| {
            codec.text(&mut encounter.id);
            codec.list(SHOWINGS, &mut encounter.shown, Codec::time);
            codec.optional(&mut encounter.turned_down, Codec::time);
            codec.optional(&mut encounter.accepted, Codec::time);
        });
    }
}
