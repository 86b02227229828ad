//! `tailorbird validate` from outside.

use serde_json::{Value, json};

use crate::{file, tailorbird};

#[test]
fn a_good_config_is_told_by_what_is_in_it() {
    let config = file(
        "good.json",
        r#"{"version": 1, "segments": [{"id": "s", "when": {}}], "slots": [
            {"id": "hero", "choose": [{"by": "segment"}], "variants": [
                {"id": "a", "content": {}}, {"id": "b", "segment": "s", "content": {}}]},
            {"id": "also", "choose": [{"by": "popular"}]}]}"#,
    );
    let ran = tailorbird(&["validate", &config]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, format!("{config}: good, with 2 slots, 2 variants, 1 segment, 0 prompts\n"));

    let ran = tailorbird(&["validate", "--json", &config]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        told,
        json!({"file": config, "valid": true, "count": 0, "problems": [], "warnings": [],
               "slots": 2, "variants": 2, "segments": 1, "prompts": 0})
    );
}

#[test]
fn each_problem_stands_on_its_own_line_with_its_place() {
    let config = file(
        "problems.json",
        r#"{"version": 1, "x-note": "mine", "slots": [{"id": "a", "choose": [{"by": "popular"}]},
            {"id": "b", "choose": [{"by": "popular"}], "holdout": 7}], "slot": []}"#,
    );
    let ran = tailorbird(&["validate", &config]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with(&format!("{config}: slot is unknown, expected one of ")), "{lines:?}");
    assert_eq!(lines[1], format!("{config}: slots[1].holdout is 7, expected a number from 0 to 1"));
    assert_eq!(lines[2], format!("{config}: 2 problems"));

    let ran = tailorbird(&["validate", &config, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&told["valid"], &told["count"]), (&json!(false), &json!(2)));
    assert_eq!(
        told["problems"][1],
        json!({"path": "slots[1].holdout", "text": "slots[1].holdout is 7, expected a number from 0 to 1"})
    );
}

#[test]
fn a_config_that_cannot_be_one_gets_one_problem_in_words() {
    let nested = format!(r#"{{"version": 1, "x-deep": {}{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("large.json", vec![b' '; 2_000_000], "the config is 2000000 bytes, expected at most 1000000"),
        ("deep.json", nested.into(), "the config is deeper than 64 levels"),
        ("comma.json", b"{\n  \"version\": 1,\n}".into(), "the config is not JSON, line 3, column 1: trailing comma"),
        ("cut.json", b"{\"version\": 1".into(), "the config is cut off, line 1, column 13: "),
        ("empty.json", Vec::new(), "the config is cut off, line 1, column 0: "),
        ("latin.json", b"{\"x-\xe9\": 1}".into(), "the config is not UTF-8 text: line 1 "),
    ];
    for (name, content, problem) in cases {
        let config = file(name, content);
        let ran = tailorbird(&["validate", &config]);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{name}");
        let lines: Vec<&str> = ran.out.lines().collect();
        assert!(lines[0].starts_with(&format!("{config}: {problem}")), "{lines:?}");
        assert_eq!(lines[1..], [format!("{config}: 1 problem")]);
    }
}

#[test]
fn hundreds_of_problems_are_counted_beyond_the_first_hundred() {
    let keys: String = (0..150).map(|key| format!(r#", "key{key}": 1"#)).collect();
    let config = file("hundreds.json", format!(r#"{{"version": 1{keys}}}"#));
    let ran = tailorbird(&["validate", &config]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!((ran.code, lines.len()), (1, 102));
    assert_eq!(lines[100..], [format!("{config}: ... and 50 more"), format!("{config}: 150 problems")]);
}
