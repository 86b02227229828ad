//! What was shown, and what was bought afterwards: numbers checked by hand.

use std::path::Path;

use super::same_statistics;
use crate::support::{engines, rows};
use tailorbird_companion::engine::{Engine, Format};
use tailorbird_companion::models::{
    DAILY, ITEMS, Params, Purpose, WAYS_AND_AREAS, count_days, count_page, count_site, kept,
};
use tailorbird_companion::page::{self, PageCounts, ShownCounts};
use tailorbird_companion::source::with_keys;

const MINUTE: i64 = 60_000;

/// A table `events` of days, visitors, sessions (the empty text is none), times, kinds and items.
fn events(engine: &mut dyn Engine, rows: &[(i64, &str, &str, i64, &str, &str)]) {
    let row = |(day, visitor, session, ts, kind, item): &(i64, &str, &str, i64, &str, &str)| {
        format!(
            "SELECT CAST({} AS BIGINT) AS ts, CAST({day} AS BIGINT) AS day, '{visitor}' AS visitor, \
             NULLIF('{session}', '') AS session, '{kind}' AS kind, '{item}' AS item, CAST(NULL AS STRING) AS category, \
             CAST(NULL AS STRING) AS page, CAST(100 AS BIGINT) AS value",
            day * 86_400_000 + ts
        )
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    engine.run_model("events", &with_keys(engine.dialect(), &rows.join(" UNION ALL "), &[])).unwrap();
}

fn count(engine: &mut dyn Engine, params: &Params) {
    count_days(engine, params, None, &mut |_, _| ()).unwrap();
    count_site(engine, &mut |_, _| ()).unwrap();
    count_page(engine, &mut |_, _| ()).unwrap();
}

fn shown(engine: &mut dyn Engine) -> Vec<ShownCounts> {
    let folder = tempfile::tempdir().unwrap();
    page::export(engine, folder.path()).unwrap();
    PageCounts::read(folder.path()).unwrap().shown
}

fn counts(variant: &str, visits: u64, goals: u64) -> ShownCounts {
    ShownCounts { variant: variant.to_owned(), visits, goals }
}

#[test]
fn a_visit_has_reached_the_goal_if_something_was_bought_once_the_variant_was_shown() {
    let log = [
        (7, "ada", "s1", 10, "shown", "boots"),
        (7, "ada", "s1", 10, "purchase", "b-7"),
        // Bought before.
        (7, "ada", "s2", 5, "purchase", "b-7"),
        (7, "ada", "s2", 10, "shown", "boots"),
        // Shown twice, and bought between.
        (7, "bob", "s3", 1, "shown", "boots"),
        (7, "bob", "s3", 20, "purchase", "b-7"),
        (7, "bob", "s3", 50, "shown", "boots"),
        // Bought in the next visit.
        (7, "bob", "s4", 1, "shown", "tents"),
        (7, "bob", "s5", 30, "purchase", "b-7"),
        // Both were shown.
        (7, "eve", "s6", 1, "shown", "boots"),
        (7, "eve", "s6", 2, "shown", "tents"),
        (7, "eve", "s6", 3, "purchase", "b-7"),
        // At midnight a visit ends.
        (8, "ada", "s1", 10, "shown", "boots"),
        // Seen by one visitor alone.
        (8, "dan", "s7", 1, "shown", "socks"),
        (8, "dan", "s7", 2, "purchase", "b-7"),
    ];
    for (name, mut engine) in engines() {
        events(&mut *engine, &log);
        count(&mut *engine, &Params { support: 2, ..Params::default() });
        let header = "day INT64\tvariant BYTE_ARRAY\tvisits INT64\tgoals INT64";
        let expected = [header, "7\tboots\t4\t3", "7\ttents\t2\t1", "8\tboots\t1\t0", "8\tsocks\t1\t1"];
        assert_eq!(rows(&mut *engine, "daily_shown"), expected, "{name}");
        assert_eq!(shown(&mut *engine), [counts("boots", 5, 3), counts("tents", 2, 1)], "{name}");
        // What was shown is no click, and a visit without a click is none.
        let day = rows(&mut *engine, "daily_visits").swap_remove(1);
        assert_eq!(day, "7\t5\t3\t5\t0\t5", "{name}: day, visits, visitors, clicks, views, purchases");
    }
}

#[test]
fn without_sessions_a_visit_goes_on_for_half_an_hour() {
    let log = [
        (7, "ada", "", 0, "shown", "boots"),
        (7, "ada", "", 20 * MINUTE, "purchase", "b-7"),
        (7, "ada", "", 60 * MINUTE, "shown", "tents"),
        (7, "ada", "", 80 * MINUTE, "view", "b-7"),
        (7, "ada", "", 120 * MINUTE, "purchase", "b-7"),
    ];
    for (name, mut engine) in engines() {
        events(&mut *engine, &log);
        count(&mut *engine, &Params { support: 1, has_sessions: false, ..Params::default() });
        assert_eq!(shown(&mut *engine), [counts("boots", 1, 1), counts("tents", 1, 0)], "{name}");
    }
}

/// All tables but those of what was shown, with their rows.
fn tables(engine: &mut dyn Engine, file: &Path, condition: &str) -> Vec<(String, Vec<String>)> {
    engine.read("raw", Format::Csv, &[file.to_owned()]).unwrap();
    let events = format!("{}{condition}", same_statistics::EVENTS);
    engine.run_model("events", &with_keys(engine.dialect(), &events, &[])).unwrap();
    count(engine, &Params::default());
    let results = |models: &'static [tailorbird_companion::models::Model]| {
        models.iter().filter(|model| model.purpose == Purpose::Result && !model.name.contains("shown"))
    };
    let names = results(DAILY)
        .map(|model| kept(model.name))
        .chain(results(ITEMS).chain(results(WAYS_AND_AREAS)).map(|model| model.name.to_owned()));
    names.map(|name| (name.clone(), rows(engine, &name))).collect()
}

#[test]
fn a_model_is_the_same_with_and_without_what_was_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    std::fs::write(&file, same_statistics::log(300)).unwrap();
    // One engine: what others count is the same.
    let start = || engines().into_iter().next();
    let (Some((_, mut one)), Some((_, mut other))) = (start(), start()) else { return };
    let all = tables(&mut *one, &file, "");
    let clicks = tables(&mut *other, &file, " WHERE kind <> 'shown'");
    for (with, without) in all.iter().zip(&clicks) {
        assert_eq!(with, without);
    }
}
