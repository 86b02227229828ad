//! What is known about a visitor, folded from what happened.
//!
//! The profile is a fold: each [`Entry`] of a journal changes it once, in bounded
//! space. No raw signals are stored beside it.

pub mod attributes;
pub mod bandit;
pub mod basket;
pub mod clock;
pub mod prompt_history;
pub mod engagement;
pub mod history;
pub mod intent;
pub mod interest;
pub mod item_history;
pub mod journal;
pub mod lifecycle;
pub mod lifetime_value;
pub mod membership;
pub mod purchase;
pub mod report_step;
pub mod rfm;
pub mod rules;
pub mod sensitive;
pub mod segment;
pub mod area;
pub mod session;
pub mod sticky_bucket;
pub mod timeline;
pub mod value;
pub mod windowed_count;

use crate::codec::Codec;
use crate::random::Seed;
use crate::time::{DAY, Timestamp};
use bandit::learned::Bandits;
use basket::Basket;
use clock::Clock;
use history::History;
use interest::Interests;
use item_history::ItemHistory;
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
    /// When the first thing was stored; retention counts from here.
    pub created: Option<Timestamp>,
    /// Which times of the device's clock are believed.
    pub clock: Clock,
    /// The visitor's seed; `None` until something may be stored.
    pub seed: Option<Seed>,
    /// How often and when each kind of event happened.
    pub history: History,
    /// The current session.
    pub session: Session,
    /// What the visitor is interested in.
    pub interests: Interests,
    /// Which items the visitor looked at and bought last.
    pub items: ItemHistory,
    /// What is in the basket.
    pub basket: Basket,
    /// What was bought.
    pub purchases: Purchases,
    /// Which prompts were shown, and how they were answered.
    pub prompt_history: PromptHistory,
    /// The variations of experiments that the visitor keeps.
    pub sticky_buckets: StickyBuckets,
    /// When the events that rolling counts ask for happened.
    pub event_timestamps: EventTimestamps,
    /// The segments the visitor was last seen in.
    pub memberships: SegmentMemberships,
    /// What bandits have learned.
    pub bandits: Bandits,
    /// Since when the visitor wants nothing to be learned or decided from this; `None` unless they do.
    pub paused: Option<Timestamp>,
}

impl Profile {
    /// Applies one entry of a journal.
    pub fn fold(&mut self, entry: &Entry, rules: &Rules) {
        let at = entry.at;
        self.clock.observe(at);
        if self.clock.believes(at) || self.created.is_none() {
            self.created = Some(self.created.map_or(at, |created| created.min(at)));
        }
        self.session.touch(at, rules.session_ms);
        self.bandits.fold(entry, self.clock.believed(at, retention_ms(rules)), &rules.learners);
        match &entry.event {
            JournalEvent::View => {
                self.history.views = self.history.views.saturating_add(1);
                self.session.view();
                if !rules.remembers_pages {
                    self.session.forget_pages();
                }
            }
            JournalEvent::Page(path) if rules.remembers_pages => self.session.remember_page(path),
            JournalEvent::Event(event) => {
                // Interests decay for good where the clock is ahead of the profile's whole lifetime.
                let decayed_to = self.clock.believed(at, retention_ms(rules));
                self.history.count(&event.name, at);
                self.session.count(event);
                self.interests.fold(event, decayed_to, rules);
                self.event_timestamps.fold(event, at, &rules.rolling);
                self.basket.fold(event);
                if rules.recommends {
                    self.items.fold(event, at);
                }
                self.purchases.fold(event, at);
            }
            JournalEvent::Prompt(id, _, outcome) => self.prompt_history.note(id, *outcome, at),
            JournalEvent::Answer(id, answer) => self.prompt_history.answer(id, answer, at),
            JournalEvent::Forget(dimension, key) => {
                self.interests.forget(dimension, key);
                self.items.forget(dimension, key);
            }
            JournalEvent::Correct(dimension, key, share) => {
                let decayed_to = self.clock.believed(at, retention_ms(rules));
                self.interests.correct(dimension, key, *share, decayed_to, rules);
            }
            JournalEvent::Pause(paused) => self.paused = paused.then_some(at),
            JournalEvent::Dwell(ms, depth_percent) => {
                self.history.add_reading(self.session.dwell(*ms, *depth_percent));
            }
            JournalEvent::StickyBucket(bucket) => self.sticky_buckets.note(bucket),
            JournalEvent::Segment(segment, entered) => self.memberships.note(segment, *entered, at),
            // The measurement stage and the state count these, and bandits learn from them; pages are remembered only
            // where the site loads some ahead.
            JournalEvent::Page(_)
            | JournalEvent::Exposed(..)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::Trial(_)
            | JournalEvent::Report(..)
            | JournalEvent::Dropped(_) => {}
        }
    }

    /// Whether this entry is to change nothing, because the visitor had paused when it was recorded: in another tab, that
    /// did not know it yet.
    pub fn skips(&self, entry: &Entry) -> bool {
        self.paused.is_some_and(|since| entry.at >= since) && !entry.event.is_wish()
    }

    /// Whether this entry reports an order that was counted before.
    pub fn has_counted(&self, entry: &Entry) -> bool {
        matches!(&entry.event, JournalEvent::Event(event) if self.purchases.has_counted(event))
    }

    /// The time by which stored data expires at `now`: `now` itself, unless the device's clock has jumped and
    /// no later day has confirmed it; see [`clock`].
    pub fn retention_time(&self, now: Timestamp) -> Timestamp {
        self.clock.believed(now, 0)
    }

    /// Whether retention requires that the profile is deleted at `now`, which is to be a
    /// [`retention_time`](Profile::retention_time). It counts from the creation: visits do not prolong it.
    pub fn is_over(&self, now: Timestamp, rules: &Rules) -> bool {
        self.created.is_some_and(|created| now.since(created) > retention_ms(rules))
    }

    /// Adds what another device knows of the same visitor. What is about the complete history is
    /// combined; the session, the basket, the clock, the segments announced and a pause are this device's own. The visitor's
    /// seed is the older one, so that all devices agree on the variations of experiments.
    pub fn merge(&mut self, other: Profile, rules: &Rules) {
        let older = |profile: &Profile| profile.created.map_or(i64::MAX, Timestamp::ms);
        if older(&other) < older(self) {
            self.seed = other.seed.or(self.seed);
            self.created = other.created;
        }
        self.history.merge(&other.history);
        self.interests.merge(other.interests);
        self.items.merge(&other.items);
        self.purchases.merge(&other.purchases);
        self.prompt_history.merge(&other.prompt_history);
        self.sticky_buckets.merge(&other.sticky_buckets);
        self.event_timestamps.merge(&other.event_timestamps);
        self.bandits.merge(other.bandits, &rules.learners);
        self.session.number = self.session.number.saturating_add(other.session.number);
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.optional(&mut self.created, Codec::time);
        self.clock.code(codec);
        codec.optional(&mut self.seed, |codec, seed| codec.varint(&mut seed.0));
        self.history.code(codec);
        self.session.code(codec);
        self.interests.code(codec);
        self.items.code(codec);
        self.basket.code(codec);
        self.purchases.code(codec);
        self.prompt_history.code(codec);
        self.sticky_buckets.code(codec);
        self.event_timestamps.code(codec);
        self.memberships.code(codec);
        self.bandits.code(codec);
        codec.optional(&mut self.paused, Codec::time);
    }
}

fn retention_ms(rules: &Rules) -> i64 {
    i64::from(rules.profile_days) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::signal::event::Event;
    use crate::value::Object;
    use proptest::prelude::*;

    /// A day on which a visitor cannot have been yet when this was written.
    const TODAY: i64 = 20_500 * DAY;

    fn view(profile: &mut Profile, at: i64) {
        let at = Timestamp::from_ms(at);
        profile.fold(&Entry { number: 1, at, event: JournalEvent::View }, &Rules::default());
    }

    /// Whether the profile would be deleted at `now`.
    fn expires(profile: &Profile, now: i64) -> bool {
        profile.is_over(profile.retention_time(Timestamp::from_ms(now)), &Rules::default())
    }

    #[test]
    fn of_two_devices_the_older_ones_seed_counts() {
        let device = |seed: u64, day: i64| {
            let mut profile = Profile::default();
            view(&mut profile, TODAY + day * DAY);
            profile.seed = Some(Seed(seed));
            profile
        };
        for (this, other, seed) in [(1, 2, 1), (2, 1, 2), (1, 1, 1)] {
            let mut merged = device(1, this);
            merged.merge(device(2, other), &Rules::default());
            assert_eq!(merged.seed, Some(Seed(seed)), "created on day {this} and {other}");
            assert_eq!(merged.created, Some(Timestamp::from_ms(TODAY + this.min(other) * DAY)));
        }
        let mut unknown = Profile::default();
        unknown.merge(device(2, 1), &Rules::default());
        assert_eq!(unknown.seed, Some(Seed(2)), "the other device is the only one");
    }

    #[test]
    fn a_sensitive_tag_is_found_however_many_stand_before_it() {
        let mut item = Object::new().with("item_id", "x");
        for number in 0..40 {
            item.set(&format!("item_field_{number}"), "harmless");
        }
        item.set("item_kind", "Health");
        let params = Object::new().with("items", vec![item]);
        let event = Event::read("view_item", &params.into(), &Native).unwrap();
        let rules = Rules::default();
        assert!(rules.sensitive.has_tag(&event.items[0].tags));
    }

    #[test]
    fn a_profile_ends_with_its_retention() {
        let mut profile = Profile::default();
        for day in (0..=395).step_by(5) {
            view(&mut profile, TODAY + day * DAY);
            assert!(!expires(&profile, TODAY + day * DAY));
        }
        assert!(expires(&profile, TODAY + 396 * DAY));
    }

    proptest! {
        /// The rule of `clock`: whatever the clock says for less than a day, nothing is lost, and afterwards
        /// retention goes on as if that had not happened.
        #[test]
        fn one_visit_under_a_wrong_clock_ends_no_profile(
            days in prop::collection::vec(1..30_i64, 1..12),
            wrong in prop_oneof![-20_000..-31_i64, 31..20_000_i64],
            minutes in prop::collection::vec(0..1_440_i64, 1..6),
            index in 0..12_usize,
        ) {
            let mut profile = Profile::default();
            let (mut now, mut visits) = (TODAY, 0);
            for (visit, gap) in days.iter().enumerate() {
                view(&mut profile, now);
                visits += 1;
                if visit == index.min(days.len() - 1) {
                    let start = now + wrong * DAY;
                    for minute in &minutes {
                        prop_assert!(!expires(&profile, start + minute * 60_000));
                        view(&mut profile, start + minute * 60_000);
                        visits += 1;
                    }
                }
                prop_assert!(!expires(&profile, now));
                now += gap * DAY;
            }
            prop_assert_eq!(profile.history.views, visits);
            prop_assert_eq!(profile.created, Some(Timestamp::from_ms(TODAY)));
            // Retention ends it in time all the same: on the first day, or one day after a long absence.
            for day in (now - TODAY) / DAY..396 {
                if !expires(&profile, TODAY + day * DAY) {
                    view(&mut profile, TODAY + day * DAY);
                }
            }
            prop_assert!(expires(&profile, TODAY + 396 * DAY));
        }

        /// A visitor who is really away for long is believed on the next day, and so retention cannot be
        /// evaded for more than a day of visits.
        #[test]
        fn a_clock_that_stays_is_believed_on_the_next_day(away in 396..20_000_i64, later in 1..30_i64) {
            let mut profile = Profile::default();
            view(&mut profile, TODAY);
            let back = TODAY + away * DAY;
            prop_assert!(!expires(&profile, back), "this may be an error");
            view(&mut profile, back);
            prop_assert!(expires(&profile, back + later * DAY));
        }

        #[test]
        fn interests_survive_a_visit_under_a_clock_years_ahead(years in 2..50_i64) {
            let interest = |profile: &Profile| {
                let mut tree = Object::new();
                profile.interests.shares(&Rules::default(), &[], Timestamp::from_ms(TODAY), &mut tree);
                tree.get("category").unwrap().at("boots").number()
            };
            let look = |profile: &mut Profile, at: i64| {
                let item = Object::new().with("item_id", "b").with("item_category", "boots");
                let params = Object::new().with("items", vec![item]);
                let event = Event::read("view_item", &params.into(), &Native).unwrap();
                let at = Timestamp::from_ms(at);
                profile.fold(&Entry { number: 1, at, event: JournalEvent::Event(event) }, &Rules::default());
            };
            let (mut once, mut jumped) = (Profile::default(), Profile::default());
            look(&mut once, TODAY);
            look(&mut jumped, TODAY);
            look(&mut jumped, TODAY + years * 365 * DAY);
            prop_assert!(interest(&jumped) >= interest(&once), "{} after {}", interest(&jumped), interest(&once));
        }
    }
}
