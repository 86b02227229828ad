//! Tiers, scores and lifecycle of visitors, as tables.

use super::orders::{Report, START, all};
use tailorbird::config::Config;
use tailorbird::profile::value::{ValueRules, attributes};
use tailorbird::time::{DAY, Timestamp};
use tailorbird::value::Value;

fn rules(section: &str) -> ValueRules {
    let config = format!(r#"{{"version": 1, "value": {section}}}"#);
    Config::read(&serde_json::from_str(&config).unwrap()).unwrap().value
}

/// The attributes, `today` days after the midnight that orders count from.
fn value(reports: &[Report], sessions: u32, last_seen: Option<i64>, section: &str, today: i64) -> Value {
    let moment = |day: i64| Timestamp::from_ms(START + day * DAY);
    attributes(&all(reports), sessions, last_seen.map(moment), &rules(section), moment(today)).into()
}

/// An order on each of these days, of this many cents.
fn on(days: &[u16], cents: u32) -> Vec<Report> {
    days.iter().map(|day| (Some(u8::try_from(*day % 251).unwrap()), day * 24, cents)).collect()
}

const MODELS: &str = r#""bgnbd": {"r": 0.242593, "alpha": 4.413531, "a": 0.792886, "b": 2.425754},
    "gammaGamma": {"p": 6.248803, "q": 3.744588, "v": 15.447746}"#;

#[test]
fn the_lifecycle_follows_from_purchases_and_silence() {
    let models = format!("{{{MODELS}}}");
    let cases: [(&[u16], u32, Option<i64>, &str, i64, &str, &str); 21] = [
        (&[], 1, None, "{}", 0, "new", "the first session"),
        (&[], 1, Some(0), "{}", 0, "new", "something happened in it"),
        (&[], 2, Some(9), "{}", 10, "returning", "a later one"),
        (&[], 2, Some(0), "{}", 90, "returning", "as long as is usual"),
        (&[], 2, Some(0), "{}", 91, "at risk", "longer"),
        (&[], 2, Some(0), "{}", 181, "lapsed", "twice as long"),
        (&[5], 1, Some(5), "{}", 5, "customer", "bought today"),
        (&[5], 9, Some(300), "{}", 95, "customer", "visits do not count of a customer"),
        (&[5], 1, Some(5), "{}", 96, "at risk", "91 days later"),
        (&[5], 1, Some(5), "{}", 186, "lapsed", "181 days later"),
        (&[0, 40], 1, None, "{}", 120, "customer", "80 days later, who buys every 40"),
        (&[0, 40], 1, None, "{}", 121, "at risk", "81 days later"),
        (&[0, 40], 1, None, "{}", 201, "lapsed", "161 days later"),
        (&[0, 1], 1, None, "{}", 31, "customer", "two days in a row make no daily customer"),
        (&[0, 1], 1, None, "{}", 32, "at risk", "but 30 days of silence do tell"),
        (&[0, 30, 60], 1, None, "{}", 60, "loyal", "three purchases"),
        (&[0, 30, 60], 1, None, "{}", 121, "at risk", "loyal no longer"),
        (&[0, 30, 60], 1, None, &models, 100, "loyal", "alive 0.82"),
        (&[0, 30, 60], 1, None, &models, 250, "at risk", "alive 0.30"),
        (&[0, 30, 60], 1, None, &models, 600, "lapsed", "alive 0.06"),
        (&[5], 1, None, &models, 186, "lapsed", "of one purchase the model says nothing"),
    ];
    for (days, sessions, last_seen, section, today, expected, why) in cases {
        let found = value(&on(days, 1_000), sessions, last_seen, section, today);
        assert_eq!(found.at("lifecycle").as_text(), Some(expected), "{why}: {found:?}");
    }
}

#[test]
fn the_tier_is_that_of_the_expected_value_and_the_higher_one_on_a_cut_point() {
    let expected = value(&on(&[0, 30], 2_000), 1, None, &format!("{{{MODELS}}}"), 60).at("expected").number();
    assert!(expected > 30.0 && expected < 60.0, "{expected}");
    let tiers = |points: [f64; 3]| {
        let section = format!("{{{MODELS}, \"tiers\": {points:?}}}");
        value(&on(&[0, 30], 2_000), 1, None, &section, 60).at("tier").as_text().unwrap().to_owned()
    };
    let more = expected + 0.001;
    assert_eq!(tiers([expected, 2.0, 1.0]), "champion");
    assert_eq!(tiers([more, expected, 1.0]), "high");
    assert_eq!(tiers([more + 1.0, more, expected]), "middle");
    assert_eq!(tiers([more + 2.0, more + 1.0, more]), "low");
    let nobody = value(&[], 5, Some(0), &format!("{{{MODELS}, \"tiers\": [1, 0, 0]}}"), 60);
    assert_eq!(nobody.at("tier").as_text(), Some("low"), "who never bought has reached nothing, not even 0");
}

#[test]
fn without_parameters_the_tier_is_that_of_the_scores_sum() {
    let rfm = r#"{"rfm": {"recencyDays": [10, 20, 30, 40], "frequency": [2, 3, 4, 5], "monetary": [10, 20, 30, 40]}, "tiers": [3, 2, 1]}"#;
    let cases: [(&[u16], u32, i64, [f64; 4], &str, &str); 7] = [
        (&[0], 500, 41, [1.0, 1.0, 1.0, 3.0], "low", "the lowest fifths"),
        (&[0], 1_000, 40, [2.0, 1.0, 2.0, 5.0], "low", "on cut points, the better fifths"),
        (&[0], 4_000, 11, [4.0, 1.0, 5.0, 10.0], "high", "one large order"),
        (&[0], 3_999, 21, [3.0, 1.0, 4.0, 8.0], "middle", "a smaller one, longer ago"),
        (&[0, 50], 4_000, 60, [5.0, 2.0, 5.0, 12.0], "high", "one before a champion"),
        (&[0, 25, 50], 4_000, 60, [5.0, 3.0, 5.0, 13.0], "champion", "13 is enough"),
        (&[0, 1, 2, 3, 4], 9_900, 4, [5.0, 5.0, 5.0, 15.0], "champion", "the best fifths"),
    ];
    for (days, cents, today, scores, tier, why) in cases {
        let found = value(&on(days, cents), 1, None, rfm, today);
        let numbers = ["recency", "frequency", "monetary", "rfm"].map(|name| found.at(name).number());
        assert_eq!((numbers, found.at("tier").as_text()), (scores, Some(tier)), "{why}");
        assert_eq!((found.at("expected"), found.at("alive")), (&Value::Null, &Value::Null), "{why}");
    }
}

#[test]
fn without_cut_points_a_visitor_is_compared_with_the_own_past() {
    // Gaps of 10, 20, 30, 40 and 50 days, the last one first; and orders of 1 to 6.
    let orders = |falling: bool| -> Vec<Report> {
        [0u16, 50, 90, 120, 140, 150]
            .iter()
            .zip(1u8..)
            .map(|(day, number)| {
                let cents = u32::from(if falling { 7 - number } else { number }) * 100;
                (Some(number), day * 24, cents)
            })
            .collect()
    };
    let cases = [
        (true, 150, [5.0, 5.0, 1.0], "bought today, sooner than ever, the smallest order"),
        (false, 160, [5.0, 5.0, 5.0], "as long as the shortest gap; the largest order"),
        (false, 180, [3.0, 5.0, 5.0], "as long as the middle one"),
        (false, 205, [1.0, 5.0, 5.0], "longer than any"),
    ];
    for (falling, today, expected, why) in cases {
        let found = value(&orders(falling), 1, None, "{}", today);
        assert_eq!(["recency", "frequency", "monetary"].map(|name| found.at(name).number()), expected, "{why}");
    }
    let once = value(&on(&[0], 500), 1, None, "{}", 3);
    assert_eq!(once.at("monetary").number(), 3.0, "a single order is in the middle");
    for name in ["recency", "frequency", "rfm"] {
        assert_eq!(once.at(name), &Value::Null, "{name} wants a gap");
    }
    assert_eq!(once.at("tier").as_text(), Some("low"));
}

#[test]
fn expected_value_is_purchases_over_the_horizon_times_the_mean() {
    // x = 2 at 4 weeks of 10; 30 a time in the mean.
    let reports = on(&[0, 14, 28], 3_000);
    let found = value(&reports, 1, None, &format!("{{{MODELS}, \"horizonDays\": 364}}"), 70);
    let model = rules(&format!("{{{MODELS}}}"));
    let customer = super::CustomerSummary { frequency: 2.0, recency: 4.0, age: 10.0 };
    let purchases = model.bgnbd.unwrap().expected_purchases(&customer, 52.0);
    assert_eq!(found.at("purchases").number(), purchases);
    assert_eq!(found.at("expected").number(), purchases * model.gamma_gamma.unwrap().expected_average_value(3.0, 30.0));
    assert_eq!(found.at("alive").number(), model.bgnbd.unwrap().probability_alive(&customer));
    let only_often =
        r#"{"bgnbd": {"r": 0.242593, "alpha": 4.413531, "a": 0.792886, "b": 2.425754}, "horizonDays": 364}"#;
    let found = value(&reports, 1, None, only_often, 70);
    assert_eq!(found.at("expected").number(), purchases * 30.0, "without Gamma-Gamma the own mean");
    let daily = value(&reports, 1, None, &format!("{{{MODELS}, \"horizonDays\": 52, \"unitDays\": 1}}"), 10 * 7);
    assert!(daily.at("purchases").number() < purchases, "28 units of 70, not 4 of 10");
    // A clock that was set back: the last order lies ahead.
    let back = value(&reports, 1, None, &format!("{{{MODELS}}}"), 3);
    assert!(back.at("expected").number() > 0.0 && back.at("lifecycle").as_text() == Some("loyal"));
}
