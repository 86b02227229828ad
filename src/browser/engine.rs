//! Engines, as JavaScript holds them: by number.

#![allow(unsafe_code, reason = "exported functions, and the list of engines that they share")]

use core::cell::UnsafeCell;

use super::host::JavaScript;
use super::letterbox::{message, post};
use crate::config::Config;
use crate::decision::ladder::Slot;
use crate::number::round;
use crate::page::{Effect, decision_value};
use crate::random::Seed;
use crate::signal::Signal;
use crate::time::Timestamp;
use crate::value::{Object, Value};
use crate::visit::Visit;

/// The engine on one page, or the problems of a config that makes none.
type Engine = Result<Visit, Vec<String>>;

/// Boxed, so that nothing of one that has ended stays in the list.
struct Engines(UnsafeCell<Vec<Option<Box<Engine>>>>);

// SAFETY: a page's wasm has one thread.
unsafe impl Sync for Engines {}

static ENGINES: Engines = Engines(UnsafeCell::new(Vec::new()));

/// All engines. Each lies there unless it is at work, so none is ever lent out twice.
fn engines() -> &'static mut Vec<Option<Box<Engine>>> {
    // SAFETY: every caller is done with the list before it calls anything that might come back here.
    unsafe { &mut *ENGINES.0.get() }
}

/// An engine for the config in the box; `low` and `high` are 64 random bits. A wrong config makes
/// one that answers nothing but its problems.
#[unsafe(no_mangle)]
extern "C" fn open(low: u32, high: u32) -> usize {
    let seed = Seed((u64::from(high) << 32) | u64::from(low));
    // SAFETY: nothing was done yet.
    let config = Config::read(&unsafe { message() }).map_err(|problems| problems.lines());
    let engine = config.map(|config| Visit::new(config, seed, Box::new(JavaScript)));
    let engines = engines();
    engines.push(Some(Box::new(engine)));
    engines.len() - 1
}

/// Ends an engine: from then on it answers nothing.
#[unsafe(no_mangle)]
extern "C" fn free(engine: usize) {
    if let Some(place) = engines().get_mut(engine) {
        // Nothing is freed, so nobody need walk through it.
        core::mem::forget(place.take());
    }
}

/// Takes in the message in the box, and says where the answer lies. A signal, `{signal, ...}`, is
/// answered by the list of effects; a question, `{ask, ...}`, changes nothing and is answered by what
/// it asks for. One door for all of them.
#[unsafe(no_mangle)]
extern "C" fn receive(engine: usize, now: f64) -> *const u8 {
    // SAFETY: nothing was done yet.
    let message = unsafe { message() };
    let now = Timestamp::from_ms(round(now));
    let mut at_work = engines().get_mut(engine).and_then(Option::take);
    let answer = match at_work.as_deref_mut() {
        None => Value::Null,
        Some(Err(problems)) => problems.iter().map(String::as_str).collect(),
        Some(Ok(visit)) => match message.at("ask").text() {
            "" => {
                let effects = Signal::read(&message).map(|signal| visit.receive(signal, now)).unwrap_or_default();
                effects.into_iter().map(Effect::into_value).collect()
            }
            question => answer(visit, question, &message, now),
        },
    };
    if let Some(place) = engines().get_mut(engine) {
        core::mem::forget(core::mem::replace(place, at_work));
    } else {
        core::mem::forget(at_work);
    }
    post(answer)
}

/// What a question asks for: `slots`, the value of a `feature`, or of a `slot` its decision (`peek`) and what stood behind it
/// (`explain`), the `profile`, everything kept (`export`), or stored texts folded into one (`fold`). The engine with all that few pages
/// need also merges the profiles of several devices (`whole`), and takes in one of another (`adopt`).
fn answer(visit: &mut Visit, question: &str, message: &Value, now: Timestamp) -> Value {
    let slot = message.at("slot").text();
    match question {
        "slots" => {
            let target = |slot: &Slot| Object::new().with("id", slot.id.as_str()).with("target", slot.target.clone());
            visit.config().slots.iter().map(target).collect()
        }
        "peek" => visit.peek(slot, now).as_ref().map(decision_value).into(),
        "feature" => visit.value_of(message.at("feature").text(), &crate::signal::object(message, "attributes"), now),
        "explain" => visit.explain(slot, now).into(),
        "profile" => visit.profile(now).into(),
        "export" => visit.exported(now).into(),
        "fold" => {
            let profile = message.at("profile").as_text();
            let journals = crate::signal::journals(message.at("journals"));
            let folded = visit.fold(profile, &journals, *message.at("journals") != Value::Null, now);
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
        #[cfg(feature = "rare")]
        "whole" => visit.whole(message.at("profile").text(), now).into(),
        #[cfg(feature = "rare")]
        "adopt" => match visit.adopt(message.at("profile").text(), message.at("import").text(), now) {
            Ok(profile) => Object::new().with("profile", profile),
            Err(why) => Object::new().with("refused", why),
        }
        .into(),
        _ => Value::List(Vec::new()),
    }
}
