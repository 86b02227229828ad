//! Recorded sessions, read from CSV: one row an event, rows of a session anywhere in the file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use tailorbird::reader::is_event_name;
use tailorbird::time::{Timestamp, moment};

use super::recorded::{Categories, Item, Kind, Recorded};
use crate::csv_rows::{Columns, Problems, Rows, found};
use crate::ending::{Ending, complain};

/// How many bad rows are named; the rest is counted.
const NAMED: usize = 10;
/// The last second of the year 9999. What lies beyond is most likely in milliseconds.
const LAST_SECOND: i64 = 253_402_300_799;
/// The largest price the engine believes.
const LARGEST_PRICE: f64 = 1e9;
/// The event of a row that does not say.
const DEFAULT_EVENT: &str = "view_item";

const COLUMNS: Columns = Columns {
    needed: &["SessionId", "ItemId", "Time"],
    optional: &["Event", "Category", "Price"],
    together: &[],
    expected: "SessionId,ItemId,Time and optionally Event,Category,Price",
};

const VISIT_COLUMNS: Columns = Columns {
    needed: &["SessionId", "ItemId", "Time"],
    optional: &["Event", "Category", "Price", "VisitorId", "Page"],
    together: &[],
    expected: "SessionId,ItemId,Time and optionally Event,Category,Price,VisitorId,Page",
};

/// The event of a row without an item.
const PAGE_VIEW: &str = "page_view";

/// A row as it is written. An empty field says as little as a missing column.
#[derive(Deserialize)]
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

/// All sessions of a file.
#[derive(Debug, Default)]
pub struct Sessions {
    texts: Texts,
    /// By visitor in the order of their first rows, then by time, then in the order of the file.
    rows: Vec<Row>,
    /// How many rows could not be used.
    pub bad_rows: usize,
    /// Where the rows' categories come from.
    pub categories: Categories,
}

/// One event, its texts by their places.
#[derive(Clone, Copy, Debug)]
struct Row {
    visitor: u32,
    session: u32,
    at_ms: i64,
    /// `None` for a page view.
    item: Option<u32>,
    page: Option<u32>,
    event: u32,
    category: u32,
    price: Option<f64>,
}

/// One session: a visitor, and what they did, in the order of time.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    /// Its id in the file.
    pub id: &'a str,
    /// Whose it is; its own id where the file does not say.
    pub visitor: &'a str,
    texts: &'a Texts,
    rows: &'a [Row],
}

impl Sessions {
    /// Reads a file in which each session is that of another visitor, on one page. Bad rows are named on stderr and
    /// left out.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, has no fitting header, or holds no good row.
    pub fn read(path: &Path) -> Result<Sessions, Ending> {
        Sessions::read_columns(path, &COLUMNS, milliseconds)
    }

    /// The same of a file that may say whose a session is and what page it is on, has page views, and times as people
    /// write them.
    ///
    /// # Errors
    ///
    /// As for [`Sessions::read`].
    pub fn read_visits(path: &Path) -> Result<Sessions, Ending> {
        Sessions::read_columns(path, &VISIT_COLUMNS, |written| {
            milliseconds(written).or_else(|| moment(written).map(Timestamp::ms).filter(|ms| *ms >= 0))
        })
    }

    fn read_columns(path: &Path, columns: &Columns, time: fn(&str) -> Option<i64>) -> Result<Sessions, Ending> {
        let mut sessions = Sessions::default();
        let mut bad = Problems::new(path, NAMED);
        for (line, row) in Rows::<Written>::open(path, columns)? {
            if let Err(why) = row.and_then(|row| sessions.add(&row, time)) {
                bad.note(line, &why);
            }
        }
        sessions.bad_rows = bad.count();
        if bad.count() > 0 {
            complain(&bad.text());
        }
        if sessions.rows.is_empty() {
            return Err(Ending::Problems(match sessions.bad_rows {
                0 => format!("{}: holds no rows, expected a header and at least one", path.display()),
                1 => format!("{}: the only row is bad", path.display()),
                count => format!("{}: all {count} rows are bad", path.display()),
            }));
        }
        // Stable: what happened in the same millisecond stays in the order of the file.
        sessions.rows.sort_by_key(|row| (row.visitor, row.at_ms));
        Ok(sessions)
    }

    /// Adds a row, or says why it cannot be used.
    fn add(&mut self, row: &Written, time: fn(&str) -> Option<i64>) -> Result<(), String> {
        // Only a file of visits has pages.
        let is_page_view =
            row.item_id.is_empty() && row.page.is_some() && row.event.as_deref().is_none_or(|event| event == PAGE_VIEW);
        for (name, text) in [("SessionId", &row.session_id), ("ItemId", &row.item_id)] {
            if text.is_empty() && !(is_page_view && name == "ItemId") {
                return Err(format!("{name} is empty, expected an id"));
            }
        }
        let at_ms = time(&row.time)
            .ok_or_else(|| format!("Time is {}, expected seconds since 1970, up to the year 9999", found(&row.time)))?;
        let event = row.event.as_deref().unwrap_or(DEFAULT_EVENT);
        if !is_event_name(event) {
            let expected = "a letter, then up to 39 letters, digits and underscores";
            return Err(format!("Event is {}, expected {expected}", found(event)));
        }
        let price = row.price.as_deref().map(|text| {
            price(text).ok_or_else(|| format!("Price is {}, expected a number from 0 to 1000000000", found(text)))
        });
        let price = price.transpose()?;
        let category =
            if is_page_view { String::new() } else { self.categories.or_made_up(row.category.clone(), &row.item_id) };
        let texts = &mut self.texts;
        self.rows.push(Row {
            visitor: texts.place(row.visitor_id.as_deref().unwrap_or(&row.session_id)),
            session: texts.place(&row.session_id),
            at_ms,
            item: (!is_page_view).then(|| texts.place(&row.item_id)),
            page: row.page.as_deref().map(|page| texts.place(page)),
            event: texts.place(event),
            category: texts.place(&category),
            price,
        });
        Ok(())
    }

    /// How many events there are in all.
    pub fn events(&self) -> usize {
        self.rows.len()
    }

    /// The sessions, by visitor in the order of their first rows.
    pub fn iter(&self) -> impl Iterator<Item = Session<'_>> {
        self.rows.chunk_by(|one, next| (one.visitor, one.session) == (next.visitor, next.session)).map(|rows| Session {
            id: rows.first().map_or("", |row| self.texts.get(row.session)),
            visitor: rows.first().map_or("", |row| self.texts.get(row.visitor)),
            texts: &self.texts,
            rows,
        })
    }
}

impl<'a> Session<'a> {
    /// The events, in the order of time.
    pub fn events(self) -> impl Iterator<Item = Recorded> + use<'a> {
        let text = move |place| self.texts.get(place).to_owned();
        self.rows.iter().map(move |row| {
            let kind = row.item.map_or(Kind::PageView, |item| {
                let item = Item { id: text(item), category: text(row.category), price: row.price, quantity: None };
                Kind::Event { name: text(row.event), items: vec![item], value: None, order: None }
            });
            Recorded { at: Timestamp::from_ms(row.at_ms), kind, page: row.page.map(text) }
        })
    }
}

/// Each text once: the rows of a large file repeat few of them.
#[derive(Debug, Default)]
struct Texts {
    list: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
}

impl Texts {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let text: Arc<str> = text.into();
        // Four billion texts would not have fitted the memory.
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(Arc::clone(&text));
        self.places.insert(text, place);
        place
    }

    fn get(&self, place: u32) -> &str {
        self.list.get(place as usize).map_or("", |text| text)
    }
}

/// Seconds with decimals, as text, to the nearest millisecond: no detour over a binary fraction.
pub fn milliseconds(seconds: &str) -> Option<i64> {
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

fn price(text: &str) -> Option<f64> {
    text.parse().ok().filter(|price| (0.0..=LARGEST_PRICE).contains(price))
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
        ];
        for (text, expected) in cases {
            assert_eq!(milliseconds(text), expected, "{text:?}");
        }
    }
}
