//! What is wrong with what the site owner wrote, by path.

use crate::number;
use crate::value::Value;

/// How many problems are listed; the rest is counted.
const LISTED: usize = 100;
/// How many problems are kept apart; beyond that, several at one path count more than once.
const DISTINGUISHED: usize = 2_000;
/// How many characters of a text are quoted in a problem.
const QUOTED_CHARS: usize = 40;

/// Everything that is wrong with what the site owner wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems {
    problems: Vec<Problem>,
    /// Problems beyond those that are kept apart.
    more: usize,
}

/// One thing that is wrong. Reads as `slots[1].holdout is 7, expected a number from 0 to 1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where, as a path from the root: `slots[1].holdout`. Empty for the root itself.
    pub path: String,
    /// What is written there: `7`, `missing`, `unknown`.
    pub found: String,
    /// What would be right, where that can be said: `a number from 0 to 1`.
    pub expected: Option<String>,
}

impl Problem {
    /// The sentence for a console.
    pub fn text(&self) -> String {
        let path = if self.path.is_empty() { "the config" } else { &self.path };
        match &self.expected {
            Some(expected) => format!("{path} is {}, expected {expected}", self.found),
            None => format!("{path} is {}", self.found),
        }
    }

    /// Whether this problem is at `path` or at a path above it.
    fn covers(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.as_str());
        self.path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// The first hundred, in the order in which they were found.
    pub fn list(&self) -> &[Problem] {
        self.problems.get(..LISTED).unwrap_or(&self.problems)
    }

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.problems.len().saturating_add(self.more)
    }

    /// A line for each of the first hundred, and one that counts the rest.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.list().iter().map(Problem::text).collect();
        let more = self.count() - lines.len();
        if more > 0 {
            lines.push(format!("... and {more} more"));
        }
        lines
    }

    /// Adds a problem, unless another one is already at its path or above it: that says enough.
    pub fn add(&mut self, problem: Problem) {
        if self.problems.iter().any(|known| known.covers(&problem.path)) {
            return;
        }
        if self.problems.len() < DISTINGUISHED {
            self.problems.push(problem);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// Appends a key as it is written in JSON.
pub(super) fn push_escaped(path: &mut String, key: &str) {
    for letter in key.chars() {
        match letter {
            '"' | '\\' => path.extend(['\\', letter]),
            '\n' => path.push_str("\\n"),
            '\t' => path.push_str("\\t"),
            '\r' => path.push_str("\\r"),
            '\u{8}' => path.push_str("\\b"),
            '\u{c}' => path.push_str("\\f"),
            '\0'..='\u{1f}' => path.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => path.push(letter),
        }
    }
}

/// A text cut at 40 characters, without characters that would break a line.
fn shorten(text: &str) -> String {
    let printable = |letter: char| if letter.is_control() { ' ' } else { letter };
    let mut short: String = text.chars().take(QUOTED_CHARS).map(printable).collect();
    if text.chars().nth(QUOTED_CHARS).is_some() {
        short.push_str("...");
    }
    short
}

/// A value in a few words.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number::format(*number),
        Value::Text(text) => format!("\"{}\"", shorten(text)),
        Value::List(items) if items.is_empty() => "an empty list".to_owned(),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Cut => "too deep".to_owned(),
    }
}
