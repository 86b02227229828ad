//! The different lines of what was reported, counted by an engine: whatever their number, few are different.
//!
//! What a line says is not the engine's to judge: whoever can reach a site's collector can send it anything, and two
//! readers have two opinions of it. So one reader judges each of them once, wherever they were counted.

use std::path::PathBuf;

use crate::engine::{Engine, EngineError, Format};
use crate::tables::{TableError, rows};

const LINES: &str = "report_lines";
const REPORTS: &str = "reports";
const SELECT: &str = include_str!("../models/reports.sql");

/// Why lines are not counted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportsError {
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What it has written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A folder for it.
    #[error("no folder for temporary files: {0}")]
    Folder(#[from] std::io::Error),
}

/// Calls `each` with every different line of these files, in no order, and how often it is there: `None` stands for all
/// lines that are no JSON.
///
/// # Errors
///
/// When a file cannot be read, and when the engine or the disk fails. DuckDB reads no line of more than 16 MB.
pub fn lines(
    engine: &mut dyn Engine,
    files: &[PathBuf],
    mut each: impl FnMut(Option<&str>, u64),
) -> Result<(), ReportsError> {
    engine.read(LINES, Format::Json, files)?;
    engine.run_model(REPORTS, SELECT)?;
    let parent = tempfile::Builder::new().prefix("tailorbird-").tempdir()?;
    let folder = parent.path().join(REPORTS);
    engine.export(REPORTS, &folder)?;
    rows(&folder, |row| {
        let is_json = row.number(1)? != 0;
        each(is_json.then_some(row.text(0)?), row.count(2)?);
        Ok(())
    })?;
    engine.drop_table(REPORTS)?;
    Ok(())
}
