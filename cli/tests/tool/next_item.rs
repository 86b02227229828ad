//! `tailorbird evaluate next-item` from outside.

use serde_json::Value;

use crate::{file, tailorbird};

/// Of a hundred visitors to a tent forty go on to a stove, and twenty to a mat; nobody goes on from there.
fn sessions() -> String {
    let session = |number: usize| {
        let (then, again) = (number * 1000 + 60, number * 1000 + 30);
        let next = match number % 5 {
            0 | 1 => format!("{number},tent,{again}\n{number},stove,{then}\n"),
            2 => format!("{number},mat,{then}\n"),
            _ => String::new(),
        };
        format!("{number},tent,{}\n{next}", number * 1000)
    };
    let rows: String = (0..100).map(session).collect();
    format!("SessionId,ItemId,Time\n{rows}")
}

#[test]
fn each_probability_is_compared_with_how_often_it_happens() {
    let path = file("next-item.csv", sessions());
    let words = ["evaluate", "next-item", "--train", &path, "--test", &path];
    let ran = tailorbird(&[&words[..], &["--json"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    // A view of the tent again is none. After each of a hundred two items are expected.
    assert_eq!((report["views"].as_u64(), report["expected"].as_u64()), (Some(160), Some(200)), "{report}");
    let bin = |from: f64| {
        let bins = report["bins"].as_array().unwrap();
        bins.iter().find(|bin| bin["from"].as_f64() == Some(from)).unwrap()
    };
    for (from, predicted, observed) in [(0.15, 20.0 / 110.0, 0.2), (0.3, 40.0 / 110.0, 0.4)] {
        let (found, came) = (bin(from)["predicted"].as_f64().unwrap(), bin(from)["observed"].as_f64().unwrap());
        // Shares are rounded to 256ths.
        assert!((found - predicted).abs() < 1.0 / 256.0 && (came - observed).abs() < 1e-12, "{report}");
    }
    let text = tailorbird(&words);
    assert!(text.out.starts_with("160 views, after which 200 items were expected; calibration error 0.0"), "{text:?}");
}

#[test]
fn where_nothing_is_expected_there_is_nothing_to_measure() {
    let one = file("next-item-few.csv", "SessionId,ItemId,Time\n1,tent,1\n1,stove,2\n");
    let ran = tailorbird(&["evaluate", "next-item", "--train", &one, "--test", &one]);
    assert!(ran.code == 1 && ran.err.contains("after no item another one is expected"), "{ran:?}");
}
