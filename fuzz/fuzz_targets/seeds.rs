//! Where fuzzing begins: a few profiles and a journal of the usual kind, and site models, written into the corpus.

use std::fs;

use tailorbird::decision::goal::{Goal, Goals};
use tailorbird::host::Native;
use tailorbird::profile::journal::{Entry, Journal, JournalEvent};
use tailorbird::profile::report_step::ReportStep;
use tailorbird::profile::rules::Rules;
use tailorbird::random::{NoiseKey, Seed};
use tailorbird::signal::PromptOutcome;
use tailorbird::signal::event::Event;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{DAY, HOUR, MINUTE, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_recommend::areas::learn::{LearnedAreas, Settings};
use tailorbird_recommend::model_file::shards::{Shard, encode};
use tailorbird_recommend::model_file::{Kind, write};
use tailorbird_recommend::next_page::publish::Publication;
use tailorbird_recommend::next_page::{Blend, NextPage};

fn event(name: &str, number: u64) -> Event {
    let item = Object::new().with("item_id", format!("sku-{number}")).with("item_category", "boots").with("price", 9.5);
    let params = Object::new().with("items", vec![Value::from(item)]).with("transaction_id", format!("T-{number}"));
    Event::read(name, &params.into(), &Native).unwrap_or_default()
}

fn journal(seed: u64, entries: u64) -> Journal {
    let mut journal = Journal::new(Seed(seed));
    for number in 1..=entries {
        let at = Timestamp::from_ms(1_772_445_600_000).plus(-5 * HOUR + number as i64 * MINUTE);
        let event = match number % 12 {
            0 => JournalEvent::View,
            1 => JournalEvent::Prompt("letter".into(), None, PromptOutcome::Dismissed),
            2 => JournalEvent::Exposed("hero".into(), Some("boots".into())),
            3 => JournalEvent::Impression("hero".into(), None),
            4 => JournalEvent::Exposure("offer".into(), "1".into(), 0.5),
            5 => JournalEvent::Dwell(9_000, 40),
            6 => JournalEvent::Segment("fan".into(), true),
            7 => JournalEvent::Event(event("purchase", number)),
            8 => JournalEvent::Forget("category".into(), "tents".into()),
            9 => JournalEvent::Report("offer".into(), ReportStep::Begun("1".into(), NoiseKey(number, 7))),
            10 => JournalEvent::Report("offer".into(), ReportStep::Reached(9.5)),
            11 => JournalEvent::Correct("category".into(), "boots".into(), 0.3),
            12 => JournalEvent::Pause(number % 24 == 10),
            _ => JournalEvent::Event(event("view_item", number)),
        };
        journal.push(Entry { number, at, event });
    }
    journal
}

fn state(seed: u64, entries: u64) -> State {
    let mut state = State::default();
    let goal = Goal { event: "purchase".to_owned(), attribution_ms: DAY };
    let goals = Goals { slots: vec![("hero".to_owned(), goal)], prompts: Vec::new() };
    let folding = FoldContext { rules: &Rules::default(), goals: &goals };
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

/// The sections of a small site model.
fn sections() -> [(Kind, Vec<u8>); 3] {
    let names: Vec<String> = (0..8).map(|number| format!("area {number}")).collect();
    let visits: Vec<Vec<u32>> =
        (0..90_u32).map(|visit| (0..visit % 7).map(|step| (visit * 5 + step * step) % 8).collect()).collect();
    let areas = LearnedAreas::learn(&names, &visits, Settings { penalty: 1.0, support: 2, most_a_row: 5 });
    let blend = Blend { order: 3, discount: 0.5, strength: 5.0 };
    let pages = NextPage::learn(visits.iter().map(|visit| [visit.as_slice()]), blend);
    let shard = Shard { category: "boots", file: "site.boots.tbm", length: 9, checksum: 77 };
    [
        (Kind::NextPage, pages.encode(&names, Publication { support: 2, bits_a_byte: 0.1 })),
        (Kind::Areas, areas.encode()),
        (Kind::Shards, encode(&[shard, Shard { category: "hats", file: "site.hats.tbm", ..shard }])),
    ]
}

/// Each behind the byte by which the target `model` reads it: as a file, and by the place of its kind there.
fn models() -> Vec<(&'static str, Vec<u8>)> {
    let sections = sections();
    let [pages, areas, shards] = &sections;
    vec![
        ("file", [vec![0], write(&sections)].concat()),
        ("pages", [vec![9], pages.1.clone()].concat()),
        ("areas", [vec![10], areas.1.clone()].concat()),
        ("shards", [vec![11], shards.1.clone()].concat()),
    ]
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
    for (target, seeds) in [("state", &seeds[..]), ("import", &seeds), ("model", &models())] {
        let folder = format!("{}/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(&folder)?;
        for (name, seed) in seeds {
            fs::write(format!("{folder}/{name}"), seed)?;
        }
    }
    Ok(())
}
