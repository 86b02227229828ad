//! An index of what was seen together: for each session its items, and for each item the sessions it was seen in.
//!
//! Of a session the set of its items is kept and its age in days: neither the order, nor the time, nor whose it was.
//! Sessions stand in order of age, those of a day in order of their items.

use std::ops::Range;

use crate::bytes::{ByteReader, ByteWriter};

/// The sessions of a model, by number, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Sessions {
    /// Of how many items the model is.
    items: u32,
    /// How many days before the last session each was.
    ages: Vec<u32>,
    /// Where the items of each session begin; one more than there are sessions.
    starts: Vec<u32>,
    /// The items of all sessions, of each ascending.
    seen: Vec<u32>,
    /// Where the sessions of each item begin; one more than there are items.
    posting_starts: Vec<u32>,
    /// The latest sessions of all items, of each ascending: the newest first.
    postings: Vec<u32>,
}

impl Sessions {
    /// The sessions of a model of so many items: of each its age in days and its items. Items that are none, and
    /// sessions without any, are left out.
    pub fn new(items: u32, sessions: impl IntoIterator<Item = (u32, Vec<u32>)>) -> Sessions {
        let mut sessions: Vec<(u32, Vec<u32>)> = sessions.into_iter().collect();
        for (_, seen) in &mut sessions {
            seen.retain(|item| *item < items);
            seen.sort_unstable();
            seen.dedup();
        }
        sessions.retain(|(_, seen)| !seen.is_empty());
        sessions.sort();
        let mut starts = vec![0];
        let (mut ages, mut all) = (Vec::new(), Vec::new());
        for (age, seen) in sessions {
            ages.push(age);
            all.extend(seen);
            starts.push(count(&all));
        }
        Sessions::of(items, ages, starts, all)
    }

    /// Adds the postings, by counting.
    fn of(items: u32, ages: Vec<u32>, starts: Vec<u32>, seen: Vec<u32>) -> Sessions {
        let mut posting_starts: Vec<u32> = vec![0; items as usize + 1];
        for item in &seen {
            if let Some(size) = posting_starts.get_mut(*item as usize + 1) {
                *size = LATEST.min(*size + 1);
            }
        }
        let mut sum = 0;
        for start in &mut posting_starts {
            sum += *start;
            *start = sum;
        }
        let mut next = posting_starts.clone();
        let mut postings = vec![0; sum as usize];
        let mut sessions = Sessions { items, ages, starts, seen, posting_starts, postings: Vec::new() };
        for session in 0..sessions.count() {
            for item in sessions.seen(session) {
                let (place, end) = (next.get_mut(*item as usize), sessions.posting_starts.get(*item as usize + 1));
                let Some((place, _)) = place.zip(end).filter(|(place, end)| **place < **end) else { continue };
                if let Some(posting) = postings.get_mut(*place as usize) {
                    *posting = session;
                }
                *place += 1;
            }
        }
        sessions.postings = postings;
        sessions
    }

    /// The section of these bytes. `None` where they are none; what comes after is left unread.
    pub fn read(bytes: &[u8]) -> Option<Sessions> {
        let mut reader = ByteReader(bytes);
        let items = reader.varint()?;
        // An item is worth at least a byte in the section of items, so that no index needs more of them than that.
        if items > MOST_ITEMS {
            return None;
        }
        let mut days: Vec<(u32, u32)> = Vec::new();
        let mut age = 0_u32;
        for _ in 0..reader.varint()? {
            age = age.checked_add(reader.varint()?)?;
            days.push((age, reader.varint()?));
        }
        // Lengths, first items and further items stand one after the other, and are read side by side.
        let sessions = days.iter().try_fold(0_u32, |sum, (_, sessions)| sum.checked_add(*sessions))?;
        let mut lengths = reader;
        let clicks = lengths_of(&mut reader, sessions)?;
        let mut firsts = reader;
        for _ in 0..sessions {
            reader.varint()?;
        }
        // As many bytes are there at least: one for each length, first item and further item.
        let further = clicks.checked_sub(sessions as usize).filter(|further| *further <= reader.0.len())?;
        let mut ages = Vec::with_capacity(sessions as usize);
        let mut starts = Vec::with_capacity(sessions as usize + 1);
        let mut seen = Vec::with_capacity(sessions as usize + further);
        starts.push(0);
        for (age, sessions) in days {
            let mut first = 0_u32;
            for _ in 0..sessions {
                ages.push(age);
                first = first.checked_add(firsts.varint()?).filter(|item| *item < items)?;
                seen.push(first);
                let mut least = first.saturating_add(1);
                for _ in 1..lengths.varint()? {
                    let item = least.checked_add(reader.varint()?).filter(|item| *item < items)?;
                    seen.push(item);
                    least = item.saturating_add(1);
                }
                starts.push(count(&seen));
            }
        }
        Some(Sessions::of(items, ages, starts, seen))
    }

    /// The section, as [`Sessions::read`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        writer.varint(self.items);
        let days: Vec<&[u32]> = self.ages.chunk_by(|one, other| one == other).collect();
        writer.varint(count(&days));
        let mut age_before = 0;
        for day in &days {
            let age = day.first().copied().unwrap_or(age_before);
            writer.varint(age.saturating_sub(age_before));
            writer.varint(count(day));
            age_before = age;
        }
        // What is alike stands together, for the compression of the transport: a fifth less than session by session.
        let all = || (0..self.count()).map(|session| self.seen(session));
        all().for_each(|seen| writer.varint(count(seen)));
        let (mut day_before, mut first) = (None, 0);
        for (seen, age) in all().zip(&self.ages) {
            let least = if day_before == Some(age) { first } else { 0 };
            first = seen.first().copied().unwrap_or(least);
            writer.varint(first.saturating_sub(least));
            day_before = Some(age);
        }
        for seen in all() {
            for pair in seen.windows(2) {
                if let [one, other] = pair {
                    writer.varint(other.saturating_sub(*one).saturating_sub(1));
                }
            }
        }
        writer.0
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        count(&self.ages)
    }

    /// Of how many items the model is.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// How many days before the last session each was, by session.
    pub fn ages(&self) -> &[u32] {
        &self.ages
    }

    /// The items of a session, ascending.
    pub fn seen(&self, session: u32) -> &[u32] {
        slice(&self.starts, &self.seen, session)
    }

    /// Those in which any of these items was seen, with all of their items. Of each of these items they are all of its
    /// sessions, in the same order.
    pub fn with_any_of(&self, items: &Range<u32>) -> Sessions {
        let with_any = (0..self.count()).zip(&self.ages).filter_map(|(session, age)| {
            let seen = self.seen(session);
            seen.iter().any(|item| items.contains(item)).then(|| (*age, seen.to_vec()))
        });
        Sessions::new(self.items, with_any)
    }

    /// The sessions an item was seen in, the newest first, and at most [`LATEST`].
    pub fn of_item(&self, item: u32) -> &[u32] {
        slice(&self.posting_starts, &self.postings, item)
    }
}

/// How many clicks sessions of these lengths have; `None` where one has none, or the lengths end.
fn lengths_of(reader: &mut ByteReader<'_>, sessions: u32) -> Option<usize> {
    let mut clicks = 0_usize;
    for _ in 0..sessions {
        clicks = clicks.checked_add(reader.varint().filter(|length| *length > 0)? as usize)?;
    }
    Some(clicks)
}

/// Of how many sessions of each item, the latest, neighbours are taken: of earlier ones an item does not know.
pub const LATEST: u32 = 100;
/// The most items an index may speak of, which bounds what reading one takes.
pub const MOST_ITEMS: u32 = 1 << 20;

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// The part of `all` that `starts` gives to a place.
fn slice<'a>(starts: &[u32], all: &'a [u32], place: u32) -> &'a [u32] {
    let place = place as usize;
    let bounds = starts.get(place).zip(starts.get(place.saturating_add(1)));
    bounds.and_then(|(start, end)| all.get(*start as usize..*end as usize)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> Sessions {
        Sessions::new(5, [(3, vec![4, 0]), (0, vec![1, 3, 1]), (0, vec![0, 1]), (3, vec![9]), (1, vec![2])])
    }

    #[test]
    fn the_newest_come_first_and_items_know_their_sessions() {
        let sessions = sessions();
        assert_eq!(sessions.ages(), [0, 0, 1, 3]);
        let seen: Vec<&[u32]> = (0..4).map(|session| sessions.seen(session)).collect();
        assert_eq!(seen, [&[0, 1][..], &[1, 3], &[2], &[0, 4]], "9 is no item");
        assert_eq!([0, 1, 4].map(|item| sessions.of_item(item)), [&[0, 3][..], &[0, 1], &[3]]);
        assert_eq!((sessions.seen(4), sessions.of_item(5)), (&[][..], &[][..]));
    }

    #[test]
    fn an_item_knows_its_latest_sessions() {
        let sessions = Sessions::new(2, (0..250).map(|age| (age, if age % 2 == 0 { vec![0, 1] } else { vec![0] })));
        let of_item = |item: u32| sessions.of_item(item).to_vec();
        assert_eq!(of_item(0), (0..100).collect::<Vec<_>>());
        assert_eq!(of_item(1), (0..200).step_by(2).collect::<Vec<_>>());
    }

    #[test]
    fn the_sessions_of_some_items_are_all_that_those_items_have() {
        let some = sessions().with_any_of(&(3..5));
        assert_eq!((some.items(), some.ages()), (5, &[0, 3][..]));
        assert_eq!([some.seen(0), some.seen(1)], [&[1, 3][..], &[0, 4]], "with the others that were seen in them");
        assert_eq!([3, 4].map(|item| some.of_item(item)), [&[0][..], &[1]]);
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
