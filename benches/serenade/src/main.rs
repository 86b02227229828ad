//! How long a list of 20 items takes: ours and Serenade's, in one process, on one thread, for the same histories.
//!
//! `tailorbird-bench-serenade TRAIN TEST ROUNDS`: two CSV files of sessions, `SessionId,ItemId,Time`, whole numbers as
//! ids, sorted by session and time. Prints one JSON object on the last line. Serenade prints lines of its own before.
//!
//! Ours is learned without minimum support, written and read back. It is given the numbers of the history and looks up
//! that of the current item, as a page view does. Serenade is given the last nine ids, as its authors do.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::time::Instant;

use serde_json::{Value, json};
use serenade::vmisknn::predict;
use serenade::vmisknn::vmis_index::VMISIndex;
use tailorbird_recommend::items::Items;
use tailorbird_recommend::learn::{Product, Session, View, learn};
use tailorbird_recommend::recommender::{Kind, Recommender};
use tailorbird_recommend::rules::Rules;
use tailorbird_recommend::sessions::Sessions;

const LENGTH: usize = 20;
/// Serenade's own defaults for accuracy: the most recent sessions, the nearest of them, and the last items.
const RECENT: usize = 500;
const NEAREST: usize = 500;
const LAST_ITEMS: usize = 9;

/// The items of one session, with their times.
type Seen = Vec<(u64, f64)>;

fn read(path: &str) -> Result<Vec<Seen>, Box<dyn Error>> {
    let mut sessions: BTreeMap<u64, Seen> = BTreeMap::new();
    for (place, line) in fs::read_to_string(path)?.lines().enumerate().skip(1) {
        let mut fields = line.split(',');
        let mut next = || fields.next().ok_or(format!("{path}, line {}: expected three fields", place + 1));
        let (session, item, time) = (next()?.parse()?, next()?.parse()?, next()?.parse()?);
        sessions.entry(session).or_default().push((item, time));
    }
    Ok(sessions.into_values().collect())
}

/// The model of ours: its sections.
fn sections(train: &[Seen]) -> Option<[Vec<u8>; 3]> {
    let items: BTreeSet<u64> = train.iter().flatten().map(|(item, _)| *item).collect();
    let items: Vec<u64> = items.into_iter().collect();
    let catalog: Vec<Product> =
        items.iter().map(|item| Product { id: item.to_string(), category: String::new() }).collect();
    let view = |(item, seconds): &(u64, f64)| {
        let product = u32::try_from(items.binary_search(item).ok()?).ok()?;
        Some(View { product, seconds: *seconds })
    };
    let session = |(visitor, seen): (u32, &Seen)| Session {
        visitor,
        views: seen.iter().filter_map(view).collect(),
        bought: Vec::new(),
    };
    let sessions: Vec<Session> = (0..).zip(train).map(session).collect();
    let parts = learn(&catalog, &sessions, 1)?;
    Some([parts.items.encode(), parts.rules.encode(), parts.sessions.encode()])
}

/// The percentiles of microseconds.
fn percentiles(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |hundredths: usize| times.get((times.len() * hundredths).div_ceil(100).saturating_sub(1));
    json!({ "p50": at(50), "p90": at(90), "p99": at(99) })
}

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [train_path, test_path, rounds] = given.as_slice() else { return Err("expected TRAIN TEST ROUNDS".into()) };
    let (train, test) = (read(train_path)?, read(test_path)?);

    let [items, rules, sessions] = sections(&train).ok_or("no model can be made of the sessions")?;
    let recommender = Recommender::new(
        Items::read(&items).ok_or("items cannot be read")?,
        Rules::read(&rules),
        Sessions::read(&sessions),
    );

    let mut table = tempfile::NamedTempFile::new()?;
    writeln!(table, "SessionId\tItemId\tTime")?;
    for (session, seen) in train.iter().enumerate() {
        for (item, time) in seen {
            writeln!(table, "{session}\t{item}\t{time}")?;
        }
    }
    table.flush()?;
    let index = VMISIndex::new_from_csv(&table.path().to_string_lossy(), RECENT, 1.0);

    // Of items that both know.
    let mut histories: Vec<(Vec<u64>, Vec<u32>)> = Vec::new();
    for seen in &test {
        let known = seen.iter().filter_map(|(item, _)| Some((*item, recommender.number(&item.to_string())?)));
        let (ids, numbers): (Vec<u64>, Vec<u32>) = known.unzip();
        histories.extend((1..ids.len()).map(|length| (ids[..length].to_vec(), numbers[..length].to_vec())));
    }
    let names: Vec<String> = histories.iter().map(|(ids, _)| ids[ids.len() - 1].to_string()).collect();

    let ours = || {
        let mut times = Vec::with_capacity(histories.len());
        for ((_, numbers), name) in histories.iter().zip(&names) {
            let started = Instant::now();
            let number = recommender.number(name);
            let list = recommender.recommend(Kind::ForYou, numbers, LENGTH);
            times.push(started.elapsed().as_secs_f64() * 1e6);
            std::hint::black_box((number, list));
        }
        times
    };
    let theirs = || {
        let mut times = Vec::with_capacity(histories.len());
        for (ids, _) in &histories {
            let started = Instant::now();
            let last = &ids[ids.len().saturating_sub(LAST_ITEMS)..];
            let list = predict(&index, last, NEAREST, RECENT, LENGTH, false).into_sorted_vec();
            times.push(started.elapsed().as_secs_f64() * 1e6);
            std::hint::black_box(list);
        }
        times
    };
    // Caches and the clock of the processor warm up.
    (ours(), theirs());
    let rounds: Vec<Value> = (0..rounds.parse::<usize>()?)
        .map(|round| {
            // They take turns in who comes first.
            let (ours, theirs) = if round % 2 == 0 {
                let ours = ours();
                (ours, theirs())
            } else {
                let theirs = theirs();
                (ours(), theirs)
            };
            json!({ "tailorbird": percentiles(ours), "serenade": percentiles(theirs) })
        })
        .collect();
    println!("{}", json!({ "requests": histories.len(), "rounds": rounds }));
    Ok(())
}
