//! `tailorbird evaluate intent`, `evaluate leave` and `train` from outside, on visits made up here.

use std::fmt::Write;

use serde_json::Value;

use tailorbird::profile::intent::{FEATURES, IntentRules, Weights};

use crate::{Ran, file, tailorbird};

const HEADER: &str = "Administrative,Administrative_Duration,Informational,Informational_Duration,ProductRelated,\
ProductRelated_Duration,BounceRates,ExitRates,PageValues,SpecialDay,Month,OperatingSystems,Browser,Region,TrafficType,\
VisitorType,Weekend,Revenue\n";

/// Numbers that look drawn, the same every time: the lower half of a linear congruential generator's
/// upper bits (Knuth's MMIX).
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Visits of which those with many seconds with products buy more often, most of them on pages of value.
fn shop(name: &str, seed: u64, visits: u32) -> String {
    let mut draws = Draws(seed);
    let mut rows = HEADER.to_owned();
    for _ in 0..visits {
        let (views, seconds) = (draws.below(40), draws.below(2_000));
        let bought = draws.below(2_500) < seconds / 2;
        let value = if bought && draws.below(10) > 1 { 20 + draws.below(20) } else { draws.below(3) };
        let month = ["Mar", "May", "Nov"][draws.below(3) as usize];
        let kind = if draws.below(5) > 0 { "Returning_Visitor" } else { "New_Visitor" };
        let weekend = if draws.below(7) < 2 { "TRUE" } else { "FALSE" };
        let truth = if bought { "TRUE" } else { "FALSE" };
        writeln!(rows, "1,9.5,0,0,{views},{seconds},0.01,0.02,{value},0,{month},2,2,1,1,{kind},{weekend},{truth}")
            .unwrap();
    }
    file(name, rows)
}

/// Ways of which those end that have just come to a page of the category 9.
fn pages(name: &str, seed: u64, visits: u32) -> String {
    let mut draws = Draws(seed);
    let mut lines = String::new();
    for _ in 0..visits {
        for step in 0.. {
            let category = 1 + draws.below(9);
            write!(lines, "{}{category}", if step > 0 { " " } else { "" }).unwrap();
            if step > 0 && draws.below(10) < if category == 9 { 9 } else { 1 } {
                break;
            }
        }
        lines.push('\n');
    }
    file(name, lines)
}

fn told(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

fn keys(value: &Value) -> String {
    value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
}

#[test]
fn buyers_are_told_from_others_better_by_what_only_the_site_knows() {
    let (train, test) = (shop("shop-train.csv", 1, 1_500), shop("shop-test.csv", 2, 800));
    let told = told(&tailorbird(&["evaluate", "intent", "--train", &train, "--test", &test, "--json"]));
    assert_eq!(keys(&told), "auc_all auc_device log_loss calibration_error");
    let number = |name: &str| told[name].as_f64().unwrap();
    assert!(number("auc_all") > 0.9 && number("auc_all") < 1.0, "{told}");
    assert!(number("auc_device") > 0.6 && number("auc_device") < 0.8, "seconds alone: {told}");
    assert!(number("log_loss") < 0.5 && number("calibration_error") < 0.08, "{told}");
    let again = tailorbird(&["evaluate", "intent", "--train", &train, "--test", &test]);
    assert!(again.out.contains(&format!("{:.4}", number("auc_device"))), "the same as text: {}", again.out);
}

#[test]
fn the_end_of_a_visit_is_seen_coming_by_what_was_seen() {
    let (train, test) = (pages("pages-train.txt", 1, 600), pages("pages-test.txt", 2, 300));
    let one =
        told(&tailorbird(&["evaluate", "leave", "--kind", "pages", "--train", &train, "--test", &test, "--json"]));
    assert_eq!(keys(&one), "auc");
    assert!(one["auc"].as_f64().unwrap() > 0.78, "{one}");
    // The same ways as clicks, whose times say nothing.
    let clicks = |name: &str, from: &str| {
        let mut rows = "SessionId,ItemId,Time\n".to_owned();
        for (session, line) in std::fs::read_to_string(from).unwrap().lines().enumerate() {
            for (step, item) in line.split(' ').enumerate() {
                writeln!(rows, "{session},{item},{}", session * 1_000 + step).unwrap();
            }
        }
        file(name, rows)
    };
    let (train, test) = (clicks("clicks-train.csv", &train), clicks("clicks-test.csv", &test));
    let words = ["evaluate", "leave", "--kind", "sessions", "--train", &train, "--test", &test, "--json"];
    let other = told(&tailorbird(&words));
    assert!((other["auc"].as_f64().unwrap() - one["auc"].as_f64().unwrap()).abs() < 0.05, "{one} and {other}");
}

#[test]
fn what_is_trained_is_a_section_of_a_config() {
    let shop = shop("shop-weights.csv", 3, 1_500);
    let buying = tailorbird(&["train", "intent", "--in", &shop]);
    assert_eq!(buying.code, 0, "{buying:?}");
    let config = file("trained.json", format!("{{\"version\": 1, {}}}", buying.out));
    let checked = tailorbird(&["validate", &config]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let same = told(&tailorbird(&["train", "intent", "--in", &shop, "--json"]));
    let weights = &same["intent"]["buying"];
    assert!(weights["product_seconds"].as_f64().unwrap() > 0.2, "seconds speak for buying: {same}");
    assert!(weights["intercept"].as_f64().unwrap() < -1.0, "most do not: {same}");
    let written: Value = serde_json::from_str(&format!("{{{}}}", buying.out)).unwrap();
    assert_eq!(written, same, "text and JSON say the same");

    let pages = pages("pages-weights.txt", 4, 600);
    let leaving = told(&tailorbird(&["train", "leave", "--kind", "pages", "--in", &pages, "--json"]));
    assert_eq!(keys(&leaving["intent"]), "leaving");
    let config = file("trained-leaving.json", format!("{{\"version\": 1, \"intent\": {}}}", leaving["intent"]));
    assert_eq!(tailorbird(&["validate", &config]).code, 0);
}

#[test]
fn weights_are_those_of_least_loss() {
    // Two kinds of visit, 30 % and 70 % of which buy: their log odds are told but for the
    // penalty on the weight.
    let mut rows = HEADER.to_owned();
    for case in 0..4_000_u32 {
        let weekend = case % 2 == 1;
        let bought = case / 2 % 10 < if weekend { 7 } else { 3 };
        writeln!(rows, "0,0,0,0,0,0,0,0,0,0,May,2,2,1,1,New_Visitor,{weekend},{bought}").unwrap();
    }
    let told = told(&tailorbird(&["train", "intent", "--in", &file("weekend.csv", rows), "--json"]));
    // ln(0.3 / 0.7) = -0.8473. The penalty of 1 brings both groups nearer to each other by 1.69 / (2000 * 0.3 * 0.7)
    // = 0.004: -0.8433, and 1.6865 between them.
    assert_eq!(told["intent"]["buying"], serde_json::json!({"intercept": -0.84, "weekend": 1.69}));
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let none = file("nobody.csv", format!("{HEADER}0,0,0,0,1,5,0,0,0,0,May,2,2,1,1,New_Visitor,FALSE,FALSE\n"));
    let odd = file("odd.csv", format!("{HEADER}0,0,0,0,many,5,0,0,0,0,May,2,2,1,1,New_Visitor,FALSE,no\n"));
    let headless = file("headless.csv", "0,0,0\n");
    let empty = file("empty.txt", "\n\n");
    let ways = file("ways.txt", "1 2\n1 3 3\n");
    let commas = file("commas.txt", "1 2\n1,2\n");
    let cases: [(&[&str], i32, &str); 8] = [
        (&["train", "intent", "--in", &none], 1, "of 1 visits 0 bought, expected some of both"),
        (&["train", "intent", "--in", &odd], 1, "odd.csv, line 2: ProductRelated is \"many\", expected a number"),
        (
            &["train", "intent", "--in", &headless],
            1,
            "headless.csv, line 1: the header has no column Administrative, expected the columns of UCI's",
        ),
        (&["train", "leave", "--kind", "pages", "--in", &empty], 1, "empty.txt: holds no visit"),
        (&["train", "leave", "--kind", "sessions", "--in", &ways], 1, "line 1: the header has no column SessionId"),
        (&["evaluate", "leave", "--kind", "pages", "--train", &ways, "--test", &commas], 1, "line 2: \"1,2\""),
        (&["evaluate", "leave", "--kind", "page", "--train", &ways, "--test", &ways], 2, "pages, sessions"),
        (&["evaluate", "intent", "--train", &none, "--test", "no-such-file.csv"], 1, "expected some of both"),
    ];
    for (words, code, hint) in cases {
        let ran = tailorbird(words);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}

/// Where the environment names the developers' files, the weights that ship are those that training prints.
#[test]
fn the_weights_that_ship_are_at_most_a_hundred_and_those_that_training_prints() {
    let named = |weights: Weights| {
        let features = FEATURES.iter().map(|feature| feature.name).zip(weights.features);
        std::iter::once(("intercept", weights.intercept)).chain(features).collect::<Vec<_>>()
    };
    let IntentRules { buying, leaving } = IntentRules::default();
    let (buying, leaving) = (named(buying), named(leaving));
    let count = buying.iter().chain(&leaving).filter(|(_, weight)| *weight != 0.0).count();
    assert!((6..=100).contains(&count), "{count} weights");
    let pages = ["train", "leave", "--kind", "pages", "--json", "--in"];
    for (variable, words, name, shipped) in [
        ("INTENT_SHOPPERS", &["train", "intent", "--json", "--in"][..], "buying", buying),
        ("PAGES_MSNBC", &pages[..], "leaving", leaving),
    ] {
        let Ok(path) = std::env::var(variable) else { continue };
        let trained = told(&tailorbird(&[words, &[&path]].concat()));
        for (feature, weight) in shipped {
            let expected = trained["intent"][name].get(feature).map_or(0.0, |weight| weight.as_f64().unwrap());
            let same = (weight - expected).abs() < 1e-9;
            assert!(same || feature == "basket", "{name}: {feature} is {weight}, not {expected}");
        }
    }
}
