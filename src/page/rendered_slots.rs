//! Which variant each slot shows, and when it may change: never twice under the visitor's eyes.

/// What the page shows now.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RenderedSlots(Vec<Place>);

#[derive(Clone, Debug, PartialEq)]
struct Place {
    slot: String,
    /// What it shows; `None` is the page's own content.
    variant: Option<String>,
    /// Whether the slot was changed on this page view.
    changed: bool,
    /// Whether any of it is on the screen.
    on_screen: bool,
}

impl RenderedSlots {
    /// Takes in which slots are on the page now. Those that stay keep what they show.
    pub fn present(&mut self, slots: Vec<String>) {
        self.0.retain(|place| slots.contains(&place.slot));
        for slot in slots {
            if self.variant(&slot).is_none() {
                self.0.push(Place { slot, variant: None, changed: false, on_screen: false });
            }
        }
    }

    /// Whether there are no slots on the page.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A new page view: what stays on the page may change once more.
    pub fn new_view(&mut self) {
        for place in &mut self.0 {
            place.changed = false;
        }
    }

    /// The slots on the page, in the order they were found.
    pub fn slot(&self, place: usize) -> Option<&str> {
        self.0.get(place).map(|place| place.slot.as_str())
    }

    /// Notes whether a slot is on the screen.
    pub fn on_screen(&mut self, slot: &str, on_screen: bool) {
        if let Some(place) = self.0.iter_mut().find(|place| place.slot == slot) {
            place.on_screen = on_screen;
        }
    }

    /// What a slot shows, if it is on the page.
    pub fn variant(&self, slot: &str) -> Option<Option<&str>> {
        self.0.iter().find(|place| place.slot == slot).map(|place| place.variant.as_deref())
    }

    /// Whether a slot is to change to `variant` now; notes it if so.
    ///
    /// A slot that was changed on this page view stays as it is while it is on the screen: content
    /// that moves on while it is read is worse than content that is a moment old.
    pub fn change(&mut self, slot: &str, variant: Option<&str>) -> bool {
        let Some(place) = self.0.iter_mut().find(|place| place.slot == slot) else { return false };
        let held = place.changed && place.on_screen;
        if place.variant.as_deref() == variant || held {
            return false;
        }
        place.variant = variant.map(str::to_owned);
        place.changed = true;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_changes_at_most_once_under_the_visitors_eyes() {
        let mut rendered_slots = RenderedSlots::default();
        assert!(!rendered_slots.change("hero", Some("boots")), "not on the page");
        rendered_slots.present(vec!["hero".to_owned()]);
        rendered_slots.on_screen("hero", true);
        assert!(rendered_slots.change("hero", Some("boots")), "the first change");
        assert!(!rendered_slots.change("hero", Some("tents")), "in view");
        rendered_slots.on_screen("hero", false);
        assert!(rendered_slots.change("hero", Some("tents")), "out of view");
        rendered_slots.on_screen("hero", true);
        rendered_slots.new_view();
        assert!(rendered_slots.change("hero", None), "a new page view");
    }
}
