//! The rows of a CSV file, each a struct whose fields are named after the columns.

use std::io::Cursor;
use std::marker::PhantomData;
use std::path::Path;

use csv::{ByteRecord, ErrorKind, Position, ReaderBuilder, StringRecord};
use indicatif::ProgressBar;
use serde::de::DeserializeOwned;

use crate::ending::{Ending, complain};
use crate::files::read;
use crate::progress::bar;

/// The columns that are read. Their order does not matter, and other columns are left unread.
pub struct Columns {
    /// A file without one of these is refused.
    pub needed: &'static [&'static str],
    /// These may be missing.
    pub optional: &'static [&'static str],
    /// Of these there are all or none.
    pub together: &'static [&'static str],
    /// What a header is expected to be, in words.
    pub expected: &'static str,
}

/// The rows of a file, in order: the number of the line, and the row or what is wrong with it.
///
/// No field may contain a line break. That is how a stray quotation mark is recognized, which would otherwise
/// swallow the rows after it: it costs its own line, and reading goes on with the next.
pub struct Rows<T> {
    reader: csv::Reader<Cursor<Vec<u8>>>,
    header: StringRecord,
    record: ByteRecord,
    /// The number of the line that starts at `counted`.
    line: usize,
    counted: usize,
    progress: ProgressBar,
    row: PhantomData<T>,
}

impl<T: DeserializeOwned> Rows<T> {
    /// Reads the file and its header. An empty file has no rows.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, lacks a column that is needed, or has a column twice.
    pub fn open(path: &Path, columns: &Columns) -> Result<Rows<T>, Ending> {
        let mut rows = Rows::of(read(path)?);
        let refused = |line: usize, whys: &[String]| {
            let lines = whys.iter().map(|why| format!("{}, line {line}: the header {why}", path.display()));
            Ending::Problems(lines.collect::<Vec<_>>().join("\n"))
        };
        match rows.next_record() {
            None => return Ok(rows),
            Some((line, Err(why))) => return Err(refused(line, &[why])),
            Some((line, Ok(header))) => {
                let problems = columns.problems(&header);
                if !problems.is_empty() {
                    return Err(refused(line, &problems));
                }
                // Fields without a name are left unread.
                rows.header = header.iter().map(|name| if columns.has(name) { name } else { "" }).collect();
            }
        }
        Ok(rows)
    }

    fn of(data: Vec<u8>) -> Rows<T> {
        let progress = bar("reading", data.len() as u64);
        // The header is read like any row, so that a stray quotation mark in it is named as well.
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Cursor::new(data));
        let (header, record) = (StringRecord::new(), ByteRecord::new());
        Rows { reader, header, record, line: 1, counted: 0, progress, row: PhantomData }
    }

    /// How many of these columns the file has.
    pub fn count_columns(&self, columns: &[&str]) -> usize {
        columns.iter().filter(|column| self.header.iter().any(|name| name == **column)).count()
    }

    /// The next line that is not blank, with its number: its fields without the space around them, or what is wrong.
    fn next_record(&mut self) -> Option<(usize, Result<StringRecord, String>)> {
        loop {
            let from = self.reader.position().byte();
            // It fails only where reading does, and all has been read.
            if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
                return None;
            }
            self.progress.set_position(self.reader.position().byte());
            self.count_lines(usize::try_from(from).unwrap_or(usize::MAX));
            if self.record.iter().any(|field| field.contains(&b'\n')) {
                self.skip_line();
                return Some((self.line, Err("opens a quotation mark and does not close it".to_owned())));
            }
            self.record.trim();
            if self.record.iter().all(<[u8]>::is_empty) && self.record.len() == 1 {
                continue;
            }
            let fields = StringRecord::from_byte_record(self.record.clone());
            return Some((self.line, fields.map_err(|_| "is not UTF-8 text".to_owned())));
        }
    }

    /// Counts up to the line of the record that was read from the byte `from` on.
    fn count_lines(&mut self, from: usize) {
        let data = self.reader.get_ref().get_ref();
        // Reading a record begins with the line breaks before it.
        let breaks = data.iter().skip(from).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let skipped = data.get(self.counted..from + breaks).unwrap_or_default();
        self.line += skipped.iter().filter(|byte| **byte == b'\n').count();
        self.counted = from + breaks;
    }

    /// Goes on with the line after this one.
    fn skip_line(&mut self) {
        let rest = self.reader.get_ref().get_ref().get(self.counted..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |place| place + 1);
        let mut next = Position::new();
        next.set_byte((self.counted + length) as u64);
        // Seeking in memory does not fail.
        let _ = self.reader.seek(next);
    }
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = (usize, Result<T, String>);

    fn next(&mut self) -> Option<Self::Item> {
        let (line, fields) = self.next_record()?;
        let row = fields.and_then(|fields| {
            if fields.len() != self.header.len() {
                return Err(format!("has {} fields, expected {}", fields.len(), self.header.len()));
            }
            fields.deserialize(Some(&self.header)).map_err(|error| self.wrong(&error, &fields))
        });
        Some((line, row))
    }
}

impl<T> Rows<T> {
    /// What is wrong with a field that is not of its type.
    fn wrong(&self, error: &csv::Error, fields: &StringRecord) -> String {
        let ErrorKind::Deserialize { err, .. } = error.kind() else { return error.to_string() };
        let place = err.field().and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.header.get(place).zip(fields.get(place))) {
            Some((name, field)) => format!("{name} is {}, expected a number", found(field)),
            None => err.kind().to_string(),
        }
    }
}

impl<T> Drop for Rows<T> {
    fn drop(&mut self) {
        self.progress.finish_and_clear();
    }
}

impl Columns {
    fn has(&self, name: &str) -> bool {
        self.needed.iter().chain(self.optional).any(|known| *known == name)
    }

    fn problems(&self, header: &StringRecord) -> Vec<String> {
        let count = |name: &str| header.iter().filter(|known| *known == name).count();
        let twice = self.needed.iter().chain(self.optional).filter(|name| count(name) > 1);
        let missing = self.needed.iter().filter(|name| count(name) == 0);
        let missing = missing.map(|name| format!("has no column {name}, expected {}", self.expected));
        let some = match self.together.iter().filter(|name| count(name) == 0).count() {
            without if (1..self.together.len()).contains(&without) => {
                Some(format!("has some of the columns {}, expected all or none", self.together.join(",")))
            }
            _ => None,
        };
        twice.map(|name| format!("has two columns {name}, expected one")).chain(missing).chain(some).collect()
    }
}

/// What is wrong with the rows of a file: the first problems, and how many there are.
#[derive(Debug)]
pub struct Problems {
    file: String,
    most: usize,
    named: Vec<String>,
    count: usize,
}

impl Problems {
    /// None yet. At most this many will be named.
    pub fn new(path: &Path, most: usize) -> Problems {
        Problems { file: path.display().to_string(), most, named: Vec::new(), count: 0 }
    }

    /// Notes a problem of a line.
    pub fn note(&mut self, line: usize, why: &str) {
        self.count += 1;
        if self.named.len() < self.most {
            self.named.push(format!("{}, line {line}: {why}", self.file));
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Refuses the file because of them.
    ///
    /// # Errors
    ///
    /// Where there are any.
    pub fn refuse(&self) -> Result<(), Ending> {
        if self.count == 0 { Ok(()) } else { Err(Ending::Problems(self.text())) }
    }

    /// Names them on stderr, where there are any.
    pub fn complain(&self) {
        if self.count > 0 {
            complain(&self.text());
        }
    }

    /// One line a problem, and one for those that are not named.
    fn text(&self) -> String {
        let rest = self.count - self.named.len();
        let more = (rest > 0).then(|| format!("{}: ... and {rest} more", self.file));
        self.named.iter().cloned().chain(more).collect::<Vec<_>>().join("\n")
    }
}

/// Refuses a file because of one line.
pub fn wrong_line(path: &Path, line: usize, why: &str) -> Ending {
    Ending::Problems(format!("{}, line {line}: {why}", path.display()))
}

/// What was found, cut at 40 characters.
pub fn found(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let end = if text.chars().nth(40).is_some() { "..." } else { "" };
    format!("\"{}{end}\"", short.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Row {
        a: String,
        b: Option<f64>,
    }

    /// Each row of `text` after its line.
    fn rows(text: &[u8]) -> Vec<String> {
        let mut rows: Rows<Row> = Rows::of(text.to_vec());
        rows.header = rows.next_record().unwrap().1.unwrap();
        rows.map(|(line, row)| match row {
            Ok(Row { a, b }) => format!("{line}: {a} and {b:?}"),
            Err(why) => format!("{line}: {why}"),
        })
        .collect()
    }

    #[test]
    fn a_row_is_read_by_the_rules_of_csv_and_by_the_names_of_the_header() {
        let text = "\u{feff}b, c ,a\r\n\r\n1.5,,\"x, y\"\r\n  \r\n ,,\" z\"\"\" \r\nmany,,x\r\n1,2\r\n1,2,3,4";
        let expected = [
            "3: x, y and Some(1.5)",
            "5: z\" and None",
            "6: b is \"many\", expected a number",
            "7: has 2 fields, expected 3",
            "8: has 4 fields, expected 3",
        ];
        assert_eq!(rows(text.as_bytes()), expected);
    }

    #[test]
    fn a_stray_quotation_mark_costs_its_own_line() {
        let stray = "opens a quotation mark and does not close it";
        let cases: [(&[u8], Vec<String>, &str); 4] = [
            (
                b"a,b\n\"x,1\n\ny,2\nz,\"3\n\"w\",4\n",
                vec![
                    format!("2: {stray}"),
                    "4: y and Some(2.0)".to_owned(),
                    format!("5: {stray}"),
                    "6: w and Some(4.0)".to_owned(),
                ],
                "in the midst",
            ),
            (
                b"a,b\r\n\"x,1\r\ny,2\r\n",
                vec![format!("2: {stray}"), "3: y and Some(2.0)".to_owned()],
                "lines of Windows",
            ),
            (b"a,b\n\"x,1\n", vec![format!("2: {stray}")], "in the last line"),
            (b"a,b\nx\"y,1\n", vec!["2: x\"y and Some(1.0)".to_owned()], "within a field it is a character"),
        ];
        for (text, expected, why) in cases {
            assert_eq!(rows(text), expected, "{why}");
        }
        assert_eq!(rows(b"a,b\n\xff,1\nx,2"), ["2: is not UTF-8 text", "3: x and Some(2.0)"]);
    }
}
