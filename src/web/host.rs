//! What only the platform can answer, asked of the browser or Node.

use core::cell::RefCell;

use js_sys::{Array, JsString, Number};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use crate::host::Host;
use crate::time::Timestamp;
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

    /// A text: `js_sys` does not catch what an invalid language tag throws.
    type Localized;

    #[wasm_bindgen(catch, method, js_name = toLocaleUpperCase)]
    fn to_locale_upper_case(this: &Localized, locale: &JsValue) -> Result<String, JsValue>;

    /// The same goes for the formats of `js_sys`.
    #[wasm_bindgen(js_namespace = Intl)]
    #[derive(Clone)]
    type NumberFormat;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &JsValue, options: &JsValue) -> Result<NumberFormat, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn format(this: &NumberFormat, number: f64) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    #[derive(Clone)]
    type DateTimeFormat;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &JsValue, options: &JsValue) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn format(this: &DateTimeFormat, ms: f64) -> Result<String, JsValue>;

    /// Pages may have replaced `RegExp.prototype.exec`.
    #[wasm_bindgen(catch, method)]
    fn test(this: &Pattern, text: &str) -> Result<bool, JsValue>;
}

/// JavaScript's own conversions, regular expressions and addresses.
#[derive(Default)]
pub struct JavaScript {
    /// To make a format takes a hundred times as long as to use it.
    number_formats: Formats<NumberFormat>,
    date_formats: Formats<DateTimeFormat>,
}

/// Formats, each made once.
struct Formats<Format>(RefCell<Vec<(String, Option<Format>)>>);

impl<Format> Default for Formats<Format> {
    fn default() -> Self {
        Formats(RefCell::default())
    }
}

impl<Format: Clone> Formats<Format> {
    /// The format of this name; `None` where the browser has no such format.
    fn get(&self, name: String, make: impl FnOnce() -> Option<Format>) -> Option<Format> {
        let known = self.0.borrow().iter().find(|(known, _)| *known == name).map(|(_, format)| format.clone());
        known.unwrap_or_else(|| {
            let format = make();
            self.0.borrow_mut().push((name, format.clone()));
            format
        })
    }
}

/// An address that may be relative to `base`, unless that is empty.
fn url(address: &str, base: &str) -> Option<Url> {
    if base.is_empty() { Url::new(address).ok() } else { Url::new_with_base(address, base).ok() }
}

/// The parameters of an address, decoded.
fn pairs(url: &Url) -> Vec<(String, String)> {
    let pair = |pair: Result<JsValue, JsValue>| {
        let pair: Array = pair.ok()?.unchecked_into();
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    match js_sys::try_iter(&url.search_params()) {
        Ok(Some(pairs)) => pairs.filter_map(pair).collect(),
        _ => Vec::new(),
    }
}

/// What `make` makes in this language; in the browser's own where that is unknown.
fn in_language<T>(locale: &str, make: impl Fn(&JsValue) -> Result<T, JsValue>) -> Option<T> {
    let own = || make(&JsValue::UNDEFINED);
    if locale.is_empty() { own() } else { make(&locale.into()).or_else(|_| own()) }.ok()
}

/// Options of a format: names and texts.
fn options(pairs: &[(&str, &str)]) -> JsValue {
    let options = js_sys::Object::new();
    for (name, value) in pairs {
        // Fails for no plain object.
        let _ = js_sys::Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options.into()
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

    fn upper_case(&self, text: &str, locale: &str) -> String {
        let localized: Localized = JsValue::from(text).unchecked_into();
        in_language(locale, |locale| localized.to_locale_upper_case(locale)).unwrap_or_else(|| text.to_owned())
    }

    fn format_number(&self, number: f64, currency: Option<&str>, locale: &str) -> String {
        let format = self.number_formats.get(format!("{locale} {}", currency.unwrap_or("")), || {
            let options = match currency {
                Some(currency) => options(&[("style", "currency"), ("currency", currency)]),
                None => JsValue::UNDEFINED,
            };
            in_language(locale, |locale| NumberFormat::new(locale, &options))
        });
        format.and_then(|format| format.format(number).ok()).unwrap_or_else(|| self.number_text(number))
    }

    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    fn format_date(&self, at: Timestamp, locale: &str) -> String {
        let format = self.date_formats.get(locale.to_owned(), || {
            let options = options(&[("dateStyle", "long")]);
            in_language(locale, |locale| DateTimeFormat::new(locale, &options))
        });
        // Out of the range of JavaScript's dates it throws.
        format.and_then(|format| format.format(at.ms() as f64).ok()).unwrap_or_default()
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
