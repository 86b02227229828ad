//! Reading a [`Value`] into checked types; every problem is collected with its path.
//!
//! A reader answers an `Option`: the value, or `None` where it has noted a problem. So what it returns needs no
//! second check, and one walk over the tree finds every problem. To find them all, code that reads several
//! fields reads each of them before it gives up on one.
//!
//! ```
//! # use tailorbird::reader::{Reader, read};
//! # use tailorbird::value::{Object, Value};
//! struct Holdout { slot: String, share: f64 }
//!
//! fn holdout(at: &Reader<'_>) -> Option<Holdout> {
//!     let keys = at.keys(&["slot", "share"]);
//!     let slot = at.field("slot").id();
//!     let share = at.number_or("share", 0.0, 0.0..=1.0);
//!     keys?;
//!     Some(Holdout { slot: slot?.to_owned(), share: share? })
//! }
//!
//! let written: Value = Object::new().with("slot", "he ro").with("share", 7.0).into();
//! assert_eq!(
//!     read(&written, holdout).err().unwrap().lines(),
//!     [
//!         "slot is \"he ro\", expected an id of 1 to 64 letters, digits, - and _",
//!         "share is 7, expected a number from 0 to 1",
//!     ]
//! );
//! ```

mod problem;

use core::cell::RefCell;
use core::ops::RangeInclusive;

use crate::number;
use crate::value::{NULL, Object, Value};

pub use problem::{Problem, Problems};
use problem::{describe, push_escaped};

/// A value in a tree, if there is one, and the way to it from the root.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    value: Option<&'a Value>,
    parent: Option<&'a Reader<'a>>,
    step: Step<'a>,
    problems: &'a RefCell<Problems>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

static EMPTY: Object = Object::new();

impl<'a> Reader<'a> {
    /// A reader at the root of `value`, which notes problems in `problems`.
    pub fn root(value: &'a Value, problems: &'a RefCell<Problems>) -> Reader<'a> {
        Reader { value: Some(value), parent: None, step: Step::Root, problems }
    }

    /// The value here, if there is one.
    pub fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// Whether there is no value here.
    pub fn is_missing(&self) -> bool {
        self.value.is_none()
    }

    /// A reader of the value under `key`.
    pub fn field<'b>(&'b self, key: &'b str) -> Reader<'b> {
        let value = self.value.and_then(|value| value.get(key));
        Reader { value, parent: Some(self), step: Step::Key(key), problems: self.problems }
    }

    /// A reader of `value`, the item at `index` of the list here.
    pub fn item<'b>(&'b self, index: usize, value: &'b Value) -> Reader<'b> {
        Reader { value: Some(value), parent: Some(self), step: Step::Index(index), problems: self.problems }
    }

    /// The path from the root: `slots[1].variants[0].weight`, `events.weights["a b"]`.
    pub fn path(&self) -> String {
        let mut path = self.parent.map_or_else(String::new, Reader::path);
        match self.step {
            Step::Root => {}
            Step::Index(index) => path.push_str(&format!("[{index}]")),
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

    /// Notes a problem: what was found here, and what would be right where that can be said.
    pub fn problem(&self, found: impl Into<String>, expected: Option<&str>) {
        let problem = Problem { path: self.path(), found: found.into(), expected: expected.map(str::to_owned) };
        self.problems.borrow_mut().add(problem);
    }

    /// Notes that the value here is not `expected`.
    pub fn expected(&self, expected: &str) {
        self.problem(self.value.map_or_else(|| "missing".to_owned(), describe), Some(expected));
    }

    /// Notes that the key here is none of the `known` ones.
    pub fn unknown_key(&self, known: &[&str]) {
        self.problem("unknown", Some(&format!("one of {}", known.join(", "))));
    }

    /// An object with any keys.
    pub fn object(&self) -> Option<&'a Object> {
        let object = self.value.and_then(Value::as_object);
        if object.is_none() {
            self.expected("an object");
        }
        object
    }

    /// An object with any keys, empty where nothing is written or it is no object.
    pub fn entries(&self) -> &'a Object {
        if self.is_missing() { &EMPTY } else { self.object().unwrap_or(&EMPTY) }
    }

    /// An object with no keys but the `known` ones. Keys that start with `x-` are the site owner's.
    pub fn keys(&self, known: &[&str]) -> Option<&'a Object> {
        let object = self.object()?;
        let mut all_known = true;
        for (key, _) in object.iter() {
            if !known.contains(&key) && !key.starts_with("x-") {
                self.field(key).unknown_key(known);
                all_known = false;
            }
        }
        all_known.then_some(object)
    }

    /// A reader of the section under `key`, which may be missing; unknown keys in it are noted, and nothing
    /// else is lost by them.
    pub fn section<'b>(&'b self, key: &'b str, known: &[&str]) -> Reader<'b> {
        let section = self.field(key);
        if !section.is_missing() {
            section.keys(known);
        }
        section
    }

    /// A list with this many items.
    pub fn items(&self, length: RangeInclusive<usize>) -> Option<&'a [Value]> {
        match self.value {
            Some(Value::List(items)) if length.contains(&items.len()) => Some(items),
            Some(Value::List(_)) => {
                self.expected(&format!("a list of {}", span(&length)));
                None
            }
            _ => {
                self.expected("a list");
                None
            }
        }
    }

    /// A list with this many items, each of which `read` can read.
    pub fn list<T>(&self, length: RangeInclusive<usize>, read: impl Fn(&Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
        let items = self.items(length)?;
        let all = self.each(items, read);
        (all.len() == items.len()).then_some(all)
    }

    /// Those items of a list that `read` can read. A list that is missing, or is none, has no items.
    pub fn readable_items<T>(&self, most: usize, read: impl Fn(&Reader<'_>) -> Option<T>) -> Vec<T> {
        if self.is_missing() { Vec::new() } else { self.each(self.items(0..=most).unwrap_or_default(), read) }
    }

    fn each<T>(&self, items: &[Value], read: impl Fn(&Reader<'_>) -> Option<T>) -> Vec<T> {
        let mut all = Vec::new();
        self.visit(items, &mut |_, at| all.extend(read(at)));
        all
    }

    fn visit(&self, items: &[Value], visit: &mut dyn FnMut(usize, &Reader<'_>)) {
        for (index, item) in items.iter().enumerate() {
            visit(index, &self.item(index, item));
        }
    }

    /// Those items of a list that `read` can read and whose `id` no earlier item has; nothing where there is no
    /// list. Items with a problem are left out.
    pub fn list_with_ids<T>(&self, most: usize, mut read: impl FnMut(&Reader<'_>) -> Option<T>) -> Vec<T> {
        if self.is_missing() {
            return Vec::new();
        }
        let items = self.items(0..=most).unwrap_or_default();
        let mut all = Vec::new();
        self.visit(items, &mut |index, at| {
            let read = read(at);
            if self.is_first_with_its_id(items, index, at) {
                all.extend(read);
            }
        });
        all
    }

    /// Whether no earlier item of the list here has the id of the one at `at`; notes where one has.
    fn is_first_with_its_id(&self, items: &[Value], index: usize, at: &Reader<'_>) -> bool {
        let id = at.field("id");
        let Some(text) = id.value().and_then(Value::as_text) else { return true };
        let first = items.iter().position(|item| item.at("id").as_text() == Some(text)).unwrap_or(index);
        if first < index {
            let also = self.item(first, &NULL).path();
            id.problem(format!("a duplicate id \"{text}\", also {also}"), None);
        }
        first == index
    }

    /// A text for which `right` holds.
    pub fn text(&self, expected: &str, right: impl FnOnce(&str) -> bool) -> Option<&'a str> {
        let text = self.value.and_then(Value::as_text).filter(|text| right(text));
        if text.is_none() {
            self.expected(expected);
        }
        text
    }

    /// A text with this many characters.
    pub fn text_within(&self, length: RangeInclusive<usize>) -> Option<&'a str> {
        let expected = || format!("a text of {} characters", span(&length));
        self.text(&expected(), |text| length.contains(&text.chars().count()))
    }

    /// One of these words.
    pub fn one_of(&self, words: &[&str]) -> Option<&'a str> {
        self.text(&format!("one of {}", words.join(", ")), |text| words.contains(&text))
    }

    /// The place of one of these words among them.
    fn place_of(&self, words: &[&str]) -> Option<usize> {
        let chosen = self.one_of(words)?;
        words.iter().position(|word| *word == chosen)
    }

    /// What one of these words stands for.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        choices.get(self.place_of(&words)?).map(|(_, choice)| *choice)
    }

    /// A number in this range.
    pub fn number(&self, range: RangeInclusive<f64>) -> Option<f64> {
        let number = self.value.and_then(Value::as_number).filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (number::format(*range.start()), number::format(*range.end()));
            self.expected(&format!("a number from {least} to {most}"));
        }
        number
    }

    /// A whole number in this range.
    pub fn integer(&self, range: RangeInclusive<i32>) -> Option<i32> {
        let number = self.value.and_then(Value::as_number).filter(|number| number.floor() == *number);
        #[allow(clippy::cast_possible_truncation, reason = "a cast from float saturates, outside of every range")]
        let integer = number.map(|number| number as i32).filter(|integer| range.contains(integer));
        if integer.is_none() {
            self.expected(&format!("a whole number from {} to {}", range.start(), range.end()));
        }
        integer
    }

    /// Whether each of these items, which were read from the list here, is in order with the one before;
    /// notes each that is not, and what was `expected` after the earlier one.
    pub fn in_order<T>(
        &self,
        items: &[T],
        in_order: impl Fn(&T, &T) -> bool,
        expected: impl Fn(&T) -> String,
    ) -> Option<()> {
        let mut sound = true;
        for (index, pair) in items.windows(2).enumerate() {
            if let ([earlier, later], Some(item)) = (pair, self.value?.items().get(index + 1))
                && !in_order(earlier, later)
            {
                self.item(index + 1, item).expected(&expected(earlier));
                sound = false;
            }
        }
        sound.then_some(())
    }

    /// Whether each of these numbers, which were read from the list here, is above the one before.
    pub fn ascending(&self, numbers: &[f64]) -> Option<()> {
        self.in_order(
            numbers,
            |earlier, later| earlier < later,
            |earlier| format!("a number above {}", number::format(*earlier)),
        )
    }

    /// `true` or `false`.
    pub fn bool(&self) -> Option<bool> {
        let truth = self.value.and_then(Value::as_bool);
        if truth.is_none() {
            self.expected("true or false");
        }
        truth
    }

    /// An id: 1 to 64 letters, digits, hyphens and underscores, a letter or digit first.
    pub fn id(&self) -> Option<&'a str> {
        self.text("an id of 1 to 64 letters, digits, - and _", is_id)
    }

    /// The number under `key`, in this range; `absent` where nothing is written.
    pub fn number_or(&self, key: &str, absent: f64, range: RangeInclusive<f64>) -> Option<f64> {
        self.field(key).or(absent, |at| at.number(range))
    }

    /// The whole number under `key`, in this range; `absent` where nothing is written.
    pub fn integer_or(&self, key: &str, absent: i32, range: RangeInclusive<i32>) -> Option<i32> {
        self.field(key).or(absent, |at| at.integer(range))
    }

    /// `true` or `false` under `key`; `absent` where nothing is written.
    pub fn bool_or(&self, key: &str, absent: bool) -> Option<bool> {
        self.field(key).or(absent, Reader::bool)
    }

    /// What `read` reads; `absent` where nothing is written.
    pub fn or<T>(&self, absent: T, read: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        if self.is_missing() { Some(absent) } else { read(self) }
    }

    /// What `read` reads, if anything is written.
    pub fn optional<T>(&self, read: impl FnOnce(&Self) -> Option<T>) -> Option<Option<T>> {
        if self.is_missing() { Some(None) } else { read(self).map(Some) }
    }

    /// What `read` reads; `default` where nothing is written and where it has a problem. For rules that something
    /// sensible can replace.
    pub fn or_default<T>(&self, default: T, read: impl FnOnce(&Self) -> Option<T>) -> T {
        if self.is_missing() { default } else { read(self).unwrap_or(default) }
    }
}

/// A range in words: `3`, or `1 to 10`.
fn span(range: &RangeInclusive<usize>) -> String {
    let (least, most) = (range.start(), range.end());
    if least == most { format!("{least}") } else { format!("{least} to {most}") }
}

/// What `read` reads from `written`.
///
/// # Errors
///
/// With all problems, where there is any.
pub fn read<T>(written: &Value, read: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Problems> {
    let problems = RefCell::default();
    let result = read(&Reader::root(written, &problems));
    let problems = problems.into_inner();
    if problems.is_empty() { Ok(result) } else { Err(problems) }
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

/// Whether `text` is the name of an event: a letter, then up to 39 letters, digits and underscores.
pub fn is_event_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    first && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a part of the tree was cut off because it was too deep.
pub fn has_cut(value: &Value) -> bool {
    match value {
        Value::Cut => true,
        Value::List(items) => items.iter().any(has_cut),
        Value::Object(object) => object.iter().any(|(_, value)| has_cut(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(json: &str, walk: impl FnOnce(&Reader<'_>)) -> Problems {
        read(&serde_json::from_str(json).unwrap(), walk).unwrap_err()
    }

    #[test]
    fn a_problem_names_the_path_what_was_found_and_what_is_right() {
        let written = r#"{"slots": [{}, {"holdout": 7}], "events": {"weights": {"a b": "x"}}, "n": null}"#;
        let problems = problems(written, |root| {
            let slots = root.field("slots");
            let slot = slots.item(1, &slots.items(0..=9).unwrap()[1]);
            assert_eq!(slot.field("holdout").number(0.0..=1.0), None);
            assert_eq!(slot.field("id").id(), None);
            root.field("events").field("weights").field("a b").number(0.0..=1.0);
            root.field("n").object();
            root.keys(&["slots", "events"]);
            slots.items(3..=9);
        });
        assert_eq!(
            problems.lines(),
            [
                "slots[1].holdout is 7, expected a number from 0 to 1",
                "slots[1].id is missing, expected an id of 1 to 64 letters, digits, - and _",
                r#"events.weights["a b"] is "x", expected a number from 0 to 1"#,
                "n is null, expected an object",
                "slots is a list of 2, expected a list of 3 to 9",
            ]
        );
    }

    #[test]
    fn one_problem_covers_all_at_its_path_and_below() {
        let problems = problems(r#"{"slots": "none", "x": 1}"#, |root| {
            let slots = root.field("slots");
            slots.object();
            slots.items(0..=9);
            slots.field("id").id();
            root.keys(&["slots"]);
        });
        assert_eq!(problems.lines(), ["slots is \"none\", expected an object", "x is unknown, expected one of slots"]);
    }

    #[test]
    fn items_with_a_problem_are_left_out_of_a_list_with_ids() {
        let written = r#"[{"id": "a"}, {"id": "b", "x": 1}, {"id": "a"}, {"id": 7}, {"id": "c"}]"#;
        let written: Value = serde_json::from_str(written).unwrap();
        let cell = RefCell::default();
        let ids = Reader::root(&written, &cell).list_with_ids(9, |at| {
            let keys = at.keys(&["id"]);
            let id = at.field("id").id();
            keys.and(id).map(str::to_owned)
        });
        assert_eq!(ids.len(), 2);
        assert_eq!(
            cell.into_inner().lines(),
            [
                "[1].x is unknown, expected one of id",
                "[2].id is a duplicate id \"a\", also [0]",
                "[3].id is 7, expected an id of 1 to 64 letters, digits, - and _",
            ]
        );
    }

    #[test]
    fn the_first_hundred_problems_are_listed_and_the_rest_is_counted() {
        let problems = problems("null", |root| {
            for index in 0..112 {
                root.item(index, &Value::Null).expected("a tree");
            }
        });
        assert_eq!(problems.lines().len(), 101);
        assert_eq!(problems.lines().last().unwrap(), "... and 12 more");
        assert_eq!(problems.count(), 112);
    }
}
