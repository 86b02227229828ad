//! The rows of a CSV file of recorded sessions: one row an event, rows of a session anywhere in the file. What a good row
//! is, is the same for whoever reads one; what becomes of a bad row is theirs to say.

use std::path::Path;

use serde::Deserialize;
use tailorbird::reader::is_event_name;
use tailorbird::time::{Timestamp, moment};

use crate::csv_rows::{Columns, Rows, found};
use crate::ending::Ending;

/// The columns of sessions that are each that of another visitor, on one page.
pub const OF_STRANGERS: Columns = Columns {
    needed: &["SessionId", "ItemId", "Time"],
    optional: &["Event", "Category", "Price"],
    together: &[],
    expected: "SessionId,ItemId,Time and optionally Event,Category,Price",
};

/// The columns of sessions that may say whose they are and on what page something happened.
pub const OF_VISITORS: Columns = Columns {
    needed: &["SessionId", "ItemId", "Time"],
    optional: &["Event", "Category", "Price", "VisitorId", "Page"],
    together: &[],
    expected: "SessionId,ItemId,Time and optionally Event,Category,Price,VisitorId,Page",
};

/// What a `Time` is expected to be.
pub const TIME: &str = "seconds since 1970, up to the year 9999, or a time with its zone, such as 2026-11-28T10:00Z";

/// The last second of the year 9999. What lies beyond is most likely in milliseconds.
const LAST_SECOND: i64 = 253_402_300_799;
/// The largest price the engine believes.
const LARGEST_PRICE: f64 = 1e9;
/// The event of a row without an item.
const PAGE_VIEW: &str = "page_view";

/// One event. What is optional is `None` where its column is missing or its field is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// The id of the session; not empty.
    pub session: String,
    /// Whose it is.
    pub visitor: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The id of the item; `None` for a page view, which has a page.
    pub item: Option<String>,
    /// The path of the page.
    pub page: Option<String>,
    /// The name of the event, one that the engine takes.
    pub event: Option<String>,
    /// The category of the item.
    pub category: Option<String>,
    /// The price of the item, 0 to 1e9.
    pub price: Option<f64>,
}

/// The rows of a file in its order: the number of the line, and the row or what is wrong with it.
///
/// # Errors
///
/// When the file cannot be read or has no fitting header.
pub fn session_rows(
    path: &Path,
    columns: &Columns,
) -> Result<impl Iterator<Item = (usize, Result<SessionRow, String>)>, Ending> {
    let rows = Rows::<Written>::open(path, columns)?;
    Ok(rows.map(|(line, row)| (line, row.and_then(Written::read))))
}

/// A row as it is written.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    session_id: String,
    item_id: String,
    time: String,
    event: Option<String>,
    category: Option<String>,
    price: Option<String>,
    visitor_id: Option<String>,
    page: Option<String>,
}

impl Written {
    fn read(self) -> Result<SessionRow, String> {
        let Written { session_id, item_id, time: at, event, category, price, visitor_id, page } = self;
        let is_page_view =
            item_id.is_empty() && page.is_some() && event.as_deref().is_none_or(|event| event == PAGE_VIEW);
        for (name, text, is_needed) in [("SessionId", &session_id, true), ("ItemId", &item_id, !is_page_view)] {
            if is_needed && text.is_empty() {
                return Err(format!("{name} is empty, expected an id"));
            }
        }
        let at = time(&at).ok_or_else(|| format!("Time is {}, expected {TIME}", found(&at)))?;
        if let Some(event) = event.as_deref().filter(|event| !is_event_name(event)) {
            let expected = "a letter, then up to 39 letters, digits and underscores";
            return Err(format!("Event is {}, expected {expected}", found(event)));
        }
        let price = price.map(|text| {
            let price = text.parse().ok().filter(|price| (0.0..=LARGEST_PRICE).contains(price));
            price.ok_or_else(|| format!("Price is {}, expected a number from 0 to 1000000000", found(&text)))
        });
        let (price, item) = (price.transpose()?, (!is_page_view).then_some(item_id));
        Ok(SessionRow { session: session_id, visitor: visitor_id, at, item, page, event, category, price })
    }
}

/// A time as recorded sessions write it: [`TIME`].
pub fn time(written: &str) -> Option<Timestamp> {
    let ms = milliseconds(written);
    ms.map(Timestamp::from_ms).or_else(|| moment(written).filter(|at| at.ms() >= 0))
}

/// Seconds with decimals, as text, to the nearest millisecond: no detour over a binary fraction.
fn milliseconds(seconds: &str) -> Option<i64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole <= LAST_SECOND)?;
    let mut places = fraction.bytes().map(|digit| i64::from(digit - b'0')).chain(std::iter::repeat(0));
    let thousandths = places.by_ref().take(3).fold(0, |sum, digit| sum * 10 + digit);
    let rounded = i64::from(places.next() >= Some(5));
    Some(whole * 1_000 + thousandths + rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_the_nearest_millisecond() {
        let cases = [
            ("1396871797.614", Some(1_396_871_797_614)),
            ("1396871797.61", Some(1_396_871_797_610)),
            ("1396871797", Some(1_396_871_797_000)),
            ("1.0005", Some(1_001)),
            ("1.00049999", Some(1_000)),
            ("0.9996", Some(1_000)),
            ("7.", Some(7_000)),
            ("1396871797614", None),
            ("253402300800", None),
            ("-5", None),
            ("1e9", None),
            ("", None),
            (".", None),
            ("2014-04-07", None),
            ("1970-01-01T00:01+00:00", Some(60_000)),
            ("1969-12-31T23:59Z", None),
        ];
        for (text, expected) in cases {
            assert_eq!(time(text).map(Timestamp::ms), expected, "{text:?}");
        }
    }

    #[test]
    fn only_a_row_with_a_page_may_lack_its_item() {
        let row = |page: Option<&str>, event: Option<&str>| {
            let [page, event] = [page, event].map(|text| text.map(str::to_owned));
            Written { session_id: "s".to_owned(), time: "5".to_owned(), page, event, ..Written::default() }.read()
        };
        assert_eq!(row(Some("/hats"), None).map(|row| row.item), Ok(None));
        assert_eq!(row(Some("/hats"), Some("page_view")).map(|row| row.item), Ok(None));
        for (page, event, why) in [(None, None, "no page"), (Some("/hats"), Some("purchase"), "bought nothing")] {
            assert_eq!(row(page, event).unwrap_err(), "ItemId is empty, expected an id", "{why}");
        }
    }
}
