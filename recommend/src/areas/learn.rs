//! Learns which areas are seen by the same visitors. Native only: the engine in the browser reads what was learned.

use super::{MOST_AREAS, UNITS};
use crate::bytes::ByteWriter;

/// How weights are learned, and which are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// As how many further visitors, who each saw one area alone, the penalty on large weights counts. Above 0.
    pub penalty: f64,
    /// The fewest visitors who saw an area, or both areas of a pair: below, it is left out, because what is learned is
    /// published.
    pub support: u32,
    /// The most weights of one area.
    pub most_a_row: usize,
}

/// Weights that were learned.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedAreas {
    names: Vec<String>,
    /// The row of everybody, and one an area.
    rows: Vec<Vec<(u32, f64)>>,
    /// How much was left out.
    pub left_out: LeftOut,
}

/// What was left out for lack of support.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Areas of too few visitors.
    pub areas: usize,
    /// Pairs of the other areas that some visitors saw both of, but too few.
    pub pairs: usize,
}

impl LearnedAreas {
    /// Learns from the areas that each visitor saw, by their place in `names`. Of more than [`MOST_AREAS`] the most
    /// frequent are learned.
    pub fn learn(names: &[String], visitors: &[Vec<u32>], settings: Settings) -> LearnedAreas {
        let visitors = numbered(names, visitors, settings);
        let together = together(&visitors.seen, visitors.order.len());
        let named = |place: &u32| usize::try_from(*place).ok().and_then(|place| names.get(place)).cloned();
        LearnedAreas::of(visitors.order.iter().filter_map(named).collect(), &together, visitors.left_out, settings)
    }

    /// Learns from how many visitors saw both of two areas, in the order of `names`: a row and a column for each area, and
    /// a last one for everybody. `left_out` is how many areas were left out for lack of support.
    pub fn of(names: Vec<String>, together: &[Vec<f64>], left_out: usize, settings: Settings) -> LearnedAreas {
        let size = names.len();
        let mut left_out = LeftOut { areas: left_out, pairs: 0 };
        for (place, row) in together.iter().enumerate() {
            // A pair is counted once, and the last column is everybody.
            let pairs = row.get(place + 1..size).unwrap_or_default();
            left_out.pairs += pairs.iter().filter(|count| **count > 0.0 && is_few(**count, settings)).count();
        }
        let weights = weights(together, settings.penalty);
        let row = |place: usize, most_a_row: usize| {
            let weights = weights.get(place)?.iter().zip(together.get(place)?).take(size);
            Some(kept(weights, place, Settings { most_a_row, ..settings }))
        };
        // In the matrix everybody comes last, in the model first, and with all weights.
        let rows = std::iter::once(row(size, size)).chain((0..size).map(|place| row(place, settings.most_a_row)));
        LearnedAreas { rows: rows.flatten().collect(), names, left_out }
    }

    /// As [`Areas::read`](super::Areas::read) reads it: the number of areas, their names, and the rows, each the number
    /// of its weights and, where there are any, their unit in parts of 1 / 2^20, and of each weight how many areas lie
    /// between the one before and its own, and a signed byte.
    pub fn encode(&self) -> Vec<u8> {
        let mut written = ByteWriter::default();
        written.varint(u32::try_from(self.names.len()).unwrap_or(0));
        self.names.iter().for_each(|name| written.text(name));
        for row in &self.rows {
            let largest = row.iter().fold(0.0, |largest: f64, (_, weight)| largest.max(weight.abs()));
            let unit = (largest / 127.0 * UNITS).ceil().max(1.0);
            let whole = row.iter().map(|(area, weight)| (area, rounded(weight / unit * UNITS)));
            let whole: Vec<(&u32, i8)> = whole.filter(|(_, weight)| *weight != 0).collect();
            written.varint(u32::try_from(whole.len()).unwrap_or(0));
            if !whole.is_empty() {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
                written.varint(unit as u32);
            }
            let mut next = 0;
            for (area, weight) in whole {
                written.varint(area - next);
                written.bytes(&weight.to_le_bytes());
                next = area + 1;
            }
        }
        written.0
    }
}

#[allow(clippy::cast_possible_truncation, reason = "it is from -127 to 127, and casts saturate")]
fn rounded(weight: f64) -> i8 {
    (weight.abs() + 0.5).floor().copysign(weight) as i8
}

fn is_few(visitors: f64, settings: Settings) -> bool {
    visitors < f64::from(settings.support)
}

/// What visitors saw, by the numbers of the model.
struct Numbered {
    /// The places of the areas in the names that were given, by number.
    order: Vec<u32>,
    seen: Vec<Vec<usize>>,
    /// How many areas too few visitors saw, but some.
    left_out: usize,
}

fn numbered(names: &[String], visitors: &[Vec<u32>], settings: Settings) -> Numbered {
    let mut counts: Vec<(u32, u32)> = names.iter().zip(0..).map(|(_, place)| (0, place)).collect();
    let distinct: Vec<Vec<u32>> = visitors
        .iter()
        .map(|seen| {
            let mut seen = seen.clone();
            seen.sort_unstable();
            seen.dedup();
            seen
        })
        .collect();
    for place in distinct.iter().flatten() {
        if let Some((count, _)) = usize::try_from(*place).ok().and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    counts.retain(|(count, _)| *count > 0);
    let seen_by_any = counts.len();
    counts.retain(|(count, _)| *count >= settings.support);
    let left_out = seen_by_any - counts.len();
    counts.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    counts.truncate(MOST_AREAS);
    let order: Vec<u32> = counts.into_iter().map(|(_, place)| place).collect();
    let mut numbers: Vec<Option<usize>> = vec![None; names.len()];
    for (number, place) in order.iter().enumerate() {
        if let Some(entry) = usize::try_from(*place).ok().and_then(|place| numbers.get_mut(place)) {
            *entry = Some(number);
        }
    }
    let number = |place: &u32| usize::try_from(*place).ok().and_then(|place| numbers.get(place).copied().flatten());
    let seen = distinct.iter().map(|seen| seen.iter().filter_map(number).collect()).collect();
    Numbered { order, seen, left_out }
}

/// How many visitors saw both of two areas. The last row and column are everybody.
fn together(seen: &[Vec<usize>], size: usize) -> Vec<Vec<f64>> {
    let mut counts = vec![vec![0.0; size + 1]; size + 1];
    for areas in seen {
        for one in areas.iter().chain([&size]) {
            let Some(row) = counts.get_mut(*one) else { continue };
            for other in areas.iter().chain([&size]) {
                if let Some(count) = row.get_mut(*other) {
                    *count += 1.0;
                }
            }
        }
    }
    counts
}

/// Steck's closed form, section 3.1: P = (G + penalty I)^-1 and B(i, j) = -P(i, j) / P(j, j), where G is how often areas were seen
/// together. What the diagonal holds is without meaning.
fn weights(together: &[Vec<f64>], penalty: f64) -> Vec<Vec<f64>> {
    let mut matrix = together.to_vec();
    for (place, row) in matrix.iter_mut().enumerate() {
        if let Some(diagonal) = row.get_mut(place) {
            *diagonal += penalty;
        }
    }
    invert(&mut matrix);
    let diagonal: Vec<f64> = matrix.iter().enumerate().filter_map(|(place, row)| row.get(place).copied()).collect();
    for row in &mut matrix {
        row.iter_mut().zip(&diagonal).for_each(|(weight, diagonal)| *weight = -*weight / diagonal);
    }
    matrix
}

/// Inverts a symmetric, positive definite matrix in its place, by Gauss-Jordan elimination. Such a matrix needs no
/// pivoting: Higham (2002), "Accuracy and stability of numerical algorithms", section 14.4.
fn invert(matrix: &mut [Vec<f64>]) {
    for pivot in 0..matrix.len() {
        let Some(mut row) = matrix.get_mut(pivot).map(std::mem::take) else { return };
        let Some(diagonal) = row.get_mut(pivot).map(|diagonal| std::mem::replace(diagonal, 1.0)) else { return };
        row.iter_mut().for_each(|value| *value /= diagonal);
        for other in matrix.iter_mut() {
            // Only the row that was taken out is empty.
            let Some(factor) = other.get_mut(pivot).map(std::mem::take) else { continue };
            other.iter_mut().zip(&row).for_each(|(value, pivot)| *value -= factor * pivot);
        }
        if let Some(place) = matrix.get_mut(pivot) {
            *place = row;
        }
    }
}

/// Of a row the largest weights that enough visitors stand behind, by area.
fn kept<'a>(row: impl Iterator<Item = (&'a f64, &'a f64)>, own: usize, settings: Settings) -> Vec<(u32, f64)> {
    let mut kept: Vec<(u32, f64)> = row
        .zip(0_u32..)
        .filter(|((_, count), area)| usize::try_from(*area) != Ok(own) && !is_few(**count, settings))
        .map(|((weight, _), area)| (area, *weight))
        .collect();
    kept.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0)));
    kept.truncate(settings.most_a_row);
    kept.sort_by_key(|(area, _)| *area);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_is_that_of_a_hand_computed_case() {
        let mut matrix = vec![vec![4.0, 2.0], vec![2.0, 3.0]];
        invert(&mut matrix);
        let expected = [[0.375, -0.25], [-0.25, 0.5]];
        for (found, expected) in matrix.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
        }
    }

    #[test]
    fn weights_are_those_of_least_squares() {
        // Each column of B minimizes |X(:, j) - X B(:, j)|^2 + penalty |B(:, j)|^2 over B with B(j, j) = 0. With two
        // columns that is B(0, 1) = G(0, 1) / (G(0, 0) + penalty).
        let together = [vec![8.0, 3.0], vec![3.0, 5.0]];
        let found = weights(&together, 2.0);
        let expected = [(found[0][1], 3.0 / 10.0), (found[1][0], 3.0 / 7.0)];
        for (found, expected) in expected {
            assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
        }
    }
}
