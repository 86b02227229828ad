//! What DuckDB is told, be it a command or a library.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Settings;
use crate::engine::Format;

/// The limits of an engine, and the folder that it spills to.
pub fn limits(settings: &Settings, spilled: &Path) -> String {
    let mut limits = format!("SET temp_directory = {};", text(&spilled.display().to_string()));
    // The order of rows says nothing, and keeping it takes memory.
    limits.push_str("SET preserve_insertion_order = false; SET enable_progress_bar = false;");
    // A time without a zone is in UTC, wherever the log is read.
    limits.push_str("SET TimeZone = 'UTC';");
    if let Some(memory) = &settings.memory {
        let _ = write!(limits, "SET memory_limit = {};", text(memory));
    }
    if let Some(threads) = settings.threads {
        let _ = write!(limits, "SET threads = {threads};");
    }
    limits
}

/// A view: what is read once need not be kept.
pub fn read(table: &str, format: Format, files: &[PathBuf]) -> String {
    let mut names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let quoted = |names: &[String]| names.iter().map(|name| text(name)).collect::<Vec<String>>().join(", ");
    let files = format!("[{}]", quoted(&names));
    // A table that keeps the file of each row would hold millions of copies of a few paths; of an ENUM it holds a byte
    // or two. Its values are in the order of texts, so that the least file is the same. What is behind an address has
    // names that only DuckDB knows.
    names.sort();
    names.dedup();
    let file = match names.iter().any(|name| name.contains("://")) {
        true => "tb_file".to_owned(),
        false => format!("CAST(tb_file AS ENUM ({}))", quoted(&names)),
    };
    // Lines are fields between separators that no text has: control characters, not escapes, which logs do have.
    let lines = "auto_detect = false, header = false, delim = '\u{1}\u{2}\u{3}', quote = '', escape = '', \
                 strict_mode = false, max_line_size = 16777216, columns = {'line': 'VARCHAR'}";
    // Nothing but names is guessed from the first lines. Short rows and quoted newlines in one file are more than
    // its readers can do side by side.
    let csv = "delim = ',', quote = '\"', escape = '\"', header = true, all_varchar = true, union_by_name = true, \
               null_padding = true, strict_mode = false, parallel = false";
    let reader = match format {
        Format::Csv => format!("read_csv({files}, {csv}, filename = 'tb_file')"),
        Format::Ndjson | Format::Lines => {
            format!("read_csv({files}, {lines}, filename = 'tb_file') WHERE line IS NOT NULL")
        }
        Format::Json => format!("read_ndjson_objects({files}, ignore_errors = true, filename = 'tb_file')"),
        Format::Parquet => {
            format!("read_parquet({files}, union_by_name = true, hive_partitioning = true, filename = 'tb_file')")
        }
    };
    let columns = match format {
        Format::Json => format!("CAST(json AS VARCHAR) AS line, {file} AS tb_file"),
        _ => format!("* REPLACE ({file} AS tb_file)"),
    };
    format!("CREATE OR REPLACE TEMP VIEW {table} AS SELECT {columns} FROM {reader}")
}

/// A name for a SELECT.
pub fn define(view: &str, select: &str) -> String {
    // The last line of a SELECT may be a comment.
    format!("CREATE OR REPLACE TEMP VIEW {view} AS {}\n", select.trim().trim_end_matches(';'))
}

/// A table of what a SELECT answers.
pub fn run_model(table: &str, select: &str) -> String {
    format!("CREATE TEMP TABLE {table} AS {}\n", select.trim().trim_end_matches(';'))
}

/// How many rows a table has, in a column `rows`.
pub fn count(table: &str) -> String {
    format!("SELECT COUNT(*) AS rows FROM {table}")
}

/// Parquet files of a table in a folder that is there.
pub fn export(table: &str, folder: &Path) -> String {
    format!("COPY {table} TO {} (FORMAT parquet)", text(&folder.join("part-0.parquet").display().to_string()))
}

/// A table less.
pub fn drop_table(table: &str) -> String {
    format!("DROP TABLE {table}")
}

/// A text as SQL writes it.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_row_is_an_enum_unless_it_is_behind_an_address() {
        let read = |paths: [&str; 2]| read("raw", Format::Parquet, &paths.map(PathBuf::from));
        assert!(read(["b's.csv", "b"]).contains("CAST(tb_file AS ENUM ('b', 'b''s.csv'))"));
        assert!(!read(["b", "s3://shop/*.parquet"]).contains("ENUM"));
    }
}
