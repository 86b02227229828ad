//! `tailorbird validate`: every problem of a config with its place, or what is in it.

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
    let verdict = config_file::read(path)?;
    let text = match &verdict {
        _ if json => format!("{}\n", as_json(path, &verdict)),
        Ok(config) => format!("{}: good, with {}\n", path.display(), VariantContents::of(config).words()),
        Err(wrong) => {
            let closing = format!("{}: {}", path.display(), counted(wrong.count, "problem"));
            let mut lines = wrong.lines(path);
            lines.extend([closing, String::new()]);
            lines.join("\n")
        }
    };
    print(&text)?;
    verdict.map_or(Err(Ending::Overrides), |_| Ok(()))
}

fn as_json(path: &Path, verdict: &Result<Config, Wrong>) -> Value {
    let file = path.display().to_string();
    match verdict {
        Ok(config) => {
            let VariantContents { slots, variants, segments, prompts } = VariantContents::of(config);
            json!({
                "file": file, "valid": true, "count": 0, "problems": [],
                "slots": slots, "variants": variants, "segments": segments, "prompts": prompts,
            })
        }
        Err(wrong) => {
            let problems: Vec<Value> =
                wrong.named.iter().map(|problem| json!({"path": problem.path, "text": problem.text()})).collect();
            json!({"file": file, "valid": false, "count": wrong.count, "problems": problems})
        }
    }
}

/// What is in a config, counted.
struct VariantContents {
    slots: usize,
    variants: usize,
    segments: usize,
    prompts: usize,
}

impl VariantContents {
    fn of(config: &Config) -> VariantContents {
        VariantContents {
            slots: config.slots.len(),
            variants: config.slots.iter().map(|slot| slot.variants.len()).sum(),
            segments: config.segments.len(),
            prompts: config.prompts.len(),
        }
    }

    fn words(&self) -> String {
        let VariantContents { slots, variants, segments, prompts } = self;
        [(slots, "slot"), (variants, "variant"), (segments, "segment"), (prompts, "prompt")]
            .map(|(count, what)| counted(*count, what))
            .join(", ")
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
