//! Plain JavaScript data to [`Value`] and back.
//!
//! Walked by hand: serde's machinery for the same brings the printing of doubles with it, 9 KB
//! compressed.

use js_sys::{Array, Object as JsObject, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::value::{DEPTH_LIMIT, Object, Value};

/// A tree of what JavaScript handed over. What is no plain data becomes `null`.
pub fn from_js(value: &JsValue) -> Value {
    read(value, 0)
}

fn read(value: &JsValue, level: usize) -> Value {
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(truth) = value.as_bool() {
        return Value::Bool(truth);
    }
    if !value.is_object() {
        return Value::Null;
    }
    if level >= DEPTH_LIMIT {
        return Value::Cut;
    }
    if let Some(items) = value.dyn_ref::<Array>() {
        return Value::List(items.iter().map(|item| read(&item, level + 1)).collect());
    }
    let mut object = Object::new();
    for entry in JsObject::entries(value.unchecked_ref()).iter() {
        let entry: &Array = entry.unchecked_ref();
        if let Some(key) = entry.get(0).as_string() {
            object.set(&key, read(&entry.get(1), level + 1));
        }
    }
    Value::Object(object)
}

/// The same tree as JavaScript data.
pub fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null | Value::Cut => JsValue::NULL,
        Value::Bool(truth) => JsValue::from_bool(*truth),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::List(items) => items.iter().map(to_js).collect::<Array>().into(),
        Value::Object(object) => {
            let plain = JsObject::new();
            for (key, value) in object.iter() {
                // Assigning this key would change the prototype.
                if key != "__proto__" {
                    // Cannot fail: the object is new and plain.
                    let _ = Reflect::set(&plain, &JsValue::from_str(key), &to_js(value));
                }
            }
            plain.into()
        }
    }
}
