//! A look into logs: each ready map is recognized by its fixture, and what a log does not say is left open.

use std::path::{Path, PathBuf};

use crate::support::engines;
use tailorbird_companion::source::look::{Look, look};
use tailorbird_companion::source::{self, Map, READY};

/// The fixtures of a ready map.
fn fixtures(map: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(map)
}

/// What is seen in a CSV file.
fn of_csv(text: &str) -> Vec<Look> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    std::fs::write(&path, text).unwrap();
    engines()
        .into_iter()
        .map(|(_, mut engine)| look(engine.as_mut(), &source::files_of(&path, None).unwrap(), None).unwrap())
        .collect()
}

#[test]
fn each_ready_map_is_recognized_by_its_own_log_alone() {
    for (map, _, _) in READY {
        for (name, mut engine) in engines() {
            let look = look(engine.as_mut(), &source::files_of(&fixtures(map), None).unwrap(), None).unwrap();
            assert_eq!(look.fits, Some(*map), "{name}");
            assert!(look.seen.is_some_and(|seen| !seen.events.is_empty()), "{map} on {name}");
        }
    }
}

#[test]
fn a_log_that_says_all_by_itself_gets_a_whole_map() {
    let text = "user_id,event_name,item_id,event_time,price
ada,view,b-7,2026-11-27T10:00:00Z,129
bob,purchase,b-7,2026-11-28T10:00:00Z,129
bob,scroll,,2026-11-28T10:00:00Z,
";
    for look in of_csv(text) {
        let expected = r#"format = "csv"

[columns]
time = "event_time"
time_unit = "iso"
visitor = "user_id"
event = "event_name"
item = "item_id"
price = "price"

[events]
view = ["view"]
purchase = ["purchase"]
# left out as of no kind: "scroll"
"#;
        assert_eq!(look.proposal.text, expected);
        assert!(look.proposal.open.is_empty());
        let seen = look.seen.unwrap();
        let events = [("purchase".to_owned(), "purchase".to_owned(), 1), ("view".to_owned(), "view".to_owned(), 1)];
        assert_eq!(seen.events, events);
        assert_eq!(seen.times, Some((1_795_773_600_000, 1_795_860_000_000)));
        assert_eq!(seen.left_out, [("event scroll is of no kind".to_owned(), 1)]);
    }
}

#[test]
fn what_a_log_does_not_say_is_not_guessed() {
    let text = "created,updated,who,item_id,sku\n1795773600,1795773601,ada,1,2\n1795773602,1795773603,bob,1,2\n";
    for look in of_csv(text) {
        let open: Vec<(&str, Vec<&str>)> = look
            .proposal
            .open
            .iter()
            .map(|open| (open.key, open.candidates.iter().map(String::as_str).collect()))
            .collect();
        let expected = [
            ("time", vec!["created", "updated"]),
            ("time_unit", vec!["s", "ms", "us", "iso"]),
            ("visitor", vec!["created", "updated", "who"]),
            ("item", vec!["item_id", "sku"]),
        ];
        assert_eq!(open, expected);
        assert!(look.proposal.text.contains("# time = ? \"created\" or \"updated\"\n"), "{}", look.proposal.text);
        assert!(look.seen.is_none());
    }
}

#[test]
fn a_map_that_is_given_is_not_questioned() {
    let map = Map::ready("sessions").unwrap().unwrap();
    for (_, mut engine) in engines() {
        let path = fixtures("sessions").join("short.csv");
        let look = look(engine.as_mut(), &source::files(&path, &map).unwrap(), Some(&map)).unwrap();
        assert_eq!((look.fits, look.seen.unwrap().events.len()), (None, 1));
    }
}
