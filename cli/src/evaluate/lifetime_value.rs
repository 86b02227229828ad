//! `tailorbird evaluate lifetime-value`: how well what is expected of customers becomes true.

use std::path::PathBuf;

use serde_json::json;

use crate::arguments::{EXIT_CODES, positive};
use crate::ending::{Ending, print};
use crate::fit::customers::{HOLDOUT, read};
use crate::fit::likelihood::bgnbd;
use crate::fit::parameters::{Parameters, fit};
use crate::scoring::auc;
use crate::style::{Left, table};

/// Compare what is expected of customers with what they bought
///
/// Fits BG/NBD and Gamma-Gamma to the first part of customers' histories, and compares what they expect of
/// each customer with the second part, the holdout.
///
/// The data are a CSV file as `fit lifetime-value` reads it, with the column x_holdout: how many times the
/// customer bought in the holdout. With --params nothing is fitted.
///
/// What is printed:
///   log-likelihood   of BG/NBD
///   mae              mean absolute error of the expected number of purchases, over all customers
///   auc              the chance that of two customers, one of whom bought in the holdout, more was expected
///                    of that one; equal expectations count half
///
/// With --json one object is printed: {"params": {"r", "alpha", "a", "b", "p", "q", "v"}, "log_likelihood",
/// "mae", "auc"}. What cannot be said is null.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct LifetimeValue {
    /// The customers, one row each
    #[arg(long, value_name = "FILE.csv")]
    data: PathBuf,
    /// Score with these parameters: an object with r, alpha, a, b, p, q, v, or what fit or this printed
    #[arg(long, value_name = "FILE.json")]
    params: Option<PathBuf>,
    /// How long the holdout is, in the unit of the file
    #[arg(long, value_name = "TIME", value_parser = positive, default_value = "39")]
    horizon: f64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl LifetimeValue {
    /// Fits or reads parameters, and prints how well they foresee the holdout.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems.
    pub fn run(&self) -> Result<(), Ending> {
        let customers = read(&self.data, &HOLDOUT)?;
        let parameters = match &self.params {
            Some(file) => Parameters::read(file)?,
            None => fit(&self.data, &customers)?.parameters,
        };
        let often = parameters.often;
        let likelihood: f64 = customers.all.iter().map(|known| bgnbd(&often, &known.summary)).sum();
        let expected: Vec<f64> =
            customers.all.iter().map(|known| often.expected_purchases(&known.summary, self.horizon)).collect();
        let came: Vec<f64> = customers.all.iter().map(|known| known.holdout).collect();
        let bought: Vec<bool> = came.iter().map(|came| *came > 0.0).collect();
        let (error, area) = (mean_error(&expected, &came), auc(&expected, &bought));
        if self.json {
            let line = json!({"params": parameters.json(), "log_likelihood": likelihood, "mae": error, "auc": area});
            return print(&format!("{line}\n"));
        }
        let (expected, came): (f64, f64) = (expected.iter().sum(), came.iter().sum());
        let figures = [
            ("log-likelihood", format!("{likelihood:.6}")),
            ("purchases", format!("{expected:.1} expected, {came} made")),
            ("mean error", format!("{error:.4}")),
            ("AUC", area.map_or("none: all or none bought".to_owned(), |area| format!("{area:.4}"))),
        ];
        print(&format!(
            "{}: {} customers\n\n  {}\n{}",
            self.data.display(),
            customers.all.len(),
            parameters.text(),
            table(None, [Left, Left], figures.map(|(name, figure)| [name.to_owned(), figure])),
        ))
    }
}

/// The mean absolute difference; NaN of none.
#[allow(clippy::cast_precision_loss, reason = "customers are few")]
fn mean_error(expected: &[f64], came: &[f64]) -> f64 {
    expected.iter().zip(came).map(|(expected, came)| (expected - came).abs()).sum::<f64>() / expected.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_mean_distance() {
        assert_eq!(mean_error(&[1.0, 2.5], &[0.0, 3.0]), 0.75);
    }
}
