//! Recorded ways through a site: which pages or products one after the other, and when, where that is known.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::csv_lines::Lines;
use crate::ending::{Ending, complain};

/// How many steps of a visit are looked at. Of a longer one the step at the limit is left out, because what
/// came after it is not looked at.
pub const STEPS: usize = 50;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One visit a line, the categories of its pages in order, separated by spaces.
    Pages,
    /// CSV with a header: `SessionId,ItemId,Time`, one click a row, Time in seconds.
    Sessions,
}

/// One visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Walk {
    /// What was seen, by number.
    pub seen: Vec<u32>,
    /// When, in seconds; empty where nobody says.
    pub times: Vec<f64>,
}

impl Walk {
    /// Its steps: after each, whether the visit was over.
    pub fn steps(&self) -> impl Iterator<Item = (usize, bool)> + use<> {
        let (length, limit) = (self.seen.len(), self.seen.len().min(STEPS));
        let known = if length > STEPS { limit - 1 } else { limit };
        (0..known).map(move |step| (step, step + 1 == length))
    }
}

/// The numbers of what was seen, the same for all files.
#[derive(Default)]
pub struct Names(BTreeMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), number);
        number
    }
}

/// Reads all visits of a file.
///
/// # Errors
///
/// When it cannot be read, when nothing in it is a visit, and at its first wrong line.
pub fn read(path: &Path, kind: Kind, names: &mut Names) -> Result<Vec<Walk>, Ending> {
    let unreadable = |error| Ending::Misuse(format!("{}: cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Ending::Misuse(format!("{}: is a folder, expected a file", path.display())));
    }
    complain(&format!("reading {}", path.display()));
    let file = BufReader::new(file);
    let walks = match kind {
        Kind::Pages => pages(file, names),
        Kind::Sessions => sessions(file, names),
    };
    let walks = walks.map_err(|why| Ending::Problems(format!("{}: {why}", path.display())))?;
    if walks.is_empty() {
        return Err(Ending::Problems(format!("{}: holds no visit", path.display())));
    }
    Ok(walks)
}

fn pages(file: impl BufRead, names: &mut Names) -> Result<Vec<Walk>, String> {
    let mut walks = Vec::new();
    for (place, line) in file.lines().enumerate() {
        let line = line.map_err(|error| format!("line {}: {error}", place + 1))?;
        if let Some(odd) = line.split_whitespace().find(|word| word.len() > 20 || word.contains(',')) {
            return Err(format!("line {}: {odd:?} is no page category, expected categories and spaces", place + 1));
        }
        let seen: Vec<u32> = line.split_whitespace().map(|word| names.number(word)).collect();
        if !seen.is_empty() {
            walks.push(Walk { seen, times: Vec::new() });
        }
    }
    Ok(walks)
}

fn sessions(file: impl BufRead, names: &mut Names) -> Result<Vec<Walk>, String> {
    const COLUMNS: [&str; 3] = ["SessionId", "ItemId", "Time"];
    let mut lines = Lines::new(file);
    let mut columns: Option<Vec<usize>> = None;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Vec<(f64, u32)>> = Vec::new();
    while let Some(line) = lines.next().map_err(|error| error.to_string())? {
        let at = |why: String| format!("line {}: {why}", line.number);
        let fields = line.fields.map_err(at)?;
        let Some(known) = &columns else {
            let place = |name: &&str| {
                let place = fields.iter().position(|field| field == name);
                place.ok_or_else(|| format!("line 1: the header has no {name}, expected SessionId,ItemId,Time"))
            };
            columns = Some(COLUMNS.iter().map(place).collect::<Result<_, _>>()?);
            continue;
        };
        let field = |column: usize| known.get(column).and_then(|place| fields.get(*place)).copied().unwrap_or("");
        let at = |why: String| format!("line {}: {why}", line.number);
        let time: f64 = field(2)
            .parse()
            .ok()
            .filter(|time: &f64| time.is_finite())
            .ok_or_else(|| at(format!("Time is {:?}, expected seconds", field(2))))?;
        if field(0).is_empty() || field(1).is_empty() {
            return Err(at("SessionId or ItemId is empty".to_owned()));
        }
        let place = *places.entry(field(0).to_owned()).or_insert_with(|| {
            all.push(Vec::new());
            all.len() - 1
        });
        let number = names.number(field(1));
        if let Some(clicks) = all.get_mut(place) {
            clicks.push((time, number));
        }
    }
    let walk = |mut clicks: Vec<(f64, u32)>| {
        clicks.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (times, seen) = clicks.into_iter().unzip();
        Walk { seen, times }
    };
    Ok(all.into_iter().map(walk).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_ends_at_its_last_step_unless_that_lies_beyond_the_limit() {
        let steps = |length: usize| {
            let walk = Walk { seen: vec![0; length], times: Vec::new() };
            (walk.steps().count(), walk.steps().filter(|(_, over)| *over).count())
        };
        assert_eq!([steps(1), steps(50), steps(51), steps(500)], [(1, 1), (50, 1), (49, 0), (49, 0)]);
    }

    #[test]
    fn rows_of_one_session_need_not_stand_together_nor_in_order() {
        let mut names = Names::default();
        let walks = sessions("Time,ItemId,SessionId\n9,b,1\n5,x,2\n7,a,1\n".as_bytes(), &mut names).unwrap();
        assert_eq!(
            walks,
            [Walk { seen: vec![2, 0], times: vec![7.0, 9.0] }, Walk { seen: vec![1], times: vec![5.0] },]
        );
        assert!(sessions("SessionId,ItemId\n".as_bytes(), &mut names).unwrap_err().contains("no Time"));
        assert!(pages("1 2\n1,2\n".as_bytes(), &mut names).unwrap_err().starts_with("line 2: \"1,2\""));
    }
}
