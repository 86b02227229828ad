//! A profile that somebody imports from another device: imported or refused, and then nothing has changed.

#![no_main]

mod input;
mod memory;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::decision::goal::Goals;
use tailorbird::profile::journal::{Entry, Journal, JournalEvent};
use tailorbird::profile::rules::Rules;
use tailorbird::random::Seed;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{HOUR, Timestamp};

/// The most characters that an encoded profile may have, with those of two other devices.
const PROFILE: usize = 50_000;

fn now() -> Timestamp {
    Timestamp::from_ms(1_772_445_600_000)
}

/// What is known on this device.
static KNOWN: LazyLock<State> = LazyLock::new(|| {
    let mut journal = Journal::new(Seed(7));
    for number in 1..4 {
        journal.push(Entry { number, at: now().plus(-HOUR), event: JournalEvent::View });
    }
    let mut known = State::default();
    known.merge(
        &[("tab".to_owned(), journal)],
        true,
        now(),
        FoldContext { rules: &Rules::default(), goals: &Goals::default() },
    );
    known
});

fuzz_target!(|bytes: &[u8]| {
    LazyLock::force(&KNOWN);
    memory::measured(memory::OF_A_PROFILE, || {
        let text = input::text(bytes);
        let rules = Rules::default();
        let mut state = KNOWN.clone();
        if state.import_device(&text, now(), &rules).is_err() {
            return assert_eq!(state, *KNOWN, "what is refused changes nothing");
        }
        let once = state.clone();
        let second = state.import_device(&text, now(), &rules);
        assert!(second.is_ok() && same(&state, &once), "what is imported twice counts once");
        let encoded = state.encode();
        let count = encoded.chars().count();
        assert!(count < PROFILE, "{count} characters");
        let decoded = State::decode(&encoded).expect("what was encoded can be decoded");
        let _ = decoded.merged(now(), &rules).encode();
    });
});

/// By what would be stored: NaN does not equal itself.
fn same(one: &State, other: &State) -> bool {
    one.clone().encode() == other.clone().encode()
}
