//! Methods of the page's own objects, observed: `dataLayer.push`, `history.pushState`.
//!
//! A `Proxy` takes the method's place. Its `apply` trap calls the original first and passes on what
//! it returns or throws; then the observer is called, behind the guard.
//!
//! When the engine ends, the trap is removed from the proxy's handler, and a proxy without traps
//! behaves as its target. A bound `Reflect.deleteProperty` does that as a listener of the host's
//! signal: it needs no WebAssembly, so it works after a failure, and also where somebody else has
//! wrapped the proxy and it can no longer be taken out.

use core::cell::RefCell;

use js_sys::{Array, Function, Object, Proxy, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::callback::{Callback, Handled};
use super::entry::Entry;
use super::shell::Shell;

type Apply = dyn Fn(JsValue, JsValue, JsValue) -> Result<JsValue, JsValue>;

/// Observes calls of methods.
pub(super) struct MethodObserver {
    /// The handler of the proxies.
    handler: Object,
    _apply: Closure<Apply>,
    _called: Callback,
    patched: RefCell<Vec<PatchedMethod>>,
}

impl MethodObserver {
    /// Will call `called` with the receiver and the arguments of each call.
    pub(super) fn new(
        shell: &Shell,
        called: impl Fn(&Shell, &JsValue, &Array) -> Handled + 'static,
    ) -> Result<MethodObserver, JsValue> {
        let called = shell.callback(Entry::Listener, move |shell, call| {
            let call: Array = call.unchecked_into();
            called(shell, &call.get(0), call.get(1).unchecked_ref())
        })?;
        let observer = called.function().clone();
        let apply = Closure::<Apply>::new(move |method: JsValue, receiver: JsValue, arguments: JsValue| {
            let result = Reflect::apply(method.unchecked_ref::<Function>(), &receiver, arguments.unchecked_ref())?;
            // The guard handles whatever goes wrong there.
            let _ = observer.call1(&JsValue::UNDEFINED, &Array::of2(&receiver, &arguments));
            Ok(result)
        });
        let handler = Object::new();
        Reflect::set(&handler, &"apply".into(), apply.as_js_value())?;
        let reflect = Reflect::get(&js_sys::global(), &"Reflect".into())?;
        let delete_property: Function = Reflect::get(&reflect, &"deleteProperty".into())?.unchecked_into();
        let remove_trap = delete_property.bind2(&JsValue::UNDEFINED, &handler, &"apply".into());
        shell.host.signal().add_event_listener_with_callback("abort", remove_trap.unchecked_ref())?;
        Ok(MethodObserver { handler, _apply: apply, _called: called, patched: RefCell::default() })
    }

    /// Observes `holder[name]`; whether that was possible.
    pub(super) fn observe(&self, holder: &Object, name: &str) -> bool {
        let patched = PatchedMethod::new(holder, name, &self.handler);
        let is_patched = patched.is_some();
        self.patched.borrow_mut().extend(patched);
        is_patched
    }
}

impl Drop for MethodObserver {
    fn drop(&mut self) {
        let _ = Reflect::delete_property(&self.handler, &"apply".into());
    }
}

/// One method with a proxy in its place. Dropping it puts the original back, unless somebody has
/// replaced the proxy since.
struct PatchedMethod {
    holder: Object,
    name: JsValue,
    /// The holder's own method; `None` where it inherits one.
    original: Option<JsValue>,
    proxy: Proxy,
}

impl PatchedMethod {
    fn new(holder: &Object, name: &str, handler: &Object) -> Option<PatchedMethod> {
        let name = JsValue::from(name);
        let method = Reflect::get(holder, &name).ok().filter(JsValue::is_function)?;
        let is_own = Reflect::get_own_property_descriptor(holder, &name).is_ok_and(|own| !own.is_undefined());
        let proxy = Proxy::new(&method, handler);
        // Where the holder is frozen this is `false`.
        let is_set = Reflect::set(holder, &name, &proxy).unwrap_or(false);
        let patched = PatchedMethod { holder: holder.clone(), name, original: is_own.then_some(method), proxy };
        is_set.then_some(patched)
    }
}

impl Drop for PatchedMethod {
    fn drop(&mut self) {
        let current = Reflect::get(&self.holder, &self.name).unwrap_or_default();
        if current != *self.proxy {
            return;
        }
        let _ = match &self.original {
            Some(original) => Reflect::set(&self.holder, &self.name, original),
            None => Reflect::delete_property(&self.holder, &self.name),
        };
    }
}
