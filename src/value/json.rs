//! Trees from JSON, natively: for the command-line tool and for tests. In a browser the page's own `JSON`
//! reads them, and printing or parsing doubles stays out of the download.

use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{DEPTH_LIMIT, Object, Value};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        Level(0).deserialize(deserializer)
    }
}

/// Reads one value, this many levels below the root.
#[derive(Clone, Copy)]
struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("plain data")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    #[allow(clippy::cast_precision_loss, reason = "JavaScript has no other number")]
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    #[allow(clippy::cast_precision_loss, reason = "JavaScript has no other number")]
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        if self.0 >= DEPTH_LIMIT {
            while access.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Cut);
        }
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Level(self.0 + 1))? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        if self.0 >= DEPTH_LIMIT {
            while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Cut);
        }
        let mut object = Object::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(Level(self.0 + 1))?;
            object.set(&key, value);
        }
        object.0.sort_by_key(|(key, _)| index(key));
        Ok(Value::Object(object))
    }
}

/// What JavaScript sorts keys by: those that are indices of an array come first, in their order.
///
/// Source: ECMA-262, OrdinaryOwnPropertyKeys.
fn index(key: &str) -> u32 {
    let number = key.parse::<u32>().ok().filter(|number| *number != u32::MAX && number.to_string() == key);
    number.unwrap_or(u32::MAX)
}
