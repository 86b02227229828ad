//! Customers, read from CSV: one row each, when they bought and what they spent.

use std::path::Path;

use serde::Deserialize;
use tailorbird::profile::lifetime_value::CustomerSummary;

use crate::csv_rows::{Columns, Problems, Rows};
use crate::ending::{Ending, complain};

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

/// One customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Customer {
    /// When the purchases were.
    pub summary: CustomerSummary,
    /// The mean value of all purchases but the first. 0 where there is no other.
    pub mean: f64,
    /// How many times the customer bought afterwards; 0 where it was not asked for.
    pub holdout: f64,
}

/// All customers of a file.
#[derive(Debug)]
pub struct Customers {
    /// Those whose rows are good, in the order of the file; at least one.
    pub all: Vec<Customer>,
}

impl Customers {
    /// Those who bought again, for money.
    pub fn repeated(&self) -> impl Iterator<Item = &Customer> {
        self.all.iter().filter(|known| known.summary.frequency > 0.0 && known.mean > 0.0)
    }

    /// How frequency and spending of those correlate (Pearson); `None` where one of them does not vary.
    #[allow(clippy::cast_precision_loss, reason = "customers are few")]
    pub fn correlation(&self) -> Option<f64> {
        let pairs: Vec<(f64, f64)> = self.repeated().map(|known| (known.summary.frequency, known.mean)).collect();
        let n = pairs.len() as f64;
        let (x, y) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / n, sum.1 + pair.1 / n));
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for pair in &pairs {
            let (dx, dy) = (pair.0 - x, pair.1 - y);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
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
    if bad.count() > 0 {
        complain(&bad.text());
    }
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
        Ok(Customer { summary: CustomerSummary { frequency: x, recency: t_x, age }, mean, holdout: x_holdout })
    }
}
