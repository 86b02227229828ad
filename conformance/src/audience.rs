//! Many conditions over one profile that is kept: deltas in, a set of bits out.

use tailorbird::condition::{Condition, Scope};
use tailorbird::host::Host;
use tailorbird::value::{Object, Value};

/// Conditions, and the attributes they are held against.
pub struct Audience {
    conditions: Vec<Condition>,
    attributes: Value,
    /// Condition `i` is bit `i % 8` of byte `i / 8`.
    pub bits: Vec<u8>,
}

impl Audience {
    /// Conditions over nothing yet.
    pub fn of(written: &[Value]) -> Audience {
        let conditions: Vec<Condition> = written.iter().map(Condition::of).collect();
        let bits = vec![0; conditions.len().div_ceil(8)];
        Audience { conditions, attributes: Object::new().into(), bits }
    }

    /// Lays what has changed over what is known.
    pub fn tell(&mut self, delta: &Value) {
        if let (Value::Object(known), Value::Object(delta)) = (&mut self.attributes, delta) {
            known.overlay(delta);
        }
    }

    /// Which conditions hold now.
    pub fn evaluate(&mut self, host: &dyn Host) {
        let scope = Scope::of(host, &[]);
        for (byte, conditions) in self.bits.iter_mut().zip(self.conditions.chunks(8)) {
            *byte = conditions
                .iter()
                .rev()
                .fold(0, |bits, condition| (bits << 1) | u8::from(condition.holds(&self.attributes, scope)));
        }
    }
}
