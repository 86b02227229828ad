//! A profile that somebody brings from another device: taken in or refused, and then nothing was changed.

#![no_main]

mod input;
mod memory;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::profile::journal::{Entry, Happening, Journal};
use tailorbird::profile::rules::Rules;
use tailorbird::random::Seed;
use tailorbird::snapshot::{Folding, Snapshot};
use tailorbird::time::{HOUR, Timestamp};

/// The most bytes that a sealed profile may have, with those of two other devices.
const SEALED: usize = 50_000;
fn now() -> Timestamp {
    Timestamp::from_ms(1_772_445_600_000)
}

/// What is known on this device.
static KNOWN: LazyLock<Snapshot> = LazyLock::new(|| {
    let mut journal = Journal::new(Seed(7));
    for number in 1..4 {
        journal.push(Entry { number, at: now().plus(-HOUR), happening: Happening::View });
    }
    let mut known = Snapshot::default();
    known.merge(&[("tab".to_owned(), journal)], true, now(), Folding { rules: &Rules::default(), goals: &[] });
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
        let sealed = snapshot.seal();
        let count = sealed.chars().count();
        assert!(count < SEALED, "{count} bytes");
        let opened = Snapshot::open(&sealed).expect("what was sealed can be opened");
        let _ = opened.whole(now(), &rules).seal();
    });
});

/// By what would be kept: of doubles that are no numbers nobody is the same as itself.
fn same(one: &Snapshot, other: &Snapshot) -> bool {
    one.clone().seal() == other.clone().seal()
}
