//! The hours in which no prompt is shown.

use crate::reader::Reader;
use crate::time::{DAY, MINUTE, Timestamp, Zone, clock_time, ms_of_day};

/// Hours of the visitor's own day, every day. They may go over midnight; none where they end as they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// When they begin, in ms after midnight.
    from_ms: i64,
    /// When they end, likewise.
    until_ms: i64,
}

impl QuietHours {
    /// Reads `{from: "22:00", until: "08:00"}`.
    pub fn read(at: &Reader<'_>) -> Option<QuietHours> {
        let keys = at.keys(&["from", "until"]);
        let time = |key| {
            at.field(key).text("a time of day such as 22:00", |text| clock_time(text).is_some()).and_then(clock_time)
        };
        let (from, until) = (time("from"), time("until"));
        keys?;
        Some(QuietHours { from_ms: from? * MINUTE, until_ms: until? * MINUTE })
    }

    /// When they end, where `now` lies in them.
    pub fn end(&self, now: Timestamp, zone: Zone) -> Option<Timestamp> {
        let at_ms = ms_of_day(now, zone);
        let since_ms = (at_ms - self.from_ms).rem_euclid(DAY);
        let length_ms = (self.until_ms - self.from_ms).rem_euclid(DAY);
        (since_ms < length_ms).then(|| now.plus(length_ms - since_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    #[test]
    fn quiet_hours_may_go_over_midnight_and_end_on_the_minute() {
        let night = QuietHours { from_ms: 22 * HOUR, until_ms: 8 * HOUR };
        let noon = QuietHours { from_ms: 12 * HOUR, until_ms: 13 * HOUR };
        let end = |hours: QuietHours, at_ms: i64| hours.end(Timestamp::from_ms(at_ms), Zone(0)).map(Timestamp::ms);
        for (hours, at_ms, expected) in [
            (night, 22 * HOUR - 1, None),
            (night, 22 * HOUR, Some(32 * HOUR)),
            (night, 24 * HOUR, Some(32 * HOUR)),
            (night, 32 * HOUR - 1, Some(32 * HOUR)),
            (night, 32 * HOUR, None),
            (noon, 12 * HOUR - 1, None),
            (noon, 12 * HOUR, Some(13 * HOUR)),
            (noon, 13 * HOUR, None),
        ] {
            assert_eq!(end(hours, at_ms), expected, "at {at_ms} ms");
        }
        let east = noon.end(Timestamp::from_ms(10 * HOUR), Zone(120)).map(Timestamp::ms);
        assert_eq!(east, Some(11 * HOUR), "the visitor's own noon");
    }
}
