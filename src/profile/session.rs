//! The current visit to the site: it ends after a time without anything happening, not at
//! midnight and not with a new campaign.
//!
//! Source: Google Analytics 4, "Sessions"; `sessionMinutes` of the config replaces its 30 minutes.

use crate::bytes::Codec;
use crate::time::{SECOND, Timestamp};
use crate::value::Object;

/// How many kinds of event one session tells apart.
const KINDS: usize = 32;

/// The current session.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Session {
    /// How many sessions there were, this one included; 0 before anything happened.
    pub number: u32,
    /// When it began.
    pub start: Timestamp,
    /// When anything happened last.
    pub last: Timestamp,
    /// Pages viewed in it.
    pub views: u32,
    /// Events in it, by name.
    events: Vec<(String, u32)>,
}

impl Session {
    /// Something happened at `at`: it belongs to this session, or begins a new one.
    pub fn touch(&mut self, at: Timestamp, session_ms: i64) {
        if self.number == 0 || at.since(self.last) > session_ms {
            *self =
                Session { number: self.number.saturating_add(1), start: at, last: at, views: 0, events: Vec::new() };
        }
        self.last = self.last.max(at);
    }

    /// Counts one event called `name`.
    pub fn count(&mut self, name: &str) {
        if let Some((_, count)) = self.events.iter_mut().find(|(known, _)| known == name) {
            *count = count.saturating_add(1);
        } else if self.events.len() < KINDS {
            self.events.push((name.to_owned(), 1));
        }
    }

    /// How long it has been going on, in ms.
    pub fn age_ms(&self, now: Timestamp) -> i64 {
        if self.number == 0 { 0 } else { now.since(self.start).max(0) }
    }

    /// The attributes `session.*`.
    pub fn attributes(&self, now: Timestamp) -> Object {
        let mut events = Object::new();
        for (name, count) in &self.events {
            events.set(name, *count);
        }
        let seconds = u32::try_from(self.age_ms(now) / SECOND).unwrap_or(u32::MAX);
        Object::new().with("views", self.views).with("seconds", seconds).with("events", events)
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.small(&mut self.number);
        codec.time(&mut self.start);
        codec.time(&mut self.last);
        codec.small(&mut self.views);
        codec.list(KINDS, &mut self.events, |codec, (name, count)| {
            codec.text(name);
            codec.small(count);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::MINUTE;

    #[test]
    fn a_session_ends_after_half_an_hour_without_anything() {
        let mut session = Session::default();
        for (minute, number, why) in
            [(0, 1, "the first"), (29, 1, "within"), (59, 1, "30 minutes after the last"), (90, 2, "31 minutes after")]
        {
            session.touch(Timestamp::from_ms(minute * MINUTE), 30 * MINUTE);
            assert_eq!(session.number, number, "{why}");
        }
        assert_eq!(session.start, Timestamp::from_ms(90 * MINUTE));
    }
}
