//! Saved groups: lists of values and named conditions that several audiences share.

use super::{Condition, Path, Scope, Within, at_path, steps};
use crate::condition::coercion::is_in;
use crate::value::{Object, Value};

/// All saved groups of a payload.
pub type SavedGroups = [SavedGroup];

/// One saved group.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedGroup {
    /// The id by which conditions refer to it.
    pub id: String,
    /// Who is in it.
    pub members: Members,
}

/// Who is in a saved group.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    /// Values without an attribute; only `$inGroup` and `$notInGroup` can use them.
    Values(Vec<Value>),
    /// Visitors whose attribute, where one is named, has one of these values.
    List {
        /// The path of the attribute.
        attribute: Option<Path>,
        /// Its values.
        values: Vec<Value>,
    },
    /// Visitors of whom this is true.
    Condition(Condition),
    /// A group of an unknown kind: it matches nobody, by either operator.
    Unreadable,
}

impl SavedGroup {
    /// Reads the payload's `savedGroups`.
    pub fn read_all(written: &Object) -> Vec<SavedGroup> {
        written.iter().map(|(id, group)| SavedGroup { id: id.to_owned(), members: Members::of(group) }).collect()
    }
}

impl Members {
    fn of(written: &Value) -> Members {
        let (values, condition) = (written.at("values"), written.at("condition"));
        match (written.at("type").text(), written, values, condition) {
            (_, Value::List(values), _, _) => Members::Values(values.clone()),
            ("list", _, Value::List(values), _) => {
                Members::List { attribute: written.at("attributeKey").as_text().map(steps), values: values.clone() }
            }
            ("condition", _, _, Value::Object(_) | Value::List(_)) => Members::Condition(Condition::of(condition)),
            _ => Members::Unreadable,
        }
    }
}

pub(super) fn find<'a>(id: &str, groups: &'a SavedGroups) -> Option<&'a Members> {
    groups.iter().find(|group| group.id == id).map(|group| &group.members)
}

/// The values that `$inGroup` and `$notInGroup` compare with: none for an unknown group, `None` for a group
/// that has no list of values.
pub(super) fn values<'a>(id: &str, groups: &'a SavedGroups) -> Option<&'a [Value]> {
    match find(id, groups) {
        None => Some(&[]),
        Some(Members::Values(values) | Members::List { values, .. }) => Some(values),
        Some(Members::Condition(_) | Members::Unreadable) => None,
    }
}

/// Whether the condition of this group is being evaluated.
pub(super) fn is_within(id: &str, scope: Scope<'_>) -> bool {
    let mut around = scope.within;
    while let Some(within) = around {
        if within.id == id {
            return true;
        }
        around = within.outer;
    }
    false
}

/// Whether a visitor with these attributes is in the group. `attribute` is looked up in place of the one that
/// the group names.
pub(super) fn contains(id: Option<&str>, attribute: Option<&Path>, attributes: &Value, scope: Scope<'_>) -> bool {
    let open = id.filter(|id| !is_within(id, scope));
    let Some((id, members)) = open.and_then(|id| Some((id, find(id, scope.groups)?))) else { return false };
    match members {
        Members::List { attribute: own, values } => {
            attribute.or(own.as_ref()).is_some_and(|path| is_in(&at_path(attributes, path), values, None))
        }
        Members::Condition(condition) => {
            let within = Within { id, outer: scope.within };
            condition.holds(attributes, Scope { within: Some(&within), ..scope })
        }
        Members::Values(_) | Members::Unreadable => false,
    }
}

#[cfg(test)]
mod tests {
    use super::SavedGroup;
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
        let groups = SavedGroup::read_all(written.as_object().unwrap());
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
