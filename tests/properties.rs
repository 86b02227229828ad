//! What holds of every visit, whatever the page, the visitor or another tab does: nothing panics,
//! what is stored stays small, and the same signals have the same effects.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::fmt;
use std::sync::LazyLock;

use proptest::prelude::*;
use tailorbird::codec::VERSION;
use tailorbird::config::Config;
use tailorbird::decision::Decision;
use tailorbird::decision::bandit::reason::BanditReason;
use tailorbird::decision::explain::Reason;
use tailorbird::engine::Engine;
use tailorbird::engine::sandbox::{Profile, SandboxPage};
use tailorbird::host::Native;
use tailorbird::number::logistic;
use tailorbird::page::{DomEvent, Effect};
use tailorbird::random::{NoiseKey, Seed};
use tailorbird::signal::Signal;
use tailorbird::time::{DAY, MINUTE, SECOND, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_simulator::{Browser, Pace, Performed, read_signal};

/// The most characters a stored profile has.
const PROFILE: usize = 50_000;
/// The most characters a stored journal has: a twentieth of what browsers give a whole site.
const JOURNAL: usize = 250_000;

/// A site that uses everything there is.
const CONFIG: &str = include_str!("properties/site.json");

/// The epoch of storage that was there before.
const EPOCH: &str = "00000000000000ee";

/// A browser with one tab, and what was done in it.
struct Visit {
    browser: Browser,
    pages: u64,
    log: Vec<String>,
    /// Whether the visitor allows to store anything, and to measure, as it was last announced.
    may_store: bool,
    may_measure: bool,
    /// What was read, written or asked for although they do not, or pushed or reported although they allow no
    /// measuring.
    breaches: Vec<String>,
}

impl Visit {
    fn new() -> Visit {
        let mut visit = Visit {
            browser: Browser::new(Pace::Immediate),
            pages: 1,
            log: Vec::new(),
            may_store: false,
            may_measure: false,
            breaches: Vec::new(),
        };
        visit.browser.open_tab(engine(), tab_id(1));
        visit
    }

    fn next_page(&mut self) {
        self.pages += 1;
        self.browser.next_page(0, engine(), tab_id(self.pages));
        (self.may_store, self.may_measure) = (false, false);
    }

    fn dispatch(&mut self, signal: Signal, now: Timestamp) {
        let asks_for_reports = signal == Signal::ReportsAsked;
        self.browser.dispatch(0, signal, now);
        self.note();
        if asks_for_reports {
            let reports = self.browser.engine(0).reports(now);
            for report in reports.items() {
                self.log.push(format!("{report:?}"));
                if !self.may_store || !self.may_measure {
                    self.breaches.push(format!("{report:?}"));
                }
            }
            self.browser.dispatch(0, Signal::Ignored, now);
            self.note();
        }
    }

    /// Time passes; a device that nobody touches sleeps.
    fn pass(&mut self, ms: i64, now: Timestamp) {
        if ms <= 10 * SECOND {
            self.browser.pass_until(now);
        } else {
            self.browser.wake_up(now);
        }
        self.note();
    }

    fn note(&mut self) {
        for Performed { effect, .. } in self.browser.take_performed() {
            self.log.push(format!("{effect:?}"));
            if let Effect::DomEvent(DomEvent::Consent, detail) = &effect {
                let personalize = detail.get("personalize");
                self.may_store = personalize == Some(&Value::Bool(true)) || personalize == Some(&"session".into());
                self.may_measure = detail.get("measure") == Some(&Value::Bool(true));
            }
            let stores = matches!(
                effect,
                Effect::Restore(_)
                    | Effect::Save(_)
                    | Effect::Append(_)
                    | Effect::SaveDecisions(_)
                    | Effect::Quarantine(_)
                    | Effect::Fold
                    | Effect::Locate
                    | Effect::Speculate(_)
            );
            let pushes = matches!(effect, Effect::DataLayerPush(_));
            if (stores && !self.may_store) || (pushes && !self.may_measure) {
                self.breaches.push(format!("{effect:?}"));
            }
        }
    }

    /// Looks at everything there is to see; that changes nothing.
    fn look(&mut self, now: Timestamp) -> String {
        let engine = self.browser.engine(0);
        let slots = ["hero", "strip", "offer", "label", "nowhere"];
        let decisions = slots.map(|slot| engine.peek(slot, now));
        decisions.iter().flatten().for_each(adds_up);
        let seen = slots.map(|slot| format!("{:?} {:?}", engine.peek(slot, now), engine.explain(slot, now)));
        let features = ["button", "redesign", "colour", "nothing"].map(|key| engine.feature(key, &Object::new(), now));
        let inspection = engine.inspect(now);
        is_explained(&inspection);
        format!("{seen:?} {features:?} {:?} {:?} {inspection:?}", engine.profile(now), engine.export(now))
    }

    /// Does everything that can be done in a sandbox of this page, and looks at it.
    fn try_out(&mut self, profile: Profile, ms: i64, now: Timestamp) {
        let engine = self.browser.engine(0);
        let known = |engine: &Engine| (engine.fold(None, now).profile, engine.report());
        let before = known(engine);
        let mut sandbox = engine.sandbox(profile, Box::new(Native), now);
        let item = Object::new().with("item_id", "b-7").with("item_category", "boots").with("price", 129.0);
        sandbox.track("view_item", &Object::new().with("items", vec![item]).into(), now);
        sandbox.attributes(Object::new().with("plan", "pro"), now);
        sandbox.correct("category", "boots", 0.5, now);
        sandbox.force("returning", Some(true), now);
        sandbox.advance(ms, now);
        let page = SandboxPage { address: Some("/boots?utm_source=news".to_owned()), ..SandboxPage::default() };
        sandbox.page_view(&page, now.plus(SECOND));
        let inspection = sandbox.inspect(now.plus(SECOND));
        is_explained(&inspection);
        // As text: a number may be none.
        let again = format!("{:?}", sandbox.inspect(now.plus(SECOND)));
        assert!(format!("{inspection:?}") == again, "looking changes nothing");
        assert!(known(self.browser.engine(0)) == before, "nothing of it is the visitor's");
    }

    /// How many characters the profile takes, and the largest journal.
    fn sizes(&mut self, now: Timestamp) -> (usize, usize) {
        let areas = [self.browser.local(), self.browser.session(0)];
        let texts = areas.into_iter().flat_map(|area| area.texts());
        let journals = texts.filter(|(key, _)| key.starts_with("tailorbird.t."));
        let largest = journals.map(|(_, text)| text.chars().count()).max();
        (self.browser.export(0, now).chars().count(), largest.unwrap_or(0))
    }
}

/// What is inspected says why: of each segment that the visitor is not in which comparison failed; of each prompt which gate
/// is closed, because one with open gates is shown, and then may not be shown again; and of each slot the strategy that
/// decides as the slot does.
fn is_explained(inspection: &Object) {
    let json = serde_json::to_string(inspection).unwrap();
    let inspection = Value::from(inspection.clone());
    for segment in inspection.at("segments").items() {
        assert!(segment.at("in").is_true() || segment.at("failed").as_object().is_some(), "{segment:?}");
    }
    for prompt in inspection.at("prompts").items() {
        let is_closed = |gate: &Value| !gate.at("open").is_true();
        assert!(prompt.at("gates").items().iter().any(is_closed), "nothing speaks against it: {prompt:?}");
    }
    for slot in inspection.at("slots").items() {
        let (by, decision) = (slot.at("strategies").items(), slot.at("explanation"));
        let is_own = |strategy: &Value| strategy.at("variant") == decision.at("variant");
        let is_held =
            slot.at("reasons").items().iter().any(|reason| ["preview", "booted"].contains(&reason.at("code").text()));
        let may_differ = is_held || *decision.at("variant") == Value::Null;
        assert!(may_differ || by.iter().any(is_own), "{json}");
    }
}

/// What a decision says of itself is so: it had a chance, and what a bandit adds up is its score.
fn adds_up(decision: &Decision) {
    assert!(decision.propensity > 0.0 && decision.propensity <= 1.0, "{decision:?}");
    for reason in &decision.reasons {
        if let Reason::Bandit(BanditReason::Chosen(chosen)) = reason
            && !chosen.contributions.is_empty()
        {
            let log_odds: f64 = chosen.contributions.iter().map(|(_, part)| part).sum();
            assert!((logistic(log_odds) - decision.score).abs() < 1e-12, "{decision:?}");
        }
    }
}

fn engine() -> Engine {
    let config = Config::read(&serde_json::from_str(CONFIG).unwrap());
    let config = config.unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
    assert_eq!(config.problems.lines(), Vec::<String>::new());
    Engine::new(config, Seed(7), Box::new(Native)).with_noise_key(NoiseKey(7, 7))
}

fn tab_id(page: u64) -> String {
    format!("{page:016x}")
}

fn signal_of(json: &str) -> Signal {
    read_signal(&serde_json::from_str(json).unwrap(), &Native).unwrap()
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

fn play(steps: &Steps) -> (Visit, Timestamp) {
    let mut visit = Visit::new();
    let mut now = Timestamp::from_ms(1_772_445_600_000);
    for (pause, signal) in &steps.0 {
        now = now.plus(*pause);
        visit.pass(*pause, now);
        match signal {
            Some(signal) => {
                if let Some(signal) = read_signal(signal, &Native) {
                    visit.dispatch(signal, now);
                }
            }
            None => visit.next_page(),
        }
    }
    let last = visit.look(now);
    assert_eq!(visit.look(now), last, "looking changes nothing");
    visit.log.push(last);
    (visit, now)
}

fn sizes(steps: &Steps) -> (usize, usize) {
    let (mut visit, now) = play(steps);
    visit.sizes(now)
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
        "pickup",
        "come-back",
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
        "@type",
        "@id",
        "@graph",
        "sku",
        "offers",
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

/// Anything the engine can receive, mostly with the fields it asks for, filled with anything.
fn signal() -> impl Strategy<Value = Value> {
    let kinds: Vec<(&str, &[&str])> = vec![
        ("view", &["path", "params", "referrer", "host", "language", "device", "zone", "url"]),
        ("ready", &[]),
        ("parsed", &["sensitive"]),
        ("timer", &[]),
        ("slots", &["slots"]),
        ("slot-applied", &["slot", "variant"]),
        ("slot-not-applied", &["slot", "variant", "reason"]),
        ("track", &["event", "params"]),
        ("data-layer", &["entry"]),
        ("segment", &["arguments"]),
        ("markup", &["jsonLd"]),
        ("scroll", &["depth"]),
        ("click", &["x", "y", "control", "selects", "host", "path", "download"]),
        ("video", &["step"]),
        ("form", &["number", "id", "submit"]),
        ("attributes", &["attributes"]),
        ("geo", &["country", "confidence"]),
        ("position", &["latitude", "longitude", "accuracy"]),
        ("notifications", &["shown"]),
        ("consent", &["personalize", "measure", "auto", "source", "silent"]),
        ("restored", &["profile", "journals", "tab"]),
        ("folded", &["folded"]),
        ("visible", &["slot", "visible"]),
        ("impression", &["slot"]),
        ("activity", &["depth"]),
        ("tab", &["visible"]),
        ("exit", &["x", "y", "width", "height", "straight", "focused", "typing", "modal", "pressed", "private"]),
        ("scrolled-up", &[]),
        ("product-copied", &[]),
        ("call", &["prompt"]),
        ("element-visible", &["prompt"]),
        ("prompt", &["prompt", "outcome"]),
        ("answer", &["prompt", "answer"]),
        ("decide", &["slot"]),
        ("use", &["feature", "attributes"]),
        ("reports", &[]),
        ("forget", &["interest"]),
        ("correct", &["interest", "share"]),
        ("pause", &["paused"]),
        ("erase", &["seed"]),
        ("erased-elsewhere", &["seed"]),
        ("withdrawn-elsewhere", &["seed"]),
        ("nonsense", &["slot"]),
    ];
    let anything =
        (prop::sample::select(kinds), prop::collection::vec(tree(), 8)).prop_map(|((name, fields), values)| {
            let fields = fields.iter().zip(values).map(|(field, value)| ((*field).to_owned(), value));
            object(std::iter::once(("signal".to_owned(), Value::from(name))).chain(fields).collect())
        });
    let signal = |json: &'static str| Just(serde_json::from_str::<Value>(json).unwrap());
    prop_oneof![
        4 => anything,
        4 => event(),
        1 => signal(r#"{"signal": "consent", "personalize": true, "measure": true}"#),
        1 => signal(r#"{"signal": "consent", "personalize": "session"}"#),
        1 => signal(r#"{"signal": "consent", "personalize": false}"#),
        1 => signal(r#"{"signal": "correct", "interest": "category:boots", "share": 0.3}"#),
        1 => signal(r#"{"signal": "pause", "paused": true}"#),
        1 => signal(r#"{"signal": "pause", "paused": false}"#),
        1 => signal(r#"{"signal": "folded", "folded": [["0000000000000001", 3]]}"#),
        1 => signal(r#"{"signal": "slots", "slots": ["hero", "strip", "offer", "label"]}"#),
        1 => signal(r#"{"signal": "view", "path": "/", "url": "https://shop.example/"}"#),
        1 => signal(r#"{"signal": "use", "feature": "button"}"#),
        1 => signal(r#"{"signal": "use", "feature": "colour"}"#),
        1 => signal(r#"{"signal": "reports"}"#),
        1 => signal(r#"{"signal": "position", "latitude": 46.948, "longitude": 7.447, "accuracy": 20}"#),
        1 => signal(r#"{"signal": "position", "latitude": 0, "longitude": 0, "accuracy": 20}"#),
        1 => signal(r#"{"signal": "notifications", "shown": true}"#),
        1 => signal(r#"{"signal": "markup", "jsonLd": [{"@type": "Product", "sku": "b-7", "category": "boots"}]}"#),
        1 => signal(r#"{"signal": "segment", "arguments": ["Product Viewed", {"sku": "b-7", "category": "health"}]}"#),
        1 => signal(r#"{"signal": "form", "number": 1, "id": "letter"}"#),
        1 => signal(r#"{"signal": "scroll", "depth": 95}"#),
        1 => signal(r#"{"signal": "attributes", "attributes": {"id": "bela", "plan": "pro"}}"#),
        1 => signal(r#"{"signal": "exit", "x": 5, "y": -1, "width": 900}"#),
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
    fn nothing_panics_and_what_is_stored_stays_small(steps in steps()) {
        let (profile, journal) = sizes(&steps);
        prop_assert!(profile < PROFILE && journal < JOURNAL, "{profile} and {journal} characters");
    }

    #[test]
    fn without_consent_nothing_is_read_or_written(steps in steps()) {
        prop_assert_eq!(play(&steps).0.breaches, Vec::<String>::new());
    }

    #[test]
    fn the_same_signals_have_the_same_effects(steps in steps()) {
        prop_assert_eq!(play(&steps).0.log, play(&steps).0.log);
    }

    #[test]
    fn nothing_that_is_tried_out_in_a_sandbox_comes_back(steps in steps(), copies: bool, ms in 0..400 * DAY) {
        let (mut visit, now) = play(&steps);
        visit.try_out(if copies { Profile::Copy } else { Profile::Empty }, ms, now);
    }

    #[test]
    fn what_another_script_put_into_storage_does_no_harm(profile in "[\u{0}-\u{ff}]{0,300}", journal in "[\u{0}-\u{ff}]{0,300}") {
        let version = char::from(VERSION as u8);
        let journal_key = format!("tailorbird.t.{}", tab_id(99));
        let mut visit = Visit::new();
        let local = visit.browser.local();
        local.put("tailorbird.e", EPOCH);
        local.put("tailorbird.v1", &format!("{EPOCH}{version}{profile}"));
        local.put(&journal_key, &format!("{EPOCH}{version}{journal}"));
        visit.dispatch(signal_of(GRANTED), Timestamp::from_ms(0));
        prop_assert!(!visit.browser.local().texts().contains_key(&journal_key));
        prop_assert!(visit.log.iter().any(|effect| effect.contains("Quarantine")));
    }
}

const GRANTED: &str = r#"{"signal": "consent", "personalize": true}"#;

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

static BUSY: LazyLock<(usize, usize)> = LazyLock::new(|| sizes(&busy_page()));

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

/// Pages that are left before there was time to fold leave journals behind.
#[test]
fn however_many_journals_there_are_each_is_counted_once() {
    let now = Timestamp::from_ms(1_772_445_600_000);
    let mut browser = Browser::new(Pace::Stepped);
    for page in 0..100 {
        let tab = browser.open_tab(engine(), tab_id(page));
        browser.dispatch(tab, signal_of(GRANTED), now);
        browser.dispatch(tab, signal_of(r#"{"signal": "view", "path": "/"}"#), now);
        browser.kill(tab);
    }
    let tab = browser.open_tab(engine(), tab_id(100));
    browser.dispatch(tab, signal_of(GRANTED), now);
    let views = |browser: &mut Browser| {
        let profile = Value::from(browser.engine(tab).profile(now));
        profile.get("attributes").and_then(|tree| tree.get("visitor")?.get("views")).cloned()
    };
    assert_eq!(views(&mut browser), Some(Value::Number(100.0)));
    browser.rest(now);
    assert_eq!(views(&mut browser), Some(Value::Number(100.0)), "and folded");
}

#[test]
fn what_the_site_states_of_its_visitor_does_not_grow_without_end() {
    let mut engine = engine();
    let state = |engine: &mut Engine, round: u32| {
        let attributes = Object::new().with("cart", Object::new().with(&format!("key-{round}"), "x".repeat(1_000)));
        engine.dispatch(Signal::Attributes(attributes), Timestamp::from_ms(0));
    };
    for round in 0..2_000 {
        state(&mut engine, round);
    }
    let known = engine.profile(Timestamp::from_ms(0)).size();
    for round in 2_000..4_000 {
        state(&mut engine, round);
    }
    assert_eq!(engine.profile(Timestamp::from_ms(0)).size(), known);
}

#[test]
fn variations_of_many_long_ids_fill_neither_the_profile_nor_the_journal() {
    let used = |number: u32| {
        let attributes = Object::new().with("id", format!("{number:0>4}{}", "x".repeat(15_000)));
        Object::new().with("signal", "use").with("feature", "colour").with("attributes", attributes)
    };
    let consent = Object::new().with("signal", "consent").with("personalize", true);
    let steps = std::iter::once(consent).chain((0..150).map(used));
    let (profile, journal) = sizes(&Steps(steps.map(|signal| (SECOND, Some(signal.into()))).collect()));
    assert!(profile < PROFILE && journal < JOURNAL, "{profile} and {journal} characters");
}
