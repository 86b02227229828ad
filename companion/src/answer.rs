//! A small table of an engine, as rows of texts: for counts, reports and messages, not for statistics.

use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use crate::engine::{Engine, EngineError};

/// The rows of a table, each value as text, in order: by the first column, then the second, and so on.
///
/// # Errors
///
/// When the engine cannot write it, or it cannot be read.
pub fn rows(engine: &mut dyn Engine, table: &str) -> Result<Vec<Vec<Option<String>>>, EngineError> {
    let parent = std::env::temp_dir();
    let unwritable = |error| EngineError::File { path: parent.clone(), error };
    let made = tempfile::Builder::new().prefix("tailorbird-").tempdir_in(&parent).map_err(unwritable)?;
    let folder = made.path().join("answer");
    engine.export(table, &folder)?;
    let unreadable = |error| EngineError::File { path: folder.clone(), error };
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|end| end == "parquet") {
            rows.append(&mut read(&path)?);
        }
    }
    rows.sort();
    Ok(rows)
}

fn read(path: &Path) -> Result<Vec<Vec<Option<String>>>, EngineError> {
    let refused = |error: std::io::Error| EngineError::File { path: path.to_owned(), error };
    let reader = SerializedFileReader::new(File::open(path).map_err(refused)?);
    let reader = reader.map_err(|error| refused(std::io::Error::other(error)))?;
    let mut rows = Vec::new();
    for row in reader.get_row_iter(None).map_err(|error| refused(std::io::Error::other(error)))? {
        let row = row.map_err(|error| refused(std::io::Error::other(error)))?;
        rows.push(row.get_column_iter().map(|(_, field)| text(field)).collect());
    }
    Ok(rows)
}

fn text(field: &Field) -> Option<String> {
    match field {
        Field::Null => None,
        Field::Str(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
