//! The whole of what is kept: the profile, the counts, and which journals are part of them.

use crate::codec::{Codec, DecodeError, decode};
use crate::decision::goal::Goals;
use crate::hash::fnv1a_64;
use crate::measurement::exposure::Exposures;
use crate::measurement::ledger::Ledger;
use crate::measurement::prompt_counts::PromptCounts;
use crate::measurement::reports::Reports;
use crate::profile::Profile;
use crate::profile::journal::{Entry, Journal, JournalEvent};
use crate::profile::rules::Rules;
use crate::time::{DAY, Timestamp};

/// How many journals are remembered as folded.
const WATERMARKS: usize = 64;
/// How large an encoded profile may be, in bytes, without those of other devices.
const BYTES: usize = 24_000;
/// How large one of another device may be.
const BYTES_ELSEWHERE: usize = 6_000;
/// How many other devices there can be.
const DEVICES: usize = 2;

/// Everything kept about a visitor.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct State {
    /// Who the visitor is now.
    pub profile: Profile,
    /// What came of what was shown.
    pub ledger: Ledger,
    /// What became of prompts.
    pub prompt_counts: PromptCounts,
    /// The variations of experiments that the visitor was exposed to.
    pub exposures: Exposures,
    /// The reports on experiments that are awaited, and those that were handed out.
    pub reports: Reports,
    /// How many events were not recorded, because they came too fast or found no room.
    pub dropped: u64,
    /// By journal, the number of its last entry that is part of this.
    pub folded: Vec<(String, u64)>,
    /// The id by which profiles of two devices differ; 0 before anything was folded.
    device: u64,
    /// How many entries are part of this: of two states of one device the one with more is later.
    count: u64,
    /// What was brought here from other devices.
    other_devices: Vec<OtherDevice>,
}

/// The profile of the same visitor on another device, as it was when it was brought here.
///
/// Each device folds its own events and no other's. So it does not matter how often, over which
/// devices and in which order profiles are carried: of each device the latest state counts, once.
/// That is a state-based counter (Shapiro, Preguiça, Baquero and Zawirski 2011, "Conflict-free
/// replicated data types", SSS, section 3.1), with whole profiles in place of numbers.
#[derive(Clone, Debug, PartialEq, Default)]
struct OtherDevice {
    device: u64,
    count: u64,
    encoded: String,
}

/// Why a profile of another device was not imported; nothing was changed. Displayed as the `reason` of
/// `Imported` in `www/loader/types.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error("damaged")]
    Damaged,
    /// A later version has written it.
    #[error("newer")]
    Newer,
    /// Retention says that it may not be kept any longer.
    #[error("expired")]
    Expired,
    /// Too many other devices are known already.
    #[error("too-many")]
    TooMany,
    /// Nothing may be stored, or everything was erased since the import began.
    #[error("consent")]
    Consent,
    /// Storage is blocked or full.
    #[error("unsupported")]
    Unsupported,
    /// The engine is busy, or has ended.
    #[error("unavailable")]
    Unavailable,
}

impl From<DecodeError> for ImportError {
    fn from(why: DecodeError) -> ImportError {
        match why {
            DecodeError::Damaged => ImportError::Damaged,
            DecodeError::Newer => ImportError::Newer,
        }
    }
}

/// What a fold needs of the config.
#[derive(Clone, Copy)]
pub struct FoldContext<'a> {
    /// How profiles are folded.
    pub rules: &'a Rules,
    /// What counts as success.
    pub goals: &'a Goals,
}

impl OtherDevice {
    /// What is known there, unless retention says that it may not be kept any longer.
    fn decode(&self, now: Timestamp, rules: &Rules) -> Option<State> {
        State::decode(&self.encoded).ok().filter(|other| !other.profile.is_over(now, rules))
    }
}

impl State {
    /// Encodes it for a storage area; where it is too large, without the oldest and weakest of what it knows.
    pub fn encode(&mut self) -> String {
        let other_devices = self.other_devices.iter().fold(0, |sum, other| sum + other.encoded.len());
        self.encode_within(BYTES.saturating_add(other_devices))
    }

    fn encode_within(&mut self, most: usize) -> String {
        let mut times = 0;
        loop {
            let mut codec = Codec::default();
            codec.halve_lists(times);
            self.code(&mut codec);
            if codec.len() <= most || times > 7 {
                return codec.encode();
            }
            times += 1;
        }
    }

    /// Whether other devices know more, which is part of this only as encoded texts.
    pub fn is_partial(&self) -> bool {
        !self.other_devices.is_empty()
    }

    /// Goes on without what other devices know.
    pub fn drop_other_devices(&mut self) {
        self.other_devices.clear();
    }

    /// Everything known of the visitor, whatever the device.
    #[must_use]
    pub fn merged(mut self, now: Timestamp, rules: &Rules) -> State {
        let now = self.profile.retention_time(now);
        for other in core::mem::take(&mut self.other_devices) {
            if let Some(other) = other.decode(now, rules) {
                self.profile.merge(other.profile, rules);
                self.ledger.merge(&other.ledger);
                self.prompt_counts.merge(&other.prompt_counts);
                self.exposures.merge(other.exposures);
                self.reports.merge(other.reports);
                self.dropped = self.dropped.saturating_add(other.dropped);
            }
        }
        self
    }

    /// Encodes all of it: what is not stored may be of any size.
    pub fn encode_all(&mut self) -> String {
        self.encode_within(usize::MAX)
    }

    /// Adds a state that was encoded on another device, and the states that had been brought there.
    ///
    /// # Errors
    ///
    /// With why it cannot be used: damaged, newer, expired, or too many devices. Then nothing was changed.
    pub fn import_device(&mut self, text: &str, now: Timestamp, rules: &Rules) -> Result<(), ImportError> {
        let mut other = State::decode(text)?;
        if other.profile.is_over(self.profile.retention_time(now), rules) {
            return Err(ImportError::Expired);
        }
        let mut brought = core::mem::take(&mut other.other_devices);
        other.folded.clear();
        brought.push(OtherDevice {
            device: other.device,
            count: other.count,
            encoded: other.encode_within(BYTES_ELSEWHERE),
        });
        let same = |one: &OtherDevice, other: &OtherDevice| one.device == other.device;
        brought.retain(|state| state.device != self.device && state.count > 0);
        let new = brought.iter().filter(|state| !self.other_devices.iter().any(|known| same(known, state))).count();
        if self.other_devices.len() + new > DEVICES {
            return Err(ImportError::TooMany);
        }
        for state in brought {
            match self.other_devices.iter_mut().find(|known| same(known, &state)) {
                Some(known) if known.count >= state.count => {}
                Some(known) => *known = state,
                None => self.other_devices.push(state),
            }
        }
        Ok(())
    }

    /// Decodes a state.
    ///
    /// # Errors
    ///
    /// When it was damaged, or written by a later version.
    pub fn decode(text: &str) -> Result<State, DecodeError> {
        let decoded = decode(text)?;
        let mut codec = decoded.read();
        let mut state = State::default();
        state.code(&mut codec);
        if codec.is_complete() { Ok(state) } else { Err(DecodeError::Damaged) }
    }

    fn code(&mut self, codec: &mut Codec<'_>) {
        self.profile.code(codec);
        self.ledger.code(codec);
        self.prompt_counts.code(codec);
        self.exposures.code(codec);
        codec.varint(&mut self.dropped);
        codec.halve_lists(0);
        codec.list(WATERMARKS, &mut self.folded, |codec, (journal, last)| {
            codec.text(journal);
            codec.varint(last);
        });
        // Whole: what is forgotten of it could be reported again.
        self.reports.code(codec);
        codec.varint(&mut self.device);
        codec.varint(&mut self.count);
        codec.list(DEVICES, &mut self.other_devices, |codec, other| {
            codec.varint(&mut other.device);
            codec.varint(&mut other.count);
            codec.text(&mut other.encoded);
        });
    }

    /// Folds one entry. An order that was counted before does not count again, and nothing counts while the visitor has
    /// paused.
    pub fn fold(&mut self, entry: &Entry, folding: FoldContext<'_>) {
        self.count = self.count.saturating_add(1);
        if let JournalEvent::Dropped(count) = entry.event {
            self.dropped = self.dropped.saturating_add(u64::from(count));
        } else if !self.profile.has_counted(entry) && !self.profile.skips(entry) {
            self.profile.fold(entry, folding.rules);
            self.ledger.fold(entry, &folding.goals.slots);
            self.prompt_counts.fold(entry, &folding.goals.prompts);
            self.exposures.fold(entry);
            self.reports.fold(entry);
        }
    }

    /// The time by which stored data expires at `now`, as the profile has it once these journals are folded.
    /// While nothing is stored, `now` is believed.
    fn retention_time(&self, journals: &[(String, Journal)], now: Timestamp) -> Timestamp {
        if self.profile.created.is_none() {
            return now;
        }
        let folded = |id: &String| self.folded.iter().find(|(known, _)| known == id).map_or(0, |(_, last)| *last);
        let mut times: Vec<Timestamp> = Vec::new();
        for (id, journal) in journals {
            let folded = folded(id);
            times.extend(journal.entries.iter().filter(|entry| entry.number > folded).map(|entry| entry.at));
        }
        times.sort_unstable();
        let mut clock = self.profile.clock.clone();
        times.into_iter().for_each(|at| clock.observe(at));
        clock.believed(now, 0)
    }

    /// Folds journals: each entry once, in the order of time, unless retention says at `now` that it is too old
    /// to be kept. Watermarks of journals that are gone are dropped.
    ///
    /// A state that is to be stored has room for a limited number of watermarks; journals beyond wait for a
    /// later fold. One that stays in memory has no such limit.
    pub fn merge(
        &mut self,
        journals: &[(String, Journal)],
        for_storage: bool,
        now: Timestamp,
        folding: FoldContext<'_>,
    ) {
        let now = self.retention_time(journals, now);
        if self.profile.is_over(now, folding.rules) {
            *self = State { folded: core::mem::take(&mut self.folded), ..State::default() };
        }
        let mut eldest = (self.profile.created, None);
        self.other_devices.retain(|other| {
            let Some(State { profile, .. }) = other.decode(now, folding.rules) else { return false };
            if profile.created.is_some_and(|created| eldest.0.is_none_or(|eldest| created < eldest)) {
                eldest = (profile.created, profile.seed);
            }
            true
        });
        self.folded.retain(|(id, _)| journals.iter().any(|(other, _)| other == id));
        if self.profile.seed.is_none() {
            let first = |journal: &&(String, Journal)| journal.1.entries.first().map(|entry| entry.at);
            let oldest = journals.iter().filter(|journal| first(journal).is_some()).min_by_key(first);
            self.profile.seed = oldest.map(|(_, journal)| journal.seed);
        }
        if let (0, Some(seed)) = (self.device, self.profile.seed) {
            self.device = fnv1a_64(&seed.0.to_le_bytes());
        }
        let mut rest: Vec<(&str, &[Entry])> = Vec::new();
        for (id, journal) in journals {
            let watermark = self.folded.iter().find(|(other, _)| other == id).map(|(_, last)| *last);
            if watermark.is_none() {
                if for_storage && self.folded.len() >= WATERMARKS {
                    continue;
                }
                self.folded.push((id.clone(), 0));
            }
            let start = journal.entries.iter().position(|entry| entry.number > watermark.unwrap_or(0));
            rest.push((id, start.and_then(|start| journal.entries.get(start..)).unwrap_or_default()));
        }
        let oldest = now.plus(-i64::from(folding.rules.profile_days) * DAY);
        // The earliest of the heads, again and again: every journal is in order in itself.
        while let Some((id, entries)) =
            rest.iter_mut().filter(|(_, entries)| !entries.is_empty()).min_by(|one, other| head(one).cmp(&head(other)))
        {
            let Some((entry, after)) = entries.split_first() else { break };
            *entries = after;
            if entry.at >= oldest {
                self.fold(entry, folding);
            } else {
                self.count = self.count.saturating_add(1);
            }
            if let Some(watermark) = self.folded.iter_mut().find(|(other, _)| other == id) {
                watermark.1 = entry.number;
            }
        }
        let days = i64::from(folding.rules.event_days) * DAY;
        self.profile.history.drop_older(now, days);
        self.profile.items.drop_older(now, days);
        self.profile.event_timestamps.drop_older(now, days, &folding.rules.rolling);
        // In memory the visitor is who they are on all devices, already before those are merged.
        if let (false, Some(_)) = (for_storage, eldest.1) {
            self.profile.seed = eldest.1;
        }
    }
}

/// By what entries of several journals are ordered: time, then journal, then number.
fn head<'a>(journal: &(&'a str, &[Entry])) -> (Option<Timestamp>, &'a str, u64) {
    let first = journal.1.first();
    (first.map(|entry| entry.at), journal.0, first.map_or(0, |entry| entry.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;
    use crate::signal::event::{Event, Item, Tag};
    use crate::value::{Object, Value};
    use proptest::prelude::*;

    fn journal(id: &str, times: &[i64]) -> (String, Journal) {
        let entry = |(index, at): (usize, &i64)| {
            let item =
                Item { id: "x".into(), tags: vec![Tag::new("category", &format!("c{}", at % 3))], ..Item::default() };
            let event = Event { name: "view_item".into(), items: vec![item], ..Event::default() };
            Entry { number: index as u64 + 1, at: Timestamp::from_ms(*at), event: JournalEvent::Event(event) }
        };
        let mut journal = Journal::new(Seed(7));
        journal.entries = times.iter().enumerate().map(entry).collect();
        (id.to_owned(), journal)
    }

    fn folded(batches: &[Vec<(String, Journal)>]) -> State {
        let rules = Rules::default();
        let mut state = State::default();
        for batch in batches {
            state = State::decode(&state.encode()).unwrap();
            state.merge(batch, true, Timestamp::from_ms(DAY), FoldContext { rules: &rules, goals: &Goals::default() });
        }
        state
    }

    #[test]
    fn an_entry_counts_once_however_often_its_journal_is_folded() {
        let [a, b] = [journal("a", &[1, 5, 9]), journal("b", &[2, 3])];
        let once = folded(&[vec![a.clone(), b.clone()]]);
        let longer = journal("a", &[1, 5, 9, 12]);
        let thrice = folded(&[vec![a.clone(), b.clone()], vec![b.clone(), a], vec![longer, b]]);
        let count = |state: &State| {
            let mut counts = Object::new();
            counts.renew(|counts| state.profile.history.counts(counts));
            counts.get("view_item").cloned()
        };
        assert_eq!(count(&once), Some(5_u32.into()));
        assert_eq!(count(&thrice), Some(6_u32.into()));
    }

    const TODAY: i64 = 20_500 * DAY;

    /// The state after one more journal was folded at `now`.
    fn merged(state: &State, id: &str, times: &[i64], now: i64) -> State {
        let rules = Rules::default();
        let mut state = State::decode(&state.clone().encode()).unwrap();
        let folding = FoldContext { rules: &rules, goals: &Goals::default() };
        state.merge(&[journal(id, times)], true, Timestamp::from_ms(now), folding);
        state
    }

    /// How many products were viewed.
    fn views(state: &State) -> Option<f64> {
        let mut counts = Object::new();
        counts.renew(|counts| state.profile.history.counts(counts));
        counts.get("view_item").and_then(Value::as_number)
    }

    #[test]
    fn an_entry_counts_unless_it_is_older_than_a_profile_may_be() {
        let oldest = TODAY - 395 * DAY;
        let state = merged(&State::default(), "a", &[oldest - 1, oldest, TODAY], TODAY);
        assert_eq!(views(&state), Some(2.0));
        assert_eq!(state.folded, [("a".to_owned(), 3)], "all of them are done with");
    }

    #[test]
    fn what_was_part_of_a_profile_that_is_over_does_not_count_again() {
        let mut times: Vec<i64> = (0..14).map(|month| TODAY + month * 30 * DAY).collect();
        let before = merged(&State::default(), "a", &times, *times.last().unwrap());
        assert_eq!(views(&before), Some(14.0));
        times.push(TODAY + 14 * 30 * DAY);
        let after = merged(&before, "a", &times, *times.last().unwrap());
        assert_eq!(views(&after), Some(1.0), "the one that is new");
    }

    #[test]
    fn journals_beyond_those_that_can_be_remembered_wait_for_a_later_fold() {
        let rules = Rules::default();
        let folding = FoldContext { rules: &rules, goals: &Goals::default() };
        let mut journals: Vec<_> = (0..=WATERMARKS).map(|number| journal(&format!("j{number}"), &[TODAY])).collect();
        let now = Timestamp::from_ms(TODAY);
        let mut stored = State::default();
        stored.merge(&journals, true, now, folding);
        assert_eq!(views(&stored), Some(64.0));
        let mut in_memory = State::default();
        in_memory.merge(&journals, false, now, folding);
        assert_eq!(views(&in_memory), Some(65.0), "nothing waits where nothing is stored");
        journals.remove(0);
        stored.merge(&journals, true, now, folding);
        assert_eq!(views(&stored), Some(65.0), "a journal that is gone makes room");
    }

    /// What a device knows, of its own alone, after products were viewed there at these times.
    fn device(seed: u64, times: &[i64]) -> State {
        let (rules, mut state) = (Rules::default(), State::default());
        let (id, mut journal) = journal("a", times);
        journal.seed = Seed(seed);
        state.merge(
            &[(id, journal)],
            true,
            Timestamp::from_ms(TODAY),
            FoldContext { rules: &rules, goals: &Goals::default() },
        );
        state
    }

    fn import(state: &mut State, mut other: State) -> Result<(), ImportError> {
        state.import_device(&other.encode_all(), Timestamp::from_ms(TODAY), &Rules::default())
    }

    fn everywhere(state: &State) -> Option<f64> {
        views(&state.clone().merged(Timestamp::from_ms(TODAY), &Rules::default()))
    }

    #[test]
    fn of_each_device_the_latest_state_counts_once() {
        let (early, late) = (device(2, &[TODAY]), device(2, &[TODAY, TODAY]));
        let mut state = device(1, &[TODAY; 10]);
        assert!(!state.is_partial());
        for (other, expected, why) in [
            (early.clone(), 11.0, "another device"),
            (late.clone(), 12.0, "the same, later"),
            (early, 12.0, "an earlier state of it says nothing new"),
            (late, 12.0, "nor does the same state once more"),
            (device(1, &[TODAY; 20]), 12.0, "a state of this device itself"),
            (State::default(), 12.0, "a device on which nothing happened"),
            (device(3, &[TODAY]), 13.0, "a third device"),
        ] {
            assert_eq!(import(&mut state, other), Ok(()), "{why}");
            assert_eq!(everywhere(&state), Some(expected), "{why}");
        }
        assert_eq!(import(&mut state, device(4, &[TODAY])), Err(ImportError::TooMany), "there is room for two others");
        assert_eq!(import(&mut state, device(2, &[TODAY; 3])), Ok(()), "one that is known needs none");
        assert_eq!((everywhere(&state), views(&state)), (Some(14.0), Some(10.0)));
        assert!(state.is_partial());
        state.drop_other_devices();
        assert_eq!((everywhere(&state), state.is_partial()), (Some(10.0), false));
    }

    #[test]
    fn what_was_brought_to_a_device_is_carried_on_from_there() {
        let mut second = device(2, &[TODAY]);
        import(&mut second, device(3, &[TODAY; 5])).unwrap();
        let mut first = device(1, &[TODAY; 10]);
        import(&mut first, second).unwrap();
        assert_eq!(everywhere(&first), Some(16.0));
    }

    #[test]
    fn a_device_whose_profile_is_over_is_not_imported() {
        let mut state = device(1, &[TODAY]);
        assert_eq!(import(&mut state, device(2, &[TODAY - 395 * DAY])), Ok(()), "395 days are not over");
        let mut other = State::default();
        let at = Timestamp::from_ms(TODAY - 396 * DAY);
        other.merge(
            &[journal("a", &[at.ms()])],
            true,
            at,
            FoldContext { rules: &Rules::default(), goals: &Goals::default() },
        );
        assert_eq!(import(&mut state, other), Err(ImportError::Expired));
    }

    #[test]
    fn a_state_that_fits_is_stored_whole_and_one_that_does_not_is_halved_until_it_does() {
        let mut state = device(1, &[TODAY]);
        (0..64).for_each(|kind| state.profile.history.count(&format!("event_{kind}"), Timestamp::from_ms(TODAY)));
        let whole = state.encode_all();
        let mut codec = Codec::default();
        state.code(&mut codec);
        let size = codec.len();
        assert_eq!(state.encode_within(size), whole, "it just fits");
        assert_ne!(state.encode_within(size - 1), whole, "a byte is missing");
        let least = state.encode_within(0);
        assert!(least.len() < whole.len(), "and it is stored as small as it gets, however little room there is");
        assert_eq!(
            State::decode(&least).unwrap().folded,
            state.folded,
            "with its watermarks, or entries would count again"
        );
    }

    #[test]
    fn a_page_view_with_the_clock_two_years_off_loses_nothing() {
        for wrong in [-730, -60, 60, 730] {
            let off = TODAY + wrong * DAY;
            let first = merged(&State::default(), "a", &[TODAY], TODAY);
            let off_page = merged(&first, "b", &[off], off);
            assert_eq!(views(&off_page), Some(2.0), "{wrong} days off");
            let next = merged(&off_page, "c", &[TODAY + DAY], TODAY + DAY);
            assert_eq!(views(&next), Some(3.0), "{wrong} days off, then right again");
        }
        let first = merged(&State::default(), "a", &[TODAY], TODAY);
        let back = merged(&first, "b", &[TODAY + 730 * DAY], TODAY + 730 * DAY);
        let confirmed = merged(&back, "c", &[TODAY + 731 * DAY], TODAY + 731 * DAY);
        assert_eq!(views(&confirmed), Some(1.0), "two years later, and the day after: all before is over");
    }

    proptest! {
        #[test]
        fn journals_fold_the_same_in_any_order(mut one in prop::collection::vec(0..10_000_000_i64, 0..20),
                                               mut other in prop::collection::vec(0..10_000_000_i64, 0..20)) {
            one.sort_unstable();
            other.sort_unstable();
            let [a, b] = [journal("a", &one), journal("b", &other)];
            let forward = folded(&[vec![a.clone(), b.clone()]]);
            let backward = folded(&[vec![b, a]]);
            prop_assert_eq!(forward.profile, backward.profile);
        }

        #[test]
        fn any_text_is_opened_or_refused(text in ".*", noise: Vec<u8>) {
            let _ = State::decode(&text);
            let mut out = Codec::default();
            for byte in noise {
                out.varint(&mut u64::from(byte));
            }
            // Well encoded, and nonsense inside.
            let _ = State::decode(&out.encode());
        }
    }
}
