//! What the page says of itself in JSON-LD, microdata and Open Graph: collected here, judged by the core.

use core::cell::Cell;

use js_sys::{JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, NodeList};

use super::callback::{Callback, Handled};
use super::convert::from_js;
use super::entry::Entry;
use super::sensitive;
use super::shell::Shell;
use super::timer::{Timer, when_idle};
use crate::signal::Signal;
use crate::signal::capture::Captured;
use crate::signal::catalog::{Markup, PROPERTIES};
use crate::value::{Object, Value};

/// How long a page view has to put its markup in place, and the site to send events itself.
const SETTLED_MS: f64 = 2_000.0;
/// How long a busy browser may take until the markup is read.
const IDLE_MS: f64 = 1_000.0;
/// The longest script that is read, in bytes, and how many of them.
const SCRIPT: usize = 64_000;
const SCRIPTS: u32 = 20;
/// The most elements of each other kind that are read.
const ELEMENTS: u32 = 200;
/// The most characters of a text in the page.
const TEXT: usize = 300;
/// How deep microdata is read: a product, its offers, their terms.
const DEPTH: u32 = 4;

/// Reads the markup of a page view once, when it had time to be there.
pub(super) struct MarkupReader {
    settled: Timer,
    /// Whether that of this page view is to be read yet.
    is_due: Cell<bool>,
}

impl MarkupReader {
    /// Without the catalogue only the signal is sent: the core knows what was searched for.
    pub(super) fn new(shell: &Shell, document: &Document, reads_catalog: bool) -> Result<MarkupReader, JsValue> {
        let page = document.clone();
        let idle = shell.callback(Entry::Timer, move |shell, _| match shell.page() {
            Some(own) => own.capture.read_markup(shell, &page, reads_catalog),
            None => Ok(()),
        })?;
        Ok(MarkupReader { settled: settled(shell, idle)?, is_due: Cell::new(false) })
    }

    /// A page view has begun.
    pub(super) fn on_page_view(&self) -> Handled {
        self.is_due.set(true);
        self.settled.start(SETTLED_MS)
    }

    /// The tab became visible.
    pub(super) fn on_visible(&self) -> Handled {
        if self.is_due.get() { self.settled.start(SETTLED_MS) } else { Ok(()) }
    }

    /// Reads it now, unless nobody looks at the page, or it is still coming.
    pub(super) fn read(&self, shell: &Shell, document: &Document, reads_catalog: bool) -> Handled {
        if document.hidden() || !self.is_due.get() {
            return Ok(());
        }
        // An element of the page may hide this property.
        let state = Reflect::get(document, &"readyState".into()).ok().and_then(|state| state.as_string());
        if state.as_deref() == Some("loading") {
            return self.settled.start(SETTLED_MS);
        }
        self.is_due.set(false);
        if sensitive::is_page(document) {
            return Ok(());
        }
        shell.catch_up()?;
        let markup = if reads_catalog { read(document) } else { Markup::default() };
        shell.send(Signal::Captured(Captured::Markup(markup)))
    }
}

fn settled(shell: &Shell, idle: Callback) -> Result<Timer, JsValue> {
    shell.timer(move |_| when_idle(&idle, IDLE_MS))
}

fn read(document: &Document) -> Markup {
    let scripts = elements(document, r#"script[type^="application/ld+json" i]"#, SCRIPTS);
    let json_ld = scripts.into_iter().filter_map(|script| {
        let text = script.text_content().filter(|text| text.len() <= SCRIPT)?;
        // A page may contain what is no JSON, and one that does not count.
        JSON::parse(&text).ok().map(|parsed| from_js(&parsed))
    });
    let items = elements(document, r#"[itemscope][itemtype*="schema.org/"]:not([itemprop])"#, ELEMENTS);
    let metas = elements(document, r#"meta[property][content],meta[name*=":"][content]"#, ELEMENTS);
    let properties = metas.into_iter().filter_map(|meta| {
        let name = meta.get_attribute("property").or_else(|| meta.get_attribute("name"))?;
        Some((name, start(&meta.get_attribute("content")?)))
    });
    let canonical = elements(document, r#"link[rel~="canonical"]"#, 1).pop();
    Markup {
        json_ld: json_ld.collect(),
        microdata: items.iter().map(|item| Value::from(microdata(item, DEPTH))).collect(),
        properties: properties.collect(),
        canonical: canonical.and_then(|link| link.get_attribute("href")).unwrap_or_default(),
    }
}

/// The first elements that match, without those in sensitive parts.
fn elements(document: &Document, selector: &str, most: u32) -> Vec<Element> {
    first(document.query_selector_all(selector), most)
}

fn first(found: Result<NodeList, JsValue>, most: u32) -> Vec<Element> {
    let Ok(found) = found else { return Vec::new() };
    let all = (0..found.length().min(most)).filter_map(|index| found.get(index)?.dyn_into::<Element>().ok());
    all.filter(|element| !sensitive::is_part(element)).collect()
}

/// An item of microdata, in the shape of JSON-LD.
fn microdata(item: &Element, depth: u32) -> Object {
    let mut object = Object::new().with("@type", item.get_attribute("itemtype").unwrap_or_default());
    if let Some(id) = item.get_attribute("itemid") {
        object.set("@id", id);
    }
    if depth == 0 {
        return object;
    }
    for element in first(item.query_selector_all("[itemprop]"), ELEMENTS) {
        // That of an item within belongs to it.
        let owner = element.parent_element().and_then(|parent| parent.closest("[itemscope]").ok().flatten());
        if owner.as_ref() != Some(item) {
            continue;
        }
        let names = element.get_attribute("itemprop").unwrap_or_default();
        let Some(name) = PROPERTIES.into_iter().find(|name| names.split_ascii_whitespace().any(|one| one == *name))
        else {
            continue;
        };
        let value = if element.has_attribute("itemscope") {
            microdata(&element, depth - 1).into()
        } else {
            Value::from(property(&element))
        };
        let value = match object.get(name).cloned() {
            Some(Value::List(mut values)) => {
                values.push(value);
                Value::List(values)
            }
            Some(before) => Value::List(vec![before, value]),
            None => value,
        };
        object.set(name, value);
    }
    object
}

/// What an element says of a property: in an attribute, else in its text.
fn property(element: &Element) -> String {
    let stated = ["content", "href", "datetime"].into_iter().find_map(|name| element.get_attribute(name));
    let text = stated.or_else(|| element.text_content()).unwrap_or_default();
    start(text.trim())
}

fn start(text: &str) -> String {
    text.chars().take(TEXT).collect()
}
