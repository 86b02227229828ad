//! Logged rounds of a shop in the layout of the Open Bandit Dataset: which item was shown at which position to whom, with
//! which probability, and whether it was clicked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::csv_rows::{Columns, Problems, Rows, found};
use crate::ending::Ending;

/// How many problems are named; the rest is counted.
const NAMED: usize = 100;
/// More items than this are a mistake.
const MOST_ITEMS: usize = 1_000;

const ROUNDS: Columns = Columns {
    needed: &["timestamp", "item", "position", "click", "propensity"],
    optional: &["u0", "u1", "u2", "u3", "affinity"],
    together: &[],
    expected: "timestamp,item,position,click,propensity",
};
const ITEMS: Columns = Columns {
    needed: &["item_id", "item_feature_0", "item_feature_1", "item_feature_2", "item_feature_3"],
    optional: &[],
    together: &[],
    expected: "item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3",
};

/// A round as it is written.
#[derive(Deserialize)]
struct WrittenRound {
    timestamp: String,
    item: String,
    position: String,
    click: String,
    propensity: String,
    #[serde(default)]
    u0: String,
    #[serde(default)]
    u1: String,
    #[serde(default)]
    u2: String,
    #[serde(default)]
    u3: String,
    #[serde(default)]
    affinity: String,
}

/// An item as it is written.
#[derive(Deserialize)]
struct WrittenItem {
    item_id: String,
    item_feature_0: f64,
    item_feature_1: String,
    item_feature_2: String,
    item_feature_3: String,
}

/// One round: an item was shown.
#[derive(Clone, Debug)]
pub struct Round {
    /// When, as text that sorts by time.
    pub timestamp: String,
    /// What was shown.
    pub item: usize,
    /// Where, by its name.
    pub position: String,
    /// Whether it was clicked.
    pub click: bool,
    /// The probability with which this item was chosen, in `(0, 1]`.
    pub propensity: f64,
    /// What is known before the choice: the places, ascending, of one level a column, among all levels of all columns.
    pub context: Vec<usize>,
    /// How much the user is said to like some items.
    affinity: Vec<(usize, f64)>,
}

impl Round {
    /// How much the user is said to like an item; 0 of those of which nothing is said.
    pub fn affinity(&self, item: usize) -> f64 {
        self.affinity.iter().find(|(known, _)| *known == item).map_or(0.0, |(_, affinity)| *affinity)
    }

    /// 1 for a click, else 0.
    pub fn reward(&self) -> f64 {
        f64::from(u8::from(self.click))
    }
}

/// What is known of an item: a number, and what it is by three columns of categories.
pub struct Item {
    pub number: f64,
    pub categories: [String; 3],
}

/// The logs of a shop.
pub struct Logs {
    /// The log to estimate from.
    pub rounds: Vec<Round>,
    /// That of the shop's own bandit, at the same time; empty where there is none.
    pub others: Vec<Round>,
    /// What is known of the items; empty where nothing is.
    pub items: Vec<Item>,
    /// How many items there are.
    pub count: usize,
    /// How many levels a context can have, over all columns.
    pub levels: usize,
}

impl Logs {
    /// Reads a file of rounds; or a folder with `random.csv`, and where they are there `bts.csv` and `items.csv`.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, and when anything in it is wrong, with every problem and its line.
    pub fn read(path: &Path) -> Result<Logs, Ending> {
        let beside = |name: &str| Some(path.join(name)).filter(|path| path.exists());
        let (file, others, items) = if path.is_dir() {
            (path.join("random.csv"), beside("bts.csv"), beside("items.csv"))
        } else {
            (path.to_owned(), None, None)
        };
        let items = items.map_or(Ok(Vec::new()), |path| read_items(&path))?;
        let mut levels = Levels::default();
        let known = Some(items.len()).filter(|count| *count > 0);
        let rounds = read_rounds(&file, known, &mut levels)?;
        let others = others.map_or(Ok(Vec::new()), |path: PathBuf| read_rounds(&path, known, &mut levels))?;
        let largest = rounds.iter().chain(&others).map(|round| round.item + 1).max().unwrap_or(0);
        Ok(Logs { rounds, others, count: known.unwrap_or(largest), items, levels: levels.0.len() })
    }
}

/// The levels of all columns, numbered as they come.
#[derive(Default)]
struct Levels(BTreeMap<(usize, String), usize>);

impl Levels {
    fn place(&mut self, column: usize, level: &str) -> usize {
        let next = self.0.len();
        *self.0.entry((column, level.to_owned())).or_insert(next)
    }
}

fn read_rounds(path: &Path, items: Option<usize>, levels: &mut Levels) -> Result<Vec<Round>, Ending> {
    let mut problems = Problems::new(path, NAMED);
    let mut rounds = Vec::new();
    for (line, row) in Rows::<WrittenRound>::open(path, &ROUNDS)? {
        match row.map_err(|why| vec![why]).and_then(|row| row.read(items.unwrap_or(MOST_ITEMS), levels)) {
            Ok(round) => rounds.push(round),
            Err(whys) => whys.iter().for_each(|why| problems.note(line, why)),
        }
    }
    problems.refuse()?;
    Ok(rounds)
}

impl WrittenRound {
    /// The round, or everything that is wrong with it.
    fn read(self, items: usize, levels: &mut Levels) -> Result<Round, Vec<String>> {
        let mut problems = Vec::new();
        let item = self.item.parse().ok().filter(|item| *item < items);
        if item.is_none() {
            let expected = format!("a whole number from 0 to {}", items.saturating_sub(1));
            problems.push(format!("item is {}, expected {expected}", found(&self.item)));
        }
        if !matches!(self.click.as_str(), "0" | "1") {
            problems.push(format!("click is {}, expected 0 or 1", found(&self.click)));
        }
        let propensity = propensity(&self.propensity);
        if propensity.is_none() {
            problems.push(format!("propensity is {}, expected a number above 0, at most 1", found(&self.propensity)));
        }
        let affinity: Option<Vec<(usize, f64)>> = self.affinity.split_whitespace().map(liked).collect();
        if affinity.is_none() {
            problems.push(format!("affinity is {}, expected pairs as 3:0.5", found(&self.affinity)));
        }
        match (item, propensity, affinity) {
            (Some(item), Some(propensity), Some(affinity)) if problems.is_empty() => {
                let columns = [&self.u0, &self.u1, &self.u2, &self.u3, &self.position];
                let mut context: Vec<usize> =
                    columns.into_iter().enumerate().map(|(column, level)| levels.place(column, level)).collect();
                context.sort_unstable();
                let (timestamp, position, click) = (self.timestamp, self.position, self.click == "1");
                Ok(Round { timestamp, item, position, click, propensity, context, affinity })
            }
            _ => Err(problems),
        }
    }
}

/// A propensity in `(0, 1]`.
fn propensity(text: &str) -> Option<f64> {
    text.parse().ok().filter(|propensity| *propensity > 0.0 && *propensity <= 1.0)
}

/// An item and a number, as `3:0.5`.
fn liked(pair: &str) -> Option<(usize, f64)> {
    let (item, affinity) = pair.split_once(':')?;
    Some((item.parse().ok()?, affinity.parse().ok().filter(|affinity: &f64| affinity.is_finite())?))
}

fn read_items(path: &Path) -> Result<Vec<Item>, Ending> {
    let mut problems = Problems::new(path, NAMED);
    let mut items = Vec::new();
    for (line, row) in Rows::<WrittenItem>::open(path, &ITEMS)? {
        match row {
            Err(why) => problems.note(line, &why),
            Ok(row) if row.item_id != items.len().to_string() || items.len() >= MOST_ITEMS => {
                let expected = format!("{}, as items are numbered from 0 to at most {}", items.len(), MOST_ITEMS - 1);
                problems.note(line, &format!("item_id is {}, expected {expected}", found(&row.item_id)));
            }
            Ok(row) if !row.item_feature_0.is_finite() => {
                problems.note(line, &format!("item_feature_0 is {}, expected a number", row.item_feature_0));
            }
            Ok(row) => {
                let categories = [row.item_feature_1, row.item_feature_2, row.item_feature_3];
                items.push(Item { number: row.item_feature_0, categories });
            }
        }
    }
    problems.refuse()?;
    Ok(items)
}
