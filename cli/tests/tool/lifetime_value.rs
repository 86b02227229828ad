//! `tailorbird fit lifetime-value` and `tailorbird evaluate lifetime-value` from outside.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{Ran, file, tailorbird};

/// Numbers from 0 to 1, the same from the same seed: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.next()).ln()
    }

    /// A gamma variable of a whole shape: a sum of exponential ones.
    fn gamma(&mut self, shape: u32) -> f64 {
        (0..shape).map(|_| self.exponential()).sum()
    }
}

/// What the simulated customers are like: r, alpha, a, b; p, q, v.
const TRUE: [f64; 7] = [1.0, 5.0, 1.0, 3.0, 4.0, 5.0, 40.0];

/// Customers who are as both models say, each known for 30 to 40 weeks, and 39 weeks more.
fn customers(count: u32, seed: u64, mean: &str) -> String {
    let mut chance = Chance(seed);
    let mut text = format!("id,x,t_x,T,{mean},x_holdout\n");
    for id in 1..=count {
        let rate = chance.gamma(1) / TRUE[1];
        let (one, other) = (chance.gamma(1), chance.gamma(3));
        let gone = one / (one + other);
        let spending = chance.gamma(5) / TRUE[6];
        let age = 30.0 + 10.0 * chance.next();
        let (mut time, mut last, mut x, mut holdout, mut sum) = (0.0, 0.0, 0, 0, 0.0);
        while chance.next() >= gone || (x == 0 && time == 0.0) {
            time += chance.exponential() / rate;
            if time > age + 39.0 {
                break;
            }
            if time > age {
                holdout += 1;
            } else {
                x += 1;
                last = time;
                sum += chance.gamma(4) / spending;
            }
        }
        let mean = if x == 0 { 0.0 } else { sum / f64::from(x) };
        writeln!(text, "{id},{x},{last:.4},{age:.4},{mean:.2},{holdout}").unwrap();
    }
    text
}

fn told(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn the_parameters_of_simulated_customers_are_found_again() {
    let path = file("clv-simulated.csv", customers(6_000, 7, "zbar"));
    let ran = tailorbird(&["fit", "lifetime-value", "--in", &path, "--json"]);
    assert!(ran.err.starts_with("fitted in ") && ran.err.ends_with(" ms\n"), "{}", ran.err);
    let told = told(&ran);
    assert_eq!(told["customers"], 6_000);
    for (name, right) in ["r", "alpha", "a", "b", "p", "q", "v"].iter().zip(TRUE) {
        let found = told["params"][name].as_f64().unwrap();
        assert!((found / right - 1.0).abs() < 0.25, "{name} is {found}, simulated with {right}");
    }
    assert!(told["correlation"].as_f64().unwrap().abs() < 0.1, "simulated without");
}

#[test]
fn no_other_parameters_explain_the_customers_better() {
    let path = file("clv-best.csv", customers(800, 3, "mbar"));
    let best = told(&tailorbird(&["evaluate", "lifetime-value", "--data", &path, "--json"]));
    let keys: Vec<&str> = best.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["params", "log_likelihood", "mae", "auc"]);
    for name in ["r", "alpha", "a", "b"] {
        for factor in [0.99, 1.01] {
            let mut other = best["params"].clone();
            other[name] = json!(other[name].as_f64().unwrap() * factor);
            let params = file(&format!("clv-best-{name}-{factor}.json"), other.to_string());
            let scored =
                told(&tailorbird(&["evaluate", "lifetime-value", "--data", &path, "--params", &params, "--json"]));
            assert_eq!(scored["params"], other);
            let (worse, best) = (scored["log_likelihood"].as_f64(), best["log_likelihood"].as_f64());
            assert!(worse < best, "{name} times {factor}: {worse:?}, {best:?}");
        }
    }
}

#[test]
fn what_is_expected_of_simulated_customers_becomes_true() {
    let path = file("clv-holdout.csv", customers(3_000, 11, "mbar"));
    let fitted = tailorbird(&["fit", "lifetime-value", "--in", &path, "--json"]);
    let params = file("clv-holdout.json", &fitted.out);
    let scored = tailorbird(&["evaluate", "lifetime-value", "--data", &path, "--params", &params, "--json"]);
    assert_eq!(scored.err, "", "nothing is fitted");
    let scored = told(&scored);
    assert_eq!(scored["params"], told(&fitted)["params"]);
    assert!(scored["auc"].as_f64().unwrap() > 0.8, "{scored}");
    let text = tailorbird(&["evaluate", "lifetime-value", "--data", &path, "--params", &params]);
    let totals = text.out.lines().find(|line| line.starts_with("  purchases")).unwrap();
    let numbers: Vec<f64> = totals.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!((numbers[0] / numbers[1] - 1.0).abs() < 0.1, "{totals}");
    // A longer time: more is expected.
    let longer =
        tailorbird(&["evaluate", "lifetime-value", "--data", &path, "--params", &params, "--horizon", "78", "--json"]);
    assert!(told(&longer)["mae"].as_f64() > scored["mae"].as_f64());
}

#[test]
fn the_section_that_is_printed_is_read_by_validate() {
    let path = file("clv-section.csv", customers(500, 5, "zbar"));
    let more = ["--unit-days", "7", "--horizon-days", "180"];
    let ran = tailorbird(&[&["fit", "lifetime-value", "--in", &path], &more[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let (_, section) = ran.out.split_once("For the config:\n\n").unwrap();
    let config = file("clv-section.json", format!("{{\"version\": 1, {section}}}"));
    let judged = tailorbird(&["validate", &config]);
    assert_eq!(judged.code, 0, "{judged:?}\n{section}");
    let section: Value = serde_json::from_str(&format!("{{{section}}}")).unwrap();
    assert_eq!((&section["value"]["horizonDays"], &section["value"]["unitDays"]), (&json!(180), &json!(7)));
    let numbers =
        |list: &Value| list.as_array().unwrap().iter().map(|point| point.as_f64().unwrap()).collect::<Vec<_>>();
    assert!(numbers(&section["value"]["tiers"]).is_sorted_by(|one, other| one > other));
    for letter in ["recencyDays", "frequency", "monetary"] {
        assert!(numbers(&section["value"]["rfm"][letter]).is_sorted(), "{letter}");
    }
    let json = told(&tailorbird(&[&["fit", "lifetime-value", "--in", &path, "--json"], &more[..]].concat()));
    assert_eq!(json["value"], section["value"]);
}

#[test]
fn bad_rows_are_named_with_their_line_and_skipped() {
    let rows =
        "x,t_x,T,zbar\n2,3,10,20\n1.5,1,2,3\n1,5,4,3\n0,1,4,0\n1,2\n1,a,4,3\n-1,0,4,0\n3,4,9,30\n1,2,9,25\n0,0,9,0\n";
    let path = file("clv-bad-rows.csv", rows);
    let ran = tailorbird(&["fit", "lifetime-value", "--in", &path, "--json"]);
    assert_eq!(told(&ran)["customers"], 4);
    for line in [
        "line 3: x is 1.5, expected a whole number from 0 to 1000000",
        "line 4: t_x is 5, expected at most T, which is 4",
        "line 5: t_x is 1, expected 0 where x is 0",
        "line 6: has 2 fields, expected 4",
        "line 7: t_x is \"a\", expected a number",
        "line 8: x is -1, expected a whole number from 0 to 1000000",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
}

#[test]
fn what_cannot_be_fitted_or_scored_is_refused_in_words() {
    let good = "x,t_x,T,zbar\n2,3,10,20\n0,0,9,0\n";
    let cases = [
        ("evaluate", "--data", good, "has no column x_holdout", 1),
        ("fit", "--in", "x,t_x,T\n1,2,3\n", "the header has no column zbar or mbar, expected x,t_x,T,zbar", 1),
        ("fit", "--in", "x,t_x,zbar\n1,2,3\n", "line 1: the header has no column T, expected x,t_x,T,zbar", 1),
        ("fit", "--in", "x,x,t_x,T,zbar\n", "the header has two columns x, expected one", 1),
        ("fit", "--in", "x,t_x,T,zbar\n", "holds no good row", 1),
        ("fit", "--in", "x,t_x,T,zbar\n0,0,9,0\n", "no customer bought again", 1),
    ];
    for (place, (verb, option, rows, words, code)) in cases.into_iter().enumerate() {
        let path = file(&format!("clv-refused-{place}.csv"), rows);
        let ran = tailorbird(&[verb, "lifetime-value", option, &path]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{words}: {ran:?}");
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    let data = file("clv-refused.csv", "x,t_x,T,zbar,x_holdout\n2,3,10,20,1\n");
    for (text, words) in [
        ("{", "is no JSON"),
        ("{}", "r is null, expected a number above 0"),
        (r#"{"r": 1, "alpha": 1, "a": 1, "b": -1}"#, "b is -1, expected a number above 0"),
        (r#"{"params": {"r": 1, "alpha": 1, "a": 1, "b": 1, "p": 2}}"#, "q is null, expected a number above 0"),
    ] {
        let params = file("clv-refused.json", text);
        let ran = tailorbird(&["evaluate", "lifetime-value", "--data", &data, "--params", &params]);
        assert_eq!(ran.code, 1, "{text}");
        assert!(ran.err.contains(words), "{text}: {}", ran.err);
    }
    assert_eq!(tailorbird(&["fit"]).code, 2);
    assert_eq!(tailorbird(&["fit", "lifetime-value", "--in", "no-such-file.csv"]).code, 2);
}

#[test]
fn customers_who_bought_again_only_once_or_alike_have_no_gamma_gamma() {
    let path = file("clv-alike.csv", "x,t_x,T,zbar\n2,3,10,20\n1,4,10,20\n0,0,9,0\n5,8,9,20\n");
    let told = told(&tailorbird(&["fit", "lifetime-value", "--in", &path, "--json"]));
    assert_eq!((&told["params"]["p"], &told["log_likelihood_spending"]), (&Value::Null, &Value::Null));
    assert_eq!(told["value"].get("gammaGamma"), None);
}
