//! Everything known about the visitor, and what this tab has recorded of it.

use crate::page::{Area, Effect};
use crate::profile::journal::{Entry, Journal, JournalEvent, Unsaved};
use crate::profile::segment::Segment;
use crate::profile::timeline::Timeline;
use crate::random::Seed;
use crate::signal::Restored;
use crate::state::{FoldContext, ImportError, State};
use crate::storage::{Folded, Stored};
use crate::time::Timestamp;
use crate::value::Value;

/// What is known, in memory and as far as consent allows in storage.
#[derive(Clone, Debug)]
pub struct TabStore {
    /// Everything known, what this tab recorded included, and what other devices know.
    pub state: State,
    /// What this tab recorded that is not part of a stored profile yet.
    journal: Journal,
    tab_id: String,
    next_seq: u64,
    /// Where things are stored; nowhere before consent was given and storage was read.
    area: Option<Area>,
    unsaved: bool,
    /// What is known of somebody who has paused, as far as decisions go.
    nothing: State,
    /// What happened lately and is in the journal no more.
    timeline: Timeline,
}

impl TabStore {
    /// Nothing is known. `seed` is used until a stored one is found.
    pub fn new(seed: Seed) -> TabStore {
        TabStore {
            state: State::default(),
            journal: Journal::new(seed),
            tab_id: String::new(),
            next_seq: 1,
            area: None,
            unsaved: false,
            nothing: State::default(),
            timeline: Timeline::default(),
        }
    }

    /// Where things are stored.
    pub fn area(&self) -> Option<Area> {
        self.area
    }

    /// The visitor's seed; `None` while none may be stored, because it would not last.
    pub fn seed(&self) -> Option<Seed> {
        self.area.and(self.state.profile.seed)
    }

    /// Whether the visitor wants nothing to be learned or decided from what is known.
    pub fn is_paused(&self) -> bool {
        self.state.profile.paused.is_some()
    }

    /// What decisions are based on: everything known, or nothing while the visitor has paused.
    pub fn basis(&self) -> &State {
        if self.is_paused() { &self.nothing } else { &self.state }
    }

    /// The seed of draws: none while the visitor has paused.
    pub fn draw_seed(&self) -> Option<Seed> {
        self.seed().filter(|_| !self.is_paused())
    }

    /// What happened in this session, as far as it is kept event by event, on a page with this path.
    pub fn timeline(&self, path: &str) -> Value {
        self.timeline.readable(&self.journal.entries, self.state.profile.session.start, path)
    }

    /// The seed for a visitor who has none yet.
    pub fn unstored_seed(&self) -> Seed {
        self.journal.seed
    }

    /// Tells of what has happened in another store, besides what happens in this one.
    pub fn tell_of(&mut self, other: &TabStore) {
        self.timeline = other.timeline.clone();
        self.timeline.extend(other.journal.entries.iter().cloned());
    }

    /// Everything known, encoded as if the journal were part of it, which is empty from then on.
    pub fn give_up_journal(&mut self) -> String {
        self.timeline.extend(self.journal.drop_up_to(u64::MAX));
        self.state.encode_all()
    }

    /// A new seed, for after an erasure.
    pub fn next_seed(&self) -> Seed {
        self.journal.seed.next()
    }

    /// Records what happened.
    pub fn record(&mut self, event: JournalEvent, at: Timestamp, context: FoldContext<'_>) {
        let entry = Entry { number: self.next_seq, at, event };
        self.next_seq = self.next_seq.saturating_add(1);
        self.state.fold(&entry, context);
        self.journal.push(entry);
        self.unsaved = true;
    }

    /// Stores what was recorded since the last flush.
    pub fn flush(&mut self, effects: &mut Vec<Effect>) {
        if self.area.is_none() || !core::mem::take(&mut self.unsaved) {
            return;
        }
        effects.push(match self.journal.take_unsaved() {
            Unsaved::Append(text) => Effect::Append(text),
            Unsaved::Replace(text) => Effect::Save(text),
        });
        if self.journal.is_fold_due() {
            effects.push(Effect::Fold);
        }
    }

    /// Takes in what is stored: it is what is known from now on, together with what this tab recorded. Returns
    /// the time of the first entry of this tab's own.
    pub fn restore(
        &mut self,
        restored: Restored,
        area: Area,
        now: Timestamp,
        context: FoldContext<'_>,
        effects: &mut Vec<Effect>,
    ) -> Timestamp {
        self.area = Some(area);
        // Once for each page, because of journals of tabs that are gone; later only for what is new, or two
        // tabs that answer each other's folds would fold for ever.
        let is_first = self.tab_id != restored.tab_id;
        if is_first && !self.tab_id.is_empty() {
            // The page was in the back/forward cache: its journal belongs to whoever folds it.
            self.journal.drop_up_to(u64::MAX);
        }
        self.tab_id = restored.tab_id;
        let (mut state, mut journals, damaged) = decode(restored.profile.as_deref(), &restored.journals);
        if !damaged.is_empty() {
            effects.push(Effect::Quarantine(damaged));
        }
        // Memory knows more of this tab's own journal than storage does.
        journals.retain(|(id, _)| *id != self.tab_id);
        let watermark = |id: &str| state.folded.iter().find(|(known, _)| known == id).map_or(0, |(_, last)| *last);
        let is_new = |(id, journal): &(String, Journal)| {
            journal.entries.last().is_some_and(|entry| entry.number > watermark(id))
        };
        if (is_first && !journals.is_empty()) || journals.iter().any(is_new) {
            effects.push(Effect::Fold);
        }
        let start = self.journal.entries.first().map_or(now, |entry| entry.at);
        // Entries that another tab has folded stay in the journal until the profile was seen to last.
        let is_known = watermark(&self.tab_id) > 0;
        journals.push((self.tab_id.clone(), core::mem::take(&mut self.journal)));
        state.merge(&journals, false, now, context);
        self.journal = journals.pop().map(|(_, journal)| journal).unwrap_or_default();
        self.timeline.extend_from_tabs(journals);
        self.journal.seed = *state.profile.seed.get_or_insert(self.journal.seed);
        self.state = if state.is_partial() { state.merged(now, context.rules) } else { state };
        if self.journal.entries.is_empty() && !is_known {
            self.journal.rotate();
        } else {
            effects.push(Effect::Save(self.journal.encode()));
        }
        self.unsaved = false;
        start
    }

    /// What is part of a stored profile that has lasted need not stay in this tab's journal.
    pub fn folded(&mut self, watermarks: &[(String, u64)], effects: &mut Vec<Effect>) {
        let last = watermarks.iter().find(|(id, _)| *id == self.tab_id).map(|(_, last)| *last);
        if let (Some(last), Some(_)) = (last, self.area)
            && self.journal.entries.first().is_some_and(|entry| entry.number <= last)
        {
            self.timeline.extend(self.journal.drop_up_to(last));
            effects.push(Effect::Save(self.journal.encode()));
            self.unsaved = false;
        }
    }

    /// Folds what is stored into one profile, or where nothing is stored what is known in memory. Of `segments` that
    /// are not in the config any more nothing is kept.
    pub fn fold(
        &self,
        stored: Option<&Stored>,
        now: Timestamp,
        context: FoldContext<'_>,
        segments: &[Segment],
    ) -> Folded {
        let Some(stored) = stored else {
            let mut state = self.state.clone();
            state.folded.clear();
            state.profile.seed.get_or_insert(self.journal.seed);
            return self.encode(state, &[], Vec::new(), now, context, segments);
        };
        let (state, journals, mut damaged) = decode(stored.profile.as_deref(), &stored.journals);
        let truncated = journals.iter().filter(|(_, journal)| journal.truncated);
        damaged.extend(truncated.map(|(id, _)| journal_key(id)));
        self.encode(state, &journals, damaged, now, context, segments)
    }

    fn encode(
        &self,
        mut state: State,
        journals: &[(String, Journal)],
        damaged: Vec<String>,
        now: Timestamp,
        context: FoldContext<'_>,
        segments: &[Segment],
    ) -> Folded {
        state.merge(journals, true, now, context);
        retain_segments(&mut state, segments);
        state.profile.seed.get_or_insert(self.journal.seed);
        let written = |(id, _): &(String, u64)| {
            let (_, journal) = journals.iter().find(|(other, _)| other == id)?;
            journal.entries.last().map(|entry| entry.at)
        };
        let written = state.folded.iter().map(written).collect();
        Folded { profile: state.encode(), watermarks: state.folded, written, damaged }
    }

    /// The same as [`fold`](TabStore::fold), with the profile of another device kept beside it.
    ///
    /// # Errors
    ///
    /// With why that cannot be used.
    pub fn import(
        &self,
        stored: &Stored,
        brought: &str,
        now: Timestamp,
        context: FoldContext<'_>,
        segments: &[Segment],
    ) -> Result<Folded, ImportError> {
        let folded = self.fold(Some(stored), now, context, segments);
        let mut state = State::decode(&folded.profile).unwrap_or_default();
        state.import_device(brought, now, context.rules)?;
        Ok(Folded { profile: state.encode(), ..folded })
    }

    /// Nothing is known any more.
    pub fn forget(&mut self, seed: Seed) {
        self.state = State::default();
        self.journal = Journal::new(seed);
        self.timeline = Timeline::default();
        self.state.profile.seed = self.area.map(|_| seed);
        self.unsaved = false;
    }

    /// Nothing is stored from now on.
    pub fn close(&mut self) {
        self.area = None;
        self.journal.rotate();
    }
}

/// Drops the membership in segments that are not in the config any more.
pub fn retain_segments(state: &mut State, segments: &[Segment]) {
    state.profile.memberships.retain(&|id| segments.iter().any(|segment| segment.id == id));
}

fn journal_key(id: &str) -> String {
    format!("t.{id}")
}

/// By tab, the number of the last entry of its journal that is part of an encoded profile.
pub fn watermarks(profile: &str) -> Vec<(String, u64)> {
    State::decode(profile).map(|state| state.folded).unwrap_or_default()
}

/// Decodes what was stored; what cannot be read is named by its key.
fn decode(profile: Option<&str>, journals: &[(String, String)]) -> (State, Vec<(String, Journal)>, Vec<String>) {
    let mut damaged = Vec::new();
    let state = profile.map_or(Ok(State::default()), State::decode).unwrap_or_else(|_| {
        damaged.push("v1".to_owned());
        State::default()
    });
    let mut readable = Vec::new();
    for (id, text) in journals {
        match Journal::decode(text) {
            Ok(journal) => readable.push((id.clone(), journal)),
            Err(_) => damaged.push(journal_key(id)),
        }
    }
    (state, readable, damaged)
}
