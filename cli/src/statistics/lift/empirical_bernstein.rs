//! A confidence sequence for the mean of values in `[0, 1]` that holds at every number of values, from the
//! first, with no appeal to large numbers.

use super::Interval;

/// No bet is larger: what the paper calls c.
const LARGEST_BET: f64 = 0.5;

/// The sequence after the values seen so far, in the order in which they came.
///
/// Source: Waudby-Smith and Ramdas (2023), "Estimating means of bounded random variables by betting",
/// J. R. Stat. Soc. B 86, theorem 2 (the predictable plug-in empirical Bernstein sequence) with the bets
/// λ = min(sqrt(2 ln(2 / α) / (σ² t ln(t + 1))), 1/2), σ² the variance before the t-th value. The interval of
/// each time is given by itself; the intersection of all so far is valid as well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EmpiricalBernstein {
    /// ln(2 / alpha).
    evidence: f64,
    /// How many values.
    count: f64,
    /// 1/2 and the sum of all values.
    sum: f64,
    /// 1/4 and the squared distance of each value from the mean up to it.
    scatter: f64,
    bets: f64,
    weighted: f64,
    /// What each bet costs: the squared distance of a value from the mean before it, times 4 ψ(bet).
    cost: f64,
}

impl EmpiricalBernstein {
    /// Nothing seen yet; all intervals together hold the mean with chance 1 - `alpha`.
    ///
    /// `None` unless alpha is above 0 and below 1.
    pub fn new(alpha: f64) -> Option<EmpiricalBernstein> {
        let evidence = libm::log(2.0 / alpha);
        (alpha > 0.0 && alpha < 1.0 && evidence.is_finite()).then_some(EmpiricalBernstein {
            evidence,
            count: 0.0,
            sum: 0.5,
            scatter: 0.25,
            bets: 0.0,
            weighted: 0.0,
            cost: 0.0,
        })
    }

    /// Takes in one value and answers the interval after it, within `[0, 1]`.
    ///
    /// `None` for a value outside `[0, 1]`, which changes nothing.
    pub fn observe(&mut self, value: f64) -> Option<Interval> {
        if !(0.0..=1.0).contains(&value) {
            return None;
        }
        let next = self.count + 1.0;
        let (mean_before, variance_before) = (self.sum / next, self.scatter / next);
        let bet = (2.0 * self.evidence / (variance_before * next * libm::log(next + 1.0))).sqrt().min(LARGEST_BET);
        let surprise = value - mean_before;
        self.bets += bet;
        self.weighted += bet * value;
        // 4 ψ(bet) with ψ(b) = (-ln(1 - b) - b) / 4.
        self.cost += surprise * surprise * (-libm::log1p(-bet) - bet);
        self.count = next;
        self.sum += value;
        let distance = value - self.sum / (next + 1.0);
        self.scatter += distance * distance;
        Some(self.interval())
    }

    /// The interval after all values so far; `[0, 1]` before the first.
    pub fn interval(&self) -> Interval {
        if self.bets == 0.0 {
            return Interval { lower: 0.0, upper: 1.0 };
        }
        let middle = self.weighted / self.bets;
        let half_width = (self.evidence + self.cost) / self.bets;
        Interval { lower: (middle - half_width).max(0.0), upper: (middle + half_width).min(1.0) }
    }
}
