//! A CSV file line by line: a stray quotation mark costs its own line, not the rest of the file.

use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader};

/// The lines of a file, each split into its fields.
pub struct Lines<R> {
    from: R,
    number: usize,
    line: Vec<u8>,
    reader: Reader,
    unquoted: Vec<u8>,
    ends: Vec<usize>,
}

/// One line that is not blank.
pub struct Line<'a> {
    /// Its number, counted from 1.
    pub number: usize,
    /// How many bytes were read since the line before it.
    pub bytes: u64,
    /// Its fields without the space around them, or why there are none.
    pub fields: Result<Vec<&'a str>, String>,
}

impl<R: BufRead> Lines<R> {
    /// From the start of `from`.
    pub fn new(from: R) -> Lines<R> {
        Lines { from, number: 0, line: Vec::new(), reader: Reader::new(), unquoted: Vec::new(), ends: Vec::new() }
    }

    /// The next line that is not blank; `None` at the end.
    pub fn next(&mut self) -> std::io::Result<Option<Line<'_>>> {
        let mut bytes = 0;
        loop {
            self.line.clear();
            let count = self.from.read_until(b'\n', &mut self.line)?;
            if count == 0 {
                return Ok(None);
            }
            bytes += count as u64;
            self.number += 1;
            if self.number == 1 && self.line.starts_with(b"\xef\xbb\xbf") {
                self.line.drain(..3);
            }
            if !self.line.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        if !self.line.ends_with(b"\n") {
            self.line.push(b'\n');
        }
        let number = self.number;
        Ok(Some(Line { number, bytes, fields: self.fields() }))
    }

    fn fields(&mut self) -> Result<Vec<&str>, String> {
        // No field is longer than its line, and no line has more fields than commas and one.
        self.unquoted.resize(self.line.len(), 0);
        self.ends.resize(self.line.len() + 1, 0);
        self.reader.reset();
        let (result, _, _, count) = self.reader.read_record(&self.line, &mut self.unquoted, &mut self.ends);
        if result != ReadRecordResult::Record {
            return Err("opens a quotation mark and does not close it".to_owned());
        }
        let mut start = 0;
        let ends = self.ends.get(..count).unwrap_or_default();
        let fields = ends.iter().map(|end| {
            let field = self.unquoted.get(start..*end).unwrap_or_default();
            start = *end;
            std::str::from_utf8(field).map(str::trim).map_err(|_| "is not UTF-8 text".to_owned())
        });
        fields.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_by_the_rules_of_csv_and_by_no_other_line() {
        let text = "\u{feff}a,b\r\n\n\"x, y\",\" z\"\"\" \n1,\"2\n3,4";
        let mut lines = Lines::new(text.as_bytes());
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let fields = line.fields.map(|fields| fields.join("|")).unwrap_or_else(|why| why);
            seen.push(format!("{} {fields}", line.number));
        }
        assert_eq!(seen, ["1 a|b", "3 x, y|z\"", "4 opens a quotation mark and does not close it", "5 3|4"]);
    }
}
