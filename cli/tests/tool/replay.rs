//! `tailorbird replay` from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Ran, file, tailorbird};

pub const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/replay/config.json");
const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/replay/sessions.csv");
/// Visits nobody here made; not everywhere there.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/sessions_rsc15/test.csv");

/// A replay with the config of the fixture.
fn replay(sessions: &str) -> Ran {
    tailorbird(&["replay", "--config", CONFIG, "--sessions", sessions, "--json"])
}

/// The replay's result, and its trace as text; `name` is one test's own.
fn traced(name: &str, sessions: &str) -> (Value, String) {
    let trace = file(name, "");
    let ran = tailorbird(&["replay", "--config", CONFIG, "--sessions", sessions, "--json", "--trace", &trace]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (serde_json::from_str(&ran.out).unwrap(), fs::read_to_string(trace).unwrap())
}

fn lines(trace: &str) -> impl Iterator<Item = Value> {
    trace.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn csv(rows: &[&str]) -> String {
    format!("SessionId,ItemId,Time\n{}\n", rows.join("\n"))
}

#[test]
fn the_result_is_one_json_object_with_exactly_these_keys() {
    let ran = replay(FIXTURE);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out.lines().count(), 1);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&told), "sessions events bad_rows categories decisions prompts_per_100 coverage p50_us p99_us");
    assert_eq!(keys(&told["decisions"]), "hero beside note");
    let count = |value: &Value| value.as_u64().unwrap();
    let (mut all, mut standard) = (0, 0);
    for slot in told["decisions"].as_object().unwrap().values() {
        assert_eq!(keys(slot), "standard generic customized personalized");
        let decided: u64 = slot.as_object().unwrap().values().map(count).sum();
        assert_eq!(decided, count(&told["events"]), "one decision a slot after each event");
        all += decided;
        standard += count(&slot["standard"]);
    }
    assert_eq!(told["coverage"], json!((all - standard) as f64 / all as f64));
    assert_eq!((&told["sessions"], &told["events"], &told["bad_rows"]), (&json!(60), &json!(591), &json!(0)));
    assert_eq!(told["categories"], json!("partly made up"));
    let [p50, p99] = ["p50_us", "p99_us"].map(|key| told[key].as_f64().unwrap());
    assert!(0.0 < p50 && p50 <= p99, "{p50} {p99}");
}

#[test]
fn for_a_person_it_is_a_table() {
    let ran = tailorbird(&["replay", "--config", CONFIG, "--sessions", FIXTURE]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for part in ["60 sessions, 591 events, 0 bad rows", "\nhero\n  standard ", "█", "% of decisions above standard"] {
        assert!(ran.out.contains(part), "{part:?} in {}", ran.out);
    }
}

#[test]
fn the_same_file_gives_the_same_trace_twice() {
    let (_, one) = traced("once.jsonl", FIXTURE);
    let (_, two) = traced("twice.jsonl", FIXTURE);
    assert!(one == two);
}

#[test]
fn the_number_of_threads_changes_nothing_but_the_times() {
    let of = |threads: &str| {
        let trace = file(&format!("threads-{threads}.jsonl"), "");
        let words = ["replay", "--config", CONFIG, "--sessions", FIXTURE, "--threads", threads, "--trace", &trace];
        let ran = tailorbird(&[&words[..], &["--json"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{threads}");
        let mut told: Value = serde_json::from_str(&ran.out).unwrap();
        told["p50_us"].take();
        told["p99_us"].take();
        (told.to_string(), fs::read(trace).unwrap())
    };
    let one = of("1");
    assert!(one == of("2") && one == of("5"));
    let ran = tailorbird(&["replay", "--config", CONFIG, "--sessions", FIXTURE, "--threads", "0"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

/// What parity with the browser is measured on must be worth measuring.
fn is_worth_comparing(name: &str, sessions: &str) {
    let (told, trace) = traced(name, sessions);
    let mut by_session: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut order = Vec::new();
    for line in lines(&trace) {
        let session = line["session"].as_str().unwrap().to_owned();
        if !by_session.contains_key(&session) {
            order.push(session.clone());
        }
        by_session.entry(session).or_default().push(line);
    }
    assert_eq!(json!(order.len()), told["sessions"]);
    let long = |session: &&String| by_session[*session].iter().any(|line| line["event"].as_u64() >= Some(2));
    let all: Vec<&String> = order.iter().collect();
    let first: Vec<&String> = order.iter().filter(long).take(25).collect();
    for (part, sessions) in [("all", all), ("the first 25 of three events", first)] {
        let lines: Vec<&Value> = sessions.iter().flat_map(|session| &by_session[*session]).collect();
        let (prompts, decisions): (Vec<&Value>, Vec<&Value>) =
            lines.iter().partition(|line| line["prompt"].is_string());
        let levels: BTreeSet<&str> = decisions.iter().map(|line| line["level"].as_str().unwrap()).collect();
        let above = decisions.iter().filter(|line| line["level"] != "standard").count();
        let variants: BTreeSet<&str> = decisions.iter().filter_map(|line| line["variant"].as_str()).collect();
        assert!(above * 10 >= decisions.len() * 3, "{part}: {above} of {} decisions above standard", decisions.len());
        assert!(variants.len() >= 5, "{part}: {variants:?}");
        assert!(prompts.len() >= 5, "{part}: {} prompts", prompts.len());
        assert_eq!(levels.len(), 4, "{part}: {levels:?}");
    }
}

#[test]
fn the_fixture_climbs_the_whole_ladder() {
    is_worth_comparing("fixture.jsonl", FIXTURE);
}

#[test]
fn recorded_visits_climb_the_whole_ladder() {
    if Path::new(RECORDED).exists() {
        is_worth_comparing("recorded.jsonl", RECORDED);
    } else {
        eprintln!("no recorded visits beside the repository: the fixture stands for them");
    }
}

#[test]
fn a_visit_is_decided_as_its_rows_say() {
    // Three looks at things of category c3: all of the interest is there, whatever the time.
    let sessions = file("by-hand.csv", csv(&["a,3,100", "a,19,130.5", "a,35,190"]));
    let (told, trace) = traced("by-hand.jsonl", &sessions);
    assert_eq!(told["categories"], json!("made up"));
    let lines: Vec<Value> = lines(&trace).collect();
    assert_eq!(lines.len(), 3 * 3 + 1, "{trace}");
    let level = |line: &Value| (line["variant"].clone(), line["level"].clone());
    assert_eq!(level(&lines[0]), (json!("everybody"), json!("generic")), "too little is known");
    assert_eq!(
        lines[6],
        json!({"session": "a", "event": 2, "slot": "hero", "variant": "low", "level": "personalized",
               "score": 1.0, "propensity": 0.9})
    );
    assert_eq!(level(&lines[7]), (json!("threes"), json!("customized")));
    assert_eq!(lines[9], json!({"session": "a", "prompt": "before-you-go"}));
    assert_eq!(told["prompts_per_100"], json!(100.0));
    let keys: Vec<&String> = lines[6].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["session", "event", "slot", "variant", "level", "score", "propensity"]);
}

#[test]
fn the_pointer_leaves_one_second_after_the_last_event() {
    // The engine asks nobody who came less than five seconds ago.
    let cases = [("3.999", 0), ("4", 1)];
    for (seconds, prompts) in cases {
        let rows = ["a,3,0,,,", "a,3,0,add_to_cart,,50.5", "a,3,1,,,"].join("\n");
        let text = format!("SessionId,ItemId,Time,Event,Category,Price\n{rows}\na,3,{seconds},,,\n");
        let sessions = file(&format!("leave-{prompts}.csv"), text);
        let told: Value = serde_json::from_str(&replay(&sessions).out).unwrap();
        assert_eq!(told["prompts_per_100"], json!(100.0 * f64::from(prompts)), "last event at {seconds} s");
    }
}

#[test]
fn neither_the_order_of_columns_nor_of_rows_matters() {
    let apart = file("apart.csv", csv(&["a,3,100", "a,4,200", "a,5,300", "b,3,150", "b,4,250", "b,4,350"]));
    let mixed = file(
        "mixed.csv",
        "\u{feff}Time,Unknown,Category, ItemId ,SessionId\r\n100,x,,3,a\r\n150,x,, 3,b\r\n\r\n300,x,,5,a\r\n\
         250,x,,4,\"b\"\r\n200,x,,4,a\r\n350,\"x, y\",,4,b",
    );
    let (one, apart) = traced("apart.jsonl", &apart);
    let (two, mixed) = traced("mixed.jsonl", &mixed);
    assert_eq!(apart, mixed);
    for key in ["sessions", "events", "bad_rows", "categories", "decisions", "prompts_per_100", "coverage"] {
        assert_eq!(one[key], two[key], "{key}");
    }
}

#[test]
fn bad_rows_are_counted_named_and_left_out() {
    let head = "SessionId,ItemId,Time,Event,Category,Price\n";
    let good = "a,1,100,,c1,\na,2,200,view_item,c2,9.5\n";
    let bad = [
        (",1,100,,,", "SessionId is empty, expected an id"),
        ("a, ,100,,,", "ItemId is empty, expected an id"),
        ("a,1,,,,", "Time is \"\", expected seconds since 1970, up to the year 9999"),
        ("a,1,1396871797614,,,", "Time is \"1396871797614\", expected seconds since 1970, up to the year 9999"),
        ("a,1,NaN,,,", "Time is \"NaN\", expected seconds since 1970, up to the year 9999"),
        ("a,1,100,view item,,", "Event is \"view item\", expected a letter, then up to 39 letters"),
        ("a,1,100,,,-1", "Price is \"-1\", expected a number from 0 to 1000000000"),
        ("a,1,100,,,inf", "Price is \"inf\", expected a number from 0 to 1000000000"),
        ("a,1,100", "has 3 fields, expected 6"),
        ("\"a,1,100,,,", "opens a quotation mark and does not close it"),
        ("a,1,100,,,,,", "has 8 fields, expected 6"),
        ("a,1,x,,,", "Time is \"x\""),
    ];
    let rows: String = bad.iter().map(|(row, _)| format!("{row}\n")).collect();
    let with = file("with-bad-rows.csv", format!("{head}{rows}{good}"));
    let ran = replay(&with);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &told["bad_rows"], &told["events"]), (0, &json!(12), &json!(2)));
    assert_eq!(told["categories"], json!("given"), "bad rows say nothing");
    let lines: Vec<&str> = ran.err.lines().collect();
    for ((place, (row, why)), line) in bad.iter().enumerate().take(10).zip(&lines) {
        let expected = format!("{with}, line {}: {why}", place + 2);
        assert!(line.starts_with(&expected), "{row}: {line}");
    }
    assert_eq!(lines[10..], [format!("{with}: ... and 2 more")]);

    let without = file("without-bad-rows.csv", format!("{head}{good}"));
    assert_eq!(traced("with-bad.jsonl", &with).1, traced("without-bad.jsonl", &without).1);
}

#[test]
fn a_file_without_a_good_row_is_refused() {
    let cases = [
        ("all-bad.csv", csv(&["a,1,x", "a,1"]), ": all 2 rows are bad"),
        ("one-bad.csv", csv(&["a,1,x"]), ": the only row is bad"),
        ("no-rows.csv", csv(&[]), ": holds no rows, expected a header and at least one"),
        ("nothing.csv", String::new(), ": holds no rows, expected a header and at least one"),
        ("no-header.csv", "a,1,100\na,1,200\n".to_owned(), ", line 1: the header has no column SessionId, expected "),
        (
            "two.csv",
            "SessionId,ItemId,Time,Time\n".to_owned(),
            ", line 1: the header has two columns Time, expected one",
        ),
    ];
    for (name, text, why) in cases {
        let sessions = file(name, text);
        let ran = replay(&sessions);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name}");
        assert!(ran.err.lines().any(|line| line.starts_with(&format!("{sessions}{why}"))), "{}", ran.err);
    }
}

#[test]
fn a_config_with_problems_plays_nothing() {
    let config = file("replay-problems.json", r#"{"version": 2}"#);
    let ran = tailorbird(&["replay", "--config", &config, "--sessions", FIXTURE, "--json"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(ran.err, format!("{config}: version is 2, expected 1\n"));
}

#[test]
fn a_config_without_slots_covers_nothing() {
    let config = file("replay-empty.json", r#"{"version": 1}"#);
    let ran = tailorbird(&["replay", "--config", &config, "--sessions", FIXTURE, "--json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &told["decisions"], &told["coverage"]), (0, &json!({}), &json!(0.0)));
}

#[test]
fn a_trace_never_overwrites_what_is_read() {
    let sessions = file("precious.csv", csv(&["a,1,100"]));
    let ran = tailorbird(&["replay", "--config", CONFIG, "--sessions", &sessions, "--trace", &sessions]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("would overwrite"), "{}", ran.err);
    assert_eq!(fs::read_to_string(sessions).unwrap(), csv(&["a,1,100"]));
}
