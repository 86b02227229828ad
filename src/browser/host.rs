//! JavaScript's own number conversions.

use js_sys::Number;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::host::Host;

#[wasm_bindgen]
extern "C" {
    /// ECMAScript's `Number(text)`; the class of that name in `js_sys` makes objects.
    #[wasm_bindgen(js_name = Number)]
    fn number_from(text: &str) -> f64;
}

/// The browser, or Node.
pub struct JavaScript;

impl Host for JavaScript {
    fn number_text(&self, number: f64) -> String {
        // A radix of 10 is never out of range, so this cannot throw.
        Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
    }

    fn number_of(&self, text: &str) -> f64 {
        number_from(text)
    }
}
