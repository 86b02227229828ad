//! How likely the next item is the current one again: a reload, a way back, or another colour of the same thing.
//!
//! A quarter of the steps in a shop are of this kind, and it depends more on the visitor than on the item: who did it
//! before does it again. So the odds are those of the situation (how often the session repeated, how often in a row,
//! whether the item was seen before, the step), times those of the item, over those of all.

use std::borrow::Cow;

use crate::bytes::{ByteReader, ByteWriter};

/// The most repetitions in a row that are told apart, from 1.
pub const RUNS: usize = 3;
/// The most repetitions of a session that are told apart, from 0.
pub const REPEATS: usize = 4;
/// The most steps that are told apart, from 1.
pub const STEPS: usize = 7;
/// How many situations there are.
pub const SITUATIONS: usize = RUNS * 2 * REPEATS * STEPS;

/// A probability in 256ths, from 1 to 255; 0 where it is not known.
pub type Share = u8;

/// How likely the current item comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeats<'a> {
    /// Of all steps.
    overall: Share,
    /// By situation, and then by item.
    shares: Cow<'a, [Share]>,
}

/// The probability in 256ths.
pub fn share(probability: f64) -> Share {
    // The cast saturates; NaN becomes 0, which is unknown, and then 1.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255 after clamping")]
    let share = (probability * 256.0 + 0.5).clamp(1.0, 255.0) as u8;
    share.max(1)
}

/// The odds of a share: how many times as likely it happens as not. `None` where it is not known.
fn odds(share: Share) -> Option<f64> {
    let probability = f64::from(share) / 256.0;
    (share > 0).then(|| probability / (1.0 - probability))
}

/// The number of the situation after this history, below [`SITUATIONS`]; `None` before anything was seen.
pub fn situation(history: &[u32]) -> Option<usize> {
    let current = history.last()?;
    let run = history.iter().rev().take_while(|item| *item == current).count();
    let seen = history.iter().filter(|item| *item == current).count();
    let repeats = history.windows(2).filter(|pair| pair.first() == pair.last()).count();
    Some(situation_number(run, seen > run, repeats, history.len()))
}

/// The number of the situation in which the current item was seen `run` times in a row, the visit has repeated an item
/// `repeats` times, and `steps` items were seen.
pub fn situation_number(run: usize, was_before: bool, repeats: usize, steps: usize) -> usize {
    let run = run.min(RUNS).saturating_sub(1);
    let step = steps.min(STEPS).saturating_sub(1);
    ((run * 2 + usize::from(was_before)) * REPEATS + repeats.min(REPEATS - 1)) * STEPS + step
}

impl<'a> Repeats<'a> {
    /// Of these shares. `None` where the situations are not [`SITUATIONS`].
    pub fn new(overall: Share, situations: Vec<Share>, items: Vec<Share>) -> Option<Repeats<'static>> {
        let is_sound = overall > 0 && situations.len() == SITUATIONS;
        is_sound.then(|| Repeats { overall, shares: [situations, items].concat().into() })
    }

    /// Of so many items of which nothing is known: even odds.
    pub fn even(items: usize) -> Repeats<'static> {
        Repeats { overall: 128, shares: vec![0; SITUATIONS + items].into() }
    }

    /// Reads what [`Repeats::write`] wrote, for so many items. It stays where it is.
    pub fn read(reader: &mut ByteReader<'a>, items: usize) -> Option<Repeats<'a>> {
        let overall = reader.byte().filter(|share| *share > 0)?;
        Some(Repeats { overall, shares: reader.take(SITUATIONS.checked_add(items)?)?.into() })
    }

    /// Writes the shares, each a byte.
    pub fn write(&self, writer: &mut ByteWriter) {
        writer.byte(self.overall);
        writer.bytes(&self.shares);
    }

    /// Of how many items.
    pub fn len(&self) -> usize {
        self.shares.len().saturating_sub(SITUATIONS)
    }

    /// Whether it is of no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many times as likely the current item, the last of the history, comes next as another. 0 before anything was
    /// seen.
    pub fn odds(&self, history: &[u32]) -> f64 {
        let (Some(current), Some(situation)) = (history.last(), situation(history)) else { return 0.0 };
        let overall = odds(self.overall).unwrap_or(1.0);
        let of = |place: usize| self.shares.get(place).and_then(|share| odds(*share)).unwrap_or(overall);
        of(situation) * of(SITUATIONS.saturating_add(*current as usize)) / overall
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn situations_differ_by_run_return_repeats_and_step() {
        let histories: [&[u32]; 7] =
            [&[1], &[1, 2], &[1, 1], &[1, 2, 1], &[2, 2, 1], &[1, 1, 1], &[1, 1, 2, 3, 4, 5, 6]];
        let numbers: BTreeSet<_> = histories.iter().map(|history| situation(history)).collect();
        assert_eq!(numbers.len(), histories.len());
        assert!(numbers.iter().all(|number| number.is_some_and(|number| number < SITUATIONS)));
        assert_eq!(situation(&[]), None);
        let long = ((RUNS - 1) * 2 * REPEATS + REPEATS - 1) * STEPS + STEPS - 1;
        assert_eq!(situation(&[4; 900]), Some(long), "beyond the limits as at them");
    }

    #[test]
    fn odds_of_situation_and_item_multiply() {
        let mut situations = vec![0; SITUATIONS];
        situations[situation(&[0]).unwrap()] = 128;
        let repeats = Repeats::new(64, situations, vec![192, 0]).unwrap();
        // Overall 64 / 192 = 1/3, the situation 1, the first item 3.
        assert_eq!(repeats.odds(&[0]), 1.0 * 3.0 / (1.0 / 3.0));
        let third = 64.0 / 192.0;
        assert_eq!(repeats.odds(&[0, 1]), third * third / third, "what is not known is as all");
        assert_eq!(repeats.odds(&[]), 0.0);
    }

    #[test]
    fn a_share_is_never_nothing() {
        assert_eq!([0.0, 0.5, 1.0, f64::NAN].map(share), [1, 128, 255, 1]);
    }
}
