//! A made-up site: visitors in contexts, variants that work differently in each, and rewards.

use tailorbird::number::logistic;

use crate::evaluate::chance::{Chance, share_of};

/// How many variants there are.
pub const ARMS: usize = 8;
/// How many features a context has, the first of which is always 1.
pub const FEATURES: usize = 6;
/// The log odds of a reward where nothing speaks for or against it.
pub const BASE: f64 = -2.2;
/// How far weights spread.
const SCALE: f64 = 0.6;

/// What is there of one visit before anything is chosen.
pub struct Visit {
    /// The features.
    pub context: [f64; FEATURES],
    /// The probability of a reward for each variant.
    pub probabilities: [f64; ARMS],
    /// Below the probability there is a reward. The same whatever is chosen, so that policies differ in nothing else.
    draw: f64,
}

impl Visit {
    /// 1 where the variant at this place is rewarded, else 0.
    pub fn reward(&self, arm: usize) -> f64 {
        let probability = self.probabilities.get(arm).copied().unwrap_or(0.0);
        f64::from(u8::from(self.draw < probability))
    }

    /// How much less likely a reward is than with the best variant.
    pub fn regret(&self, arm: usize) -> f64 {
        let best = self.probabilities.iter().copied().fold(0.0, f64::max);
        best - self.probabilities.get(arm).copied().unwrap_or(0.0)
    }
}

/// Such a site, which is the same for the same seed.
pub struct World {
    seed: u64,
    weights: [[f64; FEATURES]; ARMS],
    /// The visit with which variants change places, if they do.
    drift_at: Option<u32>,
}

impl World {
    /// The site of this seed. With `drift_at` each variant works as the one before it did, from that visit on.
    pub fn new(seed: u64, drift_at: Option<u32>) -> World {
        let mut chance = Chance::seeded(seed);
        let mut weights = [[0.0; FEATURES]; ARMS];
        weights.as_flattened_mut().iter_mut().for_each(|weight| *weight = SCALE * chance.normal());
        World { seed, weights, drift_at }
    }

    /// The visit of this number.
    pub fn visit(&self, number: u32) -> Visit {
        let mixed = self.seed.wrapping_mul(1_000_003).wrapping_add(u64::from(number));
        let mut chance = Chance::seeded(mixed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let mut uniform = || share_of(chance.next());
        let mut flag = |share: f64| f64::from(u8::from(uniform() < share));
        let [phone, returning, campaign] = [flag(0.6), flag(0.4), flag(0.3)];
        let [one, other] = [2.0 * uniform() - 1.0, 2.0 * uniform() - 1.0];
        let context = [1.0, phone, returning, campaign, one, other];
        let mut weights = self.weights;
        if self.drift_at.is_some_and(|drift_at| number >= drift_at) {
            weights.rotate_right(1);
        }
        let log_odds =
            |weights: [f64; FEATURES]| weights.iter().zip(context).map(|(weight, x)| weight * x).sum::<f64>();
        Visit { context, probabilities: weights.map(|weights| logistic(BASE + log_odds(weights))), draw: uniform() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reference implementation of this world in Python says of seed 1.
    #[test]
    fn the_world_of_a_seed_is_the_one_of_the_reference() {
        let world = World::new(1, None);
        let weights = [
            -0.020_560_393_075_110_685,
            -1.500_040_496_021_920_5,
            0.052_633_480_988_931_81,
            -1.216_280_908_775_890_6,
            0.134_279_149_459_794_02,
            -0.481_446_170_151_956_3,
        ];
        assert!(world.weights[0].iter().zip(weights).all(|(weight, expected)| (weight - expected).abs() < 1e-14));
        let visit = world.visit(1);
        let [one, phone, returning, campaign, first, second] = visit.context;
        assert_eq!([one, phone, returning, campaign], [1.0, 0.0, 0.0, 0.0]);
        assert!((first - 0.614_836_501_590_492_4).abs() < 1e-15 && (second - 0.896_424_395_532_557_5).abs() < 1e-15);
        assert!((visit.probabilities[4] - 0.532_257_250_466_612_5).abs() < 1e-12);
        assert!((visit.draw - 0.042_739_680_772_349_02).abs() < 1e-15);
        assert_eq!((visit.reward(4), visit.regret(4)), (1.0, 0.0));
    }

    #[test]
    fn with_drift_each_variant_works_as_the_one_before_it() {
        let (before, after) = (World::new(3, None).visit(10), World::new(3, Some(10)).visit(10));
        assert_eq!(before.context, after.context);
        let mut expected = before.probabilities;
        expected.rotate_right(1);
        assert_eq!(after.probabilities, expected);
        assert_eq!(World::new(3, Some(10)).visit(9).probabilities, World::new(3, None).visit(9).probabilities);
    }
}
