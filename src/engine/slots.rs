//! The slots on the page: they are brought in line with what is decided, and what they show is announced and counted.

use super::Engine;
use super::rendering::Rendering;
use crate::decision::Decision;
use crate::decision::explain::Reason;
use crate::page::{DomEvent, Effect, decision_value};
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
        for id in self.rendered_slots.ids() {
            let Some(slot) = self.config.slots.iter().find(|slot| slot.id == id) else { continue };
            if !slot.reads.intersects(changed) && self.rendered_slots.is_settled(&id) {
                self.keep_noted(&id);
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
                if self.rendered_slots.change(&id, variant.as_deref(), changes.as_ref()) {
                    effects.push(match variant {
                        Some(variant) => Effect::Show { slot: id.clone(), variant, changes },
                        None => Effect::Revert { slot: id.clone() },
                    });
                }
            }
            self.note_shown(decision, now, effects);
        }
        self.ask_model(requests, effects);
    }

    /// What a slot shows stays noted for the next visit.
    fn keep_noted(&mut self, slot: &str) {
        if !self.is_preview() {
            self.last_decisions.keep(slot);
        }
    }

    /// Notes a decision for the next visit and announces it, if that is what its slot shows. A change that waits, or that
    /// the page has not answered yet, is announced when it comes.
    fn note_shown(&mut self, decision: Decision, now: Timestamp, effects: &mut Vec<Effect>) {
        let is_shown = self.rendered_slots.shown(&decision.slot) == Some(decision.variant.as_deref());
        let was_settled = self.rendered_slots.settle(&decision.slot, is_shown);
        if !is_shown {
            return self.rendered_slots.set_awaited(decision, now);
        }
        if was_settled && !decision.reasons.contains(&Reason::Booted) {
            self.keep_noted(&decision.slot);
        } else if !self.is_preview() {
            let next = self.next_on_boot(&decision, now);
            let (variant, changes) = next
                .as_ref()
                .map_or((&decision.variant, self.rendered_slots.changes(&decision.slot)), |(variant, changes)| {
                    (variant, changes.as_slice())
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
        let Some(slot) = self.config.slots.iter().find(|known| known.id == slot) else { return };
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
        let Some(slot) = self.config.slots.iter().find(|known| known.id == slot) else { return };
        let decision = self.decide(slot, now);
        if decision.variant.as_deref() == Some(variant) {
            let detail = decision_value(&decision).with("applied", false).with("problem", reason);
            effects.push(Effect::DomEvent(DomEvent::Decision, detail));
        }
    }
}
