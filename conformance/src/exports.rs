//! What Node calls.

use tailorbird::web::convert::{from_js, to_js};
use tailorbird::web::host::JavaScript;
use wasm_bindgen::prelude::*;

use crate::conditions::ConditionSet;
use crate::judge;

/// A value as it comes back from where the engine reads it.
#[wasm_bindgen]
pub fn echo(value: &JsValue) -> Result<JsValue, JsValue> {
    to_js(&from_js(value))
}

/// Judges a case of a section: what came out where that is not what the case expects, else `null`.
#[wasm_bindgen]
pub fn judge(section: &str, case: &JsValue) -> Result<JsValue, JsValue> {
    match judge::judge(section, &from_js(case), &JavaScript::default()) {
        Ok(found) => to_js(&found),
        Err(()) => to_js("there is no such section"),
    }
}

/// Conditions over attributes that are kept inside.
#[wasm_bindgen]
pub struct Conditions(ConditionSet);

#[wasm_bindgen]
impl Conditions {
    /// From a list of conditions.
    #[wasm_bindgen(constructor)]
    pub fn new(conditions: &JsValue) -> Conditions {
        Conditions(ConditionSet::new(from_js(conditions).items()))
    }

    /// Lays changed attributes over those that are known.
    pub fn update(&mut self, changes: &JsValue) {
        self.0.update(&from_js(changes));
    }

    /// Which conditions hold now: condition `i` is bit `i % 8` of byte `i / 8`.
    pub fn evaluate(&self) -> Vec<u8> {
        self.0.evaluate(&JavaScript::default())
    }
}
