//! The site's data layer: an array, usually `dataLayer`, to which the site pushes events for tag managers.
//!
//! Only the array's own `push` is replaced, as tag managers do, in any order. Entries are copied, never
//! changed. The page may create the array later, replace it at any time, freeze it, or give it four billion
//! entries.

use core::cell::{Cell, RefCell};

use js_sys::{Array, Function, Reflect, WeakSet};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Window};

use super::callback::{Callback, Handled};
use super::convert::from_js;
use super::entry::Entry;
use super::host::JavaScript;
use super::listeners::Listeners;
use super::shell::Shell;
use super::timer::Timer;
use crate::signal;

/// How many of the first and of the last unread entries are read.
const ENTRIES: u32 = 500;
/// How often to look for a data layer that does not exist yet, and how many times.
const POLL_MS: f64 = 1000.0;
const POLLS: u32 = 60;

#[wasm_bindgen]
extern "C" {
    // It throws for a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// The data layer of a page.
pub(super) struct DataLayer {
    window: Window,
    name: JsValue,
    current: RefCell<Option<Layer>>,
    /// Entries that were read: a site that replaces the array may carry them over.
    known: WeakSet,
    /// The entry that we pushed last.
    own: RefCell<JsValue>,
    /// Called after `push`, one for each array: that of an array that was replaced may still be called.
    pushes: RefCell<Vec<Callback>>,
    poll: Timer,
    polls: Cell<u32>,
    _listeners: Listeners,
}

/// An array, and how many of its entries were read.
struct Layer {
    array: Array,
    /// Whether its `push` is observed. That of a frozen array cannot be replaced.
    is_observed: bool,
    read: u32,
}

impl DataLayer {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<DataLayer, JsValue> {
        let poll = shell.timer(|shell| match shell.page() {
            Some(page) => page.data_layer.poll(shell),
            None => Ok(()),
        })?;
        let listeners = Listeners::new(shell);
        // A site may create its data layer later, as tag managers that wait for consent do, or replace it. An
        // accessor on the window would notice at once, but others look at that property too.
        listeners.add(shell, document, &["DOMContentLoaded"], |shell, _| shell.catch_up())?;
        listeners.add(shell, window, &["load"], |shell, _| shell.catch_up())?;
        Ok(DataLayer {
            window: window.clone(),
            name: shell.options.data_layer.as_str().into(),
            current: RefCell::default(),
            known: WeakSet::new(),
            own: RefCell::default(),
            pushes: RefCell::default(),
            poll,
            polls: Cell::new(0),
            _listeners: listeners,
        })
    }

    /// Reads the data layer; where there is none yet, looks for it again from time to time.
    pub(super) fn poll(&self, shell: &Shell) -> Handled {
        self.catch_up(shell)?;
        let polls = self.polls.get();
        if self.current.borrow().is_some() || polls >= POLLS {
            return Ok(());
        }
        self.polls.set(polls + 1);
        self.poll.start(POLL_MS)
    }

    /// Reads only what is pushed from now on: what the data layer holds was read before.
    pub(super) fn resume(&self, shell: &Shell) -> Handled {
        if let Some(array) = self.find() {
            let read = length(&array);
            let is_observed = self.observe(shell, &array)?;
            self.current.replace(Some(Layer { array, is_observed, read }));
        }
        self.poll(shell)
    }

    /// Reads entries that were not observed: called wherever the page may have replaced the array since.
    pub(super) fn catch_up(&self, shell: &Shell) -> Handled {
        let Some(array) = self.find() else { return Ok(()) };
        if !self.is_current(&array) {
            let is_observed = self.observe(shell, &array)?;
            self.current.replace(Some(Layer { array: array.clone(), is_observed, read: 0 }));
        } else if self.current.borrow().as_ref().is_some_and(|layer| layer.is_observed) {
            return Ok(());
        }
        let length = length(&array);
        let read = match self.current.borrow_mut().as_mut() {
            // Noted first: reading an entry may lead to more being pushed.
            Some(layer) => core::mem::replace(&mut layer.read, length).min(length),
            None => return Ok(()),
        };
        let first = read..length.min(read.saturating_add(ENTRIES));
        let last = first.end.max(length.saturating_sub(ENTRIES))..length;
        // Collected first: while these are read, the page may change the array.
        let entries: Vec<JsValue> = first.chain(last).filter_map(|index| own_entry(&array, index)).collect();
        for entry in entries {
            if !(entry.is_object() && self.known.has(entry.unchecked_ref())) {
                self.read(shell, &entry)?;
            }
        }
        Ok(())
    }

    /// Pushes an entry of the engine's.
    pub(super) fn push(&self, entry: &JsValue) -> Handled {
        self.own.replace(entry.clone());
        if Reflect::get(&self.window, &self.name).is_ok_and(|found| found.is_undefined() || found.is_null()) {
            // Where the page forbids it there is nothing to push to.
            let _ = Reflect::set(&self.window, &self.name, &Array::new());
        }
        if let Some(array) = self.find()
            && let Ok(push) = Reflect::get(&array, &"push".into())
            && push.is_function()
        {
            // An exception of a tag manager's `push` does not concern the engine.
            let _ = Reflect::apply(push.unchecked_ref::<Function>(), &array, &Array::of1(entry));
        }
        Ok(())
    }

    /// Observes `push` of an array; `false` where that is not possible.
    fn observe(&self, shell: &Shell, array: &Array) -> Result<bool, JsValue> {
        let observed = array.clone();
        let callback = shell.callback(Entry::Listener, move |shell, entries| match shell.page() {
            Some(page) => page.data_layer.pushed(shell, &observed, entries.unchecked_ref()),
            None => Ok(()),
        })?;
        let is_observed = shell.host.patch_method(array, "push", callback.function())?;
        self.pushes.borrow_mut().push(callback);
        Ok(is_observed)
    }

    fn pushed(&self, shell: &Shell, array: &JsValue, entries: &Array) -> Handled {
        if !self.is_current(array) {
            return Ok(());
        }
        for index in 0..length(entries).min(ENTRIES) {
            self.read(shell, &entries.get(index))?;
        }
        Ok(())
    }

    fn read(&self, shell: &Shell, entry: &JsValue) -> Handled {
        if !entry.is_object() || *entry == *self.own.borrow() {
            return Ok(());
        }
        self.known.add(entry.unchecked_ref());
        let copy = shell.host.plain(entry)?;
        if copy.is_undefined() {
            return Ok(());
        }
        shell.send(signal::data_layer::read(&from_js(&copy), &JavaScript::default()))
    }

    fn find(&self) -> Option<Array> {
        let found = Reflect::get(&self.window, &self.name).ok()?;
        is_array(&found).ok().filter(|is_array| *is_array)?;
        Some(found.unchecked_into())
    }

    fn is_current(&self, array: &JsValue) -> bool {
        self.current.borrow().as_ref().is_some_and(|layer| JsValue::from(&layer.array) == *array)
    }
}

/// The array's length; 0 where a proxy throws.
fn length(array: &Array) -> u32 {
    let length = Reflect::get(array, &"length".into()).ok().and_then(|length| length.as_f64());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^32; a proxy's lies saturate")]
    length.map_or(0, |length| length as u32)
}

/// The array's own entry at `index`; nothing where it has none, or a getter that throws.
fn own_entry(array: &Array, index: u32) -> Option<JsValue> {
    let index = JsValue::from(index);
    let own = Reflect::get_own_property_descriptor(array, &index).ok()?;
    if own.is_undefined() { None } else { Reflect::get(array, &index).ok() }
}
