//! `tailorbird evaluate areas` from outside.

use serde_json::Value;

use crate::{file, tailorbird};

/// Visitors of two kinds: 1 and 2 belong together, 3 and 4 as well, and 5 is the most frequent.
fn visitors() -> String {
    let rows = (1..=40).map(|user| match user % 4 {
        0 => format!("{user},1 2\n"),
        1 => format!("{user},3 4\n"),
        _ => format!("{user},5\n"),
    });
    std::iter::once("user,areas\n".to_owned()).chain(rows).collect()
}

#[test]
fn areas_that_belong_together_are_told_from_each_other() {
    let (train, test) =
        (file("areas-train.csv", visitors()), file("areas-test.csv", "user,areas\n1,1 2\n2,3 4\n3,5\n"));
    let ran = tailorbird(&["evaluate", "areas", "--train", &train, "--test", &test, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((report["hr10"].as_f64(), report["mrr20"].as_f64()), (Some(1.0), Some(1.0)), "{report}");
    assert!((1..200).contains(&report["weights_bytes"].as_u64().unwrap()), "{report}");
    let ran = tailorbird(&["evaluate", "areas", "--train", &train, "--test", &test]);
    for part in ["40 visitors to learn from, 2 to predict", "popularity", "rules, area to area", "model"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
}

#[test]
fn visitors_of_one_area_and_odd_rows_are_problems() {
    let train = file("areas-some.csv", visitors());
    let cases = [
        ("user,areas\n1,1\n2,3\n", "no visitor saw two areas, expected some to predict"),
        ("user,areas\n", "holds no visitor"),
        ("user,areas\nada,1 2\n", "line 2: user is \"ada\", expected a number"),
        ("user,seen\n1,1 2\n", "has no column areas, expected user,areas"),
    ];
    for (test, expected) in cases {
        let test = file("areas-odd.csv", test);
        let ran = tailorbird(&["evaluate", "areas", "--train", &train, "--test", &test]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{expected}: {ran:?}");
        assert!(ran.err.contains(expected), "{expected}: {}", ran.err);
    }
}
