//! Counts sessions in memory. What a database counts for `tailorbird train --in` is the same, see `companion/models`.

use std::collections::{BTreeMap, BTreeSet};

use super::counted::{Cases, Counted, CountedItem, CountedPair, CountedSession, EIGHTHS, recency_weight};
use crate::repeats::situation;

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
    /// When, in seconds since the beginning of any day.
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

const DAY_SECONDS: f64 = 86_400.0;

/// A session in places of the catalog.
struct Walk {
    visitor: u32,
    age: u32,
    seen: Vec<u32>,
    bought: BTreeSet<u32>,
}

/// Something that visitors have in common: how often, and who.
#[derive(Clone, Debug, Default)]
struct Shared {
    count: u64,
    visitors: BTreeSet<u32>,
}

/// Views that another one followed, and the visitors they are of.
#[derive(Clone, Debug, Default)]
struct SharedCases {
    cases: Cases,
    visitors: BTreeSet<u32>,
}

type Pair = (u32, u32);

/// Counts sessions; what fewer visitors than `support`, from 1, have in common is left out. Views of products that are
/// not in the catalog are left out, and all but the first product of an id.
pub fn count<'a>(catalog: &'a [Product], sessions: &[Session], support: usize) -> Counted<'a> {
    let support = support.max(1);
    let walks = walks(sessions, &known(catalog));
    let mut items: BTreeMap<u32, Shared> = BTreeMap::new();
    for walk in &walks {
        // Whoever bought an item has seen it, if not on a page.
        for item in walk.seen.iter().chain(&walk.bought).collect::<BTreeSet<_>>() {
            let seen = items.entry(*item).or_default();
            seen.count += 1;
            seen.visitors.insert(walk.visitor);
        }
    }
    items.retain(|_, seen| seen.visitors.len() >= support);
    let numbers: BTreeMap<u32, u32> = items.keys().copied().zip(0..).collect();
    let counted = items.iter().filter_map(|(place, seen)| {
        let Product { id, category } = catalog.get(*place as usize)?;
        Some(CountedItem { id, category, visits: u32::try_from(seen.count).unwrap_or(u32::MAX) })
    });
    let pairs = |pairs: BTreeMap<Pair, u64>| -> Vec<CountedPair> {
        let numbered = pairs.into_iter().filter_map(|((item, other), count)| {
            Some(CountedPair { item: *numbers.get(&item)?, other: *numbers.get(&other)?, count })
        });
        numbered.collect()
    };
    let next = next(&walks);
    let (repeats, situations, item_repeats) = repeats(&walks, support);
    let sessions_of_several = walks.iter().filter_map(|walk| {
        let seen = different(&walk.seen);
        let several = seen.len() > 1;
        let seen = seen.iter().filter_map(|item| numbers.get(item).copied()).collect();
        several.then_some(CountedSession { visitor: u64::from(walk.visitor), age: walk.age, seen })
    });
    Counted {
        visits: u32::try_from(sessions.len()).unwrap_or(u32::MAX),
        items: counted.collect(),
        rules: pairs(rules(&walks, &common_pairs(&next, support))),
        next: pairs(common(next, support)),
        together: pairs(common(together(&walks), support)),
        repeats,
        situations,
        item_repeats: item_repeats
            .into_iter()
            .filter_map(|(item, cases)| Some((*numbers.get(&item)?, cases)))
            .collect(),
        sessions: sessions_of_several.collect(),
    }
}

/// The places of the first product of each id.
fn known(catalog: &[Product]) -> BTreeSet<u32> {
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    (0..).zip(catalog).filter(|(_, product)| ids.insert(&product.id)).map(|(place, _)| place).collect()
}

fn walks(sessions: &[Session], known: &BTreeSet<u32>) -> Vec<Walk> {
    let day = |session: &Session| {
        let end = session.views.iter().map(|view| view.seconds).fold(f64::NEG_INFINITY, f64::max);
        (end / DAY_SECONDS).floor()
    };
    let last = sessions.iter().map(day).fold(f64::NEG_INFINITY, f64::max);
    let walk = |session: &Session| {
        // The cast saturates, and takes what is no number for 0.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days, from 0")]
        let age = (last - day(session)) as u32;
        let seen = session.views.iter().map(|view| view.product).filter(|product| known.contains(product)).collect();
        let bought = session.bought.iter().copied().filter(|product| known.contains(product)).collect();
        Walk { visitor: session.visitor, age, seen, bought }
    };
    sessions.iter().map(walk).collect()
}

/// The different items that were seen, in the order of their last view.
fn different(seen: &[u32]) -> Vec<u32> {
    let mut different = Vec::new();
    for item in seen.iter().rev() {
        if !different.contains(item) {
            different.push(*item);
        }
    }
    different.reverse();
    different
}

fn common(pairs: BTreeMap<Pair, Shared>, support: usize) -> BTreeMap<Pair, u64> {
    let common = pairs.into_iter().filter(|(_, shared)| shared.visitors.len() >= support);
    common.map(|(pair, shared)| (pair, shared.count)).collect()
}

/// How often each item was looked at right after each other one.
fn next(walks: &[Walk]) -> BTreeMap<Pair, Shared> {
    let mut next: BTreeMap<Pair, Shared> = BTreeMap::new();
    for walk in walks {
        for (item, other) in walk.seen.iter().zip(walk.seen.iter().skip(1)).filter(|(item, other)| item != other) {
            let shared = next.entry((*item, *other)).or_default();
            shared.count += 1;
            shared.visitors.insert(walk.visitor);
        }
    }
    next
}

/// Pairs, the lower first, of which enough visitors looked at one right after the other.
fn common_pairs(next: &BTreeMap<Pair, Shared>, support: usize) -> BTreeSet<Pair> {
    let mut visitors: BTreeMap<Pair, BTreeSet<u32>> = BTreeMap::new();
    for ((item, other), shared) in next {
        visitors.entry((*item.min(other), *item.max(other))).or_default().extend(&shared.visitors);
    }
    visitors.into_iter().filter(|(_, visitors)| visitors.len() >= support).map(|(pair, _)| pair).collect()
}

/// What was looked at after each item, the more the sooner after and the later.
fn rules(walks: &[Walk], common: &BTreeSet<Pair>) -> BTreeMap<Pair, u64> {
    let mut rules: BTreeMap<Pair, u64> = BTreeMap::new();
    for walk in walks {
        let weight = recency_weight(walk.age);
        for (steps, eighths) in (1..).zip(EIGHTHS) {
            for (item, other) in walk.seen.iter().zip(walk.seen.iter().skip(steps)) {
                if item != other && common.contains(&(*item.min(other), *item.max(other))) {
                    *rules.entry((*item, *other)).or_default() += eighths * weight;
                }
            }
        }
    }
    // Too long ago to weigh anything.
    rules.retain(|_, weight| *weight > 0);
    rules
}

/// In how many visits each two items were bought.
fn together(walks: &[Walk]) -> BTreeMap<Pair, Shared> {
    let mut together: BTreeMap<Pair, Shared> = BTreeMap::new();
    for walk in walks {
        for one in &walk.bought {
            for other in walk.bought.iter().filter(|other| *other != one) {
                let shared = together.entry((*one, *other)).or_default();
                shared.count += 1;
                shared.visitors.insert(walk.visitor);
            }
        }
    }
    together
}

type Repeated = (Cases, Vec<(usize, Cases)>, Vec<(u32, Cases)>);

/// How often the current item came next: of all views that another one followed, by situation and by item.
fn repeats(walks: &[Walk], support: usize) -> Repeated {
    let mut overall = Cases::default();
    let mut situations: BTreeMap<usize, SharedCases> = BTreeMap::new();
    let mut by_item: BTreeMap<u32, SharedCases> = BTreeMap::new();
    for walk in walks {
        for place in 1..walk.seen.len() {
            let (Some(history), Some(next)) = (walk.seen.get(..place), walk.seen.get(place)) else { continue };
            let (Some(current), Some(situation)) = (history.last(), situation(history)) else { continue };
            let again = u64::from(next == current);
            overall = Cases { all: overall.all + 1, again: overall.again + again };
            for shared in [situations.entry(situation).or_default(), by_item.entry(*current).or_default()] {
                shared.cases = Cases { all: shared.cases.all + 1, again: shared.cases.again + again };
                shared.visitors.insert(walk.visitor);
            }
        }
    }
    (overall, common_cases(situations, support), common_cases(by_item, support))
}

fn common_cases<K>(cases: BTreeMap<K, SharedCases>, support: usize) -> Vec<(K, Cases)> {
    let common = cases.into_iter().filter(|(_, shared)| shared.visitors.len() >= support);
    common.map(|(key, shared)| (key, shared.cases)).collect()
}
