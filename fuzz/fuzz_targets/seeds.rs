//! Where fuzzing begins: a few profiles and a journal of the usual kind, written into the corpus.

use std::fs;

use tailorbird::host::Native;
use tailorbird::profile::journal::{Entry, JournalEvent, Journal};
use tailorbird::profile::rules::Rules;
use tailorbird::random::Seed;
use tailorbird::signal::PromptOutcome;
use tailorbird::signal::event::Event;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{HOUR, MINUTE, Timestamp};
use tailorbird::value::{Object, Value};

fn event(name: &str, number: u64) -> Event {
    let item = Object::new().with("item_id", format!("sku-{number}")).with("item_category", "boots").with("price", 9.5);
    let params = Object::new().with("items", vec![Value::from(item)]).with("transaction_id", format!("T-{number}"));
    Event::read(name, &params.into(), &Native).unwrap_or_default()
}

fn journal(seed: u64, entries: u64) -> Journal {
    let mut journal = Journal::new(Seed(seed));
    for number in 1..=entries {
        let at = Timestamp::from_ms(1_772_445_600_000).plus(-5 * HOUR + number as i64 * MINUTE);
        let event = match number % 10 {
            0 => JournalEvent::View,
            1 => JournalEvent::Prompt("letter".into(), PromptOutcome::Dismissed),
            2 => JournalEvent::Exposed("hero".into(), Some("boots".into())),
            3 => JournalEvent::Impression("hero".into(), None),
            4 => JournalEvent::Exposure("offer".into(), "1".into(), 0.5),
            5 => JournalEvent::Dwell(9_000, 40),
            6 => JournalEvent::Segment("fan".into(), true),
            7 => JournalEvent::Event(event("purchase", number)),
            8 => JournalEvent::Forget("category".into(), "tents".into()),
            _ => JournalEvent::Event(event("view_item", number)),
        };
        journal.push(Entry { number, at, event });
    }
    journal
}

fn state(seed: u64, entries: u64) -> State {
    let mut state = State::default();
    let folding = FoldContext { rules: &Rules::default(), goals: &[("hero".to_owned(), "purchase".to_owned())] };
    let now = Timestamp::from_ms(1_772_445_600_000);
    state.merge(&[("tab".to_owned(), journal(seed, entries))], true, now, folding);
    state
}

/// One byte a character.
fn from_latin1(text: &str) -> Vec<u8> {
    text.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}

/// Frames of a journal without their checksums, each behind its length in one byte.
fn frames(journal: &[u8]) -> Vec<u8> {
    let (mut found, mut at) = (Vec::new(), 1);
    while let Some(length) = journal.get(at).copied() {
        let end = at + 5 + usize::from(length);
        found.push(length);
        found.extend(journal.get(at + 5..end).unwrap_or_default());
        at = end;
    }
    found
}

fn main() -> std::io::Result<()> {
    let payload = |seed, entries| from_latin1(&state(seed, entries).encode()).split_off(5);
    let halves = [payload(5, 20), payload(6, 20)].concat();
    let seeds = [
        ("small", [vec![5], payload(1, 1)].concat()),
        ("usual", [vec![5], payload(2, 40)].concat()),
        ("frames", [vec![1], frames(&from_latin1(&journal(3, 10).encode()))].concat()),
        ("carrying", [vec![4], halves].concat()),
    ];
    for target in ["state", "import"] {
        let folder = format!("{}/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(&folder)?;
        for (name, seed) in &seeds {
            fs::write(format!("{folder}/{name}"), seed)?;
        }
    }
    Ok(())
}
