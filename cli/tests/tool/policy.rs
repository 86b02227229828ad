//! `tailorbird evaluate policy` from outside.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Ran, file, tailorbird};

/// Rounds of a real shop; not everywhere there.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/bandit_obd/men");

const HEAD: &str = "timestamp,item,position,click,propensity,u0\n";

fn evaluate(log: &str) -> Ran {
    tailorbird(&["evaluate", "policy", "--log", log, "--json"])
}

fn report(log: &str) -> Value {
    let ran = evaluate(log);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1);
    serde_json::from_str(&ran.out).unwrap()
}

/// 2,400 rounds of four items, each as likely. Half of the users click on item 2 and the others on item 3, three times in
/// five; on other items and of others one in ten.
fn made_up() -> String {
    let row = |round: u32| {
        // The places that a multiplicative hash spreads: item, user and chance are independent.
        let mixed = round.wrapping_mul(2_654_435_761) >> 8;
        let (item, user, chance) = (mixed % 4, mixed / 4 % 2, mixed / 8 % 10);
        let click = u32::from(chance < if item == 2 + user { 6 } else { 1 });
        format!(
            "2026-01-01 {:02}:{:02}:{:02},{item},1,{click},0.25,{user}\n",
            round / 3600,
            round / 60 % 60,
            round % 60
        )
    };
    (0..2_400).map(row).collect()
}

#[test]
fn of_the_uniform_policy_ips_is_the_mean_of_the_log_to_the_bit() {
    let report = report(&file("policy-uniform.csv", format!("{HEAD}{}", made_up())));
    let clicks = made_up().lines().filter(|line| line.contains(",1,1,0.25,")).count();
    assert_eq!((&report["rounds"], &report["items"]), (&json!(2_400), &json!(4)));
    assert_eq!(report["log"]["value"], json!(clicks as f64 / 2_400.0));
    let uniform = &report["whole"]["policies"]["uniform"];
    assert_eq!((&uniform["ips"], &uniform["snips"]), (&report["log"], &report["log"]));
    assert_eq!((&uniform["ess"], &uniform["clipped"]), (&json!(2_400.0), &json!(0)));
    assert_eq!(report["half"]["rounds"], json!(1_200));
}

#[test]
fn what_was_learned_from_the_first_half_is_better_on_the_second() {
    let report = report(&file("policy-learned.csv", format!("{HEAD}{}", made_up())));
    let policies = report["half"]["policies"].as_object().unwrap();
    assert_eq!(policies.len(), 7, "{policies:?}");
    for (name, found) in policies {
        for estimator in ["ips", "snips", "dm", "dr"] {
            let [lower, upper] = [0, 1].map(|end| found[estimator]["interval"][end].as_f64().unwrap());
            let value = found[estimator]["value"].as_f64().unwrap();
            assert!(lower <= value && value <= upper, "{name}, {estimator}: {found}");
        }
        assert!((found["mean_weight"]["value"].as_f64().unwrap() - 1.0).abs() < 0.2, "{name}: {found}");
        assert_eq!(found["unsupported"], json!(false), "{name}: {found}");
    }
    let rate = |name: &str| policies[name]["dr"]["value"].as_f64().unwrap();
    // 0.6 for the favourite, and what the tenth that explores gets.
    for name in ["LinUCB, epsilon-greedy 0.1", "bandit of the engine"] {
        assert!((rate(name) - 0.56).abs() < 0.06, "{name}: {}", policies[name]);
        assert!(rate(name) > 2.0 * rate("uniform"), "{name}: {}", policies[name]);
    }
}

#[test]
fn for_a_person_it_is_two_tables_and_a_word_on_what_says_little() {
    let few: String = made_up().split_inclusive('\n').take(240).collect();
    let ran = tailorbird(&["evaluate", "policy", "--log", &file("policy-few.csv", format!("{HEAD}{few}"))]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in [
        "240 rounds, 4 items; clicked: ",
        "on the whole log\n",
        "on the second half, 120 rounds, learned from the first\n",
        "\nsays little: the effective sample (ESS) is below 200",
    ] {
        assert!(ran.out.contains(part), "{part:?} in {}", ran.out);
    }
    assert_eq!(ran.out.lines().filter(|line| line.trim_start().starts_with("uniform ")).count(), 2, "{}", ran.out);
}

#[test]
fn a_folder_has_the_items_and_the_log_of_another_bandit() {
    let folder = PathBuf::from(file("policy-shop", "")).with_extension("d");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("random.csv"), format!("{HEAD}{}", made_up())).unwrap();
    // It shows item 2 in three of four rounds, and item 3 in the others.
    let others: String = (0..40).map(|round| format!("t,{},1,1,0.5,0\n", if round % 4 == 0 { 3 } else { 2 })).collect();
    fs::write(folder.join("bts.csv"), format!("{HEAD}{others}")).unwrap();
    let items = "item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3\n\
                 0,0.5,a,x,1\n1,1.5,b,x,1\n2,2.5,a,y,1\n3,-1,b,y,1\n";
    fs::write(folder.join("items.csv"), items).unwrap();
    let report = report(folder.to_str().unwrap());
    assert_eq!(report["shop"]["value"], json!(1.0));
    let shop = report["whole"]["policies"]["the shop's shares"]["ips"]["value"].as_f64().unwrap();
    // Either item gets 0.35: 0.6 of one half of the users, 0.1 of the other.
    assert!((shop - 0.35).abs() < 0.05, "{shop}");

    fs::write(folder.join("items.csv"), items.replace("\n3,", "\n7,")).unwrap();
    let ran = evaluate(folder.to_str().unwrap());
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("items.csv, line 5: item_id is \"7\", expected 3, as items are numbered"), "{}", ran.err);
}

#[test]
fn without_propensities_nothing_is_estimated() {
    let bad = [
        ("t,0,1,0,0,a", "propensity is \"0\", expected a number above 0, at most 1"),
        ("t,0,1,0,1.5,a", "propensity is \"1.5\", expected a number above 0, at most 1"),
        ("t,0,1,0,,a", "propensity is \"\", expected a number above 0, at most 1"),
        ("t,0,1,0,NaN,a", "propensity is \"NaN\", expected a number above 0, at most 1"),
        ("t,1000,1,0,0.5,a", "item is \"1000\", expected a whole number from 0 to 999"),
        ("t,0,1,yes,0.5,a", "click is \"yes\", expected 0 or 1"),
    ];
    let rows: String = bad.iter().map(|(row, _)| format!("{row}\n")).collect();
    let log = file("policy-bad.csv", format!("{HEAD}{}{rows}", made_up()));
    let ran = evaluate(&log);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let expected: Vec<String> =
        bad.iter().zip(2_402..).map(|((_, why), line)| format!("{log}, line {line}: {why}")).collect();
    assert_eq!(ran.err.lines().collect::<Vec<_>>(), expected);

    let log = file("policy-no-column.csv", "timestamp,item,position,click\nt,0,1,0\n");
    let ran = evaluate(&log);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let why = "the header has no column propensity, expected timestamp,item,position,click,propensity";
    assert_eq!(ran.err, format!("{log}, line 1: {why}\n"));
}

#[test]
fn some_rounds_are_needed() {
    let log = file("policy-two.csv", format!("{HEAD}t,0,1,0,0.5,a\nt,1,1,0,0.5,a\n"));
    let ran = evaluate(&log);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(ran.err, format!("{log}: holds 2 rounds, expected at least 12\n"));
    let ran = tailorbird(&["evaluate", "policy", "--log", &log, "--max-weight", "0.5"]);
    assert!(ran.code == 2 && ran.err.contains("expected a number, at least 1"), "{ran:?}");
}

/// Percent by the reference implementation in Python on the same files, IPS, SNIPS, DM and DR, with the effective sample
/// size: `obd.py` with `tol=1e-10`, as its default stops the regression before the third digit stands.
#[test]
fn figures_are_those_of_the_reference() {
    if !Path::new(RECORDED).exists() {
        return eprintln!("no recorded rounds beside the repository: the made-up ones stand for them");
    }
    let report = report(RECORDED);
    for (part, name, expected, effective) in [
        ("whole", "uniform", [0.460, 0.460, 0.458, 0.459], 10_000.0),
        ("whole", "the shop's shares", [0.566, 0.574, 0.465, 0.572], 2_869.0),
        ("half", "uniform", [0.520, 0.520, 0.518, 0.517], 5_000.0),
        ("half", "the shop's shares", [0.649, 0.653, 0.499, 0.654], 1_424.0),
        ("half", "LinUCB, epsilon-greedy 0.1", [0.052, 0.052, 0.519, 0.061], 180.0),
        ("half", "logistic, softmax 0.2", [0.636, 0.630, 0.532, 0.631], 1_520.0),
        ("half", "logistic, epsilon-greedy 0.1", [0.052, 0.048, 0.541, 0.010], 194.0),
    ] {
        let found = &report[part]["policies"][name];
        let value = |estimator: &str| 100.0 * found[estimator]["value"].as_f64().unwrap();
        for (estimator, expected) in ["ips", "snips", "dm", "dr"].iter().zip(expected) {
            assert!((value(estimator) - expected).abs() < 0.000_6, "{part}, {name}: {found}");
        }
        assert!((found["ess"].as_f64().unwrap() - effective).abs() < 0.6, "{part}, {name}: {found}");
    }
    assert_eq!(report["whole"]["policies"]["uniform"]["ips"], report["log"]);
}
