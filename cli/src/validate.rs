//! `tailorbird validate`: every problem of a config with its path, or what is in it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tailorbird::config::Config;

use crate::arguments::EXIT_CODES;
use crate::config_file::{self, Wrong};
use crate::ending::{Ending, print};
use crate::style::{ERROR, GOOD, paint};

/// Check a config, and print every problem with its path
///
/// The config is read as the engine in the browser reads it. Every problem is printed on a line of its own:
///
///   site.json: slots[1].holdout is 7, expected a number from 0 to 1
///
/// The first 100 are printed, the rest is counted. The engine leaves out what has a problem, with what
/// refers to it, and runs the rest; this command exits with 1. Warnings, such as a condition on an
/// attribute that the engine does not fill, are printed as well. A file of more than 1000000 bytes is refused unread.
///
/// With --json one object is printed: {"file", "valid", "count", "problems": [{"path", "text"}],
/// "warnings": [TEXT]}, and for a good config also "slots", "variants", "segments" and "prompts", counted.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Validate {
    /// The config, as JSON
    file: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Validate {
    /// Checks the config, and prints the verdict.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, and when it has problems.
    pub fn run(&self) -> Result<(), Ending> {
        validate(&self.file, self.json)
    }
}

fn validate(path: &Path, json: bool) -> Result<(), Ending> {
    let read = config_file::read(path)?;
    let (wrong, warnings) = match &read {
        Err(wrong) => (wrong, Vec::new()),
        Ok(config) => (&Wrong::from(&config.problems), config_file::warnings(path, config)),
    };
    let counts = read.as_ref().ok().filter(|_| wrong.count == 0).map(Counts::of);
    print(&if json {
        format!("{}\n", as_json(path, wrong, &read.as_ref().map(Config::warnings).unwrap_or_default(), counts.as_ref()))
    } else {
        let verdict = match &counts {
            Some(counts) => format!("{}, with {}", paint(GOOD, "good"), counts.text()),
            None => paint(ERROR, plural(wrong.count, "problem")),
        };
        let mut lines = wrong.lines(path);
        lines.extend(warnings);
        lines.extend([format!("{}: {verdict}", path.display()), String::new()]);
        lines.join("\n")
    })?;
    if wrong.count == 0 { Ok(()) } else { Err(Ending::Overrides) }
}

fn as_json(path: &Path, wrong: &Wrong, warnings: &[String], counts: Option<&Counts>) -> Value {
    let problems: Vec<Value> =
        wrong.named.iter().map(|problem| json!({"path": problem.path, "text": problem.text()})).collect();
    let mut verdict = json!({
        "file": path.display().to_string(),
        "valid": counts.is_some(),
        "count": wrong.count,
        "problems": problems,
        "warnings": warnings,
    });
    if let (Some(Counts { slots, variants, segments, prompts }), Some(verdict)) = (counts, verdict.as_object_mut()) {
        for (name, count) in [("slots", slots), ("variants", variants), ("segments", segments), ("prompts", prompts)] {
            verdict.insert(name.to_owned(), json!(count));
        }
    }
    verdict
}

/// What is in a config, counted.
struct Counts {
    slots: usize,
    variants: usize,
    segments: usize,
    prompts: usize,
}

impl Counts {
    fn of(config: &Config) -> Counts {
        Counts {
            slots: config.slots.len(),
            variants: config.slots.iter().map(|slot| slot.selection.variants.len()).sum(),
            segments: config.segments.len(),
            prompts: config.prompts.len(),
        }
    }

    fn text(&self) -> String {
        let Counts { slots, variants, segments, prompts } = self;
        [(slots, "slot"), (variants, "variant"), (segments, "segment"), (prompts, "prompt")]
            .map(|(count, what)| plural(*count, what))
            .join(", ")
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
