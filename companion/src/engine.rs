//! What counts: something that reads files, runs SELECTs, and writes tables.
//!
//! All statistics are SELECTs in a subset of SQL that engines agree on, so an engine has little to do and nothing to
//! decide.

pub mod duckdb;
pub mod spark;

use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use thiserror::Error;

/// An engine with the tables of one run. They are gone when it is dropped.
pub trait Engine {
    /// The SQL that this engine speaks where engines differ: how a field of a nested column is read, and how an array
    /// becomes rows. Models do not need to know; only sources do.
    fn dialect(&self) -> Dialect;

    /// Makes a table of files as they are. Each row has a column `tb_file` besides, the path of its file as it was
    /// given.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    fn read(&mut self, table: &str, format: Format, files: &[PathBuf]) -> Result<(), EngineError>;

    /// Gives a SELECT a name, without running it.
    ///
    /// # Errors
    ///
    /// When the engine refuses it.
    fn define(&mut self, view: &str, select: &str) -> Result<(), EngineError>;

    /// Makes a table of what a SELECT answers, and says how many rows it has.
    ///
    /// # Errors
    ///
    /// When the engine refuses it or cannot finish it.
    fn run_model(&mut self, table: &str, select: &str) -> Result<u64, EngineError>;

    /// Writes a table or view as Parquet files into a folder, which is made, and must not be there before. The
    /// rows of a view with ORDER BY are in its order, in each file and from file to file by name.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn export(&mut self, table: &str, folder: &Path) -> Result<(), EngineError>;

    /// Forgets a table that is needed no longer.
    ///
    /// # Errors
    ///
    /// When there is none.
    fn drop_table(&mut self, table: &str) -> Result<(), EngineError>;
}

/// How files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with a header and commas, as RFC 4180 has it. All columns are texts; an empty field, and one that a row or
    /// a file does not have, is null.
    Csv,
    /// One JSON object a line. There is one column, `line`, which has the text of the object.
    Ndjson,
    /// Lines of text of any kind, in one column, `line`. An empty one is no row.
    Lines,
    /// One JSON value a line, in one column, `line`: its text, or null where the line is no JSON, or no text at all. What
    /// is hardly JSON may pass with one engine and not with another, so the text is to be judged. An empty line is no row.
    Json,
    /// Columns with types of their own.
    Parquet,
}

/// Where engines speak differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB's.
    DuckDb,
    /// Spark's.
    Spark,
}

/// Why an engine did not do what it was told.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Its program is not there.
    #[error("{program} is not found: {hint}")]
    Missing {
        /// The program.
        program: String,
        /// How to get it.
        hint: &'static str,
    },
    /// It ended, or cannot be talked to.
    #[error("{engine} has ended: {why}")]
    Ended {
        /// The engine's name.
        engine: &'static str,
        /// What it said last.
        why: String,
    },
    /// It says that something is wrong.
    #[error("{table}: {why}")]
    Refused {
        /// The table that was to be made.
        table: String,
        /// What the engine says.
        why: String,
    },
    /// A file of the run cannot be written or read.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// Waits until a program that has nothing more to do ends, and kills it where it does not.
fn end(process: &mut Child, patience: Duration) {
    let until = Instant::now() + patience;
    while matches!(process.try_wait(), Ok(None)) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = process.kill();
    let _ = process.wait();
}
