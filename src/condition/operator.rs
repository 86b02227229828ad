//! The `$operators`: what each asks of one attribute.

use core::cmp::Ordering;

use super::coercion::{folded, is_in, js_text, padded_version, relation, same, truthy, type_name};
use super::{Condition, Scope, Test, group, is_operators};
use crate::reader::Reader;
use crate::text::join;
use crate::value::Value;

/// One `$operator` with its operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    asks: Asks,
    /// What belongs to it: see [`OPERATORS`].
    mode: u8,
    operand: Value,
    /// The operand as tests: one of `$not`, `$size` and `$elemMatch`, one for each item of `$all`.
    tests: Vec<Test>,
    /// The operand of `$elemMatch` as a condition, where it is no test.
    tree: Option<Condition>,
}

/// What operators ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// Same type and value; lists and objects never equal.
    Same,
    /// How the two are ordered; the mode says which orders pass.
    Order,
    /// The same of versions.
    Version,
    /// Whether there is a value.
    Exists,
    /// Whether it, or any item of it, is in a list.
    In,
    /// Whether it is in a saved group's list.
    Group,
    /// Whether each test passes for some item.
    All,
    /// Whether one item passes.
    Element,
    /// Whether a list's length passes.
    Size,
    /// Whether a pattern is found.
    Matches,
    /// What `typeof` says, more or less.
    Type,
    /// The opposite of a test.
    Not,
    /// What nobody knows, or whose operand cannot be read: no.
    Never,
}

/// What an operand has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Anything,
    Truth,
    /// A list; of anything else the operator says no, and so does its negative form.
    List,
    /// A text; the same.
    Text,
    Scalar,
    Size,
    Tree,
    TypeName,
}

/// The mode of a negative form.
const NEGATIVE: u8 = 1;
/// The mode in which case does not count.
const FOLD: u8 = 2;
/// Modes of orders: the bits of those that pass.
const LESS: u8 = 1;
const EQUAL: u8 = 2;
const MORE: u8 = 4;

#[rustfmt::skip]
const OPERATORS: [(&str, Asks, u8, Operand); 27] = [
    ("$eq", Asks::Same, 0, Operand::Anything),
    ("$ne", Asks::Same, NEGATIVE, Operand::Anything),
    ("$lt", Asks::Order, LESS, Operand::Scalar),
    ("$lte", Asks::Order, LESS | EQUAL, Operand::Scalar),
    ("$gt", Asks::Order, MORE, Operand::Scalar),
    ("$gte", Asks::Order, MORE | EQUAL, Operand::Scalar),
    ("$exists", Asks::Exists, 0, Operand::Truth),
    ("$in", Asks::In, 0, Operand::List),
    ("$nin", Asks::In, NEGATIVE, Operand::List),
    ("$size", Asks::Size, 0, Operand::Size),
    ("$type", Asks::Type, 0, Operand::TypeName),
    ("$not", Asks::Not, 0, Operand::Anything),
    ("$ini", Asks::In, FOLD, Operand::List),
    ("$nini", Asks::In, FOLD | NEGATIVE, Operand::List),
    ("$all", Asks::All, 0, Operand::List),
    ("$alli", Asks::All, FOLD, Operand::List),
    ("$elemMatch", Asks::Element, 0, Operand::Tree),
    ("$regex", Asks::Matches, 0, Operand::Text),
    ("$regexi", Asks::Matches, FOLD, Operand::Text),
    ("$inGroup", Asks::Group, 0, Operand::Text),
    ("$notInGroup", Asks::Group, NEGATIVE, Operand::Text),
    ("$veq", Asks::Version, EQUAL, Operand::Scalar),
    ("$vne", Asks::Version, LESS | MORE, Operand::Scalar),
    ("$vlt", Asks::Version, LESS, Operand::Scalar),
    ("$vlte", Asks::Version, LESS | EQUAL, Operand::Scalar),
    ("$vgt", Asks::Version, MORE, Operand::Scalar),
    ("$vgte", Asks::Version, MORE | EQUAL, Operand::Scalar),
];
const TYPES: [&str; 6] = ["string", "number", "boolean", "array", "object", "null"];

impl Operand {
    /// What is wrong with an operand; empty where nothing is.
    fn objection(self, value: &Value) -> &'static str {
        let (right, expected) = match (self, value) {
            (Operand::Truth, value) => (matches!(value, Value::Bool(_)), "true or false"),
            (Operand::List, value) => (matches!(value, Value::List(_)), "a list"),
            (Operand::Text, value) => (matches!(value, Value::Text(_)), "a text"),
            (Operand::Scalar, value) => (matches!(value, Value::Text(_) | Value::Number(_)), "a number or a text"),
            (Operand::Size, Value::Object(object)) if is_operators(object) => (true, ""),
            (Operand::Size, value) => (matches!(value, Value::Number(_)), "a number or an object of operators"),
            (Operand::Tree, value) => (matches!(value, Value::Object(_)), "an object"),
            (Operand::TypeName, value) => {
                (TYPES.contains(&value.text()), "one of string, number, boolean, array, object, null")
            }
            (Operand::Anything, _) => (true, ""),
        };
        if right { "" } else { expected }
    }
}

/// The names of all operators, for a problem.
fn names() -> String {
    if true { join(OPERATORS.iter().map(|(name, ..)| *name), " ") } else { String::new() }
}

impl Operator {
    /// Reads the operator `key` with its operand, `value`, which stands at `at`.
    pub(super) fn read(key: &str, value: &Value, at: &Reader<'_>) -> Operator {
        let known = OPERATORS.iter().find(|(name, ..)| *name == key);
        let (mut asks, mut mode, mut operand) = (Asks::Never, 0, Operand::Anything);
        match known {
            Some((_, what, how, of)) => (asks, mode, operand) = (*what, *how, *of),
            None => at.unknown_key(&names()),
        }
        let objection = operand.objection(value);
        if !objection.is_empty() {
            at.expected(objection);
            // A group's name may be a number elsewhere.
            if matches!(operand, Operand::List | Operand::Text) && asks != Asks::Group {
                asks = Asks::Never;
            }
        }
        let mut read = Operator { asks, mode, operand: value.clone(), tests: Vec::new(), tree: None };
        match asks {
            Asks::All => {
                read.tests = at.list(0, usize::MAX, Test::read);
            }
            Asks::Not | Asks::Size | Asks::Element => {
                read.tests.push(Test::read(at));
                if let (Asks::Element, [Test::Like(_)]) = (asks, read.tests.as_slice()) {
                    read.tree = Some(Condition::read(at));
                }
            }
            _ => {}
        }
        read
    }

    #[inline(never)]
    pub(super) fn passes(&self, found: &Value, scope: Scope<'_>) -> bool {
        let host = scope.host;
        let (items, operand) = (found.items(), &self.operand);
        let fold = self.mode & FOLD != 0;
        let all = |found: &Value| self.tests.iter().all(|test| test.passes(found, scope));
        let says = match self.asks {
            Asks::Same => same(found, operand),
            Asks::Order => return self.lets_pass(relation(found, operand, host)),
            Asks::Version => {
                let (found, operand) = (padded_version(found, host), padded_version(operand, host));
                return self.lets_pass(Some(found.encode_utf16().cmp(operand.encode_utf16())));
            }
            Asks::Exists => (*found != Value::Null) == truthy(operand),
            Asks::In => is_in(found, operand.items(), fold.then_some(host)),
            Asks::Group => match group::values(&js_text(operand, host), scope.groups) {
                Some(values) => is_in(found, values, None),
                None => return false,
            },
            Asks::All => {
                let passes = |test: &Test, item: &Value| match test {
                    Test::Like(Value::Text(text)) if fold => folded(&js_text(item, host), text, host),
                    _ => test.passes(item, scope),
                };
                let any = |test| items.iter().any(|item| passes(test, item));
                matches!(found, Value::List(_)) && self.tests.iter().all(any)
            }
            Asks::Element => items.iter().any(|item| {
                let passes = || self.tree.as_ref().map_or_else(|| all(item), |tree| tree.holds(item, scope));
                *item != Value::Null && passes()
            }),
            #[allow(clippy::cast_precision_loss, reason = "no list is that long")]
            Asks::Size => matches!(found, Value::List(_)) && all(&Value::Number(items.len() as f64)),
            Asks::Matches => host.matches(operand.text(), if fold { "i" } else { "" }, &js_text(found, host)),
            Asks::Type => operand.as_text() == Some(type_name(found)),
            Asks::Not => !all(found),
            Asks::Never => return false,
        };
        says != (self.mode & NEGATIVE != 0)
    }

    /// Whether an order is among those that pass; none is, when a NaN is involved.
    fn lets_pass(&self, order: Option<Ordering>) -> bool {
        let bit = match order {
            Some(Ordering::Less) => LESS,
            Some(Ordering::Equal) => EQUAL,
            Some(Ordering::Greater) => MORE,
            None => 0,
        };
        self.mode & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use crate::condition::tests::{check, parse};
    use crate::condition::{Condition, Group};

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
        let groups = Group::read_all(written.as_object().unwrap());
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
