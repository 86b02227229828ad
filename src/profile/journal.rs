//! What one tab records, numbered, before it becomes part of the profile.
//!
//! A tab writes only its own journal. Whoever folds journals into the profile notes the last number
//! folded, so that nothing counts twice.
//!
//! A journal's text grows at its end, one frame an entry, each with a checksum of its own: writing an
//! entry costs the same however long the journal is, and where the text is truncated, everything before
//! that is still good.

use super::bandit::trial::Trial;
use super::report_step::ReportStep;
use super::sticky_bucket::StickyBucket;
use crate::codec::{Codec, DecodeError, from_latin1};
use crate::random::Seed;
use crate::signal::PromptOutcome;
use crate::signal::event::Event;
use crate::time::Timestamp;

/// The most entries a journal holds.
const ENTRIES: usize = 2_048;
/// The most bytes it holds; beyond, the events of the older half are dropped and counted.
const BYTES: usize = 64_000;
/// A fold is due whenever it has grown by this many entries or bytes.
const FOLD_ENTRIES: usize = 64;
const FOLD_BYTES: usize = 12_000;

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
    /// The page viewed last has this path: told only where the site loads pages ahead.
    Page(String),
    /// The visitor did something.
    Event(Event),
    /// What became of a prompt, in which variant; `None` where it was withheld.
    Prompt(String, Option<String>, PromptOutcome),
    /// A prompt was answered: its id, and the answer.
    Answer(String, String),
    /// An interest, dimension and key, is to be forgotten.
    Forget(String, String),
    /// The share of an interest, dimension and key, that the visitor states: from 0 to 1.
    Correct(String, String, f64),
    /// The visitor wants nothing to be learned or decided from the profile from now on, or takes that back.
    Pause(bool),
    /// The visitor was exposed to a slot's variant; `None` is the page's own content.
    Exposed(String, Option<String>),
    /// A slot's variant was on the screen.
    Impression(String, Option<String>),
    /// The visitor was exposed to an experiment's variation, drawn with this probability.
    Exposure(String, String, f64),
    /// A variation to be remembered.
    StickyBucket(StickyBucket),
    /// The visitor engaged with a page for this many ms more, and has read it this far, in percent of its
    /// length.
    Dwell(u32, u32),
    /// The visitor entered a segment, or left it.
    Segment(String, bool),
    /// A variant was shown where a bandit learns.
    Trial(Trial),
    /// Something happened to the report on this experiment.
    Report(String, ReportStep),
    /// The number of events that were not recorded, because they came too fast or found no room.
    Dropped(u32),
}

/// The entries of one tab.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Journal {
    /// The seed this tab drew, for a profile that has none yet.
    pub seed: Seed,
    /// In order of their numbers.
    pub entries: Vec<Entry>,
    /// The length of its text in bytes.
    length: usize,
    /// Entries and bytes at which a fold was last due.
    fold_due_at: (usize, usize),
    /// Frames that no text holds yet.
    unsaved: String,
    /// Whether those are the beginning of a text, rather than the end of one that was written before.
    starts_text: bool,
    /// Whether some text has its beginning.
    begun: bool,
    /// Whether its text was truncated, or altered behind these entries.
    pub truncated: bool,
}

/// What is to be written of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsaved {
    /// At the end of the text that was written before.
    Append(String),
    /// In place of it.
    Replace(String),
}

impl Journal {
    /// Without entries.
    pub fn new(seed: Seed) -> Journal {
        Journal { seed, ..Journal::default() }
    }

    /// Records an entry. Where there is no room for it the older half of the entries gives up what it holds: its
    /// events count as dropped.
    pub fn push(&mut self, mut entry: Entry) {
        let frame = entry.frame();
        if self.entries.len() >= ENTRIES {
            self.merge_older_half();
        }
        while self.length.saturating_add(frame.len()) > BYTES && self.drop_older_half() {}
        if !self.begun {
            self.begin();
            // What it holds already is part of no text.
            for known in &mut self.entries {
                self.unsaved.push_str(&known.frame());
            }
        }
        self.length = self.length.saturating_add(frame.len());
        self.unsaved.push_str(&frame);
        self.entries.push(entry);
    }

    /// Drops what the older half of the entries holds, and keeps under its own number that an event was dropped: a
    /// profile that another tab has just stored may contain the event, and then skips the number. `false` where
    /// nothing is left to drop.
    fn drop_older_half(&mut self) -> bool {
        let is_whole = |entry: &&Entry| !matches!(entry.event, JournalEvent::Dropped(_));
        let half = self.entries.iter().filter(is_whole).count().div_ceil(2);
        let Some(last) = half.checked_sub(1).and_then(|at| self.entries.iter().filter(is_whole).nth(at)) else {
            return false;
        };
        let last = last.number;
        self.entries.retain_mut(|entry| {
            let dropped = entry.event.dropped();
            if entry.number <= last {
                entry.event = JournalEvent::Dropped(dropped);
            }
            entry.number > last || dropped > 0
        });
        self.rewrite();
        true
    }

    /// Replaces the older half of the entries by how many events are among them.
    fn merge_older_half(&mut self) {
        let half = self.entries.len().div_ceil(2);
        let older: Vec<Entry> = self.entries.drain(..half).collect();
        let dropped = older.iter().fold(0, |sum: u32, entry| sum.saturating_add(entry.event.dropped()));
        if let Some(last) = older.last() {
            self.entries.insert(0, Entry { event: JournalEvent::Dropped(dropped), ..*last });
        }
        self.rewrite();
    }

    fn rewrite(&mut self) {
        self.length = self.entries.iter_mut().map(|entry| entry.frame().len()).sum();
        self.rotate();
    }

    /// Whether it has grown enough since this was last true for a fold to be due.
    pub fn is_fold_due(&mut self) -> bool {
        let (entries, bytes) = self.fold_due_at;
        let due = self.entries.len() >= entries.saturating_add(FOLD_ENTRIES)
            || self.length >= bytes.saturating_add(FOLD_BYTES);
        if due {
            self.fold_due_at = (self.entries.len(), self.length);
        }
        due
    }

    /// What was recorded since the text was last asked for.
    pub fn take_unsaved(&mut self) -> Unsaved {
        if !self.begun {
            return Unsaved::Replace(self.encode());
        }
        let text = core::mem::take(&mut self.unsaved);
        if core::mem::take(&mut self.starts_text) { Unsaved::Replace(text) } else { Unsaved::Append(text) }
    }

    /// Its whole text, for a storage area.
    pub fn encode(&mut self) -> String {
        self.begin();
        for entry in &mut self.entries {
            self.unsaved.push_str(&entry.frame());
        }
        self.length = self.unsaved.len();
        self.fold_due_at = (self.entries.len(), self.length);
        self.starts_text = false;
        core::mem::take(&mut self.unsaved)
    }

    /// What is recorded from now on belongs to another text.
    pub fn rotate(&mut self) {
        self.begun = false;
        self.unsaved.clear();
    }

    fn begin(&mut self) {
        let mut head = Codec::default();
        head.varint(&mut self.seed.0);
        (self.begun, self.starts_text) = (true, true);
        self.unsaved.clear();
        self.unsaved.push_str(&Codec::header());
        self.unsaved.push_str(&head.frame());
    }

    /// Unpacks a journal; what follows a frame that is damaged is left out.
    ///
    /// # Errors
    ///
    /// When its beginning was damaged, or it was written by a later version.
    pub fn decode(text: &str) -> Result<Journal, DecodeError> {
        let mut journal = Journal::default();
        let bytes = from_latin1(text).ok_or(DecodeError::Damaged)?;
        let mut codec = Codec::open(&bytes)?;
        let mut head = codec.next_frame().ok_or(DecodeError::Damaged)?;
        head.varint(&mut journal.seed.0);
        while !codec.is_complete() {
            let Some(mut frame) = codec.next_frame() else { break };
            let mut entry = Entry::default();
            entry.code(&mut frame);
            if !frame.is_complete() || journal.entries.len() >= ENTRIES {
                codec.fail();
                break;
            }
            journal.entries.push(entry);
        }
        journal.truncated = !codec.is_complete();
        Ok(journal)
    }

    /// Drops what is part of the stored profile: all up to the entry of this number. Returns what was dropped.
    pub fn drop_up_to(&mut self, last: u64) -> Vec<Entry> {
        let (dropped, rest) = core::mem::take(&mut self.entries).into_iter().partition(|entry| entry.number <= last);
        self.entries = rest;
        dropped
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
            JournalEvent::Dropped(_) => 10,
            JournalEvent::Answer(..) => 11,
            JournalEvent::Trial(_) => 12,
            JournalEvent::Page(_) => 13,
            JournalEvent::Report(..) => 14,
            JournalEvent::Correct(..) => 15,
            JournalEvent::Pause(_) => 16,
        }
    }

    /// Whether the visitor says with it what is to become of the profile. That is recorded while learning is paused too.
    pub fn is_wish(&self) -> bool {
        matches!(self, JournalEvent::Forget(..) | JournalEvent::Correct(..) | JournalEvent::Pause(_))
    }

    /// How many events are lost where this is dropped.
    fn dropped(&self) -> u32 {
        match self {
            JournalEvent::Event(_) => 1,
            JournalEvent::Dropped(count) => *count,
            JournalEvent::View
            | JournalEvent::Page(_)
            | JournalEvent::Prompt(..)
            | JournalEvent::Answer(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Correct(..)
            | JournalEvent::Pause(_)
            | JournalEvent::Exposed(..)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Trial(_)
            | JournalEvent::Report(..) => 0,
        }
    }

    fn code(&mut self, codec: &mut Codec<'_>) {
        let mut tag = self.tag();
        codec.varint_u32(&mut tag);
        if codec.is_reading() {
            *self = match tag {
                0 => JournalEvent::View,
                1 => JournalEvent::Event(Event::default()),
                2 => JournalEvent::Prompt(String::new(), None, PromptOutcome::Failed),
                3 => JournalEvent::Forget(String::new(), String::new()),
                4 => JournalEvent::Exposed(String::new(), None),
                5 => JournalEvent::Impression(String::new(), None),
                6 => JournalEvent::Exposure(String::new(), String::new(), 0.0),
                7 => JournalEvent::StickyBucket(StickyBucket::default()),
                8 => JournalEvent::Dwell(0, 0),
                9 => JournalEvent::Segment(String::new(), false),
                10 => JournalEvent::Dropped(0),
                11 => JournalEvent::Answer(String::new(), String::new()),
                12 => JournalEvent::Trial(Trial::default()),
                13 => JournalEvent::Page(String::new()),
                14 => JournalEvent::Report(String::new(), ReportStep::Dropped),
                15 => JournalEvent::Correct(String::new(), String::new(), 0.0),
                16 => JournalEvent::Pause(false),
                _ => {
                    codec.fail();
                    return;
                }
            };
        }
        match self {
            JournalEvent::View => {}
            JournalEvent::Page(path) => codec.text(path),
            JournalEvent::Event(event) => event.code(codec),
            JournalEvent::Prompt(id, variant, outcome) => {
                codec.text(id);
                codec.optional(variant, Codec::text);
                let mut place = PromptOutcome::ALL.iter().position(|known| known == outcome).unwrap_or(0) as u32;
                codec.varint_u32(&mut place);
                *outcome = PromptOutcome::ALL.get(place as usize).copied().unwrap_or(PromptOutcome::Failed);
            }
            JournalEvent::Forget(name, text) | JournalEvent::Answer(name, text) => {
                codec.text(name);
                codec.text(text);
            }
            JournalEvent::Correct(dimension, key, share) => {
                codec.text(dimension);
                codec.text(key);
                codec.double(share);
            }
            JournalEvent::Pause(paused) => code_flag(codec, paused),
            JournalEvent::Exposed(slot, variant) | JournalEvent::Impression(slot, variant) => {
                codec.text(slot);
                codec.optional(variant, Codec::text);
            }
            JournalEvent::Exposure(experiment, variation, propensity) => {
                codec.text(experiment);
                codec.text(variation);
                codec.double(propensity);
            }
            JournalEvent::StickyBucket(bucket) => bucket.code(codec),
            JournalEvent::Dwell(ms, depth) => {
                codec.varint_u32(ms);
                codec.varint_u32(depth);
            }
            JournalEvent::Segment(segment, entered) => {
                codec.text(segment);
                code_flag(codec, entered);
            }
            JournalEvent::Trial(trial) => trial.code(codec),
            JournalEvent::Report(experiment, step) => {
                codec.text(experiment);
                step.code(codec);
            }
            JournalEvent::Dropped(count) => codec.varint_u32(count),
        }
    }
}

/// Yes or no, as a number.
fn code_flag(codec: &mut Codec<'_>, flag: &mut bool) {
    let mut bit = u32::from(*flag);
    codec.varint_u32(&mut bit);
    *flag = bit > 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::event::Item;
    use proptest::prelude::*;

    fn entry(number: u64, event: JournalEvent) -> Entry {
        Entry { number, at: Timestamp::from_ms(1_000), event }
    }

    /// An event that takes about a thousand bytes.
    fn large(number: u64) -> Entry {
        let item = Item { id: "b".repeat(950), ..Item::default() };
        entry(number, JournalEvent::Event(Event { items: vec![item], ..small_event() }))
    }

    fn small_event() -> Event {
        Event { name: "view_item".into(), ..Event::default() }
    }

    /// What a storage area holds after these entries, each flushed.
    fn written(entries: impl Iterator<Item = Entry>) -> (Journal, String) {
        let (mut journal, mut text) = (Journal::new(Seed(7)), String::new());
        for entry in entries {
            journal.push(entry);
            match journal.take_unsaved() {
                Unsaved::Append(more) => text.push_str(&more),
                Unsaved::Replace(whole) => text = whole,
            }
        }
        (journal, text)
    }

    #[test]
    fn what_finds_no_room_is_counted_the_oldest_first() {
        for (count, entry) in
            [(500_u64, large as fn(u64) -> Entry), (5_000, |number| entry(number, JournalEvent::Event(small_event())))]
        {
            let (journal, text) = written((1..=count).map(entry));
            let read = Journal::decode(&text).unwrap();
            assert_eq!(read.entries, journal.entries);
            assert!(!read.truncated && text.len() <= 2 * BYTES);
            let counted: u64 = read.entries.iter().map(|entry| u64::from(entry.event.dropped())).sum();
            assert_eq!(counted, count, "whole, or as dropped");
            assert_eq!(read.entries.last().map(|entry| entry.number), Some(count), "the newest stays");
            let numbers: Vec<u64> = read.entries.iter().map(|entry| entry.number).collect();
            assert!(numbers.is_sorted());
        }
    }

    #[test]
    fn an_event_that_is_dropped_keeps_its_number() {
        let (journal, _) = written((1..=100).map(large));
        let dropped: Vec<&Entry> =
            journal.entries.iter().filter(|entry| matches!(entry.event, JournalEvent::Dropped(_))).collect();
        assert!(!dropped.is_empty());
        // A profile that contains all entries up to here counts none of them again.
        let watermark = dropped.iter().map(|entry| entry.number).max().unwrap();
        let later = journal.entries.iter().filter(|entry| entry.number > watermark);
        assert_eq!(watermark + later.count() as u64, 100);
    }

    #[test]
    fn a_fold_is_due_with_every_64_entries() {
        let mut journal = Journal::new(Seed(7));
        let mut due = |number: u64| {
            journal.push(entry(number, JournalEvent::View));
            journal.is_fold_due()
        };
        let found: Vec<u64> = (1..=200).filter(|number| due(*number)).collect();
        assert_eq!(found, [64, 128, 192]);
    }

    #[test]
    fn a_journal_has_room_for_2048_entries() {
        let journal = |count: u64| written((1..=count).map(|number| entry(number, JournalEvent::View))).0;
        assert_eq!(journal(2_048).entries.len(), 2_048);
        // The older half is one entry, which says how much is gone.
        let entries = journal(2_049).entries;
        assert_eq!((entries.len(), entries[0].number, &entries[0].event), (1_026, 1_024, &JournalEvent::Dropped(0)));
    }

    #[test]
    fn a_journal_has_room_for_64000_bytes() {
        let entries = |count: u64| written((1..=count).map(large)).0.entries;
        let size = large(1).frame().len();
        // Numbers from 128 on would take another byte.
        let most = (1_u64..).find(|count| (*count as usize + 1) * size > BYTES).unwrap();
        assert!(most < 128);
        let dropped = |count: u64| entries(count).iter().map(|entry| entry.event.dropped()).sum::<u32>();
        let whole = |count: u64| {
            entries(count).iter().filter(|entry| !matches!(entry.event, JournalEvent::Dropped(_))).count() as u64
        };
        assert_eq!((whole(most), dropped(most)), (most, most as u32));
        assert_eq!(whole(most + 1), most + 1 - most.div_ceil(2), "the older half is dropped");
        assert_eq!(dropped(most + 1), most as u32 + 1, "and counted");
    }

    #[test]
    fn page_views_of_the_older_half_are_dropped_and_later_ones_stay() {
        let is_view = |number: u64| [1, 70].contains(&number);
        let any = |number: u64| if is_view(number) { entry(number, JournalEvent::View) } else { large(number) };
        let (journal, _) = written((1..=80).map(any));
        let views = journal.entries.iter().filter(|entry| entry.event == JournalEvent::View);
        assert_eq!(views.map(|entry| entry.number).collect::<Vec<_>>(), [70]);
    }

    #[test]
    fn a_text_that_was_begun_grows_by_what_is_new() {
        let mut journal = Journal::new(Seed(7));
        journal.push(large(1));
        assert!(matches!(journal.take_unsaved(), Unsaved::Replace(_)), "nothing is written yet");
        journal.push(large(2));
        journal.push(large(3));
        assert_eq!(journal.take_unsaved(), Unsaved::Append(large(2).frame() + &large(3).frame()));
        assert_eq!(journal.take_unsaved(), Unsaved::Append(String::new()));
    }

    #[test]
    fn only_events_count_as_dropped() {
        let entries = [JournalEvent::View, JournalEvent::Event(small_event()), JournalEvent::Dropped(4)];
        assert_eq!(entries.map(|event| event.dropped()), [0, 1, 4]);
    }

    #[test]
    fn what_is_part_of_the_stored_profile_is_dropped_from_the_journal() {
        let (mut journal, _) = written((1..=4).map(large));
        journal.drop_up_to(3);
        assert_eq!(journal.entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn a_journal_whose_end_was_altered_says_so() {
        let (journal, text) = written((1..=3).map(large));
        let read = Journal::decode(&text).unwrap();
        assert_eq!((read.truncated, &read.entries, read.seed), (false, &journal.entries, Seed(7)));
        let read = Journal::decode(&format!("{text}x")).unwrap();
        assert_eq!((read.truncated, &read.entries), (true, &journal.entries));
    }

    #[test]
    fn a_burst_is_due_to_be_folded_before_the_journal_is_full() {
        let mut journal = Journal::new(Seed(7));
        let due: Vec<u64> = (1..=40)
            .filter(|number| {
                journal.push(large(*number));
                journal.is_fold_due()
            })
            .collect();
        assert_eq!(due, [13, 26, 39]);
        assert!(journal.entries.iter().all(|entry| matches!(entry.event, JournalEvent::Event(_))));
    }

    #[test]
    fn a_journal_goes_on_in_another_text_after_it_was_rotated() {
        let (mut journal, _) = written((1..=3).map(large));
        journal.rotate();
        journal.push(large(4));
        let Unsaved::Replace(text) = journal.take_unsaved() else { panic!("the old text would be continued") };
        assert_eq!(Journal::decode(&text).unwrap().entries, journal.entries);
    }

    proptest! {
        #[test]
        fn a_journal_that_is_cut_anywhere_keeps_what_stands_before(count in 1..20_u64, cut in 0.0..1.0_f64) {
            let (journal, text) = written((1..=count).map(|number| entry(number, JournalEvent::Dropped(number as u32))));
            let end = (text.chars().count() as f64 * cut) as usize;
            let text: String = text.chars().take(end).collect();
            if let Ok(read) = Journal::decode(&text) {
                prop_assert_eq!(&read.entries[..], &journal.entries[..read.entries.len()]);
                prop_assert!(read.truncated || read.entries.len() < journal.entries.len());
            }
        }
    }
}
