//! `tailorbird validate`: every problem of a config with its path, or what is in it.

use std::path::Path;

use serde_json::{Value, json};
use tailorbird::config::Config;

use crate::config_file::{self, Wrong};
use crate::ending::{Ending, print};

/// Checks the config at `path`, and prints the verdict.
///
/// # Errors
///
/// When the file cannot be read, and when it has problems.
pub fn validate(path: &Path, json: bool) -> Result<(), Ending> {
    let read = config_file::read(path)?;
    let (wrong, warnings) = match &read {
        Err(wrong) => (wrong, Vec::new()),
        Ok(config) => (&Wrong::from(&config.problems), config_file::warnings(path, config)),
    };
    let counts = read.as_ref().ok().filter(|_| wrong.count == 0).map(Counts::of);
    print(&if json {
        format!("{}\n", as_json(path, wrong, read.as_ref().map_or(&[], |config| &config.warnings), counts.as_ref()))
    } else {
        let verdict = match &counts {
            Some(counts) => format!("good, with {}", counts.text()),
            None => plural(wrong.count, "problem"),
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
            variants: config.slots.iter().map(|slot| slot.variants.len()).sum(),
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
