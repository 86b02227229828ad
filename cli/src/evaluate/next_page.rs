//! `tailorbird evaluate next-page`: how well the next page of a visit is predicted from those before.

use std::path::PathBuf;

use serde_json::json;
use tailorbird_recommend::next_page::{Blend, NextPage, Page};

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::style::{Left, Right, table};
use crate::train::walk::{Kind, Names, Walk, read};

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
/// out. With --json one object is printed: {"acc1", "bits", "acc1_collapsed", "bits_collapsed", "counts",
/// "counts_collapsed"}, the last two how many counts each model consists of.
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

/// Found on the last tenth of the developers' training data, which the rest predicted: orders from 4 to 6, discounts from
/// 0.4 to 0.8 and strengths from 20 to 60 were compared.
const BLEND: Blend = Blend { order: 5, discount: 0.4, strength: 40.0 };

/// How well pages were predicted.
struct Score {
    pages: usize,
    acc1: f64,
    bits: f64,
    counts: usize,
}

impl Score {
    fn of(train: &[Vec<Page>], test: &[Vec<Page>], advance: &dyn Fn()) -> Option<Score> {
        let model = NextPage::learn(train.iter().map(Vec::as_slice), BLEND);
        let (mut pages, mut hits, mut bits) = (0, 0.0, 0.0);
        for visit in test {
            for place in 1..visit.len() {
                let (Some(history), Some(page)) = (visit.get(..place), visit.get(place)) else { continue };
                let expected = model.after(history);
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
        (pages > 0).then(|| Score { pages, acc1: hits / all, bits: bits / all, counts: model.size() })
    }

    fn cells(&self, name: &str) -> [String; 5] {
        let (pages, counts) = (self.pages.to_string(), self.counts.to_string());
        [name.to_owned(), pages, format!("{:.4}", self.acc1), format!("{:.4}", self.bits), counts]
    }
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
        let progress = bar("predicting", 2 * test.len() as u64);
        let advance = || progress.inc(1);
        let score = Score::of(&train, &test, &advance);
        let collapsed = Score::of(&collapsed(train), &collapsed(test), &advance);
        progress.finish_and_clear();
        let (Some(score), Some(collapsed)) = (score, collapsed) else {
            return Err(Ending::Problems(format!(
                "{}: no visit has two different pages, expected some to predict",
                self.test.display()
            )));
        };
        if self.json {
            let report = json!({
                "acc1": score.acc1,
                "bits": score.bits,
                "acc1_collapsed": collapsed.acc1,
                "bits_collapsed": collapsed.bits,
                "counts": score.counts,
                "counts_collapsed": collapsed.counts,
            });
            return print(&format!("{report}\n"));
        }
        let heads = ["", "pages", "acc1", "bits", "counts"];
        let rows = [score.cells("all"), collapsed.cells("repeats left out")];
        print(&table(Some(heads), [Left, Right, Right, Right, Right], rows))
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
