//! The parameters of both models: fitted, read and printed.

use std::path::Path;
use std::time::Instant;

use libm::{exp, log as ln};
use serde_json::{Value, json};
use tailorbird::profile::lifetime_value::{BgNbd, CustomerSummary, GammaGamma};

use super::customers::{Customer, Customers};
use super::likelihood;
use super::minimum::least;
use crate::ending::{Ending, complain};
use crate::files;
use crate::progress::bar;

/// About how many values are asked for in one fit.
const VALUES: u64 = 300;
/// How far the logarithms of parameters may lie from 0, in units in which the data are about 10 or 1. A model
/// that wants more has no best parameters: all customers are alike.
const FURTHEST: f64 = 9.0;

/// What customers are like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// How often they buy.
    pub often: BgNbd,
    /// How much they spend; `None` where too few bought again.
    pub much: Option<GammaGamma>,
}

/// Parameters, and how well they explain the customers.
pub struct Fitted {
    /// The best ones.
    pub parameters: Parameters,
    /// Of how often, in the unit of the file.
    pub log_likelihood: f64,
    /// Of how much, in the currency of the file.
    pub log_likelihood_spending: Option<f64>,
}

/// Fits both models by maximum likelihood, and prints on stderr how long it took.
///
/// # Errors
///
/// When nobody bought again: there is no evidence then of how often customers buy.
pub fn fit(file: &Path, customers: &Customers) -> Result<Fitted, Ending> {
    let start = Instant::now();
    if customers.all.iter().all(|known| known.summary.frequency == 0.0) {
        let why = "no customer bought again, expected some with x above 0";
        return Err(Ending::Problems(format!("{}: {why}", file.display())));
    }
    let often = fit_often(&customers.all)?;
    let much = fit_much(customers)?;
    complain(&format!("fitted in {} ms", start.elapsed().as_millis()));
    let of_one = |known: &Customer| known.weight() * likelihood::bgnbd(&often, &known.summary);
    let log_likelihood = customers.all.iter().map(of_one).sum();
    let log_likelihood_spending = much.map(|much| {
        let of_one =
            |known: &Customer| known.weight() * likelihood::gamma_gamma(&much, known.summary.frequency, known.mean);
        customers.repeated().map(of_one).sum()
    });
    Ok(Fitted { parameters: Parameters { often, much }, log_likelihood, log_likelihood_spending })
}

/// Different values with how much each of them weighs.
fn counted<T: Copy + PartialEq>(
    mut values: Vec<(T, f64)>,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) -> Vec<(T, f64)> {
    values.sort_by(|one, other| order(&one.0, &other.0));
    let chunks = values.chunk_by(|one, other| one.0 == other.0);
    chunks.filter_map(|same| Some((same.first()?.0, same.iter().map(|(_, weight)| weight).sum()))).collect()
}

/// How often one of these customers bought, and how many they are.
fn frequency(known: &Customer) -> (f64, f64) {
    (known.summary.frequency, known.weight())
}

fn is_far(logarithms: &[f64]) -> bool {
    logarithms.iter().any(|own| own.abs() > FURTHEST)
}

fn fit_often(customers: &[Customer]) -> Result<BgNbd, Ending> {
    // Times of about 10 are where all four parameters are about 1.
    let scale = 10.0 / customers.iter().map(|known| known.summary.age).fold(f64::MIN_POSITIVE, f64::max);
    let scaled = |known: &Customer| {
        let CustomerSummary { frequency, recency, age } = known.summary;
        (CustomerSummary { frequency, recency: recency * scale, age: age * scale }, known.weight())
    };
    let counts = counted(customers.iter().map(frequency).collect(), f64::total_cmp);
    let times = counted(customers.iter().map(scaled).collect(), |one: &CustomerSummary, other: &CustomerSummary| {
        let by = |known: &CustomerSummary| [known.frequency, known.age, known.recency];
        by(one)
            .iter()
            .zip(&by(other))
            .map(|(one, other)| one.total_cmp(other))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let n: f64 = customers.iter().map(Customer::weight).sum();
    let model = |logarithms: &[f64]| match *logarithms {
        [r, alpha, a, b] => BgNbd { r: exp(r), alpha: exp(alpha), a: exp(a), b: exp(b) },
        _ => BgNbd { r: 1.0, alpha: 1.0, a: 1.0, b: 1.0 },
    };
    let progress = bar("fitting", VALUES);
    let found = least(&[0.0; 4], |logarithms| {
        progress.inc(1);
        if is_far(logarithms) {
            return f64::INFINITY;
        }
        let model = model(logarithms);
        let of_counts: f64 =
            counts.iter().map(|(count, times)| times * likelihood::bgnbd_of_frequency(&model, *count)).sum();
        let of_times: f64 = times.iter().map(|(known, times)| times * likelihood::bgnbd_of_times(&model, known)).sum();
        -(of_counts + of_times) / n
    })?;
    progress.finish_and_clear();
    let model = model(&found);
    Ok(BgNbd { alpha: model.alpha / scale, ..model })
}

/// `None` where less than two customers bought again, or all spent the same.
fn fit_much(customers: &Customers) -> Result<Option<GammaGamma>, Ending> {
    let repeated: Vec<&Customer> = customers.repeated().collect();
    let n: f64 = repeated.iter().map(|known| known.weight()).sum();
    let scale = repeated.iter().map(|known| known.weight() * known.mean).sum::<f64>() / n;
    if repeated.windows(2).all(|pair| pair.first().map(|known| known.mean) == pair.last().map(|known| known.mean)) {
        return Ok(None);
    }
    let counts = counted(repeated.iter().copied().map(frequency).collect(), f64::total_cmp);
    let spent: Vec<(f64, f64, f64)> =
        repeated.iter().map(|known| (known.summary.frequency, known.mean / scale, known.weight())).collect();
    let model = |logarithms: &[f64]| match *logarithms {
        [p, q, v] => GammaGamma { p: exp(p), q: exp(q), v: exp(v) },
        _ => GammaGamma { p: 1.0, q: 1.0, v: 1.0 },
    };
    // Spendings that vary by half of their mean within and between customers.
    let start = [ln(4.0), ln(5.0), 0.0];
    let progress = bar("fitting", VALUES);
    let found = least(&start, |logarithms| {
        progress.inc(1);
        if is_far(logarithms) {
            return f64::INFINITY;
        }
        let model = model(logarithms);
        let of_counts: f64 =
            counts.iter().map(|(count, times)| times * likelihood::gamma_gamma_of_count(&model, *count)).sum();
        let of_means: f64 = spent
            .iter()
            .map(|(count, mean, weight)| weight * likelihood::gamma_gamma_of_mean(&model, *count, *mean))
            .sum();
        -(of_counts + of_means) / n
    })?;
    progress.finish_and_clear();
    let model = model(&found);
    Ok(Some(GammaGamma { v: model.v * scale, ..model }))
}

impl Parameters {
    /// Reads parameters from JSON: r, alpha, a, b, and p, q, v where they are known, by themselves or under
    /// `params`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is something else.
    pub fn read(path: &Path) -> Result<Parameters, Ending> {
        let wrong = |why: String| Ending::Problems(format!("{}: {why}", path.display()));
        let written: Value =
            serde_json::from_slice(&files::read(path)?).map_err(|error| wrong(format!("is no JSON: {error}")))?;
        let written = written.get("params").unwrap_or(&written);
        let number = |name: &str| {
            let found = written.get(name).unwrap_or(&Value::Null);
            let number = found.as_f64().filter(|number| *number > 0.0 && number.is_finite());
            number.ok_or_else(|| wrong(format!("{name} is {found}, expected a number above 0")))
        };
        let often = BgNbd { r: number("r")?, alpha: number("alpha")?, a: number("a")?, b: number("b")? };
        let given = |name: &str| written.get(name).is_some_and(|value| !value.is_null());
        let much = match given("p") || given("q") || given("v") {
            true => Some(GammaGamma { p: number("p")?, q: number("q")?, v: number("v")? }),
            false => None,
        };
        Ok(Parameters { often, much })
    }

    /// All seven by their names; p, q and v are null where they are not known.
    pub fn json(&self) -> Value {
        let BgNbd { r, alpha, a, b } = self.often;
        let (p, q, v) = (self.much.map(|much| much.p), self.much.map(|much| much.q), self.much.map(|much| much.v));
        json!({"r": r, "alpha": alpha, "a": a, "b": b, "p": p, "q": q, "v": v})
    }

    /// The same for a person, in one line.
    pub fn text(&self) -> String {
        let BgNbd { r, alpha, a, b } = self.often;
        let often = format!("r {r:.6}, alpha {alpha:.6}, a {a:.6}, b {b:.6}");
        match self.much {
            Some(GammaGamma { p, q, v }) => format!("{often}; p {p:.6}, q {q:.6}, v {v:.6}"),
            None => often,
        }
    }
}
