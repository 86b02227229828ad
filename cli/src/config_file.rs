//! A config in a file: bounded, parsed, and read by the engine's own reader.

use std::io::Read;
use std::path::Path;

use tailorbird::config::{BYTES, Config};
use tailorbird::reader::{Problem, Problems};
use tailorbird::value::Value;

use crate::ending::{Ending, complain};
use crate::files::{open, unreadable};

/// What is wrong with a config.
#[derive(Debug, Default)]
pub struct Wrong {
    /// The first hundred problems.
    pub named: Vec<Problem>,
    /// How many there are in all.
    pub count: usize,
}

impl Wrong {
    /// One problem with the file as a whole.
    fn whole(found: String, expected: Option<String>) -> Wrong {
        Wrong { named: vec![Problem { path: String::new(), found, expected }], count: 1 }
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

impl From<&Problems> for Wrong {
    fn from(problems: &Problems) -> Wrong {
        Wrong { named: problems.list().to_vec(), count: problems.count() }
    }
}

/// Reads a config for a command that runs on it: its problems and warnings go to stderr, and what is left of it runs.
///
/// # Errors
///
/// When the file cannot be read, and when it is refused as a whole.
pub fn read_and_report(path: &Path) -> Result<Config, Ending> {
    let config = read(path)?.map_err(|wrong| Ending::Problems(wrong.lines(path).join("\n")))?;
    let warnings = warnings(path, &config);
    Wrong::from(&config.problems).lines(path).iter().chain(&warnings).for_each(|line| complain(line));
    Ok(config)
}

/// One line a warning.
pub fn warnings(path: &Path, config: &Config) -> Vec<String> {
    config.warnings().iter().map(|warning| format!("{}: warning: {warning}", path.display())).collect()
}

/// Reads a config. `Err` within `Ok` is a file that is refused as a whole; a config that is read may have problems
/// as well, see [`Config::problems`].
///
/// # Errors
///
/// When the file cannot be read.
pub fn read(path: &Path) -> Result<Result<Config, Wrong>, Ending> {
    Ok(read_written(path)?.map(|(_, config)| config))
}

/// The same, with the tree as it is written in the file.
///
/// # Errors
///
/// As for [`read`].
pub fn read_written(path: &Path) -> Result<Result<(Value, Config), Wrong>, Ending> {
    let file = open(path)?;
    let about = file.metadata().map_err(|error| unreadable(path, &error))?;
    if about.len() > BYTES as u64 {
        return Ok(Err(too_large(&format!("{}", about.len()))));
    }
    // A pipe has no length beforehand.
    let mut bytes = Vec::new();
    file.take(BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() > BYTES {
        return Ok(Err(too_large("more than 1000000")));
    }
    Ok(parse(&bytes))
}

fn too_large(bytes: &str) -> Wrong {
    Wrong::whole(format!("{bytes} bytes"), Some(format!("at most {BYTES}")))
}

fn parse(bytes: &[u8]) -> Result<(Value, Config), Wrong> {
    let text = match std::str::from_utf8(bytes) {
        // Browsers drop a byte order mark.
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(Wrong::whole(format!("not UTF-8 text: line {line} has a byte that is not allowed"), None));
        }
    };
    let written: Value = serde_json::from_str(text).map_err(|error| Wrong::whole(syntax_error(&error), None))?;
    let config = Config::read(&written).map_err(|problems| Wrong::from(&problems))?;
    Ok((written, config))
}

/// A syntax error: where, and what.
fn syntax_error(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let words = error.to_string();
    let what = words.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&words);
    let start = if error.is_eof() { "cut off" } else { "not JSON" };
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
            (b"{\"a\"", "site.json: the config is cut off, line 1, column 4: EOF while parsing an object", "cut"),
            (
                b"{\n\"\xff\": 1}",
                "site.json: the config is not UTF-8 text: line 2 has a byte that is not allowed",
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
