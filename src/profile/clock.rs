//! Whether the device's clock can be believed: one wrong reading must not end a profile.
//!
//! What is stored expires by the clock of the visitor's device. If that is a year off for one page view, everything
//! would expire at once. So a jump is not believed before a later day confirms it:
//!
//! - A time within 30 days of the latest believed one is believed, and becomes the latest if it is later.
//! - The first time outside of that is remembered as a jump, and not believed.
//! - If the next times are within 30 days of the believed ones again, the jump was an error and is forgotten.
//! - A time at least a day after the jump, on the same clock, confirms it: from then on the new clock is believed.
//!
//! A jump ahead that is not confirmed expires nothing: retention goes by the latest believed time. A clock that is
//! behind cannot expire anything, so it needs no such care, but it is not believed either until it is
//! confirmed, or every correct reading after it would be a jump. The price: a visitor who returns after
//! more than 30 days is, for one day more, a visitor whose profile has not expired.

use crate::codec::Codec;
use crate::time::{DAY, Timestamp};

/// The largest distance between two readings that needs no confirmation, in ms.
pub const PLAUSIBLE_MS: i64 = 30 * DAY;
/// How long after a jump a reading has to be to confirm it, in ms.
const CONFIRMED_AFTER_MS: i64 = DAY;

/// The times read from the device's clock so far, and which of them are believed.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Clock {
    /// The latest believed time; `None` before the first reading.
    latest: Option<Timestamp>,
    /// The first reading of a jump that is not confirmed yet.
    jump: Option<Timestamp>,
}

impl Clock {
    /// Takes note of a reading.
    pub fn observe(&mut self, at: Timestamp) {
        let Some(latest) = self.latest else {
            self.latest = Some(at);
            return;
        };
        if is_near(at, latest) {
            self.latest = Some(latest.max(at));
            self.jump = None;
            return;
        }
        self.jump = match self.jump {
            Some(jump) if confirms(at, jump) => {
                // Readings far apart from each other confirm the earlier one.
                let is_same = is_near(at, jump);
                self.latest = Some(if is_same { at } else { jump });
                (!is_same).then_some(at)
            }
            Some(jump) if is_near(at, jump) => Some(jump.min(at)),
            Some(_) | None => Some(at),
        };
    }

    /// Whether a reading that was observed is believed.
    pub fn believes(&self, at: Timestamp) -> bool {
        self.latest.is_some_and(|latest| is_near(at, latest))
    }

    /// The time to go by when things expire at `now`: `now` itself, or the latest believed time if `now` is a
    /// jump of more than `most_ms` ahead of it that is not confirmed.
    pub fn believed(&self, now: Timestamp, most_ms: i64) -> Timestamp {
        match self.latest {
            Some(latest) if now.since(latest) > most_ms.max(PLAUSIBLE_MS) => {
                let confirmed = self.jump.filter(|jump| confirms(now, *jump));
                // As in `observe`: a reading far from the jump confirms the jump, not itself.
                match confirmed {
                    Some(jump) if is_near(now, jump) => now,
                    Some(jump) => jump.max(latest),
                    None => latest,
                }
            }
            Some(_) | None => now,
        }
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.optional(&mut self.latest, Codec::time);
        codec.optional(&mut self.jump, Codec::time);
    }
}

/// Whether a reading at `at` confirms a jump first read at `jump`.
fn confirms(at: Timestamp, jump: Timestamp) -> bool {
    at.since(jump) >= CONFIRMED_AFTER_MS
}

fn is_near(one: Timestamp, other: Timestamp) -> bool {
    one.since(other).abs() <= PLAUSIBLE_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;

    fn after(days: &[i64]) -> Clock {
        let mut clock = Clock::default();
        days.iter().for_each(|day| clock.observe(Timestamp::from_ms(day * DAY)));
        clock
    }

    #[test]
    fn a_jump_is_believed_once_a_later_day_confirms_it() {
        let cases: [(&[i64], i64, i64, &str); 10] = [
            (&[], 700, 700, "nothing to compare with"),
            (&[0, 29, 58], 88, 88, "as far as may be"),
            (&[0], 31, 0, "a jump"),
            (&[0, 700], 700, 0, "the same reading again"),
            (&[0, 700], 701, 701, "a day later"),
            (&[0, 700, 701], 702, 702, "confirmed"),
            (&[0, 700, 1], 701, 1, "it was an error"),
            (&[0, 40], 90, 40, "a visitor who comes every 50 days is believed one visit later"),
            (&[0, 40, 90], 140, 90, "and so on"),
            (&[700, 0], 0, 0, "a clock that is behind expires nothing"),
        ];
        for (days, now, expected, why) in cases {
            let believed = after(days).believed(Timestamp::from_ms(now * DAY), 0);
            assert_eq!(believed, Timestamp::from_ms(expected * DAY), "{why}");
        }
    }

    #[test]
    fn a_reading_is_believed_up_to_30_days_from_the_latest() {
        for (ms, believed) in
            [(PLAUSIBLE_MS, true), (PLAUSIBLE_MS + 1, false), (-PLAUSIBLE_MS, true), (-PLAUSIBLE_MS - 1, false)]
        {
            let mut clock = after(&[0]);
            clock.observe(Timestamp::from_ms(ms));
            assert_eq!(clock.believes(Timestamp::from_ms(ms)), believed, "{ms} ms later");
        }
    }

    #[test]
    fn a_longer_absence_is_believed_where_it_may_be_that_long() {
        let believed = |ms: i64| after(&[0]).believed(Timestamp::from_ms(ms), 395 * DAY).ms();
        assert_eq!((believed(395 * DAY), believed(395 * DAY + 1)), (395 * DAY, 0));
    }

    #[test]
    fn a_clock_that_was_ahead_from_the_first_reading_on_is_corrected() {
        let clock = after(&[700, 0, 1]);
        assert!(clock.believes(Timestamp::from_ms(DAY)) && !clock.believes(Timestamp::from_ms(700 * DAY)));
    }

    #[test]
    fn a_clock_survives_its_snapshot() {
        let mut clock = after(&[0, 700]);
        assert_eq!(round_trip(&mut clock, Clock::code), clock);
    }
}
