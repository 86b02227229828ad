//! `tailorbird inspect` of a log, from outside. Where DuckDB is not here, only what needs none is tested.

use serde_json::{Value, json};

use crate::duckdb::duckdb;
use crate::{Ran, file, tailorbird};

fn inspect(name: &str, content: &str, more: &[&str]) -> Option<Ran> {
    let (program, log) = (duckdb()?, file(name, content));
    Some(tailorbird(&[&["inspect", &log, "--duckdb", &program], more].concat()))
}

const SESSIONS: &str = "SessionId,ItemId,Time\n1,b-7,1795773600\n1,s-1,1795773605\n2,b-7,soon\n";

#[test]
fn a_ready_map_that_fits_is_named_with_what_comes_of_the_log_by_it() {
    let Some(ran) = inspect("inspected.csv", SESSIONS, &[]) else { return };
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (first, rest) = ran.out.split_once('\n').unwrap();
    assert!(first.ends_with("inspected.csv: csv, 1 file, columns by 3 rows"), "{first}");
    let expected = "
  column     type    empty  distinct
  ItemId     text    0.0 %         2
  SessionId  number  0.0 %         2
  Time       text    0.0 %         3

events of at most a million rows
  event      kind  rows
  view_item  view     2
  from 2026-11-27T10:00:00Z to 2026-11-27T10:00:05Z

unreadable rows
  the time cannot be read  1

a ready map fits: --map sessions
No orders and no amounts, unless events of the name purchase are there.
";
    assert_eq!(rest, expected);
}

#[test]
fn what_is_open_is_told_and_exits_with_1() {
    let rows = "created,updated,user_id,item_id\n1795773600,1795773601,ada,1\n1795773602,1795773603,bob,1\n";
    let Some(ran) = inspect("open.csv", rows, &["--json"]) else { return };
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:?}");
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&told["good"], &told["ready"], &told["rows"]), (&json!(false), &Value::Null, &json!(2)));
    let open = json!([
        {"key": "time", "candidates": ["created", "updated"]},
        {"key": "time_unit", "candidates": ["s", "ms", "us", "iso"]},
    ]);
    assert_eq!(told["open"], open);
    assert!(told["map"].as_str().unwrap().contains("visitor = \"user_id\"\n"), "{}", told["map"]);
}

#[test]
fn a_map_with_problems_and_a_log_of_which_nothing_comes_exit_with_1() {
    let map = file("wrong.toml", "[columns]\ntime = \"t\"\n");
    let Some(ran) = inspect("mapped.csv", SESSIONS, &["--map", &map]) else { return };
    assert_eq!(ran.code, 1);
    let expected = format!(
        "{map}: columns.time_unit is missing\n{map}: columns has neither item nor page, expected one of them\n\
         {map}: columns.visitor is missing, expected a column\n"
    );
    assert_eq!(ran.err, expected);
    let Some(ran) = inspect("nothing.csv", "SessionId,ItemId,Time\n1,b-7,soon\n", &["--map", "sessions"]) else {
        return;
    };
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("nothing comes of it: no row of the log can be read"), "{}", ran.out);
}

#[test]
fn without_an_engine_or_a_file_it_is_used_wrongly() {
    let log = file("no-engine.csv", SESSIONS);
    let ran = tailorbird(&["inspect", &log, "--duckdb", "no-such-duckdb"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no-such-duckdb is not found"), "{}", ran.err);
    let ran = tailorbird(&["inspect", "no-such.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "error: no-such.csv: is not there\n"));
    let ran = tailorbird(&["inspect", &log, "--map", "no-such-map"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("expected a file or one of ga4, segment"), "{}", ran.err);
}
