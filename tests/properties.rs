//! What holds of every visit, whatever the page, the visitor or another tab does: nothing panics,
//! what is kept stays small, and the same signals have the same effects.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use proptest::prelude::*;
use tailorbird::codec::VERSION;
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::Effect;
use tailorbird::random::Seed;
use tailorbird::signal::{Restored, Signal};
use tailorbird::time::{MINUTE, SECOND, Timestamp};
use tailorbird::value::{Object, Value};

/// The most characters a stored profile has.
const PROFILE: usize = 50_000;
/// The most characters a stored journal has: a twentieth of what browsers give a whole site.
const JOURNAL: usize = 250_000;

/// A site that uses everything there is.
const CONFIG: &str = include_str!("properties/site.json");

/// A tab with storage of its own, and a shell that does what the engine says.
struct Tab {
    visit: Engine,
    stored: BTreeMap<String, String>,
    log: Vec<String>,
    /// Whether the visitor allows to keep anything, as it was last announced.
    allowed: bool,
    /// What was read or written although they do not, or told although they allow no measuring.
    breaches: Vec<String>,
    measured: bool,
}

impl Tab {
    fn open(stored: BTreeMap<String, String>) -> Tab {
        let config = Config::read(&serde_json::from_str(CONFIG).unwrap());
        let config = config.unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        let visit = Engine::new(config, Seed(7), Box::new(Native));
        Tab { visit, stored, log: Vec::new(), allowed: false, breaches: Vec::new(), measured: false }
    }

    fn journals(&self) -> Vec<(String, String)> {
        let journal = |(key, text): (&String, &String)| Some((key.strip_prefix("t.")?.to_owned(), text.clone()));
        self.stored.iter().filter_map(journal).collect()
    }

    fn tell(&mut self, signal: Signal, now: Timestamp) {
        for effect in self.visit.dispatch(signal, now) {
            self.log.push(format!("{effect:?}"));
            let touches = matches!(
                effect,
                Effect::Restore(_)
                    | Effect::Whole
                    | Effect::Save(_)
                    | Effect::Append(_)
                    | Effect::Quarantine(_)
                    | Effect::Fold
            );
            let tells = matches!(effect, Effect::DataLayerPush(_));
            if (touches && !self.allowed) || (tells && !self.measured) {
                self.breaches.push(format!("{effect:?}"));
            }
            match effect {
                Effect::DomEvent("consent", detail) => {
                    let said = detail.get("personalize");
                    self.allowed = said == Some(&Value::Bool(true)) || said == Some(&"session".into());
                    self.measured = detail.get("measure") == Some(&Value::Bool(true));
                }
                Effect::Restore(_) => {
                    let profile = self.stored.get("v1").cloned();
                    let journals = self.journals();
                    let own = "own".to_owned();
                    self.tell(Signal::Restored(Restored { profile, journals, own }), now);
                }
                Effect::Save(text) => {
                    self.stored.insert("t.own".to_owned(), text);
                }
                Effect::Append(text) => self.stored.entry("t.own".to_owned()).or_default().push_str(&text),
                Effect::Erase => self.stored.clear(),
                Effect::Quarantine(keys) => self.stored.retain(|key, _| !keys.contains(key)),
                Effect::Fold => {
                    let profile = self.fold(now);
                    self.stored.insert("v1".to_owned(), profile);
                }
                _ => {}
            }
        }
    }

    fn fold(&mut self, now: Timestamp) -> String {
        self.visit.fold(self.stored.get("v1").map(String::as_str), &self.journals(), true, now).profile
    }

    /// Looks at everything there is to see; that changes nothing.
    fn look(&mut self, now: Timestamp) -> String {
        let slots = ["hero", "strip", "offer", "label", "nowhere"];
        let seen = slots.map(|slot| format!("{:?} {:?}", self.visit.peek(slot, now), self.visit.explain(slot, now)));
        let features =
            ["button", "redesign", "colour", "nothing"].map(|key| self.visit.feature(key, &Object::new(), now));
        format!("{seen:?} {features:?} {:?} {:?}", self.visit.profile(now), self.visit.exported(now))
    }
}

/// Signals, each so many milliseconds after the one before; a new page begins where there is none.
struct Steps(Vec<(i64, Option<Value>)>);

impl fmt::Debug for Steps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (pause, signal) in &self.0 {
            writeln!(formatter, "{pause} ms later {}", serde_json::to_string(signal).unwrap())?;
        }
        Ok(())
    }
}

fn play(steps: &Steps) -> Tab {
    let mut tab = Tab::open(BTreeMap::new());
    let mut now = Timestamp::from_ms(1_772_445_600_000);
    for (pause, signal) in &steps.0 {
        now = now.plus(*pause);
        match signal {
            Some(signal) => {
                if let Some(signal) = Signal::read(signal, &Native) {
                    tab.tell(signal, now);
                }
            }
            None => {
                // The last page's journal is that of a tab that is gone.
                let mut stored = std::mem::take(&mut tab.stored);
                if let Some(journal) = stored.remove("t.own") {
                    stored.insert("t.gone".to_owned(), journal);
                }
                let (log, breaches) = (std::mem::take(&mut tab.log), std::mem::take(&mut tab.breaches));
                tab = Tab { log, breaches, ..Tab::open(stored) };
            }
        }
    }
    let last = tab.look(now);
    assert_eq!(tab.look(now), last, "looking changes nothing");
    tab.log.push(last);
    let profile = tab.fold(now);
    tab.stored.insert("v1".to_owned(), profile);
    tab
}

/// How many characters the profile has, and the largest journal.
fn sizes(tab: &Tab) -> (usize, usize) {
    let journals = tab.journals();
    let largest = journals.iter().map(|(_, text)| text.chars().count()).max();
    (tab.stored["v1"].chars().count(), largest.unwrap_or(0))
}

fn object(entries: Vec<(String, Value)>) -> Value {
    let mut object = Object::new();
    for (key, value) in entries {
        object.set(&key, value);
    }
    object.into()
}

fn text() -> impl Strategy<Value = String> {
    let known = [
        "hero",
        "strip",
        "offer",
        "label",
        "button",
        "redesign",
        "colour",
        "https://shop.example/?tb=hero:boots,offer:&offer-test=1",
        "hero:boots,offer:",
        "boots",
        "tents",
        "health",
        "letter",
        "save-cart",
        "shown",
        "accepted",
        "dismissed",
        "failed",
        "/",
        "/checkout",
        "phone",
        "category:boots",
        "local",
        "session",
        "page-0",
        "own",
        "event",
        "consent",
        "default",
        "update",
        "granted",
        "denied",
        "view_item",
        "add_to_cart",
        "remove_from_cart",
        "purchase",
        "www.google.com",
        "__proto__",
        "",
    ];
    prop_oneof![
        8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        2 => "\\PC{0,20}",
        1 => ("\\PC", 1..400_usize).prop_map(|(letter, times)| letter.repeat(times)),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        -10.0..2_000.0,
        any::<f64>(),
        prop::sample::select(vec![0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, f64::MAX, 1e15, -3.0])
    ]
}

/// Any plain data, with the keys that mean something more often than chance would have it.
fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((key(), inner), 0..6).prop_map(object),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    let known = [
        "items",
        "item_id",
        "item_category",
        "item_brand",
        "price",
        "quantity",
        "value",
        "transaction_id",
        "event",
        "ecommerce",
        "personalization_storage",
        "utm_source",
        "gclid",
        "__proto__",
        "plan",
        "interest",
        "category",
        "id",
        "tb",
    ];
    prop_oneof![8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => text()]
}

/// What a page sends that means it well.
fn event() -> impl Strategy<Value = Value> {
    let names = ["view_item", "view_item_list", "add_to_cart", "remove_from_cart", "view_cart", "purchase", "scroll"];
    let word = || prop_oneof![3 => prop::sample::select(vec!["boots", "tents", "health"]).prop_map(str::to_owned), 1 => "\\PC{1,40}"];
    let item = (word(), word(), word(), 0.0..500.0, 1..4_u32).prop_map(|(id, category, brand, price, quantity)| {
        let item = Object::new().with("item_id", id).with("item_category", category).with("item_brand", brand);
        item.with("price", price).with("quantity", quantity)
    });
    (prop::sample::select(names.to_vec()), prop::collection::vec(item, 0..5), text()).prop_map(
        |(name, items, order)| {
            let params = Object::new().with("items", items).with("transaction_id", order);
            Object::new().with("signal", "track").with("event", name).with("params", params).into()
        },
    )
}

/// Anything the engine can be told, mostly with the fields it asks for, filled with anything.
fn signal() -> impl Strategy<Value = Value> {
    let kinds: Vec<(&str, &[&str])> = vec![
        ("view", &["path", "params", "referrer", "host", "language", "device", "zone", "url"]),
        ("slots", &["slots"]),
        ("track", &["event", "params"]),
        ("dataLayer", &["entry"]),
        ("attributes", &["attributes"]),
        ("consent", &["personalize", "measure", "auto"]),
        ("restored", &["profile", "journals", "journal"]),
        ("folded", &["folded"]),
        ("visible", &["slot", "visible"]),
        ("impression", &["slot"]),
        ("activity", &[]),
        ("tab", &["visible"]),
        ("leave", &["x", "y", "width", "focused", "typing", "modal", "pressed", "private"]),
        ("prompt", &["prompt", "outcome"]),
        ("met", &["slot"]),
        ("used", &["feature", "attributes"]),
        ("forget", &["interest"]),
        ("erase", &["low", "high"]),
        ("erased", &["low", "high"]),
        ("nonsense", &["slot"]),
    ];
    let anything =
        (prop::sample::select(kinds), prop::collection::vec(tree(), 8)).prop_map(|((name, fields), values)| {
            let fields = fields.iter().zip(values).map(|(field, value)| ((*field).to_owned(), value));
            object(std::iter::once(("signal".to_owned(), Value::from(name))).chain(fields).collect())
        });
    let said = |json: &'static str| Just(serde_json::from_str::<Value>(json).unwrap());
    prop_oneof![
        4 => anything,
        4 => event(),
        1 => said(r#"{"signal": "consent", "personalize": true}"#),
        1 => said(r#"{"signal": "consent", "personalize": "session"}"#),
        1 => said(r#"{"signal": "consent", "personalize": false}"#),
        1 => said(r#"{"signal": "folded", "folded": [["page-0", 3]]}"#),
        1 => said(r#"{"signal": "slots", "slots": ["hero", "strip", "offer", "label"]}"#),
        1 => said(r#"{"signal": "view", "path": "/", "url": "https://shop.example/"}"#),
        1 => said(r#"{"signal": "used", "feature": "button"}"#),
        1 => said(r#"{"signal": "attributes", "attributes": {"id": "bela", "plan": "pro"}}"#),
        1 => said(r#"{"signal": "leave", "x": 5, "y": -1, "width": 900}"#),
        1 => tree(),
    ]
}

fn steps() -> impl Strategy<Value = Steps> {
    let pause = prop_oneof![6 => 0..10 * SECOND, 2 => 0..90 * MINUTE, 1 => -10 * SECOND..0, 1 => 0..100_000 * MINUTE];
    prop::collection::vec((pause, prop::option::weighted(0.95, signal())), 0..80).prop_map(Steps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_what_is_kept_stays_small(steps in steps()) {
        let (profile, journal) = sizes(&play(&steps));
        prop_assert!(profile < PROFILE && journal < JOURNAL, "{profile} and {journal} characters");
    }

    #[test]
    fn without_consent_nothing_is_read_or_written(steps in steps()) {
        prop_assert_eq!(play(&steps).breaches, Vec::<String>::new());
    }

    #[test]
    fn the_same_signals_have_the_same_effects(steps in steps()) {
        prop_assert_eq!(play(&steps).log, play(&steps).log);
    }

    #[test]
    fn what_another_hand_put_into_storage_does_no_harm(profile in "[\u{0}-\u{ff}]{0,300}", journal in "[\u{0}-\u{ff}]{0,300}") {
        let version = char::from(VERSION as u8);
        let stored = [("v1".to_owned(), format!("{version}{profile}")), ("t.x".to_owned(), format!("{version}{journal}"))];
        let mut tab = Tab::open(stored.into());
        let granted = Signal::read(&serde_json::from_str(r#"{"signal": "consent", "personalize": true}"#).unwrap(), &Native);
        tab.tell(granted.unwrap(), Timestamp::from_ms(0));
        prop_assert!(!tab.stored.contains_key("t.x") && tab.log.iter().any(|effect| effect.contains("Quarantine")));
    }
}

/// A busy page on which everything is as long and as varied as it may be. Consent comes last: until
/// then nothing is packed for storage, which keeps the test fast.
fn busy_page() -> Steps {
    let long = |number: u32| format!("{number:0>4}{}", "ж".repeat(116));
    let item = |number: u32| {
        let item = Object::new().with("item_id", long(number)).with("price", f64::from(number) + 0.5);
        let tags = ["category", "brand", "colour", "size", "sport", "season", "maker", "line"];
        tags.into_iter().fold(item, |item, tag| item.with(tag, long(number)))
    };
    let mut steps = Vec::new();
    for round in 0..140 {
        let items: Vec<Object> = (0..50).map(|number| item(round * 7 % 90 + number)).collect();
        let name = if round % 2 == 0 { "add_to_cart".to_owned() } else { format!("event_{round:0>34}") };
        let params = Object::new().with("items", items).with("transaction_id", f64::from(round));
        steps.push(Object::new().with("signal", "track").with("event", name).with("params", params));
        let prompt = if round % 2 == 0 { "letter" } else { "save-cart" };
        steps.push(Object::new().with("signal", "prompt").with("prompt", prompt).with("outcome", "shown"));
    }
    steps.push(Object::new().with("signal", "consent").with("personalize", true));
    Steps(steps.into_iter().map(|signal| (SECOND, Some(signal.into()))).collect())
}

static BUSY: LazyLock<(usize, usize)> = LazyLock::new(|| sizes(&play(&busy_page())));

#[test]
fn a_busy_page_does_not_fill_the_profile() {
    let (profile, _) = *BUSY;
    assert!(profile < PROFILE, "{profile} characters");
}

#[test]
fn a_busy_page_does_not_fill_the_journal() {
    let (_, journal) = *BUSY;
    assert!(journal < JOURNAL, "{journal} characters");
}

/// Engines without Web Locks, and pages left before there was time to fold, leave journals behind.
#[test]
fn however_many_journals_lie_there_each_is_counted_once() {
    let said = |json: &str| Signal::read(&serde_json::from_str(json).unwrap(), &Native).unwrap();
    let now = Timestamp::from_ms(1_772_445_600_000);
    let mut stored = BTreeMap::new();
    for page in 0..100 {
        let mut tab = Tab::open(BTreeMap::new());
        tab.tell(said(r#"{"signal": "consent", "personalize": true}"#), now);
        tab.tell(said(r#"{"signal": "view", "path": "/"}"#), now);
        stored.insert(format!("t.{page}"), tab.stored.remove("t.own").unwrap());
    }
    let mut tab = Tab::open(stored);
    let profile = tab.fold(now);
    tab.stored.insert("v1".to_owned(), profile);
    tab.tell(said(r#"{"signal": "consent", "personalize": true}"#), now);
    let profile = Value::from(tab.visit.profile(now));
    let views = profile.get("attributes").and_then(|tree| tree.get("visitor")?.get("views"));
    assert_eq!(views, Some(&Value::Number(100.0)));
}

#[test]
fn what_the_site_says_of_its_visitor_does_not_grow_without_end() {
    let mut tab = Tab::open(BTreeMap::new());
    let told = |tab: &mut Tab, round: u32| {
        let attributes = Object::new().with("cart", Object::new().with(&format!("key-{round}"), "x".repeat(1_000)));
        let signal = Object::new().with("signal", "attributes").with("attributes", attributes);
        tab.tell(Signal::read(&signal.into(), &Native).unwrap(), Timestamp::from_ms(0));
    };
    for round in 0..2_000 {
        told(&mut tab, round);
    }
    let known = tab.look(Timestamp::from_ms(0)).len();
    for round in 2_000..4_000 {
        told(&mut tab, round);
    }
    assert_eq!(tab.look(Timestamp::from_ms(0)).len(), known);
}

#[test]
fn arms_of_many_long_ids_fill_neither_the_profile_nor_the_journal() {
    let told = |number: u32| {
        let attributes = Object::new().with("id", format!("{number:0>4}{}", "x".repeat(15_000)));
        Object::new().with("signal", "used").with("feature", "colour").with("attributes", attributes)
    };
    let consent = Object::new().with("signal", "consent").with("personalize", true);
    let steps = std::iter::once(consent).chain((0..150).map(told));
    let (profile, journal) = sizes(&play(&Steps(steps.map(|signal| (SECOND, Some(signal.into()))).collect())));
    assert!(profile < PROFILE && journal < JOURNAL, "{profile} and {journal} characters");
}
