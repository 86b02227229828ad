//! Prompts: which one is due, by its trigger, its condition, and the caps that keep it from nagging.

use super::eligibility::{self, Eligibility, Situation};
use super::exit_intent::Sensitivity;
use crate::number;
use crate::profile::Profile;
use crate::profile::segment::read_reference;
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::time::{DAY, Timestamp};
use crate::value::Value;

/// An overlay that asks the visitor something. Its content belongs to the page stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// Its id.
    pub id: String,
    /// How sensitive to exit intent it is, if that triggers it.
    pub exit: Option<Sensitivity>,
    /// The id of the segment whose entering triggers it, if one does.
    pub enter: Option<String>,
    /// When, where and for whom it may be shown.
    pub eligibility: Eligibility,
    /// How often it may be shown.
    pub caps: Caps,
}

/// How often a prompt may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// Times in one session, 1 to 100.
    pub per_session: i32,
    /// Times in 24 hours, 1 to 100.
    pub per_day: i32,
    /// Days of rest after it was declined or dismissed, 0 to 365.
    pub after_dismiss_days: f64,
    /// Days of rest after it was accepted, 0 to 365.
    pub after_accept_days: f64,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { per_session: 1, per_day: 1, after_dismiss_days: 7.0, after_accept_days: 30.0 }
    }
}

impl Prompt {
    /// Reads `prompts` of the config at `root`; those with a problem are left out. `read_content` reads the content
    /// of the prompt with this id, and answers its texts that have placeholders.
    pub fn read_all(
        at: &Reader<'_>,
        root: &Value,
        read_content: &mut dyn FnMut(&str, &Reader<'_>) -> Option<Vec<LocalizedText>>,
    ) -> Vec<Prompt> {
        at.list_with_ids(50, |at| {
            let prompt = Prompt::read(at, root);
            let texts = read_content(at.field("id").value().map_or("", Value::text), &at.field("content"))?;
            prompt.map(|prompt| Prompt { eligibility: Eligibility { texts, ..prompt.eligibility }, ..prompt })
        })
    }

    fn read(at: &Reader<'_>, root: &Value) -> Option<Prompt> {
        let keys = at.keys(&[&["id", "on", "content", "caps"][..], &eligibility::KEYS].concat());
        let on = at.field("on");
        let triggers = on.keys(&["exit", "enter"]);
        let (exit, enter) = (on.field("exit"), on.field("enter"));
        let id = at.field("id").id();
        // Without any trigger, exit intent is the one that is missing.
        let sensitivity =
            if exit.is_missing() && !enter.is_missing() { Some(None) } else { Sensitivity::read(&exit).map(Some) };
        let enter = enter.optional(|at| read_reference(at, root));
        let eligibility = Eligibility::read(at);
        let caps = at.field("caps").or(Caps::default(), Caps::read);
        keys?;
        triggers?;
        Some(Prompt { id: id?.to_owned(), exit: sensitivity?, enter: enter?, eligibility: eligibility?, caps: caps? })
    }

    /// Whether the caps allow to show it at `now`.
    fn is_allowed(&self, profile: &Profile, now: Timestamp) -> bool {
        let Some(record) = profile.prompt_history.with(&self.id) else { return true };
        let shown_since = |start: Timestamp| record.shown.iter().filter(|at| **at >= start).count();
        let within = |count: usize, cap: i32| i32::try_from(count).is_ok_and(|count| count < cap);
        #[allow(clippy::cast_precision_loss, reason = "a day in ms is far below 2^53")]
        let rested = |last: Option<Timestamp>, days: f64| {
            last.is_none_or(|last| now.since(last) >= number::round(days * DAY as f64))
        };
        within(shown_since(profile.session.start), self.caps.per_session)
            && within(shown_since(now.plus(1 - DAY)), self.caps.per_day)
            && rested(record.dismissed_at, self.caps.after_dismiss_days)
            && rested(record.accepted_at, self.caps.after_accept_days)
    }
}

impl Caps {
    fn read(at: &Reader<'_>) -> Option<Caps> {
        let keys = at.keys(&["perSession", "perDay", "afterDismissDays", "afterAcceptDays"]);
        let default = Caps::default();
        let times = |key, default| at.field(key).or(default, |at| at.integer(1..=100));
        let days = |key, default| at.field(key).or(default, |at| at.number(0.0..=365.0));
        let (per_session, per_day) = (times("perSession", default.per_session), times("perDay", default.per_day));
        let after_dismiss_days = days("afterDismissDays", default.after_dismiss_days);
        let after_accept_days = days("afterAcceptDays", default.after_accept_days);
        keys?;
        Some(Caps {
            per_session: per_session?,
            per_day: per_day?,
            after_dismiss_days: after_dismiss_days?,
            after_accept_days: after_accept_days?,
        })
    }
}

/// The first prompt, in the order of the config, that is due among the `triggered` ones.
pub fn due<'a>(
    prompts: &'a [Prompt],
    triggered: &dyn Fn(&Prompt) -> bool,
    profile: &Profile,
    situation: Situation<'_>,
) -> Option<&'a Prompt> {
    prompts.iter().find(|prompt| {
        triggered(prompt) && prompt.eligibility.check(situation).is_ok() && prompt.is_allowed(profile, situation.now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::PromptOutcome::{self, Accepted, Declined, Dismissed, Shown};

    /// When the prompt is considered; the session began an hour earlier.
    const NOW: i64 = 20_000 * DAY;
    const SESSION: i64 = NOW - DAY / 24;
    const CAPS: Caps = Caps { per_session: 100, per_day: 100, after_dismiss_days: 0.0, after_accept_days: 0.0 };

    fn is_allowed(caps: Caps, history: &[(PromptOutcome, i64)]) -> bool {
        let mut profile = Profile::default();
        profile.session.start = Timestamp::from_ms(SESSION);
        for (outcome, at) in history {
            profile.prompt_history.note("letter", *outcome, Timestamp::from_ms(*at));
        }
        let prompt = Prompt { id: "letter".into(), exit: None, enter: None, eligibility: Eligibility::default(), caps };
        prompt.is_allowed(&profile, Timestamp::from_ms(NOW))
    }

    #[test]
    fn a_cap_counts_what_was_shown_in_its_time_and_nothing_earlier() {
        let session = Caps { per_session: 1, ..CAPS };
        let day = Caps { per_day: 2, ..CAPS };
        for (caps, history, allowed, why) in [
            (session, &[][..], true, "never shown"),
            (session, &[(Shown, SESSION - 1)], true, "shown just before the session began"),
            (session, &[(Shown, SESSION)], false, "the session began with it"),
            (session, &[(Shown, NOW)], false, "shown just now"),
            (day, &[(Shown, NOW - 5)], true, "once of two times"),
            (day, &[(Shown, NOW - 5), (Shown, NOW - 4)], false, "twice"),
            (day, &[(Shown, NOW - DAY), (Shown, NOW)], true, "24 hours ago is not within 24 hours"),
            (day, &[(Shown, NOW - DAY + 1), (Shown, NOW)], false, "a millisecond less is"),
        ] {
            assert_eq!(is_allowed(caps, history), allowed, "{why}");
        }
    }

    #[test]
    fn a_prompt_that_was_answered_rests_for_its_days_and_no_longer() {
        let half_a_day = DAY / 2;
        let dismissed = Caps { after_dismiss_days: 0.5, ..CAPS };
        let accepted = Caps { after_accept_days: 0.5, ..CAPS };
        for (caps, outcome, ago, allowed, why) in [
            (dismissed, Declined, half_a_day, true, "declined half a day ago"),
            (dismissed, Declined, half_a_day - 1, false, "a millisecond is missing"),
            (dismissed, Dismissed, half_a_day - 1, false, "closed without an answer"),
            (dismissed, Accepted, 0, true, "what was accepted was not dismissed"),
            (accepted, Accepted, half_a_day, true, "accepted half a day ago"),
            (accepted, Accepted, half_a_day - 1, false, "a millisecond is missing"),
            (accepted, Declined, 0, true, "what was declined was not accepted"),
        ] {
            assert_eq!(is_allowed(caps, &[(outcome, NOW - ago)]), allowed, "{why}");
        }
    }
}
