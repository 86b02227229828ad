//! Everything the engine can be told.
//!
//! The shell hands over plain trees; this stage turns them into checked, bounded types, and drops
//! what makes no sense. A page can send anything: nothing here trusts it.

pub mod consent;
pub mod context;
pub mod data_layer;
pub mod event;
pub mod pointer;

use crate::random::Seed;
use crate::value::{Object, Value};
use consent::Consent;
use context::PageContext;
use event::Event;
use pointer::PointerLeave;

/// One thing the engine is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// The visitor sees a page.
    View(PageContext),
    /// The ids of the slots on the page now.
    Slots(Vec<String>),
    /// The visitor did something.
    Event(Event),
    /// An entry of the site's data layer says nothing that concerns us.
    Nothing,
    /// The site says something about the visitor; it beats what the engine infers.
    Attributes(Object),
    /// Somebody says what the visitor allows.
    Consent(Consent),
    /// The site set no consent: listen to Consent Mode.
    ListenForConsent,
    /// What was kept on the device.
    Restored(Restored),
    /// These entries of these journals are now part of the stored profile.
    Folded(Vec<(String, u64)>),
    /// Whether any of a slot is on the screen.
    OnScreen(String, bool),
    /// A slot was on the screen, at least half of it, for a second.
    Impression(String),
    /// The visitor moved, typed, scrolled or touched.
    Activity,
    /// Whether the tab is in front.
    Tab(bool),
    /// The pointer left the page.
    Leave(PointerLeave),
    /// What became of a prompt.
    Prompt(String, Outcome),
    /// Code asked for a slot's decision, and will act on it.
    Met(String),
    /// Forget one interest: dimension and key.
    Forget(String, String),
    /// Forget everything, and draw a new seed.
    Erase(Seed),
    /// Another tab forgot everything.
    Erased(Seed),
}

/// What became of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
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

impl Outcome {
    /// All outcomes, in the order of their codes in a journal.
    pub const ALL: [Outcome; 5] =
        [Outcome::Shown, Outcome::Accepted, Outcome::Declined, Outcome::Dismissed, Outcome::Failed];

    /// The word the shell and the DOM event use.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Shown => "shown",
            Outcome::Accepted => "accepted",
            Outcome::Declined => "declined",
            Outcome::Dismissed => "dismissed",
            Outcome::Failed => "failed",
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
    pub fn read(value: &Value) -> Option<Signal> {
        let text = |key: &str| value.get(key).and_then(Value::as_text);
        let slot = || text("slot").map(str::to_owned);
        Some(match text("signal")? {
            "view" => Signal::View(PageContext::read(value)),
            "slots" => Signal::Slots(texts(value.get("slots")?)),
            "track" => Signal::Event(Event::read(text("event")?, value.get("params").unwrap_or(&Value::Null))?),
            "dataLayer" => data_layer::read(value.get("entry")?),
            "attributes" => Signal::Attributes(value.get("attributes")?.as_object()?.clone()),
            "consent" if value.get("auto").and_then(Value::as_bool) == Some(true) => Signal::ListenForConsent,
            "consent" => Signal::Consent(Consent::read(value)),
            "restored" => Signal::Restored(Restored {
                profile: text("profile").map(str::to_owned),
                journals: journals(value.get("journals")?),
                own: text("journal")?.to_owned(),
            }),
            "folded" => Signal::Folded(
                pairs(value.get("folded")?)
                    .filter_map(|(id, last)| Some((id.to_owned(), u64::try_from(number(last)?).ok()?)))
                    .collect(),
            ),
            "visible" => Signal::OnScreen(slot()?, value.get("visible")?.as_bool()?),
            "impression" => Signal::Impression(slot()?),
            "activity" => Signal::Activity,
            "tab" => Signal::Tab(value.get("visible")?.as_bool()?),
            "leave" => Signal::Leave(PointerLeave::read(value)),
            "prompt" => {
                let outcome = text("outcome")?;
                Signal::Prompt(
                    text("prompt")?.to_owned(),
                    Outcome::ALL.into_iter().find(|known| known.name() == outcome)?,
                )
            }
            "met" => Signal::Met(slot()?),
            "forget" => {
                // A key may hold a colon, a dimension may not.
                let interest = text("interest")?;
                let colon = interest.bytes().position(|byte| byte == b':')?;
                Signal::Forget(interest.get(..colon)?.to_owned(), interest.get(colon + 1..)?.to_owned())
            }
            "erase" => Signal::Erase(seed(value)),
            "erased" => Signal::Erased(seed(value)),
            _ => return None,
        })
    }
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_list().unwrap_or_default();
    items.iter().filter_map(Value::as_text).map(str::to_owned).collect()
}

fn pairs(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_list().unwrap_or_default().iter().filter_map(|pair| match pair.as_list()? {
        [Value::Text(key), value, ..] => Some((key.as_str(), value)),
        _ => None,
    })
}

/// Reads `[[id, text], ...]`: the journals found in a storage area.
pub fn journals(value: &Value) -> Vec<(String, String)> {
    pairs(value).filter_map(|(id, journal)| Some((id.to_owned(), journal.as_text()?.to_owned()))).collect()
}

fn number(value: &Value) -> Option<i64> {
    value.as_number().map(crate::number::round)
}

/// The seed in `low` and `high`, two random 32-bit numbers.
fn seed(value: &Value) -> Seed {
    let half = |key| value.get(key).and_then(number).and_then(|half| u64::try_from(half).ok()).unwrap_or(0);
    Seed((half("high") << 32) | (half("low") & 0xffff_ffff))
}
