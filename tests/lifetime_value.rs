//! What customers are worth: known figures of the models, and what holds of any customer.
//!
//! Where the variable `CLV` names a file of the same shape as `tests/lifetime_value/figures.json`, every figure
//! in it is checked as well.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]
// A table's columns are told by its rows.
#![allow(clippy::type_complexity)]

#[path = "lifetime_value/orders.rs"]
mod orders;
#[path = "lifetime_value/standing.rs"]
mod standing;

use proptest::prelude::*;
use serde_json::Value;
use tailorbird::profile::lifetime_value::{BgNbd, CustomerSummary, GammaGamma};

/// How close a figure must come, relative to it; absolutely for 0.
const TOLERANCE: f64 = 1e-9;

fn parameters<const N: usize>(written: &Value, names: [&str; N]) -> [f64; N] {
    names.map(|name| written[name].as_f64().unwrap_or_else(|| panic!("{name} is no number")))
}

/// Every figure of a file that is none; and how many there are in all.
fn wrong(figures: &Value) -> (Vec<String>, usize) {
    let [r, alpha, a, b] = parameters(&figures["bgnbd"], ["r", "alpha", "a", "b"]);
    let [p, q, v] = parameters(&figures["gamma_gamma"], ["p", "q", "v"]);
    let often = BgNbd { r, alpha, a, b };
    let (mut wrong, mut compared) = (Vec::new(), 0);
    let mut check = |what: String, found: f64, expected: f64| {
        compared += 1;
        let scale = if expected == 0.0 { 1.0 } else { expected.abs() };
        if (found - expected).abs() > TOLERANCE * scale || found.is_nan() {
            wrong.push(format!("{what} is {found}, expected {expected}"));
        }
    };
    for case in figures["customers"].as_array().unwrap() {
        let [frequency, recency, age] = parameters(case, ["x", "t_x", "T"]);
        let customer = CustomerSummary { frequency, recency, age };
        let spending = GammaGamma { p, q, v };
        let other: Option<BgNbd> = case["bgnbd"].as_object().map(|_| {
            let [r, alpha, a, b] = parameters(&case["bgnbd"], ["r", "alpha", "a", "b"]);
            BgNbd { r, alpha, a, b }
        });
        let often = other.unwrap_or(often);
        for (name, expected) in case.as_object().unwrap() {
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            let found = match name.split_once('_') {
                Some(("ey", time)) => often.expected_purchases(&customer, time.parse().unwrap()),
                Some(("em", "zbar_30")) => spending.expected_average_value(frequency, 30.0),
                Some(("p", "alive")) => often.probability_alive(&customer),
                _ => continue,
            };
            check(format!("{name} of {frequency}, {recency}, {age}"), found, expected);
        }
    }
    for (time, expected) in figures["unconditional"].as_object().unwrap() {
        let found = often.expected_purchases(&CustomerSummary::default(), time.parse().unwrap());
        check(format!("a new customer's purchases in {time}"), found, expected.as_f64().unwrap());
    }
    (wrong, compared)
}

#[test]
fn the_models_agree_with_figures_computed_to_eighty_digits() {
    let figures = serde_json::from_str(include_str!("lifetime_value/figures.json")).unwrap();
    let (wrong, compared) = wrong(&figures);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 60, "{compared} figures");
}

#[test]
fn the_models_agree_with_the_figures_of_the_file_that_is_named() {
    let Some(file) = std::env::var_os("CLV") else { return };
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let (wrong, compared) = wrong(&serde_json::from_str(&text).unwrap());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 50, "{compared} figures");
}

#[test]
fn twenty_thousand_purchases_give_finite_figures() {
    let model = BgNbd { r: 0.242593, alpha: 4.413531, a: 0.792886, b: 2.425754 };
    for frequency in [1_000.0, 3_000.0, 5_000.0, 20_000.0] {
        let customer = CustomerSummary { frequency, recency: 38.0, age: 39.0 };
        let found = model.expected_purchases(&customer, 39.0);
        assert!(found.is_finite() && (0.0..=frequency * 2.0).contains(&found), "{frequency}: {found}");
        let busy = CustomerSummary { frequency, recency: 39.0, age: 39.0 };
        let (found, at_this_rate) = (model.expected_purchases(&busy, 39.0), frequency * 39.0 / 43.4);
        assert!((0.7..1.0).contains(&(found / at_this_rate)), "{frequency}: {found}, about {at_this_rate}");
    }
}

fn models() -> impl Strategy<Value = BgNbd> {
    let parameter = || (-4.0..4.0f64).prop_map(libm::exp);
    (parameter(), parameter(), parameter(), parameter()).prop_map(|(r, alpha, a, b)| BgNbd { r, alpha, a, b })
}

fn customers() -> impl Strategy<Value = CustomerSummary> {
    (0..20_000u32, 0.0..1.0f64, 0.0..200.0f64).prop_map(|(frequency, share, age)| {
        let recency = if frequency == 0 { 0.0 } else { age * share };
        CustomerSummary { frequency: f64::from(frequency), recency, age }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_customer_is_alive_with_a_chance_from_0_to_1(model in models(), customer in customers()) {
        let alive = model.probability_alive(&customer);
        prop_assert!((0.0..=1.0).contains(&alive), "{alive}");
    }

    #[test]
    fn more_is_expected_in_a_longer_time(model in models(), customer in customers(), time in 0.1..150.0f64) {
        let [shorter, longer] = [time, time * 1.3].map(|time| model.expected_purchases(&customer, time));
        prop_assert!(shorter >= 0.0 && longer.is_finite());
        // Customers who soon have had enough buy no more in the end.
        let all = model.a > 2.0 || shorter < 1e-12;
        prop_assert!(longer > shorter || all && longer >= shorter * (1.0 - 1e-12), "{shorter} and {longer}");
    }

    #[test]
    fn a_longer_silence_makes_nobody_more_alive(model in models(), customer in customers(), more in 0.0..50.0f64) {
        let later = CustomerSummary { age: customer.age + more, ..customer };
        prop_assert!(model.probability_alive(&later) <= model.probability_alive(&customer) + 1e-12);
    }

    #[test]
    fn nothing_jumps_where_a_is_1(mut model in models(), customer in customers(), time in 0.1..150.0f64) {
        let found = [1.0 - 1e-7, 1.0 - 1e-9, 1.0, 1.0 + 1e-9, 1.0 + 1e-7].map(|a| {
            model.a = a;
            model.expected_purchases(&customer, time)
        });
        prop_assert!(found.iter().all(|other| (other - found[2]).abs() <= 1e-4 * found[2] + 1e-12), "{found:?}");
    }

    #[test]
    fn what_is_expected_of_a_purchase_lies_between_the_customers_own_mean_and_that_of_all(
        p in 0.1..20.0f64, q in 1.1..20.0f64, v in 1.0..1e4f64, count in 0..500u32, mean in 0.01..1e4f64
    ) {
        let model = GammaGamma { p, q, v };
        let (all, expected) = (model.expected_average_value(0.0, 0.0), model.expected_average_value(f64::from(count), mean));
        prop_assert!(expected >= all.min(mean) * 0.999_999 && expected <= all.max(mean) * 1.000_001);
    }
}
