//! `tailorbird train`: weights for the intent of a visit, in the engine's own features, from recorded visits.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Map, Value, json};
use tailorbird::profile::intent::FEATURES;

use crate::ending::{Ending, complain, print};
use crate::intent::visits::{self, Engine};
use crate::leave::walk::{self, Names, Walk};
use crate::leave::{kind, kind_of};
use crate::logistic::{Logistic, Row};
use crate::scoring::{auc, log_loss};

const TRAIN: &str = "\
Learns the weights by which the engine predicts the intent of a visit, and prints them as a section of the config:
\"intent\": {\"buying\": {...}} or {\"leaving\": {...}}. Its features are listed in the documentation of the config.";

const INTENT: &str = "\
Learns the weights of buying from visits to a shop, a CSV file in the layout of UCI's \"Online Shoppers Purchasing
Intention\".

ProductRelated pages and seconds become product_views and product_seconds; Administrative and Informational ones
other_views and other_seconds; VisitorType becomes returning, Weekend weekend. The other columns are nothing that
the engine knows, and are left out.";

const LEAVE: &str = "\
Learns the weights of leaving from recorded ways through a site: with --kind pages one visit a line, the
categories of its pages in order; with --kind sessions CSV with SessionId,ItemId,Time.

Each step from the second on is a case: views is how many there were, categories how many were distinct (of
sessions: items). The first step is left out, because recorded visits of one step are often removed: what is said
of it continues the curve of the others.";

/// Small enough to change nothing where there are cases, and enough to keep weights finite.
const PENALTY: f64 = 1.0;

/// The command.
pub fn command() -> Command {
    let file = || {
        let json = Arg::new("json").long("json").action(ArgAction::SetTrue);
        let file = Arg::new("in").long("in").required(true).value_name("FILE").value_parser(value_parser!(PathBuf));
        [file.help("The recorded visits"), json.help("Print one JSON object instead of a section to paste")]
    };
    Command::new("train")
        .about("Learn weights for the config from recorded visits")
        .long_about(TRAIN)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(Command::new("intent").about("Who will buy, from visits to a shop").long_about(INTENT).args(file()))
        .subcommand(Command::new("leave").about("Who leaves, and when").long_about(LEAVE).arg(kind()).args(file()))
}

/// Learns, and prints the section.
///
/// # Errors
///
/// When the file cannot be read or has problems.
pub fn run(given: &ArgMatches) -> Result<(), Ending> {
    let (name, given, cases) = match given.subcommand() {
        Some(("intent", given)) => ("buying", given, of_visits(&visits::read(&path(given))?)),
        Some(("leave", given)) => {
            let kind = kind_of(given);
            let walks = walk::read(&path(given), kind, &mut Names::default())?;
            let seen = if kind == walk::Kind::Pages { "categories" } else { "items" };
            ("leaving", given, of_walks(&walks, seen))
        }
        _ => return Err(Ending::Misuse("nothing to train is given, expected intent or leave".to_owned())),
    };
    let (rows, happened): (Vec<Row>, Vec<bool>) = cases.into_iter().unzip();
    let fitted = Logistic::fit(&rows, &happened, &vec![PENALTY; FEATURES.len()]);
    let weights = section(&fitted);
    let chances: Vec<f64> = rows.iter().map(|row| fitted.chance(row)).collect();
    let Some(auc) = auc(&chances, &happened) else {
        let words = "all or none of the cases have happened, expected some of both";
        return Err(Ending::Problems(format!("{}: {words}", path(given).display())));
    };
    complain(&format!(
        "{} cases, of the same: auc {auc:.4}, log loss {:.4}",
        rows.len(),
        log_loss(&chances, &happened)
    ));
    let section = json!({ name: weights });
    if given.get_flag("json") {
        return print(&format!("{}\n", json!({ "intent": section })));
    }
    let text = serde_json::to_string_pretty(&section).unwrap_or_default();
    print(&format!("\"intent\": {text}\n"))
}

fn path(given: &ArgMatches) -> PathBuf {
    given.get_one::<PathBuf>("in").cloned().unwrap_or_default()
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

fn of_visits(visits: &[Engine]) -> Vec<(Row, bool)> {
    let one = |visit: &Engine| {
        let truth = |truth: bool| if truth { 1.0 } else { 0.0 };
        let counted = [
            ("product_views", visit.number(4)),
            ("product_seconds", visit.number(5)),
            ("other_views", visit.number(0) + visit.number(2)),
            ("other_seconds", visit.number(1) + visit.number(3)),
            ("returning", truth(visit.name(5) != "New_Visitor")),
            ("weekend", truth(visit.name(6).eq_ignore_ascii_case("true"))),
        ];
        (row(&counted), visit.bought)
    };
    visits.iter().map(one).collect()
}

fn of_walks(walks: &[Walk], seen: &str) -> Vec<(Row, bool)> {
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
