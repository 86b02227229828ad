//! `tailorbird evaluate leave`: how well the end of a visit is seen coming, from the steps before.

mod features;

use std::path::PathBuf;

use serde_json::json;

use crate::arguments::EXIT_CODES;
use crate::boosting::{Forest, Settings};
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::scoring::auc;
use crate::train::walk::{Kind, Names, read};
use features::Ways;

/// Measure how well the end of a visit is seen coming
///
/// Learns from one file of visits after which step a visitor leaves, and scores the predictions on another file.
///
/// Of each visit the first 50 steps count, and after each the chance is predicted that it was the last, from the
/// steps so far: how many, which, how often the same, and in what share of earlier visits that had come the same way
/// the step was the last; all put together by gradient boosting.
///
/// With --kind pages a file has one visit a line, the categories of its pages in order, separated by spaces, as in
/// UCI's "MSNBC.com Anonymous Web Data". With --kind sessions it is CSV with the columns SessionId,ItemId,Time.
///
/// What is printed is the chance that a last step is ranked above one that was not. With --json one object is
/// printed: {"auc"}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Leave {
    /// How the files are written
    #[arg(long)]
    kind: Kind,
    /// The visits to learn from
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The visits to predict
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Leave {
    /// Learns from one file, and prints how well the other is predicted.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems, and where all or none of the other's steps are the last.
    pub fn run(&self) -> Result<(), Ending> {
        let mut names = Names::default();
        let train = read(&self.train, self.kind, &mut names)?;
        let test = read(&self.test, self.kind, &mut names)?;
        let ways = Ways::learn(&train);
        let (columns, happened) = ways.table(&train, true);
        drop(train);
        let settings = settings(self.kind);
        let progress = bar("growing", settings.trees as u64);
        let forest = Forest::fit(&columns, &happened, &settings, &mut || progress.inc(1));
        progress.finish_and_clear();
        let (columns, truth) = ways.table(&test, false);
        let Some(auc) = auc(&forest.all_log_odds(&columns), &truth) else {
            return Err(Ending::Problems(format!(
                "{}: of {} steps all or none are the last of their visit, expected some of both",
                self.test.display(),
                truth.len()
            )));
        };
        if self.json {
            return print(&format!("{}\n", json!({ "auc": auc })));
        }
        print(&format!("{} steps; learned from {}\n\n  auc  {auc:.4}\n", truth.len(), happened.len()))
    }
}

/// Found on parts of the developers' training data: there are a million steps of pages and 70,000 of sessions,
/// so these need more holding back.
fn settings(kind: Kind) -> Settings {
    match kind {
        Kind::Pages => Settings { trees: 80, leaves: 31, rate: 0.1, penalty: 1.0, least: 20.0, sample: 0.5 },
        Kind::Sessions => Settings { trees: 400, leaves: 8, rate: 0.03, penalty: 5.0, least: 50.0, sample: 0.5 },
    }
}
