//! How much more it says that somebody saw a rare item.

use crate::items::Items;

/// How much more a rare item counts. Ludewig and Jannach (2018), lambda of the weighting by inverse frequency.
const RARITY: f64 = 5.0;

/// By item, what its score among neighbours is multiplied by.
#[derive(Clone, Debug)]
pub struct Rarity {
    /// Those of the first items. They take no more memory than the section of items has: all are known where an item has
    /// eight bytes there, and of a model of shorter items the last ones are computed where they are asked.
    known: Vec<f64>,
}

impl Rarity {
    /// Of these items.
    pub fn new(items: &Items<'_>) -> Rarity {
        let most = u32::try_from(items.size() / size_of::<f64>()).unwrap_or(u32::MAX);
        Rarity { known: (0..items.count().min(most)).map(|item| rarity(items, item)).collect() }
    }

    /// Of one of the items, from 1.
    pub fn of(&self, items: &Items<'_>, item: u32) -> f64 {
        self.known.get(item as usize).copied().unwrap_or_else(|| rarity(items, item))
    }
}

/// One, and more the fewer sessions an item was seen in.
fn rarity(items: &Items<'_>, item: u32) -> f64 {
    let all = f64::from(items.sessions().max(1));
    let seen = f64::from(items.popularity(item).unwrap_or(1).max(1));
    1.0 + RARITY * libm::log(all / seen).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::{Category, Item};
    use crate::repeats::Repeats;

    #[test]
    fn items_of_few_bytes_have_the_same_rarity_as_others() {
        let ids: Vec<String> = (0..400).map(|item| format!("{item:x}")).collect();
        let items: Vec<Item<'_>> = (0..400).rev().zip(&ids).map(|(popularity, id)| Item { id, popularity }).collect();
        let categories = [Category { name: "", size: 400 }];
        let items = Items::new(1_000, &categories, &items, &Repeats::even(400)).unwrap();
        let few = Rarity::new(&items);
        assert!(few.known.len() < 400, "{} of {} bytes", few.known.len(), items.size());
        for item in 0..400 {
            let expected = 1.0 + 5.0 * libm::log(1_000.0 / f64::from((399 - item).max(1)));
            assert_eq!(few.of(&items, item), expected, "{item}");
        }
    }
}
