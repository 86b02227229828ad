//! Lists of numbers below 2^24, of three bytes each: what is looked up in a model takes no more memory than four times
//! the model, and a number in four bytes would alone be that for many of its bytes.

use core::cmp::Ordering;

/// Above every number of such a list, and the most bytes of what they are places in.
pub const LIMIT: u32 = 1 << 24;

/// A list of numbers, each below [`LIMIT`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(Vec<[u8; 3]>);

impl Numbers {
    /// An empty list with room for so many: it takes no more memory as long as there are no more.
    pub fn with_room(count: usize) -> Numbers {
        Numbers(Vec::with_capacity(count))
    }

    /// So many zeros.
    pub fn zeros(count: usize) -> Numbers {
        Numbers(vec![[0; 3]; count])
    }

    /// The numbers below `count` in this order, of equals the lower first; of those below [`LIMIT`].
    pub fn sorted(count: u32, order: impl Fn(u32, u32) -> Ordering) -> Numbers {
        let mut numbers: Vec<u32> = (0..count.min(LIMIT)).collect();
        numbers.sort_by(|one, other| order(*one, *other));
        Numbers(numbers.into_iter().map(bytes).collect())
    }

    /// Adds a number; one that is not below [`LIMIT`] loses its highest bits.
    pub fn push(&mut self, number: u32) {
        self.0.push(bytes(number));
    }

    /// Sets the number at a place, if there is one.
    pub fn set(&mut self, place: usize, number: u32) {
        if let Some(entry) = self.0.get_mut(place) {
            *entry = bytes(number);
        }
    }

    /// The number at a place.
    pub fn get(&self, place: usize) -> Option<u32> {
        self.0.get(place).copied().map(number)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
        self.0.iter().copied().map(number)
    }

    /// So many from this place on; none where they are not there.
    pub fn slice(&self, place: usize, count: usize) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
        let slice = self.0.get(place..).and_then(|rest| rest.get(..count)).unwrap_or_default();
        slice.iter().copied().map(number)
    }

    /// The place of a number in a list that is sorted by this order; `order` compares a number of the list with it.
    pub fn search(&self, order: impl Fn(u32) -> Ordering) -> Option<usize> {
        self.0.binary_search_by(|entry| order(number(*entry))).ok()
    }
}

/// A number that such a list can hold; `None` where it is not below [`LIMIT`].
pub fn below_limit(number: usize) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number < LIMIT)
}

fn bytes(number: u32) -> [u8; 3] {
    let [low, middle, high, _] = number.to_le_bytes();
    [low, middle, high]
}

fn number([low, middle, high]: [u8; 3]) -> u32 {
    u32::from_le_bytes([low, middle, high, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut numbers = Numbers::zeros(1);
        [1, 255, 256, LIMIT - 1].into_iter().for_each(|number| numbers.push(number));
        numbers.set(0, 65_536);
        numbers.set(9, 3);
        assert_eq!(numbers.iter().collect::<Vec<_>>(), [65_536, 1, 255, 256, LIMIT - 1]);
        assert_eq!((numbers.get(4), numbers.get(5), numbers.len()), (Some(LIMIT - 1), None, 5));
        assert_eq!(numbers.slice(1, 2).collect::<Vec<_>>(), [1, 255]);
        assert_eq!((numbers.slice(4, 2).count(), numbers.slice(6, 1).count()), (0, 0), "they are not there");
    }

    #[test]
    fn equals_stay_in_their_order() {
        let odd_first = Numbers::sorted(5, |one, other| (other % 2).cmp(&(one % 2)));
        assert_eq!(odd_first.iter().collect::<Vec<_>>(), [1, 3, 0, 2, 4]);
        assert!(Numbers::sorted(0, |_, _| Ordering::Equal).is_empty());
    }

    #[test]
    fn a_number_is_found_by_its_order() {
        let downwards = Numbers::sorted(300, |one, other| other.cmp(&one));
        assert_eq!(downwards.search(|number| 40.cmp(&number)), Some(259));
        assert_eq!(downwards.search(|number| 300.cmp(&number)), None);
    }
}
