//! The value of a feature for a visitor: the first of its rules that applies gives it.

use super::assignment::within;
use super::evaluation_context::Overrides;
use super::experiment::{Assignment, Evaluation, Experiment, Leaf, Path, Prerequisites};
use super::payload::{Prerequisite, Rule};
use crate::condition::Condition;
use crate::condition::coercion::{js_number, truthy};
use crate::value::{NULL, Object, Value};

/// A feature's value, and where it comes from.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The value.
    pub value: &'a Value,
    /// Where it comes from.
    pub source: Source,
    /// The rule that gave it, where that has an id.
    pub rule: &'a str,
    /// Whether the rule is for some visitors only.
    pub targeted: bool,
    /// The probability with which it was given; 1 where nothing was drawn.
    pub propensity: f64,
    /// The experiment that gave it.
    pub assignment: Option<Assignment<'a>>,
}

/// Where a feature's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// There is no such feature.
    UnknownFeature,
    /// No rule applied.
    DefaultValue,
    /// A rule says so.
    Force,
    /// An arm of an experiment.
    Experiment,
    /// A prerequisite does not hold: there is no value.
    Prerequisite,
    /// Prerequisites lead in a circle: there is no value.
    CyclicPrerequisite,
}

impl Source {
    /// The word in a result.
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
    /// Why a feature that was just looked at has its value.
    pub fn why(&self, answer: &Answer<'a>) -> &'static str {
        match answer.source {
            Source::UnknownFeature => "there is no such feature",
            Source::DefaultValue if self.why.is_empty() => "no rule says anything",
            Source::DefaultValue => self.why,
            Source::Force => "a rule says so",
            Source::Experiment => answer.assignment.map_or("", |assignment| assignment.why),
            Source::Prerequisite => "a prerequisite does not hold",
            Source::CyclicPrerequisite => "prerequisites lead in a circle",
        }
    }

    /// The value of the feature `key`; `path` are the features that asked for it.
    pub fn feature(&mut self, key: &str, path: Option<&Path<'_>>) -> Answer<'a> {
        let answer =
            |value, source| Answer { value, source, rule: "", targeted: false, propensity: 1.0, assignment: None };
        let mut above = path;
        while let Some(step) = above {
            if step.feature == key {
                return answer(&NULL, Source::CyclicPrerequisite);
            }
            above = step.above;
        }
        let Some((key, feature)) = self.of.payload.features.iter().find(|(known, _)| known == key) else {
            return answer(&NULL, Source::UnknownFeature);
        };
        let path = Path { feature: key, above: path };
        for rule in &feature.rules {
            match self.prerequisites(&rule.prerequisites, Some(&path)) {
                Prerequisites::Hold => {}
                Prerequisites::Fail => continue,
                Prerequisites::Block => return answer(&NULL, Source::Prerequisite),
                Prerequisites::Cycle => return answer(&NULL, Source::CyclicPrerequisite),
            }
            if self.of.filtered_out(rule.field("filters").items()) {
                continue;
            }
            let id = rule.text("id");
            let targeted = rule.condition.is_some();
            if let Some(value) = rule.written.get("force") {
                let share = self.of.meet(rule.condition.as_ref()).then(|| self.rolled_out(rule, key)).flatten();
                let Some(propensity) = share else { continue };
                self.track(rule);
                return Answer { value, source: Source::Force, rule: id, targeted, propensity, assignment: None };
            }
            let Value::List(arms) = rule.arms() else { continue };
            let own = rule.text("key");
            let experiment = Experiment {
                key: if own.is_empty() { key } else { own },
                rule,
                arms,
                feature: Some(key),
                leaf: self.leaf(rule),
            };
            let assignment = self.run(experiment, Some(&path));
            if assignment.included && !assignment.passes_through() {
                let (value, propensity) = (assignment.value(), assignment.propensity);
                let source = Source::Experiment;
                return Answer { value, source, rule: id, targeted, propensity, assignment: Some(assignment) };
            }
        }
        answer(&feature.default, Source::DefaultValue)
    }

    /// The share of visitors within a rule's coverage or range, for one who is.
    fn rolled_out(&self, rule: &'a Rule, key: &str) -> Option<f64> {
        let of = self.of;
        let range = rule.field("range");
        let coverage = rule.written.get("coverage");
        if !truthy(range) && coverage.is_none_or(|coverage| *coverage == Value::Number(0.0)) {
            return coverage.is_none().then_some(1.0);
        }
        let seed = if rule.text("seed").is_empty() { key } else { rule.text("seed") };
        let (_, value) = of.unit(rule.field("hashAttribute"), of.fallback(rule));
        let place = of.place(seed, value, rule.field("hashVersion"), 1.0)?;
        let (inside, share) = if truthy(range) {
            let range = of.range(range.items());
            (within(place, range), range[1] - range[0])
        } else {
            // Unlike a range, a coverage includes its end.
            let coverage = coverage.map_or(1.0, |coverage| js_number(coverage, of.host));
            (place <= coverage, coverage)
        };
        inside.then_some(share.min(1.0))
    }

    /// Exposures that another engine decided on, and this one is to report.
    fn track(&mut self, rule: &'a Rule) {
        for track in rule.field("tracks").items() {
            let (experiment, arm) = (track.at("experiment").at("key"), track.at("result").at("key"));
            self.exposures.push((experiment.text().to_owned(), arm.text().to_owned(), 1.0));
        }
    }

    /// The leaf of the rule's contextual bandit that is for this visitor.
    fn leaf(&self, rule: &'a Rule) -> Option<Leaf<'a>> {
        let bandit = self.of.payload.bandits.get(rule.text("contextualBanditRef"))?;
        let is_for = |context: &&Value| {
            let condition = context.at("condition");
            !truthy(condition) || self.of.meet(Some(&Condition::of(condition)))
        };
        Some(Leaf { bandit, written: bandit.at("contexts").items().iter().find(is_for) })
    }

    /// What prerequisites say.
    pub(super) fn prerequisites(
        &mut self,
        prerequisites: &'a [Prerequisite],
        path: Option<&Path<'_>>,
    ) -> Prerequisites {
        for parent in prerequisites {
            let answer = self.feature(&parent.feature, path);
            if answer.source == Source::CyclicPrerequisite {
                return Prerequisites::Cycle;
            }
            let tree = Value::Object(Object::new().with("value", answer.value.clone()));
            if !parent.condition.holds(&tree, self.of.scope()) {
                return if parent.gate { Prerequisites::Block } else { Prerequisites::Fail };
            }
        }
        Prerequisites::Hold
    }
}
