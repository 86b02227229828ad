//! How well the last day of a log is predicted by what was learned from the days before it.

use tailorbird_recommend::learn::Parts;
use tailorbird_recommend::recommender::{Kind, Recommender};

use super::figures::{Hits, LastDay};
use crate::hit_rate::{Score, queries};

/// The items of visits of a day in their order, those that nobody saw on the days before left out.
#[derive(Debug)]
pub struct JudgedVisits<'a> {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// The ids of the items of each visit.
    pub visits: Vec<Vec<&'a str>>,
}

/// Predicts each next item of these visits by the model, and by the list of popular items, as `evaluate recommend` does.
/// An item that too few visitors saw before is not in the model, and so is never predicted. `None` where no visit has two
/// items.
pub fn last_day(parts: Parts<'_>, judged: &JudgedVisits<'_>) -> Option<LastDay> {
    let popular = Recommender::new(parts.items.clone(), None, None);
    let model = Recommender::new(parts.items, Some(parts.rules), Some(parts.sessions));
    let number = |id: &&str| model.number(id).unwrap_or(u32::MAX);
    let visits = judged.visits.iter().filter(|visit| visit.len() > 1);
    let visits: Vec<Vec<u32>> = visits.map(|visit| visit.iter().map(number).collect()).collect();
    let queries = queries(visits.iter().map(Vec::as_slice), |_| true);
    if queries.is_empty() {
        return None;
    }
    let own: Vec<u32> = (0..model.items().count()).collect();
    let hits = |recommender: &Recommender<'_>, kind: Kind| {
        let Score { hr20, mrr20, .. } = Score::of(recommender, kind, &own, &queries, &|| ());
        Hits { hr20, mrr20 }
    };
    Some(LastDay {
        day: judged.day,
        visits: visits.len() as u64,
        predicted: queries.len() as u64,
        model: hits(&model, Kind::ForYou),
        popular: hits(&popular, Kind::Popular),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird_recommend::learn::{Product, Session, View, learn};

    #[test]
    fn each_next_item_that_is_known_is_looked_for_in_both_lists() {
        // Thirty items, seen in pairs, each pair by six visitors: so twenty are more popular than the last pairs, which
        // more visitors saw the smaller their number is.
        let ids: Vec<String> = (0..30).map(|item| format!("i{item:02}")).collect();
        let catalog: Vec<Product> = ids.iter().map(|id| Product { id: id.clone(), category: String::new() }).collect();
        let mut sessions = Vec::new();
        for pair in 0..15_u32 {
            for visitor in 0..(36 - 2 * pair) {
                let view = |product: u32, seconds: f64| View { product, seconds };
                let views = vec![view(2 * pair, 0.0), view(2 * pair + 1, 1.0)];
                sessions.push(Session { visitor: 100 * pair + visitor, views, bought: Vec::new() });
            }
        }
        let parts = learn(&catalog, &sessions, 5).unwrap();
        // The rarest pair, the most popular one and an item that the model does not have, and a visit of one item.
        let visits = vec![vec!["i28", "i29"], vec!["i00", "i01", "rare"], vec!["i04"]];
        let found = last_day(parts.clone(), &JudgedVisits { day: 9, visits }).unwrap();
        assert_eq!((found.day, found.visits, found.predicted), (9, 2, 3));
        let third = 1.0 / 3.0;
        assert_eq!(found.model, Hits { hr20: 2.0 * third, mrr20: 2.0 * third }, "one followed the other, every time");
        // Of popular items i00 and i01 are the first two, by id, and i29 is the last.
        assert_eq!(found.popular, Hits { hr20: third, mrr20: 0.5 / 3.0 });
        assert_eq!(last_day(parts, &JudgedVisits { day: 9, visits: vec![vec!["i00"]] }), None);
    }
}
