//! What is known of items in a few numbers each: the principal components of their features.
//!
//! Source: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2nd edition, section 14.5.1; found one
//! after the other by power iteration with deflation, which converges soon enough for some dozens of features.

use std::collections::BTreeSet;

use tailorbird_cli::chance::Chance;

use super::log::Item;

/// How many components are kept.
const COMPONENTS: usize = 6;
/// How often a direction is multiplied.
const STEPS: u32 = 5_000;
/// Below this share of the first component a component is rounding error.
const ROUNDING: f64 = 1e-12;

/// The first components of each item, fewer where there are no more; none where nothing is known of items.
pub fn components(items: &[Item]) -> Vec<Vec<f64>> {
    let rows = centred(features(items));
    let width = rows.first().map_or(0, Vec::len);
    let mut covariance = vec![vec![0.0; width]; width];
    for row in &rows {
        for (line, one) in covariance.iter_mut().zip(row) {
            line.iter_mut().zip(row).for_each(|(sum, other)| *sum += one * other);
        }
    }
    let mut kept: Vec<Vec<f64>> = vec![Vec::new(); items.len()];
    let (mut chance, mut largest) = (Chance::seeded(1), 0.0);
    for _ in 0..COMPONENTS.min(width) {
        let (direction, size) = first_direction(&covariance, &mut chance);
        largest = if size > largest { size } else { largest };
        if size <= ROUNDING * largest {
            break;
        }
        for (line, one) in covariance.iter_mut().zip(&direction) {
            line.iter_mut().zip(&direction).for_each(|(cell, other)| *cell -= size * one * other);
        }
        kept.iter_mut().zip(&rows).for_each(|(components, row)| components.push(dot(row, &direction)));
    }
    kept
}

/// The number in standard deviations, and a 1 for the level of each column of categories.
fn features(items: &[Item]) -> Vec<Vec<f64>> {
    let mut levels: BTreeSet<(usize, &str)> = BTreeSet::new();
    for item in items {
        levels.extend(item.categories.iter().map(String::as_str).enumerate());
    }
    let count = items.iter().fold(0.0, |count, _| count + 1.0);
    let mean = items.iter().map(|item| item.number).sum::<f64>() / count;
    let squares: f64 = items.iter().map(|item| (item.number - mean) * (item.number - mean)).sum();
    let deviation = (squares / (count - 1.0)).sqrt();
    let scale = if deviation > 0.0 { 1.0 / deviation } else { 0.0 };
    let one = |item: &Item| {
        let has = |(column, level): &(usize, &str)| item.categories.get(*column).is_some_and(|own| own == level);
        let marks = levels.iter().map(|level| f64::from(u8::from(has(level))));
        std::iter::once((item.number - mean) * scale).chain(marks).collect()
    };
    items.iter().map(one).collect()
}

/// The same with a mean of 0 in each column.
fn centred(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let count = rows.iter().fold(0.0, |count, _| count + 1.0);
    let mut means = vec![0.0; rows.first().map_or(0, Vec::len)];
    for row in &rows {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / count);
    }
    rows.iter_mut().for_each(|row| row.iter_mut().zip(&means).for_each(|(value, mean)| *value -= mean));
    rows
}

/// The direction of the largest variance, of length 1, and its eigenvalue.
fn first_direction(covariance: &[Vec<f64>], chance: &mut Chance) -> (Vec<f64>, f64) {
    let mut direction: Vec<f64> = covariance.iter().map(|_| chance.normal()).collect();
    let mut size = 0.0;
    for _ in 0..STEPS {
        let next: Vec<f64> = covariance.iter().map(|line| dot(line, &direction)).collect();
        size = dot(&next, &next).sqrt();
        if size <= 0.0 {
            break;
        }
        direction = next.iter().map(|value| value / size).collect();
    }
    (direction, size)
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: f64, category: &str) -> Item {
        Item { number, categories: [category, "same", "same"].map(str::to_owned) }
    }

    #[test]
    fn components_keep_the_distances_between_items() {
        // A number and a category of three levels vary in at most three directions.
        let items = [item(1.0, "a"), item(2.0, "b"), item(4.0, "c"), item(8.0, "a"), item(5.0, "b")];
        let kept = components(&items);
        assert!(kept.iter().all(|components| components.len() == 3), "{kept:?}");
        let distance = |one: &[f64], other: &[f64]| {
            one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum::<f64>()
        };
        let all = features(&items);
        for (one, short) in all.iter().zip(&kept) {
            for (other, also) in all.iter().zip(&kept) {
                assert!((distance(one, other) - distance(short, also)).abs() < 1e-9, "{one:?} {other:?}");
            }
        }
        let variances: Vec<f64> = (0..3).map(|place| kept.iter().map(|item| item[place] * item[place]).sum()).collect();
        assert!(variances[0] >= variances[1] && variances[1] >= variances[2], "{variances:?}");
    }

    #[test]
    fn items_of_which_nothing_is_known_have_no_components() {
        assert!(components(&[]).is_empty());
        assert_eq!(components(&[item(1.0, "a"), item(1.0, "a")]), [[], []] as [[f64; 0]; 2]);
    }
}
