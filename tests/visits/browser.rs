//! The browser of a visit: tabs, storage, and a shell that does what the engine says.

use std::collections::BTreeMap;

use tailorbird::codec::VERSION;
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::{Area, Effect};
use tailorbird::random::Seed;
use tailorbird::signal::{Restored, Signal};
use tailorbird::time::Timestamp;
use tailorbird::value::{Object, Value};

use crate::script::{Command, Damage, Line, Script, said_beside};
use crate::wording::{below, decision_text, effect_text, feature_text, text, variant};

type Store = BTreeMap<String, String>;

/// A device that the visitor left for another one: its tabs, which of them is in front, and its storage.
type Left = (Vec<Tab>, usize, Store);

/// A browser with one or two tabs on the same site; on another device it is another one.
pub struct Browser<'a> {
    script: &'a Script,
    /// Which of the script's configs the next page gets.
    config: usize,
    tabs: Vec<Tab>,
    front: usize,
    /// What all tabs share.
    local: Store,
    refused: bool,
    /// Whether the engine that merges profiles cannot be loaded.
    engine_refused: bool,
    /// The device the visitor is at, and the others.
    device: String,
    others: BTreeMap<String, Left>,
    /// What the visitor carries from one to another, by name.
    files: BTreeMap<String, String>,
    /// Fresh random bits, each drawn once: visits are replayed.
    bits: u32,
    /// What was done, line by line.
    pub log: Vec<String>,
    time: String,
}

struct Tab {
    visit: Engine,
    /// The id of its journal.
    own: String,
    area: Option<Area>,
    session: Store,
    /// Whether the saving of its journal was written down.
    saved: bool,
    /// Whether the engine that merges profiles was loaded.
    merges: bool,
}

impl Browser<'_> {
    /// A browser that nobody used before.
    pub fn open(script: &Script) -> Browser<'_> {
        let mut browser = Browser {
            script,
            config: 0,
            tabs: Vec::new(),
            front: 0,
            local: Store::new(),
            refused: false,
            engine_refused: false,
            device: String::new(),
            others: BTreeMap::new(),
            files: BTreeMap::new(),
            bits: 0,
            log: Vec::new(),
            time: String::new(),
        };
        let tab = browser.new_tab(Store::new());
        browser.tabs.push(tab);
        browser
    }

    fn new_tab(&mut self, session: Store) -> Tab {
        let config =
            Config::read(&self.script.configs[self.config]).unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        let bits = self.draw();
        let mut visit = Engine::new(config, Seed(u64::from(bits)), Box::new(Native));
        // On these pages the site has nothing to say first.
        visit.dispatch(Signal::Ready, Timestamp::from_ms(0));
        Tab { visit, own: format!("{bits:016x}"), area: None, session, saved: false, merges: false }
    }

    fn draw(&mut self) -> u32 {
        self.bits += 1;
        self.bits
    }

    /// Plays one line.
    pub fn play(&mut self, line: &Line) {
        self.time.clone_from(&line.time);
        match &line.command {
            Command::Tell(signal, times) => {
                let mut signal = signal.clone();
                for _ in 0..*times {
                    let erases = signal.get("signal").and_then(Value::as_text) == Some("erase");
                    if let (true, Value::Object(signal)) = (erases, &mut signal) {
                        signal.set("low", self.draw());
                    }
                    if let Some(signal) = Signal::read(&signal, &Native) {
                        self.tell(self.front, signal, line.at);
                    }
                }
            }
            Command::NextPage => {
                let session = std::mem::take(&mut self.tabs[self.front].session);
                self.tabs[self.front] = self.new_tab(session);
            }
            Command::Config(place) => self.config = *place,
            Command::Tab(place) => {
                if *place >= self.tabs.len() {
                    let tab = self.new_tab(Store::new());
                    self.tabs.push(tab);
                }
                self.front = *place;
            }
            Command::Device(name) => self.go_to(name),
            Command::Export(name) => {
                let Restored { profile, journals, .. } = self.stored(self.front);
                let folded = self.tabs[self.front].visit.fold(profile.as_deref(), &journals, true, line.at);
                self.files.insert(name.clone(), folded.profile);
            }
            Command::Import(name) => {
                let file = self.files.get(name).cloned().unwrap_or_else(|| panic!("there is no file {name}"));
                let refused = match self.store(self.front) {
                    Some(_) => self.fold(self.front, Some(&file), line.at),
                    None => Some("consent"),
                };
                let came = refused.map_or("done".to_owned(), |why| format!("refused: {why}"));
                self.log(self.front, &format!("import {name} {came}"));
            }
            Command::Damage(start, how) => {
                for text in self.local.iter_mut().filter(|(key, _)| key.starts_with(start)).map(|(_, text)| text) {
                    *text = match how {
                        Damage::Altered => text.replacen(|_| true, "\u{1}", 9),
                        Damage::Newer => format!("{}written by a later version", char::from(VERSION as u8 + 1)),
                    };
                }
            }
            Command::Refuse => self.refused = true,
            Command::RefuseEngine => self.engine_refused = true,
            Command::Ask(kind, about) => self.answer(kind, about, line.at),
        }
    }

    /// Tells the engine of one tab something, and does what it says.
    fn tell(&mut self, place: usize, signal: Signal, at: Timestamp) {
        let effects = self.tabs[place].visit.dispatch(signal, at);
        let mut tracked_keys: Vec<(usize, Signal)> = Vec::new();
        let mut due = false;
        for effect in &effects {
            self.write_down(place, effect);
            match effect {
                Effect::Restore(area) => {
                    self.tabs[place].area = Some(*area);
                    self.tabs[place].saved = false;
                    tracked_keys.push((place, self.restored(place, at)));
                }
                Effect::Whole => {
                    self.tabs[place].merges = !self.engine_refused;
                    let answer = if self.engine_refused { Signal::Alone } else { self.restored(place, at) };
                    tracked_keys.push((place, answer));
                }
                Effect::Save(text) | Effect::Append(text) => {
                    let key = format!("t.{}", self.tabs[place].own);
                    let goes_on = matches!(effect, Effect::Append(_));
                    if let Some(store) = self.store(place) {
                        let kept = store.entry(key).or_default();
                        if !goes_on {
                            kept.clear();
                        }
                        kept.push_str(text);
                    }
                }
                Effect::Erase => {
                    self.tabs[place].saved = false;
                    self.tabs[place].session.clear();
                    for other in 0..self.tabs.len() {
                        let journal = format!("t.{}", self.tabs[other].own);
                        let missed = self.local.contains_key("v1") || self.local.contains_key(&journal);
                        if other != place && missed && self.tabs[other].area == Some(Area::Local) {
                            self.tabs[other].saved = false;
                            tracked_keys.push((other, Signal::ErasedElsewhere(Seed(u64::from(self.draw())))));
                        }
                    }
                    self.local.clear();
                }
                Effect::Quarantine(keys) => self.quarantine(place, keys),
                Effect::Fold => due = true,
                Effect::Show { .. } | Effect::Revert { .. } | Effect::Prompt { .. } | Effect::DomEvent(..) => {}
                // The site's own data layer, and a page that the script goes on to.
                Effect::DataLayerPush(_) | Effect::Redirect(_) | Effect::Warn(_) | Effect::WakeAt(_) => {}
            }
        }
        for (place, signal) in tracked_keys {
            self.tell(place, signal, at);
        }
        if due {
            self.fold(place, None, at);
        }
    }

    /// Leaves one device and goes on at another; one that is new was not used before.
    fn go_to(&mut self, name: &str) {
        let left = (std::mem::take(&mut self.tabs), self.front, std::mem::take(&mut self.local));
        let name_left = std::mem::replace(&mut self.device, name.to_owned());
        self.others.insert(name_left, left);
        (self.tabs, self.front, self.local) = match self.others.remove(name) {
            Some(known) => known,
            None => (vec![self.new_tab(Store::new())], 0, Store::new()),
        };
    }

    /// The storage area a tab keeps things in, if it may and can.
    fn store(&mut self, place: usize) -> Option<&mut Store> {
        match self.tabs[place].area {
            _ if self.refused => None,
            Some(Area::Local) => Some(&mut self.local),
            Some(Area::Session) => Some(&mut self.tabs[place].session),
            None => None,
        }
    }

    fn stored(&mut self, place: usize) -> Restored {
        let own = self.tabs[place].own.clone();
        let Some(store) = self.store(place) else { return Restored { own, ..Restored::default() } };
        let journals = store.iter().filter_map(|(key, text)| Some((key.strip_prefix("t.")?.to_owned(), text.clone())));
        Restored { profile: store.get("v1").cloned(), journals: journals.collect(), own }
    }

    /// What is stored, for a tab to be told: with what other devices know, where it can merge that.
    fn restored(&mut self, place: usize, at: Timestamp) -> Signal {
        let mut stored = self.stored(place);
        if self.tabs[place].merges {
            stored.profile = stored.profile.map(|text| self.tabs[place].visit.merged(&text, at).unwrap_or(text));
        }
        Signal::Restored(stored)
    }

    fn quarantine(&mut self, place: usize, keys: &[String]) {
        if let Some(store) = self.store(place) {
            store.retain(|key, _| !keys.contains(key));
        }
    }

    /// Folds journals into the profile, and what is `brought`; those of tabs that are gone are not needed any
    /// more. Answers why what was brought was not taken in, if it was not.
    fn fold(&mut self, place: usize, brought: Option<&str>, at: Timestamp) -> Option<&'static str> {
        let Restored { profile, journals, .. } = self.stored(place);
        let mut folded = self.tabs[place].visit.fold(profile.as_deref(), &journals, true, at);
        if let Some(brought) = brought {
            match self.tabs[place].visit.import_device(&folded.profile, brought, at) {
                Ok(profile) => folded.profile = profile,
                Err(why) => return Some(why),
            }
            self.tabs[place].merges = true;
        }
        let living: Vec<String> = self.tabs.iter().map(|tab| tab.own.clone()).collect();
        if let Some(store) = self.store(place) {
            store.insert("v1".to_owned(), folded.profile);
            for (id, _) in folded.watermarks.iter().filter(|(id, _)| !living.contains(id)) {
                store.remove(&format!("t.{id}"));
            }
        }
        if !folded.damaged.is_empty() {
            self.write_down(place, &Effect::Quarantine(folded.damaged.clone()));
            self.quarantine(place, &folded.damaged);
        }
        self.tell(place, Signal::Folded(folded.watermarks), at);
        if brought.is_some() {
            let restored = self.restored(place, at);
            self.tell(place, restored, at);
        }
        None
    }

    fn write_down(&mut self, place: usize, effect: &Effect) {
        let kind = match effect {
            Effect::Restore(_) | Effect::Whole | Effect::Save(_) | Effect::Append(_) | Effect::Fold => "storage",
            Effect::DomEvent("consent", _) => "consent",
            Effect::DomEvent("decision", _) => "decisions",
            _ => "",
        };
        let repeated = matches!(effect, Effect::Save(_) | Effect::Append(_))
            && std::mem::replace(&mut self.tabs[place].saved, true);
        if !repeated && !self.script.hidden.iter().any(|hidden| hidden == kind) {
            self.log(place, &effect_text(effect));
        }
    }

    fn log(&mut self, place: usize, text: &str) {
        let device = if self.device.is_empty() { String::new() } else { format!("{}: ", self.device) };
        let whose = if self.tabs.len() > 1 { format!("{device}tab {}: ", place + 1) } else { device };
        self.log.push(format!("{} {whose}{text}", self.time));
    }

    fn answer(&mut self, kind: &str, about: &str, at: Timestamp) {
        let place = self.front;
        let visit = &mut self.tabs[place].visit;
        match kind {
            "why" => {
                let Some(decision) = visit.explain(about, at) else {
                    return self.log(place, &format!("why {about}: there is no such slot"));
                };
                let (shown, chosen) = (decision.get("shown").cloned(), decision.get("variant").cloned());
                let held = decision.get("on_page") == Some(&Value::Bool(true)) && shown != chosen;
                let held = if held { format!(", while it shows {}", variant(&shown)) } else { String::new() };
                let reasons = decision.get("reasons").and_then(Value::as_list).unwrap_or_default().to_vec();
                self.log(place, &format!("why {}{held}", decision_text(&decision)));
                self.list(&reasons);
            }
            "feature" => {
                let key = about.split(' ').next().unwrap_or_default();
                let said = said_beside(about).unwrap();
                let answer = visit.feature(key, said.as_object().unwrap_or(&Object::new()), at);
                let Some(answer) = answer.as_object() else {
                    return self.log(place, &format!("feature {about}: there is no such feature"));
                };
                let reasons = answer.get("reasons").and_then(Value::as_list).unwrap_or_default().to_vec();
                self.log(place, &format!("feature {key} {}", feature_text(answer)));
                self.list(&reasons);
            }
            "attribute" => {
                let profile = visit.profile(at);
                let found = below(profile.get("attributes"), about).map_or("missing".to_owned(), text);
                self.log(place, &format!("attribute {about} = {found}"));
            }
            "segments" => {
                let segments = visit.profile(at).get("segments").cloned().unwrap_or_default();
                let ids: Vec<&str> = segments.as_list().into_iter().flatten().filter_map(Value::as_text).collect();
                let ids = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
                self.log(place, &format!("segments: {ids}"));
            }
            "size" => {
                let bytes =
                    |store: &Store| store.iter().map(|(key, text)| key.len() + text.chars().count()).sum::<usize>();
                let kilobytes = (bytes(&self.local) + bytes(&self.tabs[place].session)).div_ceil(1_000);
                self.log(place, &format!("size within {kilobytes} KB"));
            }
            "stored" => {
                let session = self.tabs[place].session.keys();
                let keys: Vec<String> = self
                    .local
                    .keys()
                    .map(|key| format!("{key} (local)"))
                    .chain(session.map(|key| format!("{key} (session)")))
                    .collect();
                let keys = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
                self.log(place, &format!("stored: {keys}"));
            }
            _ => {
                let whole = if kind == "profile" { visit.profile(at) } else { visit.exported(at) };
                match below(Some(&whole.into()), about) {
                    Some(Value::List(items)) if !items.is_empty() => {
                        self.log(place, &format!("{kind} {about}:"));
                        self.list(items);
                    }
                    Some(found) => self.log(place, &format!("{kind} {about} = {}", text(found))),
                    None => self.log(place, &format!("{kind} {about} is missing")),
                }
            }
        }
    }

    fn list(&mut self, items: &[Value]) {
        for item in items {
            let line = item.as_text().map_or_else(|| text(item), str::to_owned);
            self.log.push(format!("    {line}"));
        }
    }
}
