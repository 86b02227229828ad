//! The Web Locks of the page: which tabs live, and whose turn it is to fold.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// `web_sys::LockManager` is unstable.
    pub(super) type Locks;

    #[wasm_bindgen(catch, method)]
    pub(super) fn request(this: &Locks, name: &str, callback: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, method, js_name = request)]
    pub(super) fn request_with(
        this: &Locks,
        name: &str,
        options: &JsValue,
        callback: &Function,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, method)]
    pub(super) fn query(this: &Locks) -> Result<Promise, JsValue>;
}

/// The Web Locks of the page, where it is secure.
pub(super) fn web_locks() -> Option<Locks> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined() && !locks.is_null()).then(|| locks.unchecked_into())
}

/// The names of the locks that are held, of what `locks.query()` answers.
pub(super) fn held_locks(answer: &JsValue) -> Vec<String> {
    let held = Reflect::get(answer, &"held".into()).ok().and_then(|held| held.dyn_into::<Array>().ok());
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    held.unwrap_or_default().iter().filter_map(name).collect()
}
