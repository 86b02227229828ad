//! DuckDB's command, for tests of what it counts.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What the variable names, or that of `target/tools`, or the one in PATH. Where it is nowhere, that is said.
pub fn duckdb() -> Option<String> {
    let named = std::env::var_os("TAILORBIRD_DUCKDB").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/duckdb");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).map(|folder| folder.join("duckdb"));
    let found = named.into_iter().chain([own]).chain(in_path).find(|place| place.is_file());
    if found.is_none() {
        // `eprintln!` is not seen of a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped: duckdb is not here");
    }
    found.map(|place| place.to_str().unwrap().to_owned())
}
