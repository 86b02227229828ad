//! `tailorbird evaluate intent`: how well the engine predicts whether a visit to a shop ends with an order, by
//! everything that is known of it, and by what a device knows.

mod features;

use std::path::PathBuf;

use serde_json::json;
use tailorbird::number::logistic;

use crate::arguments::EXIT_CODES;
use crate::boosting::{Forest, Settings, mixed};
use crate::ending::{Ending, complain, print};
use crate::logistic::{Logistic, Row};
use crate::progress::bar;
use crate::scoring::{auc, calibration_error, log_loss};
use crate::style::{Left, Right, table};
use crate::train::visits::{Visit, read};
use features::{Features, columns};

/// The penalties tried.
const PENALTIES: [f64; 5] = [1.0, 3.0, 10.0, 30.0, 100.0];
/// Into how many parts the visits are cut to choose among them.
const FOLDS: u32 = 5;
const BINS: usize = 10;

/// Measure how well buyers are recognized during a visit
///
/// Learns from one file of visits who will buy, and scores the predictions on the visits of another.
///
/// Both are CSV files with a header in the layout of UCI's "Online Shoppers Purchasing Intention": pages and
/// seconds of three kinds, BounceRates, ExitRates, PageValues, SpecialDay, Month, OperatingSystems, Browser, Region,
/// TrafficType, VisitorType, Weekend, Revenue, in any order.
///
/// What is printed:
///   auc_all            the chance that a visit which bought is ranked above one which did not, by gradient
///                      boosting on all columns
///   auc_device         the same by logistic regression on what a device knows: without BounceRates, ExitRates
///                      and PageValues, which are statistics of the whole site; at most 100 weights
///   log_loss           of the device's chances, the mean of minus the logarithm of the chance given to what was
///   calibration_error  of the device's chances: mean absolute difference to the observed rate, in 10 bins of equally
///                      many visits
///
/// With --json one object is printed: {"auc_all", "auc_device", "log_loss", "calibration_error"}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Intent {
    /// The visits to learn from
    #[arg(long, value_name = "FILE.csv")]
    train: PathBuf,
    /// The visits to predict
    #[arg(long, value_name = "FILE.csv")]
    test: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Intent {
    /// Learns from one file, and prints how well the other is predicted.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems.
    pub fn run(&self) -> Result<(), Ending> {
        let (train, test) = (read(&self.train)?, read(&self.test)?);
        let truth = bought(&test);
        let by_all = told_by_all(&train, &test);
        let by_device = told_by_device(&train, &test);
        let auc_all = auc(&by_all, &truth);
        let auc_device = auc(&by_device, &truth);
        let (loss, error) = (log_loss(&by_device, &truth), calibration_error(&by_device, &truth, BINS));
        if self.json {
            let line = json!({
                "auc_all": auc_all, "auc_device": auc_device, "log_loss": loss, "calibration_error": error,
            });
            return print(&format!("{line}\n"));
        }
        let figures = [
            ("auc, all columns", auc_all.unwrap_or(0.5)),
            ("auc, what a device knows", auc_device.unwrap_or(0.5)),
            ("log loss of the device", loss),
            ("calibration error", error),
        ];
        print(&format!(
            "{} visits, {} of them bought; learned from {}\n\n{}",
            test.len(),
            truth.iter().filter(|bought| **bought).count(),
            train.len(),
            table(None, [Left, Right], figures.map(|(name, figure)| [name.to_owned(), format!("{figure:.4}")])),
        ))
    }
}

fn bought(visits: &[Visit]) -> Vec<bool> {
    visits.iter().map(|visit| visit.has_bought()).collect()
}

/// By trees on everything. The settings are those of the least loss in five parts of 7,398 visits.
fn told_by_all(train: &[Visit], test: &[Visit]) -> Vec<f64> {
    let settings = Settings { trees: 150, leaves: 15, rate: 0.05, penalty: 5.0, least: 20.0, sample: 0.7 };
    let progress = bar("growing", settings.trees as u64);
    let forest = Forest::fit(&columns(train, train), &bought(train), &settings, &mut || progress.inc(1));
    progress.finish_and_clear();
    forest.all_log_odds(&columns(train, test)).into_iter().map(logistic).collect()
}

/// By weights on what a device knows.
fn told_by_device(train: &[Visit], test: &[Visit]) -> Vec<f64> {
    let features = Features::learn(train);
    let rows = |visits: &[Visit]| visits.iter().map(|visit| features.row(visit)).collect::<Vec<Row>>();
    let (known, happened) = (rows(train), bought(train));
    let penalty = best_penalty(&known, &happened, features.width());
    let fitted = Logistic::fit(&known, &happened, &vec![penalty; features.width()]);
    complain(&format!("{} weights and an intercept, penalty {penalty}", features.width()));
    rows(test).iter().map(|row| fitted.chance(row)).collect()
}

/// The penalty with the least loss in parts of the visits that it was not fitted to.
fn best_penalty(rows: &[Row], happened: &[bool], width: usize) -> f64 {
    let progress = bar("fitting", u64::from(FOLDS));
    let mut losses = [0.0; PENALTIES.len()];
    for part in 0..FOLDS {
        let is_part = |case: usize| mixed(case as u64) % FOLDS == part;
        let take = |inside: bool| -> (Vec<Row>, Vec<bool>) {
            let cases = rows.iter().zip(happened).enumerate().filter(|(case, _)| is_part(*case) == inside);
            cases.map(|(_, (row, happened))| (row.clone(), *happened)).unzip()
        };
        let ((inside, truth), (outside, known)) = (take(true), take(false));
        let mut fitted: Option<Logistic> = None;
        for (penalty, loss) in PENALTIES.iter().zip(&mut losses) {
            let penalties = vec![*penalty; width];
            let next = match fitted.take() {
                Some(near) => near.refit(&outside, &known, &penalties),
                None => Logistic::fit(&outside, &known, &penalties),
            };
            let chances: Vec<f64> = inside.iter().map(|row| next.chance(row)).collect();
            *loss += log_loss(&chances, &truth);
            fitted = Some(next);
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let best = PENALTIES.iter().zip(losses).min_by(|one, other| one.1.total_cmp(&other.1));
    best.map_or(1.0, |(penalty, _)| *penalty)
}
