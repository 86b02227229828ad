//! Rules: after this item, that one. Few kilobytes, and enough for lists on their own.
//!
//! There are two lists for each item: what visitors looked at next, and what was bought together with it. Weights are
//! levels, each half the one before, relative to the strongest of a list.
//!
//! Source: Ludewig and Jannach (2018), "Evaluation of session-based recommendation algorithms", section 3.2.3
//! (sequential rules).

use std::borrow::Cow;

use crate::bytes::{ByteReader, ByteWriter, prefix};
use crate::numbers::{Numbers, below_limit};

/// The lowest level that is kept: an eighth of the strongest. What is weaker is a fifth of the section, and hits nothing.
const LAST_LEVEL: u8 = 3;
/// The weight of each level, of the strongest.
const WEIGHTS: [f32; 4] = [1.0, 0.5, 0.25, 0.125];

/// One rule of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// What follows.
    pub item: u32,
    /// Its weight, from 0 to 1. Those of one list sum to one.
    pub weight: f32,
}

/// One list of rules for each item.
///
/// They stay the bytes of their section; beside them is, for every second item, where its list stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists<'a> {
    /// How long each list is, a byte each; the items of all rules; and their levels, a byte each.
    bytes: Cow<'a, [u8]>,
    items: u32,
    /// How many rules there are: the last bytes are their levels.
    count: usize,
    /// Of every second item where its rules begin among the bytes, and how many rules there are before it.
    places: Numbers,
}

/// Of so many items the place of one is kept: three bytes an item, which has one at least. From there on lists are passed
/// one by one.
const EVERY: u32 = 2;
/// The most rules of an item: from there on a length would have a second byte.
const MOST_RULES: u8 = 0x7f;

impl<'a> Lists<'a> {
    /// The lists of weights by item, each weight above 0, at most `longest` of each and at most 127. What is below the
    /// last level is left out, as is an item from `lists.len()` on. Empty where they are more than a model can hold.
    pub fn new(lists: &[Vec<(u32, f64)>], longest: usize) -> Lists<'static> {
        let (mut lengths, mut items, mut levels) =
            (ByteWriter::default(), ByteWriter::default(), ByteWriter::default());
        for list in lists {
            let mut list: Vec<(u32, f64)> =
                list.iter().copied().filter(|(item, _)| (*item as usize) < lists.len()).collect();
            list.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            list.truncate(longest.min(usize::from(MOST_RULES)));
            let strongest = list.first().map_or(1.0, |(_, weight)| *weight);
            let mut rules: Vec<(u32, u8)> =
                list.iter().filter_map(|(item, weight)| Some((*item, level(weight / strongest)?))).collect();
            rules.sort_by_key(|(item, _)| *item);
            rules.dedup_by_key(|(item, _)| *item);
            lengths.byte(u8::try_from(rules.len()).unwrap_or_default());
            let mut least = 0;
            for (item, level) in rules {
                items.varint(item.saturating_sub(least));
                least = item.saturating_add(1);
                levels.byte(level);
            }
        }
        let bytes = [lengths.0, items.0, levels.0].concat();
        u32::try_from(lists.len()).ok().and_then(|items| Lists::open(Cow::Owned(bytes), items)).unwrap_or_default()
    }

    /// The lists at the beginning of these bytes.
    fn open(bytes: Cow<'a, [u8]>, items: u32) -> Option<Lists<'a>> {
        let (lengths, rest) = bytes.split_at_checked(items as usize)?;
        let mut reader = ByteReader(rest);
        let mut places = Numbers::with_room(2 * items.div_ceil(EVERY) as usize);
        let mut count = 0_usize;
        for (item, length) in (0_u32..).zip(lengths) {
            if item % EVERY == 0 {
                places.push(below_limit(bytes.len() - reader.0.len())?);
                places.push(below_limit(count)?);
            }
            let length = Some(*length).filter(|length| *length <= MOST_RULES)?;
            let mut least = 0_u32;
            for _ in 0..length {
                let item = least.checked_add(reader.varint()?).filter(|item| *item < items)?;
                least = item.saturating_add(1);
            }
            count += usize::from(length);
        }
        let is_sound = reader.take(count)?.iter().all(|level| *level <= LAST_LEVEL);
        let end = bytes.len() - reader.0.len();
        is_sound.then(|| Lists { bytes: prefix(bytes, end), items, count, places })
    }

    /// The rules of an item, by item. None where it has none.
    pub fn of(&self, item: u32) -> impl Iterator<Item = Rule> + Clone + '_ {
        self.find(item).unwrap_or_default()
    }

    fn find(&self, item: u32) -> Option<RulesOf<'_>> {
        let length = |item: u32| self.bytes.get(item as usize).copied();
        let known = (item < self.items).then_some((item / EVERY) as usize)?;
        let (place, mut before) = (self.places.get(2 * known)?, self.places.get(2 * known + 1)? as usize);
        let mut rules = ByteReader(self.bytes.get(place as usize..)?);
        for earlier in item - item % EVERY..item {
            let length = length(earlier)?;
            before += usize::from(length);
            rules.skip(length.into())?;
        }
        let levels = self.bytes.get(self.bytes.len().checked_sub(self.count)?..)?;
        let levels = levels.get(before..)?.get(..length(item)?.into())?;
        Some(RulesOf { items: rules, least: 0, levels, sum: levels.iter().map(|level| weight(*level)).sum() })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The rules of an item that are still to come.
#[derive(Clone, Default)]
struct RulesOf<'a> {
    items: ByteReader<'a>,
    /// The lowest item that the next rule can be of.
    least: u32,
    /// A level for each.
    levels: &'a [u8],
    /// Of the weights of all levels of the list.
    sum: f32,
}

impl Iterator for RulesOf<'_> {
    type Item = Rule;

    fn next(&mut self) -> Option<Rule> {
        let (level, rest) = self.levels.split_first()?;
        self.levels = rest;
        let item = self.least.checked_add(self.items.varint()?)?;
        self.least = item.saturating_add(1);
        Some(Rule { item, weight: weight(*level) / self.sum })
    }
}

/// How many times the strongest weight is halved to this share of it. `None` where it is too small, or no share.
fn level(share: f64) -> Option<u8> {
    let mut half = 1.0;
    for level in 0..=LAST_LEVEL {
        // Halfway between two levels, of their logarithms.
        if share > half * std::f64::consts::FRAC_1_SQRT_2 {
            return Some(level);
        }
        half /= 2.0;
    }
    None
}

/// The weight of a level.
fn weight(level: u8) -> f32 {
    WEIGHTS.get(usize::from(level)).copied().unwrap_or_default()
}

/// The rules of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules<'a> {
    /// What visitors looked at next.
    pub next: Lists<'a>,
    /// What was bought together. Empty where nothing is known of purchases.
    pub together: Lists<'a>,
}

impl<'a> Rules<'a> {
    /// The section of these bytes. `None` where they are none, or more than a model can hold; what comes after is left
    /// unread.
    pub fn read(bytes: &'a [u8]) -> Option<Rules<'a>> {
        let mut reader = ByteReader(bytes);
        let items = reader.varint()?;
        let next = Lists::open(Cow::Borrowed(reader.0), items)?;
        reader.take(next.bytes.len())?;
        let has_together = reader.byte()? > 0;
        let together = if has_together { Lists::open(Cow::Borrowed(reader.0), items)? } else { Lists::default() };
        Some(Rules { next, together })
    }

    /// The section, as [`Rules::read`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        writer.varint(self.items());
        writer.bytes(&self.next.bytes);
        writer.byte(u8::from(!self.together.is_empty()));
        if !self.together.is_empty() {
            writer.bytes(&self.together.bytes);
        }
        writer.0
    }

    /// For how many items they are.
    pub fn items(&self) -> u32 {
        self.next.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_halvings_of_the_strongest_that_sum_to_one() {
        let lists = Lists::new(&[vec![(2, 8.0), (1, 3.9), (0, 0.6)], vec![], vec![(9, 1.0)]], 10);
        let found: Vec<(u32, f32)> = lists.of(0).map(|rule| (rule.item, rule.weight)).collect();
        // 1 and 1/2; the third is below every level.
        assert_eq!(found, [(1, 1.0 / 3.0), (2, 2.0 / 3.0)]);
        assert_eq!([1, 2, 3].map(|item| lists.of(item).count()), [0; 3], "9 is no item");
    }

    #[test]
    fn the_strongest_of_a_list_stay() {
        let lists = Lists::new(&[vec![(0, 1.0), (1, 5.0), (2, 3.0)], vec![], vec![]], 2);
        assert_eq!(lists.of(0).map(|rule| rule.item).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_section_comes_back_and_a_shorter_one_is_none() {
        let next = Lists::new(&[vec![(1, 1.0), (2, 0.2)], vec![(0, 5.0)], vec![]], 10);
        let together = Lists::new(&[vec![], vec![(2, 1.0)], vec![(1, 1.0)]], 10);
        for rules in [Rules { next: next.clone(), together: Lists::default() }, Rules { next, together }] {
            let bytes = rules.encode();
            assert_eq!(Rules::read(&bytes).as_ref(), Some(&rules));
            for length in 0..bytes.len() {
                assert_eq!(Rules::read(&bytes[..length]), None, "{length} of {} bytes", bytes.len());
            }
        }
    }
}
