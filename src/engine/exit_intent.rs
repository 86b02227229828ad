//! Signs that the visitor is about to leave, and the prompts that they make due.

use super::Engine;
use crate::decision::exit_intent::{ExitIntent, Sign, has_scrolled_back, is_quiet, is_soon, was_away, was_idle};
use crate::decision::prompt::blocked::Blocked;
use crate::page::{DomEvent, Effect};
use crate::profile::intent;
use crate::signal::pointer_exit::{Edge, PointerExit};
use crate::time::{SECOND, Timestamp};

/// What another tab recorded within this time of this one being hidden may have been recorded before.
const SAME_MS: i64 = SECOND;

impl Engine {
    /// The pointer left the page. Through another edge than the top it is no sign, but told.
    pub(super) fn pointer_exit(&mut self, exit: &PointerExit, now: Timestamp, effects: &mut Vec<Effect>) {
        let (Some(edge), None) = (exit.edge(), exit.busy) else { return };
        if self.config.exit_rules.counts(Sign::Cursor) {
            self.exit_signs(Sign::of_pointer(exit), Some(edge), now, effects);
        }
    }

    /// A finger has scrolled up fast.
    pub(super) fn scrolled_up(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if has_scrolled_back(self.view.engagement.depth()) {
            self.exit_sign(Sign::Scroll, now, effects);
        }
    }

    /// Words that name a product were copied. On other pages they name something else.
    pub(super) fn product_copied(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.store.basis().profile.session.is_on_product_page() {
            self.exit_sign(Sign::Copy, now, effects);
        }
    }

    /// The visitor is about to count as active.
    pub(super) fn paused(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if was_idle(self.view.engagement.idle_ms(now), self.view.context.is_touch()) {
            self.exit_sign(Sign::Idle, now, effects);
        }
    }

    /// The tab is visible again, and it is known what other tabs have done meanwhile: who was in one of ours has not
    /// left.
    pub(super) fn tab_returned(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(hidden_at) = self.view.hidden_at.take() else { return };
        let was_here = self.store.basis().profile.session.last.since(hidden_at) > SAME_MS;
        if !was_here && was_away(now.since(hidden_at)) {
            self.exit_sign(Sign::Tab, now, effects);
        }
    }

    fn exit_sign(&mut self, sign: Sign, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.exit_rules.counts(sign) {
            self.exit_signs(&[sign], None, now, effects);
        }
    }

    /// Signs make prompts due where these could be shown now: later the visitor is not leaving any more.
    fn exit_signs(&mut self, signs: &[Sign], edge: Option<Edge>, now: Timestamp, effects: &mut Vec<Effect>) {
        let has_prompt = self.config.has_exit_prompt();
        let (profile, view) = (&self.store.basis().profile, &mut self.view);
        if !has_prompt || is_quiet(&view.context.path) || is_soon(&profile.session, &view.engagement, now) {
            return;
        }
        for sign in signs {
            view.exit_signs.add(*sign, now);
        }
        let leaving = intent::leaving(&self.config.intent, profile, &view.context, now);
        let exit = ExitIntent::of(view.exit_signs.recent(now), profile, &view.engagement, leaving, now);
        effects.push(Effect::DomEvent(DomEvent::ExitIntent, exit.detail(edge)));
        if signs.is_empty() {
            return;
        }
        self.refresh_context(now);
        if self.blocks_of_all(now).is_empty() {
            // A notification is for who has left indeed.
            let may_wait = |block: &Blocked| matches!(block, Blocked::Delayed(_) | Blocked::InFront);
            self.make_due(now, &|engine, prompt| {
                prompt.triggers.exit.is_some_and(|sensitivity| exit.reaches(sensitivity))
                    && engine.blocks_of(prompt, Some(now), now).iter().all(may_wait)
            });
        }
    }
}
