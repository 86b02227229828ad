//! Trees to whatever `serde` writes: JavaScript values in a browser, JSON natively.

use serde::ser::{Serialize, Serializer};

use super::{Object, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null | Value::Cut => serializer.serialize_unit(),
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.serialized())
    }
}

impl Object {
    /// The entries that are serialized: all but `__proto__`, which would change a prototype in JavaScript.
    pub fn serialized(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.iter().filter(|(key, _)| *key != "__proto__")
    }
}
