//! `tailorbird evaluate areas`: how well an area of the site that a visitor saw is told from the others they saw.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::json;
use tailorbird_companion::publication::AREAS;
use tailorbird_recommend::areas::Areas as Model;
use tailorbird_recommend::areas::learn::LearnedAreas;

use crate::arguments::EXIT_CODES;
use crate::csv_rows::{Columns, Rows, wrong_line};
use crate::ending::{Ending, print};
use crate::style::{Left, Right, table};

/// Measure how well areas of a site are predicted
///
/// Learns from one file which areas of a site are seen by the same visitors. Of every visitor of another file who saw
/// two areas or more, one is held out, and all areas that are not among the others are ranked.
///
/// Both are CSV files with a header and the columns user, a whole number, and areas: those that the user saw, separated
/// by spaces. Which one is held out is chosen by the user's number.
///
/// What is printed:
///   hr10           the share of held out areas among the first 10
///   mrr20          the mean of 1 / rank, which counts as 0 beyond rank 20
///   weights_bytes  the bytes of the model as pages load it, from which all is measured
///
/// With --json one object is printed: {"hr10", "mrr20", "weights_bytes"}. In the text other ways stand beside it: how
/// many visitors saw an area, and of the areas that were seen the one after which it is likeliest.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Areas {
    /// The visitors to learn from
    #[arg(long, value_name = "FILE.csv")]
    train: PathBuf,
    /// The visitors to predict
    #[arg(long, value_name = "FILE.csv")]
    test: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

const COLUMNS: Columns = Columns { needed: &["user", "areas"], optional: &[], together: &[], expected: "user,areas" };

#[derive(Deserialize)]
struct Row {
    user: u64,
    areas: String,
}

/// A visitor: their number, and the names of the areas they saw, each once, in ascending order.
type Visitor = (u64, Vec<String>);

/// What a visitor saw, and what was held out.
struct Case {
    seen: Vec<String>,
    held_out: String,
}

/// How well the held out areas were ranked.
struct Score {
    hr10: f64,
    mrr20: f64,
}

impl Areas {
    /// Learns from one file, and prints how well the other is predicted.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems, and where no visitor of the other saw two areas.
    pub fn run(&self) -> Result<(), Ending> {
        let train = read(&self.train)?;
        let cases: Vec<Case> = read(&self.test)?.iter().filter_map(case).collect();
        if cases.is_empty() {
            let words = "no visitor saw two areas, expected some to predict";
            return Err(Ending::Problems(format!("{}: {words}", self.test.display())));
        }
        let mut places: BTreeMap<&str, u32> = BTreeMap::new();
        for name in train.iter().flat_map(|(_, seen)| seen) {
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            places.entry(name).or_insert(next);
        }
        let place = |name: &String| places.get(name.as_str()).copied();
        let visitors: Vec<Vec<u32>> = train.iter().map(|(_, seen)| seen.iter().filter_map(place).collect()).collect();
        let mut names = vec![String::new(); places.len()];
        for (name, place) in &places {
            if let Some(named) = usize::try_from(*place).ok().and_then(|place| names.get_mut(place)) {
                named.push_str(name);
            }
        }
        let bytes = LearnedAreas::learn(&names, &visitors, AREAS).encode();
        let Some(model) = Model::read(&bytes) else {
            return Err(Ending::Misuse("the model cannot be read back".to_owned()));
        };
        let score = of_model(model, &cases);
        if self.json {
            let report = json!({ "hr10": score.hr10, "mrr20": score.mrr20, "weights_bytes": bytes.len() });
            return print(&format!("{report}\n"));
        }
        let counts = Counts::of(&train);
        let rows = [
            counts.popularity(&cases).cells("popularity", ""),
            counts.rules(&cases).cells("rules, area to area", ""),
            score.cells("model", &bytes.len().to_string()),
        ];
        let heads = ["", "HR@10", "MRR@20", "bytes"];
        print(&format!(
            "{} visitors to learn from, {} to predict\n\n{}",
            train.len(),
            cases.len(),
            table(Some(heads), [Left, Right, Right, Right], rows)
        ))
    }
}

fn read(path: &Path) -> Result<Vec<Visitor>, Ending> {
    let mut visitors = Vec::new();
    for (line, row) in Rows::<Row>::open(path, &COLUMNS)? {
        let row = row.map_err(|why| wrong_line(path, line, &why))?;
        let mut seen: Vec<String> = row.areas.split_whitespace().map(str::to_owned).collect();
        // Numbers in ascending order, as the protocol of the held out area has them.
        seen.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
        seen.dedup();
        visitors.push((row.user, seen));
    }
    if visitors.is_empty() {
        return Err(Ending::Problems(format!("{}: holds no visitor", path.display())));
    }
    Ok(visitors)
}

/// Holds out one area, chosen by the user's number with Knuth's multiplicative hash.
fn case((user, seen): &Visitor) -> Option<Case> {
    if seen.len() < 2 {
        return None;
    }
    let hash = user.wrapping_mul(2_654_435_761) & u64::from(u32::MAX);
    let place = usize::try_from(hash % seen.len() as u64).ok()?;
    let mut seen = seen.clone();
    let held_out = seen.remove(place);
    Some(Case { seen, held_out })
}

fn of_model(model: Model<'_>, cases: &[Case]) -> Score {
    let numbers: BTreeMap<&str, u32> = model.names().zip(0..).collect();
    Score::of(cases, |case| {
        let seen: Vec<u32> = case.seen.iter().filter_map(|name| numbers.get(name.as_str()).copied()).collect();
        let held_out = numbers.get(case.held_out.as_str())?;
        model.unseen(&seen, usize::MAX).iter().position(|unseen| unseen.area == *held_out)
    })
}

impl Score {
    /// By the place of the held out area among all that are ranked, from 0; `None` where it is unknown.
    fn of(cases: &[Case], place: impl Fn(&Case) -> Option<usize>) -> Score {
        let (mut hits, mut reciprocals) = (0.0, 0.0);
        for place in cases.iter().filter_map(place) {
            hits += f64::from(u8::from(place < 10));
            reciprocals += if place < 20 { 1.0 / count(place + 1) } else { 0.0 };
        }
        Score { hr10: hits / count(cases.len()), mrr20: reciprocals / count(cases.len()) }
    }

    fn cells(&self, name: &str, bytes: &str) -> [String; 4] {
        [name.to_owned(), format!("{:.4}", self.hr10), format!("{:.4}", self.mrr20), bytes.to_owned()]
    }
}

/// How many visitors saw each area, and each area after another.
struct Counts<'a> {
    areas: BTreeMap<&'a str, f64>,
    pairs: BTreeMap<(&'a str, &'a str), f64>,
}

impl<'a> Counts<'a> {
    fn of(visitors: &'a [Visitor]) -> Counts<'a> {
        let mut counts = Counts { areas: BTreeMap::new(), pairs: BTreeMap::new() };
        for (_, seen) in visitors {
            for one in seen {
                *counts.areas.entry(one).or_default() += 1.0;
                for other in seen {
                    *counts.pairs.entry((one, other)).or_default() += 1.0;
                }
            }
        }
        counts
    }

    fn popularity(&self, cases: &[Case]) -> Score {
        self.ranked(cases, |_, _| 0.0)
    }

    /// The largest confidence of a rule: of those who saw the one area, the share who saw the other.
    fn rules(&self, cases: &[Case]) -> Score {
        self.ranked(cases, |seen, area| {
            let confidence = |one: &String| {
                let both = self.pairs.get(&(one, area)).copied().unwrap_or(0.0);
                both / self.areas.get(one.as_str()).copied().unwrap_or(1.0)
            };
            seen.iter().map(confidence).fold(0.0, f64::max)
        })
    }

    /// By a score, and of equal ones by how many saw the area.
    fn ranked(&self, cases: &[Case], score: impl Fn(&[String], &str) -> f64) -> Score {
        Score::of(cases, |case| {
            let key = |area: &str| (score(&case.seen, area), self.areas.get(area).copied().unwrap_or(0.0));
            self.areas.get(case.held_out.as_str())?;
            let own = key(&case.held_out);
            let unseen = self.areas.keys().filter(|area| !case.seen.iter().any(|seen| seen == *area));
            Some(unseen.filter(|area| **area != case.held_out && key(area) > own).count())
        })
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
