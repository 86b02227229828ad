//! `tailorbird evaluate next-page`: how well the next page of a visit is predicted from those before.

use std::path::PathBuf;

use serde_json::json;
use tailorbird_companion::publication::{BLEND, PAGES};
use tailorbird_recommend::next_page::{NextPage, Page, PageModel};

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::style::{Left, Right, table};
use crate::train::walk::{Kind, Names, Walk, read};
use crate::weight::brotli;

/// Measure how well the next page is predicted
///
/// Learns from one file of visits which page follows which, and predicts every page of another file but the first of
/// each visit, from those before.
///
/// A file has one visit a line, the categories of its pages in order, separated by spaces, as in UCI's "MSNBC.com
/// Anonymous Web Data".
///
/// What is printed is the share of pages that were the most likely one, and the bits that each one tells: the mean of
/// minus the logarithm of its probability, to base 2. Both again for visits of which a page that follows itself is left
/// out. All of it is of the model as pages load it: without ways of fewer than five visitors, rounded, encoded and read
/// again. The text has what the model knew before beside it.
///
/// With --json one object is printed: {"acc1", "bits", "acc1_collapsed", "bits_collapsed", "counts",
/// "counts_collapsed", "model_bytes", "model_brotli", "model_bytes_collapsed", "model_brotli_collapsed"}, the counts
/// and sizes being those of each model.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct NextPages {
    /// The visits to learn from
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The visits to predict
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// How well pages were predicted.
struct Score {
    pages: usize,
    acc1: f64,
    bits: f64,
}

impl Score {
    /// By what is expected after a history, the likeliest page first; `None` where there is nothing to predict.
    fn of(test: &[Vec<Page>], expected: impl Fn(&[Page]) -> Vec<(Page, f64)>, advance: &dyn Fn()) -> Option<Score> {
        let (mut pages, mut hits, mut bits) = (0, 0.0, 0.0);
        for visit in test {
            for place in 1..visit.len() {
                let (Some(history), Some(page)) = (visit.get(..place), visit.get(place)) else { continue };
                let expected = expected(history);
                hits += f64::from(u8::from(expected.first().is_some_and(|(likeliest, _)| likeliest == page)));
                let probability = expected.iter().find(|(other, _)| other == page).map_or(0.0, |(_, share)| *share);
                // A page that was never seen tells more than any other.
                bits -= libm::log2(probability.max(1e-9));
                pages += 1;
            }
            advance();
        }
        #[allow(clippy::cast_precision_loss, reason = "counts of pages are far below 2^53")]
        let all = pages as f64;
        (pages > 0).then(|| Score { pages, acc1: hits / all, bits: bits / all })
    }
}

/// A model in its published form.
struct Published {
    bytes: Vec<u8>,
    /// The numbers of the pages in the model, by their numbers in the files.
    numbers: Vec<Option<Page>>,
}

impl Published {
    fn of(learned: &NextPage, names: &[String]) -> Published {
        let bytes = learned.encode(names, PAGES);
        let number = |name: &String| PageModel::read(&bytes).and_then(|model| model.number(name));
        let numbers = names.iter().map(number).collect();
        Published { bytes, numbers }
    }

    fn model(&self) -> Result<PageModel<'_>, Ending> {
        PageModel::read(&self.bytes).ok_or_else(|| Ending::Misuse("the model cannot be read back".to_owned()))
    }

    /// The same visits in the numbers of the model. What it does not know has the largest number.
    fn visits(&self, visits: &[Vec<Page>]) -> Vec<Vec<Page>> {
        let number = |page: &Page| {
            let place = usize::try_from(*page).ok();
            place.and_then(|place| self.numbers.get(place).copied().flatten()).unwrap_or(Page::MAX)
        };
        visits.iter().map(|visit| visit.iter().map(number).collect()).collect()
    }
}

/// What came of one kind of visits.
struct Study {
    score: Score,
    published: Published,
    /// How many weights the model has.
    size: usize,
    learned: NextPage,
}

impl Study {
    fn of(train: &[Vec<Page>], test: &[Vec<Page>], names: &[String], advance: &dyn Fn()) -> Result<Study, Ending> {
        let learned = NextPage::learn(train.iter().map(|visit| [visit.as_slice()]), BLEND);
        let published = Published::of(&learned, names);
        let model = published.model()?;
        let score = Score::of(&published.visits(test), |history| model.after(history), advance);
        let nothing = || Ending::Problems("no visit has two different pages, expected some to predict".to_owned());
        let (score, size) = (score.ok_or_else(nothing)?, model.size());
        Ok(Study { score, published, size, learned })
    }

    fn cells(&self, name: &str) -> [String; 6] {
        let bytes = &self.published.bytes;
        cells(name, &self.score, [self.size, bytes.len(), brotli(bytes)].map(|number| number.to_string()))
    }

    /// What was learned, without anything left out.
    fn learned_cells(&self, test: &[Vec<Page>], advance: &dyn Fn()) -> Option<[String; 6]> {
        let score = Score::of(test, |history| self.learned.after(history), advance)?;
        Some(cells("  before it is published", &score, [self.learned.size().to_string(), String::new(), String::new()]))
    }
}

fn cells(name: &str, score: &Score, [counts, bytes, brotli]: [String; 3]) -> [String; 6] {
    [name.to_owned(), format!("{:.4}", score.acc1), format!("{:.4}", score.bits), counts, bytes, brotli]
}

impl NextPages {
    /// Learns from one file, and prints how well the other is predicted.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems, and where no visit of the other has two pages.
    pub fn run(&self) -> Result<(), Ending> {
        let mut names = Names::default();
        let train = pages(read(&self.train, Kind::Pages, &mut names)?);
        let test = pages(read(&self.test, Kind::Pages, &mut names)?);
        let names = names.list();
        let progress = bar("predicting", if self.json { 2 } else { 4 } * test.len() as u64);
        let advance = || progress.inc(1);
        let file = |ending| match ending {
            Ending::Problems(words) => Ending::Problems(format!("{}: {words}", self.test.display())),
            other => other,
        };
        let all = Study::of(&train, &test, &names, &advance).map_err(file)?;
        let (train, collapsed_test) = (collapsed(train), collapsed(test.clone()));
        let without = Study::of(&train, &collapsed_test, &names, &advance).map_err(file)?;
        if self.json {
            progress.finish_and_clear();
            let (bytes, without_bytes) = (&all.published.bytes, &without.published.bytes);
            let report = json!({
                "acc1": all.score.acc1,
                "bits": all.score.bits,
                "acc1_collapsed": without.score.acc1,
                "bits_collapsed": without.score.bits,
                "counts": all.size,
                "counts_collapsed": without.size,
                "model_bytes": bytes.len(),
                "model_brotli": brotli(bytes),
                "model_bytes_collapsed": without_bytes.len(),
                "model_brotli_collapsed": brotli(without_bytes),
            });
            return print(&format!("{report}\n"));
        }
        let rows = [
            Some(all.cells("all")),
            all.learned_cells(&test, &advance),
            Some(without.cells("repeats left out")),
            without.learned_cells(&collapsed_test, &advance),
        ];
        progress.finish_and_clear();
        let heads = ["", "acc1", "bits", "counts", "bytes", "brotli"];
        let table = table(Some(heads), [Left, Right, Right, Right, Right, Right], rows.into_iter().flatten());
        print(&format!("{} pages, {} without repeats\n\n{table}", all.score.pages, without.score.pages))
    }
}

fn pages(walks: Vec<Walk>) -> Vec<Vec<Page>> {
    walks.into_iter().map(|walk| walk.seen).collect()
}

/// The same visits, of which a page that follows itself is left out.
fn collapsed(mut visits: Vec<Vec<Page>>) -> Vec<Vec<Page>> {
    visits.iter_mut().for_each(Vec::dedup);
    visits
}
