//! Walks a TOML table once, and collects everything that is wrong with it.

use std::fmt;

use crate::source::map::{Part, Value};
use crate::source::path::ColumnPath;

/// One thing wrong with a map. Reads as `columns.time_unit is "sec", expected "s", "ms", "us", "iso" or "access-log"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as the key and the tables that it is in; empty where it is the whole file.
    pub path: String,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// A map that cannot be used, and all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapError {
    /// What the file is called.
    pub name: String,
    /// The problems, in the order of reading; at least one.
    pub problems: Vec<Problem>,
}

impl MapError {
    pub(super) fn of(name: &str, problems: Problems) -> MapError {
        MapError { name: name.to_owned(), problems: problems.0 }
    }

    pub(super) fn of_syntax(name: &str, error: &toml::de::Error) -> MapError {
        let what = format!("is not TOML: {}", error.to_string().trim_end());
        MapError { name: name.to_owned(), problems: vec![Problem { path: String::new(), what }] }
    }
}

impl fmt::Display for MapError {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Problem { path, what }) in self.problems.iter().enumerate() {
            let between = if place == 0 { "" } else { "\n" };
            let space = if path.is_empty() { "" } else { " " };
            write!(text, "{between}{}: {path}{space}{what}", self.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for MapError {}

/// What was found so far.
#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub fn add(&mut self, path: &str, what: &str) {
        self.0.push(Problem { path: path.to_owned(), what: what.to_owned() });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A value of the file, or the place where one could be.
pub(super) struct Reader<'a> {
    path: String,
    value: Option<&'a toml::Value>,
    /// The root, which is a table but no value.
    root: Option<&'a toml::Table>,
}

impl<'a> Reader<'a> {
    pub fn root(table: &'a toml::Table) -> Reader<'a> {
        Reader { path: String::new(), value: None, root: Some(table) }
    }

    fn table(&self) -> Option<&'a toml::Table> {
        self.root.or_else(|| self.value.and_then(toml::Value::as_table))
    }

    /// The value of a key of this table.
    pub fn at(&self, key: &str) -> Reader<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Reader { path, value: self.table().and_then(|table| table.get(key)), root: None }
    }

    pub fn is_absent(&self) -> bool {
        self.value.is_none() && self.root.is_none()
    }

    pub fn wrong(&self, what: &str, problems: &mut Problems) {
        problems.add(&self.path, what);
    }

    /// Says what stands there instead of what is expected.
    fn unexpected(&self, expected: &str, problems: &mut Problems) {
        let Some(found) = self.value else { return };
        let found: String = found.to_string().chars().take(40).collect();
        self.wrong(&format!("is {found}, expected {expected}"), problems);
    }

    /// Itself, if it is there.
    pub fn required(self, problems: &mut Problems) -> Option<Reader<'a>> {
        if self.is_absent() {
            self.wrong("is missing", problems);
            return None;
        }
        Some(self)
    }

    /// That it is a table, if it is there, and has no other keys than these.
    pub fn only(&self, keys: &[&str], problems: &mut Problems) {
        let Some(table) = self.table() else {
            return self.unexpected("a table", problems);
        };
        for key in table.keys().filter(|key| !keys.contains(&key.as_str())) {
            let nearest = keys.iter().min_by_key(|known| strsim::levenshtein(known, key));
            let meant = nearest.map(|nearest| format!(", the nearest key is {nearest}")).unwrap_or_default();
            self.at(key).wrong(&format!("is unknown{meant}"), problems);
        }
    }

    pub fn text(&self, problems: &mut Problems) -> Option<String> {
        match self.value? {
            toml::Value::String(text) => Some(text.clone()),
            _ => {
                self.unexpected("a text", problems);
                None
            }
        }
    }

    pub fn truth(&self, problems: &mut Problems) -> bool {
        match self.value {
            None => false,
            Some(toml::Value::Boolean(truth)) => *truth,
            Some(_) => {
                self.unexpected("true or false", problems);
                false
            }
        }
    }

    pub fn texts(&self, problems: &mut Problems) -> Option<Vec<String>> {
        let texts = self.value?.as_array().map(|list| list.iter().map(|text| text.as_str().map(str::to_owned)));
        let texts = texts.and_then(|texts| texts.collect::<Option<Vec<String>>>());
        if texts.is_none() {
            self.unexpected("a list of texts", problems);
        }
        texts
    }

    pub fn text_pairs(&self, problems: &mut Problems) -> Vec<(String, String)> {
        let Some(table) = self.table() else {
            self.unexpected("a table", problems);
            return Vec::new();
        };
        let pairs = table.keys().map(|key| (key.clone(), self.at(key).text(problems)));
        pairs.filter_map(|(key, text)| text.map(|text| (key, text))).collect()
    }

    pub fn choice<T: Copy>(&self, choices: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let found = self.value?.as_str().and_then(|text| choices.iter().find(|(name, _)| *name == text));
        if found.is_none() {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.unexpected(&names.join(" or "), problems);
        }
        found.map(|(_, choice)| *choice)
    }

    pub fn path(&self, problems: &mut Problems) -> Option<ColumnPath> {
        let text = self.text(problems)?;
        match ColumnPath::read(&text) {
            Ok(path) => Some(path),
            Err(expected) => {
                self.unexpected(expected, problems);
                None
            }
        }
    }

    /// A list of tables, of which each is read.
    pub fn tables<T>(&self, problems: &mut Problems, read: impl Fn(&Reader<'a>, &mut Problems) -> Option<T>) -> Vec<T> {
        self.elements("a list of tables", problems).iter().filter_map(|element| read(element, problems)).collect()
    }

    fn elements(&self, expected: &str, problems: &mut Problems) -> Vec<Reader<'a>> {
        let Some(value) = self.value else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.unexpected(expected, problems);
            return Vec::new();
        };
        let element =
            |(place, value)| Reader { path: format!("{}[{place}]", self.path), value: Some(value), root: None };
        list.iter().enumerate().map(element).collect()
    }

    /// Where a value comes from: a path, a table, or a list of those.
    pub fn value(&self, problems: &mut Problems) -> Option<Value> {
        let value = self.value?;
        if !value.is_array() {
            return self.part(problems).map(|part| Value(vec![part]));
        }
        let elements = self.elements("", problems);
        if elements.is_empty() {
            self.unexpected("at least one column", problems);
        }
        let parts: Vec<Part> = elements.iter().filter_map(|element| element.part(problems)).collect();
        (parts.len() == elements.len() && !parts.is_empty()).then_some(Value(parts))
    }

    fn part(&self, problems: &mut Problems) -> Option<Part> {
        const EXPECTED: &str = "a column, { text = ... }, { join = [...] } or { from = ..., extract = ... }";
        if self.value.is_some_and(toml::Value::is_str) {
            return self.path(problems).map(Part::Path);
        }
        let Some(table) = self.table() else {
            self.unexpected(EXPECTED, problems);
            return None;
        };
        let keys: Vec<&str> = table.keys().map(String::as_str).collect();
        match keys.as_slice() {
            ["text"] => self.at("text").text(problems).map(Part::Text),
            ["join"] => {
                let join = self.at("join");
                let parts = join.elements("a list of columns", problems);
                let paths: Vec<ColumnPath> = parts.iter().filter_map(|part| part.path(problems)).collect();
                (!paths.is_empty() && paths.len() == parts.len()).then_some(Part::Join(paths))
            }
            ["from", "extract"] | ["extract", "from"] => {
                let (from, pattern) = (self.at("from").path(problems), self.at("extract").text(problems));
                Some(Part::Extract { from: from?, pattern: pattern? })
            }
            _ => {
                self.unexpected(EXPECTED, problems);
                None
            }
        }
    }
}
