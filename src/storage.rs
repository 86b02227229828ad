//! The protocol by which the tabs of a browser share one storage area.
//!
//! It decides what is written under which key, what is read back, and what a tab does about what other
//! tabs wrote; timers, locks and the area itself belong to the caller: `src/web` in a browser, the
//! simulator in tests. Both run this code.
//!
//! # Keys
//!
//! | key | holds |
//! |---|---|
//! | `tailorbird.e` | the epoch: 16 hexadecimal digits, new with every consent after a withdrawal; ` erased` follows where it began with an erasure |
//! | `tailorbird.v1` | the profile |
//! | `tailorbird.t.<16 hex digits>` | the journal of one tab |
//! | `tailorbird.d` | the last decisions, for the boot snippet |
//! | `tailorbird.aside` | the last text that could not be read |
//!
//! Only keys of exactly these shapes are ours. The texts of the profile and of journals begin with the
//! epoch under which they were written.
//!
//! # Laws
//!
//! 1. **Withdrawn is withdrawn in every tab.** Withdrawing removes all our keys, the epoch first, unread; erasing
//!    while consent remains puts a new epoch in its place. Before each write a tab reads the epoch: where it is
//!    gone, the tab forgets what it knows instead of writing, and where it is another, the tab waits for the event that
//!    says why.
//!    A write that crosses the removal is undone by the tab that made it, as soon as that receives the
//!    event of the removal, and by the tab that erased. What survives both, because a tab was killed in between, carries
//!    an epoch that is over and never counts again.
//! 2. **What was acknowledged is kept or counted as dropped.** A tab writes only its own journal; its
//!    entries are numbered, and a fold notes the last number of each journal that is part of the profile.
//!    A journal is removed only after the profile that contains it was seen in storage a second later.
//! 3. **Keys of others are not ours**: they are neither read nor removed nor counted.
//!
//! Other processes see a write some time after it was made, whatever locks they hold
//! (<https://html.spec.whatwg.org/multipage/webstorage.html#the-localstorage-attribute> warns of it); they
//! receive `storage` events for all of them, in order.

mod keys;
mod tab_storage;

pub use keys::{Keys, StoredText};
pub use tab_storage::folding::{Folded, Settled, Settling};
pub use tab_storage::withdrawal::{Change, Update};
pub use tab_storage::{Flush, ROOM, TabStorage};

/// The area cannot be used: access is blocked, or it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storage is refused")]
pub struct Refused;

/// One storage area, as one tab sees it: `localStorage` or `sessionStorage`.
pub trait Area {
    /// All keys, those of others included.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    fn keys(&self) -> Result<Vec<String>, Refused>;

    /// The text under `key`, if there is one.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    fn get(&self, key: &str) -> Result<Option<String>, Refused>;

    /// Stores `text` under `key`.
    ///
    /// # Errors
    ///
    /// Where the area cannot be written to, or is full.
    fn set(&self, key: &str, text: &str) -> Result<(), Refused>;

    /// Removes `key`; nothing happens where there is none.
    ///
    /// # Errors
    ///
    /// Where the area cannot be written to.
    fn remove(&self, key: &str) -> Result<(), Refused>;
}

/// What an area holds for the engine, without epochs.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Stored {
    /// The encoded profile.
    pub profile: Option<String>,
    /// The encoded journals, by the id of their tab.
    pub journals: Vec<(String, String)>,
    /// The last decisions.
    pub decisions: Option<String>,
}
