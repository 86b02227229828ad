//! How a command ends when it does not end well, and how results reach stdout.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use crate::style::{ERROR, paint};

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
        match self {
            // Each line begins with its file and place, as a compiler's does.
            Ending::Problems(words) => complain(words),
            Ending::Overrides => {}
            Ending::Misuse(words) => complain(&format!("{} {words}", paint(ERROR, "error:"))),
        }
        ExitCode::from(if matches!(self, Ending::Misuse(_)) { 2 } else { 1 })
    }
}

/// Writes a result to stdout, with its colours only where that is a terminal that has them. A reader that has
/// seen enough (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Ending> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Ending::Misuse(format!("the results cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes one line to stderr; where even that is closed nothing can be reported.
pub fn complain(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}
