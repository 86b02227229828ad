//! Values across the boundary: in by one walk with `js-sys`, out through `Serialize`.
//!
//! Reading through `serde` as well would link the printing of doubles for its error messages, 15 KB of
//! download.

use js_sys::{Array, JsString};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::value::{DEPTH_LIMIT, Object, Value};

#[wasm_bindgen]
extern "C" {
    /// Throws at a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Throws where a getter or a proxy does.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn entries(value: &JsValue) -> Result<Array, JsValue>;
}

/// A tree of plain data. Own enumerable properties are read; functions, symbols and `undefined` are left
/// out, in lists they become `null`, as in JSON. What lies deeper than [`DEPTH_LIMIT`] becomes
/// [`Value::Cut`], and what throws when it is read `null`.
pub fn from_js(value: &JsValue) -> Value {
    read(value, 0).unwrap_or_default()
}

fn read(value: &JsValue, depth: usize) -> Option<Value> {
    if value.is_undefined() || value.is_symbol() || value.is_function() || value.is_bigint() {
        return None;
    }
    if let Some(text) = value.dyn_ref::<JsString>() {
        return Some(Value::Text(text.into()));
    }
    if let Some(number) = value.as_f64() {
        return Some(Value::Number(number));
    }
    if let Some(truth) = value.as_bool() {
        return Some(Value::Bool(truth));
    }
    if value.is_null() {
        return Some(Value::Null);
    }
    if depth >= DEPTH_LIMIT {
        return Some(Value::Cut);
    }
    if is_array(value).ok()? {
        let items: &Array = value.unchecked_ref();
        let read_item = |item: JsValue| read(&item, depth.saturating_add(1)).unwrap_or_default();
        return Some(Value::List(items.iter().map(read_item).collect()));
    }
    let mut object = Object::new();
    for entry in entries(value).ok()?.iter() {
        let entry: Array = entry.unchecked_into();
        if let (Some(key), Some(below)) = (entry.get(0).as_string(), read(&entry.get(1), depth.saturating_add(1))) {
            object.set(&key, below);
        }
    }
    Some(Value::Object(object))
}

/// A value as JavaScript knows it: maps and structs as plain objects, `None` and unit as `null`.
///
/// # Errors
///
/// Where a `Serialize` implementation fails; ours do not.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}
