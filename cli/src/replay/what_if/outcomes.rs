//! What a config does at one decision, over the draws of seeds.

use tailorbird::decision::Decision;
use tailorbird::decision::explain::Reason;

use super::Shares;

/// Probabilities this close to 1 in sum are all there are.
const ROUNDING: f64 = 1e-9;
/// A logged propensity this close to another is the same: logs are rounded.
const SAME: f64 = 1e-6;

/// The different ways in which a decision has come out.
#[derive(Default)]
pub struct Outcomes {
    ways: Vec<Way>,
    /// With how many seeds.
    seeds: f64,
}

/// A way to a choice: the page's own content may be that of a holdout, of a control, or the last resort.
struct Way {
    variant: Option<String>,
    reasons: Vec<Reason>,
    propensity: f64,
    /// With how many seeds.
    seeds: f64,
}

impl Outcomes {
    /// Notes how it came out with one more seed.
    pub fn add(&mut self, decision: Decision) {
        self.seeds += 1.0;
        let Decision { variant, reasons, propensity, .. } = decision;
        // To the bit: the same way has the same propensity.
        let is_same = |way: &&mut Way| {
            way.variant == variant && way.propensity.to_bits() == propensity.to_bits() && way.reasons == reasons
        };
        match self.ways.iter_mut().find(is_same) {
            Some(way) => way.seeds += 1.0,
            None => self.ways.push(Way { variant, reasons, propensity, seeds: 1.0 }),
        }
    }

    /// Whether every way is known: their propensities add to 1.
    pub fn are_complete(&self) -> bool {
        (self.sum() - 1.0).abs() <= ROUNDING
    }

    /// The probability of `variant` in whatever way, given that of the way in which it came about; `None` where no way to it
    /// has that propensity.
    ///
    /// The two differ where the page's own content is that of a holdout or of a control, and would have stood anyway.
    pub fn propensity(&self, variant: &Option<String>, of_the_way: f64) -> Option<f64> {
        let is_known = |way: &Way| way.variant == *variant && (way.propensity - of_the_way).abs() <= SAME;
        if !self.ways.iter().any(is_known) {
            return None;
        }
        self.shares().get(variant).copied().map(|share| share.min(1.0))
    }

    fn sum(&self) -> f64 {
        self.ways.iter().map(|way| way.propensity).sum()
    }

    /// The probability of each variant: the sum of the propensities of the ways to it.
    ///
    /// Where not every way is known, those that are known share what is missing. Where propensities add to more than 1, as
    /// they do of a choice that depends on earlier draws, it is the share of the seeds.
    pub fn shares(&self) -> Shares {
        let mut shares = Shares::new();
        let sum = self.sum();
        for way in &self.ways {
            let share = if self.are_complete() {
                way.propensity
            } else if sum < 1.0 {
                way.propensity / sum
            } else {
                way.seeds / self.seeds
            };
            *shares.entry(way.variant.clone()).or_insert(0.0) += share;
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(variant: Option<&str>, reason: Reason, propensity: f64) -> Decision {
        Decision { variant: variant.map(str::to_owned), reasons: vec![reason], propensity, ..Decision::of("hero") }
    }

    fn outcomes(decisions: &[(Option<&str>, Reason, f64)]) -> Outcomes {
        let mut outcomes = Outcomes::default();
        for (variant, reason, propensity) in decisions {
            outcomes.add(decided(*variant, reason.clone(), *propensity));
        }
        outcomes
    }

    fn shares(outcomes: &Outcomes) -> Vec<(Option<String>, f64)> {
        outcomes.shares().into_iter().collect()
    }

    #[test]
    fn one_seed_tells_all_of_a_choice_without_chance() {
        let sure = outcomes(&[(Some("boots"), Reason::DefaultVariant(0.5), 1.0)]);
        assert!(sure.are_complete());
        assert_eq!(shares(&sure), [(Some("boots".to_owned()), 1.0)]);
    }

    #[test]
    fn the_ways_to_a_variant_add_up() {
        // One in four is held out, and of the others a half has the page's own content as a control.
        let (held_out, control) = ((None, Reason::HeldOut(0.25), 0.25), (None, Reason::OwnContent, 0.375));
        let shown = (Some("boots"), Reason::NoStableId, 0.375);
        let some = outcomes(&[control.clone(), held_out.clone(), control.clone()]);
        assert!(!some.are_complete());
        assert_eq!(shares(&some), [(None, 1.0)]);
        let all = outcomes(&[control.clone(), held_out, control, shown]);
        assert!(all.are_complete());
        assert_eq!(shares(&all), [(None, 0.625), (Some("boots".to_owned()), 0.375)]);
        for (logged, expected) in [(0.25, Some(0.625)), (0.375_000_1, Some(0.625)), (0.5, None)] {
            assert_eq!(all.propensity(&None, logged), expected, "{logged}");
        }
        assert_eq!(all.propensity(&Some("tents".to_owned()), 0.25), None);
    }

    #[test]
    fn where_propensities_depend_on_the_seed_seeds_are_counted() {
        let way = |variant, propensity| (Some(variant), Reason::NoStableId, propensity);
        let found = outcomes(&[way("boots", 0.75), way("boots", 0.5), way("tents", 0.25), way("boots", 0.5)]);
        assert!(!found.are_complete());
        assert_eq!(shares(&found), [(Some("boots".to_owned()), 0.75), (Some("tents".to_owned()), 0.25)]);
    }
}
