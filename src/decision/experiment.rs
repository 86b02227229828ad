//! Experiments: the variation that a visitor is assigned, if any.
//!
//! The order of the checks is that of the GrowthBook SDK 1.8.0. Source: GrowthBook, "Build your own
//! SDK", section "Running experiments".

use super::Exposure;
use super::assignment::{choose, in_namespace, query_override, ranges};
use super::evaluation_context::{EvaluationContext, Overrides};
use super::explain::AssignmentReason;
use super::payload::Rule;
use super::targeting::is_targeted;
use crate::condition::coercion::{js_number, js_text, truthy};
use crate::host::Host;
use crate::profile::sticky_bucket::{StickyBucket, find};
use crate::value::{NULL, Value};

/// How long a unit's value may be, in bytes, for its assignments to be remembered.
const STICKY_VALUE: usize = 200;
/// How many versions of an experiment are looked up among earlier assignments.
const BUCKET_VERSIONS: f64 = 10_000.0;

/// One evaluation of features and experiments, with the assignments it makes on the way.
pub struct Evaluation<'a, T: Overrides = ()> {
    /// What it is evaluated with.
    pub context: EvaluationContext<'a>,
    /// What GrowthBook's suite adds to that.
    pub overrides: T,
    /// The assignments that were drawn.
    pub exposures: Vec<Exposure>,
    /// The assignments to remember.
    pub sticky: Vec<StickyBucket>,
    /// Why the visitor is not in the last experiment that was evaluated; `None` where none was, or they are.
    pub excluded: Option<AssignmentReason>,
}

/// The features whose prerequisites led to a feature, the last one first.
#[derive(Clone, Copy)]
pub struct FeatureStack<'p> {
    /// The last one.
    pub feature: &'p str,
    /// Those before it.
    pub below: Option<&'p FeatureStack<'p>>,
}

/// An experiment, by itself or as the rule of a feature.
#[derive(Clone, Copy)]
pub struct Experiment<'a> {
    /// Its key, which is also the seed of its hash unless it has another.
    pub key: &'a str,
    /// The rule as it is written.
    pub rule: &'a Rule,
    /// The values of its variations.
    pub variations: &'a [Value],
    /// The feature whose rule this is. Some fields have no meaning in such a rule.
    pub feature: Option<&'a str>,
    /// The leaf of a contextual bandit.
    pub leaf: Option<Leaf<'a>>,
}

/// A leaf of a contextual bandit: weights for visitors of one kind.
#[derive(Clone, Copy)]
pub struct Leaf<'a> {
    /// The bandit.
    pub bandit: &'a Value,
    /// The leaf as it is written; `None` where none is for this visitor, and the weights of the rule count.
    pub written: Option<&'a Value>,
}

/// A visitor's assignment in an experiment.
#[derive(Clone, Copy)]
pub struct Assignment<'a> {
    /// The experiment.
    pub experiment: Experiment<'a>,
    /// The index of the variation; 0, the control, where the visitor is not in the experiment.
    pub variation: usize,
    /// Whether the visitor is in the experiment.
    pub included: bool,
    /// Whether the variation was drawn by hash, in contrast to forced.
    pub drawn: bool,
    /// The visitor's hash in `[0, 1)`, where the variation was drawn.
    pub hash: Option<f64>,
    /// Whether an earlier assignment decided.
    pub sticky: bool,
    /// The attribute that was hashed, and its value.
    pub unit: (&'a str, &'a Value),
    /// The probability of this outcome over all hashes; 1 where nothing was drawn.
    pub propensity: f64,
    /// Why the visitor is in the experiment, or is not.
    pub reason: AssignmentReason,
}

impl<'a> Assignment<'a> {
    fn meta(&self, key: &str) -> &'a Value {
        self.experiment.meta(self.variation, key)
    }

    /// Assigns the variation with this index, if there is one.
    fn assign(&mut self, variation: usize) {
        self.included = variation < self.experiment.variations.len();
        self.variation = if self.included { variation } else { 0 };
    }

    /// Assigns the variation with an index as it is written.
    fn assign_written(&mut self, index: &Value) {
        let index = index.as_number().and_then(|index| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "compared below")]
            let variation = index as usize;
            #[allow(clippy::cast_precision_loss, reason = "variations are few")]
            (variation as f64 == index).then_some(variation)
        });
        self.assign(index.unwrap_or(usize::MAX));
    }

    /// The variation's key, or its index as text.
    pub fn key(&self) -> String {
        self.experiment.variation_key(self.variation)
    }

    /// The variation's name.
    pub fn name(&self) -> &'a str {
        self.meta("name").text()
    }

    /// Whether the visitor is counted, and then treated as if there were no experiment.
    pub fn passes_through(&self) -> bool {
        truthy(self.meta("passthrough"))
    }

    /// Whether the experiment is for some visitors only, or its weights are for visitors like this one.
    pub fn is_targeted(&self) -> bool {
        self.experiment.rule.condition.is_some() || self.experiment.leaf.is_some_and(|leaf| leaf.written.is_some())
    }

    /// The variation's value.
    pub fn value(&self) -> &'a Value {
        self.experiment.variations.get(self.variation).unwrap_or(&NULL)
    }
}

impl<'a> Evaluation<'a> {
    /// An evaluation in this context.
    pub fn of(context: EvaluationContext<'a>) -> Evaluation<'a> {
        Evaluation::with_overrides(context, ())
    }
}

/// An assignment that was remembered.
#[derive(Clone, Copy)]
struct Remembered {
    variation: usize,
    propensity: f64,
}

/// What earlier assignments say.
enum Earlier {
    /// Nothing, or a variation that is no longer there.
    None,
    /// The visitor keeps this one.
    Variation(Remembered),
    /// The visitor was in a version that excludes from this one.
    Excluded,
}

impl<'a, T: Overrides> Evaluation<'a, T> {
    /// An evaluation in this context, with what a payload cannot say.
    pub fn with_overrides(context: EvaluationContext<'a>, overrides: T) -> Evaluation<'a, T> {
        Evaluation { context, overrides, exposures: Vec::new(), sticky: Vec::new(), excluded: None }
    }

    /// The visitor's assignment in the experiment `key`, of those that belong to no feature.
    pub fn experiment(&mut self, key: &str) -> Option<Assignment<'a>> {
        self.excluded = Some(AssignmentReason::UnknownExperiment);
        self.context.payload.experiment(key).map(|rule| self.run(Experiment::alone(rule), None))
    }

    /// The visitor's assignment in an experiment.
    pub fn run(&mut self, experiment: Experiment<'a>, stack: Option<&FeatureStack<'_>>) -> Assignment<'a> {
        let rule = experiment.rule;
        let unit = self.context.unit(rule.field("hashAttribute"), self.context.fallback(rule));
        let mut assignment = Assignment {
            experiment,
            variation: 0,
            included: false,
            drawn: false,
            hash: None,
            sticky: false,
            unit,
            propensity: 1.0,
            reason: AssignmentReason::NotRunnable,
        };
        assignment.reason = self.assign(&mut assignment, stack);
        self.excluded = (!assignment.included).then_some(assignment.reason);
        assignment
    }

    /// Fills in the assignment, and answers why it is that.
    fn assign(&mut self, to: &mut Assignment<'a>, stack: Option<&FeatureStack<'_>>) -> AssignmentReason {
        let context = self.context;
        let experiment = to.experiment;
        let (key, rule) = (experiment.key, experiment.rule);
        let id = to.unit.1;
        if experiment.variations.len() < 2 || self.overrides.disabled() {
            return AssignmentReason::NotRunnable;
        }
        let patterns = experiment.own("urlPatterns");
        if truthy(patterns) && !is_targeted(context.address, patterns.items(), context.host) {
            return AssignmentReason::OtherAddress;
        }
        if let Some(variation) = query_override(key, context.address, experiment.variations.len()) {
            to.assign(variation);
            return AssignmentReason::QueryOverride;
        }
        if let Some(index) = self.overrides.forced(key) {
            to.assign_written(index);
            return AssignmentReason::Forced;
        }
        if experiment.own("status").text() == "draft" || *experiment.own("active") == Value::Bool(false) {
            return AssignmentReason::Inactive;
        }
        if *id == Value::Null {
            return AssignmentReason::NoStableId;
        }
        let is_sticky = context.is_sticky(rule);
        let earlier = if is_sticky { self.earlier(rule, key) } else { Earlier::None };
        if !matches!(earlier, Earlier::Variation(_))
            && let Some(reason) = self.excludes(experiment, id, stack)
        {
            return reason;
        }
        if self.overrides.is_other_url(experiment.own("url")) {
            return AssignmentReason::OtherAddress;
        }
        let Some(hash) = experiment.hash(id, context) else { return AssignmentReason::NotRunnable };
        let ranges = experiment.ranges(context);
        let remembered = match earlier {
            Earlier::None => None,
            Earlier::Variation(remembered) => Some(remembered),
            Earlier::Excluded => {
                to.sticky = true;
                return AssignmentReason::EarlierVersion;
            }
        };
        let chosen = remembered.map(|remembered| remembered.variation).or_else(|| choose(hash, &ranges));
        let Some(variation) = chosen else {
            to.propensity = ranges.iter().fold(1.0, |rest, range| rest - width(range)).max(0.0);
            return AssignmentReason::OutsideCoverage;
        };
        if let Some(index) = rule.written.get("force").filter(|_| experiment.feature.is_none()) {
            to.assign_written(index);
            return AssignmentReason::Forced;
        }
        if self.overrides.qa() {
            return AssignmentReason::NotRunnable;
        }
        if experiment.own("status").text() == "stopped" {
            return AssignmentReason::Inactive;
        }
        to.assign(variation);
        to.drawn = true;
        to.hash = Some(hash);
        to.sticky = remembered.is_some();
        // An earlier assignment was drawn with the weights of its time.
        let drawn = ranges.get(variation).map_or(1.0, width);
        to.propensity = remembered.map_or(drawn, |remembered| remembered.propensity);
        if is_sticky {
            self.remember(to);
        }
        self.exposures.push(Exposure { experiment: key.to_owned(), variation: to.key(), propensity: to.propensity });
        if to.sticky { AssignmentReason::Sticky } else { AssignmentReason::Drawn }
    }

    /// Notes an assignment to remember, unless it is known already.
    fn remember(&mut self, assignment: &Assignment<'a>) {
        let host = self.context.host;
        let Experiment { key, rule, .. } = assignment.experiment;
        let bucket = StickyBucket {
            attribute: assignment.unit.0.to_owned(),
            value: sticky_value(assignment.unit.1, host),
            experiment: versioned(key, js_number(rule.field("bucketVersion"), host), host),
            variation: assignment.key(),
            propensity: assignment.propensity,
        };
        let known = self.find_sticky(&bucket.attribute, &bucket.value, &bucket.experiment);
        let is_known = known.is_some_and(|known| known.variation == bucket.variation);
        if !is_known && bucket.value.len() <= STICKY_VALUE {
            self.sticky.push(bucket);
        }
    }

    /// Why the experiment is not for this visitor; `None` where it is.
    fn excludes(
        &mut self,
        experiment: Experiment<'a>,
        id: &Value,
        stack: Option<&FeatureStack<'_>>,
    ) -> Option<AssignmentReason> {
        let context = self.context;
        let rule = experiment.rule;
        let outside = match (rule.field("filters"), rule.field("namespace")) {
            (Value::List(filters), _) => context.filtered_out(filters),
            (_, Value::List(namespace)) => {
                let name = js_text(namespace.first().unwrap_or(&NULL), context.host);
                let range = context.range(namespace.get(1..).unwrap_or_default());
                !in_namespace(&js_text(id, context.host), &name, range)
            }
            _ => false,
        };
        if outside {
            return Some(AssignmentReason::OutsideNamespace);
        }
        // A function in the SDK, which no file can hold.
        if truthy(experiment.own("include")) {
            return Some(AssignmentReason::NotRunnable);
        }
        if !context.matches(rule.condition.as_ref()) {
            return Some(AssignmentReason::ConditionFails);
        }
        if experiment.feature.is_none() && self.prerequisites(&rule.prerequisites, stack) != Prerequisites::Hold {
            return Some(AssignmentReason::PrerequisiteFails);
        }
        let groups = experiment.own("groups");
        if truthy(groups) && !self.overrides.is_in_group(groups.items()) {
            return Some(AssignmentReason::ConditionFails);
        }
        None
    }

    /// What earlier assignments in an experiment say.
    fn earlier(&self, rule: &'a Rule, key: &str) -> Earlier {
        let context = self.context;
        let units = [rule.field("hashAttribute"), rule.field("fallbackAttribute")].map(|name| context.unit(name, None));
        let bucket = |version: f64| {
            let name = versioned(key, version, context.host);
            let mut known = units.iter().filter(|unit| *unit.1 != Value::Null);
            known.find_map(|(attribute, value)| self.find_sticky(attribute, &sticky_value(value, context.host), &name))
        };
        let least = js_number(rule.field("minBucketVersion"), context.host);
        let mut version = 0.0;
        while version < least && version < BUCKET_VERSIONS {
            if bucket(version).is_some() {
                return Earlier::Excluded;
            }
            version += 1.0;
        }
        let Some(bucket) = bucket(js_number(rule.field("bucketVersion"), context.host)) else { return Earlier::None };
        let is_same = |meta: &Value| meta.at("key").as_text() == Some(&bucket.variation);
        match rule.field("meta").items().iter().position(is_same) {
            Some(variation) => Earlier::Variation(Remembered { variation, propensity: bucket.propensity }),
            None => Earlier::None,
        }
    }

    fn find_sticky(&self, attribute: &str, value: &str, experiment: &str) -> Option<&StickyBucket> {
        find(&self.sticky, attribute, value, experiment)
            .or_else(|| find(self.context.sticky.unwrap_or_default(), attribute, value, experiment))
    }
}

/// The result of prerequisites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prerequisites {
    /// All of them hold, or there are none.
    Hold,
    /// One fails.
    Fail,
    /// One fails, and blocks the whole feature.
    Block,
    /// They refer to each other in a circle.
    Cycle,
}

impl<'a> Experiment<'a> {
    /// An experiment that belongs to no feature.
    pub fn alone(rule: &'a Rule) -> Experiment<'a> {
        let variations = rule.field("variations").items();
        Experiment { key: rule.text("key"), rule, variations, feature: None, leaf: None }
    }

    fn meta(&self, variation: usize, key: &str) -> &'a Value {
        self.rule.field("meta").items().get(variation).unwrap_or(&NULL).at(key)
    }

    /// The key of the variation with this index, or the index as text.
    fn variation_key(&self, variation: usize) -> String {
        match self.meta(variation, "key").text() {
            "" => variation.to_string(),
            key => key.to_owned(),
        }
    }

    /// The hash of a unit's value, in `[0, 1)`; `None` where there is no value, or no such version of the hash.
    fn hash(&self, unit: &Value, context: EvaluationContext<'a>) -> Option<f64> {
        let seed = self.rule.text("seed");
        context.hash(if seed.is_empty() { self.key } else { seed }, unit, self.rule.field("hashVersion"), 1.0)
    }

    /// The visitor's place in `[0, 1)` from which a variation is drawn; `None` where they have no stable id.
    pub fn bucket(&self, context: EvaluationContext<'a>) -> Option<f64> {
        let (_, unit) = context.unit(self.rule.field("hashAttribute"), context.fallback(self.rule));
        self.hash(unit, context)
    }

    /// By variation, the share of visitors that gets it: from 0 to 1.
    pub fn shares(&self, context: EvaluationContext<'a>) -> Vec<(String, f64)> {
        let ranges = self.ranges(context);
        ranges.iter().enumerate().map(|(index, range)| (self.variation_key(index), width(range))).collect()
    }

    /// A field that has no meaning in the rule of a feature.
    fn own(&self, key: &str) -> &'a Value {
        if self.feature.is_some() { &NULL } else { self.rule.field(key) }
    }

    /// The range of hashes of each variation.
    fn ranges(&self, context: EvaluationContext<'a>) -> Vec<[f64; 2]> {
        let rule = self.rule;
        if let Value::List(written) = rule.field("ranges") {
            return written.iter().map(|range| context.range(range.items())).collect();
        }
        let coverage = rule.written.get("coverage").map_or(1.0, |coverage| js_number(coverage, context.host));
        let leaf = self.leaf.and_then(|leaf| leaf.written);
        let weights = leaf.map_or(rule.field("weights"), |leaf| leaf.at("weights")).items();
        let weights: Vec<f64> = weights.iter().map(|weight| js_number(weight, context.host)).collect();
        ranges(self.variations.len(), coverage, &weights)
    }
}

#[allow(clippy::manual_clamp, reason = "clamp keeps NaN, and no hash is in a range that is no number")]
fn width(range: &[f64; 2]) -> f64 {
    (range[1] - range[0]).max(0.0).min(1.0)
}

/// The name under which an assignment in a version of an experiment is remembered.
fn versioned(key: &str, version: f64, host: &dyn Host) -> String {
    format!("{key}__{}", js_text(&Value::Number(version), host))
}

/// A unit's value as it is remembered.
fn sticky_value(value: &Value, host: &dyn Host) -> String {
    if *value == Value::Null { String::new() } else { js_text(value, host).into_owned() }
}
