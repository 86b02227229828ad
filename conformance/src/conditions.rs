//! Many conditions over one profile that is kept: changes in, a set of bits out.

use tailorbird::condition::{Condition, Scope};
use tailorbird::host::Host;
use tailorbird::value::{Object, Value};

/// Conditions, and the attributes they are evaluated against.
pub struct ConditionSet {
    conditions: Vec<Condition>,
    attributes: Value,
}

impl ConditionSet {
    /// Conditions over no attributes yet.
    pub fn new(conditions: &[Value]) -> ConditionSet {
        ConditionSet { conditions: conditions.iter().map(Condition::of).collect(), attributes: Object::new().into() }
    }

    /// Lays changed attributes over those that are known.
    pub fn update(&mut self, changes: &Value) {
        if let (Value::Object(known), Value::Object(changes)) = (&mut self.attributes, changes) {
            known.overlay(changes);
        }
    }

    /// Which conditions hold now: condition `i` is bit `i % 8` of byte `i / 8`.
    pub fn evaluate(&self, host: &dyn Host) -> Vec<u8> {
        let scope = Scope::of(host, &[]);
        let byte = |conditions: &[Condition]| {
            let bit = |condition: &Condition| u8::from(condition.holds(&self.attributes, scope));
            conditions.iter().rev().fold(0, |bits, condition| (bits << 1) | bit(condition))
        };
        self.conditions.chunks(8).map(byte).collect()
    }
}
