//! `tailorbird evaluate leave`: how well the end of a visit is seen coming, from the steps before.

mod features;
pub mod walk;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;

use crate::boosting::{Forest, Settings};
use crate::ending::{Ending, complain, print};
use crate::progress::Progress;
use crate::scoring::auc;
use features::Ways;
use walk::{Kind, Names};

const LEAVE: &str = "\
Learns from one file of visits after which step a visitor leaves, and scores the predictions on another file.

Of each visit the first 50 steps count, and after each the chance is predicted that it was the last, from the
steps so far: how many, which, how often the same, and in what share of earlier visits that had come the same way
the step was the last; all put together by gradient boosting.

With --kind pages a file has one visit a line, the categories of its pages in order, separated by spaces, as in
UCI's \"MSNBC.com Anonymous Web Data\". With --kind sessions it is CSV with the columns SessionId,ItemId,Time,
Time in seconds.";

const LEAVE_JSON: &str = "\
What is printed is the chance that a last step is ranked above one that was not. With --json one object is
printed: {\"auc\"}.";

/// The command.
pub fn command() -> Command {
    let file = |id: &'static str, help: &'static str| {
        Arg::new(id).long(id).required(true).value_name("FILE").value_parser(value_parser!(PathBuf)).help(help)
    };
    Command::new("leave")
        .about("Tell how well the end of a visit is seen coming")
        .long_about(LEAVE)
        .after_long_help(LEAVE_JSON)
        .arg(kind())
        .arg(file("train", "The visits to learn from"))
        .arg(file("test", "The visits to predict"))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print one JSON object instead of text"))
}

/// How a file is written.
pub fn kind() -> Arg {
    Arg::new("kind").long("kind").required(true).value_parser(["pages", "sessions"]).help("How the files are written")
}

/// What was said of it.
pub fn kind_of(given: &ArgMatches) -> Kind {
    match given.get_one::<String>("kind").map(String::as_str) {
        Some("sessions") => Kind::Sessions,
        _ => Kind::Pages,
    }
}

/// Learns from one file, and prints how well the other is predicted.
///
/// # Errors
///
/// When a file cannot be read or has problems, and where all or none of the other's steps are the last.
pub fn run(given: &ArgMatches) -> Result<(), Ending> {
    let path = |id: &str| given.get_one::<PathBuf>(id).cloned().unwrap_or_default();
    let kind = kind_of(given);
    let mut names = Names::default();
    let train = walk::read(&path("train"), kind, &mut names)?;
    let test = walk::read(&path("test"), kind, &mut names)?;
    complain("counting");
    let ways = Ways::learn(&train);
    let (columns, happened) = ways.table(&train, true);
    drop(train);
    let settings = settings(kind);
    let mut progress = Progress::new("growing", settings.trees as u64);
    let forest = Forest::fit(&columns, &happened, &settings, &mut || progress.advance(1));
    drop(progress);
    let (columns, truth) = ways.table(&test, false);
    let Some(auc) = auc(&forest.all_log_odds(&columns), &truth) else {
        return Err(Ending::Problems(format!(
            "{}: of {} steps all or none are the last of their visit, expected some of both",
            path("test").display(),
            truth.len()
        )));
    };
    if given.get_flag("json") {
        return print(&format!("{}\n", json!({ "auc": auc })));
    }
    print(&format!("{} steps; learned from {}\n\n  auc  {auc:.4}\n", truth.len(), happened.len()))
}

/// Found on parts of the developers' training data: there are a million steps of pages and 70,000 of sessions,
/// so these need more holding back.
fn settings(kind: Kind) -> Settings {
    match kind {
        Kind::Pages => Settings { trees: 80, leaves: 31, rate: 0.1, penalty: 1.0, least: 20.0, sample: 0.5 },
        Kind::Sessions => Settings { trees: 400, leaves: 8, rate: 0.03, penalty: 5.0, least: 50.0, sample: 0.5 },
    }
}
