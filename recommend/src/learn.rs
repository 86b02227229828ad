//! A model from recorded sessions. Natively: browsers only read models.
//!
//! The file of a model is public, so nothing goes into it that fewer visitors than the minimum support have in common:
//!
//! - an item, unless so many visitors saw it;
//! - a pair of items, as a rule, unless so many visitors saw both in a session;
//! - a set of items, as a session of the index, unless so many visitors saw all of it in a session. A session that is
//!   rarer than that is taken apart into such sets. The order and the time of day are never kept, the age in days is.
//! - how likely an item is looked at right after another one, unless so many visitors did that;
//! - how often visitors look at something again in a situation, unless so many visitors were in it.

mod next_items;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use crate::items::{Category, Item, Items};
use crate::next_items::encode;
use crate::repeats::{Repeats, SITUATIONS, share, situation};
use crate::rules::{Lists, Rules};
use crate::sessions::Sessions;
use support::Common;

/// One item of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// As the site knows it.
    pub id: String,
    /// Its category; empty where there is none.
    pub category: String,
}

/// What a visitor looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The place of the product in the catalog.
    pub product: u32,
    /// When, in seconds since any moment.
    pub seconds: f64,
}

/// One session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// Whose: the same number for the same visitor. Where nobody knows, a number of its own.
    pub visitor: u32,
    /// What was looked at, in order.
    pub views: Vec<View>,
    /// What was bought, by place in the catalog.
    pub bought: Vec<u32>,
}

/// What a model consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts<'a> {
    /// The items.
    pub items: Items<'a>,
    /// The rules: enough for lists on their own.
    pub rules: Rules,
    /// The index of sessions.
    pub sessions: Sessions,
    /// How likely which item is the next one, as its section.
    pub next_items: Vec<u8>,
}

// Found as the figures of the recommender were, see there.

/// How many steps apart two views make a rule at most.
const RULE_STEPS: usize = 2;
/// In how many days the weight of what was seen falls to 1/e, in rules.
const RULE_DAYS: f64 = 5.0;
/// The most rules of an item.
const LONGEST_LIST: usize = 10;
/// The most rules of ten items on average. It keeps items and rules of 3,000 items below 30 KB.
const RULES_PER_TEN_ITEMS: usize = 42;
/// As how many cases the share of all counts in that of an item or situation.
const CAUTION: f64 = 5.0;

const DAY_SECONDS: f64 = 86_400.0;

/// Learns a model from sessions. `support` is how many visitors must have something in common before it is part of it,
/// from 1. Views of products that are not in the catalog are left out, and all but the first product of an id.
pub fn learn<'a>(catalog: &'a [Product], sessions: &[Session], support: usize) -> Option<Parts<'a>> {
    let mut viewers: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); catalog.len()];
    let mut popularity: Vec<u32> = vec![0; catalog.len()];
    for session in sessions {
        let products: BTreeSet<u32> = session.views.iter().map(|view| view.product).collect();
        for product in products {
            if let (Some(viewers), Some(seen)) =
                (viewers.get_mut(product as usize), popularity.get_mut(product as usize))
            {
                viewers.insert(session.visitor);
                *seen = seen.saturating_add(1);
            }
        }
    }
    // By category, then popularity, then id.
    let mut by_id: BTreeSet<&str> = BTreeSet::new();
    let mut chosen: Vec<(u32, u32, &'a Product)> = Vec::new();
    for (((place, product), viewers), seen) in (0..).zip(catalog).zip(&viewers).zip(&popularity) {
        if viewers.len() >= support.max(1) && by_id.insert(&product.id) {
            chosen.push((place, *seen, product));
        }
    }
    chosen.sort_by(|one, other| {
        let by_category = one.2.category.cmp(&other.2.category);
        by_category.then(other.1.cmp(&one.1)).then_with(|| one.2.id.cmp(&other.2.id))
    });
    let mut numbers: Vec<Option<u32>> = vec![None; catalog.len()];
    for (number, (place, _, _)) in (0..).zip(&chosen) {
        if let Some(entry) = numbers.get_mut(*place as usize) {
            *entry = Some(number);
        }
    }
    let categories = chosen.chunk_by(|one, other| one.2.category == other.2.category).filter_map(|products| {
        Some(Category { name: &products.first()?.2.category, size: u32::try_from(products.len()).ok()? })
    });
    let items: Vec<Item<'a>> =
        chosen.iter().map(|(_, popularity, product)| Item { id: &product.id, popularity: *popularity }).collect();
    let count = u32::try_from(items.len()).ok()?;

    let walks: Vec<Walk> = walks(sessions, &numbers);
    let common = Common::of(count, &walks, support);
    let rules = Rules { next: next_rules(count, &walks, &common), together: together_rules(count, &walks, support) };
    let index = Sessions::new(count, common.sessions(&walks));
    let repeats = repeats(count, &walks, support)?;
    let items = Items::new(u32::try_from(sessions.len()).ok()?, categories.collect(), items, repeats)?;
    let next_items = encode(&next_items::next_items(count, &walks, support));
    Some(Parts { items, rules, sessions: index, next_items })
}

/// A session in numbers of items.
#[derive(Clone, Debug)]
struct Walk {
    visitor: u32,
    /// How many days before the last session of all.
    age: u32,
    seen: Vec<u32>,
    bought: Vec<u32>,
}

impl Walk {
    /// The different items that were seen, in the order of their last view.
    fn different(&self) -> Vec<u32> {
        let mut different = Vec::new();
        for item in self.seen.iter().rev() {
            if !different.contains(item) {
                different.push(*item);
            }
        }
        different.reverse();
        different
    }
}

fn walks(sessions: &[Session], numbers: &[Option<u32>]) -> Vec<Walk> {
    let end = |session: &Session| session.views.iter().map(|view| view.seconds).fold(f64::NEG_INFINITY, f64::max);
    let last = sessions.iter().map(end).fold(f64::NEG_INFINITY, f64::max);
    let number = |product: u32| numbers.get(product as usize).copied().flatten();
    let walk = |session: &Session| {
        let days = ((last - end(session)) / DAY_SECONDS).floor();
        // The cast saturates, and takes what is no number for 0.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days, from 0")]
        let age = days as u32;
        let seen = session.views.iter().filter_map(|view| number(view.product)).collect();
        let bought = session.bought.iter().filter_map(|product| number(*product)).collect();
        Walk { visitor: session.visitor, age, seen, bought }
    };
    sessions.iter().map(walk).collect()
}

/// What was looked at after each item, the more the sooner after and the later.
fn next_rules(items: u32, walks: &[Walk], common: &Common) -> Lists {
    let mut lists: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); items as usize];
    for walk in walks {
        let recency = libm::exp(-f64::from(walk.age) / RULE_DAYS);
        for (place, item) in walk.seen.iter().enumerate() {
            let after = walk.seen.get(place.saturating_add(1)..).unwrap_or_default();
            for (step, next) in (1_u32..).zip(after.iter().take(RULE_STEPS)) {
                if item != next
                    && common.is_pair(*item, *next)
                    && let Some(list) = lists.get_mut(*item as usize)
                {
                    let step = f64::from(step);
                    *list.entry(*next).or_default() += recency / (step * step * step);
                }
            }
        }
    }
    let lists: Vec<Vec<(u32, f64)>> = lists.into_iter().map(|list| list.into_iter().collect()).collect();
    bounded(&lists)
}

/// The lists as long as they may be: the same length for all, so that the weakest rules of the longest lists go first.
fn bounded(lists: &[Vec<(u32, f64)>]) -> Lists {
    let most = lists.len().saturating_mul(RULES_PER_TEN_ITEMS) / 10;
    let mut by_length = (1..=LONGEST_LIST).rev().map(|longest| Lists::new(lists, longest));
    by_length.find(|lists| lists.len() <= most).unwrap_or_default()
}

/// What was bought together with each item, by how many visitors.
fn together_rules(items: u32, walks: &[Walk], support: usize) -> Lists {
    let mut buyers: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
    for walk in walks {
        for one in &walk.bought {
            for other in walk.bought.iter().filter(|other| *other != one) {
                buyers.entry((*one, *other)).or_default().insert(walk.visitor);
            }
        }
    }
    let mut lists: Vec<Vec<(u32, f64)>> = vec![Vec::new(); items as usize];
    for ((one, other), buyers) in buyers {
        if buyers.len() >= support.max(1)
            && let Some(list) = lists.get_mut(one as usize)
        {
            list.push((other, f64::from(u32::try_from(buyers.len()).unwrap_or(u32::MAX))));
        }
    }
    let lists = bounded(&lists);
    if lists.is_empty() { Lists::default() } else { lists }
}

/// Of how many cases the current item came next, and the visitors that were in any.
#[derive(Clone, Debug, Default)]
struct Cases {
    again: f64,
    all: f64,
    visitors: BTreeSet<u32>,
}

/// How likely the current item comes next, of all, by situation and by item.
fn repeats(items: u32, walks: &[Walk], support: usize) -> Option<Repeats> {
    let mut overall = Cases::default();
    let mut situations = vec![Cases::default(); SITUATIONS];
    let mut by_item = vec![Cases::default(); items as usize];
    for walk in walks {
        for place in 1..walk.seen.len() {
            let (Some(history), Some(next)) = (walk.seen.get(..place), walk.seen.get(place)) else { continue };
            let (Some(current), Some(situation)) = (history.last(), situation(history)) else { continue };
            let cases = [situations.get_mut(situation), by_item.get_mut(*current as usize), Some(&mut overall)];
            for cases in cases.into_iter().flatten() {
                cases.again += f64::from(u8::from(next == current));
                cases.all += 1.0;
                cases.visitors.insert(walk.visitor);
            }
        }
    }
    // With nothing known even odds.
    let of_all = (overall.again + CAUTION / 2.0) / (overall.all + CAUTION);
    let shares = |cases: Vec<Cases>| -> Vec<u8> {
        let known = |cases: Cases| {
            let probability = (cases.again + CAUTION * of_all) / (cases.all + CAUTION);
            if cases.visitors.len() >= support.max(1) { share(probability) } else { 0 }
        };
        cases.into_iter().map(known).collect()
    };
    // Of items in 32nds: what is finer predicts nothing, and is two kilobytes.
    let coarse = |share: u8| if share == 0 { 0 } else { (share & !7) | 4 };
    let by_item = shares(by_item).into_iter().map(coarse).collect();
    Repeats::new(share(of_all), shares(situations), by_item)
}

#[cfg(test)]
mod tests;
