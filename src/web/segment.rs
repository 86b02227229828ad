//! Events that the site sends to Segment: calls of `analytics.track`.
//!
//! Until Segment has loaded, `analytics` is a list in which calls wait; then another object takes its place and makes
//! them. So calls are known by their properties, an object that stays the same.

use core::cell::{Cell, RefCell};

use js_sys::{Array, Object, Reflect, WeakSet};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Window;

use super::callback::{Callback, Handled};
use super::convert::{from_js, is_array};
use super::entry::Entry;
use super::host::JavaScript;
use super::shell::Shell;
use super::timer::Timer;
use crate::signal::capture::Captured;
use crate::signal::{Signal, segment};

/// How often to look for Segment, and how many times.
const POLL_MS: f64 = 1000.0;
const POLLS: u32 = 60;
/// How many calls that wait are read.
const CALLS: u32 = 500;

/// Segment, as the page has it.
pub(super) struct Segment {
    window: Window,
    current: RefCell<JsValue>,
    /// The properties of calls that were read.
    known: WeakSet,
    called: Callback,
    poll: Timer,
    polls: Cell<u32>,
}

impl Segment {
    pub(super) fn listen(shell: &Shell, window: &Window) -> Result<Segment, JsValue> {
        let poll = shell.timer(|shell| match shell.page() {
            Some(page) => page.capture.poll(shell),
            None => Ok(()),
        })?;
        let called = shell.callback(Entry::Listener, |shell, arguments| match shell.page() {
            Some(page) => page.capture.track_called(shell, arguments.unchecked_ref()),
            None => Ok(()),
        })?;
        Ok(Segment {
            window: window.clone(),
            current: RefCell::default(),
            known: WeakSet::new(),
            called,
            poll,
            polls: Cell::new(0),
        })
    }

    /// Looks for Segment, and again from time to time until it has loaded.
    pub(super) fn poll(&self, shell: &Shell) -> Handled {
        self.catch_up(shell)?;
        let polls = self.polls.get();
        let current = self.current.borrow().clone();
        let is_loaded = current.is_object() && !is_list(&current);
        if is_loaded || polls >= POLLS {
            return Ok(());
        }
        self.polls.set(polls + 1);
        self.poll.start(POLL_MS)
    }

    /// Observes `track` where the page has put another object in place.
    pub(super) fn catch_up(&self, shell: &Shell) -> Handled {
        let Ok(found) = Reflect::get(&self.window, &"analytics".into()) else { return Ok(()) };
        if !found.is_object() || found == *self.current.borrow() {
            return Ok(());
        }
        self.current.replace(found.clone());
        shell.host.patch_method(found.unchecked_ref::<Object>(), "track", self.called.function())?;
        if is_list(&found) { self.read_waiting(shell, &found) } else { Ok(()) }
    }

    /// Reads the calls that wait for Segment: lists of a method's name and its arguments.
    fn read_waiting(&self, shell: &Shell, waiting: &JsValue) -> Handled {
        for index in 0..CALLS {
            let Ok(call) = Reflect::get_u32(waiting, index) else { continue };
            if call.is_undefined() {
                break;
            }
            let part = |index| Reflect::get_u32(&call, index).unwrap_or_default();
            if is_list(&call) && part(0) == "track" {
                self.called(shell, &Array::of2(&part(1), &part(2)))?;
            }
        }
        Ok(())
    }

    /// `track` was called with these arguments.
    pub(super) fn called(&self, shell: &Shell, arguments: &Array) -> Handled {
        let properties = arguments.get(1);
        if properties.is_object() {
            if self.known.has(properties.unchecked_ref()) {
                return Ok(());
            }
            self.known.add(properties.unchecked_ref());
        }
        let copy = shell.host.plain(arguments)?;
        match segment::read(&from_js(&copy), &JavaScript::default()) {
            Some(event) => shell.send(Signal::Captured(Captured::Segment(event))),
            None => Ok(()),
        }
    }
}

/// Whether it is a list; not where a proxy was revoked.
fn is_list(value: &JsValue) -> bool {
    is_array(value).unwrap_or(false)
}
