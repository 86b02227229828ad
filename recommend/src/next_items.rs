//! How likely a visitor who looks at an item looks at another one next, as a probability: by it pages are loaded ahead.
//!
//! [`Rules`](crate::rules::Rules) rank: their weights compare the rules of one item, of up to two steps and the more the
//! later. Here is the probability of the very next item, where it is large enough for a page to be worth loading.

use crate::bytes::{ByteReader, ByteWriter};
use crate::repeats::share;

/// The least probability that is kept. Pages are loaded ahead from 0.15 on, unless a site says otherwise.
pub const LEAST: f64 = 0.05;
/// The most items after one: more cannot be as likely.
const MOST: u32 = 20;

/// The section of kind [`NextItems`](crate::model_file::Kind::NextItems). It is read where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextItems<'a> {
    items: u32,
    /// The lists of all items, one after the other.
    lists: &'a [u8],
}

/// An item that may come next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextItem {
    /// Its number.
    pub item: u32,
    /// The probability that it is the next one, above 0 and below 1.
    pub probability: f64,
}

impl<'a> NextItems<'a> {
    /// The section of these bytes; `None` where they are none. What comes after is left unread.
    pub fn read(bytes: &'a [u8]) -> Option<NextItems<'a>> {
        let mut reader = ByteReader(bytes);
        let items = reader.varint()?;
        let lists = reader.0;
        for _ in 0..items {
            let is_known = list(&mut reader)?.iter().all(|next| next.item < items);
            is_known.then_some(())?;
        }
        Some(NextItems { items, lists })
    }

    /// For how many items.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// What may come after an item, by number. Empty where nothing is likely enough, and after what is no item.
    pub fn after(&self, item: u32) -> Vec<NextItem> {
        let mut lists = ByteReader(self.lists);
        let lists = (0..self.items).map_while(|_| list(&mut lists));
        lists.zip(0..).find(|(_, of)| *of == item).map(|(list, _)| list).unwrap_or_default()
    }
}

/// The list of the next item.
fn list(reader: &mut ByteReader<'_>) -> Option<Vec<NextItem>> {
    let length = reader.varint().filter(|length| *length <= MOST)?;
    let mut list = Vec::new();
    let mut least = 0_u32;
    for _ in 0..length {
        let item = least.checked_add(reader.varint()?)?;
        let share = reader.byte().filter(|share| *share > 0)?;
        list.push(NextItem { item, probability: f64::from(share) / 256.0 });
        least = item.saturating_add(1);
    }
    Some(list)
}

/// The section of these lists, one for each item: what may come next, by number, with its probability. What is less
/// likely than [`LEAST`] is left out.
pub fn encode(lists: &[Vec<(u32, f64)>]) -> Vec<u8> {
    let mut writer = ByteWriter::default();
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    writer.varint(count(lists.len()));
    for list in lists {
        let likely: Vec<&(u32, f64)> = list.iter().filter(|(_, probability)| *probability >= LEAST).collect();
        writer.varint(count(likely.len()));
        let mut least = 0;
        for (item, probability) in likely {
            writer.varint(item.saturating_sub(least));
            writer.byte(share(*probability));
            least = item.saturating_add(1);
        }
    }
    writer.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> Vec<Vec<(u32, f64)>> {
        vec![vec![(1, 0.5), (2, 0.04), (3, 0.25)], vec![], vec![], vec![(0, 0.125)]]
    }

    #[test]
    fn what_is_likely_enough_comes_back() {
        let bytes = encode(&lists());
        let next = NextItems::read(&bytes).unwrap();
        let after = |item: u32| next.after(item).iter().map(|next| (next.item, next.probability)).collect::<Vec<_>>();
        assert_eq!(after(0), [(1, 0.5), (3, 0.25)], "one in twenty-five is not");
        assert_eq!((after(1), after(3)), (vec![], vec![(0, 0.125)]));
        assert_eq!((next.items(), after(4), after(u32::MAX)), (4, vec![], vec![]));
    }

    #[test]
    fn a_shorter_section_is_none_and_so_is_one_that_names_other_items() {
        let bytes = encode(&lists());
        for length in 0..bytes.len() {
            assert_eq!(NextItems::read(&bytes[..length]), None, "{length} of {} bytes", bytes.len());
        }
        let mut other = lists();
        other[1] = vec![(4, 0.5)];
        assert_eq!(NextItems::read(&encode(&other)), None, "there are four items, from 0");
        assert_eq!(NextItems::read(&[1, 1, 0, 0]), None, "a share of nothing");
        assert_eq!(NextItems::read(&[1, 21]), None, "more items than can be as likely");
    }
}
