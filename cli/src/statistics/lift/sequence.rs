//! Confidence sequences and other answers that stay valid however often, and whenever, they are looked at.
//!
//! A fixed interval at 95 % is wrong one time in twenty if it is looked at once. Looked at daily, until it
//! excludes 0, it is wrong far more often. A sequence is wider, and wrong one time in twenty over all looks
//! together.

use super::{Difference, Interval};

/// An asymptotic confidence sequence: at every number of visitors an interval, all of which together hold
/// the true difference with chance 1 - alpha in the long run.
///
/// Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), "Time-uniform central limit theory and
/// asymptotic confidence sequences", arXiv 2103.06476, theorem 2.2: with s² = n times the squared standard
/// error, the half-width is sqrt(s²) sqrt(2 (n ρ² + 1) / (n² ρ²) ln(sqrt(n ρ² + 1) / α)). Tuned by the closed
/// form of its appendix, ρ² = (-2 ln α + ln(-2 ln α + 1)) / t, as GrowthBook's sequential engine is. It is
/// asymptotic: variances are taken as known, so with less than some dozens of visitors per variation it promises
/// too much, as every use of the normal distribution does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sequence {
    alpha: f64,
    rho_squared: f64,
}

impl Sequence {
    /// A sequence wrong with chance `alpha`, narrowest about when `tuned_for` visitors have come in both variations.
    /// GrowthBook tunes for 5,000.
    ///
    /// `None` unless alpha is above 0 and below 1, and `tuned_for` positive and finite.
    pub fn new(alpha: f64, tuned_for: f64) -> Option<Sequence> {
        let evidence = -2.0 * libm::log(alpha);
        let rho_squared = (evidence + libm::log(evidence + 1.0)) / tuned_for;
        let possible = alpha > 0.0 && alpha < 1.0 && tuned_for > 0.0 && rho_squared > 0.0 && rho_squared.is_finite();
        possible.then_some(Sequence { alpha, rho_squared })
    }

    /// The tuning: the standard deviation of the normal mixture over possible effects. Positive.
    pub fn rho(&self) -> f64 {
        self.rho_squared.sqrt()
    }

    /// n ρ², and n ρ² + 1.
    fn time(&self, difference: &Difference) -> Option<(f64, f64)> {
        let time = difference.sound()?.n * self.rho_squared;
        time.is_finite().then_some((time, time + 1.0))
    }

    /// Half the width of the interval. Positive, and wider than [`Difference::interval`] at every n.
    ///
    /// `None` if the difference is not valid.
    pub fn half_width(&self, difference: &Difference) -> Option<f64> {
        let (time, more) = self.time(difference)?;
        let boundary = 2.0 * more / time * (libm::log(more) / 2.0 - libm::log(self.alpha));
        Some(difference.standard_error * boundary.sqrt()).filter(|half_width| half_width.is_finite())
    }

    /// The interval at this number of visitors. What is outside one of them is excluded, at any
    /// time; a sequence that excluded 0 once has shown a difference.
    ///
    /// `None` if the difference is not valid.
    pub fn interval(&self, difference: &Difference) -> Option<Interval> {
        Interval::around(difference.estimate, self.half_width(difference)?)
    }

    /// The logarithm of the evidence against equal variations: a bet on a difference has multiplied its
    /// stake by so much. Above -ln alpha exactly where the interval excludes 0.
    ///
    /// `None` if the difference is not valid.
    pub fn ln_e_value(&self, difference: &Difference) -> Option<f64> {
        let (time, more) = self.time(difference)?;
        let z = difference.z();
        Some(time / more * (z * z) / 2.0 - libm::log(more) / 2.0).filter(|value| value.is_finite())
    }

    /// The evidence itself, from 0; the largest double where it is larger. Its mean is at most 1 between
    /// variations that do not differ, at any time.
    ///
    /// `None` if the difference is not valid. Source: Howard, Ramdas, McAuliffe and Sekhon (2021),
    /// "Time-uniform, nonparametric, nonasymptotic confidence sequences", Ann. Stat. 49, the two-sided normal
    /// mixture: exp(n ρ² z² / (2 (n ρ² + 1))) / sqrt(n ρ² + 1).
    pub fn e_value(&self, difference: &Difference) -> Option<f64> {
        self.ln_e_value(difference).map(|value| libm::exp(value).min(f64::MAX))
    }

    /// The p-value that may be looked at any time: one over the evidence, in `[0, 1]`. The smallest so far is
    /// one as well.
    ///
    /// `None` if the difference is not valid.
    pub fn p(&self, difference: &Difference) -> Option<f64> {
        self.ln_e_value(difference).map(|value| libm::exp(-value).min(1.0))
    }
}

/// The p-value of the mixture sequential probability ratio test, which may be looked at any time: one over
/// the likelihood ratio of effects that vary normally around 0 with variance `tau_squared`, against none.
///
/// In `[0, 1]`; the smallest so far is one as well. With τ² = n ρ² times the squared standard error it is
/// [`Sequence::p`]. `None` if the difference is not valid, and unless τ² is positive and finite.
///
/// Source: Johari, Koomen, Pekelis and Walsh (2017), "Peeking at A/B tests", KDD: for n visitors per variation
/// Λ = sqrt(V / (V + n τ²)) exp(n² τ² d² / (2 V (V + n τ²))); here V / n is the squared standard error, which is
/// right for variations of different sizes as well. The paper's own V, the sum of both variances, is not.
pub fn mixture_ratio_p(difference: &Difference, tau_squared: f64) -> Option<f64> {
    let Difference { standard_error, .. } = difference.sound()?;
    let time = tau_squared / (standard_error * standard_error);
    if !(time > 0.0 && time.is_finite()) {
        return None;
    }
    let z = difference.z();
    let ln_ratio = time / (1.0 + time) * (z * z) / 2.0 - libm::log(1.0 + time) / 2.0;
    ln_ratio.is_finite().then(|| libm::exp(-ln_ratio).min(1.0))
}
