//! The one product or article that a page is about, as its own markup says: JSON-LD, microdata or Open Graph.
//!
//! Sources: schema.org, `Product`, `ProductGroup`, `Article` and `BreadcrumbList`; Google Search Central, "Product
//! structured data"; ogp.me. Shops emit all of it in many shapes: lists, `@graph`, references by `@id`, prices as
//! text, the same product twice.

mod products;

use super::event::{Event, name};
use crate::host::Host;
use crate::value::{NULL, Object, Value};

/// The most things of one page that are looked at; more are ignored.
const THINGS: usize = 200;
/// How deep markup is read: `offers`, their `priceSpecification`, its `price`.
const DEPTH: usize = 8;
/// The last position of a breadcrumb that is read.
const CRUMBS: u32 = 20;
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

    /// The text of the first of these properties that the page has.
    fn property(&self, names: &[&str]) -> Option<&str> {
        let texts = |name: &&str| {
            let found = self.properties.iter().find(|(known, text)| known == name && !text.trim().is_empty());
            found.map(|(_, text)| text.trim())
        };
        names.iter().find_map(texts)
    }

    fn open_graph_product(&self, currency: &str) -> Option<Object> {
        self.property(&["og:type"]).filter(|kind| ["product", "og:product", "product.item"].contains(kind))?;
        let mut item = Object::new();
        set_text(
            &mut item,
            "item_id",
            self.property(&["product:retailer_item_id", "product:item_id", "og:sku", "og:url"]),
        );
        set_text(&mut item, "item_name", self.property(&["og:title"]));
        set_text(&mut item, "item_brand", self.property(&["product:brand", "og:brand"]));
        set_categories(&mut item, self.property(&["product:category", "og:category"]).into_iter().collect());
        let prices = [
            ("product:sale_price:amount", "product:sale_price:currency"),
            ("product:price:amount", "product:price:currency"),
            ("og:price:amount", "og:price:currency"),
        ];
        let price = prices.into_iter().find_map(|(amount, its_currency)| {
            Some((self.property(&[amount])?, self.property(&[its_currency]).unwrap_or_default()))
        });
        if let Some((amount, _)) = price.filter(|(_, stated)| is_currency(stated, currency)) {
            item.set("price", amount);
        }
        Some(item)
    }

    fn open_graph_article(&self) -> Option<Object> {
        self.property(&["og:type"]).filter(|kind| *kind == "article")?;
        let mut item = Object::new();
        set_text(&mut item, "item_id", self.property(&["og:url"]));
        set_text(&mut item, "item_name", self.property(&["og:title"]));
        set_categories(&mut item, self.property(&["article:section"]).into_iter().collect());
        let tags = self.properties.iter().filter(|(name, _)| name == "article:tag");
        set_tags(&mut item, &mut tags.map(|(_, tag)| tag.as_str()));
        Some(item)
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

/// The things that markup describes.
struct Graph<'a> {
    /// Those that stand by themselves: the page may be about them.
    top: Vec<&'a Value>,
}

impl<'a> Graph<'a> {
    fn read(roots: &'a [Value]) -> Graph<'a> {
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
    fn scalar(&self, thing: &'a Value, keys: &[&str]) -> Option<&'a Value> {
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
    fn main(&self, kinds: &[&str], page: &Page<'_>) -> Option<&'a Value> {
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

    fn product(&self, product: &'a Value, currency: &str, page: &Page<'_>) -> Object {
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

    fn article(&self, article: &'a Value) -> Object {
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
fn each(value: &Value) -> &[Value] {
    value.as_list().unwrap_or(core::slice::from_ref(value))
}

/// Whether a thing is of one of these types: `Product`, `["Product", "Vehicle"]`, `https://schema.org/Product`.
fn is_of(thing: &Value, kinds: &[&str]) -> bool {
    each(thing.at("@type")).iter().any(|kind| kinds.contains(&type_name(kind)))
}

fn type_name(kind: &Value) -> &str {
    kind.text().rsplit(['/', ':']).next().unwrap_or_default()
}

/// Whether a thing of one of these types is described here, and not merely named by its `@id`.
fn is_described(thing: &Value, kinds: &[&str]) -> bool {
    is_of(thing, kinds) && thing.as_object().is_some_and(|own| own.iter().any(|(key, _)| !key.starts_with('@')))
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
mod tests {
    use super::*;
    use crate::host::Native;

    const ADDRESS: &str = "https://shop.example/boots/kirkstone?colour=red";

    /// An item as `id tag=key ... price`; `none` where there is none.
    fn text(event: Option<Event>) -> String {
        let Some(item) = event.and_then(|event| event.items.into_iter().next()) else { return "none".to_owned() };
        let tags = item.tags.iter().filter(|tag| tag.dimension != "discount");
        let tags = tags.fold(item.id.clone(), |text, tag| format!("{text} {}={}", tag.dimension, tag.key));
        item.price.map_or(tags.clone(), |price| format!("{tags} {price}"))
    }

    fn in_json_ld(scripts: &[&str]) -> Markup {
        let json_ld = scripts.iter().map(|script| serde_json::from_str(script).unwrap()).collect();
        Markup { json_ld, ..Markup::default() }
    }

    fn main_item(markup: &Markup) -> String {
        text(markup.main_item(ADDRESS, "EUR", &Native))
    }

    fn check(scripts: &[&str], expected: &str, why: &str) {
        assert_eq!(main_item(&in_json_ld(scripts)), expected, "{why}");
    }

    #[test]
    fn a_product_is_read_in_the_shapes_that_shops_emit() {
        check(
            &[r#"{"@context": "https://schema.org/", "@type": "Product", "name": "Kirkstone", "sku": "b-7",
                "image": ["/b-7.jpg"], "brand": {"@type": "Brand", "name": "Fell"}, "category": "Boots",
                "offers": {"@type": "Offer", "price": "129.00", "priceCurrency": "EUR",
                           "availability": "https://schema.org/InStock"}}"#],
            "b-7 brand=Fell category=Boots 129",
            "a shop by the book",
        );
        check(
            &[r#"[{"@type": "Organization", "name": "Outdoor"}, {"@type": ["Product", "Thing"], "name": "Kirkstone",
                "productID": 4711, "brand": "Fell", "offers": [{"price": 129.5}, {"price": 140}]}]"#],
            "4711 brand=Fell 129.5",
            "a list of things, an id that is a number, several offers",
        );
        check(
            &[r##"{"@graph": [{"@type": "WebPage", "@id": "#page", "mainEntity": {"@id": "#p"}},
                {"@type": "Brand", "@id": "#fell", "name": "Fell"},
                {"@type": "Product", "@id": "#p", "gtin13": "4006381333931", "name": "Kirkstone",
                 "brand": {"@id": "#fell"}, "offers": {"@id": "#offer"}},
                {"@type": "Offer", "@id": "#offer",
                 "priceSpecification": [{"price": "129.00", "priceCurrency": "EUR"}, {"price": "159.00"}]}]}"##],
            "4006381333931 brand=Fell 129",
            "a graph of references",
        );
        check(
            &[r#"{"@type": "ProductGroup", "productGroupID": "k", "name": "Kirkstone", "brand": {"name": "Fell"},
                "hasVariant": [{"@type": "Product", "sku": "k-41", "name": "Kirkstone 41", "offers": {"price": "129"}},
                               {"@type": "Product", "sku": "k-42", "name": "Kirkstone 42"}]}"#],
            "k brand=Fell 129",
            "a group of variants",
        );
        check(
            &[r##"{"@graph": [{"@type": "ProductGroup", "@id": "#g", "productGroupID": "k", "name": "Kirkstone"},
                {"@type": "Product", "sku": "k-41", "name": "41", "isVariantOf": {"@id": "#g"}},
                {"@type": "Product", "sku": "k-42", "name": "42", "isVariantOf": {"@id": "#g"}}]}"##],
            "k",
            "a group beside its variants",
        );
        check(
            &[r#"{"@type": "http://schema.org/Product", "name": " Kirkstone ", "mpn": "K 7",
                "category": "Shoes > Boots > Hiking", "offers": {"@type": "AggregateOffer", "lowPrice": 99, "highPrice": 199}}"#],
            "K 7 category=Shoes category2=Boots category3=Hiking 99",
            "a path of categories, and offers in sum",
        );
        check(
            &[r#"{"@type": "Product", "name": "Kirkstone", "offers": {"price": 129, "priceCurrency": "CHF"}}"#],
            "Kirkstone",
            "a price in another currency says nothing",
        );
        check(
            &[r#"{"@type": "ItemPage", "mainEntity": {"@type": "Product", "sku": "b-7", "name": "Kirkstone"}}"#],
            "b-7",
            "what the page is about",
        );
    }

    #[test]
    fn breadcrumbs_tell_the_category_where_the_product_does_not() {
        let crumbs = r#"{"@type": "BreadcrumbList", "itemListElement": [
            {"@type": "ListItem", "position": 3, "name": "Kirkstone"},
            {"@type": "ListItem", "position": 1, "item": {"@id": "https://shop.example/", "name": "Outdoor"}},
            {"@type": "ListItem", "position": 2, "name": "Boots", "item": "https://shop.example/boots"}]}"#;
        let product = r#"{"@type": "Product", "sku": "b-7", "name": "Kirkstone"}"#;
        check(&[product, crumbs], "b-7 category=Boots", "without the home page and the product");
        let product = r#"{"@type": "Product", "sku": "b-7", "name": "Kirkstone", "category": ["Leather", "New"]}"#;
        check(&[product, crumbs], "b-7 category=Leather category2=New", "the product knows better");
        let texts = r#"{"@type": "BreadcrumbList", "itemListElement": [
            {"position": "10", "name": "Hiking"}, {"position": "9", "name": "Boots"}, {"position": "1", "name": "Home"}]}"#;
        check(
            &[r#"{"@type": "Product", "sku": "b-7", "name": "Kirkstone"}"#, texts],
            "b-7 category=Boots category2=Hiking",
            "positions that are texts, and a home page without an address",
        );
    }

    #[test]
    fn a_page_is_about_one_product_or_about_none() {
        let boots = r#"{"@type": "Product", "sku": "b-7", "name": "Kirkstone", "url": "/boots/kirkstone/"}"#;
        let tent = r#"{"@type": "Product", "sku": "t-1", "name": "Lodge", "url": "https://shop.example/tents/lodge"}"#;
        let stove = r#"{"@type": "Product", "sku": "s-1", "name": "Firefly"}"#;
        check(&[boots], "b-7", "the only one");
        check(&[tent], "t-1", "also where it has another address");
        check(&[boots, tent, stove], "b-7", "the one with the page's address");
        check(&[tent, stove], "none", "none of them has it");
        check(&[boots, boots, r#"{"@type": "Product", "name": "Kirkstone", "sku": "other"}"#], "b-7", "the same again");
        let list = format!(r#"{{"@type": "ItemList", "itemListElement": [{{"@type": "ListItem", "item": {boots}}}]}}"#);
        check(&[&list], "none", "a list is no product");
        check(&[&list, tent], "t-1", "and the product beside it is the only one");
        let similar =
            format!(r#"{{"@type": "Product", "sku": "s-1", "name": "Firefly", "isRelatedTo": [{boots}, {tent}]}}"#);
        check(&[&similar], "s-1", "similar ones are not what the page is about");
        let by_colour = |colour| {
            format!(r#"{{"@type": "Product", "sku": "{colour}", "name": "{colour}", "url": "?colour={colour}"}}"#)
        };
        check(&[&by_colour("blue"), &by_colour("red")], "red", "the same address to its parameters");
        for nothing in ["{}", "[]", "7", "null", r#"{"@type": "Product"}"#, r##"{"@type": "Product", "@id": "#p"}"##] {
            check(&[nothing], "none", nothing);
        }
        let canonical =
            Markup { canonical: "https://shop.example/tents/lodge".to_owned(), ..in_json_ld(&[stove, tent]) };
        assert_eq!(main_item(&canonical), "t-1", "the address that the page says is its own");
    }

    #[test]
    fn an_article_has_a_section_and_tags() {
        let article = r#"{"@type": "BlogPosting", "headline": "Lacing", "@id": "/guide/lacing",
            "articleSection": ["Guide", "Boots"], "keywords": "laces, care,"}"#;
        check(&[article], "/guide/lacing category=Guide tag=laces tag=care", "an article");
        let review = r#"{"@type": "Product", "sku": "b-7", "name": "Kirkstone"}"#;
        check(&[article, review], "b-7", "a product comes first");
        let other = r#"{"@type": "Product", "sku": "b-8", "name": "Brant"}"#;
        check(&[article, review, other], "/guide/lacing category=Guide tag=laces tag=care", "an article about several");
    }

    #[test]
    fn microdata_and_open_graph_speak_where_json_ld_does_not() {
        let properties = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Vec<_>>()
        };
        let mut markup = Markup {
            properties: properties(&[
                ("og:type", "product"),
                ("og:title", "Kirkstone"),
                ("og:url", "https://shop.example/boots/kirkstone"),
                ("product:retailer_item_id", "og-7"),
                ("product:brand", "Fell"),
                ("product:category", "Shoes > Boots"),
                ("product:price:amount", "129.00"),
                ("product:price:currency", "EUR"),
            ]),
            ..Markup::default()
        };
        assert_eq!(main_item(&markup), "og-7 brand=Fell category=Shoes category2=Boots 129");
        markup.microdata =
            in_json_ld(&[r#"{"@type": "https://schema.org/Product", "sku": "m-7", "name": "Kirkstone"}"#]).json_ld;
        assert_eq!(main_item(&markup), "m-7", "microdata comes before Open Graph");
        markup.json_ld = in_json_ld(&[r#"{"@type": "Product", "sku": "j-7", "name": "Kirkstone"}"#]).json_ld;
        assert_eq!(main_item(&markup), "j-7", "JSON-LD comes first");
        let article = Markup {
            properties: properties(&[
                ("og:type", "article"),
                ("og:url", "/guide/lacing"),
                ("article:section", "Guide"),
                ("article:tag", "laces"),
                ("article:tag", "care"),
            ]),
            ..Markup::default()
        };
        assert_eq!(main_item(&article), "/guide/lacing category=Guide tag=laces tag=care");
        let website =
            Markup { properties: properties(&[("og:type", "website"), ("og:title", "Shop")]), ..Markup::default() };
        assert_eq!(main_item(&website), "none");
    }

    #[test]
    fn markup_that_goes_in_circles_or_on_for_ever_ends() {
        check(
            &[r##"{"@graph": [{"@type": "Product", "@id": "#a", "sku": "a", "name": {"@id": "#b"}},
                {"@type": "Thing", "@id": "#b", "name": {"@id": "#a"}}]}"##],
            "a",
            "a circle",
        );
        let nested = [r#"{"mainEntity":"#.repeat(50), "{}".to_owned(), "}".repeat(50)].concat();
        check(&[&nested], "none", "depth");
        let many: Vec<String> =
            (0..500).map(|n| format!(r#"{{"@type": "Product", "sku": "{n}", "name": "{n}"}}"#)).collect();
        check(&[&format!("[{}]", many.join(","))], "none", "number");
    }
}
