//! The visitor's activity, and how far down the page they have scrolled.

use core::cell::Cell;

use wasm_bindgen::JsValue;
use web_sys::{Document, Window};

use super::listeners::Listeners;
use super::sensitive;
use super::shell::Shell;
use crate::signal::Signal;
use crate::time::SECOND;

/// Listens to pointer, keyboard and scrolling.
pub(super) struct Activity {
    _listeners: Listeners,
}

impl Activity {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<Activity, JsValue> {
        let listeners = Listeners::new(shell);
        let (page, view) = (document.clone(), window.clone());
        let last = Cell::new(None);
        listeners.add(shell, document, &["pointerdown", "keydown", "scroll", "touchstart"], move |shell, _| {
            let now = shell.now();
            // At most one signal a second, also after the clock was set back.
            if last.get().is_some_and(|last| now.since(last).abs() < SECOND) {
                return Ok(());
            }
            last.set(Some(now));
            shell.catch_up()?;
            // How far somebody has read a sensitive page is not seen.
            let depth = if sensitive::is_page(&page) { 0 } else { depth(&view, &page) };
            shell.send(Signal::Activity(depth))
        })?;
        Ok(Activity { _listeners: listeners })
    }
}

/// How far down the page the lower edge of the view is, in percent of the page's length.
pub(super) fn depth(window: &Window, document: &Document) -> u32 {
    let length = document.document_element().map_or(0, |root| root.scroll_height());
    let view = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let bottom = window.scroll_y().unwrap_or_default() + view;
    if length <= 0 {
        return 0;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 100")]
    let percent = (100.0 * bottom / f64::from(length) + 0.5).floor().clamp(0.0, 100.0) as u32;
    percent
}
