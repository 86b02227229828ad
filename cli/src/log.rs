//! A log of a site, looked into before a model is trained of it: its columns, its events, and a map.

use std::path::Path;

use serde_json::{Value, json};
use tailorbird::time::{Timestamp, Zone, date, time_of_day};
use tailorbird_companion::engine::duckdb::Settings;
use tailorbird_companion::source::look::{self, Look, Seen};
use tailorbird_companion::source::{self, Files, Map, SourceError};

use crate::ending::{Ending, print};
use crate::engine::start_duckdb;
use crate::style::{self, GOOD, HEADING, Left, Right, WARNING, paint};

/// So many columns and reasons are listed; the rest is counted.
const LISTED: usize = 60;

/// Whether a file is a log rather than a page, by its name: a folder is one.
pub fn is_log(path: &str) -> bool {
    let is_address = path.split_once("://").is_some_and(|(scheme, _)| matches!(scheme, "http" | "https"));
    !is_address && (source::format_of(Path::new(path)).is_some() || Path::new(path).is_dir())
}

/// Prints what is in a log.
///
/// # Errors
///
/// When its map is not whole or nothing comes of it, and when it cannot be read.
pub fn inspect(path: &Path, map: Option<&str>, program: Option<&Path>, is_json: bool) -> Result<(), Ending> {
    let map = map.map(source::map_of).transpose().map_err(|error| ending(&error))?;
    let files = source::files_of(path, map.as_ref().and_then(|map| map.format)).map_err(|error| ending(&error))?;
    let started = start_duckdb(program, Settings::default());
    let mut engine = started.map_err(|error| Ending::Misuse(error.to_string()))?;
    let look = look::look(engine.as_mut(), &files, map.as_ref()).map_err(|error| ending(&error))?;
    let is_good = look.proposal.open.is_empty() && look.refused.is_none();
    print(&if is_json {
        format!("{}\n", as_json(&files, &look, is_good))
    } else {
        text(path, &files, &look, map.as_ref())
    })?;
    if is_good { Ok(()) } else { Err(Ending::Overrides) }
}

fn ending(error: &SourceError) -> Ending {
    match error {
        SourceError::Map(_) => Ending::Problems(error.to_string()),
        _ => Ending::Misuse(error.to_string()),
    }
}

fn as_json(files: &Files, look: &Look, is_good: bool) -> Value {
    let columns = look.profile.columns.iter().map(|(path, column)| {
        json!({"column": path, "type": column.kind().name(), "empty": look.profile.rows.saturating_sub(column.filled),
               "distinct": column.values.len()})
    });
    let open = look.proposal.open.iter().map(|open| json!({"key": open.key, "candidates": open.candidates}));
    let seen = look.seen.clone().unwrap_or_default();
    let events = seen.events.iter().map(|(name, kind, rows)| json!({"name": name, "kind": kind, "rows": rows}));
    let reasons = |reasons: &[(String, u64)]| {
        Value::from_iter(reasons.iter().map(|(why, rows)| json!({"why": why, "rows": rows})))
    };
    json!({
        "files": files.paths, "format": source::name_of(files.format), "rows": look.profile.rows,
        "columns": Value::from_iter(columns), "notes": files.notes, "ready": look.fits, "map": look.proposal.text,
        "open": Value::from_iter(open), "events": Value::from_iter(events),
        "from": seen.times.map(|(first, _)| instant(first)), "to": seen.times.map(|(_, last)| instant(last)),
        "badRows": reasons(&seen.bad), "leftOut": reasons(&seen.left_out), "problem": look.refused, "good": is_good,
    })
}

fn text(path: &Path, files: &Files, look: &Look, map: Option<&Map>) -> String {
    let count = files.paths.len();
    let mut text = format!(
        "{}: {}, {count} {}, columns by {} rows\n\n",
        path.display(),
        source::name_of(files.format),
        if count == 1 { "file" } else { "files" },
        look.profile.rows
    );
    for note in &files.notes {
        text.push_str(&format!("{note}\n"));
    }
    if look.profile.columns.is_empty() {
        // Lines of text have no columns of their own.
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let rows = look.profile.columns.iter().take(LISTED).map(|(path, column)| {
        let more =
            if column.values.len() > 1_000 { "more than 1000".to_owned() } else { column.values.len().to_string() };
        [path.clone(), column.kind().name().to_owned(), share(look.profile.rows, column.filled), more]
    });
    if !look.profile.columns.is_empty() {
        text.push_str(&style::table(Some(["column", "type", "empty", "distinct"]), [Left, Left, Right, Right], rows));
    }
    if look.profile.columns.len() > LISTED {
        text.push_str(&format!("  and {} more\n", look.profile.columns.len() - LISTED));
    }
    if let Some(seen) = &look.seen {
        text.push_str(&events(seen));
    }
    if let Some(refused) = &look.refused {
        text.push_str(&format!("\n{} {refused}\n", paint(WARNING, "nothing comes of it:")));
    }
    text.push_str(&conclusion(look, map));
    text
}

/// The share of rows that lack a value. One that is not 0 does not look like it.
fn share(rows: usize, filled: usize) -> String {
    let lacking = rows.saturating_sub(filled);
    #[allow(clippy::cast_precision_loss, reason = "at most 20,000 rows")]
    let percent = lacking as f64 * 100.0 / rows.max(1) as f64;
    if lacking > 0 && percent < 0.1 { "< 0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

fn events(seen: &Seen) -> String {
    let mut text = format!("\n{}\n", paint(HEADING, "events of at most a million rows"));
    let rows = seen.events.iter().take(LISTED).map(|(name, kind, rows)| [name.clone(), kind.clone(), rows.to_string()]);
    text.push_str(&style::table(Some(["event", "kind", "rows"]), [Left, Left, Right], rows));
    if let Some((first, last)) = seen.times {
        text.push_str(&format!("  from {} to {}\n", instant(first), instant(last)));
    }
    for (title, reasons) in [("unreadable rows", &seen.bad), ("rows that do not count", &seen.left_out)] {
        if !reasons.is_empty() {
            text.push_str(&format!("\n{}\n", paint(HEADING, title)));
            let rows = reasons.iter().take(LISTED).map(|(why, rows)| [why.clone(), rows.to_string()]);
            text.push_str(&style::table(None, [Left, Right], rows));
        }
    }
    text
}

/// Which map it is, and what is open.
fn conclusion(look: &Look, map: Option<&Map>) -> String {
    if let Some(map) = map {
        return map.note.as_ref().map(|note| format!("\n{note}\n")).unwrap_or_default();
    }
    if let Some(name) = look.fits {
        let note = Map::ready(name).and_then(Result::ok).and_then(|map| map.note).unwrap_or_default();
        return format!("\n{} --map {name}\n{note}\n", paint(GOOD, "a ready map fits:"));
    }
    let open: Vec<&str> = look.proposal.open.iter().map(|open| open.key).collect();
    let heading = match open.is_empty() {
        true => paint(GOOD, "map.toml"),
        false => paint(WARNING, format!("map.toml, of which is open: {}", open.join(", "))),
    };
    format!("\n{heading}\n\n{}", look.proposal.text)
}

/// A time as ISO 8601 writes it, in UTC.
fn instant(ms: i64) -> String {
    let (at, utc) = (Timestamp::from_ms(ms), Zone(0));
    format!("{}T{}:{:02}Z", date(at, utc), time_of_day(at, utc), ms.div_euclid(1_000).rem_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_a_date() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_773_605_999, "2026-11-27T10:00:05Z"),
            (4_102_444_799_000, "2099-12-31T23:59:59Z"),
        ];
        for (ms, expected) in cases {
            assert_eq!(instant(ms), expected);
        }
    }

    #[test]
    fn a_log_is_told_from_a_page_by_its_name() {
        for path in ["a.csv", "logs/*.parquet", "events_20261127.json", "access.log.1.gz", "."] {
            assert!(is_log(path), "{path}");
        }
        for path in ["index.html", "https://shop.example/list.csv", "http://shop.example/", "shop/page"] {
            assert!(!is_log(path), "{path}");
        }
    }

    #[test]
    fn a_share_above_nothing_is_not_nothing() {
        let cases = [(100, 100, "0.0 %"), (20_000, 19_999, "< 0.1 %"), (4, 3, "25.0 %"), (0, 0, "0.0 %")];
        for (rows, filled, expected) in cases {
            assert_eq!(share(rows, filled), expected);
        }
    }
}
