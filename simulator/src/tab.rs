//! One tab: the engine, its part of the storage protocol, and a page that does what effects say.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tailorbird::engine::{Engine, watermarks};
use tailorbird::page::{self, DomEvent, Effect, Show};
use tailorbird::random::Seed;
use tailorbird::signal::{Restored, Signal};
use tailorbird::state::ImportError;
use tailorbird::storage::{Change, Flush, Keys, Refused, Settling, Stored, TabStorage, Update};
use tailorbird::time::{SECOND, Timestamp};
use tailorbird::value::{Object, Value};

use crate::shared_area::{Access, SharedArea, TabArea, Write};

/// Why what was stored is not used.
const DAMAGED: &str = "what was stored is damaged, or from a later version";

/// What all tabs of a browser have in common besides storage.
#[derive(Default)]
pub(crate) struct Environment {
    drawn: u64,
    /// Slots that cannot show any variant, and why.
    pub refusing_slots: BTreeMap<String, String>,
    /// Tells how long something takes, and how much of it the engines have taken.
    pub stopwatch: Option<Stopwatch>,
    pub spent: Duration,
}

/// The time since some start: only differences matter.
pub(crate) type Stopwatch = Box<dyn Fn() -> Duration>;

impl Environment {
    /// Random bits that were not drawn before, the same in every run.
    pub fn draw(&mut self) -> Seed {
        self.drawn += 1;
        // Far from the small numbers that callers make ids of.
        Seed(u64::MAX - self.drawn).next()
    }

    fn time(&self) -> Duration {
        self.stopwatch.as_ref().map_or(Duration::ZERO, |stopwatch| stopwatch())
    }

    /// An epoch, or the id of a tab.
    pub fn draw_id(&mut self) -> String {
        format!("{:016x}", self.draw().0)
    }
}

/// A fold that waits for its turn.
pub(crate) struct FoldRequest {
    /// The tabs that had a journal when the lock was asked for.
    known: Vec<String>,
    /// The tabs that lived then.
    living: Vec<String>,
}

pub(crate) struct Tab {
    pub engine: Engine,
    storage: TabStorage,
    /// By which areas know this tab.
    pub number: usize,
    local: TabArea,
    session_area: SharedArea,
    session: TabArea,
    open: Option<page::Area>,
    inbox: VecDeque<Signal>,
    fold_due: bool,
    /// Whether the journal found no room, and nothing was folded since.
    full: bool,
    pub fold_request: Option<FoldRequest>,
    settling: Vec<(Timestamp, Settling)>,
    pub wake_at: Option<Timestamp>,
    /// Whether the page lies in the back/forward cache.
    pub cached: bool,
    reported: bool,
    pub performed: Vec<(Timestamp, Effect)>,
}

impl Tab {
    pub fn new(engine: Engine, tab_id: String, number: usize, local: &SharedArea, session: &SharedArea) -> Tab {
        Tab {
            engine,
            storage: TabStorage::new(Keys::new(""), tab_id),
            number,
            local: local.open(number),
            session_area: session.clone(),
            session: session.open(0),
            open: None,
            inbox: VecDeque::new(),
            fold_due: false,
            full: false,
            fold_request: None,
            settling: Vec::new(),
            wake_at: None,
            cached: false,
            reported: false,
            performed: Vec::new(),
        }
    }

    pub fn id(&self) -> &str {
        self.storage.tab_id()
    }

    pub fn session_area(&self) -> &SharedArea {
        &self.session_area
    }

    pub fn set_access(&self, access: Access) {
        self.session_area.set_access(0, access);
    }

    /// Whether something recorded is not stored yet.
    pub fn is_unsaved(&self) -> bool {
        self.storage.is_unsaved()
    }

    pub fn is_fold_due(&self) -> bool {
        self.fold_due && !self.cached
    }

    /// The area that consent has opened.
    fn area(&self) -> Option<TabArea> {
        match self.open? {
            page::Area::Local => Some(self.local.clone()),
            page::Area::Session => Some(self.session.clone()),
        }
    }

    /// Dispatches a signal and those that the page answers, without what comes at the end of a task.
    pub fn dispatch(&mut self, signal: Signal, now: Timestamp, environment: &mut Environment) {
        self.inbox.push_back(signal);
        self.run(now, environment);
    }

    fn run(&mut self, now: Timestamp, environment: &mut Environment) {
        while let Some(signal) = self.inbox.pop_front() {
            if signal == Signal::Timer {
                self.wake_at = None;
            }
            let started = environment.time();
            let effects = self.engine.dispatch(signal, now);
            environment.spent += environment.time().saturating_sub(started);
            for effect in effects {
                let report = self.perform(&effect, now, environment);
                self.performed.push((now, effect));
                self.performed.extend(report.map(|report| (now, report)));
            }
        }
    }

    /// Does what an effect says; answers what the page itself announces meanwhile.
    fn perform(&mut self, effect: &Effect, now: Timestamp, environment: &mut Environment) -> Option<Effect> {
        match effect {
            Effect::Show(Show { slot, variant, .. }) => {
                let (slot, variant) = (slot.clone(), variant.clone());
                self.inbox.push_back(match environment.refusing_slots.get(&slot) {
                    Some(reason) => Signal::SlotNotApplied { slot, variant, reason: reason.clone() },
                    None => Signal::SlotApplied { slot, variant },
                });
            }
            Effect::Restore(area) => return self.restore(*area, now, environment),
            Effect::Save(text) => self.storage.save(text),
            Effect::Append(text) => self.storage.append(text),
            Effect::SaveDecisions(text) => self.storage.save_decisions(text),
            Effect::Erase => {
                // An area that is refused holds nothing of ours.
                let _ = self.storage.erase(&self.local);
                let _ = self.storage.erase(&self.session);
                self.settling.clear();
                self.fold_due = false;
            }
            Effect::Renew(area) => return self.renew(*area, now, environment),
            Effect::CloseStorage => {
                self.storage.close();
                self.settling.clear();
                (self.open, self.fold_due) = (None, false);
            }
            Effect::Quarantine(names) => {
                if let Some(area) = self.area() {
                    self.storage.quarantine(&area, names);
                }
                return self.report(DAMAGED, names);
            }
            Effect::Fold => self.fold_due = self.open.is_some(),
            Effect::WakeAt(at) => self.wake_at = Some(*at),
            // The same engine goes on: it has forgotten everything.
            Effect::Restart { .. }
            | Effect::Revert { .. }
            | Effect::Preview(_)
            | Effect::Prompt { .. }
            | Effect::Locate
            | Effect::Rank(_)
            | Effect::Speculate(_)
            | Effect::EndSpeculation
            | Effect::DataLayerPush(_)
            | Effect::Redirect(_)
            | Effect::DomEvent(..)
            | Effect::Warn(_) => {}
        }
        None
    }

    fn restore(&mut self, area: page::Area, now: Timestamp, environment: &mut Environment) -> Option<Effect> {
        self.open = Some(area);
        let update = self.area().map_or(Err(Refused), |area| self.storage.open(&area, &environment.draw_id()));
        match update {
            Ok(update) => {
                self.apply_update(update, now, environment);
                None
            }
            Err(Refused) => {
                self.open = None;
                self.restored(Stored::default());
                self.report("storage is refused", &[])
            }
        }
    }

    fn renew(&mut self, area: page::Area, now: Timestamp, environment: &mut Environment) -> Option<Effect> {
        self.settling.clear();
        self.fold_due = false;
        let (renewed, other) = match area {
            page::Area::Local => (self.local.clone(), self.session.clone()),
            page::Area::Session => (self.session.clone(), self.local.clone()),
        };
        // An area that is refused holds nothing of ours.
        let _ = self.storage.erase(&other);
        let _ = self.storage.renew(&renewed, &environment.draw_id());
        self.restore(area, now, environment)
    }

    fn restored(&mut self, stored: Stored) {
        let Stored { profile, journals, decisions } = stored;
        let tab_id = self.id().to_owned();
        self.inbox.push_back(Signal::Restored(Restored { profile, journals, decisions, tab_id }));
    }

    fn apply_update(&mut self, update: Update, now: Timestamp, environment: &mut Environment) {
        match update {
            Update::Nothing => {}
            Update::Withdrawn => self.inbox.push_back(Signal::WithdrawnElsewhere(environment.draw())),
            Update::Erased => {
                self.settling.clear();
                self.inbox.push_back(Signal::ErasedElsewhere(environment.draw()));
            }
            Update::Changed(stored) => {
                self.restored(stored);
                let seen = self.area().and_then(|area| self.storage.seen(&area).ok().flatten());
                self.settling.extend(seen.map(|seen| (now.plus(SECOND), seen)));
            }
        }
    }

    /// That something is wrong with storage, once for each page.
    fn report(&mut self, reason: &str, names: &[String]) -> Option<Effect> {
        if core::mem::replace(&mut self.reported, true) {
            return None;
        }
        let keys: Value = names.iter().map(String::as_str).collect();
        Some(Effect::DomEvent(DomEvent::StorageReset, Object::new().with("reason", reason).with("keys", keys)))
    }

    /// Dispatches what waits, then stores what is to be stored: the end of a task.
    pub fn end_task(&mut self, now: Timestamp, environment: &mut Environment) {
        self.run(now, environment);
        let Some(area) = self.area() else { return };
        match self.storage.flush(&area) {
            Ok(Flush::Done | Flush::Waiting) => {}
            // Folding makes room; once, because there may be none to make.
            Ok(Flush::Full) => self.fold_due |= !core::mem::replace(&mut self.full, true),
            Ok(Flush::Withdrawn) => self.dispatch(Signal::WithdrawnElsewhere(environment.draw()), now, environment),
            Err(Refused) => {
                // From now on everything stays in memory.
                self.open = None;
                let report = self.report("storage is full or refused", &[]);
                self.performed.extend(report.map(|report| (now, report)));
            }
        }
    }

    /// Another tab has written to the local area.
    pub fn on_change(&mut self, write: &Write, now: Timestamp, environment: &mut Environment) {
        if self.open != Some(page::Area::Local) && !self.storage.has_erased() {
            return;
        }
        let change = Change { key: Some(&write.key), old: write.old.as_deref(), new: write.new.as_deref() };
        let update = self.storage.on_change(&self.local, change).unwrap_or(Update::Nothing);
        self.apply_update(update, now, environment);
        self.end_task(now, environment);
    }

    /// Asks for the lock under which journals are folded; the browser has it to give.
    pub fn request_fold(&mut self, living: Vec<String>) {
        let known = self.area().and_then(|area| self.storage.tabs(&area).ok()).unwrap_or_default();
        self.fold_request = Some(FoldRequest { known, living });
    }

    /// A fold that is due is left to another tab.
    pub fn leave_fold(&mut self) {
        self.fold_due = false;
    }

    /// Folds under the lock, and the profile of another device with it. Answers why that was not imported.
    pub fn fold(
        &mut self,
        brought: Option<&str>,
        now: Timestamp,
        environment: &mut Environment,
    ) -> Result<(), ImportError> {
        self.end_task(now, environment);
        self.fold_due = false;
        let request = self.fold_request.take();
        let Some(area) = self.area() else { return Err(ImportError::Consent) };
        let lives = |id: &str, _| {
            let Some(FoldRequest { known, living }) = &request else { return true };
            living.iter().any(|living| living == id) || !known.iter().any(|known| known == id)
        };
        let engine = &self.engine;
        let permit = engine.permit().ok_or(ImportError::Consent)?;
        let folded = self.storage.fold(&area, &lives, false, |stored| match brought {
            Some(brought) => engine.import(stored, brought, permit, now),
            None => Ok(engine.fold(Some(stored), now)),
        });
        let settling = folded.map_err(|why| why.unwrap_or(ImportError::Unsupported))?;
        self.settling.extend(settling.map(|settling| (now.plus(SECOND), settling)));
        if brought.is_some() {
            let stored = self.storage.read(&area).unwrap_or_default();
            self.restored(stored);
        }
        self.end_task(now, environment);
        Ok(())
    }

    /// When the next stored profile is believed.
    pub fn settles_at(&self) -> Option<Timestamp> {
        self.settling.iter().map(|(at, _)| *at).min().filter(|_| !self.cached)
    }

    /// Settles what is due by `due`; answers whether a profile remained.
    pub fn settle(&mut self, due: Timestamp, now: Timestamp, environment: &mut Environment) -> bool {
        let (ripe, later) = core::mem::take(&mut self.settling).into_iter().partition(|(at, _)| *at <= due);
        self.settling = later;
        let ripe: Vec<(Timestamp, Settling)> = ripe;
        let mut remained = false;
        for (_, settling) in ripe {
            let Some(area) = self.area() else { return false };
            let Ok(Some(settled)) = self.storage.settle(&area, settling) else { continue };
            remained = true;
            if !settled.quarantined.is_empty() {
                let report = self.report(DAMAGED, &settled.quarantined);
                self.performed.extend(report.map(|report| (now, report)));
            }
            self.dispatch(Signal::Folded(watermarks(&settled.profile)), now, environment);
        }
        self.end_task(now, environment);
        self.full &= self.storage.is_unsaved();
        remained
    }

    /// What the open area holds, folded into one profile; what is known in memory where none is open.
    pub fn export(&mut self, now: Timestamp, environment: &mut Environment) -> String {
        self.end_task(now, environment);
        let stored = self.area().and_then(|area| self.storage.stored(&area).ok());
        self.engine.fold(stored.as_ref(), now).profile
    }

    /// Into the back/forward cache. What is recorded is stored before: later it may belong to others.
    pub fn freeze(&mut self, now: Timestamp, environment: &mut Environment) {
        self.dispatch(Signal::TabVisible(false), now, environment);
        self.end_task(now, environment);
        self.storage.hide();
        self.settling.clear();
        (self.fold_request, self.wake_at, self.cached) = (None, None, true);
    }

    /// Out of it.
    pub fn thaw(&mut self, now: Timestamp, environment: &mut Environment) {
        self.cached = false;
        // A tab that said no keeps no area open, and still removes what came later.
        let area = self.area().or_else(|| self.storage.has_erased().then(|| self.local.clone()));
        let update = area.and_then(|area| self.storage.come_back(&area, environment.draw_id()).ok().flatten());
        if let Some(update) = update {
            self.apply_update(update, now, environment);
        }
        self.inbox.push_back(Signal::TabVisible(true));
        self.end_task(now, environment);
    }
}
