//! Which items the visitor looked at and bought last: what recommendations go by. Kept only where the site recommends.

use crate::codec::Codec;
use crate::signal::event::{Event, Tag, name};
use crate::time::{DAY, Timestamp};
use crate::value::{Object, Value};

/// The most views that are kept.
pub const VIEWED: usize = 24;
/// The most items bought that are kept.
pub const BOUGHT: usize = 64;
/// The most tags of a view that are kept.
const TAGS: usize = 8;
/// The dimension by which an item is forgotten: `forget("item:b-7")`.
const ITEM: &str = "item";

/// The visitor's latest views and purchases of items.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ItemHistory {
    /// The latest last; an item may be there several times.
    viewed: Vec<Viewed>,
    /// Ids, the latest last, each once.
    bought: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct Viewed {
    id: String,
    at: Timestamp,
    /// What the item is, so that it can be forgotten together with an interest.
    tags: Vec<Tag>,
}

impl ItemHistory {
    /// Whether events of this name change it.
    pub fn counts(event: &str) -> bool {
        [name::VIEW_ITEM, name::PURCHASE].contains(&event)
    }

    /// Applies one event. A view counts where it is of one item: of several nobody knows which was looked at.
    pub fn fold(&mut self, event: &Event, at: Timestamp) {
        match (event.name.as_str(), event.items.as_slice()) {
            (name::VIEW_ITEM, [item]) => {
                let tags = item.tags.iter().take(TAGS).cloned().collect();
                self.insert(Viewed { id: item.id.clone(), at, tags });
            }
            (name::PURCHASE, items) => items.iter().for_each(|item| self.buy(&item.id)),
            _ => {}
        }
    }

    /// Tabs report late: views are in the order of their times.
    fn insert(&mut self, view: Viewed) {
        let index = self.viewed.partition_point(|known| known.at <= view.at);
        self.viewed.insert(index, view);
        let surplus = self.viewed.len().saturating_sub(VIEWED);
        self.viewed.drain(..surplus);
    }

    fn buy(&mut self, id: &str) {
        self.bought.retain(|known| known != id);
        self.bought.push(id.to_owned());
        let surplus = self.bought.len().saturating_sub(BOUGHT);
        self.bought.drain(..surplus);
    }

    /// The items that were looked at, the latest last; one that was looked at twice is there twice.
    pub fn viewed(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.viewed.iter().map(|view| view.id.as_str())
    }

    /// What an item is that was looked at; nothing of others.
    pub fn tags(&self, id: &str) -> &[Tag] {
        let view = self.viewed.iter().rfind(|view| view.id == id);
        view.map_or(&[], |view| view.tags.as_slice())
    }

    /// The items that were bought, the latest last.
    pub fn bought(&self) -> impl Iterator<Item = &str> {
        self.bought.iter().map(String::as_str)
    }

    /// Forgets an item, or the views of all items with a tag.
    pub fn forget(&mut self, dimension: &str, key: &str) {
        let is_it = |view: &Viewed| {
            let tagged = view.tags.iter().any(|tag| tag.dimension == dimension && tag.key == key);
            tagged || dimension == ITEM && view.id == key
        };
        self.viewed.retain(|view| !is_it(view));
        self.bought.retain(|id| dimension != ITEM || id != key);
    }

    /// Drops views that lie so many milliseconds before `now`.
    pub fn drop_older(&mut self, now: Timestamp, ms: i64) {
        // What lies more than a day ahead was recorded under a wrong clock.
        self.viewed.retain(|view| (-DAY..=ms).contains(&now.since(view.at)));
    }

    /// Adds what another device knows of the same visitor.
    pub fn merge(&mut self, other: &ItemHistory) {
        other.viewed.iter().for_each(|view| self.insert(view.clone()));
        let own = core::mem::take(&mut self.bought);
        other.bought.iter().chain(&own).for_each(|id| self.buy(id));
    }

    /// `{viewed: [{item, at}], bought: [id]}`, for the visitor to read.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn readable(&self) -> Object {
        let view = |view: &Viewed| Object::new().with("item", view.id.as_str()).with("at", view.at.ms() as f64);
        let viewed: Value = self.viewed.iter().map(view).collect();
        Object::new().with("viewed", viewed).with("bought", self.bought.clone())
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(VIEWED, &mut self.viewed, |codec, view| {
            codec.text(&mut view.id);
            codec.time(&mut view.at);
            codec.list(TAGS, &mut view.tags, |codec, tag| {
                codec.text(&mut tag.dimension);
                codec.text(&mut tag.key);
            });
        });
        codec.list(BOUGHT, &mut self.bought, Codec::text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::signal::event::Item;
    use proptest::prelude::*;

    fn event(name: &str, ids: &[&str]) -> Event {
        let item = |id: &&str| Item { id: (*id).to_owned(), tags: vec![Tag::new("category", id)], ..Item::default() };
        Event { name: name.to_owned(), items: ids.iter().map(item).collect(), ..Event::default() }
    }

    fn viewed(views: &[(&str, i64)]) -> ItemHistory {
        let mut history = ItemHistory::default();
        for (id, at) in views {
            history.fold(&event("view_item", &[id]), Timestamp::from_ms(*at));
        }
        history
    }

    fn ids(history: &ItemHistory) -> Vec<&str> {
        history.viewed().collect()
    }

    #[test]
    fn views_are_in_the_order_of_their_times_and_repeat() {
        assert_eq!(ids(&viewed(&[("b", 2), ("a", 1), ("b", 3)])), ["a", "b", "b"]);
        let mut history = viewed(&[("a", 1)]);
        history.fold(&event("view_item", &["x", "y"]), Timestamp::from_ms(2));
        history.fold(&event("add_to_cart", &["x"]), Timestamp::from_ms(3));
        assert_eq!(ids(&history), ["a"], "a list of items is no view of one, and a basket none at all");
    }

    #[test]
    fn what_was_bought_is_known_until_it_is_forgotten() {
        let mut history = ItemHistory::default();
        history.fold(&event("purchase", &["a", "b"]), Timestamp::from_ms(1));
        assert_eq!(history.bought().collect::<Vec<_>>(), ["a", "b"]);
        history.forget("item", "a");
        assert_eq!(history.bought().collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn an_interest_is_forgotten_with_the_views_it_came_from() {
        let mut history = viewed(&[("boots", 1), ("tents", 2)]);
        history.forget("category", "boots");
        assert_eq!(ids(&history), ["tents"]);
        history.forget("item", "tents");
        assert_eq!(ids(&history), [""; 0]);
    }

    #[test]
    fn old_views_end_and_those_of_a_wrong_clock_too() {
        let mut history = viewed(&[("old", 0), ("new", 10 * DAY), ("ahead", 13 * DAY)]);
        history.drop_older(Timestamp::from_ms(11 * DAY), 5 * DAY);
        assert_eq!(ids(&history), ["new"]);
    }

    #[test]
    fn two_devices_know_what_either_knows() {
        let mut history = viewed(&[("a", 1), ("c", 3)]);
        history.fold(&event("purchase", &["own"]), Timestamp::from_ms(4));
        let mut other = viewed(&[("b", 2)]);
        other.fold(&event("purchase", &["theirs"]), Timestamp::from_ms(4));
        history.merge(&other);
        assert_eq!(ids(&history), ["a", "b", "c"]);
        assert_eq!(history.bought().collect::<Vec<_>>(), ["theirs", "own"]);
    }

    proptest! {
        #[test]
        fn a_history_of_any_length_is_bounded_and_survives_its_snapshot(views in 0..60_i64, bought in 0..90_usize) {
            let names: Vec<String> = (0..90).map(|number| format!("i{number}")).collect();
            let mut history = ItemHistory::default();
            for at in 0..views {
                history.fold(&event("view_item", &["v"]), Timestamp::from_ms(at));
            }
            names.iter().take(bought).for_each(|id| history.fold(&event("purchase", &[id]), Timestamp::from_ms(1)));
            prop_assert!(history.viewed().count() <= VIEWED && history.bought.len() <= BOUGHT);
            prop_assert_eq!(round_trip(&mut history, ItemHistory::code), history);
        }
    }
}
