//! The condition language: Mongo-style queries over one document of attributes.
//!
//! Conditions mean what they mean to the GrowthBook SDK 1.8.0, so that an audience is the same in both: text
//! compares as JavaScript's `value + ""`, numbers as `value * 1`, and a missing attribute is `null`.
//!
//! [`Condition::of`] takes any value and gives it the meaning it has in that SDK, mistakes included; payloads
//! below `experiments` are read this way. [`Condition::read`] first reports every mistake, for conditions in the
//! other sections of a config.

pub mod coercion;
pub mod failed_leaf;
mod operator;
mod saved_group;

use std::borrow::Cow;

use crate::host::Host;
use crate::reader::Reader;
use crate::value::{NULL, Object, Value};
use coercion::{js_number, js_text, same_json, truthy};
use operator::Operator;

pub use saved_group::{Members, SavedGroup, SavedGroups};

/// A query that is true or false of a document of attributes.
///
/// ```
/// use tailorbird::condition::{Condition, Scope};
/// use tailorbird::host::Native;
/// use tailorbird::value::{Object, Value};
///
/// let written: Value = Object::new().with("cart.value", Object::new().with("$gt", 50.0)).into();
/// let condition = Condition::of(&written);
///
/// let cart = |value: f64| Value::from(Object::new().with("cart", Object::new().with("value", value)));
/// let scope = Scope::of(&Native, &[]);
/// assert!(condition.holds(&cart(80.0), scope));
/// assert!(!condition.holds(&cart(20.0), scope));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these; an empty list is true.
    All(Vec<Condition>),
    /// Any of these; by the specification an empty list is true as well.
    Any(Vec<Condition>),
    /// The opposite of this.
    Not(Box<Condition>),
    /// The attribute at this path passes this test.
    At(Path, Test),
    /// `$savedGroup`: the visitor is in a saved group.
    InSavedGroup {
        /// The group's id; `None` where the reference cannot be read, which matches nobody.
        id: Option<String>,
        /// The attribute that is looked up, in place of the one that the group names.
        attribute: Option<Path>,
    },
}

/// What an attribute is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A plain value, with JavaScript's loose coercions.
    Equals(Value),
    /// Every one of these operators.
    Every(Vec<Operator>),
}

/// What evaluating a condition needs beside the attributes.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Conversions, patterns and addresses by JavaScript's rules.
    pub host: &'a dyn Host,
    /// The saved groups that conditions may refer to.
    pub groups: &'a SavedGroups,
    /// The saved groups whose conditions are being evaluated. A group that refers to itself matches nobody.
    within: Option<&'a Within<'a>>,
}

struct Within<'a> {
    id: &'a str,
    outer: Option<&'a Within<'a>>,
}

impl<'a> Scope<'a> {
    /// The scope of a condition that belongs to no saved group.
    pub fn of(host: &'a dyn Host, groups: &'a SavedGroups) -> Scope<'a> {
        Scope { host, groups, within: None }
    }
}

/// The keys that combine conditions.
const LOGIC: [&str; 5] = ["$and", "$or", "$nor", "$not", "$savedGroup"];

/// The steps to an attribute.
pub type Path = Vec<String>;

fn steps(path: &str) -> Path {
    path.split('.').map(str::to_owned).collect()
}

impl Condition {
    /// The meaning of `written` in the GrowthBook SDK, whether or not it is well formed.
    pub fn of(written: &Value) -> Condition {
        let list = |value: &Value| value.items().iter().map(Condition::of).collect();
        let entry = |(key, value): (&str, &Value)| match key {
            "$and" => Condition::All(list(value)),
            "$or" => Condition::Any(list(value)),
            "$nor" => Condition::Not(Box::new(Condition::Any(list(value)))),
            "$not" => Condition::Not(Box::new(Condition::of(value))),
            "$savedGroup" => Condition::in_saved_group(value),
            path => Condition::At(steps(path), Test::of(value)),
        };
        Condition::All(written.as_object().map(|object| object.iter().map(entry).collect()).unwrap_or_default())
    }

    fn in_saved_group(reference: &Value) -> Condition {
        let attribute = match reference.get("attributeKey") {
            None => Some(None),
            Some(path) => path.as_text().map(|path| Some(steps(path))),
        };
        match (reference.at("id").as_text(), attribute) {
            (Some(id), Some(attribute)) => Condition::InSavedGroup { id: Some(id.to_owned()), attribute },
            _ => Condition::InSavedGroup { id: None, attribute: None },
        }
    }

    /// Reads a condition; `None` if it has a problem.
    pub fn read(at: &Reader<'_>) -> Option<Condition> {
        check(at).then(|| Condition::of(at.value().unwrap_or(&NULL)))
    }

    /// Calls `visit` with the path of every attribute that the condition names.
    pub fn for_each_path(&self, visit: &mut dyn FnMut(&[String])) {
        match self {
            Condition::All(list) | Condition::Any(list) => list.iter().for_each(|inner| inner.for_each_path(visit)),
            Condition::Not(inner) => inner.for_each_path(visit),
            Condition::At(path, _) => visit(path),
            Condition::InSavedGroup { attribute, .. } => attribute.iter().for_each(|path| visit(path)),
        }
    }

    /// The object that [`Condition::of`] reads this from.
    fn written(&self) -> Value {
        match self {
            Condition::All(entries) => {
                let entries = entries.iter().map(Condition::written_entry);
                entries.fold(Object::new(), |object, (key, value)| object.with(&key, value)).into()
            }
            entry => {
                let (key, value) = entry.written_entry();
                Object::new().with(&key, value).into()
            }
        }
    }

    /// One key of such an object, and what stands below it.
    fn written_entry(&self) -> (String, Value) {
        let list = |list: &[Condition]| list.iter().map(Condition::written).collect::<Value>();
        match self {
            Condition::All(inner) => ("$and".to_owned(), list(inner)),
            Condition::Any(inner) => ("$or".to_owned(), list(inner)),
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Any(inner) => ("$nor".to_owned(), list(inner)),
                other => ("$not".to_owned(), other.written()),
            },
            Condition::At(path, test) => (path.join("."), test.written()),
            Condition::InSavedGroup { id, attribute } => {
                let mut reference = Object::new().with("id", id.clone());
                if let Some(path) = attribute {
                    reference.set("attributeKey", path.join("."));
                }
                ("$savedGroup".to_owned(), reference.into())
            }
        }
    }

    /// Whether the condition is true of `attributes`.
    pub fn holds(&self, attributes: &Value, scope: Scope<'_>) -> bool {
        match self {
            Condition::All(list) => list.iter().all(|condition| condition.holds(attributes, scope)),
            Condition::Any(list) => list.is_empty() || list.iter().any(|condition| condition.holds(attributes, scope)),
            Condition::Not(inner) => !inner.holds(attributes, scope),
            Condition::At(path, test) => test.passes(&at_path(attributes, path), scope),
            Condition::InSavedGroup { id, attribute } => {
                saved_group::contains(id.as_deref(), attribute.as_ref(), attributes, scope)
            }
        }
    }
}

/// Whether a condition is well formed; notes what is not.
fn check(at: &Reader<'_>) -> bool {
    let Some(entries) = at.object() else { return false };
    let mut sound = true;
    for (key, value) in entries.iter() {
        let below = at.field(key);
        sound &= match key {
            "$and" | "$or" | "$nor" => check_list(&below, check),
            "$not" => check(&below),
            "$savedGroup" => check_saved_group(&below),
            _ if key.starts_with('$') => {
                below.unknown_key(&LOGIC);
                false
            }
            _ => check_test(&below, value),
        };
    }
    sound
}

fn check_list(at: &Reader<'_>, check: impl Fn(&Reader<'_>) -> bool) -> bool {
    let Some(items) = at.items(0..=usize::MAX) else { return false };
    let mut sound = true;
    for (index, item) in items.iter().enumerate() {
        sound &= check(&at.item(index, item));
    }
    sound
}

fn check_saved_group(at: &Reader<'_>) -> bool {
    let keys = at.keys(&["id", "attributeKey"]);
    let id = at.field("id").text("the id of a saved group", |_| true);
    let attribute = at.field("attributeKey").optional(|at| at.text("a path", |_| true));
    keys.is_some() && id.is_some() && attribute.is_some()
}

fn check_test(at: &Reader<'_>, value: &Value) -> bool {
    let Value::Object(object) = value else { return true };
    if !is_operators(object) {
        return true;
    }
    let mut sound = true;
    for (key, operand) in object.iter() {
        sound &= operator::check(key, operand, &at.field(key));
    }
    sound
}

/// Whether an object holds operators: not empty, and every key begins with `$`.
fn is_operators(object: &Object) -> bool {
    !object.is_empty() && object.iter().all(|(key, _)| key.starts_with('$'))
}

/// The value at `path`; `null` where the path leads nowhere.
pub fn at_path<'a>(attributes: &'a Value, path: &[String]) -> Cow<'a, Value> {
    let (mut here, mut rest) = (attributes, path);
    while let [step, after @ ..] = rest {
        here = match here {
            Value::Object(object) => object.get(step).unwrap_or(&NULL),
            Value::List(items) if step == "length" => {
                #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
                let length = Value::Number(items.len() as f64);
                // A number has nothing below it.
                return if after.is_empty() { Cow::Owned(length) } else { Cow::Borrowed(&NULL) };
            }
            Value::List(items) => list_index(step).and_then(|index| items.get(index)).unwrap_or(&NULL),
            _ => &NULL,
        };
        rest = after;
    }
    Cow::Borrowed(here)
}

/// The list index in a step, as JavaScript writes it: `1`, not `01` or `+1`.
fn list_index(step: &str) -> Option<usize> {
    let digits = step.bytes().all(|byte| byte.is_ascii_digit()) && (step.len() == 1 || !step.starts_with('0'));
    if digits { step.parse().ok() } else { None }
}

impl Test {
    fn of(written: &Value) -> Test {
        match written {
            Value::Object(object) if is_operators(object) => {
                Test::Every(object.iter().map(|(key, operand)| Operator::of(key, operand)).collect())
            }
            other => Test::Equals(other.clone()),
        }
    }

    /// The test as it is written.
    fn written(&self) -> Value {
        match self {
            Test::Equals(value) => value.clone(),
            Test::Every(operators) => {
                let pairs = operators.iter().map(Operator::written);
                pairs.fold(Object::new(), |object, (name, operand)| object.with(name, operand)).into()
            }
        }
    }

    /// Whether `found` passes.
    fn passes(&self, found: &Value, scope: Scope<'_>) -> bool {
        match self {
            Test::Every(operators) => operators.iter().all(|operator| operator.passes(found, scope)),
            Test::Equals(Value::Text(text)) => js_text(found, scope.host) == *text,
            Test::Equals(Value::Number(number)) => js_number(found, scope.host) == *number,
            Test::Equals(Value::Bool(truth)) => *found != Value::Null && truthy(found) == *truth,
            Test::Equals(Value::Null | Value::Cut) => *found == Value::Null,
            Test::Equals(tree @ (Value::List(_) | Value::Object(_))) => same_json(tree, found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

    pub(super) fn parse(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    pub(super) fn check(condition: &str, attributes: &str, groups: &SavedGroups, expected: bool, why: &str) {
        let written = parse(condition);
        let condition = crate::reader::read(&written, Condition::read);
        let condition = condition.unwrap_or_else(|problems| panic!("{:?}", problems.lines())).unwrap();
        let holds = condition.holds(&parse(attributes), Scope::of(&Native, groups));
        assert_eq!(holds, expected, "{why}: {written:?}");
    }

    #[test]
    fn logic_follows_the_specification_down_to_its_empty_lists() {
        let cases = [
            (r#"{}"#, true, "no condition"),
            (r#"{"$or": []}"#, true, "by the specification"),
            (r#"{"$nor": []}"#, false, "not the above"),
            (r#"{"$and": []}"#, true, "all of none"),
            (r#"{"$not": {}}"#, false, "not true"),
            (r#"{"$or": [{"a": 2}, {"b": "x"}]}"#, true, "the second"),
            (r#"{"$nor": [{"a": 2}, {"b": "y"}]}"#, true, "neither"),
            (r#"{"a": 1, "b": "y"}"#, false, "keys are a conjunction"),
        ];
        for (condition, expected, why) in cases {
            check(condition, r#"{"a": 1, "b": "x"}"#, &[], expected, why);
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
            (r#"{"a": {"$gt": 1, "b": 2}}"#, r#"{"a": {"$gt": 1, "b": 2}}"#, true, "nor is one with other keys"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &[], expected, why);
        }
    }

    #[test]
    fn a_path_leads_through_objects_and_lists() {
        let cases = [
            (r#"{"a.b.1.c": 7}"#, r#"{"a": {"b": [0, {"c": 7}]}}"#, true, "through a list"),
            (r#"{"a.length": 2}"#, r#"{"a": [1, 2]}"#, true, "a list has a length"),
            (r#"{"a.length": {"$exists": true}}"#, r#"{"a": "xy"}"#, false, "text is not stepped into"),
            (r#"{"a.b": 1}"#, r#"{"a.b": 1}"#, false, "a point in a name is not reached"),
            (r#"{"a.b": null}"#, r#"{"a": null}"#, true, "below nothing is nothing"),
            (r#"{"toString": {"$exists": false}}"#, r#"{}"#, true, "only own keys"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &[], expected, why);
        }
    }

    #[test]
    fn a_malformed_condition_is_reported_with_its_paths() {
        let written = parse(
            r#"{"$xor": [], "$and": [1], "$savedGroup": {"attributeKey": 5, "of": "us"},
                "a": {"$in": 3, "$regex": ["x"]}, "b": {"$type": "text"}}"#,
        );
        let problems = crate::reader::read(&written, Condition::read).unwrap_err();
        assert_eq!(
            problems.lines(),
            [
                "$xor is unknown, expected one of $and, $or, $nor, $not, $savedGroup",
                "$and[0] is 1, expected an object",
                "$savedGroup.of is unknown, expected one of id, attributeKey",
                "$savedGroup.id is missing, expected the id of a saved group",
                "$savedGroup.attributeKey is 5, expected a path",
                "a.$in is 3, expected a list",
                "a.$regex is a list of 1, expected a text",
                "b.$type is \"text\", expected one of string, number, boolean, array, object, null",
            ]
        );
    }

    #[test]
    fn a_malformed_condition_means_what_it_means_to_the_sdk() {
        // Below `experiments` no problem is reported; every answer here is that of the GrowthBook SDK 1.8.0.
        let cases = [
            (r#"{"a": {"$like": 1}}"#, r#"{"a": 1}"#, false, "an operator that nobody knows"),
            (r#"{"a": {"$not": {"$like": 1}}}"#, r#"{"a": 1}"#, true, "and its opposite"),
            (r#"{"a": {"$nin": 1}}"#, r#"{"a": 2}"#, false, "a negative form without its list"),
            (r#"{"a": {"$exists": 1}}"#, r#"{"a": 1}"#, true, "any truth"),
            (r#"{"a": {"$size": "2"}}"#, r#"{"a": [1, 2]}"#, true, "a length as text"),
            (r#"{"a": {"$gt": null}}"#, r#"{"a": 1}"#, true, "null is 0"),
        ];
        for (condition, attributes, expected, why) in cases {
            let holds = Condition::of(&parse(condition)).holds(&parse(attributes), Scope::of(&Native, &[]));
            assert_eq!(holds, expected, "{why}: {condition}");
        }
    }
}
