//! What sessions have in common, counted: all that a model of items is made of.
//!
//! Weights are whole numbers, so that sums do not depend on the order of what is added.

/// The counts. Items are numbered by their places in `items`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted<'a> {
    /// From how many visits.
    pub visits: u32,
    /// The items that enough visitors saw, in any order; no id twice.
    pub items: Vec<CountedItem<'a>>,
    /// What was looked at after each item: of each pair the sum over all its steps of [`EIGHTHS`] times the
    /// [`recency_weight`] of the day.
    pub rules: Vec<CountedPair>,
    /// How often an item was looked at right after another one.
    pub next: Vec<CountedPair>,
    /// In how many visits two items were bought together; each pair in both directions.
    pub together: Vec<CountedPair>,
    /// How often the next item was the current one again.
    pub repeats: Cases,
    /// The same by situation, as [`crate::repeats::situation`] numbers them.
    pub situations: Vec<(usize, Cases)>,
    /// The same by current item.
    pub item_repeats: Vec<(u32, Cases)>,
    /// Visits for the index of sessions.
    pub sessions: Vec<CountedSession>,
}

/// One item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedItem<'a> {
    /// As the site knows it.
    pub id: &'a str,
    /// Its category; empty where there is none.
    pub category: &'a str,
    /// In how many visits it was seen.
    pub visits: u32,
}

/// A pair of items that enough visitors have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedPair {
    /// The item.
    pub item: u32,
    /// The one that came after it, or with it.
    pub other: u32,
    /// How often, or with which weight.
    pub count: u64,
}

/// Views that another one followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// How many there are.
    pub all: u64,
    /// How many of them were followed by the same item.
    pub again: u64,
}

/// One visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedSession {
    /// Whose: the same number for the same visitor.
    pub visitor: u64,
    /// How many days before the last day of all.
    pub age: u32,
    /// Its different items in the order of their last views.
    pub seen: Vec<u32>,
}

/// How much a view counts in a rule that comes one step after another one, and two steps: their cubes' inverse, in
/// eighths.
// Found as the figures of the recommender were, see there.
pub const EIGHTHS: [u64; 2] = [8, 1];
/// In how many days the weight of what was seen falls to 1/e, in rules.
const RULE_DAYS: f64 = 5.0;
/// What a view of the last day weighs.
const WEIGHT_OF_TODAY: f64 = 1_048_576.0;

/// What a view weighs in a rule, so many days before the last day: from 2^20 down to 0, from 73 days on.
pub fn recency_weight(age: u32) -> u64 {
    let weight = WEIGHT_OF_TODAY * libm::exp(-f64::from(age) / RULE_DAYS);
    // The cast saturates.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^20")]
    let weight = libm::floor(weight + 0.5) as u64;
    weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_of_a_view_falls_to_1_e_in_five_days_and_to_nothing_in_73() {
        assert_eq!([0, 5, 72, 73, u32::MAX].map(recency_weight), [1 << 20, 385_750, 1, 0, 0]);
    }
}
