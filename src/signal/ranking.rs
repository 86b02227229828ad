//! Rankings: what the site model answers. It is asked by the page, because it is not part of the engine.

use crate::value::{Object, Value};

/// How many items of a ranking are asked for: more than a shelf shows, because some may not be shown.
pub const RANKED: u32 = 100;
/// How many views the model is told, the latest.
pub const HISTORY: usize = 9;

/// What kind of items is recommended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Like the item that the page is about.
    Similar,
    /// Bought together with what is in the basket, or with the item that the page is about.
    BoughtTogether,
    /// By what this visitor has looked at.
    ForYou,
    /// What this visitor has looked at, the latest first.
    RecentlyViewed,
    /// What is in the basket, what was added last first.
    Basket,
    /// What most visitors look at.
    Popular,
}

impl Kind {
    /// All kinds, each with its name in the config.
    pub const ALL: [(&'static str, Kind); 6] = [
        ("similar", Kind::Similar),
        ("bought-together", Kind::BoughtTogether),
        ("for-you", Kind::ForYou),
        ("recently-viewed", Kind::RecentlyViewed),
        ("basket", Kind::Basket),
        ("popular", Kind::Popular),
    ];

    /// Whether the site model is asked for it: of the visitor's own past it knows nothing.
    pub fn is_ranked(self) -> bool {
        !matches!(self, Kind::RecentlyViewed | Kind::Basket)
    }

    /// The name in the config, and of the variant in a decision.
    pub fn name(self) -> &'static str {
        Kind::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// What the site model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct RankRequest {
    /// What kind of items.
    pub kind: Kind,
    /// The items that it goes by, the latest last.
    pub history: Vec<String>,
    /// Whether the last of them is the item that the page is about. Only then a file of its category may be loaded: what
    /// the server is asked for says no more than the page's own address does.
    pub of_page: bool,
}

impl RankRequest {
    /// The request as `www/recommend` takes it.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("kind", self.kind.name())
            .with("history", self.history.clone())
            .with("ofPage", self.of_page)
            .with("count", RANKED)
    }

    /// Reads it back.
    pub fn of(written: &Value) -> Option<RankRequest> {
        let name = written.at("kind").text();
        let (_, kind) = Kind::ALL.into_iter().find(|(known, _)| *known == name)?;
        let history = written.at("history").items().iter().filter_map(Value::as_text).map(str::to_owned).collect();
        Some(RankRequest { kind, history, of_page: written.at("ofPage").is_true() })
    }
}

/// One item of the model's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedItem {
    /// Its id.
    pub id: String,
    /// The model's score, above 0; only how scores of one answer compare means something.
    pub score: f64,
    /// The item of the history that it follows from most.
    pub because: Option<String>,
}

impl RankedItem {
    /// Reads a list of them as `www/recommend` gives it; what is none is left out.
    pub fn read_all(written: &Value) -> Vec<RankedItem> {
        let one = |item: &Value| {
            let score = item.at("score").as_number().filter(|score| score.is_finite() && *score > 0.0)?;
            let because = item.at("because").as_text().map(str::to_owned);
            Some(RankedItem { id: item.at("id").as_text()?.to_owned(), score, because })
        };
        written.items().iter().take(RANKED as usize).filter_map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_answers_cross_the_boundary() {
        let history = vec!["a".to_owned(), "b".to_owned()];
        let asked = RankRequest { kind: Kind::BoughtTogether, history, of_page: true };
        assert_eq!(RankRequest::of(&asked.to_object().into()), Some(asked));
        assert_eq!(RankRequest::of(&Value::Null), None);
        let written = serde_json::from_str(
            r#"[{"id": "a", "score": 2, "because": "x"}, {"id": "b", "score": 0}, {"id": 3, "score": 1}, {"score": 1},
                7, {"id": "c", "score": 1, "because": null}]"#,
        );
        let item = |id: &str, score: f64, because: Option<&str>| RankedItem {
            id: id.to_owned(),
            score,
            because: because.map(str::to_owned),
        };
        assert_eq!(RankedItem::read_all(&written.unwrap()), [item("a", 2.0, Some("x")), item("c", 1.0, None)]);
    }
}
