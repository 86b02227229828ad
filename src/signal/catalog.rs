//! The one product or article that a page is about, as its own markup says: JSON-LD, microdata or Open Graph.
//!
//! Sources: schema.org, `Product`, `ProductGroup`, `Article` and `BreadcrumbList`; Google Search Central, "Product
//! structured data"; ogp.me. Shops emit all of it in many shapes: lists, `@graph`, references by `@id`, prices as
//! text, the same product twice.

mod graph;
mod open_graph;
mod products;

use super::event::{Event, name};
use crate::host::Host;
use crate::value::{Object, Value};
use graph::{Graph, each, type_name};

/// The most levels of a category, as in GA4.
const CATEGORIES: usize = 5;
/// The most tags of an article.
const TAGS: usize = 10;

/// Types of what is for sale.
const PRODUCTS: [&str; 6] = ["Product", "ProductGroup", "IndividualProduct", "ProductModel", "SomeProducts", "Vehicle"];
/// Types of what is read, watched or visited.
const ARTICLES: [&str; 8] =
    ["Article", "NewsArticle", "BlogPosting", "TechArticle", "Recipe", "Event", "Course", "Report"];

/// The properties of microdata that are read.
pub const PROPERTIES: [&str; 26] = [
    "sku",
    "productID",
    "productGroupID",
    "gtin",
    "gtin8",
    "gtin12",
    "gtin13",
    "gtin14",
    "mpn",
    "name",
    "headline",
    "url",
    "brand",
    "manufacturer",
    "category",
    "offers",
    "price",
    "lowPrice",
    "priceSpecification",
    "priceCurrency",
    "articleSection",
    "keywords",
    "itemListElement",
    "item",
    "position",
    "isFamilyFriendly",
];

/// What a page says of itself.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Markup {
    /// The contents of its JSON-LD scripts.
    pub json_ld: Vec<Value>,
    /// Its microdata, in the shape of JSON-LD.
    pub microdata: Vec<Value>,
    /// The properties of its `meta` elements, such as `og:type`, in their order.
    pub properties: Vec<(String, String)>,
    /// The address that it says is its own; empty where it says none.
    pub canonical: String,
}

impl Markup {
    /// The page's main product or article, as a `view_item`; `None` where the markup names none, or several and
    /// none of them by this page's address. A price in another currency than the site's is left out.
    ///
    /// ```
    /// use tailorbird::host::Native;
    /// use tailorbird::signal::catalog::Markup;
    /// use tailorbird::value::Object;
    ///
    /// let boots = Object::new().with("@type", "Product").with("sku", "b-7").with("category", "Boots");
    /// let markup = Markup { json_ld: vec![boots.into()], ..Markup::default() };
    /// let event = markup.main_item("https://shop.example/boots", "EUR", &Native).unwrap();
    /// assert_eq!((event.name.as_str(), event.items[0].id.as_str()), ("view_item", "b-7"));
    /// ```
    pub fn main_item(&self, address: &str, currency: &str, host: &dyn Host) -> Option<Event> {
        let page = Page { addresses: [&self.canonical, address].map(|own| Address::read(own, address, host)), host };
        let json_ld = Graph::read(&self.json_ld);
        let microdata = Graph::read(&self.microdata);
        let of_product = |graph: &Graph<'_>| {
            let product = graph.main(&PRODUCTS, &page)?;
            Some(graph.product(product, currency, &page))
        };
        let of_article = |graph: &Graph<'_>| Some(graph.article(graph.main(&ARTICLES, &page)?));
        let item = of_product(&json_ld)
            .or_else(|| of_product(&microdata))
            .or_else(|| self.open_graph_product(currency))
            .or_else(|| of_article(&json_ld))
            .or_else(|| of_article(&microdata))
            .or_else(|| self.open_graph_article())?;
        let event = Event::read(name::VIEW_ITEM, &Object::new().with("items", vec![item]).into(), host)?;
        (!event.items.is_empty()).then_some(event)
    }

    /// Whether a thing that the page is about is of such a type by its name in schema.org, or says that it is not for
    /// families.
    pub fn is_of(&self, is_such: impl Fn(&str) -> bool) -> bool {
        let graphs = [&self.json_ld, &self.microdata].map(|roots| Graph::read(roots));
        let mut things = graphs.iter().flat_map(|graph| &graph.top);
        things.any(|thing| {
            let for_families = thing.at("isFamilyFriendly");
            let is_not = *for_families == Value::Bool(false) || for_families.text().eq_ignore_ascii_case("false");
            is_not || each(thing.at("@type")).iter().any(|kind| is_such(type_name(kind)))
        })
    }
}

/// The page that the markup is on.
struct Page<'a> {
    /// The address that it says is its own, and the one it was reached by.
    addresses: [Option<Address>; 2],
    host: &'a dyn Host,
}

/// An address without what does not tell pages apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    page: String,
    params: String,
}

impl Address {
    /// Reads an address that may be relative to `base`.
    fn read(address: &str, base: &str, host: &dyn Host) -> Option<Address> {
        let parts = Some(address).filter(|address| !address.is_empty()).map(|address| host.address(address, base))?;
        let domain = parts.at("host").text();
        let path = parts.at("pathname").text().trim_end_matches('/');
        let page = format!("{}{path}", domain.strip_prefix("www.").unwrap_or(domain));
        (!domain.is_empty()).then(|| Address { page, params: parts.at("search").text().to_owned() })
    }
}

impl Page<'_> {
    /// How surely an address is this page's: 2 where it is the same, 1 where only its parameters differ.
    fn likeness(&self, address: &str) -> u32 {
        let base = self.addresses.iter().flatten().next().map_or(String::new(), |own| format!("https://{}", own.page));
        let Some(address) = Address::read(address, &base, self.host) else { return 0 };
        let same = self.addresses.iter().flatten().filter(|own| own.page == address.page);
        same.map(|own| if own.params == address.params { 2 } else { 1 }).max().unwrap_or(0)
    }
}

/// Whether a price in this currency is one in the site's, as far as both are stated.
fn is_currency(stated: &str, currency: &str) -> bool {
    stated.is_empty() || currency.is_empty() || stated.eq_ignore_ascii_case(currency)
}

fn set(item: &mut Object, key: &str, value: Option<&Value>) {
    if let Some(value) = value {
        item.set(key, value.clone());
    }
}

fn set_text(item: &mut Object, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        item.set(key, text);
    }
}

/// `item_category`, `item_category2` and so on: one name a level, or one path such as `Shoes > Boots`.
fn set_categories(item: &mut Object, names: Vec<&str>) {
    let path: Vec<&str> = match names.as_slice() {
        [one] => one.split('>').collect(),
        _ => names,
    };
    let levels = path.into_iter().map(str::trim).filter(|name| !name.is_empty()).take(CATEGORIES);
    for (index, level) in levels.enumerate() {
        let key = if index == 0 { "item_category".to_owned() } else { format!("item_category{}", index + 1) };
        item.set(&key, level);
    }
}

/// `item_tag`, from keywords that may stand in one text, between commas.
fn set_tags(item: &mut Object, keywords: &mut dyn Iterator<Item = &str>) {
    let tags = keywords.flat_map(|text| text.split(',')).map(str::trim).filter(|tag| !tag.is_empty());
    let tags: Vec<String> = tags.take(TAGS).map(str::to_owned).collect();
    if !tags.is_empty() {
        item.set("item_tag", tags);
    }
}

#[cfg(test)]
mod tests;
