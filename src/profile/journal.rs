//! What one tab writes down, numbered, before it becomes part of the profile.
//!
//! A tab writes only its own journal. Whoever folds journals into the profile remembers the last
//! number folded, so that nothing counts twice.
//!
//! A journal's text grows at its end, one frame an entry, each with a checksum of its own: writing an
//! entry costs the same however long the journal is, and where the text breaks off, all before it is
//! still good.

use super::sticky_bucket::StickyBucket;
use crate::codec::{Codec, DecodeError, VERSION, decode, from_latin1};
use crate::random::Seed;
use crate::signal::PromptOutcome;
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
    pub event: JournalEvent,
}

/// What can change a profile or a count.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum JournalEvent {
    /// A page was viewed.
    #[default]
    View,
    /// The visitor did something.
    Event(Event),
    /// A prompt was shown or answered.
    Prompt(String, PromptOutcome),
    /// An interest, dimension and key, is to be forgotten.
    Forget(String, String),
    /// The visitor met a slot's variant; `None` is the page's own content.
    Exposed(String, Option<String>),
    /// A slot's variant was on the screen.
    Impression(String, Option<String>),
    /// The visitor met an experiment's arm, drawn with this probability.
    Exposure(String, String, f64),
    /// An arm is to be remembered.
    StickyBucket(StickyBucket),
    /// Somebody was occupied with a page for so many ms more, and has now read it so far, in percent
    /// of its length.
    Dwell(u32, u32),
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
    pub truncated: bool,
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
    pub fn encode(&mut self) -> String {
        self.begin();
        for entry in &mut self.entries {
            self.unsaved.push_str(&entry.frame());
        }
        self.length = self.unsaved.len();
        self.more()
    }

    /// What is written from now on stands in another text.
    pub fn rotate(&mut self) {
        self.begun = false;
        self.unsaved.clear();
    }

    fn begin(&mut self) {
        let mut head = Codec::default();
        head.varint(&mut self.seed.0);
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
    pub fn decode(text: &str) -> Result<Journal, DecodeError> {
        let mut journal = Journal::default();
        if text.bytes().next().is_some_and(|version| u64::from(version) < 3) {
            // Before the third version a journal was encoded whole.
            let decoded = decode(text)?;
            let mut codec = decoded.read();
            codec.varint(&mut journal.seed.0);
            codec.list(LIMIT, &mut journal.entries, |codec, entry| entry.code(codec));
            return if codec.is_complete() { Ok(journal) } else { Err(DecodeError::Damaged) };
        }
        let bytes = from_latin1(text).ok_or(DecodeError::Damaged)?;
        let mut codec = Codec::reading(&bytes);
        let mut version = 0;
        codec.varint(&mut version);
        if version > VERSION && codec.is_reading() {
            return Err(DecodeError::Newer);
        }
        let mut head = codec.next_frame().ok_or(DecodeError::Damaged)?;
        head.varint(&mut journal.seed.0);
        while !codec.is_complete() {
            let Some(mut frame) = codec.next_frame() else { break };
            let mut entry = Entry::default();
            entry.code(&mut frame);
            if !frame.is_complete() || journal.entries.len() >= LIMIT {
                codec.fail();
                break;
            }
            journal.entries.push(entry);
        }
        journal.truncated = !codec.is_complete();
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
        codec.varint(&mut self.number);
        codec.time(&mut self.at);
        self.event.code(codec);
    }
}

impl JournalEvent {
    /// Its number in a journal.
    fn tag(&self) -> u32 {
        match self {
            JournalEvent::View => 0,
            JournalEvent::Event(_) => 1,
            JournalEvent::Prompt(..) => 2,
            JournalEvent::Forget(..) => 3,
            JournalEvent::Exposed(..) => 4,
            JournalEvent::Impression(..) => 5,
            JournalEvent::Exposure(..) => 6,
            JournalEvent::StickyBucket(_) => 7,
            JournalEvent::Dwell(..) => 8,
            JournalEvent::Segment(..) => 9,
        }
    }

    fn code(&mut self, codec: &mut Codec<'_>) {
        let mut tag = self.tag();
        codec.varint_u32(&mut tag);
        if codec.is_reading() {
            *self = match tag {
                0 => JournalEvent::View,
                1 => JournalEvent::Event(Event::default()),
                2 => JournalEvent::Prompt(String::new(), PromptOutcome::Failed),
                3 => JournalEvent::Forget(String::new(), String::new()),
                4 => JournalEvent::Exposed(String::new(), None),
                5 => JournalEvent::Impression(String::new(), None),
                6 => JournalEvent::Exposure(String::new(), String::new(), 0.0),
                7 => JournalEvent::StickyBucket(StickyBucket::default()),
                8 => JournalEvent::Dwell(0, 0),
                9 => JournalEvent::Segment(String::new(), false),
                _ => {
                    codec.fail();
                    return;
                }
            };
        }
        match self {
            JournalEvent::View => {}
            JournalEvent::Event(event) => event.code(codec),
            JournalEvent::Prompt(id, outcome) => {
                codec.text(id);
                let mut place = PromptOutcome::ALL.iter().position(|known| known == outcome).unwrap_or(0) as u32;
                codec.varint_u32(&mut place);
                *outcome = PromptOutcome::ALL.get(place as usize).copied().unwrap_or(PromptOutcome::Failed);
            }
            JournalEvent::Forget(dimension, key) => {
                codec.text(dimension);
                codec.text(key);
            }
            JournalEvent::Exposed(slot, variant) | JournalEvent::Impression(slot, variant) => {
                codec.text(slot);
                codec.optional(variant, Codec::text);
            }
            JournalEvent::Exposure(experiment, arm, propensity) => {
                codec.text(experiment);
                codec.text(arm);
                codec.double(propensity);
            }
            JournalEvent::StickyBucket(met) => met.code(codec),
            JournalEvent::Dwell(ms, depth) => {
                codec.varint_u32(ms);
                codec.varint_u32(depth);
            }
            JournalEvent::Segment(segment, entered) => {
                codec.text(segment);
                let mut bit = u32::from(*entered);
                codec.varint_u32(&mut bit);
                *entered = bit > 0;
            }
        }
    }
}
