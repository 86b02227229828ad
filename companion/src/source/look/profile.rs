//! The columns of a log, from its first rows: flat ones, and the places within nested ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::engine::Format;

/// So many different values are told apart.
const MOST_DISTINCT: usize = 1_000;
/// Nested data is looked into so deep.
const DEEPEST: usize = 6;
/// A nested log has so many places at most: those that are found first.
const MOST_COLUMNS: usize = 500;

/// The columns of a log.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// How many rows were looked at.
    pub rows: usize,
    /// The columns and places, by the paths of a map.
    pub columns: BTreeMap<String, Column>,
    /// The lines, where the log is lines of text.
    pub lines: Vec<String>,
}

/// What is in a column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// In how many rows there is a value.
    pub filled: usize,
    /// Different values, up to a thousand and one.
    pub values: BTreeSet<String>,
    numbers: usize,
    iso: usize,
    /// Of the numbers: the least and the greatest.
    range: Option<(f64, f64)>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, in the rows that were looked at.
    Empty,
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// Numbers that are seconds of the years from 2000 on.
    Seconds,
    /// Such milliseconds.
    Milliseconds,
    /// Such microseconds.
    Microseconds,
    /// Times in ISO 8601.
    Iso,
}

impl Kind {
    /// The unit of a time, as a map has it; `None` for what is no time.
    pub fn time_unit(self) -> Option<&'static str> {
        match self {
            Kind::Seconds => Some("s"),
            Kind::Milliseconds => Some("ms"),
            Kind::Microseconds => Some("us"),
            Kind::Iso => Some("iso"),
            Kind::Empty | Kind::Text | Kind::Number => None,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Seconds => "time, s",
            Kind::Milliseconds => "time, ms",
            Kind::Microseconds => "time, us",
            Kind::Iso => "time, iso",
        }
    }
}

impl Column {
    fn add(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if let Ok(number) = text.parse::<f64>()
            && number.is_finite()
        {
            self.numbers += 1;
            let (least, greatest) = self.range.unwrap_or((number, number));
            self.range = Some((least.min(number), greatest.max(number)));
        }
        let mut bytes = text.bytes();
        let is_iso = [4, 2, 2].into_iter().enumerate().all(|(place, digits)| {
            (place == 0 || bytes.next() == Some(b'-'))
                && (0..digits).all(|_| bytes.next().is_some_and(|byte| byte.is_ascii_digit()))
        });
        self.iso += usize::from(is_iso);
        if self.values.len() <= MOST_DISTINCT {
            self.values.insert(text.to_owned());
        }
    }

    /// What the column holds: a kind that all of its values are of.
    pub fn kind(&self) -> Kind {
        // The years from 2000 to 2100.
        let within = |unit: f64| {
            self.range.is_some_and(|(least, most)| least >= 946_684_800.0 * unit && most < 4_102_444_800.0 * unit)
        };
        match self.filled {
            0 => Kind::Empty,
            filled if filled == self.iso => Kind::Iso,
            filled if filled > self.numbers => Kind::Text,
            _ if within(1.0) => Kind::Seconds,
            _ if within(1e3) => Kind::Milliseconds,
            _ if within(1e6) => Kind::Microseconds,
            _ => Kind::Number,
        }
    }
}

impl Profile {
    /// Describes rows: the values of each of the columns `names`, of which nested ones are JSON.
    pub(super) fn of(names: &[String], rows: &[Vec<Option<String>>], format: Format) -> Profile {
        let mut profile = Profile { rows: rows.len(), ..Profile::default() };
        for row in rows {
            for (name, value) in names.iter().zip(row) {
                match (format, value) {
                    (Format::Lines, Some(line)) => profile.lines.push(line.clone()),
                    (Format::Ndjson, Some(line)) => {
                        if let Ok(Value::Object(fields)) = serde_json::from_str(line) {
                            let mut seen = BTreeSet::new();
                            fields.iter().for_each(|(key, value)| profile.add(&quoted(key), value, 1, &mut seen));
                        }
                    }
                    (_, Some(text)) => {
                        let mut seen = BTreeSet::new();
                        match text.starts_with(['{', '[']).then(|| serde_json::from_str(text)) {
                            Some(Ok(nested @ (Value::Object(_) | Value::Array(_)))) => {
                                profile.add(&quoted(name), &nested, 1, &mut seen);
                            }
                            _ => profile.fill(name, text, &mut seen),
                        }
                    }
                    (_, None) => {
                        profile.columns.entry(name.clone()).or_default();
                    }
                }
            }
        }
        // A nested column is not there where it is empty; its places say what it is.
        let nested: Vec<String> =
            profile.columns.iter().filter(|(_, column)| column.filled == 0).map(|(name, _)| name.clone()).collect();
        for name in nested {
            let has_places = profile
                .columns
                .keys()
                .any(|other| other.starts_with(&format!("{name}.")) || other.starts_with(&format!("{name}[")));
            if has_places {
                profile.columns.remove(&name);
            }
        }
        profile
    }

    /// A value at a place; of an array all elements together are one place.
    fn add(&mut self, path: &str, value: &Value, depth: usize, seen: &mut BTreeSet<String>) {
        match value {
            _ if depth > DEEPEST => {}
            Value::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(key, value)| self.add(&format!("{path}.{}", quoted(key)), value, depth + 1, seen));
            }
            Value::Array(elements) => {
                for element in elements {
                    // Parameters, each with a key and a value, are told apart by their keys.
                    let key = element.get("key").and_then(Value::as_str).filter(|_| element.get("value").is_some());
                    match key {
                        Some(key) => self.add(&format!("{path}[key={key}]"), element, depth + 1, seen),
                        None => self.add(&format!("{path}[]"), element, depth + 1, seen),
                    }
                }
            }
            Value::Null => self.fill(path, "", seen),
            Value::String(text) => self.fill(path, text, seen),
            other => self.fill(path, &other.to_string(), seen),
        }
    }

    fn fill(&mut self, path: &str, text: &str, seen: &mut BTreeSet<String>) {
        if self.columns.len() < MOST_COLUMNS || self.columns.contains_key(path) {
            let column = self.columns.entry(path.to_owned()).or_default();
            // A row is filled once, however many elements it has.
            if text.is_empty() || seen.insert(path.to_owned()) {
                column.add(text);
            }
        }
    }
}

/// A key as a path has it.
fn quoted(key: &str) -> String {
    if key.contains(['.', '[', ']']) { format!("\"{key}\"") } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[&str]) -> Column {
        let mut column = Column::default();
        texts.iter().for_each(|text| column.add(text));
        column
    }

    #[test]
    fn a_kind_is_what_all_values_are() {
        let cases: [(&[&str], Kind); 9] = [
            (&[], Kind::Empty),
            (&["", ""], Kind::Empty),
            (&["a", "1"], Kind::Text),
            (&["1", "2.5", ""], Kind::Number),
            (&["1795780800", "1795780800.25"], Kind::Seconds),
            (&["1795780800000"], Kind::Milliseconds),
            (&["1795780800000000"], Kind::Microseconds),
            (&["2026-11-27", "2026-11-27T10:00:00Z"], Kind::Iso),
            (&["2026-11-27", "soon"], Kind::Text),
        ];
        for (texts, expected) in cases {
            assert_eq!(column(texts).kind(), expected, "{texts:?}");
        }
    }

    #[test]
    fn places_within_nested_rows_are_columns() {
        let line =
            r#"{"a":{"b":1,"c.d":2},"items":[{"id":"x"},{"id":"y"}],"ps":[{"key":"k","value":{"s":"v"}}],"n":null}"#;
        let profile = Profile::of(&["line".to_owned()], &[vec![Some(line.to_owned())]], Format::Ndjson);
        let found: Vec<(&str, usize)> =
            profile.columns.iter().map(|(path, column)| (path.as_str(), column.filled)).collect();
        let expected =
            [("a.\"c.d\"", 1), ("a.b", 1), ("items[].id", 1), ("n", 0), ("ps[key=k].key", 1), ("ps[key=k].value.s", 1)];
        assert_eq!(found, expected);
    }
}
