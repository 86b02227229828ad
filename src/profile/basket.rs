//! What lies in the basket, from the site's own commerce events.

use crate::codec::Codec;
use crate::signal::event::{Event, Item};
use crate::value::{Renewal, Value};

/// How many lines a basket holds; further ones are not counted.
const LINES: usize = 50;

/// The basket as the last events left it.
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

/// Whether events of this name concern a basket.
pub fn concerned(event: &str) -> bool {
    matches!(event, "add_to_cart" | "remove_from_cart" | "view_cart" | "purchase")
}

impl Basket {
    /// Takes in one event; those that do not concern a basket change nothing.
    pub fn fold(&mut self, event: &Event) {
        match event.name.as_str() {
            "add_to_cart" => event.items.iter().for_each(|item| self.add(item)),
            "remove_from_cart" => event.items.iter().for_each(|item| self.remove(item)),
            // The site lists the whole basket: it knows better than our sums.
            "view_cart" => {
                self.lines.clear();
                event.items.iter().for_each(|item| self.add(item));
            }
            "purchase" => self.lines.clear(),
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

    /// What it is worth, in the site's currency.
    pub fn value(&self) -> f64 {
        self.lines.iter().fold(0.0, |sum, line| sum + line.price * line.quantity)
    }

    /// The attributes `cart.*`.
    pub fn attributes(&self, tree: &mut Renewal<'_>) {
        let quantity = self.lines.iter().fold(0.0, |sum, line| sum + line.quantity);
        let items: Value = self.lines.iter().map(|line| line.id.as_str()).collect();
        tree.put("value", self.value()).put("quantity", quantity).put("items", items);
    }

    /// Its part of the snapshot, written or read.
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

    #[test]
    fn a_basket_follows_the_sites_events() {
        let mut basket = Basket::default();
        let mut check = |name: &str, items: &str, expected: f64, why: &str| {
            let params = serde_json::from_str(&format!(r#"{{"items": [{items}]}}"#)).unwrap();
            basket.fold(&Event::read(name, &params).unwrap());
            assert_eq!(basket.value(), expected, "{why}");
        };
        check("add_to_cart", r#"{"item_id": "b", "price": 129, "quantity": 2}"#, 258.0, "two pairs");
        check("add_to_cart", r#"{"item_id": "t", "price": "240.5"}"#, 498.5, "and a tent");
        check("view_item", r#"{"item_id": "t", "price": 1}"#, 498.5, "looking changes nothing");
        check("remove_from_cart", r#"{"item_id": "b"}"#, 369.5, "one pair back");
        check("remove_from_cart", r#"{"item_id": "b", "quantity": 9}"#, 240.5, "more than there are");
        check("view_cart", r#"{"item_id": "s", "price": 10}"#, 10.0, "the site lists it whole");
        check("purchase", "", 0.0, "bought");
    }
}
