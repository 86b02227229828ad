//! Reading a [`Value`] into checked types, collecting every problem with its path.
//!
//! A reader walks the tree once; what it returns needs no second check. See `STYLE` in
//! `CONTRIBUTING.md`: parse, don't validate.

use crate::number;
use crate::value::{Object, Value};

/// How many problems are kept; the rest is counted.
const LIMIT: usize = 100;
/// How many characters of what was found stand in a problem.
const FOUND_CHARS: usize = 40;

/// Everything wrong with what the site owner wrote.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    more: u32,
}

/// One thing wrong: `slots[1].holdout is 7, expected a share from 0 to 1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where, as a path from the root: `slots[1].holdout`; the root itself is empty.
    pub path: String,
    /// What stands there and what would be right: `is 7, expected a share from 0 to 1`.
    pub message: String,
}

impl Problem {
    /// The whole sentence, for a console.
    pub fn text(&self) -> String {
        let place = if self.path.is_empty() { "the config" } else { &self.path };
        [place, " ", &self.message].concat()
    }
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first hundred, in the order they were met.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many there are in all.
    pub fn count(&self) -> u32 {
        self.more.saturating_add(u32::try_from(self.list.len()).unwrap_or(u32::MAX))
    }

    /// One line a problem, and one that counts the rest.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.list.iter().map(Problem::text).collect();
        if self.more > 0 {
            lines.push(["... and ", &number::text(f64::from(self.more)), " more"].concat());
        }
        lines
    }

    /// Adds a problem at `path`; where a place above it is wrong already, that one says enough.
    pub fn add(&mut self, path: String, message: String) {
        let below = |problem: &Problem| {
            path.strip_prefix(problem.path.as_str())
                .is_some_and(|rest| problem.path.is_empty() || rest.starts_with(['.', '[']))
        };
        if self.list.iter().any(below) {
            return;
        }
        if self.list.len() < LIMIT {
            self.list.push(Problem { path, message });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// One place in the tree: the value there, if any, and the way back to the root.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    value: Option<&'a Value>,
    up: Option<&'a Reader<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Reader<'a> {
    /// At the root of `value`.
    pub fn root(value: &'a Value) -> Reader<'a> {
        Reader { value: Some(value), up: None, step: Step::Root }
    }

    /// What stands here; `None` where nothing does.
    pub fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// Whether nothing stands here.
    pub fn is_missing(&self) -> bool {
        self.value.is_none()
    }

    /// The place below this one under `key`.
    pub fn field<'b>(&'b self, key: &'b str) -> Reader<'b> {
        Reader { value: self.value.and_then(|value| value.get(key)), up: Some(self), step: Step::Key(key) }
    }

    /// The place below this one at `index`, where `value` stands.
    pub fn item<'b>(&'b self, index: usize, value: &'b Value) -> Reader<'b> {
        Reader { value: Some(value), up: Some(self), step: Step::Index(index) }
    }

    /// The path from the root: `slots[1].variants[0].weight`, `events.weights["a b"]`.
    pub fn path(&self) -> String {
        let mut path = self.up.map_or_else(String::new, |up| up.path());
        match self.step {
            Step::Root => {}
            Step::Index(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
            Step::Key(key) if is_identifier(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Step::Key(key) => {
                path.push_str("[\"");
                push_escaped(&mut path, key);
                path.push_str("\"]");
            }
        }
        path
    }

    /// Notes that what stands here is not `expected`; answers `None` for the caller to return.
    pub fn refuse<T>(&self, problems: &mut Problems, expected: &str) -> Option<T> {
        let message = match self.value {
            None => ["is missing, expected ", expected].concat(),
            Some(value) => ["is ", &found(value), ", expected ", expected].concat(),
        };
        problems.add(self.path(), message);
        None
    }

    /// Notes that this is right but cannot be done yet.
    pub fn not_yet(&self, problems: &mut Problems) {
        problems.add(self.path(), "is not supported yet".to_owned());
    }

    /// An object with no other keys than `known` ones; keys that start with `x-` are the owner's.
    pub fn object(&self, problems: &mut Problems, known: &[&str]) -> Option<&'a Object> {
        let object = self.entries(problems)?;
        for (key, value) in object.iter() {
            if !known.contains(&key) && !key.starts_with("x-") {
                let at = Reader { value: Some(value), up: Some(self), step: Step::Key(key) };
                let message = ["is unknown, expected one of ", &known.join(", ")].concat();
                problems.add(at.path(), message);
            }
        }
        Some(object)
    }

    /// An object whose keys are names.
    pub fn entries(&self, problems: &mut Problems) -> Option<&'a Object> {
        match self.value {
            Some(Value::Object(object)) => Some(object),
            _ => self.refuse(problems, "an object"),
        }
    }

    /// A list of `least` to `most` items, each read by `read`; `None` if any of them has a problem.
    pub fn list<T>(
        &self,
        problems: &mut Problems,
        (least, most, expected): (usize, usize, &str),
        mut read: impl FnMut(Reader<'_>, &mut Problems) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(Value::List(items)) = self.value else {
            return self.refuse(problems, expected);
        };
        if items.len() < least || items.len() > most {
            return self.refuse(problems, expected);
        }
        let mut all = Some(Vec::new());
        for (index, value) in items.iter().enumerate() {
            match (read(self.item(index, value), problems), &mut all) {
                (Some(item), Some(list)) => list.push(item),
                (None, _) => all = None,
                (Some(_), None) => {}
            }
        }
        all
    }

    /// An object whose keys are the owner's, each entry read by `read`; `None` if any of them has a
    /// problem.
    pub fn each<T>(
        &self,
        problems: &mut Problems,
        mut read: impl FnMut(&str, Reader<'_>, &mut Problems) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut all = Some(Vec::new());
        for (key, _) in self.entries(problems)?.iter() {
            match (read(key, self.field(key), problems), &mut all) {
                (Some(item), Some(list)) => list.push(item),
                (None, _) => all = None,
                (Some(_), None) => {}
            }
        }
        all
    }

    /// Text for which `right` holds.
    pub fn text(&self, problems: &mut Problems, expected: &str, right: impl Fn(&str) -> bool) -> Option<&'a str> {
        match self.value {
            Some(Value::Text(text)) if right(text) => Some(text),
            _ => self.refuse(problems, expected),
        }
    }

    /// A number from `least` to `most`.
    pub fn number(&self, problems: &mut Problems, (least, most): (f64, f64), expected: &str) -> Option<f64> {
        match self.value {
            Some(Value::Number(number)) if *number >= least && *number <= most => Some(*number),
            _ => self.refuse(problems, expected),
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&self, problems: &mut Problems, (least, most): (i32, i32), expected: &str) -> Option<i32> {
        match self.value {
            Some(Value::Number(number))
                if libm::floor(*number) == *number && *number >= f64::from(least) && *number <= f64::from(most) =>
            {
                #[allow(clippy::cast_possible_truncation, reason = "within the bounds of i32, tested above")]
                Some(*number as i32)
            }
            _ => self.refuse(problems, expected),
        }
    }

    /// `absent` where nothing stands here, else what `read` makes of it.
    pub fn or<T>(&self, absent: T, read: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        if self.is_missing() { Some(absent) } else { read(self) }
    }

    /// An id: 1 to 64 letters, digits, hyphens and underscores, a letter or digit first.
    pub fn id(&self, problems: &mut Problems) -> Option<String> {
        self.text(problems, "an id of 1 to 64 letters, digits, - and _", is_id).map(str::to_owned)
    }
}

/// Adds one problem for every id of a list that stands a second time.
pub fn distinct(at: &Reader<'_>, key: &str, problems: &mut Problems) {
    let Some(items) = at.value().and_then(Value::as_list) else { return };
    for (index, value) in items.iter().enumerate() {
        let own = value.get(key).and_then(Value::as_text);
        let taken = items.iter().take(index).any(|earlier| earlier.get(key).and_then(Value::as_text) == own);
        if own.is_some() && taken {
            at.item(index, value).field(key).refuse::<()>(problems, "an id that is not taken");
        }
    }
}

fn is_identifier(key: &str) -> bool {
    let first = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_$".contains(&byte));
    first && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(&byte))
}

/// Whether `text` is an id.
pub fn is_id(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    first && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether `text` is a name of an event: a letter, then up to 39 letters, digits and underscores.
pub fn is_event_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    first && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Appends a key as it stands in JSON.
fn push_escaped(path: &mut String, key: &str) {
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

fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Number(number) => number::text(*number),
        Value::Text(text) => ["\"", &cut(text), "\""].concat(),
        Value::List(items) if items.is_empty() => "an empty list".to_owned(),
        Value::List(items) => ["a list of ", &items.len().to_string()].concat(),
        Value::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Cut => "too deep".to_owned(),
    }
}

/// Whether something was cut off for its depth; notes it at the root.
pub fn note_cut(root: &Value, problems: &mut Problems) -> bool {
    let cut = has_cut(root);
    if cut {
        problems.add(String::new(), "is deeper than 64 levels, expected a flatter tree".to_owned());
    }
    cut
}

fn has_cut(value: &Value) -> bool {
    match value {
        Value::Cut => true,
        Value::List(items) => items.iter().any(has_cut),
        Value::Object(object) => object.iter().any(|(_, value)| has_cut(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_the_place_what_was_found_and_what_is_right() {
        let value: Value =
            serde_json::from_str(r#"{"slots": [{}, {"holdout": 7}], "events": {"weights": {"a b": "x"}}, "n": null}"#)
                .unwrap();
        let root = Reader::root(&value);
        let mut problems = Problems::default();
        let slots = root.field("slots");
        let slot = slots.item(1, slots.value().unwrap().as_list().unwrap().get(1).unwrap());
        slot.field("holdout").number(&mut problems, (0.0, 1.0), "a share from 0 to 1");
        slot.field("id").id(&mut problems);
        root.field("events").field("weights").field("a b").number(&mut problems, (0.0, 1.0), "a number");
        root.field("n").entries(&mut problems);
        root.object(&mut problems, &["slots", "events"]);
        root.field("slots").list(&mut problems, (3, 9, "a list of 3 to 9"), |_, _| Some(()));
        assert_eq!(
            problems.lines(),
            [
                "slots[1].holdout is 7, expected a share from 0 to 1",
                "slots[1].id is missing, expected an id of 1 to 64 letters, digits, - and _",
                r#"events.weights["a b"] is "x", expected a number"#,
                "n is null, expected an object",
                "n is unknown, expected one of slots, events",
                "slots is a list of 2, expected a list of 3 to 9",
            ]
        );
    }

    #[test]
    fn one_problem_at_a_place_speaks_for_all_below_it() {
        let value: Value = serde_json::from_str(r#"{"slots": "none", "x": 1}"#).unwrap();
        let root = Reader::root(&value);
        let mut problems = Problems::default();
        let slots = root.field("slots");
        slots.entries(&mut problems);
        slots.field("id").id(&mut problems);
        root.object(&mut problems, &["slots"]);
        assert_eq!(problems.lines(), ["slots is \"none\", expected an object", "x is unknown, expected one of slots"]);
    }

    #[test]
    fn the_first_hundred_problems_stand_and_the_rest_is_counted() {
        let mut problems = Problems::default();
        for _ in 0..112 {
            Reader::root(&Value::Null).item(0, &Value::Null).refuse::<()>(&mut problems, "a tree");
        }
        assert_eq!(problems.lines().len(), 101);
        assert_eq!(problems.lines().last().unwrap(), "... and 12 more");
        assert_eq!(problems.count(), 112);
    }
}
