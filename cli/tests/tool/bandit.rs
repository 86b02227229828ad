//! `tailorbird evaluate bandit` from outside.

use serde_json::{Value, json};

use crate::tailorbird;

#[test]
fn the_regrets_are_means_over_the_seeds_and_the_same_each_time() {
    let run = |first: &str| tailorbird(&["evaluate", "bandit", "--seeds", "2", "--first-seed", first, "--json"]);
    let (ran, again, other) = (run("1"), run("1"), run("2"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.out, again.out);
    assert_ne!(ran.out, other.out);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["seeds"], &report["first_seed"], &report["visits"]), (&json!(2), &json!(1), &json!(5_000)));
    let ours = &report["policies"]["bandit"];
    for regret in ["regret100", "regret5000", "regret5000_drift"] {
        assert_eq!(report[regret], ours[regret]);
        let uniform = report["policies"]["uniform"][regret].as_f64().unwrap();
        assert!(ours[regret].as_f64().unwrap() < uniform / 2.0, "{report}");
    }
}

#[test]
fn the_table_names_every_policy() {
    let ran = tailorbird(&["evaluate", "bandit", "--seeds", "2"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for policy in ["bandit", "without forgetting", "without a prior", "LinUCB", "uniform"] {
        assert!(ran.out.lines().any(|line| line.trim_start().starts_with(policy)), "{policy}: {}", ran.out);
    }
}

#[test]
fn one_seed_has_no_spread() {
    let ran = tailorbird(&["evaluate", "bandit", "--seeds", "1"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}
