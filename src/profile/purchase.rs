//! What was bought: how many orders, for how much, on which days.
//!
//! Orders may come in late, from another tab: what comes out does not depend on their order.

use crate::codec::Codec;
use crate::list::remove;
use crate::signal::event::Event;
use crate::time::{DAY, Timestamp};

/// How many orders are remembered one by one, so that a reloaded thank-you page counts once.
const REMEMBERED: usize = 32;
/// How many days with an order are remembered. A profile lasts 395 days, so none is forgotten before it.
const DAYS: usize = 400;

/// The visitor's orders, summed, and the last of them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Purchases {
    /// Number of orders.
    pub orders: u32,
    /// Their sum, in the site's currency, each rounded to a ten-thousandth of it.
    pub revenue: f64,
    /// When the last one was placed.
    pub last: Option<Timestamp>,
    /// The latest orders, the latest last.
    recent: Vec<Order>,
    /// The days with an order, the latest last, each once; see [`day`].
    days: Vec<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct Order {
    at: Timestamp,
    value: f64,
    /// A hash of its number; 0 where it has none.
    transaction: u64,
}

/// The beginning of a moment's day, in universal time.
pub fn day(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.ms() / DAY * DAY)
}

/// The sum in ten-thousandths: those are whole numbers, which add up to the same in any order.
fn sum(one: f64, other: f64) -> f64 {
    ((one + other) * 10_000.0 + 0.5).floor() / 10_000.0
}

/// Puts `item` into its place in a list of at most `most` in the order of time; the earliest gives way.
fn keep<T: Copy>(items: &mut Vec<T>, item: T, most: usize, at: fn(&T) -> Timestamp) {
    let mut item = item;
    for known in items.iter_mut() {
        if at(known) > at(&item) {
            core::mem::swap(known, &mut item);
        }
    }
    items.push(item);
    if items.len() > most {
        remove(items, 0);
    }
}

impl Purchases {
    /// Whether the event is an order that was counted before: a thank-you page, loaded again.
    pub fn has_counted(&self, event: &Event) -> bool {
        event.name == "purchase"
            && event.transaction.is_some_and(|number| self.recent.iter().any(|order| order.transaction == number))
    }

    /// Takes in one event; only `purchase` counts, and each order once. An order is known by its number,
    /// as long as it is one of the last 32.
    pub fn fold(&mut self, event: &Event, at: Timestamp) {
        if event.name == "purchase" && !self.has_counted(event) {
            self.add(Order { at, value: sum(event.worth(), 0.0), transaction: event.transaction.unwrap_or(0) });
            self.orders = self.orders.saturating_add(1);
            self.revenue = sum(self.revenue, event.worth());
        }
    }

    fn add(&mut self, order: Order) {
        self.last = self.last.max(Some(order.at));
        keep(&mut self.recent, order, REMEMBERED, |order| order.at);
        self.add_day(day(order.at));
    }

    fn add_day(&mut self, day: Timestamp) {
        if !self.days.contains(&day) {
            keep(&mut self.days, day, DAYS, |day| *day);
        }
    }

    /// The beginnings, in universal time, of the days with an order, the latest last.
    ///
    /// Orders of one day are one purchase, as in the data that models of lifetime value are fitted to. Of a
    /// profile that version 1 or 2 has kept, the day of its last order alone is known.
    pub fn days(&self) -> &[Timestamp] {
        &self.days
    }

    /// What the last 32 orders were worth, in the site's currency, the latest last.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = f64> {
        self.recent.iter().map(|order| order.value)
    }

    /// Takes in what another device knows of the same visitor. An order that both know by its number, among
    /// the last 32 of either, counts once.
    pub fn merge(&mut self, other: &Purchases) {
        self.orders = self.orders.saturating_add(other.orders);
        self.revenue = sum(self.revenue, other.revenue);
        for order in &other.recent {
            let same = |known: &&mut Order| known.transaction == order.transaction && order.transaction != 0;
            match self.recent.iter_mut().find(same) {
                // Should they disagree, it was worth what the larger of them says.
                Some(known) => {
                    self.orders = self.orders.saturating_sub(1);
                    self.revenue = sum(self.revenue, -f64::min(known.value, order.value));
                    known.value = f64::max(known.value, order.value);
                }
                None => self.add(*order),
            }
        }
        for day in &other.days {
            self.add_day(*day);
        }
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint_u32(&mut self.orders);
        codec.double(&mut self.revenue);
        codec.optional(&mut self.last, Codec::time);
        codec.list(REMEMBERED, &mut self.recent, |codec, order| {
            codec.varint(&mut order.transaction);
            if codec.since(3) {
                codec.time(&mut order.at);
                codec.double(&mut order.value);
            }
        });
        if codec.since(3) {
            codec.list(DAYS, &mut self.days, Codec::time);
        } else if let Some(at) = self.last {
            // Times and values were not kept: the last one's, and the mean.
            for order in &mut self.recent {
                order.at = at;
                order.value = self.revenue / f64::from(self.orders);
            }
            self.days.push(day(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reloaded_thank_you_page_counts_once() {
        let mut purchases = Purchases::default();
        let order = |id: &str| {
            let params = format!(r#"{{"value": 80, "transaction_id": "{id}"}}"#);
            Event::read("purchase", &serde_json::from_str(&params).unwrap()).unwrap()
        };
        for id in ["A-1", "A-1", "A-2"] {
            purchases.fold(&order(id), Timestamp::from_ms(5));
        }
        assert_eq!((purchases.orders, purchases.revenue), (2, 160.0));
    }
}
