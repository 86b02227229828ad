//! `tailorbird types` from outside. That its output says to a compiler what it should is tested in
//! `tests/package/types.test.mjs`, with the same files.

use std::fs;
use std::path::Path;

use crate::{file, tailorbird};

/// A file of `cli/tests/tool/types`.
fn kept(name: &str) -> String {
    format!("{}/tests/tool/types/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_config_becomes_the_declarations_beside_it() {
    // After a wanted change: `tailorbird types site.json --out site.d.ts`, and the same for the other.
    for (name, why) in [("site", "each kind of key and of value"), ("hostile", "keys that try to be more than keys")] {
        let ran = tailorbird(&["types", &kept(&format!("{name}.json"))]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{why}");
        assert_eq!(ran.out, fs::read_to_string(kept(&format!("{name}.d.ts"))).unwrap(), "{why}");
    }
}

#[test]
fn nothing_a_key_holds_can_be_seen_as_anything_but_a_literal() {
    let text = fs::read_to_string(kept("hostile.d.ts")).unwrap();
    let unseen =
        |letter: char| letter.is_control() || "\u{2028}\u{2029}\u{202e}\u{2066}\u{feff}\u{200b}".contains(letter);
    assert_eq!(text.split('\n').collect::<String>().find(unseen), None);
    for line in text.lines().filter(|line| line.contains("evil")) {
        let key = line.trim().split_once(": ").unwrap().0;
        assert_eq!(serde_json::from_str::<String>(key).unwrap(), "*/ export const evil = 1; /*");
    }
}

#[test]
fn a_config_without_keys_says_that_there_are_none() {
    let ran = tailorbird(&["types", &file("no-keys.json", r#"{"version": 1}"#)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in ["// The ids and keys of \"no-keys.json\", ", "slots: {};", "features: {};", "prompts: never;"] {
        assert!(ran.out.contains(line), "{line}: {}", ran.out);
    }
}

#[test]
fn with_out_the_declarations_are_written_and_nothing_is_printed() {
    let config = file("written.json", r#"{"version": 1, "slots": [{"id": "a", "choose": [{"by": "popular"}]}]}"#);
    let out = file("written.d.ts", "something older");
    let ran = tailorbird(&["types", &config, "--out", &out]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(out).unwrap(), tailorbird(&["types", &config]).out);
}

#[test]
fn a_config_with_problems_is_refused_with_all_of_them() {
    let config = file("refused.json", r#"{"version": 2, "slots": [{"id": "a b", "choose": [{"by": "popular"}]}]}"#);
    let out = config.replace("refused.json", "refused.d.ts");
    let ran = tailorbird(&["types", &config, "--out", &out]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let problems = [
        format!("{config}: version is 2, expected 1"),
        format!("{config}: slots[0].id is \"a b\", expected an id of 1 to 64 letters, digits, - and _"),
    ];
    assert_eq!(ran.err.lines().collect::<Vec<_>>(), problems);
    assert!(!Path::new(&out).exists(), "nothing is written");
}

#[test]
fn a_file_that_is_read_or_cannot_be_written_is_wrong_use() {
    let text = r#"{"version": 1}"#;
    let config = file("kept.json", text);
    let folder = env!("CARGO_TARGET_TMPDIR");
    let cases = [
        (vec!["types"], "<CONFIG>"),
        (vec!["types", "no-such-file.json"], "no-such-file.json: cannot be read"),
        (vec!["types", &config, "--out", &config], "--out would overwrite"),
        (vec!["types", &config, "--out", folder], "cannot be written"),
    ];
    for (words, hint) in cases {
        let ran = tailorbird(&words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
    assert_eq!(fs::read_to_string(config).unwrap(), text);
}

#[test]
fn its_help_says_what_a_feature_can_be() {
    let ran = tailorbird(&["types", "--help"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for part in ["tb.decide(\"hreo\")", "or a prerequisite can leave the feature without a value", "Exit codes: 0 good"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
}

#[cfg(unix)]
#[test]
fn the_name_of_the_config_stays_within_its_comment() {
    let ran = tailorbird(&["types", &file("a\nexport const evil = 1;.json", r#"{"version": 1}"#)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("// The ids and keys of \"a\\nexport const evil = 1;.json\", for"), "{}", ran.out);
}
