//! The tool from outside: arguments in, two streams and an exit code out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod areas;
mod attributes;
mod bandit;
mod duckdb;
mod exit;
mod explain;
mod history;
mod intent;
mod lifetime_value;
mod lift;
mod log;
mod new;
mod next_item;
mod next_page;
mod options;
mod policy;
mod preview;
mod privacy;
mod recommend;
mod report;
mod replay;
mod replay_in;
mod replay_log;
mod replay_model;
mod shop;
mod site_model;
mod train_log;
mod types;
mod validate;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What a run of the tool came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs the tool.
pub fn tailorbird(words: &[&str]) -> Ran {
    tailorbird_with(&[], words)
}

/// Runs the tool with these variables in its environment, and none other that asks for colours.
fn tailorbird_with(variables: &[(&str, &str)], words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tailorbird"));
    command.args(words).env_remove("NO_COLOR").env_remove("CLICOLOR").env_remove("CLICOLOR_FORCE");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A file of this test run with `content`; `name` is one test's own.
pub fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn wrong_use_ends_with_2_says_what_is_right_and_prints_no_result() {
    let cases: [(&[&str], &str); 15] = [
        (&[], "Usage: tailorbird"),
        (&["explain", replay::CONFIG], "--session <FILE.csv>"),
        (&["explain", "no-such-file.json", "--session", "x.csv"], "no-such-file.json: cannot be read"),
        (&["inspect", "no-such-page.html"], "no-such-page.html: cannot be read"),
        (&["inspect", "ftp://shop.example/"], "is no page, expected an address that begins with http:// or https://"),
        (&["inspect", "https://shop.example/", "--widths", "5"], "5 is not in 100..=8000"),
        (&["inspect", "https://shop.example/", "--browser", "no-such-browser"], "there is no such browser"),
        (&["validte", "x.json"], "validate"),
        (&["validate"], "<FILE>"),
        (&["validate", "--jsn", "x.json"], "--json"),
        (&["validate", "no-such-file.json"], "no-such-file.json: cannot be read"),
        (&["validate", env!("CARGO_MANIFEST_DIR")], "is a folder, expected a file"),
        (&["replay", "--config", "x.json"], "--sessions <FILE.csv>"),
        (&["replay", "--config", "no-such-file.json", "--sessions", "x.csv"], "no-such-file.json: cannot be read"),
        (&["replay", "--config", replay::CONFIG, "--sessions", "no-such-file.csv"], "no-such-file.csv: cannot be read"),
    ];
    for (words, hint) in cases {
        let ran = tailorbird(words);
        assert_eq!(ran.code, 2, "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{words:?}");
    }
}

#[test]
fn help_and_version_are_results() {
    let cases: [(&[&str], &str); 5] = [
        (&["--version"], concat!("tailorbird ", env!("CARGO_PKG_VERSION"), "\n")),
        (&["--help"], "Exit codes: 0 good, 1 problems found, 2 wrong usage."),
        (&["validate", "--help"], "slots[1].holdout is 7, expected a number from 0 to 1"),
        (&["replay", "--help"], "the share of all decisions above standard"),
        (&["replay", "-h"], "--trace <FILE.jsonl>"),
    ];
    for (words, part) in cases {
        let ran = tailorbird(words);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
        assert!(ran.out.contains(part), "{words:?}: {}", ran.out);
    }
}

#[test]
fn a_pipe_gets_no_escape_codes_and_a_terminal_only_where_it_may() {
    let results = file("colours.csv", "variation,n,sum,sum_squares\nA,5000,500,500\nB,5600,560,560\n");
    let sessions = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/replay/sessions.csv");
    let cases: [&[&str]; 7] = [
        &["lift", "--in", &results],
        &["explain", replay::CONFIG, "--session", sessions, "--visitor", "9000"],
        &["replay", "--config", replay::CONFIG, "--sessions", sessions],
        &["validate", replay::CONFIG],
        &["validate", "no-such-file.json"],
        &["evaluate", "peeking", "--tests", "2"],
        &["--help"],
    ];
    let has_codes = |ran: &Ran| ran.out.contains('\u{1b}') || ran.err.contains('\u{1b}');
    for words in cases {
        // As if both streams were terminals.
        let forced = tailorbird_with(&[("CLICOLOR_FORCE", "1")], words);
        assert!(has_codes(&forced), "{words:?}: {forced:?}");
        for variables in [&[][..], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]] {
            let ran = tailorbird_with(variables, words);
            assert!(!has_codes(&ran), "{words:?} with {variables:?}: {ran:?}");
        }
    }
    let json = tailorbird_with(&[("CLICOLOR_FORCE", "1")], &["lift", "--in", &results, "--json"]);
    assert!(!has_codes(&json) && json.out.starts_with('{'), "{json:?}");
}

#[test]
fn studies_are_not_in_the_list_of_commands_and_can_be_run() {
    let listed = tailorbird(&["--help"]).out;
    assert!(listed.contains("  completions ") && !listed.contains("evaluate"), "{listed}");
    let studies = tailorbird(&["evaluate", "--help"]);
    assert_eq!(studies.code, 0);
    for study in ["peeking", "intent", "leave", "lifetime-value", "policy", "reports", "history"] {
        assert!(studies.out.contains(&format!("\n  {study} ")), "{study}: {}", studies.out);
    }
}

#[test]
fn completions_are_printed_for_the_common_shells() {
    let cases = [
        ("bash", "complete -F _tailorbird"),
        ("zsh", "#compdef tailorbird"),
        ("fish", "complete -c tailorbird"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[tailorbird]"),
    ];
    for (shell, part) in cases {
        let ran = tailorbird(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for part in [part, "validate", "unit-days"] {
            assert!(ran.out.contains(part), "{shell}: {part} in {}", ran.out);
        }
        assert!(!ran.out.contains("peeking"), "{shell}: studies are not offered");
    }
    let wrong = tailorbird(&["completions", "cmd"]);
    assert!(wrong.code == 2 && wrong.err.contains("possible values: bash, elvish, fish"), "{wrong:?}");
}
