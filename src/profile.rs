//! What is known about a visitor, folded from what happened.
//!
//! The profile is a fold: each [`Entry`] of a journal changes it once, in bounded
//! space. Nothing of the raw signals is kept beside it.

pub mod attributes;
pub mod basket;
pub mod encounter;
pub mod engagement;
pub mod history;
pub mod interest;
pub mod journal;
pub mod purchase;
pub mod rules;
pub mod segment;
pub mod session;
pub mod sticky;

use crate::bytes::Codec;
use crate::random::Seed;
use crate::time::{DAY, Timestamp};
use basket::Basket;
use encounter::Encounters;
use history::History;
use interest::Interests;
use journal::{Entry, Happening};
use purchase::Purchases;
use rules::Rules;
use session::Session;
use sticky::Arms;

/// Everything known about one visitor.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Profile {
    /// When the first thing was kept; retention counts from here.
    pub created: Option<Timestamp>,
    /// The visitor's seed; `None` until something may be kept.
    pub seed: Option<Seed>,
    /// How often and when each kind of event happened.
    pub history: History,
    /// The current visit to the site.
    pub session: Session,
    /// What the visitor turned to.
    pub interests: Interests,
    /// What lies in the basket.
    pub basket: Basket,
    /// What was bought.
    pub purchases: Purchases,
    /// Which prompts were shown, and how they were answered.
    pub encounters: Encounters,
    /// Which arms of experiments were met, and are to be met again.
    pub arms: Arms,
}

impl Profile {
    /// Takes in one entry of a journal.
    pub fn fold(&mut self, entry: &Entry, rules: &Rules) {
        let at = entry.at;
        self.created = Some(self.created.map_or(at, |created| created.min(at)));
        self.session.touch(at, rules.session_ms);
        match &entry.happening {
            Happening::View => {
                self.history.views = self.history.views.saturating_add(1);
                self.session.views = self.session.views.saturating_add(1);
            }
            Happening::Event(event) => {
                self.history.count(&event.name, at);
                self.session.count(&event.name);
                self.interests.fold(event, at, rules);
                self.basket.fold(event);
                self.purchases.fold(event, at);
            }
            Happening::Prompt(id, outcome) => self.encounters.note(id, *outcome, at),
            Happening::Forget(dimension, key) => self.interests.forget(dimension, key),
            // Of these the measurement stage keeps count.
            Happening::Met(..) | Happening::Impression(..) | Happening::Exposure(..) | Happening::Stay(..) => {}
            Happening::Sticky(met) => self.arms.note(met),
        }
    }

    /// Whether this entry reports an order that was counted before.
    pub fn has_counted(&self, entry: &Entry) -> bool {
        matches!(&entry.happening, Happening::Event(event) if self.purchases.has_counted(event))
    }

    /// Whether retention says that nothing of the profile may be kept any longer. It counts from
    /// the creation: visits do not prolong it.
    pub fn is_over(&self, now: Timestamp, rules: &Rules) -> bool {
        self.created.is_some_and(|created| now.since(created) > i64::from(rules.profile_days) * DAY)
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.optional(&mut self.created, Codec::time);
        codec.optional(&mut self.seed, |codec, seed| codec.count(&mut seed.0));
        self.history.code(codec);
        self.session.code(codec);
        self.interests.code(codec);
        self.basket.code(codec);
        self.purchases.code(codec);
        self.encounters.code(codec);
        if codec.since(2) {
            self.arms.code(codec);
        }
    }
}
