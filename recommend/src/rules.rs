//! Rules: after this item, that one. Few kilobytes, and enough for lists on their own.
//!
//! There are two lists for each item: what visitors looked at next, and what was bought together with it. Weights are
//! levels, each half the one before, relative to the strongest of a list.
//!
//! Source: Ludewig and Jannach (2018), "Evaluation of session-based recommendation algorithms", section 3.2.3
//! (sequential rules).

use crate::bytes::{ByteReader, ByteWriter};

/// The lowest level that is kept: an eighth of the strongest. What is weaker is a fifth of the section, and hits nothing.
const LAST_LEVEL: u8 = 3;

/// One rule of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// What follows.
    pub item: u32,
    /// Its weight, from 0 to 1. Those of one list sum to one.
    pub weight: f32,
    level: u8,
}

/// One list of rules for each item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists {
    /// Where each list begins; one more than there are items.
    starts: Vec<u32>,
    /// Of each list by item.
    rules: Vec<Rule>,
}

impl Lists {
    /// The lists of weights by item, each weight above 0, at most `longest` of each. What is below the last level is
    /// left out, as is an item from `lists.len()` on.
    pub fn new(lists: &[Vec<(u32, f64)>], longest: usize) -> Lists {
        let mut made = Lists { starts: vec![0], rules: Vec::new() };
        for list in lists {
            let mut list: Vec<(u32, f64)> =
                list.iter().copied().filter(|(item, _)| (*item as usize) < lists.len()).collect();
            list.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            list.truncate(longest);
            let strongest = list.first().map_or(1.0, |(_, weight)| *weight);
            let mut levels: Vec<(u32, u8)> =
                list.iter().filter_map(|(item, weight)| Some((*item, level(weight / strongest)?))).collect();
            levels.sort_by_key(|(item, _)| *item);
            levels.dedup_by_key(|(item, _)| *item);
            made.push(&levels);
        }
        made
    }

    /// Adds the list of the next item.
    fn push(&mut self, levels: &[(u32, u8)]) {
        let sum: f32 = levels.iter().map(|(_, level)| weight(*level)).sum();
        self.rules.extend(levels.iter().map(|(item, level)| Rule {
            item: *item,
            weight: weight(*level) / sum,
            level: *level,
        }));
        self.starts.push(u32::try_from(self.rules.len()).unwrap_or(u32::MAX));
    }

    /// The rules of an item, by item. Empty where it has none.
    pub fn of(&self, item: u32) -> &[Rule] {
        let place = item as usize;
        let bounds = self.starts.get(place).zip(self.starts.get(place.saturating_add(1)));
        bounds.and_then(|(start, end)| self.rules.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// For how many items.
    fn items(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn write(&self, writer: &mut ByteWriter) {
        let lists = || (0..self.items()).map(|item| self.of(item));
        lists().for_each(|list| writer.varint(u32::try_from(list.len()).unwrap_or(u32::MAX)));
        for list in lists() {
            let mut least = 0;
            for rule in list {
                writer.varint(rule.item.saturating_sub(least));
                least = rule.item.saturating_add(1);
            }
        }
        self.rules.iter().for_each(|rule| writer.byte(rule.level));
    }

    fn read(reader: &mut ByteReader<'_>, items: u32) -> Option<Lists> {
        let mut lengths = Vec::new();
        for _ in 0..items {
            lengths.push(reader.varint()?);
        }
        let mut lists: Vec<Vec<(u32, u8)>> = Vec::new();
        for length in lengths {
            let mut list = Vec::new();
            let mut least = 0_u32;
            for _ in 0..length {
                let item = least.checked_add(reader.varint()?).filter(|item| *item < items)?;
                list.push((item, 0));
                least = item.saturating_add(1);
            }
            lists.push(list);
        }
        let mut made = Lists { starts: vec![0], rules: Vec::new() };
        for mut list in lists {
            for (_, level) in &mut list {
                *level = reader.byte().filter(|level| *level <= LAST_LEVEL)?;
            }
            made.push(&list);
        }
        Some(made)
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
    1.0 / f32::from(1_u16.checked_shl(u32::from(level)).unwrap_or(u16::MAX))
}

/// The rules of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// What visitors looked at next.
    pub next: Lists,
    /// What was bought together. Empty where nothing is known of purchases.
    pub together: Lists,
}

impl Rules {
    /// The section of these bytes. `None` where they are none; what comes after is left unread.
    pub fn read(bytes: &[u8]) -> Option<Rules> {
        let mut reader = ByteReader(bytes);
        let items = reader.varint()?;
        let next = Lists::read(&mut reader, items)?;
        let together = if reader.byte()? == 0 { Lists::default() } else { Lists::read(&mut reader, items)? };
        Some(Rules { next, together })
    }

    /// The section, as [`Rules::read`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        writer.varint(self.items());
        self.next.write(&mut writer);
        writer.byte(u8::from(!self.together.is_empty()));
        if !self.together.is_empty() {
            self.together.write(&mut writer);
        }
        writer.0
    }

    /// For how many items they are.
    pub fn items(&self) -> u32 {
        self.next.items()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_halvings_of_the_strongest_that_sum_to_one() {
        let lists = Lists::new(&[vec![(2, 8.0), (1, 3.9), (0, 0.6)], vec![], vec![(9, 1.0)]], 10);
        let found: Vec<(u32, f32)> = lists.of(0).iter().map(|rule| (rule.item, rule.weight)).collect();
        // 1 and 1/2; the third is below every level.
        assert_eq!(found, [(1, 1.0 / 3.0), (2, 2.0 / 3.0)]);
        assert_eq!((lists.of(1), lists.of(2), lists.of(3)), (&[][..], &[][..], &[][..]), "9 is no item");
    }

    #[test]
    fn the_strongest_of_a_list_stay() {
        let lists = Lists::new(&[vec![(0, 1.0), (1, 5.0), (2, 3.0)], vec![], vec![]], 2);
        assert_eq!(lists.of(0).iter().map(|rule| rule.item).collect::<Vec<_>>(), [1, 2]);
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
