//! Everything the engine receives.
//!
//! The shell constructs signals from what it observes; the modules of this stage read, check and bound what
//! comes from the page. A page can send anything: nothing here trusts it.

pub mod capture;
pub mod catalog;
pub mod consent;
pub mod context;
pub mod data_layer;
pub mod event;
pub mod pointer;
pub mod pointer_exit;
pub mod position;
pub mod preview;
pub mod ranking;
pub mod referrer;
pub mod scroll_track;
pub mod segment;

use crate::random::Seed;
use crate::value::Object;
use capture::Captured;
use consent::Statement;
use context::PageContext;
use event::Event;
use pointer_exit::PointerExit;
use position::Position;
use preview::Preview;
use ranking::{RankRequest, RankedItem};

/// One thing the engine receives.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// The visitor sees a page.
    PageView(PageContext),
    /// The document of the page view is there in full. Whether nothing of it is to be seen: the site says so, or it
    /// shows a field for a password or a payment card.
    Parsed(bool),
    /// The page may be changed from now on.
    Ready,
    /// The ids of the slots on the page now.
    SlotsPresent(Vec<String>),
    /// A slot shows a variant, as an effect asked for.
    SlotApplied {
        /// The slot.
        slot: String,
        /// The variant.
        variant: String,
    },
    /// A slot cannot show a variant, and shows the page's own content.
    SlotNotApplied {
        /// The slot.
        slot: String,
        /// The variant.
        variant: String,
        /// Why, for the site's developer.
        reason: String,
    },
    /// The visitor did something, as the site says.
    Event(Event),
    /// Something was captured without code of the site.
    Captured(Captured),
    /// What the site knows of the visitor; it takes precedence over what the engine infers.
    Attributes(Object),
    /// Where the visitor may be, by the time zone: `country` and `confidence`.
    Geo(Object),
    /// Where the visitor is, as the browser says.
    Position(Position),
    /// What is stated of consent at one moment.
    Consent(Vec<Statement>),
    /// What is stored on the device.
    Restored(Restored),
    /// By tab, the number of the last entry of its journal that is part of the stored profile.
    Folded(Vec<(String, u64)>),
    /// Whether any part of a slot is visible.
    SlotVisible(String, bool),
    /// At least half of a slot was visible for a second.
    Impression(String),
    /// The visitor moved, typed, scrolled or touched; how far down the page they have come, in percent of its
    /// length.
    Activity(u32),
    /// Whether the tab is visible.
    TabVisible(bool),
    /// Whether the browser shows notifications of the site.
    Notifications(bool),
    /// The pointer left the page.
    PointerExit(PointerExit),
    /// A finger has scrolled the page up fast: see [`ScrollTrack`](scroll_track::ScrollTrack).
    ScrolledUp,
    /// The visitor has copied words that name the product of a page; which ones is not known.
    ProductCopied,
    /// The element that this prompt waits for has come into view.
    ElementVisible(String),
    /// The site asks for a prompt, by its id.
    PromptCalled(String),
    /// What is previewed from now on, in place of what was; nothing ends it.
    Previews(Vec<Preview>),
    /// A developer asks to see a prompt now, by its id, in this variant or in the one that is for the visitor. Nothing of
    /// it is recorded.
    PromptPreviewed(String, Option<String>),
    /// What became of a prompt.
    PromptOutcome(String, PromptOutcome),
    /// The visitor has answered the question of a prompt: its id, and the id of the choice, or the number.
    PromptAnswered(String, String),
    /// What the site model says; `None` where it could not be asked.
    Ranked(RankRequest, Option<Vec<RankedItem>>),
    /// Code asked for a slot's decision, and will act on it.
    DecisionUsed(String),
    /// Code asked for a feature's value, and will act on it; with attributes for this question alone.
    FeatureUsed(String, Object),
    /// Code is about to ask for the reports that are due: see [`Engine::reports`](crate::engine::Engine::reports).
    ReportsAsked,
    /// Forget one interest: dimension and key.
    Forget(String, String),
    /// The visitor states the share of an interest: dimension, key, and a number from 0 to 1.
    Correct(String, String, f64),
    /// The visitor wants nothing to be learned or decided from the profile, or takes that back.
    Pause(bool),
    /// Forget everything; the new seed.
    Erase(Seed),
    /// Another tab erased everything and goes on with consent; the new seed.
    ErasedElsewhere(Seed),
    /// Another tab withdrew consent, or removed our keys with all others; the new seed.
    WithdrawnElsewhere(Seed),
    /// The time that [`Effect::WakeAt`](crate::page::Effect::WakeAt) asked for has come.
    Timer,
    /// An entry of the data layer that is not for us.
    Ignored,
}

/// What became of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptOutcome {
    /// It is on the screen.
    Shown,
    /// The visitor accepted.
    Accepted,
    /// The visitor declined.
    Declined,
    /// The visitor closed it without an answer.
    Dismissed,
    /// It could not be shown.
    Failed,
    /// The visitor was in the middle of something, or the page had no room for it.
    Postponed,
    /// The visitor wrote what it asked for; the site has it.
    Submitted,
    /// It was on the screen for a second.
    Seen,
    /// It was not shown, so that those who were can be compared with those who were not.
    Withheld,
    /// The page took it away, with all that was around it, before the visitor answered.
    Removed,
}

impl PromptOutcome {
    /// All outcomes, in the order of their codes in a journal.
    pub const ALL: [PromptOutcome; 10] = [
        PromptOutcome::Shown,
        PromptOutcome::Accepted,
        PromptOutcome::Declined,
        PromptOutcome::Dismissed,
        PromptOutcome::Failed,
        PromptOutcome::Postponed,
        PromptOutcome::Submitted,
        PromptOutcome::Seen,
        PromptOutcome::Withheld,
        PromptOutcome::Removed,
    ];

    /// The word in DOM events.
    pub fn name(self) -> &'static str {
        match self {
            PromptOutcome::Shown => "shown",
            PromptOutcome::Accepted => "accepted",
            PromptOutcome::Declined => "declined",
            PromptOutcome::Dismissed => "dismissed",
            PromptOutcome::Failed => "failed",
            PromptOutcome::Postponed => "postponed",
            PromptOutcome::Submitted => "submitted",
            PromptOutcome::Seen => "seen",
            PromptOutcome::Withheld => "withheld",
            PromptOutcome::Removed => "removed",
        }
    }
}

/// What is stored on the device, still encoded.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Restored {
    /// The stored profile, if there is one.
    pub profile: Option<String>,
    /// The journals of all tabs, by id.
    pub journals: Vec<(String, String)>,
    /// The last decisions.
    pub decisions: Option<String>,
    /// The id of this tab.
    pub tab_id: String,
}
