//! `tailorbird evaluate`: studies of how well the engine does what it promises. They are for its developers, and not
//! in the list of commands.

mod areas;
mod bandit;
mod exit;
mod history;
mod intent;
mod leave;
mod lifetime_value;
mod linucb;
mod next_item;
mod next_page;
mod peeking;
mod policy;
mod ranking;
mod recommend;
mod reports;

use clap::Subcommand;
use tailorbird_cli::chance;

use crate::arguments::EXIT_CODES;
use crate::ending::Ending;

/// Measure how well the engine does what it promises
#[derive(clap::Args)]
#[command(disable_help_subcommand = true, after_help = EXIT_CODES)]
pub struct Evaluate {
    #[command(subcommand)]
    study: Study,
}

#[derive(Subcommand)]
enum Study {
    Areas(areas::Areas),
    Bandit(bandit::Bandit),
    Exit(exit::Exit),
    Peeking(peeking::Peeking),
    Intent(intent::Intent),
    Leave(leave::Leave),
    LifetimeValue(lifetime_value::LifetimeValue),
    #[command(name = "next-item")]
    NextItem(next_item::NextItemStudy),
    #[command(name = "next-page")]
    NextPage(next_page::NextPages),
    Policy(policy::Policies),
    Ranking(ranking::Ranking),
    Recommend(recommend::Recommend),
    Reports(reports::Reports),
    History(history::History),
}

impl Evaluate {
    /// Runs the study.
    ///
    /// # Errors
    ///
    /// When it cannot be run on what it was given.
    pub fn run(&self) -> Result<(), Ending> {
        match &self.study {
            Study::Areas(study) => study.run(),
            Study::Bandit(study) => study.run(),
            Study::Exit(study) => study.run(),
            Study::Peeking(study) => study.run(),
            Study::Intent(study) => study.run(),
            Study::Leave(study) => study.run(),
            Study::LifetimeValue(study) => study.run(),
            Study::NextItem(study) => study.run(),
            Study::NextPage(study) => study.run(),
            Study::Policy(study) => study.run(),
            Study::Ranking(study) => study.run(),
            Study::Recommend(study) => study.run(),
            Study::Reports(study) => study.run(),
            Study::History(study) => study.run(),
        }
    }
}
