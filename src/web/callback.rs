//! Rust closures that JavaScript calls.

use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::engine_host::EngineHost;
use super::entry::Entry;

/// What a call from JavaScript comes to. The guard takes an error for a failure of the engine.
pub(super) type Handled = Result<(), JsValue>;

/// A closure, and the function by which JavaScript reaches it.
///
/// The function is the guard's: it calls the closure as long as the engine runs, and handles
/// whatever is thrown inside. Dropping this invalidates the function.
pub(super) struct Callback {
    function: Function,
    _closure: Closure<dyn Fn(JsValue) -> Handled>,
}

impl Callback {
    /// A function that marks `entry` and then calls `call` with its first argument.
    pub(super) fn new(
        host: &EngineHost,
        entry: Entry,
        call: impl Fn(JsValue) -> Handled + 'static,
    ) -> Result<Callback, JsValue> {
        let closure = Closure::<dyn Fn(JsValue) -> Handled>::new(move |argument| {
            entry.mark();
            call(argument)
        });
        let function = host.guard(closure.as_js_value().unchecked_ref())?;
        Ok(Callback { function, _closure: closure })
    }

    /// What to hand to JavaScript.
    pub(super) fn function(&self) -> &Function {
        &self.function
    }
}
