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
mod types;
mod attributes;
mod lift;
mod peeking;
mod lifetime_value;
mod fit;
mod scoring;
mod logistic;
mod boosting;
mod intent;
mod leave;
mod history;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use ending::Ending;

const EXIT_CODES: &str = "Exit codes: 0 well, 1 problems found, 2 wrong use.";

const VALIDATE: &str = "\
Checks a config as the engine in the browser would read it.

Every problem is printed on a line of its own, with its path:

  site.json: slots[1].holdout is 7, expected a number from 0 to 1

The first 100 are printed, the rest is counted. The engine leaves out what has a problem, with what
refers to it, and runs the rest; this command exits with 1. Warnings, such as a condition on an
attribute that the engine does not fill, are printed as well. A file of more than 1000000 bytes is refused unread.";

const VALIDATE_JSON: &str = "\
With --json one object is printed: {\"file\", \"valid\", \"count\", \"problems\": [{\"path\", \"text\"}],
\"warnings\": [TEXT]}, and for a good config also \"slots\", \"variants\", \"segments\" and \"prompts\", counted.";

const REPLAY: &str = "\
Plays recorded sessions through the engine and prints what would have been shown.

The sessions are a CSV file with a header: SessionId,ItemId,Time and optionally Event,Category,Price,
in any order. Time is in seconds since 1970 and is rounded to whole milliseconds. A missing Event is
view_item; a missing Category is c + ItemId mod 16, and is reported as made up. Rows of one session
need not be adjacent. Bad rows are named and skipped; only a file without a good row is refused.

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

const TYPES: &str = "\
Writes the ids and keys of a config as TypeScript declarations, for a project that uses the package.

With the file among its sources, its compiler and its editor know the slots, variants, features,
prompts and segments of the config, and the type of every feature's values:

  tb.decide(\"hreo\")    // Argument of type '\"hreo\"' is not assignable to parameter of type 'SlotId'

The same config gives the same file, so it can be kept with the sources and compared in a check.
The name of the file ends in .d.ts; in a CommonJS project, in .d.mts. A config with problems is
refused with all of them.";

const TYPES_VALUES: &str = "\
What a feature can be is read from its default, its rules' forced values and its variations:
  text      those texts, \"one-page\" | \"classic\"; string beyond 100 of them, or 100 characters
  boolean   boolean, also where only one of the two is written today
  number    number
  list      readonly items of the types that occur
  object    its properties; those that are not in all of the objects are optional
  null      where no default is given, or a prerequisite can leave the feature without a value";

const LIFT: &str = "\
Tells whether the variations of an experiment differ from the control, from sums alone.

The results are a CSV file with one row a variation and a header, in any order:
  variation                            its name
  n                                    how many visitors met it
  sum, sum_squares                     of what each came to, 1 or 0 for converted or not, and its square
  x_sum, x_sum_squares, xy_sum         optional: of what was known of each before the experiment began,
                                       its square, and its product with the outcome; used by CUPED
  weight                               optional: the share of visitors it should get, in any unit

Every problem is named with its line, and nothing is computed before all are gone.";

const LIFT_JSON: &str = "\
What is printed of each variation against the control:
  difference      of the means; relative lift is its share of the control's mean (delta method)
  for one look    Welch's interval and p: right at one look, at a time fixed beforehand
  at every look   a confidence sequence and its p: right however often they are looked at, whenever
                  the experiment ends; asymptotic, narrowest about 5000 visitors
  chance to win   that the variation is better, after Bayes with flat priors: exactly for conversions,
                  by the normal distribution for other values
  expected loss   what choosing it costs on average, counting only where it is worse
and, of all, whether visitors were split by the weights: a chi-squared test that warns below p = 0.001.

With --json one object is printed: {\"alpha\", \"tuned_for\", \"control\", \"sample_ratio\": {\"chi_squared\",
\"degrees\", \"p\", \"alarm\"}, \"cuped\": {\"theta\", \"explained\"}, \"variations\": [{\"variation\", \"n\", \"mean\",
\"variance\"}], \"comparisons\": [{\"variation\", \"difference\", \"standard_error\", \"relative\",
\"relative_interval\", \"interval\", \"welch\": {\"t\", \"degrees\", \"p\"}, \"sequence\", \"sequence_p\", \"e_value\",
\"chance_to_win\", \"expected_loss\", \"posterior\", \"cuped\": {the same}}]}. What cannot be said is null.";

const PEEKING: &str = "\
Simulates tests of two variations that do not differ, looks at each again and again, and counts how many
are reported to differ: by the confidence sequence, which may be wrong in 5 % of all tests however often it
is looked at, and by the interval for one look, which is right at the last look alone.

The same seed gives the same visitors, whatever the machine.";

const PEEKING_JSON: &str = "\
With --json one object is printed: {\"tests\", \"visitors\", \"every\", \"looks\", \"rate\", \"alpha\", \"tuned_for\",
\"seed\", \"sequence\", \"fixed\", \"fixed_at_the_last_look\"}, the last three each {\"false_alarms\", \"share\",
\"interval\"}, the interval being that of the share, at 95 %.";

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
                .about("Check a config, and print every problem with its path")
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
        .subcommand(
            Command::new("types")
                .about("Write a config's ids and keys as TypeScript declarations")
                .long_about(TYPES)
                .after_long_help(format!("{TYPES_VALUES}\n\n{EXIT_CODES}"))
                .arg(file("config").required(true).value_name("CONFIG").help("The config, as JSON"))
                .arg(
                    file("out")
                        .long("out")
                        .value_name("FILE.d.ts")
                        .help("Write the declarations here instead of printing them"),
                ),
        )
        .subcommand(attributes::command())
        .subcommand(
            Command::new("lift")
                .about("Tell whether the variations of an experiment differ from the control")
                .long_about(LIFT)
                .after_long_help(format!("{LIFT_JSON}\n\n{EXIT_CODES}"))
                .arg(
                    file("in")
                        .long("in")
                        .required(true)
                        .value_name("FILE.csv")
                        .help("The results, one row a variation"),
                )
                .arg(
                    Arg::new("control")
                        .long("control")
                        .value_name("VARIATION")
                        .help("What the others are compared with; the first row where it is not said"),
                )
                .arg(
                    Arg::new("alpha")
                        .long("alpha")
                        .value_name("SHARE")
                        .value_parser(between_0_and_1)
                        .default_value("0.05")
                        .help("How often an interval may miss the truth"),
                )
                .arg(json()),
        )
        .subcommand(
            Command::new("evaluate")
                .about("Measure how well the engine does what it promises")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .disable_help_subcommand(true)
                .after_help(EXIT_CODES)
                .subcommand(
                    Command::new("peeking")
                        .about("Count false alarms of tests that are looked at again and again")
                        .long_about(PEEKING)
                        .after_long_help(format!("{PEEKING_JSON}\n\n{EXIT_CODES}"))
                        .arg(count("tests", "2000", "How many tests are simulated"))
                        .arg(count("visitors", "20000", "How many visitors each test has, in both variations"))
                        .arg(count("every", "100", "After how many visitors there is another look"))
                        .arg(
                            Arg::new("rate")
                                .long("rate")
                                .value_name("SHARE")
                                .value_parser(between_0_and_1)
                                .default_value("0.1")
                                .help("The share of visitors who convert"),
                        )
                        .arg(
                            Arg::new("seed")
                                .long("seed")
                                .value_name("N")
                                .value_parser(value_parser!(u64))
                                .default_value("1")
                                .help("What makes the same visitors come again"),
                        )
                        .arg(json()),
                )
                .subcommand(intent::command())
                .subcommand(leave::command())
                .subcommand(lifetime_value::command())
                .subcommand(history::command()),
        )
        .subcommand(train::command())
        .subcommand(fit::command())
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
        Some(("types", given)) => {
            types::types(&path(given, "config"), given.get_one::<PathBuf>("out").map(PathBuf::as_path))
        }
        Some(("attributes", given)) => attributes::run(given),
        Some(("lift", given)) => lift::lift(&lift::Task {
            results: path(given, "in"),
            control: given.get_one::<String>("control").cloned(),
            alpha: given.get_one("alpha").copied().unwrap_or_default(),
            json: given.get_flag("json"),
        }),
        Some(("evaluate", given)) => evaluate(given),
        Some(("train", given)) => train::run(given),
        Some(("fit", given)) => fit::run(given),
        _ => Err(Ending::Misuse(
            "no command is given, expected one of validate, replay, types, attributes, lift, evaluate, train, fit"
                .to_owned(),
        )),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(ending) => ending.report(),
    }
}

fn evaluate(given: &ArgMatches) -> Result<(), Ending> {
    let count = |given: &ArgMatches, id| given.get_one::<u32>(id).copied().unwrap_or_default();
    match given.subcommand() {
        Some(("peeking", given)) => peeking::peeking(&peeking::Task {
            tests: count(given, "tests"),
            visitors: count(given, "visitors"),
            every: count(given, "every"),
            rate: given.get_one("rate").copied().unwrap_or_default(),
            seed: given.get_one("seed").copied().unwrap_or_default(),
            json: given.get_flag("json"),
        }),
        Some(("intent", given)) => intent::run(given),
        Some(("leave", given)) => leave::run(given),
        Some(("lifetime-value", given)) => lifetime_value::run(given),
        Some(("history", given)) => history::run(given),
        _ => Err(Ending::Misuse(
            "nothing to evaluate is given, expected one of peeking, intent, leave, lifetime-value, history".to_owned(),
        )),
    }
}

/// An option that counts something, from 1.
fn count(id: &'static str, default: &'static str, help: &'static str) -> Arg {
    let range = value_parser!(u32).range(1..);
    Arg::new(id).long(id).value_name("N").value_parser(range).default_value(default).help(help)
}

fn between_0_and_1(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| *share > 0.0 && *share < 1.0).ok_or("expected a number above 0 and below 1")
}

/// A path that the command requires; empty only if clap let it be missing.
fn path(given: &ArgMatches, id: &str) -> PathBuf {
    given.get_one::<PathBuf>(id).cloned().unwrap_or_default()
}
