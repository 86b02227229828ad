//! The items that a list is chosen from, each with its score and what contributed to it.

use std::cmp::Ordering;

use super::{RECENT, Recommended};
use crate::items::Items;

#[derive(Clone, Copy, Debug)]
struct Candidate {
    item: u32,
    /// What each item of the history contributed to its score, by its place there.
    shares: [f64; RECENT],
    is_excluded: bool,
}

impl Candidate {
    fn score(&self) -> f64 {
        self.shares.iter().sum()
    }

    /// The place of the item of the history that contributed most; of equal ones the latest.
    fn because(&self) -> usize {
        let mut most = (0, f64::NEG_INFINITY);
        for (slot, share) in self.shares.iter().enumerate() {
            if *share > most.1 {
                most = (slot, *share);
            }
        }
        most.0
    }
}

/// The candidates for one list.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// By item: one more than its place in the list; 0 where it is none.
    places: Vec<u32>,
    list: Vec<Candidate>,
    /// The items of the history, by place.
    recent: Vec<u32>,
    /// Items that only their popularity speaks for, with their scores.
    popular: Vec<Recommended>,
}

impl Candidates {
    /// So far only the items of the history, with nothing that speaks for them: the first, in order.
    pub fn new(items: u32, recent: impl Iterator<Item = u32>) -> Candidates {
        let recent: Vec<u32> = recent.collect();
        let places = vec![0; items as usize];
        let mut candidates = Candidates { places, list: Vec::with_capacity(256), recent, popular: Vec::new() };
        for place in 0..candidates.recent.len() {
            if let Some(item) = candidates.recent.get(place).copied() {
                candidates.entry(item);
            }
        }
        candidates
    }

    /// The place of an item among the candidates, if it is one.
    pub fn place(&self, item: u32) -> Option<usize> {
        self.places.get(item as usize).and_then(|place| (*place as usize).checked_sub(1))
    }

    fn entry(&mut self, item: u32) -> Option<&mut Candidate> {
        let place = self.places.get_mut(item as usize)?;
        if *place == 0 {
            self.list.push(Candidate { item, shares: [0.0; RECENT], is_excluded: false });
            *place = u32::try_from(self.list.len()).ok()?;
        }
        self.list.get_mut((*place as usize).checked_sub(1)?)
    }

    /// Adds to the score of an item, because of the item of the history at this place.
    pub fn add(&mut self, item: u32, amount: f64, because: usize) {
        let share = self.entry(item).and_then(|candidate| candidate.shares.get_mut(because));
        if let Some(share) = share {
            *share += amount;
        }
    }

    /// Sets the score of the current item, because of itself.
    pub fn set_current(&mut self, score: f64) {
        if let Some(candidate) = self.recent.first().copied().and_then(|current| self.entry(current)) {
            candidate.shares = [0.0; RECENT];
            if let Some(own) = candidate.shares.first_mut() {
                *own = score;
            }
        }
    }

    /// Keeps an item off the list.
    pub fn exclude(&mut self, item: u32) {
        if let Some(candidate) = self.entry(item) {
            candidate.is_excluded = true;
        }
    }

    /// Multiplies all scores so that they sum to this. False where nothing speaks for any.
    pub fn scale(&mut self, sum: f64) -> bool {
        let all: f64 = self.list.iter().map(Candidate::score).sum();
        if all <= 0.0 {
            return false;
        }
        let factor = sum / all;
        for candidate in &mut self.list {
            candidate.shares.iter_mut().for_each(|share| *share *= factor);
        }
        true
    }

    /// How many the list can have so far.
    pub fn len(&self) -> usize {
        self.list.iter().filter(|candidate| !candidate.is_excluded && candidate.score() > 0.0).count()
            + self.popular.len()
    }

    /// Puts an item on the list because it is popular, unless it is there, or is kept off. Whether it did.
    pub fn propose(&mut self, item: u32, score: f64) -> bool {
        let candidate = self.place(item).and_then(|place| self.list.get(place));
        let is_settled = candidate.is_some_and(|candidate| candidate.is_excluded || candidate.score() > 0.0);
        let is_proposed = self.popular.iter().any(|other| other.item == item);
        if is_settled || is_proposed {
            return false;
        }
        self.popular.push(Recommended { item, score, because: None });
        true
    }

    /// The list: at most `count`, by score, then popularity, then id.
    pub fn best(self, items: &Items<'_>, count: usize) -> Vec<Recommended> {
        let recent = &self.recent;
        let scored = self.list.iter().filter(|candidate| !candidate.is_excluded).map(|candidate| Recommended {
            item: candidate.item,
            score: candidate.score(),
            because: recent.get(candidate.because()).copied(),
        });
        let scored = scored.filter(|candidate| candidate.score > 0.0);
        let order = |one: &Recommended, other: &Recommended| -> Ordering {
            let rank = |number: u32| items.get(number).map_or((0, ""), |item| (item.popularity, item.id));
            other.score.total_cmp(&one.score).then_with(|| {
                let ((popularity, id), (of_other, other_id)) = (rank(one.item), rank(other.item));
                of_other.cmp(&popularity).then(id.cmp(other_id)).then(one.item.cmp(&other.item))
            })
        };
        // Few of many: each goes to its place among the best so far, and most are none of them.
        let mut best: Vec<Recommended> = Vec::new();
        for candidate in scored.chain(self.popular.iter().copied()) {
            let place = best.partition_point(|known| order(known, &candidate).is_lt());
            if place < count {
                best.insert(place, candidate);
                best.truncate(count);
            }
        }
        best
    }
}
