//! Which areas the visitor is in. A position is compared with them and forgotten at once: what stays, until the page
//! ends or consent does, is a yes or a no for each area.

use super::Engine;
use crate::page::Effect;
use crate::signal::position::Position;
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// Whether the site has areas.
    pub fn has_areas(&self) -> bool {
        !self.config.areas.is_empty()
    }

    /// Whether the position may be asked for: somebody views the page, and allows personalization.
    pub fn may_locate(&self) -> bool {
        self.has_areas() && self.consent.area().is_some() && !self.view.context.is_prerendering
    }

    /// Asks for the position, while somebody looks at the page.
    pub(super) fn locate(&self, effects: &mut Vec<Effect>) {
        if self.may_locate() && self.view.engagement.is_visible() {
            effects.push(Effect::Locate);
        }
    }

    /// The visitor is here. Prompts that wait for an area are due where they were not in it, or that was unknown.
    pub(super) fn located(&mut self, position: &Position, now: Timestamp) {
        // Consent may have been withdrawn while the position was looked up.
        if !self.may_locate() {
            return;
        }
        let mut near = Object::new();
        for area in &self.config.areas {
            near.set(&area.id, area.holds(position));
        }
        if near == self.near {
            return;
        }
        let before = core::mem::replace(&mut self.near, near);
        self.decision_context.invalidate_everything();
        let is_in = |near: &Object, area: &str| near.get(area).is_some_and(Value::is_true);
        self.make_due(now, &|engine, prompt| {
            let area = prompt.triggers.near.as_deref();
            area.is_some_and(|area| is_in(&engine.near, area) && !is_in(&before, area))
        });
    }

    /// Forgets which areas the visitor is in.
    pub(super) fn forget_near(&mut self) {
        self.near = Object::new();
    }

    /// The ids of the areas that the visitor is in; `None` where that is unknown.
    pub fn areas(&self) -> Option<Vec<String>> {
        let is_known = !self.near.is_empty();
        let near = self.near.iter().filter(|(_, is_in)| is_in.is_true()).map(|(area, _)| area.to_owned());
        is_known.then(|| near.collect())
    }
}
