//! How often and when each kind of event happened.

use crate::codec::Codec;
use crate::list::remove;
use crate::time::Timestamp;
use crate::value::Renewal;

/// How many kinds of event are told apart; the least recent gives way.
const KINDS: usize = 64;

/// Counts of events over the whole history.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    /// Pages viewed.
    pub views: u32,
    /// Pages of which it is known how far they were read.
    pages_read: u32,
    /// How far they were, summed: percent of their lengths.
    percent_read: u32,
    kinds: Vec<Kind>,
}

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
            let oldest = self.kinds.iter().map(|kind| kind.last).min();
            if let Some(index) = self.kinds.iter().position(|kind| Some(kind.last) == oldest) {
                remove(&mut self.kinds, index);
            }
        }
        self.kinds.push(Kind { name: name.to_owned(), count, last: at });
    }

    /// Takes in the counts of another device.
    pub fn merge(&mut self, other: &History) {
        self.views = self.views.saturating_add(other.views);
        self.read((other.percent_read, other.pages_read));
        for kind in &other.kinds {
            self.add(&kind.name, kind.count, kind.last);
        }
    }

    /// Forgets kinds that did not happen for `ms`.
    pub fn drop_older(&mut self, now: Timestamp, ms: i64) {
        self.kinds.retain(|kind| now.since(kind.last) <= ms);
    }

    /// Takes in that a page was read so many percent farther, and whether it is another page: 1, else 0.
    pub fn read(&mut self, (percent, pages): (u32, u32)) {
        self.percent_read = self.percent_read.saturating_add(percent);
        self.pages_read = self.pages_read.saturating_add(pages);
    }

    /// How far pages are read in the mean, in percent of their lengths; `None` before the first.
    pub fn reading_depth(&self) -> Option<u32> {
        self.percent_read.checked_div(self.pages_read)
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

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint_u32(&mut self.views);
        codec.list(KINDS, &mut self.kinds, |codec, kind| {
            codec.text(&mut kind.name);
            codec.varint_u32(&mut kind.count);
            codec.time(&mut kind.last);
        });
        if codec.since(3) {
            codec.varint_u32(&mut self.pages_read);
            codec.varint_u32(&mut self.percent_read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Object;

    #[test]
    fn the_least_recent_kind_gives_way_when_there_are_too_many() {
        let mut history = History::default();
        for kind in 0..=KINDS {
            history.count(&format!("event_{kind}"), Timestamp::from_ms(1_000 + kind as i64));
        }
        let mut counts = Object::new();
        counts.renew(|counts| history.counts(counts));
        assert_eq!(counts.len(), KINDS);
        assert_eq!(counts.get("event_0"), None);
    }
}
