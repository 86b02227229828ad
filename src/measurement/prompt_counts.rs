//! What became of prompts, and the goals reached after them, counted on the device by variant.

use super::variant_counts::{Row, VariantCounts, probability};
use crate::codec::Codec;
use crate::decision::goal::{Goal, reached};
use crate::profile::journal::{Entry, JournalEvent};
use crate::signal::PromptOutcome;
use crate::value::{Object, Value};

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

/// Counts by prompt and variant; a prompt without a variant was withheld.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptCounts(VariantCounts<{ COUNTED.len() }>);

impl PromptCounts {
    /// Applies one entry of a journal; `goals` are those of prompts.
    pub fn fold(&mut self, entry: &Entry, goals: &[(String, Goal)]) {
        match &entry.event {
            JournalEvent::Prompt(prompt, variant, outcome) => {
                let Some(place) = COUNTED.iter().position(|counted| counted == outcome) else { return };
                self.0.count(prompt, variant.as_deref(), place);
                if matches!(outcome, PromptOutcome::Shown | PromptOutcome::Withheld) {
                    self.0.expose(prompt, variant.as_deref(), entry.at);
                }
            }
            JournalEvent::Event(event) => {
                for (prompt, attribution_ms) in reached(goals, &event.name) {
                    self.0.convert(prompt, attribution_ms, entry.at);
                }
            }
            JournalEvent::View
            | JournalEvent::Page(_)
            | JournalEvent::Answer(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Correct(..)
            | JournalEvent::Pause(_)
            | JournalEvent::Exposed(..)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Trial(_)
            | JournalEvent::Report(..)
            | JournalEvent::Dropped(_) => {}
        }
    }

    /// The probability that the visitor accepts a prompt, in `(0, 1)`, by those shown on this device.
    pub fn acceptance(&self, prompt: &str) -> f64 {
        let count = |outcomes: &[PromptOutcome]| -> f64 {
            let rows = self.0.0.iter().filter(|row| row.owner == prompt);
            rows.flat_map(|row| COUNTED.iter().zip(row.counts))
                .filter(|(outcome, _)| outcomes.contains(outcome))
                .map(|(_, count)| f64::from(count))
                .sum()
        };
        let accepted = count(&[PromptOutcome::Accepted, PromptOutcome::Submitted]);
        let shown = count(&[PromptOutcome::Shown]);
        probability(accepted, shown)
    }

    /// Adds the counts of another device.
    pub fn merge(&mut self, other: &PromptCounts) {
        self.0.merge(&other.0);
    }

    /// A list of `{prompt, variant, shown, seen, accepted, declined, dismissed, submitted, withheld, conversions}`, for
    /// the visitor to read. `variant` is `null` where the prompt was withheld.
    pub fn readable(&self) -> Value {
        let one = |row: &Row<{ COUNTED.len() }>| {
            let mut readable = Object::new().with("prompt", row.owner.as_str()).with("variant", row.variant.clone());
            for (outcome, count) in COUNTED.iter().zip(row.counts) {
                readable.set(outcome.name(), count);
            }
            readable.with("conversions", row.conversions)
        };
        self.0.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        self.0.code(codec);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::event::Event;
    use crate::time::{HOUR, Timestamp};

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
            counts.0.0.iter().map(|row| (row.variant.as_deref(), row.conversions)).collect();
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
}
