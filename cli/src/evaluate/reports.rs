//! `tailorbird evaluate reports`: whether `tailorbird report` finds what is true, from the reports of the engine's own
//! mechanisms and of visitors of the engine itself.

mod estimator;
mod visitors;

use clap::value_parser;
use serde_json::{Value, json};

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::style::{HEADING, Left, Right, paint, table};
use estimator::{Found, Setting};
use visitors::Visitors;

/// Check that reports with noise say what is true
///
/// First the estimator: experiments of two variations are simulated, of whose visitors a share reaches the goal
/// with the control, and a fifth more with the other. Every report is drawn by the engine's mechanism. For each
/// epsilon, share and number of outcomes: the bias of the estimated share in its standard errors, and how often the
/// intervals of 95 % held the truth, of the share, of all outcomes, and of the difference.
///
/// Then visitors of the engine: each sees a slot, whose variation an experiment draws, reaches the goal or does not,
/// and comes back after eight days, when the site's code asks for reports. What `tailorbird report` makes of them
/// is compared with what is true. As many visitors come after them to a site with a bandit, each views the slot on
/// three days: how many goals they lose without priors, and with those of the reports.
///
/// The same seed gives the same visitors, whatever the machine.
///
/// With --json one object is printed: {"runs", "reports", "seed", "settings": [{"epsilon", "rate", "outcomes", "bias",
/// "coverage", "outcome_coverage", "difference_coverage"}], "end_to_end": {"visitors", "reports", "truth", "reached",
/// "interval", "difference", "difference_interval", "verdict", "priors", "regret_without", "regret_with"}}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Reports {
    /// How many experiments are simulated for each setting
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(2..), default_value = "4000")]
    runs: u32,
    /// How many reports each variation has in them
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), default_value = "2000")]
    reports: u32,
    /// How many visitors come to the experiment, and again to the bandit
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(2..), default_value = "20000")]
    visitors: u32,
    /// What makes the same visitors come again
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Reports {
    /// Simulates, and prints what was found.
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub fn run(&self) -> Result<(), Ending> {
        let settings = Setting::all();
        let progress = bar("simulating", settings.len() as u64 * u64::from(self.runs) + 2 * u64::from(self.visitors));
        let mut found = Vec::new();
        for setting in &settings {
            found.push(setting.simulate(self.runs, self.reports, self.seed, &|| progress.inc(1)));
        }
        let visitors = Visitors::simulate(self.visitors, self.seed, &|| progress.inc(1))?;
        progress.finish_and_clear();
        if self.json {
            let report = json!({
                "runs": self.runs,
                "reports": self.reports,
                "seed": self.seed,
                "settings": settings.iter().zip(&found).map(|(setting, found)| found.json(setting)).collect::<Value>(),
                "end_to_end": visitors.json(),
            });
            return print(&format!("{report}\n"));
        }
        print(&format!("{}\n{}", self.text(&settings, &found), visitors.text()))
    }

    fn text(&self, settings: &[Setting], found: &[Found]) -> String {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let rows = settings.iter().zip(found).map(|(setting, found)| {
            [
                setting.epsilon.to_string(),
                percent(setting.rate),
                setting.outcomes.to_string(),
                format!("{:+.1}", found.bias),
                percent(found.coverage),
                percent(found.outcome_coverage),
                percent(found.difference_coverage),
            ]
        });
        let heads = ["epsilon", "share", "outcomes", "bias", "share held", "outcomes held", "difference held"];
        format!(
            "{}\n{} experiments a setting, {} reports a variation; bias in its standard errors, seed {}\n\n{}",
            paint(HEADING, "the estimator"),
            self.runs,
            self.reports,
            self.seed,
            table(Some(heads), [Left, Right, Right, Right, Right, Right, Right], rows),
        )
    }
}
