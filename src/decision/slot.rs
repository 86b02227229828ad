//! The strategies of a slot: the first method with enough evidence answers, and the page's own content
//! is always the last strategy.

use super::evaluation_context::EvaluationContext;
use super::experiment::Evaluation;
use super::explain::Reason;
use super::feature::Source;
use super::holdout::{self, Standing};
use super::{Decision, Level};
use crate::profile::interest::Interests;
use crate::profile::rules::is_dimension;
use crate::profile::segment::{Segment, read_place};
use crate::random::Seed;
use crate::reader::{Reader, is_event_name};
use crate::text::concat;
use crate::value::Value;

/// A place on the page, and how it is filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its name: in `data-tb-slot`, and in decisions.
    pub id: String,
    /// A CSS selector that finds it on pages that nobody may edit.
    pub target: Option<String>,
    /// The event that counts as success.
    pub goal: Option<String>,
    /// The share of visitors that keep the page's own content, 0 to 1.
    pub holdout: f64,
    /// What the strategy `experiment` asks.
    pub experiment: SlotExperiment,
    /// The strategies.
    pub choose: Vec<Strategy>,
    /// What it can show beside the page's own content.
    pub variants: Vec<Variant>,
}

/// One content for a slot. The content itself belongs to the page stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name, unique in its slot.
    pub id: String,
    /// Whom it is for, by the place of the segment in the config.
    pub segment: Option<usize>,
    /// What it is about: (dimension, key) pairs.
    pub tags: Vec<(String, String)>,
    /// How well it works for everybody, 0 to 1; 0 never wins.
    pub weight: f64,
}

/// What decides for a slot by experiment.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotExperiment {
    /// The experiment of this key; without another word, the one called as the slot is.
    Experiment(String),
    /// The feature of this key, with whatever experiments its rules run.
    Feature(String),
}

/// One method of a strategies.
#[derive(Clone, Debug, PartialEq)]
pub enum Strategy {
    /// The arm of the slot's experiment.
    Experiment,
    /// The variant whose tags hold the largest sum of interests.
    Interest {
        /// The dimension whose tags count.
        dimension: String,
        /// The least sum that answers, 0 to 1.
        min: f64,
        /// The least number of events of the dimension.
        events: u32,
    },
    /// The variant of the best segment the visitor is in.
    Segment,
    /// The variant with the largest weight.
    Popular,
}

/// What decisions look at.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The visitor's interests.
    pub interests: &'a Interests,
    /// All segments of the config.
    pub segments: &'a [Segment],
    /// Those the visitor is in, the winning one first, by their place in `segments`.
    pub ranked: &'a [usize],
    /// The visitor's seed; `None` when none may be kept.
    pub seed: Option<Seed>,
    /// The share of visitors for whom nothing on the site is personalized.
    pub holdout: f64,
    /// What assignments rest on.
    pub context: EvaluationContext<'a>,
}

impl Slot {
    /// Reads `slots` of the config at `root`; contents are the page stage's.
    pub fn read_all(at: &Reader<'_>, root: &Value) -> Vec<Slot> {
        at.list_with_ids(200, |at| Slot::read(at, root))
    }

    fn read(at: &Reader<'_>, root: &Value) -> Slot {
        at.object("id target goal holdout experiment feature choose variants template");
        at.field("template").unsupported();
        let experiment = at.field("experiment");
        let feature = at.field("feature");
        if !experiment.is_missing() && !feature.is_missing() {
            experiment.expected("a feature or an experiment, not both");
        }
        let own = SlotExperiment::Experiment(at.field("id").value().and_then(Value::as_text).unwrap_or("").to_owned());
        let named = experiment.or(own, |at| SlotExperiment::Experiment(at.text_within(1, 200)));
        Slot {
            id: at.field("id").id(),
            experiment: feature.or(named, |at| SlotExperiment::Feature(at.text_within(1, 200))),
            target: at.field("target").or(None, |at| Some(at.text_within(1, 300))),
            goal: at.field("goal").or(None, |at| Some(at.text("the name of an event", &is_event_name))),
            holdout: at.number_or("holdout", 0.0, 0.0, 1.0),
            choose: at.field("choose").list(1, 10, |at| Strategy::read(at, root)),
            variants: at.field("variants").list_with_ids(50, |at| Variant::read(at, root)),
        }
    }

    /// What the slot shows to a visitor of whom this is known.
    pub fn decide(&self, evidence: Evidence<'_>) -> Decision {
        let mut decision = Decision::of(&self.id);
        for (of, share) in [("", evidence.holdout), (self.id.as_str(), self.holdout)] {
            // Most keep nobody apart, and need no name.
            if share <= 0.0 {
                continue;
            }
            let purpose = if of.is_empty() { "holdout".to_owned() } else { concat(&["holdout:", of]) };
            let standing = holdout::draw(&purpose, share, evidence.seed);
            decision.propensity *= standing.propensity(share);
            match standing {
                Standing::HeldOut => {
                    decision.reasons.push(Reason::HeldOut(share));
                    return decision;
                }
                Standing::NotEligible => decision.reasons.push(Reason::NoStableId),
                Standing::None | Standing::Shown => {}
            }
        }
        for strategy in &self.choose {
            if let Strategy::Experiment = strategy {
                if self.by_experiment(evidence, &mut decision) {
                    return decision;
                }
                continue;
            }
            let (answer, reason) = strategy.answer(self, evidence);
            decision.reasons.push(reason);
            if let Some((variant, score)) = answer {
                decision.variant = Some(variant.id.clone());
                decision.level = strategy.level();
                decision.score = score;
                return decision;
            }
        }
        decision.reasons.push(Reason::OwnContent);
        decision
    }

    /// Whether an experiment decides. An arm that is no variant's keeps the page's own content, and
    /// ends the strategies as well: a control that later strategies might change were none.
    #[inline(never)]
    fn by_experiment(&self, evidence: Evidence<'_>, decision: &mut Decision) -> bool {
        let mut evaluation = Evaluation::of(evidence.context);
        let (what, assignment, forced, why) = match &self.experiment {
            SlotExperiment::Experiment(key) => {
                let assignment = evaluation.experiment(key);
                (["experiment ", key], assignment, None, assignment.map_or(evaluation.why, |assignment| assignment.why))
            }
            SlotExperiment::Feature(key) => {
                let answer = evaluation.feature(key, None);
                let forced = Some(answer).filter(|answer| answer.source == Source::Force);
                (["feature ", key], answer.assignment, forced, evaluation.why(&answer))
            }
        };
        decision.exposures = evaluation.exposures;
        decision.sticky = evaluation.sticky;
        let named = |name: &str| self.variants.iter().find(|variant| variant.id == name);
        let (variant, targeted) = match (&assignment, forced) {
            (Some(assignment), _) if assignment.included => {
                let own = assignment.value().as_text().and_then(named);
                (own.or_else(|| named(&assignment.key())), assignment.is_targeted())
            }
            (_, Some(answer)) => (answer.value.as_text().and_then(named), answer.targeted),
            _ => (None, false),
        };
        let included = assignment.is_some_and(|assignment| assignment.included);
        let forced = forced.map_or(1.0, |answer| answer.propensity);
        decision.propensity *= assignment.map_or(forced, |assignment| assignment.propensity);
        let arm = assignment.filter(|_| included).map(|assignment| {
            let of = if what[1] == assignment.experiment.key { ["", ""] } else { [" of ", assignment.experiment.key] };
            concat(&["arm ", &assignment.key(), &concat(&of), ", "])
        });
        decision.reasons.push(Reason::Experiment(concat(&[&concat(&what), ": ", &arm.unwrap_or_default(), why])));
        if let Some(variant) = variant {
            decision.variant = Some(variant.id.clone());
            decision.level = if targeted { Level::Customized } else { Level::Generic };
            decision.score = 1.0;
        }
        included || variant.is_some()
    }
}

impl Variant {
    fn read(at: &Reader<'_>, root: &Value) -> Variant {
        at.object("id segment tags weight content");
        let segment = at.field("segment");
        let tags = at.field("tags");
        Variant {
            id: at.field("id").id(),
            segment: if segment.is_missing() { None } else { read_place(&segment, root) },
            tags: if tags.is_missing() { Vec::new() } else { read_tags(&tags, root) },
            weight: at.number_or("weight", 0.0, 0.0, 1.0),
        }
    }
}

fn read_tags(at: &Reader<'_>, root: &Value) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    for (dimension, value) in at.entries().iter() {
        let below = at.field(dimension);
        if !is_dimension(root, dimension) {
            below.unknown_key("interests.dimensions");
        } else if let Value::List(_) = value {
            below.each(0, 20, &mut |at| tags.push((dimension.to_owned(), at.text_within(1, 120))));
        } else {
            tags.push((dimension.to_owned(), below.text_within(1, 120)));
        }
    }
    tags
}

impl Strategy {
    #[inline(never)]
    fn read(at: &Reader<'_>, root: &Value) -> Strategy {
        at.entries();
        let by = at.field("by");
        let name = by.value().and_then(Value::as_text).unwrap_or("");
        let known = |strategy| {
            at.object("by");
            strategy
        };
        match name {
            "segment" => known(Strategy::Segment),
            "popular" => known(Strategy::Popular),
            "experiment" => known(Strategy::Experiment),
            "interest" => {
                at.object("by dimension min events");
                let first = root.get("interests").and_then(|interests| interests.get("dimensions"));
                let first = first.and_then(Value::as_list).and_then(|names| names.first()?.as_text());
                let dimension = at.field("dimension").or(first.unwrap_or("category").to_owned(), |at| {
                    at.text("one of interests.dimensions", &|name| is_dimension(root, name))
                });
                let min = at.number_or("min", 0.2, 0.0, 1.0);
                let events = at.integer_or("events", 3, 0, 1_000);
                Strategy::Interest { dimension, min, events: events.unsigned_abs() }
            }
            later => {
                match later {
                    "bandit" | "recommend" => by.unsupported(),
                    _ => by.expected("one of experiment, interest, segment, popular"),
                }
                Strategy::Popular
            }
        }
    }

    fn level(&self) -> Level {
        match self {
            Strategy::Interest { .. } => Level::Personalized,
            Strategy::Segment => Level::Customized,
            Strategy::Experiment | Strategy::Popular => Level::Generic,
        }
    }

    /// The variant this strategy chooses, if it has the evidence, with its score; and what it says.
    fn answer<'a>(&self, slot: &'a Slot, evidence: Evidence<'_>) -> (Option<(&'a Variant, f64)>, Reason) {
        match self {
            // Answered before, because it can also say that nothing is to be shown.
            Strategy::Experiment => (None, Reason::OwnContent),
            Strategy::Interest { dimension, min, events } => {
                let seen = evidence.interests.events(dimension);
                if seen < *events {
                    let reason = Reason::TooFewEvents { dimension: dimension.clone(), seen, needed: *events };
                    return (None, reason);
                }
                let shares = evidence.context.attributes.at("interest").at(dimension);
                let sum = |variant: &Variant| {
                    let tags = variant.tags.iter().filter(|(tag, _)| tag == dimension);
                    tags.map(|(_, key)| shares.at(key).number()).sum::<f64>()
                };
                match largest(&slot.variants, sum) {
                    Some((variant, share)) if share >= *min && share > 0.0 => {
                        (Some((variant, share)), Reason::Interest { dimension: dimension.clone(), share })
                    }
                    best => {
                        let share = best.map_or(0.0, |(_, share)| share);
                        (None, Reason::WeakInterest { dimension: dimension.clone(), share, needed: *min })
                    }
                }
            }
            Strategy::Segment => {
                let of = |place: &usize| {
                    slot.variants.iter().find(|variant| variant.segment == Some(*place)).zip(Some(*place))
                };
                match evidence.ranked.iter().find_map(of) {
                    Some((variant, place)) => {
                        let id = evidence.segments.get(place).map(|segment| segment.id.clone());
                        (Some((variant, 1.0)), Reason::InSegment(id.unwrap_or_default()))
                    }
                    None => (None, Reason::InNoSegment),
                }
            }
            Strategy::Popular => match largest(&slot.variants, |variant| variant.weight) {
                Some((variant, weight)) if weight > 0.0 => (Some((variant, weight)), Reason::Popular(weight)),
                _ => (None, Reason::NothingPopular),
            },
        }
    }
}

/// The variant with the largest score; of equals, the first in the config.
fn largest(variants: &[Variant], score: impl Fn(&Variant) -> f64) -> Option<(&Variant, f64)> {
    let mut best: Option<(&Variant, f64)> = None;
    for variant in variants {
        let own = score(variant);
        if best.is_none_or(|(_, so_far)| own > so_far) {
            best = Some((variant, own));
        }
    }
    best
}
