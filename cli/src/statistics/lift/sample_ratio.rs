//! Whether visitors were split as intended. Where they were not, something chose who is counted, and no
//! difference between the variations can be trusted.

use crate::statistics::distribution::chi_squared_upper_tail;

use super::LARGEST_COUNT;

/// The p-value below which a split is held to be wrong: small, because it is looked at often.
pub const ALARM: f64 = 0.001;
/// The mean number of visitors per variation below which no alarm is raised.
pub const FEWEST: f64 = 8.0;

/// Pearson's test of visitors against the weights they were split by.
///
/// Source: Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", KDD;
/// the bounds are GrowthBook's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleRatio {
    /// The sum of (observed - expected)² / expected. At least 0.
    pub chi_squared: f64,
    /// One less than the number of variations.
    pub degrees: f64,
    /// The chance of a split at least as uneven. In `[0, 1]`.
    pub p: f64,
    /// The visitors of all variations.
    n: f64,
}

impl SampleRatio {
    /// Tests `observed` visitors against `weights`, which are in the same order and need not add to 1.
    ///
    /// `None` unless there are at least two variations and as many weights, all counts are numbers from 0 to 2^53
    /// and not all 0, and all weights are positive and finite.
    ///
    /// ```
    /// # use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;
    /// let split = SampleRatio::test(&[9_000.0, 1_100.0], &[0.9, 0.1]);
    /// assert!(split.is_some_and(|split| split.p < 0.003 && !split.is_alarming()));
    /// ```
    pub fn test(observed: &[f64], weights: &[f64]) -> Option<SampleRatio> {
        let counts = observed.iter().all(|count| (0.0..=LARGEST_COUNT).contains(count));
        let shares = weights.iter().all(|weight| *weight > 0.0 && weight.is_finite());
        if observed.len() < 2 || observed.len() != weights.len() || !counts || !shares {
            return None;
        }
        let n: f64 = observed.iter().sum();
        let total: f64 = weights.iter().sum();
        let terms = observed.iter().zip(weights).map(|(count, weight)| {
            let expected = n * (weight / total);
            (count - expected) / expected * (count - expected)
        });
        let chi_squared: f64 = terms.sum();
        #[allow(clippy::cast_precision_loss, reason = "a list of 2^53 variations fits no memory")]
        let degrees = (observed.len() - 1) as f64;
        Some(SampleRatio { chi_squared, degrees, p: chi_squared_upper_tail(chi_squared, degrees)?, n })
    }

    /// Whether the split is wrong: p below [`ALARM`], with at least [`FEWEST`] visitors per variation on average.
    pub fn is_alarming(&self) -> bool {
        self.p < ALARM && self.n >= FEWEST * (self.degrees + 1.0)
    }
}
