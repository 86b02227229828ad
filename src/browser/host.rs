//! JavaScript's own conversions, regular expressions and addresses.

#![allow(unsafe_code, reason = "an imported function is declared")]

use super::letterbox::{post, post_texts, read};
use crate::host::Host;
use crate::value::Value;

#[link(wasm_import_module = "tailorbird")]
unsafe extern "C" {
    /// Asks the platform: `www/browser/platform.ts`. The question lies at `question`; the answer is
    /// left in the box.
    safe fn ask(question: *const u8);
}

/// Asks, and reads the answer.
fn answer(question: *const u8) -> Value {
    super::ALLOCATOR.wait(true);
    ask(question);
    super::ALLOCATOR.wait(false);
    read()
}

/// The browser, or Node.
pub struct JavaScript;

fn asked(question: &str, given: &[&str]) -> Value {
    answer(post_texts(question, given))
}

fn text(answered: Value) -> String {
    if let Value::Text(text) = answered { text } else { String::new() }
}

impl Host for JavaScript {
    fn number_text(&self, number: f64) -> String {
        text(answer(post(Value::List(vec!["text".into(), number.into()]))))
    }

    fn number_of(&self, text: &str) -> f64 {
        if let Value::Number(number) = asked("number", &[text]) { number } else { f64::NAN }
    }

    fn matches(&self, pattern: &str, flags: &str, text: &str) -> bool {
        asked("matches", &[pattern, flags, text]) == Value::Bool(true)
    }

    fn lower_case(&self, given: &str) -> String {
        text(asked("lower", &[given]))
    }

    fn address(&self, address: &str, base: &str) -> Value {
        asked("address", &[address, base])
    }

    fn with_params(&self, from: &str, to: &str) -> String {
        text(asked("params", &[from, to]))
    }
}
