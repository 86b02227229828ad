//! What a visit keeps, and by whose leave: consent, restoring, folding, forgetting.

use super::Engine;
use crate::config::Config;
use crate::page::{Area, Effect};
use crate::profile::attributes::ALL;
use crate::profile::journal::Journal;
use crate::random::Seed;
use crate::signal::Restored;
use crate::signal::consent::{Allowed, Consent, Source};
use crate::state::{FoldContext, State};
use crate::text::concat;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The stored profile after a fold, and what it is made of.
pub struct Folded {
    /// The encoded profile, to be stored.
    pub profile: String,
    /// By journal, the number of its last entry that is part of the profile.
    pub watermarks: Vec<(String, u64)>,
    /// When the last entry of each of these journals was written, in the same order.
    pub written: Vec<Option<Timestamp>>,
    /// Keys, without their prefix, of what could not be used.
    pub damaged: Vec<String>,
}

impl Engine {
    pub(super) fn consent(&mut self, consent: Consent, effects: &mut Vec<Effect>) {
        let before = self.consent;
        let spoken = before.personalize != Allowed::Unknown;
        let unheard = match consent.source {
            Source::Site => false,
            // What holds until somebody answers does not undo an answer.
            Source::ModeDefault => !self.listening || spoken,
            Source::ModeUpdate => !self.listening,
        };
        if unheard || before == consent {
            return;
        }
        self.consent = consent;
        self.announce_consent(effects);
        if consent.personalize == Allowed::Denied && before.personalize != Allowed::Denied {
            effects.push(Effect::Erase);
            self.forget_everything(self.journal.seed.next());
        }
        let area = self.area();
        if area != self.storage_area {
            // What lies in the area that was allowed before is not allowed any more.
            if area.is_some() && self.storage_area.is_some() {
                effects.push(Effect::Erase);
            }
            self.storage_area = None;
            effects.extend(area.map(Effect::Restore));
        }
    }

    /// Where consent lets things be kept.
    pub(super) fn area(&self) -> Option<Area> {
        match self.consent.personalize {
            Allowed::Granted => Some(Area::Local),
            Allowed::Session => Some(Area::Session),
            Allowed::Unknown | Allowed::Denied => None,
        }
    }

    pub(super) fn announce_consent(&self, effects: &mut Vec<Effect>) {
        let says = match self.consent.personalize {
            Allowed::Granted => Value::Bool(true),
            Allowed::Denied => Value::Bool(false),
            Allowed::Session => "session".into(),
            Allowed::Unknown => Value::Null,
        };
        let source = if self.consent.source == Source::Site { "site" } else { "consent-mode" };
        let detail =
            Object::new().with("personalize", says).with("measure", self.consent.measure).with("source", source);
        effects.push(Effect::DomEvent("consent", detail));
    }

    pub(super) fn forget_everything(&mut self, seed: Seed) {
        self.state = State::default();
        self.decision_context.invalidated |= ALL;
        self.journal = Journal::new(seed);
        self.exposed.clear();
        self.impressed.clear();
        self.data_layer_queue.clear();
        // Whoever says no wants to see it at once, also where they are looking.
        self.rendered_slots.new_view();
        self.state.profile.seed = self.storage_area.map(|_| seed);
    }

    pub(super) fn restore(&mut self, restored: Restored, now: Timestamp, effects: &mut Vec<Effect>) {
        // Consent may have been withdrawn while storage was being read.
        self.storage_area = self.area();
        if self.storage_area.is_none() {
            return;
        }
        // Once for each page, because of journals of tabs that are gone; later only for what is new, or two
        // tabs that hear of each other's folding would fold for ever.
        let first = self.tab_id != restored.own;
        self.tab_id = restored.own;
        let (mut snapshot, mut journals, damaged) = unpack(restored.profile.as_deref(), &restored.journals);
        if !damaged.is_empty() {
            effects.push(Effect::Quarantine(damaged));
        }
        // Of this tab's journal memory knows more than storage.
        journals.retain(|(id, _)| *id != self.tab_id);
        let watermark = |id: &str| snapshot.folded.iter().find(|(known, _)| known == id).map_or(0, |(_, last)| *last);
        let is_news = |(id, journal): &(String, Journal)| {
            journal.entries.last().is_some_and(|entry| entry.number > watermark(id))
        };
        if (first && !journals.is_empty()) || journals.iter().any(is_news) {
            effects.push(Effect::Fold);
        }
        let start = self.journal.entries.first().map_or(now, |entry| entry.at);
        // Another tab may have folded what this one wrote.
        let folded = watermark(&self.tab_id);
        journals.push((self.tab_id.clone(), core::mem::take(&mut self.journal)));
        snapshot.merge(&journals, false, now, folding(&self.config));
        self.journal = journals.pop().map(|(_, journal)| journal).unwrap_or_default();
        self.journal.drop_up_to(folded);
        if snapshot.is_partial() {
            effects.push(Effect::Whole);
        }
        self.journal.seed = *snapshot.profile.seed.get_or_insert(self.journal.seed);
        self.state = snapshot;
        // What was met before this page was told there.
        self.data_layer_queue.retain(|(says, _)| !self.state.exposures.was_met(says, start));
        if !self.journal.entries.is_empty() || folded > 0 {
            effects.push(Effect::Save(self.journal.encode()));
        } else {
            self.journal.rotate();
        }
    }

    /// Folds what is stored into one profile. Changes nothing here: the shell calls this under its lock,
    /// stores the result, and then says [`Folded`](crate::signal::Signal::Folded). Where nothing is
    /// `stored`, it is what memory knows.
    pub fn fold(
        &mut self,
        profile: Option<&str>,
        journals: &[(String, String)],
        stored: bool,
        now: Timestamp,
    ) -> Folded {
        let (mut snapshot, journals, mut damaged) = unpack(profile, journals);
        for (id, journal) in &journals {
            if journal.truncated {
                damaged.push(concat(&["t.", id]));
            }
        }
        if !stored {
            snapshot = State::decode(&self.state.encode()).unwrap_or_default();
            snapshot.profile.seed.get_or_insert(self.journal.seed);
        }
        snapshot.merge(&journals, true, now, folding(&self.config));
        snapshot.profile.seed.get_or_insert(self.journal.seed);
        let written = |(id, _): &(String, u64)| {
            let (_, journal) = journals.iter().find(|(other, _)| other == id)?;
            journal.entries.last().map(|entry| entry.at)
        };
        let written = snapshot.folded.iter().map(written).collect();
        Folded { profile: snapshot.encode(), watermarks: snapshot.folded, written, damaged }
    }

    /// Takes note of what became part of the stored profile.
    pub(super) fn folded(&mut self, watermarks: &[(String, u64)], effects: &mut Vec<Effect>) {
        let last = watermarks.iter().find(|(id, _)| *id == self.tab_id).map(|(_, last)| *last);
        if let (Some(last), Some(_)) = (last, self.storage_area) {
            self.journal.drop_up_to(last);
            effects.push(Effect::Save(self.journal.encode()));
        }
    }
}

pub(super) fn folding(config: &Config) -> FoldContext<'_> {
    FoldContext { rules: &config.rules, goals: &config.goals }
}

type Unpacked = (State, Vec<(String, Journal)>, Vec<String>);

/// Opens what was stored; what cannot be used is named by its key.
fn unpack(profile: Option<&str>, journals: &[(String, String)]) -> Unpacked {
    let mut damaged = Vec::new();
    let snapshot = profile.map_or(Ok(State::default()), State::decode).unwrap_or_else(|_| {
        damaged.push("v1".to_owned());
        State::default()
    });
    let mut usable = Vec::new();
    for (id, text) in journals {
        match Journal::decode(text) {
            Ok(journal) => usable.push((id.clone(), journal)),
            Err(_) => damaged.push(concat(&["t.", id])),
        }
    }
    (snapshot, usable, damaged)
}
