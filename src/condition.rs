//! The condition language: Mongo-style queries over one tree of attributes.
//!
//! Coercions are those of the GrowthBook SDK 1.8.0, so that an audience means the same here and
//! there: text compares as JavaScript's `value + ""`, numbers as `value * 1`, a missing attribute
//! is `null`.

use core::cmp::Ordering;

use crate::host::Host;
use crate::reader::Reader;
use crate::text::{join, split};
use crate::value::{Object, Value};

/// Something that is true or false of a tree of attributes.
///
/// ```
/// use tailorbird::condition::Condition;
/// use tailorbird::host::Native;
/// use tailorbird::reader::read;
/// use tailorbird::value::{Object, Value};
///
/// let written = Object::new().with("cart.value", Object::new().with("$gt", 50.0)).into();
/// let condition = read(&written, Condition::read).unwrap();
///
/// let cart = |value: f64| Value::from(Object::new().with("cart", Object::new().with("value", value)));
/// assert!(condition.holds(&cart(80.0), &Native));
/// assert!(!condition.holds(&cart(20.0), &Native));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these; true of none.
    All(Vec<Condition>),
    /// Any of these; by the specification also true of none.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// The attribute at this path passes this test.
    At(Vec<String>, Test),
}

/// What an attribute is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A plain value, with JavaScript's loose coercions.
    Like(Value),
    /// Every one of these operators.
    Every(Vec<Operator>),
}

/// One `$operator` with its operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// `$eq`: same type and value; lists and objects never equal.
    Same(Value),
    /// `$lt`, `$lte`, `$gt`, `$gte`: the orderings that pass.
    Ordered(&'static [Ordering], Value),
    /// `$exists`.
    Exists(bool),
    /// `$in`.
    In(Vec<Value>),
    /// `$size`: the length of a list passes the test.
    Size(Test),
    /// `$type`.
    Type(String),
    /// `$not`, and the negative forms `$ne` and `$nin`.
    Not(Test),
}

const TYPES: [&str; 6] = ["string", "number", "boolean", "array", "object", "null"];
const LOGIC: [&str; 4] = ["$and", "$or", "$nor", "$not"];
const OPERATORS: [&str; 12] =
    ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$exists", "$in", "$nin", "$size", "$type", "$not"];
/// What of the language comes with the experiments.
const LATER_LOGIC: [&str; 1] = ["$savedGroup"];
const LATER_OPERATORS: [&str; 15] = [
    "$regex",
    "$regexi",
    "$ini",
    "$nini",
    "$all",
    "$alli",
    "$elemMatch",
    "$veq",
    "$vne",
    "$vgt",
    "$vgte",
    "$vlt",
    "$vlte",
    "$inGroup",
    "$notInGroup",
];

impl Condition {
    /// Reads a condition.
    pub fn read(at: &Reader<'_>) -> Condition {
        let mut all = Vec::new();
        for (key, _) in at.entries().iter() {
            let below = at.field(key);
            all.push(match key {
                "$and" => Condition::All(Condition::list(&below)),
                "$or" => Condition::Any(Condition::list(&below)),
                "$nor" => Condition::Not(Box::new(Condition::Any(Condition::list(&below)))),
                "$not" => Condition::Not(Box::new(Condition::read(&below))),
                _ if key.starts_with('$') => {
                    refuse_operator(&below, key, &LOGIC, &LATER_LOGIC);
                    continue;
                }
                _ => Condition::At(split(key, b'.').into_iter().map(str::to_owned).collect(), Test::read(&below)),
            });
        }
        Condition::All(all)
    }

    fn list(at: &Reader<'_>) -> Vec<Condition> {
        let items = at.items(0, usize::MAX);
        items.iter().enumerate().map(|(index, item)| Condition::read(&at.item(index, item))).collect()
    }

    /// Whether the condition is true of `attributes`.
    pub fn holds(&self, attributes: &Value, host: &dyn Host) -> bool {
        match self {
            Condition::All(list) => list.iter().all(|condition| condition.holds(attributes, host)),
            Condition::Any(list) => list.is_empty() || list.iter().any(|condition| condition.holds(attributes, host)),
            Condition::Not(inner) => !inner.holds(attributes, host),
            Condition::At(path, test) => resolve(attributes, path, |found| test.passes(found, host)),
        }
    }
}

/// Notes `key`, an operator that is not among `known` ones.
fn refuse_operator(at: &Reader<'_>, key: &str, known: &[&str], later: &[&str]) {
    if later.contains(&key) { at.not_yet() } else { at.unknown(known) }
}

/// Calls `then` with what stands at `path`; `null` where the path leads nowhere.
fn resolve<T>(attributes: &Value, path: &[String], then: impl FnOnce(&Value) -> T) -> T {
    let mut here = attributes;
    for step in path {
        let next = match here {
            Value::Object(object) => object.get(step),
            Value::List(items) if step == "length" => {
                #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
                let length = Value::Number(items.len() as f64);
                // `length` has nothing below it, so it can only be the last step.
                return then(if path.last() == Some(step) { &length } else { &Value::Null });
            }
            Value::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        match next {
            Some(value) => here = value,
            None => return then(&Value::Null),
        }
    }
    then(here)
}

impl Test {
    fn read(at: &Reader<'_>) -> Test {
        match at.value() {
            Some(Value::Object(object)) if !object.is_empty() && object.iter().all(|(key, _)| key.starts_with('$')) => {
                Test::Every(Operator::read_all(at))
            }
            other => Test::Like(other.cloned().unwrap_or_default()),
        }
    }

    /// Whether `found` passes.
    fn passes(&self, found: &Value, host: &dyn Host) -> bool {
        match self {
            Test::Every(operators) => operators.iter().all(|operator| operator.passes(found, host)),
            Test::Like(Value::Text(text)) => js_text(found, host) == *text,
            Test::Like(Value::Number(number)) => js_number(found, host) == *number,
            Test::Like(Value::Bool(truth)) => *found != Value::Null && truthy(found) == *truth,
            Test::Like(Value::Null | Value::Cut) => *found == Value::Null,
            Test::Like(whole) => same_json(whole, found),
        }
    }
}

impl Operator {
    fn read_all(at: &Reader<'_>) -> Vec<Operator> {
        at.entries().iter().filter_map(|(key, value)| Operator::read(key, value, &at.field(key))).collect()
    }

    fn read(key: &str, value: &Value, at: &Reader<'_>) -> Option<Operator> {
        const LESS: &[Ordering] = &[Ordering::Less];
        const MORE: &[Ordering] = &[Ordering::Greater];
        const AT_MOST: &[Ordering] = &[Ordering::Less, Ordering::Equal];
        const AT_LEAST: &[Ordering] = &[Ordering::Greater, Ordering::Equal];
        let not = |operator| Operator::Not(Test::Every(vec![operator]));
        let expected = match (key, value) {
            ("$lt", Value::Number(_) | Value::Text(_)) => return Some(Operator::Ordered(LESS, value.clone())),
            ("$lte", Value::Number(_) | Value::Text(_)) => return Some(Operator::Ordered(AT_MOST, value.clone())),
            ("$gt", Value::Number(_) | Value::Text(_)) => return Some(Operator::Ordered(MORE, value.clone())),
            ("$gte", Value::Number(_) | Value::Text(_)) => return Some(Operator::Ordered(AT_LEAST, value.clone())),
            ("$eq", _) => return Some(Operator::Same(value.clone())),
            ("$ne", _) => return Some(not(Operator::Same(value.clone()))),
            ("$exists", Value::Bool(truth)) => return Some(Operator::Exists(*truth)),
            ("$in", Value::List(items)) => return Some(Operator::In(items.clone())),
            ("$nin", Value::List(items)) => return Some(not(Operator::In(items.clone()))),
            ("$size", Value::Number(_)) => return Some(Operator::Size(Test::Like(value.clone()))),
            ("$size", Value::Object(object)) if !object.is_empty() => {
                return Some(Operator::Size(Test::Every(Operator::read_all(at))));
            }
            ("$type", Value::Text(name)) if TYPES.contains(&name.as_str()) => {
                return Some(Operator::Type(name.clone()));
            }
            ("$not", _) => return Some(Operator::Not(Test::read(at))),
            ("$lt" | "$lte" | "$gt" | "$gte", _) => "a number or a text",
            ("$exists", _) => "true or false",
            ("$in" | "$nin", _) => "a list",
            ("$size", _) => "a number or an object of operators",
            ("$type", _) => "one of string, number, boolean, array, object, null",
            _ => {
                refuse_operator(at, key, &OPERATORS, &LATER_OPERATORS);
                return None;
            }
        };
        at.refuse(expected);
        None
    }

    fn passes(&self, found: &Value, host: &dyn Host) -> bool {
        match self {
            Operator::Same(value) => same(found, value),
            Operator::Ordered(orderings, value) => {
                relation(found, value, host).is_some_and(|order| orderings.contains(&order))
            }
            Operator::Exists(wanted) => (*found != Value::Null) == *wanted,
            Operator::In(list) => match found {
                Value::List(items) => items.iter().any(|item| list.iter().any(|one| same(item, one))),
                one => list.iter().any(|other| same(one, other)),
            },
            #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
            Operator::Size(test) => match found {
                Value::List(items) => test.passes(&Value::Number(items.len() as f64), host),
                _ => false,
            },
            Operator::Type(name) => type_name(found) == name,
            Operator::Not(test) => !test.passes(found, host),
        }
    }
}

fn type_name(value: &Value) -> &'static str {
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
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(_) | Value::Object(_), _) => false,
        // `==` on doubles is `===` on numbers: NaN differs from itself, 0 equals -0.
        _ => left == right,
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Cut => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::List(_) | Value::Object(_) => true,
    }
}

/// `value + ""`.
fn js_text(value: &Value, host: &dyn Host) -> String {
    match value {
        Value::Null | Value::Cut => "null".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Number(number) => host.number_text(*number),
        Value::Text(text) => text.clone(),
        Value::List(items) => {
            let texts: Vec<String> = items
                .iter()
                .map(|item| if *item == Value::Null { String::new() } else { js_text(item, host) })
                .collect();
            join(texts.iter().map(String::as_str), ",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// `value * 1`.
fn js_number(value: &Value, host: &dyn Host) -> f64 {
    match value {
        Value::Null | Value::Cut => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => *number,
        Value::Text(text) => host.number_of(text),
        Value::List(_) | Value::Object(_) => host.number_of(&js_text(value, host)),
    }
}

/// How JavaScript's `<` and `>` order two values; `None` when a NaN is involved.
fn relation(left: &Value, right: &Value, host: &dyn Host) -> Option<Ordering> {
    let is_text = |value: &Value| matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_));
    if is_text(left) && is_text(right) {
        // By UTF-16 code units, which differs from Rust's order beyond the basic plane.
        return Some(js_text(left, host).encode_utf16().cmp(js_text(right, host).encode_utf16()));
    }
    js_number(left, host).partial_cmp(&js_number(right, host))
}

/// Whether both print the same compact JSON: the order of keys counts, types are strict.
fn same_json(left: &Value, right: &Value) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::reader::read;

    fn parse(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn check(condition: &str, attributes: &str, expected: bool, why: &str) {
        let written = parse(condition);
        let condition = read(&written, Condition::read).unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        assert_eq!(condition.holds(&parse(attributes), &Native), expected, "{why}: {written:?}");
    }

    #[test]
    fn logic_follows_the_specification_down_to_its_empty_lists() {
        let cases = [
            (r#"{}"#, true, "nothing asked"),
            (r#"{"$or": []}"#, true, "by the specification"),
            (r#"{"$nor": []}"#, false, "not the above"),
            (r#"{"$and": []}"#, true, "all of none"),
            (r#"{"$not": {}}"#, false, "not true"),
            (r#"{"$or": [{"a": 2}, {"b": "x"}]}"#, true, "the second"),
            (r#"{"$nor": [{"a": 2}, {"b": "y"}]}"#, true, "neither"),
            (r#"{"a": 1, "b": "y"}"#, false, "keys are a conjunction"),
        ];
        for (condition, expected, why) in cases {
            check(condition, r#"{"a": 1, "b": "x"}"#, expected, why);
        }
    }

    #[test]
    fn plain_values_compare_with_javascripts_coercions() {
        let cases = [
            (r#"{"a": "5"}"#, r#"{"a": 5}"#, true, "number as text"),
            (r#"{"a": "null"}"#, r#"{}"#, true, "missing as text"),
            (r#"{"a": "1,2"}"#, r#"{"a": [1, 2]}"#, true, "list as text"),
            (r#"{"a": 5}"#, r#"{"a": " 5 "}"#, true, "text as number"),
            (r#"{"a": 16}"#, r#"{"a": "0x10"}"#, true, "hexadecimal"),
            (r#"{"a": 0}"#, r#"{}"#, true, "missing as number"),
            (r#"{"a": 0}"#, r#"{"a": []}"#, true, "empty list as number"),
            (r#"{"a": 5}"#, r#"{"a": "five"}"#, false, "NaN equals nothing"),
            (r#"{"a": false}"#, r#"{"a": 0}"#, true, "falsy"),
            (r#"{"a": true}"#, r#"{"a": "false"}"#, true, "truthy"),
            (r#"{"a": false}"#, r#"{}"#, false, "missing is neither"),
            (r#"{"a": null}"#, r#"{}"#, true, "missing is null"),
            (r#"{"a": {"b": 1, "c": 2}}"#, r#"{"a": {"c": 2, "b": 1}}"#, false, "order of keys"),
            (r#"{"a": [1, "2"]}"#, r#"{"a": [1, 2]}"#, false, "types inside are strict"),
            (r#"{"a": {}}"#, r#"{"a": {}}"#, true, "an empty object is no operator object"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, expected, why);
        }
    }

    #[test]
    fn operators_follow_the_specification() {
        let cases = [
            (r#"{"a": {"$gte": 0}}"#, r#"{}"#, true, "missing is 0"),
            (r#"{"a": {"$gt": 0}}"#, r#"{}"#, false, "missing is 0"),
            (r#"{"a": {"$gt": "9"}}"#, r#"{"a": "10"}"#, false, "two texts"),
            (r#"{"a": {"$gt": 9}}"#, r#"{"a": "10"}"#, true, "text and number"),
            (r#"{"a": {"$lt": "😀"}}"#, r#"{"a": "\uffee"}"#, false, "by UTF-16 units"),
            (r#"{"a": {"$lt": 1, "$gt": -1}}"#, r#"{"a": "x"}"#, false, "NaN"),
            (r#"{"a": {"$ne": 1}}"#, r#"{}"#, true, "missing is not 1"),
            (r#"{"a": {"$eq": null}}"#, r#"{}"#, true, "missing is null"),
            (r#"{"a": {"$eq": [1]}}"#, r#"{"a": [1]}"#, false, "lists are never identical"),
            (r#"{"a": {"$in": ["1"]}}"#, r#"{"a": 1}"#, false, "strict"),
            (r#"{"a": {"$in": [null]}}"#, r#"{}"#, true, "missing"),
            (r#"{"a": {"$in": [2, 3]}}"#, r#"{"a": [1, 2]}"#, true, "any element"),
            (r#"{"a": {"$nin": [2]}}"#, r#"{}"#, true, "missing is not in it"),
            (r#"{"a": {"$exists": true}}"#, r#"{"a": false}"#, true, "false is there"),
            (r#"{"a": {"$exists": false}}"#, r#"{"a": null}"#, true, "null is not"),
            (r#"{"a": {"$size": 2}}"#, r#"{"a": [1, 2]}"#, true, "length"),
            (r#"{"a": {"$size": {"$gt": 2}}}"#, r#"{"a": [1, 2]}"#, false, "length"),
            (r#"{"a": {"$size": 0}}"#, r#"{"a": ""}"#, false, "text has no size"),
            (r#"{"a": {"$type": "null"}}"#, r#"{}"#, true, "missing"),
            (r#"{"a": {"$not": {"$gt": 3}}}"#, r#"{"a": 2}"#, true, "not"),
            (r#"{"a.b.1.c": 7}"#, r#"{"a": {"b": [0, {"c": 7}]}}"#, true, "through a list"),
            (r#"{"a.length": 2}"#, r#"{"a": [1, 2]}"#, true, "a list has a length"),
            (r#"{"a.length": {"$exists": true}}"#, r#"{"a": "xy"}"#, false, "text is not stepped into"),
            (r#"{"toString": {"$exists": false}}"#, r#"{}"#, true, "only own keys"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, expected, why);
        }
    }

    #[test]
    fn a_wrong_condition_is_refused_with_its_paths() {
        let written =
            parse(r#"{"$xor": [], "a": {"$in": 3, "$like": 1, "$regex": "x"}, "$and": [1], "b": {"$type": "text"}}"#);
        let problems = read(&written, Condition::read).unwrap_err();
        assert_eq!(
            problems.lines(),
            [
                "$xor is unknown, expected one of $and, $or, $nor, $not",
                "a.$in is 3, expected a list",
                "a.$like is unknown, expected one of $eq, $ne, $lt, $lte, $gt, $gte, $exists, $in, $nin, $size, $type, $not",
                "a.$regex is not supported yet",
                "$and[0] is 1, expected an object",
                "b.$type is \"text\", expected one of string, number, boolean, array, object, null",
            ]
        );
    }
}
