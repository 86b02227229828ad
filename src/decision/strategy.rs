//! Strategies: the ways of choosing a variant. Each answers with a variant where it applies, and with the reason.

use super::Level;
use super::bandit::strategy::{Bandit, BanditEvidence};
use super::eligibility::Situation;
use super::evaluation_context::EvaluationContext;
use super::explain::{Reason, Scores};
use super::recommend::{self, Count, Shelf, ShelfEvidence};
use super::variant::Variant;
use crate::profile::interest::Interests;
use crate::profile::rules::is_dimension;
use crate::profile::segment::Segment;
use crate::random::Seed;
use crate::reader::Reader;
use crate::signal::event::Tag;
use crate::value::Value;

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
    /// The variant that is best by one draw from what is known of each.
    Bandit(Bandit),
    /// The variant for the first matching segment.
    Segment,
    /// The variant with the largest weight.
    Popular,
    /// Items of the catalogue, in place of a variant.
    Recommend(Box<Shelf>),
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
    /// What bandits choose by.
    pub bandits: BanditEvidence<'a>,
    /// The visitor's seed; `None` where none may be kept.
    pub seed: Option<Seed>,
    /// The share of visitors for whom nothing on the site is personalized.
    pub holdout: f64,
    /// What experiments and features are evaluated with.
    pub context: EvaluationContext<'a>,
    /// What eligibility depends on.
    pub situation: Situation<'a>,
    /// What recommendations are based on.
    pub shelf: ShelfEvidence<'a>,
    /// What stands elsewhere on the page.
    pub elsewhere: Elsewhere<'a>,
}

/// What stands elsewhere on the page: nothing is offered twice.
#[derive(Clone, Copy, Default)]
pub struct Elsewhere<'a> {
    /// Items that are recommended.
    pub items: &'a [&'a str],
    /// Offers, each with its slot.
    pub offers: &'a [(String, String)],
}

/// The keys of the strategy `recommend`.
const RECOMMEND_KEYS: [&str; 8] = {
    let [kind, count, min, condition, diversity, boost, band] = recommend::KEYS;
    ["by", kind, count, min, condition, diversity, boost, band]
};

impl Strategy {
    /// Reads it, in the config at `root`.
    pub fn read(at: &Reader<'_>, root: &Value) -> Option<Strategy> {
        at.object()?;
        let by = at.field("by");
        let (known, strategy): (&[&str], _) = match by.value().map_or("", Value::text) {
            "segment" => (&["by"], Some(Strategy::Segment)),
            "popular" => (&["by"], Some(Strategy::Popular)),
            "experiment" => (&["by"], Some(Strategy::Experiment)),
            "interest" => (&["by", "dimension", "min", "events"], Strategy::read_interest(at, root)),
            "recommend" => {
                (&RECOMMEND_KEYS, Shelf::read(at, Count::OF_A_SLOT).map(|shelf| Strategy::Recommend(Box::new(shelf))))
            }
            "bandit" => (&["by", "min", "context", "consistent", "days"], Bandit::read(at).map(Strategy::Bandit)),
            _ => {
                by.expected("one of experiment, bandit, interest, segment, popular, recommend");
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
        let min = at.number_or("min", 0.2, 0.0..=1.0);
        let events = at.integer_or("events", 3, 0..=1_000);
        Some(Strategy::Interest { dimension: dimension?.to_owned(), min: min?, events: events?.unsigned_abs() })
    }

    /// Its name: `by` in the config.
    pub fn name(&self) -> &'static str {
        match self {
            Strategy::Experiment => "experiment",
            Strategy::Interest { .. } => "interest",
            Strategy::Bandit(_) => "bandit",
            Strategy::Segment => "segment",
            Strategy::Popular => "popular",
            Strategy::Recommend(_) => "recommend",
        }
    }

    /// How individual its choice is.
    pub fn level(&self) -> Level {
        match self {
            Strategy::Interest { .. } | Strategy::Bandit(_) => Level::Personalized,
            Strategy::Segment => Level::Customized,
            Strategy::Experiment | Strategy::Popular => Level::Generic,
            Strategy::Recommend(shelf) => shelf.level(),
        }
    }
}

/// The variants that may be chosen.
pub type Eligible<'a> = [&'a Variant];

/// By the sum of the visitor's interests in the tags of each.
pub fn by_interest<'a>(
    variants: &Eligible<'a>,
    evidence: Evidence<'_>,
    dimension: &str,
    min: f64,
    events: u32,
) -> Choice<'a> {
    let seen = evidence.interests.events(dimension);
    if seen < events {
        return Choice::pass(Reason::TooFewEvents { dimension: dimension.to_owned(), seen, needed: events });
    }
    let shares = evidence.context.attributes.at("interest").at(dimension);
    let in_dimension = |tag: &&Tag| tag.dimension == dimension;
    let share = |tag: &Tag| shares.at(&tag.key).number();
    let (best, alternatives) = best(variants, &|variant| variant.tags.iter().filter(in_dimension).map(share).sum());
    match best {
        Some(best) if best.score >= min && best.score > 0.0 => {
            let tags = best.variant.tags.iter().filter(in_dimension);
            let contributions: Vec<(String, f64)> = tags.map(|tag| (tag.key.clone(), share(tag))).collect();
            let keys = contributions.iter().map(|(key, _)| key.clone()).collect();
            let reason = Reason::Interest { dimension: dimension.to_owned(), keys, share: best.score };
            Choice { chosen: Some(best), reason, scores: Scores { contributions, alternatives } }
        }
        best => {
            let share = best.map_or(0.0, |best| best.score);
            Choice::pass(Reason::WeakInterest { dimension: dimension.to_owned(), share, needed: min })
        }
    }
}

/// By the first segment that the visitor is in and that one is for.
pub fn by_segment<'a>(variants: &Eligible<'a>, evidence: Evidence<'_>) -> Choice<'a> {
    let matching = evidence.ranked.iter().filter_map(|index| evidence.segments.get(*index));
    for segment in matching {
        let is_for = |variant: &&Variant| variant.segment.as_deref() == Some(segment.id.as_str());
        if let Some(variant) = variants.iter().copied().find(is_for) {
            let contributions = vec![(["segment.", &segment.id].concat(), 1.0)];
            return Choice {
                chosen: Some(Scored { variant, score: 1.0 }),
                reason: Reason::InSegment(segment.id.clone()),
                scores: Scores { contributions, ..Scores::default() },
            };
        }
    }
    Choice::pass(Reason::NoMatchingSegment)
}

/// By weight.
pub fn by_weight<'a>(variants: &Eligible<'a>) -> Choice<'a> {
    let (best, alternatives) = best(variants, &|variant| variant.weight);
    match best.filter(|best| best.score > 0.0) {
        Some(best) => {
            let contributions = vec![("weight".to_owned(), best.score)];
            let scores = Scores { contributions, alternatives };
            Choice { reason: Reason::DefaultVariant(best.score), chosen: Some(best), scores }
        }
        None => Choice::pass(Reason::NoDefaultVariant),
    }
}

/// The variant with the largest score, of equals the first in the config; and the others with theirs, the best first.
fn best<'a>(variants: &Eligible<'a>, score: &dyn Fn(&Variant) -> f64) -> (Option<Scored<'a>>, Vec<(String, f64)>) {
    let scored = variants.iter().map(|variant| Scored { variant, score: score(variant) });
    let mut scored = best_first(scored.collect()).into_iter();
    (scored.next(), scored.map(|other| other.alternative()).collect())
}

/// Variants in the order of their scores, the largest first, of equals the first in the config.
pub fn best_first(mut scored: Vec<Scored<'_>>) -> Vec<Scored<'_>> {
    // Stable: of equals the first stays in front.
    scored.sort_by(|one, other| other.score.total_cmp(&one.score));
    scored
}

/// What a strategy answers: a variant where it applies, and why.
pub struct Choice<'a> {
    /// The variant, where it applies.
    pub chosen: Option<Scored<'a>>,
    /// Why.
    pub reason: Reason,
    /// How its score came about.
    pub scores: Scores,
}

impl Choice<'_> {
    /// The strategy does not apply.
    pub fn pass(reason: Reason) -> Self {
        Choice { chosen: None, reason, scores: Scores::default() }
    }
}

/// A variant with its score.
pub struct Scored<'a> {
    /// The variant.
    pub variant: &'a Variant,
    /// The score, by the strategy.
    pub score: f64,
}

impl Scored<'_> {
    /// Its id and score, where another variant was chosen.
    pub fn alternative(&self) -> (String, f64) {
        (self.variant.id.clone(), self.score)
    }
}
