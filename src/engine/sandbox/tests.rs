use super::*;
use crate::config::Config;
use crate::host::Native;
use crate::random::Seed;
use crate::signal::preview::Preview;
use crate::time::{DAY, HOUR, SECOND};

/// Monday, 2 March 2026, 10:00 in universal time.
const NOW: i64 = 1_772_445_600_000;

const CONFIG: &str = r#"{"version": 1, "interests": {"prior": 0},
    "segments": [
        {"id": "hikers", "when": {"interest.category.boots": {"$gte": 0.5}}},
        {"id": "loyal", "when": {"session.views": {"$gte": 3}}},
        {"id": "phones", "when": {"device.class": "phone"}},
        {"id": "readers", "when": {"campaign.source": "news"}},
        {"id": "regulars", "when": {"visitor.sessions": {"$gte": 2}}}],
    "slots": [{"id": "hero", "goal": "purchase", "choose": [{"by": "segment"}, {"by": "popular"}], "variants": [
        {"id": "boots", "segment": "hikers", "content": {"text": {"": "a"}}},
        {"id": "club", "segment": "loyal", "content": {"text": {"": "b"}}},
        {"id": "all", "weight": 1, "content": {"text": {"": "c"}}}]}],
    "prompts": [{"id": "letter", "on": {"engaged": "10s"}, "content":
        {"title": "A letter?", "accept": "Yes", "decline": "No"}}]}"#;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(NOW + ms)
}

fn page(path: &str, device: &str) -> Signal {
    let report = Object::new()
        .with("path", path)
        .with("url", format!("https://shop.example{path}"))
        .with("host", "shop.example")
        .with("device", device);
    Signal::PageView(PageContext::read(&report.into()))
}

fn viewed(category: &str) -> Value {
    let item = Object::new().with("item_id", category).with("item_category", category).with("price", 20.0);
    Object::new().with("items", vec![item]).into()
}

/// The engine of a visitor who has not said what they consent to.
fn engine() -> Engine {
    let config = Config::read(&serde_json::from_str(CONFIG).unwrap()).unwrap();
    assert!(config.problems.lines().is_empty(), "{:?}", config.problems.lines());
    let mut engine = Engine::new(config, Seed(7), Box::new(Native));
    for signal in [Signal::Ready, page("/", "desktop"), Signal::SlotsPresent(vec!["hero".to_owned()])] {
        engine.dispatch(signal, at(0));
    }
    engine
}

fn sandbox(engine: &Engine, profile: Profile) -> Sandbox {
    engine.sandbox(profile, Box::new(Native), at(0))
}

fn found(inspection: &Object, path: &str) -> serde_json::Value {
    let json = serde_json::to_value(inspection).unwrap();
    json.pointer(path).cloned().unwrap_or_else(|| panic!("{path} is not in {json}"))
}

fn shown(sandbox: &mut Sandbox) -> serde_json::Value {
    found(&sandbox.inspect(at(0)), "/slots/0/shown")
}

/// The ids of the segments that the visitor is in.
fn segments(sandbox: &mut Sandbox) -> Vec<String> {
    let inspection = sandbox.inspect(at(0));
    let segments = inspection.get("segments").unwrap().items().to_vec();
    segments.iter().filter(|one| one.at("in").is_true()).map(|one| one.at("segment").text().to_owned()).collect()
}

/// The gates of the prompt that are closed.
fn closed(sandbox: &mut Sandbox) -> Vec<String> {
    let inspection = sandbox.inspect(at(0));
    let gates = inspection.get("prompts").unwrap().items()[0].at("gates").items().to_vec();
    gates.iter().filter(|gate| !gate.at("open").is_true()).map(|gate| gate.at("gate").text().to_owned()).collect()
}

#[test]
fn what_is_shown_follows_what_happens_in_it() {
    let mut sandbox = sandbox(&engine(), Profile::Copy);
    assert_eq!(shown(&mut sandbox), "all");
    sandbox.track("view_item", &viewed("boots"), at(0));
    assert_eq!(shown(&mut sandbox), "boots");
    sandbox.correct("category", "boots", 0.1, at(0));
    sandbox.track("view_item", &viewed("tents"), at(0));
    assert_eq!(shown(&mut sandbox), "all", "the visitor has corrected the interest");
}

#[test]
fn a_copy_knows_what_the_visitor_did_and_an_empty_one_nothing() {
    let mut engine = engine();
    engine.dispatch(Signal::Event(Event::read("view_item", &viewed("boots"), &Native).unwrap()), at(0));
    engine.dispatch(Signal::Attributes(Object::new().with("plan", "pro")), at(0));
    let mut copy = sandbox(&engine, Profile::Copy);
    let (of_engine, of_copy) = (engine.inspect(at(0)), copy.inspect(at(0)));
    for part in ["interests", "attributes", "segments", "slots"] {
        // The page shows what it did; in the sandbox nobody looks, so that the slot has followed.
        let part = if part == "slots" { "slots/0/explanation/variant" } else { part };
        assert_eq!(found(&of_engine, &format!("/{part}")), found(&of_copy, &format!("/{part}")), "{part}");
    }
    let names = |inspection: &Object| -> Vec<String> {
        let events = inspection.get("timeline").unwrap().items().to_vec();
        events.iter().map(|event| event.at("name").text().to_owned()).collect()
    };
    assert_eq!(names(&of_engine)[..2], ["page_view", "view_item"]);
    assert_eq!(names(&of_copy)[..2], ["page_view", "view_item"]);
    let mut empty = sandbox(&engine, Profile::Empty);
    assert_eq!(shown(&mut empty), "all");
    let of_empty = empty.inspect(at(0));
    assert_eq!(found(&of_empty, "/attributes/plan"), "pro", "what the site says stands");
    assert_eq!(found(&of_empty, "/attributes/session/views"), 1.0);
    assert_eq!(found(&of_empty, "/interests"), serde_json::json!({}));
}

#[test]
fn whoever_is_forced_into_a_segment_is_treated_so_until_its_condition_is_asked_again() {
    let mut sandbox = sandbox(&engine(), Profile::Copy);
    for (is_in, expected) in [(Some(true), "club"), (Some(false), "all"), (Some(true), "club"), (None, "all")] {
        sandbox.force("loyal", is_in, at(0));
        assert_eq!(shown(&mut sandbox), expected, "{is_in:?}");
    }
}

#[test]
fn what_is_previewed_on_the_page_is_not_what_it_decides() {
    let mut engine = engine();
    let variant = Some("club".to_owned());
    engine.dispatch(Signal::Previews(vec![Preview::Slot { slot: "hero".to_owned(), variant }]), at(0));
    // In a hidden tab it waits.
    engine.dispatch(Signal::TabVisible(false), at(0));
    engine.dispatch(Signal::PromptPreviewed("letter".to_owned(), None), at(0));
    assert_eq!(found(&engine.inspect(at(0)), "/slots/0/explanation/variant"), "club");
    let mut sandbox = sandbox(&engine, Profile::Copy);
    sandbox.engine.dispatch(Signal::TabVisible(true), at(0));
    let inspection = sandbox.inspect(at(0));
    assert_eq!(found(&inspection, "/slots/0/shown"), "all");
    assert_eq!(found(&inspection, "/previews"), serde_json::json!([]));
    assert_eq!(found(&inspection, "/prompts/0/open"), false);
}

#[test]
fn time_passes_in_it_and_what_is_due_by_then_happens() {
    let mut sandbox = sandbox(&engine(), Profile::Copy);
    assert!(closed(&mut sandbox).contains(&"page-age".to_owned()), "{:?}", closed(&mut sandbox));
    sandbox.advance(20 * SECOND, at(0));
    let inspection = sandbox.inspect(at(0));
    assert_eq!(found(&inspection, "/at"), serde_json::json!((NOW + 20_000) as f64));
    // The visitor was engaged for 10 seconds on the way: the prompt became due, and was shown.
    assert_eq!(found(&inspection, "/prompts/0/open"), true);
    let gates = inspection.get("prompts").unwrap().items()[0].at("gates").items().to_vec();
    let per_day = gates.iter().find(|gate| gate.at("gate").text() == "per-day").unwrap();
    assert_eq!((per_day.at("open").is_true(), per_day.at("left").number()), (false, 0.0));
    assert_eq!(segments(&mut sandbox), Vec::<String>::new());
    sandbox.advance(DAY, at(0));
    sandbox.page_view(&SandboxPage::default(), at(0));
    assert_eq!(segments(&mut sandbox), ["regulars"], "a returning visitor");
    sandbox.advance(-HOUR, at(0));
    assert_eq!(found(&sandbox.inspect(at(0)), "/at"), serde_json::json!((NOW + 20_000 + DAY) as f64), "never back");
}

#[test]
fn another_page_view_differs_where_that_is_said() {
    let mut sandbox = sandbox(&engine(), Profile::Copy);
    let text = |text: &str| Some(text.to_owned());
    sandbox.page_view(&SandboxPage { device: text("phone"), ..SandboxPage::default() }, at(0));
    assert_eq!(segments(&mut sandbox), ["phones"]);
    let newsletter = SandboxPage {
        address: text("/boots?utm_source=news"),
        referrer: text("https://www.bing.com/search"),
        ..SandboxPage::default()
    };
    sandbox.page_view(&newsletter, at(0));
    assert_eq!(segments(&mut sandbox), ["loyal", "phones", "readers"], "the device stays");
    let inspection = sandbox.inspect(at(0));
    assert_eq!(found(&inspection, "/attributes/page/path"), "/boots");
    assert_eq!(found(&inspection, "/attributes/page/referrer"), "search");
}

#[test]
fn nothing_of_it_reaches_the_engine_it_was_made_of() {
    let engine = engine();
    let known = |engine: &Engine| (engine.fold(None, at(DAY)), engine.report());
    let before = known(&engine);
    let mut sandbox = sandbox(&engine, Profile::Copy);
    sandbox.track("purchase", &viewed("boots"), at(0));
    sandbox.force("loyal", Some(true), at(0));
    sandbox.attributes(Object::new().with("plan", "pro"), at(0));
    sandbox.page_view(&SandboxPage::default(), at(0));
    sandbox.advance(7 * DAY, at(0));
    sandbox.inspect(at(0));
    assert_eq!(known(&engine), before);
}

#[test]
fn a_timer_of_every_second_rings_in_time_at_first_and_few_times_in_a_year() {
    let (start, mut now, mut rung) = (at(0), at(0), 0);
    while now < start.plus(365 * DAY) {
        let due = now.plus(SECOND);
        now = rung_at(due, now, start);
        rung += 1;
        let late_ms = now.since(due);
        assert!(late_ms == 0 || now.since(start) > 16 * SECOND, "{late_ms} ms late at first");
        assert!(late_ms * 16 <= now.since(start), "{late_ms} ms late");
    }
    assert!((200..300).contains(&rung), "{rung} times");
}
