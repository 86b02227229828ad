//! One engine, as JavaScript holds it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::host::JavaScript;
use super::tree::{from_js, to_js};
use crate::config::Config;
use crate::number::round;
use crate::page::decision_value;
use crate::random::Seed;
use crate::signal::Signal;
use crate::time::Timestamp;
use crate::value::{Object, Value};
use crate::visit::Visit;

/// The engine on one page. The shell wraps every call: whatever is thrown retires the instance.
#[wasm_bindgen]
pub struct Engine {
    visit: Option<Visit>,
    problems: Vec<String>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine for a parsed config; `low` and `high` are 64 random bits. A wrong config leaves
    /// an engine that answers nothing but its problems.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue, low: u32, high: u32) -> Engine {
        let seed = Seed((u64::from(high) << 32) | u64::from(low));
        match Config::read(&from_js(&config)) {
            Ok(config) => Engine { visit: Some(Visit::new(config, seed, Box::new(JavaScript))), problems: Vec::new() },
            Err(problems) => Engine { visit: None, problems: problems.lines() },
        }
    }

    /// What is wrong with the config, one line a problem.
    pub fn problems(&self) -> JsValue {
        to_js(&self.problems.iter().map(String::as_str).collect::<Value>())
    }

    /// The slots of the config: `{id, target}`.
    pub fn slots(&self) -> JsValue {
        let slots = self.visit.iter().flat_map(|visit| &visit.config().slots);
        let one = |slot: &crate::decision::ladder::Slot| {
            Object::new().with("id", slot.id.as_str()).with("target", slot.target.clone())
        };
        to_js(&slots.map(one).collect::<Value>())
    }

    /// Takes in a signal; returns the effects.
    pub fn receive(&mut self, signal: JsValue, now: f64) -> JsValue {
        let signal = Signal::read(&from_js(&signal));
        let effects = match (&mut self.visit, signal) {
            (Some(visit), Some(signal)) => visit.receive(signal, moment(now)),
            _ => Vec::new(),
        };
        to_js(&effects.iter().map(|effect| effect.to_value()).collect::<Value>())
    }

    /// What a slot would show; `null` for an unknown one.
    pub fn peek(&self, slot: &str, now: f64) -> JsValue {
        let decision = self.visit.as_ref().and_then(|visit| visit.peek(slot, moment(now)));
        to_js(&decision.as_ref().map(decision_value).into())
    }

    /// A decision with what stood behind it.
    pub fn explain(&self, slot: &str, now: f64) -> JsValue {
        to_js(&self.visit.as_ref().and_then(|visit| visit.explain(slot, moment(now))).into())
    }

    /// What is known of the visitor.
    pub fn profile(&self, now: f64) -> JsValue {
        to_js(&self.visit.as_ref().map(|visit| visit.profile(moment(now))).into())
    }

    /// Everything that is kept.
    pub fn exported(&self, now: f64) -> JsValue {
        to_js(&self.visit.as_ref().map(|visit| visit.exported(moment(now))).into())
    }

    /// Folds what is stored, `{profile, journals}`, into `{profile, folded, damaged}`.
    pub fn fold(&self, stored: JsValue, now: f64) -> JsValue {
        let stored = from_js(&stored);
        let profile = stored.get("profile").and_then(Value::as_text);
        let journals = stored.get("journals").map(crate::signal::journals).unwrap_or_default();
        let folded = self.visit.as_ref().map(|visit| visit.fold(profile, &journals, moment(now)));
        let one = |folded: crate::visit::Folded| {
            #[allow(clippy::cast_precision_loss, reason = "no tab writes 2^53 entries")]
            let mark = |(id, last): (String, u64)| Value::List(vec![id.into(), (last as f64).into()]);
            Object::new()
                .with("profile", folded.profile)
                .with("folded", folded.marks.into_iter().map(mark).collect::<Value>())
                .with("damaged", folded.damaged)
        };
        to_js(&folded.map(one).into())
    }
}

fn moment(now: f64) -> Timestamp {
    Timestamp::from_ms(round(now))
}
