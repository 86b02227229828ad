//! Prompts: what makes one due, what it may say, and how often one may be shown.

pub mod blocked;
pub mod caps;
pub mod gate;
pub mod quiet_hours;
pub mod trigger;

use super::eligibility::{self, Eligibility};
use super::goal::{self, Goal};
use super::selection::{self, ReadContent, Selection, read_holdout, written_id};
use super::strategy::Strategy;
use super::variant::{Variant, read_least_tier};
use crate::profile::bandit::learner::owner_of_prompt;
use crate::profile::value::Tier;
use crate::reader::Reader;
use crate::value::Value;
use caps::Caps;
use quiet_hours::QuietHours;
use trigger::Triggers;

/// An overlay that asks the visitor something. Its content belongs to the page stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// Its id.
    pub id: String,
    /// What makes it due.
    pub triggers: Triggers,
    /// When, where and for whom it may be shown.
    pub eligibility: Eligibility,
    /// How often it may be shown.
    pub caps: Caps,
    /// Of several that are due the one with the highest is shown, -100 to 100.
    pub priority: i32,
    /// What it is worth to the site if the visitor accepts, in its currency, 0 to a million.
    pub value: f64,
    /// What counts as its success, besides being accepted.
    pub goal: Option<Goal>,
    /// What it can say, and how that is chosen. A prompt with one content has one variant, of the same id.
    pub selection: Selection,
    /// The least that a visitor must be worth.
    pub least_tier: Option<Tier>,
    /// How often prompts with a budget may be shown in 24 hours, this one among them, 1 to 100.
    pub budget: Option<i32>,
}

/// The keys of a prompt in the config, besides those of its eligibility, its goal and its selection.
const KEYS: [&str; 10] = ["id", "on", "as", "slot", "content", "caps", "priority", "value", "limit", "budget"];

impl Prompt {
    /// Reads `prompts` of the config at `root`; those with a problem are left out, and so are variants with a problem.
    /// A prompt with one content is its own variant.
    pub fn read_all(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Vec<Prompt> {
        at.list_with_ids(50, |at| Prompt::read(at, root, &mut *read_content))
    }

    fn read(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Option<Prompt> {
        let keys = at.keys(&[&KEYS[..], &eligibility::KEYS, &goal::KEYS, &selection::KEYS].concat());
        let id = at.field("id").id();
        let triggers = Triggers::read(&at.field("on"), root);
        let eligibility = Eligibility::read(at);
        let caps = at.field("caps").or(Caps::OF_A_PROMPT, |at| {
            let keys = at.keys(&caps::KEYS);
            let caps = Caps::read(at, Caps::OF_A_PROMPT);
            keys.and(caps)
        });
        let priority = at.integer_or("priority", 0, -100..=100);
        let value = at.number_or("value", 0.0, 0.0..=1_000_000.0);
        let goal = Goal::read(at);
        let selection = read_selection(at, root, read_content);
        let least_tier = read_least_tier(at);
        let budget = at.field("budget").optional(|at| at.integer(1..=100));
        keys?;
        Some(Prompt {
            id: id?.to_owned(),
            triggers: triggers?,
            eligibility: eligibility?,
            caps: caps?,
            priority: priority?,
            value: value?,
            goal: goal?,
            selection: selection?,
            least_tier: least_tier?,
            budget: budget?,
        })
    }

    /// Whose decision it is: no slot's, and no other prompt's.
    pub fn decision_id(&self) -> String {
        owner_of_prompt(&self.id)
    }
}

/// Reads `content`, or `variants` and how one of them is chosen.
fn read_selection(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Option<Selection> {
    if !at.field("variants").is_missing() {
        let content = at.field("content");
        let selection = Selection::read(at, root, read_content);
        if !content.is_missing() {
            content.expected("content or variants, not both");
            return None;
        }
        if selection.as_ref().is_some_and(|selection| selection.variants.is_empty()) {
            // Each of them has a problem of its own, unless the list is empty.
            at.field("variants").items(1..=50)?;
            return None;
        }
        let has_items =
            |selection: &Selection| selection.choose.iter().any(|strategy| matches!(strategy, Strategy::Recommend(_)));
        if selection.as_ref().is_some_and(has_items) {
            at.field("choose")
                .problem("items, which variants name in content.items", Some("other strategies than recommend"));
            return None;
        }
        return selection;
    }
    let mut chooses = false;
    for key in ["choose", "experiment", "feature"] {
        let field = at.field(key);
        if !field.is_missing() {
            field.expected("variants to choose from");
            chooses = true;
        }
    }
    let holdout = read_holdout(at);
    let texts = read_content(at, at);
    let variant = Variant::of(written_id(at)).with_texts(texts?);
    (!chooses).then_some(Selection::of_one(variant, holdout?))
}

/// What holds for all prompts of a site together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PromptRules {
    /// How many may be shown on one page view, 1 to 10.
    pub per_view: usize,
    /// How often any of them may be shown.
    pub caps: Caps,
    /// When none is shown.
    pub quiet_hours: Option<QuietHours>,
}

impl Default for PromptRules {
    fn default() -> PromptRules {
        PromptRules { per_view: 1, caps: Caps::OF_ALL, quiet_hours: None }
    }
}

impl PromptRules {
    /// Reads `site.prompts`. How prompts look, `theme`, belongs to the page stage.
    pub fn read(at: &Reader<'_>) -> Option<PromptRules> {
        let keys = at.keys(&[&["theme", "perView", "quietHours"][..], &caps::KEYS].concat());
        let per_view = at.integer_or("perView", 1, 1..=10);
        let caps = Caps::read(at, Caps::OF_ALL);
        let quiet_hours = at.field("quietHours").optional(QuietHours::read);
        keys?;
        Some(PromptRules { per_view: usize::try_from(per_view?).ok()?, caps: caps?, quiet_hours: quiet_hours? })
    }
}
