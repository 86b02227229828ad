//! Events sent to Segment by `analytics.track(name, properties)`, in GA4's names and shapes.
//!
//! Source: Segment, "Spec: V2 Ecommerce Events".

use super::event::Event;
use crate::host::Host;
use crate::value::{Object, Value};

/// Segment's names, in small letters, and GA4's.
const NAMES: [(&str, &str); 20] = [
    ("products searched", "search"),
    ("product list viewed", "view_item_list"),
    ("promotion viewed", "view_promotion"),
    ("promotion clicked", "select_promotion"),
    ("product clicked", "select_item"),
    ("product viewed", "view_item"),
    ("product added", "add_to_cart"),
    ("product removed", "remove_from_cart"),
    ("product added to wishlist", "add_to_wishlist"),
    ("cart viewed", "view_cart"),
    ("checkout started", "begin_checkout"),
    ("checkout step completed", "add_shipping_info"),
    ("payment info entered", "add_payment_info"),
    ("order completed", "purchase"),
    ("order refunded", "refund"),
    ("product shared", "share"),
    ("cart shared", "share"),
    ("signed up", "sign_up"),
    ("signed in", "login"),
    ("lead generated", "generate_lead"),
];

/// Properties and GA4's parameters; of several that are there, the first counts.
const ITEM: [(&str, &str); 3] = [("product_id", "item_id"), ("sku", "item_id"), ("name", "item_name")];
const PARAMS: [(&str, &str); 4] =
    [("revenue", "value"), ("total", "value"), ("value", "value"), ("order_id", "transaction_id")];

/// Reads the call of `analytics.track` with these arguments; `None` where they are no event. Names that are not in
/// Segment's own list become `plan_changed` of `Plan Changed`.
pub fn read(arguments: &Value, host: &dyn Host) -> Option<Event> {
    let (name, properties) = match arguments.items() {
        [Value::Text(name)] => (name, &Value::Null),
        [Value::Text(name), properties, ..] => (name, properties),
        _ => return None,
    };
    let name = name.trim().to_ascii_lowercase();
    let known = NAMES.iter().find(|(segments, _)| *segments == name).map(|(_, ga4)| *ga4);
    let mut params = renamed(properties, &PARAMS);
    params.set("items", items(properties));
    Event::read(known.unwrap_or(&name.replace([' ', '-', '.', ':'], "_")), &params.into(), host)
}

/// What the event is about: its `products`, or the one product that its properties are.
fn items(properties: &Value) -> Value {
    let products = properties.at("products").as_list().unwrap_or(core::slice::from_ref(properties));
    let is_product = |item: &Object| ["item_id", "item_name"].into_iter().any(|key| item.get(key).is_some());
    products.iter().map(|product| renamed(product, &ITEM)).filter(is_product).collect()
}

/// A copy in which some properties have GA4's names.
fn renamed(properties: &Value, names: &[(&str, &str)]) -> Object {
    let mut renamed = Object::new();
    for (segments, ga4) in names {
        if let (Some(value), None) = (properties.get(segments), renamed.get(ga4)) {
            renamed.set(ga4, value.clone());
        }
    }
    for (key, value) in properties.as_object().into_iter().flat_map(Object::iter) {
        let is_renamed = names.iter().any(|(segments, _)| *segments == key);
        if !is_renamed && renamed.get(key).is_none() {
            renamed.set(key, value.clone());
        }
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

    /// An event read from a call of `track` with these arguments.
    fn read(arguments: &str) -> Option<Event> {
        super::read(&serde_json::from_str(arguments).unwrap(), &Native)
    }

    /// The same in GA4's words.
    fn ga4(name: &str, params: &str) -> Option<Event> {
        Event::read(name, &serde_json::from_str(params).unwrap(), &Native)
    }

    #[test]
    fn segments_events_are_those_of_ga4() {
        for (arguments, name, params) in [
            (
                r#"["Product Viewed", {"product_id": "b-7", "sku": "B7", "category": "boots", "name": "Fell", "price": 129}]"#,
                "view_item",
                r#"{"items": [{"item_id": "b-7", "item_name": "Fell", "item_category": "boots", "price": 129}]}"#,
            ),
            (
                r#"["product added", {"sku": "B7", "brand": "Fell", "quantity": 2, "coupon": "X", "price": 9}]"#,
                "add_to_cart",
                r#"{"items": [{"item_id": "B7", "item_brand": "Fell", "quantity": 2, "coupon": "X", "price": 9}]}"#,
            ),
            (
                r#"["Order Completed", {"order_id": "A-1", "revenue": 20, "total": 25, "products": [
                    {"product_id": "b-7", "category": "boots", "price": 20}, {"url": "/nothing"}, 7]}]"#,
                "purchase",
                r#"{"transaction_id": "A-1", "value": 20, "items": [
                    {"item_id": "b-7", "item_category": "boots", "price": 20}]}"#,
            ),
            (
                r#"["Order Completed", {"order_id": "A-2", "total": 25}]"#,
                "purchase",
                r#"{"transaction_id": "A-2", "value": 25}"#,
            ),
            (r#"["Products Searched", {"query": "boots"}]"#, "search", "{}"),
            (r#"["Plan Changed", {"plan": "pro"}, {"ip": "0.0.0.0"}]"#, "plan_changed", "{}"),
            (r#"["Signed Up"]"#, "sign_up", "{}"),
        ] {
            assert_eq!(read(arguments), ga4(name, params), "{arguments}");
        }
    }

    #[test]
    fn what_is_no_event_is_none() {
        for arguments in ["[]", "[7]", r#"[{"event": "x"}]"#, r#"["é"]"#, r#"["1st"]"#, r#"[""]"#, "null"] {
            assert_eq!(read(arguments), None, "{arguments}");
        }
    }
}
