//! What another hand put into storage: opened or refused, and what was opened can be worked with.

#![no_main]

mod input;
mod memory;

use libfuzzer_sys::fuzz_target;
use tailorbird::profile::journal::Journal;
use tailorbird::profile::rules::Rules;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::Timestamp;

/// The most bytes that a encoded profile may have, with those of two other devices.
const SEALED: usize = 50_000;

fuzz_target!(|bytes: &[u8]| {
    memory::measured(|| {
        let text = input::text(bytes);
        let rules = Rules::default();
        let folding = FoldContext { rules: &rules, goals: &[("hero".to_owned(), "purchase".to_owned())] };
        let now = Timestamp::from_ms(1_772_445_600_000);
        if let Ok(mut journal) = Journal::decode(&text) {
            let again = Journal::decode(&journal.encode()).expect("a journal that was opened can be kept");
            assert!(!again.truncated && again.entries.len() == journal.entries.len());
            let mut snapshot = State::default();
            snapshot.merge(&[("tab".to_owned(), journal)], true, now, folding);
            keep(snapshot);
        }
        if let Ok(mut snapshot) = State::decode(&text) {
            keep(snapshot.clone());
            snapshot.merge(&[("tab".to_owned(), Journal::default())], true, now, folding);
            keep(snapshot.clone());
            let whole = snapshot.whole(now, &rules);
            let mut tree = tailorbird::value::Object::new();
            whole.profile.interests.shares(&rules, &[], now, &mut tree);
            whole.profile.interests.trends(now, &mut tree);
            keep(whole);
        }
    });
});

fn keep(mut snapshot: State) {
    let encoded = snapshot.encode();
    let count = encoded.chars().count();
    assert!(count < SEALED, "{count} bytes");
    State::decode(&encoded).expect("what was encoded can be opened");
}
