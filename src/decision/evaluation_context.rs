//! What assignments rest on: who the visitor is, where, and what was met before.

use super::assignment::{bucket, within};
use super::payload::{Payload, Rule};
use crate::condition::coercion::{js_number, js_text, truthy};
use crate::condition::{Condition, Scope};
use crate::host::Host;
use crate::profile::sticky_bucket::StickyBucket;
use crate::value::{NULL, Value};

/// What assignments rest on.
#[derive(Clone, Copy)]
pub struct EvaluationContext<'a> {
    /// Features and experiments.
    pub payload: &'a Payload,
    /// What is known of the visitor.
    pub attributes: &'a Value,
    /// What stands for the attribute `id` where the site gives none: the visitor's own random
    /// number as text, or `null` where none may be kept.
    pub id: &'a Value,
    /// The page's address, whole.
    pub address: &'a str,
    /// StickyBuckets that were met before; `None` where nobody remembers them.
    pub sticky: Option<&'a [StickyBucket]>,
    /// What only the platform can answer.
    pub host: &'a dyn Host,
}

/// What the constructor of GrowthBook's SDK can be overrides and a payload cannot say. The engine knows
/// nothing of it, `()`; the cases of the suite do. As a type it weighs nothing where it is not used.
pub trait Overrides: Copy {
    /// The index of an arm that is to be met without a draw.
    fn forced(&self, _experiment: &str) -> Option<&Value> {
        None
    }

    /// Whether assignment is switched off.
    fn disabled(&self) -> bool {
        false
    }

    /// Whether only forced arms are met.
    fn qa(&self) -> bool {
        false
    }

    /// Whether the visitor is in one of these groups, as groups were before saved ones.
    fn is_in_group(&self, _groups: &[Value]) -> bool {
        false
    }

    /// Whether an address pattern, as patterns were before lists of them, is of other pages. In a
    /// file it would be a text, which the SDK cannot use.
    fn is_elsewhere(&self, _pattern: &Value) -> bool {
        false
    }
}

impl Overrides for () {}

impl<'a> EvaluationContext<'a> {
    /// Whether a condition is true of the visitor, if there is one.
    pub fn meet(&self, condition: Option<&Condition>) -> bool {
        condition.is_none_or(|condition| condition.holds(self.attributes, self.scope()))
    }

    /// What conditions rest on.
    pub fn scope(&self) -> Scope<'a> {
        Scope::of(self.host, &self.payload.groups)
    }

    /// The attribute that is hashed, and its value: `name` (`id` where that says nothing), or
    /// `fallback` where the first has none. Values that count as false count as none.
    pub fn unit(&self, name: &'a Value, fallback: Option<&'a str>) -> (&'a str, &'a Value) {
        let own = |name: &str| match self.attributes.at(name) {
            value if truthy(value) => value,
            _ if name == "id" => self.id,
            _ => &NULL,
        };
        let name = if name.text().is_empty() { "id" } else { name.text() };
        match (own(name), fallback) {
            (Value::Null, Some(fallback)) if truthy(own(fallback)) => (fallback, own(fallback)),
            (value, _) => (name, value),
        }
    }

    /// The fallback that a rule may use: only where arms are remembered.
    pub fn fallback(&self, rule: &'a Rule) -> Option<&'a str> {
        let name = rule.text("fallbackAttribute");
        (self.remembers(rule) && !name.is_empty()).then_some(name)
    }

    /// Whether arms of this rule that were met are to be met again.
    pub fn remembers(&self, rule: &Rule) -> bool {
        self.sticky.is_some() && !truthy(rule.field("disableStickyBucketing"))
    }

    /// The place of a unit's value; `None` where there is no value or no such version of the hash.
    pub fn place(&self, seed: &str, value: &Value, version: &Value, default: f64) -> Option<f64> {
        let version = match version {
            Value::Number(version) if truthy(&Value::Number(*version)) => *version,
            version if truthy(version) => return None,
            _ => default,
        };
        if *value == Value::Null { None } else { bucket(seed, &js_text(value, self.host), version) }
    }

    /// A range `[from, to)` as it is written.
    pub fn range(&self, written: &[Value]) -> [f64; 2] {
        match written {
            [from, to, ..] => [js_number(from, self.host), js_number(to, self.host)],
            _ => [f64::NAN, f64::NAN],
        }
    }

    /// Whether one of these filters keeps the visitor out.
    pub fn filtered_out(&self, filters: &'a [Value]) -> bool {
        filters.iter().any(|filter| {
            let (_, value) = self.unit(filter.at("attribute"), None);
            let place = self.place(&js_text(filter.at("seed"), self.host), value, filter.at("hashVersion"), 2.0);
            let ranges = filter.at("ranges").items();
            place.is_none_or(|place| !ranges.iter().any(|range| within(place, self.range(range.items()))))
        })
    }
}
