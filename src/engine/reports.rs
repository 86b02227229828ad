//! What a person can ask for: what is known, what is stored, and why a slot shows what it does.

use super::Engine;
use crate::decision::Decision;
use crate::page::rendered_slots::Applied;
use crate::page::{Area, decision_value};
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// A decision with what it is based on and what the page shows, which may be something else while the
    /// visitor is looking, or where the variant could not be applied.
    pub fn explain(&mut self, slot: &str, now: Timestamp) -> Option<Object> {
        let decision = self.peek(slot, now)?;
        Some(self.explanation(&decision))
    }

    /// The same of a decision that was made.
    pub(super) fn explanation(&self, decision: &Decision) -> Object {
        let listed = |name: &'static str, list: &[(String, f64)]| -> Value {
            list.iter().map(|(key, score)| Object::new().with(name, key.as_str()).with("score", *score)).collect()
        };
        let contributions = listed("from", &decision.scores.contributions);
        let alternatives = listed("variant", &decision.scores.alternatives);
        let slot = &decision.slot;
        decision_value(decision)
            .with("contributions", contributions)
            .with("alternatives", alternatives)
            .with("onPage", self.rendered_slots.is_present(slot))
            .with("shown", self.rendered_slots.shown(slot).flatten())
            .with("applied", self.rendered_slots.applied(slot) == Some(Applied::Yes))
            .with("segments", self.segment_ids())
    }

    fn segment_ids(&self) -> Value {
        let ranked = self.decision_context.matches.ranked.iter();
        ranked.filter_map(|index| Some(self.config.segments.get(*index)?.id.as_str())).collect()
    }

    /// What is known of the visitor: the tree that conditions read, the interests, the segments the visitor is in, the
    /// winning one first, the consent it is based on, whether they have paused, and how many events were dropped.
    pub fn profile(&mut self, now: Timestamp) -> Object {
        let attributes = self.all_attributes(now);
        let stored = u32::try_from(self.store.state.dropped).unwrap_or(u32::MAX);
        Object::new()
            .with("segments", self.segment_ids())
            .with("consent", self.consent.state())
            .with("consentSource", self.consent.in_effect().source.name())
            .with("measure", self.consent.may_measure())
            .with("paused", self.store.is_paused())
            .with("interests", self.store.state.profile.interests.readable(&self.config.rules, now))
            .with("droppedEvents", stored.saturating_add(self.rate_limiter.dropped()))
            .with("attributes", attributes)
    }

    /// What came of what was shown, by the counts of this device: a `DeviceReport` of `www/loader/types.ts`.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn report(&self) -> Object {
        let state = &self.store.state;
        Object::new()
            .with("since", state.profile.created.map(|created| created.ms() as f64))
            .with("sessions", state.profile.session.number)
            .with("slots", state.ledger.report())
            .with("prompts", state.prompt_counts.readable())
            .with("experiments", state.exposures.readable())
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
        let rules = &self.config.rules;
        let retention = Object::new()
            .with("eventDays", f64::from(rules.event_days))
            .with("profileDays", f64::from(rules.profile_days));
        let state = &self.store.state;
        report
            .with("version", 1_u32)
            .with("exported", time(now))
            .with("created", state.profile.created.map(time))
            .with("stored", stored)
            .with("retention", retention)
            .with("seed", self.store.seed().map(|seed| seed.0.to_string()))
            .with("prompts", state.prompt_counts.readable())
            .with("answers", state.profile.prompt_history.answers())
            .with("counts", state.ledger.readable())
            .with("exposures", state.exposures.readable())
            .with("reports", state.reports.readable())
            .with("stickyBuckets", state.profile.sticky_buckets.readable())
            .with("segmentMemberships", state.profile.memberships.readable())
            .with("items", state.profile.items.readable())
            .with("pages", state.profile.session.pages().to_vec())
            .with("eventCounts", state.profile.event_timestamps.readable())
            .with("bandits", state.profile.bandits.readable())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::host::Native;
    use crate::random::Seed;
    use crate::signal::Signal;
    use crate::signal::event::Event;

    #[test]
    fn an_explanation_says_what_adds_up_to_the_score_and_what_else_there_was() {
        let config = r#"{"version": 1, "interests": {"prior": 0}, "slots": [{"id": "hero",
            "choose": [{"by": "interest", "events": 1}], "variants": [
            {"id": "outdoor", "tags": {"category": ["boots", "tents"]}, "content": {"text": {"": "a"}}},
            {"id": "socks", "tags": {"category": "socks"}, "content": {"text": {"": "b"}}},
            {"id": "boots", "tags": {"category": "boots"}, "content": {"text": {"": "c"}}}]}]}"#;
        let config = Config::read(&serde_json::from_str(config).unwrap()).unwrap();
        let mut engine = Engine::new(config, Seed(1), Box::new(Native));
        let now = Timestamp::from_ms(1_000);
        for category in ["boots", "boots", "tents", "socks"] {
            let item = Object::new().with("item_id", category).with("item_category", category);
            let params = Object::new().with("items", vec![item]).into();
            engine.dispatch(Signal::Event(Event::read("view_item", &params, &Native).unwrap()), now);
        }
        let explanation = engine.explain("hero", now).unwrap();
        let json = |key: &str| serde_json::to_string(explanation.get(key).unwrap()).unwrap();
        assert_eq!(json("score"), "0.75");
        assert_eq!(json("contributions"), r#"[{"from":"boots","score":0.5},{"from":"tents","score":0.25}]"#);
        assert_eq!(json("alternatives"), r#"[{"variant":"boots","score":0.5},{"variant":"socks","score":0.25}]"#);
    }
}
