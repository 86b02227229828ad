//! How often prompts may be shown: a cap for each of them, and one budget for all.

use crate::number;
use crate::profile::prompt_history::PromptRecord;
use crate::reader::Reader;
use crate::time::{DAY, Timestamp};

/// How often something may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// Times in one session, 1 to 100.
    pub per_session: i32,
    /// Times in 24 hours, 1 to 100.
    pub per_day: i32,
    /// Times in seven days, 1 to 100.
    pub per_week: i32,
    /// Days of rest after it was declined or dismissed, 0 to 365.
    pub after_dismiss_days: f64,
    /// Days of rest after it was accepted, 0 to 365.
    pub after_accept_days: f64,
}

impl Caps {
    /// Those of a prompt that names none.
    pub const OF_A_PROMPT: Caps =
        Caps { per_session: 1, per_day: 1, per_week: 100, after_dismiss_days: 7.0, after_accept_days: 30.0 };
    /// None at all.
    pub const NONE: Caps = Caps {
        per_session: i32::MAX,
        per_day: i32::MAX,
        per_week: i32::MAX,
        after_dismiss_days: 0.0,
        after_accept_days: 0.0,
    };
    /// Those of all prompts together, where the site names none.
    pub const OF_ALL: Caps =
        Caps { per_session: 2, per_day: 3, per_week: 7, after_dismiss_days: 0.0, after_accept_days: 0.0 };
}

/// The keys of the config that say it.
pub const KEYS: [&str; 5] = ["perSession", "perDay", "perWeek", "afterDismissDays", "afterAcceptDays"];

/// Why something may not be shown again now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capped {
    /// It was shown as often as it may in this session.
    Session,
    /// It was shown as often as it may in 24 hours, or in seven days, until then.
    Until(Timestamp),
    /// It was answered, and rests until then.
    Rests(Timestamp),
}

impl Caps {
    /// Reads the five keys of the object at `at`; those that are missing are of `default`.
    pub fn read(at: &Reader<'_>, default: Caps) -> Option<Caps> {
        let times = |key, default| at.integer_or(key, default, 1..=100);
        let days = |key, default| at.number_or(key, default, 0.0..=365.0);
        let per_session = times("perSession", default.per_session);
        let per_day = times("perDay", default.per_day);
        let per_week = times("perWeek", default.per_week);
        let after_dismiss_days = days("afterDismissDays", default.after_dismiss_days);
        let after_accept_days = days("afterAcceptDays", default.after_accept_days);
        Some(Caps {
            per_session: per_session?,
            per_day: per_day?,
            per_week: per_week?,
            after_dismiss_days: after_dismiss_days?,
            after_accept_days: after_accept_days?,
        })
    }

    /// How each of the caps stands at `now`, after what became of it so far. What is more than a day ahead of `now` was
    /// recorded under a clock that was wrong, and does not count: it would block for as long as that clock was ahead.
    pub fn limits(&self, record: &PromptRecord, session_start: Timestamp, now: Timestamp) -> [Limit; 5] {
        let latest = now.plus(DAY);
        let shown = record.shown.get(..record.shown.partition_point(|at| *at <= latest)).unwrap_or_default();
        // Since then it was shown so many times.
        let shown_at = |times: i32| shown.get(shown.len().checked_sub(usize::try_from(times).ok()?)?);
        let times = |name, times: i32, since: Timestamp, capped| {
            let seen = shown.iter().filter(|at| **at >= since).count();
            let left = times.saturating_sub(i32::try_from(seen).unwrap_or(i32::MAX)).max(0);
            Limit { name, left: Some(left), capped }
        };
        let window = |name, most: i32, days: i64| {
            let length = days.saturating_mul(DAY);
            let until = shown_at(most).map(|at| at.plus(length)).filter(|until| now < *until);
            times(name, most, now.plus(-length).plus(1), until.map(Capped::Until))
        };
        #[allow(clippy::cast_precision_loss, reason = "a day in ms is far below 2^53")]
        let rest = |name, last: Option<Timestamp>, days: f64| {
            let until = last.filter(|at| *at <= latest).map(|at| at.plus(number::round(days * DAY as f64)));
            Limit { name, left: None, capped: until.filter(|until| now < *until).map(Capped::Rests) }
        };
        let in_session = shown_at(self.per_session).filter(|at| **at >= session_start).map(|_| Capped::Session);
        [
            times("per-session", self.per_session, session_start, in_session),
            window("per-day", self.per_day, 1),
            window("per-week", self.per_week, 7),
            rest("after-dismiss", record.dismissed_at, self.after_dismiss_days),
            rest("after-accept", record.accepted_at, self.after_accept_days),
        ]
    }
}

/// How one cap stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The name of its gate: `per-session`, `per-day`, `per-week`, `after-dismiss` or `after-accept`.
    pub name: &'static str,
    /// How often it may still be shown within it; `None` for the days of rest.
    pub left: Option<i32>,
    /// Why it may not be shown, where this cap says so.
    pub capped: Option<Capped>,
}

impl Capped {
    /// The one that holds longer, of equals this one. A session counts as the shortest.
    #[must_use]
    pub fn longer(self, other: Capped) -> Capped {
        if other.until() > self.until() { other } else { self }
    }

    /// Until when; `None` where the session has to end.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Capped::Session => None,
            Capped::Until(until) | Capped::Rests(until) => Some(until),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::prompt_history::PromptHistory;
    use crate::signal::PromptOutcome::{self, Accepted, Declined, Dismissed, Shown};

    /// When the prompt is considered; the session began an hour earlier.
    const NOW: i64 = 20_000 * DAY;
    const SESSION: i64 = NOW - DAY / 24;
    const CAPS: Caps =
        Caps { per_session: 100, per_day: 100, per_week: 100, after_dismiss_days: 0.0, after_accept_days: 0.0 };

    fn check(caps: Caps, history: &[(PromptOutcome, i64)]) -> Result<(), Capped> {
        let mut prompts = PromptHistory::default();
        for (outcome, at) in history {
            prompts.note("letter", *outcome, Timestamp::from_ms(*at));
        }
        let limits = caps.limits(&prompts.of(&|_| true), Timestamp::from_ms(SESSION), Timestamp::from_ms(NOW));
        for limit in limits {
            let left = limit.left.unwrap_or(i32::from(limit.capped.is_none()));
            assert_eq!(left == 0, limit.capped.is_some(), "{limit:?}");
        }
        limits.into_iter().filter_map(|limit| limit.capped).reduce(Capped::longer).map_or(Ok(()), Err)
    }

    #[test]
    fn each_cap_says_how_often_is_left_within_it() {
        let mut prompts = PromptHistory::default();
        for ago in [8 * DAY, 3 * DAY, DAY / 2, 5] {
            prompts.note("letter", Shown, Timestamp::from_ms(NOW - ago));
        }
        let caps = Caps { per_session: 2, per_day: 3, per_week: 4, ..CAPS };
        let limits = caps.limits(&prompts.of(&|_| true), Timestamp::from_ms(SESSION), Timestamp::from_ms(NOW));
        let left = limits.map(|limit| (limit.name, limit.left));
        let rests = [("after-dismiss", None), ("after-accept", None)];
        let caps = [("per-session", Some(1)), ("per-day", Some(1)), ("per-week", Some(1))];
        assert_eq!(left.to_vec(), [&caps[..], &rests].concat());
    }

    #[test]
    fn a_cap_counts_what_was_shown_in_its_time_and_nothing_earlier() {
        let session = Caps { per_session: 1, ..CAPS };
        let day = Caps { per_day: 2, ..CAPS };
        let week = Caps { per_week: 2, ..CAPS };
        let until = |ms| Err(Capped::Until(Timestamp::from_ms(ms)));
        for (caps, history, expected, why) in [
            (session, &[][..], Ok(()), "never shown"),
            (session, &[(Shown, SESSION - 1)], Ok(()), "shown just before the session began"),
            (session, &[(Shown, SESSION)], Err(Capped::Session), "the session began with it"),
            (session, &[(Shown, NOW)], Err(Capped::Session), "shown just now"),
            (day, &[(Shown, NOW - 5)], Ok(()), "once of two times"),
            (day, &[(Shown, NOW - 5), (Shown, NOW - 4)], until(NOW - 5 + DAY), "twice"),
            (day, &[(Shown, NOW - 4), (Shown, NOW - 5)], until(NOW - 5 + DAY), "another device's come last"),
            (day, &[(Shown, NOW - DAY), (Shown, NOW)], Ok(()), "24 hours ago is not within 24 hours"),
            (day, &[(Shown, NOW - DAY + 1), (Shown, NOW)], until(NOW + 1), "a millisecond less is"),
            (week, &[(Shown, NOW - 7 * DAY), (Shown, NOW)], Ok(()), "seven days ago is not within seven days"),
            (week, &[(Shown, NOW - 7 * DAY + 1), (Shown, NOW)], until(NOW + 1), "a millisecond less is"),
        ] {
            assert_eq!(check(caps, history), expected, "{why}");
        }
    }

    #[test]
    fn what_was_answered_rests_for_its_days_and_no_longer() {
        let half_a_day = DAY / 2;
        let dismissed = Caps { after_dismiss_days: 0.5, ..CAPS };
        let accepted = Caps { after_accept_days: 0.5, ..CAPS };
        for (caps, outcome, ago, left_ms, why) in [
            (dismissed, Declined, half_a_day, None, "declined half a day ago"),
            (dismissed, Declined, half_a_day - 1, Some(1), "a millisecond is missing"),
            (dismissed, Dismissed, half_a_day - 1, Some(1), "closed without an answer"),
            (dismissed, Accepted, 0, None, "what was accepted was not dismissed"),
            (accepted, Accepted, half_a_day, None, "accepted half a day ago"),
            (accepted, Accepted, half_a_day - 1, Some(1), "a millisecond is missing"),
            (accepted, Declined, 0, None, "what was declined was not accepted"),
        ] {
            let expected = left_ms.map_or(Ok(()), |ms| Err(Capped::Rests(Timestamp::from_ms(NOW + ms))));
            assert_eq!(check(caps, &[(outcome, NOW - ago)]), expected, "{why}");
        }
    }

    #[test]
    fn what_was_recorded_under_a_clock_far_ahead_does_not_count() {
        let day = Caps { per_day: 1, ..CAPS };
        let rests = Caps { after_dismiss_days: 7.0, ..CAPS };
        for (caps, outcome, ahead, expected) in [
            (day, Shown, DAY, Err(Capped::Until(Timestamp::from_ms(NOW + 2 * DAY)))),
            (day, Shown, DAY + 1, Ok(())),
            (rests, Declined, DAY, Err(Capped::Rests(Timestamp::from_ms(NOW + 8 * DAY)))),
            (rests, Declined, 365 * DAY, Ok(())),
        ] {
            assert_eq!(check(caps, &[(outcome, NOW + ahead)]), expected, "{ahead} ms ahead");
        }
    }

    #[test]
    fn of_several_caps_the_one_that_holds_longest_is_told() {
        let caps = Caps { per_session: 1, per_day: 1, after_dismiss_days: 7.0, ..CAPS };
        let history = [(Shown, NOW - 10), (Dismissed, NOW - 5)];
        assert_eq!(check(caps, &history), Err(Capped::Rests(Timestamp::from_ms(NOW - 5 + 7 * DAY))));
        assert_eq!(check(caps, &history[..1]), Err(Capped::Until(Timestamp::from_ms(NOW - 10 + DAY))));
    }
}
