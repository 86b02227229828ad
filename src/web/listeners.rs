//! Event listeners.

use core::cell::RefCell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AddEventListenerOptions, Event, EventTarget};

use super::callback::{Callback, Handled};
use super::engine_host::EngineHost;
use super::entry::Entry;
use super::shell::Shell;

/// The listeners of one part of the shell. They end when the host's signal is aborted; their
/// closures are dropped with this.
pub(super) struct Listeners {
    options: AddEventListenerOptions,
    callbacks: RefCell<Vec<Callback>>,
    host: EngineHost,
}

impl Listeners {
    /// None yet.
    pub(super) fn new(shell: &Shell) -> Listeners {
        let options = AddEventListenerOptions::new();
        // Before the page can stop the event, and without keeping it from scrolling.
        options.set_capture(true);
        options.set_passive(true);
        // Every option is stated, or a page's `Object.prototype.once` would count.
        options.set_once(false);
        options.set_signal(&shell.host.signal());
        Listeners { options, callbacks: RefCell::default(), host: shell.host.clone() }
    }

    /// Calls `listener` at each of `events` on `target`.
    pub(super) fn add(
        &self,
        shell: &Shell,
        target: &EventTarget,
        events: &[&str],
        listener: impl Fn(&Shell, &Event) -> Handled + 'static,
    ) -> Handled {
        self.add_as(Entry::Listener, shell, target, events, listener)
    }

    /// The same, marked as another kind of entry.
    pub(super) fn add_as(
        &self,
        entry: Entry,
        shell: &Shell,
        target: &EventTarget,
        events: &[&str],
        listener: impl Fn(&Shell, &Event) -> Handled + 'static,
    ) -> Handled {
        let callback =
            shell.callback(entry, move |shell, event: JsValue| listener(shell, event.unchecked_ref::<Event>()))?;
        self.add_callback(target, events, callback)
    }

    // One copy of this for all listeners.
    fn add_callback(&self, target: &EventTarget, events: &[&str], callback: Callback) -> Handled {
        for event in events {
            target.add_event_listener_with_callback_and_add_event_listener_options(
                event,
                callback.function(),
                &self.options,
            )?;
            self.host.listened(target, event)?;
        }
        self.callbacks.borrow_mut().push(callback);
        Ok(())
    }
}
