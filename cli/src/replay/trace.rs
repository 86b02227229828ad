//! Every decision of a replay on a line of its own, for comparing with another engine's.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tailorbird::decision::Decision;

use crate::ending::Ending;
use crate::files::{is_same, unwritable};

/// A trace being written.
///
/// Doubles are written in the shortest form that reads back as the same double.
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

    /// Writes down what was decided after the event at `place` in its session, counted from 0.
    pub fn decision(&mut self, session: &str, place: usize, decision: &Decision) -> Result<(), Ending> {
        self.line(&json!({
            "session": session,
            "event": place,
            "slot": decision.slot,
            "variant": decision.variant,
            "level": decision.level.name(),
            "score": decision.score,
            "propensity": decision.propensity,
        }))
    }

    /// Writes down that a prompt was shown.
    pub fn prompt(&mut self, session: &str, prompt: &str) -> Result<(), Ending> {
        self.line(&json!({"session": session, "prompt": prompt}))
    }

    fn line(&mut self, value: &Value) -> Result<(), Ending> {
        writeln!(self.out, "{value}").map_err(|error| unwritable(&self.path, &error))
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
