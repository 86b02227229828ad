//! The results of an experiment, read from CSV: one row per variation, only sums.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use tailorbird_cli::statistics::lift::covariate::Paired;
use tailorbird_cli::statistics::lift::proportion::Proportion;
use tailorbird_cli::statistics::lift::{LARGEST_COUNT, VariationSums};

use crate::csv_lines::Lines;
use crate::ending::Ending;

/// How many problems are named; the rest is counted.
const NAMED: usize = 100;

const NEEDED: [&str; 4] = ["variation", "n", "sum", "sum_squares"];
const COVARIATE: [&str; 3] = ["x_sum", "x_sum_squares", "xy_sum"];
const WEIGHT: &str = "weight";

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
    let unreadable = |error| Ending::Misuse(format!("{}: cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Ending::Misuse(format!("{}: is a folder, expected a file", path.display())));
    }
    let mut lines = Lines::new(BufReader::new(file));
    let mut columns = None;
    let mut variations: Vec<Variation> = Vec::new();
    let mut problems = Problems { file: path.display().to_string(), named: Vec::new(), count: 0 };
    while let Some(line) = lines.next().map_err(unreadable)? {
        match (&columns, line.fields) {
            (None, fields) => match fields.map_err(|why| vec![why]).and_then(|fields| Columns::read(&fields)) {
                Ok(read) => columns = Some(read),
                Err(whys) => {
                    whys.iter().for_each(|why| problems.note(line.number, &format!("the header {why}")));
                    // Without it no row can be read.
                    break;
                }
            },
            (Some(columns), fields) => match fields.map_err(|why| vec![why]).and_then(|fields| columns.row(&fields)) {
                Ok(row) if variations.iter().any(|known| known.name == row.name) => {
                    problems.note(line.number, &format!("variation is {}, as in a row before", found(&row.name)));
                }
                Ok(row) => variations.push(row),
                Err(whys) => whys.iter().for_each(|why| problems.note(line.number, why)),
            },
        }
    }
    if problems.count > 0 {
        return Err(problems.ending());
    }
    if variations.len() < 2 {
        let held = if variations.is_empty() { "no variation" } else { "one variation" };
        return Err(Ending::Problems(format!("{}: holds {held}, expected at least two", path.display())));
    }
    Ok(variations)
}

struct Problems {
    file: String,
    named: Vec<String>,
    count: usize,
}

impl Problems {
    fn note(&mut self, line: usize, why: &str) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(format!("{}, line {line}: {why}", self.file));
        }
    }

    fn ending(mut self) -> Ending {
        let rest = self.count - self.named.len();
        if rest > 0 {
            self.named.push(format!("{}: ... and {rest} more", self.file));
        }
        Ending::Problems(self.named.join("\n"))
    }
}

/// Which field of a row is which.
#[derive(Debug)]
struct Columns {
    /// How many fields a row has.
    width: usize,
    needed: [usize; 4],
    covariate: Option<[usize; 3]>,
    weight: Option<usize>,
}

impl Columns {
    fn read(names: &[&str]) -> Result<Columns, Vec<String>> {
        let place = |name: &str| names.iter().position(|known| *known == name);
        let mut problems = Vec::new();
        for name in NEEDED.iter().chain(&COVARIATE).chain([&WEIGHT]) {
            if names.iter().filter(|known| *known == name).count() > 1 {
                problems.push(format!("has two columns {name}, expected one"));
            }
        }
        for name in NEEDED.iter().filter(|name| place(name).is_none()) {
            problems.push(format!("has no column {name}, expected {}", NEEDED.join(",")));
        }
        let covariate = COVARIATE.map(place);
        let given = covariate.iter().flatten().count();
        if (1..COVARIATE.len()).contains(&given) {
            problems.push(format!("has some of the columns {}, expected all or none", COVARIATE.join(",")));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        // Every one is there by now.
        let needed = NEEDED.map(|name| place(name).unwrap_or(usize::MAX));
        let covariate = if let [Some(x), Some(xx), Some(xy)] = covariate { Some([x, xx, xy]) } else { None };
        Ok(Columns { width: names.len(), needed, covariate, weight: place(WEIGHT) })
    }

    /// Reads one row, or returns everything that is wrong with it.
    fn row(&self, fields: &[&str]) -> Result<Variation, Vec<String>> {
        if fields.len() != self.width {
            return Err(vec![format!("has {} fields, expected {}", fields.len(), self.width)]);
        }
        let mut problems = Vec::new();
        let text = |place: usize| fields.get(place).copied().unwrap_or("");
        let mut number = |name: &str, place: usize, right: fn(f64) -> bool, expected: &str| {
            let number = text(place).parse().ok().filter(|number: &f64| number.is_finite() && right(*number));
            if number.is_none() {
                problems.push(format!("{name} is {}, expected {expected}", found(text(place))));
            }
            // Any number will do: the problem decides.
            number.unwrap_or(f64::NAN)
        };
        let [name, n, sum, sum_squares] = self.needed;
        let n = number("n", n, is_count, "a whole number from 0 to 9007199254740992");
        let sum = number("sum", sum, |_| true, "a number");
        let sum_squares = number("sum_squares", sum_squares, |number| number >= 0.0, "a number, at least 0");
        let before = self.covariate.map(|[x, xx, xy]| {
            let x = number("x_sum", x, |_| true, "a number");
            let xx = number("x_sum_squares", xx, |number| number >= 0.0, "a number, at least 0");
            (x, xx, number("xy_sum", xy, |_| true, "a number"))
        });
        let weight =
            self.weight.map_or(1.0, |place| number("weight", place, |number| number > 0.0, "a number above 0"));
        let name = text(name).to_owned();
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

/// What was found, cut at 40 characters.
fn found(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let end = if text.chars().nth(40).is_some() { "..." } else { "" };
    format!("\"{}{end}\"", short.escape_debug())
}
