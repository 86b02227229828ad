//! Which files a log consists of.

mod head;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::engine::Format;
use crate::source::SourceError;
use crate::source::map::Map;
pub use head::{ColumnKind, Heads};

/// The files of a log, all written alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// Their paths, in order. A path with `://` is the engine's own to find, and is here as it was given.
    pub paths: Vec<PathBuf>,
    /// How they are written.
    pub format: Format,
    /// Their columns.
    pub heads: Heads,
    /// What was left out, and why, for people.
    pub notes: Vec<String>,
}

/// How files of this name are written; `None` if the name does not say. `.gz` may follow.
pub fn format_of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    // Old logs are called access.log.1.
    let numbered = name.rsplit_once('.').filter(|(_, end)| end.bytes().all(|byte| byte.is_ascii_digit()));
    let name = numbered.map_or(name, |(start, _)| start);
    match name.rsplit_once('.')?.1 {
        "csv" => Some(Format::Csv),
        "ndjson" | "jsonl" | "json" => Some(Format::Ndjson),
        "parquet" => Some(Format::Parquet),
        "log" => Some(Format::Lines),
        _ => None,
    }
}

/// Finds the files of a log: PATH is a file, a folder with all that is in it, or a pattern with `*`, `?` and `**`.
///
/// A file whose name begins with a dot or an underscore is none of the log's, as engines have it. Of GA4, a table of
/// the running day (`events_intraday_20261129`) is left out where the table of the whole day is there: both have the
/// same events.
///
/// # Errors
///
/// When there is nothing, when a file is written in another way than the map says or the others are, and when a file
/// cannot be read or lacks a column.
pub fn files(path: &Path, map: &Map) -> Result<Files, SourceError> {
    files_of(path, map.format)
}

/// The same for a log that has no map yet; `format` is how it is written, if that is known otherwise than by names.
///
/// # Errors
///
/// As for [`files`].
pub fn files_of(path: &Path, format: Option<Format>) -> Result<Files, SourceError> {
    let mut notes = Vec::new();
    let written = path.to_string_lossy();
    if written.contains("://") {
        let format = format.or_else(|| format_of(path)).ok_or_else(|| no_format(path))?;
        return Ok(Files { paths: vec![path.to_owned()], format, heads: Heads::unknown(), notes });
    }
    let found = if path.is_dir() { in_folder(path, format, &mut notes)? } else { named(path, &written)? };
    let mut paths = without_running_days(found, &mut notes);
    paths.sort();
    paths.dedup();
    let Some(first) = paths.first() else {
        return Err(SourceError::File { path: path.to_owned(), why: "no file of a log is there".to_owned() });
    };
    let format = format.or_else(|| format_of(first)).ok_or_else(|| no_format(first))?;
    if let Some(other) = paths.iter().find(|path| format_of(path).is_some_and(|other| other != format)) {
        let why = format!("is not {}, as its name says, expected files of one format", name_of(format));
        return Err(SourceError::File { path: other.clone(), why });
    }
    let heads = Heads::of(&paths, format)?;
    Ok(Files { paths, format, heads, notes })
}

fn no_format(path: &Path) -> SourceError {
    let why = "its name does not say how it is written, expected .csv, .ndjson, .jsonl, .json, .parquet or .log, or \
               a map with format"
        .to_owned();
    SourceError::File { path: path.to_owned(), why }
}

/// What a format is called in a map.
pub fn name_of(format: Format) -> &'static str {
    match format {
        Format::Csv => "csv",
        Format::Ndjson | Format::Json => "ndjson",
        Format::Lines => "lines",
        Format::Parquet => "parquet",
    }
}

fn named(path: &Path, written: &str) -> Result<Vec<PathBuf>, SourceError> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let refused = |why: String| SourceError::File { path: path.to_owned(), why };
    if !written.contains(['*', '?', '[']) {
        return Err(refused("is not there".to_owned()));
    }
    let found = glob::glob(written).map_err(|error| refused(format!("is no pattern: {error}")))?;
    let found = found.collect::<Result<Vec<PathBuf>, _>>().map_err(|error| refused(error.to_string()))?;
    Ok(found.into_iter().filter(|path| path.is_file()).collect())
}

/// All files of a folder and its folders that are, by their names, of a log.
fn in_folder(folder: &Path, format: Option<Format>, notes: &mut Vec<String>) -> Result<Vec<PathBuf>, SourceError> {
    let unreadable = |error: std::io::Error| SourceError::File { path: folder.to_owned(), why: error.to_string() };
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut paths: Vec<PathBuf> = entries.map_err(unreadable)?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(['.', '_']) {
            continue;
        }
        if path.is_dir() {
            found.append(&mut in_folder(&path, format, notes)?);
        } else if format_of(&path).is_some() || (format.is_some() && path.extension().is_none()) {
            // Exports of warehouses are often called part-00000 and no more.
            found.push(path);
        } else {
            notes.push(format!("{}: left out, by its name it is no log", path.display()));
        }
    }
    Ok(found)
}

const RUNNING: &str = "events_intraday_";
const WHOLE: &str = "events_";

/// The day of a table of GA4, as `20261129`, after what its name begins with: in the name of a file or of a folder.
fn day_of(path: &Path, beginning: &str) -> Option<String> {
    path.components().rev().find_map(|part| {
        let day = part.as_os_str().to_str()?.strip_prefix(beginning)?.get(..8)?;
        day.bytes().all(|byte| byte.is_ascii_digit()).then(|| day.to_owned())
    })
}

fn without_running_days(found: Vec<PathBuf>, notes: &mut Vec<String>) -> Vec<PathBuf> {
    let whole: BTreeSet<String> = found.iter().filter_map(|path| day_of(path, WHOLE)).collect();
    let mut kept = Vec::new();
    for path in found {
        match day_of(&path, RUNNING).filter(|day| whole.contains(day)) {
            Some(day) => notes.push(format!("{}: left out, {WHOLE}{day} has the whole day", path.display())),
            None => kept.push(path),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_how_a_file_is_written() {
        let cases = [
            ("a.csv", Some(Format::Csv)),
            ("a.CSV.gz", Some(Format::Csv)),
            ("a.ndjson", Some(Format::Ndjson)),
            ("a.jsonl.gz", Some(Format::Ndjson)),
            ("events_20261129.json", Some(Format::Ndjson)),
            ("a.parquet", Some(Format::Parquet)),
            ("access.log", Some(Format::Lines)),
            ("access.log.2.gz", Some(Format::Lines)),
            ("README.md", None),
            ("a.tsv", None),
            ("csv", None),
        ];
        for (name, expected) in cases {
            assert_eq!(format_of(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_running_day_gives_way_to_the_whole_day_of_its_own_date() {
        let paths = ["d/events_20261128.json", "d/events_intraday_20261128.json", "d/events_intraday_20261129/x.json"];
        let mut notes = Vec::new();
        let kept = without_running_days(paths.iter().map(PathBuf::from).collect(), &mut notes);
        assert_eq!(kept, [PathBuf::from(paths[0]), PathBuf::from(paths[2])]);
        assert_eq!(notes, ["d/events_intraday_20261128.json: left out, events_20261128 has the whole day"]);
    }
}
