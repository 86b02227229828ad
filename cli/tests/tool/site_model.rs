//! `tailorbird train --sessions` and `tailorbird model` from outside.

use std::fs;

use serde_json::{Value, json};
use tailorbird_recommend::model_file::shards::{Shard, encode};
use tailorbird_recommend::model_file::{Kind, checksum, write};

use crate::{Ran, file, tailorbird};

/// Forty sessions of as many visitors: boots and then socks, or tents and then stoves; and one that tells who it was.
fn sessions() -> String {
    let mut rows = String::from("SessionId,ItemId,Time,Category\n");
    for session in 0..40 {
        let [first, then] = if session % 2 == 0 { ["boots", "socks"] } else { ["tents", "stoves"] };
        rows += &format!("{session},i1,{},{first}\n{session},i2,{},{then}\n", session * 10, session * 10 + 5);
    }
    rows + "alone,i1,900,boots\nalone,i9,901,secret\n"
}

/// A model that was learned, in a file of this name.
fn learned(name: &str) -> String {
    let sessions = file(&format!("{name}.csv"), sessions());
    let out = file(&format!("{name}.tbm"), "");
    let ran = tailorbird(&["train", "--sessions", &sessions, "--out", &out]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in ["learned from 41 sessions of 41 visitors", "next page", "areas", "all", "fewer than 5 visitors: "] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    out
}

#[test]
fn a_model_is_learned_from_sessions_and_described() {
    let model = learned("described");
    let ran = tailorbird(&["model", &model]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in ["described.tbm: good, ", "4 pages, ", "4 areas"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let report: Value = serde_json::from_str(&tailorbird(&["model", &model, "--json"]).out).unwrap();
    let sections: Vec<&str> =
        report["sections"].as_array().unwrap().iter().map(|section| section["kind"].as_str().unwrap()).collect();
    assert_eq!(sections, ["items", "rules", "sessions", "next items", "next page", "areas"]);
    assert_eq!(report["bytes"].as_u64(), Some(fs::metadata(&model).unwrap().len()));
}

#[test]
fn what_one_visitor_did_is_not_in_the_file() {
    let bytes = fs::read(learned("published")).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("boots") && has("stoves") && !has("secret") && !has("alone"));
    let (sessions, out) = (file("left-out.csv", sessions()), file("left-out.tbm", ""));
    let ran = tailorbird(&["train", "--sessions", &sessions, "--out", &out, "--json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let left_out = &report["left_out"];
    // "secret" itself, and after "boots".
    assert_eq!(
        (left_out["ways from page to page"].as_u64(), left_out["areas"].as_u64()),
        (Some(2), Some(1)),
        "{report}"
    );
}

#[test]
fn the_same_sessions_give_the_same_file() {
    let [one, other] = ["once", "again"].map(|name| fs::read(learned(name)).unwrap());
    assert_eq!(one, other);
}

#[test]
fn visits_of_one_visitor_count_once() {
    let rows: String = (0..40).map(|session| format!("{session},i,{session},boots,ada\n")).collect();
    let sessions = file("one-visitor.csv", format!("SessionId,ItemId,Time,Category,VisitorId\n{rows}"));
    let out = file("one-visitor.tbm", "");
    let ran = tailorbird(&["train", "--sessions", &sessions, "--out", &out]);
    assert!(ran.out.contains("learned from 40 sessions of 1 visitors"), "{ran:?}");
    assert!(!String::from_utf8_lossy(&fs::read(&out).unwrap()).contains("boots"));
}

#[test]
fn a_damaged_section_is_named_and_the_others_are_good() {
    let model = learned("damaged");
    let mut bytes = fs::read(&model).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&model, &bytes).unwrap();
    let ran = tailorbird(&["model", &model]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:?}");
    assert!(ran.out.contains("not all of it is good"), "{}", ran.out);
    let state = |section: &str| ran.out.lines().find(|line| line.trim_start().starts_with(section)).unwrap().to_owned();
    assert!(state("areas").contains("damaged") && state("next page").contains("good"), "{}", ran.out);

    for (content, expected) in
        [(&b"{}"[..], "is no site model"), (&bytes[..20], "is cut off before its sections begin")]
    {
        let ran = tailorbird(&["model", &file("no-model.tbm", content)]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

#[test]
fn further_files_beside_a_model_are_checked() {
    let boots = write(&[]);
    let shard = Shard {
        category: "boots",
        file: "split.boots.tbm",
        length: u32::try_from(boots.len()).unwrap(),
        checksum: checksum(&[&boots]),
    };
    let missing = Shard { category: "hats", file: "split.hats.tbm", ..shard };
    let of_another_day = Shard { category: "tents", file: "split.tents.tbm", ..shard };
    let model = |name, listed: &[Shard<'_>]| {
        file(name, write(&[(Kind::Shards, encode(listed)), (Kind::Other(77), Vec::new())]))
    };
    file("split.boots.tbm", &boots);
    let ran = tailorbird(&["model", &model("split.tbm", &[shard])]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in ["split.tbm: good", "1 further files", "unknown 77", "skipped: of a later version", "split.boots.tbm"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    file("split.tents.tbm", write(&[(Kind::Areas, vec![0, 0])]));
    let split = model("split.tbm", &[shard, missing, of_another_day]);
    let ran = tailorbird(&["model", &split, "--json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let states: Vec<&str> =
        report["shards"].as_array().unwrap().iter().map(|shard| shard["state"].as_str().unwrap()).collect();
    assert_eq!((ran.code, states), (1, vec!["good", "missing", "damaged"]));
}

/// Sessions in which boots go with boots, tents with tents, and the first of both with each other.
fn sessions_of_two_categories() -> String {
    let mut rows = String::from("SessionId,ItemId,Time,Category\n");
    let seen = [["b-1", "b-2"], ["b-2", "b-3"], ["b-1", "t-1"], ["t-1", "t-2"]];
    for session in 0..60 {
        for (step, item) in seen[session % seen.len()].iter().enumerate() {
            let category = if item.starts_with('b') { "boots" } else { "tents" };
            rows += &format!("{session},{item},{},{category}\n", session * 40_000 + step);
        }
    }
    rows
}

#[test]
fn a_large_model_is_split_by_category_and_answers_as_the_whole_one() {
    let sessions = file("two-categories.csv", sessions_of_two_categories());
    let [whole, split] = ["whole.tbm", "parted.tbm"].map(|name| file(name, ""));
    let train = |out: &str, above: &str| {
        let ran = tailorbird(&["train", "--sessions", &sessions, "--out", out, "--shard-above", above, "--json"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        serde_json::from_str::<Value>(&ran.out).unwrap()
    };
    assert_eq!(train(&whole, "100000")["shards"], json!([]));
    let report = train(&split, "100");
    let files: Vec<&str> =
        report["shards"].as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["parted.boots.tbm", "parted.tents.tbm"]);
    assert!(report["sections"].get("sessions").is_none(), "{report}");
    let checked = tailorbird(&["model", &split]);
    assert!(checked.code == 0 && checked.out.contains("good"), "{checked:?}");

    // What visitors do within one category, and then in both.
    let within = file("within.csv", "SessionId,ItemId,Time\n1,b-1,1\n1,b-3,2\n1,b-2,3\n2,t-2,1\n2,t-1,2\n");
    let ask =
        |model: &str, sessions: &str| tailorbird(&["evaluate", "ranking", "--model", model, "--sessions", sessions]);
    let answers = |ran: &Ran| serde_json::from_str::<Value>(&ran.out).unwrap()["answers"].clone();
    let (of_whole, of_split) = (ask(&whole, &within), ask(&split, &within));
    assert_eq!(of_split.err, "");
    assert_eq!(answers(&of_split), answers(&of_whole));

    fs::remove_file(split.replace(".tbm", ".boots.tbm")).unwrap();
    fs::copy(&whole, split.replace(".tbm", ".tents.tbm")).unwrap();
    let without = ask(&split, &within);
    assert_ne!(answers(&without), answers(&of_whole));
    assert!(answers(&without).as_array().unwrap().iter().all(|list| !list.as_array().unwrap().is_empty()));
    for part in ["parted.boots.tbm is missing, which the model lists", "parted.tents.tbm: it is not the file"] {
        assert!(without.err.contains(part), "{part}: {}", without.err);
    }
}

#[test]
fn sessions_that_teach_nothing_are_problems_and_the_commands_of_train_remain() {
    let out = file("nothing.tbm", "");
    let cases = [
        ("SessionId,ItemId,Time\ns,i,1\n", "no item was looked at by 5 visitors"),
        ("SessionId,ItemId,Time,Category\n", "holds no session"),
        ("SessionId,ItemId,Time,Category\ns,,1,boots\n", "line 2: ItemId is empty, expected an id"),
        ("SessionId,ItemId,Category\ns,i,boots\n", "has no column Time"),
    ];
    for (content, expected) in cases {
        let ran = tailorbird(&["train", "--sessions", &file("nothing.csv", content), "--out", &out]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{expected}: {ran:?}");
        assert!(ran.err.contains(expected), "{expected}: {}", ran.err);
    }
    let sessions = file("overwritten.csv", sessions());
    let ran = tailorbird(&["train", "--sessions", &sessions, "--out", &sessions]);
    assert!(ran.code == 2 && ran.err.contains("--out would overwrite"), "{ran:?}");
    let wrong: [(&[&str], &str); 4] = [
        (&["train"], "--sessions <FILE.csv>"),
        (&["train", "intent"], "--in <FILE>"),
        (&["train", "--sessions", "x.csv", "intent", "--in", "y.csv"], "cannot be used with"),
        (&["model"], "<FILE.tbm>"),
    ];
    for (words, hint) in wrong {
        let ran = tailorbird(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}
