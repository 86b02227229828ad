//! Which segments the visitor was last seen in, and since when, so that entering one is announced once.

use crate::codec::Codec;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most segments stored, as many as a config can have.
const LIMIT: usize = 200;

/// The segments a visitor is in, in the order of entering.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SegmentMemberships(Vec<Membership>);

#[derive(Clone, Debug, PartialEq, Default)]
struct Membership {
    segment: String,
    since: Timestamp,
}

impl SegmentMemberships {
    /// Whether the visitor was in it.
    pub fn has(&self, segment: &str) -> bool {
        self.0.iter().any(|known| known.segment == segment)
    }

    /// When the visitor entered it, if they are in it.
    pub fn since(&self, segment: &str) -> Option<Timestamp> {
        self.0.iter().find(|known| known.segment == segment).map(|known| known.since)
    }

    /// The visitor entered a segment, or left it.
    pub fn note(&mut self, segment: &str, entered: bool, at: Timestamp) {
        if !entered {
            self.0.retain(|known| known.segment != segment);
        } else if !self.has(segment) {
            if self.0.len() >= LIMIT {
                self.0.remove(0);
            }
            self.0.push(Membership { segment: segment.to_owned(), since: at });
        }
    }

    /// Drops segments that are no longer in the config.
    pub fn retain(&mut self, known: &dyn Fn(&str) -> bool) {
        self.0.retain(|membership| known(&membership.segment));
    }

    /// A list of `{segment, since}`, for the visitor to read.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn readable(&self) -> Value {
        let one = |membership: &Membership| {
            Object::new().with("segment", membership.segment.as_str()).with("since", membership.since.ms() as f64)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, membership| {
            codec.text(&mut membership.segment);
            codec.time(&mut membership.since);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use proptest::prelude::*;

    #[test]
    fn membership_counts_from_entering_and_ends_with_leaving() {
        let mut memberships = SegmentMemberships::default();
        let at = Timestamp::from_ms;
        memberships.note("hikers", true, at(5));
        memberships.note("hikers", true, at(9));
        assert_eq!(memberships.0, [Membership { segment: "hikers".to_owned(), since: at(5) }]);
        assert_eq!(memberships.since("hikers"), Some(at(5)));
        memberships.note("hikers", false, at(10));
        assert!(!memberships.has("hikers"));
        assert_eq!(memberships.since("hikers"), None);
    }

    #[test]
    fn of_too_many_segments_the_one_entered_first_is_forgotten() {
        let mut memberships = SegmentMemberships::default();
        for number in 0..=LIMIT {
            assert!(number < 2 || memberships.has("s1"), "all {number} find room");
            memberships.note(&format!("s{number}"), true, Timestamp::from_ms(5));
        }
        assert_eq!((memberships.has("s0"), memberships.has("s1"), memberships.has("s200")), (false, true, true));
        memberships.retain(&|segment| segment == "s7");
        let listed = serde_json::to_value(memberships.readable()).unwrap();
        assert_eq!(listed, serde_json::json!([{"segment": "s7", "since": 5.0}]));
    }

    proptest! {
        #[test]
        fn memberships_of_any_number_survive_their_snapshot(count in 195..210_usize) {
            let one = |number: usize| Membership { segment: format!("s{number}"), since: Timestamp::from_ms(9) };
            let mut memberships = SegmentMemberships((0..count).map(one).collect());
            let read = round_trip(&mut memberships, SegmentMemberships::code);
            prop_assert_eq!(&read.0[..], &memberships.0[count.saturating_sub(LIMIT)..]);
        }
    }
}
