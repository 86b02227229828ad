//! What is not seen at all: pages and parts of pages that the site marks with `data-tb-sensitive`, and pages with
//! a field for a password or a payment card.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event};

/// Fields for passwords and payment cards.
const FIELDS: &str = concat!(
    r#"input[type="password"],[autocomplete*="password" i],"#,
    r#"[autocomplete^="cc-" i],[autocomplete*=" cc-" i]"#
);
const MARKED: &str = "[data-tb-sensitive]";

/// Whether the page has such a field, shown or not, or is marked as a whole.
pub(super) fn has_field(document: &Document) -> bool {
    is_marked(document) || document.query_selector(FIELDS).ok().flatten().is_some()
}

/// Whether nothing of the page is to be seen: it is marked as a whole, or shows such a field. A form that is
/// waiting in a closed dialog is no reason.
pub(super) fn is_page(document: &Document) -> bool {
    is_marked(document) || is_shown(document, FIELDS)
}

/// Whether an element of the page is in a part that is not to be seen.
pub(super) fn is_part(element: &Element) -> bool {
    element.closest(MARKED).is_ok_and(|marked| marked.is_some())
}

/// The elements that an event passes, from the innermost, also within components; none where nothing of it is to be
/// seen.
pub(super) fn path(document: &Document, event: &Event) -> Vec<Element> {
    let path: Vec<Element> =
        event.composed_path().iter().filter_map(|target| target.dyn_into::<Element>().ok()).collect();
    // A form whose own `matches` is hidden by a field of that name is taken for one that is marked.
    let is_marked = |element: &Element| element.matches(MARKED).unwrap_or(true);
    if is_page(document) || path.iter().any(is_marked) { Vec::new() } else { path }
}

/// Whether an element matches a selector of ours.
pub(super) fn matches(element: &Element, selector: &str) -> bool {
    element.matches(selector).unwrap_or(false)
}

/// Whether any element that matches is rendered.
pub(super) fn is_shown(document: &Document, selector: &str) -> bool {
    let Ok(found) = document.query_selector_all(selector) else { return false };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into::<Element>().ok())
        .any(|element| element.get_client_rects().length() > 0)
}

fn is_marked(document: &Document) -> bool {
    document.document_element().is_some_and(|root| root.has_attribute("data-tb-sensitive"))
}
