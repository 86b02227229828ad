//! Which prompt is due, if any: its trigger, its condition, and the caps that keep it from nagging.

use super::exit_intent::Sensitivity;
use crate::condition::{Condition, Scope};
use crate::profile::Profile;
use crate::profile::segment::read_place;
use crate::reader::Reader;
use crate::time::{DAY, Timestamp};
use crate::value::Value;

/// Something asked of the visitor. Its words belong to the page stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// Its name.
    pub id: String,
    /// How much leave intent it waits for, if for any.
    pub leave: Option<Sensitivity>,
    /// The place of the segment whose entering it waits for, if for any.
    pub enter: Option<usize>,
    /// Whom it is for; everybody without it.
    pub when: Option<Condition>,
    /// How often it may ask.
    pub caps: Caps,
}

/// How often a prompt may ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// Showings in one session, 1 to 100.
    pub per_session: i32,
    /// Showings in 24 hours, 1 to 100.
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
    /// Reads `prompts` of the config; their words are the page stage's.
    pub fn read_all(at: &Reader<'_>, root: &Value) -> Vec<Prompt> {
        at.list_with_ids(50, |at| Prompt::read(at, root))
    }

    fn read(at: &Reader<'_>, root: &Value) -> Prompt {
        at.object("id on when content caps");
        let on = at.field("on");
        on.object("leave enter");
        let leave = on.field("leave");
        let enter = on.field("enter");
        Prompt {
            id: at.field("id").id(),
            // Without any trigger the first is missed.
            leave: if enter.is_missing() || !leave.is_missing() { Some(Sensitivity::read(&leave)) } else { None },
            enter: enter.or(None, |at| read_place(at, root)),
            when: at.field("when").or(None, |at| Some(Condition::read(at))),
            caps: Caps::read(&at.section("caps", "perSession perDay afterDismissDays afterAcceptDays")),
        }
    }

    /// Whether the caps allow another rendered_slots at `now`.
    fn may_ask(&self, profile: &Profile, now: Timestamp) -> bool {
        let Some(record) = profile.prompt_history.with(&self.id) else { return true };
        let shown_since = |start: Timestamp| record.shown.iter().filter(|at| **at >= start).count();
        let within = |count: usize, cap: i32| i32::try_from(count).is_ok_and(|count| count < cap);
        #[allow(clippy::cast_precision_loss, reason = "a day in ms is far below 2^53")]
        let rested = |last: Option<Timestamp>, days: f64| {
            last.is_none_or(|last| now.since(last) >= crate::number::round(days * DAY as f64))
        };
        within(shown_since(profile.session.start), self.caps.per_session)
            && within(shown_since(now.plus(1 - DAY)), self.caps.per_day)
            && rested(record.dismissed_at, self.caps.after_dismiss_days)
            && rested(record.accepted_at, self.caps.after_accept_days)
    }
}

impl Caps {
    fn read(at: &Reader<'_>) -> Caps {
        let default = Caps::default();
        let count = |key: &str, absent| at.integer_or(key, absent, 1, 100);
        let days = |key: &str, absent| at.number_or(key, absent, 0.0, 365.0);
        Caps {
            per_session: count("perSession", default.per_session),
            per_day: count("perDay", default.per_day),
            after_dismiss_days: days("afterDismissDays", default.after_dismiss_days),
            after_accept_days: days("afterAcceptDays", default.after_accept_days),
        }
    }
}

/// The first prompt, in the order of the config, that is due of those that something has `triggered`.
pub fn due<'a>(
    prompts: &'a [Prompt],
    triggered: &dyn Fn(&Prompt) -> bool,
    profile: &Profile,
    attributes: &Value,
    now: Timestamp,
    scope: Scope<'_>,
) -> Option<&'a Prompt> {
    prompts.iter().find(|prompt| {
        triggered(prompt)
            && prompt.when.as_ref().is_none_or(|when| when.holds(attributes, scope))
            && prompt.may_ask(profile, now)
    })
}
