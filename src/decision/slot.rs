//! Slots: places on the page, and the strategies that choose a variant. The first strategy that applies decides;
//! where none does, the page's own content stays.

use super::eligibility::{self, Eligibility, Situation};
use super::evaluation_context::EvaluationContext;
use super::experiment::Evaluation;
use super::explain::{ExperimentSource, FeatureReason, Reason, Variation};
use super::feature::Source;
use super::holdout::{self, HoldoutStatus};
use super::{Decision, Level};
use crate::profile::interest::Interests;
use crate::profile::rules::is_dimension;
use crate::profile::segment::{Segment, read_reference};
use crate::random::Seed;
use crate::reader::{Reader, is_event_name};
use crate::signal::event::Tag;
use crate::template::LocalizedText;
use crate::value::Value;

/// A place on the page, and how it is filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its id: in `data-tb-slot`, and in decisions.
    pub id: String,
    /// A CSS selector that finds it on pages without `data-tb-slot`.
    pub target: Option<String>,
    /// The event that counts as success.
    pub goal: Option<String>,
    /// The share of visitors who keep the page's own content, 0 to 1.
    pub holdout: f64,
    /// When, where and for whom it is filled.
    pub eligibility: Eligibility,
    /// What the strategy `experiment` uses.
    pub experiment: ExperimentSource,
    /// The strategies, in the order in which they are tried.
    pub choose: Vec<Strategy>,
    /// What it can show in place of the page's own content.
    pub variants: Vec<Variant>,
}

/// One content for a slot. The content itself belongs to the page stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its id, unique in its slot.
    pub id: String,
    /// The id of the segment it is for.
    pub segment: Option<String>,
    /// What it is about.
    pub tags: Vec<Tag>,
    /// How well it works for everybody, 0 to 1; with 0 it is never the default.
    pub weight: f64,
    /// When, where and for whom it may be chosen.
    pub eligibility: Eligibility,
}

/// A way of choosing a variant.
#[derive(Clone, Debug, PartialEq)]
pub enum Strategy {
    /// The variation of the slot's experiment.
    Experiment,
    /// The variant whose tags have the largest sum of interests.
    Interest {
        /// The dimension of these tags.
        dimension: String,
        /// The least sum, 0 to 1.
        min: f64,
        /// The least number of events in the dimension.
        events: u32,
    },
    /// The variant for the first matching segment.
    Segment,
    /// The variant with the largest weight.
    Popular,
}

/// What decisions are based on.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The visitor's interests.
    pub interests: &'a Interests,
    /// All segments of the config.
    pub segments: &'a [Segment],
    /// The indexes in `segments` of those the visitor is in, the winning one first.
    pub ranked: &'a [usize],
    /// The visitor's seed; `None` where none may be kept.
    pub seed: Option<Seed>,
    /// The share of visitors for whom nothing on the site is personalized.
    pub holdout: f64,
    /// What experiments and features are evaluated with.
    pub context: EvaluationContext<'a>,
    /// What eligibility depends on.
    pub situation: Situation<'a>,
}

/// Reads the content of a variant: the ids of its slot and of itself, and the content. Answers its texts that have
/// placeholders.
pub type ReadContent<'r> = &'r mut dyn FnMut(&str, &str, &Reader<'_>) -> Option<Vec<LocalizedText>>;

/// An id that is written, right or wrong.
fn written_id<'a>(at: &Reader<'a>) -> &'a str {
    at.value().map_or("", |value| value.at("id").text())
}

impl Slot {
    /// Reads `slots` of the config at `root`; slots and variants with a problem are left out.
    pub fn read_all(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Vec<Slot> {
        at.list_with_ids(200, |at| Slot::read(at, root, &mut *read_content))
    }

    fn read(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Option<Slot> {
        let known = ["id", "target", "goal", "holdout", "experiment", "feature", "choose", "variants", "template"];
        let keys = at.keys(&[&known[..], &eligibility::KEYS].concat());
        let template = at.field("template").unsupported();
        let experiment = read_experiment(at);
        let id = at.field("id").id();
        let target = at.field("target").optional(|at| at.text_within(1..=300));
        let goal = at.field("goal").optional(|at| at.text("the name of an event", is_event_name));
        let holdout = at.field("holdout").or(0.0, |at| at.number(0.0..=1.0));
        let eligibility = Eligibility::read(at);
        let choose = at.field("choose").list(1..=10, |at| Strategy::read(at, root));
        let variants = at.field("variants");
        let written = variants.value().map_or(0, |variants| variants.items().len());
        let variants = variants.list_with_ids(50, |variant| {
            let read = Variant::read(variant, root);
            let texts = read_content(written_id(at), written_id(variant), &variant.field("content"))?;
            read.map(|variant| Variant { eligibility: Eligibility { texts, ..variant.eligibility }, ..variant })
        });
        keys?;
        template?;
        let slot = Slot {
            id: id?.to_owned(),
            experiment: experiment?,
            target: target?.map(str::to_owned),
            goal: goal?.map(str::to_owned),
            holdout: holdout?,
            eligibility: eligibility?,
            choose: choose?,
            variants,
        };
        // Without one of its variants an experiment would compare something else.
        let is_complete = slot.variants.len() == written || !slot.is_experiment();
        is_complete.then_some(slot)
    }

    /// Whether an experiment may decide.
    pub fn is_experiment(&self) -> bool {
        self.choose.contains(&Strategy::Experiment)
    }

    /// What the slot shows, by this evidence.
    pub fn decide(&self, evidence: Evidence<'_>) -> Decision {
        let mut decision = Decision::of(&self.id);
        if let Err(reason) = self.eligibility.check(evidence.situation) {
            decision.reasons.push(Reason::SlotIneligible(reason));
            return decision;
        }
        let holdouts = [("holdout".to_owned(), evidence.holdout), (format!("holdout:{}", self.id), self.holdout)];
        for (purpose, share) in holdouts {
            let status = holdout::draw(&purpose, share, evidence.seed);
            decision.propensity *= status.propensity(share);
            match status {
                HoldoutStatus::HeldOut => {
                    decision.reasons.push(Reason::HeldOut(share));
                    return decision;
                }
                HoldoutStatus::NotEligible => decision.reasons.push(Reason::NoStableId),
                HoldoutStatus::NoHoldout | HoldoutStatus::Included => {}
            }
        }
        let mut eligible = Vec::new();
        for variant in &self.variants {
            match variant.eligibility.check(evidence.situation) {
                Ok(()) => eligible.push(variant),
                Err(reason) => {
                    decision.reasons.push(Reason::VariantIneligible { variant: variant.id.clone(), reason });
                }
            }
        }
        for strategy in &self.choose {
            let choice = match strategy {
                Strategy::Experiment => {
                    // Whoever could not be shown one of its variations is in none: those who could be would be compared
                    // with others.
                    if eligible.len() < self.variants.len() {
                        decision.reasons.push(Reason::ExperimentIneligible);
                        continue;
                    }
                    if self.decide_by_experiment(evidence, &mut decision) {
                        return decision;
                    }
                    continue;
                }
                Strategy::Interest { dimension, min, events } => {
                    by_interest(&eligible, evidence, dimension, *min, *events)
                }
                Strategy::Segment => by_segment(&eligible, evidence),
                Strategy::Popular => by_weight(&eligible),
            };
            decision.reasons.push(choice.reason);
            if let Some(chosen) = choice.chosen {
                decision.variant = Some(chosen.variant.id.clone());
                decision.level = strategy.level();
                decision.score = chosen.score;
                return decision;
            }
        }
        decision.reasons.push(Reason::OwnContent);
        decision
    }

    /// Whether an experiment decides. A variation without a variant keeps the page's own content, and
    /// no later strategy is tried: a control that others could change would be none.
    fn decide_by_experiment(&self, evidence: Evidence<'_>, decision: &mut Decision) -> bool {
        let mut evaluation = Evaluation::of(evidence.context);
        let (assignment, forced, reason) = match &self.experiment {
            ExperimentSource::Experiment(key) => {
                let assignment = evaluation.experiment(key);
                let reason = assignment.map(|assignment| assignment.reason).or(evaluation.excluded);
                (assignment, None, reason.map_or(FeatureReason::NoRule, FeatureReason::Assignment))
            }
            ExperimentSource::Feature(key) => {
                let feature = evaluation.feature(key, None);
                let forced = Some(feature).filter(|feature| feature.source == Source::Force);
                (feature.assignment, forced, evaluation.reason(&feature))
            }
        };
        decision.exposures = evaluation.exposures;
        decision.sticky = evaluation.sticky;
        let with_id = |id: &str| self.variants.iter().find(|variant| variant.id == id);
        let included = assignment.filter(|assignment| assignment.included);
        let (variant, targeted) = match (&included, forced) {
            (Some(assignment), _) => {
                let by_value = assignment.value().as_text().and_then(with_id);
                (by_value.or_else(|| with_id(&assignment.key())), assignment.is_targeted())
            }
            (None, Some(feature)) => (feature.value.as_text().and_then(with_id), feature.targeted),
            (None, None) => (None, false),
        };
        let forced_propensity = forced.map_or(1.0, |feature| feature.propensity);
        decision.propensity *= assignment.map_or(forced_propensity, |assignment| assignment.propensity);
        let variation = included
            .map(|assignment| Variation { experiment: assignment.experiment.key.to_owned(), key: assignment.key() });
        decision.reasons.push(Reason::Experiment { source: self.experiment.clone(), variation, reason });
        if let Some(variant) = variant {
            decision.variant = Some(variant.id.clone());
            decision.level = if targeted { Level::Customized } else { Level::Generic };
            decision.score = 1.0;
        }
        included.is_some() || variant.is_some()
    }
}

/// The variants that may be chosen.
type Eligible<'a> = [&'a Variant];

fn by_interest<'a>(
    variants: &Eligible<'a>,
    evidence: Evidence<'_>,
    dimension: &str,
    min: f64,
    events: u32,
) -> Choice<'a> {
    let seen = evidence.interests.events(dimension);
    if seen < events {
        let reason = Reason::TooFewEvents { dimension: dimension.to_owned(), seen, needed: events };
        return Choice { chosen: None, reason };
    }
    let shares = evidence.context.attributes.at("interest").at(dimension);
    let keys = |variant: &Variant| -> Vec<String> {
        let tags = variant.tags.iter().filter(|tag| tag.dimension == dimension);
        tags.map(|tag| tag.key.clone()).collect()
    };
    let best = best(variants, |variant| keys(variant).iter().map(|key| shares.at(key).number()).sum());
    match best {
        Some(best) if best.score >= min && best.score > 0.0 => {
            let keys = keys(best.variant);
            let reason = Reason::Interest { dimension: dimension.to_owned(), keys, share: best.score };
            Choice { chosen: Some(best), reason }
        }
        best => {
            let share = best.map_or(0.0, |best| best.score);
            let reason = Reason::WeakInterest { dimension: dimension.to_owned(), share, needed: min };
            Choice { chosen: None, reason }
        }
    }
}

fn by_segment<'a>(variants: &Eligible<'a>, evidence: Evidence<'_>) -> Choice<'a> {
    let matching = evidence.ranked.iter().filter_map(|index| evidence.segments.get(*index));
    for segment in matching {
        let is_for = |variant: &&Variant| variant.segment.as_deref() == Some(segment.id.as_str());
        if let Some(variant) = variants.iter().copied().find(is_for) {
            let reason = Reason::InSegment(segment.id.clone());
            return Choice { chosen: Some(Scored { variant, score: 1.0 }), reason };
        }
    }
    Choice { chosen: None, reason: Reason::NoMatchingSegment }
}

fn by_weight<'a>(variants: &Eligible<'a>) -> Choice<'a> {
    match best(variants, |variant| variant.weight).filter(|best| best.score > 0.0) {
        Some(best) => Choice { reason: Reason::DefaultVariant(best.score), chosen: Some(best) },
        None => Choice { chosen: None, reason: Reason::NoDefaultVariant },
    }
}

/// The variant with the largest score; of equals, the first in the config.
fn best<'a>(variants: &Eligible<'a>, score: impl Fn(&Variant) -> f64) -> Option<Scored<'a>> {
    let mut best: Option<Scored<'_>> = None;
    for variant in variants {
        let score = score(variant);
        if best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(Scored { variant, score });
        }
    }
    best
}

/// What a strategy answers: a variant where it applies, and why.
struct Choice<'a> {
    chosen: Option<Scored<'a>>,
    reason: Reason,
}

/// A variant with its score.
struct Scored<'a> {
    variant: &'a Variant,
    score: f64,
}

/// What the strategy `experiment` uses: the slot's `feature`, its `experiment`, or the experiment with its id.
fn read_experiment(slot: &Reader<'_>) -> Option<ExperimentSource> {
    let (experiment, feature) = (slot.field("experiment"), slot.field("feature"));
    if !feature.is_missing() {
        let key = feature.text_within(1..=200);
        if !experiment.is_missing() {
            experiment.expected("a feature or an experiment, not both");
            return None;
        }
        return key.map(|key| ExperimentSource::Feature(key.to_owned()));
    }
    let key = experiment.or(written_id(slot), |at| at.text_within(1..=200));
    key.map(|key| ExperimentSource::Experiment(key.to_owned()))
}

impl Variant {
    fn read(at: &Reader<'_>, root: &Value) -> Option<Variant> {
        let keys = at.keys(&[&["id", "segment", "tags", "weight", "content"][..], &eligibility::KEYS].concat());
        let eligibility = Eligibility::read(at);
        let id = at.field("id").id();
        let segment = at.field("segment").optional(|at| read_reference(at, root));
        let tags = at.field("tags").or(Vec::new(), |at| read_tags(at, root));
        let weight = at.field("weight").or(0.0, |at| at.number(0.0..=1.0));
        keys?;
        Some(Variant { id: id?.to_owned(), segment: segment?, tags: tags?, weight: weight?, eligibility: eligibility? })
    }
}

/// Reads tags, `{"category": "boots"}`, of the dimensions in the config at `root`.
pub fn read_tags(at: &Reader<'_>, root: &Value) -> Option<Vec<Tag>> {
    let (mut tags, mut sound) = (Vec::new(), true);
    for (dimension, value) in at.object()?.iter() {
        let below = at.field(dimension);
        if !is_dimension(root, dimension) {
            below.unknown_key(&["interests.dimensions"]);
            sound = false;
            continue;
        }
        let keys = match value {
            Value::List(_) => below.list(0..=20, |at| at.text_within(1..=120).map(str::to_owned)),
            _ => below.text_within(1..=120).map(|key| vec![key.to_owned()]),
        };
        sound &= keys.is_some();
        tags.extend(keys.into_iter().flatten().map(|key| Tag { dimension: dimension.to_owned(), key }));
    }
    sound.then_some(tags)
}

impl Strategy {
    fn read(at: &Reader<'_>, root: &Value) -> Option<Strategy> {
        at.object()?;
        let by = at.field("by");
        let (known, strategy): (&[&str], _) = match by.value().map_or("", Value::text) {
            "segment" => (&["by"], Some(Strategy::Segment)),
            "popular" => (&["by"], Some(Strategy::Popular)),
            "experiment" => (&["by"], Some(Strategy::Experiment)),
            "interest" => (&["by", "dimension", "min", "events"], Strategy::read_interest(at, root)),
            "bandit" | "recommend" => {
                by.unsupported();
                return None;
            }
            _ => {
                by.expected("one of experiment, interest, segment, popular");
                return None;
            }
        };
        at.keys(known)?;
        strategy
    }

    fn read_interest(at: &Reader<'_>, root: &Value) -> Option<Strategy> {
        let first = root.at("interests").at("dimensions").items().first().and_then(Value::as_text);
        let dimension = at.field("dimension").or(first.unwrap_or("category"), |at| {
            at.text("one of interests.dimensions", |name| is_dimension(root, name))
        });
        let min = at.field("min").or(0.2, |at| at.number(0.0..=1.0));
        let events = at.field("events").or(3, |at| at.integer(0..=1_000));
        Some(Strategy::Interest { dimension: dimension?.to_owned(), min: min?, events: events?.unsigned_abs() })
    }

    fn level(&self) -> Level {
        match self {
            Strategy::Interest { .. } => Level::Personalized,
            Strategy::Segment => Level::Customized,
            Strategy::Experiment | Strategy::Popular => Level::Generic,
        }
    }
}
