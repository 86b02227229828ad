//! Trees as bytes: how they cross between the two languages.
//!
//! A value is a tag (0 `null`, 1 `false`, 2 `true`, 3 a number, 4 a text, 5 a list, 6 an object,
//! 7 what lies too deep), then the eight bytes of the number, the text, the items, or keys and
//! values in turn, with their count before them. `www/browser/tree.ts` does the same.

use super::{Object, Value};
use crate::codec::Codec;

impl Value {
    /// The value, written or read.
    ///
    /// ```
    /// use tailorbird::codec::Codec;
    /// use tailorbird::value::Value;
    ///
    /// let mut out = Codec::default();
    /// Value::from(vec![1.5, 2.0]).code(&mut out);
    /// let (bytes, mut read) = (out.into_bytes(), Value::Null);
    /// read.code(&mut Codec::reading(&bytes));
    /// assert_eq!(read, Value::from(vec![1.5, 2.0]));
    /// ```
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        let mut tag = self.tag();
        codec.varint_u32(&mut tag);
        if codec.is_reading() {
            *self = match tag {
                1 | 2 => Value::Bool(tag == 2),
                3 => Value::Number(0.0),
                4 => Value::Text(String::new()),
                5 => Value::List(Vec::new()),
                6 => Value::Object(Object::new()),
                7 => Value::Cut,
                _ => Value::Null,
            };
        }
        match self {
            Value::Number(number) => codec.f64_bits(number),
            Value::Text(text) => codec.text(text),
            Value::List(items) => codec.list(usize::MAX, items, |codec, item| item.code(codec)),
            Value::Object(object) => codec.list(usize::MAX, &mut object.0, |codec, (key, value)| {
                codec.text(key);
                value.code(codec);
            }),
            Value::Null | Value::Bool(_) | Value::Cut => {}
        }
    }

    fn tag(&self) -> u32 {
        match self {
            Value::Null => 0,
            Value::Bool(truth) => 1 + u32::from(*truth),
            Value::Number(_) => 3,
            Value::Text(_) => 4,
            Value::List(_) => 5,
            Value::Object(_) => 6,
            Value::Cut => 7,
        }
    }
}
