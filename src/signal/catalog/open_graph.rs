//! What Open Graph says of the page: one thing, in `meta` elements.

use super::{Markup, is_currency, set_categories, set_tags, set_text};
use crate::value::Object;

impl Markup {
    /// The text of the first of these properties that the page has.
    fn property(&self, names: &[&str]) -> Option<&str> {
        let texts = |name: &&str| {
            let found = self.properties.iter().find(|(known, text)| known == name && !text.trim().is_empty());
            found.map(|(_, text)| text.trim())
        };
        names.iter().find_map(texts)
    }

    pub(super) fn open_graph_product(&self, currency: &str) -> Option<Object> {
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

    pub(super) fn open_graph_article(&self) -> Option<Object> {
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
