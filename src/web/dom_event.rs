//! DOM events named `tailorbird:...`.

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget};

use super::callback::Handled;

/// Dispatches `tailorbird:NAME` with `detail`.
pub(super) fn dispatch(target: &EventTarget, name: &str, detail: &JsValue) -> Handled {
    let init = CustomEventInit::new();
    init.set_detail(detail);
    let event = CustomEvent::new_with_event_init_dict(&format!("tailorbird:{name}"), &init)?;
    target.dispatch_event(&event)?;
    Ok(())
}
