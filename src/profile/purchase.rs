//! What was bought: how many orders, for how much, when.

use crate::bytes::Codec;
use crate::list::remove;
use crate::signal::event::Event;
use crate::time::Timestamp;

/// How many orders are remembered by their hash, so that a reloaded thank-you page counts once.
const REMEMBERED: usize = 32;

/// The visitor's orders, summed.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Purchases {
    /// Number of orders.
    pub orders: u32,
    /// Their sum, in the site's currency.
    pub revenue: f64,
    /// When the last one was placed.
    pub last: Option<Timestamp>,
    seen: Vec<u64>,
}

impl Purchases {
    /// Whether the event is an order that was counted before: a thank-you page, loaded again.
    pub fn has_counted(&self, event: &Event) -> bool {
        event.name == "purchase" && event.transaction.is_some_and(|transaction| self.seen.contains(&transaction))
    }

    /// Takes in one event; only `purchase` counts, and each transaction once.
    pub fn fold(&mut self, event: &Event, at: Timestamp) {
        if event.name != "purchase" || self.has_counted(event) {
            return;
        }
        if let Some(transaction) = event.transaction {
            if self.seen.len() >= REMEMBERED {
                remove(&mut self.seen, 0);
            }
            self.seen.push(transaction);
        }
        self.orders = self.orders.saturating_add(1);
        self.revenue += event.worth();
        self.last = self.last.max(Some(at));
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.small(&mut self.orders);
        codec.double(&mut self.revenue);
        codec.optional(&mut self.last, Codec::time);
        codec.list(REMEMBERED, &mut self.seen, Codec::count);
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
