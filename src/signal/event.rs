//! What the visitor did, in the names and shapes of GA4 commerce events.
//!
//! Source: Google Analytics 4, "Recommended events", developers.google.com/analytics.

use crate::codec::Codec;
use crate::hash::fnv1a_64;
use crate::host::Host;
use crate::number;
use crate::reader::is_event_name;
use crate::value::Value;

/// The names of events that have a meaning of their own.
pub mod name {
    /// A product was looked at.
    pub const VIEW_ITEM: &str = "view_item";
    /// A product was put into the basket.
    pub const ADD_TO_CART: &str = "add_to_cart";
    /// A product was taken out of the basket.
    pub const REMOVE_FROM_CART: &str = "remove_from_cart";
    /// The basket was looked at; its items are all that it holds.
    pub const VIEW_CART: &str = "view_cart";
    /// The checkout was begun.
    pub const BEGIN_CHECKOUT: &str = "begin_checkout";
    /// An order was placed.
    pub const PURCHASE: &str = "purchase";
    /// The visitor searched the site.
    pub const SEARCH: &str = "search";
}

/// The most items read of one event. GA4 sends up to 200.
pub const ITEMS: usize = 50;
/// The most tags stored of one item.
pub const TAGS: usize = 16;
/// The most characters of an id or a tag.
const CHARS: usize = 120;
/// The largest price or value accepted.
const LARGEST_AMOUNT: f64 = 1e9;
/// The dimension of a tag that [`Event::reduce`] derives from the price and the site's price bands.
const PRICE_BAND: &str = "price_band";
/// The dimension of a tag that tells whether a price was reduced: `yes` or `no`.
const DISCOUNT: &str = "discount";

/// Something the visitor did.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Event {
    /// GA4's name, or the site's own: a letter, then up to 39 letters, digits and underscores.
    pub name: String,
    /// What it was about, at most 50 items.
    pub items: Vec<Item>,
    /// What it was worth, in the site's currency; 0 to 1e9.
    pub value: Option<f64>,
    /// A hash of the transaction id, so that an order counts once.
    pub transaction: Option<u64>,
}

/// One product, article or other thing an event was about.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Item {
    /// `item_id`, else `item_name`; at most 120 characters.
    pub id: String,
    /// What the item is. As read, these are all tags the site gave, so that sensitive ones are found wherever
    /// they are; [`Event::reduce`] leaves at most 16.
    pub tags: Vec<Tag>,
    /// Price of one; 0 to 1e9.
    pub price: Option<f64>,
    /// How many; 1 by default.
    pub quantity: f64,
}

/// One property of an item: `category: boots`, from `item_category` and the like, the prefix dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Tag {
    /// What kind of property: `category`.
    pub dimension: String,
    /// Which one: `boots`.
    pub key: String,
}

impl Tag {
    /// The tag `dimension: key`.
    pub fn new(dimension: &str, key: &str) -> Tag {
        Tag { dimension: dimension.to_owned(), key: key.to_owned() }
    }

    /// Whether it is not of the site's own, but derived from the price and what reduces it.
    pub fn is_derived(&self) -> bool {
        [PRICE_BAND, DISCOUNT].contains(&self.dimension.as_str())
    }
}

impl Event {
    /// Reads an event with its parameters; `None` if `name` is not a valid name. Parameters that make no
    /// sense are left out, never guessed. `host` prints ids that are numbers.
    pub fn read(name: &str, params: &Value, host: &dyn Host) -> Option<Event> {
        if !is_event_name(name) {
            return None;
        }
        Some(Event {
            name: name.to_owned(),
            items: params.at("items").items().iter().take(ITEMS).filter_map(|item| Item::read(item, host)).collect(),
            value: amount(params.at("value")),
            transaction: identifier(params.at("transaction_id"), host).map(|id| fnv1a_64(id.as_bytes())),
        })
    }

    /// What the event was worth: its own value, else the sum of its items.
    pub fn worth(&self) -> f64 {
        let sum = || self.items.iter().map(|item| item.price.unwrap_or(0.0) * item.quantity).sum();
        self.value.unwrap_or_else(sum)
    }

    /// Drops what will never be read: tags whose dimension is not tracked, and all items unless they are
    /// needed. Where the site has price bands, each item with a price gets a tag `price_band`: `0-50`, or
    /// `200+` beyond the last. Each item is left with at most 16 tags, derived ones first of all.
    pub fn reduce(&mut self, price_bands: &[f64], is_tracked: &dyn Fn(&str) -> bool, needs_items: bool) {
        if !needs_items {
            self.items.clear();
        }
        for item in &mut self.items {
            if let (Some(price), false) = (item.price, price_bands.is_empty()) {
                item.tags.push(Tag { dimension: PRICE_BAND.to_owned(), key: price_band(price, price_bands) });
            }
            item.tags.retain(|tag| is_tracked(&tag.dimension));
            let mut room = TAGS.saturating_sub(item.tags.iter().filter(|tag| tag.is_derived()).count());
            item.tags.retain(|tag| {
                let stays = tag.is_derived() || room > 0;
                room = if tag.is_derived() { room } else { room.saturating_sub(1) };
                stays
            });
            item.tags.truncate(TAGS);
            for tag in &mut item.tags {
                tag.key = shortened(&tag.key);
            }
        }
    }

    /// Its part of a journal entry.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.text(&mut self.name);
        codec.list(ITEMS, &mut self.items, |codec, item| {
            codec.text(&mut item.id);
            codec.list(TAGS, &mut item.tags, |codec, tag| {
                codec.text(&mut tag.dimension);
                codec.text(&mut tag.key);
            });
            codec.optional(&mut item.price, Codec::double);
            codec.double(&mut item.quantity);
        });
        codec.optional(&mut self.value, Codec::double);
        codec.optional(&mut self.transaction, Codec::varint);
    }
}

impl Item {
    fn read(written: &Value, host: &dyn Host) -> Option<Item> {
        let object = written.as_object()?;
        let id = ["item_id", "item_name"].into_iter().find_map(|key| identifier(written.at(key), host))?;
        let mut tags = Vec::new();
        for (key, value) in object.iter() {
            if matches!(key, "item_id" | "item_name" | "price" | "quantity" | "index" | "discount" | "coupon") {
                continue;
            }
            let dimension = key.strip_prefix("item_").unwrap_or(key);
            // Tags can be several: `"item_tag": ["winter", "sale"]`.
            let values = value.as_list().unwrap_or(core::slice::from_ref(value));
            let keys = values.iter().filter_map(|value| plain_text(value, host));
            tags.extend(keys.map(|key| Tag { dimension: dimension.to_owned(), key }));
        }
        let price = amount(written.at("price"));
        if price.is_some() {
            let reduced = amount(written.at("discount")).is_some_and(|discount| discount > 0.0)
                || plain_text(written.at("coupon"), host).is_some();
            tags.push(Tag::new(DISCOUNT, if reduced { "yes" } else { "no" }));
        }
        Some(Item {
            id,
            tags,
            price,
            quantity: amount(written.at("quantity")).filter(|quantity| *quantity > 0.0).unwrap_or(1.0),
        })
    }
}

/// The band that a price is in, between the ascending `ends` of the site's bands.
fn price_band(price: f64, ends: &[f64]) -> String {
    let below = ends.iter().take_while(|end| price >= **end).count();
    let start = below.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(0.0);
    match ends.get(below) {
        Some(end) => format!("{}-{}", number::format(start), number::format(*end)),
        None => format!("{}+", number::format(start)),
    }
}

/// An amount of money or things, 0 to 1e9: a number, or text that holds plain digits with a decimal point.
pub fn amount(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Text(text) => decimal(text)?,
        other => other.as_number()?,
    };
    (0.0..=LARGEST_AMOUNT).contains(&number).then_some(number)
}

/// Sites often send prices as text: `"129.00"`. Digits, at most one point, at most 15 digits.
fn decimal(text: &str) -> Option<f64> {
    let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = integer.bytes().chain(fraction.bytes());
    if !(1..=15).contains(&digits.clone().count()) || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.fold(0.0, |number, digit| number * 10.0 + f64::from(digit - b'0'));
    // Both are integers below 2^53, so the quotient is rounded exactly once.
    Some(number / fraction.bytes().fold(1.0, |power, _| power * 10.0))
}

/// Text that identifies something, at most 120 characters.
fn identifier(value: &Value, host: &dyn Host) -> Option<String> {
    plain_text(value, host).map(|text| shortened(&text))
}

/// Text as it is, without white space around it, or a number as JavaScript prints it, so that different
/// numbers stay different and each reads as the site's own code would write it. Blank text is none.
fn plain_text(value: &Value, host: &dyn Host) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if number.is_finite() => Some(host.number_text(*number)),
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) | Value::Cut => None,
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::host::Native;
    use crate::value::Object;
    use proptest::prelude::*;

    fn read(json: &str) -> Event {
        Event::read("view_item", &serde_json::from_str(json).unwrap(), &Native).unwrap()
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
        assert_eq!(boots.tags, [Tag::new("category", "boots"), Tag::new("brand", "Fell"), Tag::new("discount", "no")]);
        assert_eq!((boots.price, boots.quantity), (Some(129.0), 1.0));
        assert_eq!((named.id.as_str(), named.price), ("by name", None));
    }

    #[test]
    fn an_event_without_a_valid_name_is_none() {
        for name in ["", "1st", "a b", "é", "__proto__", &"a".repeat(41)] {
            assert_eq!(Event::read(name, &Value::Null, &Native), None, "{name:?}");
        }
    }

    #[test]
    fn ids_that_are_numbers_stay_apart_however_large() {
        let id = |id: &str| {
            let event = read(&format!(r#"{{"transaction_id": {id}, "items": [{{"item_id": {id}}}]}}"#));
            (event.items[0].id.clone(), event.transaction)
        };
        for (number, text) in [
            ("7", "7"),
            ("9007199254740992", "9007199254740992"),
            ("1152921504606846976", "1152921504606847000"),
            ("1e21", "1e+21"),
            ("1e300", "1e+300"),
            ("1.0001", "1.0001"),
            ("1.0002", "1.0002"),
        ] {
            assert_eq!(id(number), (text.to_owned(), Some(fnv1a_64(text.as_bytes()))), "as JavaScript prints it");
            assert_eq!(id(number), id(&format!("{text:?}")), "a number and its text are the same id");
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
            ("1.2.3", None),
            ("1e3", None),
            ("-1", None),
            ("123456789012.345", Some(123_456_789_012.345)),
            ("123456789012.3456", None),
            ("12.50", Some(12.5)),
        ];
        for (text, expected) in cases {
            assert_eq!(decimal(text), expected, "{text:?}");
        }
    }

    #[test]
    fn amounts_lie_within_0_and_a_billion() {
        let value = |json: &str| read(&format!(r#"{{"value": {json}}}"#)).value;
        for (json, expected) in [
            ("0", Some(0.0)),
            ("-0.01", None),
            ("1e9", Some(1e9)),
            ("1000000000.01", None),
            (r#""1000000000""#, Some(1e9)),
            (r#""1000000001""#, None),
            ("true", None),
        ] {
            assert_eq!(value(json), expected, "{json}");
        }
    }

    #[test]
    fn an_event_is_worth_its_value_or_else_its_items() {
        let items = r#""items": [{"item_id": "a", "price": 2.5, "quantity": 3}, {"item_id": "b"}, {"item_id": "c", "price": 1}]"#;
        assert_eq!(read(&format!("{{{items}}}")).worth(), 8.5);
        assert_eq!(read(&format!(r#"{{"value": 0, {items}}}"#)).worth(), 0.0, "also where that is 0");
    }

    #[test]
    fn a_price_is_reduced_where_there_is_a_discount_or_a_coupon() {
        for (more, expected) in [
            ("", Some("no")),
            (r#", "discount": 0"#, Some("no")),
            (r#", "discount": 0.5"#, Some("yes")),
            (r#", "discount": "5""#, Some("yes")),
            (r#", "coupon": "SPRING""#, Some("yes")),
            (r#", "coupon": " ""#, Some("no")),
        ] {
            let event = read(&format!(r#"{{"items": [{{"item_id": "a", "price": 3{more}}}]}}"#));
            assert_eq!(event.items[0].tags, [Tag::new("discount", expected.unwrap())], "{more}");
        }
        assert_eq!(read(r#"{"items": [{"item_id": "a", "discount": 5}]}"#).items[0].tags, [], "without a price");
    }

    #[test]
    fn ids_and_tags_have_at_most_120_characters() {
        let long = "é".repeat(121);
        let mut event = read(&format!(r#"{{"items": [{{"item_id": "{long}", "item_brand": "{long}"}}]}}"#));
        assert_eq!(event.items[0].id.chars().count(), 120);
        assert_eq!(event.items[0].tags[0].key.chars().count(), 121, "all of it is there to be checked");
        event.reduce(&[], &|_| true, true);
        assert_eq!(event.items[0].tags[0].key.chars().count(), 120);
    }

    #[test]
    fn only_tags_that_are_tracked_and_items_that_are_needed_stay() {
        let json = r#"{"items": [{"item_id": "a", "item_brand": "Fell", "colour": "red", "price": 60}]}"#;
        let reduced = |bands: &[f64], dimensions: &[&str], needs_items: bool| {
            let mut event = read(json);
            event.reduce(bands, &|dimension| dimensions.contains(&dimension), needs_items);
            event.items.into_iter().map(|item| item.tags).collect::<Vec<_>>()
        };
        assert_eq!(reduced(&[], &["brand"], true), [[Tag::new("brand", "Fell")]]);
        assert_eq!(reduced(&[50.0], &["price_band"], true), [[Tag::new("price_band", "50+")]]);
        assert_eq!(reduced(&[], &["price_band"], true), [[]], "no bands, no band");
        assert!(reduced(&[], &["brand"], false).is_empty(), "no items");
    }

    #[test]
    fn a_price_is_in_the_band_that_begins_with_it() {
        for (price, band) in [(0.0, "0-50"), (49.99, "0-50"), (50.0, "50-199.5"), (199.5, "199.5+"), (1e9, "199.5+")] {
            assert_eq!(price_band(price, &[50.0, 199.5]), band, "{price}");
        }
    }

    /// An event about an item with this many categories.
    fn with_categories(count: usize) -> Event {
        let categories: Vec<String> = (0..count).map(|number| format!("c{number}")).collect();
        let item = Object::new().with("item_id", "x").with("price", 129.0).with("item_category", categories);
        Event::read("view_item", &Object::new().with("items", vec![item]).into(), &Native).unwrap()
    }

    proptest! {
        #[test]
        fn an_event_survives_its_journal(id in ".{1,200}", price in 0.0..1e9_f64, brand in "[a-zé]{1,9}") {
            let params = Object::new().with("items", vec![Object::new()
                .with("item_id", id.as_str()).with("price", price).with("item_brand", brand.as_str())]);
            let mut event = Event::read("add_to_cart", &params.into(), &Native).unwrap();
            prop_assert_eq!(round_trip(&mut event, Event::code), event);
        }

        #[test]
        fn an_item_with_any_number_of_tags_survives_its_journal(count in 0..40_usize, bands in 0..3_usize) {
            let mut event = with_categories(count);
            prop_assert_eq!(event.items[0].tags.len(), count + 1, "all are there to be checked");
            event.reduce(&[50.0, 100.0][..bands], &|_| true, true);
            let tags = &event.items[0].tags;
            let of = |dimension: &str| tags.iter().filter(|tag| tag.dimension == dimension).count();
            let derived = 1 + usize::from(bands > 0);
            prop_assert_eq!(of("category"), count.min(TAGS - derived));
            prop_assert_eq!((of("discount"), of("price_band")), (1, usize::from(bands > 0)));
            prop_assert_eq!(round_trip(&mut event, Event::code), event);
        }

        #[test]
        fn an_event_that_was_never_reduced_can_still_be_read(items in 45..60_usize, tags in 0..40_usize) {
            let mut event = with_categories(tags);
            event.items = vec![event.items[0].clone(); items];
            let read = round_trip(&mut event, Event::code);
            prop_assert_eq!(read.items.len(), items.min(ITEMS));
            prop_assert!(read.items.iter().all(|item| item.tags.len() == (tags + 1).min(TAGS)));
        }
    }
}
