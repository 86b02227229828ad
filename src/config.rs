//! The whole of what the site owner wrote, checked.
//!
//! A wrong file is refused as a whole with all its problems: half a configuration would be a
//! different site from the one its owner meant.

use crate::decision::ladder::Slot;
use crate::decision::prompt::Prompt;
use crate::page::content::{Contents, Words, read_words};
use crate::profile::rules::Rules;
use crate::profile::segment::Segment;
use crate::reader::{self, Problems, Reader, note_cut};
use crate::value::Value;

/// The largest config that is read, in bytes of its text.
pub const BYTES: usize = 1_000_000;

/// A config without problems.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// How profiles are folded.
    pub rules: Rules,
    /// Groups of visitors.
    pub segments: Vec<Segment>,
    /// Places on the page.
    pub slots: Vec<Slot>,
    /// What variants say.
    pub contents: Contents,
    /// What may be asked of the visitor.
    pub prompts: Vec<Prompt>,
    /// What prompts say, by id.
    pub words: Vec<(String, Words)>,
    /// (slot, event) for every slot with a goal.
    pub goals: Vec<(String, String)>,
}

/// The sections of a config.
const KNOWN: [&str; 11] = [
    "$schema",
    "version",
    "site",
    "events",
    "interests",
    "value",
    "segments",
    "slots",
    "experiments",
    "prompts",
    "privacy",
];
/// Sections that are known and not built yet.
const LATER: [&str; 2] = ["value", "experiments"];

impl Config {
    /// Reads a config.
    ///
    /// # Errors
    ///
    /// With all problems, each with its path, when there is any.
    ///
    /// ```
    /// use tailorbird::config::Config;
    /// use tailorbird::value::{Object, Value};
    ///
    /// let written = Value::from(Object::new().with("version", 2.0));
    /// let problems = Config::read(&written).unwrap_err();
    /// assert_eq!(problems.lines(), ["version is 2, expected 1"]);
    /// ```
    pub fn read(written: &Value) -> Result<Config, Problems> {
        reader::read(written, |root| Config::read_root(root, written))
    }

    fn read_root(root: &Reader<'_>, written: &Value) -> Config {
        if !note_cut(root) {
            root.object(&KNOWN);
        }
        root.field("version").number(1.0, 1.0);
        for section in LATER {
            root.field(section).not_yet();
        }
        let (slots_at, prompts_at) = (root.field("slots"), root.field("prompts"));
        let slots = Slot::read_all(&slots_at, written);
        Config {
            rules: Rules::read(root),
            segments: Segment::read_all(&root.field("segments")),
            goals: slots.iter().filter_map(|slot| Some((slot.id.clone(), slot.goal.clone()?))).collect(),
            slots,
            contents: Contents::read(&slots_at),
            prompts: Prompt::read_all(&prompts_at),
            words: read_words(&prompts_at),
        }
    }
}
