//! Numbers in place of visitors and sessions. Visitors are numbered by chance: whoever takes the lowest numbers takes a
//! fair sample.

use crate::engine::Dialect;
use crate::models::SEPARATOR;

/// The columns of [`EVENTS`](super::EVENTS) that are counted, besides `visitor_key` and `session_key`.
const COUNTED: [&str; 7] = ["ts", "day", "kind", "item", "category", "page", "value"];

/// A SELECT of what is counted of rows with the columns of [`EVENTS`](super::EVENTS), and of `further` columns.
pub fn with_keys(dialect: Dialect, from: &str, further: &[&str]) -> String {
    let columns: Vec<&str> = COUNTED.iter().chain(further).copied().collect();
    let columns = columns.join(", ");
    let session = format!("CASE WHEN session IS NOT NULL THEN CONCAT(visitor, '{SEPARATOR}', session) END");
    match dialect {
        Dialect::DuckDb => {
            // The first 60 bits of an MD5. As a number it has its last byte first: to swap bytes, then pairs, then
            // fours takes half the time of going through a text. Each is a step, so nothing is computed twice.
            let low = |text: &str| format!("CAST(md5_number({text}) & 18446744073709551615 AS UBIGINT)");
            let swapped = |key: &str, mask: &str, bits: u32| {
                format!("(({key} & {mask}) << {bits}) | (({key} >> {bits}) & {mask}) AS {key}")
            };
            let step = |visitor: &str, session: &str, from: &str| {
                format!("SELECT {columns}, {visitor}, {session} FROM ({from}) AS rows_before")
            };
            let each = |mask: &str, bits: u32, from: &str| {
                step(&swapped("visitor_key", mask, bits), &swapped("session_key", mask, bits), from)
            };
            let md5 =
                step(&format!("{} AS visitor_key", low("visitor")), &format!("{} AS session_key", low(&session)), from);
            let pairs = each("71777214294589695", 8, &md5);
            let fours = each("281470681808895", 16, &pairs);
            // The last swap, and all but the last four bits.
            let last = |key: &str| format!("CAST((({key} & 4294967295) << 28) | ({key} >> 36) AS BIGINT) AS {key}");
            step(&last("visitor_key"), &last("session_key"), &fours)
        }
        Dialect::Spark => {
            let number = |text: &str| format!("CAST(CONV(SUBSTRING(MD5({text}), 1, 15), 16, 10) AS BIGINT)");
            format!(
                "SELECT {columns}, {} AS visitor_key, {} AS session_key FROM ({from}) AS rows_before",
                number("visitor"),
                number(&session)
            )
        }
    }
}
