//! JavaScript's coercions, as conditions and assignments use them.
//!
//! Source: ECMA-262, abstract operations `ToString`, `ToNumber`, `ToBoolean`, `IsLessThan`.

use core::cmp::Ordering;
use std::borrow::Cow;

use crate::host::Host;
use crate::value::{Object, Value};

/// What `$type` calls a value.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null | Value::Cut => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Object(_) => "object",
    }
}

/// JavaScript's `===`, for which two separate lists or objects are never the same.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(_) | Value::Object(_), _) => false,
        // `==` on doubles is `===` on numbers: NaN differs from itself, 0 equals -0.
        _ => left == right,
    }
}

/// Whether a value counts as true: `!!value`.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Cut => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::List(_) | Value::Object(_) => true,
    }
}

/// `value + ""`.
pub fn js_text<'a>(value: &'a Value, host: &dyn Host) -> Cow<'a, str> {
    Cow::Borrowed(match value {
        Value::Null | Value::Cut => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Text(text) => text,
        Value::Object(_) => "[object Object]",
        Value::Number(number) => return Cow::Owned(host.number_text(*number)),
        Value::List(items) => {
            let text = |item: &'a Value| if *item == Value::Null { Cow::Borrowed("") } else { js_text(item, host) };
            let texts: Vec<Cow<'_, str>> = items.iter().map(text).collect();
            return Cow::Owned(texts.join(","));
        }
    })
}

/// `value * 1`.
pub fn js_number(value: &Value, host: &dyn Host) -> f64 {
    match value {
        Value::Null | Value::Cut => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => *number,
        Value::Text(text) => host.number_of(text),
        Value::List(_) | Value::Object(_) => host.number_of(&js_text(value, host)),
    }
}

/// How JavaScript's `<` and `>` order two values; `None` when a NaN is involved.
pub fn relation(left: &Value, right: &Value, host: &dyn Host) -> Option<Ordering> {
    let is_text = |value: &Value| matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_));
    if is_text(left) && is_text(right) {
        // By UTF-16 code units, which differs from Rust's order beyond the basic plane.
        return Some(js_text(left, host).encode_utf16().cmp(js_text(right, host).encode_utf16()));
    }
    js_number(left, host).partial_cmp(&js_number(right, host))
}

/// Whether both print the same compact JSON: the order of keys counts, types are strict.
pub fn same_json(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_json(left, right))
        }
        (Value::Object(left), Value::Object(right)) => same_entries(left, right),
        // JSON has no NaN and no infinity: they print as null.
        (Value::Number(number), Value::Null) | (Value::Null, Value::Number(number)) => !number.is_finite(),
        (Value::Number(left), Value::Number(right)) => left == right || !(left.is_finite() || right.is_finite()),
        _ => left == right,
    }
}

fn same_entries(left: &Object, right: &Object) -> bool {
    left.len() == right.len()
        && left.iter().zip(right.iter()).all(|(left, right)| left.0 == right.0 && same_json(left.1, right.1))
}

/// Whether `found`, or any item of it where it is a list, is among `list`; with a host, case does
/// not count.
pub fn is_in(found: &Value, list: &[Value], fold: Option<&dyn Host>) -> bool {
    let equal = |left: &Value, right: &Value| match (fold, left, right) {
        (Some(host), Value::Text(left), Value::Text(right)) => folded(left, right, host),
        _ => same(left, right),
    };
    let one = |found| list.iter().any(|other| equal(found, other));
    match found {
        Value::List(items) => items.iter().any(one),
        found => one(found),
    }
}

/// Whether both are the same in small letters.
pub fn folded(left: &str, right: &str, host: &dyn Host) -> bool {
    if left.is_ascii() && right.is_ascii() {
        left.eq_ignore_ascii_case(right)
    } else {
        host.lower_case(left) == host.lower_case(right)
    }
}

/// A version as text that sorts as versions do: `1.2.3` is `    1-    2-    3-~`.
///
/// Without a leading `v` and a build after `+`; parts of digits filled up to five places; three
/// parts, which have no pre-release, sort after those that have one. What is no text and no number
/// is `0`. Its quirks are the SDK's: `1.2` is below `1.2.0`, and parts of six digits sort wrongly.
pub fn padded_version(version: &Value, host: &dyn Host) -> String {
    let text = match version {
        Value::Text(text) if !text.is_empty() => Cow::Borrowed(text.as_str()),
        Value::Number(_) => js_text(version, host),
        _ => Cow::Borrowed("0"),
    };
    let text = text.strip_prefix('v').unwrap_or(&text);
    // The SDK's pattern for a build, `+.*$`, does not reach across lines.
    let line = text.rfind('\n').unwrap_or(0);
    let build = text.get(line..).and_then(|last| last.find('+')).map(|plus| line + plus);
    let text = text.get(..build.unwrap_or(text.len())).unwrap_or("");
    let pad = |part: &str| match part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        true => part.to_owned(),
        false => format!("{part:>5}"),
    };
    let mut parts: Vec<String> = text.split(['-', '.']).map(pad).collect();
    if parts.len() == 3 {
        parts.push("~".to_owned());
    }
    parts.join("-")
}
