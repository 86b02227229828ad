//! `tailorbird attributes`: everything that conditions can ask for.

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use tailorbird::profile::attributes::described::{Attribute, DESCRIBED, DescribedGroup, page};

use crate::ending::{Ending, print};

const ABOUT: &str = "\
Lists every attribute that the engine fills, for conditions of the config to ask for: its path, its type and
range, and what it means, as a page of Markdown.

A step in capital letters is a placeholder for a name: interest.DIMENSION.KEY is interest.category.boots and its like.";

const JSON: &str = "\
With --json one object is printed: {\"attributes\": [{\"path\", \"group\", \"type\", \"range\", \"meaning\"}]}.";

/// The command.
pub fn command() -> Command {
    Command::new("attributes")
        .about("List what conditions can ask for")
        .long_about(ABOUT)
        .after_long_help(format!("{JSON}\n\n{}", crate::EXIT_CODES))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print one JSON object instead of text"))
}

/// Prints them.
///
/// # Errors
///
/// When stdout cannot be written to.
pub fn run(given: &ArgMatches) -> Result<(), Ending> {
    if !given.get_flag("json") {
        return print(&page());
    }
    let one = |group: &DescribedGroup, Attribute { path, kind, range, meaning }: &Attribute| json!({"path": path, "group": group.name, "type": kind, "range": range, "meaning": meaning});
    let all = |group: &'static DescribedGroup| group.attributes.iter().map(move |attribute| one(group, attribute));
    let attributes: Vec<Value> = DESCRIBED.iter().flat_map(all).collect();
    print(&format!("{}\n", json!({ "attributes": attributes })))
}
