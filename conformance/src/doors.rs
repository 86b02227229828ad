//! What Node calls.

use tailorbird::value::NULL;
use tailorbird::web::convert::{from_js, to_js};
use tailorbird::web::host::JavaScript;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::audience::Audience;
use crate::judge::judge as judged;

/// Judges a case of a section of GrowthBook's suite: `null` where it holds, else what came out.
#[wasm_bindgen]
pub fn judge(section: &str, case: &JsValue) -> Result<JsValue, JsValue> {
    match judged(section, &from_js(case), &JavaScript) {
        Ok(Some(found)) => Ok(found.into()),
        Ok(None) => to_js(&NULL),
        Err(()) => Ok("an unknown section".into()),
    }
}

/// Conditions over attributes that stay inside: deltas in, a set of bits out.
#[wasm_bindgen]
pub struct Conditions(Audience);

#[wasm_bindgen]
impl Conditions {
    /// Conditions over no attributes yet.
    #[wasm_bindgen(constructor)]
    pub fn new(conditions: &JsValue) -> Conditions {
        Conditions(Audience::of(from_js(conditions).items()))
    }

    /// Lays attributes over those that are known.
    pub fn tell(&mut self, delta: &JsValue) {
        self.0.tell(&from_js(delta));
    }

    /// Which conditions hold now: condition `i` is bit `i % 8` of byte `i / 8`.
    pub fn evaluate(&mut self) -> Vec<u8> {
        self.0.evaluate(&JavaScript);
        self.0.bits.clone()
    }
}
