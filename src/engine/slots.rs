//! The slots on the page: they are brought in line with what is decided, and what they show is announced and counted.

use super::Engine;
use super::rendering::Rendering;
use crate::decision::Decision;
use crate::decision::explain::Reason;
use crate::page::{DomEvent, Effect, Show, decision_value};
use crate::profile::attributes::AttributeGroups;
use crate::profile::journal::JournalEvent;
use crate::time::Timestamp;
use crate::value::Object;

impl Engine {
    pub(super) fn impression(&mut self, slot: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(variant) = self.rendered_slots.shown(slot).map(|variant| variant.map(str::to_owned)) else { return };
        if self.is_preview() || !self.view.is_first_impression(slot, variant.as_deref()) {
            return;
        }
        let detail = Object::new().with("slot", slot).with("variant", variant.clone());
        effects.push(Effect::DomEvent(DomEvent::Impression, detail));
        self.record(JournalEvent::Impression(slot.to_owned(), variant), now);
    }

    /// Records that the visitor was exposed to a variant, once for each page view; in a preview nobody is.
    pub(super) fn record_exposure(&mut self, decision: Decision, now: Timestamp) {
        if self.is_preview() {
            return;
        }
        let trial = self.trial(&decision, now);
        self.expose(decision.exposures, decision.sticky, now);
        if self.view.is_first_exposure(&decision.slot, decision.variant.as_deref()) {
            self.record(JournalEvent::Exposed(decision.slot, decision.variant), now);
            if let Some(trial) = trial {
                self.record(trial, now);
            }
        }
    }

    /// Brings the slots on the page in line with what is known now, where something they depend on has changed: in these
    /// groups of attributes, or where that is all of them, in something else.
    pub(super) fn reconcile_slots(&mut self, changed: AttributeGroups, now: Timestamp, effects: &mut Vec<Effect>) {
        if changed == AttributeGroups::ALL {
            self.rendered_slots.unsettle();
        }
        let mut requests = Vec::new();
        let is_preview = self.is_preview();
        for place in 0..self.rendered_slots.len() {
            let Some(slot) = self.rendered_slots.id(place).and_then(|id| self.config.slot(id)) else { continue };
            if !slot.reads.intersects(changed) && self.rendered_slots.is_settled(&slot.id) {
                if !is_preview {
                    self.last_decisions.keep(&slot.id);
                }
                continue;
            }
            let decision = self.decide(slot, now);
            requests.extend(self.rank_requests(slot, &decision, now));
            if changed == AttributeGroups::ALL || !self.is_rendered(slot, &decision) {
                let (variant, changes) = match self.rendering(&decision, effects) {
                    Rendering::OwnContent => (None, None),
                    Rendering::Template => (decision.variant.clone(), None),
                    Rendering::Changes(changes) => (decision.variant.clone(), Some(changes)),
                };
                if self.rendered_slots.change(&slot.id, variant.as_deref(), changes.as_ref()) {
                    effects.push(match variant {
                        Some(variant) => Effect::Show(Show { slot: slot.id.clone(), variant, changes }),
                        None => Effect::Revert { slot: slot.id.clone() },
                    });
                }
            }
            self.note_shown(decision, now, effects);
        }
        self.ask_model(requests, effects);
    }

    /// Notes a decision for the next visit and announces it, if that is what its slot shows. A change that waits, or that
    /// the page has not answered yet, is announced when it comes.
    fn note_shown(&mut self, decision: Decision, now: Timestamp, effects: &mut Vec<Effect>) {
        let is_shown = self.rendered_slots.shown(&decision.slot) == Some(decision.variant.as_deref());
        let was_settled = self.rendered_slots.settle(&decision.slot, is_shown);
        if !is_shown {
            return self.rendered_slots.set_awaited(decision, now);
        }
        let is_noted = was_settled && !decision.reasons.contains(&Reason::Booted);
        if self.is_preview() {
            // It is no visitor who sees this.
        } else if is_noted {
            self.last_decisions.keep(&decision.slot);
        } else {
            let next = self.next_on_boot(&decision, now);
            let (variant, changes) = next
                .as_ref()
                .map_or((&decision.variant, self.rendered_slots.changes(&decision.slot)), |(variant, changes)| {
                    (variant, changes.as_ref())
                });
            self.last_decisions.note(&decision.slot, variant.as_deref(), changes);
        }
        let is_announced = self.view.is_announced(&decision.slot, decision.variant.as_deref());
        // A variation can come to a slot that shows the same already: the control, after a late yes.
        if !is_announced || self.has_new_exposure(&decision.exposures) {
            self.announce(decision, is_announced, now, effects);
        }
    }

    /// Announces a decision whose variant is shown, and records the exposure.
    fn announce(&mut self, decision: Decision, is_announced: bool, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.view.context.is_prerendering {
            return;
        }
        if !is_announced {
            self.view.set_announced(&decision.slot, decision.variant.as_deref());
            let detail = decision_value(&decision).with("applied", true);
            effects.push(Effect::DomEvent(DomEvent::Decision, detail));
        }
        self.record_exposure(decision, now);
    }

    pub(super) fn on_applied(&mut self, slot: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(slot) = self.config.slot(slot) else { return };
        // A page mostly answers at once, when what was decided is decided still.
        let decided = self.rendered_slots.take_awaited(&slot.id, now).filter(|_| self.decision_context.is_current(now));
        let decision = decided.unwrap_or_else(|| self.decide(slot, now));
        // Where something else is decided by now, the slot waits for its turn to change.
        self.note_shown(decision, now, effects);
        self.save_decisions(effects);
    }

    pub(super) fn on_not_applied(
        &mut self,
        slot: &str,
        variant: &str,
        reason: &str,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        effects.push(Effect::Warn(format!("slot \"{slot}\": variant \"{variant}\" is not shown: {reason}")));
        let Some(slot) = self.config.slot(slot) else { return };
        let decision = self.decide(slot, now);
        if decision.variant.as_deref() == Some(variant) {
            let detail = decision_value(&decision).with("applied", false).with("problem", reason);
            effects.push(Effect::DomEvent(DomEvent::Decision, detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::host::Native;
    use crate::page::content::Change;
    use crate::random::Seed;
    use crate::signal::Signal;
    use crate::signal::context::PageContext;
    use crate::signal::event::Event;
    use crate::time::DAY;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// A slot for each thing that slots can depend on.
    const CONFIG: &str = r#"{
        "version": 1,
        "catalog": [
            {"item_id": "i0", "item_category": "boots", "popularity": 0.5}, {"item_id": "i1", "item_category": "boots"},
            {"item_id": "i2", "item_category": "tents"}, {"item_id": "i3", "item_category": "tents"}
        ],
        "segments": [
            {"id": "full", "when": {"cart.quantity": {"$gte": 3}}},
            {"id": "long", "when": {"session.seconds": {"$gte": 100}}}
        ],
        "slots": [
            {"id": "by-segment", "choose": [{"by": "segment"}, {"by": "popular"}], "variants": [
                {"id": "full", "segment": "full", "content": {"text": {"": "full"}}},
                {"id": "long", "segment": "long", "content": {"text": {"": "long"}}},
                {"id": "else", "weight": 1, "content": {"text": {"": "else"}}}
            ]},
            {"id": "by-interest", "choose": [{"by": "interest", "events": 1}], "variants": [
                {"id": "boots", "tags": {"category": "boots"}, "content": {"text": {"": "boots"}}},
                {"id": "tents", "tags": {"category": "tents"}, "content": {"text": {"": "tents"}}}
            ]},
            {"id": "by-placeholder", "choose": [{"by": "popular"}], "variants": [
                {"id": "basket", "weight": 1, "content": {"text": {"": "{{ cart.quantity }} in your basket"}}}
            ]},
            {"id": "by-own-condition", "when": {"segment.full": true}, "choose": [{"by": "popular"}], "variants": [
                {"id": "full", "weight": 1, "content": {"text": {"": "full"}}}
            ]},
            {"id": "by-variant-condition", "choose": [{"by": "popular"}], "variants": [
                {"id": "often", "weight": 1, "when": {"count.view_item.category.boots.1d": {"$gte": 2}},
                    "content": {"text": {"": "often"}}},
                {"id": "long", "weight": 0.5, "when": {"session.seconds": {"$gte": 50}},
                    "content": {"text": {"": "long"}}}
            ]},
            {"id": "by-shelf", "choose": [{"by": "recommend", "count": 2}]},
            {"id": "one-offer", "choose": [{"by": "segment"}], "variants": [
                {"id": "full", "segment": "full", "offer": "tenth-off", "value": 1, "content": {"text": {"": "offer"}}}
            ]},
            {"id": "same-offer", "choose": [{"by": "popular"}], "variants": [
                {"id": "else", "weight": 1, "offer": "tenth-off", "content": {"text": {"": "offer"}}}
            ]}
        ]
    }"#;

    /// Sends a signal to a page that applies at once whatever it is asked to show.
    fn send(engine: &mut Engine, signal: Signal, now: Timestamp) {
        for effect in engine.dispatch(signal, now) {
            if let Effect::Show(Show { slot, variant, .. }) = effect {
                send(engine, Signal::SlotApplied { slot, variant }, now);
            }
        }
    }

    /// What a slot would show, decided and rendered from scratch.
    fn anew(engine: &mut Engine, slot: &str, now: Timestamp) -> (Option<String>, Arc<[Change]>) {
        let decision = engine.peek(slot, now).unwrap();
        match engine.rendering(&decision, &mut Vec::new()) {
            Rendering::OwnContent => (None, Arc::default()),
            Rendering::Template => (decision.variant, Arc::default()),
            Rendering::Changes(changes) => (decision.variant, changes),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Slots are left alone while nothing that they read has changed.
        #[test]
        fn every_slot_shows_what_it_would_if_it_were_decided_anew(
            steps in prop::collection::vec((0..5_usize, 0..4_usize, 0..4_usize), 1..30),
        ) {
            let config = Config::read(&serde_json::from_str(CONFIG).unwrap()).unwrap();
            let slots: Vec<String> = config.slots.iter().map(|slot| slot.id.clone()).collect();
            prop_assert_eq!((slots.len(), config.problems.lines()), (8, Vec::<String>::new()));
            let mut engine = Engine::new(config, Seed(1), Box::new(Native));
            let mut now = Timestamp::from_ms(20_600 * DAY);
            send(&mut engine, Signal::PageView(PageContext::default()), now);
            send(&mut engine, Signal::SlotsPresent(slots.clone()), now);
            send(&mut engine, Signal::Ready, now);
            for (name, item, gap) in steps {
                now = now.plus([1, 700, 30_000, DAY / 2][gap]);
                let name = ["view_item", "add_to_cart", "remove_from_cart", "search", "purchase"][name];
                let category = if item < 2 { "boots" } else { "tents" };
                let item = Object::new().with("item_id", format!("i{item}")).with("item_category", category);
                let params = Object::new().with("items", vec![item.with("price", 10.0)]).into();
                send(&mut engine, Signal::Event(Event::read(name, &params, &Native).unwrap()), now);
                for slot in &slots {
                    let shown = engine.rendered_slots.shown(slot).flatten().map(str::to_owned);
                    let changes = engine.rendered_slots.changes(slot).into();
                    prop_assert_eq!((shown, changes), anew(&mut engine, slot, now), "{} after {}", slot, name);
                }
            }
        }
    }
}
