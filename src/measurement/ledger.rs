//! Exposures, impressions and conversions of each variant of a slot, counted on the device.

use super::variant_counts::{Row, VariantCounts, probability};
use crate::codec::Codec;
use crate::decision::goal::{Goal, reached};
use crate::profile::journal::{Entry, JournalEvent};
use crate::value::{Object, Value};

/// The place of page views on which the visitor was exposed to a variant.
const EXPOSURES: usize = 0;
/// The place of those on which at least half of it was on the screen for a second.
const IMPRESSIONS: usize = 1;

/// Counts by slot and variant; a slot without a variant shows the page's own content.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ledger(VariantCounts<2>);

impl Ledger {
    /// Applies one entry of a journal; `goals` are those of slots.
    pub fn fold(&mut self, entry: &Entry, goals: &[(String, Goal)]) {
        match &entry.event {
            JournalEvent::Exposed(slot, variant) => {
                self.0.count(slot, variant.as_deref(), EXPOSURES);
                self.0.expose(slot, variant.as_deref(), entry.at);
            }
            JournalEvent::Impression(slot, variant) => self.0.count(slot, variant.as_deref(), IMPRESSIONS),
            JournalEvent::Event(event) => {
                for (slot, attribution_ms) in reached(goals, &event.name) {
                    self.0.convert(slot, attribution_ms, entry.at);
                }
            }
            JournalEvent::View
            | JournalEvent::Page(_)
            | JournalEvent::Prompt(..)
            | JournalEvent::Answer(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Correct(..)
            | JournalEvent::Pause(_)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Trial(_)
            | JournalEvent::Report(..)
            | JournalEvent::Dropped(_) => {}
        }
    }

    /// The probability that a goal follows a variant, in `(0, 1)`, by what was shown on this device.
    pub fn success(&self, slot: &str, variant: &str) -> f64 {
        let is_it = |row: &&Row<2>| row.owner == slot && row.variant.as_deref() == Some(variant);
        let row = self.0.0.iter().find(is_it);
        let counted = row.map_or((0, 0), |row| (row.conversions, row.counts[EXPOSURES]));
        probability(f64::from(counted.0), f64::from(counted.1))
    }

    /// Adds the counts of another device.
    pub fn merge(&mut self, other: &Ledger) {
        self.0.merge(&other.0);
    }

    /// A list of `{slot, variant, exposures, impressions, conversions}`, for the visitor to read.
    pub fn readable(&self) -> Value {
        self.0.0.iter().map(readable).collect()
    }

    /// The same with the `rate` of conversions to exposures: above 1 where a goal was reached several times after one, and
    /// `null` without an exposure.
    pub fn report(&self) -> Value {
        let rate = |row: &Row<2>| {
            let exposures = f64::from(row.counts[EXPOSURES]);
            (exposures > 0.0).then(|| f64::from(row.conversions) / exposures)
        };
        self.0.0.iter().map(|row| readable(row).with("rate", rate(row))).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        self.0.code(codec);
    }
}

fn readable(row: &Row<2>) -> Object {
    let [exposures, impressions] = row.counts;
    Object::new()
        .with("slot", row.owner.as_str())
        .with("variant", row.variant.clone())
        .with("exposures", exposures)
        .with("impressions", impressions)
        .with("conversions", row.conversions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::event::Event;
    use crate::time::{DAY, HOUR, Timestamp};

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
        let conversions: Vec<u32> = ledger.0.0.iter().map(|row| row.conversions).collect();
        assert_eq!(conversions, [0, 1], "not before the exposure, not a day later");
    }
}
