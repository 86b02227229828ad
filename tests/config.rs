//! Every fixture of `tests/config` against the reader: good ones are read, bad ones are refused
//! with exactly the problems they list. `tests/config/schema.test.mjs` gives the same fixtures to
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
    Config::read(config).map_or_else(|problems| problems.lines(), |_| Vec::new())
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
