//! Every decision of a replay on a line of its own, for comparing with another engine's.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tailorbird::decision::Decision;

use crate::ending::Ending;
use crate::files::{is_same, unwritable};

/// The lines of what is being played.
///
/// Doubles are written in the shortest form that reads back as the same double.
#[derive(Debug, Default)]
pub struct Lines(Vec<u8>);

impl Lines {
    /// Adds what was decided after the event at `place` in its session, counted from 0.
    pub fn decision(&mut self, session: &SessionName<'_>, place: u64, decision: &Decision) {
        let mut line = session.object();
        line.insert("event".to_owned(), json!(place));
        line.insert("slot".to_owned(), json!(decision.slot));
        line.insert("variant".to_owned(), json!(decision.variant));
        line.insert("level".to_owned(), json!(decision.level.name()));
        line.insert("score".to_owned(), json!(decision.score));
        line.insert("propensity".to_owned(), json!(decision.propensity));
        self.line(line);
    }

    /// Adds that a prompt was shown.
    pub fn prompt(&mut self, session: &SessionName<'_>, prompt: &str) {
        let mut line = session.object();
        line.insert("prompt".to_owned(), json!(prompt));
        self.line(line);
    }

    fn line(&mut self, line: Map<String, Value>) {
        self.0.extend_from_slice(Value::Object(line).to_string().as_bytes());
        self.0.push(b'\n');
    }

    /// The lines so far.
    pub fn take(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.0)
    }
}

/// How a session is named in a trace.
#[derive(Clone, Copy, Debug)]
pub struct SessionName<'a> {
    /// Its own id.
    pub session: &'a str,
    /// The visitor's, which is written where it is not that of the session.
    pub visitor: &'a str,
}

impl SessionName<'_> {
    fn object(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("session".to_owned(), json!(self.session));
        if self.visitor != self.session {
            object.insert("visitor".to_owned(), json!(self.visitor));
        }
        object
    }
}

/// The file of a trace.
pub struct Trace {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Trace {
    /// Begins a trace at `path`, which must be none of the files that are `read`.
    ///
    /// # Errors
    ///
    /// When the file is one of those, or cannot be written.
    pub fn new(path: &Path, read: &[&Path]) -> Result<Trace, Ending> {
        if read.iter().any(|other| is_same(path, other)) {
            return Err(Ending::Misuse(format!("--trace would overwrite {}, which is read here", path.display())));
        }
        let out = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Trace { path: path.to_owned(), out: BufWriter::new(out) })
    }

    /// Writes these lines.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), Ending> {
        self.out.write_all(lines).map_err(|error| unwritable(&self.path, &error))
    }

    /// Writes out what is still buffered.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn finish(mut self) -> Result<(), Ending> {
        self.out.flush().map_err(|error| unwritable(&self.path, &error))
    }
}
