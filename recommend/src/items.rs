//! The items of a model: their ids, their categories, and how many visitors saw each.
//!
//! Items are numbered from 0: by category, within a category the most popular first. So a category is a range of
//! numbers, and the numbers of what is seen together lie close, which makes the other sections small.
//!
//! They stay the bytes of their section. Beside them are two orders and, for every eighth item, where it stands: seven
//! bytes an item, which itself has three at least.

use std::borrow::Cow;
use std::ops::Range;

use crate::bytes::{ByteReader, ByteWriter};
use crate::numbers::{LIMIT, Numbers, below_limit};
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
    /// The numbers by id, to find one.
    by_id: Numbers,
    /// The numbers, the most popular first; of equal ones the lower id first.
    by_popularity: Numbers,
}

/// Of so many items the place of one is kept. From there on they are passed one by one.
const EVERY: u32 = 8;
/// The least bytes of an item: its length, its popularity, and how often it comes again.
const LEAST: usize = 3;

impl<'a> Items<'a> {
    /// The items of these categories, in order. `None` where they are not as many, or too many to number.
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
        for _ in 0..count {
            reader.varint()?;
        }
        let mut ids = reader;
        let mut starts: Vec<u32> = Vec::with_capacity(count as usize);
        let mut sizes = lengths;
        for _ in 0..count {
            starts.push(u32::try_from(place(&reader)).ok()?);
            std::str::from_utf8(reader.take(sizes.varint()? as usize)?).ok()?;
        }
        let by_id = {
            let id = |item: u32| {
                let (start, end) = (starts.get(item as usize), starts.get(item as usize + 1));
                let start = start.map_or(whole.len(), |start| *start as usize);
                whole.get(start..end.map_or(place(&reader), |end| *end as usize)).unwrap_or_default()
            };
            Numbers::sorted(count, &|one, other| id(one).cmp(id(other)))
        };
        // One of them at a time is there beside what is kept.
        drop(starts);
        let mut popularities = reader;
        let mut popular: Vec<u32> = vec![0; count as usize];
        for popularity in &mut popular {
            *popularity = reader.varint()?;
        }
        let repeats = place(&reader);
        Repeats::read(&mut reader, count as usize)?;
        let end = place(&reader);
        below_limit(end)?;
        let of = |item: u32| popular.get(item as usize).copied().unwrap_or_default();
        let by_popularity = most_popular(&by_id, &of);
        drop(popular);
        let mut places = Numbers::with_room(3 * count.div_ceil(EVERY) as usize);
        for item in 0..count {
            if item % EVERY == 0 {
                for reader in [&lengths, &ids, &popularities] {
                    places.push(below_limit(place(reader))?);
                }
            }
            ids.take(lengths.varint()? as usize)?;
            popularities.varint()?;
        }
        let bytes = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(..end)?),
            owned => owned,
        };
        Some(Items { bytes, sessions, count, categories, repeats, places, by_id, by_popularity })
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
        for _ in 0..number % EVERY {
            reader.varint()?;
        }
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

    /// The number of the item with this id.
    pub fn number(&self, id: &str) -> Option<u32> {
        let place = self.by_id.search(|number| self.id(number).unwrap_or_default().cmp(id.as_bytes()))?;
        self.by_id.get(place)
    }

    /// The numbers of all items, the most popular first; of equal ones the lower id first.
    pub fn by_popularity(&self) -> impl Iterator<Item = u32> + '_ {
        self.by_popularity.iter()
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

/// The numbers of all items, the most popular first; of equal ones that first which is first by its id.
fn most_popular(by_id: &Numbers, popularity: &dyn Fn(u32) -> u32) -> Numbers {
    let of = |place: u32| by_id.get(place as usize).map_or(0, popularity);
    let count = u32::try_from(by_id.len()).unwrap_or(LIMIT);
    let mut numbers = Numbers::sorted(count, &|one, other| of(other).cmp(&of(one)));
    for place in 0..numbers.len() {
        let number = numbers.get(place).and_then(|place| by_id.get(place as usize));
        numbers.set(place, number.unwrap_or_default());
    }
    numbers
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
        let categories = vec![Category { name: "boots", size: 2 }];
        let items = vec![Item { id: "a", popularity: 1 }];
        assert_eq!(Items::new(1, &categories, &items, &Repeats::even(1)), None);
    }
}
