//! `tailorbird replay --log` from outside: what a config would have got.

use std::fs;

use serde_json::{Value, json};

use crate::{Ran, file, tailorbird};

/// Interests in two categories with a holdout, and an experiment with three in four visitors.
const CONFIG: &str = r#"{
  "version": 1,
  "interests": { "dimensions": ["category"], "prior": 0 },
  "experiments": { "experiments": [
    { "key": "note", "variations": ["short", "long"], "weights": [0.25, 0.75], "coverage": 0.75 }
  ] },
  "slots": [
    { "id": "hero", "goal": "purchase", "holdout": 0.25,
      "choose": [{ "by": "interest", "min": 0.6, "events": 3 }, { "by": "popular" }],
      "variants": [
        { "id": "boots", "tags": { "category": "boots" }, "content": { "text": { "": "Boots" } } },
        { "id": "tents", "tags": { "category": "tents" }, "weight": 0.5, "content": { "text": { "": "Tents" } } }
      ] },
    { "id": "note", "choose": [{ "by": "experiment" }],
      "variants": [
        { "id": "short", "content": { "text": { "": "Hi" } } },
        { "id": "long", "content": { "text": { "": "Hello there" } } }
      ] }
  ]
}"#;

/// The same without chance.
const SURE: &str = r#"{
  "version": 1,
  "interests": { "dimensions": ["category"], "prior": 0 },
  "slots": [
    { "id": "hero", "choose": [{ "by": "interest", "min": 0.6, "events": 3 }],
      "variants": [
        { "id": "boots", "tags": { "category": "boots" }, "content": { "text": { "": "Boots" } } },
        { "id": "tents", "tags": { "category": "tents" }, "content": { "text": { "": "Tents" } } }
      ] }
  ]
}"#;

/// As many visitors, of whom each second one looks at boots three times and the others at tents, ten seconds apart.
fn sessions(visitors: u32) -> String {
    let views = |visitor: u32| {
        let category = if visitor.is_multiple_of(2) { "boots" } else { "tents" };
        (0..3).map(move |view| format!("v{visitor},{visitor},{},{category}\n", 1_000 + 10 * view)).collect::<String>()
    };
    format!("SessionId,ItemId,Time,Category\n{}", (0..visitors).map(views).collect::<String>())
}

fn log(rows: impl Iterator<Item = String>) -> String {
    format!("SessionId,Time,Slot,Variant,Propensity,Reward\n{}", rows.collect::<String>())
}

/// A log of a site that shows boots, tents or its own content, each as likely. What fits the visitor is bought by three in
/// five, what does not by one in ten.
fn random_log(visitors: u32) -> String {
    log((0..visitors).map(|visitor| {
        // The places that a multiplicative hash spreads: variant and chance are independent.
        let mixed = visitor.wrapping_mul(2_654_435_761) >> 8;
        let (shown, chance) = (mixed % 3, mixed / 3 % 10);
        let fits = shown == visitor % 2;
        let reward = u32::from(chance < if fits { 6 } else { 1 });
        let variant = ["boots", "tents", ""][shown as usize];
        format!("v{visitor},1025,hero,{variant},0.3333333333333333,{reward}\n")
    }))
}

fn replay(name: &str, config: &str, visitors: u32, log: &str) -> Ran {
    let config = file(&format!("{name}.json"), config);
    let sessions = file(&format!("{name}-sessions.csv"), sessions(visitors));
    tailorbird(&["replay", "--config", &config, "--sessions", &sessions, "--log", log, "--json"])
}

/// What is told of the log.
fn estimates(name: &str, config: &str, visitors: u32, log: &str) -> Value {
    let ran = replay(name, config, visitors, &file(&format!("{name}-log.csv"), log));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    serde_json::from_str::<Value>(&ran.out).unwrap()["log"].clone()
}

#[test]
fn of_the_config_that_made_the_log_ips_is_the_mean_reward_to_the_bit() {
    const VISITORS: u32 = 60;
    let config = file("own.json", CONFIG);
    let (path, trace) = (file("own-sessions.csv", sessions(VISITORS)), file("own.jsonl", ""));
    let ran = tailorbird(&["replay", "--config", &config, "--sessions", &path, "--trace", &trace]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let decisions: Vec<Value> =
        fs::read_to_string(trace).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown = |slot: &str, variant: Value| {
        decisions.iter().filter(|one| one["slot"] == slot && one["variant"] == variant).count()
    };
    for (slot, variant) in
        [("hero", json!("boots")), ("hero", json!("tents")), ("hero", json!(null)), ("note", json!("long"))]
    {
        assert!(shown(slot, variant.clone()) > 0, "{slot} shows {variant}");
    }
    // Rewards as they may be: amounts, negative ones among them.
    let row = |(place, one): (usize, &Value)| {
        let [session, slot] = ["session", "slot"].map(|key| one[key].as_str().unwrap());
        let time = 1_000 + 10 * one["event"].as_u64().unwrap();
        let variant = one["variant"].as_str().unwrap_or("");
        format!("{session},{time},{slot},{variant},{},{}\n", one["propensity"], place as f64 * 0.37 - 20.0)
    };
    let found = estimates("own", CONFIG, VISITORS, &log(decisions.iter().enumerate().map(row)));
    assert_eq!((&found["decisions"], &found["sessions"]), (&json!(360), &json!(60)));
    for slot in ["hero", "note"] {
        let slot = &found["slots"][slot];
        assert_eq!((&slot["ips"], &slot["snips"]), (&slot["logged"], &slot["logged"]), "{slot}");
        assert_eq!((&slot["decisions"], &slot["ess"]), (&json!(180), &json!(180.0)), "{slot}");
        assert_eq!((&slot["unsupported"], &slot["says_little"]), (&json!(false), &json!(true)), "{slot}");
    }
}

#[test]
fn what_personal_choices_would_have_got_is_told_from_random_ones() {
    let found = estimates("better", SURE, 900, &random_log(900));
    assert_eq!((&found["decisions"], &found["without_events"]), (&json!(900), &json!(0)));
    let hero = &found["slots"]["hero"];
    let dr = &hero["dr"];
    let [value, lower, upper] =
        [&dr["value"], &dr["interval"][0], &dr["interval"][1]].map(|number| number.as_f64().unwrap());
    assert!(lower <= 0.6 && 0.6 <= upper && upper - lower < 0.2, "{value}: {lower} to {upper}");
    for estimator in ["ips", "snips", "dm"] {
        assert!((hero[estimator]["value"].as_f64().unwrap() - 0.6).abs() < 0.08, "{estimator}: {hero}");
    }
    // A third of what is shown fits: 0.6 / 3 + 0.1 · 2 / 3.
    assert!((hero["logged"]["value"].as_f64().unwrap() - 0.267).abs() < 0.03, "{hero}");
    assert!(hero["ess"].as_f64().unwrap() > 250.0, "{hero}");
    assert_eq!((&hero["says_little"], &hero["unsupported"]), (&json!(false), &json!(false)));
}

#[test]
fn an_event_counts_for_decisions_at_its_time_and_after() {
    // With the third view, at 1,020, the visitor's interest decides; before it the page's own content stands.
    let cases = [("999", ""), ("1019.999", ""), ("1020", "boots"), ("5000", "boots")];
    for (time, expected) in cases {
        for variant in ["boots", "tents", ""] {
            let row = format!("v0,{time},hero,{variant},0.5,1\n");
            let found = estimates(&format!("at-{time}-{variant}"), SURE, 1, &log(std::iter::once(row)));
            let weight = if variant == expected { 2.0 } else { 0.0 };
            assert_eq!(found["slots"]["hero"]["mean_weight"]["value"], json!(weight), "{variant:?} at {time}");
        }
    }
}

/// The example of docs/command-line.md.
#[test]
fn the_example_of_the_docs_prints_what_stands_there() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let [config, sessions, log] = ["what-if.json", "what-if-sessions.csv", "what-if-decisions.csv"]
        .map(|name| format!("{root}/tests/replay/{name}"));
    let ran = tailorbird(&["replay", "--config", &config, "--sessions", &sessions, "--log", &log]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let (_, told) = ran.out.split_once("\nfrom the log").unwrap();
    let docs = fs::read_to_string(format!("{root}/docs/command-line.md")).unwrap();
    assert!(docs.contains(&format!("```text\nfrom the log{told}```")), "{told}");
}

/// Before the third view no strategy applies, so the page's own content stands whether a visitor is held out or not. A
/// decision says 0.25 or 0.75, and the probability of what is shown is 1.
#[test]
fn ways_to_the_same_content_are_added_by_the_config_that_made_the_log() {
    let held_out = SURE.replace(r#""id": "hero","#, r#""id": "hero", "holdout": 0.25,"#);
    let rows = (0..400).map(|visitor| {
        let (variant, propensity) = if visitor % 4 == 0 { ("", 0.25) } else { ("boots", 0.75) };
        // Visitors with odd numbers like tents.
        let late = if visitor % 2 == 0 || variant.is_empty() { variant } else { "tents" };
        format!("v{visitor},1005,hero,,{propensity},1\nv{visitor},1025,hero,{late},{propensity},1\n")
    });
    let (text, old) = (log(rows), file("made-log.json", &held_out));
    let plain = estimates("ways", &held_out, 400, &text);
    assert_eq!(plain["unlike"], json!(null));
    // Of the early decisions one in four weighs 4, the others 4 / 3; of the late ones all weigh 1.
    assert!((plain["slots"]["hero"]["mean_weight"]["value"].as_f64().unwrap() - 1.5).abs() < 1e-9, "{plain}");
    assert_eq!(plain["slots"]["hero"]["unsupported"], json!(true));

    let [config, sessions, log] = ["json", "sessions.csv", "log.csv"].map(|end| match end {
        "json" => file("ways.json", &held_out),
        "sessions.csv" => file("ways-sessions.csv", sessions(400)),
        _ => file("ways-log.csv", format!("{text}v0,1025,hero,boots,0.5,1\n")),
    });
    let words = ["replay", "--config", &config, "--sessions", &sessions, "--log", &log, "--logged-by", &old, "--json"];
    let ran = tailorbird(&words);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let added = serde_json::from_str::<Value>(&ran.out).unwrap()["log"].clone();
    // All weigh 1 but the last, which the config does not make with that probability: 0.75 / 0.5.
    assert_eq!(added["unlike"], json!(1));
    let weight = added["slots"]["hero"]["mean_weight"]["value"].as_f64().unwrap();
    assert!((weight - 801.5 / 801.0).abs() < 1e-9, "{added}");
    assert_eq!(added["slots"]["hero"]["unsupported"], json!(false));
}

/// Where a feature has the experiment, who is outside of its coverage gets the feature's default, whose propensity is 1: the
/// propensities of all ways add to more than 1, and visitors are counted instead.
#[test]
fn what_propensities_do_not_tell_is_counted() {
    let config = CONFIG
        .replace(
            r#""experiments": [
    {"#,
            r#""features": { "note": { "defaultValue": "", "rules": [
    {"#,
        )
        .replace("0.75 }\n  ] }", "0.75 }\n  ] } } }")
        .replace(r#""id": "note", "choose""#, r#""id": "note", "feature": "note", "choose""#);
    let shown = |visitor: u32| match (visitor.wrapping_mul(2_654_435_761) >> 8) % 16 {
        0..=2 => "short,0.1875",
        3..=11 => "long,0.5625",
        _ => ",0.25",
    };
    let rows = (0..60).map(|visitor| format!("v{visitor},1025,note,{},1\n", shown(visitor)));
    let found = estimates("counted", &config, 60, &log(rows));
    let note = &found["slots"]["note"];
    let weight = note["mean_weight"]["value"].as_f64().unwrap();
    assert!((weight - 1.0).abs() < 0.05 && weight != 1.0, "{note}");
    assert!(note["ess"].as_f64().unwrap() > 55.0, "{note}");
}

#[test]
fn a_log_that_never_shows_what_the_config_chooses_is_named_as_such() {
    let never = log((0..300).map(|visitor| format!("v{visitor},1025,hero,,1,1\n")));
    let found = estimates("never", SURE, 300, &never);
    let hero = &found["slots"]["hero"];
    assert_eq!((&hero["ips"]["value"], &hero["snips"], &hero["ess"]), (&json!(0.0), &json!(null), &json!(0.0)));
    assert_eq!((&hero["unsupported"], &hero["says_little"]), (&json!(true), &json!(true)));
    // Visitors of whom no event is known are asked for all the same.
    let strangers = log((0..3).map(|visitor| format!("x{visitor},1025,hero,,0.5,1\n")));
    assert_eq!(estimates("strangers", SURE, 3, &strangers)["without_events"], json!(3));
}

#[test]
fn for_a_person_it_is_a_table_with_its_doubts() {
    let (config, sessions) = (file("person.json", SURE), file("person-sessions.csv", sessions(30)));
    let log = file("person-log.csv", random_log(30));
    let ran = tailorbird(&["replay", "--config", &config, "--sessions", &sessions, "--log", &log]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in [
        "\nfrom the log, 30 decisions of 30 sessions\n",
        " logged ",
        " SNIPS ",
        "  says little\n",
        "\nsays little: the effective sample (ESS) is below 200, or fewer than 10 rewards count\n",
    ] {
        assert!(ran.out.contains(part), "{part:?} in {}", ran.out);
    }
    let without = tailorbird(&["replay", "--config", &config, "--sessions", &sessions]);
    assert!(ran.out.len() > without.out.len() && !without.out.contains("from the log"), "{}", without.out);
}

#[test]
fn without_propensities_nothing_is_estimated() {
    let bad = [
        ("v0,1025,hero,boots,,1", "Propensity is \"\", expected the probability of this choice, above 0, at most 1"),
        ("v0,1025,hero,boots,0,1", "Propensity is \"0\", expected the probability of this choice, above 0, at most 1"),
        ("v0,1025,hero,boots,1.01,1", "Propensity is \"1.01\", expected the probability of this choice"),
        ("v0,1025,hero,boots,NaN,1", "Propensity is \"NaN\", expected the probability of this choice"),
        ("v0,1025,hero,boots,0.5,", "Reward is \"\", expected a number: 1 where the goal came, else 0; or an amount"),
        ("v0,1025,hero,boots,0.5,inf", "Reward is \"inf\", expected a number"),
        ("v0,1025,hreo,boots,0.5,1", "Slot is \"hreo\", expected a slot of the config: hero"),
        ("v0,now,hero,boots,0.5,1", "Time is \"now\", expected seconds since 1970, up to the year 9999"),
        (",1025,hero,boots,0.5,1", "SessionId is empty, expected an id"),
        ("v0,1025,hero,boots,0.5", "has 5 fields, expected 6"),
    ];
    let rows = bad.iter().map(|(row, _)| format!("{row}\n"));
    let path = file("bad-log.csv", log(std::iter::once("v0,1025,hero,boots,0.5,1\n".to_owned()).chain(rows)));
    let ran = replay("bad-log", SURE, 2, &path);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), bad.len(), "{}", ran.err);
    for (((row, why), place), line) in bad.iter().zip(3..).zip(lines) {
        assert!(line.starts_with(&format!("{path}, line {place}: {why}")), "{row}: {line}");
    }

    let header = "SessionId,Time,Slot,Variant,Propensity,Reward";
    for (name, text, why) in [
        (
            "no-propensities.csv",
            "SessionId,Time,Slot,Variant,Reward\n",
            ", line 1: the header has no column Propensity, ",
        ),
        ("no-decisions.csv", header, ": holds no rows, expected a header and at least one"),
    ] {
        let path = file(name, text);
        let ran = replay(name, SURE, 2, &path);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(ran.err.starts_with(&format!("{path}{why}")), "{}", ran.err);
    }
}

#[test]
fn options_of_the_log_are_used_with_a_log_that_stays_as_it_is() {
    let (config, sessions) = (file("options.json", SURE), file("options-sessions.csv", sessions(3)));
    let path = file("options-log.csv", random_log(3));
    let run = |words: &[&str]| {
        let ran = tailorbird(&[&["replay", "--config", &config, "--sessions", &sessions], words].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        ran.err
    };
    assert!(run(&["--max-weight", "5"]).contains("--log <FILE.csv>"));
    assert!(run(&["--log", &path, "--max-weight", "0.9"]).contains("expected a number, at least 1"));
    assert!(run(&["--log", &path, "--trace", &path]).contains("would overwrite"));
    assert!(run(&["--logged-by", &config]).contains("--log <FILE.csv>"));
    assert_eq!(fs::read_to_string(path).unwrap(), random_log(3));
}
