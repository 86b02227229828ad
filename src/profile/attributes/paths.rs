//! The paths of all attributes that the engine fills.

use super::AttributeGroup;
use crate::profile::windowed_count::WindowedCount;

/// Every path. A step in capital letters is a placeholder for a name: of an event, a dimension, a key in it, a length of time,
/// an area, a segment.
pub const PATHS: [&str; 55] = [
    "visitor.returning",
    "visitor.sessions",
    "visitor.views",
    "visitor.events.EVENT",
    "visitor.days_known",
    "visitor.recency_days",
    "visitor.orders",
    "visitor.revenue",
    "visitor.days_since_order",
    "visitor.reading_depth",
    "session.views",
    "session.seconds",
    "session.events.EVENT",
    "page.path",
    "page.referrer",
    "page.language",
    "page.locale",
    "page.engaged_seconds",
    "device.class",
    "campaign.source",
    "campaign.medium",
    "campaign.name",
    "campaign.term",
    "campaign.content",
    "campaign.id",
    "campaign.network",
    "time.date",
    "time.hour",
    "time.weekday",
    "time.weekend",
    "time.part",
    "cart.value",
    "cart.quantity",
    "cart.items",
    "interest.DIMENSION.KEY",
    "trend.DIMENSION.KEY",
    "count.EVENT.LENGTH",
    "count.EVENT.DIMENSION.KEY.LENGTH",
    "geo.country",
    "geo.confidence",
    "geo.near.AREA",
    "value.tier",
    "value.expected",
    "value.purchases",
    "value.alive",
    "value.recency",
    "value.frequency",
    "value.monetary",
    "value.rfm",
    "value.lifecycle",
    "intent.buying",
    "intent.leaving",
    "intent.stage",
    "answer.PROMPT",
    "segment.ID",
];

/// The names of a config that stand in paths.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// The dimensions of interests.
    pub dimensions: &'a [String],
    /// The ids of segments.
    pub segments: &'a [&'a str],
    /// The ids of areas.
    pub areas: &'a [&'a str],
}

/// For a path below one of the engine's groups that leads to none of its attributes, the nearest one that does.
///
/// ```
/// # use tailorbird::profile::attributes::paths::{Names, nearest};
/// let dimensions = ["category".to_owned(), "brand".to_owned()];
/// let names = Names { dimensions: &dimensions, segments: &["vip"], areas: &["shop"] };
/// let nearest = |path: &str| nearest(&path.split('.').collect::<Vec<_>>(), names);
/// assert_eq!(nearest("session.view").as_deref(), Some("session.views"));
/// assert_eq!(nearest("interest.categorie.boots").as_deref(), Some("interest.category.boots"));
/// assert_eq!(nearest("count.view_item.week").as_deref(), Some("count.view_item.7d"));
/// assert_eq!(nearest("segment.vips").as_deref(), Some("segment.vip"));
/// assert_eq!(nearest("geo.near.shops").as_deref(), Some("geo.near.shop"));
/// assert_eq!(nearest("session.views"), None);
/// assert_eq!(nearest("plan.name"), None, "the site's own");
/// ```
pub fn nearest(path: &[&str], names: Names<'_>) -> Option<String> {
    let written = path.join(".");
    let group = AttributeGroup::of_path(&written);
    if group == AttributeGroup::Site || path.len() < 2 || is_filled(path, &written, group, names) {
        return None;
    }
    candidates(path, group, names).into_iter().min_by_key(|candidate| strsim::levenshtein(candidate, &written))
}

fn is_filled(path: &[&str], written: &str, group: AttributeGroup, names: Names<'_>) -> bool {
    match (group, path) {
        (AttributeGroup::Interest | AttributeGroup::Trend, [_, dimension]) => {
            names.dimensions.iter().any(|known| known == dimension)
        }
        (AttributeGroup::Interest | AttributeGroup::Trend, [_, dimension, _]) => {
            names.dimensions.iter().any(|known| known == dimension)
        }
        (AttributeGroup::Count, _) => WindowedCount::read(written).is_some(),
        (AttributeGroup::Segment, [_, id]) => names.segments.contains(id),
        (AttributeGroup::Geo, [_, "near", id]) => names.areas.contains(id),
        // A list has a length and items.
        (AttributeGroup::Cart, ["cart", "items", _]) => true,
        _ => PATHS.iter().any(|known| is_at_or_above(known, path)),
    }
}

/// Whether `path` leads to the attribute `known`, or to an object that holds it.
fn is_at_or_above(known: &str, path: &[&str]) -> bool {
    let known: Vec<&str> = known.split('.').collect();
    path.len() <= known.len() && known.iter().zip(path).all(|(known, step)| known == step || is_name(known))
}

/// Whether a step of a known path is a placeholder for a name.
fn is_name(step: &str) -> bool {
    step.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Paths in this group, with the names that `path` has in their places.
fn candidates(path: &[&str], group: AttributeGroup, names: Names<'_>) -> Vec<String> {
    if group == AttributeGroup::Segment {
        return names.segments.iter().map(|id| format!("segment.{id}")).collect();
    }
    let known = PATHS.iter().filter(|known| AttributeGroup::of_path(known) == group);
    let mut candidates = Vec::new();
    for known in known {
        let step = |(place, step): (usize, &str)| match (step, path.get(place)) {
            ("LENGTH", _) => "7d".to_owned(),
            (step, Some(written)) if is_name(step) => (*written).to_owned(),
            (step, _) => step.to_owned(),
        };
        let steps: Vec<String> = known.split('.').enumerate().map(step).collect();
        if known.contains(".DIMENSION.KEY") && group != AttributeGroup::Count {
            let key = steps.last().cloned().unwrap_or_default();
            candidates.extend(names.dimensions.iter().map(|dimension| format!("{}.{dimension}.{key}", group.name())));
        } else if *known == "geo.near.AREA" {
            candidates.extend(names.areas.iter().map(|area| format!("geo.near.{area}")));
        } else {
            candidates.push(steps.join("."));
        }
    }
    candidates
}
