//! Which items to show, from what is known of the session so far: neighbours, rules, and popularity as the floor.
//!
//! Three sources are blended, as far as the model has them:
//!
//! - **Neighbours**: what was seen in recent sessions that share items with this one. This is VSTAN of Ludewig, Mauro,
//!   Latifi and Jannach (2021), "Empirical analysis of session-based recommendation algorithms", UMUAI 31, without the
//!   positions of items in neighbours, which the index does not keep; the nearest sessions are the latest of each item,
//!   as in VMIS-kNN of Kersbergen, Sprangers and Schelter (2022), "Serenade", SIGMOD, section 3.
//! - **Rules**: what followed the last two items, as in Ludewig and Jannach (2018), "Evaluation of session-based
//!   recommendation algorithms", section 3.2.3.
//! - **Rules of rules**: what follows what followed: a random walk of two steps. Where minimum support leaves few rules,
//!   it finds most of what the lists would lack.
//!
//! The current item itself comes back with the odds of [`Repeats`](crate::repeats::Repeats).
//!
//! All is computed in `f64` with operations that round exactly, and `exp` and `log` of `libm`: every platform gives the
//! same lists to the bit.

mod candidates;
mod neighbours;
mod rarity;

use crate::items::Items;
use crate::rules::Rules;
use crate::sessions::Sessions;
use candidates::Candidates;
use neighbours::Neighbours;
use rarity::Rarity;

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What goes with the current item: never that item itself.
    Similar,
    /// What was bought together with the items of the history, or seen together where nothing is known of purchases:
    /// none of them.
    BoughtTogether,
    /// What the visitor looks at next, which may be something again.
    ForYou,
    /// What most visitors look at.
    Popular,
}

/// One item of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recommended {
    /// Its number.
    pub item: u32,
    /// How it compares with others of the list; from 0.
    pub score: f64,
    /// The item of the history that contributed most to the score. `None` where nothing did: popularity did.
    pub because: Option<u32>,
}

// The figures below were found on the last day of the developers' training data, predicted from the days before: one
// was changed at a time as long as the two mean reciprocal ranks of `evaluate recommend` and half of the two hit rates
// grew in sum, over models without minimum support and with one of five. All lie on plateaus, where half or twice as
// much costs a few thousandths.

/// How many different items of the history count, the latest.
const RECENT: usize = 5;
/// In how many steps the weight of an item of the history falls to 1/e. Ludewig and others (2021), lambda 1.
const HISTORY_STEPS: f64 = 1.5;
/// In how many steps the weight of a neighbour that last shared an item then falls to 1/e. As above, lambda 4.
const MATCH_STEPS: f64 = 1.0;
/// In how many days the weight of a neighbour falls to 1/e. As above, lambda 2.
const NEIGHBOUR_DAYS: f64 = 10.0;
/// The most days that count: beyond them all sessions are as old, and no weight is too small to divide by.
const OLDEST_DAYS: u32 = 365;
/// What neighbours weigh beside rules.
const NEIGHBOURS: f64 = 0.85;
/// What rules of the item before the current one weigh, of all rules.
const PREVIOUS: f64 = 1.0 / 3.0;
/// What rules of rules weigh.
const SECOND_STEP: f64 = 0.1;
/// What the odds of the current item are multiplied by: lists gain more from a sure hit at their top than they lose.
const REPEAT: f64 = 1.5;
/// The score of the most popular item where nothing else is known: below every other.
const FLOOR: f64 = 1e-9;

/// What recommends.
#[derive(Clone, Debug)]
pub struct Recommender<'a> {
    items: Items<'a>,
    rules: Option<Rules<'a>>,
    /// Among all sessions.
    neighbours: Option<Neighbours<'a>>,
    /// By category, among the sessions in which an item of it was seen, as far as they have been added.
    of_categories: Vec<(&'a str, Neighbours<'a>)>,
    rarity: Rarity,
    /// By steps back in the history.
    decay: Vec<Decay>,
}

/// What an item of the history weighs, so many steps back.
#[derive(Clone, Copy, Debug)]
struct Decay {
    history: f64,
    neighbour: f64,
}

/// An item of the history.
#[derive(Clone, Copy, Debug)]
struct Recent {
    item: u32,
    decay: Decay,
}

impl<'a> Recommender<'a> {
    /// Of these sections. Rules or sessions that are of other items are left out.
    pub fn new(items: Items<'a>, rules: Option<Rules<'a>>, sessions: Option<Sessions<'a>>) -> Recommender<'a> {
        let rules = rules.filter(|rules| rules.items() == items.count());
        let sessions = sessions.filter(|sessions| sessions.items() == items.count());
        // Beyond this many steps nothing that weighs is left.
        let decay = (0..64).map(|step| Decay {
            history: libm::exp(-f64::from(step) / HISTORY_STEPS),
            neighbour: libm::exp(-f64::from(step) / MATCH_STEPS),
        });
        let (rarity, neighbours) = (Rarity::new(&items), sessions.map(Neighbours::new));
        Recommender { items, rules, neighbours, of_categories: Vec::new(), rarity, decay: decay.collect() }
    }

    /// Adds the sessions in which an item of this category was seen, for a model that has none itself. They answer where
    /// the current item is of the category: as all sessions would, if all recent items are. False, and nothing is added,
    /// where they are of other items than the model.
    pub fn add_sessions(&mut self, category: &'a str, sessions: Sessions<'a>) -> bool {
        let is_of_items = sessions.items() == self.items.count();
        if is_of_items {
            self.of_categories.retain(|(known, _)| *known != category);
            self.of_categories.push((category, Neighbours::new(sessions)));
        }
        is_of_items
    }

    /// The category whose sessions would make this list better. `None` where they are there, or none are asked.
    pub fn missing_sessions(&self, kind: Kind, history: &[u32]) -> Option<&str> {
        let knows_purchases = self.rules.as_ref().is_some_and(|rules| !rules.together.is_empty());
        if kind == Kind::Popular || kind == Kind::BoughtTogether && knows_purchases {
            return None;
        }
        let current = history.iter().rev().find(|item| **item < self.items.count())?;
        if self.neighbours_of(*current).is_some() { None } else { self.items.category_name(*current) }
    }

    fn neighbours_of(&self, item: u32) -> Option<&Neighbours<'a>> {
        self.neighbours.as_ref().or_else(|| {
            let category = self.items.category_name(item)?;
            self.of_categories.iter().find(|(name, _)| *name == category).map(|(_, neighbours)| neighbours)
        })
    }

    /// The number of an item.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.items.number(id)
    }

    /// The id of an item.
    pub fn id(&self, item: u32) -> Option<&str> {
        self.items.get(item).map(|item| item.id)
    }

    /// The items of the model.
    pub fn items(&self) -> &Items<'a> {
        &self.items
    }

    /// At most `count` items, the best first; of equal scores the more popular first, then the lower id. None comes
    /// twice. `history` has the numbers of what was seen, the oldest first and the current item last; numbers that are
    /// no item are passed over.
    pub fn recommend(&self, kind: Kind, history: &[u32], count: usize) -> Vec<Recommended> {
        let known: Vec<u32> = history.iter().copied().filter(|item| *item < self.items.count()).collect();
        let recent = self.recent(&known);
        let mut found = Candidates::new(self.items.count(), recent.iter().map(|recent| recent.item));
        match kind {
            Kind::Popular => {}
            Kind::BoughtTogether => {
                self.bought_together(&recent, &mut found);
                known.iter().for_each(|item| found.exclude(*item));
            }
            Kind::Similar => {
                self.follow(&recent, &mut found);
                known.last().into_iter().for_each(|item| found.exclude(*item));
            }
            Kind::ForYou => {
                self.follow(&recent, &mut found);
                found.set_current(REPEAT * self.items.repeat_odds(&known));
            }
        }
        self.fill(known.last().copied().filter(|_| kind != Kind::Popular), count, &mut found);
        found.best(&self.items, count)
    }

    /// The latest different items of the history, the newest first.
    fn recent(&self, known: &[u32]) -> Vec<Recent> {
        let mut recent: Vec<Recent> = Vec::with_capacity(RECENT);
        for (item, decay) in known.iter().rev().zip(&self.decay) {
            if recent.len() < RECENT && recent.iter().all(|other| other.item != *item) {
                recent.push(Recent { item: *item, decay: *decay });
            }
        }
        recent
    }

    /// Scores what comes after these items, but the current one. The scores sum to one, if there are any.
    fn follow(&self, recent: &[Recent], found: &mut Candidates) {
        let mut rules_weigh = 1.0;
        let current = recent.first().map(|current| current.item);
        if let Some(neighbours) = current.and_then(|current| self.neighbours_of(current)) {
            neighbours.score(recent, &|item| self.rarity.of(&self.items, item), found);
            found.set_current(0.0);
            rules_weigh = if found.scale(NEIGHBOURS) { 1.0 - NEIGHBOURS } else { 1.0 };
        }
        if let Some(rules) = &self.rules {
            next(rules, recent, rules_weigh, found);
            found.set_current(0.0);
        }
        found.scale(1.0);
    }

    /// Adds what was bought together with these items, or else what was seen together.
    fn bought_together(&self, recent: &[Recent], found: &mut Candidates) {
        match &self.rules {
            Some(rules) if !rules.together.is_empty() => {
                for (slot, from) in recent.iter().enumerate() {
                    for rule in rules.together.of(from.item) {
                        found.add(rule.item, f64::from(rule.weight), slot);
                    }
                }
            }
            _ => self.follow(recent, found),
        }
    }

    /// Adds popular items where candidates do not suffice: first those of the current item's category.
    fn fill(&self, current: Option<u32>, count: usize, found: &mut Candidates) {
        let mut missing = count.saturating_sub(found.len());
        if missing == 0 {
            return;
        }
        let popularity = |item: u32| f64::from(self.items.popularity(item).unwrap_or(0));
        let mut by_popularity = self.items.by_popularity().peekable();
        let most = by_popularity.peek().map_or(1.0, |item| popularity(*item).max(1.0));
        let score = |item: u32| popularity(item) / most;
        let of_category = current.map_or(0..0, |current| self.items.category(current));
        let of_category = of_category.map(|item| (item, FLOOR * (1.0 + score(item))));
        let of_all = by_popularity.map(|item| (item, FLOOR * score(item)));
        for (item, score) in of_category.chain(of_all) {
            if missing == 0 {
                return;
            }
            missing -= usize::from(found.propose(item, score));
        }
    }
}

/// Adds what rules say of the last two items, and rules of rules of all.
fn next(rules: &Rules<'_>, recent: &[Recent], weigh: f64, found: &mut Candidates) {
    for (slot, (from, part)) in recent.iter().zip([1.0 - PREVIOUS, PREVIOUS]).enumerate() {
        for rule in rules.next.of(from.item) {
            found.add(rule.item, weigh * part * f64::from(rule.weight), slot);
        }
    }
    for (slot, from) in recent.iter().enumerate() {
        for first in rules.next.of(from.item) {
            // The root lets more of the weaker first steps through.
            let step = SECOND_STEP * from.decay.history * f64::from(first.weight).sqrt();
            for second in rules.next.of(first.item) {
                found.add(second.item, step * f64::from(second.weight), slot);
            }
        }
    }
}

#[cfg(test)]
mod tests;
