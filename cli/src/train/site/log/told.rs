//! What is told of a log and of the model that was learned from it.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};
use tailorbird_companion::page::ShownCounts;
use tailorbird_companion::publication::SUPPORT;
use tailorbird_companion::train::Trained;
use tailorbird_recommend::learn::make;

use crate::ending::Ending;
use crate::figures::{number, thousands};
use crate::fit::customers::CountedCustomers;
use crate::fit::rfm::CutPoint;
use crate::prior::{self, prior, priors};
use crate::style::{Left, Right, table};
use crate::train::figures::{BadRows, Day, Figures, InputFile, LastDay, LeftOut, Length, Popularity, Shown};
use crate::train::last_day::{JudgedVisits, last_day};
use crate::train::site::sizes::Sizes;
use crate::train::value::value;

/// Over how many days the value of customers is expected, in the section for the config.
const HORIZON_DAYS: f64 = 365.0;

/// All figures: of the log at `path`, and of the model that goes into `out`.
pub fn figures(
    out: &Path,
    path: &Path,
    trained: &Trained,
    sizes: &Sizes,
    left_out: &[(&'static str, u64)],
) -> Result<Figures, Ending> {
    let contents = || trained.contents.iter();
    let files = contents().map(|(name, content)| InputFile {
        name: name.clone(),
        rows: content.events,
        bad_rows: content.bad.iter().map(|bad| bad.rows).sum(),
    });
    let bad_rows = contents().flat_map(|(file, content)| {
        let bad = content.bad.iter();
        bad.map(|bad| BadRows {
            file: file.clone(),
            why: bad.why.clone(),
            rows: bad.rows,
            example: bad.example.clone(),
        })
    });
    let few = format!("fewer than {SUPPORT} visitors");
    let not_common =
        left_out.iter().map(|(what, count)| LeftOut { what: (*what).to_owned(), count: *count, why: few.clone() });
    let not_counted = trained.left_out.iter().map(|(why, count)| LeftOut {
        what: "rows".to_owned(),
        count: *count,
        why: why.clone(),
    });
    let page = &trained.page;
    let days = page.days.iter().map(|day| Day {
        day: day.day,
        visits: day.visits,
        visitors: day.visitors,
        clicks: day.clicks,
        purchases: day.purchases,
    });
    let customers: Vec<CountedCustomers> = page
        .customers
        .iter()
        .map(|alike| CountedCustomers {
            further_days: alike.further_days,
            recency_days: alike.recency_days,
            age_days: alike.age_days,
            further_spent: alike.further_spent,
            count: alike.customers,
        })
        .collect();
    let cut_points: Vec<CutPoint> = page
        .cut_points
        .iter()
        .map(|(figure, fifth, amount)| CutPoint { figure: figure.clone(), fifth: *fifth, amount: *amount })
        .collect();
    Ok(Figures {
        model: out.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        files: files.collect(),
        bad_rows: bad_rows.collect(),
        left_out: not_common.chain(not_counted).collect(),
        days: days.collect(),
        most_clicks: u64::from(tailorbird_companion::models::Params::default().max_clicks),
        lengths: page.lengths.iter().map(|(clicks, visits)| Length { clicks: *clicks, visits: *visits }).collect(),
        popularity: page
            .popularity
            .iter()
            .map(|(items, visits)| Popularity { items: *items, visits: *visits })
            .collect(),
        last_day: judged(trained),
        shown: page.shown.iter().map(shown).collect(),
        value: value(path, &customers, &cut_points, HORIZON_DAYS)?,
        sections: sizes.sections.iter().chain([&sizes.model]).cloned().collect(),
        shards: sizes.further.clone(),
    })
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

fn shown(counts: &ShownCounts) -> Shown {
    let ShownCounts { variant, visits, goals } = counts.clone();
    let prior = prior(as_f64(goals) / as_f64(visits), as_f64(visits));
    Shown { variant, visits, goals, prior }
}

/// The priors by variant, each an object to paste into the variant.
fn priors_of(figures: &Figures) -> Map<String, Value> {
    priors(figures.shown.iter().map(|shown| (shown.variant.as_str(), shown.prior.clone())))
}

/// How well the last day is predicted by what was learned from the days before.
fn judged(trained: &Trained) -> Option<LastDay> {
    let before = trained.without_last_day.as_ref()?;
    let counted = before.items();
    let parts = make(&counted, SUPPORT as usize)?;
    let visits = trained.page.judged.iter().map(|visit| visit.iter().map(String::as_str).collect()).collect();
    last_day(parts, &JudgedVisits { day: trained.counts.totals.last_day, visits })
}

/// What was read, and how well the last day is predicted, for `--json`.
pub fn json(trained: &Trained, figures: &Figures) -> Map<String, Value> {
    let bad = figures.bad_rows.iter().map(|bad| {
        let BadRows { file, why, rows, example } = bad;
        json!({ "file": file, "why": why, "rows": rows, "example": example })
    });
    let not_counted: Map<String, Value> =
        trained.left_out.iter().map(|(why, rows)| (why.clone(), json!(rows))).collect();
    let totals = trained.counts.totals;
    let last_day = figures.last_day.as_ref().map(|last| {
        json!({
            "predicted": last.predicted,
            "hr20": last.model.hr20,
            "mrr20": last.model.mrr20,
            "popular_hr20": last.popular.hr20,
            "popular_mrr20": last.popular.mrr20,
        })
    });
    let section = figures.value.as_ref().map(|value| &value.section_json);
    let read = json!({
        "files_read": trained.files_read,
        "days_counted": trained.days_counted,
        "days": totals.days,
        "events": totals.clicks,
        "views": totals.views,
        "purchases": totals.purchases,
        "bad_rows": bad.collect::<Vec<_>>(),
        "not_counted": not_counted,
        "last_day": last_day,
        "value": section,
        "priors": priors_of(figures),
    });
    match read {
        Value::Object(read) => read,
        _ => Map::new(),
    }
}

/// The same for people.
pub fn text(trained: &Trained, figures: &Figures) -> String {
    let totals = trained.counts.totals;
    let mut text = format!(
        "{} events of {} days: {} views of items, {} items bought; read {} files, counted {} days\n",
        thousands(totals.clicks),
        totals.days,
        thousands(totals.views),
        thousands(totals.purchases),
        trained.files_read,
        trained.days_counted
    );
    for BadRows { file, why, rows, example } in &figures.bad_rows {
        let _ = writeln!(text, "{file}: {} rows cannot be read: {why}, such as {example:?}", thousands(*rows));
    }
    for (why, rows) in &trained.left_out {
        let _ = writeln!(text, "{} rows do not count: {why}", thousands(*rows));
    }
    if let Some(last) = &figures.last_day {
        let _ = writeln!(
            text,
            "of the last day's next items {} % are among the first 20 that the days before predict, {} % among the most \
             popular",
            number(100.0 * last.model.hr20),
            number(100.0 * last.popular.hr20)
        );
    }
    if let Some(value) = &figures.value {
        let _ = write!(text, "\nFor the config:\n\n{}\n", value.section);
    }
    if !figures.shown.is_empty() {
        let rows = figures.shown.iter().map(|shown| {
            let Shown { variant, visits, goals, .. } = shown;
            let share = format!("{} %", number(100.0 * as_f64(*goals) / as_f64(*visits)));
            [variant.clone(), thousands(*visits), thousands(*goals), share]
        });
        let heads = Some(["variant that was shown", "visits", "bought", "share"]);
        let _ = write!(text, "\n{}", table(heads, [Left, Right, Right, Right], rows));
    }
    text.push_str(&prior::text(&priors_of(figures)));
    text
}
