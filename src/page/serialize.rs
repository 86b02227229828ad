//! What slots show, as `www/page` takes it: `Show` and `Change` in `www/page/boundary.ts`.
//!
//! What is not there is `null`, and not left out: what is missing would be read from `Object.prototype`.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Show;
use super::content::{Change, ChangeKind, Fragment};

impl Serialize for Show {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("slot", &self.slot)?;
        map.serialize_entry("variant", &self.variant)?;
        map.serialize_entry("changes", &self.changes.as_deref())?;
        map.end()
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let (kind, selector) = self.kind.name_and_selector();
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("selector", selector)?;
        match &self.kind {
            ChangeKind::Text { text, .. } => map.serialize_entry("text", text)?,
            ChangeKind::Attributes { attributes, .. } => map.serialize_entry("attributes", &Named(attributes))?,
            ChangeKind::Class { add, remove, .. } => {
                map.serialize_entry("add", add)?;
                map.serialize_entry("remove", remove)?;
            }
            ChangeKind::Style { properties, .. } => map.serialize_entry("style", &Named(properties))?,
            ChangeKind::Css(css) => map.serialize_entry("css", css)?,
            ChangeKind::Html { html, .. } => map.serialize_entry("html", html)?,
            ChangeKind::Insert { place, fragment } => {
                let (html, template) = match fragment {
                    Fragment::Html(html) => (Some(html), None),
                    Fragment::Template(template) => (None, Some(template)),
                };
                map.serialize_entry("position", place.position.name())?;
                map.serialize_entry("html", &html)?;
                map.serialize_entry("template", &template)?;
            }
            ChangeKind::Move { elements, place } => {
                map.serialize_entry("position", place.position.name())?;
                map.serialize_entry("elements", elements)?;
            }
            ChangeKind::Items { template, items } => {
                map.serialize_entry("template", template)?;
                map.serialize_entry("items", items)?;
            }
            ChangeKind::Hide { .. } => {}
            ChangeKind::Image { attributes, .. } => map.serialize_entry("image", &Named(attributes))?,
        }
        map.end()
    }
}

impl ChangeKind {
    fn name_and_selector(&self) -> (&'static str, &str) {
        match self {
            ChangeKind::Text { selector, .. } => ("text", selector),
            ChangeKind::Attributes { selector, .. } => ("attributes", selector),
            ChangeKind::Class { selector, .. } => ("class", selector),
            ChangeKind::Style { selector, .. } => ("style", selector),
            ChangeKind::Css(_) => ("css", ""),
            ChangeKind::Html { selector, .. } => ("html", selector),
            ChangeKind::Insert { place, .. } => ("insert", &place.selector),
            ChangeKind::Move { place, .. } => ("move", &place.selector),
            ChangeKind::Items { .. } => ("items", ""),
            ChangeKind::Hide { selector } => ("hide", selector),
            ChangeKind::Image { selector, .. } => ("image", selector),
        }
    }
}

/// Pairs of names and values as a map.
struct Named<'a, N, V>(&'a [(N, V)]);

impl<N: Serialize, V: Serialize> Serialize for Named<'_, N, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
