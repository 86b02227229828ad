//! What is known about a visitor, folded from what happened.
//!
//! The profile is a fold: each [`Entry`] of a journal changes it once, in bounded
//! space. Nothing of the raw signals is kept beside it.

pub mod attributes;
pub mod basket;
pub mod prompt_history;
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
pub mod sticky_bucket;
pub mod value;
pub mod windowed_count;

use crate::codec::Codec;
use crate::random::Seed;
use crate::time::{DAY, Timestamp};
use basket::Basket;
use history::History;
use interest::Interests;
use journal::{Entry, JournalEvent};
use membership::SegmentMemberships;
use prompt_history::PromptHistory;
use purchase::Purchases;
use rules::Rules;
use session::Session;
use sticky_bucket::StickyBuckets;
use windowed_count::EventTimestamps;

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
    pub prompt_history: PromptHistory,
    /// Which arms of experiments were met, and are to be met again.
    pub arms: StickyBuckets,
    /// When those events happened that rolling counts ask for.
    pub event_timestamps: EventTimestamps,
    /// The segments the visitor was last seen in.
    pub memberships: SegmentMemberships,
}

impl Profile {
    /// Takes in one entry of a journal.
    pub fn fold(&mut self, entry: &Entry, rules: &Rules) {
        let at = entry.at;
        self.created = Some(self.created.map_or(at, |created| created.min(at)));
        self.session.touch(at, rules.session_ms);
        match &entry.event {
            JournalEvent::View => {
                self.history.views = self.history.views.saturating_add(1);
                self.session.view();
            }
            JournalEvent::Event(event) => {
                self.history.count(&event.name, at);
                self.session.count(event);
                self.interests.fold(event, at, rules);
                self.event_timestamps.fold(event, at, &rules.rolling);
                self.basket.fold(event);
                self.purchases.fold(event, at);
            }
            JournalEvent::Prompt(id, outcome) => self.prompt_history.note(id, *outcome, at),
            JournalEvent::Forget(dimension, key) => self.interests.forget(dimension, key),
            // The measurement stage counts these, and the state what was dropped.
            JournalEvent::Exposed(..)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::Dropped(_) => {}
            JournalEvent::Dwell(ms, depth) => self.history.read(self.session.stay(*ms, *depth)),
            JournalEvent::StickyBucket(met) => self.arms.note(met),
            JournalEvent::Segment(segment, entered) => self.memberships.note(segment, *entered, at),
        }
    }

    /// Whether this entry reports an order that was counted before.
    pub fn has_counted(&self, entry: &Entry) -> bool {
        matches!(&entry.event, JournalEvent::Event(event) if self.purchases.has_counted(event))
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
        self.prompt_history.merge(&other.prompt_history);
        self.arms.merge(&other.arms);
        self.event_timestamps.merge(&other.event_timestamps);
        self.session.number = self.session.number.saturating_add(other.session.number);
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.optional(&mut self.created, Codec::time);
        codec.optional(&mut self.seed, |codec, seed| codec.varint(&mut seed.0));
        self.history.code(codec);
        self.session.code(codec);
        self.interests.code(codec);
        self.basket.code(codec);
        self.purchases.code(codec);
        self.prompt_history.code(codec);
        if codec.since(2) {
            self.arms.code(codec);
        }
        if codec.since(3) {
            self.event_timestamps.code(codec);
            self.memberships.code(codec);
        }
    }
}
