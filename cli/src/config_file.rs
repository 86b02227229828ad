//! A config as it lies on the disk: bounded, parsed, and read by the engine's own reader.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use tailorbird::config::{BYTES, Config};
use tailorbird::reader::{Problem, Problems};
use tailorbird::value::Value;

use crate::ending::Ending;

/// What is wrong with a config, with what stands before and after it in the file.
#[derive(Debug)]
pub struct Wrong {
    /// The problems that are named.
    pub named: Vec<Problem>,
    /// How many there are in all.
    pub count: usize,
}

impl Wrong {
    /// One problem with the file as a whole, which is `text` in words.
    fn whole(text: String) -> Wrong {
        Wrong { named: vec![Problem { path: String::new(), message: text }], count: 1 }
    }

    /// One line a problem, and one that counts those without a name.
    pub fn lines(&self, file: &Path) -> Vec<String> {
        let file = file.display();
        let mut lines: Vec<String> = self.named.iter().map(|problem| format!("{file}: {}", problem.text())).collect();
        let rest = self.count.saturating_sub(lines.len());
        if rest > 0 {
            lines.push(format!("{file}: ... and {rest} more"));
        }
        lines
    }
}

impl From<Problems> for Wrong {
    fn from(problems: Problems) -> Wrong {
        Wrong { named: problems.list().to_vec(), count: problems.count() }
    }
}

/// Reads a config.
///
/// # Errors
///
/// When the file cannot be read. A config with problems is no failure here, but an answer.
pub fn read(path: &Path) -> Result<Result<Config, Wrong>, Ending> {
    let unreadable = |error: std::io::Error| Ending::Misuse(format!("{}: cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(Ending::Misuse(format!("{}: is a folder, expected a file", path.display())));
    }
    if about.len() > BYTES as u64 {
        return Ok(Err(too_large(&format!("{}", about.len()))));
    }
    // A pipe has no length beforehand.
    let mut bytes = Vec::new();
    file.take(BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > BYTES {
        return Ok(Err(too_large("more than 1000000")));
    }
    Ok(parse(&bytes))
}

fn too_large(bytes: &str) -> Wrong {
    Wrong::whole(format!("is {bytes} bytes, expected at most {BYTES}"))
}

fn parse(bytes: &[u8]) -> Result<Config, Wrong> {
    let text = match std::str::from_utf8(bytes) {
        // Browsers drop a byte order mark.
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(Wrong::whole(format!("is not UTF-8 text: line {line} holds a byte that cannot stand there")));
        }
    };
    let written: Value = serde_json::from_str(text).map_err(|error| Wrong::whole(broken(&error)))?;
    Config::read(&written).map_err(Wrong::from)
}

/// A syntax error in words: what, and where.
fn broken(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let words = error.to_string();
    let what = words.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&words);
    let start = if error.is_eof() { "ends too early" } else { "is not JSON" };
    format!("{start}, line {line}, column {column}: {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<String> {
        parse(bytes).map_or_else(|wrong| wrong.lines(Path::new("site.json")), |_| Vec::new())
    }

    #[test]
    fn a_config_that_is_no_json_says_where() {
        let cases: [(&[u8], &str, &str); 5] = [
            (b"\xef\xbb\xbf{\"version\": 1}", "", "a byte order mark is nothing"),
            (
                b"{\n  \"version\": 1,\n}",
                "site.json: the config is not JSON, line 3, column 1: trailing comma",
                "a comma too many",
            ),
            (b"{\"a\"", "site.json: the config ends too early, line 1, column 4: EOF while parsing an object", "cut"),
            (
                b"{\n\"\xff\": 1}",
                "site.json: the config is not UTF-8 text: line 2 holds a byte that cannot stand there",
                "Latin",
            ),
            (b"[]", "site.json: the config is an empty list, expected an object", "JSON, but no config"),
        ];
        for (bytes, expected, why) in cases {
            assert_eq!(lines(bytes).join("\n"), expected, "{why}");
        }
    }

    #[test]
    fn numbers_are_read_to_the_bit() {
        // Without its feature `float_roundtrip`, serde_json reads this one place too high.
        let value: Value = serde_json::from_str("[0.19844004278856286]").unwrap();
        assert_eq!(value, Value::List(vec![Value::Number("0.19844004278856286".parse().unwrap())]));
    }
}
