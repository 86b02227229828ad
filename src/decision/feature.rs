//! Features: named values, given by the first of their rules that applies.

use super::Exposure;
use super::assignment::within;
use super::evaluation_context::Overrides;
use super::experiment::{Assignment, Evaluation, Experiment, FeatureStack, Leaf, Prerequisites};
use super::explain::FeatureReason;
use super::payload::{Feature, Prerequisite, Rule};
use crate::condition::Condition;
use crate::condition::coercion::{js_number, truthy};
use crate::value::{NULL, Object, Value};

/// A feature's value, and where it comes from.
#[derive(Clone, Copy)]
pub struct FeatureValue<'a> {
    /// The value.
    pub value: &'a Value,
    /// Where it comes from.
    pub source: Source,
    /// The id of the rule that gave it; empty where it has none.
    pub rule: &'a str,
    /// Whether that rule is for some visitors only.
    pub targeted: bool,
    /// The probability with which the value was given; 1 where nothing was drawn.
    pub propensity: f64,
    /// The assignment that gave it.
    pub assignment: Option<Assignment<'a>>,
}

/// Where a feature's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// There is no such feature.
    UnknownFeature,
    /// No rule applies.
    DefaultValue,
    /// A rule forces it.
    Force,
    /// A variation of an experiment.
    Experiment,
    /// A prerequisite fails: there is no value.
    Prerequisite,
    /// Prerequisites refer to each other in a circle: there is no value.
    CyclicPrerequisite,
}

impl Source {
    /// The name in a result.
    pub fn name(self) -> &'static str {
        match self {
            Source::UnknownFeature => "unknownFeature",
            Source::DefaultValue => "defaultValue",
            Source::Force => "force",
            Source::Experiment => "experiment",
            Source::Prerequisite => "prerequisite",
            Source::CyclicPrerequisite => "cyclicPrerequisite",
        }
    }
}

impl<'a, T: Overrides> Evaluation<'a, T> {
    /// Why the feature that was just evaluated has its value.
    pub fn reason(&self, feature: &FeatureValue<'a>) -> FeatureReason {
        match (feature.source, feature.assignment) {
            (Source::UnknownFeature, _) => FeatureReason::UnknownFeature,
            (Source::Experiment, Some(assignment)) => FeatureReason::Assignment(assignment.reason),
            (Source::DefaultValue | Source::Experiment, _) => {
                self.excluded.map_or(FeatureReason::NoRule, FeatureReason::Assignment)
            }
            (Source::Force, _) => FeatureReason::Rule,
            (Source::Prerequisite, _) => FeatureReason::PrerequisiteFails,
            (Source::CyclicPrerequisite, _) => FeatureReason::CircularPrerequisites,
        }
    }

    /// The value of the feature `key`; `stack` are the features whose prerequisites refer to it.
    pub fn feature(&mut self, key: &str, stack: Option<&FeatureStack<'_>>) -> FeatureValue<'a> {
        let without_rule = |value, source| FeatureValue {
            value,
            source,
            rule: "",
            targeted: false,
            propensity: 1.0,
            assignment: None,
        };
        let mut below = stack;
        while let Some(step) = below {
            if step.feature == key {
                return without_rule(&NULL, Source::CyclicPrerequisite);
            }
            below = step.below;
        }
        let Some(feature) = self.context.payload.feature(key) else {
            return without_rule(&NULL, Source::UnknownFeature);
        };
        let key = feature.key.as_str();
        let stack = FeatureStack { feature: key, below: stack };
        for rule in &feature.rules {
            match self.prerequisites(&rule.prerequisites, Some(&stack)) {
                Prerequisites::Hold => {}
                Prerequisites::Fail => continue,
                Prerequisites::Block => return without_rule(&NULL, Source::Prerequisite),
                Prerequisites::Cycle => return without_rule(&NULL, Source::CyclicPrerequisite),
            }
            if self.context.filtered_out(rule.field("filters").items()) {
                continue;
            }
            let id = rule.text("id");
            if let Some(value) = rule.written.get("force") {
                if !self.context.matches(rule.condition.as_ref()) {
                    continue;
                }
                let Some(propensity) = self.rolled_out(rule, key) else { continue };
                self.track(rule);
                let targeted = rule.condition.is_some();
                return FeatureValue { value, source: Source::Force, rule: id, targeted, propensity, assignment: None };
            }
            let Some(experiment) = self.experiment_of(key, rule) else { continue };
            let assignment = self.run(experiment, Some(&stack));
            if assignment.included && !assignment.passes_through() {
                return FeatureValue {
                    value: assignment.value(),
                    source: Source::Experiment,
                    rule: id,
                    targeted: rule.condition.is_some(),
                    propensity: assignment.propensity,
                    assignment: Some(assignment),
                };
            }
        }
        without_rule(&feature.default, Source::DefaultValue)
    }

    /// The experiments among the rules of a feature, in their order.
    pub fn experiments_of(&self, feature: &'a Feature) -> Vec<Experiment<'a>> {
        let rules = feature.rules.iter().filter(|rule| rule.written.get("force").is_none());
        rules.filter_map(|rule| self.experiment_of(&feature.key, rule)).collect()
    }

    /// The experiment that this rule of a feature runs, if it runs one.
    fn experiment_of(&self, feature: &'a str, rule: &'a Rule) -> Option<Experiment<'a>> {
        let Value::List(variations) = rule.variations() else { return None };
        let own = rule.text("key");
        let key = if own.is_empty() { feature } else { own };
        Some(Experiment { key, rule, variations, feature: Some(feature), leaf: self.leaf(rule) })
    }

    /// The share of visitors in a rule's coverage or range; `None` for a visitor who is not.
    fn rolled_out(&self, rule: &'a Rule, key: &str) -> Option<f64> {
        let context = self.context;
        let range = rule.field("range");
        let coverage = rule.written.get("coverage");
        if !truthy(range) && coverage.is_none_or(|coverage| *coverage == Value::Number(0.0)) {
            return coverage.is_none().then_some(1.0);
        }
        let seed = if rule.text("seed").is_empty() { key } else { rule.text("seed") };
        let (_, value) = context.unit(rule.field("hashAttribute"), context.fallback(rule));
        let hash = context.hash(seed, value, rule.field("hashVersion"), 1.0)?;
        let (inside, share) = if truthy(range) {
            let range = context.range(range.items());
            (within(hash, range), range[1] - range[0])
        } else {
            // Unlike a range, a coverage includes its end.
            let coverage = coverage.map_or(1.0, |coverage| js_number(coverage, context.host));
            (hash <= coverage, coverage)
        };
        inside.then_some(share.min(1.0))
    }

    /// Notes exposures that another engine decided on, and that this one is to report.
    fn track(&mut self, rule: &'a Rule) {
        let exposure = |track: &Value| Exposure {
            experiment: track.at("experiment").at("key").text().to_owned(),
            variation: track.at("result").at("key").text().to_owned(),
            propensity: 1.0,
        };
        self.exposures.extend(rule.field("tracks").items().iter().map(exposure));
    }

    /// The leaf of the rule's contextual bandit that is for this visitor.
    fn leaf(&self, rule: &'a Rule) -> Option<Leaf<'a>> {
        let bandit = self.context.payload.bandits.get(rule.text("contextualBanditRef"))?;
        let is_for = |leaf: &&Value| {
            let condition = leaf.at("condition");
            !truthy(condition) || self.context.matches(Some(&Condition::of(condition)))
        };
        Some(Leaf { bandit, written: bandit.at("contexts").items().iter().find(is_for) })
    }

    /// Evaluates prerequisites.
    pub(super) fn prerequisites(
        &mut self,
        prerequisites: &'a [Prerequisite],
        stack: Option<&FeatureStack<'_>>,
    ) -> Prerequisites {
        for prerequisite in prerequisites {
            let feature = self.feature(&prerequisite.feature, stack);
            if feature.source == Source::CyclicPrerequisite {
                return Prerequisites::Cycle;
            }
            let tree = Value::Object(Object::new().with("value", feature.value.clone()));
            if !prerequisite.condition.holds(&tree, self.context.scope()) {
                return if prerequisite.gate { Prerequisites::Block } else { Prerequisites::Fail };
            }
        }
        Prerequisites::Hold
    }
}
