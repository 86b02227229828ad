//! `tailorbird preview` from outside.

use serde_json::{Value, json};

use crate::{file, tailorbird};

const SITE: &str = r#"{"version": 1, "preview": true,
    "segments": [{"id": "vip", "when": {}}, {"id": "loyal", "when": {}}],
    "slots": [
        {"id": "hero", "choose": [{"by": "popular"}],
         "variants": [{"id": "tents", "content": {}}, {"id": "boots", "content": {}}]},
        {"id": "strip", "choose": [{"by": "popular"}], "variants": [{"id": "sale", "content": {}}]}],
    "prompts": [{"id": "letter", "on": {"exit": "high"},
        "content": {"title": "News?", "accept": "Yes", "decline": "No"}}]}"#;

#[test]
fn the_address_asks_for_what_was_chosen_and_keeps_what_the_page_has() {
    let config = file("preview.json", SITE);
    let cases: [(&[&str], &str, &str); 5] = [
        (&["--slot", "hero=boots"], "https://shop.example", "https://shop.example/?tb=hero:boots"),
        (
            &["--slot", "hero=boots", "--slot", "strip="],
            "http://localhost:8080/a?size=4%202#top",
            "http://localhost:8080/a?size=4%202&tb=hero:boots,strip:#top",
        ),
        (&["--prompt", "letter"], "https://shop.example/?tb=hero:boots", "https://shop.example/?tb=prompt.letter:"),
        (
            &["--prompt", "letter=letter"],
            "https://shop.example/?tbx=1",
            "https://shop.example/?tbx=1&tb=prompt.letter:letter",
        ),
        (
            &["--segment", "vip", "--segment", "loyal=out"],
            "https://shop.example/",
            "https://shop.example/?tb=segment.vip:in,segment.loyal:out",
        ),
    ];
    for (what, page, expected) in cases {
        let ran = tailorbird(&[&["preview", "--config", &config, "--url", page], what].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{what:?}: {ran:?}");
        assert_eq!(ran.out, format!("{expected}\n"), "{what:?}");
    }
}

#[test]
fn what_is_not_in_the_config_is_named_with_the_nearest_that_is() {
    let config = file("preview-missing.json", SITE);
    let words = ["preview", "--config", &config, "--url", "https://shop.example/", "--slot", "hero=boats"];
    let more = ["--slot", "strop=", "--prompt", "lettre", "--segment", "loyals"];
    let ran = tailorbird(&[&words[..], &more].concat());
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let lines: Vec<&str> = ran.err.lines().collect();
    let problems = [
        r#"there is no variant "boats" of slot "hero"; it has boots, tents"#,
        r#"there is no slot "strop"; the config has strip, hero"#,
        r#"there is no prompt "lettre"; the config has letter"#,
        r#"there is no segment "loyals"; the config has loyal, vip"#,
    ];
    assert_eq!(lines, problems.map(|problem| format!("{config}: {problem}")));

    let ran = tailorbird(&[&words[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.code, 1);
    assert_eq!(told, json!({"url": null, "allowed": true, "problems": [problems[0]]}));
}

#[test]
fn a_config_that_allows_no_preview_is_told() {
    let config = file("preview-forbidden.json", SITE.replace("\"preview\": true,", ""));
    let words = ["preview", "--config", &config, "--url", "https://shop.example/", "--slot", "hero=boots"];
    let ran = tailorbird(&words);
    assert_eq!((ran.code, ran.out.as_str()), (0, "https://shop.example/?tb=hero:boots\n"));
    assert_eq!(ran.err, format!("{config}: previews are not allowed, expected \"preview\": true\n"));
    let ran = tailorbird(&[&words[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told, json!({"url": "https://shop.example/?tb=hero:boots", "allowed": false, "problems": []}));
}

#[test]
fn wrong_use_ends_with_2() {
    let config = file("preview-usage.json", SITE);
    let cases: [(&[&str], &str); 5] = [
        (&["--url", "https://shop.example/"], "--slot"),
        (
            &["--url", "shop.example", "--slot", "hero=boots"],
            "expected an address that begins with http:// or https://",
        ),
        (&["--url", "https://shop.example/", "--slot", "hero"], "expected a slot and a variant, such as hero=boots"),
        (&["--url", "https://shop.example/", "--segment", "vip=no"], "expected in or out behind =, such as vip=out"),
        (&["--slot", "hero=boots"], "--url"),
    ];
    for (words, hint) in cases {
        let ran = tailorbird(&[&["preview", "--config", &config], words].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}
