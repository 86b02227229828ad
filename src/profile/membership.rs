//! Which segments the visitor was last seen in, and since when: entering one is news only once.

use crate::codec::Codec;
use crate::list::remove;
use crate::text::same;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// How many segments are remembered, as many as a config can have.
const LIMIT: usize = 200;

/// The segments of a visitor, by name.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SegmentMemberships(Vec<(String, Timestamp)>);

impl SegmentMemberships {
    /// Whether the visitor was in it.
    pub fn has(&self, segment: &str) -> bool {
        self.0.iter().any(|(known, _)| same(known, segment))
    }

    /// The visitor entered a segment, or left it.
    pub fn note(&mut self, segment: &str, entered: bool, at: Timestamp) {
        if !entered {
            self.0.retain(|(known, _)| known != segment);
        } else if !self.has(segment) {
            if self.0.len() >= LIMIT {
                remove(&mut self.0, 0);
            }
            self.0.push((segment.to_owned(), at));
        }
    }

    /// Forgets segments that the site has no more.
    pub fn retain(&mut self, known: &dyn Fn(&str) -> bool) {
        self.0.retain(|(segment, _)| known(segment));
    }

    /// A list of `{segment, since}`, for the visitor to read.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn readable(&self) -> Value {
        let one = |(segment, since): &(String, Timestamp)| {
            Object::new().with("segment", segment.as_str()).with("since", since.ms() as f64)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, (segment, since)| {
            codec.text(segment);
            codec.time(since);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entering_counts_from_the_first_time_and_leaving_ends_it() {
        let mut memberships = SegmentMemberships::default();
        let at = Timestamp::from_ms;
        memberships.note("hikers", true, at(5));
        memberships.note("hikers", true, at(9));
        assert_eq!(memberships.0, [("hikers".to_owned(), at(5))]);
        memberships.note("hikers", false, at(10));
        assert!(!memberships.has("hikers"));
    }
}
