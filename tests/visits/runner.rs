//! Plays a visit in the simulator and writes down what was done.

use std::collections::BTreeMap;

use tailorbird::codec::VERSION;
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::{DomEvent, Effect};
use tailorbird::random::{NoiseKey, Seed};
use tailorbird::signal::Signal;
use tailorbird::storage::Keys;
use tailorbird::time::{MINUTE, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_simulator::shared_area::Access;
use tailorbird_simulator::{Browser, Pace, Performed, read_signal};

use crate::script::{Command, Damage, Line, Script, given_attributes, time_text};
use crate::wording::{below, decision_text, effect_text, feature_text, gate_text, prompt_variant, text, variant};

/// A device that nobody touches sleeps after so long, and its timers with it.
const AWAKE_MS: i64 = 30 * MINUTE;

/// A device of the visitor.
struct Device {
    browser: Browser,
    front: usize,
    /// By tab, whether the saving of its journal was written down.
    saved: Vec<bool>,
    /// By tab, whether its page may be changed: from its first page view on.
    ready: Vec<bool>,
}

/// A visit that is being played.
pub struct Runner<'a> {
    script: &'a Script,
    /// Which of the script's configs the next page gets.
    config: usize,
    /// The device the visitor is at, by its name, and all of them.
    device: String,
    devices: BTreeMap<String, Device>,
    /// What the visitor carries from one to another, by name.
    files: BTreeMap<String, String>,
    /// Fresh random bits, each drawn once: visits are replayed.
    bits: u32,
    /// What was done, line by line.
    pub log: Vec<String>,
    line_at: Timestamp,
    time: String,
}

impl Runner<'_> {
    /// A visitor with a device that nobody used before.
    pub fn new(script: &Script) -> Runner<'_> {
        let start = script.lines.first().map_or(Timestamp::from_ms(0), |line| line.at);
        let mut runner = Runner {
            script,
            config: 0,
            device: String::new(),
            devices: BTreeMap::new(),
            files: BTreeMap::new(),
            bits: 0,
            log: Vec::new(),
            line_at: start,
            time: String::new(),
        };
        runner.go_to("");
        runner
    }

    fn here(&mut self) -> &mut Device {
        self.devices.get_mut(&self.device).unwrap()
    }

    /// An engine for a page that begins, and the id of its tab.
    fn page(&mut self) -> (Engine, String) {
        let config =
            Config::read(&self.script.configs[self.config]).unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        let bits = self.draw();
        let engine = Engine::new(config, Seed(u64::from(bits)), Box::new(Native));
        (engine.with_noise_key(NoiseKey(u64::from(bits), 0)), format!("{bits:016x}"))
    }

    fn open_tab(&mut self) {
        let (engine, tab_id) = self.page();
        let device = self.here();
        device.front = device.browser.open_tab(engine, tab_id);
        device.saved.push(false);
        device.ready.push(false);
    }

    fn draw(&mut self) -> u32 {
        self.bits += 1;
        self.bits
    }

    /// Plays one line.
    pub fn play(&mut self, line: &Line) {
        let awake_until = self.line_at.plus(AWAKE_MS).min(line.at);
        self.here().browser.pass_until(awake_until);
        (self.line_at, self.time) = (line.at, line.time.clone());
        self.write_down();
        if !matches!(line.command, Command::NextPage) {
            self.here().browser.wake_up(line.at);
        }
        let at = line.at;
        let front = self.here().front;
        match &line.command {
            Command::Dispatch(signal, times) => {
                let mut signal = signal.clone();
                for _ in 0..*times {
                    let erases = signal.at("signal").text() == "erase";
                    let is_sensitive = signal.at("sensitive").is_true();
                    if let (true, Value::Object(signal)) = (erases, &mut signal) {
                        signal.set("seed", self.draw());
                    }
                    let Some(signal) = read_signal(&signal, &Native) else { continue };
                    let is_view = matches!(signal, Signal::PageView(_));
                    self.here().browser.dispatch(front, signal, at);
                    if is_view {
                        self.here().browser.dispatch(front, Signal::Parsed(is_sensitive), at);
                    }
                    if is_view && !core::mem::replace(&mut self.here().ready[front], true) {
                        self.here().browser.dispatch(front, Signal::Ready, at);
                    }
                    self.write_down();
                }
            }
            Command::NextPage => {
                let (engine, tab_id) = self.page();
                let device = self.here();
                device.browser.next_page(front, engine, tab_id);
                (device.saved[front], device.ready[front]) = (false, false);
            }
            Command::Config(place) => self.config = *place,
            Command::Tab(place) => {
                if *place >= self.here().browser.tabs() {
                    self.open_tab();
                }
                self.here().front = *place;
            }
            Command::Device(name) => self.go_to(name),
            Command::Export(name) => {
                let profile = self.here().browser.export(front, at);
                self.files.insert(name.clone(), profile);
            }
            Command::Import(name) => {
                let file = self.files.get(name).cloned().unwrap_or_else(|| panic!("there is no file {name}"));
                let result = self.here().browser.import(front, &file, at);
                self.write_down();
                let result = result.map_or_else(|why| format!("refused: {why}"), |()| "done".to_owned());
                self.log(front, &format!("import {name} {result}"));
            }
            Command::Damage(start, how) => self.damage(start, *how),
            Command::RefuseStorage => self.here().browser.set_access(Access::Refused),
            Command::RefuseSlot(slot, reason) => self.here().browser.refuse_slot(slot, reason),
            Command::Pass => {}
            Command::Ask(kind, _) if kind == "reports" => {
                self.here().browser.dispatch(front, Signal::ReportsAsked, at);
                self.write_down();
                let reports = self.here().browser.engine(front).reports(at);
                self.here().browser.dispatch(front, Signal::Ignored, at);
                self.write_down();
                let none = reports.items().is_empty();
                self.log(front, if none { "reports: none" } else { "reports:" });
                self.list(reports.items());
            }
            Command::Ask(kind, about) => self.answer(kind, about, at),
        }
        self.write_down();
    }

    /// Goes on at another device; one that is new was not used before.
    fn go_to(&mut self, name: &str) {
        name.clone_into(&mut self.device);
        if !self.devices.contains_key(name) {
            let device =
                Device { browser: Browser::new(Pace::Immediate), front: 0, saved: Vec::new(), ready: Vec::new() };
            self.devices.insert(name.to_owned(), device);
            self.open_tab();
        }
    }

    fn damage(&mut self, start: &str, how: Damage) {
        let local = self.here().browser.local();
        for (key, stored) in local.texts() {
            if !without_prefix(&key).starts_with(start) {
                continue;
            }
            // A text begins with the epoch under which it was written.
            let (epoch, text) = stored.split_at(16);
            let text = match how {
                Damage::Altered => text.replacen(|_| true, "\u{1}", 9),
                Damage::Newer => format!("{}written by a later version", char::from(VERSION as u8 + 1)),
            };
            local.put(&key, &format!("{epoch}{text}"));
        }
    }

    /// Writes down what was done since the last time.
    fn write_down(&mut self) {
        for Performed { tab, at, effect } in self.here().browser.take_performed() {
            let kind = match effect {
                Effect::Restore(_)
                | Effect::Save(_)
                | Effect::Append(_)
                | Effect::SaveDecisions(_)
                | Effect::Fold
                | Effect::CloseStorage => "storage",
                Effect::DomEvent(DomEvent::Consent, _) => "consent",
                Effect::DomEvent(DomEvent::Decision, _) => "decisions",
                Effect::WakeAt(_) => continue,
                _ => "",
            };
            let saved = &mut self.here().saved[tab];
            match effect {
                Effect::Restore(_) | Effect::Erase | Effect::Renew(_) => *saved = false,
                _ => {}
            }
            let is_save = matches!(effect, Effect::Save(_) | Effect::Append(_));
            let is_repeated = is_save && core::mem::replace(saved, true);
            if is_repeated || self.script.hidden.iter().any(|hidden| hidden == kind) {
                continue;
            }
            if at == self.line_at {
                self.log(tab, &effect_text(&effect));
            } else {
                let time = core::mem::replace(&mut self.time, time_text(at));
                self.log(tab, &effect_text(&effect));
                self.time = time;
            }
        }
    }

    fn log(&mut self, tab: usize, text: &str) {
        let device = if self.device.is_empty() { String::new() } else { format!("{}: ", self.device) };
        let several = self.here().browser.tabs() > 1;
        let whose = if several { format!("{device}tab {}: ", tab + 1) } else { device };
        self.log.push(format!("{} {whose}{text}", self.time));
    }

    fn answer(&mut self, kind: &str, about: &str, at: Timestamp) {
        let tab = self.here().front;
        let engine = self.here().browser.engine(tab);
        match kind {
            "why" => {
                let Some(decision) = engine.explain(about, at) else {
                    return self.log(tab, &format!("why {about}: there is no such slot"));
                };
                let (shown, chosen) = (decision.get("shown").cloned(), decision.get("variant").cloned());
                let held = decision.get("onPage") == Some(&Value::Bool(true)) && shown != chosen;
                let held = if held { format!(", while it shows {}", variant(&shown)) } else { String::new() };
                let reasons = decision.get("reasons").and_then(Value::as_list).unwrap_or_default().to_vec();
                self.log(tab, &format!("why {}{held}", decision_text(&decision)));
                self.list(&reasons);
            }
            "prompts" => {
                let Value::List(prompts) = engine.explain_prompts(at) else { return };
                for prompt in prompts {
                    let (id, due) = (prompt.at("prompt").text().to_owned(), prompt.at("due").is_true());
                    let variant = prompt.as_object().map_or_else(String::new, prompt_variant);
                    self.log(tab, &format!("prompts {id}{variant} {}", if due { "is due" } else { "is not due" }));
                    self.list(prompt.at("reasons").items());
                }
            }
            "gates" => {
                let inspection = Value::from(engine.inspect(at));
                let prompts = inspection.at("prompts").items();
                let Some(prompt) = prompts.iter().find(|prompt| prompt.at("prompt").text() == about) else {
                    return self.log(tab, &format!("gates {about}: there is no such prompt"));
                };
                self.log(tab, &format!("gates {about}:"));
                self.list(&prompt.at("gates").items().iter().map(gate_text).map(Value::from).collect::<Vec<_>>());
            }
            "feature" => {
                let key = about.split(' ').next().unwrap_or_default();
                let given = given_attributes(about).unwrap();
                let answer = engine.feature(key, given.as_object().unwrap_or(&Object::new()), at);
                let Some(answer) = answer.as_object() else {
                    return self.log(tab, &format!("feature {about}: there is no such feature"));
                };
                let reasons = answer.get("reasons").and_then(Value::as_list).unwrap_or_default().to_vec();
                self.log(tab, &format!("feature {key} {}", feature_text(answer)));
                self.list(&reasons);
            }
            "attribute" => {
                let profile = engine.profile(at);
                let found = below(profile.get("attributes"), about).map_or("missing".to_owned(), text);
                self.log(tab, &format!("attribute {about} = {found}"));
            }
            "segments" => {
                let segments = engine.profile(at).get("segments").cloned().unwrap_or_default();
                let ids: Vec<&str> = segments.as_list().into_iter().flatten().filter_map(Value::as_text).collect();
                let ids = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
                self.log(tab, &format!("segments: {ids}"));
            }
            "size" => {
                let size: usize = self.stored(tab).iter().map(|(key, text)| key.len() + text.chars().count()).sum();
                self.log(tab, &format!("size within {} KB", size.div_ceil(1_000)));
            }
            "stored" => {
                let keys: Vec<String> = self.stored(tab).into_iter().map(|(key, _)| key).collect();
                let keys = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
                self.log(tab, &format!("stored: {keys}"));
            }
            _ => {
                let tree = match kind {
                    "profile" => engine.profile(at),
                    "export" => engine.export(at),
                    "report" => engine.report(),
                    _ => engine.inspect(at),
                };
                match below(Some(&tree.into()), about) {
                    Some(Value::List(items)) if !items.is_empty() => {
                        self.log(tab, &format!("{kind} {about}:"));
                        self.list(items);
                    }
                    Some(found) => self.log(tab, &format!("{kind} {about} = {}", text(found))),
                    None => self.log(tab, &format!("{kind} {about} is missing")),
                }
            }
        }
    }

    /// Our keys in both areas, without what they have in common, and their texts.
    fn stored(&mut self, tab: usize) -> Vec<(String, String)> {
        let keys = Keys::new("");
        let browser = &self.here().browser;
        let areas = [(browser.local(), "local"), (browser.session(tab), "session")];
        let texts = areas.map(|(area, name)| {
            let ours = area.texts().into_iter().filter(|(key, _)| keys.owns(key));
            ours.map(|(key, text)| (format!("{} ({name})", without_prefix(&key)), text.to_string())).collect()
        });
        texts.into_iter().flat_map(|texts: Vec<_>| texts).collect()
    }

    fn list(&mut self, items: &[Value]) {
        for item in items {
            let line = item.as_text().map_or_else(|| text(item), str::to_owned);
            self.log.push(format!("    {line}"));
        }
    }
}

/// A key as visits write it: `v1` for `tailorbird.v1`.
fn without_prefix(key: &str) -> &str {
    key.strip_prefix("tailorbird.").unwrap_or(key)
}
