//! `tailorbird fit`: the parameters of models, from data of the site's own, ready for its config.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use std::path::{Path, PathBuf};

use crate::ending::{Ending, print};
use crate::lifetime_value::customers::{Customers, read};
use crate::lifetime_value::parameters::{Fit, fit};
use crate::lifetime_value::section::Section;

const ABOUT: &str = "\
Fits the models of lifetime value to customers, by maximum likelihood: BG/NBD for how often they buy,
Gamma-Gamma for how much they spend. Prints the section `value` of the config, with cut points.

The customers are a CSV file with one row a customer and a header, in any order:
  x        how many times the customer bought again, after the first; orders of one day are one
  t_x      when the last time was, counted from the first; 0 where x is 0
  T        how long the first is ago
  zbar     or mbar: the mean value of the x purchases; 0 where x is 0
Other columns are not read. Times are in one unit, which --unit-days names. Bad rows are named and skipped.";

const JSON: &str = "\
With --json one object is printed: {\"customers\", \"repeated\", \"params\": {\"r\", \"alpha\", \"a\", \"b\", \"p\", \"q\",
\"v\"}, \"log_likelihood\", \"log_likelihood_spending\", \"correlation\", \"value\"}, the last being the section of
the config. `evaluate lifetime-value --params` reads it. Without two customers who bought again there is no
Gamma-Gamma: p, q and v are null.";

/// The command.
pub fn command() -> Command {
    let days = |id: &'static str, default: &'static str, help: &'static str| {
        let range = |most: f64| {
            move |text: &str| {
                let days = text.parse().ok().filter(|days: &f64| *days >= 1.0 && *days <= most);
                days.ok_or_else(|| format!("expected a number from 1 to {most}"))
            }
        };
        let most = if id == "unit-days" { 365.0 } else { 3_650.0 };
        Arg::new(id).long(id).value_name("DAYS").value_parser(range(most)).default_value(default).help(help)
    };
    Command::new("fit")
        .about("Fit models to the site's own data, and print the section of the config")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .after_help(crate::EXIT_CODES)
        .subcommand(
            Command::new("lifetime-value")
                .about("Fit what customers are worth")
                .long_about(ABOUT)
                .after_long_help(format!("{JSON}\n\n{}", crate::EXIT_CODES))
                .arg(
                    Arg::new("in")
                        .long("in")
                        .required(true)
                        .value_name("FILE.csv")
                        .value_parser(value_parser!(PathBuf))
                        .help("The customers, one row each"),
                )
                .arg(days("unit-days", "7", "How many days the unit of t_x and T has"))
                .arg(days("horizon-days", "365", "How many days value is expected over"))
                .arg(
                    Arg::new("json")
                        .long("json")
                        .action(ArgAction::SetTrue)
                        .help("Print one JSON object instead of text"),
                ),
        )
}

/// Runs it.
///
/// # Errors
///
/// When the file cannot be read, or holds nobody who bought again.
pub fn run(given: &ArgMatches) -> Result<(), Ending> {
    let Some(("lifetime-value", given)) = given.subcommand() else {
        return Err(Ending::Misuse("nothing to fit is given, expected lifetime-value".to_owned()));
    };
    let file = given.get_one::<PathBuf>("in").cloned().unwrap_or_default();
    let days = |id| given.get_one::<f64>(id).copied().unwrap_or(1.0);
    let customers = read(&file, &[])?;
    let fitted = fit(&file, &customers)?;
    let section = Section::of(&customers, &fitted.parameters, days("unit-days"), days("horizon-days"));
    print(&if given.get_flag("json") {
        let line = json!({
            "customers": customers.all.len(),
            "repeated": customers.repeated().count(),
            "params": fitted.parameters.json(),
            "log_likelihood": fitted.log_likelihood,
            "log_likelihood_spending": fitted.log_likelihood_spending,
            "correlation": customers.correlation(),
            "value": section.json(),
        });
        format!("{line}\n")
    } else {
        text(&file, &customers, &fitted, &section)
    })
}

fn text(file: &Path, customers: &Customers, fitted: &Fit, section: &Section) -> String {
    let all = customers.all.len();
    let mut text = format!("{}: {all} customers, {} bought again\n\n", file.display(), customers.repeated().count());
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
