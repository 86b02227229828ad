//! `tailorbird evaluate lifetime-value`: how well what is expected of customers becomes true.

pub mod customers;
mod maximum;
pub mod parameters;
mod score;
pub mod section;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use std::path::PathBuf;

use crate::ending::{Ending, print};
use customers::read;
use parameters::{Parameters, fit};
use score::{area, mean_error};

const ABOUT: &str = "\
Fits BG/NBD and Gamma-Gamma to the first part of customers' histories, and compares what they expect of
each customer with the second part, the holdout.

The data are a CSV file as `fit lifetime-value` reads it, with the column x_holdout: how many times the
customer bought in the holdout. With --params nothing is fitted.";

const JSON: &str = "\
What is printed:
  log-likelihood   of BG/NBD
  mae              mean absolute error of the expected number of purchases, over all customers
  auc              the chance that of two customers, one of whom bought in the holdout, more was expected
                   of that one; equal expectations count half

With --json one object is printed: {\"params\": {\"r\", \"alpha\", \"a\", \"b\", \"p\", \"q\", \"v\"}, \"log_likelihood\",
\"mae\", \"auc\"}. What cannot be said is null.";

/// The command below `evaluate`.
pub fn command() -> Command {
    let file = |id: &'static str| Arg::new(id).long(id).value_parser(value_parser!(PathBuf));
    let positive = |text: &str| text.parse().ok().filter(|time: &f64| *time > 0.0).ok_or("expected a number above 0");
    Command::new("lifetime-value")
        .about("Compare what is expected of customers with what they bought")
        .long_about(ABOUT)
        .after_long_help(format!("{JSON}\n\n{}", crate::EXIT_CODES))
        .arg(file("data").required(true).value_name("FILE.csv").help("The customers, one row each"))
        .arg(
            file("params").value_name("FILE.json").help(
                "Score with these parameters: an object with r, alpha, a, b, p, q, v, or what fit or this printed",
            ),
        )
        .arg(
            Arg::new("horizon")
                .long("horizon")
                .value_name("TIME")
                .value_parser(positive)
                .default_value("39")
                .help("How long the holdout is, in the unit of the file"),
        )
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print one JSON object instead of text"))
}

/// Runs it.
///
/// # Errors
///
/// When a file cannot be read or has problems.
pub fn run(given: &ArgMatches) -> Result<(), Ending> {
    let file = given.get_one::<PathBuf>("data").cloned().unwrap_or_default();
    let horizon = given.get_one::<f64>("horizon").copied().unwrap_or(39.0);
    let customers = read(&file, &["x_holdout"])?;
    let parameters = match given.get_one::<PathBuf>("params") {
        Some(file) => Parameters::read(file)?,
        None => fit(&file, &customers)?.parameters,
    };
    let likelihood: f64 = customers.all.iter().map(|known| parameters.often.log_likelihood(&known.summary)).sum();
    let pairs: Vec<(f64, f64)> = customers
        .all
        .iter()
        .map(|known| (parameters.often.expected_purchases(&known.summary, horizon), known.holdout))
        .collect();
    let (error, area) = (mean_error(&pairs), area(&pairs));
    print(&if given.get_flag("json") {
        let line = json!({"params": parameters.json(), "log_likelihood": likelihood, "mae": error, "auc": area});
        format!("{line}\n")
    } else {
        let all = pairs.len();
        let (expected, bought) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        let area = area.map_or("none: all or none bought".to_owned(), |area| format!("{area:.4}"));
        format!(
            "{}: {all} customers\n\n  {}\n  log-likelihood  {likelihood:.6}\n  purchases       {expected:.1} expected, \
             {bought} made\n  mean error      {error:.4}\n  AUC             {area}\n",
            file.display(),
            parameters.text(),
        )
    })
}
