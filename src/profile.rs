//! What is known about a visitor, folded from what happened.
//!
//! The profile is a fold: each [`Entry`] of a journal changes it once, in bounded
//! space. Nothing of the raw signals is kept beside it.

pub mod attributes;
pub mod basket;
pub mod encounter;
pub mod engagement;
pub mod history;
pub mod intent;
pub mod interest;
pub mod journal;
pub mod lifecycle;
pub mod lifetime_value;
pub mod membership;
pub mod purchase;
pub mod rfm;
pub mod rules;
pub mod segment;
pub mod session;
pub mod sticky;
pub mod value;
pub mod rolling;

use crate::bytes::Codec;
use crate::random::Seed;
use crate::time::{DAY, Timestamp};
use basket::Basket;
use encounter::Encounters;
use history::History;
use interest::Interests;
use journal::{Entry, Happening};
use membership::Memberships;
use purchase::Purchases;
use rolling::Moments;
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
    /// When those events happened that rolling counts ask for.
    pub moments: Moments,
    /// The segments the visitor was last seen in.
    pub memberships: Memberships,
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
                self.session.view();
            }
            Happening::Event(event) => {
                self.history.count(&event.name, at);
                self.session.count(event);
                self.interests.fold(event, at, rules);
                self.moments.fold(event, at, &rules.rolling);
                self.basket.fold(event);
                self.purchases.fold(event, at);
            }
            Happening::Prompt(id, outcome) => self.encounters.note(id, *outcome, at),
            Happening::Forget(dimension, key) => self.interests.forget(dimension, key),
            // Of these the measurement stage keeps count.
            Happening::Met(..) | Happening::Impression(..) | Happening::Exposure(..) => {}
            Happening::Stay(ms, depth) => self.history.read(self.session.stay(*ms, *depth)),
            Happening::Sticky(met) => self.arms.note(met),
            Happening::Segment(segment, entered) => self.memberships.note(segment, *entered, at),
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

    /// Takes in what another device knows of the same visitor. Of either what is about the whole
    /// history is brought together; the session, the basket, and which segments were told, are this
    /// device's own. The visitor is told apart from others by the seed that is older, so all devices
    /// agree in which arm they are.
    pub fn merge(&mut self, other: Profile) {
        let older = |profile: &Profile| profile.created.map_or(i64::MAX, Timestamp::ms);
        if older(&other) < older(self) {
            self.seed = other.seed.or(self.seed);
            self.created = other.created;
        }
        self.history.merge(&other.history);
        self.interests.merge(other.interests);
        self.purchases.merge(&other.purchases);
        self.encounters.merge(&other.encounters);
        self.arms.merge(&other.arms);
        self.moments.merge(&other.moments);
        self.session.number = self.session.number.saturating_add(other.session.number);
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
        if codec.since(3) {
            self.moments.code(codec);
            self.memberships.code(codec);
        }
    }
}
