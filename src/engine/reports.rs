//! What a person can ask for: what is known, what is stored, and why a slot shows what it does.

use super::Engine;
use crate::page::rendered_slots::Applied;
use crate::page::{Area, decision_value};
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// A decision with what it is based on and what the page shows, which may be something else while the
    /// visitor is looking, or where the variant could not be applied.
    pub fn explain(&mut self, slot: &str, now: Timestamp) -> Option<Object> {
        let decision = decision_value(&self.peek(slot, now)?);
        let applied = self.rendered_slots.applied(slot) == Some(Applied::Yes);
        Some(
            decision
                .with("onPage", self.rendered_slots.is_present(slot))
                .with("shown", self.rendered_slots.shown(slot).flatten())
                .with("applied", applied)
                .with("segments", self.segment_ids()),
        )
    }

    fn segment_ids(&self) -> Value {
        let ranked = self.decision_context.matches.ranked.iter();
        ranked.filter_map(|index| Some(self.config.segments.get(*index)?.id.as_str())).collect()
    }

    /// What is known of the visitor: the tree that conditions read, the segments the visitor is in, the winning
    /// one first, the consent it is based on, and how many events were dropped.
    pub fn profile(&mut self, now: Timestamp) -> Object {
        let attributes = self.all_attributes(now);
        let stored = u32::try_from(self.store.state.dropped).unwrap_or(u32::MAX);
        Object::new()
            .with("segments", self.segment_ids())
            .with("consent", self.consent.in_effect().personalize.name())
            .with("droppedEvents", stored.saturating_add(self.rate_limiter.dropped()))
            .with("attributes", attributes)
    }

    /// Everything that is stored, for the visitor to take away.
    pub fn export(&mut self, now: Timestamp) -> Object {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let time = |moment: Timestamp| Value::Number(moment.ms() as f64);
        let stored = match self.store.area() {
            Some(Area::Local) => "on this device",
            Some(Area::Session) => "in this tab",
            None => "in memory",
        };
        let report = self.profile(now);
        let state = &self.store.state;
        report
            .with("version", 1_u32)
            .with("exported", time(now))
            .with("created", state.profile.created.map(time))
            .with("stored", stored)
            .with("seed", self.store.seed().map(|seed| seed.0.to_string()))
            .with("prompts", state.prompt_counts.readable())
            .with("answers", state.profile.prompt_history.answers())
            .with("counts", state.ledger.readable())
            .with("exposures", state.exposures.readable())
            .with("stickyBuckets", state.profile.sticky_buckets.readable())
            .with("segmentMemberships", state.profile.memberships.readable())
            .with("items", state.profile.items.readable())
            .with("pages", state.profile.session.pages().to_vec())
            .with("eventCounts", state.profile.event_timestamps.readable())
            .with("bandits", state.profile.bandits.readable())
    }
}
