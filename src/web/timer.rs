//! Timers, and the callbacks that browsers call when they have time.

use core::cell::RefCell;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::callback::{Callback, Handled};

/// The longest delay of `setTimeout`; a longer one would be taken for none.
const LONGEST_MS: f64 = 2_147_483_647.0;
/// How long to wait where there are no idle callbacks.
const WITHOUT_IDLE_MS: f64 = 500.0;

#[wasm_bindgen]
extern "C" {
    // The identifier is a number in browsers and an object in Node.
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(function: &Function, delay_ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_name = queueMicrotask)]
    fn queue_microtask(function: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_name = requestIdleCallback)]
    fn request_idle_callback(function: &Function, options: &JsValue) -> Result<JsValue, JsValue>;
}

/// A timer that can be started again and again. Dropping it cancels it.
pub(super) struct Timer {
    callback: Callback,
    id: RefCell<Option<JsValue>>,
}

impl Timer {
    /// A timer that calls `callback`; it does not run yet.
    pub(super) fn new(callback: Callback) -> Timer {
        Timer { callback, id: RefCell::new(None) }
    }

    /// Runs out after `delay_ms`. If it was running, that is forgotten.
    pub(super) fn start(&self, delay_ms: f64) -> Handled {
        self.cancel();
        let id = set_timeout(self.callback.function(), delay_ms.clamp(0.0, LONGEST_MS))?;
        self.id.replace(Some(id));
        Ok(())
    }

    /// Does not run out.
    pub(super) fn cancel(&self) {
        if let Some(id) = self.id.take() {
            // What cannot be cancelled runs out, and its function is invalid by then or does no harm.
            let _ = clear_timeout(&id);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Calls `callback` when the script that runs now is done.
pub(super) fn at_end_of_task(callback: &Callback) -> Handled {
    queue_microtask(callback.function())
}

/// Calls `callback` when the browser has time, at the latest after `within_ms`.
pub(super) fn when_idle(callback: &Callback, within_ms: f64) -> Handled {
    let options = Object::new();
    Reflect::set(&options, &"timeout".into(), &within_ms.into())?;
    // Safari has no idle callbacks.
    if request_idle_callback(callback.function(), &options).is_err() {
        set_timeout(callback.function(), WITHOUT_IDLE_MS)?;
    }
    Ok(())
}
