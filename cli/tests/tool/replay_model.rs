//! `tailorbird replay --model` from outside: how often recommendations are what is looked at next.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{file, tailorbird};

const SHELF: &str = r#"{"version": 1, "model": "/site.tbm", "slots": [
    {"id": "next", "choose": [{"by": "recommend", "kind": "similar", "count": 1}]}]}"#;

/// Each third visitor looks at a tent and then at a stove, the others at boots and then at socks.
fn sessions() -> String {
    let mut csv = "SessionId,ItemId,Time\n".to_owned();
    for visitor in 0..30 {
        let (first, second) = if visitor % 3 == 0 { ("tent", "stove") } else { ("boots", "socks") };
        let start = 1_772_445_600 + visitor * 100;
        let _ = write!(csv, "s{visitor},{first},{start}\ns{visitor},{second},{}\n", start + 30);
    }
    csv
}

#[test]
fn recommendations_are_right_more_often_than_what_is_popular() {
    let (config, sessions) = (file("shelf.json", SHELF), file("shelf.csv", sessions()));
    let model = file("shelf.tbm", "");
    let ran = tailorbird(&["train", "--sessions", &sessions, "--out", &model]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let words = ["replay", "--config", &config, "--sessions", &sessions, "--model", &model];
    let ran = tailorbird(&[&words[..], &["--json"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let shelf = &report["recommendations"]["next"];
    assert_eq!((shelf["count"].as_u64(), shelf["predicted"].as_u64()), (Some(1), Some(30)), "{report}");
    assert_eq!(shelf["hit_rate"].as_f64(), Some(1.0), "{report}");
    assert!(shelf["popular_hit_rate"].as_f64().unwrap() < 0.7, "{report}");
    let text = tailorbird(&words).out;
    assert!(text.contains("was the next item shown?") && text.contains("100.0 %"), "{text}");
}

#[test]
fn what_is_no_model_is_refused_and_a_damaged_one_is_used_as_far_as_it_goes() {
    let (config, sessions) = (file("refused.json", SHELF), file("refused.csv", sessions()));
    let model = file("refused.tbm", "no model");
    let words = ["replay", "--config", &config, "--sessions", &sessions, "--model", &model, "--json"];
    let ran = tailorbird(&words);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("refused.tbm is no site model"), "{}", ran.err);
    assert_eq!(tailorbird(&["train", "--sessions", &sessions, "--out", &model]).code, 0);
    let mut bytes = std::fs::read(&model).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&model, bytes).unwrap();
    let ran = tailorbird(&words);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("the section next items is damaged, and not used"), "{}", ran.err);
}
