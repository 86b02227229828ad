//! What was bought: how many orders, for how much, on which days.
//!
//! Orders may come in late, from another tab or another device: what comes out does not depend on their order.

use core::mem::swap;

use crate::bytes::Codec;
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
    /// The latest orders, the latest first.
    recent: Vec<Order>,
    /// The days with an order, the latest first, each once; see [`day`].
    days: Vec<Timestamp>,
}

/// One order; they are compared by time first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default)]
struct Order {
    at: Timestamp,
    value: f64,
    /// A hash of its number; 0 where it has none.
    transaction: u64,
}

impl Order {
    /// Whether the two are one order, reported twice: by its number, else by moment and value.
    fn is(&self, other: &Order) -> bool {
        self.transaction == other.transaction && (self.transaction != 0 || self == other)
    }
}

/// The beginning of a moment's day, in universal time.
pub fn day(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.ms() / DAY * DAY)
}

/// The sum in ten-thousandths: those are whole numbers, which add up to the same in any order.
fn sum(one: f64, other: f64) -> f64 {
    ((one + other) * 10_000.0 + 0.5).floor() / 10_000.0
}

/// Puts `item` into its place in a list of at most `most`, the largest first; the smallest gives way.
fn keep<T: PartialOrd>(items: &mut Vec<T>, mut item: T, most: usize) {
    for known in items.iter_mut() {
        if item > *known {
            swap(known, &mut item);
        }
    }
    if items.len() < most {
        items.push(item);
    }
}

impl Purchases {
    /// Whether the event is an order that was counted before: a thank-you page, loaded again.
    pub fn has_counted(&self, event: &Event) -> bool {
        let known = |transaction| self.recent.iter().any(|order| order.transaction == transaction);
        event.name == "purchase" && event.transaction.is_some_and(known)
    }

    /// Takes in one event; only `purchase` counts, and each order once: of one that is reported again, the
    /// earliest report counts. An order without a number is known by its moment and its value.
    ///
    /// That is exact for the last 32 orders; a report of one that is older counts as another order.
    pub fn fold(&mut self, event: &Event, at: Timestamp) {
        if event.name == "purchase" {
            self.add(Order { at, value: sum(event.worth(), 0.0), transaction: event.transaction.unwrap_or(0) });
        }
    }

    fn add(&mut self, mut order: Order) {
        let mut reported = None;
        self.recent.retain(|known| {
            let same = known.is(&order);
            if same {
                reported = Some((known.value, day(known.at.max(order.at))));
                // The earlier report stays in hand.
                if *known < order {
                    order = *known;
                }
            }
            !same
        });
        if let Some((value, later)) = reported {
            self.orders = self.orders.saturating_sub(1);
            self.revenue = sum(self.revenue, -value);
            let recent = &self.recent;
            self.days.retain(|known| *known != later || recent.iter().any(|other| day(other.at) == later));
        }
        self.orders = self.orders.saturating_add(1);
        self.revenue = sum(self.revenue, order.value);
        self.add_day(day(order.at));
        keep(&mut self.recent, order, REMEMBERED);
        self.last = self.recent.first().map(|order| order.at);
    }

    fn add_day(&mut self, day: Timestamp) {
        if !self.days.contains(&day) {
            keep(&mut self.days, day, DAYS);
        }
    }

    /// The beginnings, in universal time, of the days with an order, the latest first.
    ///
    /// Orders of one day are one purchase, as in the data that models of lifetime value are fitted to. Of a
    /// profile that version 1 or 2 has kept, the day of its last order alone is known.
    pub fn days(&self) -> &[Timestamp] {
        &self.days
    }

    /// What the last 32 orders were worth, in the site's currency, the latest first.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.recent.iter().map(|order| order.value)
    }

    /// Takes in what another device knows of the same visitor. An order that both know counts once.
    ///
    /// The same whichever is merged into which, in whatever order, and however often, as long as all of
    /// them together know no more than 32 orders. Of more, those before the last 32 are sums alone: they
    /// are added where the two know no order in common, else taken to be the same.
    pub fn merge(&mut self, other: &Purchases) {
        let shared = self.recent.iter().any(|order| other.recent.iter().any(|their| order.is(their)));
        // From here on both remember every order.
        let from = self.horizon().max(other.horizon());
        let (orders, revenue) = if shared { self.before(from) } else { (0, 0.0) };
        let (their_orders, their_revenue) = other.before(from);
        self.orders = self.orders.saturating_add(their_orders.saturating_sub(orders));
        self.revenue = sum(self.revenue, (their_revenue - revenue).max(0.0));
        // First, because of an order that was reported on two days, the later one is taken out again.
        for day in &other.days {
            self.add_day(*day);
        }
        for order in &other.recent {
            if Some(order.at) >= from {
                self.add(*order);
            }
        }
        self.last = self.recent.first().map(|order| order.at).or(self.last.max(other.last));
    }

    /// Before when orders are known by their sum alone.
    fn horizon(&self) -> Option<Timestamp> {
        let oldest = self.recent.last().map(|order| order.at);
        oldest.filter(|_| self.orders as usize > self.recent.len())
    }

    /// Number and sum of the orders before a moment.
    fn before(&self, from: Option<Timestamp>) -> (u32, f64) {
        let (mut orders, mut revenue) = (self.orders, self.revenue);
        for order in &self.recent {
            if Some(order.at) >= from {
                orders = orders.saturating_sub(1);
                revenue -= order.value;
            }
        }
        (orders, revenue)
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.small(&mut self.orders);
        codec.double(&mut self.revenue);
        codec.optional(&mut self.last, Codec::time);
        codec.list(REMEMBERED, &mut self.recent, |codec, order| codec.count(&mut order.transaction));
        if codec.since(3) {
            for order in &mut self.recent {
                codec.time(&mut order.at);
                codec.double(&mut order.value);
            }
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
