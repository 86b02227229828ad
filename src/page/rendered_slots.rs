//! Which variant each slot shows, and when it may change: never twice while the visitor is looking.

use std::sync::Arc;

use crate::decision::Decision;
use crate::page::content::Change;
use crate::time::Timestamp;

/// What the page shows now.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RenderedSlots(Vec<RenderedSlot>);

#[derive(Clone, Debug, PartialEq)]
struct RenderedSlot {
    slot: String,
    /// The variant it was last asked to show; `None` is the page's own content.
    variant: Option<String>,
    /// What that changes; nothing where it is the page's own content, or a template of the page.
    changes: Option<Arc<[Change]>>,
    applied: Applied,
    /// Whether the slot was changed on this page view.
    changed: bool,
    visible: bool,
    /// Whether it shows what was decided last, and that was noted.
    settled: bool,
    /// What was decided last, and when, where the page has not answered yet that it shows that.
    awaited: Option<(Decision, Timestamp)>,
}

/// Whether a slot shows what it was asked to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The page has not answered yet.
    Pending,
    /// It does. The page's own content is always applied.
    Yes,
    /// It cannot, and shows the page's own content.
    No,
}

impl RenderedSlots {
    /// Takes note of the slots on the page now. Those that stay keep what they show.
    pub fn set_present(&mut self, slots: Vec<String>) {
        self.0.retain(|rendered| slots.contains(&rendered.slot));
        for slot in slots {
            if self.get(&slot).is_none() {
                self.0.push(RenderedSlot {
                    slot,
                    variant: None,
                    changes: None,
                    applied: Applied::Yes,
                    changed: false,
                    visible: false,
                    settled: false,
                    awaited: None,
                });
            }
        }
    }

    /// A new page view: what stays on the page may change once more.
    pub fn on_page_view(&mut self) {
        for rendered in &mut self.0 {
            rendered.changed = false;
        }
    }

    /// How many slots are on the page.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The id of the slot at a place, in the order they were found.
    pub fn id(&self, place: usize) -> Option<&str> {
        self.0.get(place).map(|rendered| rendered.slot.as_str())
    }

    /// The ids of the slots on the page, in the order they were found.
    pub fn ids(&self) -> Vec<String> {
        self.0.iter().map(|rendered| rendered.slot.clone()).collect()
    }

    /// Notes whether a slot is visible.
    pub fn set_visible(&mut self, slot: &str, visible: bool) {
        if let Some(rendered) = self.get_mut(slot) {
            rendered.visible = visible;
        }
    }

    /// Whether a slot is on the page.
    pub fn is_present(&self, slot: &str) -> bool {
        self.get(slot).is_some()
    }

    /// What a slot shows, if it is on the page and that is known: the page's own content while a variant is
    /// not applied is no answer to what was decided, so a slot that could not show its variant has none.
    pub fn shown(&self, slot: &str) -> Option<Option<&str>> {
        let rendered = self.get(slot).filter(|rendered| rendered.applied == Applied::Yes)?;
        Some(rendered.variant.as_deref())
    }

    /// The variant that a slot was last asked to show; `None` is the page's own content.
    pub fn asked(&self, slot: &str) -> Option<&str> {
        self.get(slot)?.variant.as_deref()
    }

    /// Whether a slot shows what was decided for it last.
    pub fn is_settled(&self, slot: &str) -> bool {
        self.get(slot).is_some_and(|rendered| rendered.settled && rendered.applied == Applied::Yes)
    }

    /// Notes whether a slot shows what was just decided for it; whether that was noted before, of the same.
    pub fn settle(&mut self, slot: &str, settled: bool) -> bool {
        let Some(rendered) = self.get_mut(slot) else { return false };
        core::mem::replace(&mut rendered.settled, settled)
    }

    /// Keeps what was just decided for a slot until the page answers.
    pub fn set_awaited(&mut self, decision: Decision, now: Timestamp) {
        if let Some(rendered) = self.get_mut(&decision.slot) {
            rendered.awaited = Some((decision, now));
        }
    }

    /// What was decided last for a slot, if that was at this very moment.
    pub fn take_awaited(&mut self, slot: &str, now: Timestamp) -> Option<Decision> {
        let awaited = self.get_mut(slot)?.awaited.take();
        awaited.filter(|(_, at)| *at == now).map(|(decision, _)| decision)
    }

    /// All slots are to be decided anew.
    pub fn unsettle(&mut self) {
        for rendered in &mut self.0 {
            rendered.settled = false;
        }
    }

    /// What the variant of a slot changes.
    pub fn changes(&self, slot: &str) -> &[Change] {
        self.get(slot).and_then(|rendered| rendered.changes.as_deref()).unwrap_or_default()
    }

    /// What the variants of the slots change that come before this one.
    pub fn changes_before(&self, slot: &str) -> impl Iterator<Item = &Change> {
        let before = self.0.iter().take_while(move |rendered| rendered.slot != slot);
        before.flat_map(|rendered| rendered.changes.as_deref().unwrap_or_default())
    }

    /// Whether a slot shows the variant it was last asked to show.
    pub fn applied(&self, slot: &str) -> Option<Applied> {
        self.get(slot).map(|rendered| rendered.applied)
    }

    /// The page's answer for a variant; whether that is news.
    pub fn answer(&mut self, slot: &str, variant: &str, applied: Applied) -> bool {
        let Some(rendered) = self.get_mut(slot) else { return false };
        if rendered.variant.as_deref() != Some(variant) || rendered.applied == applied {
            return false;
        }
        rendered.applied = applied;
        true
    }

    /// Whether a slot is to change to `variant` now, with these changes; notes it if so. The changes of a variant differ
    /// where a value in its texts has changed.
    ///
    /// A slot that was changed on this page view stays as it is while it is visible: content that moves on
    /// while it is read is worse than content that is a moment old.
    pub fn change(&mut self, slot: &str, variant: Option<&str>, changes: Option<&Arc<[Change]>>) -> bool {
        let Some(rendered) = self.get_mut(slot) else { return false };
        let held = rendered.changed && rendered.visible && rendered.applied != Applied::No;
        if held || rendered.variant.as_deref() == variant && rendered.changes.as_ref() == changes {
            return false;
        }
        rendered.applied = if variant.is_some() { Applied::Pending } else { Applied::Yes };
        rendered.variant = variant.map(str::to_owned);
        rendered.changes = changes.cloned();
        rendered.changed = true;
        rendered.settled = false;
        true
    }

    fn get(&self, slot: &str) -> Option<&RenderedSlot> {
        self.0.iter().find(|rendered| rendered.slot == slot)
    }

    fn get_mut(&mut self, slot: &str) -> Option<&mut RenderedSlot> {
        self.0.iter_mut().find(|rendered| rendered.slot == slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::content::ChangeKind;

    #[test]
    fn a_slot_changes_at_most_once_while_it_is_visible() {
        let mut slots = RenderedSlots::default();
        assert!(!slots.change("hero", Some("boots"), None), "not on the page");
        slots.set_present(vec!["hero".to_owned()]);
        slots.set_visible("hero", true);
        assert!(slots.change("hero", Some("boots"), None), "the first change");
        assert!(!slots.change("hero", Some("tents"), None), "visible");
        slots.set_visible("hero", false);
        assert!(slots.change("hero", Some("tents"), None), "not visible");
        slots.set_visible("hero", true);
        slots.on_page_view();
        assert!(slots.change("hero", None, None), "a new page view");
    }

    #[test]
    fn a_variant_is_shown_again_where_its_texts_have_changed() {
        let text = |text: &str| -> Arc<[Change]> {
            let (path, selector) = ("text.h1".to_owned(), "h1".to_owned());
            [Change { path, kind: ChangeKind::Text { selector, text: text.to_owned() } }].into()
        };
        let mut slots = RenderedSlots::default();
        slots.set_present(vec!["hero".to_owned()]);
        assert!(slots.change("hero", Some("basket"), Some(&text("1 tent"))));
        assert!(!slots.change("hero", Some("basket"), Some(&text("1 tent"))), "the same");
        assert!(slots.change("hero", Some("basket"), Some(&text("2 tents"))));
        slots.answer("hero", "basket", Applied::Yes);
        slots.set_visible("hero", true);
        assert!(!slots.change("hero", Some("basket"), Some(&text("3 tents"))), "visible");
    }

    #[test]
    fn a_slot_is_settled_while_it_shows_what_was_decided() {
        let mut slots = RenderedSlots::default();
        slots.set_present(vec!["hero".to_owned()]);
        assert!(!slots.is_settled("hero"), "nothing was decided yet");
        slots.change("hero", Some("boots"), None);
        slots.answer("hero", "boots", Applied::Yes);
        assert_eq!((slots.settle("hero", true), slots.is_settled("hero")), (false, true));
        assert!(slots.settle("hero", true), "it was so before");
        slots.answer("hero", "boots", Applied::No);
        assert!(!slots.is_settled("hero"), "the page took it away");
        slots.answer("hero", "boots", Applied::Yes);
        slots.change("hero", Some("tents"), None);
        slots.answer("hero", "tents", Applied::Yes);
        assert!(!slots.is_settled("hero"), "it was asked to show something else since");
        slots.settle("hero", true);
        slots.unsettle();
        assert!(!slots.is_settled("hero"), "all slots are to be decided anew");
    }

    #[test]
    fn what_was_decided_counts_only_at_the_same_moment_and_once() {
        let (now, decision) = (Timestamp::from_ms(5), Decision::of("hero"));
        let mut slots = RenderedSlots::default();
        slots.set_present(vec!["hero".to_owned()]);
        slots.set_awaited(decision.clone(), now);
        assert_eq!(slots.take_awaited("hero", now), Some(decision.clone()));
        assert_eq!(slots.take_awaited("hero", now), None, "taken");
        slots.set_awaited(decision, now);
        assert_eq!(slots.take_awaited("hero", now.plus(1)), None, "later");
    }

    #[test]
    fn a_variant_is_shown_once_the_page_says_so() {
        let mut slots = RenderedSlots::default();
        slots.set_present(vec!["hero".to_owned()]);
        assert_eq!(slots.shown("hero"), Some(None), "the page's own content");
        slots.change("hero", Some("boots"), None);
        assert_eq!((slots.shown("hero"), slots.applied("hero")), (None, Some(Applied::Pending)));
        assert!(!slots.answer("hero", "tents", Applied::Yes), "an answer for another variant");
        assert!(slots.answer("hero", "boots", Applied::No));
        assert_eq!(slots.shown("hero"), None);
        assert!(slots.answer("hero", "boots", Applied::Yes), "a page can make room for it later");
        assert!(!slots.answer("hero", "boots", Applied::Yes), "said before");
        assert_eq!(slots.shown("hero"), Some(Some("boots")));
    }
}
