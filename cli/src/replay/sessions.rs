//! Recorded sessions, read from CSV: one row an event, rows of a session anywhere in the file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use tailorbird::time::Timestamp;

use super::recorded::{Categories, Item, Kind, Recorded};
use crate::csv_rows::{Columns, Problems};
use crate::ending::Ending;
use crate::session_rows::{OF_STRANGERS, OF_VISITORS, SessionRow, session_rows};

/// How many bad rows are named; the rest is counted.
const NAMED: usize = 10;
/// The event of a row that does not say.
const DEFAULT_EVENT: &str = "view_item";

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
        Sessions::read_columns(path, &OF_STRANGERS)
    }

    /// The same of a file that may say whose a session is and what page it is on, and has page views.
    ///
    /// # Errors
    ///
    /// As for [`Sessions::read`].
    pub fn read_visits(path: &Path) -> Result<Sessions, Ending> {
        Sessions::read_columns(path, &OF_VISITORS)
    }

    fn read_columns(path: &Path, columns: &Columns) -> Result<Sessions, Ending> {
        let mut sessions = Sessions::default();
        let mut bad = Problems::new(path, NAMED);
        for (line, row) in session_rows(path, columns)? {
            match row {
                Ok(row) => sessions.add(row),
                Err(why) => bad.note(line, &why),
            }
        }
        sessions.bad_rows = bad.count();
        bad.complain();
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

    fn add(&mut self, row: SessionRow) {
        let category = row.item.as_ref().map(|item| self.categories.or_made_up(row.category, item));
        let texts = &mut self.texts;
        self.rows.push(Row {
            visitor: texts.place(row.visitor.as_deref().unwrap_or(&row.session)),
            session: texts.place(&row.session),
            at_ms: row.at.ms(),
            item: row.item.map(|item| texts.place(&item)),
            page: row.page.map(|page| texts.place(&page)),
            event: texts.place(row.event.as_deref().unwrap_or(DEFAULT_EVENT)),
            category: texts.place(&category.unwrap_or_default()),
            price: row.price,
        });
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
