//! How good lists are: reveal a session item by item, and look for the next one in the list.
//!
//! Source of the protocol: Hidasi, Karatzoglou, Baltrunas and Tikk (2016), "Session-based recommendations with recurrent
//! neural networks", ICLR, section 4; Ludewig and Jannach (2018), section 4.3. Figures are means over items, not over
//! sessions.

use std::time::Instant;

use tailorbird_recommend::recommender::{Kind, Recommended, Recommender};

/// How long lists are.
const LENGTH: usize = 20;

/// What was seen so far, and what came next, by number.
pub struct Query {
    history: Vec<u32>,
    next: u32,
}

/// Every item of visits but the first, without the items that are not known.
pub fn queries<'a>(visits: impl IntoIterator<Item = &'a [u32]>, is_known: impl Fn(u32) -> bool) -> Vec<Query> {
    let mut queries = Vec::new();
    for visit in visits {
        let seen: Vec<u32> = visit.iter().copied().filter(|item| is_known(*item)).collect();
        for place in 1..seen.len() {
            if let (Some(history), Some(next)) = (seen.get(..place), seen.get(place)) {
                queries.push(Query { history: history.to_vec(), next: *next });
            }
        }
    }
    queries
}

/// How well items were predicted, and how fast.
pub struct Score {
    pub hr20: f64,
    pub mrr20: f64,
    /// How many differ from the item before.
    pub others: usize,
    /// `None` where all are the item before.
    pub hr20_other: Option<f64>,
    pub mrr20_other: Option<f64>,
    pub p50_us: f64,
    pub p99_us: f64,
}

/// Hits and the sum of 1 / rank.
#[derive(Default)]
struct Found {
    all: usize,
    hits: f64,
    reciprocals: f64,
}

impl Found {
    fn look(&mut self, list: &[Recommended], next: u32) {
        self.all += 1;
        if let Some(place) = list.iter().take(LENGTH).position(|recommended| recommended.item == next) {
            self.hits += 1.0;
            self.reciprocals += 1.0 / count(place + 1);
        }
    }

    fn means(&self) -> Option<(f64, f64)> {
        (self.all > 0).then(|| (self.hits / count(self.all), self.reciprocals / count(self.all)))
    }
}

impl Score {
    /// Predicts with lists of this kind, and where the next item differs with similar ones. `numbers` has the model's
    /// number of each number of the queries.
    pub fn of(
        recommender: &Recommender<'_>,
        kind: Kind,
        numbers: &[u32],
        queries: &[Query],
        advance: &dyn Fn(),
    ) -> Score {
        let number = |name: u32| numbers.get(name as usize).copied().unwrap_or(u32::MAX);
        let (mut all, mut other) = (Found::default(), Found::default());
        let mut microseconds = Vec::with_capacity(queries.len());
        for query in queries {
            let history: Vec<u32> = query.history.iter().map(|name| number(*name)).collect();
            let started = Instant::now();
            let list = recommender.recommend(kind, &history, LENGTH);
            microseconds.push(started.elapsed().as_secs_f64() * 1e6);
            let next = number(query.next);
            all.look(&list, next);
            if query.history.last() != Some(&query.next) {
                let current = history.last().copied().unwrap_or(u32::MAX);
                other.look(&without(recommender, kind, &history, current), next);
            }
            advance();
        }
        microseconds.sort_by(f64::total_cmp);
        let (hr20, mrr20) = all.means().unwrap_or_default();
        let (hr20_other, mrr20_other) = other.means().unzip();
        let others = other.all;
        let [p50_us, p99_us] = [0.5, 0.99].map(|share| quantile(&microseconds, share));
        Score { hr20, mrr20, others, hr20_other, mrr20_other, p50_us, p99_us }
    }
}

/// A list without the current item.
fn without(recommender: &Recommender<'_>, kind: Kind, history: &[u32], current: u32) -> Vec<Recommended> {
    if kind != Kind::Popular {
        return recommender.recommend(Kind::Similar, history, LENGTH);
    }
    let mut list = recommender.recommend(kind, history, LENGTH + 1);
    list.retain(|recommended| recommended.item != current);
    list
}

/// The smallest number that at least this share is not above.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let place = (share * count(sorted.len())).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}
