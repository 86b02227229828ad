//! What enough visitors have in common: sets of items that so many saw in a session.

mod pairs;

use std::borrow::Cow;
use std::collections::BTreeMap;

use pairs::Pairs;

/// A session in numbers of items.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whose.
    pub visitor: u64,
    /// How many days before the last day of all.
    pub age: u32,
    /// Its different items in the order of their last views.
    pub seen: Vec<u32>,
}

/// Which sessions each item was seen in, and how many visitors make a thing common.
#[derive(Clone, Debug)]
pub struct Common {
    support: usize,
    /// By session, whose it was.
    visitors: Vec<u64>,
    /// By item, ascending.
    sessions: Vec<Vec<u32>>,
    pairs: Pairs,
}

/// From how many sessions on a set of items is looked up rather than searched once more. Of fewer it is searched in no
/// time, and there are many of them.
const WORTH_KNOWING: usize = 64;

/// The sessions of sets of items, ascending, that took long to find: popular items meet in many sessions, and each of
/// them asks. `None` where a set is not common.
type Known = BTreeMap<Vec<u32>, Option<Vec<u32>>>;

/// A set of items, and the sessions that all of them were seen in.
struct Part<'a> {
    items: Vec<u32>,
    sessions: Cow<'a, [u32]>,
}

impl Common {
    /// Of these sessions.
    pub fn of(items: u32, walks: &[Walk], support: usize) -> Common {
        let mut sessions: Vec<Vec<u32>> = vec![Vec::new(); items as usize];
        for (session, walk) in (0..).zip(walks) {
            for item in &walk.seen {
                if let Some(list) = sessions.get_mut(*item as usize) {
                    list.push(session);
                }
            }
        }
        let pairs = Pairs::of(&sessions, walks);
        Common { support, visitors: walks.iter().map(|walk| walk.visitor).collect(), sessions, pairs }
    }

    /// The sessions for the index: of each its age, and the items of a part of it that is common. Sessions of one item
    /// say nothing.
    pub fn sessions(&self, walks: &[Walk]) -> Vec<(u32, Vec<u32>)> {
        let mut known = Known::new();
        let parts = walks.iter().flat_map(|walk| {
            let parts = if self.support <= 1 { vec![walk.seen.clone()] } else { self.parts(&walk.seen, &mut known) };
            parts.into_iter().filter(|items| items.len() > 1).map(|items| (walk.age, items))
        });
        parts.collect()
    }

    /// The parts of a session that are common. They are as large as they get by adding its items one after the other,
    /// and each item that has not become part of an earlier one begins another.
    fn parts(&self, seen: &[u32], known: &mut Known) -> Vec<Vec<u32>> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for (place, item) in seen.iter().enumerate() {
            let mut is_placed = false;
            for part in &mut parts {
                is_placed |= self.join(part, *item, known);
            }
            if !is_placed {
                let mut part = Part { items: vec![*item], sessions: Cow::Borrowed(self.of_item(*item)) };
                for earlier in seen.get(..place).unwrap_or_default().iter().rev() {
                    self.join(&mut part, *earlier, known);
                }
                parts.push(part);
            }
        }
        parts.into_iter().map(|part| part.items).collect()
    }

    /// Adds an item to a part, if the part stays common. Whether it did.
    fn join<'a>(&'a self, part: &mut Part<'a>, item: u32, known: &mut Known) -> bool {
        let sessions = self.common_sessions(part, item, known);
        let is_common = sessions.is_some();
        if let Some(sessions) = sessions {
            part.items.push(item);
            part.sessions = sessions;
        }
        is_common
    }

    /// The sessions of a part and an item, if they are common.
    fn common_sessions<'a>(&'a self, part: &Part<'a>, item: u32, known: &mut Known) -> Option<Cow<'a, [u32]>> {
        let of_pair = part.items.first().and_then(|first| self.pairs.of_pair(*first, item));
        if let ([_], Some(sessions)) = (part.items.as_slice(), of_pair) {
            return Some(Cow::Borrowed(sessions)).filter(|sessions| self.is_common(sessions));
        }
        // Whatever part and item were seen in, the first item of the part was seen in too.
        let of_item = of_pair.unwrap_or_else(|| self.of_item(item));
        let find = || Some(both(&part.sessions, of_item)).filter(|sessions| self.is_common(sessions));
        if part.sessions.len().min(of_item.len()) < WORTH_KNOWING {
            return find().map(Cow::Owned);
        }
        let mut items = part.items.clone();
        items.push(item);
        items.sort_unstable();
        known.entry(items).or_insert_with(find).clone().map(Cow::Owned)
    }

    fn is_common(&self, sessions: &[u32]) -> bool {
        // Support is small, and mostly reached by the first few.
        let mut visitors: Vec<u64> = Vec::new();
        for session in sessions {
            if visitors.len() >= self.support {
                break;
            }
            if let Some(visitor) = self.visitors.get(*session as usize)
                && !visitors.contains(visitor)
            {
                visitors.push(*visitor);
            }
        }
        visitors.len() >= self.support
    }

    fn of_item(&self, item: u32) -> &[u32] {
        self.sessions.get(item as usize).map_or(&[], Vec::as_slice)
    }
}

/// What is in both of two ascending lists.
fn both(one: &[u32], other: &[u32]) -> Vec<u32> {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.iter().filter(|session| long.binary_search(session).is_ok()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(visitor: u64, seen: &[u32]) -> Walk {
        Walk { visitor, age: 0, seen: seen.to_vec() }
    }

    #[test]
    fn a_session_is_taken_apart_into_what_enough_visitors_saw() {
        let walks = [walk(0, &[0, 1, 2]), walk(1, &[0, 1]), walk(2, &[2, 1]), walk(3, &[3, 0])];
        let common = Common::of(4, &walks, 2);
        let parts: Vec<Vec<u32>> = common.sessions(&walks).into_iter().map(|(_, items)| items).collect();
        assert_eq!(parts, [&[0, 1][..], &[2, 1], &[0, 1], &[2, 1]], "0 and 2, and 3 with any, are one visitor's");
    }

    #[test]
    fn what_popular_items_have_in_common_is_the_same_for_the_first_session_and_the_last() {
        // 1,000 times the same four sessions: all items are popular, and 3 is seen with 2 alone.
        let four = [&[0, 1, 2][..], &[2, 1, 0], &[2, 3], &[3, 2]];
        let walks: Vec<Walk> = (0..1000).flat_map(|round| four.map(|seen| walk(round, seen))).collect();
        let sessions = Common::of(4, &walks, 5).sessions(&walks);
        assert_eq!(sessions.len(), 4000);
        for four_sessions in sessions.chunks(4) {
            let items: Vec<&[u32]> = four_sessions.iter().map(|(_, items)| items.as_slice()).collect();
            assert_eq!(items, four);
        }
    }

    #[test]
    fn the_same_visitor_twice_is_one_visitor() {
        let walks = [walk(7, &[0, 1]), walk(7, &[1, 0])];
        assert_eq!(Common::of(2, &walks, 2).sessions(&walks), []);
        assert_eq!(Common::of(2, &walks, 1).sessions(&walks).len(), 2);
    }
}
