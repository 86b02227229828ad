//! An index of what was seen together: for each session its items, and for each item the sessions it was seen in.
//!
//! Of a session the set of its items is kept and its age in days: neither the order, nor the time, nor whose it was.
//! Sessions stand in order of age, those of a day in order of their items.
//!
//! They stay the bytes of their section: a session of two items has three at least. Beside them are six bytes a session
//! and three a view, and so at most four times the section; and little more than one an item.

use std::borrow::Cow;
use std::ops::Range;

use crate::bytes::{ByteReader, ByteWriter, prefix};
use crate::numbers::{LIMIT, Numbers, below_limit};

/// The sessions of a model, by number, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sessions<'a> {
    /// The section.
    bytes: Cow<'a, [u8]>,
    /// Of how many items the model is.
    items: u32,
    /// Those with sessions, the latest first.
    days: Vec<Day>,
    /// The first item of each session.
    firsts: Numbers,
    /// Where the further items of each session begin among the bytes; they end where those of the next one do.
    further: Numbers,
    postings: Postings,
}

/// A day with sessions.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Day {
    /// The number of its first session.
    first: u32,
    /// How many days before the last session it was.
    age: u32,
}

impl<'a> Sessions<'a> {
    /// The sessions of a model of so many items: of each its age in days and its items. Items that are none, and
    /// sessions of fewer than two, are left out; the oldest too, where they are more than a model can hold. Empty where
    /// there are more than [`MOST_ITEMS`] items.
    pub fn new(items: u32, sessions: impl IntoIterator<Item = (u32, Vec<u32>)>) -> Sessions<'static> {
        let mut sessions: Vec<(u32, Vec<u32>)> = sessions.into_iter().collect();
        for (_, seen) in &mut sessions {
            seen.retain(|item| *item < items);
            seen.sort_unstable();
            seen.dedup();
        }
        sessions.retain(|(_, seen)| seen.len() > 1);
        sessions.sort();
        while !sessions.is_empty() {
            if let Some(sessions) = Sessions::open(Cow::Owned(encode(items, &sessions))) {
                return sessions;
            }
            sessions.truncate(sessions.len() / 2);
        }
        Sessions::open(Cow::Owned(encode(items, &[]))).unwrap_or_default()
    }

    /// The section of these bytes. `None` where they are none, or more than a model can hold; what comes after is left
    /// unread. For each item that it claims to be of, up to [`MOST_ITEMS`], it takes two bytes, whatever the length of
    /// the section.
    pub fn read(bytes: &'a [u8]) -> Option<Sessions<'a>> {
        Sessions::open(Cow::Borrowed(bytes))
    }

    fn open(bytes: Cow<'a, [u8]>) -> Option<Sessions<'a>> {
        let whole = &*bytes;
        let place = |reader: &ByteReader<'_>| whole.len().saturating_sub(reader.0.len());
        let mut reader = ByteReader(whole);
        let items = reader.varint().filter(|items| *items <= MOST_ITEMS)?;
        let listed = reader.varint()?;
        let mut days = reader;
        let (mut age, mut count, mut with_sessions) = (0_u32, 0_u32, 0);
        for _ in 0..listed {
            age = age.checked_add(reader.varint()?)?;
            let sessions = reader.varint()?;
            count = count.checked_add(sessions)?;
            with_sessions += usize::from(sessions > 0);
        }
        // A large count alone takes no memory.
        if reader.0.len() / LEAST < count as usize {
            return None;
        }
        // Lengths, first items and further items stand one after the other, and are read side by side.
        let mut lengths = reader;
        reader.skip(count)?;
        let mut firsts = reader;
        reader.skip(count)?;
        let mut sizes: Vec<u8> = vec![0; items as usize];
        let mut count_view = |item: u32| {
            if let Some(size) = sizes.get_mut(item as usize) {
                *size = size.saturating_add(1).min(LATEST);
            }
        };
        let mut read = Sessions {
            bytes: Cow::Borrowed(&[]),
            items,
            days: Vec::with_capacity(with_sessions),
            firsts: Numbers::with_room(count as usize),
            further: Numbers::with_room(count as usize + 1),
            postings: Postings::default(),
        };
        age = 0;
        for _ in 0..listed {
            age = age.checked_add(days.varint()?)?;
            let sessions = days.varint()?;
            if sessions > 0 {
                read.days.push(Day { first: read.count(), age });
            }
            let mut lowest = 0_u32;
            for _ in 0..sessions {
                lowest = lowest.checked_add(firsts.varint()?).filter(|item| *item < items)?;
                read.firsts.push(lowest);
                read.further.push(below_limit(place(&reader))?);
                let length = lengths.varint().filter(|length| *length > 1)?;
                let mut item = lowest;
                count_view(item);
                for _ in 1..length {
                    item = item.checked_add(1)?.checked_add(reader.varint()?).filter(|item| *item < items)?;
                    count_view(item);
                }
            }
        }
        let end = place(&reader);
        read.further.push(below_limit(end)?);
        read.bytes = prefix(bytes, end);
        read.postings = Postings::new(&read, sizes);
        Some(read)
    }

    /// The section, as [`Sessions::read`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        self.bytes.to_vec()
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.firsts.len()).unwrap_or(LIMIT)
    }

    /// Of how many items the model is.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// How many days before the last session this one was.
    pub fn age(&self, session: u32) -> Option<u32> {
        let day = self.days.partition_point(|day| day.first <= session).checked_sub(1)?;
        self.days.get(day).filter(|_| session < self.count()).map(|day| day.age)
    }

    /// The items of a session, ascending.
    pub fn seen(&self, session: u32) -> Seen<'_> {
        let place = session as usize;
        let further = self.further.get(place).zip(self.further.get(place.saturating_add(1)));
        let further = further.and_then(|(start, end)| self.bytes.get(start as usize..end as usize));
        Seen { next: self.firsts.get(place), further: ByteReader(further.unwrap_or_default()) }
    }

    /// Those in which any of these items was seen, with all of their items. Of each of these items they are all of its
    /// sessions, in the same order.
    pub fn with_any_of(&self, items: &Range<u32>) -> Sessions<'static> {
        let with_any = (0..self.count()).filter_map(|session| {
            let seen: Vec<u32> = self.seen(session).collect();
            seen.iter().any(|item| items.contains(item)).then_some((self.age(session)?, seen))
        });
        Sessions::new(self.items, with_any)
    }

    /// The sessions an item was seen in, the newest first, and at most [`LATEST`].
    pub fn of_item(&self, item: u32) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
        let (start, size) = self.postings.place(item).unwrap_or_default();
        self.postings.sessions.slice(start as usize, size.into())
    }
}

/// The items of a session that are still to come.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    next: Option<u32>,
    /// How many items lie between each further one and that before it.
    further: ByteReader<'a>,
}

impl Iterator for Seen<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        let item = self.next?;
        self.next = self.further.varint().and_then(|between| item.checked_add(1)?.checked_add(between));
        Some(item)
    }
}

/// Of how many sessions of each item, the latest, neighbours are taken: of earlier ones an item does not know.
pub const LATEST: u8 = 100;
/// The most items an index may speak of, which bounds what reading one takes.
pub const MOST_ITEMS: u32 = 1 << 20;
/// The least bytes of a session: how many items it has, the first one, and another.
const LEAST: usize = 3;
/// Of so many items the place of one is kept. From there on sizes are added.
const EVERY: u32 = 16;

/// The latest sessions of all items.
#[derive(Clone, Debug, Default, PartialEq)]
struct Postings {
    /// How many each item has.
    sizes: Vec<u8>,
    /// Of every sixteenth item where they begin.
    starts: Numbers,
    /// Of each item ascending: the newest first.
    sessions: Numbers,
}

impl Postings {
    /// Those of these sessions. `sizes` has for each item how often it was seen, at most [`LATEST`].
    fn new(sessions: &Sessions<'_>, sizes: Vec<u8>) -> Postings {
        let mut starts = Numbers::with_room(sizes.len().div_ceil(EVERY as usize));
        let mut sum = 0_u32;
        for sizes in sizes.chunks(EVERY as usize) {
            starts.push(sum);
            sum = sizes.iter().fold(sum, |sum, size| sum.saturating_add(u32::from(*size)));
        }
        let mut missing = sizes.clone();
        let mut made = Postings { sizes, starts, sessions: Numbers::zeros(sum as usize) };
        for session in 0..sessions.count() {
            for item in sessions.seen(session) {
                let Some((start, size)) = made.place(item) else { continue };
                let Some(missing) = missing.get_mut(item as usize).filter(|missing| **missing > 0) else { continue };
                made.sessions.set(start as usize + usize::from(size.saturating_sub(*missing)), session);
                *missing -= 1;
            }
        }
        made
    }

    /// Where the sessions of an item begin, and how many there are.
    fn place(&self, item: u32) -> Option<(u32, u8)> {
        let size = *self.sizes.get(item as usize)?;
        let start = self.starts.get((item / EVERY) as usize)?;
        let before = self.sizes.get((item - item % EVERY) as usize..item as usize)?;
        Some((before.iter().fold(start, |start, size| start.saturating_add(u32::from(*size))), size))
    }
}

/// The section of these sessions of so many items, which are in the order of their ages and then their items.
fn encode(items: u32, sessions: &[(u32, Vec<u32>)]) -> Vec<u8> {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut writer = ByteWriter::default();
    let days = || sessions.chunk_by(|(age, _), (other, _)| age == other);
    writer.varint(items);
    writer.varint(count(days().count()));
    let mut age_before = 0;
    for day in days() {
        let age = day.first().map_or(age_before, |(age, _)| *age);
        writer.varint(age.saturating_sub(age_before));
        writer.varint(count(day.len()));
        age_before = age;
    }
    // What is alike stands together, for the compression of the transport: a fifth less than session by session.
    sessions.iter().for_each(|(_, seen)| writer.varint(count(seen.len())));
    for day in days() {
        let mut before = 0;
        for first in day.iter().filter_map(|(_, seen)| seen.first()) {
            writer.varint(first.saturating_sub(before));
            before = *first;
        }
    }
    for (_, seen) in sessions {
        for pair in seen.windows(2) {
            if let [one, other] = pair {
                writer.varint(other.saturating_sub(*one).saturating_sub(1));
            }
        }
    }
    writer.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> Sessions<'static> {
        Sessions::new(
            5,
            [(3, vec![4, 0]), (0, vec![1, 3, 1]), (0, vec![0, 1]), (3, vec![9]), (1, vec![3, 4]), (2, vec![2])],
        )
    }

    fn ages(sessions: &Sessions<'_>) -> Vec<u32> {
        (0..sessions.count()).map_while(|session| sessions.age(session)).collect()
    }

    fn seen(sessions: &Sessions<'_>) -> Vec<Vec<u32>> {
        (0..sessions.count()).map(|session| sessions.seen(session).collect()).collect()
    }

    #[test]
    fn the_newest_come_first_and_items_know_their_sessions() {
        let sessions = sessions();
        assert_eq!(ages(&sessions), [0, 0, 1, 3]);
        assert_eq!(seen(&sessions), [[0, 1], [1, 3], [3, 4], [0, 4]], "9 is no item, and one item says nothing");
        let of_item = |item: u32| sessions.of_item(item).collect::<Vec<_>>();
        assert_eq!([0, 1, 4].map(of_item), [[0, 3], [0, 1], [2, 3]]);
        assert_eq!((sessions.seen(4).count(), sessions.age(4), of_item(2), of_item(5)), (0, None, vec![], vec![]));
    }

    #[test]
    fn an_item_knows_its_latest_sessions() {
        let of = |age: u32| if age.is_multiple_of(2) { vec![0, 20, 30] } else { vec![0, 30] };
        let sessions = Sessions::new(31, (0..250).map(|age| (age, of(age))));
        let of_item = |item: u32| sessions.of_item(item).collect::<Vec<_>>();
        assert_eq!(of_item(0), (0..100).collect::<Vec<_>>());
        assert_eq!(of_item(20), (0..200).step_by(2).collect::<Vec<_>>());
        assert_eq!(of_item(30), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn the_sessions_of_some_items_are_all_that_those_items_have() {
        let some = Sessions::new(5, [(3, vec![4, 0]), (0, vec![1, 3]), (0, vec![0, 1])]).with_any_of(&(3..5));
        assert_eq!((some.items(), ages(&some)), (5, vec![0, 3]));
        assert_eq!(seen(&some), [[1, 3], [0, 4]], "with the others that were seen in them");
        assert_eq!([3, 4].map(|item| some.of_item(item).collect::<Vec<_>>()), [[0], [1]]);
    }

    #[test]
    fn what_is_no_section_is_refused_before_it_takes_memory() {
        for (bytes, why) in [
            (&[5, 1, 0, 1, 1, 0][..], "a session of one item"),
            (&[5, 1, 0, 1, 2, 4, 0], "its second item is none"),
            (&[5, 1, 0, 1, 2, 5, 0], "nor is its first"),
            (&[0x81, 0x80, 0x40, 0], "more items than an index may speak of"),
            (&[5, 1, 0, 0xff, 0xff, 0xff, 0x7f, 2, 0, 0], "more sessions than there are bytes"),
        ] {
            assert_eq!(Sessions::read(bytes), None, "{why}");
        }
        assert_eq!(Sessions::read(&[5, 1, 0, 1, 2, 3, 0]).map(|sessions| seen(&sessions)), Some(vec![vec![3, 4]]));
    }

    #[test]
    fn a_section_comes_back_and_a_shorter_one_is_none() {
        let sessions = sessions();
        let bytes = sessions.encode();
        assert_eq!(Sessions::read(&bytes).as_ref(), Some(&sessions));
        for length in 0..bytes.len() {
            assert_eq!(Sessions::read(&bytes[..length]), None, "{length} of {} bytes", bytes.len());
        }
    }
}
