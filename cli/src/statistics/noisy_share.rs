//! What responses with noise say of all visitors together: shares, differences, and how many responses it takes.
//!
//! A response names an outcome with one probability where it is true, and with another where it is not; of either kind
//! of [`Mechanism`](tailorbird::measurement::randomizer::Mechanism) the number of responses that name it has a binomial
//! distribution. So the share of visitors follows from the share of responses by a line, and its interval from that of
//! a proportion.

use tailorbird::measurement::randomizer::Randomizer;

use super::distribution::normal_critical;
use super::lift::proportion::Proportion;
use super::lift::{Difference, Interval};

/// How often a response names an outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Where it is true. Above `other`.
    kept: f64,
    /// Where it is not.
    other: f64,
}

/// The share of visitors with one outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The estimate. It is unbiased, so it may lie below 0 or above 1.
    pub estimate: f64,
    /// Its standard deviation. At least 0.
    pub standard_error: f64,
    /// Holds the true share with the probability asked for; within `[0, 1]`.
    pub interval: Interval,
}

impl Noise {
    /// Each response is true.
    pub const NONE: Noise = Noise { kept: 1.0, other: 0.0 };

    /// The noise of a randomizer.
    pub fn of(randomizer: &Randomizer) -> Noise {
        Noise { kept: randomizer.kept(), other: randomizer.other() }
    }

    /// The share of responses that name an outcome which this share of visitors has.
    fn seen(self, share: f64) -> f64 {
        self.other + (self.kept - self.other) * share
    }

    /// The share of visitors, of whom this share of responses names the outcome.
    ///
    /// Sources: Warner (1965) for two outcomes; Wang and others (2017), "Locally differentially private protocols for
    /// frequency estimation", USENIX Security, on pure protocols, for both kinds of response.
    fn share(self, seen: f64) -> f64 {
        (seen - self.other) / (self.kept - self.other)
    }

    /// The variance of an estimated share, times the number of responses. Source: as for [`Noise::share`].
    fn variance(self, share: f64) -> f64 {
        let seen = self.seen(share);
        seen * (1.0 - seen) / ((self.kept - self.other) * (self.kept - self.other))
    }

    /// The share of visitors with an outcome that `named` of `n` responses name, with an interval that misses it with
    /// probability `alpha`: Wilson's of the responses, taken back through the noise.
    ///
    /// `None` of no responses, of more that name it than there are, and unless `alpha` is above 0 and below 1.
    pub fn estimate(self, named: f64, n: f64, alpha: f64) -> Option<Share> {
        let responses = Proportion::new(named, n)?;
        let (rate, wilson) = (responses.rate()?, responses.wilson(alpha)?);
        let bound = |seen: f64| self.share(seen).clamp(0.0, 1.0);
        Some(Share {
            estimate: self.share(rate),
            standard_error: (rate * (1.0 - rate) / n).sqrt() / (self.kept - self.other),
            interval: Interval { lower: bound(wilson.lower), upper: bound(wilson.upper) },
        })
    }

    /// How many responses of each of two variations it takes to find out, with probability `power`, that their rates
    /// differ, by a test that is wrong with probability `alpha` where they do not.
    ///
    /// `None` where the rates are equal or none, and unless `alpha` and `power` are above 0 and below 1.
    ///
    /// Source: Fleiss, Levin and Paik (2003), "Statistical methods for rates and proportions", 3rd ed., chapter 4,
    /// with the variances of noisy responses.
    pub fn responses_needed(self, rates: [f64; 2], alpha: f64, power: f64) -> Option<f64> {
        let [control, treatment] = rates;
        if !rates.iter().all(|rate| (0.0..=1.0).contains(rate)) || control == treatment {
            return None;
        }
        let distance = critical_distance(alpha, power)? / (treatment - control);
        Some((distance * distance * (self.variance(control) + self.variance(treatment))).ceil())
    }
}

impl Share {
    /// The share of visitors who have any other outcome.
    #[must_use]
    pub fn complement(&self) -> Share {
        Share {
            estimate: 1.0 - self.estimate,
            standard_error: self.standard_error,
            interval: Interval { lower: 1.0 - self.interval.upper, upper: 1.0 - self.interval.lower },
        }
    }

    /// By how much the share of a treatment differs from this one of the control, of `n` responses of both.
    pub fn difference(&self, treatment: &Share, n: f64) -> Difference {
        let standard_error = self.standard_error.hypot(treatment.standard_error);
        Difference { estimate: treatment.estimate - self.estimate, standard_error, n }
    }

    /// The same as a part of the control's share, by the delta method; see [`Difference::relative`]. `None` where the
    /// control's is not above 0.
    pub fn relative(&self, treatment: &Share, n: f64) -> Option<Difference> {
        if self.estimate <= 0.0 {
            return None;
        }
        let ratio = treatment.estimate / self.estimate;
        let standard_error = treatment.standard_error.hypot(self.standard_error * ratio) / self.estimate;
        Some(Difference { estimate: ratio - 1.0, standard_error, n })
    }

    /// Of how many visitors, without any noise, one would know as much.
    pub fn worth(&self) -> Option<f64> {
        let is_rate = self.estimate > 0.0 && self.estimate < 1.0 && self.standard_error > 0.0;
        is_rate.then(|| self.estimate * (1.0 - self.estimate) / (self.standard_error * self.standard_error))
    }
}

/// The smallest difference that would have been found with probability `power`, with this standard error.
pub fn detectable(standard_error: f64, alpha: f64, power: f64) -> Option<f64> {
    Some(critical_distance(alpha, power)? * standard_error)
}

/// How many standard errors a difference must be from none to be found with probability `power`.
fn critical_distance(alpha: f64, power: f64) -> Option<f64> {
    Some(normal_critical(alpha / 2.0)? + normal_critical(1.0 - power)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base rate; responses of each variation to see a relative lift of 10 %: without noise, and with epsilon 0.5, 1,
    /// 2, 3, 4 and 6. Computed by another program and checked by simulation (power 0.80 to 0.82 at four of them).
    const TABLE: [(f64, [f64; 7]); 6] = [
        (0.01, [163_092.0, 61.7e6, 14.6e6, 3.00e6, 1.03e6, 461_435.0, 202_197.0]),
        (0.02, [80_679.0, 15.5e6, 3.69e6, 791_063.0, 297_077.0, 155_265.0, 90_455.0]),
        (0.03, [53_208.0, 6.89e6, 1.66e6, 368_934.0, 149_385.0, 86_357.0, 57_553.0]),
        (0.05, [31_231.0, 2.49e6, 609_332.0, 144_893.0, 65_855.0, 43_165.0, 32_795.0]),
        (0.1, [14_749.0, 629_739.0, 159_274.0, 43_164.0, 23_404.0, 17_732.0, 15_140.0]),
        (0.3, [3_760.0, 72_092.0, 19_818.0, 6_917.0, 4_722.0, 4_092.0, 3_804.0]),
    ];

    #[test]
    fn it_takes_as_many_responses_as_the_table_says() {
        for (base, row) in TABLE {
            for (epsilon, expected) in [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0].into_iter().zip(row) {
                let noise = Randomizer::new(2, epsilon).map_or(Noise::NONE, |randomizer| Noise::of(&randomizer));
                let needed = noise.responses_needed([base, 1.1 * base], 0.05, 0.8).unwrap();
                // The table has three digits of the largest.
                assert!((needed / expected - 1.0).abs() < 0.005, "{base} {epsilon}: {needed}, expected {expected}");
            }
        }
    }

    #[test]
    fn without_noise_a_share_is_what_was_counted() {
        let share = Noise::NONE.estimate(30.0, 100.0, 0.05).unwrap();
        let wilson = Proportion::new(30.0, 100.0).unwrap().wilson(0.05).unwrap();
        assert_eq!((share.estimate, share.interval), (0.3, wilson));
        assert!((share.worth().unwrap() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn noise_costs_the_variance_that_it_is_said_to_cost() {
        // How many times the variance of p (1 - p) a response has at p = 3 %, by epsilon.
        for (epsilon, factor) in [(0.5, 136.0), (1.0, 32.6), (2.0, 7.2), (3.0, 2.9), (4.0, 1.7)] {
            let noise = Noise::of(&Randomizer::new(2, epsilon).unwrap());
            let found = noise.variance(0.03) / (0.03 * 0.97);
            assert!((found / factor - 1.0).abs() < 0.06, "{epsilon}: {found}");
        }
    }

    #[test]
    fn an_estimate_may_lie_outside_of_what_a_share_can_be_and_its_interval_does_not() {
        let noise = Noise::of(&Randomizer::new(2, 1.0).unwrap());
        let share = noise.estimate(20.0, 100.0, 0.05).unwrap();
        assert!(share.estimate < 0.0 && share.interval.lower == 0.0 && share.interval.upper > 0.0, "{share:?}");
        assert_eq!(share.worth(), None);
        let rest = share.complement();
        assert!(rest.estimate > 1.0 && rest.interval.upper == 1.0, "{rest:?}");
    }

    #[test]
    fn nothing_is_computed_of_nothing() {
        assert_eq!(Noise::NONE.estimate(0.0, 0.0, 0.05), None);
        assert_eq!(Noise::NONE.estimate(2.0, 1.0, 0.05), None);
        assert_eq!(Noise::NONE.responses_needed([0.1, 0.1], 0.05, 0.8), None);
        assert_eq!(Noise::NONE.responses_needed([0.1, 1.1], 0.05, 0.8), None);
    }
}
