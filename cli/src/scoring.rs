//! How good predicted chances are: whether they rank, and whether they are true.

use libm::log as ln;

/// Chances are taken to be at least this, and as much below 1, so that one that was wrong for certain
/// costs a finite loss.
const LEAST: f64 = 1e-9;

/// The chance that a case where it happened was ranked above one where it did not, ties counting half;
/// `None` where it always or never happened.
///
/// By mid-ranks, as the Mann-Whitney statistic: Fawcett (2006), "An introduction to ROC analysis".
pub fn auc(scores: &[f64], happened: &[bool]) -> Option<f64> {
    let mut ranked: Vec<(f64, bool)> = scores.iter().copied().zip(happened.iter().copied()).collect();
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut rank_sum, mut before, mut positives) = (0.0, 0.0, 0.0);
    // -0 is a tie of 0, so groups are those of equal numbers, not of equal bits.
    for tied in ranked.chunk_by(|one, other| one.0 == other.0) {
        let (all, happened) = (count(tied.len()), count(tied.iter().filter(|one| one.1).count()));
        rank_sum += happened * (before + (all + 1.0) / 2.0);
        before += all;
        positives += happened;
    }
    let negatives = before - positives;
    (positives > 0.0 && negatives > 0.0)
        .then(|| (rank_sum - positives * (positives + 1.0) / 2.0) / (positives * negatives))
}

/// The mean of minus the logarithm of the chance given to what then happened; 0 is perfect, and a coin
/// costs 0.693.
pub fn log_loss(chances: &[f64], happened: &[bool]) -> f64 {
    let loss = |(chance, happened): (&f64, &bool)| {
        let chance = chance.clamp(LEAST, 1.0 - LEAST);
        -ln(if *happened { chance } else { 1.0 - chance })
    };
    chances.iter().zip(happened).map(loss).sum::<f64>() / count(chances.len()).max(1.0)
}

/// The mean absolute error of predicted chances: sorted and cut into `bins` of equally many cases, the
/// distance of each bin's mean chance from the share in which it happened, weighted by cases.
///
/// Expected calibration error with adaptive bins: Nguyen and O'Connor (2015), "Posterior calibration and
/// exploratory analysis for natural language processing models".
pub fn calibration_error(chances: &[f64], happened: &[bool], bins: usize) -> f64 {
    let mut sorted: Vec<(f64, bool)> = chances.iter().copied().zip(happened.iter().copied()).collect();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let off = |bin: usize| {
        let (from, to) = (sorted.len() * bin / bins, sorted.len() * (bin + 1) / bins);
        let cases = sorted.get(from..to).unwrap_or_default();
        cases.iter().map(|(chance, happened)| chance - f64::from(u8::from(*happened))).sum::<f64>().abs()
    };
    (0..bins).map(off).sum::<f64>() / count(sorted.len()).max(1.0)
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_share_of_pairs_ranked_rightly_ties_counting_half() {
        type Case = (&'static [f64], &'static [bool], Option<f64>, &'static str);
        let cases: [Case; 6] = [
            (&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true], Some(0.75), "three of four pairs"),
            (&[1.0, 2.0, 3.0], &[false, true, true], Some(1.0), "all"),
            (&[3.0, 2.0, 1.0], &[false, true, true], Some(0.0), "none"),
            (&[0.0, -0.0, 0.0], &[true, false, true], Some(0.5), "nothing is ranked"),
            (&[1.0, 1.0, 2.0, 0.0], &[true, false, true, false], Some(0.875), "one tie among four pairs"),
            (&[1.0, 2.0], &[true, true], None, "it always happened"),
        ];
        for (scores, happened, expected, why) in cases {
            assert_eq!(auc(scores, happened), expected, "{why}");
        }
    }

    #[test]
    fn the_loss_is_that_of_hand_computed_cases() {
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        close(log_loss(&[0.5, 0.5], &[true, false]), core::f64::consts::LN_2);
        // -(ln 0.8 + ln 0.75) / 2 = -ln 0.6 / 2.
        close(log_loss(&[0.8, 0.25], &[true, false]), 0.510_825_623_765_990_7 / 2.0);
        assert!(log_loss(&[0.0], &[true]) < 21.0, "wrong for certain, and finite");
    }

    #[test]
    fn calibration_is_measured_in_bins_of_equally_many_cases() {
        let chances = [0.9, 0.1, 0.2, 0.8];
        // The lower bin says 0.15 and it happened in half, the upper 0.85 and it happened always.
        let error = calibration_error(&chances, &[true, false, true, true], 2);
        assert!((error - (0.35 + 0.15) / 2.0).abs() < 1e-12, "{error}");
        assert!(calibration_error(&[0.5; 10], &[true, false].repeat(5), 1) < 1e-12, "true to the last");
    }
}
