//! Visits to a shop with what came of them, read from CSV in the layout of UCI's "Online Shoppers Purchasing
//! Intention" (Sakar et al. 2019).

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::csv_lines::Lines;
use crate::ending::{Ending, complain};

/// The columns, as the header names them; their order does not matter.
const COLUMNS: [&str; 18] = [
    "Administrative",
    "Administrative_Duration",
    "Informational",
    "Informational_Duration",
    "ProductRelated",
    "ProductRelated_Duration",
    "SpecialDay",
    "BounceRates",
    "ExitRates",
    "PageValues",
    "Month",
    "OperatingSystems",
    "Browser",
    "Region",
    "TrafficType",
    "VisitorType",
    "Weekend",
    "Revenue",
];
/// How many of them are numbers; the rest are names, and the last is what came of it.
pub const NUMBERS: usize = 10;
/// How many names there are beside them.
pub const NAMES: usize = 7;
/// How many wrong rows are named; the rest is counted.
const NAMED: usize = 20;

/// One visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Engine {
    /// Pages about the account and their seconds; pages of information and their seconds; products and
    /// their seconds; how near a special day is, 0 to 1. Then what only the whole site's statistics know: bounce
    /// rates, exit rates and values of the pages.
    pub numbers: [f64; NUMBERS],
    /// Month, operating system, browser, region, kind of traffic, kind of visitor, weekend.
    pub names: [String; NAMES],
    /// Whether something was bought.
    pub bought: bool,
}

impl Engine {
    /// The number at a place of [`numbers`](Engine::numbers).
    pub fn number(&self, place: usize) -> f64 {
        self.numbers.get(place).copied().unwrap_or(0.0)
    }

    /// The name at a place of [`names`](Engine::names).
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }
}

/// Reads all visits of a file.
///
/// # Errors
///
/// When it cannot be read, when anything in it is wrong, and when all or none of the visits bought.
pub fn read(path: &Path) -> Result<Vec<Engine>, Ending> {
    let unreadable = |error| Ending::Misuse(format!("{}: cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Ending::Misuse(format!("{}: is a folder, expected a file", path.display())));
    }
    complain(&format!("reading {}", path.display()));
    let mut lines = Lines::new(BufReader::new(file));
    let mut places: Option<Vec<usize>> = None;
    let (mut visits, mut problems, mut count) = (Vec::new(), Vec::new(), 0_usize);
    while let Some(line) = lines.next().map_err(unreadable)? {
        let read = line.fields.and_then(|fields| match &places {
            None => header(&fields).map(|found| places = Some(found)),
            Some(places) => row(&fields, places).map(|visit| visits.push(visit)),
        });
        if let Err(why) = read {
            count += 1;
            if problems.len() < NAMED {
                problems.push(format!("{}: line {} {why}", path.display(), line.number));
            }
            if places.is_none() {
                break;
            }
        }
    }
    if count > problems.len() {
        problems.push(format!("{}: {} more", path.display(), count - problems.len()));
    }
    let bought = visits.iter().filter(|visit| visit.bought).count();
    if problems.is_empty() && (bought == 0 || bought == visits.len()) {
        problems.push(format!("{}: of {} visits {bought} bought, expected some of both", path.display(), visits.len()));
    }
    if problems.is_empty() { Ok(visits) } else { Err(Ending::Problems(problems.join("\n"))) }
}

fn header(fields: &[&str]) -> Result<Vec<usize>, String> {
    let place =
        |name: &&str| fields.iter().position(|field| field == name).ok_or_else(|| format!("has no column {name}"));
    COLUMNS.iter().map(place).collect()
}

fn row(fields: &[&str], places: &[usize]) -> Result<Engine, String> {
    let mut visit = Engine::default();
    for (column, (place, name)) in places.iter().zip(COLUMNS).enumerate() {
        let Some(field) = fields.get(*place) else { return Err(format!("has no {name}")) };
        if let Some(number) = visit.numbers.get_mut(column) {
            // Durations of -1 stand where the origin did not measure one.
            let read = field.parse().ok().filter(|number: &f64| (-1.0..=1e9).contains(number));
            *number = read.ok_or_else(|| format!("has {name} {field:?}, expected a number"))?.max(0.0);
        } else if let Some(own) = visit.names.get_mut(column - NUMBERS) {
            (*field).clone_into(own);
        } else {
            visit.bought = match field.to_ascii_lowercase().as_str() {
                "true" | "1" => true,
                "false" | "0" => false,
                _ => return Err(format!("has {name} {field:?}, expected TRUE or FALSE")),
            };
        }
    }
    Ok(visit)
}
