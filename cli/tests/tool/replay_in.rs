//! `tailorbird replay --in` from outside: a site's own log, read by DuckDB. Where DuckDB is not here nothing is tested.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::duckdb::duckdb;
use crate::replay::CONFIG;
use crate::{Ran, file, tailorbird};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/replay/sessions.csv");
/// A log as GA4 exports it.
const GA4: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../companion/tests/fixtures/ga4");

/// A replay of a log with more words.
fn replay(duckdb: &str, config: &str, log: &str, map: &str, more: &[&str]) -> Ran {
    let words = ["replay", "--config", config, "--in", log, "--map", map, "--duckdb", duckdb, "--json"];
    tailorbird(&[&words[..], more].concat())
}

/// The result without times, and the lines of the trace; `name` is one test's own.
fn traced(name: &str, run: impl FnOnce(&[&str]) -> Ran) -> (Value, Vec<String>) {
    let trace = file(name, "");
    let ran = run(&["--trace", &trace]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
    let mut told: Value = serde_json::from_str(&ran.out).unwrap();
    told["p50_us"].take();
    told["p99_us"].take();
    (told, fs::read_to_string(trace).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn a_log_of_sessions_is_played_as_the_file_of_sessions_is() {
    let Some(duckdb) = duckdb() else { return };
    let (direct, mut lines) = traced("in-direct.jsonl", |more| {
        let words = ["replay", "--config", CONFIG, "--sessions", FIXTURE, "--json"];
        tailorbird(&[&words[..], more].concat())
    });
    let (told, mut in_order) = traced("in.jsonl", |more| replay(&duckdb, CONFIG, FIXTURE, "sessions", more));
    assert_eq!(told, direct);
    // A log is played visitor by visitor, a file of sessions in its own order.
    lines.sort();
    in_order.sort();
    assert!(lines == in_order);
}

#[test]
fn the_number_of_threads_changes_nothing_but_the_times() {
    let Some(duckdb) = duckdb() else { return };
    // More than waits for a player.
    let mut log = "SessionId,ItemId,Time,VisitorId,Price\n".to_owned();
    for event in 0..9_000 {
        let (session, visitor) = (event / 3, event / 7);
        let _ = writeln!(log, "s{session},{},{},v{visitor},{}.99", event % 40, 1_772_445_600 + event * 7, event % 90);
    }
    let log = file("in-threads.csv", log);
    let of = |threads: &str| {
        traced(&format!("in-threads-{threads}.jsonl"), |more| {
            replay(&duckdb, CONFIG, &log, "sessions", &[&["--threads", threads], more].concat())
        })
    };
    let one = of("1");
    assert_eq!(one.0["events"], json!(9_000));
    assert!(one == of("2") && one == of("5"));
}

#[test]
fn a_visitor_who_comes_back_is_remembered() {
    let Some(duckdb) = duckdb() else { return };
    let config = file(
        "in-back.json",
        r#"{"version": 1, "interests": {"dimensions": ["category"], "prior": 0}, "slots": [{"id": "hero",
            "choose": [{"by": "interest", "dimension": "category", "min": 0.5, "events": 3}],
            "variants": [{"id": "boots", "tags": {"category": "boots"}}]}]}"#,
    );
    let rows = "1,b-7,1772445600,boots,ann\n1,b-8,1772445660,boots,ann\n2,b-7,1772532000,boots,ann\n\
                3,b-7,1772532000,boots,bob\n";
    let log = file("in-back.csv", format!("SessionId,ItemId,Time,Category,VisitorId\n{rows}"));
    let (told, lines) = traced("in-back.jsonl", |more| replay(&duckdb, &config, &log, "sessions", more));
    assert_eq!((&told["sessions"], &told["events"]), (&json!(3), &json!(4)));
    assert_eq!(told["decisions"]["hero"]["personalized"], json!(1));
    assert!(lines[2].starts_with(r#"{"session":"2","visitor":"ann","event":0,"slot":"hero","variant":"boots""#));
}

#[test]
fn ga4_is_played_by_its_own_sessions_with_orders_whole() {
    let Some(duckdb) = duckdb() else { return };
    let config = file(
        "in-ga4.json",
        r#"{"version": 1, "segments": [
                {"id": "spent", "when": {"visitor.revenue": {"$gte": 159}}, "priority": 1},
                {"id": "boots", "when": {"page.path": "/boots"}}],
            "slots": [{"id": "hero", "choose": [{"by": "segment"}],
                "variants": [{"id": "spent", "segment": "spent"}, {"id": "boots", "segment": "boots"}]}]}"#,
    );
    let trace = file("in-ga4.jsonl", "");
    let ran = replay(&duckdb, &config, GA4, "ga4", &["--trace", &trace]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    // u1 sees a page and a boot; u2 a sock, then orders two things (129 and 3 times 10) and sees a page; u4 orders two
    // lines; u5 sees a page.
    let expected = (&json!(5), &json!(7), &json!(1));
    assert_eq!((&told["sessions"], &told["events"], &told["bad_rows"]), expected, "{}", ran.err);
    assert!(ran.err.contains("rows are bad: the visitor is missing"), "{}", ran.err);
    let variants: Vec<Value> = fs::read_to_string(trace)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["variant"].take())
        .collect();
    assert_eq!(json!(variants), json!(["boots", null, null, "spent", "spent", null, null]));
}

#[test]
fn bad_rows_are_counted_and_named_and_nothing_is_played_without_a_good_one() {
    let Some(duckdb) = duckdb() else { return };
    let header = "SessionId,ItemId,Time,Event\n";
    let log = file("in-bad.csv", format!("{header}a,1,x,\na,1,1772445600,Product Viewed\na,1,1772445660,view_item\n"));
    let ran = replay(&duckdb, CONFIG, &log, "sessions", &[]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &told["bad_rows"], &told["events"]), (0, &json!(2), &json!(1)), "{ran:?}");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].ends_with("1 rows are bad: the time cannot be read, such as \"x\""),
        "{lines:?}"
    );
    let expected = "the event is \"Product Viewed\", expected a letter, then up to 39 letters, digits and underscores";
    assert_eq!(lines[1], format!("1 rows are bad: {expected}; the map can rename it"));

    let cases = [
        ("in-all-bad.csv", "a,1,x,\n", "no row of the log can be read: the time cannot be read"),
        ("in-no-rows.csv", "", "no row of the log can be read: it has no rows"),
        ("in-no-names.csv", "a,1,1772445600,Product Viewed\n", "the log has no event that the engine takes"),
    ];
    for (name, rows, why) in cases {
        let ran = replay(&duckdb, CONFIG, &file(name, format!("{header}{rows}")), "sessions", &[]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name}: {ran:?}");
        assert!(ran.err.contains(why), "{name}: {}", ran.err);
    }
}

#[test]
fn a_damaged_file_is_refused() {
    let Some(duckdb) = duckdb() else { return };
    let columns = "time = \"t\"\ntime_unit = \"s\"\nvisitor = \"v\"\nitem = \"i\"";
    let map = file("in-damaged.toml", format!("[columns]\n{columns}\n[events]\nview = [\"*\"]\n"));
    let log = file("in-damaged.parquet", "");
    let rows = "SELECT 1772445600 + i AS t, 'v' || i % 9 AS v, 'i' || i % 7 AS i FROM range(500) AS numbers(i)";
    let made =
        Command::new(&duckdb).args(["-c", &format!("COPY ({rows}) TO '{log}' (FORMAT parquet)")]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let whole = fs::read(&log).unwrap();
    assert_eq!(replay(&duckdb, CONFIG, &log, &map, &[]).code, 0);

    let mut overwritten = whole.clone();
    overwritten[4..60].fill(0xff);
    let cases = [
        (&b"PAR1 and no more"[..], 2, "cannot be read at all"),
        (&whole[..whole.len() - 20], 2, "cut off"),
        (&overwritten, 1, "damaged in its midst"),
    ];
    for (bytes, code, why) in cases {
        fs::write(&log, bytes).unwrap();
        let ran = replay(&duckdb, CONFIG, &log, &map, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{why}: {ran:?}");
        assert!(!ran.err.is_empty(), "{why}");
    }
}

#[test]
fn wrong_use_ends_with_2() {
    let cases: [(&[&str], &str); 7] = [
        (&["--in", FIXTURE], "--map <MAP>"),
        (&["--map", "ga4"], "--in <PATH>"),
        (&["--sessions", FIXTURE, "--in", FIXTURE, "--map", "sessions"], "cannot be used with"),
        (&["--in", FIXTURE, "--map", "sessions", "--log", FIXTURE], "cannot be used with"),
        (&["--in", FIXTURE, "--map", "ga5"], "ga5: there is no such file, and no ready map of this name"),
        (&["--in", "no-such-log.csv", "--map", "sessions"], "no-such-log.csv: is not there"),
        (&["--in", FIXTURE, "--map", "sessions", "--duckdb", "no-such-duckdb"], "no-such-duckdb is not found"),
    ];
    for (words, hint) in cases {
        let ran = tailorbird(&[&["replay", "--config", CONFIG][..], words].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}
