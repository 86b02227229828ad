//! `{"by": "bandit"}`: the variant that is best by one draw from what is known of each.

use super::reason::{BanditReason, Chosen};
use super::{choose, propensity, rate_table};
use crate::condition::{Condition, at_path};
use crate::decision::explain::{Reason, Scores};
use crate::decision::strategy::{Choice, Eligible, Evidence, Scored, best_first};
use crate::decision::variant::Variant;
use crate::number::{logistic, round};
use crate::profile::bandit::learned::Bandits;
use crate::profile::bandit::learner::{LearnedVariant, Learner, find};
use crate::profile::bandit::prior::{INTERCEPT, is_feature};
use crate::profile::bandit::trial::FEATURES;
use crate::profile::bandit::{Arm, BanditRules, Rate};
use crate::random::Seed;
use crate::reader::Reader;
use crate::time::DAY;
use crate::value::Value;
use rate_table::RateTable;

/// How a bandit chooses.
#[derive(Clone, Debug, PartialEq)]
pub struct Bandit {
    /// The least number of observations, of the visitor and of the site's priors together, 0 to 1000.
    pub min: u32,
    /// The context in which variants may work differently: at most [`FEATURES`].
    pub context: Vec<Feature>,
    /// How long a visitor keeps a variant, in ms; `None` where each page view draws.
    pub keep_ms: Option<i64>,
}

/// A feature of the context.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    value: FeatureValue,
}

#[derive(Clone, Debug, PartialEq)]
enum FeatureValue {
    /// 1 where this holds, else 0.
    Holds(Condition),
    /// The number at this path.
    Number(Vec<String>),
}

/// What a bandit chooses by, besides the context.
#[derive(Clone, Copy)]
pub struct BanditEvidence<'a> {
    /// What slots and prompts learn by.
    pub learners: &'a [Learner],
    /// What was learned before this page view, and the number of the page view; `None` where nothing can be drawn. What
    /// is learned on a page changes nothing there, or each exposure could change what is shown.
    pub page_view: Option<(&'a Bandits, u32)>,
    /// What is known now: variants that are kept.
    pub now: &'a Bandits,
}

impl Bandit {
    /// Reads it.
    pub fn read(at: &Reader<'_>) -> Option<Bandit> {
        let min = at.integer_or("min", 20, 0..=1_000);
        let context = at.field("context").or(Vec::new(), read_context);
        let consistent = at.bool_or("consistent", false);
        let days = at.number_or("days", 30.0, 1.0..=365.0);
        #[allow(clippy::cast_precision_loss, reason = "a day in ms is far below 2^53")]
        let keep_ms = round(days? * DAY as f64);
        Some(Bandit { min: min?.unsigned_abs(), context: context?, keep_ms: consistent?.then_some(keep_ms) })
    }

    /// The features that are not 0, by name.
    pub fn features(&self, evidence: Evidence<'_>) -> Vec<(String, f64)> {
        let values = self.context.iter().map(|feature| (feature.name.clone(), feature.value(evidence)));
        values.filter(|(_, value)| *value != 0.0).collect()
    }
}

impl Feature {
    /// Calls `visit` with the path of every attribute that it reads.
    pub fn for_each_path(&self, visit: &mut dyn FnMut(&[String])) {
        match &self.value {
            FeatureValue::Holds(condition) => condition.for_each_path(visit),
            FeatureValue::Number(path) => visit(path),
        }
    }

    /// Its value, -1 to 1.
    fn value(&self, evidence: Evidence<'_>) -> f64 {
        let attributes = evidence.context.attributes;
        match &self.value {
            FeatureValue::Holds(condition) => {
                f64::from(u8::from(condition.holds(attributes, evidence.situation.scope)))
            }
            FeatureValue::Number(path) => match *at_path(attributes, path) {
                Value::Number(number) if number.is_finite() => number.clamp(-1.0, 1.0),
                Value::Bool(true) => 1.0,
                _ => 0.0,
            },
        }
    }
}

fn read_context(at: &Reader<'_>) -> Option<Vec<Feature>> {
    let written = at.object()?;
    if written.len() > FEATURES {
        at.expected(&format!("at most {FEATURES} features"));
        return None;
    }
    let (mut features, mut sound) = (Vec::new(), true);
    for (name, _) in written.iter() {
        let below = at.field(name);
        let feature = if is_feature(name) && name != INTERCEPT {
            read_feature(name, &below)
        } else {
            below.problem("unknown", Some("a name of small letters, digits and _, other than intercept"));
            None
        };
        sound &= feature.is_some();
        features.extend(feature);
    }
    sound.then_some(features)
}

fn read_feature(name: &str, at: &Reader<'_>) -> Option<Feature> {
    let value = match at.value() {
        Some(Value::Object(_)) => FeatureValue::Holds(Condition::read(at)?),
        _ => {
            let path =
                at.text("a condition, or the path of a number", |path| (1..=200).contains(&path.chars().count()))?;
            FeatureValue::Number(path.split('.').map(str::to_owned).collect())
        }
    };
    Some(Feature { name: name.to_owned(), value })
}

/// A choice, and the probability with which it was drawn.
pub struct Drawn<'a> {
    /// The choice.
    pub choice: Choice<'a>,
    /// The probability, in `(0, 1]`; `None` where none is chosen.
    pub propensity: Option<f64>,
}

/// A variant that may be chosen, with what is learned about it.
#[derive(Clone, Copy)]
struct Candidate<'a, 'l> {
    variant: &'a Variant,
    learned: &'l LearnedVariant,
}

/// By a draw from what is known of each variant. `owner` is the slot, or `prompt:` and the prompt's id.
pub fn by_bandit<'a>(variants: &Eligible<'a>, evidence: Evidence<'_>, owner: &str, bandit: &Bandit) -> Drawn<'a> {
    let pass = |reason| Drawn { choice: Choice::pass(Reason::Bandit(reason)), propensity: None };
    let (Some(seed), Some((learned, page_view))) = (evidence.seed, evidence.bandits.page_view) else {
        return pass(BanditReason::NoStableId);
    };
    let Some(learner) = find(evidence.bandits.learners, owner) else { return pass(BanditReason::NoVariant) };
    let candidate = |variant: &&'a Variant| Some(Candidate { variant, learned: learner.variant(&variant.id)? });
    let candidates: Vec<Candidate<'a, '_>> = variants.iter().filter_map(candidate).collect();
    if candidates.is_empty() {
        return pass(BanditReason::NoVariant);
    }
    let seen = candidates.iter().fold(0.0, |sum, Candidate { learned: known, .. }| {
        sum + known.prior.observations() + learned.observations(owner, &known.id)
    });
    if seen < f64::from(bandit.min) {
        return pass(BanditReason::TooFewObservations { seen, needed: bandit.min });
    }
    let posteriors = Posteriors::of(&candidates, learned, learner, bandit, evidence);
    let now = evidence.situation.now;
    let kept = bandit.keep_ms.and_then(|keep_ms| evidence.bandits.now.kept(owner, keep_ms, now));
    let kept = kept.and_then(|kept| {
        let place = candidates.iter().position(|candidate| candidate.variant.id == kept.variant)?;
        Some((place, kept.propensity))
    });
    let (place, propensity) = kept.unwrap_or_else(|| {
        let purpose = |candidate: &Candidate<'_, '_>| format!("bandit:{owner}:{}:{page_view}", candidate.variant.id);
        let place = posteriors.draw(seed, &candidates.iter().map(purpose).collect::<Vec<String>>());
        (place, posteriors.propensity(place))
    });
    let Some(chosen) = candidates.get(place) else { return pass(BanditReason::NoVariant) };
    let probability = posteriors.probability(place);
    let others = candidates.iter().enumerate().filter(|(other, _)| *other != place);
    let scored = others.map(|(other, known)| Scored { variant: known.variant, score: posteriors.probability(other) });
    let others = best_first(scored.collect());
    let reason = Chosen {
        variant: chosen.variant.id.clone(),
        probability,
        contributions: posteriors.contributions(place, bandit),
        others: others.iter().map(Scored::alternative).collect(),
        kept: kept.is_some(),
    };
    let chosen = Some(Scored { variant: chosen.variant, score: probability });
    let scores = Scores { contributions: reason.contributions.clone(), alternatives: reason.others.clone() };
    let choice = Choice { chosen, reason: Reason::Bandit(BanditReason::Chosen(reason)), scores };
    Drawn { choice, propensity: Some(propensity) }
}

/// What is known of each candidate here.
enum Posteriors {
    /// In a context: models, and the features with the intercept first.
    Models(Vec<Arm>, Vec<f64>),
    /// Whatever the context: expected rates, and their distributions.
    Rates(Vec<f64>, Vec<RateTable>),
}

impl Posteriors {
    fn of(
        candidates: &[Candidate<'_, '_>],
        learned: &Bandits,
        learner: &Learner,
        bandit: &Bandit,
        evidence: Evidence<'_>,
    ) -> Posteriors {
        if bandit.context.is_empty() {
            let rate =
                |candidate: &Candidate<'_, '_>| learned.rate(learner, &candidate.variant.id, &candidate.learned.prior);
            let rates: Vec<Rate> = candidates.iter().map(rate).collect();
            let means = rates.iter().map(|rate| rate.mean()).collect();
            return Posteriors::Rates(means, rates.into_iter().map(RateTable::of).collect());
        }
        let arm = |candidate: &Candidate<'_, '_>| learned.arm(learner, &candidate.variant.id, &candidate.learned.prior);
        let features = bandit.context.iter().map(|feature| feature.value(evidence));
        Posteriors::Models(candidates.iter().map(arm).collect(), core::iter::once(1.0).chain(features).collect())
    }

    /// The place of the candidate whose draw is the largest; the draw of each is that of its purpose.
    fn draw(&self, seed: Seed, purposes: &[String]) -> usize {
        match self {
            Posteriors::Models(arms, context) => {
                let mut normals = purposes.iter().map(|purpose| seed.normal(purpose));
                choose(arms, context, BanditRules::DEFAULT, || normals.next().unwrap_or(0.0)).unwrap_or(0)
            }
            Posteriors::Rates(_, tables) => {
                let draw = |(table, purpose): (&RateTable, &String)| table.quantile(seed.draw(purpose));
                let draws = tables.iter().zip(purposes).map(draw).enumerate();
                // Of equals the first.
                draws.reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or(0, |(place, _)| place)
            }
        }
    }

    /// The probability with which the candidate at `place` is drawn.
    fn propensity(&self, place: usize) -> f64 {
        let propensity = match self {
            Posteriors::Models(arms, context) => propensity(arms, place, context, BanditRules::DEFAULT),
            Posteriors::Rates(_, tables) => rate_table::propensity(tables, place),
        };
        // What was drawn had a chance, however small a sum of small parts is.
        propensity.clamp(f64::MIN_POSITIVE, 1.0)
    }

    /// The expected probability that the candidate at `place` leads to the goal.
    fn probability(&self, place: usize) -> f64 {
        match self {
            Posteriors::Models(arms, context) => arms.get(place).map_or(0.0, |arm| logistic(arm.log_odds(context))),
            Posteriors::Rates(means, _) => means.get(place).copied().unwrap_or(0.0),
        }
    }

    /// What the intercept and each feature add to the log odds of the candidate at `place`.
    fn contributions(&self, place: usize, bandit: &Bandit) -> Vec<(String, f64)> {
        let Posteriors::Models(arms, context) = self else { return Vec::new() };
        let names = core::iter::once(INTERCEPT).chain(bandit.context.iter().map(|feature| feature.name.as_str()));
        let weights = arms.get(place).map(|arm| arm.mean.as_slice()).unwrap_or_default();
        let parts = names.zip(weights.iter().zip(context)).map(|(name, (weight, feature))| (name, weight * feature));
        let says_something = |(name, part): &(&str, f64)| *part != 0.0 || *name == INTERCEPT;
        parts.filter(says_something).map(|(name, part)| (name.to_owned(), part)).collect()
    }
}
