//! Why a condition does not hold: the first comparison, in the order of the config, that made it false.

use super::operator::Operator;
use super::saved_group::{self, Members};
use super::{Condition, Path, Scope, Test, Within, at_path};
use crate::value::{Object, Value};

/// A comparison of one attribute that did not come out as its condition needs it.
///
/// ```
/// use tailorbird::condition::failed_leaf::failed_leaf;
/// use tailorbird::condition::{Condition, Scope};
/// use tailorbird::host::Native;
/// use tailorbird::value::{Object, Value};
///
/// let written: Value = Object::new().with("session.views", Object::new().with("$gte", 3.0)).into();
/// let attributes: Value = Object::new().with("session", Object::new().with("views", 1.0)).into();
/// let leaf = failed_leaf(&Condition::of(&written), &attributes, Scope::of(&Native, &[])).unwrap();
/// assert_eq!((leaf.attribute.as_str(), leaf.operator, leaf.actual), ("session.views", Some("$gte"), 1.0.into()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FailedLeaf {
    /// The attribute's path, such as `session.views`; of an item of a list with its place, `items.0.brand`. Empty where no
    /// attribute is compared: an empty condition that is negated, or a saved group that nobody is in.
    pub attribute: String,
    /// The operator, such as `$gte`; `None` where the config names only a value.
    pub operator: Option<&'static str>,
    /// The operand.
    pub expected: Value,
    /// What the visitor has; `null` where the attribute is missing.
    pub actual: Value,
    /// Whether the comparison held and was not to, below `$not` or `$nor`.
    pub negated: bool,
}

impl FailedLeaf {
    /// `FailedLeaf` of `www/inspector/access.ts`.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("attribute", self.attribute.as_str())
            .with("operator", self.operator.unwrap_or("$eq"))
            .with("expected", self.expected.clone())
            .with("actual", self.actual.clone())
            .with("negated", self.negated)
    }
}

/// The first leaf that made `condition` false of `attributes`: of alternatives that of the first one. `None` where the
/// condition holds.
pub fn failed_leaf(condition: &Condition, attributes: &Value, scope: Scope<'_>) -> Option<FailedLeaf> {
    let search = Search { attributes, prefix: &[], scope, wanted: true };
    if condition.holds(attributes, scope) { None } else { Some(search.in_condition(condition)) }
}

/// A search among attributes of which it is known that a condition or test does not come out as `wanted`.
#[derive(Clone, Copy)]
struct Search<'a> {
    attributes: &'a Value,
    /// The path of these attributes, where they are an item of a list.
    prefix: &'a [String],
    scope: Scope<'a>,
    wanted: bool,
}

impl Search<'_> {
    fn opposite(self) -> Self {
        Search { wanted: !self.wanted, ..self }
    }

    fn in_condition(self, condition: &Condition) -> FailedLeaf {
        match condition {
            Condition::All(list) | Condition::Any(list) => {
                let is_culprit = |inner: &&Condition| inner.holds(self.attributes, self.scope) != self.wanted;
                list.iter().find(is_culprit).map_or_else(|| self.nowhere(condition), |inner| self.in_condition(inner))
            }
            Condition::Not(inner) => self.opposite().in_condition(inner),
            Condition::At(path, test) => self.in_test(test, path, &at_path(self.attributes, path)),
            Condition::InSavedGroup { id, attribute } => {
                self.in_saved_group(condition, id.as_deref(), attribute.as_ref())
            }
        }
    }

    fn in_test(self, test: &Test, path: &[String], found: &Value) -> FailedLeaf {
        match test {
            Test::Equals(expected) => self.leaf(path, None, expected.clone(), found),
            Test::Every(operators) => {
                let culprit = operators.iter().find(|operator| operator.passes(found, self.scope) != self.wanted);
                culprit.or(operators.first()).map_or_else(
                    || self.leaf(path, None, Value::Null, found),
                    |operator| self.in_operator(operator, path, found),
                )
            }
        }
    }

    fn in_operator(self, operator: &Operator, path: &[String], found: &Value) -> FailedLeaf {
        let item = |passes: &dyn Fn(&Value) -> bool| {
            let mut items = found.items().iter().enumerate();
            items.find(|(_, item)| **item != Value::Null && passes(item) != self.wanted)
        };
        match operator {
            Operator::Not(test) => return self.opposite().in_test(test, path, found),
            Operator::Size(test) if matches!(found, Value::List(_)) => {
                let length = [path, &["length".to_owned()]].concat();
                return self.in_test(test, &length, &at_path(found, &["length".to_owned()]));
            }
            Operator::ElemMatch(test) => {
                if let Some((index, item)) = item(&|item| test.passes(item, self.scope)) {
                    return self.in_test(test, &[path, &[index.to_string()]].concat(), item);
                }
            }
            Operator::ElemMatchCondition(condition) => {
                if let Some((index, item)) = item(&|item| condition.holds(item, self.scope)) {
                    let prefix = [self.prefix, path, &[index.to_string()]].concat();
                    let within = Search { attributes: item, prefix: &prefix, ..self };
                    let leaf = within.in_condition(condition);
                    if !leaf.attribute.is_empty() {
                        return leaf;
                    }
                }
            }
            _ => {}
        }
        let (name, operand) = operator.written();
        self.leaf(path, Some(name), operand, found)
    }

    fn in_saved_group(self, condition: &Condition, id: Option<&str>, attribute: Option<&Path>) -> FailedLeaf {
        let is_open = |id: &str| !saved_group::is_within(id, self.scope);
        match id.filter(|id| is_open(id)).and_then(|id| Some((id, saved_group::find(id, self.scope.groups)?))) {
            Some((id, Members::List { attribute: own, .. })) => match attribute.or(own.as_ref()) {
                Some(path) => self.leaf(path, Some("$inGroup"), id.into(), &at_path(self.attributes, path)),
                None => self.nowhere(condition),
            },
            Some((id, Members::Condition(inner))) => {
                let within = Within { id, outer: self.scope.within };
                Search { scope: Scope { within: Some(&within), ..self.scope }, ..self }.in_condition(inner)
            }
            _ => self.nowhere(condition),
        }
    }

    fn leaf(self, path: &[String], operator: Option<&'static str>, expected: Value, found: &Value) -> FailedLeaf {
        let attribute = [self.prefix, path].concat().join(".");
        FailedLeaf { attribute, operator, expected, actual: found.clone(), negated: !self.wanted }
    }

    /// A leaf for what compares no attribute, whatever these attributes are an item of.
    fn nowhere(self, condition: &Condition) -> FailedLeaf {
        let (operator, expected) = match condition {
            Condition::InSavedGroup { id, .. } => ("$savedGroup", id.clone().into()),
            _ => ("$and", Value::List(Vec::new())),
        };
        Search { prefix: &[], ..self }.leaf(&[], Some(operator), expected, &Value::Null)
    }
}

#[cfg(test)]
mod tests;
