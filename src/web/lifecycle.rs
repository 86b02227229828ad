//! The lifecycle of the page: prerendered, visible, hidden, in the back/forward cache, and back.
//!
//! The order matters. When the page is hidden for good, the core records the engagement before storage
//! writes the journal and releases its lock. When it comes back, storage resumes first, because other tabs
//! may have folded the journal meanwhile.

use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Document, PageTransitionEvent, Window};

use super::callback::Handled;
use super::listeners::Listeners;
use super::notifications;
use super::shell::Shell;
use crate::signal::Signal;

/// Listens to the page's lifecycle.
pub(super) struct Lifecycle {
    _listeners: Listeners,
}

impl Lifecycle {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<Lifecycle, JsValue> {
        let listeners = Listeners::new(shell);
        let page = document.clone();
        listeners.add(shell, document, &["visibilitychange"], move |shell, _| {
            let is_visible = !page.hidden();
            // A page that comes back from the cache gets this event before `pageshow`.
            if is_visible {
                shell.storage.resume()?;
            }
            if let Some(page) = shell.page() {
                page.visibility.refresh(shell)?;
                if is_visible {
                    page.capture.on_visible()?;
                }
            }
            // The visitor may have allowed or forbidden them meanwhile.
            notifications::report(shell)?;
            shell.send(Signal::TabVisible(is_visible))
        })?;
        listeners.add(shell, window, &["pagehide"], |shell, _| {
            shell.send(Signal::TabVisible(false))?;
            shell.storage.pause()
        })?;
        listeners.add(shell, window, &["pageshow"], |shell, event| {
            shell.storage.resume()?;
            let is_back = event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted);
            if is_back { page_view_begins(shell) } else { Ok(()) }
        })?;
        listeners.add(shell, document, &["prerenderingchange"], |shell, _| page_view_begins(shell))?;
        Ok(Lifecycle { _listeners: listeners })
    }
}

/// A page that comes back from the back/forward cache, or that was rendered ahead of its visit, continues where it
/// stopped, in a new page view.
fn page_view_begins(shell: &Shell) -> Handled {
    let Some(page) = shell.page() else { return Ok(()) };
    page.before_page_view(shell)?;
    page.page_views.report(shell)
}
