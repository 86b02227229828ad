//! Rust closures that JavaScript calls.

use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::engine_host::EngineHost;
use super::entry::Entry;

/// The result of a call from JavaScript. The guard takes an error for a failure of the engine.
pub(super) type Handled = Result<(), JsValue>;
/// The same for a call that JavaScript takes an answer from.
pub(super) type Answered = Result<JsValue, JsValue>;

/// A closure, and the function by which JavaScript reaches it.
///
/// The function is the guard's: it calls the closure as long as the engine runs, and handles
/// whatever is thrown inside. Dropping this invalidates the function.
pub(super) struct Callback {
    function: Function,
    _closure: Closure<dyn Fn(JsValue) -> Answered>,
}

impl Callback {
    /// A function that marks `entry` and then calls `call` with its first argument.
    pub(super) fn new(
        host: &EngineHost,
        entry: Entry,
        call: Box<dyn Fn(JsValue) -> Answered>,
    ) -> Result<Callback, JsValue> {
        let closure = Closure::<dyn Fn(JsValue) -> Answered>::new(move |argument| {
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

/// A function for a single call. What it holds is freed with that call.
pub(super) fn once(
    host: &EngineHost,
    entry: Entry,
    call: Box<dyn FnOnce(JsValue) -> Answered>,
) -> Result<Function, JsValue> {
    let function = Closure::once_into_js(move |argument: JsValue| -> Answered {
        entry.mark();
        call(argument)
    });
    host.guard(function.unchecked_ref())
}
