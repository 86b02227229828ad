//! `tailorbird evaluate history` from outside: a year, and what it may cost.

use std::fs;

use serde_json::Value;

use crate::{file, tailorbird};

/// The largest of some months, by what is asked of them.
fn largest(months: &[Value], what: &str) -> f64 {
    months.iter().map(|month| month[what].as_f64().unwrap()).fold(0.0, f64::max)
}

#[test]
fn what_is_kept_of_a_visitor_is_bounded_and_no_longer_grows_after_some_months() {
    let plot = file("history.svg", "");
    let ran = tailorbird(&["evaluate", "history", "--years", "1", "--a-day", "9", "--json", "--plot", &plot]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{}", ran.err);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    let months = found["months"].as_array().unwrap();
    assert_eq!((months.len(), found["events"].as_u64()), (12, Some(365 * 9)));
    assert!(largest(months, "bytes") < 24_000.0, "{} bytes", largest(months, "bytes"));
    let [second, last] = [&months[4..8], &months[8..]].map(|third| largest(third, "bytes"));
    assert!(last <= 1.1 * second, "{second} bytes, then {last}");
    // `tests/memory.rs` bounds it.
    assert!(months.iter().all(|month| month["memory"].is_number() == cfg!(feature = "memory")), "{found}");
    let svg = fs::read_to_string(plot).unwrap();
    for word in ["<title>1 year of 9 events a day", "Stored profile, KB", "prefers-color-scheme: dark"] {
        assert!(svg.contains(word), "{word}");
    }
    let lines = svg.matches("stroke=\"#0000FF\" stroke-width=\"2\"").count();
    assert_eq!(lines, if cfg!(feature = "memory") { 3 } else { 2 }, "a line for each figure");
}
