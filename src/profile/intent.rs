//! The intent of this visit: whether it ends with an order, whether it ends here, and what the visitor is doing
//! meanwhile.
//!
//! Both are probabilities by logistic regression: the log odds are an intercept and a sum of weight times
//! feature. The features are what a browser knows by itself; the weights are [`IntentRules`]:
//!
//! | feature | number of | scale |
//! |---|---|---|
//! | `views` | pages viewed in this visit | ln(1 + x) |
//! | `product_views`, `other_views` | those with a `view_item`, and the others | ln(1 + x) |
//! | `product_seconds`, `other_seconds` | seconds of attention to either | ln(1 + x) |
//! | `items`, `categories` | distinct ones of `view_item`, up to 64 | ln(1 + x) |
//! | `repeated_views` | `view_item` of an item that was viewed in this visit before | ln(1 + x) |
//! | `searches` | `search`, or `view_search_results` where there were more | ln(1 + x) |
//! | `carts`, `checkouts` | `add_to_cart`, `begin_checkout` | ln(1 + x) |
//! | `orders` | orders ever | ln(1 + x) |
//! | `returning` | 1 where this is not the first visit | x |
//! | `basket` | 1 where something with a price is in it | x |
//! | `weekend`, `morning`, `evening`, `night` | 1 where it is, on the visitor's clock: 5 to 12, 17 to 22, 22 to 5, as in `time.part` | x |
//! | `phone` | 1 on a phone | x |
//! | `campaign`, `from_search` | 1 where the page was reached by a campaign, from a search engine | x |
//!
//! A probability is conditional on what the visit has come to, and is computed again after every event.
//!
//! # The default weights
//!
//! `buying` was trained by `tailorbird train intent --in train.csv` on 7,398 visits to a shop: "Online
//! Shoppers Purchasing Intention Dataset", C. Sakar and Y. Kastro, UCI Machine Learning Repository, CC BY 4.0.
//! It includes visits of one page. Of its visits 15 % bought, which is more than at most shops: if a share s of
//! yours does, add ln(s / (1 - s)) + 1.73 to the intercept, or train on your own visits. Durations there
//! are from page to page, and here seconds of attention. `basket` is not in that data. Its weight
//! raises the average visit from 15 % to the 30 % of filled baskets that are not abandoned (Baymard Institute,
//! average of 50 studies: 70 % are); a shop's own baskets would teach it more.
//!
//! `leaving` was trained by `tailorbird train leave --kind pages --in train.txt` on 155,969 visits: "MSNBC.com
//! Anonymous Web Data", D. Heckerman, UCI Machine Learning Repository, CC BY 4.0. Visits of one page had been
//! removed there, so the first step is not learned, and the probability on the first page continues the curve
//! of later ones. Many sites lose more visitors there than that.

use super::Profile;
use super::session::Categories;
use crate::number::logistic;
use crate::reader::Reader;
use crate::signal::context::PageContext;
use crate::time::{MINUTE, Timestamp, hour, weekday};
use crate::value::{Object, Value};

/// How a number enters the log odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As it is.
    Identity,
    /// ln(1 + x).
    Logarithm,
}

impl Scale {
    /// The feature's value for this number.
    pub fn apply(self, number: f64) -> f64 {
        match self {
            Scale::Identity => number,
            Scale::Logarithm => libm::log(1.0 + number),
        }
    }
}

/// One feature of the regression.
pub struct Feature {
    /// Its name in the config.
    pub name: &'static str,
    /// How its number enters.
    pub scale: Scale,
    /// The number, for a visit.
    number: fn(&Visit<'_>) -> u32,
}

/// What features are computed from.
struct Visit<'a> {
    profile: &'a Profile,
    context: &'a PageContext,
    categories: u32,
    hour: u32,
    weekday: u32,
}

/// A feature on the scale ln(1 + x).
const fn logarithm(name: &'static str, number: fn(&Visit<'_>) -> u32) -> Feature {
    Feature { name, scale: Scale::Logarithm, number }
}

/// A feature that is 1 or 0.
const fn flag(name: &'static str, number: fn(&Visit<'_>) -> u32) -> Feature {
    Feature { name, scale: Scale::Identity, number }
}

/// How many features there are.
const COUNT: usize = 21;

/// All features.
pub static FEATURES: [Feature; COUNT] = [
    logarithm("views", |visit| visit.profile.session.views),
    logarithm("product_views", |visit| visit.profile.session.product_views),
    logarithm("other_views", |visit| visit.profile.session.views.saturating_sub(visit.profile.session.product_views)),
    logarithm("product_seconds", |visit| visit.profile.session.product_ms / 1_000),
    logarithm("other_seconds", |visit| {
        visit.profile.session.engaged_ms.saturating_sub(visit.profile.session.product_ms) / 1_000
    }),
    logarithm("items", |visit| visit.profile.session.items()),
    logarithm("categories", |visit| visit.categories),
    logarithm("repeated_views", |visit| visit.profile.session.repeated_views),
    logarithm("searches", |visit| {
        let counted = |name| visit.profile.session.counted(name);
        counted("search").max(counted("view_search_results"))
    }),
    logarithm("carts", |visit| visit.profile.session.counted("add_to_cart")),
    logarithm("checkouts", |visit| visit.profile.session.counted("begin_checkout")),
    logarithm("orders", |visit| visit.profile.purchases.orders),
    flag("returning", |visit| (visit.profile.session.number > 1).into()),
    flag("basket", |visit| (visit.profile.basket.value() > 0.0).into()),
    flag("weekend", |visit| (visit.weekday == 0 || visit.weekday == 6).into()),
    flag("morning", |visit| (5..12).contains(&visit.hour).into()),
    flag("evening", |visit| (17..22).contains(&visit.hour).into()),
    flag("night", |visit| (!(5..22).contains(&visit.hour)).into()),
    flag("phone", |visit| visit.is("device", "class", "phone").into()),
    flag("campaign", |visit| {
        let campaign = visit.context.attributes.get("campaign");
        campaign.and_then(Value::as_object).is_some_and(|parts| !parts.is_empty()).into()
    }),
    flag("from_search", |visit| visit.is("page", "referrer", "search").into()),
];

impl Visit<'_> {
    fn is(&self, group: &str, key: &str, text: &str) -> bool {
        self.context.attributes.get(group).is_some_and(|group| group.at(key).text() == text)
    }
}

/// The weights of one probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The log odds where every feature is 0.
    pub intercept: f64,
    /// The weight of each of [`FEATURES`].
    pub features: [f64; COUNT],
}

impl Weights {
    /// An intercept, and the weights of these features; the others have none.
    fn of(intercept: f64, weights: &[(&str, f64)]) -> Weights {
        let weight = |feature: &Feature| weights.iter().find(|(name, _)| *name == feature.name);
        let features = FEATURES.each_ref().map(|feature| weight(feature).map_or(0.0, |(_, weight)| *weight));
        Weights { intercept, features }
    }

    fn probability(&self, numbers: &[u32; COUNT]) -> f64 {
        let mut log_odds = self.intercept;
        for ((weight, number), feature) in self.features.iter().zip(numbers).zip(&FEATURES) {
            // A logarithm takes longer than everything else here, and most weights are 0.
            if *weight != 0.0 {
                log_odds += weight * feature.scale.apply(f64::from(*number));
            }
        }
        logistic(log_odds)
    }
}

/// The weights of both probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentRules {
    /// That the visit ends with an order.
    pub buying: Weights,
    /// That it ends with this page.
    pub leaving: Weights,
}

impl Default for IntentRules {
    fn default() -> IntentRules {
        IntentRules {
            buying: Weights::of(
                -3.71,
                &[
                    ("product_views", 0.09),
                    ("other_views", -0.05),
                    ("product_seconds", 0.33),
                    ("other_seconds", 0.1),
                    ("returning", -0.81),
                    ("basket", 0.88),
                    ("weekend", 0.12),
                ],
            ),
            leaving: Weights::of(-0.42, &[("views", -0.42), ("categories", -0.3)]),
        }
    }
}

impl IntentRules {
    /// Reads `intent` from the root of the config. Weights that are written replace all default ones of their
    /// probability; one with a problem is 0.
    pub fn read(root: &Reader<'_>) -> IntentRules {
        let at = root.section("intent", &["buying", "leaving"]);
        let default = IntentRules::default();
        IntentRules {
            buying: read_weights(&at.field("buying"), default.buying),
            leaving: read_weights(&at.field("leaving"), default.leaving),
        }
    }
}

fn read_weights(at: &Reader<'_>, default: Weights) -> Weights {
    if at.value().and_then(Value::as_object).is_none() {
        at.optional(Reader::object);
        return default;
    }
    let mut known = vec!["intercept"];
    known.extend(FEATURES.iter().map(|feature| feature.name));
    at.keys(&known);
    let weight = |name: &str| at.field(name).or_default(0.0, |at| at.number(-100.0..=100.0));
    Weights { intercept: weight("intercept"), features: FEATURES.each_ref().map(|feature| weight(feature.name)) }
}

/// A visit with at least this probability is one of buying, or of leaving.
const LIKELY: f64 = 0.5;
/// A visitor who has been inactive for this long is taken to be leaving.
const IDLE_MS: i64 = MINUTE;
/// From this number of distinct items of one category on, the visitor is comparing.
const COMPARED: u32 = 3;

/// The attributes `intent.*`: `buying` and `leaving` as probabilities, and the `stage`, the first of these
/// that is true:
///
/// 1. `buying`: a checkout was begun, or buying is at least as likely as not; and nothing was bought in this
///    visit so far
/// 2. `comparing`: three distinct items of one category were viewed, or one of several was viewed again
/// 3. `leaving`: that is at least as likely as not, or nothing happened for a minute
/// 4. `browsing`
pub fn attributes(rules: &IntentRules, profile: &Profile, context: &PageContext, now: Timestamp) -> Object {
    let session = &profile.session;
    let Categories { distinct, largest } = session.categories();
    let numbers = numbers(profile, context, now, distinct);
    let (buying, leaving) = (rules.buying.probability(&numbers), rules.leaving.probability(&numbers));
    let stage = if session.counted("purchase") == 0 && (session.counted("begin_checkout") > 0 || buying >= LIKELY) {
        "buying"
    } else if largest >= COMPARED || session.repeated_views > 0 && session.items() > 1 {
        "comparing"
    } else if leaving >= LIKELY || session.number > 0 && now.since(session.last) >= IDLE_MS {
        "leaving"
    } else {
        "browsing"
    };
    Object::new().with("buying", buying).with("leaving", leaving).with("stage", stage)
}

/// The probability that the visit ends with the page that is viewed.
pub fn leaving(rules: &IntentRules, profile: &Profile, context: &PageContext, now: Timestamp) -> f64 {
    rules.leaving.probability(&numbers(profile, context, now, profile.session.categories().distinct))
}

/// The number of each feature.
fn numbers(profile: &Profile, context: &PageContext, now: Timestamp, categories: u32) -> [u32; COUNT] {
    let (hour, weekday) = (hour(now, context.zone), weekday(now, context.zone));
    let visit = Visit { profile, context, categories, hour, weekday };
    FEATURES.each_ref().map(|feature| (feature.number)(&visit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::profile::journal::{Entry, JournalEvent};
    use crate::profile::rules::Rules;
    use crate::signal::event::Event;
    use crate::time::{HOUR, SECOND};
    use proptest::prelude::*;

    /// Sunday, 4 January 1970, at noon.
    const NOON: i64 = 3 * 24 * HOUR + 12 * HOUR;

    fn event(name: &str, id: &str, category: &str) -> JournalEvent {
        let item = Object::new().with("item_id", id).with("item_category", category).with("price", 10.0);
        JournalEvent::Event(Event::read(name, &Object::new().with("items", vec![item]).into(), &Native).unwrap())
    }

    /// An event by a word: `view`, `stay` for half a minute, `boots:1` for looking at the first of the
    /// boots; else an event.
    fn journal_event(word: &str) -> JournalEvent {
        match word.split_once(':') {
            None if word == "view" => JournalEvent::View,
            None if word == "stay" => JournalEvent::Dwell(30_000, 50),
            None => event(word, "b-1", "boots"),
            Some((category, id)) => event("view_item", id, category),
        }
    }

    /// A profile to which this happened, one second each.
    fn visit(words: &str) -> (Profile, Timestamp) {
        let (mut profile, mut at) = (Profile::default(), Timestamp::from_ms(NOON));
        for (place, word) in words.split_whitespace().enumerate() {
            at = at.plus(SECOND);
            let entry = Entry { number: place as u64 + 1, at, event: journal_event(word) };
            profile.fold(&entry, &Rules::default());
        }
        (profile, at)
    }

    fn attributes_after(words: &str, later_ms: i64) -> Object {
        let (profile, at) = visit(words);
        attributes(&IntentRules::default(), &profile, &PageContext::default(), at.plus(later_ms))
    }

    fn number(attributes: &Object, name: &str) -> f64 {
        attributes.get(name).and_then(Value::as_number).unwrap()
    }

    #[test]
    fn the_stage_is_the_first_of_four_rules_that_is_true() {
        for (words, later_ms, stage, why) in [
            ("", 0, "browsing", "nothing happened yet"),
            ("view", 0, "browsing", "a page"),
            ("view boots:1 view boots:2", 0, "browsing", "two of a kind are not compared yet"),
            ("view boots:1 view boots:2 view boots:3", 0, "comparing", "three are"),
            ("view boots:1 view tents:2 view maps:3", 0, "browsing", "three of different kinds are not"),
            ("view boots:1 view boots:1", 0, "browsing", "one alone is not compared"),
            ("view boots:1 view tents:2 view boots:1", 0, "comparing", "back to one of two"),
            ("view", MINUTE - 1, "browsing", "nearly a minute without anything"),
            ("view", MINUTE, "leaving", "a minute without anything"),
            ("view boots:1 view boots:2 view boots:3", MINUTE, "comparing", "whoever compares takes a minute"),
            ("view begin_checkout", MINUTE, "buying", "at the checkout, however long"),
            ("view boots:1 begin_checkout purchase", 0, "browsing", "bought, and still here"),
        ] {
            assert_eq!(attributes_after(words, later_ms).get("stage").unwrap().text(), stage, "{why}: {words}");
        }
    }

    #[test]
    fn a_probability_of_one_half_makes_a_buyer_or_a_leaver() {
        let (profile, at) = visit("view");
        for (buying, leaving, stage) in [(0.0, -9.0, "buying"), (-0.01, 0.0, "leaving"), (-0.01, -0.01, "browsing")] {
            let rules = IntentRules { buying: Weights::of(buying, &[]), leaving: Weights::of(leaving, &[]) };
            let found = attributes(&rules, &profile, &PageContext::default(), at);
            assert_eq!(found.get("stage").unwrap().text(), stage, "log odds {buying} and {leaving}");
        }
    }

    #[test]
    fn every_feature_is_counted_where_its_name_says() {
        let (mut profile, at) =
            visit("view stay view boots:1 stay stay view boots:2 boots:1 search add_to_cart begin_checkout");
        profile.purchases.orders = 4;
        let context = serde_json::from_str(
            r#"{"device": "phone", "referrer": "www.google.com", "host": "shop.example", "params": {"utm_source": "x"}}"#,
        );
        let context = PageContext::read(&context.unwrap());
        let found = numbers(&profile, &context, at, profile.session.categories().distinct);
        for (name, expected) in [
            ("views", 3),
            ("product_views", 2),
            ("other_views", 1),
            ("product_seconds", 60),
            ("other_seconds", 30),
            ("items", 2),
            ("categories", 1),
            ("repeated_views", 1),
            ("searches", 1),
            ("carts", 1),
            ("checkouts", 1),
            ("orders", 4),
            ("returning", 0),
            ("basket", 1),
            ("weekend", 1),
            ("morning", 0),
            ("evening", 0),
            ("night", 0),
            ("phone", 1),
            ("campaign", 1),
            ("from_search", 1),
        ] {
            let place = FEATURES.iter().position(|known| known.name == name).unwrap();
            assert_eq!(found[place], expected, "{name}");
        }
        profile.session.number = 2;
        let hour = |hours: i64| numbers(&profile, &PageContext::default(), Timestamp::from_ms(hours * HOUR), 0);
        let places = FEATURES.iter().position(|known| known.name == "returning").unwrap()..COUNT;
        // Returning, basket, weekend, morning, evening, night, phone, campaign, from search. 1970 began on a Thursday.
        let (morning, afternoon) = ([1, 1, 0, 1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0, 0]);
        let (evening, night) = ([1, 1, 0, 0, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 1, 0, 0, 0]);
        for (hours, expected) in [
            (4, night),
            (5, morning),
            (11, morning),
            (12, afternoon),
            (16, afternoon),
            (17, evening),
            (21, evening),
            (22, night),
        ] {
            assert_eq!(hour(hours)[places.clone()], expected, "{hours} o'clock");
        }
        assert_eq!(hour(2 * 24 + 18)[places], [1, 1, 1, 0, 1, 0, 0, 0, 0], "Saturday evening");
    }

    #[test]
    fn without_weights_of_the_site_probabilities_are_those_of_the_public_data() {
        // ln(1 + x) of each feature, times the weights above, by hand.
        let close = |found: f64, expected: f64, why: &str| assert!((found - expected).abs() < 1e-9, "{why}: {found}");
        let odds = |log_odds: f64| 1.0 / (1.0 + libm::exp(-log_odds));
        let first = attributes_after("view", 0);
        close(number(&first, "buying"), odds(-3.71 - 0.05 * libm::log(2.0) + 0.12), "one page on a Sunday");
        close(number(&first, "leaving"), odds(-0.42 - 0.42 * libm::log(2.0)), "one page");
        let second = attributes_after("view view boots:1 stay add_to_cart", 0);
        let looked = 0.09 * libm::log(2.0) - 0.05 * libm::log(2.0) + 0.33 * libm::log(31.0);
        close(number(&second, "buying"), odds(-3.71 + looked + 0.88 + 0.12), "and a product in the basket");
        close(number(&second, "leaving"), odds(-0.42 - 0.42 * libm::log(3.0) - 0.3 * libm::log(2.0)), "two pages");
    }

    proptest! {
        #[test]
        fn probabilities_lie_within_0_and_1_and_follow_their_weights(
            intercept in -100.0..100.0_f64,
            weights in prop::collection::vec(-100.0..100.0_f64, COUNT),
            numbers in prop::collection::vec(0..100_000_u32, COUNT),
            place in 0..COUNT,
            scale in 1e-3..1.0_f64,
        ) {
            let features = core::array::from_fn(|place| weights[place] * scale);
            let weights = Weights { intercept: intercept * scale, features };
            let mut numbers: [u32; COUNT] = numbers.try_into().unwrap();
            let before = weights.probability(&numbers);
            prop_assert!((0.0..=1.0).contains(&before));
            numbers[place] += 1;
            let more = weights.probability(&numbers) - before;
            // As far as doubles and the logistic function go.
            prop_assert!(more * features[place] >= -1e-12, "{more} by {}", features[place]);
        }
    }
}
