//! How often and when each kind of event happened.

use crate::codec::Codec;
use crate::time::Timestamp;
use crate::value::Renewal;

/// The most kinds of event that are counted; beyond, the least recent is evicted.
const KINDS: usize = 64;

/// Counts of events over the complete history.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    /// Pages viewed.
    pub views: u32,
    /// How far pages were read.
    reading: Reading,
    kinds: Vec<Kind>,
}

/// How far pages were read, summed over pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Reading {
    /// Pages of which it is known.
    pub pages: u32,
    /// How far they were read, in percent of their lengths, summed.
    pub percent: u32,
}

/// The count of one kind of event.
#[derive(Clone, Debug, PartialEq, Default)]
struct Kind {
    name: String,
    count: u32,
    last: Timestamp,
}

impl History {
    /// Counts one event called `name`.
    pub fn count(&mut self, name: &str, at: Timestamp) {
        self.add(name, 1, at);
    }

    fn add(&mut self, name: &str, count: u32, at: Timestamp) {
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.name == name) {
            kind.count = kind.count.saturating_add(count);
            kind.last = kind.last.max(at);
            return;
        }
        if self.kinds.len() >= KINDS {
            let oldest = self.kinds.iter().enumerate().min_by_key(|(_, kind)| kind.last).map(|(index, _)| index);
            oldest.map(|index| self.kinds.remove(index));
        }
        self.kinds.push(Kind { name: name.to_owned(), count, last: at });
    }

    /// Adds the counts of another device.
    pub fn merge(&mut self, other: &History) {
        self.views = self.views.saturating_add(other.views);
        self.add_reading(other.reading);
        for kind in &other.kinds {
            self.add(&kind.name, kind.count, kind.last);
        }
    }

    /// Drops kinds that did not happen for `ms`.
    pub fn drop_older(&mut self, now: Timestamp, ms: i64) {
        self.kinds.retain(|kind| now.since(kind.last) <= ms);
    }

    /// Adds how far a page was read since the last time.
    pub fn add_reading(&mut self, more: Reading) {
        self.reading.percent = self.reading.percent.saturating_add(more.percent);
        self.reading.pages = self.reading.pages.saturating_add(more.pages);
    }

    /// How far pages are read on average, in percent of their lengths; `None` before the first.
    pub fn reading_depth(&self) -> Option<u32> {
        self.reading.percent.checked_div(self.reading.pages)
    }

    /// When anything happened last.
    pub fn last(&self) -> Option<Timestamp> {
        self.kinds.iter().map(|kind| kind.last).max()
    }

    /// Counts by name: `{"view_item": 3}`.
    pub fn counts(&self, counts: &mut Renewal<'_>) {
        for kind in &self.kinds {
            counts.put(&kind.name, kind.count);
        }
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint_u32(&mut self.views);
        codec.list(KINDS, &mut self.kinds, |codec, kind| {
            codec.text(&mut kind.name);
            codec.varint_u32(&mut kind.count);
            codec.time(&mut kind.last);
        });
        codec.varint_u32(&mut self.reading.pages);
        codec.varint_u32(&mut self.reading.percent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::value::{Object, Value};
    use proptest::prelude::*;

    #[test]
    fn the_least_recent_kind_is_evicted_when_there_are_too_many() {
        let mut history = History::default();
        for kind in 0..=KINDS {
            history.count(&format!("event_{kind}"), Timestamp::from_ms(1_000 + kind as i64));
        }
        let mut counts = Object::new();
        counts.renew(|counts| history.counts(counts));
        assert_eq!(counts.len(), KINDS);
        assert_eq!(counts.get("event_0"), None);
    }

    fn counts(history: &History) -> Value {
        let mut counts = Object::new();
        counts.renew(|counts| history.counts(counts));
        counts.into()
    }

    #[test]
    fn a_kind_of_event_is_kept_for_its_time_after_it_happened_last() {
        let at = Timestamp::from_ms;
        let mut history = History::default();
        for (kind, ms) in [("search", 1), ("share", 2), ("view_item", 1), ("view_item", 9)] {
            history.count(kind, at(ms));
        }
        history.drop_older(at(10), 8);
        assert_eq!(counts(&history), Object::new().with("share", 1_u32).with("view_item", 2_u32).into());
        assert_eq!(history.last(), Some(at(9)));
        assert_eq!(History::default().last(), None);
    }

    #[test]
    fn the_histories_of_two_devices_add_up() {
        let at = Timestamp::from_ms;
        let mut one = History { views: 3, ..History::default() };
        one.count("search", at(5));
        one.add_reading(Reading { pages: 2, percent: 100 });
        let mut other = History { views: 4, ..History::default() };
        other.count("search", at(3));
        other.count("share", at(8));
        other.add_reading(Reading { pages: 2, percent: 20 });
        assert_eq!(other.reading_depth(), Some(10), "in the mean of its pages");
        one.merge(&other);
        assert_eq!(counts(&one), Object::new().with("search", 2_u32).with("share", 1_u32).into());
        assert_eq!((one.views, one.reading_depth(), one.last()), (7, Some(30), Some(at(8))));
        one.drop_older(at(10), 5);
        assert_eq!(counts(&one).get("search"), Some(&2_u32.into()), "the later of both times is the last");
        assert_eq!(History::default().reading_depth(), None);
    }

    proptest! {
        #[test]
        fn a_history_of_any_size_survives_its_snapshot(kinds in 60..70_usize) {
            let kind = |number: usize| Kind { name: format!("event_{number}"), count: 7, last: Timestamp::from_ms(9) };
            let mut history = History { views: 5, kinds: (0..kinds).map(kind).collect(), ..History::default() };
            let read = round_trip(&mut history, History::code);
            prop_assert_eq!(&read.kinds[..], &history.kinds[kinds.saturating_sub(KINDS)..]);
        }
    }
}
