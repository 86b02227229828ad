//! What makes a prompt due.

use crate::decision::exit_intent::Sensitivity;
use crate::profile::engagement::Engagement;
use crate::profile::{area, segment};
use crate::reader::{Reader, is_event_name};
use crate::time::{Timestamp, duration};
use crate::value::Value;

/// What makes a prompt due: any one of these, and then its delay. A call of the site makes every prompt due.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Triggers {
    /// Exit intent, at this sensitivity.
    pub exit: Option<Sensitivity>,
    /// The visitor enters the segment with this id.
    pub enter: Option<String>,
    /// An event of this name.
    pub event: Option<String>,
    /// How far down the page the visitor comes, as a share of its length, 0.01 to 1.
    pub scroll: Option<f64>,
    /// How long the visitor is engaged with the page view, in ms.
    pub engaged_ms: Option<i64>,
    /// How many page views the session has, 1 to 100.
    pub views: Option<u32>,
    /// The first element that this CSS selector finds comes into view.
    pub visible: Option<String>,
    /// The visitor comes into the area with this id.
    pub near: Option<String>,
    /// How long there was no input before the visitor moves again, in ms.
    pub idle_ms: Option<i64>,
    /// How long a prompt that is due waits, in ms.
    pub delay_ms: i64,
}

/// The keys of `on` that say when a prompt is due.
const TRIGGERS: [&str; 10] =
    ["exit", "enter", "event", "scroll", "engaged", "views", "idle", "visible", "near", "call"];

impl Triggers {
    /// Reads `on` of a prompt in the config at `root`.
    pub fn read(on: &Reader<'_>, root: &Value) -> Option<Triggers> {
        let keys = on.keys(&[&TRIGGERS[..], &["delay"]].concat());
        let exit = on.field("exit");
        // Without any trigger, exit intent is the one that is missing.
        let has_other = TRIGGERS.iter().any(|key| *key != "exit" && !on.field(key).is_missing());
        let exit = if exit.is_missing() && has_other { Some(None) } else { Sensitivity::read(&exit).map(Some) };
        let enter = on.field("enter").optional(|at| segment::read_reference(at, root));
        let near = on.field("near").optional(|at| area::read_reference(at, root));
        let event = on.field("event").optional(|at| at.text("the name of an event", is_event_name));
        let scroll = on.field("scroll").optional(|at| at.number(0.01..=1.0));
        let views = on.field("views").optional(|at| at.integer(1..=100));
        let visible = on.field("visible").optional(|at| at.text_within(1..=300));
        let time = |key| on.field(key).optional(read_duration);
        let (engaged_ms, idle_ms, delay_ms) = (time("engaged"), time("idle"), time("delay"));
        // What a call makes due needs no other trigger, and there is nothing to switch off.
        let call = on.field("call").optional(|at| match at.value() {
            Some(Value::Bool(true)) => Some(()),
            _ => {
                at.expected("true");
                None
            }
        });
        keys?;
        call?;
        Some(Triggers {
            exit: exit?,
            enter: enter?,
            event: event?.map(str::to_owned),
            scroll: scroll?,
            engaged_ms: engaged_ms?,
            views: views?.map(i32::unsigned_abs),
            visible: visible?.map(str::to_owned),
            near: near?,
            idle_ms: idle_ms?,
            delay_ms: delay_ms?.unwrap_or(0),
        })
    }

    /// Whether the page view has gone far enough.
    pub fn are_reached(&self, engagement: &Engagement, views: u32, now: Timestamp) -> bool {
        self.scroll.is_some_and(|scroll| engagement.depth() >= scroll)
            || self.engaged_ms.is_some_and(|ms| engagement.engaged_ms(now) >= ms)
            || self.views.is_some_and(|least| views >= least)
    }

    /// When the visitor will have been engaged for long enough without another input, if nothing changes.
    pub fn reached_at(&self, engagement: &Engagement, now: Timestamp) -> Option<Timestamp> {
        let missing_ms = self.engaged_ms?.saturating_sub(engagement.engaged_ms(now));
        let at = now.plus(missing_ms);
        (missing_ms > 0 && engagement.engaged_ms(at) >= self.engaged_ms?).then_some(at)
    }
}

fn read_duration(at: &Reader<'_>) -> Option<i64> {
    at.text("a time such as 30s, 2m or 1h", |text| duration(text).is_some()).and_then(duration)
}
