//! How long events took: each time with how often it came, so that what is kept does not grow with the log.

use std::collections::BTreeMap;
use std::time::Duration;

/// How many binary digits of a time are kept: it is at most a part in 1,024 too long. There are 23,552 different times at
/// most; of whole nanoseconds there would be as many as events.
const DIGITS: u32 = 11;

/// Times in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How often each came. Beyond 4.3 s all are the same.
    counts: BTreeMap<u32, u64>,
}

impl Times {
    /// Adds one.
    pub fn add(&mut self, took: Duration) {
        let ns = u32::try_from(took.as_nanos()).unwrap_or(u32::MAX);
        let dropped = (u32::BITS - ns.leading_zeros()).saturating_sub(DIGITS);
        // Rounded up, so that what stays within a time does.
        let rounded = ns | ((1 << dropped) - 1);
        *self.counts.entry(rounded).or_default() += 1;
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
        for (found, exact) in times.within_us([50, 99, 100]).into_iter().zip([100.0, 198.0, 200.0]) {
            assert!((exact..exact * (1.0 + 1.0 / 1_024.0)).contains(&found), "{found} for {exact}");
        }
        assert_eq!(Times::default().within_us([50, 99]), [0.0, 0.0], "nothing took any time");
    }

    #[test]
    fn a_million_events_are_not_a_million_times() {
        let times = times((0..1_000_000).map(|event| event * 4_001));
        assert!(times.counts.len() < 23_552, "{}", times.counts.len());
    }

    proptest! {
        #[test]
        fn a_percentile_is_that_of_all_samples_sorted_to_a_part_in_1024(
            one in prop::collection::vec(0_u64..5_000_000_000, 0..200),
            other in prop::collection::vec(0_u64..5_000, 1..200),
            percent in 1_u64..=100,
        ) {
            let mut merged = times(one.clone());
            merged.merge(times(other.clone()));
            let mut sorted = [one, other].concat();
            sorted.sort_unstable();
            let rank = (sorted.len() * usize::try_from(percent).unwrap()).div_ceil(100);
            let exact = sorted[rank - 1].min(u64::from(u32::MAX)) as f64 / 1_000.0;
            let [found] = merged.within_us([percent]);
            prop_assert!(exact <= found && found <= exact * (1.0 + 1.0 / 1_024.0), "{} for {}", found, exact);
        }
    }
}
