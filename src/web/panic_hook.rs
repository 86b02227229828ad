//! In development builds the console shows the message and the place of a panic.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
fn install() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&format!("tailorbird: {panic}").into())));
}
