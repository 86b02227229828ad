//! Recommendations: the strategy that fills a slot with items of the catalogue.
//!
//! Three sources are asked, and each fills what the one before has left: the site model, which knows what visitors
//! looked at and bought one after the other; likeness to what this visitor has looked at and is interested in; and
//! popularity. The last one only where that is no lie: what was bought together is never made up.

pub mod catalog;
mod choice;
pub mod rankings;

use super::Level;
use super::explain::Reason;
use crate::condition::{Condition, Scope};
use crate::profile::basket::Basket;
use crate::profile::interest::Interests;
use crate::profile::item_history::ItemHistory;
use crate::profile::rules::Rules;
use crate::reader::Reader;
use crate::signal::ranking::{HISTORY, Kind, RankRequest};
use crate::time::Timestamp;
use catalog::{Catalog, CatalogItem};
use choice::{Choice, by_likeness, by_model, by_popularity};
use rankings::Rankings;

/// The strategy `recommend`: which items, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    /// What kind of items.
    pub kind: Kind,
    /// How many at most; see [`Count`].
    pub count: usize,
    /// How many items a visitor has to have looked at before `for-you` is for them, 0 to 20.
    min: usize,
    /// What must hold of an item.
    condition: Option<Condition>,
    /// How different items are to be from each other, 0 to 1.
    diversity: f64,
    /// Which items the shop wants to sell, and how much their scores grow by that.
    boosts: Vec<Boost>,
    /// The lowest and the highest price, as a multiple of the price of what the visitor looks at.
    price_band: Option<[f64; 2]>,
}

#[derive(Clone, Debug, PartialEq)]
struct Boost {
    when: Condition,
    factor: f64,
}

/// An item that is recommended.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendation {
    /// Its `item_id`.
    pub id: String,
    /// How well it fits by the source that named it, boosts included, 0 or more.
    pub score: f64,
    /// The item that it follows from most, if it follows from one.
    pub because: Option<String>,
}

/// What recommendations are based on.
#[derive(Clone, Copy)]
pub struct ShelfEvidence<'a> {
    /// What can be recommended.
    pub catalog: &'a Catalog,
    /// Whether the site has a model.
    pub has_model: bool,
    /// What the model has answered on this page view.
    pub rankings: &'a Rankings,
    /// The item that the page is about.
    pub current: Option<&'a str>,
    /// What is in the basket.
    pub basket: &'a Basket,
    /// What the visitor has looked at and bought.
    pub history: &'a ItemHistory,
    /// What the visitor is interested in.
    pub interests: &'a Interests,
    /// By what interests are weighed.
    pub rules: &'a Rules,
    /// The time.
    pub now: Timestamp,
    /// What conditions ask.
    pub scope: Scope<'a>,
}

/// Why there are no recommendations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoItems {
    /// The visitor has looked at too few items: so many of so many.
    TooFewViews(usize, usize),
    /// The page is about no item, and nothing is in the basket.
    NoItemToGoBy,
    /// Nothing is in the basket.
    EmptyBasket,
    /// No item of the catalogue fits.
    NothingFits,
}

/// What a shelf shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// These items, the best first; at least one.
    Items(Vec<Recommendation>),
    /// The site model is being asked.
    Awaited,
    /// None.
    Nothing(NoItems),
}

/// The keys of the strategy, and of `recommend()`.
pub const KEYS: [&str; 7] = ["kind", "count", "min", "where", "diversity", "boost", "priceBand"];

/// How many items may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Where nothing else is said.
    pub default: i32,
    /// At most.
    pub most: i32,
}

impl Count {
    /// In a slot, and by `recommend()`.
    pub const OF_A_SLOT: Count = Count { default: 4, most: 24 };
    /// In a prompt.
    pub const OF_A_PROMPT: Count = Count { default: 3, most: 6 };
}

/// The most boosts.
const BOOSTS: usize = 10;

impl Shelf {
    /// Reads the keys of the object at `at`.
    pub fn read(at: &Reader<'_>, most: Count) -> Option<Shelf> {
        let kind = at.field("kind").or(Kind::ForYou, |at| at.choice(&Kind::ALL));
        let whole = |key, absent: i32, range| at.integer_or(key, absent, range);
        let (count, min) = (whole("count", most.default, 1..=most.most), whole("min", 1, 0..=20));
        let condition = at.field("where").optional(Condition::read);
        let diversity = at.number_or("diversity", 0.2, 0.0..=1.0);
        let boosts = at.field("boost").or(Vec::new(), |at| at.list(0..=BOOSTS, Boost::read));
        let price_band = at.field("priceBand").optional(|at| {
            let ends = at.list(2..=2, |at| at.number(0.0..=100.0))?;
            at.ascending(&ends)?;
            <[f64; 2]>::try_from(ends).ok()
        });
        let size = |number: i32| usize::try_from(number).unwrap_or_default();
        Some(Shelf {
            kind: kind?,
            count: size(count?),
            min: size(min?),
            condition: condition?,
            diversity: diversity?,
            boosts: boosts?,
            price_band: price_band?,
        })
    }

    /// How individual its items are.
    pub fn level(&self) -> Level {
        match self.kind {
            Kind::ForYou | Kind::RecentlyViewed | Kind::Basket => Level::Personalized,
            Kind::Similar | Kind::BoughtTogether => Level::Customized,
            Kind::Popular => Level::Generic,
        }
    }

    /// The items that it goes by, the latest last; or why it has none.
    fn goes_by<'a>(&self, evidence: ShelfEvidence<'a>) -> Result<Vec<&'a str>, NoItems> {
        let current = || evidence.current.into_iter().collect::<Vec<&str>>();
        let basket = || evidence.basket.ids().collect::<Vec<&str>>();
        let items = match self.kind {
            Kind::Popular => return Ok(Vec::new()),
            Kind::Similar => current(),
            Kind::BoughtTogether if evidence.basket.is_empty() => current(),
            Kind::BoughtTogether => basket(),
            Kind::Basket if evidence.basket.is_empty() => return Err(NoItems::EmptyBasket),
            Kind::Basket => basket(),
            Kind::ForYou | Kind::RecentlyViewed => {
                let views = evidence.history.viewed().count();
                if views < self.min.max(usize::from(self.kind == Kind::RecentlyViewed)) {
                    return Err(NoItems::TooFewViews(views, self.min.max(1)));
                }
                let mut latest: Vec<&str> = evidence.history.viewed().rev().take(HISTORY).collect();
                latest.reverse();
                return Ok(latest);
            }
        };
        if items.is_empty() { Err(NoItems::NoItemToGoBy) } else { Ok(items) }
    }

    /// What the site model is to be asked for this shelf; `None` where there is none, or nothing to ask it.
    pub fn request(&self, evidence: ShelfEvidence<'_>) -> Option<RankRequest> {
        if !evidence.has_model || !self.kind.is_ranked() {
            return None;
        }
        let history = self.goes_by(evidence).ok()?;
        // Of a visitor who has looked at nothing it knows nothing.
        let knows = !history.is_empty() || self.kind == Kind::Popular;
        let of_page = evidence.current.is_some() && history.last().copied() == evidence.current;
        let history = history.into_iter().map(str::to_owned).collect();
        knows.then_some(RankRequest { kind: self.kind, history, of_page })
    }

    /// What it shows. `taken` are items that stand elsewhere on the page.
    pub fn fill(&self, evidence: ShelfEvidence<'_>, taken: &[&str]) -> Shown {
        let history = match self.goes_by(evidence) {
            Ok(history) => history,
            Err(reason) => return Shown::Nothing(reason),
        };
        let ranked = match self.request(evidence) {
            Some(request) => match evidence.rankings.answer(&request) {
                Some(ranked) => ranked,
                None if evidence.rankings.may_come(&request) => return Shown::Awaited,
                None => &[],
            },
            None => &[],
        };
        // What was bought together only the model knows.
        if self.kind == Kind::BoughtTogether && ranked.is_empty() {
            return Shown::Nothing(NoItems::NothingFits);
        }
        let hidden = self.hidden(evidence, taken);
        let mut choice = Choice::of(self, evidence, hidden, self.band(evidence, &history));
        match self.kind {
            Kind::RecentlyViewed | Kind::Basket => choice.add_latest(&history),
            Kind::BoughtTogether => choice.add(&|| by_model(ranked, evidence)),
            Kind::Popular => {
                choice.add(&|| by_model(ranked, evidence));
                choice.add(&|| by_popularity(evidence));
            }
            Kind::Similar => {
                choice.add(&|| by_model(ranked, evidence));
                choice.add(&|| by_likeness(&history, evidence));
                choice.add(&|| by_popularity(evidence));
            }
            Kind::ForYou => {
                choice.add(&|| by_model(ranked, evidence));
                choice.add_by_interest(&history);
                choice.add(&|| by_popularity(evidence));
            }
        }
        let items = choice.items();
        if items.is_empty() { Shown::Nothing(NoItems::NothingFits) } else { Shown::Items(items) }
    }

    /// What it does not show: what the visitor sees already, and where it offers something new what they have. A basket
    /// is shown as it is.
    fn hidden<'a>(&self, evidence: ShelfEvidence<'a>, taken: &[&'a str]) -> Vec<&'a str> {
        if self.kind == Kind::Basket {
            return taken.to_vec();
        }
        let mut hidden: Vec<&str> = taken.iter().copied().chain(evidence.current).collect();
        // What was bought is not hidden from whoever looks for it.
        if self.kind != Kind::RecentlyViewed {
            hidden.extend(evidence.history.bought().chain(evidence.basket.ids()));
        }
        // What was looked at a moment ago is no news either: `recently-viewed` has it.
        if self.kind == Kind::ForYou {
            hidden.extend(evidence.history.viewed().rev().take(HISTORY));
        }
        hidden
    }

    /// The lowest and the highest price: by the mean of the prices that are known of what it goes by.
    #[allow(clippy::cast_precision_loss, reason = "a handful of items")]
    fn band(&self, evidence: ShelfEvidence<'_>, history: &[&str]) -> Option<[f64; 2]> {
        let [low, high] = self.price_band?;
        let prices: Vec<f64> = history.iter().filter_map(|id| evidence.catalog.get(id)?.price).collect();
        let mean = prices.iter().sum::<f64>() / prices.len() as f64;
        (!prices.is_empty()).then_some([low * mean, high * mean])
    }
}

impl Boost {
    fn read(at: &Reader<'_>) -> Option<Boost> {
        let keys = at.keys(&["when", "factor"]);
        let when = Condition::read(&at.field("when"));
        let factor = at.field("factor").number(0.0..=100.0);
        keys?;
        Some(Boost { when: when?, factor: factor? })
    }
}

impl NoItems {
    /// The reason as a lower-case fragment without a full stop.
    pub fn text(self) -> String {
        match self {
            NoItems::TooFewViews(seen, needed) => format!("this visitor has looked at {seen} of {needed} items needed"),
            NoItems::NoItemToGoBy => "the page is about no item, and the basket is empty".to_owned(),
            NoItems::EmptyBasket => "the basket is empty".to_owned(),
            NoItems::NothingFits => "no item of the catalogue fits".to_owned(),
        }
    }
}

impl Shown {
    /// What became of the strategy, for an explanation.
    pub fn reason(&self, shelf: &Shelf, catalog: &Catalog) -> Reason {
        match self {
            Shown::Awaited => Reason::RankingAwaited,
            Shown::Nothing(reason) => Reason::NoRecommendations(shelf.kind, *reason),
            Shown::Items(items) => {
                let name = |id: &str| catalog.get(id).map_or(id, CatalogItem::name).to_owned();
                let named = |item: &Recommendation| (name(&item.id), item.because.as_deref().map(name));
                Reason::Recommended(shelf.kind, items.iter().map(named).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::signal::event::{Event, Item};
    use crate::signal::ranking::RankedItem;
    use crate::value::{Object, Value};
    use proptest::prelude::*;

    /// Items 0, 1, 2... of three categories; each seventh is out of stock.
    fn catalog(items: usize) -> Catalog {
        let item = |number: usize| {
            Object::new()
                .with("item_id", format!("i{number}"))
                .with("item_category", format!("c{}", number % 3))
                .with("price", u32::try_from(number).unwrap())
                .with("popularity", f64::from(u32::try_from(number % 10).unwrap()) / 10.0)
                .with("in_stock", !number.is_multiple_of(7))
        };
        let written: Value = (0..items).map(item).collect();
        crate::reader::read(&written, |at| Catalog::read(at, &Rules::default())).unwrap()
    }

    fn shelf(json: &str) -> Shelf {
        crate::reader::read(&serde_json::from_str(json).unwrap(), |at| Shelf::read(at, Count::OF_A_SLOT))
            .unwrap()
            .unwrap()
    }

    fn event(name: &str, ids: &[usize]) -> Event {
        let item = |id: &usize| Item { id: format!("i{id}"), quantity: 1.0, ..Item::default() };
        Event { name: name.to_owned(), items: ids.iter().map(item).collect(), ..Event::default() }
    }

    proptest! {
        /// Whatever the model answers and the visitor has done.
        #[test]
        fn a_shelf_shows_nothing_twice_and_nothing_that_must_not_be_there(
            kind in 0..Kind::ALL.len(),
            count in 1..=24_usize,
            diversity in 0..=10_u32,
            views in prop::collection::vec(0..40_usize, 0..12),
            bought in prop::collection::vec(0..40_usize, 0..6),
            basket in prop::collection::vec(0..40_usize, 0..4),
            ranked in prop::collection::vec((0..50_usize, 0.01..9.0_f64), 0..30),
            current in prop::option::of(0..40_usize),
            taken in prop::collection::vec(0..40_usize, 0..5),
        ) {
            let catalog = catalog(40);
            let (name, kind) = Kind::ALL[kind];
            let json = format!(
                r#"{{"kind": "{name}", "count": {count}, "diversity": 0.{}, "where": {{"price": {{"$lte": 30}}}}}}"#,
                diversity.min(9)
            );
            let shelf = shelf(&json);
            let mut history = ItemHistory::default();
            views.iter().for_each(|id| history.fold(&event("view_item", &[*id]), Timestamp::from_ms(1)));
            history.fold(&event("purchase", &bought), Timestamp::from_ms(2));
            let mut cart = Basket::default();
            cart.fold(&event("add_to_cart", &basket));
            let current = current.map(|id| format!("i{id}"));
            let taken: Vec<String> = taken.iter().map(|id| format!("i{id}")).collect();
            let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
            let (interests, rules) = (Interests::default(), Rules::default());
            let (unasked, mut answered) = (Rankings::default(), Rankings::default());
            let evidence = |rankings| ShelfEvidence {
                catalog: &catalog,
                has_model: true,
                rankings,
                current: current.as_deref(),
                basket: &cart,
                history: &history,
                interests: &interests,
                rules: &rules,
                now: Timestamp::from_ms(3),
                scope: Scope::of(&Native, &[]),
            };
            if let Some(request) = shelf.request(evidence(&unasked)) {
                prop_assert_eq!(shelf.fill(evidence(&unasked), &taken), Shown::Awaited);
                let item = |(id, score): &(usize, f64)| {
                    RankedItem { id: format!("i{id}"), score: *score, because: None }
                };
                let mut answer: Vec<RankedItem> = ranked.iter().map(item).collect();
                answer.sort_by(|one, other| other.score.total_cmp(&one.score));
                answered.set_answer(request, Some(answer));
            }
            match shelf.fill(evidence(&answered), &taken) {
                Shown::Awaited => prop_assert!(false, "the model has answered"),
                Shown::Nothing(_) => {}
                Shown::Items(items) => {
                    prop_assert!((1..=count).contains(&items.len()));
                    let mut ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
                    ids.sort_unstable();
                    ids.dedup();
                    prop_assert_eq!(ids.len(), items.len());
                    for id in ids {
                        let item = catalog.get(id).unwrap();
                        prop_assert!(item.in_stock && item.price.unwrap() <= 30.0);
                        prop_assert!(!taken.contains(&id));
                        if kind == Kind::Basket {
                            prop_assert!(cart.ids().any(|known| known == id));
                            continue;
                        }
                        prop_assert!(current.as_deref() != Some(id));
                        let has = history.bought().chain(cart.ids()).any(|known| known == id);
                        prop_assert!(!has || kind == Kind::RecentlyViewed);
                    }
                }
            }
        }
    }

    #[test]
    fn three_thousand_items_of_one_category_differ_by_popularity() {
        let catalog = catalog(3_000);
        let shelf = shelf(r#"{"kind": "similar", "count": 3, "diversity": 0}"#);
        let (interests, rules, rankings) = (Interests::default(), Rules::default(), Rankings::default());
        let (basket, history) = (Basket::default(), ItemHistory::default());
        let evidence = ShelfEvidence {
            catalog: &catalog,
            has_model: false,
            rankings: &rankings,
            current: Some("i3"),
            basket: &basket,
            history: &history,
            interests: &interests,
            rules: &rules,
            now: Timestamp::from_ms(0),
            scope: Scope::of(&Native, &[]),
        };
        let Shown::Items(items) = shelf.fill(evidence, &[]) else { panic!("nothing is shown") };
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["i9", "i39", "i69"], "of the same category, the most popular, in the order of the catalogue");
    }
}
