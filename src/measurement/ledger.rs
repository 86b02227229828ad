//! How often each variant was met, seen, and tracked_keys by its slot's goal.

use crate::codec::Codec;
use crate::list::remove;
use crate::profile::journal::{Entry, JournalEvent};
use crate::time::{DAY, Timestamp};
use crate::value::{Object, Value};

/// How many variants are counted; the least recently met gives way.
const ROWS: usize = 200;
/// For how long after it was met a variant is credited with its slot's goal.
const CREDIT_MS: i64 = DAY;

/// Counts by slot and variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ledger(Vec<Row>);

/// The counts of one variant of one slot.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Row {
    slot: String,
    /// `None` is the page's own content.
    variant: Option<String>,
    /// Page views on which the visitor met it.
    pub exposures: u32,
    /// Page views on which it was on the screen, at least half of it, for a second.
    pub impressions: u32,
    /// Goals reached within a day of meeting it, when it was the slot's last one met.
    pub conversions: u32,
    met: Timestamp,
}

impl Ledger {
    /// Takes in one entry of a journal; `goals` are (slot, event) pairs from the config.
    pub fn fold(&mut self, entry: &Entry, goals: &[(String, String)]) {
        match &entry.event {
            JournalEvent::Exposed(slot, variant) => {
                if let Some(row) = self.row(slot, variant.as_deref(), entry.at) {
                    row.exposures = row.exposures.saturating_add(1);
                    row.met = row.met.max(entry.at);
                }
            }
            JournalEvent::Impression(slot, variant) => {
                if let Some(row) = self.row(slot, variant.as_deref(), entry.at) {
                    row.impressions = row.impressions.saturating_add(1);
                }
            }
            JournalEvent::Event(event) => {
                for (slot, _) in goals.iter().filter(|(_, goal)| *goal == event.name) {
                    self.convert(slot, entry.at);
                }
            }
            _ => {}
        }
    }

    fn row(&mut self, slot: &str, variant: Option<&str>, at: Timestamp) -> Option<&mut Row> {
        let same = |row: &Row| row.slot == slot && row.variant.as_deref() == variant;
        if !self.0.iter().any(same) {
            if self.0.len() >= ROWS {
                let oldest = self.0.iter().map(|row| row.met).min();
                if let Some(index) = self.0.iter().position(|row| Some(row.met) == oldest) {
                    remove(&mut self.0, index);
                }
            }
            self.0.push(Row {
                slot: slot.to_owned(),
                variant: variant.map(str::to_owned),
                exposures: 0,
                impressions: 0,
                conversions: 0,
                met: at,
            });
        }
        self.0.iter_mut().find(|row| same(row))
    }

    fn convert(&mut self, slot: &str, at: Timestamp) {
        let last = self.0.iter().filter(|row| row.slot == slot && row.exposures > 0).map(|row| row.met).max();
        let credited =
            |row: &&mut Row| row.slot == slot && Some(row.met) == last && (0..=CREDIT_MS).contains(&at.since(row.met));
        if let Some(row) = self.0.iter_mut().find(credited) {
            row.conversions = row.conversions.saturating_add(1);
        }
    }

    /// Takes in the counts of another device.
    pub fn merge(&mut self, other: &Ledger) {
        for from in &other.0 {
            if let Some(row) = self.row(&from.slot, from.variant.as_deref(), from.met) {
                row.exposures = row.exposures.saturating_add(from.exposures);
                row.impressions = row.impressions.saturating_add(from.impressions);
                row.conversions = row.conversions.saturating_add(from.conversions);
                row.met = row.met.max(from.met);
            }
        }
    }

    /// For a person to read.
    pub fn readable(&self) -> Value {
        let one = |row: &Row| {
            Object::new()
                .with("slot", row.slot.as_str())
                .with("variant", row.variant.clone())
                .with("exposures", row.exposures)
                .with("impressions", row.impressions)
                .with("conversions", row.conversions)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(ROWS, &mut self.0, |codec, row| {
            codec.text(&mut row.slot);
            codec.optional(&mut row.variant, Codec::text);
            codec.varint_u32(&mut row.exposures);
            codec.varint_u32(&mut row.impressions);
            codec.varint_u32(&mut row.conversions);
            codec.time(&mut row.met);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::event::Event;
    use crate::time::HOUR;

    #[test]
    fn a_goal_counts_for_the_variant_that_was_met_last_within_a_day() {
        let mut ledger = Ledger::default();
        let goals = [("hero".to_owned(), "purchase".to_owned())];
        let met = |variant: &str| JournalEvent::Exposed("hero".into(), Some(variant.into()));
        let bought = JournalEvent::Event(Event { name: "purchase".into(), ..Event::default() });
        let story = [(0, bought.clone()), (1, met("a")), (2, met("b")), (3, bought.clone()), (30, bought)];
        for (hour, event) in story {
            let at = Timestamp::from_ms(hour * HOUR);
            ledger.fold(&Entry { number: 1, at, event }, &goals);
        }
        let conversions: Vec<u32> = ledger.0.iter().map(|row| row.conversions).collect();
        assert_eq!(conversions, [0, 1], "not before it was met, not a day later");
    }
}
