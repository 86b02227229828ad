//! What the page should do, as data: effects, and the rule for changing a slot while it is visible.

pub mod content;
pub mod last_decisions;
pub mod panel_texts;
pub mod prompt_content;
pub mod rendered_slots;
mod serialize;
pub mod speculation;
pub mod visual_change;

use std::sync::Arc;

use crate::decision::Decision;
use crate::decision::recommend::Recommendation;
use crate::signal::preview::Preview;
use crate::signal::ranking::RankRequest;
use crate::time::Timestamp;
use crate::value::{Object, Value};
use content::Change;
use content::shown_item::ShownItem;
use prompt_content::PromptContent;
use speculation::SpeculationRequest;

/// What a slot is to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// The slot.
    pub slot: String,
    /// The variant.
    pub variant: String,
    /// What to change; `None` where the variant is a template of the page.
    pub changes: Option<Arc<[Change]>>,
}

/// One thing for the shell to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Show a variant in a slot. The page answers with
    /// [`SlotApplied`](crate::signal::Signal::SlotApplied) or
    /// [`SlotNotApplied`](crate::signal::Signal::SlotNotApplied).
    Show(Show),
    /// Bring a slot back to what the server sent.
    Revert {
        /// The slot.
        slot: String,
    },
    /// Ask the site model, and answer with [`Ranked`](crate::signal::Signal::Ranked).
    Rank(RankRequest),
    /// Load the pages ahead that the site model expects next, in place of those of an earlier request.
    Speculate(SpeculationRequest),
    /// Load nothing ahead any more.
    EndSpeculation,
    /// Say what is previewed, and keep it for the tab.
    Preview(PreviewNotice),
    /// Show a prompt.
    Prompt {
        /// The prompt.
        id: String,
        /// What it says.
        content: Box<PromptContent>,
        /// The items that it shows, if it shows any.
        items: Vec<ShownItem>,
    },
    /// Look up where the visitor is, if the browser does that without asking them, and answer with
    /// [`Position`](crate::signal::Signal::Position).
    Locate,
    /// Read what is stored in this area, and answer with [`Restored`](crate::signal::Signal::Restored).
    Restore(Area),
    /// Store this as the journal of this tab, in place of what is stored of it.
    Save(String),
    /// Store this at the end of the journal of this tab.
    Append(String),
    /// Store this for the boot snippet, in place of what is stored of it: see [`last_decisions`].
    SaveDecisions(String),
    /// Remove all our keys from both areas, unread.
    Erase,
    /// The same, and begin anew in this area: storing is still allowed.
    Renew(Area),
    /// Consent to store is gone: nothing more is written.
    CloseStorage,
    /// Consent was withdrawn: drop this engine with its memory, and go on with a new one and its
    /// [`Handover`](crate::engine::Handover).
    Restart {
        /// Whether the new one removes our keys once more.
        erases: bool,
    },
    /// Stored texts could not be read: set them aside and report it. Keys without their prefix.
    Quarantine(Vec<String>),
    /// Fold the journals into the profile when there is time.
    Fold,
    /// Push an entry to the site's data layer.
    DataLayerPush(Object),
    /// Go to another address in place of this one.
    Redirect(String),
    /// Dispatch a DOM event, with this detail.
    DomEvent(DomEvent, Object),
    /// Tell the site's developer, once.
    Warn(String),
    /// Send [`Timer`](crate::signal::Signal::Timer) at this time, in place of any earlier request.
    WakeAt(Timestamp),
}

/// What a page says of previews.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PreviewNotice {
    /// What the parameter `tb` of the page's address is to be; empty where there is to be none. `None` where the config
    /// lets no address ask for previews: then they end with the page.
    pub address: Option<String>,
    /// What is previewed.
    pub previews: Vec<Preview>,
    /// What cannot be previewed, each in a sentence.
    pub problems: Vec<String>,
}

impl PreviewNotice {
    /// `PreviewNotice` in `www/page/boundary.ts`.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("address", self.address.clone())
            .with("previews", self.previews.iter().map(Preview::to_object).collect::<Value>())
            .with("problems", self.problems.iter().map(String::as_str).collect::<Value>())
    }
}

/// The DOM events, each `tailorbird:` and its name. TypeScript dispatches some of them itself: the page's
/// types list the same names with their details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomEvent {
    /// The engine has started.
    Ready,
    /// A slot was decided; whether the variant was applied.
    Decision,
    /// At least half of a slot was visible for a second.
    Impression,
    /// The visitor seems about to leave.
    ExitIntent,
    /// The visitor entered or left a segment.
    Segment,
    /// What became of a prompt.
    Prompt,
    /// The visitor wrote what a prompt asks for.
    Submit,
    /// Consent was given or withdrawn.
    Consent,
    /// Nothing is personalized on this page view.
    Unavailable,
    /// Something else keeps rewriting a slot.
    Conflict,
    /// A second start joined the first.
    Duplicate,
    /// What was stored could not be used, or nothing can be stored.
    StorageReset,
}

impl DomEvent {
    /// All events.
    pub const ALL: [DomEvent; 12] = [
        DomEvent::Ready,
        DomEvent::Decision,
        DomEvent::Impression,
        DomEvent::ExitIntent,
        DomEvent::Segment,
        DomEvent::Prompt,
        DomEvent::Submit,
        DomEvent::Consent,
        DomEvent::Unavailable,
        DomEvent::Conflict,
        DomEvent::Duplicate,
        DomEvent::StorageReset,
    ];

    /// The name, without `tailorbird:`.
    pub fn name(self) -> &'static str {
        match self {
            DomEvent::Ready => "ready",
            DomEvent::Decision => "decision",
            DomEvent::Impression => "impression",
            DomEvent::ExitIntent => "exit-intent",
            DomEvent::Segment => "segment",
            DomEvent::Prompt => "prompt",
            DomEvent::Submit => "submit",
            DomEvent::Consent => "consent",
            DomEvent::Unavailable => "unavailable",
            DomEvent::Conflict => "conflict",
            DomEvent::Duplicate => "duplicate",
            DomEvent::StorageReset => "storage-reset",
        }
    }
}

/// Where things are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Until erased: `localStorage`.
    Local,
    /// As long as the tab: `sessionStorage`.
    Session,
}

/// A decision as the page and the site's code read it.
pub fn decision_value(decision: &Decision) -> Object {
    let reasons: Value = decision.reasons.iter().map(crate::decision::explain::Reason::text).collect();
    let item = |item: &Recommendation| {
        Object::new().with("id", item.id.as_str()).with("score", item.score).with("because", item.because.clone())
    };
    let mut value = Object::new()
        .with("slot", decision.slot.as_str())
        .with("variant", decision.variant.clone())
        .with("level", decision.level.name())
        .with("score", decision.score)
        .with("propensity", decision.propensity)
        .with("reasons", reasons);
    if !decision.items.is_empty() {
        value.set("items", decision.items.iter().map(item).collect::<Value>());
    }
    value
}
