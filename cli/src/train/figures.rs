//! What there is to say about a model and the log it was learned from: the numbers of `report.html` and `report.csv`.

use tailorbird::time::{Timestamp, Zone, date};

use crate::ending::Ending;
use crate::fit::purchases::Purchases;

/// All numbers. A list that has nothing to say is empty, and is left out of the page.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// The name of the model's file.
    pub model: String,
    /// What was read.
    pub files: Vec<InputFile>,
    /// Rows that could not be read.
    pub bad_rows: Vec<BadRows>,
    /// What was read and is not in the model.
    pub left_out: Vec<LeftOut>,
    /// Every day of the log, ascending.
    pub days: Vec<Day>,
    /// How many visits had so many clicks, ascending; the last is of so many or more.
    pub lengths: Vec<Length>,
    /// From how many clicks on visits are counted together.
    pub most_clicks: u64,
    /// Points of the curve of popularity, ascending.
    pub popularity: Vec<Popularity>,
    /// How well the next item of the last day is predicted by what was learned from the days before.
    pub last_day: Option<LastDay>,
    /// What customers are worth.
    pub value: Option<Value>,
    /// Variants that were shown, by name.
    pub shown: Vec<Shown>,
    /// The sections of the model, then the whole file.
    pub sections: Vec<Size>,
    /// Files for single categories.
    pub shards: Vec<Size>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its path, as it was given.
    pub name: String,
    /// Its rows that are events.
    pub rows: u64,
    /// Its rows that could not be read.
    pub bad_rows: u64,
}

/// Rows of a file that are bad for the same reason.
#[derive(Clone, Debug)]
pub struct BadRows {
    /// The path of the file.
    pub file: String,
    /// What is wrong with them.
    pub why: String,
    /// How many they are.
    pub rows: u64,
    /// One of them.
    pub example: String,
}

/// What is not in the model.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// What it is: `items`.
    pub what: String,
    /// How many.
    pub count: u64,
    /// Why: `fewer than 5 visitors`.
    pub why: String,
}

/// One day.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    pub visits: u64,
    pub visitors: u64,
    pub clicks: u64,
    pub purchases: u64,
}

/// Visits of a length.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    pub clicks: u64,
    pub visits: u64,
}

/// A point of the curve of popularity.
#[derive(Clone, Copy, Debug)]
pub struct Popularity {
    /// How many items, the most popular first.
    pub items: u64,
    /// How many of the visits to items were to these; a visit to two items counts twice.
    pub visits: u64,
}

/// How well the last day is predicted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastDay {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// How many visits were looked at.
    pub visits: u64,
    /// How many items were predicted.
    pub predicted: u64,
    /// By the model.
    pub model: Hits,
    /// By the list of popular items.
    pub popular: Hits,
}

/// How often the next item was among the first 20 of a list, and the mean of 1 / rank, 0 beyond; both from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hits {
    pub hr20: f64,
    pub mrr20: f64,
}

/// What customers are worth.
#[derive(Clone, Debug)]
pub struct Value {
    /// How many bought.
    pub customers: u64,
    /// How many of them bought again, for money.
    pub repeated: u64,
    /// The parameters by their names, as they are printed.
    pub parameters: Vec<(&'static str, f64)>,
    /// How frequency and spending correlate, where both vary.
    pub correlation: Option<f64>,
    /// How many bought again how often.
    pub purchases: Vec<Purchases>,
    /// The section `value` of the config, ready to paste.
    pub section: String,
    /// The same as JSON.
    pub section_json: serde_json::Value,
}

/// A variant that was shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What the log calls it.
    pub variant: String,
    /// The visits in which it was shown.
    pub visits: u64,
    /// Those of them in which something was bought afterwards.
    pub goals: u64,
    /// What a bandit may start from, where there are visits with and without the goal.
    pub prior: Option<serde_json::Value>,
}

/// How large a section or a file is.
#[derive(Clone, Debug)]
pub struct Size {
    /// Of what.
    pub name: String,
    /// In bytes.
    pub bytes: u64,
    /// In bytes after compression.
    pub brotli: u64,
}

/// A day as `2026-03-09`.
pub fn day_name(day: i64) -> String {
    date(Timestamp::from_ms(day.saturating_mul(86_400_000)), Zone(0))
}

impl Figures {
    /// All numbers as CSV, in long form: `section,name,value`. The same figures give the same bytes.
    ///
    /// # Errors
    ///
    /// When they cannot be written, which in memory does not happen.
    pub fn csv(&self) -> Result<String, Ending> {
        let mut out = csv::Writer::from_writer(Vec::new());
        let refused =
            |error: &dyn std::fmt::Display| Ending::Problems(format!("the figures cannot be written: {error}"));
        out.write_record(["section", "name", "value"]).map_err(|error| refused(&error))?;
        for (section, name, value) in self.rows() {
            out.write_record([section, &name, &value]).map_err(|error| refused(&error))?;
        }
        let bytes = out.into_inner().map_err(|error| refused(&error))?;
        String::from_utf8(bytes).map_err(|error| refused(&error))
    }

    fn rows(&self) -> Vec<(&'static str, String, String)> {
        let mut rows: Vec<(&'static str, String, String)> = Vec::new();
        let mut add = |section, name: String, value: String| rows.push((section, name, value));
        for file in &self.files {
            add("rows", file.name.clone(), file.rows.to_string());
            add("bad rows", file.name.clone(), file.bad_rows.to_string());
        }
        for bad in &self.bad_rows {
            add("bad rows by reason", format!("{}: {}", bad.file, bad.why), bad.rows.to_string());
        }
        for left_out in &self.left_out {
            add("left out", format!("{}: {}", left_out.what, left_out.why), left_out.count.to_string());
        }
        for day in &self.days {
            let name = day_name(day.day);
            add("visits", name.clone(), day.visits.to_string());
            add("visitors", name.clone(), day.visitors.to_string());
            add("clicks", name.clone(), day.clicks.to_string());
            add("purchases", name, day.purchases.to_string());
        }
        for length in &self.lengths {
            add("visits by clicks", length.clicks.to_string(), length.visits.to_string());
        }
        for point in &self.popularity {
            add("visits to the most popular items", point.items.to_string(), point.visits.to_string());
        }
        if let Some(last) = &self.last_day {
            for (name, value) in [("day", day_name(last.day)), ("visits", last.visits.to_string())] {
                add("last day", name.to_owned(), value);
            }
            add("last day", "items predicted".to_owned(), last.predicted.to_string());
            for (who, hits) in [("model", last.model), ("popular", last.popular)] {
                add("last day", format!("hr20 {who}"), hits.hr20.to_string());
                add("last day", format!("mrr20 {who}"), hits.mrr20.to_string());
            }
        }
        if let Some(value) = &self.value {
            add("customers", "all".to_owned(), value.customers.to_string());
            add("customers", "bought again".to_owned(), value.repeated.to_string());
            for (name, parameter) in &value.parameters {
                add("lifetime value", (*name).to_owned(), parameter.to_string());
            }
            if let Some(correlation) = value.correlation {
                add("lifetime value", "correlation".to_owned(), correlation.to_string());
            }
            for entry in &value.purchases {
                add("customers by further purchases", entry.times.to_string(), entry.observed.to_string());
                add("customers by further purchases, expected", entry.times.to_string(), entry.expected.to_string());
            }
        }
        for shown in &self.shown {
            add("visits with a variant", shown.variant.clone(), shown.visits.to_string());
            add("visits with a variant, bought", shown.variant.clone(), shown.goals.to_string());
            if let Some(prior) = &shown.prior {
                add("prior", shown.variant.clone(), prior.to_string());
            }
        }
        for size in self.sections.iter().chain(&self.shards) {
            add("bytes", size.name.clone(), size.bytes.to_string());
            add("bytes, brotli", size.name.clone(), size.brotli.to_string());
        }
        rows
    }
}
