//! A profile that somebody brings from another device: taken in or refused, and then nothing was changed.

#![no_main]

mod input;
mod memory;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::profile::journal::{Entry, JournalEvent, Journal};
use tailorbird::profile::rules::Rules;
use tailorbird::random::Seed;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{HOUR, Timestamp};

/// The most bytes that a encoded profile may have, with those of two other devices.
const SEALED: usize = 50_000;
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
    known.merge(&[("tab".to_owned(), journal)], true, now(), FoldContext { rules: &Rules::default(), goals: &[] });
    known
});

fuzz_target!(|bytes: &[u8]| {
    LazyLock::force(&KNOWN);
    memory::measured(|| {
        let text = input::text(bytes);
        let rules = Rules::default();
        let mut snapshot = KNOWN.clone();
        if snapshot.adopt(&text, now(), &rules).is_err() {
            return assert_eq!(snapshot, *KNOWN, "what is refused changes nothing");
        }
        let once = snapshot.clone();
        let second = snapshot.adopt(&text, now(), &rules);
        assert!(second.is_ok() && same(&snapshot, &once), "what is brought twice counts once");
        let encoded = snapshot.encode();
        let count = encoded.chars().count();
        assert!(count < SEALED, "{count} bytes");
        let opened = State::decode(&encoded).expect("what was encoded can be opened");
        let _ = opened.whole(now(), &rules).encode();
    });
});

/// By what would be kept: of doubles that are no numbers nobody is the same as itself.
fn same(one: &State, other: &State) -> bool {
    one.clone().encode() == other.clone().encode()
}
