//! The items of a model: their ids, their categories, and how many visitors saw each.
//!
//! Items are numbered from 0: by category, within a category the most popular first. So a category is a range of
//! numbers, and the numbers of what is seen together lie close, which makes the other sections small.

use std::ops::Range;

use crate::bytes::{ByteReader, ByteWriter};
use crate::ordering::sorted;
use crate::repeats::Repeats;

/// One item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// As the site knows it.
    pub id: &'a str,
    /// In how many sessions it was seen.
    pub popularity: u32,
}

/// A category: its name, empty where the site gave none, and how many items it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category<'a> {
    /// As the site knows it.
    pub name: &'a str,
    /// How many items it has.
    pub size: u32,
}

/// The items of a model, by number.
#[derive(Clone, Debug, PartialEq)]
pub struct Items<'a> {
    /// From how many sessions the model was learned.
    sessions: u32,
    categories: Vec<Category<'a>>,
    items: Vec<Item<'a>>,
    repeats: Repeats,
    /// The numbers by id, to find one.
    by_id: Vec<u32>,
    /// The numbers, the most popular first; of equal ones the lower id first.
    by_popularity: Vec<u32>,
}

impl<'a> Items<'a> {
    /// The items of these categories, in order. `None` where they are not as many, or too many to number.
    pub fn new(
        sessions: u32,
        categories: Vec<Category<'a>>,
        items: Vec<Item<'a>>,
        repeats: Repeats,
    ) -> Option<Items<'a>> {
        let count = u32::try_from(items.len()).ok()?;
        let sizes = categories.iter().try_fold(0_u32, |sum, category| sum.checked_add(category.size))?;
        if sizes != count || repeats.len() != items.len() {
            return None;
        }
        let order = |number: &u32| items.get(*number as usize).copied().unwrap_or(Item { id: "", popularity: 0 });
        let by_id = sorted(count, &|one, other| order(one).id.cmp(order(other).id));
        let by_popularity = sorted(count, &|one, other| {
            let (one, other) = (order(one), order(other));
            other.popularity.cmp(&one.popularity).then(one.id.cmp(other.id))
        });
        Some(Items { sessions, categories, items, repeats, by_id, by_popularity })
    }

    /// The section of these bytes. `None` where they are none; what comes after is left unread.
    pub fn read(bytes: &'a [u8]) -> Option<Items<'a>> {
        let mut reader = ByteReader(bytes);
        let sessions = reader.varint()?;
        let count = reader.varint()?;
        // Each category and each item takes a byte at least, so that a large count alone takes no memory.
        let mut categories = Vec::new();
        for _ in 0..reader.varint()? {
            let length = reader.varint()? as usize;
            let name = std::str::from_utf8(reader.take(length)?).ok()?;
            categories.push(Category { name, size: reader.varint()? });
        }
        let lengths = varints(&mut reader, count)?;
        let mut ids = Vec::with_capacity(lengths.len());
        for length in lengths {
            ids.push(std::str::from_utf8(reader.take(length as usize)?).ok()?);
        }
        let popularities = varints(&mut reader, count)?;
        let items = ids.into_iter().zip(popularities).map(|(id, popularity)| Item { id, popularity }).collect();
        let repeats = Repeats::read(&mut reader, count as usize)?;
        Items::new(sessions, categories, items, repeats)
    }

    /// The section, as [`Items::read`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        writer.varint(self.sessions);
        writer.varint(self.count());
        writer.varint(u32::try_from(self.categories.len()).unwrap_or(u32::MAX));
        for category in &self.categories {
            writer.varint(length(category.name));
            writer.bytes(category.name.as_bytes());
            writer.varint(category.size);
        }
        // What is alike stands together, for the compression of the transport.
        self.items.iter().for_each(|item| writer.varint(length(item.id)));
        self.items.iter().for_each(|item| writer.bytes(item.id.as_bytes()));
        self.items.iter().for_each(|item| writer.varint(item.popularity));
        self.repeats.write(&mut writer);
        writer.0
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    /// From how many sessions the model was learned.
    pub fn sessions(&self) -> u32 {
        self.sessions
    }

    /// The item of this number.
    pub fn get(&self, number: u32) -> Option<Item<'a>> {
        self.items.get(number as usize).copied()
    }

    /// The number of the item with this id.
    pub fn number(&self, id: &str) -> Option<u32> {
        let order = |number: &u32| self.get(*number).map_or("", |item| item.id).cmp(id);
        let place = self.by_id.binary_search_by(order).ok()?;
        self.by_id.get(place).copied()
    }

    /// The numbers of all items, the most popular first; of equal ones the lower id first.
    pub fn by_popularity(&self) -> &[u32] {
        &self.by_popularity
    }

    /// The items of the same category as this one, the most popular first. Empty where the site gave no categories.
    pub fn category(&self, number: u32) -> Range<u32> {
        let named = self.category_of(number).filter(|(category, _)| !category.name.is_empty());
        named.map_or(0..0, |(_, items)| items)
    }

    /// The name of an item's category: empty where the site gave none. `None` where there is no such item.
    pub fn category_name(&self, number: u32) -> Option<&'a str> {
        self.category_of(number).map(|(category, _)| category.name)
    }

    /// All categories, each with the numbers of its items.
    pub fn categories(&self) -> impl Iterator<Item = (Category<'a>, Range<u32>)> + '_ {
        self.categories.iter().scan(0_u32, |start, category| {
            let end = start.saturating_add(category.size);
            Some((*category, std::mem::replace(start, end)..end))
        })
    }

    fn category_of(&self, number: u32) -> Option<(Category<'a>, Range<u32>)> {
        self.categories().find(|(_, items)| items.contains(&number))
    }

    /// How likely visitors look at the same item again.
    pub fn repeats(&self) -> &Repeats {
        &self.repeats
    }
}

/// So many numbers.
fn varints(reader: &mut ByteReader<'_>, count: u32) -> Option<Vec<u32>> {
    let mut numbers = Vec::new();
    for _ in 0..count {
        numbers.push(reader.varint()?);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Items<'static> {
        let item = |id, popularity| Item { id, popularity };
        let items = vec![item("b-2", 9), item("b-1", 4), item("tent é", 12), item("x", 4)];
        let category = |name, size| Category { name, size };
        let categories = vec![category("boots", 2), category("tents", 1), category("", 1)];
        Items::new(30, categories, items, Repeats::even(4)).unwrap()
    }

    #[test]
    fn items_have_numbers_and_numbers_have_items() {
        let items = items();
        for (number, id) in [(0, "b-2"), (1, "b-1"), (2, "tent é"), (3, "x")] {
            assert_eq!(items.number(id), Some(number));
            assert_eq!(items.get(number).map(|item| item.id), Some(id));
        }
        assert_eq!((items.number("b-3"), items.get(4)), (None, None));
        assert_eq!(items.by_popularity(), [2, 0, 1, 3], "of equally popular ones the lower id comes first");
    }

    #[test]
    fn a_category_is_a_range_and_no_category_is_none() {
        let items = items();
        assert_eq!([0, 1, 2, 3, 4].map(|item| items.category(item)), [0..2, 0..2, 2..3, 0..0, 0..0]);
        let names = [0, 1, 2, 3, 4].map(|item| items.category_name(item));
        assert_eq!(names, [Some("boots"), Some("boots"), Some("tents"), Some(""), None]);
    }

    #[test]
    fn a_section_comes_back_and_a_shorter_one_is_none() {
        let items = items();
        let bytes = items.encode();
        assert_eq!(Items::read(&bytes).as_ref(), Some(&items));
        for length in 0..bytes.len() {
            assert_eq!(Items::read(&bytes[..length]), None, "{length} of {} bytes", bytes.len());
        }
    }

    #[test]
    fn categories_that_do_not_add_up_are_refused() {
        let categories = vec![Category { name: "boots", size: 2 }];
        let items = vec![Item { id: "a", popularity: 1 }];
        assert_eq!(Items::new(1, categories, items, Repeats::even(1)), None);
    }
}
