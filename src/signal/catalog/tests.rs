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
    let by_colour =
        |colour| format!(r#"{{"@type": "Product", "sku": "{colour}", "name": "{colour}", "url": "?colour={colour}"}}"#);
    check(&[&by_colour("blue"), &by_colour("red")], "red", "the same address to its parameters");
    for nothing in ["{}", "[]", "7", "null", r#"{"@type": "Product"}"#, r##"{"@type": "Product", "@id": "#p"}"##] {
        check(&[nothing], "none", nothing);
    }
    let canonical = Markup { canonical: "https://shop.example/tents/lodge".to_owned(), ..in_json_ld(&[stove, tent]) };
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
