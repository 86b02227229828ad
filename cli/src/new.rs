//! `tailorbird new`: a first config, from five answers.

mod answers;
mod campaigns;
mod config;
mod layout;
mod next_steps;
mod questions;
mod texts;

use std::fs;
use std::io::{IsTerminal, stderr, stdin};
use std::path::PathBuf;

use tailorbird::config::Config;
use tailorbird::reader::{Problem, Problems};
use tailorbird::value::Value;

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::files;
use answers::{Answers, Given, Question};

/// Write a first config, from five answers
///
/// Asks in the terminal what kind of site it is, what is wanted, where on the page it goes, in which
/// currency and languages, and who states consent. What an option says is not asked; with --yes nothing
/// is, and the rest is as the defaults have it. Without a terminal every question needs its option, or --yes.
///
/// The file has no problems and no warnings, and the same answers give the same file. Its texts are
/// examples to be replaced. Keys that begin with x- are notes to you, which the engine does not read.
///
/// What to do next is printed: the script tag, the slots' attributes, and how to check the file.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct New {
    /// Where the config is written
    #[arg(long, value_name = "FILE", default_value = "tailorbird.json")]
    out: PathBuf,
    #[command(flatten)]
    given: Given,
    /// Ask nothing: what no option says is as the defaults have it
    #[arg(long)]
    yes: bool,
    /// Write the file also where there is one already
    #[arg(long)]
    force: bool,
}

impl New {
    /// Asks, writes the config, and prints what to do next.
    ///
    /// # Errors
    ///
    /// When the file is there already, when there is nobody to ask, when answers do not fit each other, and when the
    /// file cannot be written.
    pub fn run(&self) -> Result<(), Ending> {
        let path = &self.out;
        if !self.force && fs::symlink_metadata(path).is_ok() {
            let words = format!("{} is there already, expected another --out, or --force", path.display());
            return Err(Ending::Misuse(words));
        }
        self.given.check().map_err(Ending::Misuse)?;
        let unanswered = self.given.unanswered();
        let given = if self.yes || unanswered.is_empty() {
            self.given.clone()
        } else if stdin().is_terminal() && stderr().is_terminal() {
            questions::ask(&self.given)?
        } else {
            let options: Vec<&str> = unanswered.into_iter().map(Question::option).collect();
            let expected = format!("expected {}, or --yes for the defaults", options.join(", "));
            return Err(Ending::Misuse(format!("there is no terminal to ask in, {expected}")));
        };
        let answers = Answers::of(&given).map_err(Ending::Misuse)?;
        let written = config::written(&answers);
        // Ids and texts are the engine's to judge; no file is written that it would not take.
        let tree: Value = serde_json::from_value(written.clone()).map_err(|error| unfit(&error.to_string()))?;
        let config = Config::read(&tree).map_err(|problems| unfit(&first_of(&problems)))?;
        if !config.problems.is_empty() {
            return Err(unfit(&first_of(&config.problems)));
        }
        files::write(path, layout::text(&written))?;
        print(&next_steps::text(path, &answers, &config))
    }
}

fn first_of(problems: &Problems) -> String {
    problems.list().first().map(Problem::text).unwrap_or_default()
}

fn unfit(problem: &str) -> Ending {
    Ending::Misuse(format!("the answers do not fit each other: {problem}"))
}
