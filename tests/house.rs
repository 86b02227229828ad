//! The rules of the house, read from its source: which way imports point, what the core may not
//! name, how long a file grows and what it is called. Each rule is shown to fail on a snippet that
//! breaks it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate, in the order in which data flows. A module imports from its own place
/// or from an earlier one; the first place, the shared ground, therefore imports nothing but itself.
const PLACES: [&[&str]; 8] = [
    &["value", "reader", "condition", "template", "host", "time", "random", "hash", "number", "codec"],
    &["signal"],
    &["profile"],
    &["decision"],
    &["page"],
    &["measurement"],
    &["config", "state", "storage", "engine"],
    &["web"],
];

/// Mechanisms that the standard library or a well-kept crate replaced, and that are not to come back.
const GONE: [&str; 4] = ["GlobalAlloc", "no_mangle", "UnsafeCell", "transmute"];

/// What only the shell may name.
const BROWSER: [&str; 9] = [
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "serde_wasm_bindgen",
    "gloo_storage",
    "JsValue",
    "localStorage",
    "sessionStorage",
    "indexedDB",
];
/// What nobody in the core may name: clocks, chance, and collections whose order differs.
const UNEQUAL: [&str; 9] =
    ["Instant", "SystemTime", "HashMap", "HashSet", "RandomState", "getrandom", "thread_rng", "OsRng", "rand"];
/// What of the standard library speaks with the world outside.
const OUTSIDE: [&str; 7] = ["time", "fs", "net", "env", "thread", "io", "process"];
/// Macros that print.
const PRINTING: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

const DRAWERS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "misc", "tools"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with one of these endings: path from the root, and text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "node_modules" {
                folders.push(path);
            } else if path.extension().is_some_and(|own| endings.iter().any(|ending| own == *ending)) {
                let inside = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push((inside, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Applies a rule to files and names every offence.
fn uphold(files: Vec<(String, String)>, rule: impl Fn(&str, &str) -> Vec<String>) {
    assert!(!files.is_empty(), "there is nothing to look at");
    let offences: Vec<String> = files
        .iter()
        .flat_map(|(path, text)| rule(path, text).into_iter().map(move |offence| format!("{path}: {offence}")))
        .collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

/// Rust code as words and signs; comments, texts and characters are left out.
fn tokens(source: &str) -> Vec<String> {
    let letters: Vec<char> = source.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or('\0');
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    let mut here = 0;
    while here < letters.len() {
        let start = here;
        match (at(here), at(here + 1)) {
            ('/', '/') => {
                while here < letters.len() && at(here) != '\n' {
                    here += 1;
                }
            }
            ('/', '*') => {
                while here < letters.len() && (at(here), at(here + 1)) != ('*', '/') {
                    here += 1;
                }
                here += 2;
            }
            ('r', '"' | '#') if !is_word(at(here.wrapping_sub(1))) => {
                let hashes = letters[here + 1..].iter().take_while(|letter| **letter == '#').count();
                let end: String = format!("\"{}", "#".repeat(hashes));
                let body: String = letters[here + 2 + hashes..].iter().collect();
                here += 2 + hashes + body.find(&end).map_or(body.len(), |at| body[..at].chars().count() + end.len());
            }
            ('"', _) => {
                here += 1;
                while here < letters.len() && at(here) != '"' {
                    here += if at(here) == '\\' { 2 } else { 1 };
                }
                here += 1;
            }
            // A character, unless it is a lifetime.
            ('\'', '\\') => {
                here += 3;
                while here < letters.len() && at(here) != '\'' {
                    here += 1;
                }
                here += 1;
            }
            ('\'', _) if at(here + 2) == '\'' => here += 3,
            (letter, _) if is_word(letter) => {
                while is_word(at(here)) {
                    here += 1;
                }
                found.push(letters[start..here].iter().collect());
            }
            (':', ':') => {
                here += 2;
                found.push("::".to_owned());
            }
            (letter, _) => {
                here += 1;
                if !letter.is_whitespace() {
                    found.push(letter.to_string());
                }
            }
        }
    }
    found
}

/// The module a file holds: `src/profile/interest.rs` is `["profile", "interest"]`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
    inside.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
}

/// What a file names: the first two steps of every path from the root of the crate, as in
/// `["profile", "rules"]`, and of everything else, as in `["std::", "time"]`.
fn named(path: &str, source: &str) -> Vec<Vec<String>> {
    let tokens = tokens(source);
    let at = |index: usize| tokens.get(index).map_or("", String::as_str);
    // The module of each open brace; braces of anything but a module repeat the one around them.
    let mut around = vec![module_of(path)];
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let here = around.last().cloned().unwrap_or_default();
        if token == "{" {
            let is_module = index >= 2 && at(index - 2) == "mod";
            let inner = is_module.then(|| [here.as_slice(), &[at(index - 1).to_owned()]].concat());
            around.push(inner.unwrap_or(here));
        } else if token == "}" {
            around.pop();
        } else if at(index + 1) == "::" && (index == 0 || at(index - 1) != "::") {
            let (mut base, mut next) = (here, index);
            match token.as_str() {
                "crate" | "tailorbird" => base.clear(),
                "super" => {
                    while at(next) == "super" {
                        base.pop();
                        next += 2;
                    }
                    next -= 2;
                }
                "self" => {}
                other => base = vec![format!("{other}::")],
            }
            found.extend(ends(&tokens, next + 2).into_iter().map(|end| [base.as_slice(), &[end]].concat()));
        }
    }
    found
}

/// The first words after `::`: one, or those of a group in braces.
fn ends(tokens: &[String], start: usize) -> Vec<String> {
    if tokens.get(start).map(String::as_str) != Some("{") {
        return tokens.get(start).cloned().into_iter().collect();
    }
    let (mut depth, mut found, mut fresh) = (0, Vec::new(), true);
    for token in &tokens[start..] {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," => fresh = true,
            word if depth == 1 && fresh => {
                found.push(word.to_owned());
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

fn place_of(module: &str) -> Option<usize> {
    PLACES.iter().position(|modules| modules.contains(&module))
}

/// Imports point to earlier stages, never to a later one or up to where stages meet.
fn imports_point_backwards(path: &str, source: &str) -> Vec<String> {
    let Some(own) = module_of(path).into_iter().next() else { return Vec::new() };
    let Some(place) = place_of(&own) else {
        return vec![format!("`{own}` has no place in the flow; give it one in tests/house.rs")];
    };
    let modules = named(path, source).into_iter().filter_map(|steps| steps.into_iter().next());
    let mut offences: Vec<String> = modules
        .filter(|module| place_of(module).is_some_and(|other| other > place))
        .map(|module| format!("imports `{module}`, which comes later than `{own}`"))
        .collect();
    offences.dedup();
    offences
}

/// The core names no browser, no clock, no chance, nothing outside, and no unordered collection.
fn the_core_is_pure(path: &str, source: &str) -> Vec<String> {
    if module_of(path).first().is_some_and(|first| first == "web") {
        return Vec::new();
    }
    let words = tokens(source);
    let after = |index: usize| words.get(index + 1).map_or("", String::as_str);
    let forbidden = words.iter().enumerate().filter(|(index, word)| {
        let word = word.as_str();
        BROWSER.contains(&word)
            || UNEQUAL.contains(&word)
            || (PRINTING.contains(&word) && after(*index) == "!")
            || (["document", "navigator"].contains(&word) && after(*index) == ".")
    });
    let outside = named(path, source).into_iter().filter(|steps| {
        steps.first().is_some_and(|first| first == "std::")
            && steps.get(1).is_some_and(|second| OUTSIDE.contains(&second.as_str()))
    });
    forbidden
        .map(|(_, word)| format!("names `{word}`"))
        .chain(outside.map(|steps| format!("names `{}`", steps.concat())))
        .collect()
}

/// A file is named after its idea. How long it grows is judged by eye.
fn a_file_is_named_after_its_idea(path: &str, _: &str) -> Vec<String> {
    let mut offences = Vec::new();
    let name = Path::new(path).file_stem().unwrap().to_string_lossy().into_owned();
    if name == "mod" {
        offences.push("is called mod.rs: put `stage.rs` beside `stage/`".to_owned());
    }
    if path.split('/').any(|part| DRAWERS.contains(&part.split('.').next().unwrap_or(""))) {
        offences.push("is named after no idea".to_owned());
    }
    offences
}

/// Every module that `lib.rs` declares stands in its tour.
fn the_tour_passes_every_module(_: &str, source: &str) -> Vec<String> {
    let tour: String = source.lines().filter(|line| line.starts_with("//!")).collect();
    let words = tokens(source);
    let modules = words.windows(3).filter(|three| three[0] == "mod" && three[2] == ";").map(|three| three[1].clone());
    modules
        .filter(|module| !tour.contains(&format!("`{module}`")))
        .map(|module| format!("the tour does not mention `{module}`"))
        .collect()
}

#[test]
fn no_stage_imports_a_later_one_or_a_meeting_place() {
    uphold(files("src", &["rs"]), imports_point_backwards);
    let offending = [
        ("src/profile/interest.rs", "use crate::decision::slot::Slot;", "decision"),
        ("src/profile.rs", "fn f() -> crate::engine::Engine { todo!() }", "engine"),
        ("src/signal/event.rs", "use crate::{value::Value, config::Config};", "config"),
        ("src/signal/event.rs", "use super::super::profile::Profile;", "profile"),
        ("src/signal.rs", "use super::state;", "state"),
        ("src/value.rs", "mod tests { use super::super::signal::Signal; }", "signal"),
        ("src/number.rs", "use crate::page::Effect as E;", "page"),
        ("src/engine.rs", "crate::web::start();", "web"),
        ("src/drawer.rs", "", "has no place"),
    ];
    for (path, source, expected) in offending {
        let offences = imports_point_backwards(path, source);
        assert!(offences.len() == 1 && offences[0].contains(expected), "{path}: {source}: {offences:?}");
    }
    let allowed = [
        ("src/decision/strategies.rs", "use super::{Decision, Level}; use crate::profile::{interest, rules};"),
        ("src/profile.rs", "// crate::engine\nlet text = \"crate::engine\"; /* crate::engine */"),
        ("src/profile.rs", "mod tests { use super::*; fn f(page: u8) { page::<u8>(); } }"),
        ("src/state.rs", "use crate::measurement::ledger::Ledger; use crate::config::Config;"),
        ("src/web/api.rs", "use super::host::JavaScript; use crate::engine::Engine;"),
    ];
    for (path, source) in allowed {
        assert!(imports_point_backwards(path, source).is_empty(), "{path}: {source}");
    }
}

#[test]
fn the_core_names_no_browser_no_clock_and_no_unordered_collection() {
    uphold(files("src", &["rs"]), the_core_is_pure);
    let offending = [
        "use web_sys::Storage;",
        "use wasm_bindgen::prelude::*;",
        "let area = web_sys::window();",
        "let slots = document.query_selector_all(\"[data-tb-slot]\");",
        "let now = Instant::now();",
        "use std::time::Duration;",
        "use std::{fmt, time::Duration};",
        "let text = std::fs::read_to_string(path);",
        "use std::net::TcpStream;",
        "std::env::var(\"HOME\")",
        "std::thread::spawn(f);",
        "let map: std::collections::HashMap<u8, u8> = todo();",
        "use std::collections::{BTreeMap, HashSet};",
        "getrandom::fill(&mut bytes);",
        "println!(\"boots\");",
    ];
    for source in offending {
        assert!(!the_core_is_pure("src/profile.rs", source).is_empty(), "{source}");
    }
    let allowed = [
        ("src/profile.rs", "//! What `localStorage` keeps.\n/// Like `HashMap`.\nlet text = \"window.localStorage\";"),
        ("src/profile.rs", "let letter = '\"'; fn f<'a>(text: &'a str) {} use std::collections::BTreeMap;"),
        ("src/profile.rs", "let text = r#\"println!(\"HashMap\")\"#; use crate::time::Timestamp; time::hour();"),
        ("src/profile.rs", "let window = 5; let document = window; window_of(document);"),
        ("src/web/api.rs", "use wasm_bindgen::JsValue;"),
    ];
    for (path, source) in allowed {
        assert!(the_core_is_pure(path, source).is_empty(), "{source}: {:?}", the_core_is_pure(path, source));
    }
}

/// No mechanism of `GONE` is back, and nothing asks for or against being inlined.
fn nothing_deleted_is_back(_: &str, source: &str) -> Vec<String> {
    let words = tokens(source);
    let gone = words.iter().filter(|word| GONE.contains(&word.as_str())).map(|word| format!("names `{word}`"));
    let inlined = words.windows(3).filter(|three| three[0] == "inline" && three[1] == "(" && three[2] != ")");
    let forgotten =
        words.windows(3).filter(|three| *three == ["mem", "::", "forget"]).map(|_| "names `mem::forget`".to_owned());
    gone.chain(forgotten).chain(inlined.map(|three| format!("asks for inline({})", three[2]))).collect()
}

#[test]
fn no_deleted_mechanism_is_back() {
    uphold(files("src", &["rs"]), nothing_deleted_is_back);
    for source in [
        "#[inline(never)] fn f() {}",
        "unsafe impl GlobalAlloc for A {}",
        "#[unsafe(no_mangle)] extern \"C\" fn f() {}",
        "core::mem::forget(value);",
    ] {
        assert!(!nothing_deleted_is_back("src/value.rs", source).is_empty(), "{source}");
    }
    for source in ["// Never forget: no_mangle.", "engine.dispatch(Signal::Forget(a, b));", "#[inline] fn f() {}"] {
        assert!(nothing_deleted_is_back("src/value.rs", source).is_empty(), "{source}");
    }
}

#[test]
fn a_file_is_named_after_its_idea_and_not_a_drawer() {
    let folders = ["src", "cli/src", "xtask/src", "www/loader", "www/browser", "tests"];
    uphold(
        folders.iter().flat_map(|folder| files(folder, &["rs", "ts", "mjs"])).collect(),
        a_file_is_named_after_its_idea,
    );
    for path in ["src/utils.rs", "src/profile/helpers.rs", "src/common/math.rs", "src/manager.rs", "src/page/mod.rs"] {
        assert!(!a_file_is_named_after_its_idea(path, "").is_empty(), "{path}");
    }
    assert!(a_file_is_named_after_its_idea("src/profile/interest.rs", "").is_empty());
}

#[test]
fn the_tour_of_the_house_passes_every_room() {
    let lib = files("src", &["rs"]).into_iter().filter(|(path, _)| path == "src/lib.rs").collect();
    uphold(lib, the_tour_passes_every_module);
    let hidden = "//! [`value`] is a tree.\npub mod value;\nmod cellar;";
    assert_eq!(the_tour_passes_every_module("src/lib.rs", hidden), ["the tour does not mention `cellar`"]);
}
