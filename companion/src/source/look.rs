//! A look into a log that nobody has described yet: its columns, what is in them, and what can be said of a map.

mod guess;
mod profile;

use crate::answer;
use crate::engine::{Engine, Format};
use crate::source::select::{self, RAW};
use crate::source::{Files, Map, READY, SourceError, load};
pub use guess::{Open, Proposal};
pub use profile::{Column, Kind, Profile};

/// From so many rows columns are described.
pub const DESCRIBED: usize = 20_000;
/// Of so many rows events are counted.
pub const COUNTED: usize = 1_000_000;

/// What there is to see.
#[derive(Clone, Debug)]
pub struct Look {
    /// The columns, in the order of their names.
    pub profile: Profile,
    /// The ready map that fits, if one does.
    pub fits: Option<&'static str>,
    /// A map for it.
    pub proposal: Proposal,
    /// What comes of the log by that map; `None` while something of it is open, and where nothing comes of it.
    pub seen: Option<Seen>,
    /// Why nothing comes of it.
    pub refused: Option<String>,
}

/// The events of so many rows.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Name, kind, and number of rows.
    pub events: Vec<(String, String, u64)>,
    /// The first and the last time, in milliseconds since 1970.
    pub times: Option<(i64, i64)>,
    /// Why rows are bad, and how many.
    pub bad: Vec<(String, u64)>,
    /// Why rows are left out, and how many.
    pub left_out: Vec<(String, u64)>,
}

/// Looks at rows of a log: the first, or others where the engine reads in several threads. A map that is given is not
/// questioned.
///
/// # Errors
///
/// When the engine cannot read the files.
pub fn look(engine: &mut dyn Engine, files: &Files, map: Option<&Map>) -> Result<Look, SourceError> {
    engine.read("log", files.format, &files.paths)?;
    // Everything else is asked of a part, so that a log of any size answers in seconds.
    engine.run_model(RAW, &format!("SELECT * FROM log LIMIT {COUNTED}"))?;
    let profile = describe(engine, files)?;
    let fits = if map.is_some() { None } else { fitting(&profile, files) };
    let proposal = match fits.and_then(|name| READY.iter().find(|(own, _, _)| *own == name)) {
        Some((_, _, text)) => Proposal { text: (*text).to_owned(), open: Vec::new() },
        None if map.is_some() => Proposal { text: String::new(), open: Vec::new() },
        None => guess::propose(&profile, files.format),
    };
    let mut look = Look { profile, fits, proposal, seen: None, refused: None };
    let proposed = match map {
        Some(map) => Some(map.clone()),
        None if look.proposal.open.is_empty() => Some(Map::read(&look.proposal.text, "map.toml")?),
        None => None,
    };
    if let Some(map) = proposed {
        match count(engine, files, &map) {
            Ok(seen) => look.seen = Some(seen),
            Err(SourceError::Engine(error)) => return Err(SourceError::Engine(error)),
            Err(error) => look.refused = Some(error.to_string()),
        }
    }
    Ok(look)
}

fn describe(engine: &mut dyn Engine, files: &Files) -> Result<Profile, SourceError> {
    let names: Vec<String> = match files.format {
        Format::Ndjson | Format::Json | Format::Lines => vec!["line".to_owned()],
        Format::Csv | Format::Parquet => files.heads.names().map(str::to_owned).collect(),
    };
    let dialect = engine.dialect();
    let list: Vec<String> = names
        .iter()
        .map(|name| match files.heads.kind(name) {
            Some(crate::source::ColumnKind::Nested) => dialect.to_json(&dialect.name(name)),
            _ => format!("CAST({} AS {})", dialect.name(name), dialect.text_type()),
        })
        .enumerate()
        .map(|(place, sql)| format!("{sql} AS described_{place}"))
        .collect();
    engine.run_model("described", &format!("SELECT {} FROM {RAW} LIMIT {DESCRIBED}", list.join(", ")))?;
    let rows = answer::rows(engine, "described")?;
    engine.drop_table("described")?;
    Ok(Profile::of(&names, &rows, files.format))
}

/// The ready map whose columns are there: that with the most of them, and none where two have as many.
fn fitting(profile: &Profile, files: &Files) -> Option<&'static str> {
    let mut best: Option<(&'static str, usize)> = None;
    let mut is_tied = false;
    for &(name, _, _) in READY {
        let Some(Ok(map)) = Map::ready(name) else { continue };
        let Some(found) = guess::fit(&map, profile, files.format) else { continue };
        match best {
            Some((_, most)) if found < most => {}
            Some((_, most)) if found == most => is_tied = true,
            _ => (best, is_tied) = (Some((name, found)), false),
        }
    }
    best.filter(|_| !is_tied).map(|(name, _)| name)
}

fn count(engine: &mut dyn Engine, files: &Files, map: &Map) -> Result<Seen, SourceError> {
    let sql = select::select(map, files, engine.dialect(), "")?;
    load::run(engine, &sql)?;
    engine.run_model(
        "seen",
        "SELECT name, kind, CAST(COUNT(*) AS BIGINT) AS number, MIN(ts) AS first_ts, MAX(ts) AS last_ts \
         FROM events GROUP BY name, kind",
    )?;
    let mut seen = Seen::default();
    for row in answer::rows(engine, "seen")? {
        let [Some(name), Some(kind), Some(number), Some(first), Some(last)] = row.as_slice() else { continue };
        seen.events.push((name.clone(), kind.clone(), number.parse().unwrap_or(0)));
        if let (Ok(first), Ok(last)) = (first.parse::<i64>(), last.parse::<i64>()) {
            let (earliest, latest) = seen.times.unwrap_or((first, last));
            seen.times = Some((earliest.min(first), latest.max(last)));
        }
    }
    for (table, reasons) in [(select::BAD_ROWS, &mut seen.bad), (select::LEFT_OUT, &mut seen.left_out)] {
        engine.run_model(
            "reasons",
            &format!("SELECT why, CAST(SUM(rows) AS BIGINT) AS number FROM {table} GROUP BY why"),
        )?;
        for row in answer::rows(engine, "reasons")? {
            let [Some(why), Some(number)] = row.as_slice() else { continue };
            reasons.push((why.clone(), number.parse().unwrap_or(0)));
        }
        engine.drop_table("reasons")?;
    }
    Ok(seen)
}
