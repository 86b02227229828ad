//! The chance to win, and what a wrong choice costs: answers after Bayes, from flat priors.

use super::Difference;
use super::proportion::Proportion;
use crate::statistics::distribution::incomplete::beta_kernel;
use crate::statistics::distribution::{normal_density, normal_upper_tail};

/// The most terms that are added: some hundredths of a second. Equal variations need them from about 10^9
/// conversions on, and no variations with fewer than some ten million visitors.
const TERMS: f64 = 1e6;

/// A treatment as it is believed to compare with its control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// The chance that the treatment is better. In `[0, 1]`.
    pub to_win: f64,
    /// How much is lost on average by choosing the treatment: nothing where it is better, the difference
    /// where it is worse. At least 0, in the unit of the difference.
    pub expected_loss: f64,
}

impl Chance {
    /// Of two rates with a Beta(1, 1) prior each, which holds all rates equally likely.
    ///
    /// The sum is finite and exact; see [`Chance::to_win`] and [`Chance::expected_loss`] for the ranges. The
    /// chance is right to about 1e-12 relative, the loss to about 1e-15 of the rates. Only where more than a
    /// million terms would have to be added, which takes a billion conversions or more unusual sizes, both posteriors
    /// are taken to be normal: the chance is then off by at most 0.2 / sqrt(the fewest conversions and one).
    ///
    /// Source: Miller (2015), "Formulas for Bayesian A/B testing", equation 6; the loss is Stucchio (2014), "Easy
    /// evaluation of decision rules in Bayesian A/B testing". Added from the largest term outwards, not in order.
    ///
    /// ```
    /// # use tailorbird_cli::statistics::lift::{chance::Chance, proportion::Proportion};
    /// let (one, two) = (Proportion::new(0.0, 0.0), Proportion::new(1.0, 1.0));
    /// let chance = one.zip(two).map(|(control, treatment)| Chance::of_rates(&control, &treatment).to_win);
    /// // A rate that is uniform exceeds one with density 2x in a third of all cases.
    /// assert!(chance.is_some_and(|chance| (chance - 2.0 / 3.0).abs() < 1e-15));
    /// ```
    pub fn of_rates(control: &Proportion, treatment: &Proportion) -> Chance {
        let (a, b) = (Shape::of(control), Shape::of(treatment));
        Chance::exact(a, b).unwrap_or_else(|| Chance::of_wide_shapes(a, b))
    }

    fn exact(a: Shape, b: Shape) -> Option<Chance> {
        // E[max(A - B, 0)] = E[A] P(A' > B) - E[B] P(A > B'), where ' is one conversion more.
        let kept = a.mean() * b.loses_to(a.with_conversion())?;
        let given_up = b.mean() * b.with_conversion().loses_to(a)?;
        Some(Chance { to_win: a.loses_to(b)?, expected_loss: (kept - given_up).max(0.0) })
    }

    fn of_wide_shapes(a: Shape, b: Shape) -> Chance {
        let standard_error = (a.variance() + b.variance()).sqrt();
        Chance::of_normal(b.mean() - a.mean(), standard_error)
    }

    /// Of any difference that is about normal, with a flat prior on it.
    ///
    /// `None` if the difference is not valid. GrowthBook states the same of the relative effect, with a
    /// flat prior on that: Φ(μ/σ), and the mean of the truncated normal.
    pub fn of_difference(difference: &Difference) -> Option<Chance> {
        let Difference { estimate, standard_error, .. } = difference.sound()?;
        Some(Chance::of_normal(estimate, standard_error))
    }

    fn of_normal(mean: f64, deviation: f64) -> Chance {
        let z = mean / deviation;
        let loss = deviation * (normal_density(z) - z * normal_upper_tail(z));
        Chance { to_win: normal_upper_tail(-z), expected_loss: loss.max(0.0) }
    }
}

/// A Beta distribution over a rate. Both at least 1, and whole.
#[derive(Clone, Copy, Debug)]
struct Shape {
    alpha: f64,
    beta: f64,
}

impl Shape {
    fn of(counted: &Proportion) -> Shape {
        let conversions = counted.conversions();
        Shape { alpha: conversions + 1.0, beta: counted.n() - conversions + 1.0 }
    }

    fn with_conversion(self) -> Shape {
        Shape { alpha: self.alpha + 1.0, beta: self.beta }
    }

    /// The same distribution of the share that did not convert.
    fn mirrored(self) -> Shape {
        Shape { alpha: self.beta, beta: self.alpha }
    }

    fn mean(self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    fn variance(self) -> f64 {
        let sum = self.alpha + self.beta;
        self.alpha / sum * (self.beta / sum) / (sum + 1.0)
    }

    /// The chance that a rate of this shape is below one of `other`, relatively exact.
    ///
    /// `None` where too many terms would have to be added.
    fn loses_to(self, other: Shape) -> Option<f64> {
        // Less conversions here are more of the rest: of both sums the shorter.
        let (control, treatment) =
            if other.alpha <= self.beta { (self, other) } else { (other.mirrored(), self.mirrored()) };
        Terms { control, treatment }.sum().map(|sum| sum.clamp(0.0, 1.0))
    }
}

/// The terms of Miller's sum, i from 0 to α - 1 of the treatment. Each is a chance: that at the control's rate
/// i visitors convert before the treatment's β-th does not. They rise to the largest and fall from there.
struct Terms {
    control: Shape,
    treatment: Shape,
}

impl Terms {
    fn sum(&self) -> Option<f64> {
        let last = self.treatment.alpha - 1.0;
        let Shape { alpha, beta } = self.control;
        let mode = (alpha * self.treatment.beta - (alpha + beta + self.treatment.beta)) / (beta + 1.0);
        let largest = mode.clamp(0.0, last).floor();
        let first = self.term(largest);
        let mut sum = first;
        let mut terms = 0.0;
        let (mut term, mut i) = (first, largest);
        while i < last && term * (last - i) > sum * f64::EPSILON / 8.0 {
            term *= self.growth(i);
            i += 1.0;
            sum += term;
            terms += 1.0;
            if terms > TERMS {
                return None;
            }
        }
        (term, i) = (first, largest);
        while i > 0.0 && term * i > sum * f64::EPSILON / 8.0 {
            i -= 1.0;
            term /= self.growth(i);
            sum += term;
            terms += 1.0;
            if terms > TERMS {
                return None;
            }
        }
        Some(sum)
    }

    /// The next term as a multiple of the one at `i`.
    fn growth(&self, i: f64) -> f64 {
        let all = self.control.alpha + self.control.beta + self.treatment.beta;
        (self.control.alpha + i) / (all + i) * ((self.treatment.beta + i) / (1.0 + i))
    }

    /// The term at `i`: three kernels at the rate that fits the conversions of both best.
    fn term(&self, i: f64) -> f64 {
        let Shape { alpha, beta } = self.control;
        let missed = beta + self.treatment.beta;
        let all = alpha + i + missed;
        let (x, y) = ((alpha + i) / all, missed / all);
        let both = beta_kernel(alpha, beta, x, y) / beta_kernel(alpha + i, missed, x, y);
        both * beta_kernel(i + 1.0, self.treatment.beta, x, y) / (x * (self.treatment.beta + i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chances(control: (f64, f64), treatment: (f64, f64)) -> (Chance, Option<Chance>, Chance) {
        let [control, treatment] =
            [control, treatment].map(|(conversions, n)| Proportion::new(conversions, n).unwrap());
        let (a, b) = (Shape::of(&control), Shape::of(&treatment));
        (Chance::of_rates(&control, &treatment), Chance::exact(a, b), Chance::of_wide_shapes(a, b))
    }

    #[test]
    fn normal_posteriors_are_as_close_as_promised() {
        let cases = [
            (99.0, 1e6, 105.0, 1e6),
            (9_999.0, 2e4, 10_050.0, 2e4),
            (0.0, 1e5, 2_000.0, 2e9),
            (39.0, 40.0, 99.0, 105.0),
        ];
        for (one, n, two, m) in cases {
            let (_, exact, normal) = chances((one, n), (two, m));
            let rarest = [one, n - one, two, m - two].into_iter().fold(f64::MAX, f64::min) + 1.0;
            let error = (normal.to_win - exact.unwrap().to_win).abs();
            assert!(error < 0.2 / rarest.sqrt(), "{one} of {n} and {two} of {m}: {error}");
            assert!(error > 0.0, "the exact one is another");
        }
    }

    #[test]
    fn billions_of_visitors_take_the_normal_way_and_no_longer() {
        let (found, exact, normal) = chances((1e14, 1e15), (1e14 + 1e7, 1e15));
        assert_eq!((found, exact), (normal, None));
        // 1e7 conversions are 0.745 standard deviations of the difference.
        assert!((found.to_win - 0.772).abs() < 0.001, "{found:?}");
        let (_, exact, _) = chances((4e8, 4e9), (4e8 + 2e4, 4e9));
        let normal = chances((4e8, 4e9), (4e8 + 2e4, 4e9)).2;
        assert!((exact.unwrap().to_win - normal.to_win).abs() < 1e-5, "a billion is still exact");
    }
}
