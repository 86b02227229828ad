//! A tool that is killed while Spark works leaves no job that goes on without it, and no files.

#![cfg(target_os = "linux")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The folder of the engine, for the process that is to be killed.
const TEMP: &str = "TAILORBIRD_TEST_TEMP";

/// Whether a process has `folder` on its command line.
fn runs(folder: &Path) -> bool {
    let folder = folder.display().to_string();
    let words = |process: std::fs::DirEntry| std::fs::read(process.path().join("cmdline")).unwrap_or_default();
    let mut processes = std::fs::read_dir("/proc").unwrap().flatten().map(words);
    processes.any(|words| String::from_utf8_lossy(&words).contains(&folder))
}

/// Waits for what is to happen within half a minute.
fn becomes(true_at_last: impl Fn() -> bool) -> bool {
    let until = Instant::now() + Duration::from_secs(30);
    while !true_at_last() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    true_at_last()
}

/// What is killed: it counts for hours.
fn tool(temp: &Path) {
    for (name, mut engine) in support::engines_in(temp) {
        if name == "Spark" {
            std::fs::write(temp.join("works"), "").unwrap();
            engine.run_model("hours", "SELECT SUM(SQRT(CAST(id AS DOUBLE))) AS n FROM RANGE(100000000000000)").unwrap();
        }
    }
}

#[test]
fn spark_ends_with_the_tool_that_started_it_also_in_the_middle_of_a_job() {
    if let Some(temp) = std::env::var_os(TEMP) {
        return tool(&PathBuf::from(temp));
    }
    if support::spark_program().is_none() {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let mut tool = Command::new(std::env::current_exe().unwrap()).env(TEMP, temp.path()).spawn().unwrap();
    assert!(becomes(|| temp.path().join("works").exists()));
    // Long enough for the job to have begun.
    std::thread::sleep(Duration::from_secs(3));
    assert!(runs(temp.path()));
    tool.kill().unwrap();
    tool.wait().unwrap();
    assert!(becomes(|| !runs(temp.path())));
    assert_eq!(files(temp.path()), ["works"]);
}

/// The names of what is in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
