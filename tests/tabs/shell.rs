//! Tabs of one browser on one storage area, each with a shell that does what `www/browser/storage.ts`
//! does: one write a step, so that anything can come between two of them.

use std::collections::{BTreeMap, VecDeque};

use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::Effect;
use tailorbird::profile::journal::{Entry, Journal};
use tailorbird::random::Seed;
use tailorbird::signal::{Restored, Signal};
use tailorbird::time::Timestamp;
use tailorbird::value::{Object, Value};

/// How many characters all keys and values may take together.
const ROOM: usize = 50_000;
/// The stored profile's key; journals begin with [`JOURNAL`].
const PROFILE: &str = "v1";
const JOURNAL: &str = "t.";

/// What is to be told with these fields.
pub fn signal(name: &str, fields: Object) -> Signal {
    let mut tree = Object::new().with("signal", name);
    tree.overlay(&fields);
    Signal::read(&tree.into(), &Native).unwrap()
}

/// The storage area, and what ever was written to it.
#[derive(Default)]
pub struct Area {
    pub kept: BTreeMap<String, String>,
    /// Every entry that was flushed, by journal and number; of journals that are still there, when they
    /// are remembered.
    pub flushed: BTreeMap<(String, u64), Entry>,
}

impl Area {
    fn size(&self) -> usize {
        self.kept.iter().map(|(key, text)| key.len() + text.chars().count()).sum()
    }

    pub fn journals(&self) -> Vec<(String, String)> {
        let journal = |(key, text): (&String, &String)| Some((key.strip_prefix(JOURNAL)?.to_owned(), text.clone()));
        self.kept.iter().filter_map(journal).collect()
    }

    fn write(&mut self, own: &str, text: &str) {
        let key = [JOURNAL, own].concat();
        if self.kept.get(&key).is_some_and(|before| !text.starts_with(before)) {
            self.remember(own);
        }
        self.kept.insert(key, text.to_owned());
    }

    fn remove(&mut self, own: &str) {
        self.remember(own);
        self.kept.remove(&[JOURNAL, own].concat());
    }

    /// Notes what a journal has, before it is gone.
    pub fn remember(&mut self, own: &str) {
        let Some(text) = self.kept.get(&[JOURNAL, own].concat()) else { return };
        let journal = Journal::decode(text).unwrap();
        assert!(!journal.truncated, "what a tab writes can be read");
        for entry in journal.entries {
            let number = entry.number;
            let before = self.flushed.insert((own.to_owned(), number), entry.clone());
            assert!(before.is_none_or(|before| before == entry), "entry {number} of {own} became another");
        }
    }
}

/// What is left to be done of a fold that has begun.
enum Step {
    /// Storage is read next; these journals had been there, and these tabs lived, when it was asked.
    Read(Vec<String>, Vec<String>),
    /// The profile is stored, and the lock let go.
    Profile(String),
    /// A second later, if that still is the profile, these journals of tabs that are gone go one by one, where
    /// they are as they were read, and this tab drops what was folded of its own.
    Settle(String, Vec<(String, String)>, Vec<(String, u64)>),
    Remove(String, String),
    Tell(Vec<(String, u64)>),
}

pub struct Tab {
    pub visit: Engine,
    pub own: String,
    /// Its journal as it should be stored, and whether it is not yet.
    journal: String,
    unsaved: bool,
    /// Whether a fold is due, and whether there is a callback for it.
    due: bool,
    idle: bool,
    /// What is left of its fold, the next step last. Meanwhile it can do nothing else.
    fold: Vec<Step>,
    /// Whether it was not told yet that another tab stored a profile.
    unheard: bool,
    /// Whether it lies in the back/forward cache: it holds no lock and hears of nothing.
    pub frozen: bool,
    /// When it was told of what, each at a time of its own.
    pub told: Vec<(Timestamp, Signal)>,
}

/// A browser with some tabs on a site.
pub struct Browser {
    config: Value,
    pub area: Area,
    pub tabs: Vec<Tab>,
    /// How many names of journals were drawn.
    drawn: u64,
    /// Which tab, by its journal, holds the lock of folding.
    lock: Option<String>,
    /// How often something happened, so that a test can tell that it did.
    pub happened: BTreeMap<&'static str, u32>,
}

impl Browser {
    pub fn new(config: Value) -> Browser {
        Browser { config, area: Area::default(), tabs: Vec::new(), drawn: 0, lock: None, happened: BTreeMap::new() }
    }

    pub fn note(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    /// Sixteen digits that nothing else is called by.
    fn draw(&mut self) -> String {
        self.drawn += 1;
        format!("{:016x}", Seed(self.drawn).next().0)
    }

    /// A visit of a visitor whose seed is always the same, so that tabs draw the same arms.
    pub fn visit(&self) -> Engine {
        let config = Config::read(&self.config).unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        Engine::new(config, Seed(7), Box::new(Native))
    }

    /// Opens a page in a new tab, with consent given.
    pub fn open(&mut self, at: Timestamp) {
        let tab = Tab {
            visit: self.visit(),
            own: self.draw(),
            journal: String::new(),
            unsaved: false,
            due: false,
            idle: false,
            fold: Vec::new(),
            unheard: false,
            frozen: false,
            told: Vec::new(),
        };
        self.tabs.push(tab);
        let place = self.tabs.len() - 1;
        self.tell(place, signal("consent", Object::new().with("personalize", true)), at);
        self.tell(place, Signal::Ready, at);
        self.tell(
            place,
            signal("slots", Object::new().with("slots", vec![Value::from("hero"), Value::from("offer")])),
            at,
        );
    }

    /// A tab is gone, at once, whatever it was doing.
    pub fn crash(&mut self, place: usize) -> Tab {
        let tab = self.tabs.remove(place);
        if self.lock.as_ref() == Some(&tab.own) {
            self.lock = None;
        }
        for (what, when) in [
            ("crashed with an event not flushed", tab.unsaved),
            ("crashed before reading", matches!(tab.fold.last(), Some(Step::Read(..)))),
            ("crashed before storing the profile", matches!(tab.fold.last(), Some(Step::Profile(_)))),
            ("crashed before removing a journal", matches!(tab.fold.last(), Some(Step::Remove(..)))),
            (
                "crashed before it knew what was folded",
                matches!(tab.fold.last(), Some(Step::Settle(..) | Step::Tell(_))),
            ),
        ] {
            if when {
                self.note(what);
            }
        }
        tab
    }

    /// Into the back/forward cache.
    pub fn freeze(&mut self, place: usize) {
        self.tabs[place].frozen = true;
        self.note("frozen");
    }

    /// Out of it.
    pub fn thaw(&mut self, place: usize, at: Timestamp) {
        let own = self.draw();
        let tab = &mut self.tabs[place];
        (tab.frozen, tab.unheard) = (false, false);
        // What it wrote may have been folded since, and its journal removed: it goes on in another.
        let before = std::mem::replace(&mut tab.own, own);
        self.tell(place, Signal::Folded(vec![(before, u64::MAX)]), at);
        let stored = self.read(place);
        self.tell(place, stored, at);
        self.tell(place, signal("tab", Object::new().with("visible", true)), at);
    }

    /// Whether a tab is in the midst of something that runs to its end.
    pub fn busy(&self, place: usize) -> bool {
        !self.tabs[place].fold.is_empty()
    }

    /// Tells a tab something, and does what it wants done; what it is told by that waits until then.
    pub fn tell(&mut self, place: usize, signal: Signal, at: Timestamp) {
        let mut heard = VecDeque::from([signal]);
        while let Some(signal) = heard.pop_front() {
            for effect in self.tabs[place].visit.dispatch(signal, at) {
                let tab = &mut self.tabs[place];
                match effect {
                    Effect::Restore(_) => heard.push_back(self.read(place)),
                    Effect::Save(text) => (tab.journal, tab.unsaved) = (text, true),
                    Effect::Append(text) => {
                        tab.journal.push_str(&text);
                        tab.unsaved = true;
                    }
                    Effect::Fold => self.later(place),
                    Effect::Erase | Effect::Quarantine(_) => panic!("{effect:?}: nobody erased or damaged anything"),
                    _ => {}
                }
            }
        }
    }

    /// What is stored, for a tab to be told.
    fn read(&mut self, place: usize) -> Signal {
        let tab = &mut self.tabs[place];
        // Of its own journal the core knows more, and says it anew.
        (tab.journal, tab.unsaved) = (String::new(), false);
        let profile = self.area.kept.get(PROFILE).cloned();
        Signal::Restored(Restored { profile, journals: self.area.journals(), own: tab.own.clone() })
    }

    /// A fold is due.
    pub fn later(&mut self, place: usize) {
        let tab = &mut self.tabs[place];
        if !tab.due {
            (tab.due, tab.idle) = (true, true);
        }
    }

    /// The microtask: what was said is written, where there is room.
    pub fn flush(&mut self, place: usize) {
        let tab = &mut self.tabs[place];
        if !tab.unsaved || tab.frozen {
            return;
        }
        let stored = self.area.kept.get(&[JOURNAL, &tab.own].concat()).map_or(0, |text| text.chars().count());
        if self.area.size() - stored + tab.journal.chars().count() > ROOM {
            self.note("found no room");
            return self.later(place);
        }
        tab.unsaved = false;
        self.area.write(&tab.own, &tab.journal);
    }

    /// One step of what a tab has left to do: of its fold, or of what it was told by the browser.
    pub fn step(&mut self, place: usize, at: Timestamp) {
        if let Some(step) = self.tabs[place].fold.pop() {
            return self.fold(place, step, at);
        }
        self.flush(place);
        let tab = &mut self.tabs[place];
        if tab.frozen {
            return;
        }
        if std::mem::take(&mut tab.unheard) {
            let stored = self.read(place);
            self.tell(place, stored, at);
        } else if std::mem::take(&mut tab.idle) {
            if self.lock.is_some() {
                tab.due = false;
                return self.note("left the fold to another tab");
            }
            self.lock = Some(tab.own.clone());
            let known = self.area.journals().into_iter().map(|(id, _)| id).collect();
            let living = self.tabs.iter().filter(|tab| !tab.frozen).map(|tab| tab.own.clone()).collect();
            self.tabs[place].fold.push(Step::Read(known, living));
        }
    }

    fn fold(&mut self, place: usize, step: Step, at: Timestamp) {
        match step {
            Step::Read(known, living) => {
                self.tabs[place].due = false;
                self.flush(place);
                let journals = self.area.journals();
                let tab = &mut self.tabs[place];
                let folded = tab.visit.fold(self.area.kept.get(PROFILE).map(String::as_str), &journals, true, at);
                assert_eq!(folded.damaged, Vec::<String>::new());
                let is_gone = |id: &String| known.contains(id) && !living.contains(id);
                let gone = journals.into_iter().filter(|(id, _)| is_gone(id)).collect();
                tab.fold =
                    vec![Step::Settle(folded.profile.clone(), gone, folded.watermarks), Step::Profile(folded.profile)];
            }
            Step::Profile(text) => {
                self.area.kept.insert(PROFILE.to_owned(), text);
                for (other, tab) in self.tabs.iter_mut().enumerate() {
                    tab.unheard |= other != place && !tab.frozen;
                }
                self.note("stored a profile");
                self.tabs[place].due = false;
                self.lock = None;
            }
            Step::Settle(profile, gone, watermarks) => {
                if self.area.kept.get(PROFILE) != Some(&profile) {
                    return self.note("left the rest to whoever folded since");
                }
                let fold = &mut self.tabs[place].fold;
                fold.push(Step::Tell(watermarks));
                fold.extend(gone.into_iter().map(|(id, text)| Step::Remove(id, text)));
            }
            Step::Remove(id, text) => {
                if self.area.kept.get(&format!("t.{id}")) != Some(&text) {
                    return self.note("left a journal that had grown");
                }
                self.area.remove(&id);
                self.note("removed a journal");
                let alive = self.tabs.iter().any(|tab| tab.own == id && !tab.frozen);
                assert!(!alive, "a living tab would write on in it");
            }
            Step::Tell(watermarks) => self.tell(place, Signal::Folded(watermarks), at),
        }
    }

    /// Everything that is left to do is done.
    pub fn rest(&mut self, at: Timestamp) {
        for _ in 0..100 {
            for place in 0..self.tabs.len() {
                self.step(place, at);
                while self.busy(place) {
                    self.step(place, at);
                }
            }
        }
    }
}
