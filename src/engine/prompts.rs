//! When the visitor is asked something: a prompt that is due waits until nothing blocks it.

use super::Engine;
use crate::decision::Decision;
use crate::decision::eligibility::Eligibility;
use crate::decision::exit_intent::is_quiet;
use crate::decision::prompt::Prompt;
use crate::decision::prompt::blocked::Blocked;
use crate::decision::prompt::caps::{Capped, Caps};
use crate::decision::prompt::gate::{Gate, blocks};
use crate::decision::strategy::Elsewhere;
use crate::page::prompt_content::PromptContent;
use crate::page::{DomEvent, Effect};
use crate::profile::journal::JournalEvent;
use crate::profile::prompt_history::PromptRecord;
use crate::profile::value::Tier;
use crate::signal::PromptOutcome;
use crate::signal::consent::Allowed;
use crate::signal::event::{Event, Item};
use crate::time::{SECOND, Timestamp};
use crate::value::{Object, Value};

/// How old a page view must be before a prompt is shown on it.
const PAGE_MS: i64 = 5 * SECOND;
/// The same where a search engine has led to it, on a touch screen.
///
/// Source: Google Search Central, "Avoid intrusive interstitials and dialogs".
const FROM_SEARCH_MS: i64 = 30 * SECOND;
/// How long after a prompt could not be shown it is tried again.
const RETRY_MS: i64 = 5 * SECOND;

impl Engine {
    /// An event was recorded.
    pub(super) fn trigger_event(&mut self, name: &str, now: Timestamp) {
        self.make_due(now, &|_, prompt| prompt.triggers.event.as_deref() == Some(name));
    }

    /// The visitor is about to count as active.
    pub(super) fn trigger_idle(&mut self, now: Timestamp) {
        let idle_ms = self.view.engagement.idle_ms(now);
        self.make_due(now, &|_, prompt| prompt.triggers.idle_ms.is_some_and(|least_ms| idle_ms >= least_ms));
    }

    /// The element that a prompt waits for is in view.
    pub(super) fn trigger_visible(&mut self, id: &str, now: Timestamp) {
        self.make_due(now, &|_, prompt| prompt.id == id && prompt.triggers.visible.is_some());
    }

    /// The site asks for a prompt.
    pub(super) fn prompt_called(&mut self, id: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.prompt(id).is_none() {
            effects.push(Effect::Warn(format!("prompt(\"{id}\"): the config has no such prompt")));
        }
        self.make_due(now, &|_, prompt| prompt.id == id);
    }

    pub(super) fn make_due(&mut self, now: Timestamp, is_due: &dyn Fn(&Engine, &Prompt) -> bool) {
        let due: Vec<String> =
            self.config.prompts.iter().filter(|prompt| is_due(self, prompt)).map(|prompt| prompt.id.clone()).collect();
        for id in due {
            self.view.prompts.add(&id, now);
        }
    }

    /// Shows the most important prompt that is due and that nothing blocks. One that is blocked is considered again with every
    /// signal, and when the time has come.
    pub(super) fn ask_prompt(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.prompts.is_empty() || self.view.context.is_prerendering {
            return;
        }
        self.ask_model_for_prompts(now, effects);
        if self.ask_preview(now, effects) {
            return;
        }
        let views = self.store.basis().profile.session.views;
        self.make_due(now, &|engine, prompt| {
            !engine.view.prompts.has_failed(&prompt.id)
                && prompt.triggers.are_reached(&engine.view.engagement, views, now)
        });
        if self.config.prompts.iter().all(|prompt| self.due_since(prompt).is_none())
            || !self.blocks_of_all(now).is_empty()
        {
            return;
        }
        let is_free = |prompt: &&Prompt| self.blocks_of(prompt, self.due_since(prompt), now).is_empty();
        let by_importance = |one: &&Prompt, other: &&Prompt| {
            let priority = one.priority.cmp(&other.priority);
            priority.then_with(|| self.expected_value(one, now).total_cmp(&self.expected_value(other, now)))
        };
        // Of equal ones the first: `max_by` takes the last.
        let Some(prompt) = self.config.prompts.iter().rev().filter(is_free).max_by(by_importance) else { return };
        // Another tab may have shown one a moment ago: first that is read.
        if let Some(area) = self.store.area().filter(|_| !self.view.prompts.knows_other_tabs(now)) {
            effects.push(Effect::Restore(area));
            return;
        }
        let id = prompt.id.clone();
        let decision = self.decide_prompt(prompt, now);
        let Some(variant) = decision.variant else { return self.withhold(id, decision, now, effects) };
        let Some(content) = self.prompt_content(&id, &variant) else { return };
        let Ok(items) = self.prompt_items(&id, &variant, now) else { return };
        self.view.prompts.ask(&id, &variant);
        effects.push(Effect::Prompt { id, content: Box::new(content), items });
    }

    /// What a prompt says, with the visitor's values; `None` where one is missing.
    fn prompt_content(&self, id: &str, variant: &str) -> Option<PromptContent> {
        self.config.prompt_contents.of(id, variant)?.with_texts(&|text, role| self.filled(text, role))
    }

    /// Shows a prompt that is to be previewed, whatever speaks against it, where it can be seen and no other one is open.
    /// Answers whether one was shown.
    fn ask_preview(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> bool {
        if !self.ready || self.view.prompts.open().is_some() || self.view.prompts.retry_at(now).is_some() {
            return false;
        }
        for (id, asked) in self.view.prompts.previews().to_vec() {
            let is_notification = self.config.prompt_contents.is_notification(&id);
            // A notification is for who has gone to another tab.
            if self.view.engagement.is_visible() == is_notification || is_notification && !self.shows_notifications {
                continue;
            }
            let Some(variant) = self.previewed_variant(&id, asked.as_deref(), now) else {
                self.view.prompts.drop_preview(&id);
                continue;
            };
            let content = match (self.prompt_content(&id, &variant), self.prompt_items(&id, &variant, now)) {
                (_, Err(Blocked::ItemsAwaited)) => {
                    let request = self.items_request(&id, &variant, now);
                    self.ask_model(request.into_iter().collect(), effects);
                    continue;
                }
                (_, Err(blocked)) => Err(blocked.text(now, self.view.context.zone)),
                (Some(content), Ok(items)) => Ok((content, items)),
                (None, Ok(_)) => {
                    Err("there is no value for a placeholder, or it would lead an address to another site".to_owned())
                }
            };
            self.view.prompts.ask_preview(&id, &variant);
            match content {
                Ok((content, items)) => {
                    effects.push(Effect::Prompt { id, content: Box::new(content), items });
                    return true;
                }
                Err(reason) => {
                    self.view.prompts.close(&id);
                    effects.push(Effect::Warn(format!("prompt \"{id}\" is not shown: {reason}")));
                }
            }
        }
        false
    }

    /// The variant in which a prompt is previewed: the one that was asked for, else the one that is for the visitor, else
    /// the first. `None` where there is none.
    fn previewed_variant(&self, id: &str, asked: Option<&str>, now: Timestamp) -> Option<String> {
        let prompt = self.config.prompt(id)?;
        let mut variants = prompt.selection.variants.iter();
        match asked {
            Some(asked) => variants.find(|variant| variant.id == asked).map(|variant| variant.id.clone()),
            None => {
                self.decide_prompt(prompt, now).variant.or_else(|| variants.next().map(|variant| variant.id.clone()))
            }
        }
    }

    /// Which variant of a prompt is for this visitor.
    pub(super) fn decide_prompt(&self, prompt: &Prompt, now: Timestamp) -> Decision {
        let offers = self.offers_beside(&prompt.selection, "", now);
        prompt.selection.decide(&prompt.decision_id(), self.evidence(Elsewhere { items: &[], offers: &offers }, now))
    }

    /// What asking is worth to the site, in its currency: the value of a yes times the probability that there is one.
    fn expected_value(&self, prompt: &Prompt, now: Timestamp) -> f64 {
        let chosen = self.decide_prompt(prompt, now).variant;
        let mut variants = prompt.selection.variants.iter();
        let own = variants.find(|variant| Some(&variant.id) == chosen.as_ref()).map_or(0.0, |variant| variant.value);
        let value = if own > 0.0 { own } else { prompt.value };
        value * self.store.basis().prompt_counts.acceptance(&prompt.id)
    }

    /// Does not ask somebody with whom those who are asked are compared.
    fn withhold(&mut self, id: String, decision: Decision, now: Timestamp, effects: &mut Vec<Effect>) {
        self.view.prompts.withhold(&id);
        effects.push(Effect::DomEvent(DomEvent::Prompt, outcome_detail(&id, None, PromptOutcome::Withheld)));
        self.expose(decision.exposures, decision.sticky, now);
        self.record(JournalEvent::Prompt(id, None, PromptOutcome::Withheld), now);
    }

    /// When a prompt may be shown, or become due, because time has passed.
    pub(super) fn prompt_due_at(&self, now: Timestamp) -> Option<Timestamp> {
        let free_at = |prompt: &Prompt| {
            let Some(due) = self.due_since(prompt) else {
                return prompt.triggers.reached_at(&self.view.engagement, now);
            };
            let ends: Option<Vec<Timestamp>> = self.blocks(prompt, due, now).iter().map(Blocked::until).collect();
            ends?.into_iter().max()
        };
        let preview = self.view.prompts.retry_at(now).filter(|_| !self.view.prompts.previews().is_empty());
        self.config.prompts.iter().filter_map(free_at).filter(|at| *at > now).chain(preview).min()
    }

    /// Since when a prompt is due: by what happened on this page view, or by a segment that the visitor has entered in
    /// this session and that has not shown it yet.
    pub(super) fn due_since(&self, prompt: &Prompt) -> Option<Timestamp> {
        let profile = &self.store.basis().profile;
        let entered = || {
            let entered = profile.memberships.since(prompt.triggers.enter.as_ref()?)?;
            let shown = profile.prompt_history.with(&prompt.id).and_then(|record| record.shown.last());
            let is_new = entered >= profile.session.start && shown.is_none_or(|shown| *shown < entered);
            (is_new && !self.view.prompts.has_failed(&prompt.id)).then_some(entered)
        };
        self.view.prompts.due_since(&prompt.id).or_else(entered)
    }

    /// Why no prompt at all is shown now.
    pub(super) fn blocks_of_all(&self, now: Timestamp) -> Vec<Blocked> {
        blocks(self.gates_of_all(now))
    }

    /// Why this prompt is not shown now, where others may be.
    pub(super) fn blocks_of(&self, prompt: &Prompt, due: Option<Timestamp>, now: Timestamp) -> Vec<Blocked> {
        blocks(self.gates_of(prompt, due, now))
    }

    /// Why a prompt that is due is not shown now.
    fn blocks(&self, prompt: &Prompt, due: Timestamp, now: Timestamp) -> Vec<Blocked> {
        let mut blocks = self.blocks_of_all(now);
        blocks.extend(self.blocks_of(prompt, Some(due), now));
        blocks
    }

    /// What has to hold before any prompt is shown.
    pub(super) fn gates_of_all(&self, now: Timestamp) -> Vec<Gate> {
        let (view, rules) = (&self.view, &self.config.prompt_rules);
        let profile = &self.store.basis().profile;
        let is_allowed = match self.consent.in_effect().personalize {
            Allowed::Granted | Allowed::Session => self.store.area().is_some(),
            Allowed::Unknown | Allowed::Denied => false,
        };
        let younger_than =
            |ms: i64| (view.engagement.age_ms(now) < ms).then(|| now.plus(ms - view.engagement.age_ms(now)));
        let landed = profile.session.views <= 1 && view.context.is_from_search() && view.context.is_touch();
        let quiet_until = rules.quiet_hours.and_then(|hours| hours.end(now, view.context.zone));
        let shown = view.prompts.count();
        let left = i32::try_from(rules.per_view.saturating_sub(shown)).unwrap_or(i32::MAX);
        let limits = rules.caps.limits(&profile.prompt_history.of(&|_| true), profile.session.start, now);
        let mut gates = vec![
            Gate::of("ready", (!self.ready).then_some(Blocked::NotReady)),
            Gate::of("consent", (!is_allowed).then_some(Blocked::NoConsent)),
            Gate::of("pause", self.store.is_paused().then_some(Blocked::Paused)),
            Gate::of("prerendering", view.context.is_prerendering.then_some(Blocked::Prerendered)),
            Gate::of("crawler", self.is_spared().then_some(Blocked::Crawler)),
            Gate::of("site-holdout", self.is_held_out().then_some(Blocked::HeldOut)),
            Gate::of("page-age", younger_than(PAGE_MS).map(Blocked::NewPage)),
            Gate::of("from-search", younger_than(FROM_SEARCH_MS).filter(|_| landed).map(Blocked::FromSearch)),
            Gate::of("quiet-page", is_quiet(&view.context.path).then_some(Blocked::QuietPage)),
            Gate::of("quiet-hours", quiet_until.map(Blocked::QuietHours)),
            Gate::of("open-prompt", view.prompts.open().map(|_| Blocked::Open)),
            Gate::of("per-view", (shown >= rules.per_view).then_some(Blocked::PageView)).with_left(Some(left)),
        ];
        gates.extend(Gate::of_all_caps(limits));
        gates.push(Gate::of("retry", view.prompts.retry_at(now).map(Blocked::Postponed)));
        gates
    }

    /// What else has to hold before this prompt is shown.
    pub(super) fn gates_of(&self, prompt: &Prompt, due: Option<Timestamp>, now: Timestamp) -> Vec<Gate> {
        let profile = &self.store.basis().profile;
        let is_notification = self.config.prompt_contents.is_notification(&prompt.id);
        // A notification is for who has gone: its delay counts from then.
        let left_at = self.view.hidden_at.filter(|_| is_notification);
        let delayed = due.and_then(|due| {
            let until = left_at.map_or(due, |left_at| due.max(left_at)).plus(prompt.triggers.delay_ms);
            (now < until).then_some(Blocked::Delayed(until))
        });
        let is_visible = self.view.engagement.is_visible();
        let never = PromptRecord::default();
        let record = profile.prompt_history.with(&prompt.id).unwrap_or(&never);
        let limits = prompt.caps.limits(record, profile.session.start, now);
        let situation = self.situation(now);
        let eligible = Eligibility::CHECKS
            .map(|(name, check)| Gate::of(name, check(&prompt.eligibility, situation).map(Blocked::Ineligible)));
        let is_below = |least: Tier| Tier::of(&self.decision_context.attributes) < least;
        let too_low = prompt.least_tier.filter(|least| is_below(*least)).map(|_| Blocked::Tier);
        let decision = self.decide_prompt(prompt, now);
        let items = decision.variant.as_deref().and_then(|variant| {
            let has_items = self.config.prompt_contents.items_of(&prompt.id, variant).is_some();
            has_items.then(|| Gate::of("items", self.prompt_items(&prompt.id, variant, now).err()))
        });
        let (no_variant, withheld) = if decision.is_withheld() {
            (None, Some(Blocked::Withheld(decision.reasons)))
        } else if decision.variant.is_none() {
            (Some(Blocked::NoVariant(decision.reasons)), None)
        } else {
            (None, None)
        };
        let mut gates = vec![Gate::of("trigger", due.is_none().then_some(Blocked::NotDue)), Gate::of("delay", delayed)];
        gates.extend(Gate::of_caps(limits));
        gates.extend(eligible);
        gates.push(Gate::of("tier", too_low));
        gates.extend(prompt.budget.map(|budget| self.budget_gate(budget, now)));
        gates.push(Gate::of("variant", no_variant));
        gates.extend(items);
        gates.push(Gate::of("holdout", withheld));
        if is_notification {
            gates.push(Gate::of("in-background", is_visible.then_some(Blocked::InFront)));
            gates.push(Gate::of("notifications", (!self.shows_notifications).then_some(Blocked::NoNotifications)));
        } else {
            gates.push(Gate::of("visible", (!is_visible).then_some(Blocked::Hidden)));
        }
        gates
    }

    /// Whether a budget of so many prompts in 24 hours leaves room.
    fn budget_gate(&self, budget: i32, now: Timestamp) -> Gate {
        let has_budget = |id: &str| self.config.prompt(id).is_some_and(|prompt| prompt.budget.is_some());
        let shown = self.store.basis().profile.prompt_history.of(&has_budget);
        let [_, per_day, ..] = Caps { per_day: budget, ..Caps::NONE }.limits(&shown, now, now);
        let until = per_day.capped.and_then(Capped::until);
        Gate::of("budget", until.map(Blocked::Budget)).with_left(per_day.left)
    }

    /// When a notification that is due may come while the tab is hidden: when what blocks it has ended, and where that is
    /// its condition alone, when something changes with time, at `changes`.
    pub(super) fn notification_due_at(&self, changes: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        let free_at = |prompt: &Prompt| {
            let due = self.due_since(prompt).filter(|_| self.config.prompt_contents.is_notification(&prompt.id))?;
            let blocks = self.blocks(prompt, due, now);
            let ends: Option<Vec<Timestamp>> =
                blocks.iter().filter(|block| !block.is_of_condition()).map(Blocked::until).collect();
            ends?.into_iter().max().or(changes)
        };
        self.config.prompts.iter().filter_map(free_at).filter(|at| *at > now).min()
    }

    /// The visitor is back on the page, where a notification is gone. That is no answer: nothing is recorded, and it is
    /// not due any more.
    pub(super) fn close_notification(&mut self) {
        let open = self.view.prompts.open().map(str::to_owned);
        if let Some(open) = open.filter(|open| self.config.prompt_contents.is_notification(open)) {
            self.view.prompts.close(&open);
        }
    }

    /// Whether a prompt may come on this page view, as far as that can be said now: what speaks against it may end.
    pub fn may_prompt(&mut self, now: Timestamp) -> bool {
        if self.config.prompts.is_empty() {
            return false;
        }
        self.refresh_context(now);
        let may_end = |blocks: &[Blocked]| blocks.iter().all(Blocked::may_end_soon);
        may_end(&self.blocks_of_all(now))
            && self.config.prompts.iter().any(|prompt| {
                // Who is not asked needs nothing to ask with.
                let is_withheld = self.decide_prompt(prompt, now).is_withheld();
                !is_withheld && may_end(&self.blocks_of(prompt, self.due_since(prompt), now))
            })
    }

    /// For each prompt whether it is due, and why it is not shown now: a list of `{prompt, variant, due, reasons}`.
    /// `variant` is what it would say. One that is open has no reasons.
    pub fn explain_prompts(&mut self, now: Timestamp) -> Value {
        self.refresh_context(now);
        let of_all = self.blocks_of_all(now);
        let zone = self.view.context.zone;
        let explain = |prompt: &Prompt| {
            let due = self.due_since(prompt);
            let own = self.blocks_of(prompt, due, now);
            let is_open = self.view.prompts.open() == Some(&prompt.id);
            let blocks = own.iter().chain(&of_all).filter(|_| !is_open);
            let reasons = blocks.map(|block| block.text(now, zone)).collect::<Value>();
            Object::new()
                .with("prompt", prompt.id.as_str())
                .with("variant", self.decide_prompt(prompt, now).variant)
                .with("due", due.is_some())
                .with("reasons", reasons)
        };
        self.config.prompts.iter().map(explain).collect()
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
        if self.config.prompt(&id).is_none() {
            return;
        }
        let retry_at = now.plus(RETRY_MS);
        match outcome {
            PromptOutcome::Postponed => return self.view.prompts.postpone(&id, retry_at),
            PromptOutcome::Failed => self.view.prompts.fail(&id, retry_at),
            PromptOutcome::Accepted
            | PromptOutcome::Submitted
            | PromptOutcome::Declined
            | PromptOutcome::Dismissed
            | PromptOutcome::Removed => self.view.prompts.close(&id),
            PromptOutcome::Shown | PromptOutcome::Seen => {}
            // That is decided here, and no page says it.
            PromptOutcome::Withheld => return,
        }
        let variant = self.view.prompts.variant(&id);
        if self.is_prompt_preview(&id) {
            let detail = outcome_detail(&id, Some(&variant), outcome).with("preview", true);
            effects.push(Effect::DomEvent(DomEvent::Prompt, detail));
            return;
        }
        effects.push(Effect::DomEvent(DomEvent::Prompt, outcome_detail(&id, Some(&variant), outcome)));
        self.push_promotion(&id, &variant, outcome, effects);
        let trial = if outcome == PromptOutcome::Shown { self.expose_to_prompt(&id, &variant, now) } else { None };
        // What the visitor had no part in says nothing about them.
        if !matches!(outcome, PromptOutcome::Failed | PromptOutcome::Removed) {
            self.record(JournalEvent::Prompt(id, Some(variant), outcome), now);
        }
        if let Some(trial) = trial {
            self.record(trial, now);
        }
    }

    /// The visitor has answered a question: that is kept as an attribute, and what they like or not as an interest.
    pub(super) fn prompt_answered(&mut self, id: String, answer: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let variant = self.view.prompts.variant(&id);
        let tags = self.config.prompt_contents.of(&id, &variant).and_then(|content| content.ask.tags_of(answer));
        let Some((likes, dislikes)) = tags.map(|(likes, dislikes)| (likes.to_vec(), dislikes.to_vec())) else { return };
        self.view.prompts.close(&id);
        let detail = outcome_detail(&id, Some(&variant), PromptOutcome::Accepted).with("answer", answer);
        if self.is_prompt_preview(&id) {
            effects.push(Effect::DomEvent(DomEvent::Prompt, detail.with("preview", true)));
            return;
        }
        effects.push(Effect::DomEvent(DomEvent::Prompt, detail));
        self.push_promotion(&id, &variant, PromptOutcome::Accepted, effects);
        self.record(JournalEvent::Prompt(id.clone(), Some(variant), PromptOutcome::Accepted), now);
        self.record(JournalEvent::Answer(id, answer.to_owned()), now);
        for (name, tags) in [("interested", likes), ("not_interested", dislikes)] {
            if !tags.is_empty() {
                let item = Item { tags, quantity: 1.0, ..Item::default() };
                self.event(Event { name: name.to_owned(), items: vec![item], ..Event::default() }, now);
            }
        }
    }

    /// Whether nothing of what becomes of a prompt is recorded: it is previewed, or something else is.
    fn is_prompt_preview(&self, id: &str) -> bool {
        self.is_preview() || self.view.prompts.is_preview(id)
    }

    /// Records the variations of experiments that the visitor was exposed to by a prompt on the screen; returns the trial
    /// that begins, where a bandit learns from it.
    fn expose_to_prompt(&mut self, id: &str, variant: &str, now: Timestamp) -> Option<JournalEvent> {
        let prompt = self.config.prompt(id)?;
        let decision = self.decide_prompt(prompt, now);
        // Since it was asked, something else may have been decided.
        if decision.variant.as_deref() != Some(variant) {
            return None;
        }
        let trial = self.trial(&decision, now);
        self.expose(decision.exposures, decision.sticky, now);
        trial
    }

    /// Tells the site's data layer of a prompt that was seen, or accepted, where the site asks and the visitor allows it:
    /// as GA4's `view_promotion` and `select_promotion`.
    fn push_promotion(&self, id: &str, variant: &str, outcome: PromptOutcome, effects: &mut Vec<Effect>) {
        let event = match outcome {
            PromptOutcome::Seen => "view_promotion",
            PromptOutcome::Accepted | PromptOutcome::Submitted => "select_promotion",
            PromptOutcome::Shown
            | PromptOutcome::Declined
            | PromptOutcome::Dismissed
            | PromptOutcome::Failed
            | PromptOutcome::Postponed
            | PromptOutcome::Withheld
            | PromptOutcome::Removed => return,
        };
        if self.config.data_layer && self.consent.may_measure() {
            let entry = Object::new()
                .with("event", event)
                .with("promotion_id", format!("tailorbird-{id}"))
                .with("creative_name", variant);
            effects.push(Effect::DataLayerPush(entry));
        }
    }
}

/// The detail of `tailorbird:prompt`.
fn outcome_detail(prompt: &str, variant: Option<&str>, outcome: PromptOutcome) -> Object {
    Object::new().with("prompt", prompt).with("variant", variant.map(str::to_owned)).with("outcome", outcome.name())
}
