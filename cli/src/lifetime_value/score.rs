//! How well numbers that were expected fit those that came. Pairs of both, the expected one first.

/// The mean absolute difference; NaN of none.
#[allow(clippy::cast_precision_loss, reason = "pairs are few")]
pub fn mean_error(pairs: &[(f64, f64)]) -> f64 {
    pairs.iter().map(|(expected, came)| (expected - came).abs()).sum::<f64>() / pairs.len() as f64
}

/// The area under the curve of those above 0 against the others: the chance that of two, the one above 0 had
/// more expected, equals counting half. `None` where all or none are above 0.
///
/// Source: the statistic of Mann and Whitney (1947), by mid-ranks.
#[allow(clippy::cast_precision_loss, reason = "pairs are few")]
pub fn area(pairs: &[(f64, f64)]) -> Option<f64> {
    let mut pairs = pairs.to_vec();
    pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut below, mut ranks, mut above_0) = (0.0, 0.0, 0.0);
    for equal in pairs.chunk_by(|one, other| one.0 == other.0) {
        let count = equal.len() as f64;
        let came = equal.iter().filter(|(_, came)| *came > 0.0).count() as f64;
        ranks += came * (below + (count + 1.0) / 2.0);
        above_0 += came;
        below += count;
    }
    let others = below - above_0;
    (above_0 > 0.0 && others > 0.0).then(|| (ranks - above_0 * (above_0 + 1.0) / 2.0) / (above_0 * others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs_and_half_of_equal_ones() {
        type Case<'a> = (&'a [(f64, f64)], Option<f64>, &'a str);
        let cases: [Case<'_>; 5] = [
            (&[(1.0, 0.0), (2.0, 3.0)], Some(1.0), "in order"),
            (&[(2.0, 0.0), (1.0, 1.0)], Some(0.0), "the other way round"),
            (&[(1.0, 0.0), (1.0, 1.0)], Some(0.5), "equal"),
            (&[(1.0, 0.0), (2.0, 1.0), (2.0, 0.0), (3.0, 0.0)], Some(0.5), "one below, one equal, one above"),
            (&[(1.0, 1.0), (2.0, 2.0)], None, "all bought"),
        ];
        for (pairs, expected, why) in cases {
            assert_eq!(area(pairs), expected, "{why}");
        }
        assert_eq!(mean_error(&[(1.0, 0.0), (2.5, 3.0)]), 0.75);
    }
}
