//! What tests of engines have in common.

use std::path::{Path, PathBuf};
use std::process::Command;

use tailorbird_companion::engine::duckdb::{DuckDb, Settings};

/// The command `duckdb`: what the variable TAILORBIRD_DUCKDB names, that of `target/tools`, or that in `PATH`. Where there
/// is none it says so, and the test has nothing to do.
pub fn duckdb_program() -> Option<PathBuf> {
    let named = std::env::var_os("TAILORBIRD_DUCKDB").map(PathBuf::from);
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/duckdb");
    let runs =
        |program: &PathBuf| Command::new(program).arg("--version").output().is_ok_and(|ran| ran.status.success());
    let found = named.into_iter().chain([tools, PathBuf::from("duckdb")]).find(runs);
    if found.is_none() {
        eprintln!("skipped: duckdb is not here");
    }
    found
}

/// A DuckDB that runs, if it is here.
pub fn duckdb() -> Option<DuckDb> {
    let settings = Settings { program: duckdb_program()?, threads: Some(2), ..Settings::default() };
    Some(DuckDb::start(&settings).unwrap())
}
