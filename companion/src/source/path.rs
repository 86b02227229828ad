//! Where a value stands in a row: a column, or a place within nested data.

use std::fmt;

/// A path such as `event_name`, `ecommerce.transaction_id`, `items[].item_id` or
/// `event_params[key=page_location].value.string_value`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnPath {
    /// As it was written. A flat file may have a column of this very name, dots and all.
    written: String,
    steps: Vec<Step>,
}

/// One step from the outside to the inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into the field of this name.
    Key(String),
    /// To the element at this place of an array, from 0 on.
    Index(u32),
    /// To the first element of an array whose field `key` has this value.
    Where {
        /// The field.
        key: String,
        /// Its value.
        value: String,
    },
    /// To each element of an array: the row becomes as many rows as there are.
    Each,
}

impl ColumnPath {
    /// Reads a path.
    ///
    /// # Errors
    ///
    /// When it is none, with what would be right.
    pub fn read(written: &str) -> Result<ColumnPath, &'static str> {
        let mut steps = Vec::new();
        let mut rest = written;
        loop {
            rest = read_key(rest, &mut steps)?;
            while let Some(inside) = rest.strip_prefix('[') {
                let (inside, after) = inside.split_once(']').ok_or("a path with a ] for each [")?;
                steps.push(bracket(inside)?);
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => break,
                None => return Err("a dot, a [ or nothing after a name or a ]"),
            }
        }
        Ok(ColumnPath { written: written.to_owned(), steps })
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The steps, of which the first is a key.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The name of the column or the outermost field.
    pub fn column(&self) -> &str {
        match self.steps.first() {
            Some(Step::Key(name)) => name,
            _ => "",
        }
    }

    /// How many steps there are up to the last array whose elements become rows, that one included; 0 without one.
    pub fn repeated(&self) -> usize {
        self.steps.iter().rposition(|step| *step == Step::Each).map_or(0, |place| place + 1)
    }
}

impl fmt::Display for ColumnPath {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str(&self.written)
    }
}

/// Reads a name, which is in double quotes where it has dots or brackets.
fn read_key<'a>(rest: &'a str, steps: &mut Vec<Step>) -> Result<&'a str, &'static str> {
    let (name, after) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').ok_or("a path with a closing quotation mark")?,
        None => rest.split_at(rest.find(['.', '[', ']']).unwrap_or(rest.len())),
    };
    // Engines quote differently within paths, so neither quotation mark may stand in one.
    if name.is_empty() || name.contains(['"', '\'', '\\']) {
        return Err("a name without quotation marks and backslashes");
    }
    steps.push(Step::Key(name.to_owned()));
    Ok(after)
}

fn bracket(inside: &str) -> Result<Step, &'static str> {
    if inside.is_empty() {
        return Ok(Step::Each);
    }
    if let Ok(place) = inside.parse() {
        return Ok(Step::Index(place));
    }
    match inside.split_once('=') {
        Some((key, value)) if !key.is_empty() && !key.contains(['"', '\'', '\\', '.']) => {
            Ok(Step::Where { key: key.to_owned(), value: value.to_owned() })
        }
        _ => Err("[], [0] or [key=value] in brackets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    #[test]
    fn a_path_leads_into_fields_arrays_and_parameters() {
        let parameter = Step::Where { key: "key".to_owned(), value: "page_location".to_owned() };
        let cases = [
            ("event_name", vec![key("event_name")]),
            ("Lineitem sku", vec![key("Lineitem sku")]),
            ("ecommerce.transaction_id", vec![key("ecommerce"), key("transaction_id")]),
            ("items[].item_id", vec![key("items"), Step::Each, key("item_id")]),
            ("tags[0]", vec![key("tags"), Step::Index(0)]),
            ("\"a.b\".$c", vec![key("a.b"), key("$c")]),
            ("event_params[key=page_location].value", vec![key("event_params"), parameter, key("value")]),
        ];
        for (written, expected) in cases {
            assert_eq!(ColumnPath::read(written).map(|path| path.steps), Ok(expected), "{written}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for written in ["", ".", "a.", "a..b", "a[", "a[b]", "[]", "a[=x]", "a]", "\"a", "it's", "a[]b", "a\"b"] {
            assert!(ColumnPath::read(written).is_err(), "{written}");
        }
    }

    #[test]
    fn rows_repeat_up_to_the_last_array() {
        let cases = [("a.b", 0), ("a[].b", 2), ("a[].b[].c", 4), ("a[0].b", 0)];
        for (written, expected) in cases {
            assert_eq!(ColumnPath::read(written).map(|path| path.repeated()), Ok(expected), "{written}");
        }
    }
}
