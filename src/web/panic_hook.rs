//! Panics in development builds say what happened, and where, in the console.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
fn install() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&format!("tailorbird: {panic}").into())));
}
