//! Everything the engine can be told.
//!
//! The shell hands over plain trees; this stage turns them into checked, bounded types, and drops
//! what makes no sense. A page can send anything: nothing here trusts it.

pub mod consent;
pub mod context;
pub mod data_layer;
pub mod event;
pub mod pointer_exit;

use crate::list::gather;
use crate::number::round;
use crate::random::Seed;
use crate::value::{Object, Value};
use consent::Consent;
use context::PageContext;
use event::Event;
use pointer_exit::PointerExit;

/// One thing the engine is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// The visitor sees a page.
    PageView(PageContext),
    /// The page may be changed from now on: what the site had to say at the start, it has said.
    Ready,
    /// The ids of the slots on the page now.
    SlotsPresent(Vec<String>),
    /// The visitor did something.
    Event(Event),
    /// An entry of the site's data layer says nothing that concerns us.
    Ignored,
    /// The site says something about the visitor; it beats what the engine infers.
    Attributes(Object),
    /// Where the visitor may be, by the time zone: `country` and `confidence`.
    Geo(Object),
    /// Somebody says what the visitor allows.
    Consent(Consent),
    /// The site set no consent: listen to Consent Mode.
    ListenToConsentMode,
    /// What was kept on the device.
    Restored(Restored),
    /// What other devices know cannot be had.
    Alone,
    /// These entries of these journals are now part of the stored profile.
    Folded(Vec<(String, u64)>),
    /// Whether any of a slot is on the screen.
    SlotVisible(String, bool),
    /// A slot was on the screen, at least half of it, for a second.
    Impression(String),
    /// The visitor moved, typed, scrolled or touched; how far down the page they have come, in percent
    /// of its length.
    Activity(u32),
    /// Whether the tab is in front.
    TabVisible(bool),
    /// The pointer left the page.
    PointerExit(PointerExit),
    /// What became of a prompt.
    PromptOutcome(String, PromptOutcome),
    /// Code asked for a slot's decision, and will act on it.
    DecisionUsed(String),
    /// Code asked for a feature's value, and will act on it; with what it says of the visitor
    /// beside.
    FeatureUsed(String, Object),
    /// Forget one interest: dimension and key.
    Forget(String, String),
    /// Forget everything, and draw a new seed.
    Erase(Seed),
    /// Another tab forgot everything.
    ErasedElsewhere(Seed),
}

/// What became of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptOutcome {
    /// It is on the screen.
    Shown,
    /// The visitor said yes.
    Accepted,
    /// The visitor said no.
    Declined,
    /// The visitor closed it without an answer.
    Dismissed,
    /// It could not be shown.
    Failed,
}

impl PromptOutcome {
    /// All outcomes, in the order of their codes in a journal.
    pub const ALL: [PromptOutcome; 5] = [
        PromptOutcome::Shown,
        PromptOutcome::Accepted,
        PromptOutcome::Declined,
        PromptOutcome::Dismissed,
        PromptOutcome::Failed,
    ];

    /// The word the shell and the DOM event use.
    pub fn name(self) -> &'static str {
        match self {
            PromptOutcome::Shown => "shown",
            PromptOutcome::Accepted => "accepted",
            PromptOutcome::Declined => "declined",
            PromptOutcome::Dismissed => "dismissed",
            PromptOutcome::Failed => "failed",
        }
    }
}

/// What was kept on the device, still encoded.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Restored {
    /// The stored profile, if there is one.
    pub profile: Option<String>,
    /// The journals of all tabs, by id.
    pub journals: Vec<(String, String)>,
    /// The id of this tab's own journal.
    pub own: String,
}

impl Signal {
    /// Reads what the shell hands over; `None` for what makes no sense.
    #[inline(never)]
    pub fn read(value: &Value) -> Option<Signal> {
        let text = |key: &str| value.at(key).text();
        let slot = || text("slot").to_owned();
        Some(match text("signal") {
            "view" => Signal::PageView(PageContext::read(value)),
            "ready" => Signal::Ready,
            "slots" => Signal::SlotsPresent(texts(value.at("slots"))),
            "track" => Signal::Event(Event::read(text("event"), value.at("params"))?),
            "dataLayer" => data_layer::read(value.at("entry")),
            "attributes" => Signal::Attributes(object(value, "attributes")),
            "place" => {
                let mut place = Object::new();
                place.set("country", value.at("country").clone());
                place.set("confidence", value.at("confidence").number());
                Signal::Geo(place)
            }
            "consent" if value.at("auto").is_true() => Signal::ListenToConsentMode,
            "consent" => Signal::Consent(Consent::read(value)),
            "restored" => Signal::Restored(Restored {
                profile: value.at("profile").as_text().map(str::to_owned),
                journals: journals(value.at("journals")),
                own: text("journal").to_owned(),
            }),
            "alone" => Signal::Alone,
            "folded" => {
                let last = |last: &Value| u64::try_from(round(last.number())).unwrap_or(0);
                Signal::Folded(pairs(value.at("folded"), last))
            }
            "visible" => Signal::SlotVisible(slot(), value.at("visible").is_true()),
            "impression" => Signal::Impression(slot()),
            "activity" => Signal::Activity(u32::try_from(round(value.at("depth").number())).unwrap_or(0).min(100)),
            "tab" => Signal::TabVisible(value.at("visible").is_true()),
            "leave" => Signal::PointerExit(PointerExit::read(value)),
            "prompt" => {
                let outcome = text("outcome");
                let known = PromptOutcome::ALL.into_iter().find(|known| known.name() == outcome)?;
                Signal::PromptOutcome(text("prompt").to_owned(), known)
            }
            "met" => Signal::DecisionUsed(slot()),
            "used" => Signal::FeatureUsed(text("feature").to_owned(), object(value, "attributes")),
            "forget" => {
                // A key may hold a colon, a dimension may not.
                let interest = text("interest");
                let colon = interest.bytes().position(|byte| byte == b':')?;
                Signal::Forget(interest.get(..colon)?.to_owned(), interest.get(colon + 1..)?.to_owned())
            }
            "erase" => Signal::Erase(seed(value)),
            "erased" => Signal::ErasedElsewhere(seed(value)),
            _ => return None,
        })
    }
}

/// The object under `key`; an empty one where there is none.
pub fn object(value: &Value, key: &str) -> Object {
    value.at(key).as_object().cloned().unwrap_or_default()
}

fn texts(value: &Value) -> Vec<String> {
    gather(value.items(), |item| Some(item.text().to_owned()))
}

/// Reads `[[id, ...], ...]`, what stands beside an id by `read`.
fn pairs<T>(value: &Value, read: fn(&Value) -> T) -> Vec<(String, T)> {
    gather(value.items(), |pair| match pair.items() {
        [Value::Text(id), value, ..] => Some((id.clone(), read(value))),
        _ => None,
    })
}

/// Reads `[[id, text], ...]`: the journals found in a storage area.
pub fn journals(value: &Value) -> Vec<(String, String)> {
    pairs(value, |journal| journal.text().to_owned())
}

/// The seed in `low` and `high`, two random 32-bit numbers.
fn seed(value: &Value) -> Seed {
    let half = |key| u64::try_from(round(value.at(key).number())).unwrap_or(0);
    Seed((half("high") << 32) | (half("low") & 0xffff_ffff))
}
