//! Prompts: what makes one due, and how often one may be shown.

pub mod blocked;
pub mod caps;
pub mod quiet_hours;
pub mod trigger;

use super::eligibility::{self, Eligibility};
use crate::reader::Reader;
use crate::template::LocalizedText;
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
    /// Of several that are due the one with the highest is shown, -100 to 100; of equal ones the first.
    pub priority: i32,
}

impl Prompt {
    /// Reads `prompts` of the config at `root`; those with a problem are left out. `read_content` reads how the
    /// prompt with this id stands on the page and what it says, and answers its texts that have placeholders.
    pub fn read_all(
        at: &Reader<'_>,
        root: &Value,
        read_content: &mut dyn FnMut(&str, &Reader<'_>) -> Option<Vec<LocalizedText>>,
    ) -> Vec<Prompt> {
        at.list_with_ids(50, |at| {
            let prompt = Prompt::read(at, root);
            let texts = read_content(at.field("id").value().map_or("", Value::text), at)?;
            prompt.map(|prompt| Prompt { eligibility: Eligibility { texts, ..prompt.eligibility }, ..prompt })
        })
    }

    fn read(at: &Reader<'_>, root: &Value) -> Option<Prompt> {
        let keys = at.keys(&[&["id", "on", "as", "content", "caps", "priority"][..], &eligibility::KEYS].concat());
        let id = at.field("id").id();
        let triggers = Triggers::read(&at.field("on"), root);
        let eligibility = Eligibility::read(at);
        let caps = at.field("caps").or(Caps::OF_A_PROMPT, |at| {
            let keys = at.keys(&caps::KEYS);
            let caps = Caps::read(at, Caps::OF_A_PROMPT);
            keys.and(caps)
        });
        let priority = at.field("priority").or(0, |at| at.integer(-100..=100));
        keys?;
        Some(Prompt {
            id: id?.to_owned(),
            triggers: triggers?,
            eligibility: eligibility?,
            caps: caps?,
            priority: priority?,
        })
    }
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
        let per_view = at.field("perView").or(1, |at| at.integer(1..=10));
        let caps = Caps::read(at, Caps::OF_ALL);
        let quiet_hours = at.field("quietHours").optional(QuietHours::read);
        keys?;
        Some(PromptRules { per_view: usize::try_from(per_view?).ok()?, caps: caps?, quiet_hours: quiet_hours? })
    }
}
