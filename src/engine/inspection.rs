//! What the engine can say of itself at one time, for developers: see `www/inspector/access.ts`.
//!
//! Nothing is recorded. What a part says is made by the part's own stage, from what decisions are made of.

mod experiments;
mod prompts;

use super::Engine;
use crate::condition::Condition;
use crate::condition::failed_leaf::{FailedLeaf, failed_leaf};
use crate::decision::Decision;
use crate::decision::explain::Reason;
use crate::decision::slot::Slot;
use crate::decision::strategy::{Elsewhere, Strategy};
use crate::profile::segment::Segment;
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// An `Inspection` of `www/inspector/access.ts`.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn inspect(&mut self, now: Timestamp) -> Object {
        self.refresh_context(now);
        let slots: Value = self.config.slots.iter().map(|slot| self.inspected_slot(slot, now)).collect();
        let segments = self.config.segments.iter().zip(&self.decision_context.matches.matched);
        let segments: Value = segments.map(|(segment, is_in)| self.inspected_segment(segment, *is_in)).collect();
        let profile = self.profile(now);
        Object::new()
            .with("at", now.ms() as f64)
            .with("consent", self.consent_in_effect())
            .with("slots", slots)
            .with("prompts", self.inspected_prompts(now))
            .with("segments", segments)
            .with("experiments", self.inspected_experiments(now))
            .with("attributes", profile.get("attributes").cloned())
            .with("profile", profile)
            .with("interests", self.inspected_interests(now))
            .with("timeline", self.store.timeline(&self.view.context.path))
            .with("previews", self.previews())
    }

    fn inspected_slot(&self, slot: &Slot, now: Timestamp) -> Object {
        let decision = self.decide(slot, now);
        let (items, offers) = (self.items_beside(slot), self.offers_beside(&slot.selection, &slot.id, now));
        let strategy = |strategy: &Strategy| {
            let evidence = self.evidence(Elsewhere { items: &items, offers: &offers }, now);
            let decision = slot.decide_by(core::slice::from_ref(strategy), evidence);
            Object::new()
                .with("by", strategy.name())
                .with("variant", decision.variant.clone())
                .with("score", decision.score)
                .with("reasons", inspected_reasons(&decision))
        };
        Object::new()
            .with("present", self.rendered_slots.is_present(&slot.id))
            .with("shown", self.rendered_slots.shown(&slot.id).flatten())
            .with("variants", slot.selection.variants.iter().map(|variant| variant.id.as_str()).collect::<Value>())
            .with("failed", self.failed_conditions(slot))
            .with("strategies", slot.selection.choose.iter().map(strategy).collect::<Value>())
            .with("reasons", inspected_reasons(&decision))
            .with("explanation", self.explanation(&decision))
    }

    /// A list of `{variant, leaf}` of the conditions of a slot and of its variants that do not hold; `variant` is `null` for
    /// the slot's own.
    fn failed_conditions(&self, slot: &Slot) -> Value {
        let variants = slot.selection.variants.iter().map(|variant| (Some(variant.id.as_str()), &variant.eligibility));
        let conditions = core::iter::once((None, &slot.eligibility)).chain(variants);
        let failed = conditions.filter_map(|(variant, eligibility)| {
            let leaf = self.failed_leaf(eligibility.when.as_ref()?)?;
            Some(Object::new().with("variant", variant).with("leaf", leaf.to_object()))
        });
        failed.collect()
    }

    /// The comparison for which a condition does not hold of the visitor.
    pub(super) fn failed_leaf(&self, condition: &Condition) -> Option<FailedLeaf> {
        failed_leaf(condition, &self.decision_context.attributes, self.scope())
    }

    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    fn inspected_segment(&self, segment: &Segment, is_in: bool) -> Object {
        let since = self.store.state.profile.memberships.since(&segment.id).filter(|_| is_in);
        let failed = if is_in { None } else { self.failed_leaf(&segment.when) };
        Object::new()
            .with("segment", segment.id.as_str())
            .with("in", is_in)
            .with("since", since.map(|since| since.ms() as f64))
            .with("failed", failed.map(|leaf| leaf.to_object()))
    }

    /// By dimension, a list of `{key, share, trend}`, the strongest first.
    fn inspected_interests(&self, now: Timestamp) -> Object {
        let interests = &self.store.state.profile.interests;
        let mut trends = Object::new();
        interests.trends(now, &mut trends);
        let mut by_dimension: Vec<(String, Vec<Value>)> = Vec::new();
        for row in interests.readable(&self.config.rules, now).items() {
            let (dimension, key) = (row.at("dimension").text(), row.at("key").text());
            let trend = trends.get(dimension).map_or(0.0, |trends| trends.at(key).number());
            let row = Object::new().with("key", key).with("share", row.at("share").clone()).with("trend", trend);
            match by_dimension.iter_mut().find(|(known, _)| known == dimension) {
                Some((_, rows)) => rows.push(row.into()),
                None => by_dimension.push((dimension.to_owned(), vec![row.into()])),
            }
        }
        by_dimension.into_iter().fold(Object::new(), |all, (dimension, rows)| all.with(&dimension, rows))
    }
}

/// The reasons of a decision, each by its name.
fn inspected_reasons(decision: &Decision) -> Value {
    decision.reasons.iter().map(Reason::to_object).collect()
}
