//! Chance that comes again with its seed: the same draws on every machine.

/// The upper 53 bits as a number in `[0, 1)`. The lowest bit is not among them.
pub fn share_of(draw: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    let upper = (draw >> 11) as f64;
    upper / 9_007_199_254_740_992.0
}

/// `SplitMix64`: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", figure 16.
pub struct Chance(u64);

impl Chance {
    /// The draws of this seed.
    pub fn seeded(seed: u64) -> Chance {
        Chance(seed)
    }

    /// Each of many has draws of its own, whatever the others draw.
    pub fn of(seed: u64, number: u32) -> Chance {
        let mut seeds = Chance(seed);
        let own = seeds.next();
        Chance(Chance(own ^ u64::from(number)).next())
    }

    /// 64 random bits.
    #[allow(clippy::should_implement_trait, reason = "draws never end, so there is nothing to iterate over")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mix = self.0;
        mix = (mix ^ (mix >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mix = (mix ^ (mix >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mix ^ (mix >> 31)
    }

    /// A whole number from 0 up to but not `count`, each as likely; 0 where `count` is 0.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the count")]
    #[allow(clippy::cast_precision_loss, reason = "counts of things in memory are far below 2^53")]
    pub fn below(&mut self, count: usize) -> usize {
        (share_of(self.next()) * count as f64) as usize
    }

    /// A number between these two, each as likely as any other.
    pub fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * share_of(self.next())
    }

    /// A number of the standard normal distribution.
    ///
    /// Source: Box and Muller (1958), "A note on the generation of random normal deviates".
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - share_of(self.next())));
        radius * libm::cos(core::f64::consts::TAU * share_of(self.next()))
    }

    /// A number of the gamma distribution of this shape, above 0, and scale 1.
    ///
    /// Source: Marsaglia and Tsang (2000), "A simple method for generating gamma variables".
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let above = self.gamma(shape + 1.0);
            return above * libm::pow(share_of(self.next()).max(1e-300), 1.0 / shape);
        }
        let mean = shape - 1.0 / 3.0;
        let scale = 1.0 / libm::sqrt(9.0 * mean);
        loop {
            let normal = self.normal();
            let cube = libm::pow(1.0 + scale * normal, 3.0);
            let bound = || 0.5 * normal * normal + mean - mean * cube + mean * libm::log(cube);
            if cube > 0.0 && libm::log(share_of(self.next()).max(1e-300)) < bound() {
                return mean * cube;
            }
        }
    }

    /// A number of the beta distribution of these two shapes, above 0.
    pub fn beta(&mut self, hits: f64, misses: f64) -> f64 {
        let (hits, misses) = (self.gamma(hits), self.gamma(misses));
        hits / (hits + misses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_the_paper() {
        // The first two from seed 1234567, as the reference implementation in C gives them.
        let mut chance = Chance(1_234_567);
        assert_eq!((chance.next(), chance.next()), (6_457_827_717_110_365_317, 3_203_168_211_198_807_973));
    }

    #[test]
    fn normal_draws_have_the_moments_of_their_distribution() {
        let mut chance = Chance::of(1, 1);
        let draws: Vec<f64> = (0..20_000).map(|_| chance.normal()).collect();
        let mean = |power: i32| draws.iter().map(|draw| draw.powi(power)).sum::<f64>() / 20_000.0;
        // Four standard errors.
        assert!(mean(1).abs() < 0.03 && (mean(2) - 1.0).abs() < 0.04 && (mean(4) - 3.0).abs() < 0.3);
    }
}
