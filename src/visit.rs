//! One page view: signals in, effects out.
//!
//! This is where the stages meet. Consent is asked here, once, for everything that enters; what a
//! signal changes is settled here, in one place, after it was taken in.

mod account;
mod experimenting;
mod keeping;
#[cfg(feature = "rare")]
mod merging;
mod sight;

use crate::condition::Scope;
use crate::config::Config;
use crate::decision::explain::Reason;
use crate::decision::ladder::{Evidence, Slot};
use crate::decision::prompt::Prompt;
use crate::decision::{Decision, Level, leave_intent, prompt};
use crate::host::Host;
use crate::page::showing::Showing;
use crate::page::{Area, Effect, decision_value};
use crate::profile::attributes::ALL;
use crate::profile::basket;
use crate::profile::engagement::Engagement;
use crate::profile::journal::{Entry, Happening, Journal};
use crate::random::Seed;
use crate::signal::consent::{Allowed, Consent};
use crate::signal::context::PageContext;
use crate::signal::event::Event;
use crate::signal::pointer::PointerLeave;
use crate::signal::{Outcome, Signal};
use crate::snapshot::Snapshot;
use crate::time::{SECOND, Timestamp};
use crate::value::Object;

pub use keeping::Folded;
use sight::Sight;

/// How many events one second may bring; the rest is counted and dropped.
const EVENTS_A_SECOND: u32 = 100;
/// How large the tree of the site's own attributes may grow; what would make it larger is dropped.
const SITE_SIZE: usize = 20_000;
/// A fold is due whenever the journal grew by this many entries.
const FOLD_EVERY: usize = 64;

/// The engine, on one page.
pub struct Visit {
    config: Config,
    host: Box<dyn Host>,
    /// Everything known, this tab's own entries included.
    kept: Snapshot,
    /// What this tab wrote that is not part of a stored profile yet.
    journal: Journal,
    /// The id of this tab's journal.
    own: String,
    /// The number of the next entry.
    next: u64,
    consent: Consent,
    /// Whether the data layer's Consent Mode is heard.
    listening: bool,
    /// Where things are kept; nowhere before consent was given and storage was read.
    keeping: Option<Area>,
    context: PageContext,
    engagement: Engagement,
    /// Where the visitor may be, as far as the time zone says.
    place: Object,
    site: Object,
    sight: Sight,
    showing: Showing,
    /// What was met on this page view, by slot.
    met: Vec<(String, Option<String>)>,
    /// What was seen on this page view, by slot.
    seen: Vec<(String, Option<String>)>,
    /// Arms that the data layer is to be told of, once consent allows it, and whether it was told on
    /// this page view.
    told: Vec<(String, bool)>,
    /// Whether the page may be changed.
    ready: bool,
    /// Whether a redirect experiment had its say on this page view.
    redirected: bool,
    /// Whether a prompt was due on this page view.
    asked: bool,
    flow: Flow,
}

/// How fast events come in.
#[derive(Default)]
struct Flow {
    second: i64,
    count: u32,
    dropped: u32,
}

impl Flow {
    /// Whether one more event is taken in at `now`.
    fn admits(&mut self, now: Timestamp) -> bool {
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

impl Visit {
    /// A page view of a visitor of whom nothing is known. `seed` is used until a stored one is
    /// found, and only with consent.
    #[inline(never)]
    pub fn new(config: Config, seed: Seed, host: Box<dyn Host>) -> Visit {
        Visit {
            config,
            host,
            kept: Snapshot::default(),
            journal: Journal::new(seed),
            own: String::new(),
            next: 1,
            consent: Consent::default(),
            listening: false,
            keeping: None,
            context: PageContext::default(),
            engagement: Engagement::default(),
            place: Object::new(),
            site: Object::new(),
            sight: Sight::default(),
            showing: Showing::default(),
            met: Vec::new(),
            seen: Vec::new(),
            told: Vec::new(),
            ready: false,
            redirected: false,
            asked: false,
            flow: Flow::default(),
        }
    }

    /// The config this visit runs on.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Takes in one signal; returns what the page should now do, in order.
    pub fn receive(&mut self, signal: Signal, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let (written, before) = (self.next, self.journal.entries.len());
        // What says nothing of the page or of what may be kept matters only by what it changes.
        let quiet = matches!(
            signal,
            Signal::Event(_)
                | Signal::Activity(_)
                | Signal::Tab(_)
                | Signal::Met(_)
                | Signal::Used(..)
                | Signal::Nothing
        );
        let may_redirect = matches!(
            signal,
            Signal::View(_)
                | Signal::Restored(_)
                | Signal::Alone
                | Signal::Attributes(_)
                | Signal::Consent(_)
                | Signal::Ready
        );
        self.take_in(signal, now, &mut effects);
        self.look_again(now);
        // Other devices may know better, and what is shown or told by this one alone would be taken back.
        let waits = self.kept.is_partial();
        if !waits && (core::mem::take(&mut self.sight.news) || !quiet) {
            self.tell_of_segments(now, &mut effects);
            self.settle(now, &mut effects);
        }
        let to = if may_redirect && !waits { self.redirect(now) } else { None };
        self.tell(&mut effects);
        if self.next != written && self.keeping.is_some() {
            effects.push(Effect::Append(self.journal.more()));
            let length = self.journal.entries.len();
            if length / FOLD_EVERY > before / FOLD_EVERY || !self.journal.has_room() {
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
            Signal::Nothing => {}
            Signal::Ready => self.ready = true,
            Signal::View(context) => {
                self.stay(now);
                self.context = context;
                self.sight.turn_page();
                self.engagement = Engagement::from(now);
                self.showing.new_view();
                self.met.clear();
                self.seen.clear();
                self.told.retain(|(_, told)| !told);
                self.asked = false;
                self.redirected = false;
                self.record(Happening::View, now);
            }
            Signal::Slots(ids) => {
                let known = |id: &String| self.config.slots.iter().any(|slot| slot.id == *id);
                self.showing.present(ids.into_iter().filter(known).collect());
            }
            Signal::Event(event) => self.event(event, now),
            Signal::Attributes(object) => {
                let mut site = self.site.clone();
                site.overlay(&object);
                if site.size() <= SITE_SIZE {
                    self.site = site;
                    self.sight = Sight::default();
                }
            }
            Signal::Place(place) => {
                self.place = place;
                self.sight.stale |= ALL;
            }
            Signal::ListenForConsent => self.listening = true,
            Signal::Consent(consent) => self.consent(consent, effects),
            Signal::Restored(restored) => {
                self.restore(restored, now, effects);
                self.sight.stale |= ALL;
            }
            Signal::Alone => self.kept.leave_others(),
            Signal::Folded(marks) => self.folded(&marks, effects),
            Signal::OnScreen(slot, on_screen) => self.showing.on_screen(&slot, on_screen),
            Signal::Impression(slot) => self.impression(&slot, now, effects),
            Signal::Activity(depth) => self.engagement.active(depth, now),
            Signal::Tab(visible) => {
                self.engagement.tab(visible, now);
                if visible {
                    // Other tabs have gone on meanwhile.
                    effects.extend(self.keeping.map(Effect::Restore));
                } else {
                    self.stay(now);
                }
            }
            Signal::Leave(leave) => self.leave(leave, now, effects),
            Signal::Prompt(id, outcome) => {
                if !self.config.prompts.iter().any(|prompt| prompt.id == id) {
                    return;
                }
                let detail = Object::new().with("prompt", id.as_str()).with("outcome", outcome.name());
                effects.push(Effect::Announce("prompt", detail));
                if outcome != Outcome::Failed {
                    self.record(Happening::Prompt(id, outcome), now);
                }
            }
            Signal::Met(slot) => {
                if let Some(decision) = self.peek(&slot, now) {
                    self.meet(decision, now);
                }
            }
            Signal::Used(key, attributes) => self.used(&key, &attributes, now),
            Signal::Forget(dimension, key) => self.record(Happening::Forget(dimension, key), now),
            Signal::Erase(seed) => {
                effects.push(Effect::Erase);
                self.forget_everything(seed);
            }
            Signal::Erased(seed) => {
                // The other tab may have withdrawn consent: keep nothing until somebody says more.
                self.forget_everything(seed);
                self.keeping = None;
                self.consent = Consent::default();
                self.announce_consent(effects);
            }
        }
    }

    fn event(&mut self, mut event: Event, now: Timestamp) {
        if !self.flow.admits(now) {
            return;
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
        self.record(Happening::Event(event), now);
    }

    /// Writes down how long somebody was occupied with this page, as far as it was not said before.
    fn stay(&mut self, now: Timestamp) {
        if let Some((ms, depth)) = self.engagement.untold(now) {
            self.record(Happening::Stay(ms, depth), now);
        }
    }

    /// Writes down what happened, unless the visitor said no.
    fn record(&mut self, happening: Happening, at: Timestamp) {
        if self.consent.personalize == Allowed::Denied {
            return;
        }
        self.sight.stale |= sight::changed_by(&happening);
        let entry = Entry { number: self.next, at, happening };
        self.next = self.next.saturating_add(1);
        self.kept.fold(&entry, keeping::folding(&self.config));
        if self.journal.has_room() {
            self.journal.push(entry);
        }
    }

    fn impression(&mut self, slot: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(variant) = self.showing.variant(slot).map(|variant| variant.map(str::to_owned)) else { return };
        let seen = (slot.to_owned(), variant.clone());
        if self.seen.contains(&seen) || self.previewed(slot).is_some() {
            return;
        }
        effects.push(Effect::Announce("impression", Object::new().with("slot", slot).with("variant", variant.clone())));
        self.seen.push(seen);
        self.record(Happening::Impression(slot.to_owned(), variant), now);
    }

    /// Notes that the visitor met a variant, once for each page view; a preview is no meeting.
    fn meet(&mut self, decision: Decision, now: Timestamp) {
        let is_preview = self.previewed(&decision.slot).is_some();
        if !is_preview {
            self.expose(decision.exposures, decision.sticky, now);
        }
        let met = (decision.slot, decision.variant);
        if !self.met.contains(&met) {
            let (slot, variant) = met.clone();
            self.met.push(met);
            if !is_preview {
                self.record(Happening::Met(slot, variant), now);
            }
        }
    }

    fn leave(&mut self, leave: PointerLeave, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.prompts.iter().all(|prompt| prompt.leave.is_none()) {
            return;
        }
        let profile = &self.kept.profile;
        let Some(intent) = leave_intent::weigh(&leave, profile, &self.engagement, &self.context.path, now) else {
            return;
        };
        effects.push(Effect::Announce("leave", intent.detail()));
        self.look_again(now);
        self.ask(now, effects, &|prompt| prompt.leave.is_some_and(|leave| intent.reaches(leave)));
    }

    /// Asks the visitor what is due of the prompts that something has `triggered`.
    fn ask(&mut self, now: Timestamp, effects: &mut Vec<Effect>, triggered: &dyn Fn(&Prompt) -> bool) {
        let allowed = matches!(self.consent.personalize, Allowed::Granted | Allowed::Session);
        if self.asked || !allowed || self.is_held_out() {
            return;
        }
        let (profile, attributes) = (&self.kept.profile, &self.sight.attributes);
        let due = prompt::due(&self.config.prompts, triggered, profile, attributes, now, self.scope());
        let words = due.and_then(|prompt| self.config.words.iter().find(|(id, _)| *id == prompt.id));
        if let Some((id, words)) = words {
            self.asked = true;
            effects.push(Effect::Prompt { id: id.clone(), words: words.clone() });
        }
    }

    /// Brings the slots on the page in line with what is known now.
    fn settle(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let mut place = 0;
        while let Some(id) = self.showing.slot(place) {
            place += 1;
            let Some(slot) = self.config.slots.iter().find(|slot| slot.id == id) else { continue };
            let decision = self.decide(slot);
            let id = &decision.slot;
            let changed = self.showing.change(id, decision.variant.as_deref());
            if changed {
                let content = decision.variant.as_ref().and_then(|variant| self.config.contents.of(id, variant));
                effects.push(match (&decision.variant, content) {
                    (Some(variant), Some(content)) => {
                        Effect::Show { slot: id.clone(), variant: variant.clone(), content: content.clone() }
                    }
                    _ => Effect::Revert { slot: id.clone() },
                });
            }
            let first = !self.met.iter().any(|(met, _)| met == id);
            // A change that is held back is announced when it comes.
            let applied = self.showing.variant(id).flatten() == decision.variant.as_deref();
            if changed || (first && applied) {
                effects.push(Effect::Announce("decision", decision_value(&decision)));
                self.meet(decision, now);
            } else if applied && self.is_news(&decision.exposures) {
                // An arm can come to a slot that shows the same already: the control, after a late yes.
                self.meet(decision, now);
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
            interests: &self.kept.profile.interests,
            segments: &self.config.segments,
            inside: &self.sight.classes.inside,
            seed: self.sight.seed,
            holdout: self.config.holdout,
            circumstances: self.circumstances(&self.sight.attributes),
        })
    }

    /// What a slot would show now; nothing is noted. `None` for a slot that is not in the config.
    pub fn peek(&mut self, slot: &str, now: Timestamp) -> Option<Decision> {
        self.look_again(now);
        let slot = self.config.slots.iter().find(|known| known.id == slot)?;
        Some(self.decide(slot))
    }
}
