//! When the visitor was shown which prompts, and how they were answered: what frequency caps are counted from.

use crate::codec::Codec;
use crate::signal::PromptOutcome;
use crate::time::Timestamp;
use crate::value::{Object, Renewal, Value};

/// The most prompts stored.
const PROMPTS: usize = 50;
/// The most times stored at which one prompt was shown; caps count no further.
const SHOWN: usize = 100;

/// What became of the prompts a visitor was shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptHistory(Vec<PromptRecord>);

/// What became of one prompt.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptRecord {
    id: String,
    /// When it was shown, or withheld, oldest first.
    pub shown: Vec<Timestamp>,
    /// When it was last declined or dismissed.
    pub dismissed_at: Option<Timestamp>,
    /// When it was last accepted.
    pub accepted_at: Option<Timestamp>,
    /// What was answered last, and when: the id of a choice, or a number.
    answer: Option<Answer>,
}

/// An answer to the question of a prompt.
#[derive(Clone, Debug, PartialEq, Default)]
struct Answer {
    text: String,
    at: Timestamp,
}

/// The longest answer, in characters.
const ANSWER: usize = 64;

impl PromptRecord {
    /// Remembers when something became of it that caps are counted from.
    fn remember(&mut self, outcome: PromptOutcome, at: Timestamp) {
        match outcome {
            PromptOutcome::Failed | PromptOutcome::Postponed | PromptOutcome::Removed | PromptOutcome::Seen => {}
            // Who is compared with others is otherwise treated as they are.
            PromptOutcome::Shown | PromptOutcome::Withheld => {
                self.shown.insert(self.shown.partition_point(|known| *known <= at), at);
                if self.shown.len() > SHOWN {
                    self.shown.remove(0);
                }
            }
            PromptOutcome::Accepted | PromptOutcome::Submitted => {
                self.accepted_at = self.accepted_at.max(Some(at));
            }
            PromptOutcome::Declined | PromptOutcome::Dismissed => {
                self.dismissed_at = self.dismissed_at.max(Some(at));
            }
        }
    }
}

impl PromptHistory {
    /// Records what became of a prompt.
    pub fn note(&mut self, id: &str, outcome: PromptOutcome, at: Timestamp) {
        let says_nothing = [PromptOutcome::Failed, PromptOutcome::Postponed, PromptOutcome::Removed];
        if !says_nothing.contains(&outcome) {
            self.record_mut(id).remember(outcome, at);
        }
    }

    /// Records what was answered. Of two answers the later one counts.
    pub fn answer(&mut self, id: &str, text: &str, at: Timestamp) {
        let answer = &mut self.record_mut(id).answer;
        if answer.as_ref().is_none_or(|known| known.at <= at) {
            *answer = Some(Answer { text: text.chars().take(ANSWER).collect(), at });
        }
    }

    /// The attributes `answer.*`: by prompt, the id of the choice, or a number where it is one.
    pub fn attributes(&self, tree: &mut Renewal<'_>) {
        for record in &self.0 {
            if let Some(Answer { text, .. }) = &record.answer {
                let number = text.parse::<i32>().ok().map(f64::from);
                tree.put(&record.id, number.map_or_else(|| Value::from(text.as_str()), Value::from));
            }
        }
    }

    /// The record of one prompt, which is added if there is none.
    fn record_mut(&mut self, id: &str) -> &mut PromptRecord {
        let index = self.0.iter().position(|record| record.id == id).unwrap_or_else(|| {
            if self.0.len() >= PROMPTS {
                self.0.remove(0);
            }
            self.0.push(PromptRecord { id: id.to_owned(), ..PromptRecord::default() });
            self.0.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "found, or just pushed")]
        &mut self.0[index]
    }

    /// Adds those of another device.
    pub fn merge(&mut self, other: &PromptHistory) {
        for record in &other.0 {
            let own = self.record_mut(&record.id);
            record.shown.iter().for_each(|at| own.remember(PromptOutcome::Shown, *at));
            if let Some(at) = record.accepted_at {
                own.remember(PromptOutcome::Accepted, at);
            }
            if let Some(at) = record.dismissed_at {
                own.remember(PromptOutcome::Dismissed, at);
            }
            if let Some(Answer { text, at }) = &record.answer {
                self.answer(&record.id, text, *at);
            }
        }
    }

    /// What became of one prompt, if it was shown or answered.
    pub fn with(&self, id: &str) -> Option<&PromptRecord> {
        self.0.iter().find(|record| record.id == id)
    }

    /// What became of all of these together.
    pub fn of(&self, is_meant: &dyn Fn(&str) -> bool) -> PromptRecord {
        let mut all = PromptRecord::default();
        for record in self.0.iter().filter(|record| is_meant(&record.id)) {
            for at in &record.shown {
                all.shown.insert(all.shown.partition_point(|known| known <= at), *at);
            }
            all.dismissed_at = all.dismissed_at.max(record.dismissed_at);
            all.accepted_at = all.accepted_at.max(record.accepted_at);
        }
        all
    }

    /// A list of `{prompt, answer}`, for the visitor to read.
    pub fn answers(&self) -> Value {
        let one = |record: &PromptRecord| {
            let answer = record.answer.as_ref()?;
            Some(Object::new().with("prompt", record.id.as_str()).with("answer", answer.text.as_str()))
        };
        self.0.iter().filter_map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(PROMPTS, &mut self.0, |codec, record| {
            codec.text(&mut record.id);
            codec.list(SHOWN, &mut record.shown, Codec::time);
            codec.optional(&mut record.dismissed_at, Codec::time);
            codec.optional(&mut record.accepted_at, Codec::time);
            codec.optional(&mut record.answer, |codec, answer| {
                codec.text(&mut answer.text);
                codec.time(&mut answer.at);
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use proptest::prelude::*;

    #[test]
    fn a_prompt_that_failed_leaves_no_record() {
        let mut history = PromptHistory::default();
        history.note("save-cart", PromptOutcome::Failed, Timestamp::from_ms(5));
        history.note("save-cart", PromptOutcome::Postponed, Timestamp::from_ms(5));
        assert_eq!(history, PromptHistory::default());
    }

    #[test]
    fn the_histories_of_two_devices_add_up_and_the_later_answer_counts() {
        let at = Timestamp::from_ms;
        let of = |notes: &[(&str, PromptOutcome, i64)]| {
            let mut history = PromptHistory::default();
            notes.iter().for_each(|(id, outcome, ms)| history.note(id, *outcome, at(*ms)));
            history
        };
        use PromptOutcome::{Accepted, Declined, Dismissed, Seen, Shown};
        let mut one = of(&[("cart", Shown, 1), ("cart", Declined, 2), ("letter", Shown, 5), ("letter", Accepted, 9)]);
        let other = of(&[("cart", Shown, 3), ("cart", Seen, 4), ("cart", Dismissed, 4), ("letter", Accepted, 7)]);
        one.merge(&other);
        let cart = one.with("cart").unwrap();
        assert_eq!((&cart.shown[..], cart.dismissed_at, cart.accepted_at), (&[at(1), at(3)][..], Some(at(4)), None));
        let letter = one.with("letter").unwrap();
        assert_eq!((letter.shown.len(), letter.dismissed_at, letter.accepted_at), (1, None, Some(at(9))));
        assert_eq!(one.with("sale"), None);
    }

    #[test]
    fn of_too_many_prompts_and_showings_the_earliest_are_forgotten() {
        let mut history = PromptHistory::default();
        for number in 0..PROMPTS {
            history.note(&format!("p{number}"), PromptOutcome::Shown, Timestamp::from_ms(5));
        }
        assert!(history.with("p0").is_some(), "there is room for 50");
        history.note("one more", PromptOutcome::Shown, Timestamp::from_ms(5));
        assert!(history.with("p0").is_none() && history.with("p1").is_some());
        for ms in 6..=105 {
            history.note("one more", PromptOutcome::Shown, Timestamp::from_ms(ms));
        }
        let shown = &history.with("one more").unwrap().shown;
        assert_eq!((shown.len(), shown[0]), (100, Timestamp::from_ms(6)), "the first of 101 is gone");
    }

    proptest! {
        #[test]
        fn a_history_of_any_size_survives_its_snapshot(prompts in 48..53_usize, shown in 98..103_i64) {
            let one = |number: usize| PromptRecord {
                id: format!("p{number}"),
                shown: (0..shown).map(Timestamp::from_ms).collect(),
                dismissed_at: Some(Timestamp::from_ms(7)),
                accepted_at: None,
                answer: Some(Answer { text: "wide".to_owned(), at: Timestamp::from_ms(8) }),
            };
            let mut history = PromptHistory((0..prompts).map(one).collect());
            let read = round_trip(&mut history, PromptHistory::code);
            prop_assert_eq!(read.0.len(), prompts.min(PROMPTS));
            let (last, written) = (read.0.last().unwrap(), history.0.last().unwrap());
            prop_assert_eq!(&last.shown[..], &written.shown[written.shown.len().saturating_sub(SHOWN)..]);
            prop_assert_eq!((&last.id, &last.answer), (&written.id, &written.answer));
        }
    }
}
