//! DuckDB as a library. It answers and limits itself as the command does, and reads the same statements.

use std::path::{Path, PathBuf};

use duckdb::Connection;
use tempfile::TempDir;

use super::{NAME, Settings, statements};
use crate::engine::{Dialect, Engine, EngineError, Format};

/// A DuckDB in this process, in memory.
#[derive(Debug)]
pub struct Embedded {
    connection: Connection,
    /// Where it spills; gone with it, and after it.
    _spilled: TempDir,
}

impl Embedded {
    /// Starts it; of the settings, the program is of no use here.
    ///
    /// # Errors
    ///
    /// When it has no folder to spill to, or cannot be told its limits.
    pub fn start(settings: &Settings) -> Result<Embedded, EngineError> {
        let parent = settings.temp.clone().unwrap_or_else(std::env::temp_dir);
        let spilled = tempfile::Builder::new().prefix("tailorbird-").tempdir_in(&parent);
        let spilled = spilled.map_err(|error| EngineError::File { path: parent, error })?;
        let connection = Connection::open_in_memory();
        let connection = connection.map_err(|error| EngineError::Ended { engine: NAME, why: error.to_string() })?;
        let limits = statements::limits(settings, spilled.path());
        let engine = Embedded { connection, _spilled: spilled };
        engine.tell("settings", &limits)?;
        Ok(engine)
    }

    fn tell(&self, table: &str, statements: &str) -> Result<(), EngineError> {
        self.connection.execute_batch(statements).map_err(|error| refused(table, &error))
    }
}

fn refused(table: &str, error: &duckdb::Error) -> EngineError {
    EngineError::Refused { table: table.to_owned(), why: error.to_string() }
}

impl Engine for Embedded {
    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    fn read(&mut self, table: &str, format: Format, files: &[PathBuf]) -> Result<(), EngineError> {
        self.tell(table, &statements::read(table, format, files))
    }

    fn define(&mut self, view: &str, select: &str) -> Result<(), EngineError> {
        self.tell(view, &statements::define(view, select))
    }

    fn run_model(&mut self, table: &str, select: &str) -> Result<u64, EngineError> {
        self.tell(table, &statements::run_model(table, select))?;
        let rows = self.connection.query_row(&statements::count(table), [], |row| row.get(0));
        rows.map_err(|error| refused(table, &error))
    }

    fn export(&mut self, table: &str, folder: &Path) -> Result<(), EngineError> {
        std::fs::create_dir(folder).map_err(|error| EngineError::File { path: folder.to_owned(), error })?;
        self.tell(table, &statements::export(table, folder))
    }

    fn drop_table(&mut self, table: &str) -> Result<(), EngineError> {
        self.tell(table, &statements::drop_table(table))
    }
}
