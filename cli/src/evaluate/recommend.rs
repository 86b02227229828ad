//! `tailorbird evaluate recommend`: how well the next item of a session is predicted, how fast, and by how large a model.

pub mod model;

use std::path::PathBuf;

use serde_json::{Map, Value, json};
use tailorbird_companion::publication::SUPPORT;

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::files;
use crate::hit_rate::{Score, queries};
use crate::progress::bar;
use crate::style::{Left, Right, table};
use crate::train::walk::{Kind, Names, read};
use model::{Encoded, Tier};

/// Measure how well the next item is predicted
///
/// Learns a model from one file of sessions, writes it as the sections of a model file, reads those back, and predicts
/// every item of another file but the first of each session, from those before.
///
/// A file is CSV with a header, one click a row: SessionId,ItemId,Time. A column VisitorId tells who
/// is one visitor, else each session counts as one; a column Category orders the items. Items that the first file does
/// not have are left out of the second.
///
/// What is printed is the share of items that were among the first 20 (hit rate), and the mean of 1 / rank, 0 beyond 20
/// (mean reciprocal rank). Both again for items that differ from the one before, by lists that leave that one out. Of
/// each tier: popular items alone, with rules, with neighbours, and with both (blended). Speed is that of one list of
/// 20 of the blended model on one thread, in microseconds; sizes are those of the sections, and of those compressed by
/// brotli at quality 11.
///
/// A model is measured at full quality, which holds whatever any visitor did, and as `train` publishes it: with nothing
/// that fewer than 5 visitors have in common.
///
/// With --json one object is printed: {"hr20", "mrr20", "hr20_other", "mrr20_other", "p50_us", "p99_us", "model_bytes",
/// "model_brotli", "support", "tiers", "published"}, the first of the blended model, "tiers" with the same of each tier,
/// "published" with the same of the model that is published, and "given" with that of --model.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Recommend {
    /// The sessions to learn from
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The sessions to predict
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// How many visitors must have seen something before it is in the model; without it, at full quality and as published
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    support: Option<u32>,
    /// Also a model that `train` has written, of the sessions to learn from
    #[arg(long, value_name = "FILE.tbm")]
    model: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Recommend {
    /// Learns from one file, and prints how well the other is predicted.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems, and where no session of the other has two known items.
    pub fn run(&self) -> Result<(), Ending> {
        let mut names = Names::default();
        let train = read(&self.train, Kind::Sessions, &mut names)?;
        let supports = self.support.map_or(vec![1, SUPPORT], |support| vec![support]);
        let mut models: Vec<(Origin, Encoded)> = Vec::new();
        for support in supports {
            let Some(encoded) = Encoded::learn(&train, names.known(), support as usize) else {
                return Err(Ending::Problems(format!("{}: no model can be made of it", self.train.display())));
            };
            models.push((Origin::Learned { support }, encoded));
        }
        if let Some(path) = &self.model {
            let bytes = files::read(path)?;
            let encoded =
                Encoded::of_file(&bytes).map_err(|why| Ending::Problems(format!("{}: {why}", path.display())))?;
            models.push((Origin::Given, encoded));
        }
        let learned = names.known().len();
        let test = read(&self.test, Kind::Sessions, &mut names)?;
        let queries = queries(test.iter().map(|walk| walk.seen.as_slice()), |item| (item as usize) < learned);
        if queries.is_empty() {
            let words = "no session has two items that were learned, expected some to predict";
            return Err(Ending::Problems(format!("{}: {words}", self.test.display())));
        }
        let progress = bar("predicting", (models.len() * Tier::ALL.len() * queries.len()) as u64);
        let mut measured: Vec<Measured> = Vec::new();
        for (origin, encoded) in models {
            let mut tiers: Vec<(Tier, Score)> = Vec::new();
            for tier in Tier::ALL {
                let Some(recommender) = encoded.read(tier) else {
                    return Err(Ending::Problems("the model that was written cannot be read".to_owned()));
                };
                let numbers: Vec<u32> =
                    names.known().iter().map(|name| recommender.number(&name.id).unwrap_or(u32::MAX)).collect();
                tiers.push((tier, Score::of(&recommender, tier.kind(), &numbers, &queries, &|| progress.inc(1))));
            }
            measured.push(Measured { origin, encoded, tiers });
        }
        progress.finish_and_clear();
        if self.json {
            let (first, others) =
                measured.split_first().map_or((None, &[][..]), |(first, others)| (Some(first), others));
            let mut report = first.map(Measured::report).unwrap_or_default();
            for other in others {
                let name = if other.origin == Origin::Given { "given" } else { "published" };
                report.insert(name.to_owned(), Value::Object(other.report()));
            }
            return print(&format!("{}\n", Value::Object(report)));
        }
        let others = measured.first().and_then(|first| first.tiers.first()).map_or(0, |(_, score)| score.others);
        let tables: Vec<String> = measured.iter().map(Measured::text).collect();
        print(&format!(
            "{} items predicted, {others} of them different from the one before\n{}",
            queries.len(),
            tables.concat()
        ))
    }
}

/// Where a model is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// Learned here, of what so many visitors have in common.
    Learned { support: u32 },
    /// A file.
    Given,
}

/// A model, measured by tier.
struct Measured {
    origin: Origin,
    encoded: Encoded,
    tiers: Vec<(Tier, Score)>,
}

impl Measured {
    fn text(&self) -> String {
        let heads = ["", "hr20", "mrr20", "hr20 other", "mrr20 other", "p50 µs", "p99 µs", "bytes", "brotli"];
        let rows = self.tiers.iter().map(|(tier, score)| {
            let share = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{share:.4}"));
            let (bytes, brotli) = self.encoded.size(*tier);
            let [p50, p99] = [score.p50_us, score.p99_us].map(|us| format!("{us:.1}"));
            let [hr, mrr] = [share(Some(score.hr20)), share(Some(score.mrr20))];
            let [hr_other, mrr_other] = [share(score.hr20_other), share(score.mrr20_other)];
            [tier.name().to_owned(), hr, mrr, hr_other, mrr_other, p50, p99, bytes.to_string(), brotli.to_string()]
        });
        let columns = [Left, Right, Right, Right, Right, Right, Right, Right, Right];
        let table = table(Some(heads), columns, rows);
        let what = match self.origin {
            Origin::Learned { support: 1 } => "at full quality: whatever any visitor did".to_owned(),
            Origin::Learned { support } => format!("what at least {support} visitors have in common"),
            Origin::Given => "the model of the file".to_owned(),
        };
        format!("\n{what}\n\n{table}")
    }

    fn report(&self) -> Map<String, Value> {
        let of = |(tier, score): &(Tier, Score)| {
            let (bytes, brotli) = self.encoded.size(*tier);
            let figures = [
                ("hr20", json!(score.hr20)),
                ("mrr20", json!(score.mrr20)),
                ("hr20_other", json!(score.hr20_other)),
                ("mrr20_other", json!(score.mrr20_other)),
                ("p50_us", json!(score.p50_us)),
                ("p99_us", json!(score.p99_us)),
                ("model_bytes", json!(bytes)),
                ("model_brotli", json!(brotli)),
            ];
            figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect::<Map<_, _>>()
        };
        let mut report = self.tiers.last().map_or(Map::new(), of);
        let by_name = self.tiers.iter().map(|tier| (tier.0.name().to_owned(), Value::Object(of(tier))));
        let tiers = Value::Object(by_name.collect());
        if let Origin::Learned { support } = self.origin {
            report.insert("support".to_owned(), json!(support));
        }
        report.insert("tiers".to_owned(), tiers);
        report
    }
}
