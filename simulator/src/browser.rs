//! The tabs of one browser, and what goes on between them.

use std::collections::BTreeMap;
use std::time::Duration;

use tailorbird::engine::Engine;
use tailorbird::page::Effect;
use tailorbird::signal::Signal;
use tailorbird::state::ImportError;
use tailorbird::time::{SECOND, Timestamp};

use crate::shared_area::{Access, SharedArea};
use crate::tab::{Environment, Tab};

/// When what one task brings about in other tasks is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At once: other tabs receive the event of every write, whatever is due is folded, and profiles settle.
    Immediate,
    /// When the caller says so, one thing at a time.
    Stepped,
}

/// Something that a tab did.
#[derive(Clone, Debug, PartialEq)]
pub struct Performed {
    /// The place of the tab among the tabs.
    pub tab: usize,
    /// When.
    pub at: Timestamp,
    /// What. That storage was reset is recorded here as well, although the page announces it and not the engine.
    pub effect: Effect,
}

/// A browser with some tabs on one site. Tabs are named by their place; those behind a tab that is closed move
/// up.
pub struct Browser {
    pace: Pace,
    local: SharedArea,
    access: Access,
    tabs: Vec<Tab>,
    opened: usize,
    environment: Environment,
    performed: Vec<Performed>,
    /// How often something happened, so that a test can see that it did.
    pub happened: BTreeMap<&'static str, u32>,
}

impl Browser {
    /// A browser that nobody has used.
    pub fn new(pace: Pace) -> Browser {
        Browser {
            pace,
            local: SharedArea::default(),
            access: Access::default(),
            tabs: Vec::new(),
            opened: 0,
            environment: Environment::default(),
            performed: Vec::new(),
            happened: BTreeMap::new(),
        }
    }

    /// What all tabs share.
    pub fn local(&self) -> &SharedArea {
        &self.local
    }

    /// What a tab keeps for itself, from page to page.
    pub fn session(&self, tab: usize) -> &SharedArea {
        self.tab(tab).session_area()
    }

    /// How many tabs there are.
    pub fn tabs(&self) -> usize {
        self.tabs.len()
    }

    /// Opens a page in a new tab. `tab_id` has 16 hexadecimal digits.
    pub fn open_tab(&mut self, engine: Engine, tab_id: String) -> usize {
        let tab = self.page(engine, tab_id, &SharedArea::default());
        self.tabs.push(tab);
        self.tabs.len() - 1
    }

    /// Opens another page in a tab.
    pub fn next_page(&mut self, tab: usize, engine: Engine, tab_id: String) {
        let session = self.tab(tab).session_area().clone();
        let page = self.page(engine, tab_id, &session);
        self.local.kill(self.tab(tab).number);
        *self.tab_mut(tab) = page;
    }

    fn page(&mut self, engine: Engine, tab_id: String, session: &SharedArea) -> Tab {
        self.opened += 1;
        let tab = Tab::new(engine, tab_id, self.opened, &self.local, session);
        self.local.set_access(tab.number, self.access);
        tab.set_access(self.access);
        tab
    }

    /// Closes a tab at once, whatever it was doing.
    pub fn kill(&mut self, tab: usize) -> Engine {
        let killed = self.tabs.remove(tab);
        self.local.kill(killed.number);
        for (what, is_so) in [
            ("killed with something unsaved", killed.is_unsaved()),
            ("killed while it waited for its fold", killed.fold_request.is_some()),
            ("killed before a profile settled", killed.settles_at().is_some()),
        ] {
            if is_so {
                self.note(what);
            }
        }
        killed.engine
    }

    /// The engine of a tab.
    pub fn engine(&mut self, tab: usize) -> &mut Engine {
        &mut self.tab_mut(tab).engine
    }

    /// The id of a tab, by which its journal is stored.
    pub fn tab_id(&self, tab: usize) -> &str {
        self.tab(tab).id()
    }

    /// Whether a tab is in the back/forward cache.
    pub fn is_cached(&self, tab: usize) -> bool {
        self.tab(tab).cached
    }

    /// What the storage areas let every tab do from now on.
    pub fn set_access(&mut self, access: Access) {
        self.access = access;
        for tab in &self.tabs {
            self.local.set_access(tab.number, access);
            tab.set_access(access);
        }
    }

    /// From now on a slot cannot show any variant.
    pub fn refuse_slot(&mut self, slot: &str, reason: &str) {
        self.environment.refusing_slots.insert(slot.to_owned(), reason.to_owned());
    }

    /// Measures with `stopwatch` how long engines take for signals. It returns the time since some start.
    pub fn measure(&mut self, stopwatch: impl Fn() -> Duration + 'static) {
        self.environment.stopwatch = Some(Box::new(stopwatch));
    }

    /// How long engines have taken for signals since this was last asked.
    pub fn take_spent(&mut self) -> Duration {
        core::mem::take(&mut self.environment.spent)
    }

    /// What was done since this was last asked, in order.
    pub fn take_performed(&mut self) -> Vec<Performed> {
        core::mem::take(&mut self.performed)
    }

    /// Dispatches a signal in a task of its own.
    pub fn dispatch(&mut self, tab: usize, signal: Signal, now: Timestamp) {
        let (page, environment) = self.both(tab);
        page.dispatch(signal, now, environment);
        page.end_task(now, environment);
        self.after_task(tab, now);
    }

    /// Dispatches a signal in a task that does not end: nothing of it is stored.
    pub fn dispatch_without_end(&mut self, tab: usize, signal: Signal, now: Timestamp) {
        let (page, environment) = self.both(tab);
        page.dispatch(signal, now, environment);
        self.collect(tab);
    }

    /// Timers that are due by `now` ring, each at its own time, and in a stepped browser profiles settle.
    pub fn pass_until(&mut self, now: Timestamp) {
        for _ in 0..10_000_000 {
            let wakes = self.tabs.iter().enumerate().filter(|(_, tab)| !tab.cached);
            let wakes = wakes.filter_map(|(place, tab)| Some((tab.wake_at?, place))).min();
            let settles =
                self.tabs.iter().enumerate().filter_map(|(place, tab)| Some((tab.settles_at()?, place))).min();
            match (wakes, settles) {
                (_, Some((at, place))) if at <= now && wakes.is_none_or(|(wakes, _)| at <= wakes) => {
                    // By now every tab that is awake has heard of what was written a second ago.
                    self.deliver_everything(at);
                    self.settle(place, at, at);
                }
                (Some((at, place)), _) if at <= now => self.dispatch(place, Signal::Timer, at),
                _ => return,
            }
        }
        never_rests(now);
    }

    /// The device was asleep: timers that were due meanwhile ring now.
    pub fn wake_up(&mut self, now: Timestamp) {
        for tab in 0..self.tabs.len() {
            if self.tab(tab).wake_at.is_some_and(|at| at <= now) && !self.tab(tab).cached {
                self.dispatch(tab, Signal::Timer, now);
            }
        }
    }

    /// Delivers the oldest write whose event a tab has not received; whether there was one.
    pub fn deliver(&mut self, tab: usize, now: Timestamp) -> bool {
        if self.tab(tab).cached {
            return false;
        }
        let Some(write) = self.local.deliver(self.tab(tab).number) else { return false };
        let (page, environment) = self.both(tab);
        page.on_change(&write, now, environment);
        self.collect(tab);
        true
    }

    /// Every tab that is awake receives all events.
    #[allow(clippy::unnecessary_fold, reason = "any would stop at the first tab that receives something")]
    pub fn deliver_everything(&mut self, now: Timestamp) {
        while (0..self.tabs.len()).fold(false, |some, tab| self.deliver(tab, now) || some) {}
    }

    /// Whether a tab has something to fold, and has not asked for the lock yet.
    pub fn is_fold_due(&self, tab: usize) -> bool {
        self.tab(tab).is_fold_due() && self.tab(tab).fold_request.is_none()
    }

    /// Whether a tab holds the lock under which journals are folded.
    pub fn is_folding(&self, tab: usize) -> bool {
        self.tab(tab).fold_request.is_some()
    }

    /// A tab asks for the lock under which journals are folded, and leaves that to others where one has it.
    pub fn request_fold(&mut self, tab: usize) {
        if self.tabs.iter().any(|tab| tab.fold_request.is_some()) {
            self.tab_mut(tab).leave_fold();
            return self.note("left the fold to another tab");
        }
        let living = self.tabs.iter().filter(|tab| !tab.cached).map(|tab| tab.id().to_owned()).collect();
        self.tab_mut(tab).request_fold(living);
    }

    /// A tab that has the lock folds, and gives the lock back.
    pub fn fold(&mut self, tab: usize, now: Timestamp) {
        let (page, environment) = self.both(tab);
        // Where nothing could be stored the journals are still there, for whoever folds next.
        if page.fold(None, now, environment).is_ok() {
            self.note("stored a profile");
        }
        self.collect(tab);
    }

    /// The profile that a tab would write into a file.
    pub fn export(&mut self, tab: usize, now: Timestamp) -> String {
        let (page, environment) = self.both(tab);
        let profile = page.export(now, environment);
        self.after_task(tab, now);
        profile
    }

    /// Imports such a profile.
    ///
    /// # Errors
    ///
    /// With why not: consent where nothing may be stored, unsupported where nothing can be, or what the engine says.
    pub fn import(&mut self, tab: usize, brought: &str, now: Timestamp) -> Result<(), ImportError> {
        self.request_fold(tab);
        let (page, environment) = self.both(tab);
        let result = page.fold(Some(brought), now, environment);
        self.after_task(tab, now);
        result
    }

    /// A page goes into the back/forward cache.
    pub fn freeze(&mut self, tab: usize, now: Timestamp) {
        let (page, environment) = self.both(tab);
        page.freeze(now, environment);
        let number = page.number;
        self.local.cache(number, true);
        self.note("frozen");
        self.after_task(tab, now);
    }

    /// A page comes out of it.
    pub fn thaw(&mut self, tab: usize, now: Timestamp) {
        self.local.cache(self.tab(tab).number, false);
        let (page, environment) = self.both(tab);
        page.thaw(now, environment);
        self.after_task(tab, now);
    }

    /// Everything that is under way comes to its end: writes are heard of, folds are done, profiles settle.
    /// Answers when that was.
    pub fn rest(&mut self, now: Timestamp) -> Timestamp {
        let mut now = now;
        for _ in 0..100 {
            self.deliver_everything(now);
            for tab in 0..self.tabs.len() {
                if self.is_fold_due(tab) {
                    self.request_fold(tab);
                }
                if self.is_folding(tab) {
                    self.fold(tab, now);
                    self.deliver_everything(now);
                }
            }
            let is_quiet = |tab: &Tab| tab.settles_at().is_none() && !tab.is_fold_due();
            if self.tabs.iter().all(is_quiet) {
                break;
            }
            now = now.plus(SECOND);
            self.settle_all(now);
        }
        now
    }

    fn settle_all(&mut self, now: Timestamp) {
        for tab in 0..self.tabs.len() {
            if self.tab(tab).settles_at().is_some_and(|at| at <= now) {
                self.settle(tab, now, now);
            }
        }
    }

    fn settle(&mut self, tab: usize, due: Timestamp, now: Timestamp) {
        let before = self.local.texts();
        let (page, environment) = self.both(tab);
        let remained = page.settle(due, now, environment);
        if !remained {
            self.note("left the rest to whoever folded since");
        }
        let after = self.local.texts();
        if before.keys().any(|key| !after.contains_key(key)) {
            self.note("removed a journal");
        }
        self.collect(tab);
    }

    fn after_task(&mut self, tab: usize, now: Timestamp) {
        self.collect(tab);
        if self.pace == Pace::Immediate {
            self.finish(now);
        }
    }

    /// Does everything that is due, as if no time passed.
    fn finish(&mut self, now: Timestamp) {
        for _ in 0..10_000 {
            self.deliver_everything(now);
            if let Some(tab) = (0..self.tabs.len()).find(|tab| self.is_fold_due(*tab)) {
                self.request_fold(tab);
                self.fold(tab, now);
            } else if let Some(tab) = (0..self.tabs.len()).find(|tab| self.tab(*tab).settles_at().is_some()) {
                self.settle(tab, now.plus(SECOND), now);
            } else {
                return;
            }
        }
        never_rests(now);
    }

    fn collect(&mut self, tab: usize) {
        let done = core::mem::take(&mut self.tab_mut(tab).performed);
        self.performed.extend(done.into_iter().map(|(at, effect)| Performed { tab, at, effect }));
    }

    fn note(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    #[allow(clippy::indexing_slicing, reason = "a caller that names a tab that is not there is wrong")]
    fn tab(&self, tab: usize) -> &Tab {
        &self.tabs[tab]
    }

    #[allow(clippy::indexing_slicing, reason = "a caller that names a tab that is not there is wrong")]
    fn tab_mut(&mut self, tab: usize) -> &mut Tab {
        &mut self.tabs[tab]
    }

    #[allow(clippy::indexing_slicing, reason = "a caller that names a tab that is not there is wrong")]
    fn both(&mut self, tab: usize) -> (&mut Tab, &mut Environment) {
        (&mut self.tabs[tab], &mut self.environment)
    }
}

/// Tabs that keep each other busy for ever are a bug of the engine.
fn never_rests(now: Timestamp) -> ! {
    panic!("the tabs find no rest at {now:?}")
}
