//! Counts by variant, of slots or of prompts, and the goals that are credited to a variant.

use crate::codec::Codec;
use crate::time::Timestamp;

/// The most variants that are counted; beyond, the one exposed least recently is evicted.
pub const ROWS: usize = 200;

/// The share of successes, before anything was tried on this device: a guess.
const PRIOR_SHARE: f64 = 0.05;
/// How many trials that guess weighs as much as.
const PRIOR_TRIALS: f64 = 20.0;

/// The probability of a success, in `(0, 1)`: the share of the trials that succeeded, drawn towards a guess of 0.05 that
/// weighs as much as 20 of them.
pub fn probability(successes: f64, trials: f64) -> f64 {
    (successes + PRIOR_SHARE * PRIOR_TRIALS) / (trials.max(successes) + PRIOR_TRIALS)
}

/// Counts of `N` kinds by variant.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantCounts<const N: usize>(pub Vec<Row<N>>);

/// The counts of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<const N: usize> {
    /// The slot or prompt.
    pub owner: String,
    /// Its variant; `None` where it shows none.
    pub variant: Option<String>,
    /// How often there was each of what is counted.
    pub counts: [u32; N],
    /// Goals reached in time after an exposure, if it was the last one of the slot or prompt.
    pub conversions: u32,
    /// When the visitor was last exposed to it, if ever.
    pub last_exposed: Option<Timestamp>,
}

impl<const N: usize> Default for VariantCounts<N> {
    fn default() -> VariantCounts<N> {
        VariantCounts(Vec::new())
    }
}

impl<const N: usize> Default for Row<N> {
    fn default() -> Row<N> {
        Row { owner: String::new(), variant: None, counts: [0; N], conversions: 0, last_exposed: None }
    }
}

impl<const N: usize> VariantCounts<N> {
    /// Counts one more of the kind at `place`.
    pub fn count(&mut self, owner: &str, variant: Option<&str>, place: usize) {
        if let Some(count) = self.row(owner, variant).counts.get_mut(place) {
            *count = count.saturating_add(1);
        }
    }

    /// The visitor is exposed to a variant, to which goals are credited from now on.
    pub fn expose(&mut self, owner: &str, variant: Option<&str>, at: Timestamp) {
        let row = self.row(owner, variant);
        row.last_exposed = row.last_exposed.max(Some(at));
    }

    /// A goal is reached: it is credited to the variant exposed last, if that was so long ago at most.
    pub fn convert(&mut self, owner: &str, attribution_ms: i64, at: Timestamp) {
        let exposed = self.0.iter_mut().filter(|row| row.owner == owner && row.last_exposed.is_some());
        // Of equals the first one.
        let last = exposed.reduce(|last, row| if row.last_exposed > last.last_exposed { row } else { last });
        let is_in_time = |exposed: Timestamp| (0..=attribution_ms).contains(&at.since(exposed));
        if let Some(row) = last.filter(|row| row.last_exposed.is_some_and(is_in_time)) {
            row.conversions = row.conversions.saturating_add(1);
        }
    }

    /// Adds the counts of another device.
    pub fn merge(&mut self, other: &VariantCounts<N>) {
        for from in &other.0 {
            let row = self.row(&from.owner, from.variant.as_deref());
            for (count, more) in row.counts.iter_mut().zip(from.counts) {
                *count = count.saturating_add(more);
            }
            row.conversions = row.conversions.saturating_add(from.conversions);
            row.last_exposed = row.last_exposed.max(from.last_exposed);
        }
    }

    /// The row of a variant, which is added if there is none.
    fn row(&mut self, owner: &str, variant: Option<&str>) -> &mut Row<N> {
        let found = self.0.iter().position(|row| row.owner == owner && row.variant.as_deref() == variant);
        let index = found.unwrap_or_else(|| {
            if self.0.len() >= ROWS {
                let oldest = self.0.iter().enumerate().min_by_key(|(_, row)| row.last_exposed);
                oldest.map(|(index, _)| index).map(|index| self.0.remove(index));
            }
            self.0.push(Row { owner: owner.to_owned(), variant: variant.map(str::to_owned), ..Row::default() });
            self.0.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "found, or just pushed")]
        &mut self.0[index]
    }

    /// Their part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(ROWS, &mut self.0, |codec, row| {
            codec.text(&mut row.owner);
            codec.optional(&mut row.variant, Codec::text);
            row.counts.iter_mut().for_each(|count| codec.varint_u32(count));
            codec.varint_u32(&mut row.conversions);
            codec.optional(&mut row.last_exposed, Codec::time);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use proptest::prelude::*;

    #[test]
    fn of_too_many_variants_the_one_exposed_least_recently_is_forgotten() {
        let mut counts = VariantCounts::<1>::default();
        for number in 0..200 {
            counts.expose(&format!("s{number}"), None, Timestamp::from_ms(1_000 - number));
        }
        counts.expose("one more", None, Timestamp::from_ms(2_000));
        let has = |owner: &str| counts.0.iter().any(|row| row.owner == owner);
        assert!(counts.0.len() == 200 && has("one more") && has("s0") && !has("s199"));
    }

    proptest! {
        #[test]
        fn counts_of_any_size_survive_their_snapshot(rows in 195..205_usize) {
            let row = |number: usize| Row {
                owner: format!("s{number}"),
                variant: number.is_multiple_of(2).then(|| "a".to_owned()),
                counts: [7, u32::MAX, 0],
                conversions: 8,
                last_exposed: number.is_multiple_of(3).then(|| Timestamp::from_ms(9)),
            };
            let mut counts = VariantCounts::<3>((0..rows).map(row).collect());
            let read = round_trip(&mut counts, VariantCounts::code);
            prop_assert_eq!(&read.0[..], &counts.0[rows.saturating_sub(ROWS)..]);
        }
    }
}
