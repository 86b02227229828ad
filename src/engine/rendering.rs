//! What a decision puts on the page: the changes of its variant, with the visitor's values in its texts.

use std::sync::Arc;

use super::Engine;
use crate::decision::eligibility::Situation;
use crate::decision::explain::Reason;
use crate::decision::recommend::Recommendation;
use crate::decision::slot::Slot;
use crate::decision::strategy::Elsewhere;
use crate::decision::{Decision, Level};
use crate::page::content::shown_item::ShownItem;
use crate::page::content::{Change, ChangeKind, Content, TextRole};
use crate::page::{Area, Effect};
use crate::template::{Format, LocalizedText, Template};
use crate::time::Timestamp;
use crate::value::Value;

/// What a slot is to show.
pub(super) enum Rendering {
    /// What the server sent.
    OwnContent,
    /// A template of the page.
    Template,
    /// The page's own content with these changes.
    Changes(Arc<[Change]>),
}

impl Engine {
    /// What eligibility depends on now.
    pub(super) fn situation(&self, now: Timestamp) -> Situation<'_> {
        Situation {
            now,
            attributes: &self.decision_context.attributes,
            languages: &self.view.context.languages,
            targeting: &self.view.targeting,
            scope: self.scope(),
        }
    }

    /// Whether a slot was asked to show just what is decided, as far as that is seen at a glance: where nothing has changed
    /// but attributes of the visitor, recommended items are the same ones for the same reasons, and texts without
    /// placeholders the same.
    pub(super) fn is_rendered(&self, slot: &Slot, decision: &Decision) -> bool {
        if self.rendered_slots.asked(&slot.id) != decision.variant.as_deref() {
            return false;
        }
        let shelf = match self.rendered_slots.changes(&slot.id) {
            [Change { kind: ChangeKind::Items { items, .. }, .. }] => items.as_slice(),
            _ => &[],
        };
        if decision.items.is_empty() && shelf.is_empty() {
            let variant = slot.selection.variants.iter().find(|known| decision.variant.as_ref() == Some(&known.id));
            return variant.is_none_or(|variant| variant.eligibility.texts.is_empty());
        }
        let is_same =
            |(shown, item): (&ShownItem, &Recommendation)| shown.id == item.id && shown.because == item.because;
        shelf.len() == decision.items.len() && shelf.iter().zip(&decision.items).all(is_same)
    }

    /// What a decision puts on the page.
    pub(super) fn rendering(&self, decision: &Decision, effects: &mut Vec<Effect>) -> Rendering {
        let Some(variant) = &decision.variant else { return Rendering::OwnContent };
        if !decision.items.is_empty() {
            return Rendering::Changes([self.shelf(decision)].into());
        }
        match self.config.contents.of(&decision.slot, variant) {
            None | Some(Content::Redirect(_)) => Rendering::OwnContent,
            Some(Content::Template) => Rendering::Template,
            Some(Content::Changes(changes)) => {
                let filled = changes.iter().map(|change| change.with_texts(&|text, role| self.filled(text, role)));
                let shown: Option<Arc<[Change]>> = filled.collect();
                // A preview gets here without the values that its texts need.
                shown.map_or_else(
                    || {
                        effects.push(Effect::Warn(format!(
                            "slot \"{}\": variant \"{variant}\" is not shown: there is no value for a placeholder, \
                             or it would lead an address to another site",
                            decision.slot
                        )));
                        Rendering::OwnContent
                    },
                    Rendering::Changes,
                )
            }
        }
    }

    /// The recommended items, as a change of the slot.
    fn shelf(&self, decision: &Decision) -> Change {
        let slot = self.config.slot(&decision.slot);
        let template = slot.and_then(|slot| slot.template.clone());
        let items = decision.items.iter().map(|item| self.shown_item(item)).collect();
        Change { path: "template".to_owned(), kind: ChangeKind::Items { template, items } }
    }

    /// What the boot snippet has shown before the engine loaded stands for the page view: a visitor who reads it already
    /// would see it change. What may not be shown any more does not stand.
    pub(super) fn stand_by_boot(&self, slot: &Slot, decision: Decision, now: Timestamp) -> Decision {
        let booted = self.view.context.booted.iter().find(|(id, _)| *id == slot.id);
        let variant = booted.and_then(|(_, variant)| slot.selection.variant(variant));
        let Some(variant) = variant.filter(|variant| decision.variant.as_deref() != Some(&variant.id)) else {
            return decision;
        };
        let situation = self.situation(now);
        if slot.eligibility.check(situation).is_err() || variant.eligibility.check(situation).is_err() {
            return decision;
        }
        Decision {
            variant: Some(variant.id.clone()),
            level: Level::Generic,
            reasons: vec![Reason::Booted],
            ..Decision::of(&slot.id)
        }
    }

    /// What the boot snippet is to show next, with its changes, where a slot shows only what the snippet has shown: what
    /// would be shown otherwise. Or the snippet would show the same on every page, whatever is decided.
    pub(super) fn next_on_boot(&self, decision: &Decision, now: Timestamp) -> Option<(Option<String>, Arc<[Change]>)> {
        let slot = self.config.slot(&decision.slot)?;
        if !decision.reasons.iter().any(|reason| matches!(reason, Reason::Booted)) {
            return None;
        }
        let (items, offers) = (self.items_beside(slot), self.offers_beside(&slot.selection, &slot.id, now));
        let next = slot.decide(self.evidence(Elsewhere { items: &items, offers: &offers }, now));
        // What is wrong with its texts is said where it is shown.
        match self.rendering(&next, &mut Vec::new()) {
            Rendering::OwnContent => Some((None, Arc::default())),
            Rendering::Template => Some((next.variant, Arc::default())),
            Rendering::Changes(changes) => Some((next.variant, changes)),
        }
    }

    /// Stores what slots showed last, where that may be stored for longer than the tab.
    pub(super) fn save_decisions(&mut self, effects: &mut Vec<Effect>) {
        if self.store.area() != Some(Area::Local) || self.view.context.is_prerendering || self.is_preview() {
            return;
        }
        let text = self.last_decisions.encode(&self.config.fingerprint);
        // Nothing is stored where there is nothing to say.
        let is_empty = self.saved_decisions.is_empty() && text == self.config.fingerprint;
        if text != self.saved_decisions && !is_empty {
            self.saved_decisions.clone_from(&text);
            effects.push(Effect::SaveDecisions(text));
        }
    }

    /// A text or address in the visitor's language with the visitor's values; `None` where one is missing.
    pub(super) fn filled(&self, text: &LocalizedText, role: TextRole) -> Option<String> {
        match role {
            TextRole::Plain => self.shown_text(text),
            TextRole::Address => self.shown_address(text),
        }
    }

    /// A text in the visitor's language with the visitor's values; `None` where one is missing.
    fn shown_text(&self, text: &LocalizedText) -> Option<String> {
        let template = text.in_language(&self.view.context.languages)?;
        template.fill(&self.decision_context.attributes, self.format())
    }

    /// The same for an address, or a list of addresses with commas between. A value never decides to which site it leads:
    /// an address can bring it along, and the browser would ask that site.
    fn shown_address(&self, text: &LocalizedText) -> Option<String> {
        let template = text.in_language(&self.view.context.languages)?;
        let filled = self.shown_text(text)?;
        let page = &self.view.context.address;
        let sites = |list: &str| -> Vec<Value> {
            let site = |candidate: &str| {
                let address = candidate.split_ascii_whitespace().next().unwrap_or("");
                self.host.address(address, page).at("origin").clone()
            };
            list.split(',').map(site).collect()
        };
        (template.is_literal() || sites(&filled) == sites(&template.filled_with("x"))).then_some(filled)
    }

    /// Fills the placeholders of texts that are written in the page; `None` for each that needs a value which is
    /// missing, or that cannot be read. The fields of an item stand before the visitor's attributes.
    pub fn fill(&mut self, texts: &[String], item: &Value, now: Timestamp) -> Vec<Option<String>> {
        let mut attributes: Value = self.all_attributes(now);
        if let (Value::Object(attributes), Value::Object(item)) = (&mut attributes, item) {
            attributes.overlay(item);
        }
        texts.iter().map(|text| Template::parse(text).ok()?.fill(&attributes, self.format())).collect()
    }

    fn format(&self) -> Format<'_> {
        let currency = self.config.rules.currency.as_str();
        Format {
            host: self.host.as_ref(),
            locale: self.view.context.languages.first().map_or("", String::as_str),
            currency: Some(currency).filter(|currency| !currency.is_empty()),
        }
    }
}
