//! What only the platform can answer, asked of the browser or Node.

use js_sys::{Array, JsString, Number};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use crate::host::Host;
use crate::value::{Object, Value};

#[wasm_bindgen]
extern "C" {
    /// `js_sys::RegExp::new` does not catch what an invalid pattern throws.
    #[wasm_bindgen(js_name = RegExp)]
    type Pattern;

    #[wasm_bindgen(catch, constructor, js_class = "RegExp")]
    fn new(pattern: &str, flags: &str) -> Result<Pattern, JsValue>;

    /// `Number(text)`.
    #[wasm_bindgen(js_name = Number)]
    fn to_number(text: &str) -> f64;

    /// Pages may have replaced `RegExp.prototype.exec`.
    #[wasm_bindgen(catch, method)]
    fn test(this: &Pattern, text: &str) -> Result<bool, JsValue>;
}

/// JavaScript's own conversions, regular expressions and addresses.
pub struct JavaScript;

/// An address that may be relative to `base`, unless that is empty.
fn url(address: &str, base: &str) -> Option<Url> {
    if base.is_empty() { Url::new(address).ok() } else { Url::new_with_base(address, base).ok() }
}

/// The parameters of an address, decoded.
fn pairs(url: &Url) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for pair in js_sys::try_iter(&url.search_params()).ok().flatten().into_iter().flatten().flatten() {
        let pair: Array = pair.unchecked_into();
        if let (Some(key), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            pairs.push((key, value));
        }
    }
    pairs
}

impl Host for JavaScript {
    fn number_text(&self, number: f64) -> String {
        Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
    }

    fn number_of(&self, text: &str) -> f64 {
        to_number(text)
    }

    fn matches(&self, pattern: &str, flags: &str, text: &str) -> bool {
        Pattern::new(pattern, flags).and_then(|pattern| pattern.test(text)).unwrap_or(false)
    }

    fn lower_case(&self, text: &str) -> String {
        JsString::from(text).to_lower_case().into()
    }

    fn address(&self, address: &str, base: &str) -> Value {
        let Some(url) = url(address, base) else { return Value::Null };
        let params = pairs(&url).into_iter().map(|(key, value)| Value::List(vec![key.into(), value.into()]));
        Object::new()
            .with("href", url.href())
            .with("origin", url.origin())
            .with("host", url.host())
            .with("pathname", url.pathname())
            .with("search", url.search())
            .with("hash", url.hash())
            .with("params", params.collect::<Value>())
            .into()
    }

    fn with_params(&self, from: &str, to: &str) -> String {
        let (Some(from), Some(target)) = (url(from, ""), url(to, "")) else { return to.to_owned() };
        let params = target.search_params();
        for (key, value) in pairs(&from) {
            if !params.has(&key) {
                params.set(&key, &value);
            }
        }
        target.href()
    }
}
