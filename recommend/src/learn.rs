//! A model of items from recorded sessions. Natively: browsers only read models.
//!
//! [`count`] counts what sessions have in common, as [`Counted`]; [`make`] makes a model of that. Between them nothing
//! but counts passes, so whoever can count, a database for one, can have a model made.
//!
//! The file of a model is public, so nothing goes into it that fewer visitors than the minimum support have in common:
//!
//! - an item, unless so many visitors saw it;
//! - a pair of items, as a rule, unless so many visitors looked at one right after the other;
//! - a set of items, as a session of the index, unless so many visitors saw all of it in a session. A session that is
//!   rarer than that is taken apart into such sets. The order and the time of day are never kept, the age in days is.
//! - how likely an item is looked at right after another one, unless so many visitors did that;
//! - how often visitors look at something again in a situation, unless so many visitors were in it.

mod count;
pub mod counted;
mod support;

use crate::items::{Category, Item, Items};
use crate::next_items::encode;
use crate::repeats::{Repeats, SITUATIONS, share};
use crate::rules::{Lists, Rules};
use crate::sessions::Sessions;
pub use count::{Product, Session, View, count};
use counted::{Cases, Counted, CountedPair};
use support::Common;

/// What a model consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts<'a> {
    /// The items.
    pub items: Items<'a>,
    /// The rules: enough for lists on their own.
    pub rules: Rules<'a>,
    /// The index of sessions.
    pub sessions: Sessions<'a>,
    /// How likely which item is the next one, as its section.
    pub next_items: Vec<u8>,
}

/// The most rules of an item.
const LONGEST_LIST: usize = 10;
/// The most rules of ten items on average. It keeps items and rules of 3,000 items below 30 KB.
const RULES_PER_TEN_ITEMS: usize = 42;
/// As how many cases the share of all counts in that of an item or situation.
const REPEATS_CAUTION: f64 = 5.0;
/// How many visits, in which nothing followed, each item is thought to have had besides: where few have seen an item, those
/// who went on to another one may be so many by chance, and of many followers the likeliest are kept.
///
/// Of 0, 1, 2, 5, 10 and 20 the least logarithmic loss on the last day of the developers' training data, predicted from
/// the days before, was that of 10 and 20: .2356 and .2354, against .2378 without.
const NEXT_CAUTION: f64 = 10.0;

/// Learns a model from sessions. `support` is how many visitors must have something in common before it is part of it,
/// from 1. Views of products that are not in the catalog are left out, and all but the first product of an id. `None`
/// where there is more than a model can number.
pub fn learn<'a>(catalog: &'a [Product], sessions: &[Session], support: usize) -> Option<Parts<'a>> {
    make(&count(catalog, sessions, support), support)
}

/// Makes a model of counts. Their order does not matter. Of sessions it takes care of the support itself; all else that
/// lacks it must have been left out. `None` where there is more than a model can number.
pub fn make<'a>(counted: &Counted<'a>, support: usize) -> Option<Parts<'a>> {
    // By category, then popularity, then id.
    let mut order: Vec<usize> = (0..counted.items.len()).collect();
    order.sort_by_key(|place| {
        counted.items.get(*place).map(|item| (item.category, std::cmp::Reverse(item.visits), item.id))
    });
    let chosen: Vec<_> = order.iter().filter_map(|place| counted.items.get(*place)).collect();
    let count = u32::try_from(chosen.len()).ok()?;
    let mut numbers: Vec<u32> = vec![u32::MAX; chosen.len()];
    for (number, place) in (0..).zip(&order) {
        if let Some(entry) = numbers.get_mut(*place) {
            *entry = number;
        }
    }
    let number = |place: u32| numbers.get(place as usize).copied();
    let categories = chosen
        .chunk_by(|one, other| one.category == other.category)
        .filter_map(|items| Some(Category { name: items.first()?.category, size: u32::try_from(items.len()).ok()? }));
    let items: Vec<Item<'a>> = chosen.iter().map(|item| Item { id: item.id, popularity: item.visits }).collect();
    let visits: Vec<f64> = chosen.iter().map(|item| f64::from(item.visits)).collect();
    let numbered = |pairs: &[CountedPair]| -> Vec<Vec<(u32, f64)>> {
        let mut lists: Vec<Vec<(u32, f64)>> = vec![Vec::new(); count as usize];
        for pair in pairs {
            if let (Some(item), Some(other)) = (number(pair.item), number(pair.other))
                && let Some(list) = lists.get_mut(item as usize)
            {
                list.push((other, as_f64(pair.count)));
            }
        }
        lists.iter_mut().for_each(|list| list.sort_by_key(|(item, _)| *item));
        lists
    };
    let together = bounded(&numbered(&counted.together));
    let together = if together.is_empty() { Lists::default() } else { together };
    let rules = Rules { next: bounded(&numbered(&counted.rules)), together };
    let mut next_items = numbered(&counted.next);
    for (list, visits) in next_items.iter_mut().zip(&visits) {
        list.iter_mut().for_each(|(_, next_views)| *next_views /= visits + NEXT_CAUTION);
    }
    let walks: Vec<support::Walk> = counted
        .sessions
        .iter()
        .map(|session| support::Walk {
            visitor: session.visitor,
            age: session.age,
            seen: session.seen.iter().filter_map(|item| number(*item)).collect(),
        })
        .collect();
    let sessions = Sessions::new(count, Common::of(count, &walks, support).sessions(&walks));
    let mut by_item = vec![None; count as usize];
    for (item, cases) in &counted.item_repeats {
        if let Some(entry) = number(*item).and_then(|number| by_item.get_mut(number as usize)) {
            *entry = Some(*cases);
        }
    }
    let repeats = repeats(counted, &by_item)?;
    let items = Items::new(counted.visits, &categories.collect::<Vec<_>>(), &items, &repeats)?;
    Some(Parts { items, rules, sessions, next_items: encode(&next_items) })
}

/// The lists as long as they may be: the same length for all, so that the weakest rules of the longest lists go first.
fn bounded(lists: &[Vec<(u32, f64)>]) -> Lists<'static> {
    let most = lists.len().saturating_mul(RULES_PER_TEN_ITEMS) / 10;
    let mut by_length = (1..=LONGEST_LIST).rev().map(|longest| Lists::new(lists, longest));
    by_length.find(|lists| lists.len() <= most).unwrap_or_default()
}

/// How likely the current item comes next, of all, by situation and by item.
fn repeats(counted: &Counted<'_>, by_item: &[Option<Cases>]) -> Option<Repeats<'static>> {
    // With nothing known even odds.
    let Cases { all, again } = counted.repeats;
    let of_all = (as_f64(again) + REPEATS_CAUTION / 2.0) / (as_f64(all) + REPEATS_CAUTION);
    let probability =
        |cases: Cases| (as_f64(cases.again) + REPEATS_CAUTION * of_all) / (as_f64(cases.all) + REPEATS_CAUTION);
    let mut situations = vec![0; SITUATIONS];
    for (situation, cases) in &counted.situations {
        if let Some(entry) = situations.get_mut(*situation) {
            *entry = share(probability(*cases));
        }
    }
    // Of items in 32nds: what is finer predicts nothing, and is two kilobytes.
    let coarse = |cases: &Option<Cases>| cases.map_or(0, |cases| (share(probability(cases)) & !7) | 4);
    Repeats::new(share(of_all), situations, by_item.iter().map(coarse).collect())
}

#[allow(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
