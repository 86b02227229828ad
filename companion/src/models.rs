//! The statistics: each a SELECT, in the order in which they are made. Their texts are in `models/`, and are the same on
//! every engine.
//!
//! [`DAILY`] are made of the clicks of some days, and say nothing about other days: so they can be kept, and a new day
//! costs a day. What is kept of visitors is a number each, and of whoever has something in common as many as it takes to
//! know that enough have. [`ITEMS`] and [`WAYS_AND_AREAS`] are made of those of all days.
//!
//! ```text
//! events ─▶ clicks ─▶ visit_events ─▶ visits ─▶ views ─▶ daily_*          kept by day
//!                                                          │
//!                                               daily_* of all days ─▶ items, rules, sessions, ...   small
//! ```

use std::collections::BTreeSet;

use crate::engine::{Engine, EngineError};
use crate::publication::SUPPORT;

/// One statistic.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Its table.
    pub name: &'static str,
    /// Its text.
    pub select: &'static str,
    /// What is done with it.
    pub purpose: Purpose,
}

/// What is done with the rows of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Others read it once: it is a name for a part of them.
    Named,
    /// Others read it more than once: it is a table, until it is [gone](Purpose::Gone) or its stage has ended.
    Step,
    /// It is a table that goes on to the next stage.
    Result,
    /// A step that nobody reads any more: it is dropped, for the memory that it takes.
    Gone,
}

macro_rules! models {
    ($($purpose:ident $name:literal),* $(,)?) => {
        &[$(Model {
            name: $name,
            select: include_str!(concat!("../models/", $name, ".sql")),
            purpose: Purpose::$purpose,
        }),*]
    };
}

/// From clicks by visit to what is kept of each day. What reads all visits comes first: then they are gone, with the
/// memory that they take.
///
/// Those of witnesses have support as a number, not from `params`: an engine that sees it keeps the first few of each group
/// as it reads, and does not sort all of them.
pub const DAILY: &[Model] = models![
    Named "visits",
    Step "visit_totals",
    Result "daily_visits",
    Result "daily_lengths",
    Step "sample",
    Gone "visit_totals",
    Result "daily_items",
    Result "daily_item_visitors",
    Result "daily_item_categories",
    Step "bought_items",
    Step "bought_pairs",
    Gone "bought_items",
    Result "daily_bought",
    Result "daily_bought_visitors",
    Gone "bought_pairs",
    Result "daily_areas",
    Result "daily_orders",
    Step "shown_visits",
    Result "daily_shown",
    Result "daily_shown_visitors",
    Gone "shown_visits",
    Named "sampled_ways",
    Step "ways",
    Step "views",
    Gone "visits",
    Named "steps",
    Result "daily_steps",
    Result "daily_next_visitors",
    Result "daily_judged_views",
    Step "sampled_views",
    Gone "sample",
    Gone "views",
    Step "repeats",
    Result "daily_repeats",
    Result "daily_repeat_visitors",
    Result "daily_item_repeats",
    Result "daily_item_repeat_visitors",
    Gone "repeats",
    Result "daily_sessions",
    Gone "sampled_views",
    Named "way_steps",
    Result "daily_ways",
    Result "daily_way_visitors",
    Gone "ways",
];

/// What is read no longer when this is gone: a name, so what it names is dropped.
const VISITS: &str = "visits";

/// From what is kept of all days to what a model of items is made of.
pub const ITEMS: &[Model] = models![
    Result "site_visits",
    Result "items",
    Step "item_pairs",
    Step "day_weights",
    Result "rules",
    Result "bought",
    Result "situations",
    Result "item_repeats",
    Result "sessions",
];

/// Those of [`ITEMS`] that are made anew of the days before the last one, for the lists by which a model is judged. `rules`
/// and `sessions`, which take longer, say at once how they are without the last day.
const BEFORE: [&str; 4] = ["site_visits", "items", "situations", "item_repeats"];

/// The same for ways through pages and for areas, and how much is left out.
pub const WAYS_AND_AREAS: &[Model] = models![
    Result "way_counts",
    Result "way_contexts",
    Step "seen_areas",
    Step "area_visitors",
    Result "area_pairs",
    Result "area_totals",
    Result "left_out",
];

/// What else is told of a site: how much happened when, what its customers are worth, and what was shown to whom with
/// what success.
pub const PAGE: &[Model] = models![
    Result "lengths",
    Result "popularity",
    Result "judged_views",
    Result "customers",
    Step "rfm_amounts",
    Result "rfm",
    Result "shown",
];

const VISITS_BY_SESSION: &str = include_str!("../models/visits_by_session.sql");
const VISITS_BY_GAP: &str = include_str!("../models/visits_by_gap.sql");

/// What separates the pages of a context: no text of a log has it.
pub const SEPARATOR: char = '\u{1f}';

/// What is tunable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// How many visitors must have something in common before it is published.
    pub support: u32,
    /// After how long without a click a visit has ended, in milliseconds, where the log has no sessions.
    pub gap_ms: u32,
    /// The most different items of a visit.
    pub max_items: u32,
    /// From how many visits of a day is learned what takes their whole order.
    pub max_visits: u32,
    /// How many visits go into the index of sessions.
    pub max_sessions: u32,
    /// How many visitors are looked at for areas.
    pub max_area_visitors: u32,
    /// How many customers are looked at for what they are worth.
    pub max_customers: u32,
    /// From how many clicks on visits are counted together.
    pub max_clicks: u32,
    /// By how many visits of a day a model of the days before is judged.
    pub max_judged: u32,
    /// How many points the curve of popularity has.
    pub max_points: u32,
    /// Whether ways lead through pages; else through categories.
    pub has_pages: bool,
    /// Whether areas are categories; else they are pages.
    pub has_categories: bool,
    /// Whether the log has sessions.
    pub has_sessions: bool,
}

impl Default for Params {
    fn default() -> Params {
        Params {
            support: SUPPORT,
            gap_ms: 30 * 60 * 1000,
            max_items: 50,
            max_visits: 5_000,
            max_sessions: 200_000,
            max_area_visitors: 200_000,
            max_customers: 200_000,
            max_clicks: 50,
            max_judged: 2_000,
            max_points: 100,
            has_pages: false,
            has_categories: true,
            has_sessions: true,
        }
    }
}

impl Params {
    /// The one row that models read them from.
    pub fn select(&self) -> String {
        use tailorbird_recommend::areas::MOST_AREAS;
        use tailorbird_recommend::repeats::{REPEATS, RUNS, STEPS};
        let numbers = [
            ("support", u64::from(self.support)),
            ("gap_ms", u64::from(self.gap_ms)),
            ("max_items", u64::from(self.max_items)),
            ("max_visits", u64::from(self.max_visits)),
            ("max_sessions", u64::from(self.max_sessions)),
            ("max_area_visitors", u64::from(self.max_area_visitors)),
            ("max_customers", u64::from(self.max_customers)),
            ("max_clicks", u64::from(self.max_clicks)),
            ("max_judged", u64::from(self.max_judged)),
            ("max_points", u64::from(self.max_points)),
            ("max_areas", MOST_AREAS as u64),
            ("max_run", RUNS as u64),
            ("max_repeats", REPEATS as u64 - 1),
            ("max_step", STEPS as u64),
        ];
        let mut columns: Vec<String> =
            numbers.iter().map(|(name, number)| format!("CAST({number} AS BIGINT) AS {name}")).collect();
        let way = if self.has_pages { "page" } else { "category" };
        let area = if self.has_categories { "category" } else { "page" };
        columns.push(format!("'{way}' AS way_of"));
        columns.push(format!("'{area}' AS area_of"));
        columns.push(format!("'{SEPARATOR}' AS separator"));
        format!("SELECT {}", columns.join(", "))
    }
}

/// Clicks, and what was shown: `events` with keys, of these days or of all.
fn clicks(days: Option<&BTreeSet<i64>>) -> String {
    let days = days.map(|days| {
        let days: Vec<String> = days.iter().map(i64::to_string).collect();
        format!(" WHERE day IN ({})", days.join(", "))
    });
    format!(
        "SELECT day, ts, visitor_key, session_key, kind, item, category, page, value FROM events{}",
        days.unwrap_or_default()
    )
}

/// How much of what was seen a day weighs, by its age: a table of a few rows.
fn recency() -> String {
    use tailorbird_recommend::learn::counted::recency_weight;
    let weights = (0_u32..).map(|age| (age, recency_weight(age))).take_while(|(_, weight)| *weight > 0);
    let rows =
        weights.map(|(age, weight)| format!("SELECT CAST({age} AS BIGINT) AS age, CAST({weight} AS BIGINT) AS weight"));
    rows.collect::<Vec<_>>().join(" UNION ALL ")
}

/// All that is run, in order, each with the name of what it makes: for people.
pub fn statements(params: &Params) -> Vec<(&'static str, String)> {
    let visits = if params.has_sessions { VISITS_BY_SESSION } else { VISITS_BY_GAP };
    let own = [("params", params.select()), ("clicks", clicks(None)), ("visit_events", visits.to_owned())];
    let texts = |models: &'static [Model]| {
        let read = models.iter().filter(|model| model.purpose != Purpose::Gone);
        read.map(|model| (model.name, model.select.to_owned()))
    };
    let site = texts(ITEMS).chain(texts(WAYS_AND_AREAS)).chain(texts(PAGE));
    own.into_iter().chain(texts(DAILY)).chain([("recency", recency())]).chain(site).collect()
}

/// Makes the tables of [`DAILY`] of the table `events`, which has keys, each named `kept_` and its name: of these days,
/// or of all.
///
/// # Errors
///
/// When the engine cannot make one.
pub fn count_days(
    engine: &mut dyn Engine,
    params: &Params,
    days: Option<&BTreeSet<i64>>,
    told: &mut dyn FnMut(&'static str, u64),
) -> Result<(), EngineError> {
    take_visits(engine, params, days, told)?;
    count_visits(engine, params, told)?;
    count_views(engine, told)
}

/// The first part of [`count_days`]. Where the log has no sessions nothing reads `events` afterwards.
///
/// # Errors
///
/// When the engine refuses it.
pub fn take_visits(
    engine: &mut dyn Engine,
    params: &Params,
    days: Option<&BTreeSet<i64>>,
    told: &mut dyn FnMut(&'static str, u64),
) -> Result<(), EngineError> {
    engine.run_model("params", &params.select())?;
    engine.define("clicks", &clicks(days))?;
    if params.has_sessions {
        return engine.define("visit_events", VISITS_BY_SESSION);
    }
    // Where a visit ends is found once, not by everybody who reads visits.
    told("visit_events", engine.run_model("visit_events", VISITS_BY_GAP)?);
    Ok(())
}

/// The second part of [`count_days`]: afterwards nothing reads `events`.
///
/// # Errors
///
/// When the engine cannot make a table.
pub fn count_visits(
    engine: &mut dyn Engine,
    params: &Params,
    told: &mut dyn FnMut(&'static str, u64),
) -> Result<(), EngineError> {
    count(engine, DAILY.iter().take_while(|model| !ends_visits(model)), told)?;
    if params.has_sessions { Ok(()) } else { engine.drop_table("visit_events") }
}

/// The third part of [`count_days`]: of what the second has left.
///
/// # Errors
///
/// When the engine cannot make a table.
pub fn count_views(engine: &mut dyn Engine, told: &mut dyn FnMut(&'static str, u64)) -> Result<(), EngineError> {
    count(engine, DAILY.iter().skip_while(|model| !ends_visits(model)).skip(1), told)
}

fn ends_visits(model: &Model) -> bool {
    model.purpose == Purpose::Gone && model.name == VISITS
}

fn count<'a>(
    engine: &mut dyn Engine,
    mut models: impl Iterator<Item = &'a Model>,
    told: &mut dyn FnMut(&'static str, u64),
) -> Result<(), EngineError> {
    models.try_for_each(|model| {
        match model.purpose {
            Purpose::Named => engine.define(model.name, model.select)?,
            Purpose::Step => told(model.name, engine.run_model(model.name, model.select)?),
            Purpose::Result => told(model.name, engine.run_model(&kept(model.name), model.select)?),
            Purpose::Gone => engine.drop_table(model.name)?,
        }
        Ok(())
    })
}

/// Forgets the tables that [`count_days`] has made.
///
/// # Errors
///
/// When they are not there.
pub fn forget_days(engine: &mut dyn Engine) -> Result<(), EngineError> {
    let results = DAILY.iter().filter(|model| model.purpose == Purpose::Result);
    results.into_iter().try_for_each(|model| engine.drop_table(&kept(model.name)))
}

/// The table in which the rows of a daily model are, whatever the day.
pub fn kept(model: &str) -> String {
    format!("kept_{model}")
}

/// Makes the tables of [`ITEMS`] and [`WAYS_AND_AREAS`], of all days.
///
/// # Errors
///
/// When the engine cannot make one.
pub fn count_site(engine: &mut dyn Engine, told: &mut dyn FnMut(&'static str, u64)) -> Result<(), EngineError> {
    engine.run_model("recency", &recency())?;
    define_days(engine, "")?;
    run(engine, ITEMS, told)?;
    run(engine, WAYS_AND_AREAS, told)
}

/// Makes those tables of [`ITEMS`] anew that lists of items take, of the days before this one, which is the last. The others
/// must be made, and say both.
///
/// # Errors
///
/// When the engine cannot make one.
pub fn count_lists_before(
    engine: &mut dyn Engine,
    day: i64,
    told: &mut dyn FnMut(&'static str, u64),
) -> Result<(), EngineError> {
    let lists = || ITEMS.iter().filter(|model| BEFORE.contains(&model.name));
    lists().try_for_each(|model| engine.drop_table(model.name))?;
    define_days(engine, &format!(" WHERE day < {day}"))?;
    run(engine, lists(), told)
}

/// Names what is kept of days, with a condition on them.
fn define_days(engine: &mut dyn Engine, condition: &str) -> Result<(), EngineError> {
    let mut results = DAILY.iter().filter(|model| model.purpose == Purpose::Result);
    results.try_for_each(|model| engine.define(model.name, &format!("SELECT * FROM {}{condition}", kept(model.name))))
}

fn run<'a>(
    engine: &mut dyn Engine,
    models: impl IntoIterator<Item = &'a Model>,
    told: &mut dyn FnMut(&'static str, u64),
) -> Result<(), EngineError> {
    for model in models {
        told(model.name, engine.run_model(model.name, model.select)?);
    }
    Ok(())
}

/// Makes the tables of [`PAGE`], of all days, once those of [`ITEMS`] are made.
///
/// # Errors
///
/// When the engine cannot make one.
pub fn count_page(engine: &mut dyn Engine, told: &mut dyn FnMut(&'static str, u64)) -> Result<(), EngineError> {
    run(engine, PAGE, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the text of a model names a table, its comment included.
    fn reads(model: &Model, table: &str) -> bool {
        model.select.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == table)
    }

    #[test]
    fn of_witnesses_as_many_are_kept_as_support_takes() {
        let kept = format!("WHERE witness <= {SUPPORT}\n");
        let of_witnesses: Vec<&Model> = DAILY.iter().filter(|model| model.select.contains("witness <=")).collect();
        assert_eq!(of_witnesses.len(), 7);
        for model in of_witnesses {
            assert!(model.select.ends_with(&kept), "{} keeps others than {SUPPORT} visitors", model.name);
        }
    }

    #[test]
    fn what_is_made_anew_of_the_days_before_depends_on_nothing_else_of_items() {
        let is_before = |model: &&Model| BEFORE.contains(&model.name);
        assert_eq!(ITEMS.iter().filter(is_before).count(), BEFORE.len());
        for other in ITEMS.iter().filter(|model| !is_before(model)) {
            let readers = ITEMS.iter().filter(is_before).filter(|model| reads(model, other.name));
            let readers: Vec<&str> = readers.map(|model| model.name).collect();
            assert!(readers.is_empty(), "{} is read by {readers:?}", other.name);
        }
    }

    #[test]
    fn nothing_reads_visits_once_they_are_gone() {
        let later = DAILY.iter().skip_while(|model| !ends_visits(model));
        let later = later.filter(|model| model.purpose != Purpose::Gone);
        let still_read = later.filter(|model| {
            ["visits", "visit_events", "clicks", "events"].iter().any(|from| {
                model.select.contains(&format!("FROM {from}\n")) || model.select.contains(&format!("JOIN {from}\n"))
            })
        });
        let still_read: Vec<&str> = still_read.map(|model| model.name).collect();
        assert!(still_read.is_empty(), "visits are gone before {still_read:?}");
        assert!(DAILY.iter().any(ends_visits));
    }

    #[test]
    fn each_step_of_a_day_is_gone_once_nobody_reads_it_any_more() {
        for step in DAILY.iter().filter(|model| model.purpose == Purpose::Step) {
            let is_gone = |model: &Model| model.purpose == Purpose::Gone && model.name == step.name;
            let end = DAILY.iter().position(is_gone).unwrap_or_else(|| panic!("{} stays", step.name));
            let later = DAILY[end + 1..].iter().filter(|model| model.purpose != Purpose::Gone);
            let still_read = later.filter(|model| reads(model, step.name));
            let still_read: Vec<&str> = still_read.map(|model| model.name).collect();
            assert!(still_read.is_empty(), "{} is gone before {still_read:?}", step.name);
        }
    }
}
