//! One tree for everything that crosses a border: config, signals, attributes, effects, results.
//!
//! A single hand-written type keeps the download small: derived `Deserialize` implementations for
//! every config struct weigh more than the engine.

#[cfg(not(target_arch = "wasm32"))]
mod json;
mod serialize;

use crate::hash::{fnv1a_64, fnv1a_64_after};

/// How many levels of lists and objects are read; what lies deeper becomes [`Value::Cut`].
pub const DEPTH_LIMIT: usize = 64;

/// A JSON-like tree.
///
/// Object keys keep the order in which they were written, because conditions compare objects as
/// JSON text does. `undefined` reads as `Null`.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// `null`, and everything absent.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any IEEE double; from JavaScript also NaN and the infinities.
    Number(f64),
    /// Unicode text. Lone surrogates became U+FFFD on the way in.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, keys in order.
    Object(Object),
    /// What stood deeper than [`DEPTH_LIMIT`]. Written out as `null`.
    Cut,
}

/// The entries of an object, in order; keys are unique.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// An object without entries.
    pub const fn new() -> Object {
        Object(Vec::new())
    }

    /// The value of `key`, if it has one.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of `key` for changing, if it has one.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Sets `key`; a later value replaces an earlier one in its place, as in JavaScript.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.put(key, value.into());
    }

    /// The same object with `key` set: for building in one expression.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Object {
        self.put(key, value.into());
        self
    }

    // One copy of this for all types of value.
    fn put(&mut self, key: &str, value: Value) {
        match self.get_mut(key) {
            Some(place) => *place = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// The object under `key`, which becomes an empty one where there is none.
    pub fn below(&mut self, key: &str) -> Option<&mut Object> {
        let found = self.0.iter().position(|(known, _)| known == key);
        let place = found.unwrap_or(self.0.len());
        if found.is_none() {
            self.0.push((key.to_owned(), Value::Null));
        }
        let (_, value) = self.0.get_mut(place)?;
        if !matches!(value, Value::Object(_)) {
            *value = Value::Object(Object::new());
        }
        if let Value::Object(below) = value { Some(below) } else { None }
    }

    /// Makes the object anew, in the same order as before: where an entry has its key already, nothing is
    /// looked up and nothing allocated. What `fill` does not put goes.
    pub fn renew(&mut self, fill: impl FnOnce(&mut Renewal<'_>)) {
        let mut renewal = Renewal { object: self, length: 0 };
        fill(&mut renewal);
        let length = renewal.length;
        self.0.truncate(length);
    }

    /// Lays `other` over this object: objects merge, anything else replaces.
    pub fn overlay(&mut self, other: &Object) {
        for (key, value) in other.iter() {
            match (self.get_mut(key), value) {
                (Some(Value::Object(below)), Value::Object(above)) => below.overlay(above),
                (Some(place), _) => *place = value.clone(),
                (None, _) => self.0.push((key.to_owned(), value.clone())),
            }
        }
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// About how many bytes the object takes.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(key, value)| key.len() + 24 + value.size()).sum()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An object that is being made anew.
pub struct Renewal<'a> {
    object: &'a mut Object,
    length: usize,
}

impl Renewal<'_> {
    /// Puts the next entry.
    pub fn put(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        self.next(key, value.into());
        self
    }

    /// Puts an object as the next entry, anew as well.
    pub fn below(&mut self, key: &str, fill: impl FnOnce(&mut Renewal<'_>)) -> &mut Self {
        let mut below = self.there();
        below.renew(fill);
        self.put(key, below)
    }

    /// The object that stood where the next entry comes.
    fn there(&mut self) -> Object {
        match self.object.0.get_mut(self.length) {
            Some((_, Value::Object(below))) => core::mem::take(below),
            _ => Object::new(),
        }
    }

    fn next(&mut self, key: &str, value: Value) {
        match self.object.0.get_mut(self.length) {
            Some((known, there)) if known == key => *there = value,
            _ => {
                self.object.0.truncate(self.length);
                self.object.0.push((key.to_owned(), value));
            }
        }
        self.length += 1;
    }
}

/// The value of what is missing.
pub static NULL: Value = Value::Null;

impl Value {
    /// The value under `key`; `null` where there is none.
    pub fn at(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&NULL)
    }

    /// The text, if this is one, else an empty one.
    pub fn text(&self) -> &str {
        self.as_text().unwrap_or("")
    }

    /// The number, if this is one that is finite, else 0.
    pub fn number(&self) -> f64 {
        self.as_number().unwrap_or(0.0)
    }

    /// Whether this is `true`.
    pub fn is_true(&self) -> bool {
        *self == Value::Bool(true)
    }

    /// The items, if this is a list, else none.
    pub fn items(&self) -> &[Value] {
        self.as_list().unwrap_or_default()
    }

    /// The value of `key`, if this is an object that has one.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// A hash of the tree: the same for equal trees with keys in the same order.
    pub fn fingerprint(&self) -> u64 {
        self.hash_after(fnv1a_64(&[]))
    }

    fn hash_after(&self, hash: u64) -> u64 {
        // The same size on every machine.
        let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        // A kind before each value, and a length before what has parts, or two trees could read the same.
        let begin = |kind: u8, length: usize| fnv1a_64_after(fnv1a_64_after(hash, &[kind]), &size(length));
        match self {
            Value::Null => begin(0, 0),
            Value::Bool(truth) => begin(1, usize::from(*truth)),
            Value::Number(number) => fnv1a_64_after(begin(2, 0), &number.to_bits().to_le_bytes()),
            Value::Text(text) => fnv1a_64_after(begin(3, text.len()), text.as_bytes()),
            Value::List(items) => items.iter().fold(begin(4, items.len()), |hash, item| item.hash_after(hash)),
            Value::Object(object) => object.iter().fold(begin(5, object.len()), |hash, (key, value)| {
                value.hash_after(fnv1a_64_after(fnv1a_64_after(hash, &size(key.len())), key.as_bytes()))
            }),
            Value::Cut => begin(6, 0),
        }
    }

    /// About how many bytes the tree takes beside itself.
    fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::List(items) => items.iter().map(|item| item.size() + 24).sum(),
            Value::Object(object) => object.size(),
            _ => 0,
        }
    }

    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(items) = self { Some(items) } else { None }
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if this is one that is finite.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(truth) = self { Some(*truth) } else { None }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(f64::from(number))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Value {
        Value::Object(object)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Value {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn trees_that_differ_have_different_fingerprints() {
        let trees = [
            "null",
            "false",
            "true",
            "0",
            "1",
            "\"\"",
            "\"a\"",
            "[]",
            "{}",
            "[1]",
            "[1, 1]",
            "[[1], 1]",
            "[[1, 1]]",
            r#"["a", "b"]"#,
            r#"["ab", ""]"#,
            r#"{"a": "b"}"#,
            r#"{"ab": ""}"#,
            r#"{"a": {"b": 1}}"#,
            r#"{"a": 1, "b": 2}"#,
            r#"{"b": 2, "a": 1}"#,
        ];
        let fingerprints: Vec<u64> = trees.iter().map(|tree| parse(tree).fingerprint()).collect();
        for (index, fingerprint) in fingerprints.iter().enumerate() {
            assert_eq!(fingerprints.iter().position(|other| other == fingerprint), Some(index), "{}", trees[index]);
        }
        assert_eq!(parse("{\"a\": [1.0]}").fingerprint(), parse("{ \"a\":[1] }").fingerprint());
    }

    #[test]
    fn a_later_key_replaces_an_earlier_one_in_its_place() {
        let object = parse(r#"{"a": 1, "b": 2, "a": 3}"#);
        let keys: Vec<_> = object.as_object().unwrap().iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(object.get("a"), Some(&Value::Number(3.0)));
    }

    #[test]
    fn what_lies_below_the_depth_limit_is_cut_off() {
        let nested = |levels: usize| parse(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
        let cut = |mut value: Value| loop {
            match value {
                Value::List(mut items) if !items.is_empty() => value = items.remove(0),
                other => break other == Value::Cut,
            }
        };
        assert!(!cut(nested(DEPTH_LIMIT)));
        assert!(cut(nested(DEPTH_LIMIT + 1)));
        assert!(cut(nested(100_000)), "however deep");
    }

    #[test]
    fn an_overlay_merges_objects_and_replaces_everything_else() {
        let Value::Object(mut below) = parse(r#"{"geo": {"country": "FR", "city": "Lyon"}, "plan": "free"}"#) else {
            unreachable!()
        };
        let above = parse(r#"{"geo": {"country": "DE"}, "plan": ["pro"], "new": 1}"#);
        below.overlay(above.as_object().unwrap());
        let expected = parse(r#"{"geo": {"country": "DE", "city": "Lyon"}, "plan": ["pro"], "new": 1}"#);
        assert_eq!(Value::Object(below), expected);
    }

    #[test]
    fn a_prototype_key_is_read_as_data_and_never_written_out() {
        let value = parse(r#"{"__proto__": {"admin": true}, "a": 1}"#);
        assert!(value.get("__proto__").is_some());
        assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"a":1.0}"#);
    }
}
