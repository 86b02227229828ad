//! Reproducible randomness: every draw is a function of the visitor's seed, or of a key, and a purpose.

use core::hash::Hasher;

use siphasher::sip::SipHasher24;

use crate::codec::Codec;
use crate::hash::fnv1a_64;

/// A visitor's random 64-bit number, stored with the profile and shown only by `export()`.
///
/// It never leaves the device; a draw for one purpose says nothing about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Seed(pub u64);

impl Seed {
    /// Another seed, for a visitor who withdrew consent and gave it again: knowing the variations drawn from
    /// the first seed tells nothing about the second.
    #[must_use]
    pub fn next(self) -> Seed {
        Seed(mix(self.0))
    }

    /// The draw for `purpose`: uniform in `[0, 1)`, and always the same.
    ///
    /// The finalizer is that of `SplitMix64` (Steele, Lea and Flood 2014, "Fast splittable
    /// pseudorandom number generators", figure 16); the upper 53 bits fill a double.
    ///
    /// ```
    /// # use tailorbird::random::Seed;
    /// assert_eq!(Seed(7).draw("holdout:hero"), Seed(7).draw("holdout:hero"));
    /// assert_ne!(Seed(7).draw("holdout:hero"), Seed(7).draw("holdout:also"));
    /// ```
    pub fn draw(self, purpose: &str) -> f64 {
        unit(mix(self.0.wrapping_add(fnv1a_64(purpose.as_bytes()))))
    }

    /// The draw for `purpose` from the standard normal distribution, and always the same.
    ///
    /// Source: Box and Muller (1958), "A note on the generation of random normal deviates".
    pub fn normal(self, purpose: &str) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.draw(purpose)));
        radius * libm::cos(core::f64::consts::TAU * self.draw(&format!("{purpose}:angle")))
    }
}

/// Random bits that nobody off the device can guess, from which the noise of a report is drawn.
///
/// A [`Seed`] will not do: variations of experiments are functions of it, and its draws are no secret from whoever has
/// seen enough of them. The key comes from the platform's cryptographic generator or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct NoiseKey(pub u64, pub u64);

impl NoiseKey {
    /// The draw of this `number` for `purpose`: uniform in `[0, 1)`, and always the same. Without the key, draws cannot
    /// be told from independent ones.
    ///
    /// Source: Aumasson and Bernstein (2012), "SipHash: a fast short-input PRF", INDOCRYPT; SipHash-2-4.
    ///
    /// ```
    /// # use tailorbird::random::NoiseKey;
    /// assert_eq!(NoiseKey(1, 2).draw("hero-test", 0), NoiseKey(1, 2).draw("hero-test", 0));
    /// assert_ne!(NoiseKey(1, 2).draw("hero-test", 0), NoiseKey(1, 2).draw("hero-test", 1));
    /// ```
    pub fn draw(self, purpose: &str, number: u32) -> f64 {
        let mut hasher = SipHasher24::new_with_keys(self.0, self.1);
        // The number has a fixed length, so that no two inputs read the same.
        hasher.write(&number.to_le_bytes());
        hasher.write(purpose.as_bytes());
        unit(hasher.finish())
    }

    /// Another key, for a visitor of whom everything was forgotten: draws of the one say nothing of the other's.
    #[must_use]
    pub fn next(self) -> NoiseKey {
        let bits = |number: u8| {
            let mut hasher = SipHasher24::new_with_keys(self.0, self.1);
            hasher.write_u8(number);
            hasher.finish()
        };
        NoiseKey(bits(0), bits(1))
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint(&mut self.0);
        codec.varint(&mut self.1);
    }
}

/// The upper 53 bits as a number in `[0, 1)`.
fn unit(bits: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    let upper = (bits >> 11) as f64;
    upper / 9_007_199_254_740_992.0
}

/// One step of `SplitMix64`: the increment and the finalizer.
fn mix(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_of_many_visitors_fill_the_unit_interval_evenly() {
        let mut tenths = [0_u32; 10];
        for visitor in 0..100_000 {
            let draw = Seed(visitor).draw("holdout:hero");
            assert!((0.0..1.0).contains(&draw));
            tenths[(draw * 10.0) as usize] += 1;
        }
        // Binomial(100 000, 0.1) has a standard deviation of 95; five of them.
        assert!(tenths.iter().all(|count| count.abs_diff(10_000) < 475), "{tenths:?}");
    }

    #[test]
    fn draws_of_many_keys_and_of_many_numbers_fill_the_unit_interval_evenly() {
        let tenths = |draw: &dyn Fn(u32) -> f64| {
            (0..100_000).fold([0_u32; 10], |mut tenths, number| {
                tenths[(draw(number) * 10.0) as usize] += 1;
                tenths
            })
        };
        for tenths in [
            tenths(&|number| NoiseKey(u64::from(number), 7).draw("hero-test", 0)),
            tenths(&|number| NoiseKey(7, 7).draw("hero-test", number)),
        ] {
            // As for seeds: five standard deviations.
            assert!(tenths.iter().all(|count| count.abs_diff(10_000) < 475), "{tenths:?}");
        }
    }

    #[test]
    fn normal_draws_have_the_moments_of_their_distribution() {
        let draws: Vec<f64> = (0..20_000).map(|visitor| Seed(visitor).normal("bandit:hero:boots:1")).collect();
        let mean = |power: i32| draws.iter().map(|draw| libm::pow(*draw, f64::from(power))).sum::<f64>() / 20_000.0;
        // Four standard errors.
        assert!(mean(1).abs() < 0.03 && (mean(2) - 1.0).abs() < 0.04 && (mean(4) - 3.0).abs() < 0.3);
    }
}
