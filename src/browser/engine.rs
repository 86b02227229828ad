//! One engine, as JavaScript holds it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::host::JavaScript;
use super::tree::{from_js, to_js};
use crate::config::Config;
use crate::decision::ladder::Slot;
use crate::number::round;
use crate::page::{Effect, decision_value};
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

    /// Takes in a message. A signal, `{signal, ...}`, is answered by the list of effects; a
    /// question, `{ask, ...}`, changes nothing and is answered by what it asks for. One door for
    /// all of them: each further export would weigh 150 bytes on both sides.
    pub fn receive(&mut self, message: JsValue, now: f64) -> JsValue {
        let message = from_js(&message);
        let now = Timestamp::from_ms(round(now));
        to_js(&match &mut self.visit {
            None => self.problems.iter().map(String::as_str).collect(),
            Some(visit) => match message.get("ask").and_then(Value::as_text) {
                Some(question) => answer(visit, question, &message, now),
                None => {
                    let effects = Signal::read(&message).map(|signal| visit.receive(signal, now)).unwrap_or_default();
                    effects.iter().map(Effect::to_value).collect()
                }
            },
        })
    }
}

/// What a question asks for: `slots`, or of a `slot` its decision (`peek`) and what stood behind it
/// (`explain`), the `profile`, everything kept (`export`), or stored texts folded into one (`fold`).
fn answer(visit: &Visit, question: &str, message: &Value, now: Timestamp) -> Value {
    let slot = message.get("slot").and_then(Value::as_text).unwrap_or("");
    match question {
        "slots" => {
            let target = |slot: &Slot| Object::new().with("id", slot.id.as_str()).with("target", slot.target.clone());
            visit.config().slots.iter().map(target).collect()
        }
        "peek" => visit.peek(slot, now).as_ref().map(decision_value).into(),
        "explain" => visit.explain(slot, now).into(),
        "profile" => visit.profile(now).into(),
        "export" => visit.exported(now).into(),
        "fold" => {
            let profile = message.get("profile").and_then(Value::as_text);
            let journals = message.get("journals").map(crate::signal::journals).unwrap_or_default();
            let folded = visit.fold(profile, &journals, now);
            #[allow(clippy::cast_precision_loss, reason = "no tab writes 2^53 entries, and times are far below")]
            let mark = |((id, last), at): ((String, u64), Option<Timestamp>)| {
                let at = at.map(|at| Value::Number(at.ms() as f64));
                Value::List(vec![id.into(), (last as f64).into(), at.into()])
            };
            Object::new()
                .with("profile", folded.profile)
                .with("folded", folded.marks.into_iter().zip(folded.written).map(mark).collect::<Value>())
                .with("damaged", folded.damaged)
                .into()
        }
        _ => Value::List(Vec::new()),
    }
}
