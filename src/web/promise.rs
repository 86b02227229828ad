//! Promises of JavaScript's.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// `js_sys::Promise::then` takes a closure of Rust's, which the guard could not wrap.
    type Thenable;

    #[wasm_bindgen(catch, method)]
    fn then(this: &Thenable, fulfilled: &Function, rejected: &Function) -> Result<Promise, JsValue>;
}

/// Calls `settled` when the promise is fulfilled, and when it is rejected.
pub(super) fn then(promise: &Promise, settled: &Function) -> Result<Promise, JsValue> {
    promise.unchecked_ref::<Thenable>().then(settled, settled)
}
