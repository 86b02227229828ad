//! The sessions of each two items.

use super::Walk;

/// How many sessions of pairs are listed at most, in all: 64 MB. Of 103,747 sessions of 484,226 items there are 1.6
/// million.
const MOST: usize = 16_000_000;

/// The sessions that two items were seen in. Most of what is asked about sets of items is about two, and to list the
/// sessions of all pairs takes a tenth of the time of searching them pair by pair.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// By the lower item, as far as there is room.
    by_item: Vec<OfItem>,
}

/// The sessions of one item and each higher one.
#[derive(Clone, Debug, Default)]
struct OfItem {
    /// The other items, ascending, and where the sessions of each end.
    ends: Vec<(u32, usize)>,
    /// One item after the other, of each ascending.
    sessions: Vec<u32>,
}

impl Pairs {
    /// Of sessions, and of those of each item.
    pub fn of(of_items: &[Vec<u32>], walks: &[Walk]) -> Pairs {
        Pairs::at_most(MOST, of_items, walks)
    }

    fn at_most(most: usize, of_items: &[Vec<u32>], walks: &[Walk]) -> Pairs {
        let mut room = most;
        let mut by_item = Vec::new();
        for (item, of_item) in (0..).zip(of_items) {
            let walks = || of_item.iter().filter_map(|session| Some((*session, walks.get(*session as usize)?)));
            let higher = walks().flat_map(|(session, walk)| {
                walk.seen.iter().filter(|other| **other > item).map(move |other| (*other, session))
            });
            let Some(left) = room.checked_sub(higher.clone().count()) else { break };
            room = left;
            let mut pairs: Vec<(u32, u32)> = higher.collect();
            pairs.sort_unstable();
            by_item.push(OfItem::of(&pairs));
        }
        Pairs { by_item }
    }

    /// The sessions of two different items, ascending; `None` where they are not listed.
    pub fn of_pair(&self, one: u32, other: u32) -> Option<&[u32]> {
        self.by_item.get(one.min(other) as usize).map(|of_item| of_item.with(one.max(other)))
    }
}

impl OfItem {
    /// Of the other item and the session, ascending.
    fn of(pairs: &[(u32, u32)]) -> OfItem {
        let mut of_item = OfItem::default();
        for of_pair in pairs.chunk_by(|one, other| one.0 == other.0) {
            of_item.sessions.extend(of_pair.iter().map(|(_, session)| *session));
            of_item.ends.extend(of_pair.first().map(|(other, _)| (*other, of_item.sessions.len())));
        }
        of_item
    }

    fn with(&self, other: u32) -> &[u32] {
        let place = self.ends.partition_point(|(item, _)| *item < other);
        match self.ends.get(place) {
            Some((item, end)) if *item == other => {
                let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
                self.sessions.get(start..*end).unwrap_or_default()
            }
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_listed_in_any_order_of_their_items_and_as_far_as_there_is_room() {
        let seen = [&[2, 0][..], &[0, 1, 2], &[1], &[3, 2, 0]];
        let walks = seen.map(|seen| Walk { visitor: 0, age: 0, seen: seen.to_vec() });
        let of_items = [vec![0, 1, 3], vec![1, 2], vec![0, 1, 3], vec![3]];
        let (all, few) = (Pairs::of(&of_items, &walks), Pairs::at_most(5, &of_items, &walks));
        for (one, other, sessions, why) in [
            (0, 2, &[0, 1, 3][..], "in three"),
            (2, 0, &[0, 1, 3], "the other way round"),
            (1, 0, &[1], "in one, and between others"),
            (3, 0, &[3], "the last one"),
            (1, 3, &[], "in none"),
        ] {
            assert_eq!(all.of_pair(one, other), Some(sessions), "{why}");
        }
        // The pairs of 0 are five, and that of 1 and 2 has no room.
        assert_eq!((few.of_pair(3, 0), few.of_pair(1, 2)), (Some(&[3][..]), None));
    }
}
