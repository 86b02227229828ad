//! Exposures, impressions and conversions of each variant, counted on the device.

use crate::codec::Codec;
use crate::decision::goal::{Goal, reached};
use crate::profile::journal::{Entry, JournalEvent};
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most variants that are counted; beyond, the one exposed least recently is evicted.
const ROWS: usize = 200;

/// Counts by slot and variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ledger(Vec<Row>);

/// The counts of one variant of one slot.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Row {
    slot: String,
    /// `None` is the page's own content.
    variant: Option<String>,
    /// Page views on which the visitor was exposed to it.
    pub exposures: u32,
    /// Page views on which it was on the screen, at least half of it, for a second.
    pub impressions: u32,
    /// Goals reached in time after an exposure, if it was the slot's last one.
    pub conversions: u32,
    /// When the visitor was last exposed to it.
    last_exposed: Timestamp,
}

impl Ledger {
    /// Applies one entry of a journal; `goals` are those of slots.
    pub fn fold(&mut self, entry: &Entry, goals: &[(String, Goal)]) {
        match &entry.event {
            JournalEvent::Exposed(slot, variant) => {
                let row = self.row(slot, variant.as_deref(), entry.at);
                row.exposures = row.exposures.saturating_add(1);
                row.last_exposed = row.last_exposed.max(entry.at);
            }
            JournalEvent::Impression(slot, variant) => {
                let row = self.row(slot, variant.as_deref(), entry.at);
                row.impressions = row.impressions.saturating_add(1);
            }
            JournalEvent::Event(event) => {
                for (slot, attribution_ms) in reached(goals, &event.name) {
                    self.convert(slot, attribution_ms, entry.at);
                }
            }
            JournalEvent::View
            | JournalEvent::Prompt(..)
            | JournalEvent::Answer(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Dropped(_) => {}
        }
    }

    /// The row of a variant, which is added if there is none.
    fn row(&mut self, slot: &str, variant: Option<&str>, at: Timestamp) -> &mut Row {
        let found = self.0.iter().position(|row| row.slot == slot && row.variant.as_deref() == variant);
        let index = found.unwrap_or_else(|| {
            if self.0.len() >= ROWS {
                let oldest = self.0.iter().enumerate().min_by_key(|(_, row)| row.last_exposed);
                oldest.map(|(index, _)| index).map(|index| self.0.remove(index));
            }
            self.0.push(Row {
                slot: slot.to_owned(),
                variant: variant.map(str::to_owned),
                last_exposed: at,
                ..Row::default()
            });
            self.0.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "found, or just pushed")]
        &mut self.0[index]
    }

    fn convert(&mut self, slot: &str, attribution_ms: i64, at: Timestamp) {
        let exposed = self.0.iter_mut().filter(|row| row.slot == slot && row.exposures > 0);
        // Of equals the first one.
        let last = exposed.reduce(|last, row| if row.last_exposed > last.last_exposed { row } else { last });
        if let Some(row) = last.filter(|row| (0..=attribution_ms).contains(&at.since(row.last_exposed))) {
            row.conversions = row.conversions.saturating_add(1);
        }
    }

    /// Adds the counts of another device.
    pub fn merge(&mut self, other: &Ledger) {
        for from in &other.0 {
            let row = self.row(&from.slot, from.variant.as_deref(), from.last_exposed);
            row.exposures = row.exposures.saturating_add(from.exposures);
            row.impressions = row.impressions.saturating_add(from.impressions);
            row.conversions = row.conversions.saturating_add(from.conversions);
            row.last_exposed = row.last_exposed.max(from.last_exposed);
        }
    }

    /// A list of `{slot, variant, exposures, impressions, conversions}`, for the visitor to read.
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

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(ROWS, &mut self.0, |codec, row| {
            codec.text(&mut row.slot);
            codec.optional(&mut row.variant, Codec::text);
            codec.varint_u32(&mut row.exposures);
            codec.varint_u32(&mut row.impressions);
            codec.varint_u32(&mut row.conversions);
            codec.time(&mut row.last_exposed);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::signal::event::Event;
    use crate::time::{DAY, HOUR};
    use proptest::prelude::*;

    #[test]
    fn a_goal_is_credited_to_the_last_exposure_within_a_day() {
        let mut ledger = Ledger::default();
        let goals = [("hero".to_owned(), Goal { event: "purchase".to_owned(), attribution_ms: DAY })];
        let exposed = |variant: &str| JournalEvent::Exposed("hero".into(), Some(variant.into()));
        let bought = JournalEvent::Event(Event { name: "purchase".into(), ..Event::default() });
        let story = [(0, bought.clone()), (1, exposed("a")), (2, exposed("b")), (3, bought.clone()), (30, bought)];
        for (hour, event) in story {
            let at = Timestamp::from_ms(hour * HOUR);
            ledger.fold(&Entry { number: 1, at, event }, &goals);
        }
        let conversions: Vec<u32> = ledger.0.iter().map(|row| row.conversions).collect();
        assert_eq!(conversions, [0, 1], "not before the exposure, not a day later");
    }

    proptest! {
        #[test]
        fn a_ledger_of_any_size_survives_its_snapshot(rows in 195..205_usize) {
            let row = |number: usize| Row { slot: format!("s{number}"), exposures: 7, ..Row::default() };
            let mut ledger = Ledger((0..rows).map(row).collect());
            let read = round_trip(&mut ledger, Ledger::code);
            prop_assert_eq!(&read.0[..], &ledger.0[rows.saturating_sub(ROWS)..]);
        }
    }
}
