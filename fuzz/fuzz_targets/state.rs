//! What another script put into storage: decoded or refused, and what was decoded can be worked with.

#![no_main]

mod input;
mod memory;

use libfuzzer_sys::fuzz_target;
use tailorbird::decision::goal::{Goal, Goals};
use tailorbird::profile::journal::Journal;
use tailorbird::profile::rules::Rules;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{DAY, Timestamp};

/// The most characters that an encoded profile may have, with those of two other devices.
const PROFILE: usize = 50_000;

fuzz_target!(|bytes: &[u8]| {
    memory::measured(memory::OF_A_PROFILE, || {
        let text = input::text(bytes);
        let rules = Rules::default();
        let goal = Goal { event: "purchase".to_owned(), attribution_ms: DAY };
        let goals = Goals { slots: vec![("hero".to_owned(), goal)], prompts: Vec::new() };
        let folding = FoldContext { rules: &rules, goals: &goals };
        let now = Timestamp::from_ms(1_772_445_600_000);
        if let Ok(mut journal) = Journal::decode(&text) {
            let again = Journal::decode(&journal.encode()).expect("a journal that was decoded can be stored");
            assert!(!again.truncated && again.entries.len() == journal.entries.len());
            let mut state = State::default();
            state.merge(&[("tab".to_owned(), journal)], true, now, folding);
            check(state);
        }
        if let Ok(mut state) = State::decode(&text) {
            check(state.clone());
            state.merge(&[("tab".to_owned(), Journal::default())], true, now, folding);
            check(state.clone());
            let merged = state.merged(now, &rules);
            let mut tree = tailorbird::value::Object::new();
            merged.profile.interests.shares(&rules, &[], now, &mut tree);
            merged.profile.interests.trends(now, &mut tree);
            check(merged);
        }
    });
});

fn check(mut state: State) {
    let encoded = state.encode();
    let count = encoded.chars().count();
    assert!(count < PROFILE, "{count} characters");
    State::decode(&encoded).expect("what was encoded can be decoded");
}
