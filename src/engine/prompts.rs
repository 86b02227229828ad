//! When the visitor is asked something: once a page view, and not before every gate holds.

use super::Engine;
use crate::decision::exit_intent;
use crate::decision::prompt::{self, Prompt};
use crate::page::{DomEvent, Effect};
use crate::profile::journal::JournalEvent;
use crate::signal::PromptOutcome;
use crate::signal::consent::Allowed;
use crate::signal::context::PageContext;
use crate::signal::pointer_exit::PointerExit;
use crate::time::{SECOND, Timestamp};
use crate::value::Object;

/// How old a page view must be before a prompt is shown on it.
const PAGE_MS: i64 = 3 * SECOND;
/// How long after a prompt could not be shown it is tried again, and how often.
const RETRY_MS: i64 = 5 * SECOND;
const RETRIES: u32 = 3;

impl Engine {
    /// The pointer left the page: whether that is exit intent, and whether a prompt waits for it.
    pub(super) fn pointer_exit(&mut self, exit: &PointerExit, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.prompts.iter().all(|prompt| prompt.exit.is_none()) {
            return;
        }
        let (profile, path) = (&self.store.state.profile, &self.view.context.path);
        let Some(intent) = exit_intent::score(exit, profile, &self.view.engagement, path, now) else { return };
        effects.push(Effect::DomEvent(DomEvent::ExitIntent, intent.detail()));
        self.refresh_context(now);
        if self.may_prompt(now) {
            self.show_prompt(now, effects, &|prompt| {
                prompt.exit.is_some_and(|sensitivity| intent.reaches(sensitivity))
            });
        }
    }

    /// Shows a prompt that waits for a segment the visitor has entered in this session, if there is one. It
    /// waits until its gates hold: a prompt that is not shown now is considered again with every signal, on
    /// later page views as well.
    pub(super) fn ask_prompt(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.view.engagement.age_ms(now) < PAGE_MS || !self.may_prompt(now) {
            return;
        }
        let waiting: Vec<String> = self.waiting_prompts().map(|prompt| prompt.id.clone()).collect();
        if !waiting.is_empty() {
            self.show_prompt(now, effects, &|prompt| waiting.contains(&prompt.id));
        }
    }

    /// When the only thing that a waiting prompt waits for is time.
    pub(super) fn prompt_due_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.waiting_prompts().next()?;
        let retry = self.view.retry_prompt_at;
        let old_enough = now.plus(PAGE_MS.saturating_sub(self.view.engagement.age_ms(now)));
        Some(retry.map_or(old_enough, |retry| retry.max(old_enough))).filter(|at| *at > now && !self.view.prompted)
    }

    /// Prompts that wait for a segment that the visitor has entered in this session, and that were not shown
    /// since.
    fn waiting_prompts(&self) -> impl Iterator<Item = &Prompt> {
        self.config.prompts.iter().filter(|prompt| self.is_waiting(prompt))
    }

    fn is_waiting(&self, prompt: &Prompt) -> bool {
        let profile = &self.store.state.profile;
        let entered = prompt.enter.as_ref().and_then(|segment| profile.memberships.since(segment));
        let Some(entered) = entered else { return false };
        let shown = profile.prompt_history.with(&prompt.id).and_then(|record| record.shown.last());
        entered >= profile.session.start && shown.is_none_or(|shown| *shown < entered)
    }

    fn may_prompt(&self, now: Timestamp) -> bool {
        let allowed = match self.consent.in_effect().personalize {
            Allowed::Granted | Allowed::Session => self.store.area().is_some(),
            Allowed::Unknown | Allowed::Denied => false,
        };
        let rested = self.view.retry_prompt_at.is_none_or(|retry| now >= retry);
        let is_seen = !self.view.context.is_prerendering && !self.view.prompted;
        allowed && rested && self.ready && is_seen && !self.is_held_out() && !self.is_spared()
    }

    fn show_prompt(&mut self, now: Timestamp, effects: &mut Vec<Effect>, triggered: &dyn Fn(&Prompt) -> bool) {
        let profile = &self.store.state.profile;
        let due = prompt::due(&self.config.prompts, triggered, profile, self.situation(now));
        let content = due.and_then(|prompt| {
            let content = self.config.prompt_contents.of(&prompt.id)?.with_texts(&|text| self.shown_text(text))?;
            Some((prompt.id.clone(), content))
        });
        if let Some((id, content)) = content {
            self.view.prompted = true;
            effects.push(Effect::Prompt { id, content });
        }
    }

    /// What became of a prompt. One that could not be shown, because the visitor was in the middle of
    /// something, waits a while and is tried again.
    pub(super) fn prompt_outcome(
        &mut self,
        id: String,
        outcome: PromptOutcome,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if !self.config.prompts.iter().any(|prompt| prompt.id == id) {
            return;
        }
        let detail = Object::new().with("prompt", id.as_str()).with("outcome", outcome.name());
        effects.push(Effect::DomEvent(DomEvent::Prompt, detail));
        match outcome {
            PromptOutcome::Failed => {
                self.view.failed_prompts = self.view.failed_prompts.saturating_add(1);
                self.view.prompted = self.view.failed_prompts > RETRIES;
                self.view.retry_prompt_at = Some(now.plus(RETRY_MS));
            }
            PromptOutcome::Shown | PromptOutcome::Accepted | PromptOutcome::Declined | PromptOutcome::Dismissed => {
                self.record(JournalEvent::Prompt(id, outcome), now);
            }
        }
    }

    /// Tells the developer about a preview that cannot be shown.
    pub(super) fn warn_of_previews(&self, context: &PageContext, effects: &mut Vec<Effect>) {
        let mut warn = |text: String| effects.push(Effect::Warn(text));
        if !context.previews.is_empty() && !self.config.preview {
            warn(
                "the address asks for a preview (`?tb=`), but the config does not allow it: set `preview` to true"
                    .into(),
            );
            return;
        }
        for preview in &context.previews {
            let slot = self.config.slots.iter().find(|slot| slot.id == preview.slot);
            let Some(slot) = slot else {
                warn(format!(
                    "the address asks for a preview of slot \"{}\", which is not in the config",
                    preview.slot
                ));
                continue;
            };
            let is_known = preview.variant.is_empty() || slot.variants.iter().any(|known| known.id == preview.variant);
            if !is_known {
                let known: Vec<&str> = slot.variants.iter().map(|variant| variant.id.as_str()).collect();
                warn(format!(
                    "the address asks for a preview of variant \"{}\" of slot \"{}\", which has {}",
                    preview.variant,
                    preview.slot,
                    known.join(", ")
                ));
            }
        }
    }
}
