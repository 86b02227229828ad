//! One page view: signals in, effects out.
//!
//! This is where the stages meet. Consent is asked here, once, for everything that enters; what a
//! signal changes is settled here, in one place, after it was taken in.

use crate::config::Config;
use crate::decision::ladder::{Evidence, Slot};
use crate::decision::prompt;
use crate::decision::{Decision, leave_intent};
use crate::host::Host;
use crate::page::showing::Showing;
use crate::page::{Area, Effect, Key, decision_value};
use crate::profile::attributes::{Sources, attributes};
use crate::profile::engagement::Engagement;
use crate::profile::journal::{self, Entry, Happening, Journal};
use crate::profile::segment::classify;
use crate::random::Seed;
use crate::signal::consent::{Allowed, Consent};
use crate::signal::context::PageContext;
use crate::signal::event::Event;
use crate::signal::pointer::PointerLeave;
use crate::signal::{Outcome, Restored, Signal};
use crate::snapshot::{Folding, Snapshot};
use crate::time::{SECOND, Timestamp};
use crate::value::{Object, Value};

/// How many events one second may bring; the rest is counted and dropped.
const EVENTS_A_SECOND: u32 = 100;
/// How many attributes the site may set.
const SITE_ATTRIBUTES: usize = 200;
/// A fold is due whenever the journal grew by this much.
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
    site: Object,
    showing: Showing,
    /// What was met on this page view, by slot.
    met: Vec<(String, Option<String>)>,
    /// What was seen on this page view, by slot.
    seen: Vec<(String, Option<String>)>,
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

/// The stored profile after a fold, and what it is made of.
pub struct Folded {
    /// The sealed profile, to be stored.
    pub profile: String,
    /// By journal, the number of its last entry that is part of the profile.
    pub marks: Vec<(String, u64)>,
    /// Keys, without their prefix, of what could not be used.
    pub damaged: Vec<String>,
}

impl Visit {
    /// A page view of a visitor of whom nothing is known. `seed` is used until a stored one is
    /// found, and only with consent.
    pub fn new(config: Config, seed: Seed, host: Box<dyn Host>) -> Visit {
        Visit {
            config,
            host,
            kept: Snapshot::default(),
            journal: Journal { seed, entries: Vec::new() },
            own: String::new(),
            next: 1,
            consent: Consent::default(),
            listening: false,
            keeping: None,
            context: PageContext::default(),
            engagement: Engagement::default(),
            site: Object::new(),
            showing: Showing::default(),
            met: Vec::new(),
            seen: Vec::new(),
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
        let written = self.next;
        self.take_in(signal, now, &mut effects);
        self.settle(now, &mut effects);
        if self.next != written && self.keeping.is_some() {
            effects.push(Effect::Save(Key::Journal, self.journal.seal()));
            let length = self.journal.entries.len();
            if length > 0 && length.is_multiple_of(FOLD_EVERY) {
                effects.push(Effect::Fold);
            }
        }
        effects
    }

    fn take_in(&mut self, signal: Signal, now: Timestamp, effects: &mut Vec<Effect>) {
        match signal {
            Signal::Nothing => {}
            Signal::View(context) => {
                self.context = context;
                self.engagement = Engagement::from(now);
                self.showing.new_view();
                self.met.clear();
                self.seen.clear();
                self.asked = false;
                self.record(Happening::View, now);
            }
            Signal::Slots(ids) => {
                let known: Vec<String> =
                    ids.into_iter().filter(|id| self.config.slots.iter().any(|slot| slot.id == *id)).collect();
                self.showing.present(&known);
            }
            Signal::Event(event) => self.event(event, now),
            Signal::Attributes(object) => {
                if self.site.len() < SITE_ATTRIBUTES {
                    self.site.overlay(&object);
                }
            }
            Signal::ListenForConsent => self.listening = true,
            Signal::Consent(consent) => {
                if !consent.from_consent_mode || self.listening {
                    self.consent(consent, effects);
                }
            }
            Signal::Restored(restored) => self.restore(restored, now, effects),
            Signal::Folded(marks) => {
                if let Some((_, last)) = marks.iter().find(|(id, _)| *id == self.own) {
                    self.journal.entries.retain(|entry| entry.number > *last);
                    effects.push(Effect::Save(Key::Journal, self.journal.seal()));
                }
            }
            Signal::OnScreen(slot, on_screen) => self.showing.on_screen(&slot, on_screen),
            Signal::Impression(slot) => self.impression(&slot, now, effects),
            Signal::Activity => self.engagement.active(now),
            Signal::Tab(visible) => self.engagement.tab(visible, now),
            Signal::Leave(leave) => self.leave(leave, now, effects),
            Signal::Prompt(id, outcome) => {
                effects.push(Effect::Announce(
                    "prompt",
                    Object::new().with("prompt", id.as_str()).with("outcome", outcome.name()),
                ));
                if outcome != Outcome::Failed {
                    self.record(Happening::Prompt(id, outcome), now);
                }
            }
            Signal::Met(slot) => {
                if let Some(decision) = self.peek(&slot, now) {
                    self.meet(slot, decision.variant, now);
                }
            }
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
        self.engagement.active(now);
        let had_items = !event.items.is_empty();
        event.items.retain(|item| !self.config.rules.is_sensitive(&item.tags));
        if had_items && event.items.is_empty() {
            return;
        }
        event.keep_tags(&self.config.rules.dimensions);
        self.record(Happening::Event(event), now);
    }

    /// Writes down what happened, unless the visitor said no.
    fn record(&mut self, happening: Happening, at: Timestamp) {
        if self.consent.personalize == Allowed::Denied {
            return;
        }
        let entry = Entry { number: self.next, at, happening };
        self.next = self.next.saturating_add(1);
        self.kept.fold(&entry, folding(&self.config));
        if self.journal.entries.len() < journal::LIMIT {
            self.journal.entries.push(entry);
        }
    }

    fn consent(&mut self, consent: Consent, effects: &mut Vec<Effect>) {
        let area = match consent.personalize {
            Allowed::Granted => Some(Area::Local),
            Allowed::Session => Some(Area::Session),
            Allowed::Unknown | Allowed::Denied => None,
        };
        let before = self.consent;
        self.consent = consent;
        if before != consent {
            self.announce_consent(effects);
        }
        if consent.personalize == Allowed::Denied && before.personalize != Allowed::Denied {
            effects.push(Effect::Erase);
            self.forget_everything(self.journal.seed);
        }
        if area != self.keeping {
            // What lies in the area that was allowed before is not allowed any more.
            if area.is_some() && self.keeping.is_some() {
                effects.push(Effect::Erase);
            }
            self.keeping = None;
            effects.extend(area.map(Effect::Restore));
        }
    }

    fn announce_consent(&self, effects: &mut Vec<Effect>) {
        let Consent { personalize, measure, from_consent_mode } = self.consent;
        let says = match personalize {
            Allowed::Granted => Value::Bool(true),
            Allowed::Denied => Value::Bool(false),
            Allowed::Session => "session".into(),
            Allowed::Unknown => Value::Null,
        };
        let detail = Object::new()
            .with("personalize", says)
            .with("measure", measure)
            .with("source", if from_consent_mode { "consent-mode" } else { "site" });
        effects.push(Effect::Announce("consent", detail));
    }

    fn forget_everything(&mut self, seed: Seed) {
        self.kept = Snapshot::default();
        self.journal = Journal { seed, entries: Vec::new() };
        self.met.clear();
        self.seen.clear();
        // Whoever says no wants to see it at once, also where they are looking.
        self.showing.new_view();
        if self.keeping.is_some() {
            self.kept.profile.seed = Some(seed);
        }
    }

    fn restore(&mut self, restored: Restored, now: Timestamp, effects: &mut Vec<Effect>) {
        self.keeping = match self.consent.personalize {
            Allowed::Granted => Some(Area::Local),
            Allowed::Session => Some(Area::Session),
            // Withdrawn while storage was being read: forget that it was.
            Allowed::Unknown | Allowed::Denied => return,
        };
        self.own = restored.own;
        let (mut snapshot, journals, damaged) =
            unpack(restored.profile.as_deref(), &restored.journals, now, &self.config);
        let others = journals.iter().any(|(id, _)| *id != self.own);
        snapshot.merge(&journals, folding(&self.config));
        if !damaged.is_empty() {
            effects.push(Effect::SetAside(damaged));
        }
        for entry in &self.journal.entries {
            snapshot.fold(entry, folding(&self.config));
        }
        match snapshot.profile.seed {
            Some(seed) => self.journal.seed = seed,
            None => snapshot.profile.seed = Some(self.journal.seed),
        }
        self.kept = snapshot;
        if !self.journal.entries.is_empty() {
            effects.push(Effect::Save(Key::Journal, self.journal.seal()));
        }
        if others {
            effects.push(Effect::Fold);
        }
    }

    /// Folds what is stored into one profile. Changes nothing here: the shell calls this under its
    /// lock, stores the result, and then says [`Signal::Folded`].
    pub fn fold(&self, profile: Option<&str>, journals: &[(String, String)], now: Timestamp) -> Folded {
        let (mut snapshot, journals, damaged) = unpack(profile, journals, now, &self.config);
        snapshot.merge(&journals, folding(&self.config));
        if snapshot.profile.seed.is_none() {
            snapshot.profile.seed = Some(self.journal.seed);
        }
        Folded { profile: snapshot.seal(), marks: snapshot.folded, damaged }
    }

    fn impression(&mut self, slot: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(variant) = self.showing.variant(slot).map(|variant| variant.map(str::to_owned)) else { return };
        let seen = (slot.to_owned(), variant.clone());
        if self.seen.contains(&seen) {
            return;
        }
        effects.push(Effect::Announce("impression", Object::new().with("slot", slot).with("variant", variant.clone())));
        self.seen.push(seen);
        self.record(Happening::Impression(slot.to_owned(), variant), now);
    }

    /// Notes that the visitor met a variant, once for each page view.
    fn meet(&mut self, slot: String, variant: Option<String>, now: Timestamp) {
        let met = (slot, variant);
        if !self.met.contains(&met) {
            let (slot, variant) = met.clone();
            self.met.push(met);
            self.record(Happening::Met(slot, variant), now);
        }
    }

    fn leave(&mut self, leave: PointerLeave, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.config.prompts.is_empty() {
            return;
        }
        let profile = &self.kept.profile;
        let Some(intent) = leave_intent::weigh(&leave, profile, &self.engagement, &self.context.path, now) else {
            return;
        };
        effects.push(Effect::Announce("leave", intent.detail()));
        let allowed = matches!(self.consent.personalize, Allowed::Granted | Allowed::Session);
        if self.asked || !allowed {
            return;
        }
        let (attributes, _) = self.attributes(now);
        let due = prompt::due(&self.config.prompts, &intent, profile, &attributes, now, self.host.as_ref());
        let words = due.and_then(|prompt| self.config.words.iter().find(|(id, _)| *id == prompt.id));
        if let Some((id, words)) = words {
            self.asked = true;
            effects.push(Effect::Prompt { id: id.clone(), words: words.clone() });
        }
    }

    /// Brings the slots on the page in line with what is known now.
    fn settle(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let slots = self.showing.slots();
        if slots.is_empty() {
            return;
        }
        let (_, inside) = self.attributes(now);
        for id in slots {
            let Some(slot) = self.config.slots.iter().find(|slot| slot.id == id) else { continue };
            let decision = self.decide(slot, &inside);
            let changed = self.showing.change(&id, decision.variant.as_deref());
            let first = !self.met.iter().any(|(met, _)| *met == id);
            if changed {
                let content = decision.variant.as_ref().and_then(|variant| self.config.contents.of(&id, variant));
                effects.push(match (&decision.variant, content) {
                    (Some(variant), Some(content)) => {
                        Effect::Show { slot: id.clone(), variant: variant.clone(), content: content.clone() }
                    }
                    _ => Effect::Revert { slot: id.clone() },
                });
            }
            // A change that is held back is announced when it comes.
            let applied = self.showing.variant(&id).flatten() == decision.variant.as_deref();
            if changed || (first && applied) {
                effects.push(Effect::Announce("decision", decision_value(&decision)));
                self.meet(id, decision.variant, now);
            }
        }
    }

    /// The attributes at `now`, and the segments the visitor is in.
    fn attributes(&self, now: Timestamp) -> (Value, Vec<usize>) {
        let sources = Sources {
            profile: &self.kept.profile,
            context: &self.context,
            engagement: &self.engagement,
            site: &self.site,
        };
        let mut tree = Value::Object(attributes(sources, now));
        let inside = classify(&self.config.segments, &mut tree, self.host.as_ref());
        (tree, inside)
    }

    fn decide(&self, slot: &Slot, inside: &[usize]) -> Decision {
        slot.decide(Evidence {
            interests: &self.kept.profile.interests,
            segments: &self.config.segments,
            inside,
            // Without consent there is no seed that lasts, whatever was drawn for this page.
            seed: self.keeping.and(self.kept.profile.seed),
        })
    }

    /// What a slot would show now; nothing is noted. `None` for a slot that is not in the config.
    pub fn peek(&self, slot: &str, now: Timestamp) -> Option<Decision> {
        let slot = self.config.slots.iter().find(|known| known.id == slot)?;
        let (_, inside) = self.attributes(now);
        Some(self.decide(slot, &inside))
    }

    /// A decision with what stood behind it, for a person to read.
    pub fn explain(&self, slot: &str, now: Timestamp) -> Option<Object> {
        let known = self.config.slots.iter().find(|known| known.id == slot)?;
        let (attributes, inside) = self.attributes(now);
        let decision = self.decide(known, &inside);
        let shown = self.showing.variant(slot).map(|variant| variant.map(str::to_owned));
        Some(
            decision_value(&decision)
                .with("on_page", shown.is_some())
                .with("shown", shown.flatten())
                .with("segments", self.segment_ids(&inside))
                .with("attributes", attributes),
        )
    }

    fn segment_ids(&self, inside: &[usize]) -> Value {
        inside.iter().filter_map(|place| Some(self.config.segments.get(*place)?.id.as_str())).collect()
    }

    /// What is known of the visitor, for a person to read.
    pub fn profile(&self, now: Timestamp) -> Object {
        let (_, inside) = self.attributes(now);
        self.kept
            .profile
            .readable(now)
            .with("currency", self.config.rules.currency.as_str())
            .with("segments", self.segment_ids(&inside))
            .with("consent", self.consent.personalize.name())
            .with("dropped_events", self.flow.dropped)
    }

    /// Everything that is kept, for the visitor to take away.
    pub fn exported(&self, now: Timestamp) -> Object {
        let seed = self.keeping.and(self.kept.profile.seed).map(|seed| crate::number::whole(seed.0));
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let exported_at = now.ms() as f64;
        Object::new()
            .with("version", 1.0)
            .with("exported_at", exported_at)
            .with(
                "kept",
                match self.keeping {
                    Some(Area::Local) => "on this device",
                    Some(Area::Session) => "in this tab",
                    None => "in memory",
                },
            )
            .with("seed", seed)
            .with("profile", self.profile(now))
            .with("counts", self.kept.ledger.readable())
    }
}

fn folding(config: &Config) -> Folding<'_> {
    Folding { rules: &config.rules, goals: &config.goals }
}

/// Opens what was stored and applies retention; what cannot be used is named by its key.
fn unpack(
    profile: Option<&str>,
    journals: &[(String, String)],
    now: Timestamp,
    config: &Config,
) -> (Snapshot, Vec<(String, Journal)>, Vec<String>) {
    let mut damaged = Vec::new();
    let snapshot = match profile.map(Snapshot::open) {
        Some(Ok(snapshot)) => snapshot.retained(now, &config.rules),
        Some(Err(_)) => {
            damaged.push("v1".to_owned());
            Snapshot::default()
        }
        None => Snapshot::default(),
    };
    let mut usable = Vec::new();
    for (id, text) in journals {
        match Journal::open(text) {
            Ok(journal) => usable.push((id.clone(), journal)),
            Err(_) => damaged.push(["t.", id].concat()),
        }
    }
    (snapshot, usable, damaged)
}
