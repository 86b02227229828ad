//! What was bought: how many orders, for how much, on which days.
//!
//! Orders may arrive late, from another tab: the result does not depend on their order.

use crate::codec::Codec;
use crate::signal::event::{Event, name};
use crate::time::{DAY, Timestamp};

/// The most orders remembered one by one, so that a reloaded confirmation page counts once.
const RECENT_ORDERS: usize = 32;
/// The most days with an order that are remembered. A profile lasts 395 days, so none is evicted before it.
const DAYS: usize = 400;
/// Money is summed in ten-thousandths, which are integers and add up to the same in any order.
const TEN_THOUSANDTHS: f64 = 10_000.0;

/// The visitor's orders: sums, and the most recent ones.
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
    /// A hash of its transaction id, if it has one.
    transaction: Option<u64>,
}

/// The beginning of a moment's day, in universal time.
pub fn day(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.ms() / DAY * DAY)
}

/// The sum of two amounts, rounded to a ten-thousandth.
fn sum(one: f64, other: f64) -> f64 {
    ((one + other) * TEN_THOUSANDTHS + 0.5).floor() / TEN_THOUSANDTHS
}

/// Inserts `item` into a list of at most `most` that is sorted by time, after those of the same time. The
/// earliest is evicted.
fn insert_by_time<T>(items: &mut Vec<T>, item: T, most: usize, at: fn(&T) -> Timestamp) {
    let index = items.partition_point(|known| at(known) <= at(&item));
    items.insert(index, item);
    if items.len() > most {
        items.remove(0);
    }
}

impl Purchases {
    /// Whether the event is an order that was counted before: a confirmation page that was reloaded.
    pub fn has_counted(&self, event: &Event) -> bool {
        event.name == name::PURCHASE
            && event.transaction.is_some()
            && self.recent.iter().any(|order| order.transaction == event.transaction)
    }

    /// Applies one event. Only `purchase` counts, and each order once: one with a transaction id is recognized
    /// as long as it is among the last 32.
    pub fn fold(&mut self, event: &Event, at: Timestamp) {
        if event.name == name::PURCHASE && !self.has_counted(event) {
            self.add(Order { at, value: sum(event.worth(), 0.0), transaction: event.transaction });
            self.orders = self.orders.saturating_add(1);
            self.revenue = sum(self.revenue, event.worth());
        }
    }

    fn add(&mut self, order: Order) {
        self.last = self.last.max(Some(order.at));
        insert_by_time(&mut self.recent, order, RECENT_ORDERS, |order| order.at);
        self.add_day(day(order.at));
    }

    fn add_day(&mut self, day: Timestamp) {
        if !self.days.contains(&day) {
            insert_by_time(&mut self.days, day, DAYS, |day| *day);
        }
    }

    /// The beginnings, in universal time, of the days with an order, the latest last.
    ///
    /// Orders of one day are one purchase, as in the data that models of lifetime value are fitted to.
    pub fn days(&self) -> &[Timestamp] {
        &self.days
    }

    /// The values of the last 32 orders, in the site's currency, the latest last.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = f64> {
        self.recent.iter().map(|order| order.value)
    }

    /// Adds what another device knows of the same visitor. An order that both know by its transaction id,
    /// among the last 32 of either, counts once.
    pub fn merge(&mut self, other: &Purchases) {
        self.orders = self.orders.saturating_add(other.orders);
        self.revenue = sum(self.revenue, other.revenue);
        for order in &other.recent {
            let is_same = |known: &&mut Order| order.transaction.is_some() && known.transaction == order.transaction;
            match self.recent.iter_mut().find(is_same) {
                // Where they disagree, it was worth the larger value.
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

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint_u32(&mut self.orders);
        codec.double(&mut self.revenue);
        codec.optional(&mut self.last, Codec::time);
        codec.list(RECENT_ORDERS, &mut self.recent, |codec, order| {
            codec.time(&mut order.at);
            codec.double(&mut order.value);
            codec.optional(&mut order.transaction, Codec::varint);
        });
        codec.list(DAYS, &mut self.days, Codec::time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::host::Native;
    use proptest::prelude::*;

    #[test]
    fn a_reloaded_confirmation_page_counts_once() {
        let mut purchases = Purchases::default();
        let order = |id: &str| {
            let params = format!(r#"{{"value": 80, "transaction_id": "{id}"}}"#);
            Event::read("purchase", &serde_json::from_str(&params).unwrap(), &Native).unwrap()
        };
        for id in ["A-1", "A-1", "A-2"] {
            purchases.fold(&order(id), Timestamp::from_ms(5));
        }
        assert_eq!((purchases.orders, purchases.revenue), (2, 160.0));
    }

    proptest! {
        #[test]
        fn purchases_of_any_number_survive_their_snapshot(orders in 30..35_i64, days in 398..403_i64) {
            let mut purchases = Purchases {
                orders: 7,
                revenue: 99.5,
                last: Some(Timestamp::from_ms(5)),
                recent: (0..orders)
                    .map(|number| Order {
                        at: Timestamp::from_ms(number),
                        value: 9.5,
                        transaction: (number % 2 == 0).then_some(0),
                    })
                    .collect(),
                days: (0..days).map(|day| Timestamp::from_ms(day * DAY)).collect(),
            };
            let read = round_trip(&mut purchases, Purchases::code);
            prop_assert_eq!(&read.recent[..], &purchases.recent[(orders as usize).saturating_sub(RECENT_ORDERS)..]);
            prop_assert_eq!(&read.days[..], &purchases.days[(days as usize).saturating_sub(DAYS)..]);
        }
    }
}
