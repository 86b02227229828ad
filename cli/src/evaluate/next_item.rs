//! `tailorbird evaluate next-item`: whether the probabilities by which pages of items are loaded ahead are what happens.

use std::path::PathBuf;

use serde_json::{Value, json};
use tailorbird_companion::publication::SUPPORT;
use tailorbird_recommend::items::Items;
use tailorbird_recommend::learn::learn;
use tailorbird_recommend::next_items::{LEAST, NextItems};

use super::recommend::model::{catalog, sessions};
use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::style::{Right, table};
use crate::train::walk::{Kind, Names, Walk, read};
use crate::weight::brotli;

/// Where probabilities are told apart: each bin begins at one and ends below the next.
const BOUNDS: [f64; 8] = [LEAST, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0];

/// Measure whether the next item is as likely as the model says
///
/// Learns from one file of sessions which item is looked at right after which, as `train` publishes it, and compares
/// each probability with what the visitors of another file did: for every view of an item, and every item that the model
/// expects next, whether that was the next one. The last view of a session is followed by none, and a view of the same
/// item again is none.
///
/// A file is CSV with a header, one click a row: SessionId,ItemId,Time, and optionally VisitorId.
///
/// What is printed is, by probability, how often something was expected, how likely it was on average, and how often it
/// came. The calibration error is the mean difference of the two, each bin weighed by its number (Naeini, Cooper and
/// Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 29, equation 2).
///
/// With --json one object is printed: {"views", "expected", "calibration_error", "bytes", "brotli", "bins": [{"from",
/// "to", "expected", "predicted", "observed"}]}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct NextItemStudy {
    /// The sessions to learn from
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The sessions to predict
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What was expected with about the same probability.
#[derive(Clone, Debug, Default, PartialEq)]
struct Bin {
    expected: u32,
    /// The sum of the probabilities.
    predicted: f64,
    came: u32,
}

impl Bin {
    fn predicted(&self) -> Option<f64> {
        (self.expected > 0).then(|| self.predicted / f64::from(self.expected))
    }

    fn observed(&self) -> Option<f64> {
        (self.expected > 0).then(|| f64::from(self.came) / f64::from(self.expected))
    }
}

/// What was expected, by probability, and what came.
#[derive(Default)]
struct Reliability {
    views: u32,
    bins: [Bin; BOUNDS.len() - 1],
}

impl Reliability {
    /// Of visits in numbers of the model; what it does not know has the largest number.
    fn of(next: &NextItems<'_>, visits: &[Vec<u32>]) -> Reliability {
        let mut reliability = Reliability::default();
        for visit in visits {
            for (place, item) in visit.iter().enumerate() {
                reliability.views += 1;
                let came = visit.get(place + 1);
                for next in next.after(*item) {
                    reliability.note(next.probability, came == Some(&next.item));
                }
            }
        }
        reliability
    }

    fn note(&mut self, probability: f64, came: bool) {
        // The least one is rounded, and may lie below the first bound.
        let place = BOUNDS.iter().skip(1).take_while(|bound| **bound <= probability).count();
        if let Some(bin) = self.bins.get_mut(place) {
            bin.expected += 1;
            bin.predicted += probability;
            bin.came += u32::from(came);
        }
    }

    fn expected(&self) -> u32 {
        self.bins.iter().map(|bin| bin.expected).sum()
    }

    fn calibration_error(&self) -> Option<f64> {
        let all = self.expected();
        let differences = self.bins.iter().map(|bin| (bin.predicted - f64::from(bin.came)).abs());
        (all > 0).then(|| differences.sum::<f64>() / f64::from(all))
    }
}

impl NextItemStudy {
    /// Learns from one file, and prints how often what is expected comes in the other.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems, and where nothing of the other is expected.
    pub fn run(&self) -> Result<(), Ending> {
        let mut names = Names::default();
        let train = read(&self.train, Kind::Sessions, &mut names)?;
        let catalog = catalog(names.known());
        let test = read(&self.test, Kind::Sessions, &mut names)?;
        let unreadable = || Ending::Problems(format!("{}: no model can be made of it", self.train.display()));
        let parts = learn(&catalog, &sessions(&train), SUPPORT as usize).ok_or_else(unreadable)?;
        let next = NextItems::read(&parts.next_items).ok_or_else(unreadable)?;
        let reliability = Reliability::of(&next, &visits(&test, &names, &parts.items));
        let Some(error) = reliability.calibration_error() else {
            let words = "after no item another one is expected";
            return Err(Ending::Problems(format!("{}: {words}", self.test.display())));
        };
        let size = [parts.next_items.len(), brotli(&parts.next_items)];
        if self.json {
            return print(&format!("{}\n", report(&reliability, error, size)));
        }
        print(&text(&reliability, error, size))
    }
}

/// The items of each visit in numbers of the model, without views of the same item again.
fn visits(walks: &[Walk], names: &Names, items: &Items<'_>) -> Vec<Vec<u32>> {
    let numbers: Vec<u32> = names.known().iter().map(|name| items.number(&name.id).unwrap_or(u32::MAX)).collect();
    let visit = |walk: &Walk| {
        let mut seen = walk.seen.clone();
        seen.dedup();
        seen.iter().map(|name| numbers.get(*name as usize).copied().unwrap_or(u32::MAX)).collect()
    };
    walks.iter().map(visit).collect()
}

fn report(reliability: &Reliability, error: f64, [bytes, brotli]: [usize; 2]) -> Value {
    let bin = |(bin, bounds): (&Bin, &[f64])| {
        json!({
            "from": bounds.first(),
            "to": bounds.last(),
            "expected": bin.expected,
            "predicted": bin.predicted(),
            "observed": bin.observed(),
        })
    };
    json!({
        "views": reliability.views,
        "expected": reliability.expected(),
        "calibration_error": error,
        "bytes": bytes,
        "brotli": brotli,
        "bins": reliability.bins.iter().zip(BOUNDS.windows(2)).map(bin).collect::<Vec<_>>(),
    })
}

fn text(reliability: &Reliability, error: f64, [bytes, brotli]: [usize; 2]) -> String {
    let share = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{share:.4}"));
    let row = |(bin, bounds): (&Bin, &[f64])| {
        let [from, to] = [bounds.first(), bounds.last()].map(|bound| bound.copied().unwrap_or_default());
        [format!("{from:.2} to {to:.2}"), bin.expected.to_string(), share(bin.predicted()), share(bin.observed())]
    };
    let rows = reliability.bins.iter().zip(BOUNDS.windows(2)).map(row);
    let table = table(Some(["probability", "expected", "predicted", "observed"]), [Right, Right, Right, Right], rows);
    format!(
        "{} views, after which {} items were expected; calibration error {error:.4}; {bytes} bytes, {brotli} after \
         brotli\n\n{table}",
        reliability.views,
        reliability.expected()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_expected_is_compared_with_what_came_by_probability() {
        let mut reliability = Reliability::default();
        for (probability, came) in [(0.049, false), (0.1, true), (0.14, false), (0.5, true), (0.99, false)] {
            reliability.note(probability, came);
        }
        let counts = reliability.bins.clone().map(|bin| (bin.expected, bin.came));
        assert_eq!(counts, [(1, 0), (2, 1), (0, 0), (0, 0), (0, 0), (1, 1), (1, 0)]);
        let found = reliability.calibration_error().unwrap();
        // 0.049 too high, 0.24 of one, half of one, and 0.99 of none.
        assert!((found - (0.049 + 0.76 + 0.5 + 0.99) / 5.0).abs() < 1e-12, "{found}");
        assert_eq!(Reliability::default().calibration_error(), None);
    }
}
