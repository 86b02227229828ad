//! Which engine counts a log, and how much of the machine it may take.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tailorbird_companion::engine::duckdb::{self, DuckDb};
use tailorbird_companion::engine::spark::{self, Spark};
use tailorbird_companion::engine::{Dialect, Engine, EngineError};

use crate::ending::Ending;
use crate::scratch::Scratch;

/// An engine by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// On this machine, without a server
    Duckdb,
    /// On this machine or a cluster, by spark-submit
    Spark,
}

/// The options of an engine.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Engine")]
pub struct EngineOptions {
    /// What counts
    #[arg(long, value_enum, default_value = "duckdb")]
    pub engine: Kind,
    /// The command `duckdb`, if it is not that of the variable TAILORBIRD_DUCKDB, or in PATH
    #[arg(long, value_name = "PATH")]
    duckdb: Option<PathBuf>,
    /// The command `spark-submit`, if it is not in SPARK_HOME, or in PATH
    #[arg(long, value_name = "PATH")]
    spark_submit: Option<PathBuf>,
    /// What runs Spark's jobs, as its own --master has it: this machine if you do not say
    #[arg(long, value_name = "MASTER")]
    master: Option<String>,
    /// A setting of Spark's: spark.executor.instances=8
    #[arg(long = "conf", value_name = "KEY=VALUE", value_parser = setting)]
    conf: Vec<(String, String)>,
    /// Where Spark keeps tables until the end: a folder or an address that all of the cluster reaches
    #[arg(long, value_name = "ADDRESS")]
    work: Option<String>,
    /// The most memory it takes; beyond that it uses the disk
    #[arg(long, value_name = "SIZE")]
    memory: Option<String>,
    /// How many threads are used: as many as there are cores if you do not say
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Where it uses the disk: the system's folder for temporary files if you do not say
    #[arg(long, value_name = "DIR")]
    temp: Option<PathBuf>,
}

fn setting(text: &str) -> Result<(String, String), &'static str> {
    let setting = text.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    setting.filter(|(key, _)| !key.is_empty()).ok_or("expected KEY=VALUE")
}

/// Starts DuckDB: the command that is named, or that of the variable; else the library, in a tool that was built with it,
/// or `duckdb` in `PATH`. `program` of the settings is not asked.
///
/// # Errors
///
/// When it is not there, or cannot be told its limits.
pub fn start_duckdb(named: Option<&Path>, settings: duckdb::Settings) -> Result<Box<dyn Engine>, EngineError> {
    let variable = || std::env::var_os("TAILORBIRD_DUCKDB").filter(|program| !program.is_empty()).map(PathBuf::from);
    match named.map(Path::to_owned).or_else(variable) {
        Some(program) => Ok(Box::new(DuckDb::start(&duckdb::Settings { program, ..settings })?)),
        None => start_any_duckdb(&settings),
    }
}

#[cfg(feature = "embedded")]
fn start_any_duckdb(settings: &duckdb::Settings) -> Result<Box<dyn Engine>, EngineError> {
    Ok(Box::new(duckdb::embedded::Embedded::start(settings)?))
}

#[cfg(not(feature = "embedded"))]
fn start_any_duckdb(settings: &duckdb::Settings) -> Result<Box<dyn Engine>, EngineError> {
    Ok(Box::new(DuckDb::start(settings)?))
}

impl EngineOptions {
    /// The SQL that it speaks.
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Kind::Duckdb => Dialect::DuckDb,
            Kind::Spark => Dialect::Spark,
        }
    }

    /// A folder for what is written for the time of a run.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn scratch(&self) -> Result<Scratch, Ending> {
        Scratch::new(&self.temp.clone().unwrap_or_else(std::env::temp_dir))
    }

    /// How many threads are asked for.
    pub fn threads(&self) -> Option<usize> {
        self.threads.map(usize::from)
    }

    /// Starts it; what it writes for the time of the run is in `scratch`.
    ///
    /// # Errors
    ///
    /// When its program is not there.
    pub fn start(&self, scratch: &Scratch) -> Result<Box<dyn Engine>, Ending> {
        let threads = self.threads();
        let (memory, temp) = (self.memory.clone(), Some(scratch.path().to_owned()));
        let started: Result<Box<dyn Engine>, EngineError> = match self.engine {
            Kind::Duckdb => {
                let settings = duckdb::Settings { memory, threads, temp, ..duckdb::Settings::default() };
                start_duckdb(self.duckdb.as_deref(), settings)
            }
            Kind::Spark => {
                let default = spark::Settings::default();
                let settings = spark::Settings {
                    program: self.spark_submit.clone().unwrap_or(default.program),
                    master: self.master.clone(),
                    memory,
                    threads,
                    work: self.work.clone(),
                    temp,
                    conf: self.conf.clone(),
                };
                Spark::start(&settings).map(|engine| Box::new(engine) as _)
            }
        };
        started.map_err(|error| Ending::Misuse(error.to_string()))
    }
}
