//! What a person can ask of a visit: what is known, what is kept, and why a slot shows what it does.

use super::{Sight, Visit};
use crate::page::{Area, decision_value};
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Visit {
    /// A decision with the segments that stood behind it and what the page shows, which may lag
    /// behind while the visitor looks at it.
    pub fn explain(&self, slot: &str, now: Timestamp) -> Option<Object> {
        let inside = self.sight(now).inside;
        let shown = self.showing.variant(slot);
        let decision = decision_value(&self.peek(slot, now)?);
        Some(
            decision
                .with("on_page", shown.is_some())
                .with("shown", shown.flatten())
                .with("segments", self.segment_ids(&inside)),
        )
    }

    fn segment_ids(&self, inside: &[usize]) -> Value {
        inside.iter().filter_map(|place| Some(self.config.segments.get(*place)?.id.as_str())).collect()
    }

    /// What is known of the visitor: the tree that conditions look at, the segments the visitor is
    /// in, the winning one first, the consent it rests on, and how many events came too fast to be
    /// counted.
    pub fn profile(&self, now: Timestamp) -> Object {
        let Sight { attributes, inside, .. } = self.sight(now);
        Object::new()
            .with("segments", self.segment_ids(&inside))
            .with("consent", self.consent.personalize.name())
            .with("dropped_events", self.flow.dropped)
            .with("attributes", attributes)
    }

    /// Everything that is kept, for the visitor to take away.
    pub fn exported(&self, now: Timestamp) -> Object {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let time = |moment: Timestamp| Value::Number(moment.ms() as f64);
        let kept = match self.keeping {
            Some(Area::Local) => "on this device",
            Some(Area::Session) => "in this tab",
            None => "in memory",
        };
        let seed = self.keeping.and(self.kept.profile.seed);
        self.profile(now)
            .with("version", 1_u32)
            .with("exported", time(now))
            .with("created", self.kept.profile.created.map(time))
            .with("kept", kept)
            .with("seed", seed.map(|seed| crate::number::whole(seed.0)))
            .with("prompts", self.kept.profile.encounters.readable())
            .with("counts", self.kept.ledger.readable())
            .with("exposures", self.kept.exposures.readable())
            .with("arms", self.kept.profile.arms.readable())
    }
}
