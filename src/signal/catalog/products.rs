//! All products that a page's JSON-LD describes: its catalogue, for recommendations on it.

use super::graph::{DEPTH, Graph, THINGS, each, is_described, is_of};
use super::{Markup, PRODUCTS, Page, set};
use crate::host::Host;
use crate::value::{Object, Value};

/// Things that list others, and the keys under which they do.
const LISTS: [&str; 4] = ["itemListElement", "item", "hasOfferCatalog", "mainEntity"];
/// What is said of a product that cannot be had: the last part of schema.org's `ItemAvailability`.
const UNAVAILABLE: [&str; 3] = ["OutOfStock", "SoldOut", "Discontinued"];

impl Markup {
    /// The products of the page, those in its lists too, each once, with GA4's names, `url`, `image` and `in_stock`. A
    /// price in another currency than the site's is left out.
    pub fn products(&self, currency: &str, host: &dyn Host) -> Vec<Object> {
        let page = Page { addresses: [None, None], host };
        let mut found: Vec<&Value> = Vec::new();
        self.json_ld.iter().for_each(|root| collect(root, 0, &mut found));
        // References are resolved among all that the page describes.
        let graph = Graph { top: Graph::read(&self.json_ld).top.into_iter().chain(found.iter().copied()).collect() };
        let mut products: Vec<Object> = Vec::new();
        for product in found {
            let mut item = graph.product(product, currency, &page);
            set(&mut item, "url", graph.scalar(product, &["url", "@id"]));
            set(&mut item, "image", picture(product.at("image"), 0));
            let is_known = products.iter().any(|known| known.get("item_id") == item.get("item_id"));
            if item.get("item_id").is_some() && !is_known {
                item.set("in_stock", !is_unavailable(product));
                products.push(item);
            }
        }
        products
    }
}

/// Adds the products at and below a thing.
fn collect<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    if depth > DEPTH {
        return;
    }
    for thing in each(value).iter().take(THINGS) {
        if found.len() < THINGS && is_described(thing, &PRODUCTS) {
            found.push(thing);
        } else if thing.as_object().is_some() {
            LISTS.iter().chain(&["@graph"]).for_each(|key| collect(thing.at(key), depth + 1, found));
        }
    }
}

/// An address, or the address of the first `ImageObject`.
fn picture(value: &Value, depth: usize) -> Option<&Value> {
    if depth > DEPTH {
        return None;
    }
    each(value).iter().find_map(|one| match one {
        Value::Text(text) if !text.trim().is_empty() => Some(one),
        Value::Object(_) => ["contentUrl", "url"].iter().find_map(|key| picture(one.at(key), depth + 1)),
        _ => None,
    })
}

/// Whether all offers say that it cannot be had.
fn is_unavailable(product: &Value) -> bool {
    let offers = each(product.at("offers"));
    let says = |offer: &Value| {
        let last = offer.at("availability").text().rsplit(['/', ':']).next().unwrap_or_default();
        UNAVAILABLE.contains(&last)
    };
    // A shop's offers of its variants stand below an `AggregateOffer`.
    let offers = offers.iter().flat_map(|offer| {
        if is_of(offer, &["AggregateOffer"]) { each(offer.at("offers")) } else { core::slice::from_ref(offer) }
    });
    let (mut any, mut all) = (false, true);
    for offer in offers.filter(|offer| offer.as_object().is_some()) {
        (any, all) = (true, all && says(offer));
    }
    any && all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

    fn products(json: &str) -> Vec<String> {
        let markup = Markup { json_ld: vec![serde_json::from_str(json).unwrap()], ..Markup::default() };
        let said =
            markup.products("EUR", &Native).into_iter().map(|item| serde_json::to_string(&Value::from(item)).unwrap());
        said.collect()
    }

    #[test]
    fn a_list_of_products_is_a_catalogue() {
        let list = r#"{"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "position": 1, "item": {"@type": "Product", "sku": "b-7", "name": "Fell boots",
             "category": "boots", "brand": {"name": "Fell"}, "url": "/boots/b-7",
             "image": [{"@type": "ImageObject", "url": "/img/b-7.jpg"}],
             "offers": {"price": "129.00", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}}},
            {"@type": "ListItem", "position": 2, "item": {"@type": "Product", "sku": "b-8", "image": "/img/b-8.jpg",
             "offers": {"@type": "AggregateOffer", "offers": [{"availability": "OutOfStock"}]}}},
            {"@type": "ListItem", "position": 3, "item": {"@type": "Product", "sku": "b-7"}},
            {"@type": "ListItem", "position": 4, "item": {"@type": "Product", "name": "without an id"}},
            {"@type": "ListItem", "position": 5, "url": "/somewhere"}]}}"#;
        assert_eq!(
            products(list),
            [
                r#"{"item_id":"b-7","item_name":"Fell boots","item_brand":"Fell","item_category":"boots","price":"129.00","url":"/boots/b-7","image":"/img/b-7.jpg","in_stock":true}"#,
                r#"{"item_id":"b-8","image":"/img/b-8.jpg","in_stock":false}"#,
            ]
        );
    }

    #[test]
    fn markup_without_products_and_markup_without_end_are_no_catalogue() {
        assert_eq!(products(r#"{"@type": "Article", "headline": "Lacing"}"#), [""; 0]);
        let nested = [r#"{"itemListElement":"#.repeat(50), "{}".to_owned(), "}".repeat(50)].concat();
        assert_eq!(products(&nested), [""; 0]);
        let many: Vec<String> =
            (0..500).map(|n| format!(r#"{{"@type": "Product", "sku": "{n}", "name": "{n}"}}"#)).collect();
        assert_eq!(products(&format!("[{}]", many.join(","))).len(), THINGS);
    }
}
