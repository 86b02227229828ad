//! The whole of what the site owner wrote, checked.
//!
//! A wrong file is refused as a whole with all its problems: half a configuration would be a
//! different site from the one its owner meant.

use crate::decision::payload::Payload;
use crate::decision::prompt::Prompt;
use crate::decision::slot::{Slot, Strategy};
use crate::list::gather;
use crate::page::content::{PromptContent, VariantContents, read_prompt_contents};
use crate::profile::attributes::{AttributeDependencies, AttributeGroups, SITE, parts};
use crate::profile::intent::IntentRules;
use crate::profile::rules::Rules;
use crate::profile::segment::Segment;
use crate::profile::value::ValueRules;
use crate::reader::{self, Problems, Reader, note_cut};
use crate::value::Value;

/// The largest config that is read, in bytes of its text.
pub const BYTES: usize = 1_000_000;

/// A config without problems.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// How profiles are folded.
    pub rules: Rules,
    /// What visitors are worth.
    pub value: ValueRules,
    /// The groups of attributes that some condition or strategy reads, and the site's own.
    pub reads: AttributeGroups,
    /// The dimensions and keys whose interests some condition or strategy reads.
    pub tracked_keys: Vec<String>,
    /// By what weights the intent of a visit is told.
    pub intent: IntentRules,
    /// Groups of visitors.
    pub segments: Vec<Segment>,
    /// Places on the page.
    pub slots: Vec<Slot>,
    /// What variants say.
    pub contents: VariantContents,
    /// What may be asked of the visitor.
    pub prompts: Vec<Prompt>,
    /// What prompts say, by id.
    pub words: Vec<(String, PromptContent)>,
    /// (slot, event) for every slot with a goal.
    pub goals: Vec<(String, String)>,
    /// Features and experiments.
    pub payload: Payload,
    /// The share of visitors for whom nothing on the site is personalized, 0 to 1.
    pub holdout: f64,
    /// Where redirects may lead.
    pub redirects: Redirects,
    /// Whether exposures are told to the site's data layer.
    pub data_layer: bool,
    /// Whether an address may ask to see a variant.
    pub preview: bool,
}

/// Where redirect experiments may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// Nowhere: they are not run.
    None,
    /// To pages of the same origin.
    SameOrigin,
    /// Anywhere.
    Any,
}

/// The sections of a config.
const KNOWN: &str = "$schema version site events interests value intent segments slots experiments prompts privacy \
     measure preview";

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

    #[inline(never)]
    fn read_root(root: &Reader<'_>, written: &Value) -> Config {
        if !note_cut(root) {
            root.object(KNOWN);
        }
        root.field("version").number(1.0, 1.0);
        let slots_at = root.field("slots");
        let prompts_at = root.field("prompts");
        let site = root.field("site");
        let measure = root.field("measure");
        let truth = |at: &Reader<'_>| at.bool();
        if !measure.is_missing() {
            measure.object("dataLayer");
        }
        let slots = Slot::read_all(&slots_at, written);
        let mut asked = AttributeDependencies::default();
        for section in &["segments", "prompts", "experiments"] {
            asked.add(written.at(section));
        }
        let by_interest =
            slots.iter().any(|slot| slot.choose.iter().any(|strategy| matches!(strategy, Strategy::Interest { .. })));
        let reads = asked.parts | SITE | if by_interest { parts(&["interest"]) } else { 0 };
        for slot in &slots {
            for variant in &slot.variants {
                for (dimension, key) in &variant.tags {
                    asked.track_key(dimension);
                    asked.track_key(key);
                }
            }
        }
        let mut rules = Rules::read(root);
        rules.rolling = asked.rolling;
        Config {
            rules,
            tracked_keys: asked.tracked_keys,
            value: ValueRules::read(root),
            reads,
            intent: IntentRules::read(root),
            segments: Segment::read_all(&root.field("segments")),
            goals: gather(&slots, |slot| Some((slot.id.clone(), slot.goal.clone()?))),
            slots,
            contents: VariantContents::read(&slots_at),
            prompts: Prompt::read_all(&prompts_at, written),
            words: read_prompt_contents(&prompts_at),
            payload: Payload::read(&root.field("experiments")),
            holdout: site.number_or("holdout", 0.0, 0.0, 1.0),
            redirects: site.field("redirects").or(Redirects::SameOrigin, Redirects::read),
            data_layer: measure.field("dataLayer").or(false, truth),
            preview: root.field("preview").or(false, truth),
        }
    }
}

impl Redirects {
    fn read(at: &Reader<'_>) -> Redirects {
        match at.value().and_then(Value::as_text) {
            Some("none") => return Redirects::None,
            Some("any") => return Redirects::Any,
            Some("same-origin") => {}
            _ => at.expected("one of same-origin, any, none"),
        }
        Redirects::SameOrigin
    }
}
