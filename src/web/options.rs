//! The options of `start()` that concern the engine.

use crate::value::Value;

/// `EngineOptions` in `engine_host.rs`, checked.
pub(super) struct Options {
    /// The name of the data layer.
    pub(super) data_layer: String,
    /// Keeps several sites of one origin apart in storage; may be empty.
    pub(super) namespace: String,
    /// Whether signals and effects are printed.
    pub(super) debug: bool,
}

impl Options {
    /// Reads the options; what is missing or unknown is as if nothing was said.
    pub(super) fn read(value: &Value) -> Options {
        let data_layer = value.at("dataLayer").as_text().filter(|name| !name.is_empty());
        Options {
            data_layer: data_layer.unwrap_or("dataLayer").to_owned(),
            namespace: value.at("namespace").text().to_owned(),
            debug: value.at("debug").is_true(),
        }
    }
}
