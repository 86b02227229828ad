//! `tailorbird evaluate exit` from outside.

use serde_json::{Value, json};

use crate::{file, tailorbird};

#[test]
fn the_same_seed_gives_the_same_object() {
    let run = |seed: &str| tailorbird(&["evaluate", "exit", "--strokes", "50", "--seed", seed, "--json"]);
    let (ran, again, other) = (run("3"), run("3"), run("4"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.out, again.out);
    assert_ne!(ran.out, other.out);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["seed"], &report["strokes"], &report["recorded"]), (&json!(3), &json!(50), &json!([])));
    let rows = report["simulated"].as_array().unwrap();
    let heads: Vec<(&str, u64)> =
        rows.iter().map(|row| (row["aim"].as_str().unwrap(), row["hz"].as_u64().unwrap())).collect();
    assert_eq!(heads, [("tabs", 60), ("tabs", 125), ("menu", 60), ("menu", 125), ("page", 60), ("page", 125)]);
    assert_eq!((&rows[0]["count"], &rows[0]["crossed"], &rows[4]["crossed"]), (&json!(50), &json!(50), &json!(0)));
}

#[test]
fn recorded_movements_are_counted_by_what_they_were_for() {
    let out = json!({"name": "out", "aim": "tabs", "events": [
        {"type": "move", "at": 0, "y": 200}, {"type": "move", "at": 16, "y": 120}, {"type": "move", "at": 32, "y": 40},
        {"type": "out", "at": 48, "x": 300, "y": -40, "width": 1000, "height": 700, "focused": true}]});
    let back = json!({"name": "back", "aim": "menu", "events": [
        {"type": "out", "at": 0, "x": 300, "y": -4, "width": 1000, "height": 700}, {"type": "over", "at": 149, "mouse": true}]});
    let late = json!({"name": "late", "aim": "menu", "events": [
        {"type": "out", "at": 0, "x": 300, "y": -4, "width": 1000, "height": 700}, {"type": "over", "at": 150, "mouse": true}]});
    let tracks = file("tracks.jsonl", format!("{out}\n\n{back}\n{late}\n"));
    let ran = tailorbird(&["evaluate", "exit", "--strokes", "1", "--tracks", &tracks, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let rows = &report["recorded"];
    assert_eq!((&rows[0]["aim"], &rows[0]["low"], &rows[0]["lead_ms"]), (&json!("tabs"), &json!(1), &json!(32.0)));
    let menu = (&rows[1]["count"], &rows[1]["crossed"], &rows[1]["high"], &rows[1]["medium"]);
    assert_eq!(menu, (&json!(2), &json!(2), &json!(1), &json!(0)));
    let ran = tailorbird(&["evaluate", "exit", "--strokes", "1", "--tracks", &tracks]);
    assert!(ran.out.contains("recorded") && !ran.out.contains("missed"), "{}", ran.out);
}

#[test]
fn a_line_that_is_no_movement_is_told_with_its_place() {
    let tracks = file("no-tracks.jsonl", "{\"name\": \"out\", \"aim\": \"tabs\", \"events\": [\n");
    let ran = tailorbird(&["evaluate", "exit", "--strokes", "1", "--tracks", &tracks]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("no-tracks.jsonl:1: "), "{}", ran.err);
}
