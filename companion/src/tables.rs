//! Tables that an engine has written, as rows.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use thiserror::Error;

/// How many rows are in memory at a time.
const ROWS: usize = 8_192;

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
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).map_err(damaged)?;
            let readers = (0..group.num_columns()).map(|column| group.get_column_reader(column));
            let mut readers = readers.collect::<Result<Vec<ColumnReader>, ParquetError>>().map_err(damaged)?;
            let mut left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            while left > 0 {
                let count = left.min(ROWS);
                let columns = readers.iter_mut().map(|reader| Values::read(reader, count));
                let columns = columns.collect::<Result<Vec<Values>, ParquetError>>().map_err(damaged)?;
                (0..count).try_for_each(|row| each(&Columns { columns: &columns, row, path: &path }))?;
                left = left.saturating_sub(count);
            }
        }
    }
    Ok(())
}

/// Values of a column, one after the other; `None` where there is none.
#[derive(Debug)]
enum Values {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<ByteArray>>),
    /// Of a type that no table of ours has.
    Others,
}

impl Values {
    /// The next values of a column, as many as asked for.
    fn read(reader: &mut ColumnReader, count: usize) -> Result<Values, ParquetError> {
        Ok(match reader {
            ColumnReader::Int64ColumnReader(reader) => Values::Numbers(next(reader, count)?),
            ColumnReader::Int32ColumnReader(reader) => {
                Values::Numbers(next(reader, count)?.into_iter().map(|number| number.map(i64::from)).collect())
            }
            ColumnReader::ByteArrayColumnReader(reader) => Values::Texts(next(reader, count)?),
            _ => Values::Others,
        })
    }
}

fn next<T: DataType>(reader: &mut ColumnReaderImpl<T>, count: usize) -> Result<Vec<Option<T::T>>, ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (read, ..) = reader.read_records(count, Some(&mut levels), None, &mut values)?;
    if read < count {
        return Err(ParquetError::EOF(format!("a column ends {} rows before the others", count - read)));
    }
    let mut values = values.into_iter();
    // Columns are not nested: where the level is 0 there is no value, and where a column must have one there are no levels.
    if levels.is_empty() {
        return Ok(values.map(Some).collect());
    }
    Ok(levels.iter().map(|level| if *level > 0 { values.next() } else { None }).collect())
}

/// One row.
#[derive(Debug)]
pub struct Columns<'a> {
    columns: &'a [Values],
    row: usize,
    path: &'a Path,
}

impl Columns<'_> {
    fn wrong(&self, column: usize, expected: &'static str) -> TableError {
        TableError::Column { path: self.path.to_owned(), column, expected }
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn number(&self, column: usize) -> Result<i64, TableError> {
        match self.columns.get(column) {
            Some(Values::Numbers(numbers)) => numbers.get(self.row).copied().flatten(),
            _ => None,
        }
        .ok_or_else(|| self.wrong(column, "a whole number"))
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
        match self.columns.get(column) {
            Some(Values::Texts(texts)) => {
                texts.get(self.row).and_then(Option::as_ref).and_then(|text| text.as_utf8().ok())
            }
            _ => None,
        }
        .ok_or_else(|| self.wrong(column, "a text"))
    }
}
