//! The life of the tab: in front, hidden, in the back/forward cache, and back.
//!
//! One place hears of it, because the order matters. A page that goes away is written down before
//! storage lets go of its journal; a page that comes back takes its journal up again before anything
//! is written, and what others have written is read before the core hears of anything else.

use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Document, Event, PageTransitionEvent, Window};

use super::callback::Handled;
use super::listeners::Listeners;
use super::shell::Shell;
use crate::signal::Signal;

/// Listens to the tab.
pub(super) struct Lifecycle {
    _listeners: Listeners,
}

impl Lifecycle {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<Lifecycle, JsValue> {
        let listeners = Listeners::new(shell);
        let page = document.clone();
        listeners.add(shell, document, &["visibilitychange"], move |shell, _| {
            let is_visible = !page.hidden();
            // A page that comes back from the cache becomes visible before it is shown.
            if is_visible {
                shell.storage.resume()?;
            }
            if let Some(page) = shell.page() {
                page.visibility.refresh(shell)?;
            }
            shell.send(Signal::TabVisible(is_visible))
        })?;
        // Some browsers keep no page that holds a lock in the back/forward cache. What is to be written is
        // written now: later it may belong to others.
        listeners.add(shell, window, &["pagehide"], |shell, _| {
            shell.send(Signal::TabVisible(false))?;
            shell.storage.pause()
        })?;
        listeners.add(shell, window, &["pageshow"], page_shown)?;
        Ok(Lifecycle { _listeners: listeners })
    }
}

/// A page that comes back from the back/forward cache runs on where it stopped, but is seen anew.
fn page_shown(shell: &Shell, event: &Event) -> Handled {
    shell.storage.resume()?;
    let is_back = event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted);
    match shell.page().filter(|_| is_back) {
        Some(page) => {
            page.before_page_view(shell)?;
            page.page_views.report(shell)
        }
        None => Ok(()),
    }
}
