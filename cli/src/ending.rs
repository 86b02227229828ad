//! How a command ends when it does not end well, and how results reach stdout.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// Why a command ends early.
#[derive(Debug)]
pub enum Ending {
    /// The input has problems, with this message; exit code 1.
    Problems(String),
    /// Problems were found, and the results on stdout name them; exit code 1.
    Overrides,
    /// The tool was used wrongly, or cannot read or write what it was pointed to; exit code 2.
    Misuse(String),
}

impl Ending {
    /// Tells why on stderr, and answers the exit code.
    pub fn report(&self) -> ExitCode {
        let (words, code) = match self {
            Ending::Problems(words) => (words.as_str(), 1),
            Ending::Overrides => ("", 1),
            Ending::Misuse(words) => (words.as_str(), 2),
        };
        if !words.is_empty() {
            complain(words);
        }
        ExitCode::from(code)
    }
}

/// Writes a result to stdout. A reader that has seen enough (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Ending> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Ending::Misuse(format!("the results cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes one line to stderr; where even that is closed nothing can be reported.
pub fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
