//! `tailorbird`: the engine on the command line. Checks a config, and plays recorded sessions
//! through the same core that runs in the browser.
//!
//! Results go to stdout, progress and complaints to stderr. Exit codes: 0 well, 1 problems found,
//! 2 wrong use.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable)
)]

mod ending;
mod config_file;
mod validate;
mod csv_lines;
mod sessions;
mod progress;
mod trace;
mod replay;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use ending::Ending;

const EXIT_CODES: &str = "Exit codes: 0 well, 1 problems found, 2 wrong use.";

const VALIDATE: &str = "\
Checks a config as the engine in the browser would read it.

Every problem is printed on a line of its own, with the place it stands at:

  site.json: slots[1].holdout is 7, expected a number from 0 to 1

The first 100 are printed, the rest is counted. A file of more than 1000000 bytes is refused unread.";

const VALIDATE_JSON: &str = "\
With --json one object is printed: {\"file\", \"valid\", \"count\", \"problems\": [{\"path\", \"text\"}]},
and for a good config also \"slots\", \"variants\", \"segments\" and \"prompts\", counted.";

const REPLAY: &str = "\
Plays recorded sessions through the engine and prints what would have been shown.

The sessions are a CSV file with a header: SessionId,ItemId,Time and optionally Event,Category,Price,
in any order. Time is in seconds since 1970 and is rounded to whole milliseconds. A missing Event is
view_item; a missing Category is c + ItemId mod 16, and is reported as made up. Rows of one session
need not stand together. Bad rows are named and skipped; only a file without a good row is refused.

Each SessionId is a new visitor who consents, on one page with all slots of the config; the hash of
the id (64-bit FNV-1a) is the seed, so that the same file gives the same decisions every time. After
each event every slot is decided once. One second after the last event the pointer leaves the page
through the top; prompts that are due then count as shown.";

const REPLAY_JSON: &str = "\
What is printed:
  decisions        by slot and level: standard (the page's own content), generic (what works for
                   everybody), customized (a segment), personalized (the visitor's own interests)
  coverage         the share of all decisions above standard, from 0 to 1
  prompts_per_100  prompts shown in 100 sessions
  categories       \"given\", \"made up\", or \"partly made up\" where only some rows have one
  p50_us, p99_us   microseconds one event takes with all its decisions: the median, and what 99 %
                   stay within; only a release build says anything about speed

With --json one object is printed: {\"sessions\", \"events\", \"bad_rows\", \"categories\", \"decisions\":
{SLOT: {\"standard\", \"generic\", \"customized\", \"personalized\"}}, \"prompts_per_100\", \"coverage\",
\"p50_us\", \"p99_us\"}.";

const TRACE: &str = "\
Write every decision here, one JSON line each: {\"session\", \"event\" (its place in the session,
from 0), \"slot\", \"variant\", \"level\", \"score\", \"propensity\"}; and every prompt:
{\"session\", \"prompt\"}";

fn command() -> Command {
    let json =
        || Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print one JSON object instead of text");
    let file = |id: &'static str| Arg::new(id).value_name("FILE").value_parser(value_parser!(PathBuf));
    Command::new("tailorbird")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Personalization that learns and decides inside the visitor's own browser: the native tool")
        .after_help(EXIT_CODES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(
            Command::new("validate")
                .about("Check a config, and name every problem with its place")
                .long_about(VALIDATE)
                .after_long_help(format!("{VALIDATE_JSON}\n\n{EXIT_CODES}"))
                .arg(file("file").required(true).help("The config, as JSON"))
                .arg(json()),
        )
        .subcommand(
            Command::new("replay")
                .about("Play recorded sessions, and print what would have been shown")
                .long_about(REPLAY)
                .after_long_help(format!("{REPLAY_JSON}\n\n{EXIT_CODES}"))
                .arg(file("config").long("config").required(true).help("The config, as JSON"))
                .arg(
                    file("sessions")
                        .long("sessions")
                        .required(true)
                        .value_name("FILE.csv")
                        .help("The recorded sessions"),
                )
                .arg(json())
                .arg(
                    file("trace")
                        .long("trace")
                        .value_name("FILE.jsonl")
                        .help("Write every decision here, one JSON line each")
                        .long_help(TRACE),
                ),
        )
}

fn main() -> ExitCode {
    let given = command().get_matches();
    let result = match given.subcommand() {
        Some(("validate", given)) => validate::validate(&path(given, "file"), given.get_flag("json")),
        Some(("replay", given)) => replay::replay(&replay::Task {
            config: path(given, "config"),
            sessions: path(given, "sessions"),
            trace: given.get_one::<PathBuf>("trace").cloned(),
            json: given.get_flag("json"),
        }),
        _ => Err(Ending::Misuse("no command is given, expected one of validate, replay".to_owned())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(ending) => ending.tell(),
    }
}

/// A path that the command requires; empty only if clap let it be missing.
fn path(given: &ArgMatches, id: &str) -> PathBuf {
    given.get_one::<PathBuf>(id).cloned().unwrap_or_default()
}
