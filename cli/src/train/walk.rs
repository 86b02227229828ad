//! Recorded ways through a site: which pages or products one after the other, and when, where that is known.

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use tailorbird::time::Timestamp;

use crate::csv_rows::wrong_line;
use crate::ending::Ending;
use crate::files;
use crate::session_rows::{OF_VISITORS, SessionRow, session_rows};

/// How many steps of a visit are looked at. Of a longer one the step at the limit is left out, because what
/// came after it is not looked at.
pub const STEPS: usize = 50;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// One visit a line, the categories of its pages in order, separated by spaces
    Pages,
    /// CSV with a header: SessionId,ItemId,Time, one click a row; VisitorId and Category may be there
    Sessions,
}

/// One visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Walk {
    /// What was seen, by number.
    pub seen: Vec<u32>,
    /// When, in seconds; empty where nobody says.
    pub times: Vec<f64>,
    /// Whose; `None` where nobody says.
    pub visitor: Option<String>,
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
pub struct Names {
    numbers: BTreeMap<String, u32>,
    /// By number.
    known: Vec<Name>,
}

/// What is known of something that was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// As the file says.
    pub id: String,
    /// The category that the file gave last; empty where it gave none.
    pub category: String,
}

impl Names {
    /// All ids, by number.
    pub fn list(&self) -> Vec<String> {
        self.known.iter().map(|name| name.id.clone()).collect()
    }

    /// The number of this name, the next one where it is new.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.to_owned(), number);
        self.known.push(Name { id: name.to_owned(), category: String::new() });
        number
    }

    /// What was seen so far, by number.
    pub fn known(&self) -> &[Name] {
        &self.known
    }
}

/// Reads all visits of a file.
///
/// # Errors
///
/// When it cannot be read, when nothing in it is a visit, and at its first wrong line.
pub fn read(path: &Path, kind: Kind, names: &mut Names) -> Result<Vec<Walk>, Ending> {
    let walks = match kind {
        Kind::Pages => pages(&String::from_utf8_lossy(&files::read(path)?), names),
        Kind::Sessions => sessions(session_rows(path, &OF_VISITORS)?, names),
    };
    let walks = walks.map_err(|(line, why)| wrong_line(path, line, &why))?;
    if walks.is_empty() {
        return Err(Ending::Problems(format!("{}: holds no visit", path.display())));
    }
    Ok(walks)
}

/// A line, and what is wrong with it.
type Wrong = (usize, String);

fn pages(text: &str, names: &mut Names) -> Result<Vec<Walk>, Wrong> {
    let mut walks = Vec::new();
    for (place, line) in text.lines().enumerate() {
        if let Some(odd) = line.split_whitespace().find(|word| word.len() > 20 || word.contains(',')) {
            return Err((place + 1, format!("{odd:?} is no page category, expected categories and spaces")));
        }
        let seen: Vec<u32> = line.split_whitespace().map(|word| names.number(word)).collect();
        if !seen.is_empty() {
            walks.push(Walk { seen, ..Walk::default() });
        }
    }
    Ok(walks)
}

/// What was seen in a session, and when; and whose it was, as its first row says.
type Clicks = (Vec<(f64, u32)>, Option<String>);

fn sessions(
    rows: impl Iterator<Item = (usize, Result<SessionRow, String>)>,
    names: &mut Names,
) -> Result<Vec<Walk>, Wrong> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Clicks> = Vec::new();
    for (line, row) in rows {
        let SessionRow { session, visitor, at, item, category, .. } = row.map_err(|why| (line, why))?;
        // A way leads over items: a page view is no step of it.
        let Some(item) = item else { continue };
        let place = *places.entry(session).or_insert_with(|| {
            all.push((Vec::new(), visitor));
            all.len() - 1
        });
        let number = names.number(&item);
        if let Some((name, category)) = names.known.get_mut(number as usize).zip(category) {
            name.category = category;
        }
        if let Some((clicks, _)) = all.get_mut(place) {
            clicks.push((seconds(at), number));
        }
    }
    let walk = |(mut clicks, visitor): Clicks| {
        clicks.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (times, seen) = clicks.into_iter().unzip();
        Walk { seen, times, visitor }
    };
    Ok(all.into_iter().map(walk).collect())
}

/// Seconds since 1970.
#[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
pub fn seconds(at: Timestamp) -> f64 {
    at.ms() as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_ends_at_its_last_step_unless_that_lies_beyond_the_limit() {
        let steps = |length: usize| {
            let walk = Walk { seen: vec![0; length], ..Walk::default() };
            (walk.steps().count(), walk.steps().filter(|(_, over)| *over).count())
        };
        assert_eq!([steps(1), steps(50), steps(51), steps(500)], [(1, 1), (50, 1), (49, 0), (49, 0)]);
    }

    #[test]
    fn rows_of_one_session_need_not_stand_together_nor_in_order() {
        let mut names = Names::default();
        let clicks = [("1", "b", 9_000), ("2", "x", 5_000), ("1", "a", 7_000)].map(|(session, item, ms)| SessionRow {
            session: session.to_owned(),
            visitor: (session == "1").then(|| "v".to_owned()),
            at: Timestamp::from_ms(ms),
            item: Some(item.to_owned()),
            page: None,
            event: None,
            category: (item == "a").then(|| "boots".to_owned()),
            price: None,
        });
        let rows = clicks.into_iter().enumerate().map(|(place, click)| (place + 2, Ok(click)));
        let walks = sessions(rows, &mut names).unwrap();
        assert_eq!(
            walks,
            [
                Walk { seen: vec![2, 0], times: vec![7.0, 9.0], visitor: Some("v".to_owned()) },
                Walk { seen: vec![1], times: vec![5.0], visitor: None },
            ]
        );
        let known: Vec<(&str, &str)> = names.known().iter().map(|name| (&*name.id, &*name.category)).collect();
        assert_eq!(known, [("b", ""), ("x", ""), ("a", "boots")]);
        assert_eq!(pages("1 2\n1,2\n", &mut names).unwrap_err().0, 2);
    }
}
