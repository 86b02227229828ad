//! Reading a [`Value`] into checked types, collecting every problem with its path.
//!
//! Without the feature `rare` problems are only counted: the download of a page whose config is right
//! carries no texts about wrong ones. Whoever meets a problem loads the engine that has the words.
//!
//! A reader walks the tree once; what it returns needs no second check. See `STYLE` in
//! `CONTRIBUTING.md`: parse, don't validate.

mod problem;

use core::cell::RefCell;

use crate::number;
use crate::text::{characters, concat, join, split};
use crate::value::{Object, Value};

pub use problem::{Problem, Problems};
use problem::{found, push_escaped};

/// One place in the tree: the value there, if any, and the way back to the root.
///
/// A reader answers something in any case: where a problem stands, a stand-in of the right type.
/// Problems are noted on the way, and what was read is handed out only if there are none. That is
/// half the code of readers that pass failures up, and it meets every problem in one walk.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    value: Option<&'a Value>,
    up: Option<&'a Reader<'a>>,
    step: Step<'a>,
    problems: &'a RefCell<Problems>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

static NOTHING: Object = Object::new();

impl<'a> Reader<'a> {
    /// At the root of `value`; problems are noted in `problems`.
    pub fn root(value: &'a Value, problems: &'a RefCell<Problems>) -> Reader<'a> {
        Reader { value: Some(value), up: None, step: Step::Root, problems }
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
        let value = self.value.and_then(|value| value.get(key));
        Reader { value, up: Some(self), step: Step::Key(key), problems: self.problems }
    }

    /// The place below this one at `index`, where `value` stands.
    pub fn item<'b>(&'b self, index: usize, value: &'b Value) -> Reader<'b> {
        Reader { value: Some(value), up: Some(self), step: Step::Index(index), problems: self.problems }
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

    /// Notes a problem here, in words that follow the path.
    pub fn note(&self, message: &str) {
        // Nobody holds the list while a tree is walked.
        if let Ok(mut problems) = self.problems.try_borrow_mut() {
            if true {
                problems.add(self.path(), message.to_owned());
            } else {
                problems.add_one();
            }
        }
    }

    /// Notes that what stands here is not `expected`.
    #[inline(always)]
    pub fn expected(&self, expected: &str) {
        if false {
            return self.note("");
        }
        self.note(&match self.value {
            None => concat(&["is missing, expected ", expected]),
            Some(value) => concat(&["is ", &found(value), ", expected ", expected]),
        });
    }

    /// Notes that the key here is none of the `known` ones, words with spaces between.
    #[inline(always)]
    pub fn unknown_key(&self, known: &str) {
        if false {
            return self.note("");
        }
        self.note(&concat(&["is unknown, expected one of ", &join(split(known, b' ').into_iter(), ", ")]));
    }

    /// Notes that what stands here, if anything, is right but cannot be done yet.
    pub fn unsupported(&self) {
        if !self.is_missing() {
            self.note("is not supported yet");
        }
    }

    /// Whether this is an object; notes keys that are not among `known` ones, words with spaces between,
    /// for which one text is smaller than a list. Keys that start with `x-` are the owner's.
    pub fn object(&self, known: &str) -> bool {
        let words = split(known, b' ');
        for (key, _) in self.entries().iter() {
            if !words.contains(&key) && !key.starts_with("x-") {
                self.field(key).unknown_key(known);
            }
        }
        matches!(self.value, Some(Value::Object(_)))
    }

    /// An object whose keys are names of the owner's.
    pub fn entries(&self) -> &'a Object {
        match self.value {
            Some(Value::Object(object)) => object,
            _ => {
                self.expected("an object");
                &NOTHING
            }
        }
    }

    /// The object under `key`, if there is one: its keys are to be among the `known` ones.
    #[inline(never)]
    pub fn section<'b>(&'b self, key: &'b str, known: &str) -> Reader<'b> {
        let section = self.field(key);
        if !section.is_missing() {
            section.object(known);
        }
        section
    }

    /// The entries of an object whose keys are names of the owner's, if there is one.
    pub fn entries_if_any(&self) -> &'a Object {
        if self.is_missing() { &NOTHING } else { self.entries() }
    }

    /// Notes that what stands here is not one of `what` from `least` to `most`.
    fn refuse_range(&self, (what, after): (&str, &str), least: f64, most: f64) {
        if false {
            return self.note("");
        }
        let (least, most) = (number::format(least), number::format(most));
        self.expected(&match least == most {
            true => concat(&[what.strip_suffix("from ").map_or(what, |_| ""), &least, after]),
            false => concat(&[what, &least, " to ", &most, after]),
        });
    }

    /// A list of `least` to `most` items.
    #[allow(clippy::cast_precision_loss, reason = "limits are small")]
    pub fn items(&self, least: usize, most: usize) -> &'a [Value] {
        match self.value {
            Some(Value::List(items)) if items.len() >= least && items.len() <= most => items,
            Some(Value::List(_)) => {
                self.refuse_range(("a list of ", ""), least as f64, most as f64);
                &[]
            }
            _ => {
                self.expected("a list");
                &[]
            }
        }
    }

    /// Calls `read` at each item of a list of things with an id of their own, where there is one.
    #[inline(never)]
    fn each_with_id(&self, most: usize, read: &mut dyn FnMut(&Reader<'_>)) {
        if !self.is_missing() {
            self.each(0, most, read);
            self.distinct("id", "an id that is not taken");
        }
    }

    /// What `read` makes of each of them.
    pub fn list_with_ids<T>(&self, most: usize, read: impl Fn(&Reader<'_>) -> T) -> Vec<T> {
        let mut all = Vec::new();
        self.each_with_id(most, &mut |at| all.push(read(at)));
        all
    }

    /// Calls `read` at each item of a list of `least` to `most` items.
    pub fn each(&self, least: usize, most: usize, read: &mut dyn FnMut(&Reader<'_>)) {
        for (index, item) in self.items(least, most).iter().enumerate() {
            read(&self.item(index, item));
        }
    }

    /// What `read` makes of each item of a list of `least` to `most` items.
    pub fn list<T>(&self, least: usize, most: usize, read: impl Fn(&Reader<'_>) -> T) -> Vec<T> {
        let mut all = Vec::new();
        self.each(least, most, &mut |at| all.push(read(at)));
        all
    }

    /// The same where there is a list; nothing where nothing stands.
    pub fn optional_list<T>(&self, most: usize, read: impl Fn(&Reader<'_>) -> T) -> Vec<T> {
        if self.is_missing() { Vec::new() } else { self.list(0, most, read) }
    }

    /// Text for which `right` holds.
    pub fn text(&self, expected: &str, right: &dyn Fn(&str) -> bool) -> String {
        match self.value {
            Some(Value::Text(text)) if right(text) => text.clone(),
            _ => {
                self.expected(expected);
                String::new()
            }
        }
    }

    /// Text of `least` to `most` characters.
    #[allow(clippy::cast_precision_loss, reason = "limits are small")]
    pub fn text_within(&self, least: usize, most: usize) -> String {
        match self.value {
            Some(Value::Text(text)) if (least..=most).contains(&characters(text)) => text.clone(),
            _ => {
                self.refuse_range(("a text of ", " characters"), least as f64, most as f64);
                String::new()
            }
        }
    }

    /// A number from `least` to `most`.
    pub fn number(&self, least: f64, most: f64) -> f64 {
        match self.value {
            Some(Value::Number(number)) if *number >= least && *number <= most => *number,
            _ => {
                self.refuse_range(("a number from ", ""), least, most);
                least
            }
        }
    }

    /// A number from `least` to `most` under `key`; `absent` where nothing stands there.
    #[inline(never)]
    pub fn number_or(&self, key: &str, absent: f64, least: f64, most: f64) -> f64 {
        self.field(key).or(absent, |at| at.number(least, most))
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&self, least: i32, most: i32) -> i32 {
        let (least, most) = (f64::from(least), f64::from(most));
        if self.value.and_then(Value::as_number).is_some_and(|number| number.floor() != number) {
            self.refuse_range(("a whole number from ", ""), least, most);
        }
        #[allow(clippy::cast_possible_truncation, reason = "within the bounds of i32")]
        let whole = self.number(least, most) as i32;
        whole
    }

    /// The same where there is one; `absent` where nothing stands under `key`.
    #[inline(never)]
    pub fn integer_or(&self, key: &str, absent: i32, least: i32, most: i32) -> i32 {
        self.field(key).or(absent, |at| at.whole(least, most))
    }

    /// True or false.
    pub fn bool(&self) -> bool {
        let truth = self.value.and_then(Value::as_bool);
        if truth.is_none() {
            self.expected("true or false");
        }
        truth.unwrap_or(false)
    }

    /// `absent` where nothing stands here, else what `read` makes of it.
    pub fn or<T>(&self, absent: T, read: impl FnOnce(&Self) -> T) -> T {
        if self.is_missing() { absent } else { read(self) }
    }

    /// An id: 1 to 64 letters, digits, hyphens and underscores, a letter or digit first.
    pub fn id(&self) -> String {
        self.text("an id of 1 to 64 letters, digits, - and _", &is_id)
    }

    /// Notes every item of this list whose `key` stands a second time; an empty key is the item
    /// itself.
    pub fn distinct(&self, key: &str, expected: &str) {
        let items = self.value.and_then(Value::as_list).unwrap_or_default();
        let name = |item: &'a Value| if key.is_empty() { item.as_text() } else { item.get(key)?.as_text() };
        for (index, item) in items.iter().enumerate() {
            let own = name(item);
            if own.is_some() && items.iter().take(index).any(|earlier| name(earlier) == own) {
                let at = self.item(index, item);
                if key.is_empty() { at.expected(expected) } else { at.field(key).expected(expected) }
            }
        }
    }
}

/// What `read` makes of `written`, unless there are problems.
///
/// # Errors
///
/// With all problems, when there is any.
pub fn read<T>(written: &Value, read: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Problems> {
    let problems = RefCell::default();
    let result = read(&Reader::root(written, &problems));
    let problems = problems.into_inner();
    if problems.is_empty() {
        return Ok(result);
    }
    // Code that frees half a config would be in every download, for the few pages whose is wrong.
    core::mem::forget(result);
    Err(problems)
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

/// Whether something was cut off for its depth; notes it at the root.
pub fn note_cut(root: &Reader<'_>) -> bool {
    let cut = root.value().is_some_and(has_cut);
    if cut {
        root.note("is deeper than 64 levels, expected a flatter tree");
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

    fn problems(json: &str, walk: impl FnOnce(&Reader<'_>)) -> Problems {
        read(&serde_json::from_str(json).unwrap(), walk).unwrap_err()
    }

    #[test]
    fn a_problem_names_the_place_what_was_found_and_what_is_right() {
        let written = r#"{"slots": [{}, {"holdout": 7}], "events": {"weights": {"a b": "x"}}, "n": null}"#;
        let problems = problems(written, |root| {
            let slots = root.field("slots");
            let slot = slots.item(1, &slots.items(0, 9)[1]);
            slot.field("holdout").number(0.0, 1.0);
            slot.field("id").id();
            root.field("events").field("weights").field("a b").number(0.0, 1.0);
            root.field("n").entries();
            root.object("slots events");
            slots.items(3, 9);
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
    fn one_problem_at_a_place_speaks_for_all_at_it_and_below_it() {
        let problems = problems(r#"{"slots": "none", "x": 1}"#, |root| {
            let slots = root.field("slots");
            slots.entries();
            slots.items(0, 9);
            slots.field("id").id();
            root.object("slots");
        });
        assert_eq!(problems.lines(), ["slots is \"none\", expected an object", "x is unknown, expected one of slots"]);
    }

    #[test]
    fn the_first_hundred_problems_stand_and_the_rest_is_counted() {
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
