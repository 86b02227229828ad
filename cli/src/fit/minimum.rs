//! Finding the least value of a function of a few numbers, by Nelder and Mead's simplex.

use argmin::core::{CostFunction, Error, Executor, State};
use argmin::solver::neldermead::NelderMead;

use crate::ending::Ending;

/// How often the simplex moves, at most; some 200 times are usual.
const MOVES: u64 = 2_000;
/// How far the first corners are apart.
const SIZE: f64 = 0.7;
/// The values at the corners of the last simplex differ by no more than rounding does.
const FLAT: f64 = 1e-15;

struct Values<V>(V);

impl<V: Fn(&[f64]) -> f64> CostFunction for Values<V> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, at: &Vec<f64>) -> Result<f64, Error> {
        let value = (self.0)(at);
        Ok(if value.is_nan() { f64::INFINITY } else { value })
    }
}

/// Where `value` is least, as far as is seen from `start`. It answers infinity where it has no value.
///
/// # Errors
///
/// When the search fails, which no value of a function should bring about.
pub fn least(start: &[f64], value: impl Fn(&[f64]) -> f64) -> Result<Vec<f64>, Ending> {
    let corner = |place: usize| {
        let mut corner = start.to_vec();
        corner.iter_mut().skip(place).take(1).for_each(|own| *own += SIZE);
        corner
    };
    // The last corner is moved nowhere.
    let corners = (0..=start.len()).map(corner).collect();
    let search = NelderMead::new(corners).with_sd_tolerance(FLAT);
    let found =
        search.and_then(|search| Executor::new(Values(value), search).configure(|state| state.max_iters(MOVES)).run());
    let found = found.map_err(|error| Ending::Problems(format!("no parameters can be fitted: {error}")))?;
    Ok(found.state().get_best_param().cloned().unwrap_or_else(|| start.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_curved_valley_is_found() {
        // Rosenbrock's, whose least value is at (1, 1).
        let rosenbrock = |x: &[f64]| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2);
        let found = least(&[-1.2, 1.0], rosenbrock).unwrap();
        assert!(found.iter().all(|x| (x - 1.0).abs() < 1e-6), "{found:?}");
    }
}
