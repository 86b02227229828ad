//! Where engines write SQL differently: the one place that knows.

use crate::engine::Dialect;
use crate::source::path::Step;

impl Dialect {
    /// A text as a literal.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Dialect::DuckDb => format!("'{}'", text.replace('\'', "''")),
            Dialect::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }

    /// The name of a column.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Dialect::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// The type of texts.
    pub(super) fn text_type(self) -> &'static str {
        match self {
            Dialect::DuckDb => "VARCHAR",
            Dialect::Spark => "STRING",
        }
    }

    /// The type of lists of JSON.
    pub(super) fn text_list_type(self) -> &'static str {
        match self {
            Dialect::DuckDb => "JSON[]",
            Dialect::Spark => "ARRAY<STRING>",
        }
    }

    /// A text that is JSON, and nothing where it is not.
    pub(super) fn json_or_null(self, text: &str) -> String {
        match self {
            Dialect::DuckDb => format!("CASE WHEN json_valid({text}) THEN {text} END"),
            Dialect::Spark => format!("CASE WHEN get_json_object({text}, '$') IS NOT NULL THEN {text} END"),
        }
    }

    /// A table of lines that are JSON objects, taken apart: the file, the line, whether it is JSON as `form`, and each of
    /// the outermost fields as `c_0` and so on, for `piece_text` and as JSON.
    pub(super) fn pieces(self, from: &str, fields: &[String]) -> String {
        let place = |field: &String| self.text(&self.place(&[Step::Key(field.clone())]));
        match self {
            // A line is parsed once for all of its fields; that is most of the work.
            Dialect::DuckDb => {
                let places: Vec<String> = fields.iter().map(place).collect();
                let list = (0..fields.len()).map(|number| format!(", pieces[{}] AS c_{number}", number + 1));
                format!(
                    "SELECT tb_file, line_read, pieces IS NOT NULL AS form{} FROM (SELECT tb_file, line AS line_read, \
                     TRY(json_extract(line, [{}])) AS pieces FROM {from} WHERE line <> '') AS lines",
                    list.collect::<String>(),
                    places.join(", ")
                )
            }
            Dialect::Spark => {
                let list = fields.iter().enumerate();
                let list =
                    list.map(|(number, field)| format!(", get_json_object(line, {}) AS c_{number}", place(field)));
                format!(
                    "SELECT tb_file, line AS line_read, get_json_object(line, '$') IS NOT NULL AS form{} \
                     FROM {from} WHERE line <> ''",
                    list.collect::<String>()
                )
            }
        }
    }

    /// The text of a field that `pieces` took out of an object.
    pub(super) fn piece_text(self, piece: &str) -> String {
        match self {
            Dialect::DuckDb => format!("json_extract_string({piece}, '$')"),
            Dialect::Spark => piece.to_owned(),
        }
    }

    /// Nested columns as the text of a JSON object.
    pub(super) fn to_json(self, column: &str) -> String {
        match self {
            Dialect::DuckDb => format!("CAST(to_json({column}) AS VARCHAR)"),
            Dialect::Spark => format!("to_json({column})"),
        }
    }

    /// What stands at a place within a JSON object, as text; nothing where that is null or missing.
    pub(super) fn json_text(self, json: &str, steps: &[Step]) -> String {
        let (json, rest) = self.within(json, steps);
        if rest.is_empty() {
            // An element of an array is JSON itself: a text in it has quotes.
            return match self {
                Dialect::DuckDb => format!("json_extract_string({json}, '$')"),
                Dialect::Spark => format!("get_json_object({json}, '$')"),
            };
        }
        let place = self.text(&self.place(rest));
        match self {
            Dialect::DuckDb => format!("json_extract_string({json}, {place})"),
            Dialect::Spark => format!("get_json_object({json}, {place})"),
        }
    }

    /// The elements of an array within a JSON object, each as JSON; none where there is no array.
    pub(super) fn json_list(self, json: &str, steps: &[Step]) -> String {
        let (json, rest) = self.within(json, steps);
        let place = self.place(rest);
        match self {
            Dialect::DuckDb => format!("json_extract({json}, {})", self.text(&format!("{place}[*]"))),
            Dialect::Spark => format!("from_json(get_json_object({json}, {}), 'array<string>')", self.text(&place)),
        }
    }

    /// The element that the last step with a condition leads to, and the steps after it.
    fn within<'a>(self, json: &str, steps: &'a [Step]) -> (String, &'a [Step]) {
        let last = steps.iter().enumerate().rev().find_map(|(place, step)| match step {
            Step::Where { key, value } => Some((place, key, value)),
            _ => None,
        });
        let Some((place, key, value)) = last else { return (json.to_owned(), steps) };
        let (before, after) = steps.split_at(place);
        let list = self.json_list(json, before);
        let own = self.json_text("element", &[Step::Key(key.clone())]);
        let value = self.text(value);
        let found = match self {
            Dialect::DuckDb => format!("list_filter({list}, lambda element: {own} = {value})[1]"),
            Dialect::Spark => format!("try_element_at(filter({list}, element -> {own} = {value}), 1)"),
        };
        (found, after.get(1..).unwrap_or_default())
    }

    /// A place as JSON paths have it. Keys have no quotation marks: `ColumnPath` refuses them.
    fn place(self, steps: &[Step]) -> String {
        let mut place = "$".to_owned();
        for step in steps {
            match (self, step) {
                (Dialect::DuckDb, Step::Key(key)) => place.push_str(&format!(".\"{key}\"")),
                (Dialect::Spark, Step::Key(key)) => place.push_str(&format!("['{key}']")),
                (_, Step::Index(number)) => place.push_str(&format!("[{number}]")),
                (_, Step::Each | Step::Where { .. }) => {}
            }
        }
        place
    }

    /// A table with a row for each element of a list, and one without an element where there is none: the columns
    /// `kept`, the element as `element`, and its place in the list as `place`.
    pub(super) fn rows_of(self, from: &str, kept: &[String], list: &str, element: &str, place: &str) -> String {
        let kept = kept.join(", ");
        match self {
            Dialect::DuckDb => format!(
                "SELECT {kept}, UNNEST(CASE WHEN LEN({list}) > 0 THEN {list} ELSE [NULL] END) AS {element}, \
                 UNNEST(RANGE(GREATEST(COALESCE(LEN({list}), 0), 1))) AS {place} FROM {from}"
            ),
            Dialect::Spark => format!(
                "SELECT {kept}, {element}, {place} FROM {from} \
                 LATERAL VIEW OUTER POSEXPLODE({list}) AS {place}, {element}"
            ),
        }
    }

    /// The list of the numbers from 1 up to `count`, which is at least 1.
    pub(super) fn numbers(self, count: &str) -> String {
        match self {
            Dialect::DuckDb => format!("RANGE(1, {count} + 1)"),
            Dialect::Spark => format!("SEQUENCE(1, {count})"),
        }
    }

    /// What a group of a regular expression finds; the empty text where it finds nothing.
    pub(super) fn extract(self, text: &str, pattern: &str, group: usize) -> String {
        format!("REGEXP_EXTRACT({text}, {}, {group})", self.text(pattern))
    }

    /// What the groups of a regular expression find, each under its name.
    pub(super) fn groups(self, text: &str, pattern: &str, names: &[String]) -> Vec<String> {
        let numbered = names.iter().enumerate();
        match self {
            // All groups by one match: the engine sees that the calls are the same.
            Dialect::DuckDb => {
                let list: Vec<String> = names.iter().map(|name| self.text(name)).collect();
                let all = format!("REGEXP_EXTRACT({text}, {}, [{}])", self.text(pattern), list.join(", "));
                names.iter().map(|name| format!("{all}[{}]", self.text(name))).collect()
            }
            Dialect::Spark => numbered.map(|(place, _)| self.extract(text, pattern, place + 1)).collect(),
        }
    }

    /// Whether a regular expression finds something.
    pub(super) fn matches(self, text: &str, pattern: &str) -> String {
        let pattern = self.text(pattern);
        match self {
            Dialect::DuckDb => format!("REGEXP_MATCHES({text}, {pattern})"),
            Dialect::Spark => format!("({text} RLIKE {pattern})"),
        }
    }

    /// Milliseconds since 1970 of a time in ISO 8601, as a double; UTC where no zone is given.
    pub(super) fn iso_ms(self, text: &str) -> String {
        // The session's zone is UTC: engines are started so. Some logs have a space before the offset, or no colon in
        // it, which not every engine reads.
        let offset = |to: &str| format!("REGEXP_REPLACE({text}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', {to})");
        match self {
            Dialect::DuckDb => {
                let text = offset("'\\1:\\2'");
                format!("CAST(EPOCH_MS(TRY_CAST({text} AS TIMESTAMPTZ)) AS DOUBLE)")
            }
            Dialect::Spark => {
                let text = offset("'$1:$2'");
                format!("CAST(UNIX_MILLIS(TRY_CAST({text} AS TIMESTAMP)) AS DOUBLE)")
            }
        }
    }

    /// Milliseconds since 1970 of a time as web servers write it, as a double.
    pub(super) fn access_log_ms(self, text: &str) -> String {
        match self {
            Dialect::DuckDb => {
                format!("CAST(EPOCH_MS(TRY_STRPTIME({text}, '%d/%b/%Y:%H:%M:%S %z')) AS DOUBLE)")
            }
            Dialect::Spark => {
                format!("CAST(UNIX_MILLIS(TRY_TO_TIMESTAMP({text}, 'dd/MMM/yyyy:HH:mm:ss Z')) AS DOUBLE)")
            }
        }
    }
}
