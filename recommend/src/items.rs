//! The items of a model: their ids, their categories, and how many visitors saw each.
//!
//! Items are numbered from 0: by category, within a category the most popular first. So a category is a range of
//! numbers, and the numbers of what is seen together lie close, which makes the other sections small.
//!
//! They stay the bytes of their section. Beside them is, for every eighth item, where it stands: little more than one byte
//! an item, which itself has three at least.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::OnceLock;

use crate::bytes::{ByteReader, ByteWriter, prefix};
use crate::numbers::{Numbers, below_limit};
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
#[derive(Clone, Debug)]
pub struct Items<'a> {
    /// The section.
    bytes: Cow<'a, [u8]>,
    /// From how many sessions the model was learned.
    sessions: u32,
    count: u32,
    /// Where the categories stand.
    categories: Range<usize>,
    /// Where the shares of repetitions stand, up to the end.
    repeats: usize,
    /// Of every eighth item where its length stands, its id and its popularity, one after the other.
    places: Numbers,
    /// The numbers by id, when one has been looked for.
    by_id: OnceLock<Numbers>,
}

impl PartialEq for Items<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

/// Of so many items the place of one is kept. From there on they are passed one by one.
const EVERY: u32 = 8;
/// The least bytes of an item: its length, its popularity, and how often it comes again.
const LEAST: usize = 3;

impl<'a> Items<'a> {
    /// The items of these categories, in order, in each the most popular first. `None` where they are not in that order,
    /// not as many, or too many to number.
    pub fn new(
        sessions: u32,
        categories: &[Category<'_>],
        items: &[Item<'_>],
        repeats: &Repeats<'_>,
    ) -> Option<Items<'static>> {
        let mut writer = ByteWriter::default();
        writer.varint(sessions);
        writer.varint(u32::try_from(items.len()).ok()?);
        writer.varint(u32::try_from(categories.len()).ok()?);
        for category in categories {
            writer.text(category.name);
            writer.varint(category.size);
        }
        // What is alike stands together, for the compression of the transport.
        for item in items {
            writer.varint(u32::try_from(item.id.len()).ok()?);
        }
        items.iter().for_each(|item| writer.bytes(item.id.as_bytes()));
        items.iter().for_each(|item| writer.varint(item.popularity));
        repeats.write(&mut writer);
        if repeats.len() == items.len() { Items::open(Cow::Owned(writer.0)) } else { None }
    }

    /// The section of these bytes. `None` where they are none, or more than a model can number; what comes after is left
    /// unread.
    pub fn read(bytes: &'a [u8]) -> Option<Items<'a>> {
        Items::open(Cow::Borrowed(bytes))
    }

    fn open(bytes: Cow<'a, [u8]>) -> Option<Items<'a>> {
        let whole = &*bytes;
        let place = |reader: &ByteReader<'_>| whole.len().saturating_sub(reader.0.len());
        let mut reader = ByteReader(whole);
        let sessions = reader.varint()?;
        let count = reader.varint()?;
        let listed = reader.varint()?;
        let categories = place(&reader);
        let mut sizes = 0_u32;
        for _ in 0..listed {
            sizes = sizes.checked_add(category(&mut reader)?.size)?;
        }
        let categories = categories..place(&reader);
        // A large count alone takes no memory.
        if sizes != count || reader.0.len() / LEAST < count as usize {
            return None;
        }
        let mut lengths = reader;
        let all = (0..count).try_fold(0_usize, |sum, _| sum.checked_add(reader.varint()? as usize))?;
        let mut ids = ByteReader(reader.take(all)?);
        let ids_end = place(&reader);
        let mut places = Numbers::with_room(3 * count.div_ceil(EVERY) as usize);
        for item in 0..count {
            if item % EVERY == 0 {
                for at in [place(&lengths), ids_end.saturating_sub(ids.0.len()), place(&reader)] {
                    places.push(below_limit(at)?);
                }
            }
            std::str::from_utf8(ids.take(lengths.varint()? as usize)?).ok()?;
            reader.varint()?;
        }
        let repeats = place(&reader);
        Repeats::read(&mut reader, count as usize)?;
        let end = below_limit(place(&reader))? as usize;
        let bytes = prefix(bytes, end);
        let items = Items { bytes, sessions, count, categories, repeats, places, by_id: OnceLock::new() };
        let is_in_order = |category: Range<u32>| category.is_sorted_by_key(|item| Reverse(items.popularity(item)));
        let is_sound = items.categories().all(|(_, category)| is_in_order(category));
        is_sound.then_some(items)
    }

    /// The section, as [`Items::read`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        self.bytes.to_vec()
    }

    /// How many bytes the section has.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// From how many sessions the model was learned.
    pub fn sessions(&self) -> u32 {
        self.sessions
    }

    /// The item of this number.
    pub fn get(&self, number: u32) -> Option<Item<'_>> {
        let id = std::str::from_utf8(self.id(number)?).ok()?;
        Some(Item { id, popularity: self.popularity(number)? })
    }

    /// In how many sessions an item was seen.
    pub fn popularity(&self, number: u32) -> Option<u32> {
        let mut reader = self.from(number, 2)?;
        reader.skip(number % EVERY)?;
        reader.varint()
    }

    fn id(&self, number: u32) -> Option<&[u8]> {
        let (mut lengths, mut ids) = (self.from(number, 0)?, self.from(number, 1)?);
        for _ in 0..number % EVERY {
            ids.take(lengths.varint()? as usize)?;
        }
        ids.take(lengths.varint()? as usize)
    }

    /// Where the length of the eighth item before this one stands, its id or its popularity.
    fn from(&self, number: u32, part: usize) -> Option<ByteReader<'_>> {
        let known = (number < self.count).then_some((number / EVERY) as usize)?;
        self.bytes.get(self.places.get(3 * known + part)? as usize..).map(ByteReader)
    }

    /// The number of the item with this id. The first call sorts the ids; pages, which ask by number, never do.
    pub fn number(&self, id: &str) -> Option<u32> {
        let by_id = || Numbers::sorted(self.count, |one, other| self.id(one).cmp(&self.id(other)));
        let by_id = self.by_id.get_or_init(by_id);
        let place = by_id.search(|number| self.id(number).unwrap_or_default().cmp(id.as_bytes()))?;
        by_id.get(place)
    }

    /// The numbers of all items, the most popular first; of equal ones the lower id first. Each costs a look at every
    /// category.
    pub fn by_popularity(&self) -> impl Iterator<Item = u32> + '_ {
        let mut rest: Vec<(u32, Range<u32>)> = Vec::new();
        for (_, category) in self.categories() {
            rest.push((self.popularity(category.start).unwrap_or(0), category));
        }
        std::iter::from_fn(move || {
            let left = rest.iter_mut().filter(|(_, category)| !category.is_empty());
            let (popularity, category) = left.min_by(|(one, of_one), (other, of_other)| {
                other.cmp(one).then_with(|| self.id(of_one.start).cmp(&self.id(of_other.start)))
            })?;
            let item = category.next();
            *popularity = self.popularity(category.start).unwrap_or(0);
            item
        })
    }

    /// The items of the same category as this one, the most popular first. Empty where the site gave no categories.
    pub fn category(&self, number: u32) -> Range<u32> {
        let named = self.category_of(number).filter(|(category, _)| !category.name.is_empty());
        named.map_or(0..0, |(_, items)| items)
    }

    /// The name of an item's category: empty where the site gave none. `None` where there is no such item.
    pub fn category_name(&self, number: u32) -> Option<&str> {
        self.category_of(number).map(|(category, _)| category.name)
    }

    /// All categories, each with the numbers of its items.
    pub fn categories(&self) -> impl Iterator<Item = (Category<'_>, Range<u32>)> {
        let mut reader = ByteReader(self.bytes.get(self.categories.clone()).unwrap_or_default());
        let categories = std::iter::from_fn(move || category(&mut reader));
        categories.scan(0_u32, |start, category| {
            let end = start.saturating_add(category.size);
            Some((category, std::mem::replace(start, end)..end))
        })
    }

    fn category_of(&self, number: u32) -> Option<(Category<'_>, Range<u32>)> {
        self.categories().find(|(_, items)| items.contains(&number))
    }

    /// How many times as likely the current item, the last of the history, comes next as another: [`Repeats::odds`].
    pub fn repeat_odds(&self, history: &[u32]) -> f64 {
        let mut reader = ByteReader(self.bytes.get(self.repeats..).unwrap_or_default());
        Repeats::read(&mut reader, self.count as usize).map_or(0.0, |repeats| repeats.odds(history))
    }
}

/// The next category.
fn category<'a>(reader: &mut ByteReader<'a>) -> Option<Category<'a>> {
    Some(Category { name: reader.text()?, size: reader.varint()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Items<'static> {
        let item = |id, popularity| Item { id, popularity };
        let items = vec![item("b-2", 9), item("b-1", 4), item("tent é", 12), item("x", 4)];
        let category = |name, size| Category { name, size };
        let categories = vec![category("boots", 2), category("tents", 1), category("", 1)];
        Items::new(30, &categories, &items, &Repeats::even(4)).unwrap()
    }

    #[test]
    fn items_have_numbers_and_numbers_have_items() {
        let items = items();
        for (number, id) in [(0, "b-2"), (1, "b-1"), (2, "tent é"), (3, "x")] {
            assert_eq!(items.number(id), Some(number));
            assert_eq!(items.get(number).map(|item| item.id), Some(id));
        }
        assert_eq!((items.number("b-3"), items.get(4)), (None, None));
        let by_popularity: Vec<u32> = items.by_popularity().collect();
        assert_eq!(by_popularity, [2, 0, 1, 3], "of equally popular ones the lower id comes first");
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
        let categories = [Category { name: "boots", size: 2 }];
        let items = [Item { id: "a", popularity: 1 }];
        assert_eq!(Items::new(1, &categories, &items, &Repeats::even(1)), None);
    }

    #[test]
    fn a_category_that_does_not_begin_with_its_most_popular_item_is_refused() {
        let categories = [Category { name: "boots", size: 2 }, Category { name: "", size: 1 }];
        let of = |popularities: [u32; 3]| {
            let items = popularities.map(|popularity| Item { id: "a", popularity });
            Items::new(9, &categories, &items, &Repeats::even(3)).is_some()
        };
        assert!(of([2, 2, 9]) && of([2, 1, 0]));
        assert!(!of([1, 2, 0]));
    }
}
