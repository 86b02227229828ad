//! What one tab writes down, numbered, before it becomes part of the profile.
//!
//! A tab writes only its own journal. Whoever folds journals into the profile remembers the last
//! number folded, so that nothing counts twice.

use super::sticky::Sticky;
use crate::bytes::{Codec, Unusable, open};
use crate::random::Seed;
use crate::signal::Outcome;
use crate::signal::event::Event;
use crate::time::Timestamp;

/// How many entries a journal holds; what happens beyond lives in memory until it was folded.
const LIMIT: usize = 512;
/// About how many bytes it holds.
const BYTES: usize = 100_000;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Entry {
    /// Its place in its journal, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub happening: Happening,
}

/// What can change a profile or a count.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Happening {
    /// A page was viewed.
    #[default]
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
    /// The visitor met an experiment's arm, drawn with this probability.
    Exposure(String, String, f64),
    /// An arm is to be remembered.
    Sticky(Sticky),
    /// Somebody was occupied with a page for so many ms more, and has now read it so far, in percent
    /// of its length.
    Stay(u32, u32),
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
    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        let bytes = |entry: &Entry| match &entry.happening {
            Happening::Event(event) => event.bytes(),
            _ => 100,
        };
        self.entries.len() < LIMIT && self.entries.iter().map(bytes).sum::<usize>() < BYTES
    }

    /// Packs the journal for a storage area.
    pub fn seal(&mut self) -> String {
        let mut codec = Codec::default();
        self.code(&mut codec);
        codec.seal()
    }

    /// Unpacks a journal.
    ///
    /// # Errors
    ///
    /// When it was damaged, or written by a later version.
    pub fn open(text: &str) -> Result<Journal, Unusable> {
        let opened = open(text)?;
        let mut codec = opened.read();
        let mut journal = Journal::default();
        journal.code(&mut codec);
        if codec.whole() { Ok(journal) } else { Err(Unusable::Damaged) }
    }

    fn code(&mut self, codec: &mut Codec<'_>) {
        codec.count(&mut self.seed.0);
        codec.list(LIMIT, &mut self.entries, |codec, entry| entry.code(codec));
    }
}

impl Entry {
    fn code(&mut self, codec: &mut Codec<'_>) {
        codec.count(&mut self.number);
        codec.time(&mut self.at);
        self.happening.code(codec);
    }
}

impl Happening {
    /// Its number in a journal.
    fn tag(&self) -> u32 {
        match self {
            Happening::View => 0,
            Happening::Event(_) => 1,
            Happening::Prompt(..) => 2,
            Happening::Forget(..) => 3,
            Happening::Met(..) => 4,
            Happening::Impression(..) => 5,
            Happening::Exposure(..) => 6,
            Happening::Sticky(_) => 7,
            Happening::Stay(..) => 8,
        }
    }

    fn code(&mut self, codec: &mut Codec<'_>) {
        let mut tag = self.tag();
        codec.small(&mut tag);
        if codec.is_reading() {
            *self = match tag {
                0 => Happening::View,
                1 => Happening::Event(Event::default()),
                2 => Happening::Prompt(String::new(), Outcome::Failed),
                3 => Happening::Forget(String::new(), String::new()),
                4 => Happening::Met(String::new(), None),
                5 => Happening::Impression(String::new(), None),
                6 => Happening::Exposure(String::new(), String::new(), 0.0),
                7 => Happening::Sticky(Sticky::default()),
                8 => Happening::Stay(0, 0),
                _ => {
                    codec.refuse();
                    return;
                }
            };
        }
        match self {
            Happening::View => {}
            Happening::Event(event) => event.code(codec),
            Happening::Prompt(id, outcome) => {
                codec.text(id);
                let mut place = Outcome::ALL.iter().position(|known| known == outcome).unwrap_or(0) as u32;
                codec.small(&mut place);
                *outcome = Outcome::ALL.get(place as usize).copied().unwrap_or(Outcome::Failed);
            }
            Happening::Forget(dimension, key) => {
                codec.text(dimension);
                codec.text(key);
            }
            Happening::Met(slot, variant) | Happening::Impression(slot, variant) => {
                codec.text(slot);
                codec.optional(variant, Codec::text);
            }
            Happening::Exposure(experiment, arm, propensity) => {
                codec.text(experiment);
                codec.text(arm);
                codec.double(propensity);
            }
            Happening::Sticky(met) => met.code(codec),
            Happening::Stay(ms, depth) => {
                codec.small(ms);
                codec.small(depth);
            }
        }
    }
}
