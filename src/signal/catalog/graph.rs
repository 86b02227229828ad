//! What JSON-LD and microdata describe: things that refer to each other.

use super::{Page, is_currency, set, set_categories, set_tags};
use crate::value::{NULL, Object, Value};

/// The most things of one page that are looked at; more are ignored.
pub(super) const THINGS: usize = 200;
/// How deep markup is read: `offers`, their `priceSpecification`, its `price`.
pub(super) const DEPTH: usize = 8;
/// The last position of a breadcrumb that is read.
const CRUMBS: u32 = 20;

/// The things that markup describes.
pub(super) struct Graph<'a> {
    /// Those that stand by themselves: the page may be about them.
    pub(super) top: Vec<&'a Value>,
}

impl<'a> Graph<'a> {
    pub(super) fn read(roots: &'a [Value]) -> Graph<'a> {
        let mut graph = Graph { top: Vec::new() };
        for root in roots {
            graph.add(root, 0);
        }
        graph
    }

    /// Adds a thing, what it is a graph of, and what it is about. Not what it merely mentions: the items of a list,
    /// and similar products.
    fn add(&mut self, value: &'a Value, depth: usize) {
        if depth > DEPTH || self.top.len() >= THINGS {
            return;
        }
        for thing in each(value) {
            if self.top.len() < THINGS && thing.as_object().is_some() {
                self.top.push(thing);
                for key in ["@graph", "mainEntity", "mainEntityOfPage", "breadcrumb"] {
                    self.add(thing.at(key), depth + 1);
                }
            }
        }
    }

    /// The thing that is referred to, `{"@id": "#brand"}`, or the value itself.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        let reference = value.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("@id"));
        let found = reference.and_then(|id| {
            self.top.iter().find(|thing| thing.at("@id") == id && thing.as_object().is_some_and(|own| own.len() > 1))
        });
        found.copied().unwrap_or(value)
    }

    /// The text or number under the first of these keys that has one; of a thing, its name.
    pub(super) fn scalar(&self, thing: &'a Value, keys: &[&str]) -> Option<&'a Value> {
        keys.iter().find_map(|key| self.first_scalar(thing.at(key), 0))
    }

    fn first_scalar(&self, value: &'a Value, depth: usize) -> Option<&'a Value> {
        if depth > DEPTH {
            return None;
        }
        match self.resolve(value) {
            found @ Value::Text(text) if !text.trim().is_empty() => Some(found),
            found @ Value::Number(_) => Some(found),
            Value::List(items) => items.iter().find_map(|item| self.first_scalar(item, depth + 1)),
            thing @ Value::Object(_) => {
                ["@value", "name"].into_iter().find_map(|key| self.first_scalar(thing.at(key), depth + 1))
            }
            _ => None,
        }
    }

    fn text(&self, thing: &'a Value, keys: &[&str]) -> Option<&'a str> {
        self.scalar(thing, keys).and_then(Value::as_text).map(str::trim)
    }

    /// The one thing of these types that the page is about: the only one, or the only one with the page's address.
    pub(super) fn main(&self, kinds: &[&str], page: &Page<'_>) -> Option<&'a Value> {
        let mut found: Vec<&'a Value> = Vec::new();
        for thing in &self.top {
            // A theme and a plugin may describe the same product. Variants of a group are not the group.
            let is_known = |known: &&Value| self.is_same(known, thing);
            if is_described(thing, kinds) && thing.get("isVariantOf").is_none() && !found.iter().any(is_known) {
                found.push(thing);
            }
        }
        if found.is_empty() {
            // Variants whose group stands nowhere.
            found = self.top.iter().copied().filter(|thing| is_described(thing, kinds)).take(2).collect();
        }
        if let [only] = found.as_slice() {
            return Some(only);
        }
        let likeness = |thing: &&'a Value| {
            let urls = [thing.at("url"), thing.at("@id"), thing.at("offers").at("url"), thing.at("mainEntityOfPage")];
            let texts = urls.map(|url| if url.as_object().is_some() { url.at("@id").text() } else { url.text() });
            texts.into_iter().map(|url| page.likeness(url)).max().unwrap_or(0)
        };
        let most = found.iter().map(likeness).max().filter(|most| *most > 0)?;
        let mut best = found.into_iter().filter(|thing| likeness(thing) == most);
        let only = best.next();
        only.filter(|_| best.next().is_none())
    }

    /// Whether two things say that they are the same.
    fn is_same(&self, one: &'a Value, other: &'a Value) -> bool {
        ["sku", "productID", "productGroupID", "@id", "name", "headline"].into_iter().any(|key| {
            let (one, other) = (self.scalar(one, &[key]), self.scalar(other, &[key]));
            one.is_some() && one == other
        })
    }

    pub(super) fn product(&self, product: &'a Value, currency: &str, page: &Page<'_>) -> Object {
        let mut item = Object::new();
        let ids = ["sku", "productID", "productGroupID", "gtin", "gtin14", "gtin13", "gtin12", "gtin8", "mpn", "@id"];
        set(&mut item, "item_id", self.scalar(product, &ids));
        set(&mut item, "item_name", self.scalar(product, &["name"]));
        set(&mut item, "item_brand", self.scalar(product, &["brand", "manufacturer"]));
        let categories: Vec<&str> =
            each(product.at("category")).iter().filter_map(|one| self.first_scalar(one, 0)?.as_text()).collect();
        if categories.is_empty() {
            set_categories(&mut item, self.breadcrumbs(product, page));
        } else {
            set_categories(&mut item, categories);
        }
        let offers = if product.get("offers").is_some() {
            product
        } else {
            each(product.at("hasVariant")).first().unwrap_or(&NULL)
        };
        set(&mut item, "price", self.price(offers, currency));
        item
    }

    /// The price of the first offer that has one.
    fn price(&self, product: &'a Value, currency: &str) -> Option<&'a Value> {
        for offer in each(product.at("offers")).iter().take(THINGS).map(|offer| self.resolve(offer)) {
            for terms in [offer].into_iter().chain(each(offer.at("priceSpecification"))) {
                let stated = self.text(terms, &["priceCurrency"]).or_else(|| self.text(offer, &["priceCurrency"]));
                let price = self.scalar(terms, &["price", "lowPrice"]);
                if price.is_some() && is_currency(stated.unwrap_or_default(), currency) {
                    return price;
                }
            }
        }
        None
    }

    /// The names on the way to this page, from the top, without the home page and the page itself.
    fn breadcrumbs(&self, product: &'a Value, page: &Page<'_>) -> Vec<&'a str> {
        let Some(list) = self.top.iter().find(|thing| is_of(thing, &["BreadcrumbList"])) else { return Vec::new() };
        let position = |crumb: &Value| match crumb.at("position") {
            Value::Text(text) => page.host.number_of(text),
            other => other.number(),
        };
        let crumbs = each(list.at("itemListElement"));
        let own_name = self.text(product, &["name"]);
        let url = |crumb: &'a Value| {
            let item = crumb.at("item");
            let texts = [item, item.at("@id"), item.at("url"), crumb.at("url")].map(Value::text);
            texts.into_iter().find(|url| !url.is_empty()).unwrap_or_default()
        };
        let is_home = |crumb: &'a Value, name: &str| {
            let path = page.host.address(url(crumb), "https://site.invalid/a/a");
            name.eq_ignore_ascii_case("home") || (!url(crumb).is_empty() && path.at("pathname").text() == "/")
        };
        let mut names = Vec::new();
        for place in 0..=CRUMBS {
            for crumb in crumbs.iter().filter(|crumb| position(crumb) == f64::from(place)) {
                let Some(name) = self.text(crumb, &["name", "item"]) else { continue };
                let is_page = Some(name) == own_name || page.likeness(url(crumb)) == 2;
                if !is_page && !is_home(crumb, name) {
                    names.push(name);
                }
            }
        }
        names
    }

    pub(super) fn article(&self, article: &'a Value) -> Object {
        let mut item = Object::new();
        set(&mut item, "item_id", self.scalar(article, &["@id", "url", "identifier"]));
        set(&mut item, "item_name", self.scalar(article, &["headline", "name"]));
        let sections = ["articleSection", "recipeCategory", "category"].into_iter();
        let section = sections.filter_map(|key| self.text(article, &[key])).next();
        set_categories(&mut item, section.into_iter().collect());
        set_tags(&mut item, &mut each(article.at("keywords")).iter().filter_map(Value::as_text));
        item
    }
}

/// Each item of a list, or the value itself.
pub(super) fn each(value: &Value) -> &[Value] {
    value.as_list().unwrap_or(core::slice::from_ref(value))
}

/// Whether a thing is of one of these types: `Product`, `["Product", "Vehicle"]`, `https://schema.org/Product`.
pub(super) fn is_of(thing: &Value, kinds: &[&str]) -> bool {
    each(thing.at("@type")).iter().any(|kind| kinds.contains(&type_name(kind)))
}

pub(super) fn type_name(kind: &Value) -> &str {
    kind.text().rsplit(['/', ':']).next().unwrap_or_default()
}

/// Whether a thing of one of these types is described here, and not merely named by its `@id`.
pub(super) fn is_described(thing: &Value, kinds: &[&str]) -> bool {
    is_of(thing, kinds) && thing.as_object().is_some_and(|own| own.iter().any(|(key, _)| !key.starts_with('@')))
}
