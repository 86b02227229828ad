//! A log, read by a map on an engine, as lines that a test can show.

use std::path::{Path, PathBuf};

use tailorbird_companion::answer;
use tailorbird_companion::engine::Engine;
use tailorbird_companion::source::{self, Map, SourceError};

/// What came of a log.
#[derive(Debug, PartialEq)]
pub struct Reading {
    /// The rows of `events`: values between bars, nothing for null, the name of the file alone.
    pub events: Vec<String>,
    /// `why: rows`, of rows that cannot be read.
    pub bad: Vec<String>,
    /// `why: rows`, of rows that do not count.
    pub left_out: Vec<String>,
}

/// The fixtures of a ready map.
pub fn fixtures(map: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(map)
}

/// Reads a log by a map, with the salt `salt`.
pub fn read(engine: &mut dyn Engine, map: &Map, path: &Path) -> Result<Reading, SourceError> {
    let files = source::files(path, map)?;
    source::load(engine, map, &files, "salt")?;
    let lines = |rows: Vec<Vec<Option<String>>>| {
        let line = |row: Vec<Option<String>>| {
            let texts = row.into_iter().map(|value| value.unwrap_or_default());
            let short =
                |text: String| Path::new(&text).file_name().map_or(text.clone(), |name| name.to_string_lossy().into());
            let mut texts: Vec<String> = texts.collect();
            let file = texts.pop().unwrap_or_default();
            texts.push(short(file));
            texts.join("|")
        };
        let mut lines: Vec<String> = rows.into_iter().map(line).collect();
        lines.sort();
        lines
    };
    let events = lines(answer::rows(engine, "events")?);
    let mut sums = |table: &str| -> Result<Vec<String>, SourceError> {
        engine
            .run_model("sums", &format!("SELECT why, CAST(SUM(rows) AS BIGINT) AS total FROM {table} GROUP BY why"))?;
        let rows = answer::rows(engine, "sums")?;
        engine.drop_table("sums")?;
        let text = |row: Vec<Option<String>>| row.into_iter().flatten().collect::<Vec<String>>().join(": ");
        Ok(rows.into_iter().map(text).collect())
    };
    Ok(Reading { events, bad: sums("bad_rows")?, left_out: sums("left_out")? })
}
