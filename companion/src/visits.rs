//! Events in the order in which visitors had them, for whoever plays visits again: the engine sorts and writes them,
//! and they are read back row by row. What was shown is left out: whoever plays visits decides that anew. However long the log is, no more than a part of a row group is in memory.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use thiserror::Error;

use crate::engine::{Engine, EngineError};

/// Sorts the table `events`; SELECT only, the same on every engine.
pub const IN_ORDER: &str = include_str!("visits/in_order.sql");

/// The columns that [`IN_ORDER`] answers, in order.
const COLUMNS: [&str; 12] =
    ["visitor", "session", "ts", "kind", "name", "item", "category", "page", "order_id", "quantity", "price", "value"];

/// A row of `events`: one item of an event, or a page view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visited {
    /// The visitor's id; not empty.
    pub visitor: String,
    /// The session's id, where the log has one. Only together with the visitor's is it the only one.
    pub session: Option<String>,
    /// When: milliseconds since 1970, UTC.
    pub ts: i64,
    /// `view`, `purchase` or `page`.
    pub kind: String,
    /// The event's name.
    pub name: String,
    /// The item's id.
    pub item: Option<String>,
    /// The item's category.
    pub category: Option<String>,
    /// The path of the page.
    pub page: Option<String>,
    /// The order's id.
    pub order_id: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// The price of one, in hundredths of the currency.
    pub price: Option<i64>,
    /// What it was worth, in hundredths of the currency.
    pub value: Option<i64>,
}

/// Why events cannot be read back.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VisitsError {
    /// A file or the folder cannot be read.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file is no Parquet file, or a damaged one.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A file has other columns.
    #[error("{} has other columns than events in order: {columns}", path.display())]
    Columns {
        /// Which.
        path: PathBuf,
        /// Those it has.
        columns: String,
    },
    /// A row is before one that should follow it.
    #[error("{}: the events of {visitor} are not in order", path.display())]
    Unordered {
        /// In which file.
        path: PathBuf,
        /// Whose.
        visitor: String,
    },
}

/// Sorts the table `events` of an engine, and writes it as Parquet files into a folder, which is made.
///
/// # Errors
///
/// When the engine cannot.
pub fn write(engine: &mut dyn Engine, folder: &Path) -> Result<(), EngineError> {
    // A view, so that sorted rows go straight into the files: a table would hold all of them once more.
    engine.define("visits", IN_ORDER)?;
    engine.export("visits", folder)
}

/// The rows of a folder that was [written](write), in order. After an error there are no more.
///
/// All files are open from the start, so that their folder may be removed before they are read.
pub struct Visits {
    /// Those that are still to be read.
    files: std::vec::IntoIter<(PathBuf, SerializedFileReader<File>)>,
    /// The one that is being read.
    path: PathBuf,
    reading: Option<RowIter<'static>>,
    visitor: String,
    rows: u64,
}

impl Visits {
    /// Opens the files of a folder, by name. A folder without files has no rows.
    ///
    /// # Errors
    ///
    /// When one cannot be read, is damaged at its end, where a Parquet file says what it has, or has other columns.
    pub fn open(folder: &Path) -> Result<Visits, VisitsError> {
        let unreadable = |error| VisitsError::File { path: folder.to_owned(), error };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "parquet") {
                paths.push(path);
            }
        }
        // Engines number their files, so that names are in the order of rows.
        paths.sort_unstable();
        let (mut files, mut rows) = (Vec::new(), 0_u64);
        for path in paths {
            let reader = open(&path)?;
            rows = rows.saturating_add(u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0));
            files.push((path, reader));
        }
        let (path, visitor) = (folder.to_owned(), String::new());
        Ok(Visits { files: files.into_iter(), path, reading: None, visitor, rows })
    }

    /// How many rows there are in all.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    fn read(&mut self) -> Result<Option<Visited>, VisitsError> {
        loop {
            if let Some(row) = self.reading.as_mut().and_then(Iterator::next) {
                let damaged = |why| VisitsError::Damaged { path: self.path.clone(), why };
                let row = row.map_err(|error| damaged(error.to_string()))?;
                let visited = visited(row).map_err(damaged)?;
                // Whoever plays visits has to rely on it: a visitor who comes twice would be two.
                if visited.visitor < self.visitor {
                    return Err(VisitsError::Unordered { path: self.path.clone(), visitor: visited.visitor });
                }
                if visited.visitor != self.visitor {
                    self.visitor.clone_from(&visited.visitor);
                }
                return Ok(Some(visited));
            }
            let Some((path, reader)) = self.files.next() else { return Ok(None) };
            (self.path, self.reading) = (path, Some(reader.into_iter()));
        }
    }
}

impl Iterator for Visits {
    type Item = Result<Visited, VisitsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.read();
        if row.is_err() {
            (self.reading, self.files) = (None, Vec::new().into_iter());
        }
        row.transpose()
    }
}

/// Opens a file that has the columns of events in order.
fn open(path: &Path) -> Result<SerializedFileReader<File>, VisitsError> {
    let file = File::open(path).map_err(|error| VisitsError::File { path: path.to_owned(), error })?;
    let damaged = |why| VisitsError::Damaged { path: path.to_owned(), why };
    let reader = SerializedFileReader::new(file).map_err(|error| damaged(error.to_string()))?;
    // The reader of columns takes it for granted, and panics.
    let mut columns = reader.metadata().row_groups().iter().flat_map(|group| group.columns());
    let is_negative = columns.any(|column| {
        let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
        start < 0 || column.compressed_size() < 0
    });
    if is_negative {
        return Err(damaged("a column starts before the file".to_owned()));
    }
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    if names != COLUMNS {
        return Err(VisitsError::Columns { path: path.to_owned(), columns: names.join(", ") });
    }
    Ok(reader)
}

/// A row with its columns by name, or what is wrong with it.
fn visited(row: Row) -> Result<Visited, String> {
    let mut visited = Visited::default();
    for (column, field) in row.into_columns() {
        let known = match column.as_str() {
            "visitor" => text(field).map(|text| visited.visitor = text.unwrap_or_default()),
            "session" => text(field).map(|text| visited.session = text),
            "ts" => number(field).map(|number| visited.ts = number.unwrap_or_default()),
            "kind" => text(field).map(|text| visited.kind = text.unwrap_or_default()),
            "name" => text(field).map(|text| visited.name = text.unwrap_or_default()),
            "item" => text(field).map(|text| visited.item = text),
            "category" => text(field).map(|text| visited.category = text),
            "page" => text(field).map(|text| visited.page = text),
            "order_id" => text(field).map(|text| visited.order_id = text),
            "quantity" => number(field).map(|number| visited.quantity = number),
            "price" => number(field).map(|number| visited.price = number),
            "value" => number(field).map(|number| visited.value = number),
            _ => Some(()),
        };
        known.ok_or_else(|| format!("the column {column} is of another type"))?;
    }
    Ok(visited)
}

/// A text or nothing; `None` for what is neither.
fn text(field: Field) -> Option<Option<String>> {
    match field {
        Field::Null => Some(None),
        Field::Str(text) => Some(Some(text)),
        _ => None,
    }
}

/// A number or nothing; `None` for what is neither.
fn number(field: Field) -> Option<Option<i64>> {
    match field {
        Field::Null => Some(None),
        Field::Long(number) => Some(Some(number)),
        Field::Int(number) => Some(Some(i64::from(number))),
        _ => None,
    }
}
