//! Rows of events in the order of visits become steps: visitors, sessions, and events with all their items.

use std::collections::BTreeMap;

use tailorbird::reader::is_event_name;
use tailorbird::signal::event::ITEMS;
use tailorbird::time::Timestamp;
use tailorbird_companion::visits::{Visited, VisitsError};

use super::super::batches::Closed;
use super::super::recorded::{Categories, Item, Kind, Recorded, Step};

/// What the rows came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Where the categories of items come from.
    pub categories: Categories,
    /// Names of events that the engine does not take, and how many rows have each. Beyond 1,000 names they are all one.
    pub refused: BTreeMap<String, u64>,
}

/// How many names are kept: each row of a log may have one of its own.
const NAMES: usize = 1_000;
/// The name of all others.
const OTHERS: &str = "(others)";

/// Tells `push` the steps, until it does not want more.
///
/// A session is that of the log. Where the log has none, it ends after `session_ms` of inactivity, as in the engine,
/// and is called after the visitor and its number. Rows of one order at one moment are one event.
///
/// # Errors
///
/// When the rows cannot be read to their end.
pub fn steps(
    rows: impl Iterator<Item = Result<Visited, VisitsError>>,
    session_ms: i64,
    push: &mut dyn FnMut(Step) -> Result<(), Closed>,
) -> Result<Rows, VisitsError> {
    let (mut read, mut rows) = (Rows::default(), rows.peekable());
    let mut current = Current::default();
    while let Some(row) = rows.next() {
        let first = row?;
        let kind = match first.kind.as_str() {
            "page" => Kind::PageView,
            _ if is_event_name(&first.name) => {
                let mut items = Items::default();
                items.add(&first, &mut read.categories);
                while let Some(Ok(next)) =
                    rows.next_if(|next| next.as_ref().is_ok_and(|next| is_same_order(&first, next)))
                {
                    items.add(&next, &mut read.categories);
                }
                items.event(&first)
            }
            _ => {
                read.refuse(first.name);
                continue;
            }
        };
        let opened = current.enter(&first, session_ms);
        let event = Step::Event(Recorded { at: Timestamp::from_ms(first.ts), kind, page: first.page });
        if opened.into_iter().chain([event]).try_for_each(&mut *push).is_err() {
            break;
        }
    }
    Ok(read)
}

/// Where the rows have got to.
#[derive(Default)]
struct Current {
    visitor: Option<String>,
    session: Option<String>,
    /// How many sessions of this visitor the log does not name.
    unnamed: u64,
    last_ms: i64,
}

impl Current {
    /// The steps before an event: none within a session.
    fn enter(&mut self, row: &Visited, session_ms: i64) -> Vec<Step> {
        let is_new_visitor = self.visitor.as_ref() != Some(&row.visitor);
        let is_over = row.session.is_none() && row.ts.saturating_sub(self.last_ms) > session_ms;
        let is_new_session = is_new_visitor || is_over || self.session != row.session;
        self.last_ms = row.ts;
        let mut steps = Vec::new();
        if is_new_visitor {
            self.unnamed = 0;
            self.visitor = Some(row.visitor.clone());
            steps.push(Step::Visitor(row.visitor.clone()));
        }
        if is_new_session {
            self.session.clone_from(&row.session);
            let id = row.session.clone().unwrap_or_else(|| {
                self.unnamed += 1;
                format!("{}.{}", row.visitor, self.unnamed)
            });
            steps.push(Step::Session(id));
        }
        steps
    }
}

/// The items of an event, and what they were worth.
#[derive(Default)]
struct Items {
    items: Vec<Item>,
    /// The sum of the values of rows, in hundredths.
    value: Option<i64>,
    lacks_price: bool,
}

impl Items {
    fn add(&mut self, row: &Visited, categories: &mut Categories) {
        self.lacks_price |= row.price.is_none();
        self.value = match (self.value, row.value) {
            (Some(sum), Some(value)) => Some(sum.saturating_add(value)),
            (sum, value) => sum.or(value),
        };
        let Some(id) = &row.item else { return };
        let category = categories.or_made_up(row.category.clone(), id);
        // The engine reads no more of an event.
        if self.items.len() < ITEMS {
            let quantity = row.quantity.map(amount);
            self.items.push(Item { id: id.clone(), category, price: row.price.map(hundredths), quantity });
        }
    }

    fn event(self, first: &Visited) -> Kind {
        // Where all prices are known the engine adds them up itself.
        let value = self.value.filter(|_| self.lacks_price).map(hundredths);
        Kind::Event { name: first.name.clone(), items: self.items, value, order: first.order_id.clone() }
    }
}

impl Rows {
    fn refuse(&mut self, name: String) {
        let name = match self.refused.len() < NAMES || self.refused.contains_key(&name) {
            true => name,
            false => OTHERS.to_owned(),
        };
        *self.refused.entry(name).or_default() += 1;
    }
}

fn is_same_order(first: &Visited, next: &Visited) -> bool {
    first.order_id.is_some()
        && first.order_id == next.order_id
        && (first.ts, &first.name, &first.visitor, &first.session)
            == (next.ts, &next.name, &next.visitor, &next.session)
}

fn hundredths(amount_in_hundredths: i64) -> f64 {
    amount(amount_in_hundredths) / 100.0
}

#[allow(clippy::cast_precision_loss, reason = "the engine takes no amount above 1e9")]
fn amount(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
