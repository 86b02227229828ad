//! What a feature can be, by its default and its rules.

use std::collections::{BTreeMap, BTreeSet};

use tailorbird::condition::coercion::truthy;
use tailorbird::decision::payload::{Feature, Payload, Rule};
use tailorbird::value::{NULL, Value};

/// The features whose prerequisites are circular, directly or through another one.
pub fn circular(payload: &Payload) -> BTreeSet<&str> {
    // Features that wait for no other are removed until none is left. What remains waits for itself.
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for feature in &payload.features {
        let key = feature.key.as_str();
        let parents = feature.rules.iter().flat_map(|rule| &rule.prerequisites);
        waits.insert(key, parents.clone().count());
        parents.for_each(|parent| waiting.entry(&parent.feature).or_default().push(key));
    }
    let unknown = waiting.keys().filter(|key| !waits.contains_key(*key));
    let mut free: Vec<&str> = unknown.copied().collect();
    free.extend(waits.iter().filter(|(_, count)| **count == 0).map(|(key, _)| *key));
    while let Some(key) = free.pop() {
        waits.remove(key);
        for other in waiting.get(key).into_iter().flatten() {
            if let Some(count) = waits.get_mut(other) {
                *count -= 1;
                if *count == 0 {
                    free.push(other);
                }
            }
        }
    }
    waits.into_keys().collect()
}

/// Every value that can come out of a feature, some of them repeatedly.
///
/// No condition is evaluated: a rule that no visitor will ever match still counts.
pub fn values(feature: &Feature, circular: bool) -> Vec<&Value> {
    let mut values = vec![&feature.default];
    for rule in &feature.rules {
        match rule.written.get("force") {
            Some(forced) => values.push(forced),
            None => values.extend(variations(rule)),
        }
    }
    if circular || feature.rules.iter().flat_map(|rule| &rule.prerequisites).any(|parent| parent.gate) {
        values.push(&NULL);
    }
    values
}

/// The values of a rule's experiment. A variation that is passed through only counts its visitors.
fn variations(rule: &Rule) -> impl Iterator<Item = &Value> {
    let meta = rule.field("meta").items();
    let passes = |index: usize| meta.get(index).is_some_and(|meta: &Value| truthy(meta.at("passthrough")));
    let variations = rule.variations().items().iter().enumerate();
    variations.filter(move |(index, _)| !passes(*index)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::config::Config;

    /// The values of the feature `own` as JSON, beside other features.
    fn written(own: &str, others: &str) -> String {
        let config = format!(r#"{{"version": 1, "experiments": {{"features": {{"own": {own}{others}}}}}}}"#);
        let payload = Config::read(&serde_json::from_str(&config).unwrap()).unwrap().payload;
        let own = payload.feature("own").unwrap();
        let values = values(own, circular(&payload).contains("own"));
        values.into_iter().map(|value| serde_json::to_string(value).unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_default_forced_values_and_variations_can_come_out() {
        let cases = [
            (r#"{}"#, "null", "no default"),
            (r#"{"defaultValue": null}"#, "null", "a default of null"),
            (r#"{"defaultValue": "a", "rules": [{"force": "b"}, {"force": null}]}"#, r#""a" "b" null"#, "forced"),
            (r#"{"defaultValue": "a", "rules": [{"variations": ["b", "c"]}]}"#, r#""a" "b" "c""#, "an experiment"),
            (
                r#"{"defaultValue": "a", "rules": [{"force": "b", "variations": ["c", "d"]}]}"#,
                r#""a" "b""#,
                "what is forced wins over the variations",
            ),
            (
                r#"{"defaultValue": "a", "rules": [{"contextualVariations": ["b", "c"], "variations": ["d", "e"]}]}"#,
                r#""a" "b" "c""#,
                "a bandit's variations win over the plain ones",
            ),
            (
                r#"{"defaultValue": "a", "rules": [{"variations": ["b", "c"], "meta": [{"passthrough": true}, {}]}]}"#,
                r#""a" "c""#,
                "held out visitors fall to the next rule",
            ),
        ];
        for (feature, expected, why) in cases {
            assert_eq!(written(feature, ""), expected, "{why}");
        }
    }

    #[test]
    fn null_can_come_out_where_a_prerequisite_gates_or_leads_in_a_circle() {
        let needs = |parent: &str, gate: bool| {
            format!(
                r#"{{"defaultValue": 1, "rules": [{{"parentConditions": [
                    {{"id": "{parent}", "condition": {{"value": true}}, "gate": {gate}}}], "force": 1}}]}}"#
            )
        };
        let plain = r#", "a": {"defaultValue": true}"#.to_owned();
        let of_two = |b: &str| format!(r#", "a": {}, "b": {}"#, needs("b", false), needs(b, false));
        let cases = [
            (needs("a", false), plain.clone(), "1.0 1.0", "fails: the next rule is evaluated"),
            (needs("a", true), plain, "1.0 1.0 null", "fails: there is no value"),
            (needs("no-such", false), String::new(), "1.0 1.0", "an unknown feature is like a failed one"),
            (needs("own", false), String::new(), "1.0 1.0 null", "it needs itself"),
            (needs("a", false), of_two("own"), "1.0 1.0 null", "a circle of three"),
            (needs("a", false), of_two("a"), "1.0 1.0 null", "a circle further on"),
            (needs("a", false), of_two("no-such"), "1.0 1.0", "a chain with an end"),
        ];
        for (own, others, expected, why) in cases {
            assert_eq!(written(&own, &others), expected, "{why}");
        }
    }
}
