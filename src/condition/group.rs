//! Saved groups: lists of values, and named conditions, that several audiences share.

use super::{Condition, Path, Scope, Within, resolve, steps};
use crate::condition::coercion::is_in;
use crate::value::{Object, Value};

/// Saved groups, by id.
pub type Groups = [(String, Group)];

/// One saved group.
#[derive(Clone, Debug, PartialEq)]
pub enum Group {
    /// Values without an attribute: only `$inGroup` and `$notInGroup` can ask for them.
    Bare(Vec<Value>),
    /// Values of the attribute at this path, where one is named.
    List(Option<Path>, Vec<Value>),
    /// A condition of its own.
    Condition(Condition),
    /// What this engine cannot read; it matches nobody, by either operator.
    Unreadable,
}

impl Group {
    /// Reads the payload's `savedGroups`.
    pub fn read_all(written: &Object) -> Vec<(String, Group)> {
        written.iter().map(|(id, group)| (id.to_owned(), Group::of(group))).collect()
    }

    fn of(written: &Value) -> Group {
        let (values, condition) = (written.at("values"), written.at("condition"));
        match (written.at("type").text(), written, values, condition) {
            (_, Value::List(values), _, _) => Group::Bare(values.clone()),
            ("list", _, Value::List(values), _) => {
                Group::List(written.at("attributeKey").as_text().map(steps), values.clone())
            }
            ("condition", _, _, Value::Object(_) | Value::List(_)) => Group::Condition(Condition::of(condition)),
            _ => Group::Unreadable,
        }
    }
}

fn find<'a>(id: &str, groups: &'a Groups) -> Option<&'a Group> {
    groups.iter().find(|(known, _)| known == id).map(|(_, group)| group)
}

/// The values that `$inGroup` and `$notInGroup` ask for: none of a group that nobody has heard of,
/// `None` of one that has no values.
pub(super) fn values<'a>(id: &str, groups: &'a Groups) -> Option<&'a [Value]> {
    match find(id, groups) {
        None => Some(&[]),
        Some(Group::Bare(values) | Group::List(_, values)) => Some(values),
        Some(_) => None,
    }
}

/// Whether a visitor with these attributes is in the group, judged by the attribute at `path` where
/// one is given.
pub(super) fn contains(id: Option<&str>, path: Option<&Path>, attributes: &Value, scope: Scope<'_>) -> bool {
    let mut around = scope.within;
    while let (Some(within), Some(id)) = (around, id) {
        if within.id == id {
            return false;
        }
        around = within.outer;
    }
    let Some((id, group)) = id.and_then(|id| Some((id, find(id, scope.groups)?))) else { return false };
    match group {
        Group::List(own, values) => {
            path.or(own.as_ref()).is_some_and(|path| resolve(attributes, path, |found| is_in(found, values, None)))
        }
        Group::Condition(condition) => {
            let within = Within { id, outer: scope.within };
            condition.holds(attributes, Scope { within: Some(&within), ..scope })
        }
        Group::Bare(_) | Group::Unreadable => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Group;
    use crate::condition::tests::{check, parse};

    #[test]
    fn a_saved_group_is_a_list_of_one_attribute_or_a_condition_of_its_own() {
        let written = parse(
            r#"{
                "staff": {"type": "list", "attributeKey": "id", "values": ["u-1", 7]},
                "deep": {"type": "list", "attributeKey": "account.id", "values": ["u-1"]},
                "nameless": {"type": "list", "values": ["u-1"]},
                "phones": {"type": "condition", "condition": {"device": "phone"}},
                "staff-on-phones": {"type": "condition", "condition": {
                    "$and": [{"$savedGroup": {"id": "staff"}}, {"$savedGroup": {"id": "phones"}}]}},
                "snake": {"type": "condition", "condition": {"$savedGroup": {"id": "tail"}}},
                "tail": {"type": "condition", "condition": {"$not": {"$savedGroup": {"id": "snake"}}}},
                "bare": ["u-1"],
                "cloud": {"type": "cloud", "values": ["u-1"]}
            }"#,
        );
        let groups = Group::read_all(written.as_object().unwrap());
        let cases = [
            (r#"{"$savedGroup": {"id": "staff"}}"#, r#"{"id": "u-1"}"#, true, "in the list"),
            (r#"{"$savedGroup": {"id": "staff"}}"#, r#"{"id": "7"}"#, false, "strict"),
            (r#"{"$savedGroup": {"id": "staff"}}"#, r#"{"id": ["x", 7]}"#, true, "any item"),
            (
                r#"{"$savedGroup": {"id": "staff", "attributeKey": "boss"}}"#,
                r#"{"boss": "u-1"}"#,
                true,
                "of another attribute",
            ),
            (r#"{"$savedGroup": {"id": "deep"}}"#, r#"{"account": {"id": "u-1"}}"#, true, "by a path"),
            (r#"{"$savedGroup": {"id": "nameless"}}"#, r#"{"id": "u-1"}"#, false, "of no attribute"),
            (
                r#"{"$savedGroup": {"id": "nameless", "attributeKey": "id"}}"#,
                r#"{"id": "u-1"}"#,
                true,
                "of a named one",
            ),
            (r#"{"$savedGroup": {"id": "phones"}}"#, r#"{"device": "phone"}"#, true, "a condition"),
            (
                r#"{"$savedGroup": {"id": "staff-on-phones"}}"#,
                r#"{"id": 7, "device": "phone"}"#,
                true,
                "groups within a group",
            ),
            (r#"{"$savedGroup": {"id": "staff-on-phones"}}"#, r#"{"id": 7}"#, false, "both of them"),
            (
                r#"{"$savedGroup": {"id": "snake"}}"#,
                r#"{}"#,
                true,
                "within itself it matches nobody, and that is negated",
            ),
            (r#"{"$savedGroup": {"id": "bare"}}"#, r#"{"id": "u-1"}"#, false, "values of nothing"),
            (r#"{"$savedGroup": {"id": "cloud"}}"#, r#"{"id": "u-1"}"#, false, "what cannot be read"),
            (r#"{"$savedGroup": {"id": "nobody"}}"#, r#"{}"#, false, "not there"),
            (r#"{"$not": {"$savedGroup": {"id": "nobody"}}}"#, r#"{}"#, true, "nobody is in it"),
        ];
        for (condition, attributes, expected, why) in cases {
            check(condition, attributes, &groups, expected, why);
        }
    }
}
