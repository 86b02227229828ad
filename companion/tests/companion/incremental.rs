//! What is kept between runs gives the same model as counting everything again.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::engines;
use tailorbird_companion::engine::Engine;
use tailorbird_companion::publication::SHARD_ABOVE;
use tailorbird_companion::source::{self, Map};
use tailorbird_companion::state::{State, StateError};
use tailorbird_companion::train::{Log, Trained};

const FIRST_DAY: u64 = 20_700;

const MAP: &str = r#"
[columns]
time = "Time"
time_unit = "s"
visitor = "VisitorId"
session = "SessionId"
event = "Event"
item = "ItemId"
category = "Category"
page = "Page"
shown = "Variant"

[events]
view = ["view_item"]
purchase = ["purchase"]
shown = ["hero"]
"#;

/// A log of a file a day, and what is learned of it.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(site.log()).unwrap();
        site
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Writes the file of a day: visits of 24 of 40 visitors, each through items of a category. `seed` is another one for
    /// another version of the day. Of `until_next` the last visit goes on after midnight.
    fn day(&self, day: u64, seed: u64, until_next: bool) {
        let mut text = "SessionId,ItemId,Time,VisitorId,Category,Page,Event,Variant\n".to_owned();
        for visit in 0..24 {
            let turn = (visit * 7 + day * 3 + seed * 5) % 40;
            for step in 0..4 {
                let item = (turn + step * (1 + seed)) % 12;
                let event = if (turn + step).is_multiple_of(9) { "purchase" } else { "view_item" };
                let midnight = if until_next && visit == 23 && step > 1 { 86_400 } else { 0 };
                let time = (FIRST_DAY + day) * 86_400 + visit * 3_000 + step * 40 + midnight;
                writeln!(text, "s{day}-{visit},i{item},{time},v{turn},c{},/p{},{event},", item / 4, item % 5).unwrap();
            }
            let (time, variant) = ((FIRST_DAY + day) * 86_400 + visit * 3_000 + 20, turn % 3);
            writeln!(text, "s{day}-{visit},,{time},v{turn},,/,hero,h{variant}").unwrap();
        }
        fs::write(self.log().join(format!("day-{day:02}.csv")), text).unwrap();
    }

    /// Learns, from what is kept or from everything.
    fn train(&self, engine: &mut dyn Engine, with_state: bool) -> (Vec<u8>, Trained) {
        self.train_while(engine, with_state, &mut |_| {})
    }

    /// The same, while something else happens: `meanwhile` is told of each table.
    fn train_while(
        &self,
        engine: &mut dyn Engine,
        with_state: bool,
        meanwhile: &mut dyn FnMut(&str),
    ) -> (Vec<u8>, Trained) {
        let map = Map::read(MAP, "map.toml").unwrap();
        let files = source::files(&self.log(), &map).unwrap();
        let state = with_state.then(|| self.state());
        let log = Log { map: &map, files, salt: "a secret".to_owned(), state };
        let work = tempfile::tempdir().unwrap();
        let trained = log.count(engine, work.path(), &mut |table, _| meanwhile(table)).unwrap();
        let model = trained.counts.learn().files(Path::new("site.tbm"), SHARD_ABOVE).model;
        (model, trained)
    }

    /// Expects that both give the same, and answers how many files were read and days counted.
    fn check(&self, name: &str, start: &dyn Fn() -> Box<dyn Engine>) -> (usize, usize) {
        let (kept, trained) = self.train(start().as_mut(), true);
        let (whole, all) = self.train(start().as_mut(), false);
        assert_eq!(trained.counts, all.counts, "{name}");
        assert_eq!(trained.page, all.page, "{name}");
        assert_eq!(trained.page.shown.len(), 3, "{name}");
        assert!(kept == whole, "{name}: the model is not the same");
        assert!(kept.len() > 300, "{name}: there is something in it");
        (trained.files_read, trained.days_counted)
    }
}

/// Each engine by its name, to be started anew for each run.
fn names() -> Vec<&'static str> {
    engines().iter().map(|(name, _)| *name).collect()
}

/// Those that take less than seconds for a run.
fn fast_names() -> Vec<&'static str> {
    names().into_iter().filter(|name| *name != "Spark").collect()
}

fn start(name: &'static str) -> Box<dyn Engine> {
    engines().into_iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn thirty_days_with_two_late_corrections_are_as_if_counted_at_once() {
    for name in names() {
        // Spark takes seconds for each run.
        let days = if name == "Spark" { 4 } else { 30 };
        let (site, start) = (Site::new(), || start(name));
        (0..days - 2).for_each(|day| site.day(day, 0, false));
        let first = usize::try_from(days - 2).unwrap();
        assert_eq!(site.check(name, &start), (first, first), "{name}: the first run reads everything");
        site.day(days - 2, 0, false);
        assert_eq!(site.check(name, &start), (1, 1), "{name}: a new day costs a day");
        site.day(0, 1, false);
        site.day(days - 1, 0, false);
        site.day(days / 2, 2, false);
        assert_eq!(site.check(name, &start), (3, 3), "{name}: a late correction costs its day");
        assert_eq!(site.check(name, &start), (0, 0), "{name}: nothing is new");
    }
}

#[test]
fn a_day_of_which_two_files_have_events_is_counted_of_both() {
    for name in fast_names() {
        let (site, start) = (Site::new(), || start(name));
        (0..3).for_each(|day| site.day(day, 0, true));
        assert_eq!(site.check(name, &start), (3, 4), "{name}: the last visits end on the day after");
        site.day(1, 1, true);
        assert_eq!(site.check(name, &start), (3, 2), "{name}: the files beside it have events of its two days");
        site.day(3, 0, false);
        assert_eq!(site.check(name, &start), (2, 1), "{name}: so has the day before a new one");
    }
}

#[test]
fn a_file_that_is_gone_takes_its_events_with_it() {
    for name in fast_names() {
        let (site, start) = (Site::new(), || start(name));
        (0..4).for_each(|day| site.day(day, 0, day == 1));
        site.check(name, &start);
        fs::remove_file(site.log().join("day-03.csv")).unwrap();
        assert_eq!(site.check(name, &start), (0, 1), "{name}: its day is gone");
        fs::remove_file(site.log().join("day-01.csv")).unwrap();
        assert_eq!(site.check(name, &start), (1, 2), "{name}: the day after is another file's as well");
    }
}

#[test]
fn what_was_counted_with_another_salt_is_counted_anew() {
    let Some((_, mut engine)) = engines().into_iter().next() else { return };
    let site = Site::new();
    site.day(0, 0, false);
    assert!(!site.train(engine.as_mut(), true).1.is_anew);
    let manifest = fs::read_to_string(site.state().join("manifest.json")).unwrap();
    assert!(!manifest.contains("secret"), "the salt does not stand beside what it hides: {manifest}");
    drop(State::open(&site.state(), "something else").unwrap());
    let mut state = State::open(&site.state(), "something else").unwrap();
    assert!(state.is_anew);
    let changes = state.changes(&[site.log().join("day-00.csv")]).unwrap();
    assert_eq!((changes.files.len(), changes.days), (1, BTreeSet::new()));
}

#[test]
fn a_state_is_one_runs_at_a_time_and_a_damaged_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(folder.path(), "a").unwrap();
    assert!(matches!(State::open(folder.path(), "a"), Err(StateError::InUse { .. })));
    drop(state);
    fs::write(folder.path().join("manifest.json"), "{\"version\":1,").unwrap();
    let error = State::open(folder.path(), "a").unwrap_err();
    assert!(
        error.to_string().contains("manifest.json: cannot be read") && error.to_string().contains("remove the folder")
    );
}

#[test]
fn a_file_that_changes_while_it_is_counted_is_counted_again_by_the_next_run() {
    for name in fast_names() {
        let (site, start) = (Site::new(), || start(name));
        (0..2).for_each(|day| site.day(day, 0, false));
        site.train_while(start().as_mut(), true, &mut |table| {
            // It has been read by then.
            if table == "visit_totals" {
                site.day(1, 1, false);
            }
        });
        assert_eq!(site.check(name, &start), (1, 1), "{name}");
    }
}
