//! The tool from outside: arguments in, two streams and an exit code out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod attributes;
mod history;
mod intent;
mod lifetime_value;
mod lift;
mod replay;
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
    let output = Command::new(env!("CARGO_BIN_EXE_tailorbird")).args(words).output().unwrap();
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
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage: tailorbird"),
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
        (&["--help"], "Exit codes: 0 well, 1 problems found, 2 wrong use."),
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
