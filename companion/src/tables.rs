//! Tables that an engine has written, as rows.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use thiserror::Error;

/// Why a table cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// A file of it cannot be opened.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file of it is no Parquet, or is damaged.
    #[error("{}: {error}", path.display())]
    Parquet {
        /// Which.
        path: PathBuf,
        /// Why.
        error: ParquetError,
    },
    /// A column is not what it should be.
    #[error("{}: column {column} of a row is not {expected}", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// The place of the column, from 0.
        column: usize,
        /// What it should be.
        expected: &'static str,
    },
}

/// Calls `each` with every row of a table: of the Parquet files in a folder, in the order of their names.
///
/// # Errors
///
/// When a file cannot be read, and when `each` says that a column is wrong.
pub fn rows(folder: &Path, mut each: impl FnMut(&Columns<'_>) -> Result<(), TableError>) -> Result<(), TableError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| TableError::File { path, error }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    for path in files {
        let damaged = |error| TableError::Parquet { path: path.clone(), error };
        let reader = SerializedFileReader::new(File::open(&path).map_err(unreadable(&path))?).map_err(damaged)?;
        for row in reader.get_row_iter(None).map_err(damaged)? {
            each(&Columns { row: &row.map_err(damaged)?, path: &path })?;
        }
    }
    Ok(())
}

/// One row.
#[derive(Debug)]
pub struct Columns<'a> {
    row: &'a Row,
    path: &'a Path,
}

impl Columns<'_> {
    fn field(&self, column: usize) -> Option<&Field> {
        self.row.get_column_iter().nth(column).map(|(_, field)| field)
    }

    fn wrong(&self, column: usize, expected: &'static str) -> TableError {
        TableError::Column { path: self.path.to_owned(), column, expected }
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn number(&self, column: usize) -> Result<i64, TableError> {
        match self.field(column) {
            Some(Field::Long(number)) => Ok(*number),
            Some(Field::Int(number)) => Ok(i64::from(*number)),
            _ => Err(self.wrong(column, "a whole number")),
        }
    }

    /// A count: a whole number from 0.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn count(&self, column: usize) -> Result<u64, TableError> {
        u64::try_from(self.number(column)?).map_err(|_| self.wrong(column, "a count"))
    }

    /// A count that fits into 32 bits, else the largest that does.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn small(&self, column: usize) -> Result<u32, TableError> {
        Ok(u32::try_from(self.count(column)?).unwrap_or(u32::MAX))
    }

    /// A text.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn text(&self, column: usize) -> Result<&str, TableError> {
        match self.field(column) {
            Some(Field::Str(text)) => Ok(text),
            _ => Err(self.wrong(column, "a text")),
        }
    }
}
