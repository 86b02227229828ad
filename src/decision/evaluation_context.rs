//! What features and experiments are evaluated with: the visitor's attributes, the address, earlier assignments.

use super::assignment::{bucket, within};
use super::payload::{Payload, Rule};
use crate::condition::coercion::{js_number, js_text, truthy};
use crate::condition::{Condition, Scope};
use crate::host::Host;
use crate::profile::sticky_bucket::StickyBucket;
use crate::value::{NULL, Value};

/// What features and experiments are evaluated with.
#[derive(Clone, Copy)]
pub struct EvaluationContext<'a> {
    /// Features and experiments.
    pub payload: &'a Payload,
    /// The visitor's attributes.
    pub attributes: &'a Value,
    /// The attribute `id` where the site gives none: the visitor's own random number as text, or `null` where
    /// none may be kept.
    pub id: &'a Value,
    /// The complete address of the page.
    pub address: &'a str,
    /// Earlier assignments; `None` where sticky bucketing is off.
    pub sticky: Option<&'a [StickyBucket]>,
    /// Conversions, patterns and addresses by JavaScript's rules.
    pub host: &'a dyn Host,
}

/// What can be passed to the constructor of GrowthBook's SDK and not written in a payload. The engine uses none
/// of it, `()`; the cases of GrowthBook's suite do.
pub trait Overrides: Copy {
    /// The index of the variation that is forced for an experiment.
    fn forced(&self, _experiment: &str) -> Option<&Value> {
        None
    }

    /// Whether assignment is switched off.
    fn disabled(&self) -> bool {
        false
    }

    /// QA mode: only forced variations are assigned.
    fn qa(&self) -> bool {
        false
    }

    /// Whether the visitor is in one of these groups, a deprecated form of saved groups.
    fn is_in_group(&self, _groups: &[Value]) -> bool {
        false
    }

    /// Whether a `url`, a deprecated form of `urlPatterns`, is another one. It is a regular expression, which a
    /// file cannot hold.
    fn is_other_url(&self, _pattern: &Value) -> bool {
        false
    }
}

impl Overrides for () {}

impl<'a> EvaluationContext<'a> {
    /// Whether a condition, if there is one, holds for the visitor.
    pub fn matches(&self, condition: Option<&Condition>) -> bool {
        condition.is_none_or(|condition| condition.holds(self.attributes, self.scope()))
    }

    /// The scope of conditions.
    pub fn scope(&self) -> Scope<'a> {
        Scope::of(self.host, &self.payload.groups)
    }

    /// The attribute to hash, and its value: `name`, or `id` where that is empty; `fallback` where the first has
    /// no value. A falsy value counts as none.
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

    /// The fallback attribute that a rule may use, which it may only with sticky bucketing.
    pub fn fallback(&self, rule: &'a Rule) -> Option<&'a str> {
        let name = rule.text("fallbackAttribute");
        (self.is_sticky(rule) && !name.is_empty()).then_some(name)
    }

    /// Whether visitors keep the variation of this rule that they were assigned first.
    pub fn is_sticky(&self, rule: &Rule) -> bool {
        self.sticky.is_some() && !truthy(rule.field("disableStickyBucketing"))
    }

    /// The hash of a value; `None` where there is no value or no such version of the hash.
    pub fn hash(&self, seed: &str, value: &Value, version: &Value, default_version: f64) -> Option<f64> {
        let version = match version {
            Value::Number(number) if truthy(version) => *number,
            version if truthy(version) => return None,
            _ => default_version,
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

    /// Whether one of these filters excludes the visitor.
    pub fn filtered_out(&self, filters: &'a [Value]) -> bool {
        filters.iter().any(|filter| {
            let (_, value) = self.unit(filter.at("attribute"), None);
            let hash = self.hash(&js_text(filter.at("seed"), self.host), value, filter.at("hashVersion"), 2.0);
            let ranges = filter.at("ranges").items();
            hash.is_none_or(|hash| !ranges.iter().any(|range| within(hash, self.range(range.items()))))
        })
    }
}
