//! What a bandit may start from: the `prior` of a variant in the config, of how often its goal was reached.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::style::{HEADING, paint};

/// The prior of a variant whose goal is reached with this rate, known from so many observations: the log odds, with
/// their precision after a ridge penalty of 1. Without a context that is what a logistic regression finds. `None` where
/// the rate is not between 0 and 1, because log odds are none then.
pub fn prior(rate: f64, observations: f64) -> Option<Value> {
    let round = |number: f64| (number * 1e3).round() / 1e3;
    (rate > 0.0 && rate < 1.0).then(|| {
        json!({
            "weights": {"intercept": round((rate / (1.0 - rate)).ln())},
            "precisions": {"intercept": round(1.0 + observations * rate * (1.0 - rate))},
            "observations": observations.round(),
        })
    })
}

/// The priors that there are, by the names of their variants: each an object to paste into the variant.
pub fn priors<'a>(all: impl Iterator<Item = (&'a str, Option<Value>)>) -> Map<String, Value> {
    all.filter_map(|(variant, prior)| Some((variant.to_owned(), json!({"prior": prior?})))).collect()
}

/// The same for people, under a heading; nothing where there is none.
pub fn text(priors: &Map<String, Value>) -> String {
    let mut text = String::new();
    if !priors.is_empty() {
        let _ = writeln!(text, "\n{}", paint(HEADING, "priors, for the variants of these ids"));
    }
    for (variant, prior) in priors {
        let _ = writeln!(text, "  {}: {prior}", Value::from(variant.as_str()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prior_has_the_log_odds_and_their_precision() {
        // The example of docs/bandits.md: ln(130 / 2,370) is -2.903, and 1 + 2,500 * 0.052 * 0.948 is 124.24.
        let found = prior(130.0 / 2_500.0, 2_500.0).unwrap();
        let expected = json!({
            "weights": {"intercept": -2.903}, "precisions": {"intercept": 124.24}, "observations": 2_500.0
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn where_nobody_or_everybody_reached_the_goal_there_is_none() {
        for rate in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
            assert_eq!(prior(rate, 100.0), None, "{rate}");
        }
        let some = [("a", prior(0.5, 4.0)), ("b", prior(0.0, 4.0))];
        let priors = priors(some.into_iter());
        assert_eq!(priors.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(text(&Map::new()), "");
    }
}
