//! Everything that an earlier version kept is read by this one: profiles and journals, encoded by the
//! version that is named, of a visitor who looked at boots and tents, turned a prompt down, bought, and
//! laid another tent in the basket.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use tailorbird::profile::journal::Journal;
use tailorbird::state::State;
use tailorbird::value::{Object, Value};

/// Bytes in hexadecimal digits, as the text that a storage area held.
fn kept(hexadecimal: &str) -> String {
    let digits: Vec<u32> = hexadecimal.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).filter_map(|pair| char::from_u32(pair[0] * 16 + pair[1])).collect()
}

/// The lines of `tests/kept/*.txt`: version, kind and bytes.
fn all() -> Vec<(u32, String, String)> {
    let text = include_str!("kept/texts.txt");
    let line = |line: &str| {
        let mut words = line.split(' ');
        let version = words.next().unwrap().parse().unwrap();
        (version, words.next().unwrap().to_owned(), kept(words.next().unwrap()))
    };
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

#[test]
fn a_profile_of_every_version_is_read() {
    let profiles: Vec<_> = all().into_iter().filter(|(_, kind, _)| kind == "profile").collect();
    assert!(profiles.len() >= 2);
    for (version, _, text) in profiles {
        let mut snapshot = State::decode(&text).unwrap_or_else(|why| panic!("version {version}: {why:?}"));
        let profile = &snapshot.profile;
        assert_eq!(profile.history.views, 2, "version {version}");
        let mut counts = Object::new();
        counts.renew(|counts| profile.history.counts(counts));
        let counts = Value::Object(counts);
        let count = |name: &str| counts.at(name).number();
        assert_eq!((count("view_item"), count("add_to_cart"), count("purchase")), (3.0, 2.0, 1.0));
        assert_eq!((profile.purchases.orders, profile.purchases.revenue), (1, 129.0));
        assert_eq!(profile.basket.value(), 240.5);
        assert_eq!(profile.session.number, 2);
        assert_eq!(profile.interests.events("category"), 6);
        let dismissed_at = profile.prompt_history.with("save-cart").map(|met| met.dismissed_at.is_some());
        assert_eq!(dismissed_at, Some(true));
        assert_eq!(profile.arms.all().len(), usize::from(version >= 2), "arms came with version 2");
        // And what is read is kept on, in the newest version.
        assert_eq!(State::decode(&snapshot.encode()).as_ref(), Ok(&snapshot));
    }
}

#[test]
fn a_journal_of_every_version_is_read() {
    let journals: Vec<_> = all().into_iter().filter(|(_, kind, _)| kind == "journal").collect();
    assert!(journals.len() >= 2);
    for (version, _, text) in journals {
        let journal = Journal::decode(&text).unwrap_or_else(|why| panic!("version {version}: {why:?}"));
        let numbers: Vec<u64> = journal.entries.iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "version {version}");
        assert!(numbers.len() >= 13, "version {version}: {numbers:?}");
    }
}
