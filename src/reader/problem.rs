//! What is wrong with what the site owner wrote, by place.

use crate::number;
use crate::text::concat;
use crate::value::Value;

/// How many problems are told; the rest is counted.
const TOLD: usize = 100;
/// How many are kept apart; a config with more than that is counted roughly.
const KEPT: usize = 2_000;
/// How many characters of what was found stand in a problem.
const FOUND_CHARS: usize = 40;

/// Everything wrong with what the site owner wrote.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    more: usize,
}

/// One thing wrong: `slots[1].holdout is 7, expected a number from 0 to 1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where, as a path from the root: `slots[1].holdout`; the root itself is empty.
    pub path: String,
    /// What stands there and what would be right: `is 7, expected a number from 0 to 1`.
    pub message: String,
}

impl Problem {
    /// The whole sentence, for a console.
    pub fn text(&self) -> String {
        let place = if self.path.is_empty() { "the config" } else { &self.path };
        concat(&[place, " ", &self.message])
    }
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.more == 0
    }

    /// The first hundred, in the order they were met.
    pub fn list(&self) -> &[Problem] {
        self.list.get(..TOLD).unwrap_or(&self.list)
    }

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.list.len().saturating_add(self.more)
    }

    /// One line a problem, and one that counts the rest.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.list().iter().map(Problem::text).collect();
        let more = self.count() - lines.len();
        if more > 0 {
            lines.push(concat(&["... and ", &more.to_string(), " more"]));
        }
        lines
    }

    /// Counts a problem without saying which.
    pub fn add_one(&mut self) {
        self.more = self.more.saturating_add(1);
    }

    /// Adds a problem at `path`; where this place or one above it is wrong already, that says enough.
    pub fn add(&mut self, path: String, message: String) {
        let covers = |problem: &Problem| {
            let rest = path.strip_prefix(problem.path.as_str());
            problem.path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        if self.list.iter().any(covers) {
            return;
        }
        if self.list.len() < KEPT {
            self.list.push(Problem { path, message });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// Appends a key as it stands in JSON.
pub(super) fn push_escaped(path: &mut String, key: &str) {
    for letter in key.chars() {
        match letter {
            '"' | '\\' => path.extend(['\\', letter]),
            '\n' => path.push_str("\\n"),
            '\t' => path.push_str("\\t"),
            '\r' => path.push_str("\\r"),
            '\u{8}' => path.push_str("\\b"),
            '\u{c}' => path.push_str("\\f"),
            '\0'..='\u{1f}' => {
                path.push_str(if letter < '\u{10}' { "\\u000" } else { "\\u001" });
                path.extend(char::from_digit(u32::from(letter) % 16, 16));
            }
            _ => path.push(letter),
        }
    }
}

/// `text` cut at 40 characters, and cleared of what would break a line.
fn cut(text: &str) -> String {
    let mut short: String =
        text.chars().take(FOUND_CHARS).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(FOUND_CHARS).is_some() {
        short.push_str("...");
    }
    short
}

/// What was found, in a few words.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Number(number) => number::format(*number),
        Value::Text(text) => concat(&["\"", &cut(text), "\""]),
        Value::List(items) if items.is_empty() => "an empty list".to_owned(),
        Value::List(items) => concat(&["a list of ", &items.len().to_string()]),
        Value::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Cut => "too deep".to_owned(),
    }
}
