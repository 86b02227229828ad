//! The ladder of a slot: the first method with enough evidence answers, and the page's own content
//! is always the last rung.

use super::explain::Reason;
use super::holdout::{self, Standing};
use super::{Decision, Level};
use crate::profile::interest::Interests;
use crate::profile::rules::is_dimension;
use crate::profile::segment::Segment;
use crate::random::Seed;
use crate::reader::{Reader, is_event_name};
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
    /// The ladder.
    pub choose: Vec<Rung>,
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

/// One method of a ladder.
#[derive(Clone, Debug, PartialEq)]
pub enum Rung {
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
    pub inside: &'a [usize],
    /// The visitor's seed; `None` when none may be kept.
    pub seed: Option<Seed>,
}

impl Slot {
    /// Reads `slots` of the config at `root`; contents are the page stage's.
    pub fn read_all(at: &Reader<'_>, root: &Value) -> Vec<Slot> {
        if at.is_missing() {
            return Vec::new();
        }
        let items = at.items(0, 200).iter().enumerate();
        let slots = items.map(|(index, item)| Slot::read(&at.item(index, item), root)).collect();
        at.distinct("id", "an id that is not taken");
        slots
    }

    fn read(at: &Reader<'_>, root: &Value) -> Slot {
        at.object(&["id", "target", "goal", "holdout", "choose", "variants", "template"]);
        at.field("template").not_yet();
        let (choose, variants) = (at.field("choose"), at.field("variants"));
        let rungs = choose.items(1, 10).iter().enumerate();
        let slot = Slot {
            id: at.field("id").id(),
            target: at.field("target").or(None, |at| Some(at.text_within(1, 300))),
            goal: at.field("goal").or(None, |at| Some(at.text("the name of an event", &is_event_name))),
            holdout: at.field("holdout").or(0.0, |at| at.number(0.0, 1.0)),
            choose: rungs.filter_map(|(index, item)| Rung::read(&choose.item(index, item), root)).collect(),
            variants: variants.or(Vec::new(), |at| {
                let items = at.items(0, 50).iter().enumerate();
                items.map(|(index, item)| Variant::read(&at.item(index, item), root)).collect()
            }),
        };
        variants.distinct("id", "an id that is not taken");
        slot
    }

    /// What the slot shows to a visitor of whom this is known.
    pub fn decide(&self, evidence: Evidence<'_>) -> Decision {
        let standing = holdout::draw(&self.id, self.holdout, evidence.seed);
        let mut decision = Decision {
            slot: self.id.clone(),
            variant: None,
            level: Level::Standard,
            score: 0.0,
            propensity: standing.propensity(self.holdout),
            reasons: Vec::new(),
        };
        match standing {
            Standing::HeldOut => {
                decision.reasons.push(Reason::HeldOut(self.holdout));
                return decision;
            }
            Standing::NotEligible => decision.reasons.push(Reason::NoStableId),
            Standing::None | Standing::Shown => {}
        }
        for rung in &self.choose {
            let (answer, reason) = rung.answer(self, evidence);
            decision.reasons.push(reason);
            if let Some((variant, score)) = answer {
                decision.variant = Some(variant.id.clone());
                decision.level = rung.level();
                decision.score = score;
                return decision;
            }
        }
        decision.reasons.push(Reason::OwnContent);
        decision
    }
}

impl Variant {
    fn read(at: &Reader<'_>, root: &Value) -> Variant {
        at.object(&["id", "segment", "tags", "weight", "content"]);
        let segment = at.field("segment");
        let tags = at.field("tags");
        Variant {
            id: at.field("id").id(),
            segment: if segment.is_missing() { None } else { read_segment(&segment, root) },
            tags: if tags.is_missing() { Vec::new() } else { read_tags(&tags, root) },
            weight: at.field("weight").or(0.0, |at| at.number(0.0, 1.0)),
        }
    }
}

/// The place of the segment that is named here.
fn read_segment(at: &Reader<'_>, root: &Value) -> Option<usize> {
    // Where segments are no list at all, that problem has been named already.
    let segments = root.get("segments").map_or(Some(&[][..]), Value::as_list);
    let place = |id: &str| segments?.iter().position(|segment| segment.get("id").and_then(Value::as_text) == Some(id));
    let id = at.text("the id of a segment", &|id| segments.is_none() || place(id).is_some());
    place(&id)
}

fn read_tags(at: &Reader<'_>, root: &Value) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    for (dimension, value) in at.entries().iter() {
        let below = at.field(dimension);
        if !is_dimension(root, dimension) {
            below.unknown(&["interests.dimensions"]);
        } else if let Value::List(_) = value {
            for (index, item) in below.items(0, 20).iter().enumerate() {
                tags.push((dimension.to_owned(), below.item(index, item).text_within(1, 120)));
            }
        } else {
            tags.push((dimension.to_owned(), below.text_within(1, 120)));
        }
    }
    tags
}

impl Rung {
    fn read(at: &Reader<'_>, root: &Value) -> Option<Rung> {
        at.entries();
        let by = at.field("by");
        match by.value().and_then(Value::as_text) {
            Some("segment") => {
                at.object(&["by"]);
                return Some(Rung::Segment);
            }
            Some("popular") => {
                at.object(&["by"]);
                return Some(Rung::Popular);
            }
            Some("interest") => {
                at.object(&["by", "dimension", "min", "events"]);
                let first = root.get("interests").and_then(|interests| interests.get("dimensions"));
                let first = first.and_then(Value::as_list).and_then(|names| names.first()?.as_text());
                let dimension = at.field("dimension").or(first.unwrap_or("category").to_owned(), |at| {
                    at.text("one of interests.dimensions", &|name| is_dimension(root, name))
                });
                let min = at.field("min").or(0.2, |at| at.number(0.0, 1.0));
                let events = at.field("events").or(3, |at| at.whole(0, 1_000));
                return Some(Rung::Interest { dimension, min, events: events.unsigned_abs() });
            }
            Some("experiment" | "bandit" | "recommend") => by.not_yet(),
            _ => by.refuse("one of interest, segment, popular"),
        }
        None
    }

    fn level(&self) -> Level {
        match self {
            Rung::Interest { .. } => Level::Personalized,
            Rung::Segment => Level::Customized,
            Rung::Popular => Level::Generic,
        }
    }

    /// The variant this rung chooses, if it has the evidence, with its score; and what it says.
    fn answer<'a>(&self, slot: &'a Slot, evidence: Evidence<'_>) -> (Option<(&'a Variant, f64)>, Reason) {
        match self {
            Rung::Interest { dimension, min, events } => {
                let seen = evidence.interests.events(dimension);
                if seen < *events {
                    let reason = Reason::TooFewEvents { dimension: dimension.clone(), seen, needed: *events };
                    return (None, reason);
                }
                let sum = |variant: &Variant| {
                    let tags = variant.tags.iter().filter(|(tag, _)| tag == dimension);
                    tags.map(|(_, key)| evidence.interests.share(dimension, key)).sum::<f64>()
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
            Rung::Segment => {
                let of = |place: &usize| {
                    slot.variants.iter().find(|variant| variant.segment == Some(*place)).zip(Some(*place))
                };
                match evidence.inside.iter().find_map(of) {
                    Some((variant, place)) => {
                        let id = evidence.segments.get(place).map(|segment| segment.id.clone());
                        (Some((variant, 1.0)), Reason::InSegment(id.unwrap_or_default()))
                    }
                    None => (None, Reason::InNoSegment),
                }
            }
            Rung::Popular => match largest(&slot.variants, |variant| variant.weight) {
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
