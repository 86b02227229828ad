//! Finding the least value of a function of a few numbers: Nelder and Mead's simplex, then Newton's method.

/// How many values the simplex asks for, at most.
const VALUES: usize = 1_000;
/// How much the values at the simplex's corners may differ at its end.
const FLAT: f64 = 1e-9;
/// The step of derivatives, at which rounding and curvature do equally little harm.
const STEP: f64 = 3e-4;

/// Where `value` is least, as far as is seen from `start`: to about 1e-5 where it is smooth. It is asked for infinity where it has
/// no value.
///
/// Source: Nelder and Mead (1965), "A simplex method for function minimization", with its own coefficients;
/// Newton's method with differences for derivatives, each step halved until it leads down.
pub fn least(start: &[f64], mut value: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    let found = simplex(start, &mut value);
    newton(found, &mut value)
}

type Corner = (f64, Vec<f64>);

fn simplex(start: &[f64], value: &mut impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    let mut corners: Vec<Corner> = vec![(value(start), start.to_vec())];
    for place in 0..start.len() {
        let corner = moved(start, &[(place, 0.7)]);
        corners.push((value(&corner), corner));
    }
    let mut asked = corners.len();
    loop {
        corners.sort_by(|one, other| one.0.total_cmp(&other.0));
        let Some(worst) = corners.pop() else { return start.to_vec() };
        let (Some(best), Some(second)) = (corners.first().cloned(), corners.last().map(|corner| corner.0)) else {
            return worst.1;
        };
        if asked > VALUES || worst.0 - best.0 <= FLAT {
            return best.1;
        }
        let centre = centre(&corners);
        let mut at = |factor: f64| {
            asked += 1;
            let point: Vec<f64> = centre.iter().zip(&worst.1).map(|(c, w)| c + factor * (c - w)).collect();
            (value(&point), point)
        };
        let reflected = at(1.0);
        let next = if reflected.0 < best.0 {
            let expanded = at(2.0);
            if expanded.0 < reflected.0 { expanded } else { reflected }
        } else if reflected.0 < second {
            reflected
        } else {
            let contracted = if reflected.0 < worst.0 { at(0.5) } else { at(-0.5) };
            if contracted.0 < reflected.0.min(worst.0) {
                contracted
            } else {
                // Everything moves halfway to the best.
                corners.push(worst);
                for corner in corners.iter_mut().skip(1) {
                    corner.1 = corner.1.iter().zip(&best.1).map(|(own, best)| (own + best) / 2.0).collect();
                    corner.0 = value(&corner.1);
                    asked += 1;
                }
                continue;
            }
        };
        corners.push(next);
    }
}

fn centre(corners: &[Corner]) -> Vec<f64> {
    let mut sum = vec![0.0; corners.first().map_or(0, |corner| corner.1.len())];
    for (_, point) in corners {
        #[allow(clippy::cast_precision_loss, reason = "corners are few")]
        sum.iter_mut().zip(point).for_each(|(sum, own)| *sum += own / corners.len() as f64);
    }
    sum
}

fn newton(start: Vec<f64>, value: &mut impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    let mut best = (value(&start), start);
    for _ in 0..20 {
        let here = &best.1;
        let n = here.len();
        let mut rows = Vec::new();
        for i in 0..n {
            let (up, down) = (value(&moved(here, &[(i, STEP)])), value(&moved(here, &[(i, -STEP)])));
            let mut row = Vec::new();
            for j in 0..n {
                row.push(if i == j {
                    (up - 2.0 * best.0 + down) / (STEP * STEP)
                } else {
                    let mut at = |one: f64, other: f64| value(&moved(here, &[(i, one * STEP), (j, other * STEP)]));
                    (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / (4.0 * STEP * STEP)
                });
            }
            row.push((down - up) / (2.0 * STEP));
            rows.push(row);
        }
        let Some(step) = solve(rows) else { break };
        let mut share = 1.0;
        let next = loop {
            let point: Vec<f64> = here.iter().zip(&step).map(|(own, step)| own + share * step).collect();
            let found = value(&point);
            if found < best.0 {
                break Some((found, point));
            }
            share /= 2.0;
            if share < 1e-3 {
                break None;
            }
        };
        let small = step.iter().all(|step| step.abs() < 1e-8);
        match next {
            Some(next) => best = next,
            None => break,
        }
        if small {
            break;
        }
    }
    best.1
}

fn moved(point: &[f64], by: &[(usize, f64)]) -> Vec<f64> {
    let mut point = point.to_vec();
    for (place, step) in by {
        if let Some(own) = point.get_mut(*place) {
            *own += step;
        }
    }
    point
}

/// Solves linear equations by Gauss's elimination; each row is the coefficients and what they come to. `None`
/// where there is no single solution.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = |row: &Vec<f64>| row.first().map_or(0.0, |first| first.abs());
    let Some(place) = (0..rows.len()).max_by(|one, other| {
        let size = |place: &usize| rows.get(*place).map_or(0.0, size);
        size(one).total_cmp(&size(other))
    }) else {
        return Some(Vec::new());
    };
    let pivot = rows.swap_remove(place);
    let (first, rest) = pivot.split_first()?;
    if *first == 0.0 || !first.is_finite() {
        return None;
    }
    let mut smaller = Vec::new();
    for row in &rows {
        let (head, tail) = row.split_first()?;
        smaller.push(tail.iter().zip(rest).map(|(own, pivot)| own - head / first * pivot).collect());
    }
    let mut solution = solve(smaller)?;
    let (sum, coefficients) = rest.split_last()?;
    let known: f64 = coefficients.iter().zip(&solution).map(|(coefficient, known)| coefficient * known).sum();
    solution.insert(0, (sum - known) / first);
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_curved_valley_is_found() {
        // Rosenbrock's, whose least value is at (1, 1).
        let found = least(&[-1.2, 1.0], |x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2));
        assert!(found.iter().all(|x| (x - 1.0).abs() < 1e-4), "{found:?}");
    }

    #[test]
    fn linear_equations_are_solved_whatever_row_comes_first() {
        let rows = vec![vec![0.0, 2.0, 1.0, 7.0], vec![1.0, 1.0, 1.0, 6.0], vec![2.0, 0.0, -1.0, -1.0]];
        let found = solve(rows).unwrap();
        assert!(found.iter().zip([1.0, 2.0, 3.0]).all(|(found, right)| (found - right).abs() < 1e-12), "{found:?}");
        assert_eq!(solve(vec![vec![1.0, 2.0, 3.0], vec![2.0, 4.0, 6.0]]), None);
    }
}
