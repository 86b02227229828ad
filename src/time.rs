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

/// The time of the visitor's day, in ms after midnight.
pub fn ms_of_day(now: Timestamp, zone: Zone) -> i64 {
    local_ms(now, zone).rem_euclid(DAY)
}

/// The same as a clock shows it: `14:05`.
///
/// ```
/// # use tailorbird::time::{time_of_day, Timestamp, Zone};
/// assert_eq!(time_of_day(Timestamp::from_ms(-1), Zone(0)), "23:59");
/// assert_eq!(time_of_day(Timestamp::from_ms(-1), Zone(60)), "00:59");
/// ```
pub fn time_of_day(now: Timestamp, zone: Zone) -> String {
    let minutes = ms_of_day(now, zone) / MINUTE;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Reads a time of day such as `08:30`, in minutes after midnight.
///
/// ```
/// # use tailorbird::time::clock_time;
/// assert_eq!(clock_time("08:30"), Some(510));
/// assert_eq!(clock_time("24:00"), None);
/// ```
pub fn clock_time(text: &str) -> Option<i64> {
    let [hours, minutes] = numbers(text, ':', [(2, 0..=23), (2, 0..=59)])?;
    Some(hours * 60 + minutes)
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

/// The visitor's date, by ISO 8601: `2026-11-28`.
///
/// ```
/// # use tailorbird::time::{date, Timestamp, Zone};
/// assert_eq!(date(Timestamp::from_ms(-1), Zone(0)), "1969-12-31");
/// assert_eq!(date(Timestamp::from_ms(-1), Zone(60)), "1970-01-01");
/// ```
pub fn date(now: Timestamp, zone: Zone) -> String {
    let (year, month, day) = civil_date(local_ms(now, zone).div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Reads a moment by ISO 8601, as RFC 3339 narrows it: date, `T`, hours and minutes, seconds or none, and the zone.
///
/// ```
/// # use tailorbird::time::moment;
/// assert_eq!(moment("1970-01-01T01:00+01:00").map(|at| at.ms()), Some(0));
/// assert_eq!(moment("2026-12-24T18:00Z").map(|at| at.ms()), Some(1_798_135_200_000));
/// assert_eq!(moment("2026-12-24T18:00"), None, "without a zone it is another moment for each visitor");
/// ```
pub fn moment(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once('T')?;
    let (clock, offset) = match rest.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = rest.rfind(['+', '-'])?;
            let (clock, zone) = rest.split_at_checked(at)?;
            let [hours, minutes] = numbers(zone.get(1..)?, ':', [(2, 0..=23), (2, 0..=59)])?;
            let east = hours * HOUR + minutes * MINUTE;
            (clock, if zone.starts_with('-') { -east } else { east })
        }
    };
    let [year, month, day] = numbers(date, '-', [(4, 0..=9999), (2, 1..=12), (2, 1..=31)])?;
    let [hours, minutes, seconds] = if clock.len() == 5 {
        let [hours, minutes] = numbers(clock, ':', [(2, 0..=23), (2, 0..=59)])?;
        [hours, minutes, 0]
    } else {
        numbers(clock, ':', [(2, 0..=23), (2, 0..=59), (2, 0..=59)])?
    };
    let days = days_since_1970(year, month, day);
    // The 31st of a month of 30 days is no date.
    (civil_date(days) == (year, month, day))
        .then(|| Timestamp::from_ms(days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND - offset))
}

/// Numbers of so many digits each, within their ranges.
fn numbers<const N: usize>(
    text: &str,
    separator: char,
    parts: [(usize, core::ops::RangeInclusive<i64>); N],
) -> Option<[i64; N]> {
    let mut written = text.split(separator);
    let mut read = [0; N];
    for (number, (digits, range)) in read.iter_mut().zip(parts) {
        let part =
            written.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok().filter(|number| range.contains(number))?;
    }
    written.next().is_none().then_some(read)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that a leap day is its last day.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, month) = (year.div_euclid(400), (month + 9) % 12);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of the Gregorian calendar, so many days after 1970-01-01.
///
/// Source: the same, `civil_from_days`.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_that_of_the_gregorian_calendar() {
        // Each was taken from `new Date(ms).toISOString()` in Node 20.
        for (ms, expected) in [
            (0, "1970-01-01"),
            (951_782_400_000, "2000-02-29"),
            (951_868_800_000, "2000-03-01"),
            (-2_203_891_200_001, "1900-02-28"),
            (-2_203_891_200_000, "1900-03-01"),
            (4_107_542_399_999, "2100-02-28"),
            (4_107_542_400_000, "2100-03-01"),
            (1_798_675_199_999, "2026-12-30"),
        ] {
            assert_eq!(date(Timestamp::from_ms(ms), Zone(0)), expected, "{ms}");
        }
    }

    #[test]
    fn every_day_of_eight_centuries_is_read_back() {
        for day in -150_000..150_000 {
            let (year, month, of_month) = civil_date(day);
            assert_eq!(days_since_1970(year, month, of_month), day);
        }
    }

    #[test]
    fn a_moment_has_a_date_a_time_and_a_zone() {
        let ms = |text: &str| moment(text).map(Timestamp::ms);
        assert_eq!(ms("2026-11-01T00:00+01:00"), Some(1_793_487_600_000));
        assert_eq!(ms("2026-11-01T00:00:59-05:30"), Some(1_793_511_059_000));
        assert_eq!(ms("2024-02-29T23:59:59Z"), Some(1_709_251_199_000));
        for wrong in [
            "",
            "2026-11-01",
            "2026-11-01T00:00",
            "2026-11-01 00:00Z",
            "2026-11-01t00:00z",
            "2026-11-01T24:00Z",
            "2026-11-01T00:60Z",
            "2026-11-01T00:00:60Z",
            "2026-11-01T00:00:00.5Z",
            "2026-13-01T00:00Z",
            "2026-00-01T00:00Z",
            "2026-11-31T00:00Z",
            "2025-02-29T00:00Z",
            "26-11-01T00:00Z",
            "2026-1-01T00:00Z",
            "2026-11-01T00:00+0100",
            "2026-11-01T00:00+24:00",
            "2026-11-01T00:00+01:60",
            "2026-11-01T00:00+01",
            "+026-11-01T00:00Z",
            "2026-11-01T00:00ZZ",
            "2026-11-01T+1:00Z",
        ] {
            assert_eq!(ms(wrong), None, "{wrong:?}");
        }
    }
}
