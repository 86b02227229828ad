//! Visits to a shop with what came of them, read from CSV in the layout of UCI's "Online Shoppers Purchasing
//! Intention" (Sakar et al. 2019).

use std::path::Path;

use serde::Deserialize;

use crate::csv_rows::{Columns, Problems, Rows, found};
use crate::ending::Ending;

const COLUMNS: Columns = Columns {
    needed: &[
        "Administrative",
        "Administrative_Duration",
        "Informational",
        "Informational_Duration",
        "ProductRelated",
        "ProductRelated_Duration",
        "BounceRates",
        "ExitRates",
        "PageValues",
        "SpecialDay",
        "Month",
        "OperatingSystems",
        "Browser",
        "Region",
        "TrafficType",
        "VisitorType",
        "Weekend",
        "Revenue",
    ],
    optional: &[],
    together: &[],
    expected: "the columns of UCI's \"Online Shoppers Purchasing Intention\"",
};
/// How many wrong rows are named; the rest is counted.
const NAMED: usize = 20;

/// One visit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Visit {
    /// Pages about the account, and the seconds on them.
    pub administrative: f64,
    #[serde(rename = "Administrative_Duration")]
    pub administrative_seconds: f64,
    /// Pages of information, and the seconds on them.
    pub informational: f64,
    #[serde(rename = "Informational_Duration")]
    pub informational_seconds: f64,
    /// Pages of products, and the seconds on them.
    pub product_related: f64,
    #[serde(rename = "ProductRelated_Duration")]
    pub product_seconds: f64,
    /// How near a special day is, 0 to 1.
    pub special_day: f64,
    /// What only the whole site's statistics know of the pages.
    pub bounce_rates: f64,
    pub exit_rates: f64,
    pub page_values: f64,
    pub month: String,
    pub operating_systems: String,
    pub browser: String,
    pub region: String,
    pub traffic_type: String,
    pub visitor_type: String,
    pub weekend: String,
    /// Whether something was bought: TRUE or FALSE.
    pub revenue: String,
}

impl Visit {
    /// All numbers, those that only the whole site's statistics know last.
    pub fn numbers(&self) -> [f64; 10] {
        [
            self.administrative,
            self.administrative_seconds,
            self.informational,
            self.informational_seconds,
            self.product_related,
            self.product_seconds,
            self.special_day,
            self.bounce_rates,
            self.exit_rates,
            self.page_values,
        ]
    }

    /// All names.
    pub fn names(&self) -> [&str; 7] {
        [
            &self.month,
            &self.operating_systems,
            &self.browser,
            &self.region,
            &self.traffic_type,
            &self.visitor_type,
            &self.weekend,
        ]
    }

    /// Whether the visitor was there before.
    pub fn is_returning(&self) -> bool {
        self.visitor_type != "New_Visitor"
    }

    /// Whether something was bought.
    pub fn has_bought(&self) -> bool {
        is_true(&self.revenue) == Some(true)
    }

    /// The visit with its numbers within their range, or what is wrong with it.
    fn checked(mut self) -> Result<Visit, String> {
        for (name, number) in [
            ("Administrative", &mut self.administrative),
            ("Administrative_Duration", &mut self.administrative_seconds),
            ("Informational", &mut self.informational),
            ("Informational_Duration", &mut self.informational_seconds),
            ("ProductRelated", &mut self.product_related),
            ("ProductRelated_Duration", &mut self.product_seconds),
            ("SpecialDay", &mut self.special_day),
            ("BounceRates", &mut self.bounce_rates),
            ("ExitRates", &mut self.exit_rates),
            ("PageValues", &mut self.page_values),
        ] {
            // Durations of -1 stand where the origin did not measure one.
            if !(-1.0..=1e9).contains(number) {
                return Err(format!("{name} is {number}, expected a number from 0 to 1000000000"));
            }
            *number = number.max(0.0);
        }
        match is_true(&self.revenue) {
            Some(_) => Ok(self),
            None => Err(format!("Revenue is {}, expected TRUE or FALSE", found(&self.revenue))),
        }
    }
}

/// A truth as spreadsheets write it.
pub fn is_true(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Reads all visits of a file.
///
/// # Errors
///
/// When it cannot be read, when anything in it is wrong, and when all or none of the visits bought.
pub fn read(path: &Path) -> Result<Vec<Visit>, Ending> {
    let (mut visits, mut problems) = (Vec::new(), Problems::new(path, NAMED));
    for (line, row) in Rows::<Visit>::open(path, &COLUMNS)? {
        match row.and_then(Visit::checked) {
            Ok(visit) => visits.push(visit),
            Err(why) => problems.note(line, &why),
        }
    }
    problems.refuse()?;
    let bought = visits.iter().filter(|visit| visit.has_bought()).count();
    if bought == 0 || bought == visits.len() {
        let why = format!("of {} visits {bought} bought, expected some of both", visits.len());
        return Err(Ending::Problems(format!("{}: {why}", path.display())));
    }
    Ok(visits)
}
