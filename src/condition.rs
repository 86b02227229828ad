//! The condition language: Mongo-style queries over one tree of attributes.
//!
//! It means what it means to the GrowthBook SDK 1.8.0, so that an audience is the same here and
//! there: text compares as JavaScript's `value + ""`, numbers as `value * 1`, a missing attribute
//! is `null`. The same reader serves both who may write one: in our own sections of the config a
//! wrong operand is a problem; below `experiments`, where everything is another project's, nobody
//! looks at the problems, and what was read means what it would mean there.

pub mod coercion;
mod group;
mod operator;

use core::cell::Cell;

use crate::host::Host;
use crate::reader::Reader;
use crate::text::split;
use crate::value::{NULL, Object, Value};
use coercion::{js_number, js_text, same_json, truthy};
use operator::Operator;

pub use group::{Group, Groups};

/// Something that is true or false of a tree of attributes.
///
/// ```
/// use tailorbird::condition::{Condition, Scope};
/// use tailorbird::host::Native;
/// use tailorbird::reader::read;
/// use tailorbird::value::{Object, Value};
///
/// let written = Object::new().with("cart.value", Object::new().with("$gt", 50.0)).into();
/// let condition = read(&written, Condition::read).unwrap();
///
/// let cart = |value: f64| Value::from(Object::new().with("cart", Object::new().with("value", value)));
/// let scope = Scope::of(&Native, &[]);
/// assert!(condition.holds(&cart(80.0), scope));
/// assert!(!condition.holds(&cart(20.0), scope));
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
    At(Path, Test),
    /// `$savedGroup`: the visitor is in this group, judged by the attribute at this path where one
    /// is named; no id is a reference that cannot be read, and matches nobody.
    Group(Option<String>, Option<Path>),
}

/// What an attribute is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A plain value, with JavaScript's loose coercions.
    Like(Value),
    /// Every one of these operators.
    Every(Vec<Operator>),
}

/// What a condition rests on beside the attributes.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What only the platform can answer.
    pub host: &'a dyn Host,
    /// Saved groups, by id.
    pub groups: &'a Groups,
    /// The group whose condition is being evaluated, and those around it: a group within itself
    /// matches nobody.
    within: Option<&'a Within<'a>>,
}

struct Within<'a> {
    id: &'a str,
    outer: Option<&'a Within<'a>>,
}

impl<'a> Scope<'a> {
    /// Outside of any group.
    pub fn of(host: &'a dyn Host, groups: &'a Groups) -> Scope<'a> {
        Scope { host, groups, within: None }
    }
}

const LOGIC: &str = "$and $or $nor $not $savedGroup";

/// The steps to an attribute, each with the place where it was found the last time.
pub type Path = Vec<(String, Cell<usize>)>;

/// The steps of a path.
fn steps(path: &str) -> Path {
    split(path, b'.').into_iter().map(|step| (step.to_owned(), Cell::new(0))).collect()
}

impl Condition {
    /// Reads a condition.
    pub fn read(at: &Reader<'_>) -> Condition {
        let mut all = Vec::new();
        for (key, _) in at.entries().iter() {
            let below = at.field(key);
            all.push(match key {
                "$and" => Condition::All(below.list(0, usize::MAX, Condition::read)),
                "$or" => Condition::Any(below.list(0, usize::MAX, Condition::read)),
                "$nor" => Condition::Not(Box::new(Condition::Any(below.list(0, usize::MAX, Condition::read)))),
                "$not" => Condition::Not(Box::new(Condition::read(&below))),
                "$savedGroup" => Condition::group(&below),
                _ => {
                    if key.starts_with('$') {
                        below.unknown_key(LOGIC);
                    }
                    Condition::At(steps(key), Test::read(&below))
                }
            });
        }
        Condition::All(all)
    }

    /// What `written` means, whether or not it is right.
    pub fn of(written: &Value) -> Condition {
        let problems = Default::default();
        Condition::read(&Reader::root(written, &problems))
    }

    fn group(at: &Reader<'_>) -> Condition {
        at.object("id attributeKey");
        let id = at.field("id");
        let path = at.field("attributeKey");
        let text = |at: &Reader<'_>| at.value().and_then(Value::as_text).map(str::to_owned);
        id.text("the id of a saved group", &|_| true);
        path.or(String::new(), |at| at.text("a path", &|_| true));
        let sound = path.is_missing() || text(&path).is_some();
        Condition::Group(text(&id).filter(|_| sound), text(&path).map(|path| steps(&path)))
    }

    /// Whether the condition is true of `attributes`.
    pub fn holds(&self, attributes: &Value, scope: Scope<'_>) -> bool {
        match self {
            Condition::All(list) => list.iter().all(|condition| condition.holds(attributes, scope)),
            Condition::Any(list) => list.is_empty() || list.iter().any(|condition| condition.holds(attributes, scope)),
            Condition::Not(inner) => !inner.holds(attributes, scope),
            Condition::At(path, test) => resolve(attributes, path, |found| test.passes(found, scope)),
            Condition::Group(id, path) => group::contains(id.as_deref(), path.as_ref(), attributes, scope),
        }
    }
}

/// Whether an object is one of operators: not empty, and every key begins with `$`.
fn is_operators(object: &Object) -> bool {
    !object.is_empty() && object.iter().all(|(key, _)| key.starts_with('$'))
}

/// Calls `then` with what stands at `path`; `null` where the path leads nowhere.
fn resolve<T>(attributes: &Value, path: &[(String, Cell<usize>)], then: impl FnOnce(&Value) -> T) -> T {
    let (mut here, mut left) = (attributes, path);
    while let [(step, place), after @ ..] = left {
        here = match here {
            Value::Object(object) => object.at_place(step, place),
            Value::List(items) if step == "length" => {
                #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
                let length = Value::Number(items.len() as f64);
                // A number has nothing below it.
                return then(if after.is_empty() { &length } else { &NULL });
            }
            Value::List(items) => index(step).and_then(|index| items.get(index)).unwrap_or(&NULL),
            _ => &NULL,
        };
        left = after;
    }
    then(here)
}

/// The index that a step says, as JavaScript writes it: `1`, not `01` or `+1`.
fn index(step: &str) -> Option<usize> {
    let digits = step.bytes().all(|byte| byte.is_ascii_digit()) && (step.len() == 1 || !step.starts_with('0'));
    if digits { step.parse().ok() } else { None }
}

impl Test {
    fn read(at: &Reader<'_>) -> Test {
        match at.value() {
            Some(Value::Object(object)) if is_operators(object) => {
                Test::Every(object.iter().map(|(key, value)| Operator::read(key, value, &at.field(key))).collect())
            }
            other => Test::Like(other.cloned().unwrap_or_default()),
        }
    }

    /// Whether `found` passes.
    fn passes(&self, found: &Value, scope: Scope<'_>) -> bool {
        match self {
            Test::Every(operators) => operators.iter().all(|operator| operator.passes(found, scope)),
            Test::Like(Value::Text(text)) => js_text(found, scope.host) == *text,
            Test::Like(Value::Number(number)) => js_number(found, scope.host) == *number,
            Test::Like(Value::Bool(truth)) => *found != Value::Null && truthy(found) == *truth,
            Test::Like(Value::Null | Value::Cut) => *found == Value::Null,
            Test::Like(whole) => same_json(whole, found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::reader::read;

    pub(super) fn parse(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    pub(super) fn check(condition: &str, attributes: &str, groups: &Groups, expected: bool, why: &str) {
        let written = parse(condition);
        let condition = read(&written, Condition::read).unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        let holds = condition.holds(&parse(attributes), Scope::of(&Native, groups));
        assert_eq!(holds, expected, "{why}: {written:?}");
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
    fn a_wrong_condition_is_refused_with_its_paths() {
        let written = parse(
            r#"{"$xor": [], "$and": [1], "$savedGroup": {"attributeKey": 5, "of": "us"},
                "a": {"$in": 3, "$regex": ["x"]}, "b": {"$type": "text"}}"#,
        );
        let problems = read(&written, Condition::read).unwrap_err();
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
    fn a_wrong_condition_means_what_it_means_to_the_sdk_where_nobody_refuses_it() {
        // Below `experiments` no problem is told; every answer here is that of the GrowthBook SDK 1.8.0.
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
