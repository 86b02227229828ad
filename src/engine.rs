//! One page view: signals in, effects out.
//!
//! This is where the stages meet. Consent is asked here, once, for everything that enters; what a
//! signal changes is settled here, in one place, after it was taken in.

mod reports;
mod experiments;
mod persistence;
mod device_merge;
mod decision_context;

use crate::condition::Scope;
use crate::config::Config;
use crate::decision::explain::Reason;
use crate::decision::prompt::Prompt;
use crate::decision::slot::{Evidence, Slot};
use crate::decision::{Decision, Level, exit_intent, prompt};
use crate::host::Host;
use crate::page::rendered_slots::RenderedSlots;
use crate::page::{Area, Effect, decision_value};
use crate::profile::attributes::ALL;
use crate::profile::basket;
use crate::profile::engagement::Engagement;
use crate::profile::journal::{Entry, Journal, JournalEvent, Unsaved};
use crate::random::Seed;
use crate::signal::consent::{Allowed, Consent};
use crate::signal::context::PageContext;
use crate::signal::event::Event;
use crate::signal::pointer_exit::PointerExit;
use crate::signal::{PromptOutcome, Signal};
use crate::state::State;
use crate::time::{SECOND, Timestamp};
use crate::value::Object;

use decision_context::DecisionContext;
pub use persistence::Folded;

/// How many events one second may bring; the rest is counted and dropped.
const EVENTS_A_SECOND: u32 = 100;
/// How large the tree of the site's own attributes may grow; what would make it larger is dropped.
const SITE_SIZE: usize = 20_000;

/// The engine, on one page.
pub struct Engine {
    config: Config,
    host: Box<dyn Host>,
    /// Everything known, this tab's own entries included.
    state: State,
    /// What this tab wrote that is not part of a stored profile yet.
    journal: Journal,
    /// The id of this tab's journal.
    tab_id: String,
    /// The number of the next entry.
    next_seq: u64,
    consent: Consent,
    /// Whether the data layer's Consent Mode is heard.
    listening: bool,
    /// Where things are kept; nowhere before consent was given and storage was read.
    storage_area: Option<Area>,
    context: PageContext,
    engagement: Engagement,
    /// Where the visitor may be, as far as the time zone says.
    geo: Object,
    site: Object,
    decision_context: DecisionContext,
    rendered_slots: RenderedSlots,
    /// What was met on this page view, by slot.
    exposed: Vec<(String, Option<String>)>,
    /// What was seen on this page view, by slot.
    impressed: Vec<(String, Option<String>)>,
    /// StickyBuckets that the data layer is to be told of, once consent allows it, and whether it was told on
    /// this page view.
    data_layer_queue: Vec<(String, bool)>,
    /// Whether the page may be changed.
    ready: bool,
    /// Whether a redirect experiment had its say on this page view.
    redirected: bool,
    /// Whether a prompt was due on this page view.
    prompt_shown: bool,
    rate_limiter: RateLimiter,
}

/// How fast events come in.
#[derive(Default)]
struct RateLimiter {
    second: i64,
    count: u32,
    dropped: u32,
}

impl RateLimiter {
    /// Whether one more event is taken in at `now`.
    fn allow(&mut self, now: Timestamp) -> bool {
        let second = now.ms().div_euclid(SECOND);
        if second != self.second {
            (self.second, self.count) = (second, 0);
        }
        let admitted = self.count < EVENTS_A_SECOND;
        if admitted {
            self.count += 1;
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        admitted
    }
}

impl Engine {
    /// A page view of a visitor of whom nothing is known. `seed` is used until a stored one is
    /// found, and only with consent.
    #[inline(never)]
    pub fn new(config: Config, seed: Seed, host: Box<dyn Host>) -> Engine {
        Engine {
            config,
            host,
            state: State::default(),
            journal: Journal::new(seed),
            tab_id: String::new(),
            next_seq: 1,
            consent: Consent::default(),
            listening: false,
            storage_area: None,
            context: PageContext::default(),
            engagement: Engagement::default(),
            geo: Object::new(),
            site: Object::new(),
            decision_context: DecisionContext::default(),
            rendered_slots: RenderedSlots::default(),
            exposed: Vec::new(),
            impressed: Vec::new(),
            data_layer_queue: Vec::new(),
            ready: false,
            redirected: false,
            prompt_shown: false,
            rate_limiter: RateLimiter::default(),
        }
    }

    /// The config this visit runs on.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Takes in one signal; returns what the page should now do, in order.
    pub fn dispatch(&mut self, signal: Signal, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let written = self.next_seq;
        // What says nothing of the page or of what may be kept matters only by what it changes.
        let quiet = matches!(
            signal,
            Signal::Event(_)
                | Signal::Activity(_)
                | Signal::TabVisible(_)
                | Signal::DecisionUsed(_)
                | Signal::FeatureUsed(..)
                | Signal::Ignored
        );
        let may_redirect = matches!(
            signal,
            Signal::PageView(_)
                | Signal::Restored(_)
                | Signal::Alone
                | Signal::Attributes(_)
                | Signal::Consent(_)
                | Signal::Ready
        );
        self.take_in(signal, now, &mut effects);
        self.refresh_context(now);
        // Other devices may know better, and what is shown or told by this one alone would be taken back.
        let waits = self.state.is_partial();
        if !waits && (core::mem::take(&mut self.decision_context.dirty) || !quiet) {
            self.emit_segment_changes(now, &mut effects);
            self.settle(now, &mut effects);
        }
        let to = if may_redirect && !waits { self.redirect(now) } else { None };
        self.flush_exposures(&mut effects);
        if self.next_seq != written && self.storage_area.is_some() {
            effects.push(match self.journal.take_unsaved() {
                Unsaved::Append(text) => Effect::Append(text),
                Unsaved::Replace(text) => Effect::Save(text),
            });
            if self.journal.is_fold_due() {
                effects.push(Effect::Fold);
            }
        }
        // Last, so that what was met is kept before the page is left.
        effects.extend(to.map(Effect::Redirect));
        effects
    }

    #[inline(never)]
    fn take_in(&mut self, signal: Signal, now: Timestamp, effects: &mut Vec<Effect>) {
        match signal {
            Signal::Ignored => {}
            Signal::Ready => self.ready = true,
            Signal::PageView(context) => {
                self.record_dwell(now);
                self.context = context;
                self.decision_context.on_page_view();
                self.engagement = Engagement::from(now);
                self.rendered_slots.new_view();
                self.exposed.clear();
                self.impressed.clear();
                self.data_layer_queue.retain(|(_, told)| !told);
                self.prompt_shown = false;
                self.redirected = false;
                self.record(JournalEvent::View, now);
            }
            Signal::SlotsPresent(ids) => {
                let known = |id: &String| self.config.slots.iter().any(|slot| slot.id == *id);
                self.rendered_slots.present(ids.into_iter().filter(known).collect());
            }
            Signal::Event(event) => self.event(event, now),
            Signal::Attributes(object) => {
                let mut site = self.site.clone();
                site.overlay(&object);
                if site.size() <= SITE_SIZE {
                    self.site = site;
                    self.decision_context = DecisionContext::default();
                }
            }
            Signal::Geo(place) => {
                self.geo = place;
                self.decision_context.invalidated |= ALL;
            }
            Signal::ListenToConsentMode => self.listening = true,
            Signal::Consent(consent) => self.consent(consent, effects),
            Signal::Restored(restored) => {
                self.restore(restored, now, effects);
                self.decision_context.invalidated |= ALL;
            }
            Signal::Alone => self.state.drop_other_devices(),
            Signal::Folded(watermarks) => self.folded(&watermarks, effects),
            Signal::SlotVisible(slot, on_screen) => self.rendered_slots.on_screen(&slot, on_screen),
            Signal::Impression(slot) => self.impression(&slot, now, effects),
            Signal::Activity(depth) => self.engagement.active(depth, now),
            Signal::TabVisible(visible) => {
                self.engagement.tab(visible, now);
                if visible {
                    // Other tabs have gone on meanwhile.
                    effects.extend(self.storage_area.map(Effect::Restore));
                } else {
                    self.record_dwell(now);
                }
            }
            Signal::PointerExit(leave) => self.pointer_exit(leave, now, effects),
            Signal::PromptOutcome(id, outcome) => {
                if !self.config.prompts.iter().any(|prompt| prompt.id == id) {
                    return;
                }
                let detail = Object::new().with("prompt", id.as_str()).with("outcome", outcome.name());
                effects.push(Effect::DomEvent("prompt", detail));
                if outcome != PromptOutcome::Failed {
                    self.record(JournalEvent::Prompt(id, outcome), now);
                }
            }
            Signal::DecisionUsed(slot) => {
                if let Some(decision) = self.peek(&slot, now) {
                    self.record_exposure(decision, now);
                }
            }
            Signal::FeatureUsed(key, attributes) => self.used(&key, &attributes, now),
            Signal::Forget(dimension, key) => self.record(JournalEvent::Forget(dimension, key), now),
            Signal::Erase(seed) => {
                effects.push(Effect::Erase);
                self.forget_everything(seed);
            }
            Signal::ErasedElsewhere(seed) => {
                // The other tab may have withdrawn consent: keep nothing until somebody says more.
                self.forget_everything(seed);
                self.storage_area = None;
                self.consent = Consent::default();
                self.announce_consent(effects);
            }
        }
    }

    fn event(&mut self, mut event: Event, now: Timestamp) {
        if !self.rate_limiter.allow(now) {
            return;
        }
        let dropped = core::mem::take(&mut self.rate_limiter.dropped);
        if dropped > 0 {
            self.record(JournalEvent::Dropped(dropped), now);
        }
        self.engagement.active(0, now);
        let had_items = !event.items.is_empty();
        event.items.retain(|item| !self.config.rules.is_sensitive(&item.tags));
        if had_items && event.items.is_empty() {
            return;
        }
        let rules = &self.config.rules;
        let idle = !basket::concerned(&event.name)
            && rules.weight(&event.name) == 0.0
            && !rules.rolling.iter().any(|count| count.counts(&event.name));
        event.keep(&rules.price_bands, &|dimension| rules.keeps(dimension), idle);
        self.record(JournalEvent::Event(event), now);
    }

    /// Writes down how long somebody was occupied with this page, as far as it was not said before.
    fn record_dwell(&mut self, now: Timestamp) {
        if let Some((ms, depth)) = self.engagement.take_unreported(now) {
            self.record(JournalEvent::Dwell(ms, depth), now);
        }
    }

    /// Writes down what happened, unless the visitor said no.
    fn record(&mut self, event: JournalEvent, at: Timestamp) {
        if self.consent.personalize == Allowed::Denied {
            return;
        }
        self.decision_context.invalidated |= decision_context::changed_by(&event);
        let entry = Entry { number: self.next_seq, at, event };
        self.next_seq = self.next_seq.saturating_add(1);
        self.state.fold(&entry, persistence::folding(&self.config));
        self.journal.push(entry);
        let dropped = self.journal.take_dropped();
        if dropped > 0 {
            self.record(JournalEvent::Dropped(dropped), at);
        }
    }

    fn impression(&mut self, slot: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(variant) = self.rendered_slots.variant(slot).map(|variant| variant.map(str::to_owned)) else { return };
        let seen = (slot.to_owned(), variant.clone());
        if self.impressed.contains(&seen) || self.previewed(slot).is_some() {
            return;
        }
        effects.push(Effect::DomEvent("impression", Object::new().with("slot", slot).with("variant", variant.clone())));
        self.impressed.push(seen);
        self.record(JournalEvent::Impression(slot.to_owned(), variant), now);
    }

    /// Notes that the visitor met a variant, once for each page view; a preview is no meeting.
    fn record_exposure(&mut self, decision: Decision, now: Timestamp) {
        let is_preview = self.previewed(&decision.slot).is_some();
        if !is_preview {
            self.expose(decision.exposures, decision.sticky, now);
        }
        let met = (decision.slot, decision.variant);
        if !self.exposed.contains(&met) {
            let (slot, variant) = met.clone();
            self.exposed.push(met);
            if !is_preview {
                self.record(JournalEvent::Exposed(slot, variant), now);
            }
        }
    }

    fn pointer_exit(&mut self, leave: PointerExit, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.prompts.iter().all(|prompt| prompt.leave.is_none()) {
            return;
        }
        let profile = &self.state.profile;
        let Some(intent) = exit_intent::weigh(&leave, profile, &self.engagement, &self.context.path, now) else {
            return;
        };
        effects.push(Effect::DomEvent("leave", intent.detail()));
        self.refresh_context(now);
        self.ask_prompt(now, effects, &|prompt| prompt.leave.is_some_and(|leave| intent.reaches(leave)));
    }

    /// Asks the visitor what is due of the prompts that something has `triggered`.
    fn ask_prompt(&mut self, now: Timestamp, effects: &mut Vec<Effect>, triggered: &dyn Fn(&Prompt) -> bool) {
        let allowed = matches!(self.consent.personalize, Allowed::Granted | Allowed::Session);
        if self.prompt_shown || !allowed || self.is_held_out() {
            return;
        }
        let (profile, attributes) = (&self.state.profile, &self.decision_context.attributes);
        let due = prompt::due(&self.config.prompts, triggered, profile, attributes, now, self.scope());
        let words = due.and_then(|prompt| self.config.words.iter().find(|(id, _)| *id == prompt.id));
        if let Some((id, words)) = words {
            self.prompt_shown = true;
            effects.push(Effect::Prompt { id: id.clone(), words: words.clone() });
        }
    }

    /// Brings the slots on the page in line with what is known now.
    fn settle(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let mut place = 0;
        while let Some(id) = self.rendered_slots.slot(place) {
            place += 1;
            let Some(slot) = self.config.slots.iter().find(|slot| slot.id == id) else { continue };
            let decision = self.decide(slot);
            let id = &decision.slot;
            let changed = self.rendered_slots.change(id, decision.variant.as_deref());
            if changed {
                let content = decision.variant.as_ref().and_then(|variant| self.config.contents.of(id, variant));
                effects.push(match (&decision.variant, content) {
                    (Some(variant), Some(content)) => {
                        Effect::Show { slot: id.clone(), variant: variant.clone(), content: content.clone() }
                    }
                    _ => Effect::Revert { slot: id.clone() },
                });
            }
            let first = !self.exposed.iter().any(|(met, _)| met == id);
            // A change that is held back is announced when it comes.
            let applied = self.rendered_slots.variant(id).flatten() == decision.variant.as_deref();
            if changed || (first && applied) {
                effects.push(Effect::DomEvent("decision", decision_value(&decision)));
                self.record_exposure(decision, now);
            } else if applied && self.is_new_exposure(&decision.exposures) {
                // An arm can come to a slot that shows the same already: the control, after a late yes.
                self.record_exposure(decision, now);
            }
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope::of(self.host.as_ref(), &self.config.payload.groups)
    }

    fn decide(&self, slot: &Slot) -> Decision {
        if let Some(variant) = self.previewed(&slot.id) {
            let variant = slot.variants.iter().find(|known| known.id == variant);
            return Decision {
                variant: variant.map(|variant| variant.id.clone()),
                level: if variant.is_some() { Level::Generic } else { Level::Standard },
                reasons: vec![Reason::Preview],
                ..Decision::of(&slot.id)
            };
        }
        slot.decide(Evidence {
            interests: &self.state.profile.interests,
            segments: &self.config.segments,
            ranked: &self.decision_context.matches.ranked,
            seed: self.decision_context.seed,
            holdout: self.config.holdout,
            context: self.evaluation_context(&self.decision_context.attributes),
        })
    }

    /// What a slot would show now; nothing is noted. `None` for a slot that is not in the config.
    pub fn peek(&mut self, slot: &str, now: Timestamp) -> Option<Decision> {
        self.refresh_context(now);
        let slot = self.config.slots.iter().find(|known| known.id == slot)?;
        Some(self.decide(slot))
    }
}
