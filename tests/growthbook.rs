//! Plays the cases of the GrowthBook suite's format through the engine: `cargo test --test growthbook`.
//!
//! `GROWTHBOOK_CASES` names other files, joined by `:`; without it those of `tests/growthbook/cases`
//! are played. Encrypted payloads are refused, so the section `decrypt` is left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "growthbook/judge.rs"]
mod judge;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use tailorbird::host::Native;
use tailorbird::value::Value;

fn files() -> Vec<PathBuf> {
    if let Some(named) = env::var_os("GROWTHBOOK_CASES") {
        return env::split_paths(&named).collect();
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/growthbook/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

#[test]
fn every_case_comes_out_as_the_sdk_says() {
    let (mut passed, mut failures) = (0, Vec::new());
    for file in files() {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let cases: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for (section, cases) in cases.as_object().unwrap().iter() {
            let Some(cases) = cases.as_list() else { continue };
            for (index, case) in cases.iter().enumerate() {
                if section == "decrypt" {
                    continue;
                }
                let name = case.as_list().and_then(|case| case.first()?.as_text()).unwrap_or("");
                match judge::judge(section, case, &Native) {
                    Ok(None) => passed += 1,
                    Ok(Some(problem)) => failures.push(format!("{section}[{index}] {name:?}: {problem}")),
                    Err(()) => failures.push(format!("{section} is no section that is known")),
                }
            }
        }
    }
    for failure in &failures {
        println!("{failure}");
    }
    println!("{passed} passed, {} failed", failures.len());
    assert!(failures.is_empty() && passed > 0, "{} cases come out differently", failures.len());
}
