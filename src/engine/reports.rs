//! What a person can ask of a visit: what is known, what is kept, and why a slot shows what it does.

use super::Engine;
use crate::page::{Area, decision_value};
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// A decision with the segments that stood behind it and what the page shows, which may lag
    /// behind while the visitor looks at it.
    pub fn explain(&mut self, slot: &str, now: Timestamp) -> Option<Object> {
        let decision = decision_value(&self.peek(slot, now)?);
        let shown = self.rendered_slots.variant(slot);
        Some(
            decision
                .with("on_page", shown.is_some())
                .with("shown", shown.flatten())
                .with("segments", self.segment_ids()),
        )
    }

    fn segment_ids(&self) -> Value {
        self.decision_context
            .matches
            .ranked
            .iter()
            .filter_map(|place| Some(self.config.segments.get(*place)?.id.as_str()))
            .collect()
    }

    /// What is known of the visitor: the tree that conditions look at, the segments the visitor is
    /// in, the winning one first, the consent it rests on, and how many events came too fast to be
    /// counted.
    pub fn profile(&mut self, now: Timestamp) -> Object {
        let attributes = self.all_attributes(now);
        Object::new()
            .with("segments", self.segment_ids())
            .with("consent", self.consent.personalize.name())
            .with(
                "dropped_events",
                u32::try_from(self.state.dropped).unwrap_or(u32::MAX).saturating_add(self.rate_limiter.dropped),
            )
            .with("attributes", attributes)
    }

    /// Everything that is kept, for the visitor to take away.
    pub fn exported(&mut self, now: Timestamp) -> Object {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let time = |moment: Timestamp| Value::Number(moment.ms() as f64);
        let kept = match self.storage_area {
            Some(Area::Local) => "on this device",
            Some(Area::Session) => "in this tab",
            None => "in memory",
        };
        let seed = self.storage_area.and(self.state.profile.seed);
        self.profile(now)
            .with("version", 1_u32)
            .with("exported", time(now))
            .with("created", self.state.profile.created.map(time))
            .with("kept", kept)
            .with("seed", seed.map(|seed| crate::number::whole(seed.0)))
            .with("prompts", self.state.profile.prompt_history.readable())
            .with("counts", self.state.ledger.readable())
            .with("exposures", self.state.exposures.readable())
            .with("arms", self.state.profile.arms.readable())
            .with("entered", self.state.profile.memberships.readable())
            .with("counted", self.state.profile.event_timestamps.readable())
    }
}
