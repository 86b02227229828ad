//! Sources: from a log as it is to `events`, by a map of its columns.
//!
//! `events` has a row for each item of each event, and these columns:
//!
//! | column | type | meaning |
//! |---|---|---|
//! | `ts` | BIGINT | milliseconds since 1970, UTC |
//! | `day` | BIGINT | days since 1970, UTC |
//! | `visitor` | text | who |
//! | `session` | text | the visit; null where the log has none |
//! | `name` | text | the event, after the map's renaming |
//! | `kind` | text | `view` of an item, `purchase`, `page` for a page view without an item, or `shown` |
//! | `item`, `category`, `page` | text | null where not given; a page is a path |
//! | `order_id` | text | null where not given |
//! | `quantity` | BIGINT | null where not given, or not from 0 to 100,000 |
//! | `price`, `value` | BIGINT | hundredths of the currency, of one and of all |
//! | `file` | text | where it was read |
//!
//! Rows of the kind `shown` say that a variant of a page was shown: their `item` is the variant, and they have no
//! category.
//!
//! Where the log has no `value`, it is `price` times `quantity`, or `price` without a quantity.
//!
//! Who counts reads it with numbers in place of names: `visitor_key` and `session_key` instead of `visitor` and
//! `session`, and neither `name` nor what is said of an order but its value.
//!
//! Rows that cannot be read are counted in `bad_rows`, those that do not count in `left_out`.

mod path;
mod map;
mod ready;
mod files;
mod dialect;
mod select;
mod load;
pub mod look;

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::engine::EngineError;
pub use files::{ColumnKind, Files, Heads, files, files_of, format_of, name_of};
pub use load::{absent, load, load_with_keys};
pub use map::{Columns, Events, Lines, Map, MapError, Part, Problem, Rule, Test, TimeUnit, Value};
pub use path::{ColumnPath, Step};
pub use ready::READY;
pub use select::{BAD_ROWS, COLUMNS, EVENTS, LEFT_OUT, RAW, ROWS, Sql, select, with_keys};

/// Why a log cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or folder.
    #[error("{}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it, and what would be right.
        why: String,
    },
    /// The map.
    #[error(transparent)]
    Map(#[from] MapError),
    /// There is no ready map of this name, and no file.
    #[error("{name}: there is no such file, and no ready map of this name, expected a file or one of {known}")]
    NoMap {
        /// What was given.
        name: String,
        /// The ready maps.
        known: String,
    },
    /// The files do not have a column without which nothing can be made of them.
    #[error("no file has the column {path} that the map has for {name}{}", meant(nearest.as_deref()))]
    Column {
        /// What it would be.
        name: &'static str,
        /// The path in the map.
        path: String,
        /// The column whose name is most like it.
        nearest: Option<String>,
    },
    /// Lines of text, and a map that does not say how they are written.
    #[error("the files are lines of text, expected a map with pattern and names")]
    NoPattern,
    /// Every row of the log is bad.
    #[error("no row of the log can be read: {why}")]
    AllBad {
        /// The commonest reasons, with an example each.
        why: String,
    },
    /// No row of the log counts.
    #[error("no row of the log counts: {why}")]
    NothingLeft {
        /// The commonest reasons.
        why: String,
    },
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(", the nearest is {nearest}")).unwrap_or_default()
}

/// The map of this name: a ready one, or else a file.
///
/// # Errors
///
/// When there is neither, and when the file has problems.
pub fn map_of(name: &str) -> Result<Map, SourceError> {
    if let Some(map) = Map::ready(name) {
        return Ok(map?);
    }
    let path = Path::new(name);
    if !path.exists() {
        let known: Vec<&str> = READY.iter().map(|(name, _, _)| *name).collect();
        return Err(SourceError::NoMap { name: name.to_owned(), known: known.join(", ") });
    }
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| SourceError::File { path: path.to_owned(), why: error.to_string() })?;
    Ok(Map::read(&text, name)?)
}
