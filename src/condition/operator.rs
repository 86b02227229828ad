//! The `$operators`: what each of them requires of one attribute.

use core::cmp::Ordering;

use super::coercion::{folded, is_in, js_text, padded_version, relation, same, truthy, type_name};
use super::{Condition, Scope, Test, check as check_condition, check_list, check_test, is_operators, saved_group};
use crate::reader::Reader;
use crate::value::Value;

/// One `$operator` with its operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// `$eq`: same type and value; lists and objects are never equal.
    Eq(Value),
    /// `$ne`
    Ne(Value),
    /// `$lt`
    Lt(Value),
    /// `$lte`
    Lte(Value),
    /// `$gt`
    Gt(Value),
    /// `$gte`
    Gte(Value),
    /// `$exists`: whether there is a value.
    Exists(bool),
    /// `$in`: the value, or an item of it where it is a list, is in this list.
    In(Vec<Value>),
    /// `$nin`
    Nin(Vec<Value>),
    /// `$ini`: `$in` without regard to case.
    Ini(Vec<Value>),
    /// `$nini`
    Nini(Vec<Value>),
    /// `$inGroup`: the value is in the list of this saved group.
    InGroup(Value),
    /// `$notInGroup`
    NotInGroup(Value),
    /// `$all`: each test passes for some item.
    All(Vec<Test>),
    /// `$alli`: the same without regard to case.
    Alli(Vec<Test>),
    /// `$elemMatch` with operators: one item passes this test.
    ElemMatch(Test),
    /// `$elemMatch` with a condition: it is true of one item.
    ElemMatchCondition(Condition),
    /// `$size`: the length of the list passes this test.
    Size(Test),
    /// `$regex`: the pattern matches somewhere.
    Regex(String),
    /// `$regexi`: the same without regard to case.
    Regexi(String),
    /// `$type`: the type's name.
    Type(String),
    /// `$not`: the test does not pass.
    Not(Test),
    /// `$veq`: the same version.
    Veq(Value),
    /// `$vne`
    Vne(Value),
    /// `$vlt`
    Vlt(Value),
    /// `$vlte`
    Vlte(Value),
    /// `$vgt`
    Vgt(Value),
    /// `$vgte`
    Vgte(Value),
    /// An unknown operator, or one whose operand cannot be used: never passes, not even a negative one.
    Never,
}

/// What an operand has to be.
#[derive(Clone, Copy)]
enum Operand {
    Anything,
    Bool,
    List,
    /// A list of tests, each a value or an object of operators.
    Tests,
    /// A value or an object of operators.
    Test,
    Text,
    TextOrNumber,
    /// A number or an object of operators.
    Size,
    /// An object of operators, or a condition.
    Element,
    TypeName,
}

/// Makes an operator from its operand.
type Make = fn(&Value) -> Operator;

/// Every operator: its name, what its operand has to be, and what it becomes.
const OPERATORS: [(&str, Operand, Make); 27] = [
    ("$eq", Operand::Anything, |operand| Operator::Eq(operand.clone())),
    ("$ne", Operand::Anything, |operand| Operator::Ne(operand.clone())),
    ("$lt", Operand::TextOrNumber, |operand| Operator::Lt(operand.clone())),
    ("$lte", Operand::TextOrNumber, |operand| Operator::Lte(operand.clone())),
    ("$gt", Operand::TextOrNumber, |operand| Operator::Gt(operand.clone())),
    ("$gte", Operand::TextOrNumber, |operand| Operator::Gte(operand.clone())),
    ("$exists", Operand::Bool, |operand| Operator::Exists(truthy(operand))),
    ("$in", Operand::List, |operand| with_list(operand, Operator::In)),
    ("$nin", Operand::List, |operand| with_list(operand, Operator::Nin)),
    ("$size", Operand::Size, |operand| Operator::Size(Test::of(operand))),
    ("$type", Operand::TypeName, |operand| with_text(operand, Operator::Type)),
    ("$not", Operand::Test, |operand| Operator::Not(Test::of(operand))),
    ("$ini", Operand::List, |operand| with_list(operand, Operator::Ini)),
    ("$nini", Operand::List, |operand| with_list(operand, Operator::Nini)),
    ("$all", Operand::Tests, |operand| with_tests(operand, Operator::All)),
    ("$alli", Operand::Tests, |operand| with_tests(operand, Operator::Alli)),
    ("$elemMatch", Operand::Element, elem_match),
    ("$regex", Operand::Text, |operand| with_text(operand, Operator::Regex)),
    ("$regexi", Operand::Text, |operand| with_text(operand, Operator::Regexi)),
    ("$inGroup", Operand::Text, |operand| Operator::InGroup(operand.clone())),
    ("$notInGroup", Operand::Text, |operand| Operator::NotInGroup(operand.clone())),
    ("$veq", Operand::TextOrNumber, |operand| Operator::Veq(operand.clone())),
    ("$vne", Operand::TextOrNumber, |operand| Operator::Vne(operand.clone())),
    ("$vlt", Operand::TextOrNumber, |operand| Operator::Vlt(operand.clone())),
    ("$vlte", Operand::TextOrNumber, |operand| Operator::Vlte(operand.clone())),
    ("$vgt", Operand::TextOrNumber, |operand| Operator::Vgt(operand.clone())),
    ("$vgte", Operand::TextOrNumber, |operand| Operator::Vgte(operand.clone())),
];

/// The names that `$type` knows.
const TYPES: [&str; 6] = ["string", "number", "boolean", "array", "object", "null"];

fn with_list(operand: &Value, make: fn(Vec<Value>) -> Operator) -> Operator {
    operand.as_list().map_or(Operator::Never, |items| make(items.to_vec()))
}

fn with_tests(operand: &Value, make: fn(Vec<Test>) -> Operator) -> Operator {
    operand.as_list().map_or(Operator::Never, |items| make(items.iter().map(Test::of).collect()))
}

fn with_text(operand: &Value, make: fn(String) -> Operator) -> Operator {
    operand.as_text().map_or(Operator::Never, |text| make(text.to_owned()))
}

fn elem_match(operand: &Value) -> Operator {
    match Test::of(operand) {
        test @ Test::Every(_) => Operator::ElemMatch(test),
        Test::Equals(_) => Operator::ElemMatchCondition(Condition::of(operand)),
    }
}

/// Whether the operator `key` with its operand at `at` is well formed; notes what is not.
pub(super) fn check(key: &str, operand: &Value, at: &Reader<'_>) -> bool {
    let Some((_, expected, _)) = OPERATORS.iter().find(|(name, ..)| *name == key) else {
        at.unknown_key(&OPERATORS.map(|(name, ..)| name));
        return false;
    };
    let require = |right: bool, expected: &str| {
        if !right {
            at.expected(expected);
        }
        right
    };
    match expected {
        Operand::Anything => true,
        Operand::Bool => at.bool().is_some(),
        Operand::List => require(matches!(operand, Value::List(_)), "a list"),
        Operand::Tests => check_list(at, |item| item.value().is_none_or(|value| check_test(item, value))),
        Operand::Test => check_test(at, operand),
        Operand::Text => at.text("a text", |_| true).is_some(),
        Operand::TextOrNumber => require(matches!(operand, Value::Text(_) | Value::Number(_)), "a number or a text"),
        Operand::Size => match operand {
            Value::Number(_) => true,
            Value::Object(object) if is_operators(object) => check_test(at, operand),
            _ => require(false, "a number or an object of operators"),
        },
        Operand::Element => match operand {
            Value::Object(object) if is_operators(object) => check_test(at, operand),
            _ => check_condition(at),
        },
        Operand::TypeName => at.one_of(&TYPES).is_some(),
    }
}

impl Operator {
    /// The operator `key` with its operand, as the SDK understands it.
    pub(super) fn of(key: &str, operand: &Value) -> Operator {
        let known = OPERATORS.iter().find(|(name, ..)| *name == key);
        known.map_or(Operator::Never, |(_, _, make)| make(operand))
    }

    /// The operator and its operand as they are written; `$unknown` where the operator is not known, or its operand is none
    /// that it can have.
    pub(super) fn written(&self) -> (&'static str, Value) {
        let list = |tests: &[Test]| tests.iter().map(Test::written).collect::<Value>();
        match self {
            Operator::Eq(operand) => ("$eq", operand.clone()),
            Operator::Ne(operand) => ("$ne", operand.clone()),
            Operator::Lt(operand) => ("$lt", operand.clone()),
            Operator::Lte(operand) => ("$lte", operand.clone()),
            Operator::Gt(operand) => ("$gt", operand.clone()),
            Operator::Gte(operand) => ("$gte", operand.clone()),
            Operator::Exists(expected) => ("$exists", (*expected).into()),
            Operator::In(items) => ("$in", items.clone().into()),
            Operator::Nin(items) => ("$nin", items.clone().into()),
            Operator::Ini(items) => ("$ini", items.clone().into()),
            Operator::Nini(items) => ("$nini", items.clone().into()),
            Operator::InGroup(id) => ("$inGroup", id.clone()),
            Operator::NotInGroup(id) => ("$notInGroup", id.clone()),
            Operator::All(tests) => ("$all", list(tests)),
            Operator::Alli(tests) => ("$alli", list(tests)),
            Operator::ElemMatch(test) => ("$elemMatch", test.written()),
            Operator::ElemMatchCondition(condition) => ("$elemMatch", condition.written()),
            Operator::Size(test) => ("$size", test.written()),
            Operator::Regex(pattern) => ("$regex", pattern.as_str().into()),
            Operator::Regexi(pattern) => ("$regexi", pattern.as_str().into()),
            Operator::Type(name) => ("$type", name.as_str().into()),
            Operator::Not(test) => ("$not", test.written()),
            Operator::Veq(operand) => ("$veq", operand.clone()),
            Operator::Vne(operand) => ("$vne", operand.clone()),
            Operator::Vlt(operand) => ("$vlt", operand.clone()),
            Operator::Vlte(operand) => ("$vlte", operand.clone()),
            Operator::Vgt(operand) => ("$vgt", operand.clone()),
            Operator::Vgte(operand) => ("$vgte", operand.clone()),
            Operator::Never => ("$unknown", Value::Null),
        }
    }

    /// Whether `found` passes.
    pub(super) fn passes(&self, found: &Value, scope: Scope<'_>) -> bool {
        let host = scope.host;
        let order = |operand| relation(found, operand, host);
        let version =
            |operand| padded_version(found, host).encode_utf16().cmp(padded_version(operand, host).encode_utf16());
        match self {
            Operator::Eq(operand) => same(found, operand),
            Operator::Ne(operand) => !same(found, operand),
            // There is no order where a NaN is involved.
            Operator::Lt(operand) => order(operand).is_some_and(Ordering::is_lt),
            Operator::Lte(operand) => order(operand).is_some_and(Ordering::is_le),
            Operator::Gt(operand) => order(operand).is_some_and(Ordering::is_gt),
            Operator::Gte(operand) => order(operand).is_some_and(Ordering::is_ge),
            Operator::Exists(expected) => (*found != Value::Null) == *expected,
            Operator::In(list) => is_in(found, list, None),
            Operator::Nin(list) => !is_in(found, list, None),
            Operator::Ini(list) => is_in(found, list, Some(host)),
            Operator::Nini(list) => !is_in(found, list, Some(host)),
            Operator::InGroup(id) => group(id, scope).is_some_and(|values| is_in(found, values, None)),
            Operator::NotInGroup(id) => group(id, scope).is_some_and(|values| !is_in(found, values, None)),
            Operator::All(tests) => all(found, tests, |test, item| test.passes(item, scope)),
            Operator::Alli(tests) => all(found, tests, |test, item| match test {
                Test::Equals(Value::Text(text)) => folded(&js_text(item, host), text, host),
                _ => test.passes(item, scope),
            }),
            Operator::ElemMatch(test) => any_item(found, |item| test.passes(item, scope)),
            Operator::ElemMatchCondition(condition) => any_item(found, |item| condition.holds(item, scope)),
            #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
            Operator::Size(test) => {
                found.as_list().is_some_and(|items| test.passes(&Value::Number(items.len() as f64), scope))
            }
            Operator::Regex(pattern) => host.matches(pattern, "", &js_text(found, host)),
            Operator::Regexi(pattern) => host.matches(pattern, "i", &js_text(found, host)),
            Operator::Type(name) => name == type_name(found),
            Operator::Not(test) => !test.passes(found, scope),
            Operator::Veq(operand) => version(operand).is_eq(),
            Operator::Vne(operand) => version(operand).is_ne(),
            Operator::Vlt(operand) => version(operand).is_lt(),
            Operator::Vlte(operand) => version(operand).is_le(),
            Operator::Vgt(operand) => version(operand).is_gt(),
            Operator::Vgte(operand) => version(operand).is_ge(),
            Operator::Never => false,
        }
    }
}

/// The list of a saved group. Its id is text, but the SDK takes any value for one.
fn group<'a>(id: &Value, scope: Scope<'a>) -> Option<&'a [Value]> {
    saved_group::values(&js_text(id, scope.host), scope.groups)
}

/// Whether `found` is a list in which each test passes for some item.
fn all(found: &Value, tests: &[Test], passes: impl Fn(&Test, &Value) -> bool) -> bool {
    found.as_list().is_some_and(|items| tests.iter().all(|test| items.iter().any(|item| passes(test, item))))
}

/// Whether `passes` is true of an item of the list `found`; `null` is no item.
fn any_item(found: &Value, passes: impl Fn(&Value) -> bool) -> bool {
    found.items().iter().any(|item| *item != Value::Null && passes(item))
}

#[cfg(test)]
mod tests {
    use crate::condition::tests::{check, parse};
    use crate::condition::{Condition, SavedGroup};

    #[test]
    fn comparisons_follow_the_specification() {
        let cases = [
            (r#"{"a": {"$gte": 0}}"#, r#"{}"#, true, "missing is 0"),
            (r#"{"a": {"$gt": 0}}"#, r#"{}"#, false, "missing is 0"),
            (r#"{"a": {"$gt": "9"}}"#, r#"{"a": "10"}"#, false, "two texts"),
            (r#"{"a": {"$gt": 9}}"#, r#"{"a": "10"}"#, true, "text and number"),
            (r#"{"a": {"$lt": "😀"}}"#, r#"{"a": "\uffee"}"#, false, "by UTF-16 units"),
            (r#"{"a": {"$lt": 1, "$gt": -1}}"#, r#"{"a": "x"}"#, false, "NaN"),
            (r#"{"a": {"$lte": 1, "$gte": 1}}"#, r#"{"a": true}"#, true, "a truth is 1"),
            (r#"{"a": {"$ne": 1}}"#, r#"{}"#, true, "missing is not 1"),
            (r#"{"a": {"$eq": null}}"#, r#"{}"#, true, "missing is null"),
            (r#"{"a": {"$eq": 1}}"#, r#"{"a": "1"}"#, false, "strict"),
            (r#"{"a": {"$eq": [1]}}"#, r#"{"a": [1]}"#, false, "lists are never identical"),
            (r#"{"a": {"$exists": true}}"#, r#"{"a": false}"#, true, "false is there"),
            (r#"{"a": {"$exists": false}}"#, r#"{"a": null}"#, true, "null is not"),
            (r#"{"a": {"$type": "null"}}"#, r#"{}"#, true, "missing"),
            (r#"{"a": {"$type": "array"}}"#, r#"{"a": []}"#, true, "a list"),
            (r#"{"a": {"$not": {"$gt": 3}}}"#, r#"{"a": 2}"#, true, "not"),
            (r#"{"a": {"$not": "2"}}"#, r#"{"a": 2}"#, false, "not a plain value either"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &[], expected, why);
        }
    }

    #[test]
    fn lists_follow_the_specification() {
        let cases = [
            (r#"{"a": {"$in": ["1"]}}"#, r#"{"a": 1}"#, false, "strict"),
            (r#"{"a": {"$in": [null]}}"#, r#"{}"#, true, "missing"),
            (r#"{"a": {"$in": [2, 3]}}"#, r#"{"a": [1, 2]}"#, true, "any element"),
            (r#"{"a": {"$nin": [2]}}"#, r#"{}"#, true, "missing is not in it"),
            (r#"{"a": {"$nin": [2]}}"#, r#"{"a": [1, 2]}"#, false, "one element is"),
            (r#"{"a": {"$ini": ["DE"]}}"#, r#"{"a": "de"}"#, true, "whatever the case"),
            (r#"{"a": {"$ini": ["STRAẞE"]}}"#, r#"{"a": ["x", "straße"]}"#, true, "of any letter"),
            (r#"{"a": {"$ini": ["1"]}}"#, r#"{"a": 1}"#, false, "still strict in type"),
            (r#"{"a": {"$nini": ["DE"]}}"#, r#"{"a": "de"}"#, false, "the opposite"),
            (r#"{"a": {"$all": ["x", "1"]}}"#, r#"{"a": [1, "x", 2]}"#, true, "each, as plain values compare"),
            (r#"{"a": {"$all": ["x", "y"]}}"#, r#"{"a": ["x"]}"#, false, "not the second"),
            (r#"{"a": {"$all": [{"$gt": 1}, {"$lt": 1}]}}"#, r#"{"a": [0, 2]}"#, true, "by different items"),
            (r#"{"a": {"$all": []}}"#, r#"{"a": []}"#, true, "all of none"),
            (r#"{"a": {"$all": []}}"#, r#"{"a": "x"}"#, false, "text is no list"),
            (r#"{"a": {"$all": ["X"]}}"#, r#"{"a": ["x"]}"#, false, "case counts"),
            (r#"{"a": {"$alli": ["X", "NULL"]}}"#, r#"{"a": ["x", null]}"#, true, "as text, whatever the case"),
            (r#"{"a": {"$elemMatch": {"$gt": 1, "$lt": 3}}}"#, r#"{"a": [0, 5, 2]}"#, true, "one item passes both"),
            (r#"{"a": {"$elemMatch": {"$gt": 1, "$lt": 3}}}"#, r#"{"a": [1, 3]}"#, false, "none does"),
            (r#"{"a": {"$elemMatch": {"$lt": 1}}}"#, r#"{"a": [0]}"#, true, "an item that counts as false"),
            (r#"{"a": {"$elemMatch": {"$lt": 1}}}"#, r#"{"a": [null]}"#, false, "nothing is no item"),
            (
                r#"{"a": {"$elemMatch": {"b": 1, "c.d": 2}}}"#,
                r#"{"a": [{"b": 1}, {"b": 1, "c": {"d": 2}}]}"#,
                true,
                "an item as attributes",
            ),
            (r#"{"a": {"$elemMatch": {"b": 1}}}"#, r#"{"a": {"b": 1}}"#, false, "no list"),
            (r#"{"a": {"$size": 2}}"#, r#"{"a": [1, 2]}"#, true, "length"),
            (r#"{"a": {"$size": {"$gt": 2}}}"#, r#"{"a": [1, 2]}"#, false, "length"),
            (r#"{"a": {"$size": 0}}"#, r#"{"a": ""}"#, false, "text has no size"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &[], expected, why);
        }
    }

    #[test]
    fn patterns_are_javascripts() {
        let cases = [
            (r#"{"a": {"$regex": "^/boots"}}"#, r#"{"a": "/boots/x"}"#, true, "at the start"),
            (r#"{"a": {"$regex": "oot"}}"#, r#"{"a": "/boots/x"}"#, true, "anywhere"),
            (r#"{"a": {"$regex": "^/(?!boots)"}}"#, r#"{"a": "/boots"}"#, false, "look-ahead"),
            (r#"{"a": {"$regex": "(o)\\1"}}"#, r#"{"a": "/boots"}"#, true, "back-references"),
            (r#"{"a": {"$regex": "^n.ll$"}}"#, r#"{}"#, true, "missing is null"),
            (r#"{"a": {"$regex": "^12"}}"#, r#"{"a": 123}"#, true, "a number as text"),
            (r#"{"a": {"$regex": "BOOTS"}}"#, r#"{"a": "boots"}"#, false, "case counts"),
            (r#"{"a": {"$regexi": "BOOTS"}}"#, r#"{"a": "boots"}"#, true, "unless it is asked not to"),
            (r#"{"a": {"$regex": "^..$"}}"#, r#"{"a": "😀"}"#, true, "over UTF-16 units"),
            (r#"{"a": {"$regex": "("}}"#, r#"{"a": "("}"#, false, "no pattern, no match"),
            (r#"{"a": {"$not": {"$regex": "("}}}"#, r#"{"a": "x"}"#, true, "and the opposite of that"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &[], expected, why);
        }
    }

    #[test]
    fn versions_are_ordered_as_versions() {
        let cases = [
            (r#"{"a": {"$vgt": "2.9.0"}}"#, r#"{"a": "2.10.0"}"#, true, "by number, not by letter"),
            (r#"{"a": {"$veq": "2.1.0"}}"#, r#"{"a": "v2.1.0+build.7"}"#, true, "without its v and its build"),
            (r#"{"a": {"$vne": "2.1.0"}}"#, r#"{"a": "2.1.1"}"#, true, "another"),
            (r#"{"a": {"$vlt": "2.1.0"}}"#, r#"{"a": "2.1.0-rc.1"}"#, true, "before its release"),
            (r#"{"a": {"$vlt": "1.2.0"}}"#, r#"{"a": "1.2"}"#, true, "the SDK's own order"),
            (r#"{"a": {"$vgte": 2}}"#, r#"{"a": "2"}"#, true, "a number"),
            (r#"{"a": {"$vlte": "0"}}"#, r#"{}"#, true, "missing is 0"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &[], expected, why);
        }
    }

    #[test]
    fn a_group_by_its_id_is_a_list_of_values() {
        let written = parse(
            r#"{"staff": ["u-1", 2], "listed": {"type": "list", "attributeKey": "id", "values": ["u-3"]},
                "phones": {"type": "condition", "condition": {"device": "phone"}}}"#,
        );
        let groups = SavedGroup::read_all(written.as_object().unwrap());
        let cases = [
            (r#"{"a": {"$inGroup": "staff"}}"#, r#"{"a": "u-1"}"#, true, "in the list"),
            (r#"{"a": {"$inGroup": "staff"}}"#, r#"{"a": "2"}"#, false, "strict"),
            (r#"{"a": {"$inGroup": "listed"}}"#, r#"{"a": "u-3", "id": "x"}"#, true, "of the attribute that asks"),
            (r#"{"a": {"$notInGroup": "staff"}}"#, r#"{"a": "u-2"}"#, true, "not in the list"),
            (r#"{"a": {"$notInGroup": "staff"}}"#, r#"{"a": ["x", "u-1"]}"#, false, "one item is"),
            (r#"{"a": {"$inGroup": "nobody"}}"#, r#"{"a": null}"#, false, "a group that is not there"),
            (r#"{"a": {"$notInGroup": "nobody"}}"#, r#"{"a": 1}"#, true, "has nobody in it"),
            (r#"{"a": {"$inGroup": "phones"}}"#, r#"{"device": "phone"}"#, false, "a group without a list"),
            (r#"{"a": {"$notInGroup": "phones"}}"#, r#"{"a": 1}"#, false, "has no answer either way"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &groups, expected, why);
        }
    }

    #[test]
    fn a_wrong_operand_is_refused_with_what_would_be_right() {
        let cases = [
            (r#"{"a": {"$like": 1}}"#, "a.$like is unknown, expected one of $eq, $ne, $lt, $lte, $gt, $gte, $exists,"),
            (r#"{"a": {"$lt": true}}"#, "a.$lt is true, expected a number or a text"),
            (r#"{"a": {"$vlt": []}}"#, "a.$vlt is an empty list, expected a number or a text"),
            (r#"{"a": {"$exists": "yes"}}"#, r#"a.$exists is "yes", expected true or false"#),
            (r#"{"a": {"$ini": "x"}}"#, r#"a.$ini is "x", expected a list"#),
            (r#"{"a": {"$all": [1, {"$all": 2}]}}"#, "a.$all[1].$all is 2, expected a list"),
            (r#"{"a": {"$elemMatch": [1]}}"#, "a.$elemMatch is a list of 1, expected an object"),
            (r#"{"a": {"$elemMatch": {"b": {"$in": 1}}}}"#, "a.$elemMatch.b.$in is 1, expected a list"),
            (r#"{"a": {"$size": {}}}"#, "a.$size is an empty object, expected a number or an object of operators"),
            (r#"{"a": {"$not": {"$regexi": 5}}}"#, "a.$not.$regexi is 5, expected a text"),
        ];
        for (condition, expected) in cases {
            let problems = crate::reader::read(&parse(condition), Condition::read).unwrap_err().lines();
            assert!(problems.len() == 1 && problems[0].starts_with(expected), "{condition}: {problems:?}");
        }
    }
}
