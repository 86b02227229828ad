//! What the page should do, as data: effects, and the rule for changing a slot under somebody's eyes.

pub mod content;
pub mod rendered_slots;

use crate::decision::Decision;
use crate::value::{Object, Value};
use content::{Content, PromptContent};

/// One thing for the shell to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Put a variant's content into a slot.
    Show {
        /// The slot.
        slot: String,
        /// The variant.
        variant: String,
        /// What to write where.
        content: Content,
    },
    /// Bring a slot back to what the server sent.
    Revert {
        /// The slot.
        slot: String,
    },
    /// Ask the visitor something.
    Prompt {
        /// The prompt.
        id: String,
        /// What to say.
        words: PromptContent,
    },
    /// Read what was kept, and tell.
    Restore(Area),
    /// Keep this as this tab's journal, in place of what is kept of it.
    Save(String),
    /// Keep this at the end of this tab's journal.
    Append(String),
    /// Remove every key of ours, unread.
    Erase,
    /// Kept text could not be used: remove these keys and report it.
    Quarantine(Vec<String>),
    /// Fold journals into the profile when there is time.
    Fold,
    /// Merge what is stored with what other devices know, and tell it as restored; or say that it
    /// cannot be had. Until then the page stays as it is.
    Whole,
    /// Tell the site's data layer.
    DataLayerPush(Object),
    /// Go to another address in place of this one.
    Redirect(String),
    /// Tell the page: a DOM event `tailorbird:NAME`.
    DomEvent(&'static str, Object),
}

/// Where things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Until erased: `localStorage`.
    Local,
    /// As long as the tab: `sessionStorage`.
    Session,
}

impl Effect {
    /// The effect as the shell reads it.
    #[inline(never)]
    pub fn into_value(self) -> Value {
        let effect = |name: &str| Object::new().with("effect", name);
        match self {
            Effect::Show { slot, variant, content } => effect("show")
                .with("slot", slot)
                .with("variant", variant)
                .with("text", content.text)
                .with("attributes", content.attributes),
            Effect::Revert { slot } => effect("revert").with("slot", slot),
            Effect::Prompt { id, words } => words.with("effect", "prompt").with("prompt", id),
            Effect::Restore(Area::Local) => effect("restore").with("area", "local"),
            Effect::Restore(Area::Session) => effect("restore").with("area", "session"),
            Effect::Save(text) => effect("save").with("text", text),
            Effect::Append(text) => effect("append").with("text", text),
            Effect::Erase => effect("erase"),
            Effect::Quarantine(keys) => effect("quarantine").with("keys", keys),
            Effect::Fold => effect("fold"),
            Effect::Whole => effect("whole"),
            Effect::DataLayerPush(entry) => effect("push").with("entry", entry),
            Effect::Redirect(to) => effect("redirect").with("to", to),
            Effect::DomEvent(name, detail) => effect("announce").with("name", name).with("detail", detail),
        }
        .into()
    }
}

/// A decision as the page and the site's code read it.
pub fn decision_value(decision: &Decision) -> Object {
    let reasons: Value = decision.reasons.iter().map(crate::decision::explain::Reason::text).collect();
    Object::new()
        .with("slot", decision.slot.as_str())
        .with("variant", decision.variant.clone())
        .with("level", decision.level.name())
        .with("score", decision.score)
        .with("propensity", decision.propensity)
        .with("reasons", reasons)
}
