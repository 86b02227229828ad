//! `tailorbird evaluate recommend` from outside.

use serde_json::Value;

use crate::{file, tailorbird};

/// Sessions of two views each, a minute apart: boots then socks, or a tent then a stove; the first of each pair twice
/// as often.
fn sessions(from: usize, count: usize) -> String {
    let session = |number: usize| {
        let (one, other) = if number.is_multiple_of(3) { ("tent", "stove") } else { ("boots", "socks") };
        let time = number * 1000;
        format!("{number},{one},{time}\n{number},{other},{}\n", time + 60)
    };
    let rows: String = (from..from + count).map(session).collect();
    format!("SessionId,ItemId,Time\n{rows}")
}

#[test]
fn what_always_follows_is_predicted_by_every_tier_but_popularity() {
    let train = file("recommend-train.csv", sessions(0, 60));
    let test = file("recommend-test.csv", sessions(60, 30));
    let ran = tailorbird(&["evaluate", "recommend", "--train", &train, "--test", &test, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    for tier in ["rules", "neighbours", "blended"] {
        let figures = &report["tiers"][tier];
        assert_eq!((figures["mrr20"].as_f64(), figures["mrr20_other"].as_f64()), (Some(1.0), Some(1.0)), "{report}");
    }
    // Four items: of the popular ones socks come second, and first without the boots; stoves fourth, and third.
    let popular = |name: &str| report["tiers"]["popular"][name].as_f64().unwrap();
    assert!((popular("mrr20") - (20.0 / 2.0 + 10.0 / 3.0) / 30.0).abs() < 1e-12, "{report}");
    assert_eq!(popular("hr20"), 1.0);
    let number = |name: &str| report[name].as_f64().unwrap();
    assert_eq!((number("support"), report["published"]["support"].as_f64()), (1.0, Some(5.0)));
    assert!(number("p99_us") >= number("p50_us") && number("p50_us") > 0.0, "{report}");
    assert!(number("model_bytes") > report["tiers"]["rules"]["model_bytes"].as_f64().unwrap(), "{report}");
    assert!(number("model_brotli") > 0.0, "{report}");
    let ran = tailorbird(&["evaluate", "recommend", "--train", &train, "--test", &test]);
    assert!(ran.out.contains("30 items predicted") && ran.out.contains("neighbours"), "{}", ran.out);
}

#[test]
fn what_few_visitors_saw_is_not_predicted_unless_it_is_allowed() {
    let train = file("recommend-few.csv", sessions(0, 6));
    let test = file("recommend-few-test.csv", sessions(6, 3));
    let hits = |support: &str| {
        let words = ["evaluate", "recommend", "--train", &train, "--test", &test, "--support", support, "--json"];
        let ran = tailorbird(&words);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        report["hr20"].as_f64().unwrap()
    };
    assert_eq!([hits("1"), hits("4")], [1.0, 2.0 / 3.0], "four visitors saw boots and socks, two tents and stoves");
    assert_eq!(hits("5"), 0.0);
}

#[test]
fn the_same_visitor_counts_once_where_the_file_tells_visitors() {
    let rows: String = (0..20).map(|session| format!("{session},a,0,v\n{session},b,1,v\n")).collect();
    let train = file("recommend-visitor.csv", format!("SessionId,ItemId,Time,VisitorId\n{rows}"));
    let ran = tailorbird(&["evaluate", "recommend", "--train", &train, "--test", &train, "--json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["published"]["hr20"].as_f64(), Some(0.0), "{report}");
}

#[test]
fn sessions_of_unknown_items_leave_nothing_to_predict() {
    let train = file("recommend-some.csv", sessions(0, 6));
    let test = file("recommend-none.csv", "SessionId,ItemId,Time\n1,x,0\n1,boots,1\n");
    let ran = tailorbird(&["evaluate", "recommend", "--train", &train, "--test", &test]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("recommend-none.csv: no session has two items that were learned"), "{}", ran.err);
}
