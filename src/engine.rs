//! One page view after another: signals in, effects out.
//!
//! This is where the stages meet. `ConsentGate` is asked once, for everything that enters; a signal is
//! applied first, then what it changed is decided anew in one place.

mod areas;
mod bandits;
mod capture;
mod consent_gate;
mod data_layer_queue;
mod decision_context;
mod exit_intent;
mod experiments;
mod follow_up;
mod handover;
mod inspection;
mod offers;
mod page_view;
mod pause;
mod prerender;
mod preview;
mod prompt_items;
mod prompt_queue;
mod prompts;
mod rage_clicks;
mod rate_limiter;
mod recommendations;
mod rendering;
mod report_queue;
mod reports;
pub mod sandbox;
mod slots;
mod speculation;
mod tab_store;

use std::rc::Rc;

use crate::condition::Scope;
use crate::config::Config;
use crate::decision::explain::Reason;
use crate::decision::slot::Slot;
use crate::decision::strategy::{Elsewhere, Evidence};
use crate::decision::targeting::PageTargeting;
use crate::decision::{Decision, Level};
use crate::host::Host;
use crate::page::last_decisions::LastDecisions;
use crate::page::rendered_slots::{Applied, RenderedSlots};
use crate::page::{DomEvent, Effect};
use crate::profile::attributes::AttributeGroups;
use crate::profile::basket;
use crate::profile::item_history::ItemHistory;
use crate::profile::journal::JournalEvent;
use crate::random::Seed;
use crate::signal::consent::Statement;
use crate::signal::event::Event;
use crate::signal::preview::Preview;
use crate::signal::{Restored, Signal};
use crate::state::{FoldContext, ImportError};
use crate::storage::{Folded, Stored};
use crate::time::Timestamp;
use crate::value::Object;
use capture::{Capture, Sender};
use consent_gate::{ConsentGate, Transition};
use data_layer_queue::DataLayerQueue;
use decision_context::DecisionContext;
use follow_up::FollowUp;
use page_view::PageView;
use prerender::Prerender;
use rate_limiter::RateLimiter;
use report_queue::ReportQueue;
use tab_store::TabStore;

pub use handover::Handover;
pub use preview::preview_problems;
pub use tab_store::watermarks;

/// How large the tree of the site's own attributes may grow; what would make it larger is dropped.
const SITE_SIZE: usize = 20_000;

/// The engine, on one page.
pub struct Engine {
    /// Shared with its sandboxes.
    config: Rc<Config>,
    host: Box<dyn Host>,
    consent: ConsentGate,
    store: TabStore,
    view: PageView,
    prerender: Prerender,
    decision_context: DecisionContext,
    rendered_slots: RenderedSlots,
    last_decisions: LastDecisions,
    /// The last decisions as they are stored.
    saved_decisions: String,
    /// What the site says of the visitor.
    site: Object,
    /// Where the visitor may be, by the time zone.
    geo: Object,
    /// What is shown in place of what would be decided; while there is any, nothing is recorded.
    previews: Vec<Preview>,
    /// Whether the page was told of previews, and not yet that there are none any more.
    tells_previews: bool,
    /// By segment, whether the visitor counts as in it, whatever its condition says.
    forced_segments: Vec<(String, bool)>,
    /// By area, whether the visitor is in it; empty while that is unknown.
    near: Object,
    /// Whether the browser shows notifications of the site.
    shows_notifications: bool,
    data_layer: DataLayerQueue,
    reports: ReportQueue,
    capture: Capture,
    rate_limiter: RateLimiter,
    /// Whether the page may be changed.
    ready: bool,
    /// Whether the page loads others ahead.
    speculates: bool,
    /// How often everything was erased on this page.
    erasures: u32,
    wake_at: Option<Timestamp>,
}

impl Engine {
    /// An engine for a visitor of whom nothing is known. `seed` is used until a stored one is found, and only
    /// with consent.
    pub fn new(config: Config, seed: Seed, host: Box<dyn Host>) -> Engine {
        Engine::with_config(Rc::new(config), seed, host)
    }

    fn with_config(config: Rc<Config>, seed: Seed, host: Box<dyn Host>) -> Engine {
        let mut view = PageView::default();
        // In Node no page view replaces it.
        view.targeting = PageTargeting::of("", &config.address_patterns(), host.as_ref());
        let consent = ConsentGate::new(config.rules.is_child_directed, config.rules.ignores_do_not_track);
        Engine {
            config,
            host,
            consent,
            store: TabStore::new(seed),
            view,
            prerender: Prerender::default(),
            decision_context: DecisionContext::default(),
            rendered_slots: RenderedSlots::default(),
            last_decisions: LastDecisions::default(),
            saved_decisions: String::new(),
            site: Object::new(),
            geo: Object::new(),
            previews: Vec::new(),
            tells_previews: false,
            forced_segments: Vec::new(),
            near: Object::new(),
            shows_notifications: false,
            data_layer: DataLayerQueue::default(),
            reports: ReportQueue::default(),
            capture: Capture::default(),
            rate_limiter: RateLimiter::default(),
            ready: false,
            speculates: false,
            erasures: 0,
            wake_at: None,
        }
    }

    /// The config the engine runs on.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Applies one signal; returns what the page should do, in order.
    pub fn dispatch(&mut self, signal: Signal, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let Some(signal) = self.held_by_prerender(signal) else { return effects };
        let follow_up = FollowUp::of(&signal);
        self.release_captured(&signal, now);
        self.apply(signal, now, &mut effects);
        self.refresh_context(now);
        let changed = self.decision_context.take_changed();
        let changed = if follow_up == FollowUp::ByChange { changed } else { AttributeGroups::ALL };
        let decides = !changed.is_empty();
        if decides {
            self.emit_segment_changes(now, &mut effects);
            self.reconcile_slots(changed, now, &mut effects);
        }
        self.ask_prompt(now, &mut effects);
        let redirect = if follow_up == FollowUp::DecideAndRedirect { self.redirect(now) } else { None };
        self.flush_exposures(&mut effects);
        self.update_reports(now);
        if decides {
            self.save_decisions(&mut effects);
        }
        self.speculate(&mut effects);
        self.store.flush(&mut effects);
        self.schedule(now, &mut effects);
        // Last, so that exposures are stored before the page is left.
        effects.extend(redirect.map(Effect::Redirect));
        effects
    }

    /// Keeps what counts only once a prerendered page is activated.
    fn held_by_prerender(&mut self, signal: Signal) -> Option<Signal> {
        if self.view.context.is_prerendering { self.prerender.hold(signal) } else { Some(signal) }
    }

    /// Applies what waited for a prerendered page to be activated.
    fn activate(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let (waiting, dropped) = self.prerender.release();
        for signal in waiting {
            self.release_captured(&signal, now);
            self.apply(signal, now, effects);
        }
        if dropped > 0 {
            self.record(JournalEvent::Dropped(dropped), now);
        }
    }

    fn apply(&mut self, signal: Signal, now: Timestamp, effects: &mut Vec<Effect>) {
        match signal {
            Signal::Ignored => {}
            Signal::Timer => {
                // It has run out, and where a browser rounds its clock, maybe before its time: then it is started anew.
                self.wake_at = None;
                self.record_dropped(now);
            }
            Signal::Ready => self.ready = true,
            Signal::Parsed(is_sensitive) => self.remember_page(is_sensitive, now),
            Signal::PageView(mut context) => {
                self.record_dwell(now);
                context.set_partners(&self.config.partners);
                let asked = core::mem::take(&mut context.previews);
                let patterns = self.config.address_patterns();
                let targeting = PageTargeting::of(&context.address, &patterns, self.host.as_ref());
                let prompts = self.view.prompts.on_page_view();
                self.view = PageView::new(context, targeting, prompts, now);
                self.view.is_sensitive = self.config.rules.sensitive.has_path(&self.view.context.path);
                self.decision_context.on_page_view();
                self.rendered_slots.on_page_view();
                self.data_layer.on_page_view();
                self.capture.on_page_view();
                self.preview_by_address(asked, now, effects);
                self.record(JournalEvent::View, now);
                if !self.view.context.is_prerendering {
                    self.activate(now, effects);
                    self.locate(effects);
                }
            }
            Signal::SlotsPresent(ids) => {
                let known = |id: &String| self.config.slot(id).is_some();
                self.rendered_slots.set_present(ids.into_iter().filter(known).collect());
                // What comes back is announced again.
                let Engine { view, rendered_slots, .. } = self;
                view.retain_announced(&|slot| rendered_slots.is_present(slot));
            }
            Signal::SlotApplied { slot, variant } => {
                if self.rendered_slots.answer(&slot, &variant, Applied::Yes) {
                    self.on_applied(&slot, now, effects);
                }
            }
            Signal::SlotNotApplied { slot, variant, reason } => {
                if self.rendered_slots.answer(&slot, &variant, Applied::No) {
                    self.on_not_applied(&slot, &variant, &reason, now, effects);
                }
            }
            Signal::Event(event) => {
                if self.capture.listens_to(Sender::Site, &event.name) {
                    self.view.engagement.active(0, now);
                    self.event(event, now);
                }
            }
            Signal::Captured(captured) => self.captured(captured, now),
            Signal::Attributes(attributes) => {
                let mut site = self.site.clone();
                site.overlay(&attributes);
                if site.size() <= SITE_SIZE {
                    self.site = site;
                    self.decision_context.invalidate_everything();
                }
            }
            Signal::Geo(geo) => {
                self.geo = geo;
                self.decision_context.invalidate_everything();
            }
            Signal::Position(position) => self.located(&position, now),
            Signal::Consent(statements) => self.consent(&statements, effects),
            Signal::Restored(restored) => self.restore(restored, now, effects),
            Signal::Folded(watermarks) => self.store.folded(&watermarks, effects),
            Signal::SlotVisible(slot, visible) => self.rendered_slots.set_visible(&slot, visible),
            Signal::Impression(slot) => self.impression(&slot, now, effects),
            Signal::Activity(depth) => {
                self.trigger_idle(now);
                self.paused(now, effects);
                self.view.engagement.active(depth, now);
            }
            Signal::TabVisible(visible) => {
                self.view.engagement.tab(visible, now);
                if visible {
                    // Other tabs have gone on meanwhile.
                    effects.extend(self.store.area().map(Effect::Restore));
                    self.close_notification();
                    self.locate(effects);
                } else {
                    self.view.hidden_at = Some(now);
                    self.record_dwell(now);
                    self.record_dropped(now);
                }
            }
            Signal::Notifications(shows) => self.shows_notifications = shows,
            Signal::PointerExit(exit) => self.pointer_exit(&exit, now, effects),
            Signal::ScrolledUp => self.scrolled_up(now, effects),
            Signal::ProductCopied => self.product_copied(now, effects),
            Signal::ElementVisible(id) => self.trigger_visible(&id, now),
            Signal::PromptCalled(id) => self.prompt_called(&id, now, effects),
            Signal::Previews(previews) => self.preview(previews, now, effects),
            Signal::PromptPreviewed(id, variant) => self.preview_prompt(id, variant, effects),
            Signal::PromptOutcome(id, outcome) => self.prompt_outcome(id, outcome, now, effects),
            Signal::PromptAnswered(id, answer) => self.prompt_answered(id, &answer, now, effects),
            Signal::Ranked(request, items) => self.view.rankings.set_answer(request, items),
            Signal::DecisionUsed(slot) => {
                if let Some(decision) = self.peek(&slot, now) {
                    // A slot that is only asked for is nowhere on the page, where the model would be asked for it.
                    self.ask_model_for(&decision, now, effects);
                    if !decision.is_awaited() {
                        self.record_exposure(decision, now);
                    }
                }
            }
            Signal::FeatureUsed(key, attributes) => self.use_feature(&key, &attributes, now),
            // Other tabs have gone on meanwhile.
            Signal::ReportsAsked => effects.extend(self.store.area().map(Effect::Restore)),
            Signal::Forget(dimension, key) => self.record(JournalEvent::Forget(dimension, key), now),
            Signal::Correct(dimension, key, share) => self.correct(dimension, key, share, now, effects),
            Signal::Pause(paused) => self.pause(paused, now, effects),
            Signal::Erase(seed) => {
                effects.push(self.consent.area().map_or(Effect::Erase, Effect::Renew));
                self.forget_everything(seed);
            }
            Signal::ErasedElsewhere(seed) => {
                self.forget_everything(seed);
                effects.extend(self.consent.area().map(Effect::Restore));
            }
            Signal::WithdrawnElsewhere(seed) => {
                self.forget_everything(seed);
                self.store.close();
                self.consent.revoke();
                effects.push(Effect::CloseStorage);
                self.emit_consent(effects);
                effects.push(Effect::Restart { erases: false });
            }
        }
    }

    fn event(&mut self, mut event: Event, now: Timestamp) {
        if self.view.is_sensitive || !self.rate_limiter.allow(now) {
            return;
        }
        self.record_dropped(now);
        let had_items = !event.items.is_empty();
        event.items.retain(|item| !self.config.rules.sensitive.has_tag(&item.tags));
        if had_items && event.items.is_empty() {
            return;
        }
        let rules = &self.config.rules;
        let needs_items = basket::is_basket_event(&event.name)
            || rules.weight(&event.name) != 0.0
            || rules.recommends && ItemHistory::counts(&event.name)
            || rules.rolling.iter().any(|count| count.counts(&event.name));
        event.reduce(&rules.price_bands, &|dimension| rules.keeps(dimension), needs_items);
        self.note_current_item(&event);
        self.trigger_event(&event.name, now);
        let (name, value) = (event.name.clone(), event.value);
        self.record(JournalEvent::Event(event), now);
        self.reach_report_goals(&name, value, now);
    }

    /// Records how many events came too fast, as far as that was not recorded before.
    fn record_dropped(&mut self, now: Timestamp) {
        let dropped = self.rate_limiter.take_dropped();
        if dropped > 0 {
            self.record(JournalEvent::Dropped(dropped), now);
        }
    }

    /// Records how long the visitor engaged with this page, as far as it was not reported before.
    fn record_dwell(&mut self, now: Timestamp) {
        if let Some(dwell) = self.view.engagement.take_unreported(now) {
            self.record(JournalEvent::Dwell(dwell.ms, dwell.depth_percent), now);
        }
    }

    /// Whether what happens is recorded now: unless the visitor said no, has paused, or has not come yet, or what they
    /// see is a preview.
    fn may_learn(&self) -> bool {
        self.may_record_wishes() && !self.store.is_paused() && !self.is_preview()
    }

    /// Whether what the visitor says about the profile itself is recorded now, which is so during a pause and in a
    /// preview as well.
    fn may_record_wishes(&self) -> bool {
        self.consent.may_learn() && !self.view.context.is_prerendering
    }

    /// Records what happened, as far as that is allowed.
    fn record(&mut self, event: JournalEvent, at: Timestamp) {
        let is_allowed = if event.is_wish() { self.may_record_wishes() } else { self.may_learn() };
        if is_allowed {
            self.decision_context.invalidate_by(&event);
            self.store.record(event, at, fold_context(&self.config));
        }
    }

    fn consent(&mut self, statements: &[Statement], effects: &mut Vec<Effect>) {
        let was_kept = self.consent.area().is_some();
        let Some(transition) = self.consent.apply(statements) else { return };
        self.emit_consent(effects);
        match transition {
            Transition::Stays => {}
            Transition::Opens(area) => {
                effects.push(Effect::Restore(area));
                self.locate(effects);
            }
            // What lies in the area that was allowed before is not allowed any more.
            Transition::Moves(area) => {
                self.store.close();
                effects.push(Effect::Erase);
                effects.push(Effect::Restore(area));
            }
            Transition::Closes => {
                self.store.close();
                self.forget_near();
                self.decision_context.invalidate_everything();
                effects.push(Effect::CloseStorage);
            }
            Transition::Withdraws => {
                self.store.close();
                effects.push(Effect::Erase);
                self.forget_everything(self.store.next_seed());
                if was_kept {
                    effects.push(Effect::Restart { erases: true });
                }
            }
        }
    }

    fn emit_consent(&self, effects: &mut Vec<Effect>) {
        effects.push(Effect::DomEvent(DomEvent::Consent, self.consent_in_effect()));
    }

    /// The consent in effect, and whose answer decided: the detail of `tailorbird:consent`.
    pub fn consent_in_effect(&self) -> Object {
        let consent = self.consent.in_effect();
        Object::new()
            .with("personalize", consent.personalize.value())
            .with("measure", consent.may_measure())
            .with("source", consent.source.name())
    }

    fn forget_everything(&mut self, seed: Seed) {
        self.erasures = self.erasures.wrapping_add(1);
        self.store.forget(seed);
        self.forget_near();
        self.decision_context.invalidate_everything();
        self.view.forget();
        self.last_decisions = LastDecisions::default();
        self.saved_decisions.clear();
        self.data_layer = DataLayerQueue::default();
        self.reports.forget();
        self.capture.forget();
        self.prerender = Prerender::default();
        // Whoever says no wants to see it at once, also where they are looking.
        self.rendered_slots.on_page_view();
    }

    fn restore(&mut self, restored: Restored, now: Timestamp, effects: &mut Vec<Effect>) {
        // Consent may have been withdrawn while storage was being read.
        let Some(area) = self.consent.area() else { return self.store.close() };
        let decisions = restored.decisions.clone();
        let start = self.store.restore(restored, area, now, fold_context(&self.config), effects);
        if let Some(decisions) = decisions {
            // A tab that does not know of the pause yet may have decided from the profile.
            if !self.store.is_paused() {
                let fingerprint = &self.config.fingerprint;
                self.last_decisions.add_earlier(LastDecisions::decode(&decisions, fingerprint));
            }
            self.saved_decisions = decisions;
        }
        tab_store::retain_segments(&mut self.store.state, &self.config.segments);
        self.decision_context.invalidate_everything();
        self.view.prompts.read(now);
        if self.view.engagement.is_visible() {
            self.tab_returned(now, effects);
        }
        // Exposures that were recorded before this page were pushed to the data layer then.
        let exposures = &self.store.state.exposures;
        self.data_layer.retain(|exp_variant| !exposures.was_before(exp_variant, start));
    }

    /// Folds what is stored into one profile; without it, what is known in memory. Changes nothing: the caller
    /// stores the result.
    pub fn fold(&self, stored: Option<&Stored>, now: Timestamp) -> Folded {
        self.store.fold(stored, now, fold_context(&self.config), &self.config.segments)
    }

    /// The permit to store something now, for work that takes a while: it ends when everything is erased, also if
    /// consent is given again. `None` where nothing may be stored.
    pub fn permit(&self) -> Option<u32> {
        self.consent.area().map(|_| self.erasures)
    }

    /// Whether an import that began with this permit may go on.
    ///
    /// # Errors
    ///
    /// [`ImportError::Consent`] where the permit has ended.
    pub fn check_permit(&self, permit: u32) -> Result<(), ImportError> {
        if self.permit() == Some(permit) { Ok(()) } else { Err(ImportError::Consent) }
    }

    /// The same as [`fold`](Engine::fold), with the profile of another device added: see
    /// [`State::import_device`](crate::state::State). The import began with this permit.
    ///
    /// # Errors
    ///
    /// With why that cannot be used, or must not.
    pub fn import(&self, stored: &Stored, brought: &str, permit: u32, now: Timestamp) -> Result<Folded, ImportError> {
        self.check_permit(permit)?;
        self.store.import(stored, brought, now, fold_context(&self.config), &self.config.segments)
    }

    fn scope(&self) -> Scope<'_> {
        Scope::of(self.host.as_ref(), &self.config.payload.groups)
    }

    fn decide(&self, slot: &Slot, now: Timestamp) -> Decision {
        if self.is_spared() {
            return Decision { reasons: vec![Reason::Crawler], ..Decision::of(&slot.id) };
        }
        if let Some(variant) = self.previewed(&slot.id) {
            let variant = variant.and_then(|variant| slot.selection.variant(variant));
            return Decision {
                variant: variant.map(|variant| variant.id.clone()),
                level: if variant.is_some() { Level::Generic } else { Level::Standard },
                reasons: vec![Reason::Preview],
                ..Decision::of(&slot.id)
            };
        }
        let (items, offers) = (self.items_beside(slot), self.offers_beside(&slot.selection, &slot.id, now));
        let decision = slot.decide(self.evidence(Elsewhere { items: &items, offers: &offers }, now));
        self.stand_by_boot(slot, decision, now)
    }

    /// What decisions are based on.
    fn evidence<'a>(&'a self, elsewhere: Elsewhere<'a>, now: Timestamp) -> Evidence<'a> {
        Evidence {
            interests: &self.store.basis().profile.interests,
            segments: &self.config.segments,
            ranked: &self.decision_context.matches.ranked,
            bandits: self.bandit_evidence(),
            seed: self.decision_context.seed,
            holdout: self.config.holdout,
            context: self.evaluation_context(&self.decision_context.attributes),
            situation: self.situation(now),
            shelf: self.shelf_evidence(now),
            elsewhere,
        }
    }

    /// What a slot would show now; nothing is recorded. `None` for a slot that is not in the config.
    pub fn peek(&mut self, slot: &str, now: Timestamp) -> Option<Decision> {
        self.refresh_context(now);
        let slot = self.config.slot(slot)?;
        Some(self.decide(slot, now))
    }

    /// Asks the shell to send a signal when something may be decided otherwise because time has passed.
    fn schedule(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        // A flood of events is counted once, when it is over.
        if self.rate_limiter.dropped() > 0 {
            return self.wake(Some(now), now, effects);
        }
        let changes = [self.decision_context.next_change(self.config.timed, now), self.config.next_time(now)];
        let changes = changes.into_iter().flatten().min();
        let wake_at = if self.view.engagement.is_visible() {
            [changes, self.prompt_due_at(now), self.capture.due_at()].into_iter().flatten().min()
        } else {
            self.notification_due_at(changes, now)
        };
        self.wake(wake_at.filter(|_| self.ready), now, effects);
    }

    fn wake(&mut self, wake_at: Option<Timestamp>, now: Timestamp, effects: &mut Vec<Effect>) {
        if wake_at.is_some() && (wake_at != self.wake_at || self.wake_at.is_some_and(|at| at <= now)) {
            effects.extend(wake_at.map(Effect::WakeAt));
        }
        self.wake_at = wake_at;
    }
}

/// What a fold needs of the config.
fn fold_context(config: &Config) -> FoldContext<'_> {
    FoldContext { rules: &config.rules, goals: &config.goals }
}
