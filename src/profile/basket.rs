//! What is in the basket, by the site's own commerce events.

use crate::codec::Codec;
use crate::signal::event::{Event, Item, name};
use crate::value::{Renewal, Value};

/// The most lines of a basket; further ones are not counted.
const LINES: usize = 50;

/// The basket after the last event.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Basket {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct Line {
    id: String,
    price: f64,
    quantity: f64,
}

/// Whether events of this name change a basket.
pub fn is_basket_event(event: &str) -> bool {
    [name::ADD_TO_CART, name::REMOVE_FROM_CART, name::VIEW_CART, name::PURCHASE].contains(&event)
}

impl Basket {
    /// Applies one event; events that are not about a basket change nothing.
    pub fn fold(&mut self, event: &Event) {
        match event.name.as_str() {
            name::ADD_TO_CART => event.items.iter().for_each(|item| self.add(item)),
            name::REMOVE_FROM_CART => event.items.iter().for_each(|item| self.remove(item)),
            // The site lists all that is in the basket, which is more reliable than our sums.
            name::VIEW_CART => {
                self.lines.clear();
                event.items.iter().for_each(|item| self.add(item));
            }
            name::PURCHASE => self.lines.clear(),
            _ => {}
        }
    }

    fn add(&mut self, item: &Item) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.id == item.id) {
            line.quantity += item.quantity;
            line.price = item.price.unwrap_or(line.price);
        } else if self.lines.len() < LINES {
            self.lines.push(Line { id: item.id.clone(), price: item.price.unwrap_or(0.0), quantity: item.quantity });
        }
    }

    fn remove(&mut self, item: &Item) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.id == item.id) {
            line.quantity -= item.quantity;
        }
        self.lines.retain(|line| line.quantity > 0.0);
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The ids of what is in it, in the order in which it was added.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.id.as_str())
    }

    /// Its value, in the site's currency.
    pub fn value(&self) -> f64 {
        self.lines.iter().fold(0.0, |sum, line| sum + line.price * line.quantity)
    }

    /// The attributes `cart.*`.
    pub fn attributes(&self, tree: &mut Renewal<'_>) {
        let quantity = self.lines.iter().fold(0.0, |sum, line| sum + line.quantity);
        let items: Value = self.lines.iter().map(|line| line.id.as_str()).collect();
        tree.put("value", self.value()).put("quantity", quantity).put("items", items);
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LINES, &mut self.lines, |codec, line| {
            codec.text(&mut line.id);
            codec.double(&mut line.price);
            codec.double(&mut line.quantity);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::host::Native;
    use proptest::prelude::*;

    #[test]
    fn a_basket_follows_the_sites_events() {
        let mut basket = Basket::default();
        let mut check = |name: &str, items: &str, expected: f64, why: &str| {
            let params = serde_json::from_str(&format!(r#"{{"items": [{items}]}}"#)).unwrap();
            basket.fold(&Event::read(name, &params, &Native).unwrap());
            assert_eq!(basket.value(), expected, "{why}");
        };
        check("add_to_cart", r#"{"item_id": "b", "price": 129, "quantity": 2}"#, 258.0, "two pairs");
        check("add_to_cart", r#"{"item_id": "t", "price": "240.5"}"#, 498.5, "and a tent");
        check("view_item", r#"{"item_id": "t", "price": 1}"#, 498.5, "looking changes nothing");
        check("remove_from_cart", r#"{"item_id": "b"}"#, 369.5, "one pair back");
        check("remove_from_cart", r#"{"item_id": "b", "quantity": 9}"#, 240.5, "more than there are");
        check("view_cart", r#"{"item_id": "s", "price": 10}"#, 10.0, "the site lists all of it");
        check("purchase", "", 0.0, "bought");
    }

    #[test]
    fn a_basket_has_room_for_fifty_lines() {
        let mut basket = Basket::default();
        let item =
            |number: usize| Item { id: format!("i{number}"), price: Some(1.0), quantity: 1.0, ..Item::default() };
        let mut add = |number: usize| {
            basket.fold(&Event { name: name::ADD_TO_CART.into(), items: vec![item(number)], ..Event::default() });
            basket.value()
        };
        for number in 0..LINES - 1 {
            assert_eq!(add(number), number as f64 + 1.0);
        }
        assert_eq!((add(49), add(50), add(49)), (50.0, 50.0, 51.0), "more of the same needs no line of its own");
    }

    #[test]
    fn what_is_taken_out_completely_is_no_line_any_more() {
        let mut basket = Basket::default();
        let item = |quantity: f64| Item { id: "b".into(), price: Some(9.0), quantity, ..Item::default() };
        let event =
            |name: &str, quantity: f64| Event { name: name.into(), items: vec![item(quantity)], ..Event::default() };
        basket.fold(&event(name::ADD_TO_CART, 2.0));
        basket.fold(&event(name::REMOVE_FROM_CART, 1.0));
        assert_eq!((basket.lines.len(), basket.value()), (1, 9.0));
        basket.fold(&event(name::REMOVE_FROM_CART, 1.0));
        assert_eq!(basket, Basket::default());
    }

    #[test]
    fn four_events_are_about_the_basket() {
        for name in ["add_to_cart", "remove_from_cart", "view_cart", "purchase"] {
            assert!(is_basket_event(name), "{name}");
        }
        for name in ["view_item", "begin_checkout", "search"] {
            assert!(!is_basket_event(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_basket_of_any_size_survives_its_snapshot(lines in 40..60_usize) {
            let line = |number: usize| Line { id: format!("item {number}"), price: 9.5, quantity: 2.0 };
            let mut basket = Basket { lines: (0..lines).map(line).collect() };
            let read = round_trip(&mut basket, Basket::code);
            prop_assert_eq!(&read.lines[..], &basket.lines[lines.saturating_sub(LINES)..]);
        }
    }
}
