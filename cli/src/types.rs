//! `tailorbird types`: the ids and keys of a config as TypeScript declarations.
//!
//! What is written adds to the interface `Keys` of `www/loader/types.ts`, which documents its
//! use. The output depends on the config and its file's name alone, in the order of the config.

mod feature;
mod literal;
mod shape;

use std::path::{Path, PathBuf};

use tailorbird::config::Config;
use tailorbird::decision::payload::Feature;
use tailorbird::decision::slot::Slot;

use crate::arguments::EXIT_CODES;
use crate::config_file::{self, Wrong};
use crate::ending::{Ending, print};
use crate::files;
use feature::{circular, values};
use literal::{literal, new_line, property, union};
use shape::Shape;

/// Write a config's ids and keys as TypeScript declarations
///
/// With the file among the sources of a project that uses the package, its compiler and its editor know the
/// slots, variants, features, prompts, segments and areas of the config, and the type of every feature's values:
///
///   tb.decide("hreo")    // Argument of type '"hreo"' is not assignable to parameter of type 'SlotId'
///
/// The same config gives the same file, so it can be kept with the sources and compared in a check.
/// The name of the file ends in .d.ts; in a CommonJS project, in .d.mts. A config with problems is
/// refused with all of them.
///
/// What a feature can be is read from its default, its rules' forced values and its variations:
///   text      those texts, "one-page" | "classic"; string beyond 100 of them, or 100 characters
///   boolean   boolean, also where only one of the two is written today
///   number    number
///   list      readonly items of the types that occur
///   object    its properties; those that are not in all of the objects are optional
///   null      where no default is given, or a prerequisite can leave the feature without a value
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Types {
    /// The config, as JSON
    config: PathBuf,
    /// Write the declarations here instead of printing them
    #[arg(long, value_name = "FILE.d.ts")]
    out: Option<PathBuf>,
}

impl Types {
    /// Writes the declarations into a file, or prints them.
    ///
    /// # Errors
    ///
    /// When the config cannot be read or has problems, because what is left out would have no type; and when
    /// `out` cannot be written or is the config itself.
    pub fn run(&self) -> Result<(), Ending> {
        types(&self.config, self.out.as_deref())
    }
}

fn types(path: &Path, out: Option<&Path>) -> Result<(), Ending> {
    let wrong = |wrong: Wrong| Ending::Problems(wrong.lines(path).join("\n"));
    let config = config_file::read(path)?.map_err(wrong)?;
    if !config.problems.is_empty() {
        return Err(wrong(Wrong::from(&config.problems)));
    }
    // Only the name: the file is kept with the sources, and folders differ between machines.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = declarations(&name, &config);
    let Some(out) = out else { return print(&text) };
    if files::is_same(out, path) {
        return Err(Ending::Misuse(format!("--out would overwrite {}, which is read here", out.display())));
    }
    files::write(out, &text)
}

/// The whole file.
fn declarations(name: &str, config: &Config) -> String {
    let kinds = [
        ("slots", table(slots(config))),
        ("features", table(features(config))),
        ("prompts", texts(config.prompts.iter().map(|prompt| prompt.id.as_str()))),
        ("segments", texts(config.segments.iter().map(|segment| segment.id.as_str()))),
        ("areas", texts(config.areas.iter().map(|area| area.id.as_str()))),
        ("events", texts(events(config).into_iter())),
    ];
    let kinds: String = kinds.iter().map(|(kind, within)| property(kind, within, KEYS)).collect();
    // A line's comment: whatever the file is called, nothing in a literal ends the line.
    format!(
        "// The ids and keys of {}, for TypeScript. Written by `tailorbird types`; not to be edited, but
// written anew when the config changes.

export {{}};

declare module \"tailorbird\" {{
  interface Keys {{{kinds}
  }}
}}
",
        literal(name)
    )
}

/// The indentation of `Keys`, and of the tables in it.
const KEYS: usize = 1;
const TABLES: usize = KEYS + 1;

/// Names with the type behind each, as an object type.
fn table(entries: Vec<(&str, String)>) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let properties = entries.iter().map(|(name, kind)| property(&literal(name), kind, TABLES));
    format!("{{{}{}}}", properties.collect::<String>(), new_line(TABLES))
}

/// Any of these texts.
fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    union(&texts.map(literal).collect::<Vec<_>>(), TABLES)
}

/// Each slot with the ids of its variants.
fn slots(config: &Config) -> Vec<(&str, String)> {
    let variants = |slot: &Slot| {
        let ids: Vec<String> = slot.selection.variants.iter().map(|variant| literal(&variant.id)).collect();
        union(&ids, TABLES + 1)
    };
    config.slots.iter().map(|slot| (slot.id.as_str(), variants(slot))).collect()
}

/// Each feature with the type of its values.
fn features(config: &Config) -> Vec<(&str, String)> {
    let circular = circular(&config.payload);
    let kind = |feature: &Feature| {
        let mut shape = Shape::default();
        values(feature, circular.contains(feature.key.as_str())).into_iter().for_each(|value| shape.take_in(value));
        shape.text(TABLES + 1)
    };
    config.payload.features.iter().map(|feature| (feature.key.as_str(), kind(feature))).collect()
}

/// The events that the config speaks of: those with a weight, then the goals among the others.
fn events(config: &Config) -> Vec<&str> {
    let mut events: Vec<&str> = config.rules.weights.iter().map(|weight| weight.event.as_str()).collect();
    for (_, goal) in config.goals.slots.iter().chain(&config.goals.prompts) {
        if !events.contains(&goal.event.as_str()) {
            events.push(&goal.event);
        }
    }
    events
}
