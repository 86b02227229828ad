//! Goals: what counts as success of a slot or a prompt.

use crate::number;
use crate::reader::{Reader, is_event_name};
use crate::time::DAY;

/// The event that counts as success of what the visitor was exposed to before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Its name.
    pub event: String,
    /// How long after an exposure it is credited to that, in ms.
    pub attribution_ms: i64,
}

/// The keys of the config that say it.
pub const KEYS: [&str; 2] = ["goal", "attributionDays"];

impl Goal {
    /// Reads the two keys of the object at `at`; `None` inside where there is no goal.
    pub fn read(at: &Reader<'_>) -> Option<Option<Goal>> {
        let event = at.field("goal").optional(|at| at.text("the name of an event", is_event_name));
        let days = at.number_or("attributionDays", 1.0, 0.01..=90.0);
        let (event, days) = (event?, days?);
        #[allow(clippy::cast_precision_loss, reason = "a day in ms is far below 2^53")]
        let attribution_ms = number::round(days * DAY as f64);
        Some(event.map(|event| Goal { event: event.to_owned(), attribution_ms }))
    }
}

/// The goals of a site, each with the id of its slot or prompt.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Goals {
    /// Those of slots.
    pub slots: Vec<(String, Goal)>,
    /// Those of prompts.
    pub prompts: Vec<(String, Goal)>,
}

/// The goals among these that an event of this name reaches.
pub fn reached<'a>(goals: &'a [(String, Goal)], event: &'a str) -> impl Iterator<Item = (&'a str, i64)> {
    goals.iter().filter(move |(_, goal)| goal.event == event).map(|(id, goal)| (id.as_str(), goal.attribution_ms))
}
