//! Thompson sampling where no context counts: draws from beta distributions, and how likely each draw is the best.
//!
//! A distribution is held as a table over the log odds of its rate, so that one table serves the draw, which is the
//! same to the bit everywhere, and its probability, which is exact for what is drawn. On the scale of log odds the
//! density is smooth and without ends, also where the rate is near 0.
//!
//! Source: Chapelle and Li (2011), "An empirical evaluation of Thompson sampling", algorithm 2.

use libm::{exp, log1p};

use crate::profile::bandit::Rate;

/// The range of log odds: rates from 0.0001 to 0.9999. What lies beyond counts as its end.
const LEAST: f64 = -9.0;
const MOST: f64 = 9.0;
/// How many cells the range has. One is 0.06 wide; the deviation of a rate that 530 observations tell, as many as a
/// prior and what is remembered hold, is 0.087 at least.
const CELLS: u32 = 300;
const WIDTH: f64 = (MOST - LEAST) / CELLS as f64;

/// The distribution of one rate: within a cell all log odds are as likely.
pub struct RateTable {
    /// The probability of the log odds up to the end of each cell; the last is 1.
    below: Vec<f64>,
}

impl RateTable {
    /// The table of a beta distribution.
    pub fn of(rate: Rate) -> RateTable {
        // x^a (1 - x)^b: the density of a beta distribution times x (1 - x), the change of the rate with its log odds.
        let log_density = |log_odds: f64| {
            // The negative logarithm of the rate; that of its complement is larger by the log odds.
            let rarity = log1p(exp(-log_odds));
            -rate.hits * rarity - rate.misses * (log_odds + rarity)
        };
        let densities: Vec<f64> = (0..CELLS).map(|cell| log_density(LEAST + (f64::from(cell) + 0.5) * WIDTH)).collect();
        let largest = densities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Beyond the range the density falls as e^(a z) does on the left, and as e^(-b z) on the right.
        let mut sum = exp(log_density(LEAST) - largest) / (rate.hits * WIDTH);
        let above = exp(log_density(MOST) - largest) / (rate.misses * WIDTH);
        let mut below: Vec<f64> = Vec::new();
        for density in densities {
            sum += exp(density - largest);
            below.push(sum);
        }
        if let Some(last) = below.last_mut() {
            *last += above;
            sum = *last;
        }
        below.iter_mut().for_each(|share| *share /= sum);
        RateTable { below }
    }

    /// The log odds below which the draw lies with this probability, in `[0, 1)`.
    pub fn quantile(&self, share: f64) -> f64 {
        let cell = self.below.partition_point(|below| *below <= share);
        let start = cell.checked_sub(1).and_then(|before| self.below.get(before)).copied().unwrap_or(0.0);
        let end = self.below.get(cell).copied().unwrap_or(1.0);
        let within = if end > start { (share - start) / (end - start) } else { 0.0 };
        #[allow(clippy::cast_precision_loss, reason = "a table has few cells")]
        let log_odds = LEAST + (cell as f64 + within) * WIDTH;
        log_odds
    }
}

/// The probability that the draw at `place` is larger than all others': in each cell its own probability times that of
/// all others being below, by Simpson's rule, which is exact for up to three others.
pub fn propensity(tables: &[RateTable], place: usize) -> f64 {
    let Some(own) = tables.get(place) else { return 0.0 };
    let others: Vec<&RateTable> =
        tables.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, table)| table).collect();
    // Up to the beginning of a cell, its middle and its end.
    let mut before: Vec<f64> = vec![0.0; others.len()];
    let (mut sum, mut own_before) = (0.0, 0.0);
    for (cell, own_below) in own.below.iter().enumerate() {
        let (mut at_start, mut in_middle, mut at_end) = (1.0, 1.0, 1.0);
        for (other, before) in others.iter().zip(&mut before) {
            let below = other.below.get(cell).copied().unwrap_or(1.0);
            at_start *= *before;
            in_middle *= (*before + below) / 2.0;
            at_end *= below;
            *before = below;
        }
        sum += (own_below - own_before) * (at_start + 4.0 * in_middle + at_end) / 6.0;
        own_before = *own_below;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::logistic;
    use crate::random::Seed;
    use proptest::prelude::*;

    fn table(hits: f64, misses: f64) -> RateTable {
        RateTable::of(Rate { hits, misses })
    }

    /// The probability of at most `rate` by a beta distribution of whole shapes: that of at least `hits` successes in
    /// `hits + misses - 1` trials. Source: Abramowitz and Stegun (1964), 26.5.24.
    fn below(hits: u32, misses: u32, rate: f64) -> f64 {
        let trials = hits + misses - 1;
        let mut term = libm::pow(1.0 - rate, f64::from(trials));
        let mut fewer = 0.0;
        for successes in 0..hits {
            fewer += term;
            term *= rate / (1.0 - rate) * f64::from(trials - successes) / f64::from(successes + 1);
        }
        1.0 - fewer
    }

    #[test]
    fn quantiles_are_those_of_the_beta_distribution() {
        for (hits, misses) in [(1, 1), (2, 3), (1, 40), (3, 27), (15, 140), (140, 15)] {
            let table = table(f64::from(hits), f64::from(misses));
            for share in [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
                let found = below(hits, misses, logistic(table.quantile(share)));
                assert!((found - share).abs() < 0.003, "Beta({hits}, {misses}), {share}: {found}");
            }
        }
    }

    #[test]
    fn of_two_alike_each_is_the_best_half_of_the_time_and_a_single_one_always() {
        let alike = [table(3.0, 20.0), table(3.0, 20.0)];
        assert!((propensity(&alike, 0) - 0.5).abs() < 1e-12);
        assert!((propensity(&[table(3.0, 20.0)], 0) - 1.0).abs() < 1e-12);
        assert_eq!(propensity(&alike, 2), 0.0, "there is no third");
    }

    #[test]
    fn a_propensity_is_how_often_the_variant_is_drawn() {
        let tables = [table(3.0, 27.0), table(1.0, 1.0), table(12.0, 90.0)];
        let mut drawn = [0.0; 3];
        for visit in 0..40_000_u64 {
            let draws = tables
                .iter()
                .enumerate()
                .map(|(place, table)| (place, table.quantile(Seed(visit).draw(&format!("{place}")))));
            let best = draws.reduce(|best, next| if next.1 > best.1 { next } else { best });
            drawn[best.unwrap().0] += 1.0 / 40_000.0;
        }
        for (place, share) in drawn.iter().enumerate() {
            let expected = propensity(&tables, place);
            // Four standard errors.
            assert!((share - expected).abs() < 0.01, "{place}: {share} of {expected}");
        }
    }

    proptest! {
        #[test]
        fn propensities_are_a_distribution(
            rates in prop::collection::vec((0.01..200.0_f64, 0.01..200.0_f64), 1..12),
            share in 0.0..1.0_f64,
        ) {
            let tables: Vec<RateTable> = rates.iter().map(|(hits, misses)| table(*hits, *misses)).collect();
            let shares: Vec<f64> = (0..tables.len()).map(|place| propensity(&tables, place)).collect();
            prop_assert!(shares.iter().all(|share| (0.0..=1.0 + 1e-9).contains(share)), "{shares:?}");
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-3, "{shares:?}");
            let drawn = tables.iter().map(|table| table.quantile(share));
            prop_assert!(drawn.clone().all(|log_odds| (LEAST..=MOST).contains(&log_odds)));
        }
    }
}
