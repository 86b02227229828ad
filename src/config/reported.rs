//! Whether the variation in a report may be told: it is no secret only where chance alone has drawn it.

use super::Config;
use crate::condition::coercion::truthy;
use crate::decision::payload::{Payload, Rule};
use crate::measurement::report_rule::ReportRule;

/// Leaves out reports on experiments whose variations a contextual bandit chooses.
pub(super) fn leave_out(config: &mut Config) {
    let Config { payload, left_out, .. } = config;
    config.reports.retain(|ReportRule { experiment, .. }| {
        let is_chosen = rules(payload, experiment).any(|rule| truthy(rule.field("contextualBanditRef")));
        if is_chosen {
            left_out.push(format!(
                "measure.reports: {experiment} is left out, as a contextual bandit chooses its variations: they would \
                 tell of the visitor"
            ));
        }
        !is_chosen
    });
}

/// A warning for each report on an experiment that there is not, or that is for some visitors only.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let warning = |ReportRule { experiment, .. }: &ReportRule| {
        let rules: Vec<&Rule> = rules(&config.payload, experiment).collect();
        if rules.is_empty() {
            return Some(format!("measure.reports: experiments has no experiment {experiment}"));
        }
        let is_for_some = rules.iter().any(|rule| rule.condition.is_some() || !rule.prerequisites.is_empty());
        is_for_some.then(|| {
            format!(
                "measure.reports: experiment {experiment} has a condition, so each report tells that it holds for the \
                 visitor"
            )
        })
    };
    config.reports.iter().filter_map(warning).collect()
}

/// The experiment of this key, and rules of features that are one of this key: their own, or that of the feature.
fn rules<'a>(payload: &'a Payload, key: &'a str) -> impl Iterator<Item = &'a Rule> {
    let alone = payload.experiments.iter().filter(move |rule| rule.text("key") == key);
    let of_features = payload.features.iter().flat_map(move |feature| {
        let has_key = move |rule: &&Rule| match rule.text("key") {
            "" => feature.key == key,
            own => own == key,
        };
        feature.rules.iter().filter(|rule| !rule.variations().items().is_empty()).filter(has_key)
    });
    alone.chain(of_features)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_made_only_where_chance_alone_has_drawn_the_variation() {
        let config = r#"{"version": 1, "experiments": {
            "experiments": [
                {"key": "hero", "variations": ["a", "b"]},
                {"key": "vips", "variations": ["a", "b"], "condition": {"segment.vip": true}}],
            "features": {
                "button": {"defaultValue": "a", "rules": [{"variations": ["a", "b"]}]},
                "lead": {"defaultValue": "a", "rules": [
                    {"key": "chosen", "contextualVariations": ["a", "b"], "contextualBanditRef": "x"}]}},
            "contextualBandits": {"x": {"contexts": []}}},
            "segments": [{"id": "vip", "when": {"value.tier": "champion"}}],
            "measure": {"reports": {
                "hero": {"goal": "purchase"}, "vips": {"goal": "purchase"}, "button": {"goal": "purchase"},
                "chosen": {"goal": "purchase"}, "gone": {"goal": "purchase"}}}}"#;
        let config = Config::read(&serde_json::from_str(config).unwrap()).unwrap();
        assert_eq!(config.problems.lines(), [""; 0]);
        let reported: Vec<&str> = config.reports.iter().map(|report| report.experiment.as_str()).collect();
        assert_eq!(reported, ["hero", "vips", "button", "gone"]);
        assert_eq!(
            config.warnings(),
            [
                "measure.reports: chosen is left out, as a contextual bandit chooses its variations: they would tell \
                 of the visitor",
                "measure.reports: experiment vips has a condition, so each report tells that it holds for the visitor",
                "measure.reports: experiments has no experiment gone",
            ]
        );
    }
}
