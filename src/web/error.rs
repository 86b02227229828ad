//! The errors that methods of `Engine` throw.

use js_sys::{Array, Error, Reflect};
use wasm_bindgen::JsValue;

use crate::reader::Problems;

/// Why a method of `Engine` throws. The guard recognizes these by their code; anything else that is thrown
/// is a failure of the engine.
#[derive(Debug, thiserror::Error)]
pub(super) enum EngineError {
    /// The config is refused as a whole. The `Error` has its `problems` as a list of texts.
    #[error("the config has problems")]
    Config(Problems),
    /// No slot has this id.
    #[error("no slot \"{0}\" in the config")]
    UnknownSlot(String),
    /// No feature has this key.
    #[error("no feature \"{0}\" in the config")]
    UnknownFeature(String),
}

impl EngineError {
    fn code(&self) -> &'static str {
        match self {
            EngineError::Config(_) => "config",
            EngineError::UnknownSlot(_) => "unknown-slot",
            EngineError::UnknownFeature(_) => "unknown-feature",
        }
    }
}

impl From<EngineError> for JsValue {
    fn from(error: EngineError) -> JsValue {
        let thrown = Error::new(&error.to_string());
        // A new object takes every property.
        let _ = Reflect::set(&thrown, &"code".into(), &error.code().into());
        if let EngineError::Config(problems) = &error {
            let lines: Array = problems.lines().into_iter().map(JsValue::from).collect();
            let _ = Reflect::set(&thrown, &"problems".into(), &lines);
        }
        thrown.into()
    }
}
