//! Customers: when they bought and what they spent. From CSV, one row each, or counted, one row for all who are alike.

use std::path::Path;

use serde::Deserialize;
use tailorbird::profile::lifetime_value::CustomerSummary;

use crate::csv_rows::{Columns, Problems, Rows};
use crate::ending::Ending;

/// How many bad rows are named; the rest is counted.
const NAMED: usize = 100;
/// The most times that somebody can have bought.
const MOST: f64 = 1e6;

/// The columns of what customers did; the mean value is in either of the last two.
pub const HISTORY: Columns =
    Columns { needed: &["x", "t_x", "T"], optional: &["zbar", "mbar"], together: &[], expected: "x,t_x,T,zbar" };
/// The same with what they did afterwards.
pub const HOLDOUT: Columns = Columns {
    needed: &["x", "t_x", "T", "x_holdout"],
    optional: &["zbar", "mbar"],
    together: &[],
    expected: "x,t_x,T,zbar,x_holdout",
};

/// A row as it is written.
#[derive(Deserialize)]
struct Written {
    x: f64,
    t_x: f64,
    #[serde(rename = "T")]
    age: f64,
    zbar: Option<f64>,
    mbar: Option<f64>,
    #[serde(default)]
    x_holdout: f64,
}

/// Customers who are alike: one, if they were not counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Customer {
    /// When the purchases were.
    pub summary: CustomerSummary,
    /// The mean value of all purchases but the first. 0 where there is no other.
    pub mean: f64,
    /// How many times the customer bought afterwards; 0 where it was not asked for.
    pub holdout: f64,
    /// How many customers that are. At least 1.
    pub count: u64,
}

impl Customer {
    /// How much they weigh in a sum over all customers.
    #[allow(clippy::cast_precision_loss, reason = "there are fewer than 2^53 customers")]
    pub fn weight(&self) -> f64 {
        self.count as f64
    }
}

/// Customers who are alike, as the model `customers` of a log has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedCustomers {
    /// On how many days after the first one they bought.
    pub further_days: u32,
    /// The days from the first purchase to the last. 0 where there is no further one.
    pub recency_days: u32,
    /// The days from the first purchase to the end of the log.
    pub age_days: u32,
    /// What they spent on the further days, in hundredths of the currency.
    pub further_spent: u64,
    /// How many customers that are.
    pub count: u64,
}

/// All customers of a file or a log.
#[derive(Debug)]
pub struct Customers {
    /// Those whose rows are good, in the order of the file; at least one.
    pub all: Vec<Customer>,
}

impl Customers {
    /// Customers of a log, whose unit of time is the day. The order of the rows does not matter. `None` of nobody.
    pub fn counted(rows: &[CountedCustomers]) -> Option<Customers> {
        let mut rows: Vec<&CountedCustomers> = rows.iter().filter(|row| row.count > 0).collect();
        let by = |row: &&CountedCustomers| (row.further_days, row.recency_days, row.age_days, row.further_spent);
        rows.sort_by_key(by);
        let customer = |row: &CountedCustomers| {
            let [frequency, recency, age] = [row.further_days, row.recency_days, row.age_days].map(f64::from);
            #[allow(clippy::cast_precision_loss, reason = "far below 2^53 hundredths")]
            let spent = row.further_spent as f64 / 100.0;
            let mean = if frequency > 0.0 { spent / frequency } else { 0.0 };
            Customer { summary: CustomerSummary { frequency, recency, age }, mean, holdout: 0.0, count: row.count }
        };
        let all: Vec<Customer> = rows.into_iter().map(customer).collect();
        (!all.is_empty()).then_some(Customers { all })
    }

    /// How many customers there are.
    pub fn count(&self) -> u64 {
        self.all.iter().map(|known| known.count).sum()
    }

    /// Those who bought again, for money.
    pub fn repeated(&self) -> impl Iterator<Item = &Customer> {
        self.all.iter().filter(|known| known.summary.frequency > 0.0 && known.mean > 0.0)
    }

    /// How many those are.
    pub fn repeated_count(&self) -> u64 {
        self.repeated().map(|known| known.count).sum()
    }

    /// How frequency and spending of those correlate (Pearson); `None` where one of them does not vary.
    pub fn correlation(&self) -> Option<f64> {
        let all = || self.repeated().map(|known| (known.weight(), known.summary.frequency, known.mean));
        let n: f64 = all().map(|(weight, ..)| weight).sum();
        let (x, y) = all().fold((0.0, 0.0), |sum, (weight, x, y)| (sum.0 + weight * x / n, sum.1 + weight * y / n));
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for (weight, own_x, own_y) in all() {
            let (dx, dy) = (own_x - x, own_y - y);
            xx += weight * dx * dx;
            yy += weight * dy * dy;
            xy += weight * dx * dy;
        }
        let correlation = xy / (xx * yy).sqrt();
        Some(correlation).filter(|correlation| correlation.is_finite())
    }
}

/// Reads all customers of a file.
///
/// # Errors
///
/// When the file cannot be read, lacks a column, or has no good row. Bad rows are named on stderr.
pub fn read(path: &Path, columns: &Columns) -> Result<Customers, Ending> {
    let rows = Rows::<Written>::open(path, columns)?;
    let mut all = Vec::new();
    let mut bad = Problems::new(path, NAMED);
    if rows.count_columns(&["x"]) > 0 && rows.count_columns(&["zbar", "mbar"]) == 0 {
        let why = format!("the header has no column zbar or mbar, expected {}", columns.expected);
        return Err(Ending::Problems(format!("{}: {why}", path.display())));
    }
    for (line, row) in rows {
        match row.and_then(Written::read) {
            Ok(customer) => all.push(customer),
            Err(why) => bad.note(line, &why),
        }
    }
    bad.complain();
    if all.is_empty() {
        return Err(Ending::Problems(format!("{}: holds no good row, expected a customer a row", path.display())));
    }
    Ok(Customers { all })
}

impl Written {
    fn read(self) -> Result<Customer, String> {
        let Written { x, t_x, age, zbar, mbar, x_holdout } = self;
        let mean = mbar.or(zbar).ok_or("zbar is empty, expected a number from 0 to 1000000000")?;
        for (name, number, most, is_count) in [
            ("x", x, MOST, true),
            ("t_x", t_x, 1e9, false),
            ("T", age, 1e9, false),
            ("zbar", mean, 1e9, false),
            ("x_holdout", x_holdout, MOST, true),
        ] {
            if !(0.0..=most).contains(&number) || (is_count && number.floor() != number) {
                let kind = if is_count { "a whole number" } else { "a number" };
                return Err(format!("{name} is {number}, expected {kind} from 0 to {most}"));
            }
        }
        if t_x > age {
            return Err(format!("t_x is {t_x}, expected at most T, which is {age}"));
        }
        if x == 0.0 && t_x > 0.0 {
            return Err(format!("t_x is {t_x}, expected 0 where x is 0"));
        }
        Ok(Customer {
            summary: CustomerSummary { frequency: x, recency: t_x, age },
            mean,
            holdout: x_holdout,
            count: 1,
        })
    }
}
