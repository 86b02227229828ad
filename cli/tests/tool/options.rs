//! `docs/options.md`: what the tool says of its own commands and options, as clap prints it.

use std::fmt::Write;
use std::fs;

use crate::tailorbird;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/options.md");

const INTRODUCTION: &str = "# Commands and options

What `tailorbird COMMAND --help` prints, for every command. With examples, by what they are for: [command line](command-line.md).

<!-- Written by UPDATE_DOCS=1 cargo test --package tailorbird-cli --test tool options -->
";

fn help(words: &[&str]) -> String {
    let ran = tailorbird(&[words, &["--help"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
    ran.out
}

/// The names of the commands, as the tool lists them.
fn commands(help: &str) -> Vec<&str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A description that goes on in the next line is further in.
    listed
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   ")))
        .collect()
}

#[test]
fn the_options_in_the_docs_are_those_of_the_tool() {
    let whole = help(&[]);
    let commands = commands(&whole);
    assert!(commands.len() > 10 && commands.contains(&"validate") && commands.contains(&"new"), "{commands:?}");
    let mut current = format!("{INTRODUCTION}\n```text\n{}\n```\n", whole.trim_end());
    for command in commands {
        write!(current, "\n## {command}\n\n```text\n{}\n```\n", help(&[command]).trim_end()).unwrap();
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(PAGE, &current).unwrap();
    }
    let kept = fs::read_to_string(PAGE).unwrap_or_default();
    let command = "UPDATE_DOCS=1 cargo test --package tailorbird-cli --test tool options";
    assert!(kept == current, "docs/options.md is not current: {command}");
}
