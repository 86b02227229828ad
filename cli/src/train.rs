//! `tailorbird train`: the model of a site, or weights for the intent of a visit in the engine's own features, from
//! recorded visits.

pub mod figures;
pub mod last_day;
pub mod page;
mod recorded;
pub mod site;
pub mod value;
pub mod visits;
pub mod walk;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Map, Value, json};
use tailorbird::profile::intent::FEATURES;

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, complain, print};
use crate::logistic::{Logistic, Row};
use crate::scoring::{auc, log_loss};
use site::SiteModel;
use visits::{Visit, is_true};
use walk::{Kind, Names, Walk};

/// Small enough to change nothing where there are cases, and enough to keep weights finite.
const PENALTY: f64 = 1.0;

/// Learn a model of the site, or weights for the config, from recorded visits
///
/// With --sessions it learns the model of a site, which pages load, and writes it into a file:
///   items, rules, sessions  what is recommended
///   next items              which item is looked at right after which
///   next page               which page or category of pages comes next
///   areas                   which categories are seen by the same visitors
///
/// The sessions are CSV with a header, SessionId,ItemId,Time and optionally VisitorId,Category,Page,Event, in any order;
/// Time is in seconds since 1970, or as 2026-11-28T10:00Z. Without VisitorId each session is a visitor. Without Page a
/// page is a category, and without Category a category is a page. Nothing is published that fewer than 5 visitors stand
/// behind; how much that is, is printed beside the size of each section.
///
/// A model that is larger than --shard-above, of a site with categories, is split: sessions go to a file for each
/// category, named after the model, site.boots.tbm beside site.tbm. Pages load the file of the category at hand.
///
/// With --in it learns the same from a log of the site's own, which an engine counts in SQL: by day, so that with
/// --state a new day costs a day. It writes report.html and report.csv beside the model, prints the section value of the
/// config where the log has orders, and priors of bandits where it says what was shown.
///
/// With --json one object is printed: {"visitors", "sessions", "bytes", "brotli", "sections", "shards": [{"category",
/// "file", "bytes", "brotli"}], "left_out"}.
/// With --in there are no "visitors", and besides "files_read", "days_counted", "days", "events", "views", "purchases",
/// "bad_rows": [{"file", "why", "rows", "example"}], "not_counted", "last_day", "value" and "priors".
///
/// Its commands learn the weights by which the engine predicts the intent of a visit, and print them as a section of
/// the config: "intent": {"buying": {...}} or {"leaving": {...}}. Its features are listed in the documentation of the
/// config.
#[derive(clap::Args)]
#[command(
    verbatim_doc_comment,
    disable_help_subcommand = true,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = EXIT_CODES
)]
pub struct Train {
    #[command(subcommand)]
    model: Option<Model>,
    #[command(flatten)]
    site: SiteModel,
}

#[derive(Subcommand)]
enum Model {
    /// Who will buy, from visits to a shop
    ///
    /// Learns the weights of buying from visits to a shop, a CSV file in the layout of UCI's "Online Shoppers Purchasing
    /// Intention".
    ///
    /// ProductRelated pages and seconds become product_views and product_seconds; Administrative and Informational ones
    /// other_views and other_seconds; VisitorType becomes returning, Weekend weekend. The other columns are nothing that
    /// the engine knows, and are left out.
    #[command(verbatim_doc_comment, after_help = EXIT_CODES)]
    Intent {
        #[command(flatten)]
        given: Given,
    },
    /// Who leaves, and when
    ///
    /// Learns the weights of leaving from recorded ways through a site.
    ///
    /// Each step from the second on is a case: views is how many there were, categories how many were distinct (of
    /// sessions: items). The first step is left out, because recorded visits of one step are often removed: what is said
    /// of it continues the curve of the others.
    #[command(verbatim_doc_comment, after_help = EXIT_CODES)]
    Leave {
        /// How the file is written
        #[arg(long)]
        kind: Kind,
        #[command(flatten)]
        given: Given,
    },
}

#[derive(clap::Args)]
struct Given {
    /// The recorded visits
    #[arg(long = "in", value_name = "FILE")]
    visits: PathBuf,
    /// Print one JSON object instead of a section to paste
    #[arg(long)]
    json: bool,
}

/// The engine's features of a case, and whether it happened.
type Case = (Row, bool);

impl Train {
    /// Learns, and prints the section, or writes the model.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or has problems, and when the model cannot be written.
    pub fn run(&self) -> Result<(), Ending> {
        let Some(model) = &self.model else {
            return self.site.run();
        };
        match model {
            Model::Intent { given } => {
                learn("buying", of_visits(&visits::read(&given.visits)?), &given.visits, given.json)
            }
            Model::Leave { kind, given } => {
                let walks = walk::read(&given.visits, *kind, &mut Names::default())?;
                let seen = if *kind == Kind::Pages { "categories" } else { "items" };
                learn("leaving", of_walks(&walks, seen), &given.visits, given.json)
            }
        }
    }
}

fn learn(name: &str, cases: Vec<Case>, path: &Path, json: bool) -> Result<(), Ending> {
    let (rows, happened): (Vec<Row>, Vec<bool>) = cases.into_iter().unzip();
    let fitted = Logistic::fit(&rows, &happened, &vec![PENALTY; FEATURES.len()]);
    let weights = section(&fitted);
    let chances: Vec<f64> = rows.iter().map(|row| fitted.chance(row)).collect();
    let Some(auc) = auc(&chances, &happened) else {
        let words = "all or none of the cases have happened, expected some of both";
        return Err(Ending::Problems(format!("{}: {words}", path.display())));
    };
    complain(&format!(
        "{} cases, of the same: auc {auc:.4}, log loss {:.4}",
        rows.len(),
        log_loss(&chances, &happened)
    ));
    let section = json!({ name: weights });
    if json {
        return print(&format!("{}\n", json!({ "intent": section })));
    }
    let text = serde_json::to_string_pretty(&section).unwrap_or_default();
    print(&format!("\"intent\": {text}\n"))
}

/// The weights in hundredths, which is as exact as the engine's own are; features without one are left out.
fn section(fitted: &Logistic) -> Map<String, Value> {
    let names = std::iter::once("intercept").chain(FEATURES.iter().map(|feature| feature.name));
    let weights = std::iter::once(&fitted.intercept).chain(&fitted.weights);
    let hundredths = names.zip(weights).map(|(name, weight)| (name, (weight * 100.0).round()));
    hundredths
        .filter(|(_, weight)| *weight != 0.0)
        .map(|(name, weight)| (name.to_owned(), json!(weight / 100.0)))
        .collect()
}

/// A row of the engine's features from what was counted.
fn row(counted: &[(&str, f64)]) -> Row {
    let mut row: Row = Vec::new();
    for (name, count) in counted {
        let mut known = FEATURES.iter().enumerate();
        if let Some((place, feature)) = known.find(|(_, feature)| feature.name == *name && *count != 0.0) {
            row.push((place, feature.scale.apply(*count)));
        }
    }
    row.sort_by_key(|(place, _)| *place);
    row
}

fn of_visits(visits: &[Visit]) -> Vec<Case> {
    let one = |visit: &Visit| {
        let truth = |truth: bool| if truth { 1.0 } else { 0.0 };
        let counted = [
            ("product_views", visit.product_related),
            ("product_seconds", visit.product_seconds),
            ("other_views", visit.administrative + visit.informational),
            ("other_seconds", visit.administrative_seconds + visit.informational_seconds),
            ("returning", truth(visit.is_returning())),
            ("weekend", truth(is_true(&visit.weekend) == Some(true))),
        ];
        (row(&counted), visit.has_bought())
    };
    visits.iter().map(one).collect()
}

fn of_walks(walks: &[Walk], seen: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for walk in walks {
        let mut distinct: Vec<u32> = Vec::new();
        for ((step, over), number) in walk.steps().zip(&walk.seen) {
            if !distinct.contains(number) {
                distinct.push(*number);
            }
            if step > 0 {
                let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
                cases.push((row(&[("views", count(step + 1)), (seen, count(distinct.len()))]), over));
            }
        }
    }
    cases
}
