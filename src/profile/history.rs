//! How often and when each kind of event happened.

use crate::bytes::Codec;
use crate::list::remove;
use crate::time::Timestamp;
use crate::value::Object;

/// How many kinds of event are told apart; the least recent gives way.
const KINDS: usize = 64;

/// Counts of events over the whole history.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    /// Pages viewed.
    pub views: u32,
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
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.name == name) {
            kind.count = kind.count.saturating_add(1);
            kind.last = kind.last.max(at);
            return;
        }
        if self.kinds.len() >= KINDS {
            let oldest = self.kinds.iter().map(|kind| kind.last).min();
            if let Some(index) = self.kinds.iter().position(|kind| Some(kind.last) == oldest) {
                remove(&mut self.kinds, index);
            }
        }
        self.kinds.push(Kind { name: name.to_owned(), count: 1, last: at });
    }

    /// Forgets kinds that did not happen for `ms`.
    pub fn drop_older(&mut self, now: Timestamp, ms: i64) {
        self.kinds.retain(|kind| now.since(kind.last) <= ms);
    }

    /// When anything happened last.
    pub fn last(&self) -> Option<Timestamp> {
        self.kinds.iter().map(|kind| kind.last).max()
    }

    /// Counts by name: `{"view_item": 3}`.
    pub fn counts(&self) -> Object {
        let mut counts = Object::new();
        for kind in &self.kinds {
            counts.set(&kind.name, kind.count);
        }
        counts
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.small(&mut self.views);
        codec.list(KINDS, &mut self.kinds, |codec, kind| {
            codec.text(&mut kind.name);
            codec.small(&mut kind.count);
            codec.time(&mut kind.last);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recent_kind_gives_way_when_there_are_too_many() {
        let mut history = History::default();
        for kind in 0..=KINDS {
            history.count(&format!("event_{kind}"), Timestamp::from_ms(1_000 + kind as i64));
        }
        let counts = history.counts();
        assert_eq!(counts.len(), KINDS);
        assert_eq!(counts.get("event_0"), None);
    }
}
