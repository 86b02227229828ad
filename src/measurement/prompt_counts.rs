//! What became of prompts, and the goals reached after them, counted on the device by variant.

use crate::codec::Codec;
use crate::decision::goal::{Goal, reached};
use crate::profile::journal::{Entry, JournalEvent};
use crate::signal::PromptOutcome;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most variants that are counted; beyond, the one asked least recently is evicted.
const ROWS: usize = 200;

/// The outcomes that are counted, in the order in which they are stored.
const COUNTED: [PromptOutcome; 7] = [
    PromptOutcome::Shown,
    PromptOutcome::Seen,
    PromptOutcome::Accepted,
    PromptOutcome::Declined,
    PromptOutcome::Dismissed,
    PromptOutcome::Submitted,
    PromptOutcome::Withheld,
];

/// The share of those asked who accept, before anybody on this device was asked: a guess.
const PRIOR_RATE: f64 = 0.05;
/// How many prompts shown that guess weighs as much as.
const PRIOR_SHOWN: f64 = 20.0;

/// Counts by prompt and variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptCounts(Vec<Row>);

/// The counts of one variant of one prompt.
#[derive(Clone, Debug, PartialEq, Default)]
struct Row {
    prompt: String,
    /// `None` where the prompt was withheld.
    variant: Option<String>,
    /// How often each of [`COUNTED`] was there.
    counts: [u32; COUNTED.len()],
    /// Goals reached in time after it was shown or withheld, if nothing of the prompt was since.
    conversions: u32,
    /// When it was last shown or withheld.
    last_asked: Timestamp,
}

impl PromptCounts {
    /// Applies one entry of a journal; `goals` are those of prompts.
    pub fn fold(&mut self, entry: &Entry, goals: &[(String, Goal)]) {
        match &entry.event {
            JournalEvent::Prompt(prompt, variant, outcome) => {
                let Some(place) = COUNTED.iter().position(|counted| counted == outcome) else { return };
                let row = self.row(prompt, variant.as_deref(), entry.at);
                if let Some(count) = row.counts.get_mut(place) {
                    *count = count.saturating_add(1);
                }
                if matches!(outcome, PromptOutcome::Shown | PromptOutcome::Withheld) {
                    row.last_asked = row.last_asked.max(entry.at);
                }
            }
            JournalEvent::Event(event) => {
                for (prompt, attribution_ms) in reached(goals, &event.name) {
                    self.convert(prompt, attribution_ms, entry.at);
                }
            }
            JournalEvent::View
            | JournalEvent::Answer(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Exposed(..)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Dropped(_) => {}
        }
    }

    /// The row of a variant, which is added if there is none.
    fn row(&mut self, prompt: &str, variant: Option<&str>, at: Timestamp) -> &mut Row {
        let found = self.0.iter().position(|row| row.prompt == prompt && row.variant.as_deref() == variant);
        let index = found.unwrap_or_else(|| {
            if self.0.len() >= ROWS {
                let oldest = self.0.iter().enumerate().min_by_key(|(_, row)| row.last_asked);
                oldest.map(|(index, _)| index).map(|index| self.0.remove(index));
            }
            self.0.push(Row {
                prompt: prompt.to_owned(),
                variant: variant.map(str::to_owned),
                last_asked: at,
                ..Row::default()
            });
            self.0.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "found, or just pushed")]
        &mut self.0[index]
    }

    fn convert(&mut self, prompt: &str, attribution_ms: i64, at: Timestamp) {
        let asked = self.0.iter_mut().filter(|row| row.prompt == prompt);
        // Of equals the first one.
        let last = asked.reduce(|last, row| if row.last_asked > last.last_asked { row } else { last });
        if let Some(row) = last.filter(|row| (0..=attribution_ms).contains(&at.since(row.last_asked))) {
            row.conversions = row.conversions.saturating_add(1);
        }
    }

    /// The probability that the visitor accepts a prompt, in `(0, 1)`: the share of those shown on this device, drawn
    /// towards a guess of 0.05 that weighs as much as 20 of them.
    pub fn acceptance(&self, prompt: &str) -> f64 {
        let count = |outcomes: &[PromptOutcome]| -> f64 {
            let rows = self.0.iter().filter(|row| row.prompt == prompt);
            rows.flat_map(|row| COUNTED.iter().zip(row.counts))
                .filter(|(outcome, _)| outcomes.contains(outcome))
                .map(|(_, count)| f64::from(count))
                .sum()
        };
        let accepted = count(&[PromptOutcome::Accepted, PromptOutcome::Submitted]);
        let shown = count(&[PromptOutcome::Shown]);
        (accepted + PRIOR_RATE * PRIOR_SHOWN) / (shown.max(accepted) + PRIOR_SHOWN)
    }

    /// Adds the counts of another device.
    pub fn merge(&mut self, other: &PromptCounts) {
        for from in &other.0 {
            let row = self.row(&from.prompt, from.variant.as_deref(), from.last_asked);
            for (count, more) in row.counts.iter_mut().zip(from.counts) {
                *count = count.saturating_add(more);
            }
            row.conversions = row.conversions.saturating_add(from.conversions);
            row.last_asked = row.last_asked.max(from.last_asked);
        }
    }

    /// A list of `{prompt, variant, shown, seen, accepted, declined, dismissed, submitted, withheld, conversions}`, for
    /// the visitor to read. `variant` is `null` where the prompt was withheld.
    pub fn readable(&self) -> Value {
        let one = |row: &Row| {
            let mut readable = Object::new().with("prompt", row.prompt.as_str()).with("variant", row.variant.clone());
            for (outcome, count) in COUNTED.iter().zip(row.counts) {
                readable.set(outcome.name(), count);
            }
            readable.with("conversions", row.conversions)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(ROWS, &mut self.0, |codec, row| {
            codec.text(&mut row.prompt);
            codec.optional(&mut row.variant, Codec::text);
            row.counts.iter_mut().for_each(|count| codec.varint_u32(count));
            codec.varint_u32(&mut row.conversions);
            codec.time(&mut row.last_asked);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::signal::event::Event;
    use crate::time::HOUR;
    use proptest::prelude::*;

    fn entry(hour: i64, event: JournalEvent) -> Entry {
        Entry { number: 1, at: Timestamp::from_ms(hour * HOUR), event }
    }

    fn outcome(variant: Option<&str>, outcome: PromptOutcome) -> JournalEvent {
        JournalEvent::Prompt("cart".into(), variant.map(str::to_owned), outcome)
    }

    fn counts(story: &[(i64, JournalEvent)]) -> PromptCounts {
        let goals = [("cart".to_owned(), Goal { event: "purchase".into(), attribution_ms: 2 * HOUR })];
        let mut counts = PromptCounts::default();
        story.iter().for_each(|(hour, event)| counts.fold(&entry(*hour, event.clone()), &goals));
        counts
    }

    #[test]
    fn a_goal_is_credited_to_what_the_prompt_did_last_and_only_in_time() {
        use PromptOutcome::{Accepted, Shown, Withheld};
        let bought = || JournalEvent::Event(Event { name: "purchase".into(), ..Event::default() });
        let counts = counts(&[
            (0, bought()),
            (1, outcome(Some("a"), Shown)),
            (2, outcome(None, Withheld)),
            (3, outcome(Some("a"), Accepted)),
            (4, bought()),
            (5, bought()),
        ]);
        let conversions: Vec<(Option<&str>, u32)> =
            counts.0.iter().map(|row| (row.variant.as_deref(), row.conversions)).collect();
        assert_eq!(
            conversions,
            [(Some("a"), 0), (None, 1)],
            "an answer is no showing; two hours are in time, three not"
        );
    }

    #[test]
    fn acceptance_starts_at_the_guess_and_follows_what_was_shown() {
        use PromptOutcome::{Accepted, Shown, Submitted};
        let of = |story: &[(i64, JournalEvent)]| counts(story).acceptance("cart");
        assert_eq!(of(&[]), 0.05);
        let shown: Vec<(i64, JournalEvent)> = (0..20).map(|hour| (hour, outcome(Some("a"), Shown))).collect();
        assert_eq!(of(&shown), 1.0 / 40.0, "20 in vain weigh as much as the guess");
        let accepted = [(0, outcome(Some("a"), Shown)), (0, outcome(Some("b"), Shown))];
        let accepted =
            [&accepted[..], &[(1, outcome(Some("a"), Accepted)), (1, outcome(Some("b"), Submitted))]].concat();
        assert_eq!(of(&accepted), 3.0 / 22.0, "over all variants");
        assert!(of(&vec![(0, outcome(Some("a"), Accepted)); 1_000]) < 1.0, "also where showings were lost");
    }

    proptest! {
        #[test]
        fn counts_of_any_size_survive_their_snapshot(rows in 195..205_usize) {
            let row = |number: usize| Row {
                prompt: format!("p{number}"),
                variant: number.is_multiple_of(2).then(|| "a".to_owned()),
                counts: [1, 0, 3, 200, 5, u32::MAX, 7],
                conversions: 8,
                last_asked: Timestamp::from_ms(9),
            };
            let mut counts = PromptCounts((0..rows).map(row).collect());
            let read = round_trip(&mut counts, PromptCounts::code);
            prop_assert_eq!(&read.0[..], &counts.0[rows.saturating_sub(ROWS)..]);
        }
    }
}
