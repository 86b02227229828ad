//! The results of an experiment, read from CSV: one row per variation, only sums.

use std::path::Path;

use serde::Deserialize;
use tailorbird_cli::statistics::lift::covariate::Paired;
use tailorbird_cli::statistics::lift::proportion::Proportion;
use tailorbird_cli::statistics::lift::{LARGEST_COUNT, VariationSums};

use crate::csv_rows::{Columns, Problems, Rows, found};
use crate::ending::Ending;

/// How many problems are named; the rest is counted.
const NAMED: usize = 100;

const COVARIATE: [&str; 3] = ["x_sum", "x_sum_squares", "xy_sum"];
const COLUMNS: Columns = Columns {
    needed: &["variation", "n", "sum", "sum_squares"],
    optional: &["x_sum", "x_sum_squares", "xy_sum", "weight"],
    together: &COVARIATE,
    expected: "variation,n,sum,sum_squares",
};

/// A row as it is written: texts, so that everything that is wrong with a row is named.
#[derive(Deserialize)]
struct Written {
    variation: String,
    n: String,
    sum: String,
    sum_squares: String,
    #[serde(default)]
    x_sum: String,
    #[serde(default)]
    x_sum_squares: String,
    #[serde(default)]
    xy_sum: String,
    #[serde(default = "equal")]
    weight: String,
}

/// One variation.
#[derive(Debug)]
pub struct Variation {
    /// Its name in the file.
    pub name: String,
    /// The outcomes of its visitors.
    pub sums: VariationSums,
    /// The same as conversions, where every value can have been 0 or 1.
    pub conversions: Option<Proportion>,
    /// The same paired with a covariate from before, where the file has the columns for it.
    pub paired: Option<Paired>,
    /// The share of visitors it should have been assigned to; the weights need not add to 1.
    pub weight: f64,
}

/// Reads all variations of a file, at least two.
///
/// # Errors
///
/// When the file cannot be read; and when anything in it is wrong, with every problem and its line.
pub fn read(path: &Path) -> Result<Vec<Variation>, Ending> {
    let rows = Rows::<Written>::open(path, &COLUMNS)?;
    let is_paired = rows.count_columns(&COVARIATE) > 0;
    let mut variations: Vec<Variation> = Vec::new();
    let mut problems = Problems::new(path, NAMED);
    for (line, row) in rows {
        match row.map_err(|why| vec![why]).and_then(|row| row.read(is_paired)) {
            Ok(row) if variations.iter().any(|known| known.name == row.name) => {
                problems.note(line, &format!("variation is {}, as in a row before", found(&row.name)));
            }
            Ok(row) => variations.push(row),
            Err(whys) => whys.iter().for_each(|why| problems.note(line, why)),
        }
    }
    problems.refuse()?;
    if variations.len() < 2 {
        let held = if variations.is_empty() { "no variation" } else { "one variation" };
        return Err(Ending::Problems(format!("{}: holds {held}, expected at least two", path.display())));
    }
    Ok(variations)
}

impl Written {
    /// The variation, or everything that is wrong with the row.
    fn read(self, is_paired: bool) -> Result<Variation, Vec<String>> {
        let mut problems = Vec::new();
        let mut number = |name: &str, text: &str, right: fn(f64) -> bool, expected: &str| {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite() && right(*number));
            if number.is_none() {
                problems.push(format!("{name} is {}, expected {expected}", found(text)));
            }
            // Any number will do: the problem decides.
            number.unwrap_or(f64::NAN)
        };
        let n = number("n", &self.n, is_count, "a whole number from 0 to 9007199254740992");
        let sum = number("sum", &self.sum, |_| true, "a number");
        let sum_squares = number("sum_squares", &self.sum_squares, |number| number >= 0.0, "a number, at least 0");
        let before = is_paired.then(|| {
            let x = number("x_sum", &self.x_sum, |_| true, "a number");
            let xx = number("x_sum_squares", &self.x_sum_squares, |number| number >= 0.0, "a number, at least 0");
            (x, xx, number("xy_sum", &self.xy_sum, |_| true, "a number"))
        });
        let weight = number("weight", &self.weight, |number| number > 0.0, "a number above 0");
        let name = self.variation;
        if name.is_empty() {
            problems.push("variation is empty, expected a name".to_owned());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let contradiction = |name: &str, value: f64, bound: &str| format!("{name} is {value}, expected {bound}");
        let sums = VariationSums::new(n, sum, sum_squares);
        if sums.is_none() {
            problems.push(contradiction("sum_squares", sum_squares, &bound_of("sum", n, sum)));
        }
        let paired = before.and_then(|(x, xx, xy)| {
            let paired = Paired::new(n, (sum, sum_squares), (x, xx), xy);
            if VariationSums::new(n, x, xx).is_none() {
                problems.push(contradiction("x_sum_squares", xx, &bound_of("x_sum", n, x)));
            } else if paired.is_none() && sums.is_some() {
                problems.push(contradiction("xy_sum", xy, "a sum of products that values with these squares can have"));
            }
            paired
        });
        match sums {
            Some(sums) if problems.is_empty() => {
                let conversions = Proportion::new(sum, n).filter(|_| sum == sum_squares);
                Ok(Variation { name, sums, conversions, paired, weight })
            }
            _ => Err(problems),
        }
    }
}

/// The weight of each where the file has no column for it.
fn equal() -> String {
    "1".to_owned()
}

fn is_count(number: f64) -> bool {
    (0.0..=LARGEST_COUNT).contains(&number) && number.floor() == number
}

/// What a sum of squares must at least be.
fn bound_of(sum: &str, n: f64, value: f64) -> String {
    if n == 0.0 {
        format!("no {sum} and no squares of no visitors")
    } else {
        format!("at least {sum}\u{b2} / n, which is {}", value * (value / n))
    }
}
