//! A site's own log as a companion reads it: all events in the order of visits, in files that are gone afterwards.

mod steps;

use std::path::Path;

use steps::Rows;
use tailorbird_companion::answer;
use tailorbird_companion::engine::{Engine, EngineError};
use tailorbird_companion::source::{self, SourceError};
use tailorbird_companion::visits::{self, Visits};

use super::batches::Batches;
use super::report::Read;
use crate::csv_rows::found;
use crate::ending::{Ending, complain};
use crate::engine::EngineOptions;
use crate::progress::during;
use crate::scratch::Scratch;

/// How many kinds of rows that are not played are named; the rest is counted.
const NAMED: usize = 10;

/// How a log is read.
#[derive(clap::Args)]
pub struct Reading {
    /// With --in: what the columns of the log mean, as the name of a ready map (`ga4`) or a file
    #[arg(long, value_name = "MAP", requires = "log_path")]
    map: Option<String>,
    /// With --in: a secret that goes into the hash by which visitors are called where the log has only addresses
    #[arg(long, value_name = "TEXT", requires = "log_path", default_value = "")]
    salt: String,
    #[command(flatten)]
    pub engine: EngineOptions,
}

/// A log that was read, and is ready to be played.
pub struct Log {
    visits: Visits,
    bad_rows: u64,
    /// The files of the events; gone with it.
    _scratch: Scratch,
}

impl Log {
    /// Reads the files at `path`, and puts their events into the order of visits. Bad rows and those that do not count
    /// are named on stderr.
    ///
    /// # Errors
    ///
    /// When there is no map or no DuckDB, when a file cannot be read, and when no row is good.
    pub fn read(path: &Path, reading: &Reading) -> Result<Log, Ending> {
        let map = source::map_of(reading.map.as_deref().unwrap_or_default()).map_err(of_source)?;
        let files = source::files(path, &map).map_err(of_source)?;
        files.notes.iter().for_each(|note| complain(note));
        let scratch = reading.engine.scratch()?;
        let mut engine = reading.engine.start(&scratch)?;
        let engine = engine.as_mut();
        during("reading", || source::load(engine, &map, &files, &reading.salt)).map_err(of_source)?;
        let bad_rows = name_rows(engine).map_err(of_engine)?;
        let sorted = scratch.path().join("visits");
        during("sorting", || visits::write(engine, &sorted)).map_err(of_engine)?;
        let visits = Visits::open(&sorted).map_err(|error| Ending::Problems(error.to_string()))?;
        // Open files are read without their names, so whoever kills the replay leaves no visitors behind. Where that
        // cannot be, they go at the end.
        let _ = std::fs::remove_dir_all(&sorted);
        Ok(Log { visits, bad_rows, _scratch: scratch })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.visits.rows()
    }

    /// Hands all visits over, each visitor with all sessions.
    ///
    /// # Errors
    ///
    /// When they cannot be read back.
    pub fn hand_over(&mut self, session_ms: i64, batches: &mut Batches) -> Result<Rows, Ending> {
        steps::steps(&mut self.visits, session_ms, &mut |step| batches.push(step))
            .map_err(|error| Ending::Problems(error.to_string()))
    }

    /// What reading came to, once all was handed over and so many events were played. Names on stderr the events that
    /// the engine does not take.
    ///
    /// # Errors
    ///
    /// When it takes none.
    pub fn into_read(self, path: &Path, rows: &Rows, events: usize) -> Result<Read, Ending> {
        name_some(rows.refused.iter().map(|(name, count)| {
            let expected = "a letter, then up to 39 letters, digits and underscores";
            let name = found(name);
            format!("{count} rows are bad: the event is {name}, expected {expected}; the map can rename it")
        }));
        if events == 0 {
            return Err(Ending::Problems(format!("{}: the log has no event that the engine takes", path.display())));
        }
        Ok(Read { bad_rows: self.bad_rows + rows.refused.values().sum::<u64>(), categories: rows.categories })
    }
}

/// Names the rows that are bad and those that do not count, by reason; answers how many are bad.
fn name_rows(engine: &mut dyn Engine) -> Result<u64, EngineError> {
    let bad = answer::rows(engine, source::BAD_ROWS)?;
    let text = |row: &[Option<String>], place: usize| row.get(place).cloned().flatten().unwrap_or_default();
    name_some(bad.iter().map(|row| {
        let [file, why, rows, example] = [0, 1, 2, 3].map(|place| text(row, place));
        format!("{file}: {rows} rows are bad: {why}, such as {}", found(&example))
    }));
    let left_out = answer::rows(engine, source::LEFT_OUT)?;
    name_some(left_out.iter().map(|row| format!("{} rows are left out: {}", text(row, 1), text(row, 0))));
    Ok(bad.iter().filter_map(|row| text(row, 2).parse::<u64>().ok()).sum())
}

/// Tells the first lines, and how many more there are.
fn name_some(lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    lines.by_ref().take(NAMED).for_each(|line| complain(&line));
    if lines.peek().is_some() {
        complain(&format!("... and {} more", lines.count()));
    }
}

/// What an engine says of itself is misuse; what it says of the log is a problem of the log.
fn of_engine(error: EngineError) -> Ending {
    match error {
        EngineError::Missing { .. } => Ending::Misuse(error.to_string()),
        _ => Ending::Problems(error.to_string()),
    }
}

fn of_source(error: SourceError) -> Ending {
    match error {
        SourceError::File { .. } | SourceError::NoMap { .. } => Ending::Misuse(error.to_string()),
        SourceError::Engine(error) => of_engine(error),
        _ => Ending::Problems(error.to_string()),
    }
}
