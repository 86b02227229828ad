//! Welch's test: whether two means differ, when the variations may differ in variance and are looked at once.

use super::{Interval, VariationSums, either_side};
use crate::statistics::distribution::{student_t_critical, student_t_outside};

/// The test of one difference of means.
///
/// Valid for one look at a time fixed beforehand: who looks again and again, and stops at the first
/// small p, is wrong far more often than `p` says. See [`super::sequence`].
///
/// Source: Welch (1947), "The generalization of Student's problem when several different population
/// variances are involved", Biometrika 34; degrees of freedom by Satterthwaite (1946), "An approximate
/// distribution of estimates of variance components", Biometrics Bulletin 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welch {
    /// The mean of the treatment less that of the control.
    pub difference: f64,
    /// The standard deviation of the difference, from the sample variances. Above 0.
    pub standard_error: f64,
    /// The difference in standard errors.
    pub t: f64,
    /// Degrees of freedom, at least those of the smaller variation: n - 1.
    pub degrees: f64,
    /// The chance of a difference at least as large, on either side, between variations that do not differ.
    /// In `[0, 1]`.
    pub p: f64,
}

impl Welch {
    /// Tests treatment against control.
    ///
    /// `None` while a variation has fewer than two visitors, or all visitors of both variations did the same.
    pub fn test(control: &VariationSums, treatment: &VariationSums) -> Option<Welch> {
        let of_control = control.sample_variance()? / control.n();
        let of_treatment = treatment.sample_variance()? / treatment.n();
        let all = of_control + of_treatment;
        let standard_error = all.sqrt();
        let difference = treatment.mean()? - control.mean()?;
        let t = difference / standard_error;
        // As shares of the whole: the squares of small variances would vanish.
        let (share, rest) = (of_control / all, of_treatment / all);
        let degrees = 1.0 / (share * share / (control.n() - 1.0) + rest * rest / (treatment.n() - 1.0));
        let p = student_t_outside(t, degrees)?;
        t.is_finite().then_some(Welch { difference, standard_error, t, degrees, p })
    }

    /// The interval that holds the true difference with chance 1 - `alpha`, when it is looked at once.
    ///
    /// It holds 0 where `p` is above alpha, and the difference itself always. `None` unless alpha is above
    /// 0 and below 1.
    pub fn interval(&self, alpha: f64) -> Option<Interval> {
        Interval::around(self.difference, student_t_critical(either_side(alpha)?, self.degrees)? * self.standard_error)
    }
}
