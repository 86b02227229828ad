//! Points in time, in milliseconds. The core never reads a clock: the caller passes the time.

/// Milliseconds in a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// A moment: milliseconds since 1970-01-01T00:00Z, within 100,000 years of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    const FURTHEST: i64 = 100_000 * 365 * DAY;

    /// The moment `ms` after 1970, clamped to the range.
    pub fn from_ms(ms: i64) -> Timestamp {
        Timestamp(ms.clamp(-Timestamp::FURTHEST, Timestamp::FURTHEST))
    }

    /// Milliseconds since 1970.
    pub fn ms(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to this moment; negative if that is later.
    pub fn since(self, earlier: Timestamp) -> i64 {
        // Cannot overflow: both are within the range.
        self.0 - earlier.0
    }

    /// The moment `ms` later.
    #[must_use]
    pub fn plus(self, ms: i64) -> Timestamp {
        Timestamp::from_ms(self.0.saturating_add(ms))
    }
}

/// The visitor's offset from universal time, in minutes east of it: 120 in Paris in summer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Zone(pub i32);

/// The hour of the visitor's day, 0 to 23.
pub fn hour(now: Timestamp, zone: Zone) -> u32 {
    u32::try_from(local_ms(now, zone).rem_euclid(DAY) / HOUR).unwrap_or(0)
}

/// The visitor's day of the week: 0 is Sunday, as in JavaScript's `getDay`.
///
/// ```
/// # use tailorbird::time::{weekday, Timestamp, Zone};
/// assert_eq!(weekday(Timestamp::from_ms(0), Zone(0)), 4); // 1970 began on a Thursday
/// ```
pub fn weekday(now: Timestamp, zone: Zone) -> u32 {
    u32::try_from((local_ms(now, zone).div_euclid(DAY) + 4).rem_euclid(7)).unwrap_or(0)
}

fn local_ms(now: Timestamp, zone: Zone) -> i64 {
    now.0 + i64::from(zone.0.clamp(-24 * 60, 24 * 60)) * MINUTE
}

/// Reads a duration such as `30m`, `1d`, `12h` or `90s`, in milliseconds: one to four digits that do not
/// begin with 0, and a unit.
///
/// ```
/// # use tailorbird::time::duration;
/// assert_eq!(duration("30m"), Some(1_800_000));
/// assert_eq!(duration("0d"), None);
/// ```
pub fn duration(text: &str) -> Option<i64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let well_formed = digits.len() <= 4 && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    let unit = match unit {
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    };
    let number: i64 = digits.parse().ok().filter(|_| well_formed)?;
    Some(number * unit)
}
