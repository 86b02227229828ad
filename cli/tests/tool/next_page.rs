//! `tailorbird evaluate next-page` from outside.

use serde_json::Value;

use crate::{file, tailorbird};

#[test]
fn pages_that_always_follow_are_predicted() {
    let train = file("next-page-train.txt", "1 2 3\n1 2 3\n1 2 3\n1 2 3\n4 4 4 5\n".repeat(40));
    let test = file("next-page-test.txt", "1 2 3\n4 4 5\n");
    let ran = tailorbird(&["evaluate", "next-page", "--train", &train, "--test", &test, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let number = |name: &str| report[name].as_f64().unwrap();
    // Of 2, 3, 4 and 5 only the end of a repetition comes as a surprise.
    assert_eq!((number("acc1"), number("acc1_collapsed")), (0.75, 1.0), "{report}");
    assert!(number("bits_collapsed") < number("bits") && number("bits_collapsed") > 0.0, "{report}");
    assert!((20.0..200.0).contains(&number("model_bytes")) && number("model_brotli") > 0.0, "{report}");
    let ran = tailorbird(&["evaluate", "next-page", "--train", &train, "--test", &test]);
    assert!(
        ran.out.contains("before it is published")
            && ran.out.contains("repeats left out")
            && ran.out.contains("0.7500"),
        "{}",
        ran.out
    );
}

#[test]
fn visits_of_one_page_leave_nothing_to_predict() {
    let (train, test) = (file("next-page-some.txt", "1 2\n"), file("next-page-none.txt", "1\n2 2\n"));
    let ran = tailorbird(&["evaluate", "next-page", "--train", &train, "--test", &test]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("next-page-none.txt: no visit has two different pages"), "{}", ran.err);
}
