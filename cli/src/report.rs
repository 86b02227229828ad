//! `tailorbird report`: what reports from `tailorbird.reports()` say of an experiment, and how many it takes.

pub mod analysis;
mod page;
mod plan;
pub mod records;
mod text;

use std::path::PathBuf;

use crate::arguments::{EXIT_CODES, share};
use crate::ending::{Ending, complain, print};
use crate::engine::EngineOptions;
use crate::files;

/// With which probability a difference that counts is to be found.
pub const POWER: f64 = 0.8;

/// Tell what reports with noise say of an experiment, or how many it takes
///
/// The reports are what tailorbird.reports() has handed out to your site, one JSON object a line, in any order.
/// Lines that are none are counted and left out; the first ten are named.
///
/// With an option of an engine, such as --engine duckdb, that engine counts the lines, and --in may be a pattern such as
/// reports/*.ndjson: for more reports than memory holds. The results are the same.
///
/// The noise in them is known, so the shares of all visitors can be estimated. What is printed of each experiment:
///   reached         the share of visitors who reached the goal, with its interval; without bias, so that it may
///                   lie below 0 where there are few reports
///   outcomes        the same of each band of the goal's value
///   difference      of a variation and the control; relative lift is its share of the control's (delta method)
///   detectable      the difference that so many reports show with probability 0.8
///   verdict         better or worse; none where the difference is below what is detectable, where there are fewer
///                   than 1000 reports, or where visitors are not split as intended
///   split           a chi-squared test of the reports of each variation against --weights; warns below p = 0.001
///   priors          what a bandit may start from: for the variants of these ids
///
/// With --plan no reports are read: it prints how many it takes to see that the rate --base changes by --lift.
///
/// With --json one object is printed: {"alpha", "power", "reports", "left_out", "experiments": [{"experiment",
/// "epsilon", "outcomes", "reports", "from", "until", "control", "sample_ratio": {"chi_squared", "degrees", "p",
/// "alarm"}, "variations": [{"variation", "reports", "reached": {"estimate", "standard_error", "interval"},
/// "outcomes": [{the same}], "prior": {"weights", "precisions", "observations"}}], "comparisons": [{"variation",
/// "difference", "standard_error", "interval", "relative", "relative_interval", "detectable", "needed",
/// "verdict"}]}]}; with --plan {"base", "lift", "alpha", "power", "epsilon", "reports_per_variation",
/// "without_noise"}. What cannot be said is null.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct ReportCommand {
    /// The reports, one JSON object a line
    #[arg(
        long = "in",
        id = "reports",
        value_name = "FILE.ndjson",
        required_unless_present = "plan",
        conflicts_with = "plan"
    )]
    reports: Option<PathBuf>,
    /// What the others are compared with; "control" where it is not said, else the first by name
    #[arg(long, value_name = "VARIATION", conflicts_with = "plan")]
    control: Option<String>,
    /// The share of visitors each variation should get, in any unit; equal where it is not said
    #[arg(long, value_name = "VARIATION=WEIGHT,...", value_delimiter = ',', value_parser = weight)]
    #[arg(conflicts_with = "plan")]
    weights: Vec<(String, f64)>,
    /// Write a page with plots here
    #[arg(long, value_name = "FILE.html", conflicts_with = "plan")]
    html: Option<PathBuf>,
    /// How often an interval may miss the truth
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0.05")]
    alpha: f64,
    /// Print how many reports it takes
    #[arg(long, requires_all = ["base", "lift"])]
    plan: bool,
    /// The rate at which the control reaches the goal
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "plan")]
    base: Option<f64>,
    /// By what share of it the rate changes: 0.1 for 3 % to 3.3 %
    #[arg(long, value_name = "SHARE", value_parser = change, allow_hyphen_values = true, requires = "plan")]
    lift: Option<f64>,
    /// The epsilon of the reports
    #[arg(long, value_name = "NUMBER", value_parser = epsilon, default_value = "2", requires = "plan")]
    epsilon: f64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: Option<EngineOptions>,
}

impl ReportCommand {
    /// Analyses the reports of each experiment, or plans one, and prints what came of it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or holds no report; when the page cannot be written; when there is no such control.
    pub fn run(&self) -> Result<(), Ending> {
        if let (Some(base), Some(lift)) = (self.base, self.lift) {
            let plan = plan::Plan::of(base, lift, self.alpha, self.epsilon)?;
            return print(&if self.json { format!("{}\n", plan.json()) } else { plan.text() });
        }
        let Some(path) = &self.reports else {
            return Err(Ending::Misuse("--in or --plan is missing".to_owned()));
        };
        let read = match &self.engine {
            Some(options) => {
                let scratch = options.scratch()?;
                let counted = records::read_counted(&mut *options.start(&scratch)?, std::slice::from_ref(path));
                counted.map_err(|error| Ending::Misuse(error.to_string()))?
            }
            None => records::read(path)?,
        };
        read.complaints(path).iter().for_each(|line| complain(line));
        if read.groups.is_empty() {
            return Err(Ending::Problems(format!("{}: holds no report", path.display())));
        }
        let analyses = analysis::all(&read.groups, self.control.as_deref(), &self.weights, self.alpha)?;
        if let Some(page) = &self.html {
            files::write(page, page::html(&analyses)?)?;
        }
        print(&if self.json {
            format!("{}\n", text::json(&analyses, read.reports, read.left_out, self.alpha))
        } else {
            text::text(&analyses, path, read.reports)
        })
    }
}

/// A change of a rate, as a share of it.
fn change(text: &str) -> Result<f64, &'static str> {
    let lift = text.parse().ok().filter(|lift: &f64| *lift > -1.0 && *lift != 0.0 && lift.is_finite());
    lift.ok_or("expected a number above -1, and not 0")
}

/// An epsilon. A plan may ask for more than a config may.
fn epsilon(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|epsilon| (0.1..=20.0).contains(epsilon)).ok_or("expected a number from 0.1 to 20")
}

/// `boots=0.5`.
fn weight(text: &str) -> Result<(String, f64), &'static str> {
    let (variation, weight) = text.rsplit_once('=').ok_or("expected VARIATION=WEIGHT")?;
    let weight = weight.parse().ok().filter(|weight: &f64| *weight > 0.0 && weight.is_finite());
    Ok((variation.to_owned(), weight.ok_or("expected a weight above 0")?))
}
