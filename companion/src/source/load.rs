//! Runs the SQL of a source.

use crate::answer;
use crate::engine::Engine;
use crate::source::select::{self, BAD_ROWS, EVENTS, LEFT_OUT, RAW, ROWS, Sql};
use crate::source::{Files, Map, SourceError};

/// How many reasons a message names.
const NAMED: usize = 3;

/// Reads a log: afterwards the engine has `events`, and `bad_rows` and `left_out` beside it.
///
/// # Errors
///
/// When the engine cannot read it, when every row of it is bad, and when none counts.
pub fn load(engine: &mut dyn Engine, map: &Map, files: &Files, salt: &str) -> Result<(), SourceError> {
    let sql = select::select(map, files, engine.dialect(), salt)?;
    engine.read(RAW, files.format, &files.paths)?;
    run(engine, &sql)
}

/// The same for who counts: `events` has numbers in place of visitors and sessions.
///
/// # Errors
///
/// As [`load`].
pub fn load_with_keys(engine: &mut dyn Engine, map: &Map, files: &Files, salt: &str) -> Result<(), SourceError> {
    let sql = select::select(map, files, engine.dialect(), salt)?.with_keys(map, engine.dialect());
    engine.read(RAW, files.format, &files.paths)?;
    run(engine, &sql)
}

/// Makes the tables of what is in [`RAW`].
pub(super) fn run(engine: &mut dyn Engine, sql: &Sql) -> Result<(), SourceError> {
    engine.run_model(ROWS, &sql.rows)?;
    engine.define(EVENTS, &sql.events)?;
    engine.run_model(BAD_ROWS, &sql.bad_rows)?;
    engine.run_model(LEFT_OUT, &sql.left_out)?;
    if engine.run_model("any_event", &format!("SELECT ts FROM {EVENTS} LIMIT 1"))? > 0 {
        return engine.drop_table("any_event").map_err(SourceError::Engine);
    }
    let left_out = reasons(answer::rows(engine, LEFT_OUT)?.into_iter().map(|row| (0, 1, None, row)));
    if left_out.is_empty() {
        let why = reasons(answer::rows(engine, BAD_ROWS)?.into_iter().map(|row| (1, 2, Some(3), row)));
        let why = if why.is_empty() { "it has no rows".to_owned() } else { why };
        return Err(SourceError::AllBad { why });
    }
    Err(SourceError::NothingLeft { why: left_out })
}

/// The commonest reasons: of each row the places of the reason, of the number of rows, and of an example.
fn reasons(rows: impl Iterator<Item = (usize, usize, Option<usize>, Vec<Option<String>>)>) -> String {
    let reason = |(why, count, example, row): (usize, usize, Option<usize>, Vec<Option<String>>)| {
        let at = |place: usize| row.get(place).cloned().flatten();
        let count: u64 = at(count).and_then(|count| count.parse().ok()).unwrap_or(0);
        let example = example.and_then(at).map(|example| format!(" (such as {example:?})")).unwrap_or_default();
        (count, format!("{}{example}: {count}", at(why).unwrap_or_default()))
    };
    let mut reasons: Vec<(u64, String)> = rows.map(reason).collect();
    reasons.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let named: Vec<String> = reasons.into_iter().take(NAMED).map(|(_, reason)| reason).collect();
    named.join("; ")
}

/// What the files do not have of what the map reads, for people.
pub fn absent(map: &Map, files: &Files) -> Vec<String> {
    let mut names: Vec<String> = select::absent(map, files).map(|path| path.written().to_owned()).collect();
    names.sort();
    names.dedup();
    names
}
