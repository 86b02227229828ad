//! What one tab writes down, numbered, before it becomes part of the profile.
//!
//! A tab writes only its own journal. Whoever folds journals into the profile remembers the last
//! number folded, so that nothing counts twice.

use crate::bytes::{Bytes, Unusable, Writer, open, seal};
use crate::random::Seed;
use crate::signal::Outcome;
use crate::signal::event::Event;
use crate::time::Timestamp;

/// How many entries a journal holds; what happens beyond lives in memory until it was folded.
pub const LIMIT: usize = 512;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in its journal, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub happening: Happening,
}

/// What can change a profile or a count.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A page was viewed.
    View,
    /// The visitor did something.
    Event(Event),
    /// A prompt was shown or answered.
    Prompt(String, Outcome),
    /// An interest, dimension and key, is to be forgotten.
    Forget(String, String),
    /// The visitor met a slot's variant; `None` is the page's own content.
    Met(String, Option<String>),
    /// A slot's variant was on the screen.
    Impression(String, Option<String>),
}

/// The entries of one tab.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Journal {
    /// The seed this tab drew, should no profile have one yet.
    pub seed: Seed,
    /// In order of their numbers.
    pub entries: Vec<Entry>,
}

impl Journal {
    /// Packs the journal for a storage area.
    pub fn seal(&self) -> String {
        let mut out = Writer::default();
        out.count(self.seed.0);
        out.list(&self.entries, |out, entry| entry.encode(out));
        seal(out)
    }

    /// Unpacks a journal.
    ///
    /// # Errors
    ///
    /// When it was damaged, or written by a later version.
    pub fn open(text: &str) -> Result<Journal, Unusable> {
        let bytes = open(text)?;
        let mut from = Bytes::new(&bytes);
        let mut read = || {
            let journal = Journal { seed: Seed(from.count()?), entries: from.list(LIMIT, Entry::decode)? };
            from.is_empty().then_some(journal)
        };
        read().ok_or(Unusable::Damaged)
    }
}

impl Entry {
    fn encode(&self, out: &mut Writer) {
        out.count(self.number);
        out.time(self.at);
        let mut tagged = |tag: u64, first: &str| {
            out.count(tag);
            out.text(first);
        };
        match &self.happening {
            Happening::View => out.count(0),
            Happening::Event(event) => {
                out.count(1);
                event.encode(out);
            }
            Happening::Prompt(id, outcome) => {
                tagged(2, id);
                out.length(Outcome::ALL.iter().position(|known| known == outcome).unwrap_or(0));
            }
            Happening::Forget(dimension, key) => {
                tagged(3, dimension);
                out.text(key);
            }
            Happening::Met(slot, variant) => {
                tagged(4, slot);
                out.optional(variant.as_deref(), Writer::text);
            }
            Happening::Impression(slot, variant) => {
                tagged(5, slot);
                out.optional(variant.as_deref(), Writer::text);
            }
        }
    }

    fn decode(from: &mut Bytes<'_>) -> Option<Entry> {
        let text = |from: &mut Bytes<'_>| from.text().map(str::to_owned);
        Some(Entry {
            number: from.count()?,
            at: from.time()?,
            happening: match from.count()? {
                0 => Happening::View,
                1 => Happening::Event(Event::decode(from)?),
                2 => {
                    let id = text(from)?;
                    let code = usize::try_from(from.count()?).ok()?;
                    Happening::Prompt(id, *Outcome::ALL.get(code)?)
                }
                3 => Happening::Forget(text(from)?, text(from)?),
                4 => Happening::Met(text(from)?, from.optional(text)?),
                5 => Happening::Impression(text(from)?, from.optional(text)?),
                _ => return None,
            },
        })
    }
}
