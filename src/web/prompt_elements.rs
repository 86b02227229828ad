//! Elements that make a prompt due when they come into view.

use core::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, IntersectionObserver, IntersectionObserverEntry};

use super::callback::{Callback, Handled};
use super::entry::Entry;
use super::shell::Shell;
use super::visibility::end_with;
use crate::signal::Signal;

/// Watches one element for each prompt that waits for one.
pub(super) struct PromptElements {
    document: Document,
    /// Prompts and selectors.
    wanted: Vec<(String, String)>,
    observer: IntersectionObserver,
    _callback: Callback,
    /// Prompts, each with its element.
    watched: RefCell<Vec<(String, Element)>>,
}

impl PromptElements {
    /// Listens, if a prompt waits for an element.
    pub(super) fn listen(shell: &Shell, document: &Document) -> Result<Option<PromptElements>, JsValue> {
        let wanted = shell.compute(|engine, _| engine.config().elements_of_prompts()).unwrap_or_default();
        if wanted.is_empty() {
            return Ok(None);
        }
        let callback = shell.callback(Entry::Observer, |shell, entries| match shell.page() {
            Some(page) => page
                .prompt_elements
                .as_ref()
                .map_or(Ok(()), |elements| elements.observed(shell, entries.unchecked_ref())),
            None => Ok(()),
        })?;
        let observer = IntersectionObserver::new(callback.function())?;
        end_with(&shell.host, &observer)?;
        Ok(Some(PromptElements {
            document: document.clone(),
            wanted,
            observer,
            _callback: callback,
            watched: RefCell::default(),
        }))
    }

    /// Looks for the elements that are not watched yet: a page may make them at any time.
    pub(super) fn look(&self, shell: &Shell) {
        for (prompt, selector) in &self.wanted {
            if self.is_watched(prompt) {
                continue;
            }
            match self.document.query_selector(selector) {
                Ok(Some(element)) => {
                    self.observer.observe(&element);
                    let mut watched = self.watched.borrow_mut();
                    watched.retain(|(known, _)| known != prompt);
                    watched.push((prompt.clone(), element));
                }
                Ok(None) => {}
                Err(_) => {
                    shell.warn(&format!("prompt \"{prompt}\": on.visible is \"{selector}\", expected a CSS selector"))
                }
            }
        }
    }

    fn is_watched(&self, prompt: &str) -> bool {
        self.watched.borrow().iter().any(|(known, element)| known == prompt && element.is_connected())
    }

    /// Another page view begins: what is in view now counts for it.
    pub(super) fn reset(&self) {
        for (_, element) in self.watched.take() {
            self.observer.unobserve(&element);
        }
    }

    fn observed(&self, shell: &Shell, entries: &Array) -> Handled {
        let mut seen = Vec::new();
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            if entry.is_intersecting() {
                let target = entry.target();
                let watched = self.watched.borrow();
                seen.extend(watched.iter().filter(|(_, element)| *element == target).map(|(prompt, _)| prompt.clone()));
            }
        }
        seen.into_iter().try_for_each(|prompt| shell.send(Signal::ElementVisible(prompt)))
    }
}
