//! `tailorbird fit`: the parameters of models, from data of the site's own, ready for its config.

pub mod customers;
pub mod likelihood;
mod minimum;
pub mod parameters;
pub mod purchases;
pub mod rfm;
pub mod section;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use customers::{Customers, HISTORY, read};
use parameters::{Fitted, fit};
use rfm::Rfm;
use section::Section;

/// Fit models to the site's own data, and print the section of the config
#[derive(clap::Args)]
#[command(disable_help_subcommand = true, after_help = EXIT_CODES)]
pub struct Fit {
    #[command(subcommand)]
    model: Model,
}

#[derive(Subcommand)]
enum Model {
    LifetimeValue(LifetimeValue),
}

/// Fit what customers are worth
///
/// Fits the models of lifetime value to customers, by maximum likelihood: BG/NBD for how often they buy,
/// Gamma-Gamma for how much they spend. Prints the section `value` of the config, with cut points.
///
/// The customers are a CSV file with one row a customer and a header, in any order:
///   x        how many times the customer bought again, after the first; orders of one day are one
///   t_x      when the last time was, counted from the first; 0 where x is 0
///   T        how long the first is ago
///   zbar     or mbar: the mean value of the x purchases; 0 where x is 0
/// Other columns are not read. Times are in one unit, which --unit-days names. Bad rows are named and skipped.
///
/// With --json one object is printed: {"customers", "repeated", "params": {"r", "alpha", "a", "b", "p", "q",
/// "v"}, "log_likelihood", "log_likelihood_spending", "correlation", "value"}, the last being the section of
/// the config. `evaluate lifetime-value --params` reads it. Without two customers who bought again there is no
/// Gamma-Gamma: p, q and v are null.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
struct LifetimeValue {
    /// The customers, one row each
    #[arg(long = "in", value_name = "FILE.csv")]
    customers: PathBuf,
    /// How many days the unit of t_x and T has
    #[arg(long, value_name = "DAYS", value_parser = |text: &str| days(text, 365.0), default_value = "7")]
    unit_days: f64,
    /// How many days value is expected over
    #[arg(long, value_name = "DAYS", value_parser = |text: &str| days(text, 3_650.0), default_value = "365")]
    horizon_days: f64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

fn days(text: &str, most: f64) -> Result<f64, String> {
    let days = text.parse().ok().filter(|days: &f64| *days >= 1.0 && *days <= most);
    days.ok_or_else(|| format!("expected a number from 1 to {most}"))
}

impl Fit {
    /// Fits the model, and prints its parameters.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or holds nobody who bought again.
    pub fn run(&self) -> Result<(), Ending> {
        let Model::LifetimeValue(given) = &self.model;
        let customers = read(&given.customers, &HISTORY)?;
        let fitted = fit(&given.customers, &customers)?;
        let rfm = Rfm::of(&customers, given.unit_days);
        let section = Section::of(&customers, rfm, &fitted.parameters, given.unit_days, given.horizon_days);
        print(&if given.json {
            let line = json!({
                "customers": customers.count(),
                "repeated": customers.repeated_count(),
                "params": fitted.parameters.json(),
                "log_likelihood": fitted.log_likelihood,
                "log_likelihood_spending": fitted.log_likelihood_spending,
                "correlation": customers.correlation(),
                "value": section.json(),
            });
            format!("{line}\n")
        } else {
            text(&given.customers, &customers, &fitted, &section)
        })
    }
}

fn text(file: &Path, customers: &Customers, fitted: &Fitted, section: &Section) -> String {
    let (all, again) = (customers.count(), customers.repeated_count());
    let mut text = format!("{}: {all} customers, {again} bought again\n\n", file.display());
    let often = fitted.parameters.often;
    text.push_str(&format!(
        "  BG/NBD       r {:.6}, alpha {:.6}, a {:.6}, b {:.6} (log-likelihood {:.6})\n",
        often.r, often.alpha, often.a, often.b, fitted.log_likelihood
    ));
    if let Some((much, likelihood)) = fitted.parameters.much.zip(fitted.log_likelihood_spending) {
        text.push_str(&format!(
            "  Gamma-Gamma  p {:.6}, q {:.6}, v {:.6} (log-likelihood {likelihood:.6})\n",
            much.p, much.q, much.v
        ));
    }
    if let Some(correlation) = customers.correlation() {
        let verdict = match correlation.abs() < 0.1 {
            true => "they may pass for independent, as Gamma-Gamma takes them",
            false => "Gamma-Gamma takes them for independent, so its means want care",
        };
        text.push_str(&format!("  correlation of frequency and spending {correlation:.3}: {verdict}\n"));
    }
    format!("{text}\nFor the config:\n\n{}\n", section.text())
}
