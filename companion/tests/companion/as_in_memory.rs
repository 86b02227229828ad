//! What an engine counts is what `recommend` counts in memory.

use std::fmt::Write as _;

use crate::support::engines;
use tailorbird_companion::publication::SUPPORT;
use tailorbird_companion::source;
use tailorbird_companion::train::Log;
use tailorbird_recommend::learn::{Product, Session, View, count, make};

/// Some 100,000 events: visits of 2,000 visitors to a shop of 600 items on 9 days, each with a time of its own.
fn sessions() -> (Vec<Product>, Vec<Session>) {
    let mut state = 3_u64;
    let mut below = move |count: u64| {
        // Knuth's constants (MMIX); the upper bits are the better ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    };
    let product = |item: u32| Product { id: format!("i{item:03}"), category: format!("c{}", item % 4) };
    let catalog: Vec<Product> = (0..600).map(product).collect();
    let number = |number: u64| u32::try_from(number).unwrap();
    let sessions = (0..22_000).map(|_| {
        let (visitor, day) = (number(below(2_000)), below(9));
        let start = number(day * 86_400 + below(70_000));
        let mut item = number(below(600));
        let mut session = Session { visitor, ..Session::default() };
        for step in 0..number(1 + below(8)) {
            item = match below(10) {
                0..=4 => (item + 1) % 600,
                5 | 6 => item,
                _ => number(below(600)),
            };
            session.views.push(View { product: item, seconds: f64::from(start + step * 7) });
            if below(6) == 0 {
                session.bought.push(item);
            }
        }
        session
    });
    (catalog, sessions.collect())
}

#[test]
fn a_model_of_a_log_is_that_of_the_same_sessions_in_memory() {
    let (catalog, sessions) = sessions();
    let mut text = "SessionId,ItemId,Time,VisitorId,Category,Event\n".to_owned();
    for (place, session) in sessions.iter().enumerate() {
        let mut row = |product: u32, seconds: f64, event: &str| {
            let Product { id, category } = &catalog[product as usize];
            let seconds = seconds + 20_000.0 * 86_400.0;
            writeln!(text, "s{place},{id},{seconds},v{},{category},{event}", session.visitor).unwrap();
        };
        session.views.iter().for_each(|view| row(view.product, view.seconds, "view_item"));
        let end = session.views.last().unwrap().seconds;
        session.bought.iter().for_each(|item| row(*item, end + 1.0, "purchase"));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    std::fs::write(&file, text).unwrap();
    let in_memory = count(&catalog, &sessions, SUPPORT as usize);
    for (name, mut engine) in engines() {
        let map = source::map_of("sessions").unwrap();
        let files = source::files(&file, &map).unwrap();
        let log = Log { map: &map, files, salt: String::new(), state: None };
        let work = tempfile::tempdir().unwrap();
        let trained = log.count(engine.as_mut(), work.path(), &mut |_, _| {}).unwrap();
        let counted = trained.counts.items();
        assert_eq!(counted.items, in_memory.items, "{name}");
        assert_eq!(counted.rules, in_memory.rules, "{name}");
        assert_eq!(counted.next, in_memory.next, "{name}");
        assert_eq!(counted.together, in_memory.together, "{name}");
        assert_eq!((counted.repeats, &counted.situations), (in_memory.repeats, &in_memory.situations), "{name}");
        assert_eq!(counted.item_repeats, in_memory.item_repeats, "{name}");
        assert!(!counted.rules.is_empty() && !counted.together.is_empty() && !counted.situations.is_empty());
        // Visitors have other numbers there, so of sessions the model tells.
        assert_eq!(make(&counted, SUPPORT as usize), make(&in_memory, SUPPORT as usize), "{name}");
    }
}
