//! Values across the boundary: in by one walk with `js-sys`, out through `Serialize`.
//!
//! Reading through `serde` as well would link the printing of doubles for its error messages, 15 KB of
//! download.

use js_sys::{Array, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::value::{DEPTH_LIMIT, Object, Value};

/// How many values are read at most. An object that contains itself twice has more of them within
/// [`DEPTH_LIMIT`] than anybody can wait for.
const VALUES_LIMIT: usize = 250_000;

#[wasm_bindgen]
extern "C" {
    /// Throws at a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Throws where a proxy does.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys(value: &JsValue) -> Result<Array, JsValue>;
}

/// A tree of plain data. Own enumerable properties are read; functions, symbols, `undefined`, and what throws
/// when it is read are left out, in lists they become `null`, as in JSON. What lies deeper than
/// [`DEPTH_LIMIT`] becomes [`Value::Cut`], and so does a tree of more than 250,000 values as a whole.
pub fn from_js(value: &JsValue) -> Value {
    let mut walk = Walk { left: VALUES_LIMIT };
    let read = walk.read(value, 0).unwrap_or_default();
    if walk.left > 0 { read } else { Value::Cut }
}

struct Walk {
    /// How many more values may be read.
    left: usize,
}

impl Walk {
    fn read(&mut self, value: &JsValue, depth: usize) -> Option<Value> {
        self.left = self.left.saturating_sub(1);
        if let Some(number) = value.as_f64() {
            Some(Value::Number(number))
        } else if let Some(text) = value.as_string() {
            Some(Value::Text(text))
        } else if let Some(truth) = value.as_bool() {
            Some(Value::Bool(truth))
        } else if value.is_null() {
            Some(Value::Null)
        } else if !value.is_object() {
            None
        } else if depth >= DEPTH_LIMIT {
            Some(Value::Cut)
        } else if is_array(value).ok()? {
            self.list(value, depth)
        } else {
            self.object(value, depth)
        }
    }

    fn list(&mut self, list: &JsValue, depth: usize) -> Option<Value> {
        let length = Reflect::get(list, &"length".into()).ok()?.as_f64()?;
        let mut items = Vec::new();
        let mut index = 0;
        while f64::from(index) < length && self.left > 0 {
            let item = Reflect::get_u32(list, index).ok();
            items.push(item.and_then(|item| self.read(&item, depth.saturating_add(1))).unwrap_or_default());
            index = index.saturating_add(1);
        }
        Some(Value::List(items))
    }

    fn object(&mut self, object: &JsValue, depth: usize) -> Option<Value> {
        let mut read = Object::new();
        for key in keys(object).ok()? {
            if self.left == 0 {
                break;
            }
            if let (Some(name), Ok(member)) = (key.as_string(), Reflect::get(object, &key))
                && let Some(value) = self.read(&member, depth.saturating_add(1))
            {
                read.set(&name, value);
            }
        }
        Some(Value::Object(read))
    }
}

/// A value as JavaScript knows it: maps and structs as plain objects, `None` and unit as `null`.
///
/// # Errors
///
/// Where a `Serialize` implementation fails; ours do not.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}
