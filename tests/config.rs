//! Every fixture of `tests/config` against the reader: good ones have no problems, bad ones exactly
//! the problems they list; and what is left of a config with problems. `tests/config/schema.test.mjs` gives the same fixtures to
//! the JSON Schema.
//!
//! `UPDATE_CONFIGS=1 cargo test --test config` writes down what the reader says now.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::disallowed_types, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::value::RawValue;
use tailorbird::config::Config;
use tailorbird::value::Value;

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let folder = format!("{}/tests/config/{kind}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn lines(config: &Value) -> Vec<String> {
    Config::read(config).map_or_else(|problems| problems.lines(), |config| config.problems.lines())
}

#[test]
fn every_fixture_gets_the_verdict_it_lists() {
    let mut wrong = Vec::new();
    for path in ["good", "bad"].into_iter().flat_map(fixtures) {
        let text = fs::read_to_string(&path).unwrap();
        // In parts, so that the config is no level deeper than on its own.
        let fixture: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let found = lines(&serde_json::from_str(fixture["config"].get()).unwrap());
        let listed: Vec<String> = serde_json::from_str(fixture["problems"].get()).unwrap();
        if found == listed {
            continue;
        }
        if std::env::var_os("UPDATE_CONFIGS").is_some() {
            // Only the list is written anew: the config keeps its spelling of numbers and keys.
            let start = text.rfind("\"problems\":").unwrap();
            let rows: Vec<String> =
                found.iter().map(|line| format!("    {}", serde_json::to_string(line).unwrap())).collect();
            let list = if rows.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", rows.join(",\n")) };
            fs::write(&path, format!("{}\"problems\": {list}\n}}\n", &text[..start])).unwrap();
        } else {
            let name = path.file_name().unwrap().to_string_lossy();
            wrong.push(format!("{name}\n  listed: {listed:#?}\n  found:  {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} fixtures disagree:\n{}", wrong.len(), wrong.join("\n"));
    assert!(fixtures("good").len() >= 12 && fixtures("bad").len() >= 40);
}

#[test]
fn a_config_with_hundreds_of_problems_names_the_first_hundred() {
    let slots: Vec<String> = (0..150).map(|_| "{\"x\": 1}".to_owned()).collect();
    let config = serde_json::from_str(&format!(r#"{{"version": 1, "slots": [{}]}}"#, slots.join(","))).unwrap();
    let lines = lines(&config);
    assert_eq!(lines.len(), 101);
    assert!(lines[100].starts_with("... and "), "{}", lines[100]);
}

/// A config with these sections, read.
fn read(sections: &str) -> Config {
    let written: Value = serde_json::from_str(&format!(r#"{{"version": 1, {sections}}}"#)).unwrap();
    Config::read(&written).unwrap_or_else(|problems| panic!("{:?}", problems.lines()))
}

/// The ids of slots with those of their variants, of segments and of prompts.
fn left(config: &Config) -> String {
    let slots = config.slots.iter().map(|slot| {
        let variants: Vec<&str> = slot.selection.variants.iter().map(|variant| variant.id.as_str()).collect();
        format!("{}({})", slot.id, variants.join(" "))
    });
    let segments = config.segments.iter().map(|segment| segment.id.clone());
    let prompts = config.prompts.iter().map(|prompt| prompt.id.clone());
    slots.chain(segments).chain(prompts).collect::<Vec<_>>().join(" ")
}

const CONTENT: &str = r#"{"title": "t", "accept": "a", "decline": "d"}"#;

#[test]
fn a_file_that_is_no_config_of_this_version_is_refused() {
    for (written, problem) in [
        ("[]", "the config is an empty list, expected an object"),
        (r#"{"version": 2, "slots": []}"#, "version is 2, expected 1"),
        ("{}", "version is missing, expected 1"),
    ] {
        let problems = Config::read(&serde_json::from_str(written).unwrap()).unwrap_err();
        assert_eq!(problems.lines(), [problem]);
    }
}

#[test]
fn what_has_a_problem_is_left_out_and_the_rest_runs() {
    let cases = [
        (r#""slots": "none", "segments": [{"id": "vip", "when": {}}]"#, "vip", "a section that is no list"),
        (
            r#""slots": [{"id": "a", "choose": []}, {"id": "b", "choose": [{"by": "popular"}]}]"#,
            "b()",
            "a slot without a strategy",
        ),
        (
            r#""slots": [{"id": "a", "choose": [{"by": "popular"}], "variants": [
                {"id": "x", "content": {"html": ""}}, {"id": "y", "content": {}}, {"id": "y", "content": {}}]}]"#,
            "a(y)",
            "a variant with content that is not allowed, and a second one of the same name",
        ),
        (
            r#""slots": [{"id": "a", "choose": [{"by": "experiment"}], "variants": [
                {"id": "x", "content": {"html": ""}}, {"id": "y", "content": {}}]}]"#,
            "",
            "an experiment that could not show one of its variants",
        ),
        (
            r#""segments": [{"id": "a", "when": {"x": {"$lt": true}}}, {"id": "b", "when": {}, "priority": "1"},
                {"id": "c", "when": {}}]"#,
            "c",
            "segments",
        ),
    ];
    for (sections, expected, why) in cases {
        let config = read(sections);
        assert!(!config.problems.is_empty(), "{why}");
        assert_eq!(left(&config), expected, "{why}");
    }
    let prompts = format!(
        r#""prompts": [{{"id": "a", "on": {{"exit": "often"}}, "content": {CONTENT}}},
            {{"id": "b", "on": {{"exit": "low"}}, "content": {{}}}},
            {{"id": "c", "on": {{"exit": "low"}}, "content": {CONTENT}}}]"#
    );
    assert_eq!(left(&read(&prompts)), "c", "a trigger and a content that cannot be read");
}

#[test]
fn what_refers_to_a_segment_that_is_left_out_is_left_out_as_well() {
    let config = read(&format!(
        r#""segments": [{{"id": "bad", "when": 1}}, {{"id": "of-it", "when": {{"$not": {{"segment.bad": true}}}}}},
            {{"id": "of-that", "when": {{"$savedGroup": {{"id": "group"}}}}}}, {{"id": "good", "when": {{}}}}],
        "slots": [{{"id": "a", "choose": [{{"by": "segment"}}], "variants": [
            {{"id": "x", "segment": "bad", "content": {{}}}}, {{"id": "y", "segment": "of-that", "content": {{}}}},
            {{"id": "z", "segment": "good", "content": {{}}}}]}}],
        "prompts": [{{"id": "enters", "on": {{"enter": "of-it"}}, "content": {CONTENT}}},
            {{"id": "asks", "on": {{"exit": "low"}}, "when": {{"segment.bad": false}}, "content": {CONTENT}}},
            {{"id": "stays", "on": {{"enter": "good"}}, "content": {CONTENT}}}],
        "experiments": {{
            "savedGroups": {{"group": {{"type": "condition", "condition": {{"segment.of-it": true}}}}}},
            "features": {{"f": {{"defaultValue": 1, "rules": [
                {{"condition": {{"segment.bad": false}}, "force": 2}}, {{"force": 3}}]}}}},
            "experiments": [{{"key": "e", "condition": {{"id": {{"$notInGroup": "group"}}}}, "variations": [0, 1]}}]}}"#
    ));
    assert_eq!(config.problems.lines(), ["segments[0].when is 1, expected an object"]);
    assert_eq!(left(&config), "a(z) good stays");
    assert_eq!((config.payload.features[0].rules.len(), config.payload.experiments.len()), (1, 0));
    assert_eq!(
        config.warnings(),
        [
            "segment of-it is left out, as its condition reads a segment or an area that has a problem",
            "segment of-that is left out, as its condition reads a segment or an area that has a problem",
            "slot a: variants refer to a segment or an area that has a problem, so they are left out",
            "prompt enters is left out, as it refers to a segment or an area that has a problem",
            "prompt asks is left out, as it refers to a segment or an area that has a problem",
            "a rule of feature f is left out, as its condition reads a segment or an area that has a problem",
            "experiment e is left out, as its condition reads a segment or an area that has a problem",
        ]
    );
}

#[test]
fn what_refers_to_an_area_that_is_left_out_is_left_out_as_well() {
    let config = read(&format!(
        r#""site": {{"areas": [{{"id": "bad", "latitude": 460, "longitude": 7, "radius": 500}},
            {{"id": "good", "latitude": 46, "longitude": 7, "radius": 500}}]}},
        "segments": [{{"id": "away", "when": {{"$not": {{"geo.near.bad": true}}}}}},
            {{"id": "here", "when": {{"geo.near.good": true}}}}],
        "prompts": [{{"id": "comes", "on": {{"near": "bad"}}, "content": {CONTENT}}},
            {{"id": "asks", "on": {{"exit": "low"}}, "when": {{"geo.near.bad": false}}, "content": {CONTENT}}},
            {{"id": "leaves", "on": {{"enter": "away"}}, "content": {CONTENT}}},
            {{"id": "stays", "on": {{"near": "good"}}, "content": {CONTENT}}}]"#
    ));
    assert_eq!(config.problems.lines(), ["site.areas[0].latitude is 460, expected a number from -90 to 90"]);
    assert_eq!(left(&config), "here stays");
    assert_eq!(config.areas.len(), 1);
    assert_eq!(
        config.warnings(),
        [
            "segment away is left out, as its condition reads a segment or an area that has a problem",
            "prompt comes is left out, as it refers to a segment or an area that has a problem",
            "prompt asks is left out, as it refers to a segment or an area that has a problem",
            "prompt leaves is left out, as it refers to a segment or an area that has a problem",
        ]
    );
}

#[test]
fn a_rule_with_a_problem_takes_its_default() {
    let config = read(
        r#""site": {"sessionMinutes": 1, "holdout": 7}, "interests": {"halfLives": ["1d", "1h", "1d"], "prior": -1,
            "dimensions": ["activity", "Wrong"]}, "privacy": {"profileDays": "30", "sensitive": ["feet", 7]}"#,
    );
    let default = read(r#""site": {}"#);
    let rules = (config.rules.session_ms, config.rules.half_lives_ms, config.rules.profile_days, config.holdout);
    assert_eq!(rules, (default.rules.session_ms, default.rules.half_lives_ms, 395, 0.0));
    assert_eq!((config.rules.prior, config.rules.dimensions), (3.0, vec!["activity".to_owned()]));
    assert!(config.rules.sensitive.has_term("feet"), "whatever can be read protects");
    assert!(read(r#""privacy": {"sensitive": "feet"}"#).rules.sensitive.has_term("feet"));
}

#[test]
fn a_condition_on_an_attribute_that_nobody_fills_is_a_warning() {
    let config = read(
        r#""segments": [{"id": "a", "when": {"session.view": 1, "$or": [{"page.url": "/"}, {"plan": "pro"}]}},
            {"id": "b", "when": {"segment.c": true, "interest.colour.red": {"$gt": 0}, "visitor.events": {},
                "geo.near.berne": true, "geo.near": {"$exists": true}}}],
        "site": {"areas": [{"id": "bern", "latitude": 46.948, "longitude": 7.447, "radius": 500}]},
        "experiments": {"experiments": [{"key": "e", "condition": {"device.typ": "phone"}, "variations": [0, 1]}]}"#,
    );
    assert!(config.problems.is_empty());
    assert_eq!(
        config.warnings(),
        [
            "segment a reads session.view, which the engine does not fill; the nearest that it fills is session.views",
            "segment a reads page.url, which the engine does not fill; the nearest that it fills is page.path",
            "segment b reads segment.c, which the engine does not fill; the nearest that it fills is segment.a",
            "segment b reads interest.colour.red, which the engine does not fill; the nearest that it fills is \
             interest.category.red",
            "segment b reads geo.near.berne, which the engine does not fill; the nearest that it fills is geo.near.bern",
            "experiment e reads device.typ, which the engine does not fill; the nearest that it fills is device.class",
        ]
    );
}

#[test]
fn a_bandit_whose_context_refers_to_something_left_out_is_left_out_with_its_slot_or_prompt() {
    let bandit = r#"[{"by": "bandit", "context": {"bad": {"segment.bad": true}}}, {"by": "popular"}]"#;
    let config = read(&format!(
        r#""segments": [{{"id": "bad", "when": 1}}],
        "slots": [{{"id": "a", "goal": "purchase", "choose": {bandit}}},
            {{"id": "b", "goal": "purchase", "choose": [{{"by": "bandit"}}]}}],
        "prompts": [{{"id": "c", "on": {{"exit": "low"}}, "choose": {bandit},
            "variants": [{{"id": "x", "content": {CONTENT}}}]}}]"#
    ));
    assert_eq!(left(&config), "b()");
    let learners: Vec<&str> = config.rules.learners.iter().map(|learner| learner.owner.as_str()).collect();
    assert_eq!(learners, ["b"]);
}

#[test]
fn what_a_bandit_cannot_use_is_a_warning() {
    let config = read(
        r#""slots": [{"id": "hero", "goal": "purchase",
            "choose": [{"by": "bandit", "context": {"phone": {"device.typ": "phone"}, "boots": "interests.category.boots",
                "brand": "interest.colour.red"}}],
            "variants": [{"id": "x", "prior": {"observations": 1, "weights": {"phon": 1}, "precisions": {"phon": 1}},
                "content": {}}]},
        {"id": "strip", "choose": [{"by": "popular"}],
            "variants": [{"id": "x", "prior": {"observations": 1, "weights": {"later": 1}}, "content": {}}]}]"#,
    );
    assert!(config.problems.is_empty());
    assert_eq!(
        config.warnings(),
        [
            "feature phone of the bandit of hero reads device.typ, which the engine does not fill; the nearest that it \
             fills is device.class",
            "feature brand of the bandit of hero reads interest.colour.red, which the engine does not fill; the nearest \
             that it fills is interest.category.red",
            "variant x of slot hero: its prior names phon, which is no feature of the bandit's context",
        ],
        "a group of another name is the site's own, and so is a prior that no bandit uses"
    );
}

#[test]
fn a_visual_experiment_that_cannot_be_shown_in_full_is_left_out_with_a_warning() {
    let config: Value = serde_json::from_str(
        r#"{"version": 1, "experiments": {"experiments": [
            {"key": "safe", "variations": [{}, {"css": "a { color: red }"}]},
            {"key": "with-script", "variations": [{}, {"js": "alert(1)", "css": "a { color: red }"}]},
            {"key": "unsafe", "variations": [{"css": "a { color: red }"}, {"css": "@import '/x'"}]},
            {"key": "by-hand", "manual": true, "variations": [{}, {"css": "a { color: red }"}]},
            {"key": "redirect", "variations": [{}, {"urlRedirect": "/b"}]}]}}"#,
    )
    .unwrap();
    let config = Config::read(&config).unwrap();
    let slots: Vec<&str> = config.slots.iter().map(|slot| slot.id.as_str()).collect();
    assert_eq!(slots, ["experiment:safe", "experiment:with-script"]);
    assert_eq!(
        config.warnings(),
        [
            "experiment with-script: its js is not run; Tailorbird runs no code of a config",
            "experiment unsafe is left out: experiments.experiments[2].variations[1].css is no CSS without @import, \
             backslashes and image-set(), whose url(...) are web addresses or paths",
        ]
    );
}
