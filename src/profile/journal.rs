//! What one tab writes down, numbered, before it becomes part of the profile.
//!
//! A tab writes only its own journal. Whoever folds journals into the profile remembers the last
//! number folded, so that nothing counts twice.
//!
//! A journal's text grows at its end, one frame an entry, each with a checksum of its own: writing an
//! entry costs the same however long the journal is, and where the text breaks off, all before it is
//! still good.

use super::sticky::Sticky;
use crate::bytes::{Codec, Unusable, VERSION, letters, open};
use crate::random::Seed;
use crate::signal::Outcome;
use crate::signal::event::Event;
use crate::time::Timestamp;

/// How many entries a journal holds; what happens beyond lives in memory until it was folded.
const LIMIT: usize = 512;
/// About how many bytes it holds.
const BYTES: usize = 16_000;

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
    /// The visitor entered a segment, or left it.
    Segment(String, bool),
}

/// The entries of one tab.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Journal {
    /// The seed this tab drew, should no profile have one yet.
    pub seed: Seed,
    /// In order of their numbers.
    pub entries: Vec<Entry>,
    /// How long its text is, about.
    length: usize,
    /// Frames that no text holds yet.
    unsaved: String,
    /// Whether some text has its beginning.
    begun: bool,
    /// Whether its text broke off, or was altered behind these entries.
    pub torn: bool,
}

impl Journal {
    /// Without entries.
    pub fn new(seed: Seed) -> Journal {
        Journal { seed, ..Journal::default() }
    }

    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        self.entries.len() < LIMIT && self.length < BYTES
    }

    /// Writes an entry down.
    pub fn push(&mut self, mut entry: Entry) {
        if !self.begun {
            self.begin();
        }
        let frame = entry.frame();
        self.length += frame.len();
        self.unsaved.push_str(&frame);
        self.entries.push(entry);
    }

    /// What was written since the text was last asked for, to be put at its end.
    pub fn more(&mut self) -> String {
        core::mem::take(&mut self.unsaved)
    }

    /// Its whole text, for a storage area.
    pub fn seal(&mut self) -> String {
        self.begin();
        for entry in &mut self.entries {
            self.unsaved.push_str(&entry.frame());
        }
        self.length = self.unsaved.len();
        self.more()
    }

    /// What is written from now on stands in another text.
    pub fn turn_over(&mut self) {
        self.begun = false;
        self.unsaved.clear();
    }

    fn begin(&mut self) {
        let mut head = Codec::default();
        head.count(&mut self.seed.0);
        self.begun = true;
        self.unsaved.clear();
        // Below 0x80, so one byte.
        self.unsaved.push(char::from_u32(u32::try_from(VERSION).unwrap_or(0)).unwrap_or_default());
        self.unsaved.push_str(&head.frame());
    }

    /// Unpacks a journal; what follows a frame that is damaged is left out.
    ///
    /// # Errors
    ///
    /// When its beginning was damaged, or it was written by a later version.
    #[inline(never)]
    pub fn open(text: &str) -> Result<Journal, Unusable> {
        let mut journal = Journal::default();
        if text.bytes().next().is_some_and(|version| u64::from(version) < 3) {
            // Before the third version a journal was sealed whole.
            let opened = open(text)?;
            let mut codec = opened.read();
            codec.count(&mut journal.seed.0);
            codec.list(LIMIT, &mut journal.entries, |codec, entry| entry.code(codec));
            return if codec.whole() { Ok(journal) } else { Err(Unusable::Damaged) };
        }
        let bytes = letters(text).ok_or(Unusable::Damaged)?;
        let mut codec = Codec::reading(&bytes);
        let mut version = 0;
        codec.count(&mut version);
        if version > VERSION && codec.is_reading() {
            return Err(Unusable::Newer);
        }
        let mut head = codec.next_frame().ok_or(Unusable::Damaged)?;
        head.count(&mut journal.seed.0);
        while !codec.whole() {
            let Some(mut frame) = codec.next_frame() else { break };
            let mut entry = Entry::default();
            entry.code(&mut frame);
            if !frame.whole() || journal.entries.len() >= LIMIT {
                codec.refuse();
                break;
            }
            journal.entries.push(entry);
        }
        journal.torn = !codec.whole();
        Ok(journal)
    }

    /// Drops what is part of the stored profile: all up to the entry of this number.
    pub fn drop_up_to(&mut self, last: u64) {
        self.entries.retain(|entry| entry.number > last);
    }
}

impl Entry {
    fn frame(&mut self) -> String {
        let mut codec = Codec::default();
        self.code(&mut codec);
        codec.frame()
    }

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
            Happening::Segment(..) => 9,
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
                9 => Happening::Segment(String::new(), false),
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
            Happening::Segment(segment, entered) => {
                codec.text(segment);
                let mut bit = u32::from(*entered);
                codec.small(&mut bit);
                *entered = bit > 0;
            }
        }
    }
}
