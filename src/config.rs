//! The whole of what the site owner wrote, checked.
//!
//! A wrong file is refused as a whole with all its problems: half a configuration would be a
//! different site from the one its owner meant.

use crate::decision::ladder::Slot;
use crate::decision::prompt::Prompt;
use crate::page::content::{Contents, Words};
use crate::profile::rules::Rules;
use crate::profile::segment::Segment;
use crate::reader::{Problems, Reader, note_cut};
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
        let mut problems = Problems::default();
        let config = Config::read_root(&Reader::root(written), written, &mut problems);
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(problems),
        }
    }

    fn read_root(root: &Reader<'_>, written: &Value, problems: &mut Problems) -> Option<Config> {
        let known = [
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
        if note_cut(written, problems) {
            return None;
        }
        root.object(problems, &known)?;
        root.field("version").number(problems, (1.0, 1.0), "1");
        for section in LATER {
            let at = root.field(section);
            if !at.is_missing() {
                at.not_yet(problems);
            }
        }
        let rules = Rules::read(root, problems);
        let segments = Segment::read_all(&root.field("segments"), problems);
        let slots_at = root.field("slots");
        let slots = Slot::read_all(&slots_at, written, problems);
        let contents = Contents::read(&slots_at, problems);
        let prompts_at = root.field("prompts");
        let prompts = Prompt::read_all(&prompts_at, problems);
        let words = Words::read_all(&prompts_at, problems);
        let slots = slots?;
        let goals = slots.iter().filter_map(|slot| Some((slot.id.clone(), slot.goal.clone()?))).collect();
        Some(Config {
            rules: rules?,
            segments: segments?,
            slots,
            contents: contents?,
            prompts: prompts?,
            words: words?,
            goals,
        })
    }
}
