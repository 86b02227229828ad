//! Numbers in place of visitors and sessions. Visitors are numbered by chance: whoever takes the lowest numbers takes a
//! fair sample.

use crate::engine::Dialect;
use crate::models::SEPARATOR;

/// The columns of [`EVENTS`](super::EVENTS) that are counted, besides `kind`, `visitor_key` and `session_key`.
const COUNTED: [&str; 6] = ["ts", "day", "item", "category", "page", "value"];

/// All that `kind` may be.
const KINDS: [&str; 4] = ["view", "purchase", "page", "shown"];

/// A SELECT of what is counted of rows with the columns of [`EVENTS`](super::EVENTS), and of `further` columns.
pub fn with_keys(dialect: Dialect, from: &str, further: &[&str]) -> String {
    let columns: Vec<&str> = COUNTED.iter().chain(further).copied().collect();
    let session = format!("CASE WHEN session IS NOT NULL THEN CONCAT(visitor, '{SEPARATOR}', session) END");
    format!(
        "SELECT {}, {} AS kind, {} AS visitor_key, {} AS session_key FROM ({from}) AS rows_before",
        columns.join(", "),
        kind(dialect),
        key(dialect, "visitor"),
        key(dialect, &session)
    )
}

/// The kind, in one byte where the engine has a type for that: a text takes eight times as much of every row.
fn kind(dialect: Dialect) -> String {
    match dialect {
        Dialect::DuckDb => format!("CAST(kind AS ENUM ({}))", KINDS.map(|kind| format!("'{kind}'")).join(", ")),
        Dialect::Spark => "kind".to_owned(),
    }
}

/// The low 60 bits of the first eight bytes of a text's MD5, the last byte counting most. That is the order of DuckDB's own
/// number, which takes less than half the time of reading one from the hexadecimal digits.
fn key(dialect: Dialect, text: &str) -> String {
    match dialect {
        Dialect::DuckDb => format!("CAST(md5_number({text}) & 1152921504606846975 AS BIGINT)"),
        Dialect::Spark => {
            let byte = |at: usize| format!("SUBSTRING(MD5({text}), {at}, 2)");
            let bytes: Vec<String> = [13, 11, 9, 7, 5, 3, 1].into_iter().map(byte).collect();
            let digits = format!("CONCAT(SUBSTRING(MD5({text}), 16, 1), {})", bytes.join(", "));
            format!("CAST(CONV({digits}, 16, 10) AS BIGINT)")
        }
    }
}
