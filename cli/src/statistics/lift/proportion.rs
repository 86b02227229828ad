//! StickyBuckets whose visitors either converted or did not.

use super::{Interval, LARGEST_COUNT, VariationSums, either_side};
use crate::statistics::distribution::{normal_critical, normal_upper_tail};

/// The number of conversions among a number of visitors: integers, the first from 0 to the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    conversions: f64,
    n: f64,
}

/// The test of two proportions, with the variance that both would share if they were equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledTest {
    /// The difference in standard errors.
    pub z: f64,
    /// The chance of a difference at least as large, on either side, between equal proportions. In `[0, 1]`.
    pub p: f64,
}

impl Proportion {
    /// `None` unless both are whole numbers up to 2^53, and the conversions are from 0 to `n`.
    ///
    /// ```
    /// # use tailorbird_cli::statistics::lift::proportion::Proportion;
    /// assert_eq!(Proportion::new(3.0, 4.0).and_then(|some| some.rate()), Some(0.75));
    /// assert_eq!(Proportion::new(5.0, 4.0), None);
    /// assert_eq!(Proportion::new(2.5, 4.0), None);
    /// ```
    pub fn new(conversions: f64, n: f64) -> Option<Proportion> {
        let count = |number: f64| (0.0..=LARGEST_COUNT).contains(&number) && number.floor() == number;
        (count(conversions) && count(n) && conversions <= n).then_some(Proportion { conversions, n })
    }

    /// How many converted.
    pub fn conversions(&self) -> f64 {
        self.conversions
    }

    /// How many visitors.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The share that converted; `None` of no visitors.
    pub fn rate(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.conversions / self.n)
    }

    /// The same as a variation with values 1 and 0.
    pub fn sums(&self) -> VariationSums {
        let Proportion { conversions, n } = *self;
        let scatter = if n > 0.0 { conversions * ((n - conversions) / n) } else { 0.0 };
        VariationSums { n, sum: conversions, scatter }
    }

    /// The interval that holds the true rate with chance about 1 - `alpha`, within `[0, 1]`, also of few
    /// visitors and of none who converted. It holds the observed rate.
    ///
    /// `None` of no visitors, and unless alpha is above 0 and below 1.
    ///
    /// Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    /// J. Am. Stat. Assoc. 22.
    pub fn wilson(&self, alpha: f64) -> Option<Interval> {
        let rate = self.rate()?;
        let z = normal_critical(either_side(alpha)?)?;
        let scale = 1.0 + z * z / self.n;
        let middle = (rate + z * z / (2.0 * self.n)) / scale;
        let half_width = z / scale * (rate * (1.0 - rate) / self.n + z * z / (4.0 * self.n * self.n)).sqrt();
        // By rounding alone a bound may fall short of a rate of 0 or 1.
        let lower = (middle - half_width).clamp(0.0, rate);
        Some(Interval { lower, upper: (middle + half_width).clamp(rate, 1.0) })
    }

    /// Tests `treatment` against this control.
    ///
    /// `None` while one has no visitors, and where all or none converted in both.
    pub fn pooled_test(&self, treatment: &Proportion) -> Option<PooledTest> {
        let pooled = (self.conversions + treatment.conversions) / (self.n + treatment.n);
        let squared_error = pooled * (1.0 - pooled) * (1.0 / self.n + 1.0 / treatment.n);
        let z = (treatment.rate()? - self.rate()?) / squared_error.sqrt();
        z.is_finite().then(|| PooledTest { z, p: (2.0 * normal_upper_tail(z.abs())).min(1.0) })
    }
}
