//! Whether one variation of an experiment performs better than another, from sums only.
//!
//! A variation is described by its number of visitors, the sum of their values and the sum of the squares, which
//! identify no visitor. Impossible sums, such as a negative count or NaN, have no [`VariationSums`], and a
//! statistic that cannot be computed is `None`, never an error.

pub mod chance;
pub mod covariate;
pub mod empirical_bernstein;
pub mod proportion;
pub mod sample_ratio;
pub mod sequence;
pub mod welch;

use super::distribution::normal_critical;

/// Below this share of the sum of squares a variance is rounding error.
const ROUNDING: f64 = 1e-13;
/// Sums that contradict each other by at most this share were only rounded.
const IMPOSSIBLE: f64 = 1e-9;
/// Integers up to here are exact in a double.
pub const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;

/// The outcomes of the visitors of one variation, summed.
///
/// ```
/// # use tailorbird_cli::statistics::lift::VariationSums;
/// let variation = VariationSums::new(4.0, 10.0, 30.0); // four visitors, who bought 1, 2, 3 and 4
/// assert_eq!(variation.and_then(|variation| variation.mean()), Some(2.5));
/// assert_eq!(variation.and_then(|variation| variation.variance()), Some(1.25));
/// assert_eq!(VariationSums::new(4.0, 10.0, 24.0), None); // squares of four numbers that add to 10 are at least 25
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariationSums {
    n: f64,
    sum: f64,
    /// The sum of squared distances from the mean. Never negative.
    scatter: f64,
}

impl VariationSums {
    /// The variation with `n` visitors, whose values add to `sum` and their squares to `sum_squares`.
    ///
    /// `None` if no values have these sums: a number that is not finite, a count that is negative or
    /// above 2^53, sums without visitors, or squares below sum² / n.
    pub fn new(n: f64, sum: f64, sum_squares: f64) -> Option<VariationSums> {
        if !(0.0..=LARGEST_COUNT).contains(&n) || !sum.is_finite() || !(0.0..=f64::MAX).contains(&sum_squares) {
            return None;
        }
        if n == 0.0 {
            return (sum == 0.0 && sum_squares == 0.0).then_some(VariationSums { n, sum, scatter: 0.0 });
        }
        let scatter = co_scatter(n, (sum, sum), sum_squares, sum_squares)?;
        (scatter >= -IMPOSSIBLE * sum_squares).then_some(VariationSums { n, sum, scatter: scatter.max(0.0) })
    }

    /// A variation of `n` visitors of whom `conversions` converted: values 1 and 0.
    ///
    /// `None` unless the conversions are from 0 to `n`, and `n` is at most 2^53.
    pub fn of_conversions(conversions: f64, n: f64) -> Option<VariationSums> {
        if conversions <= n { VariationSums::new(n, conversions, conversions) } else { None }
    }

    /// How many visitors.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The mean; `None` of no visitors.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.sum / self.n)
    }

    /// The mean squared distance from the mean; `None` of no visitors.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.scatter / self.n)
    }

    /// The variance of the population they come from, with divisor n - 1; `None` of at most one visitor.
    pub fn sample_variance(&self) -> Option<f64> {
        (self.n > 1.0).then(|| self.scatter / (self.n - 1.0))
    }
}

/// Σ xy - Σx Σy / n for `sums` Σx and Σy, and `products` Σ xy; 0 where it is within rounding of
/// `size`, which the products have. `None` where it overflows.
fn co_scatter(n: f64, sums: (f64, f64), products: f64, size: f64) -> Option<f64> {
    let scatter = products - sums.0 * (sums.1 / n);
    let rounded = if scatter.abs() <= size * ROUNDING { 0.0 } else { scatter };
    rounded.is_finite().then_some(rounded)
}

/// The probability of an error on either side of an interval that is wrong with probability `alpha`; `None` unless it is above 0 and below 1.
fn either_side(alpha: f64) -> Option<f64> {
    (alpha > 0.0 && alpha < 1.0).then_some(alpha / 2.0)
}

/// From a lower to an upper bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// At most `upper`.
    pub lower: f64,
    /// At least `lower`.
    pub upper: f64,
}

impl Interval {
    /// The interval from `middle` by `half_width` to both sides.
    fn around(middle: f64, half_width: f64) -> Option<Interval> {
        let interval = Interval { lower: middle - half_width, upper: middle + half_width };
        (interval.lower.is_finite() && interval.upper.is_finite()).then_some(interval)
    }

    /// Whether it contains `value`, bounds included. An interval that excludes 0 shows a difference.
    pub fn contains(&self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }
}

/// By how much a treatment differs from its control, with its standard error.
///
/// Its numbers are public and can be set: noise that was added for privacy adds its variance to the
/// square of the standard error. With a standard error that is not above 0, or numbers that are not finite, it is
/// not valid, and the methods return `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Treatment less control, in the unit of the values, or relative to the control.
    pub estimate: f64,
    /// The standard deviation of the estimate. Above 0.
    pub standard_error: f64,
    /// The visitors of both variations.
    pub n: f64,
}

impl Difference {
    /// The difference of the means, with the unpooled standard error: the square root of the sum of
    /// both variations' variance / n.
    ///
    /// `None` while a variation has no visitors, or all visitors of both variations have the same value.
    pub fn between(control: &VariationSums, treatment: &VariationSums) -> Option<Difference> {
        let squared_error = control.variance()? / control.n + treatment.variance()? / treatment.n;
        Difference::checked(treatment.mean()? - control.mean()?, squared_error, control.n + treatment.n)
    }

    /// The difference as a share of the control's mean: 0.3 is 30 % more.
    ///
    /// Its variance is that of a ratio by the delta method: v(b) / a² + v(a) b² / a⁴ for means a of the
    /// control and b of the treatment, with v their variances. `None` as for [`Difference::between`], and
    /// where the control's mean is 0. For a negative mean the sign is that of the change, by its size.
    ///
    /// Source: Deng, Knoblich and Lu (2018), "Applying the delta method in metric analytics", KDD, on
    /// percent change.
    pub fn relative(control: &VariationSums, treatment: &VariationSums) -> Option<Difference> {
        let base = control.mean()?;
        let ratio = treatment.mean()? / base;
        let (from_control, from_treatment) = (control.variance()? / control.n, treatment.variance()? / treatment.n);
        let squared_error = (from_treatment / base + from_control / base * ratio * ratio) / base;
        let change = (treatment.mean()? - base) / base.abs();
        Difference::checked(change, squared_error, control.n + treatment.n)
    }

    fn checked(estimate: f64, squared_error: f64, n: f64) -> Option<Difference> {
        Difference { estimate, standard_error: squared_error.sqrt(), n }.sound()
    }

    /// Itself, if it is valid.
    fn sound(self) -> Option<Difference> {
        let makes_sense = self.estimate.is_finite()
            && self.standard_error > 0.0
            && self.standard_error.is_finite()
            && self.z().is_finite()
            && (1.0..=2.0 * LARGEST_COUNT).contains(&self.n);
        makes_sense.then_some(self)
    }

    /// The estimate in standard errors.
    pub fn z(&self) -> f64 {
        self.estimate / self.standard_error
    }

    /// The interval that holds the true difference with chance 1 - `alpha`, by the normal distribution,
    /// when it is looked at once, at a time fixed beforehand.
    ///
    /// `None` unless alpha is above 0 and below 1. For few visitors [`welch`] is wider and right.
    pub fn interval(&self, alpha: f64) -> Option<Interval> {
        let Difference { estimate, standard_error, .. } = self.sound()?;
        Interval::around(estimate, normal_critical(either_side(alpha)?)? * standard_error)
    }
}
