//! Every engine makes the same tables of the same log, and so the same bytes of a model.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::support::{engines, hash, rows};
use tailorbird_companion::engine::{Engine, Format};
use tailorbird_companion::models::{
    DAILY, ITEMS, PAGE, Params, Purpose, WAYS_AND_AREAS, count_days, count_lists_before, count_page, count_site, kept,
};
use tailorbird_companion::publication::SHARD_ABOVE;
use tailorbird_companion::site::{self, SiteCounts};
use tailorbird_companion::source::with_keys;
use tailorbird_recommend::learn::counted::Counted;

pub const EVENTS: &str = "SELECT CAST(ts AS BIGINT) AS ts, CAST(FLOOR(CAST(ts AS DOUBLE) / 86400000E0) AS BIGINT) AS day, \
                      visitor, session, kind, item, category, page, CAST(value AS BIGINT) AS value FROM raw";

/// Some 100,000 events.
const VISITORS: u64 = 6_700;

/// Visits of three days to a small shop: `visitors` of them, who walk from page to page by chance, more often to
/// the next item than to others, look again, buy, and are shown something now and then. Names are in several scripts, and times meet.
pub fn log(visitors: u64) -> String {
    let mut state = 7_u64;
    let mut below = move |count: u64| {
        // Knuth's constants (MMIX); the upper bits are the better ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    };
    let items = ["boot", "Boot", "sock", "Zelt", "tent-ä", "靴", "é", "rope", "a'b", "hat", "map", "mug"];
    let categories = ["boots", "Zelte & Öfen", "靴", "rest"];
    let mut text = "ts,visitor,session,kind,item,category,page,value\n".to_owned();
    for visit in 0..3 * visitors {
        let visitor = below(visitors);
        let mut ts = 1_795_737_600_000 + 86_400_000 * below(3) + 1000 * below(80_000);
        let mut item = below(12);
        for _ in 0..=below(9) {
            // Often the same second, and now and then so late that another visit begins.
            ts += 1000 * below(4) * if below(20) == 0 { 900 } else { 1 };
            item = match below(10) {
                0..=4 => (item + 1) % 12,
                5 | 6 => item,
                _ => below(12),
            };
            let (name, category) = (items[item as usize], categories[item as usize / 3]);
            let session = if below(50) == 0 { String::new() } else { format!("s{visit}") };
            let _ = match below(9) {
                0 => writeln!(text, "{ts},v{visitor},{session},page,,,/{},", below(6)),
                1 => writeln!(text, "{ts},v{visitor},{session},purchase,{name},{category},/thanks,{}", 100 * below(90)),
                2 => writeln!(text, "{ts},v{visitor},{session},view,{name},,/{name},"),
                3 => writeln!(text, "{ts},v{visitor},{session},shown,{category},,/,"),
                _ => writeln!(text, "{ts},v{visitor},{session},view,{name},{category},/{name},"),
            };
        }
    }
    text
}

/// The hash of every table that has been made, with its name and its number of rows.
fn hashes(engine: &mut dyn Engine, tables: &[String]) -> Vec<String> {
    let hash = |table: &String| {
        let rows = rows(engine, table);
        assert!(rows.len() > 1, "{table} has no rows: the log has nothing to count");
        format!("{table}: {} rows, {:016x}", rows.len() - 1, hash(&rows))
    };
    tables.iter().map(hash).collect()
}

fn model(engine: &mut dyn Engine) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    site::export(engine, folder.path()).unwrap();
    let learned = SiteCounts::read(folder.path()).unwrap().learn();
    assert!(learned.sections.len() >= 6, "a model of items, pages and areas");
    learned.files(Path::new("site.tbm"), SHARD_ABOVE).model
}

/// Counts a log on every engine, and expects the same of each.
fn check(params: &Params, visitors: u64, before: Option<i64>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    std::fs::write(&file, log(visitors)).unwrap();
    let made = |models: &'static [tailorbird_companion::models::Model], name: fn(&str) -> String| {
        models.iter().filter(|model| model.purpose == Purpose::Result).map(move |model| name(model.name))
    };
    let own = str::to_owned;
    let tables: Vec<String> =
        made(DAILY, kept).chain(made(ITEMS, own)).chain(made(WAYS_AND_AREAS, own)).chain(made(PAGE, own)).collect();
    let mut answers: Vec<(&str, Vec<String>, Vec<u8>)> = Vec::new();
    for (name, mut engine) in engines() {
        engine.read("raw", Format::Csv, std::slice::from_ref(&file)).unwrap();
        engine.run_model("events", &with_keys(engine.dialect(), EVENTS, &[])).unwrap();
        count_days(&mut *engine, params, None, &mut |_, _| ()).unwrap();
        count_site(&mut *engine, &mut |_, _| ()).unwrap();
        count_page(&mut *engine, &mut |_, _| ()).unwrap();
        if let Some(day) = before {
            count_lists_before(&mut *engine, day, &mut |_, _| ()).unwrap();
        }
        let hashes = hashes(&mut *engine, &tables);
        println!("{name}:\n  {}", hashes.join("\n  "));
        answers.push((name, hashes, model(&mut *engine)));
    }
    for pair in answers.windows(2) {
        let [(one, hashes, model), (other, other_hashes, other_model)] = pair else { continue };
        let differ: Vec<_> = hashes.iter().zip(other_hashes).filter(|(one, other)| one != other).collect();
        assert!(differ.is_empty(), "{one} and {other} differ in {differ:#?}");
        assert!(model == other_model, "{one} and {other} make different models");
    }
}

#[test]
fn tables_of_a_log_with_sessions_are_the_same_on_every_engine_and_so_is_its_model() {
    check(&Params { max_visits: 90, max_items: 4, max_area_visitors: 100, ..Params::default() }, VISITORS, None);
}

#[test]
fn tables_of_a_log_without_sessions_are_the_same_on_every_engine_up_to_a_day_as_well() {
    let params = Params { has_sessions: false, has_pages: true, has_categories: false, ..Params::default() };
    check(&params, 300, Some(20_786));
}

#[test]
fn lists_without_the_last_day_are_those_of_a_log_that_ends_before_it() {
    // So few sessions that those of the last day take the place of others.
    let params = Params { max_sessions: 40, ..Params::default() };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    std::fs::write(&file, log(40)).unwrap();
    // Of these days or of all, and the same without the last one of them.
    let count = |days: Option<&BTreeSet<i64>>| {
        let (_, mut engine) = engines().into_iter().next()?;
        engine.read("raw", Format::Csv, std::slice::from_ref(&file)).unwrap();
        engine.run_model("events", &with_keys(engine.dialect(), EVENTS, &[])).unwrap();
        count_days(&mut *engine, &params, days, &mut |_, _| ()).unwrap();
        count_site(&mut *engine, &mut |_, _| ()).unwrap();
        let [own, before] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        site::export(&mut *engine, own.path()).unwrap();
        let own = SiteCounts::read(own.path()).unwrap();
        count_lists_before(&mut *engine, own.totals.last_day, &mut |_, _| ()).unwrap();
        site::export_before(&mut *engine, before.path()).unwrap();
        let before = own.before(before.path()).unwrap();
        Some((own, before))
    };
    let Some((all, before)) = count(None) else { return };
    let days = (all.totals.first_day..all.totals.last_day).collect();
    let Some((ended, _)) = count(Some(&days)) else { return };

    let lists = Counted { next: Vec::new(), together: Vec::new(), ..ended.items() };
    assert_eq!(before.items(), lists);
    assert_eq!((before.totals.last_day, before.totals.days), (ended.totals.last_day, ended.totals.days));
    assert!(lists.rules.len() > 9 && lists.sessions.len() > 9, "too little to compare");
    assert!(all.items().rules != lists.rules && all.items().sessions != lists.sessions, "a day changes nothing");
}
