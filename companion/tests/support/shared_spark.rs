//! A Spark that one test after the other uses: it takes some seconds to start, and is faster once it is warm.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tailorbird_companion::engine::spark::Spark;
use tailorbird_companion::engine::{Dialect, Engine, EngineError, Format};

/// Those that no test uses. They end with the process, and remove what they have made.
static IDLE: Mutex<Vec<Spark>> = Mutex::new(Vec::new());

/// One that a test uses. Its tables are forgotten when it goes back.
pub struct SharedSpark {
    /// `None` when it goes back.
    spark: Option<Spark>,
    tables: Vec<String>,
}

impl SharedSpark {
    /// One that is idle, else a new one, which is to have its files in the folder that `start` is given.
    pub fn take(start: impl FnOnce(&Path) -> Spark) -> SharedSpark {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let spark = idle.unwrap_or_else(|| start(Path::new(env!("CARGO_TARGET_TMPDIR"))));
        SharedSpark { spark: Some(spark), tables: Vec::new() }
    }

    fn spark(&mut self) -> &mut Spark {
        self.spark.as_mut().expect("it goes back last")
    }
}

impl Engine for SharedSpark {
    fn dialect(&self) -> Dialect {
        Dialect::Spark
    }

    fn read(&mut self, table: &str, format: Format, files: &[PathBuf]) -> Result<(), EngineError> {
        self.spark().read(table, format, files)
    }

    fn define(&mut self, view: &str, select: &str) -> Result<(), EngineError> {
        self.spark().define(view, select)
    }

    fn run_model(&mut self, table: &str, select: &str) -> Result<u64, EngineError> {
        let rows = self.spark().run_model(table, select)?;
        self.tables.push(table.to_owned());
        Ok(rows)
    }

    fn export(&mut self, table: &str, folder: &Path) -> Result<(), EngineError> {
        self.spark().export(table, folder)
    }

    fn drop_table(&mut self, table: &str) -> Result<(), EngineError> {
        self.tables.retain(|made| made != table);
        self.spark().drop_table(table)
    }
}

impl Drop for SharedSpark {
    fn drop(&mut self) {
        let Some(mut spark) = self.spark.take() else { return };
        // One that has ended is of no use to others.
        if self.tables.iter().all(|table| spark.drop_table(table).is_ok()) {
            IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(spark);
        }
    }
}
