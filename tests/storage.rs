//! The laws of the storage protocol, whatever the tabs of a browser do at the same time: writes become
//! visible late, tabs are busy, are killed, lie in the back/forward cache, and consent is withdrawn at any
//! moment. The protocol is the engine's own; the area is the simulator's.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proptest::prelude::*;
use tailorbird::storage::{Change, Flush, Folded, Keys, Settling, Stored, TabStorage, Update};
use tailorbird_simulator::{SharedArea, TabArea};

/// How late a write is seen at most by a tab that is not busy; a fold settles after a second.
const VISIBLE_MS: u64 = 900;
const SETTLE_MS: u64 = 1_000;

/// A profile that only counts: which entries are part of it, and up to which number of which journal.
#[derive(Default, Clone)]
struct Profile {
    entries: Vec<String>,
    watermarks: BTreeMap<String, u64>,
}

impl Profile {
    fn decode(text: &str) -> Profile {
        let (entries, watermarks) = text.split_once(';').unwrap();
        let watermark = |pair: &str| pair.split_once('=').map(|(id, last)| (id.to_owned(), last.parse().unwrap()));
        Profile {
            entries: entries.split(',').filter(|entry| !entry.is_empty()).map(str::to_owned).collect(),
            watermarks: watermarks.split(',').filter_map(watermark).collect(),
        }
    }

    fn encode(&self) -> String {
        let watermarks: Vec<String> = self.watermarks.iter().map(|(id, last)| format!("{id}={last}")).collect();
        format!("{};{}", self.entries.join(","), watermarks.join(","))
    }

    fn fold(stored: &Stored) -> Folded {
        let mut profile = stored.profile.as_deref().map(Profile::decode).unwrap_or_default();
        profile.watermarks.retain(|id, _| stored.journals.iter().any(|(other, _)| other == id));
        for (id, journal) in &stored.journals {
            let watermark = profile.watermarks.entry(id.clone()).or_default();
            for entry in journal.split(',').filter(|entry| !entry.is_empty()) {
                let number: u64 = entry.split_once('#').unwrap().1.parse().unwrap();
                if number > *watermark {
                    profile.entries.push(entry.to_owned());
                    *watermark = number;
                }
            }
        }
        Folded {
            profile: profile.encode(),
            watermarks: profile.watermarks.clone().into_iter().collect(),
            written: profile.watermarks.iter().map(|_| None).collect(),
            damaged: Vec::new(),
        }
    }
}

struct Tab {
    place: usize,
    area: TabArea,
    storage: TabStorage,
    /// Whether somebody said yes in this tab, and nobody withdrew it since.
    consent: bool,
    /// Entries that this tab knows are not part of a stored profile, with their numbers.
    journal: Vec<(u64, String)>,
    next: u64,
    /// Until when it runs one long task, and hears of nothing.
    busy_until: u64,
    /// When it was last told of everything.
    told_at: u64,
    cached: bool,
    /// Profiles that are believed at these times, should they still stand.
    settling: Vec<(u64, Settling)>,
}

/// A browser whose tabs do what a random schedule says.
struct Browser {
    area: SharedArea,
    tabs: Vec<Tab>,
    drawn: u64,
    now: u64,
    /// Entries that were flushed, in whatever tab.
    flushed: BTreeSet<String>,
    /// Entries that were recorded before the last withdrawal or erasure.
    withdrawn: BTreeSet<String>,
    recorded: BTreeSet<String>,
    /// Whether anybody said yes since.
    granted: bool,
    /// Whether a tab was killed that had not heard of a withdrawal, or that had withdrawn and not heard of
    /// what others wrote before.
    killed_crossing: bool,
    erased: bool,
}

impl Browser {
    fn new() -> Browser {
        let area = SharedArea::default();
        area.put("tailorbird.theme-cache", "of the site");
        Browser {
            area,
            tabs: Vec::new(),
            drawn: 0,
            now: 0,
            flushed: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            recorded: BTreeSet::new(),
            granted: false,
            killed_crossing: false,
            erased: false,
        }
    }

    fn draw(&mut self) -> String {
        self.drawn += 1;
        format!("{:016x}", self.drawn)
    }

    fn open(&mut self) {
        let (place, id) = (usize::try_from(self.drawn).unwrap(), self.draw());
        let area = self.area.open(place);
        let storage = TabStorage::new(Keys::new(""), id);
        self.tabs.push(Tab {
            place,
            area,
            storage,
            consent: false,
            journal: Vec::new(),
            next: 1,
            busy_until: 0,
            told_at: self.now,
            cached: false,
            settling: Vec::new(),
        });
    }

    /// Somebody says yes in a tab.
    fn grant(&mut self, at: usize) {
        let fresh = self.draw();
        if self.tabs[at].consent {
            return;
        }
        // A tab that uses the area for the first time sees what is there.
        self.deliver(at, usize::MAX);
        let tab = &mut self.tabs[at];
        let update = tab.storage.open(&tab.area, &fresh).unwrap();
        tab.consent = true;
        self.granted = true;
        self.apply_update(at, update);
    }

    fn record(&mut self, at: usize) {
        let tab = &mut self.tabs[at];
        if !tab.consent {
            return;
        }
        let entry = format!("{}#{}", tab.place, tab.next);
        tab.journal.push((tab.next, entry.clone()));
        tab.next += 1;
        self.recorded.insert(entry);
        self.flush(at);
    }

    fn flush(&mut self, at: usize) {
        let tab = &mut self.tabs[at];
        if !tab.consent {
            return;
        }
        let text: Vec<&str> = tab.journal.iter().map(|(_, entry)| entry.as_str()).collect();
        tab.storage.save(&text.join(","));
        match tab.storage.flush(&tab.area).unwrap() {
            Flush::Done => self.flushed.extend(tab.journal.iter().map(|(_, entry)| entry.clone())),
            Flush::Withdrawn => self.forget(at),
            Flush::Full => panic!("there is room"),
            Flush::Waiting => {}
        }
    }

    fn forget(&mut self, at: usize) {
        let tab = &mut self.tabs[at];
        tab.consent = false;
        tab.journal.clear();
        tab.settling.clear();
    }

    /// The visitor takes consent back in a tab, or erases and goes on with consent.
    fn erase(&mut self, at: usize, goes_on: bool) {
        if goes_on && !self.tabs[at].consent {
            return;
        }
        self.withdrawn.extend(self.recorded.iter().cloned());
        (self.granted, self.erased) = (goes_on, true);
        self.drawn += 1;
        let fresh = format!("{:016x}", self.drawn);
        let tab = &mut self.tabs[at];
        if goes_on {
            tab.storage.renew(&tab.area, &fresh).unwrap();
        } else {
            tab.storage.erase(&tab.area).unwrap();
        }
        self.forget(at);
        self.tabs[at].consent = goes_on;
    }

    fn apply_update(&mut self, at: usize, update: Update) {
        match update {
            Update::Nothing => {}
            Update::Withdrawn => self.forget(at),
            Update::Erased => {
                self.forget(at);
                self.tabs[at].consent = true;
            }
            Update::Changed(stored) => {
                let tab = &mut self.tabs[at];
                let seen = tab.storage.seen(&tab.area).unwrap();
                tab.settling.extend(seen.map(|seen| (self.now + SETTLE_MS, seen)));
                assert!(stored.profile.is_none() || !tab.settling.is_empty());
                self.flush(at);
            }
        }
    }

    /// Delivers everything to a tab that it can be told of now.
    fn deliver(&mut self, at: usize, most: usize) {
        for _ in 0..most {
            let Some(write) = self.area.deliver(self.tabs[at].place) else { break };
            let change = Change { key: Some(&write.key), old: write.old.as_deref(), new: write.new.as_deref() };
            let tab = &mut self.tabs[at];
            let update = tab.storage.on_change(&tab.area, change).unwrap();
            self.apply_update(at, update);
            if self.tabs[at].storage.is_unsaved() {
                self.flush(at);
            }
        }
        if most == usize::MAX {
            self.tabs[at].told_at = self.now;
        }
    }

    fn fold(&mut self, at: usize) {
        let living: BTreeSet<String> =
            self.tabs.iter().filter(|tab| !tab.cached).map(|tab| tab.storage.tab_id().to_owned()).collect();
        // Between a long task and a fold stands the request of a lock.
        if self.now >= self.tabs[at].told_at + VISIBLE_MS {
            self.deliver(at, usize::MAX);
        }
        let tab = &mut self.tabs[at];
        if !tab.consent {
            return;
        }
        let folded = tab
            .storage
            .fold(&tab.area, &|id, _| living.contains(id), false, |stored| Ok::<_, ()>(Profile::fold(stored)));
        if let Ok(Some(settling)) = folded {
            tab.settling.push((self.now + SETTLE_MS, settling));
        }
    }

    fn settle(&mut self, at: usize) {
        let tab = &mut self.tabs[at];
        let (due, later): (Vec<_>, Vec<_>) = tab.settling.drain(..).partition(|(due, _)| *due <= self.now);
        tab.settling = later;
        for (_, settling) in due {
            let tab = &mut self.tabs[at];
            let Some(settled) = tab.storage.settle(&tab.area, settling).unwrap() else { continue };
            let watermarks = Profile::decode(&settled.profile).watermarks;
            let last = watermarks.get(tab.storage.tab_id()).copied().unwrap_or(0);
            tab.journal.retain(|(number, _)| *number > last);
            self.flush(at);
        }
    }

    fn kill(&mut self, at: usize) {
        // Tabs that begin in the same instant agree on one epoch; what a tab wrote that is killed before it
        // heard of the other's is lost, and so none is.
        while !self.erased && self.area.awaits(self.tabs[at].place, "tailorbird.e") {
            self.deliver(at, 1);
        }
        let tab = self.tabs.remove(at);
        self.killed_crossing |= self.erased && (tab.consent || tab.cached || self.area.awaits(tab.place, ""));
        self.area.kill(tab.place);
    }

    /// Time passes. By the time a tab settles every tab that is not busy was delivered what had been written
    /// before it folded.
    fn pass(&mut self, ms: u64) {
        self.now += ms;
        let awake: Vec<usize> =
            (0..self.tabs.len()).filter(|at| self.tabs[*at].busy_until <= self.now && !self.tabs[*at].cached).collect();
        let settles = |tab: &Tab, now: u64| tab.settling.iter().any(|(due, _)| *due <= now);
        if ms >= VISIBLE_MS || awake.iter().any(|at| settles(&self.tabs[*at], self.now)) {
            for at in &awake {
                self.deliver(*at, usize::MAX);
            }
        }
        for at in awake {
            if settles(&self.tabs[at], self.now) {
                self.settle(at);
            }
        }
    }

    fn cache(&mut self, at: usize, cached: bool) {
        let id = self.draw();
        let tab = &mut self.tabs[at];
        if tab.cached == cached {
            return;
        }
        tab.cached = cached;
        self.area.cache(tab.place, cached);
        if cached {
            tab.storage.hide();
            tab.settling.clear();
            return;
        }
        match tab.storage.come_back(&tab.area, id).unwrap() {
            Some(Update::Withdrawn) => self.forget(at),
            Some(update) => {
                // What it wrote belongs to whoever folds it.
                tab.journal.clear();
                self.apply_update(at, update);
            }
            None => {}
        }
    }

    /// Everything that was under way comes to its end.
    fn rest(&mut self) {
        for at in 0..self.tabs.len() {
            self.cache(at, false);
            self.tabs[at].busy_until = 0;
        }
        for _ in 0..8 {
            self.pass(SETTLE_MS);
        }
    }

    fn play(&mut self, step: &Step) {
        if self.tabs.is_empty() {
            self.open();
        }
        let at = step.tab % self.tabs.len();
        let free = self.tabs[at].busy_until <= self.now && !self.tabs[at].cached;
        match step.what {
            0..=1 if self.tabs.len() < 6 => self.open(),
            2..=5 if free => self.grant(at),
            6..=29 if !self.tabs[at].cached => self.record(at),
            30..=33 if free => self.deliver(at, 1 + step.tab % 3),
            34..=37 if free => self.fold(at),
            38..=41 => self.pass(100),
            42..=43 => self.pass(SETTLE_MS),
            44 => self.tabs[at].busy_until = self.now + 5_000,
            45 if step.withdraws && free => self.erase(at, false),
            46 if step.withdraws && free => self.erase(at, true),
            47 => self.kill(at),
            48 => self.cache(at, true),
            49 => self.cache(at, false),
            _ => {}
        }
    }
}

#[derive(Clone)]
struct Step {
    what: u32,
    tab: usize,
    withdraws: bool,
}

impl std::fmt::Debug for Step {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} in {}", self.what, self.tab)
    }
}

fn steps(withdraws: bool) -> impl Strategy<Value = Vec<Step>> {
    let step = (0..50_u32, 0..100_usize).prop_map(move |(what, tab)| Step { what, tab, withdraws });
    prop::collection::vec(step, 1..200)
}

fn ours(texts: &BTreeMap<String, Rc<str>>) -> Vec<&String> {
    let keys = Keys::new("");
    texts.keys().filter(|key| keys.owns(key)).collect()
}

/// What a tab knows that begins now and is given consent.
fn known(browser: &mut Browser) -> Vec<String> {
    browser.open();
    let at = browser.tabs.len() - 1;
    browser.grant(at);
    browser.fold(at);
    browser.rest();
    let tab = &mut browser.tabs[at];
    let stored = tab.storage.read(&tab.area).unwrap();
    let profile = stored.profile.as_deref().map(Profile::decode);
    profile.unwrap_or_default().entries
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_was_flushed_is_kept_exactly_once(steps in steps(false)) {
        let mut browser = Browser::new();
        for step in &steps {
            browser.play(step);
        }
        browser.rest();
        let mut entries = known(&mut browser);
        entries.sort();
        let flushed: Vec<String> = browser.flushed.iter().cloned().collect();
        prop_assert_eq!(entries, flushed);
        let texts = browser.area.texts();
        prop_assert_eq!(texts.get("tailorbird.theme-cache").map(|text| &**text), Some("of the site"));
    }

    #[test]
    fn what_was_withdrawn_leaves_nothing_and_never_counts_again(steps in steps(true)) {
        let mut browser = Browser::new();
        for step in &steps {
            browser.play(step);
        }
        browser.rest();
        let texts = browser.area.texts();
        if browser.erased && !browser.granted && !browser.killed_crossing {
            prop_assert_eq!(ours(&texts), Vec::<&String>::new());
        }
        prop_assert!(texts.contains_key("tailorbird.theme-cache"));
        let counted: BTreeSet<String> = known(&mut browser).into_iter().collect();
        let again: Vec<&String> = counted.intersection(&browser.withdrawn).collect();
        prop_assert_eq!(again, Vec::<&String>::new());
    }
}
