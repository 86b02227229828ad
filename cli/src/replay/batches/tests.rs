use tailorbird::config::Config;
use tailorbird::time::Timestamp;

use super::super::recorded::{Item, Kind, Recorded};
use super::super::times::Times;
use super::*;

const CONFIG: &str = r#"{"version": 1,
    "interests": {"dimensions": ["category"]},
    "segments": [{"id": "back", "when": {"visitor.returning": true}}],
    "slots": [{"id": "hero",
        "choose": [{"by": "interest", "dimension": "category", "min": 0.5, "events": 2}, {"by": "segment"}],
        "variants": [{"id": "boots", "tags": {"category": "boots"}}, {"id": "back", "segment": "back"}]}]}"#;

fn config() -> Config {
    Config::read(&serde_json::from_str(CONFIG).unwrap()).unwrap()
}

fn view(at: i64, category: &str) -> Step {
    let item = Item { id: "b-7".to_owned(), category: category.to_owned(), price: None, quantity: None };
    let kind = Kind::Event { name: "view_item".to_owned(), items: vec![item], value: None, order: None };
    Step::Event(Recorded { at: Timestamp::from_ms(1_772_445_600_000 + at), kind, page: None })
}

/// Visitors of one to seven events in one or two sessions, and one visitor who fills several batches.
fn log() -> Vec<Step> {
    let mut steps = Vec::new();
    for visitor in 0..600 {
        steps.push(Step::Visitor(format!("v{visitor}")));
        let events = if visitor == 77 { 3_000 } else { 1 + visitor % 7 };
        for event in 0..events {
            if event == 0 || event == 4 {
                steps.push(Step::Session(format!("v{visitor}.{event}")));
            }
            let category = if visitor % 3 == 0 { "boots" } else { "tents" };
            let session_start = if event < 4 { 0 } else { 86_400_000 };
            steps.push(view(session_start + i64::from(event) * 1_000, category));
        }
    }
    steps
}

/// All counts but the times, and the trace.
fn played(players: usize) -> (Counts, Vec<u8>) {
    let (config, mut trace) = (config(), Vec::new());
    let setting = Setting { config: &config, model: None, is_traced: true };
    let read = |batches: &mut Batches| {
        log().into_iter().for_each(|step| batches.push(step).unwrap());
        Ok(())
    };
    let advance = |_, lines: &[u8]| {
        trace.extend_from_slice(lines);
        Ok(())
    };
    let ((), counts) = play(setting, players, read, advance).unwrap();
    (Counts { times: Times::default(), ..counts }, trace)
}

#[test]
fn the_number_of_players_changes_neither_the_counts_nor_the_order_of_the_trace() {
    let steps = log();
    assert!(steps.len() > 2 * STEPS * WAITING, "the log does not fit into the queues");
    // Without threads and batches.
    let config = config();
    let mut alone = Player::new(Setting { config: &config, model: None, is_traced: true });
    steps.into_iter().for_each(|step| alone.play(step));
    alone.end_visitor();
    let trace = alone.take_lines();
    let counts = Counts { times: Times::default(), ..alone.into_counts() };
    assert_eq!(counts.sessions, 600 + 257, "{counts:?}");
    for players in [1, 2, 5] {
        let (counts_of_all, trace_of_all) = played(players);
        assert_eq!(counts_of_all, counts, "{players} players");
        assert!(trace_of_all == trace, "{players} players");
    }
}

#[test]
fn what_cannot_be_read_or_written_ends_it_all() {
    let config = config();
    let setting = Setting { config: &config, model: None, is_traced: false };
    let broken = |batches: &mut Batches| {
        log().into_iter().for_each(|step| batches.push(step).unwrap());
        Err::<(), _>(Ending::Problems("line 7".to_owned()))
    };
    let told = play(setting, 2, broken, |_, _| Ok(())).unwrap_err();
    assert!(matches!(&told, Ending::Problems(why) if why == "line 7"), "{told:?}");

    // A log without end: it is read only as long as somebody wants to know.
    let endless = |batches: &mut Batches| {
        while batches.push(Step::Visitor("v".to_owned())).is_ok() {}
        Ok(())
    };
    let told = play(setting, 2, endless, |_, _| Err(Ending::Misuse("the disk is full".to_owned()))).unwrap_err();
    assert!(matches!(&told, Ending::Misuse(why) if why == "the disk is full"), "{told:?}");
}

#[test]
fn of_nothing_nothing_is_counted() {
    let config = config();
    let setting = Setting { config: &config, model: None, is_traced: false };
    let ((), counts) = play(setting, 5, |_| Ok(()), |_, _| Ok(())).unwrap();
    assert_eq!((counts.sessions, counts.events), (0, 0));
    assert_eq!((counts.coverage(), counts.prompts_per_100()), (0.0, 0.0));
}
