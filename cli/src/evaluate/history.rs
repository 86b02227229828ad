//! `tailorbird evaluate history`: what years of events cost: what is stored, what memory the engine holds,
//! and how long an event takes, month by month.

mod memory;
mod plot;

use std::path::PathBuf;

use clap::value_parser;
use serde_json::{Value, json};
use tailorbird::config::Config;
use tailorbird_cli::visitor::Visitor;

use crate::arguments::EXIT_CODES;
use crate::config_file;
use crate::ending::{Ending, print};
use crate::files;
use crate::progress::bar;
use crate::style::{Right, table};

/// The config where none is given: the demo shop's.
const SHOP: &str = include_str!("../../../www/shop/tailorbird.json");
const DAYS_A_MONTH: f64 = 365.25 / 12.0;

/// What was found at the end of a month.
pub struct Month {
    /// When it ended, in years from the start.
    pub years: f64,
    /// How large the encoded profile was.
    pub bytes: f64,
    /// How many bytes the engine of the last page held; `None` where they were not counted.
    pub memory: Option<f64>,
    /// How long one event took, in µs: the median.
    pub micros: f64,
}

/// Measure what years of events cost in storage, memory and time
///
/// Simulates a visitor who comes to a shop three times a day, for years, and folds all of it into the profile as
/// browsers do: pages, products of 600 categories and 300 brands of which few are met often, a basket, orders,
/// prompts. The same visitor every time.
///
/// Retention ends a profile 395 days after it was begun, and begins another: that is part of it.
///
/// With --json one object is printed: {"years", "a_day", "events", "months": [{"years" (the end of the month),
/// "bytes" (of the encoded profile), "memory" (bytes the engine of a page holds), "micros" (the median
/// of what an event took)}]}. Memory is measured by a build with --features memory, and null in others. Only a
/// release build says anything about speed.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct History {
    /// How many years
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=100), default_value = "10")]
    years: u32,
    /// How many events a day
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=10_000), default_value = "200")]
    a_day: u32,
    /// The config, as JSON; the demo shop's where it is not said
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write a plot here
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl History {
    /// Lives through the years, and prints what they came to.
    ///
    /// # Errors
    ///
    /// When the config cannot be read or is refused as a whole, or the plot cannot be written.
    pub fn run(&self) -> Result<(), Ending> {
        let (years, a_day) = (self.years, self.a_day);
        let config = match &self.config {
            Some(path) => config_file::read_and_report(path)?,
            None => {
                let shop = serde_json::from_str(SHOP).map_err(|error| Ending::Problems(error.to_string()))?;
                Config::read(&shop).map_err(|problems| Ending::Problems(problems.lines().join("\n")))?
            }
        };
        let months = live(&config, years, a_day);
        if let Some(path) = &self.plot {
            let plot = plot::plot(&months, years, a_day)
                .map_err(|error| Ending::Problems(format!("the plot cannot be drawn: {error}")))?;
            files::write(path, &plot)?;
        }
        if self.json {
            let found = json!({
                "years": years,
                "a_day": a_day,
                "events": u64::from(a_day) * u64::from(days(years)),
                "months": months.iter().map(written).collect::<Vec<Value>>(),
            });
            return print(&format!("{found}\n"));
        }
        let ends = months.iter().skip(11).step_by(12);
        let rows = ends.map(|Month { years, bytes, memory, micros }| {
            let memory = memory.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            [format!("{years:.1}"), bytes.to_string(), memory, format!("{micros:.2}")]
        });
        print(&table(Some(["years", "stored, bytes", "memory, bytes", "an event, µs"]), [Right; 4], rows))
    }
}

fn written(month: &Month) -> Value {
    let hundredths = |number: f64| (number * 100.0).round() / 100.0;
    json!({
        "years": hundredths(month.years),
        "bytes": month.bytes,
        "memory": month.memory,
        "micros": hundredths(month.micros),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100 years")]
fn days(years: u32) -> u32 {
    (f64::from(years) * 12.0 * DAYS_A_MONTH).round() as u32
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bytes and days are far below 2^31"
)]
fn live(config: &Config, years: u32, a_day: u32) -> Vec<Month> {
    let mut visitor = Visitor::new(config, memory::allocated);
    let progress = bar("living", u64::from(days(years)));
    let mut months: Vec<Month> = Vec::new();
    for day in 1..=days(years) {
        visitor.live_a_day(a_day);
        progress.inc(1);
        let due = (months.len() + 1) as f64 * DAYS_A_MONTH;
        if day == due.round() as u32 {
            let mut took = core::mem::take(&mut visitor.took);
            took.sort_by(f64::total_cmp);
            months.push(Month {
                years: f64::from(day) / DAYS_A_MONTH / 12.0,
                bytes: visitor.stored() as f64,
                memory: visitor.memory.map(|bytes| bytes as f64),
                micros: took.get(took.len() / 2).copied().unwrap_or(0.0),
            });
        }
    }
    progress.finish_and_clear();
    months
}
