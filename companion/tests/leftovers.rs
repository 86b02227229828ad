//! An engine that is dropped leaves nothing. In a file of its own, as it looks at what else runs.

#![cfg(target_os = "linux")]

mod support;

use std::path::Path;

/// The numbers of processes that we started, or that have `folder` on their command line, as all of Spark's have.
fn running(folder: &Path) -> Vec<String> {
    let folder = folder.display().to_string();
    let ours = format!("PPid:\t{}\n", std::process::id());
    let mut running = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        // Another's process may end while we look.
        let read = |file: &str| std::fs::read(entry.path().join(file)).unwrap_or_default();
        let words = String::from_utf8_lossy(&read("cmdline")).into_owned();
        if words.contains(&folder) || String::from_utf8_lossy(&read("status")).contains(&ours) {
            running.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    running
}

#[test]
fn an_engine_that_is_dropped_leaves_no_process_and_no_file() {
    let temp = tempfile::tempdir().unwrap();
    let mut engines = support::engines_in(temp.path());
    let processes = engines.iter().filter(|(name, _)| *name != "DuckDB embedded").count();
    for (_, engine) in &mut engines {
        engine.run_model("kept", "SELECT CAST(1 AS BIGINT) AS n").unwrap();
    }
    assert!(running(temp.path()).len() >= processes, "the test sees what runs");
    drop(engines);
    assert_eq!(running(temp.path()), Vec::<String>::new());
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
}
