//! Choosing one of several variants, for a slot or for a prompt. The first strategy that applies decides.

use core::ops::RangeInclusive;

use super::Decision;
use super::Level;
use super::bandit::strategy::{Bandit, by_bandit};
use super::experiment::Evaluation;
use super::explain::{ExperimentSource, FeatureReason, Reason, Variation};
use super::feature::Source;
use super::holdout::{self, HoldoutStatus};
use super::recommend::{Shelf, Shown};
use super::strategy::{Evidence, Strategy, by_interest, by_segment, by_weight};
use super::variant::Variant;
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::value::Value;

/// Variants, and how one of them is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The share of visitors for whom none is chosen, 0 to 1.
    pub holdout: f64,
    /// What the strategy `experiment` uses.
    pub experiment: ExperimentSource,
    /// The strategies, in the order in which they are tried.
    pub choose: Vec<Strategy>,
    /// What can be chosen.
    pub variants: Vec<Variant>,
}

/// The keys of the config that say it.
pub const KEYS: [&str; 5] = ["holdout", "experiment", "feature", "choose", "variants"];

/// How many strategies there are.
const STRATEGIES: RangeInclusive<usize> = 1..=10;

/// Reads the `content` of a variant, given the slot or prompt and the variant. Answers its texts that have placeholders.
pub type ReadContent<'r> = &'r mut dyn FnMut(&Reader<'_>, &Reader<'_>) -> Option<Vec<LocalizedText>>;

/// An id that is written, right or wrong.
pub fn written_id<'a>(at: &Reader<'a>) -> &'a str {
    at.value().map_or("", |value| value.at("id").text())
}

impl Selection {
    /// Reads the five keys of the object at `at`, in the config at `root`; variants with a problem are left out.
    pub fn read(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Option<Selection> {
        let holdout = read_holdout(at);
        let experiment = read_experiment(at);
        let choose = read_choose(&at.field("choose"), root);
        let variants = at.field("variants");
        let written = variants.value().map_or(0, |variants| variants.items().len());
        let variants = variants.list_with_ids(50, |variant| {
            let read = Variant::read(variant, root);
            let texts = read_content(at, variant)?;
            read.map(|variant| variant.with_texts(texts))
        });
        let selection = Selection { holdout: holdout?, experiment: experiment?, choose: choose?, variants };
        // Without one of its variants an experiment would compare something else.
        let is_complete = selection.variants.len() == written || !selection.is_experiment();
        is_complete.then_some(selection)
    }

    /// Always this variant, but for visitors in the holdout.
    pub fn of_one(variant: Variant, holdout: f64) -> Selection {
        Selection {
            holdout,
            experiment: ExperimentSource::Experiment(String::new()),
            choose: vec![Strategy::Popular],
            variants: vec![Variant { weight: 1.0, ..variant }],
        }
    }

    /// The variant with this id.
    pub fn variant(&self, id: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// Whether an experiment may decide.
    pub fn is_experiment(&self) -> bool {
        self.choose.contains(&Strategy::Experiment)
    }

    /// Whether it may show items.
    pub fn recommends(&self) -> bool {
        self.choose.iter().any(|strategy| matches!(strategy, Strategy::Recommend(_)))
    }

    /// Whether one of its variants makes an offer.
    pub fn makes_offers(&self) -> bool {
        self.variants.iter().any(|variant| variant.offer.is_some())
    }

    /// The bandit among the strategies.
    pub fn bandit(&self) -> Option<&Bandit> {
        self.choose.iter().find_map(|strategy| match strategy {
            Strategy::Bandit(bandit) => Some(bandit),
            _ => None,
        })
    }

    /// The variant for this evidence, if one is chosen. `id` names whose variants they are, and keeps holdouts
    /// independent.
    pub fn decide(&self, id: &str, evidence: Evidence<'_>) -> Decision {
        self.decide_by(&self.choose, id, evidence)
    }

    /// The same by these strategies, in place of its own.
    pub fn decide_by(&self, choose: &[Strategy], id: &str, evidence: Evidence<'_>) -> Decision {
        let mut decision = Decision::of(id);
        for (slot, share) in [(None, evidence.holdout), (Some(id), self.holdout)] {
            let status = holdout::draw(slot, share, evidence.seed);
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
            match variant.check(evidence) {
                Ok(()) => eligible.push(variant),
                Err(reason) => {
                    decision.reasons.push(Reason::VariantIneligible { variant: variant.id.clone(), reason });
                }
            }
        }
        for strategy in choose {
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
                Strategy::Bandit(bandit) => {
                    let drawn = by_bandit(&eligible, evidence, id, bandit);
                    decision.propensity *= drawn.propensity.unwrap_or(1.0);
                    decision.drawn = drawn.propensity;
                    drawn.choice
                }
                Strategy::Segment => by_segment(&eligible, evidence),
                Strategy::Popular => by_weight(&eligible),
                Strategy::Recommend(shelf) => {
                    if decide_by_shelf(shelf, evidence, &mut decision) {
                        return decision;
                    }
                    continue;
                }
            };
            decision.reasons.push(choice.reason);
            if let Some(chosen) = choice.chosen {
                decision.variant = Some(chosen.variant.id.clone());
                decision.level = strategy.level();
                decision.score = chosen.score;
                decision.scores = choice.scores;
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
        let with_id = |id: &str| self.variant(id);
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

/// Whether recommendations decide. While the site model is asked no later strategy is tried: what that shows would be
/// replaced at once.
fn decide_by_shelf(shelf: &Shelf, evidence: Evidence<'_>, decision: &mut Decision) -> bool {
    let shown = shelf.fill(evidence.shelf, evidence.elsewhere.items);
    decision.reasons.push(shown.reason(shelf, evidence.shelf.catalog));
    match shown {
        Shown::Nothing(_) => return false,
        Shown::Awaited => {}
        Shown::Items(items) => {
            decision.variant = Some(shelf.kind.name().to_owned());
            decision.level = shelf.level();
            decision.score = items.first().map_or(0.0, |item| item.score);
            decision.scores.contributions =
                items.first().map(|item| (item.id.clone(), item.score)).into_iter().collect();
            decision.items = items;
        }
    }
    true
}

/// Reads strategies. One bandit at most: a second one would learn from the same trials.
fn read_choose(at: &Reader<'_>, root: &Value) -> Option<Vec<Strategy>> {
    let choose = at.list(STRATEGIES, |at| Strategy::read(at, root));
    let items = at.value().map(Value::items).unwrap_or_default();
    let is_bandit = |(_, item): &(usize, &Value)| item.at("by").as_text() == Some("bandit");
    let mut sound = true;
    for (index, item) in items.iter().enumerate().filter(is_bandit).skip(1) {
        if STRATEGIES.contains(&items.len()) {
            at.item(index, item).field("by").problem("a second bandit", Some("one at most"));
        }
        sound = false;
    }
    choose.filter(|_| sound)
}

/// What the strategy `experiment` uses: the `feature`, the `experiment`, or the experiment with the same id.
fn read_experiment(at: &Reader<'_>) -> Option<ExperimentSource> {
    let (experiment, feature) = (at.field("experiment"), at.field("feature"));
    if !feature.is_missing() {
        let key = feature.text_within(1..=200);
        if !experiment.is_missing() {
            experiment.expected("a feature or an experiment, not both");
            return None;
        }
        return key.map(|key| ExperimentSource::Feature(key.to_owned()));
    }
    let key = experiment.or(written_id(at), |at| at.text_within(1..=200));
    key.map(|key| ExperimentSource::Experiment(key.to_owned()))
}

/// Reads the share `holdout` of the object at `at`.
pub fn read_holdout(at: &Reader<'_>) -> Option<f64> {
    at.number_or("holdout", 0.0, 0.0..=1.0)
}
