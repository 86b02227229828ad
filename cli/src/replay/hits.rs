//! How often what a shelf shows is what the visitor looks at next, beside what is popular.

use serde_json::{Map, Value, json};
use tailorbird::config::Config;
use tailorbird::decision::Decision;
use tailorbird::decision::strategy::Strategy;
use tailorbird_recommend::site_model::SiteModel;

use crate::style::{HEADING, Left, Right, paint, table};

/// The shelves of a config, and how often they were right.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    shelves: Vec<Shelf>,
    /// The most popular items, the first best.
    popular: Vec<String>,
}

/// One shelf.
#[derive(Clone, Debug, PartialEq)]
struct Shelf {
    slot: String,
    /// How many items it may show.
    count: usize,
    /// What it showed last in this session.
    shown: Option<Vec<String>>,
    /// How often there was a next item while it showed some.
    predicted: usize,
    hits: usize,
    /// How often as many popular items had it.
    popular: usize,
}

impl Hits {
    /// Nothing is counted yet.
    pub fn new(config: &Config, model: &SiteModel<'_>) -> Hits {
        let count = |strategy: &Strategy| match strategy {
            Strategy::Recommend(shelf) => Some(shelf.count),
            _ => None,
        };
        let shelves: Vec<Shelf> = config
            .slots
            .iter()
            .filter_map(|slot| {
                let count = slot.selection.choose.iter().filter_map(count).max()?;
                Some(Shelf { slot: slot.id.clone(), count, shown: None, predicted: 0, hits: 0, popular: 0 })
            })
            .collect();
        let most = shelves.iter().map(|shelf| shelf.count).max().unwrap_or(0);
        let popular = model.rank("popular", &[], most).into_iter().map(|ranked| ranked.id.to_owned()).collect();
        Hits { shelves, popular }
    }

    /// The visitor looks at an item, and then sees these decisions.
    pub fn look(&mut self, item: &str, decisions: &[Decision]) {
        for shelf in &mut self.shelves {
            if let Some(shown) = shelf.shown.take() {
                let is_among = |items: &[String]| items.iter().take(shelf.count).any(|known| known == item);
                shelf.predicted += 1;
                shelf.hits += usize::from(is_among(&shown));
                shelf.popular += usize::from(is_among(&self.popular));
            }
            let decision = decisions.iter().find(|decision| decision.slot == shelf.slot);
            let items = decision.map(|decision| decision.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>());
            shelf.shown = items.filter(|items| !items.is_empty());
        }
    }

    /// The session is over: nothing follows what is shown.
    pub fn session(&mut self) {
        self.shelves.iter_mut().for_each(|shelf| shelf.shown = None);
    }

    /// Adds what was counted for the same config and model in other sessions.
    pub fn merge(&mut self, others: &Hits) {
        for (shelf, other) in self.shelves.iter_mut().zip(&others.shelves) {
            shelf.predicted += other.predicted;
            shelf.hits += other.hits;
            shelf.popular += other.popular;
        }
    }

    /// By slot: `{"count", "predicted", "hit_rate", "popular_hit_rate"}`.
    pub fn json(&self) -> Value {
        let one = |shelf: &Shelf| {
            let report = json!({
                "count": shelf.count,
                "predicted": shelf.predicted,
                "hit_rate": shelf.rate(shelf.hits),
                "popular_hit_rate": shelf.rate(shelf.popular),
            });
            (shelf.slot.clone(), report)
        };
        Value::Object(self.shelves.iter().map(one).collect::<Map<_, _>>())
    }

    /// The same for a person.
    pub fn text(&self) -> String {
        let percent = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
        let row = |shelf: &Shelf| {
            [
                shelf.slot.clone(),
                shelf.count.to_string(),
                shelf.predicted.to_string(),
                percent(shelf.rate(shelf.hits)),
                percent(shelf.rate(shelf.popular)),
            ]
        };
        let heads = ["slot", "items", "next items", "shown", "among popular"];
        let rows = self.shelves.iter().map(row);
        format!(
            "\n{}\n{}",
            paint(HEADING, "recommendations: was the next item shown?"),
            table(Some(heads), [Left, Right, Right, Right, Right], rows)
        )
    }
}

impl Shelf {
    /// A share of what was predicted; `None` where nothing was.
    #[allow(clippy::cast_precision_loss, reason = "counts of items are far below 2^53")]
    fn rate(&self, part: usize) -> Option<f64> {
        (self.predicted > 0).then(|| part as f64 / self.predicted as f64)
    }
}
