//! `tailorbird`: the engine on the command line. Checks a config, inspects a page, and plays recorded sessions
//! through the same core that runs in the browser.
//!
//! Results go to stdout, progress and complaints to stderr.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable)
)]

mod ending;
mod style;
mod progress;
mod figures;
mod arguments;
mod files;
mod document;
mod config_file;
mod csv_rows;
mod session_rows;
mod validate;
mod new;
mod log;
mod inspect;
mod replay;
mod explain;
mod types;
mod attributes;
mod preview;
mod privacy;
mod lift;
mod prior;
mod report;
mod fit;
mod engine;
mod scratch;
mod weight;
mod whole_model;
mod scoring;
mod hit_rate;
mod estimates;
mod logistic;
mod boosting;
mod train;
mod model;
mod evaluate;
mod completions;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ending::Ending;

/// Personalization that learns and decides inside the visitor's own browser: the native tool
#[derive(Parser)]
#[command(name = "tailorbird", version, disable_help_subcommand = true, after_help = arguments::EXIT_CODES)]
struct Tool {
    #[command(subcommand)]
    command: Command,
}

/// Each command's arguments, help and work stand in its own file.
#[allow(clippy::large_enum_variant, reason = "there is one, and it is read once")]
#[derive(Subcommand)]
enum Command {
    New(new::New),
    Validate(validate::Validate),
    Inspect(inspect::Inspect),
    Replay(replay::Replay),
    Explain(explain::Explain),
    Types(types::Types),
    Attributes(attributes::Attributes),
    Preview(preview::PreviewCommand),
    Privacy(privacy::Privacy),
    Lift(lift::Lift),
    Report(report::ReportCommand),
    Fit(fit::Fit),
    Train(train::Train),
    Model(model::Model),
    Completions(completions::Completions),
    #[command(hide = true)]
    Evaluate(evaluate::Evaluate),
}

impl Command {
    fn run(&self) -> Result<(), Ending> {
        match self {
            Command::New(command) => command.run(),
            Command::Validate(command) => command.run(),
            Command::Inspect(command) => command.run(),
            Command::Replay(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Types(command) => command.run(),
            Command::Attributes(command) => command.run(),
            Command::Preview(command) => command.run(),
            Command::Privacy(command) => command.run(),
            Command::Lift(command) => command.run(),
            Command::Report(command) => command.run(),
            Command::Fit(command) => command.run(),
            Command::Train(command) => command.run(),
            Command::Model(command) => command.run(),
            Command::Completions(command) => command.run(),
            Command::Evaluate(command) => command.run(),
        }
    }
}

fn main() -> ExitCode {
    match Tool::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(ending) => ending.report(),
    }
}
