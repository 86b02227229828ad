//! The engines that tests run on.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tailorbird_companion::engine::Engine;
use tailorbird_companion::engine::duckdb::{DuckDb, Settings};

/// Every engine that is here, each with its name. DuckDB is the program that `TAILORBIRD_DUCKDB` names, or that of
/// `target/tools`, or the one in `PATH`. One that is not here is told on standard error.
pub fn engines() -> Vec<(&'static str, Box<dyn Engine>)> {
    let mut engines: Vec<(&'static str, Box<dyn Engine>)> = Vec::new();
    if let Some(program) = duckdb_program() {
        let settings = Settings { program, threads: Some(2), ..Default::default() };
        engines.push(("DuckDB", Box::new(DuckDb::start(&settings).unwrap())));
    }
    engines
}

/// DuckDB's command.
pub fn duckdb_program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("TAILORBIRD_DUCKDB") {
        return Some(named.into());
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/duckdb");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).map(|folder| folder.join("duckdb"));
    let found = std::iter::once(own).chain(in_path).find(|place| place.is_file());
    if found.is_none() {
        // `eprintln!` is not seen of a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped: duckdb is not here");
    }
    found
}
