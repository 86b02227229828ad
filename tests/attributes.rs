//! The described attributes against those that the engine makes: every path that it fills is
//! described, with the right type and range, and everything described is filled.
//!
//! `UPDATE_DOCS=1 cargo test --test attributes` writes `docs/attributes.md`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::fs;

use serde_json::json;
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::profile::attributes::described::{Attribute, DESCRIBED, page};
use tailorbird::profile::attributes::paths::PATHS;
use tailorbird::random::Seed;
use tailorbird::time::{DAY, MINUTE, SECOND, Timestamp};
use tailorbird::value::Value;
use tailorbird_simulator::read_signal;

/// Monday, 2 March 2026, 10:00 in universal time.
const START: i64 = 1_772_445_600_000;

fn tree(written: &serde_json::Value) -> Value {
    serde_json::from_str(&written.to_string()).unwrap()
}

/// The attributes of a visitor of some weeks, at several times: the first before anything happened.
fn moments() -> Vec<Value> {
    let config = json!({
        "version": 1,
        "site": {"areas": [{"id": "bern", "latitude": 46.948, "longitude": 7.447, "radius": 500}]},
        "interests": {
            "dimensions": ["category", "price_band"],
            "base": {"category": {"maps": 0.1}},
            "priceBands": [100, 200]
        },
        "value": {
            "bgnbd": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
            "gammaGamma": {"p": 6.25, "q": 3.74, "v": 15.44}
        },
        "segments": [
            {"id": "keen", "when": {"count.view_item.7d": {"$gte": 2}}},
            {"id": "hikers", "when": {"count.view_item.category.boots.24h": 1}},
        ],
        "prompts": [{"id": "width", "on": {"call": true}, "content": {
            "title": "How wide are your feet?", "ask": {"choices": [{"id": "wide", "label": "Wide"}]}, "decline": "Not now"}}]
    });
    let config = Config::read(&tree(&config)).unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
    let mut visit = Engine::new(config, Seed(1), Box::new(Native));
    let boots = json!([{"item_id": "b-7", "item_category": "boots", "price": 129}]);
    let signals = json!([
        [0, {"signal": "consent", "personalize": true}],
        [0, {"signal": "restored", "tab": "a"}],
        [1, {"signal": "view", "path": "/boots", "device": "phone", "language": "de-CH", "zone": 60, "params": {
            "utm_source": "news", "utm_medium": "email", "utm_campaign": "spring", "utm_term": "boots",
            "utm_content": "top", "utm_id": "7", "gclid": "1"}}],
        [2, {"signal": "geo", "country": "CH", "confidence": 0.9}],
        [2, {"signal": "position", "latitude": 46.948, "longitude": 7.447, "accuracy": 20}],
        [3, {"signal": "track", "event": "view_item", "params": {"items": boots}}],
        [9, {"signal": "activity", "depth": 60}],
        [9, {"signal": "answer", "prompt": "width", "answer": "wide"}],
        [10, {"signal": "tab", "visible": false}],
        [20, {"signal": "track", "event": "purchase", "params": {"transaction_id": "A-1", "value": 129, "items": boots}}],
        [14 * 86_400, {"signal": "view", "path": "/"}],
        [14 * 86_400, {"signal": "track", "event": "purchase", "params": {"transaction_id": "A-2", "value": 40}}],
        [20 * 86_400, {"signal": "view", "path": "/boots", "referrer": "www.bing.com", "params": {"utm_source": "news",
            "utm_medium": "email", "utm_campaign": "spring", "utm_term": "boots", "utm_content": "top", "utm_id": "7",
            "gclid": "1"}}],
        [20 * 86_400 + 5, {"signal": "track", "event": "view_item", "params": {"items": boots}}],
        [20 * 86_400 + 6, {"signal": "track", "event": "add_to_cart", "params": {"items": boots}}],
    ]);
    let mut moments = Vec::new();
    let mut last = Timestamp::from_ms(START);
    let mut look =
        |visit: &mut Engine, at: Timestamp| moments.push(visit.profile(at).get("attributes").unwrap().clone());
    look(&mut visit, last);
    for pair in signals.as_array().unwrap() {
        last = Timestamp::from_ms(START + pair[0].as_i64().unwrap() * SECOND);
        let signal = read_signal(&tree(&pair[1]), &Native).unwrap_or_else(|| panic!("{pair} is no signal"));
        visit.dispatch(signal, last);
        look(&mut visit, last);
    }
    for later in [MINUTE, 9 * 60 * MINUTE, 3 * DAY, 300 * DAY] {
        look(&mut visit, last.plus(later));
    }
    moments
}

/// Everything that is no object, with the steps that lead there.
fn leaves<'a>(value: &'a Value, steps: &[&'a str], found: &mut Vec<(Vec<&'a str>, &'a Value)>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, below)| leaves(below, &[steps, &[key]].concat(), found)),
        leaf => found.push((steps.to_vec(), leaf)),
    }
}

fn described() -> impl Iterator<Item = &'static Attribute> {
    DESCRIBED.iter().flat_map(|group| group.attributes)
}

/// What is wrong with a value, by what is said of it.
fn offence(attribute: &Attribute, value: &Value) -> Option<String> {
    let Attribute { path, kind, range, .. } = attribute;
    let right = match value {
        Value::Null => kind.ends_with(" or null"),
        Value::Bool(_) => *kind == "true or false",
        Value::Text(text) => {
            let words: Vec<&str> =
                range.split(", ").filter_map(|word| word.strip_prefix('`')?.strip_suffix('`')).collect();
            ["text", "text or number"].contains(kind)
                && (text.is_empty() || words.is_empty() || words.contains(&text.as_str()))
        }
        Value::List(items) => *kind == "texts" && items.iter().all(|item| item.as_text().is_some()),
        Value::Number(number) => {
            let (least, most) = match range.split(", ").next().and_then(|range| range.split_once(" to ")) {
                Some((least, most)) => (least.parse().unwrap(), most.parse().unwrap()),
                None if range.contains("from 1") => (1.0, f64::MAX),
                None => (0.0, f64::MAX),
            };
            (kind.starts_with("number") || *kind == "text or number") && (least..=most).contains(number)
        }
        _ => false,
    };
    (!right).then(|| format!("{path} is {value:?}, which is not {kind}: {range}"))
}

#[test]
fn every_attribute_is_described_and_every_description_is_of_one() {
    let moments = moments();
    let (mut met, mut offences) = (Vec::new(), Vec::new());
    for moment in &moments {
        let mut found = Vec::new();
        leaves(moment, &[], &mut found);
        for (steps, value) in found {
            match described().filter(|attribute| attribute.is_at(&steps)).collect::<Vec<_>>()[..] {
                [attribute] => {
                    offences.extend(offence(attribute, value));
                    if *value != Value::Null {
                        met.push(attribute.path);
                    }
                }
                [] => offences.push(format!("{} is not described", steps.join("."))),
                _ => offences.push(format!("{} is described more than once", steps.join("."))),
            }
        }
    }
    for attribute in described().filter(|attribute| !met.contains(&attribute.path)) {
        offences.push(format!("{} is described and never known", attribute.path));
    }
    offences.sort();
    offences.dedup();
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn an_attribute_stands_below_its_group_and_is_explained_in_a_sentence() {
    for group in &DESCRIBED {
        for Attribute { path, meaning, .. } in group.attributes {
            assert_eq!(path.split('.').next(), Some(group.name));
            assert!(meaning.ends_with('.') && meaning.len() > 8, "{path}");
        }
    }
}

#[test]
fn the_paths_that_configs_are_checked_against_are_those_described() {
    let described: Vec<&str> =
        described().map(|attribute| attribute.path).filter(|path| !path.starts_with("segment.")).collect();
    let known: Vec<&str> = PATHS.into_iter().filter(|path| !path.starts_with("segment.")).collect();
    assert_eq!(described, known);
}

#[test]
fn what_is_wrong_is_noticed() {
    let share = Attribute { path: "a.KEY", kind: "number", range: "0 to 1, share", meaning: "" };
    assert!(share.is_at(&["a", "b.c"]) && !share.is_at(&["a"]) && !share.is_at(&["b", "c"]));
    for (value, right) in
        [(Value::Number(1.0), true), (Value::Number(1.5), false), (Value::Null, false), ("1".into(), false)]
    {
        assert_eq!(offence(&share, &value).is_none(), right, "{value:?}");
    }
    let word = Attribute { path: "a", kind: "text", range: "`b`, `at risk`", meaning: "" };
    for (text, right) in [("b", true), ("at risk", true), ("risk", false)] {
        assert_eq!(offence(&word, &text.into()).is_none(), right, "{text}");
    }
}

#[test]
fn the_page_in_docs_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/attributes.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
        fs::write(path, page()).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page(), "docs/attributes.md is not current: UPDATE_DOCS=1 cargo test --test attributes");
}
