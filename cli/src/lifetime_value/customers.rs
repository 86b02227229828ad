//! Customers, read from CSV: one row each, when they bought and what they spent.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use tailorbird::profile::lifetime_value::CustomerSummary;

use crate::csv_lines::Lines;
use crate::ending::{Ending, complain};
use crate::progress::Progress;

/// How many bad rows are named; the rest is counted.
const NAMED: usize = 100;
/// The most times that somebody can have bought.
const MOST: f64 = 1e6;

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

/// Reads all customers of a file, which has to have these columns beside the usual ones.
///
/// # Errors
///
/// When the file cannot be read, lacks a column, or has no good row. Bad rows are named on stderr.
pub fn read(path: &Path, more: &[&str]) -> Result<Customers, Ending> {
    let unreadable = |error| Ending::Misuse(format!("{}: cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(Ending::Misuse(format!("{}: is a folder, expected a file", path.display())));
    }
    let mut progress = Progress::new("reading", about.len());
    let mut lines = Lines::new(BufReader::new(file));
    let mut columns = None;
    let mut all = Vec::new();
    let mut bad = 0;
    while let Some(line) = lines.next().map_err(unreadable)? {
        progress.advance(line.bytes);
        let place = format!("{}, line {}", path.display(), line.number);
        match (&columns, line.fields) {
            (None, fields) => {
                let read = fields.and_then(|fields| Columns::read(&fields, more));
                columns = Some(read.map_err(|why| Ending::Problems(format!("{place}: the header {why}")))?);
            }
            (Some(columns), fields) => match fields.and_then(|fields| columns.row(&fields)) {
                Ok(customer) => all.push(customer),
                Err(why) => {
                    bad += 1;
                    if bad <= NAMED {
                        complain(&format!("{place}: {why}"));
                    }
                }
            },
        }
    }
    if bad > NAMED {
        complain(&format!("{}: ... and {} more bad rows", path.display(), bad - NAMED));
    }
    if all.is_empty() {
        return Err(Ending::Problems(format!("{}: holds no good row, expected a customer a row", path.display())));
    }
    Ok(Customers { all })
}

/// Which field of a row is which.
struct Columns {
    width: usize,
    repeats: usize,
    last: usize,
    age: usize,
    mean: usize,
    holdout: Option<usize>,
}

impl Columns {
    fn read(names: &[&str], more: &[&str]) -> Result<Columns, String> {
        let place = |name: &str| names.iter().position(|known| *known == name);
        for name in ["x", "t_x", "T", "zbar", "mbar", "x_holdout"] {
            if names.iter().filter(|known| **known == name).count() > 1 {
                return Err(format!("has two columns {name}, expected one"));
            }
        }
        let needed = |name: &str| place(name).ok_or_else(|| format!("has no column {name}, expected x,t_x,T,zbar"));
        for name in more {
            place(name).ok_or_else(|| format!("has no column {name}"))?;
        }
        Ok(Columns {
            width: names.len(),
            repeats: needed("x")?,
            last: needed("t_x")?,
            age: needed("T")?,
            mean: place("mbar").map_or_else(|| needed("zbar"), Ok)?,
            holdout: place("x_holdout").filter(|_| more.contains(&"x_holdout")),
        })
    }

    fn row(&self, fields: &[&str]) -> Result<Customer, String> {
        if fields.len() != self.width {
            return Err(format!("has {} fields, expected {}", fields.len(), self.width));
        }
        let number = |name: &str, place: usize, most: f64, whole: bool| {
            let text = fields.get(place).copied().unwrap_or("");
            let right = |number: &f64| (0.0..=most).contains(number) && (!whole || number.floor() == *number);
            let expected = if whole { "a whole number from 0" } else { "a number from 0" };
            text.parse().ok().filter(right).ok_or_else(|| format!("{name} is {text:?}, expected {expected} to {most}"))
        };
        let repeats = number("x", self.repeats, MOST, true)?;
        let last = number("t_x", self.last, 1e9, false)?;
        let age = number("T", self.age, 1e9, false)?;
        let mean = number("zbar", self.mean, 1e9, false)?;
        let holdout = self.holdout.map_or(Ok(0.0), |place| number("x_holdout", place, MOST, true))?;
        if last > age {
            return Err(format!("t_x is {last}, expected at most T, which is {age}"));
        }
        if repeats == 0.0 && last > 0.0 {
            return Err(format!("t_x is {last}, expected 0 where x is 0"));
        }
        Ok(Customer { summary: CustomerSummary { frequency: repeats, recency: last, age }, mean, holdout })
    }
}
