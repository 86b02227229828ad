//! What is told of a site besides its model, from the tables of [`PAGE`](crate::models::PAGE).

use std::collections::BTreeMap;
use std::path::Path;

use crate::engine::{Engine, EngineError};
use crate::tables::{TableError, rows};

/// The tables that [`PageCounts::read`] reads, each from a folder of its name.
const EXPORTED: [&str; 7] = ["daily_visits", "lengths", "popularity", "judged_views", "customers", "rfm", "shown"];

/// How much happened when, and what customers did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageCounts {
    /// The days, ascending.
    pub days: Vec<DayCounts>,
    /// How many visits had so many clicks, ascending: clicks, and visits. The last one may be of so many and more.
    pub lengths: Vec<(u64, u64)>,
    /// Points of the curve of popularity, ascending: how many items, the most popular ones, and how many of the visits to
    /// items were to these.
    pub popularity: Vec<(u64, u64)>,
    /// The items of some visits of the last day, each in order.
    pub judged: Vec<Vec<String>>,
    /// Customers, those who are alike together.
    pub customers: Vec<CustomerCounts>,
    /// The cut points of RFM: of which figure, after how many fifths of all customers, and the amount.
    pub cut_points: Vec<(String, u32, u64)>,
    /// Variants that were shown to enough visitors, by name.
    pub shown: Vec<ShownCounts>,
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCounts {
    /// In days since 1970.
    pub day: i64,
    /// Visits.
    pub visits: u64,
    /// Visitors.
    pub visitors: u64,
    /// Events.
    pub clicks: u64,
    /// Items bought.
    pub purchases: u64,
}

/// Customers who are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerCounts {
    /// On how many days after the first one they bought.
    pub further_days: u32,
    /// How many days after the first one the last of them was.
    pub recency_days: u32,
    /// How many days ago the first one was, at the end of the log.
    pub age_days: u32,
    /// What they spent on the further days, in hundredths of the currency.
    pub further_spent: u64,
    /// How many they are.
    pub customers: u64,
}

/// A variant that was shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShownCounts {
    /// What the log calls it.
    pub variant: String,
    /// The visits in which it was shown.
    pub visits: u64,
    /// Those of them in which something was bought at the moment when it was first shown, or later.
    pub goals: u64,
}

/// Writes the tables into a folder, each into a folder of its name.
///
/// # Errors
///
/// When the engine cannot write one.
pub fn export(engine: &mut dyn Engine, folder: &Path) -> Result<(), EngineError> {
    EXPORTED.iter().try_for_each(|table| engine.export(table, &folder.join(table)))
}

impl PageCounts {
    /// Reads the tables from the folder that [`export`] wrote them into.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub fn read(folder: &Path) -> Result<PageCounts, TableError> {
        let mut counts = PageCounts::default();
        rows(&folder.join("daily_visits"), |row| {
            counts.days.push(DayCounts {
                day: row.number(0)?,
                visits: row.count(1)?,
                visitors: row.count(2)?,
                clicks: row.count(3)?,
                purchases: row.count(5)?,
            });
            Ok(())
        })?;
        counts.days.sort_by_key(|day| day.day);
        for (table, pairs) in [("lengths", &mut counts.lengths), ("popularity", &mut counts.popularity)] {
            rows(&folder.join(table), |row| {
                pairs.push((row.count(0)?, row.count(1)?));
                Ok(())
            })?;
            pairs.sort_unstable();
        }
        let mut judged: BTreeMap<u64, BTreeMap<u64, String>> = BTreeMap::new();
        rows(&folder.join("judged_views"), |row| {
            judged.entry(row.count(0)?).or_default().insert(row.count(1)?, row.text(2)?.to_owned());
            Ok(())
        })?;
        counts.judged = judged.into_values().map(|visit| visit.into_values().collect()).collect();
        rows(&folder.join("customers"), |row| {
            counts.customers.push(CustomerCounts {
                further_days: row.small(0)?,
                recency_days: row.small(1)?,
                age_days: row.small(2)?,
                further_spent: row.count(3)?,
                customers: row.count(4)?,
            });
            Ok(())
        })?;
        counts.customers.sort_unstable();
        rows(&folder.join("rfm"), |row| {
            counts.cut_points.push((row.text(0)?.to_owned(), row.small(1)?, row.count(2)?));
            Ok(())
        })?;
        counts.cut_points.sort_unstable();
        rows(&folder.join("shown"), |row| {
            counts.shown.push(ShownCounts {
                variant: row.text(0)?.to_owned(),
                visits: row.count(1)?,
                goals: row.count(2)?,
            });
            Ok(())
        })?;
        counts.shown.sort_unstable();
        Ok(counts)
    }
}
