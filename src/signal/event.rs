//! What the visitor did, in the names and shapes of GA4 commerce events.
//!
//! Source: Google Analytics 4, "Recommended events", developers.google.com/analytics.

use crate::codec::Codec;
use crate::hash::fnv1a_64;
use crate::list::gather;
use crate::number::text;
use crate::reader::is_event_name;
use crate::text::{concat, cut, split};
use crate::value::Value;

/// How many items of one event are read. GA4 sends up to 200.
const ITEMS: usize = 50;
/// How many tags an item carries.
const TAGS: usize = 16;
/// How many characters of an id or a tag are kept.
const CHARS: usize = 120;
/// The largest price or value believed.
const LARGEST: f64 = 1e9;

/// Something the visitor did.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Event {
    /// GA4's name, or the site's own: a letter, then up to 39 letters, digits and underscores.
    pub name: String,
    /// What it was about, at most 50 items.
    pub items: Vec<Item>,
    /// What it was worth, in the site's currency; 0 to 1e9.
    pub value: Option<f64>,
    /// A hash of the order's number, by which an order is counted once.
    pub transaction: Option<u64>,
}

/// One product, article or other thing an event was about.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Item {
    /// `item_id`, else `item_name`; at most 120 characters.
    pub id: String,
    /// What the item is, by dimension: `("category", "boots")`. From `item_category` and the like,
    /// the prefix dropped.
    pub tags: Vec<(String, String)>,
    /// Price of one; 0 to 1e9.
    pub price: Option<f64>,
    /// How many; 1 where the event does not say.
    pub quantity: f64,
}

impl Event {
    /// Reads an event with its parameters; `None` when the name is none. Parameters that make no
    /// sense are left out, never guessed.
    pub fn read(name: &str, params: &Value) -> Option<Event> {
        if !is_event_name(name) {
            return None;
        }
        let items = params.at("items").items();
        Some(Event {
            name: name.to_owned(),
            items: gather(items.get(..ITEMS).unwrap_or(items), Item::read),
            value: amount(params.at("value")),
            transaction: plain_text(params.at("transaction_id")).map(|id| fnv1a_64(id.as_bytes())),
        })
    }

    /// What the event was worth: its own value, else the sum of its items.
    pub fn worth(&self) -> f64 {
        let sum = || self.items.iter().map(|item| item.price.unwrap_or(0.0) * item.quantity).sum();
        self.value.unwrap_or_else(sum)
    }

    /// Drops what nothing will read: the tags that are not `kept`, and the items themselves where they
    /// are `idle`, as those of a long list that was only looked at. Where the site has price bands,
    /// each item is given the tag of its own: `price_band` with `0-50`, or `200+` beyond the last.
    pub fn keep(&mut self, price_bands: &[f64], kept: &dyn Fn(&str) -> bool, idle: bool) {
        if idle {
            self.items.clear();
        }
        for item in &mut self.items {
            if let (Some(price), Some(_)) = (item.price, price_bands.first()) {
                let (mut band, mut start) = (String::new(), 0.0);
                for end in price_bands {
                    if band.is_empty() && price < *end {
                        band = concat(&[&text(start), "-", &text(*end)]);
                    }
                    if band.is_empty() {
                        start = *end;
                    }
                }
                if band.is_empty() {
                    band = concat(&[&text(start), "+"]);
                }
                item.tags.push(("price_band".to_owned(), band));
            }
            item.tags.retain(|(dimension, _)| kept(dimension));
        }
    }

    /// About how many bytes it takes in a journal.
    pub fn bytes(&self) -> usize {
        let tags =
            |item: &Item| item.tags.iter().map(|(dimension, key)| dimension.len() + key.len() + 2).sum::<usize>();
        self.items.iter().map(|item| item.id.len() + tags(item) + 20).sum::<usize>() + self.name.len() + 30
    }

    /// Its place in a journal, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.text(&mut self.name);
        codec.list(ITEMS, &mut self.items, |codec, item| {
            codec.text(&mut item.id);
            codec.list(TAGS, &mut item.tags, |codec, (dimension, key)| {
                codec.text(dimension);
                codec.text(key);
            });
            codec.optional(&mut item.price, Codec::double);
            codec.double(&mut item.quantity);
        });
        codec.optional(&mut self.value, Codec::double);
        codec.optional(&mut self.transaction, Codec::varint);
    }
}

impl Item {
    fn read(written: &Value) -> Option<Item> {
        let object = written.as_object()?;
        let id = ["item_id", "item_name"].into_iter().find_map(|key| plain_text(written.at(key)))?;
        let mut tags: Vec<(String, String)> = Vec::new();
        for (key, value) in object.iter() {
            let dimension = key.strip_prefix("item_").unwrap_or(key);
            let apart = matches!(key, "item_id" | "item_name" | "price" | "quantity" | "index" | "discount" | "coupon");
            if apart || key.len() > CHARS {
                continue;
            }
            // Tags can be several: `"item_tag": ["winter", "sale"]`.
            for value in value.as_list().unwrap_or(core::slice::from_ref(value)) {
                if let (Some(text), true) = (plain_text(value), tags.len() < TAGS) {
                    tags.push((dimension.to_owned(), text));
                }
            }
        }
        let price = amount(written.at("price"));
        // Whether it was looked at for less than its price: what says whether somebody looks for that.
        let reduced = amount(written.at("discount")).is_some_and(|discount| discount > 0.0);
        if price.is_some() && tags.len() < TAGS {
            let says = if reduced || plain_text(written.at("coupon")).is_some() { "yes" } else { "no" };
            tags.push(("discount".to_owned(), says.to_owned()));
        }
        Some(Item {
            id,
            tags,
            price,
            quantity: amount(written.at("quantity")).filter(|quantity| *quantity > 0.0).unwrap_or(1.0),
        })
    }
}

/// An amount of money or things: a number, or text that holds plain digits with a decimal point.
fn amount(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Text(text) => decimal(text)?,
        other => other.as_number()?,
    };
    (0.0..=LARGEST).contains(&number).then_some(number)
}

/// Sites often send prices as text: `"129.00"`. Digits, at most one point, at most 15 places.
fn decimal(text: &str) -> Option<f64> {
    let parts = split(text, b'.');
    let (whole, fraction) = match parts.as_slice() {
        [whole] => (*whole, ""),
        [whole, fraction] => (*whole, *fraction),
        _ => return None,
    };
    let places = whole.len().checked_add(fraction.len())?;
    let digits = whole.bytes().chain(fraction.bytes());
    if places == 0 || places > 15 || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.fold(0.0, |number, digit| number * 10.0 + f64::from(digit - b'0'));
    // Both are whole and below 2^53, so the quotient is rounded exactly once.
    Some(number / fraction.bytes().fold(1.0, |power, _| power * 10.0))
}

/// Text that names something: numbers count, blank text does not.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(cut(text.trim(), CHARS).to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if number.is_finite() => Some(crate::number::text(*number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Object;
    use proptest::prelude::*;

    fn read(json: &str) -> Event {
        Event::read("view_item", &serde_json::from_str(json).unwrap()).unwrap()
    }

    #[test]
    fn items_keep_what_they_are_and_drop_what_makes_no_sense() {
        let event = read(
            r#"{"value": "129.50", "transaction_id": "T-1", "items": [
                {"item_id": "b-7", "item_category": "boots", "item_brand": " Fell ", "price": 129, "quantity": 0},
                {"item_name": "by name", "price": "12,50", "colour": "red"}, {"price": 3}, 7, null]}"#,
        );
        assert_eq!(event.value, Some(129.5));
        assert_eq!(event.transaction, Some(fnv1a_64(b"T-1")));
        let [boots, named] = event.items.as_slice() else { panic!("{:?}", event.items) };
        assert_eq!(
            boots.tags,
            [("category".into(), "boots".into()), ("brand".into(), "Fell".into()), ("discount".into(), "no".into())]
        );
        assert_eq!((boots.price, boots.quantity), (Some(129.0), 1.0));
        assert_eq!((named.id.as_str(), named.price), ("by name", None));
    }

    #[test]
    fn an_event_without_a_name_is_none() {
        for name in ["", "1st", "a b", "é", "__proto__", &"a".repeat(41)] {
            assert_eq!(Event::read(name, &Value::Null), None, "{name:?}");
        }
    }

    #[test]
    fn prices_as_text_are_read_to_the_bit() {
        let cases = [
            ("129.95", Some(129.95)),
            ("0.1", Some(0.1)),
            (".5", Some(0.5)),
            ("", None),
            (".", None),
            ("1e3", None),
            ("-1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(decimal(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn an_event_survives_its_journal(id in ".{1,200}", price in 0.0..1e9_f64, brand in "[a-zé]{1,9}") {
            let params = Object::new().with("items", vec![Object::new()
                .with("item_id", id.as_str()).with("price", price).with("item_brand", brand.as_str())]);
            let mut event = Event::read("add_to_cart", &params.into()).unwrap();
            let mut out = Codec::default();
            event.code(&mut out);
            let bytes = crate::codec::decode(&out.encode()).unwrap();
            let mut read = Event::default();
            read.code(&mut bytes.read());
            prop_assert_eq!(read, event);
        }
    }
}
