//! Which arm of an experiment a visitor meets, if any.
//!
//! The order of the checks is that of the GrowthBook SDK 1.8.0. Source: GrowthBook, "Build your own
//! SDK", section "Running experiments".

use super::Exposure;
use super::assignment::{choose, in_namespace, query_override, ranges};
use super::evaluation_context::{EvaluationContext, Overrides};
use super::payload::Rule;
use super::targeting::is_targeted;
use crate::condition::coercion::{js_number, js_text, truthy};
use crate::host::Host;
use crate::number;
use crate::profile::sticky_bucket::{StickyBucket, find};
use crate::text::concat;
use crate::value::{NULL, Value};

const ELSEWHERE: &str = "it is not for this address";
/// How long a unit's value may be, in bytes, for its arms to be remembered.
const UNIT: usize = 200;
/// Of an experiment with fewer than two arms, an unknown hash, or what no file can say.
const NEVER: &str = "it cannot be run";
const FORCED: &str = "this arm is forced";

/// One look at features and experiments, and what came of it beside the answer.
pub struct Evaluation<'a, T: Overrides = ()> {
    /// What it rests on.
    pub of: EvaluationContext<'a>,
    /// What else was said, in GrowthBook's suite.
    pub overrides: T,
    /// StickyBuckets that the visitor was drawn into on the way.
    pub exposures: Vec<Exposure>,
    /// StickyBuckets to be remembered.
    pub sticky: Vec<StickyBucket>,
    /// Why the visitor is not in the last experiment that was looked at; empty where none was.
    pub why: &'static str,
}

/// The features whose prerequisites led here, the last one first.
#[derive(Clone, Copy)]
pub struct Path<'p> {
    /// The last one.
    pub feature: &'p str,
    /// Those before it.
    pub above: Option<&'p Path<'p>>,
}

/// An experiment, by itself or made of a feature's rule.
#[derive(Clone, Copy)]
pub struct Experiment<'a> {
    /// Its name, which is also its seed unless it has another.
    pub key: &'a str,
    /// What is written.
    pub rule: &'a Rule,
    /// What its arms stand for.
    pub arms: &'a [Value],
    /// The feature whose rule this is; such a rule cannot say everything.
    pub feature: Option<&'a str>,
    /// The contextual bandit's leaf.
    pub leaf: Option<Leaf<'a>>,
}

/// A contextual bandit's leaf: weights for visitors of one kind.
#[derive(Clone, Copy)]
pub struct Leaf<'a> {
    /// The bandit it belongs to.
    pub bandit: &'a Value,
    /// What is written of the leaf; `None` where none is for this visitor, and the rule's own
    /// weights count.
    pub written: Option<&'a Value>,
}

/// Where a visitor stands to an experiment.
#[derive(Clone, Copy)]
pub struct Assignment<'a> {
    /// The experiment.
    pub experiment: Experiment<'a>,
    /// The place of the arm; 0, the control, where the visitor is not in the experiment.
    pub arm: usize,
    /// Whether the visitor is in the experiment.
    pub included: bool,
    /// Whether the arm was drawn, rather than forced.
    pub drawn: bool,
    /// The visitor's place in `[0, 1)`, where the arm was drawn.
    pub place: Option<f64>,
    /// Whether an arm of before had a say.
    pub remembered: bool,
    /// The attribute that was hashed, and its value.
    pub unit: (&'a str, &'a Value),
    /// The probability of this outcome over all places; 1 where nothing was drawn.
    pub propensity: f64,
    /// Why the visitor is in it, or is not.
    pub why: &'static str,
}

impl<'a> Assignment<'a> {
    /// What is known of the arm beside what it stands for.
    fn meta(&self, key: &str) -> &'a Value {
        self.experiment.rule.field("meta").items().get(self.arm).unwrap_or(&NULL).at(key)
    }

    /// The arm at this place, if there is one.
    fn meet(&mut self, arm: usize) {
        self.included = arm < self.experiment.arms.len();
        self.arm = if self.included { arm } else { 0 };
    }

    /// The arm that an index in a file names.
    fn meet_forced(&mut self, index: &Value) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is cut off differs then")]
        let arm = index.as_number().map(|index| (index as usize, index));
        #[allow(clippy::cast_precision_loss, reason = "arms are few")]
        let whole = arm.filter(|(arm, index)| *arm as f64 == *index);
        self.meet(whole.map_or(usize::MAX, |(arm, _)| arm));
    }

    /// The arm's key, or its place as text.
    pub fn key(&self) -> String {
        match self.meta("key").text() {
            "" => self.arm.to_string(),
            key => key.to_owned(),
        }
    }

    /// The arm's name.
    pub fn name(&self) -> &'a str {
        self.meta("name").text()
    }

    /// Whether the visitor is counted, and then treated as if there were no experiment.
    pub fn passes_through(&self) -> bool {
        truthy(self.meta("passthrough"))
    }

    /// Whether only some visitors can be in it, or the arms' weights are for visitors like this one.
    pub fn is_targeted(&self) -> bool {
        self.experiment.rule.condition.is_some() || self.experiment.leaf.is_some_and(|leaf| leaf.written.is_some())
    }

    /// What the arm stands for.
    pub fn value(&self) -> &'a Value {
        self.experiment.arms.get(self.arm).unwrap_or(&NULL)
    }
}

impl<'a> Evaluation<'a> {
    /// A look under these circumstances.
    pub fn of(of: EvaluationContext<'a>) -> Evaluation<'a> {
        Evaluation::overrides(of, ())
    }
}

impl<'a, T: Overrides> Evaluation<'a, T> {
    /// A look under these circumstances, overrides more than a payload can say.
    pub fn overrides(of: EvaluationContext<'a>, overrides: T) -> Evaluation<'a, T> {
        Evaluation { of, overrides, exposures: Vec::new(), sticky: Vec::new(), why: "" }
    }

    /// The experiment called `key`, of those that are no feature's.
    pub fn experiment(&mut self, key: &str) -> Option<Assignment<'a>> {
        self.why = "there is no such experiment";
        self.of.payload.experiment(key).map(|rule| self.run(Experiment::alone(rule), None))
    }

    /// Where the visitor stands to an experiment.
    pub fn run(&mut self, experiment: Experiment<'a>, path: Option<&Path<'_>>) -> Assignment<'a> {
        let rule = experiment.rule;
        let unit = self.of.unit(rule.field("hashAttribute"), self.of.fallback(rule));
        let mut assignment = Assignment {
            experiment,
            arm: 0,
            included: false,
            drawn: false,
            place: None,
            remembered: false,
            unit,
            propensity: 1.0,
            why: "",
        };
        assignment.why = self.assign(&mut assignment, path);
        self.why = if assignment.included { "" } else { assignment.why };
        assignment
    }

    /// Fills in the arm, and says why it is that or none.
    #[inline(never)]
    fn assign(&mut self, to: &mut Assignment<'a>, path: Option<&Path<'_>>) -> &'static str {
        let of = self.of;
        let experiment = to.experiment;
        let (key, rule) = (experiment.key, experiment.rule);
        let id = to.unit.1;
        if experiment.arms.len() < 2 {
            return NEVER;
        }
        if self.overrides.disabled() {
            return NEVER;
        }
        let patterns = experiment.own("urlPatterns");
        if truthy(patterns) && !is_targeted(of.address, patterns.items(), of.host) {
            return ELSEWHERE;
        }
        if let Some(arm) = query_override(key, of.address, experiment.arms.len()) {
            to.meet(arm);
            return "the address asks for this arm";
        }
        if let Some(index) = self.overrides.forced(key) {
            to.meet_forced(index);
            return FORCED;
        }
        if experiment.own("status").text() == "draft" || *experiment.own("active") == Value::Bool(false) {
            return "it is not active";
        }
        if *id == Value::Null {
            return "not eligible: no stable id";
        }
        let remembers = of.remembers(rule);
        let (before, blocked) = if remembers { self.remembered(rule, key) } else { (None, false) };
        if before.is_none() {
            let why = self.excludes(experiment, id, path);
            if !why.is_empty() {
                return why;
            }
        }
        if self.overrides.is_elsewhere(experiment.own("url")) {
            return ELSEWHERE;
        }
        let seed = rule.text("seed");
        let place = of.place(if seed.is_empty() { key } else { seed }, id, rule.field("hashVersion"), 1.0);
        let Some(place) = place else { return NEVER };
        let ranges = experiment.ranges(of);
        if blocked {
            to.remembered = true;
            return "an earlier version was met";
        }
        let Some(arm) = before.map(|(arm, _)| arm).or_else(|| choose(place, &ranges)) else {
            to.propensity = ranges.iter().fold(1.0, |left, range| left - width(range)).max(0.0);
            return "outside of its coverage";
        };
        if let Some(index) = rule.written.get("force").filter(|_| experiment.feature.is_none()) {
            to.meet_forced(index);
            return FORCED;
        }
        if self.overrides.qa() {
            return NEVER;
        }
        if experiment.own("status").text() == "stopped" {
            return "it is not active";
        }
        to.meet(arm);
        to.drawn = true;
        to.place = Some(place);
        to.remembered = before.is_some();
        // Whoever was drawn once was drawn by the weights of that time.
        let drawn = ranges.get(arm).map_or(1.0, width);
        to.propensity = before.map_or(drawn, |(_, propensity)| propensity);
        let arm = to.key();
        if remembers {
            let met = StickyBucket {
                attribute: to.unit.0.to_owned(),
                value: sticky_text(id, of.host),
                experiment: versioned(key, js_number(rule.field("bucketVersion"), of.host)),
                variation: arm.clone(),
                propensity: to.propensity,
            };
            let known =
                self.arm_met(&met.attribute, &met.value, &met.experiment).is_some_and(|known| known.variation == arm);
            if !known && met.value.len() <= UNIT {
                self.sticky.push(met);
            }
        }
        self.exposures.push((key.to_owned(), arm, to.propensity));
        if to.remembered { "met before" } else { "drawn" }
    }

    /// Why the visitor is not one of those the experiment is for; empty for one who is.
    fn excludes(&mut self, experiment: Experiment<'a>, id: &Value, path: Option<&Path<'_>>) -> &'static str {
        let of = self.of;
        let rule = experiment.rule;
        let outside = match (rule.field("filters"), rule.field("namespace")) {
            (Value::List(filters), _) => of.filtered_out(filters),
            (_, Value::List(namespace)) => {
                let name = js_text(namespace.first().unwrap_or(&NULL), of.host);
                !in_namespace(&js_text(id, of.host), &name, of.range(namespace.get(1..).unwrap_or_default()))
            }
            _ => false,
        };
        if outside {
            return "outside of its namespace";
        }
        // A function in the SDK, which no file can hold.
        if truthy(experiment.own("include")) {
            return NEVER;
        }
        if !of.meet(rule.condition.as_ref()) {
            return "it is not for this visitor";
        }
        if experiment.feature.is_none() && self.prerequisites(&rule.prerequisites, path) != Prerequisites::Hold {
            return "a prerequisite does not hold";
        }
        let groups = experiment.own("groups");
        if truthy(groups) && !self.overrides.is_in_group(groups.items()) {
            return "it is not for this visitor";
        }
        ""
    }

    /// The arm met before, and whether one of a version that is not allowed any more was met.
    fn remembered(&self, rule: &'a Rule, key: &str) -> (Option<(usize, f64)>, bool) {
        let of = self.of;
        let units = [rule.field("hashAttribute"), rule.field("fallbackAttribute")].map(|name| of.unit(name, None));
        let met = |version: f64| {
            let name = versioned(key, version);
            let known = units.iter().filter(|unit| *unit.1 != Value::Null);
            known.copied().find_map(|(attribute, value)| self.arm_met(attribute, &sticky_text(value, of.host), &name))
        };
        let least = js_number(rule.field("minBucketVersion"), of.host);
        let mut version = 0.0;
        // No experiment was begun anew so often.
        while version < least && version < 10_000.0 {
            if met(version).is_some() {
                return (None, true);
            }
            version += 1.0;
        }
        let arm = met(js_number(rule.field("bucketVersion"), of.host));
        let place = |arm: &StickyBucket| {
            let named = |meta: &Value| meta.at("key").as_text() == Some(&arm.variation);
            Some((rule.field("meta").items().iter().position(named)?, arm.propensity))
        };
        (arm.and_then(place), false)
    }

    fn arm_met(&self, attribute: &str, value: &str, experiment: &str) -> Option<&StickyBucket> {
        find(&self.sticky, attribute, value, experiment)
            .or_else(|| find(self.of.sticky.unwrap_or_default(), attribute, value, experiment))
    }
}

/// What prerequisites say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prerequisites {
    /// All of them hold, or there are none.
    Hold,
    /// One does not.
    Fail,
    /// One does not, and it blocks the whole feature.
    Block,
    /// They lead in a circle.
    Cycle,
}

impl<'a> Experiment<'a> {
    /// An experiment that is no feature's.
    pub fn alone(rule: &'a Rule) -> Experiment<'a> {
        Experiment { key: rule.text("key"), rule, arms: rule.field("variations").items(), feature: None, leaf: None }
    }

    /// A field that a feature's rule cannot have.
    fn own(&self, key: &str) -> &'a Value {
        if self.feature.is_some() { &NULL } else { self.rule.field(key) }
    }

    /// Of each arm the part of the places.
    fn ranges(&self, of: EvaluationContext<'a>) -> Vec<[f64; 2]> {
        let rule = self.rule;
        if let Value::List(written) = rule.field("ranges") {
            return written.iter().map(|range| of.range(range.items())).collect();
        }
        let coverage = rule.written.get("coverage").map_or(1.0, |coverage| js_number(coverage, of.host));
        let weights =
            self.leaf.and_then(|leaf| leaf.written).map_or(rule.field("weights"), |leaf| leaf.at("weights")).items();
        let weights: Vec<f64> = weights.iter().map(|weight| js_number(weight, of.host)).collect();
        ranges(self.arms.len(), coverage, &weights)
    }
}

fn width(range: &[f64; 2]) -> f64 {
    let width = range[1] - range[0];
    if width < 0.0 { 0.0 } else { width.min(1.0) }
}

/// By what name an arm of an experiment is remembered.
fn versioned(key: &str, version: f64) -> String {
    concat(&[key, "__", &number::format(version)])
}

/// A unit's value as it stands in what is remembered.
fn sticky_text(value: &Value, host: &dyn Host) -> String {
    if *value == Value::Null { String::new() } else { js_text(value, host).into_owned() }
}
