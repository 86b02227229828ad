//! How long events took: each time with how often it came, so that what is kept does not grow with the log.

use std::collections::BTreeMap;
use std::time::Duration;

/// Times in whole nanoseconds, exact. There are as many entries as there are different times: some ten thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How often each came. Beyond 4.3 s all are the same.
    counts: BTreeMap<u32, u64>,
}

impl Times {
    /// Adds one.
    pub fn add(&mut self, took: Duration) {
        *self.counts.entry(u32::try_from(took.as_nanos()).unwrap_or(u32::MAX)).or_default() += 1;
    }

    /// Adds all of others.
    pub fn merge(&mut self, others: Times) {
        for (time, count) in others.counts {
            *self.counts.entry(time).or_default() += count;
        }
    }

    /// The least time, in microseconds, that these percentages of all do not exceed (the nearest rank); 0 where there
    /// are none.
    pub fn within_us<const N: usize>(&self, percents: [u64; N]) -> [f64; N] {
        let all: u64 = self.counts.values().sum();
        percents.map(|percent| {
            let rank = all.saturating_mul(percent).div_ceil(100).max(1);
            let mut reached = 0;
            let found = self.counts.iter().find(|(_, count)| {
                reached += **count;
                reached >= rank
            });
            found.map_or(0.0, |(time, _)| f64::from(*time) / 1_000.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn times(ns: impl IntoIterator<Item = u64>) -> Times {
        let mut times = Times::default();
        ns.into_iter().for_each(|ns| times.add(Duration::from_nanos(ns)));
        times
    }

    #[test]
    fn half_of_all_events_stay_within_the_median() {
        let times = times((1..=200).rev().map(|us| us * 1_000));
        assert_eq!(times.within_us([50, 99, 100]), [100.0, 198.0, 200.0]);
        assert_eq!(Times::default().within_us([50, 99]), [0.0, 0.0], "nothing took any time");
    }

    proptest! {
        #[test]
        fn a_percentile_is_that_of_all_samples_sorted(
            one in prop::collection::vec(0_u64..5_000, 0..200),
            other in prop::collection::vec(0_u64..5_000, 1..200),
            percent in 1_u64..=100,
        ) {
            let mut merged = times(one.clone());
            merged.merge(times(other.clone()));
            let mut sorted = [one, other].concat();
            sorted.sort_unstable();
            let rank = (sorted.len() * usize::try_from(percent).unwrap()).div_ceil(100);
            prop_assert_eq!(merged.within_us([percent]), [sorted[rank - 1] as f64 / 1_000.0]);
        }
    }
}
