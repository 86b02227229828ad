//! The upper end of what a variant may be worth, by ridge regression: LinUCB with one regression for each variant.
//!
//! Source: Li, Chu, Langford and Schapire (2010), "A contextual-bandit approach to personalized news article
//! recommendation", algorithm 1.

/// A ridge regression with a penalty of 1 that learns case by case.
#[derive(Clone)]
pub struct Ridge {
    inverse: Vec<Vec<f64>>,
    sums: Vec<f64>,
}

impl Ridge {
    /// Nothing learned yet. What is expected of a context is its product with these weights.
    pub fn expecting(weights: Vec<f64>) -> Ridge {
        let width = weights.len();
        let row = |place| (0..width).map(|other| f64::from(u8::from(place == other))).collect();
        Ridge { inverse: (0..width).map(row).collect(), sums: weights }
    }

    /// Learns from one reward.
    pub fn learn(&mut self, context: &[f64], reward: f64) {
        // Sherman and Morrison (1950): the inverse with one more case.
        let along = self.times(context);
        let scale = 1.0 + dot(context, &along);
        for (row, one) in self.inverse.iter_mut().zip(&along) {
            row.iter_mut().zip(&along).for_each(|(cell, other)| *cell -= one * other / scale);
        }
        self.sums.iter_mut().zip(context).for_each(|(sum, x)| *sum += reward * x);
    }

    /// What is expected of a context, and `deviations` standard deviations more.
    pub fn upper(&self, context: &[f64], deviations: f64) -> f64 {
        let expected = dot(&self.times(&self.sums), context);
        expected + deviations * dot(context, &self.times(context)).sqrt()
    }

    fn times(&self, vector: &[f64]) -> Vec<f64> {
        self.inverse.iter().map(|row| dot(row, vector)).collect()
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// The place of the largest; of equals the first, of none 0.
pub fn best(values: impl IntoIterator<Item = f64>) -> usize {
    let largest = values.into_iter().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
    largest.map_or(0, |(place, _)| place)
}
