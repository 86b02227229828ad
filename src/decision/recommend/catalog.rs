//! What can be recommended, in the names of GA4 items: the section `catalog` of the config, or the products of a page.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::profile::rules::Rules;
use crate::reader::Reader;
use crate::signal::event::{Tag, amount};
use crate::value::{Object, Value};

/// The most items.
pub const ITEMS: usize = 3_000;
/// The most fields of an item.
const FIELDS: usize = 40;
/// The most texts of a field that is a list.
const LIST: usize = 20;
/// The most characters of a text.
const CHARS: usize = 2_000;

/// What can be recommended, in the order of the config.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Catalog {
    items: Vec<CatalogItem>,
    /// The ids and places of the items, sorted: items are looked up by id many times for each decision.
    by_id: Vec<(String, usize)>,
    /// The tags of all items, sorted, each once.
    tags: Vec<Tag>,
}

/// One item.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogItem {
    /// Its `item_id`.
    pub id: String,
    /// Everything that is written of it: what conditions and templates read.
    pub fields: Arc<Value>,
    /// What it is, in the dimensions of interests.
    pub tags: KnownTags,
    /// Its price, where it has one.
    pub price: Option<f64>,
    /// How popular it is, 0 to 1.
    pub popularity: f64,
    /// Whether it can be had: `in_stock` is not `false`.
    pub in_stock: bool,
}

/// What an item is, by the tags of a catalogue: numbers are compared faster than texts, and most items share their tags.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct KnownTags {
    /// The place of each tag in [`Catalog::tags`], in the order of the item; those that no item of the catalogue has are
    /// left out.
    places: Vec<usize>,
    /// How many tags the item has, those left out included.
    count: usize,
}

impl KnownTags {
    /// The place of each tag in [`Catalog::tags`].
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// How much of what either of two items is both are: the shared tags by all tags, 0 to 1. At least one of the items is
    /// of the catalogue.
    ///
    /// Source: Jaccard (1912), "The distribution of the flora in the alpine zone".
    #[allow(clippy::cast_precision_loss, reason = "items have few tags")]
    pub fn likeness(&self, other: &KnownTags) -> f64 {
        let shared = self.places.iter().filter(|place| other.places.contains(place)).count();
        let all = self.count.saturating_add(other.count).saturating_sub(shared);
        if all == 0 { 0.0 } else { shared as f64 / all as f64 }
    }
}

impl Catalog {
    /// Reads the list at `at`; items with a problem are left out, and sensitive ones without one.
    pub fn read(at: &Reader<'_>, rules: &Rules) -> Catalog {
        let mut items: Vec<(CatalogItem, Vec<Tag>)> = Vec::new();
        // The place of the first item with an id.
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let written = at.or_default(&[][..], |at| at.items(0..=ITEMS));
        for (index, item) in written.iter().enumerate() {
            let here = at.item(index, item);
            let id = item.at("item_id").as_text().unwrap_or_default();
            let earlier = *first.entry(id).or_insert(index);
            let read = CatalogItem::read(&here, rules);
            if earlier == index || id.is_empty() {
                items.extend(read.filter(|(_, tags)| !rules.sensitive.has_tag(tags)));
            } else {
                let also = at.item(earlier, item).path();
                here.field("item_id").problem(format!("a duplicate id \"{id}\", also {also}"), None);
            }
        }
        Catalog::of(items)
    }

    /// Whether there is nothing to recommend.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All items.
    pub fn items(&self) -> &[CatalogItem] {
        &self.items
    }

    /// The tags of all items, sorted, each once.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// These tags, by those of the catalogue.
    pub fn known(&self, tags: &[Tag]) -> KnownTags {
        let places = tags.iter().filter_map(|tag| self.tags.binary_search(tag).ok()).collect();
        KnownTags { places, count: tags.len() }
    }

    /// The catalogue of a page, as [`Markup::products`](crate::signal::catalog::Markup::products) gives it.
    pub fn of_page(products: Vec<Object>, rules: &Rules) -> Catalog {
        let items = products.into_iter().filter_map(|product| CatalogItem::of_page(product, rules));
        Catalog::of(items.filter(|(_, tags)| !rules.sensitive.has_tag(tags)).collect())
    }

    /// Of items, each with its tags.
    fn of(items: Vec<(CatalogItem, Vec<Tag>)>) -> Catalog {
        let mut tags: Vec<Tag> = items.iter().flat_map(|(_, tags)| tags).cloned().collect();
        tags.sort_unstable();
        tags.dedup();
        let mut catalog = Catalog { items: Vec::new(), by_id: Vec::new(), tags };
        for (place, (item, tags)) in items.into_iter().enumerate() {
            let tags = catalog.known(&tags);
            catalog.by_id.push((item.id.clone(), place));
            catalog.items.push(CatalogItem { tags, ..item });
        }
        catalog.by_id.sort_unstable();
        catalog
    }

    /// The item with this id.
    pub fn get(&self, id: &str) -> Option<&CatalogItem> {
        self.find(id).map(|(_, item)| item)
    }

    /// The item with this id, and its place in [`items`](Catalog::items).
    pub fn find(&self, id: &str) -> Option<(usize, &CatalogItem)> {
        let found = self.by_id.binary_search_by(|(known, _)| known.as_str().cmp(id)).ok()?;
        let (_, place) = self.by_id.get(found)?;
        Some((*place, self.items.get(*place)?))
    }

    /// By the place of each item, whether it is none of these.
    pub fn without(&self, ids: &[&str]) -> Vec<bool> {
        let mut kept: Vec<bool> = self.items.iter().map(|_| true).collect();
        for (place, _) in ids.iter().filter_map(|id| self.find(id)) {
            if let Some(kept) = kept.get_mut(place) {
                *kept = false;
            }
        }
        kept
    }
}

impl CatalogItem {
    /// Reads an item, and its tags.
    fn read(at: &Reader<'_>, rules: &Rules) -> Option<(CatalogItem, Vec<Tag>)> {
        let fields = at.object()?;
        if fields.len() > FIELDS {
            at.expected(&format!("an item with at most {FIELDS} fields"));
            return None;
        }
        let id = at.field("item_id").text_within(1..=120);
        let price = at.field("price").optional(|at| at.number(0.0..=1e9));
        let popularity = at.number_or("popularity", 0.0, 0.0..=1.0);
        let in_stock = at.bool_or("in_stock", true);
        let mut sound = true;
        for (key, value) in fields.iter() {
            let below = at.field(key);
            sound &= match value {
                Value::Text(_) => below.text_within(0..=CHARS).is_some(),
                Value::List(_) => below.list(0..=LIST, |at| at.text_within(0..=CHARS).map(drop)).is_some(),
                Value::Object(_) | Value::Cut => {
                    below.expected("a text, a number, true, false or a list of texts");
                    false
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => true,
            };
        }
        let (id, price, popularity, in_stock) = (id?.to_owned(), price?, popularity?, in_stock?);
        let item = || CatalogItem {
            id,
            fields: Arc::new(fields.clone().into()),
            tags: KnownTags::default(),
            price,
            popularity,
            in_stock,
        };
        sound.then(|| (item(), tags(fields, rules)))
    }

    /// A product of a page, and its tags.
    fn of_page(product: Object, rules: &Rules) -> Option<(CatalogItem, Vec<Tag>)> {
        let id = product.get("item_id")?.as_text()?.to_owned();
        let price = product.get("price").and_then(amount);
        let in_stock = product.get("in_stock").and_then(Value::as_bool).unwrap_or(true);
        let tags = tags(&product, rules);
        // As a number, whatever the markup had: conditions compare it, and templates format it.
        let product = product.with("price", price);
        let known = KnownTags::default();
        Some((
            CatalogItem { id, fields: Arc::new(product.into()), tags: known, price, popularity: 0.0, in_stock },
            tags,
        ))
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        self.fields.at("item_name").as_text().unwrap_or(&self.id)
    }
}

/// `item_category: "boots"` is the tag `category: boots`, in the dimensions that the rules keep, and in any other where
/// it is sensitive.
fn tags(fields: &Object, rules: &Rules) -> Vec<Tag> {
    let mut tags = Vec::new();
    for (key, value) in fields.iter() {
        let dimension = key.strip_prefix("item_").unwrap_or(key);
        let values = value.as_list().unwrap_or(core::slice::from_ref(value));
        let is_kept = |key: &&str| rules.keeps(dimension) || rules.sensitive.has_term(key);
        let kept = values.iter().filter_map(Value::as_text).map(str::trim).filter(is_kept);
        tags.extend(kept.map(|key| Tag::new(dimension, key)));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::read;

    fn catalog(json: &str, rules: &Rules) -> (Catalog, Vec<String>) {
        let written: Value = serde_json::from_str(json).unwrap();
        let problems = std::cell::RefCell::default();
        let catalog = Catalog::read(&Reader::root(&written, &problems), rules);
        (catalog, problems.into_inner().lines())
    }

    #[test]
    fn an_item_is_what_its_fields_say() {
        let json = r#"[{"item_id": "b-7", "item_name": "Fell", "item_category": ["boots", "sale"], "item_brand": "Fell",
            "price": 129, "colour": "red", "in_stock": false, "popularity": 0.5}]"#;
        let (catalog, problems) = catalog(json, &Rules::default());
        assert_eq!(problems, [""; 0]);
        let item = catalog.get("b-7").unwrap();
        let tags: Vec<&Tag> = item.tags.places().iter().map(|place| &catalog.tags()[*place]).collect();
        let (category, brand) = (|key| Tag::new("category", key), Tag::new("brand", "Fell"));
        assert_eq!(tags, [&category("boots"), &category("sale"), &brand]);
        assert_eq!((item.price, item.popularity, item.in_stock, item.name()), (Some(129.0), 0.5, false, "Fell"));
        assert_eq!(catalog.get("b-8"), None);
    }

    #[test]
    fn sensitive_items_are_not_recommended() {
        let rules = Rules::default();
        let json = r#"[{"item_id": "a", "kind": "Health"}, {"item_id": "b", "item_category": "boots"}]"#;
        let (catalog, problems) = catalog(json, &rules);
        assert_eq!((catalog.items().len(), problems), (1, Vec::new()));
    }

    #[test]
    fn what_is_wrong_with_an_item_is_said_and_costs_that_item() {
        let json = r#"[{"item_id": "a"}, {"item_name": "no id"}, {"item_id": "b", "price": "9"}, {"item_id": "a"},
            {"item_id": "c", "in": {"deep": 1}}]"#;
        let (catalog, problems) = catalog(json, &Rules::default());
        assert_eq!(catalog.items().len(), 1);
        assert_eq!(problems.len(), 4, "{problems:#?}");
    }

    #[test]
    fn likeness_is_the_share_of_common_tags() {
        let json = r#"[{"item_id": "a", "item_category": "boots", "item_brand": "Fell"},
            {"item_id": "b", "item_category": "boots", "item_brand": "Moor"}, {"item_id": "c"}]"#;
        let (catalog, _) = catalog(json, &Rules::default());
        let [a, b, c] = catalog.items() else { panic!("{catalog:?}") };
        let like = |one: &CatalogItem, other: &CatalogItem| one.tags.likeness(&other.tags);
        assert_eq!((like(a, b), like(a, a), like(a, c), like(c, c)), (1.0 / 3.0, 1.0, 0.0, 0.0));
        let elsewhere = catalog.known(&[Tag::new("category", "boots"), Tag::new("colour", "red")]);
        assert_eq!(a.tags.likeness(&elsewhere), 1.0 / 3.0, "a tag that no item of the catalogue has counts as well");
        assert!(read(&Value::Null, |at| Catalog::read(at, &Rules::default())).is_err(), "no list");
    }
}
