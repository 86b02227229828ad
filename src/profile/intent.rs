//! The intent of this visit: whether it ends with an order, whether it ends here, and what the visitor is
//! at meanwhile.
//!
//! Both are probabilities by logistic regression: the log odds are an intercept and a sum of weight times
//! feature, of what a browser knows by itself. The weights are [`IntentRules`]; the features, by name:
//!
//! | feature | of | as |
//! |---|---|---|
//! | `views` | pages viewed in this visit | ln(1 + x) |
//! | `product_views`, `other_views` | those with a `view_item`, and the others | ln(1 + x) |
//! | `product_seconds`, `other_seconds` | how long the visitor was occupied with either | ln(1 + x) |
//! | `items`, `categories` | distinct ones of `view_item`, up to 64 | ln(1 + x) |
//! | `repeated_views` | `view_item` of what was viewed in this visit before | ln(1 + x) |
//! | `searches` | `search` and `view_search_results` | ln(1 + x) |
//! | `carts`, `checkouts` | `add_to_cart`, `begin_checkout` | ln(1 + x) |
//! | `orders` | orders ever | ln(1 + x) |
//! | `returning` | not the first visit | 1 or 0 |
//! | `basket` | something with a price lies in it | 1 or 0 |
//! | `weekend`, `morning`, `evening`, `night` | now, on the visitor's clock; 5 to 12, 17 to 22, 22 to 5 | 1 or 0 |
//! | `phone` | the device is one | 1 or 0 |
//! | `campaign`, `from_search` | the page was reached by a campaign, from a search engine | 1 or 0 |
//!
//! A probability is that of a visit which has come so far, and is told anew after every event.
//!
//! # The default weights
//!
//! `buying` was trained by `tailorbird train intent --in train.csv` on 7,398 visits to a shop: "Online
//! Shoppers Purchasing Intention Dataset", C. Sakar and Y. Kastro, UCI Machine Learning Repository, CC BY 4.0.
//! Visits of one page are part of it. Of its visits 15 % bought, which is more than at most shops: if of
//! yours a share s does, add ln(s / (1 - s)) + 1.73 to the intercept, or train on your own visits. Durations there
//! run from page to page, and here while somebody is occupied. `basket` is not in that data. Its weight
//! lifts the mean visit from 15 % to the 30 % of filled baskets that are not abandoned (Baymard Institute, mean
//! of 50 studies: 70 % are); baskets of its own would teach a shop more.
//!
//! `leaving` was trained by `tailorbird train leave --kind pages --in train.txt` on 155,969 visits: "MSNBC.com
//! Anonymous Web Data", D. Heckerman, UCI Machine Learning Repository, CC BY 4.0. Visits of one page had been
//! removed there, so the first step is not learned from, and what is said on the first page continues the curve
//! of later ones. Many sites lose more visitors there than that.

use super::Profile;
use crate::number::{ln, logistic};
use crate::reader::Reader;
use crate::signal::context::PageContext;
use crate::time::{MINUTE, SECOND, Timestamp, hour, weekday};
use crate::value::{Object, Value};

/// The features by name, and before them the intercept; those from `views` to `orders` go by their logarithm.
pub const FEATURES: [&str; 22] = [
    "intercept",
    "views",
    "product_views",
    "other_views",
    "product_seconds",
    "other_seconds",
    "items",
    "categories",
    "repeated_views",
    "searches",
    "carts",
    "checkouts",
    "orders",
    "returning",
    "basket",
    "weekend",
    "morning",
    "evening",
    "night",
    "phone",
    "campaign",
    "from_search",
];
/// Up to which place features go by their logarithm.
const LOGARITHMS: usize = 13;

/// The default weights, in hundredths.
const BUYING: [i16; FEATURES.len()] = [-371, 0, 9, -5, 33, 10, 0, 0, 0, 0, 0, 0, 0, -81, 88, 12, 0, 0, 0, 0, 0, 0];
const LEAVING: [i16; FEATURES.len()] = [-42, -42, 0, 0, 0, 0, 0, -30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// From this probability on it is said of a visit that it is one of buying, or of leaving.
const LIKELY: f64 = 0.5;
/// After which time without anything the visitor is taken to be leaving.
const IDLE_MS: i64 = MINUTE;
/// How many distinct items of one category are compared.
const COMPARED: usize = 3;

/// One weight for each of [`FEATURES`].
pub type Weights = [f64; FEATURES.len()];

/// By what weights intent is told.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentRules {
    buying: Weights,
    leaving: Weights,
}

impl Default for IntentRules {
    fn default() -> IntentRules {
        IntentRules { buying: of_hundredths(&BUYING), leaving: of_hundredths(&LEAVING) }
    }
}

fn of_hundredths(hundredths: &[i16; FEATURES.len()]) -> Weights {
    hundredths.map(|weight| f64::from(weight) / 100.0)
}

impl IntentRules {
    /// Reads `intent` of the config. Weights that are given replace all default ones of their
    /// probability; a feature without any has none.
    pub fn read(at: &Reader<'_>) -> IntentRules {
        let mut rules = IntentRules::default();
        if !at.is_missing() && at.object(&["buying", "leaving"]) {
            for (name, weights) in [("buying", &mut rules.buying), ("leaving", &mut rules.leaving)] {
                let at = at.field(name);
                if !at.is_missing() {
                    at.object(&FEATURES);
                    for (weight, name) in weights.iter_mut().zip(FEATURES) {
                        *weight = at.field(name).or(0.0, |at| at.number(-100.0, 100.0));
                    }
                }
            }
        }
        rules
    }

    /// The probabilities of buying and of leaving, from what was counted, by place.
    pub fn chances(&self, counted: &Weights) -> (f64, f64) {
        let (mut buying, mut leaving) = (0.0, 0.0);
        for (place, ((counted, to_buy), to_leave)) in counted.iter().zip(&self.buying).zip(&self.leaving).enumerate() {
            let feature = scaled(place, *counted);
            buying += to_buy * feature;
            leaving += to_leave * feature;
        }
        (logistic(buying), logistic(leaving))
    }
}

/// What is counted, as the feature at this place.
pub fn scaled(place: usize, counted: f64) -> f64 {
    // Zero times a weight is zero, and most counts are zero.
    if counted > 0.0 && place > 0 && place < LOGARITHMS { ln(1.0 + counted) } else { counted }
}

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
    let (buying, leaving) = rules.chances(&counted(profile, context, now));
    let bought = session.counted("purchase") > 0;
    let stage = if !bought && (session.counted("begin_checkout") > 0 || buying >= LIKELY) {
        "buying"
    } else if session.most_of_one_category() >= COMPARED || session.repeated_views > 0 && session.items() > 1 {
        "comparing"
    } else if leaving >= LIKELY || session.number > 0 && now.since(session.last) >= IDLE_MS {
        "leaving"
    } else {
        "browsing"
    };
    Object::new().with("buying", buying).with("leaving", leaving).with("stage", stage)
}

fn counted(profile: &Profile, context: &PageContext, now: Timestamp) -> Weights {
    let session = &profile.session;
    let truth = |truth: bool| if truth { 1.0 } else { 0.0 };
    let named = |section: &str, key: &str, text: &str| {
        truth(context.attributes.get(section).is_some_and(|section| section.at(key).text() == text))
    };
    #[allow(clippy::cast_precision_loss, reason = "below 2^32")]
    let seconds = |ms: u32| f64::from(ms) / SECOND as f64;
    let times = |name: &str| f64::from(session.counted(name));
    let (hour, weekday) = (hour(now, context.zone), weekday(now, context.zone));
    let campaign = context.attributes.get("campaign").and_then(Value::as_object);
    #[allow(clippy::cast_precision_loss, reason = "at most 64")]
    [
        1.0,
        f64::from(session.views),
        f64::from(session.product_views),
        f64::from(session.views.saturating_sub(session.product_views)),
        seconds(session.product_ms),
        seconds(session.engaged_ms.saturating_sub(session.product_ms)),
        session.items() as f64,
        session.categories() as f64,
        f64::from(session.repeated_views),
        times("search") + times("view_search_results"),
        times("add_to_cart"),
        times("begin_checkout"),
        f64::from(profile.purchases.orders),
        truth(session.number > 1),
        truth(profile.basket.value() > 0.0),
        truth(weekday == 0 || weekday == 6),
        truth((5..12).contains(&hour)),
        truth((17..22).contains(&hour)),
        truth(!(5..22).contains(&hour)),
        named("device", "class", "phone"),
        truth(campaign.is_some_and(|campaign| !campaign.is_empty())),
        named("page", "referrer", "search"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::journal::{Entry, Happening};
    use crate::profile::rules::Rules;
    use crate::signal::event::Event;
    use crate::time::HOUR;
    use proptest::prelude::*;

    /// Sunday, 4 January 1970, at noon.
    const NOON: i64 = 3 * 24 * HOUR + 12 * HOUR;

    fn event(name: &str, id: &str, category: &str) -> Happening {
        let item = Object::new().with("item_id", id).with("item_category", category).with("price", 10.0);
        Happening::Event(Event::read(name, &Object::new().with("items", vec![item]).into()).unwrap())
    }

    /// What the words stand for: `view`, `stay` for half a minute, `boots:1` for looking at the first of the
    /// boots; else an event.
    fn happening(word: &str) -> Happening {
        match word.split_once(':') {
            None if word == "view" => Happening::View,
            None if word == "stay" => Happening::Stay(30_000, 50),
            None => event(word, "b-1", "boots"),
            Some((category, id)) => event("view_item", id, category),
        }
    }

    /// A profile to which this happened, one second each.
    fn visit(words: &str) -> (Profile, Timestamp) {
        let (mut profile, mut at) = (Profile::default(), Timestamp::from_ms(NOON));
        for (place, word) in words.split_whitespace().enumerate() {
            at = at.plus(SECOND);
            let entry = Entry { number: place as u64 + 1, at, happening: happening(word) };
            profile.fold(&entry, &Rules::default());
        }
        (profile, at)
    }

    fn told(words: &str, later_ms: i64) -> Object {
        let (profile, at) = visit(words);
        attributes(&IntentRules::default(), &profile, &PageContext::default(), at.plus(later_ms))
    }

    fn number(told: &Object, name: &str) -> f64 {
        told.get(name).and_then(Value::as_number).unwrap()
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
            assert_eq!(told(words, later_ms).get("stage").unwrap().text(), stage, "{why}: {words}");
        }
    }

    #[test]
    fn likely_buyers_and_leavers_are_told_by_their_probability() {
        let (profile, at) = visit("view");
        for (buying, leaving, stage) in [(0.0, -9.0, "buying"), (-0.01, 0.0, "leaving"), (-0.01, -0.01, "browsing")] {
            let mut rules = IntentRules { buying: [0.0; FEATURES.len()], leaving: [0.0; FEATURES.len()] };
            (rules.buying[0], rules.leaving[0]) = (buying, leaving);
            let told = attributes(&rules, &profile, &PageContext::default(), at);
            assert_eq!(told.get("stage").unwrap().text(), stage, "log odds {buying} and {leaving}");
        }
    }

    #[test]
    fn every_feature_is_counted_where_its_name_says() {
        let (mut profile, at) = visit(
            "view stay view boots:1 stay stay view boots:2 boots:1 search view_search_results add_to_cart begin_checkout",
        );
        profile.purchases.orders = 4;
        let context = serde_json::from_str(
            r#"{"device": "phone", "referrer": "www.google.com", "host": "shop.example", "params": {"utm_source": "x"}}"#,
        );
        let context = PageContext::read(&context.unwrap());
        let found = counted(&profile, &context, at);
        for (name, expected) in [
            ("intercept", 1.0),
            ("views", 3.0),
            ("product_views", 2.0),
            ("other_views", 1.0),
            ("product_seconds", 60.0),
            ("other_seconds", 30.0),
            ("items", 2.0),
            ("categories", 1.0),
            ("repeated_views", 1.0),
            ("searches", 2.0),
            ("carts", 1.0),
            ("checkouts", 1.0),
            ("orders", 4.0),
            ("returning", 0.0),
            ("basket", 1.0),
            ("weekend", 1.0),
            ("morning", 0.0),
            ("evening", 0.0),
            ("night", 0.0),
            ("phone", 1.0),
            ("campaign", 1.0),
            ("from_search", 1.0),
        ] {
            let place = FEATURES.iter().position(|known| *known == name).unwrap();
            assert_eq!(found[place], expected, "{name}");
        }
        profile.session.number = 2;
        let hour = |hours: i64| counted(&profile, &PageContext::default(), Timestamp::from_ms(hours * HOUR));
        let names = FEATURES.iter().position(|name| *name == "returning").unwrap()..FEATURES.len();
        // Returning, basket, weekend, morning, evening, night, phone, campaign, from search. 1970 began on a Thursday.
        for (hours, expected) in [(6, [1, 1, 0, 1, 0, 0, 0, 0, 0]), (4, [1, 1, 0, 0, 0, 1, 0, 0, 0])] {
            assert_eq!(hour(hours)[names.clone()], expected.map(f64::from), "{hours} o'clock");
        }
        assert_eq!(hour(2 * 24 + 18)[names], [1, 1, 1, 0, 1, 0, 0, 0, 0].map(f64::from), "Saturday evening");
    }

    #[test]
    fn without_weights_of_the_site_chances_are_those_of_the_public_data() {
        // ln(1 + x) of each feature, times the weights above, by hand.
        let close = |found: f64, expected: f64, why: &str| assert!((found - expected).abs() < 1e-9, "{why}: {found}");
        let odds = |log_odds: f64| 1.0 / (1.0 + libm::exp(-log_odds));
        let first = told("view", 0);
        close(number(&first, "buying"), odds(-3.71 - 0.05 * libm::log(2.0) + 0.12), "one page on a Sunday");
        close(number(&first, "leaving"), odds(-0.42 - 0.42 * libm::log(2.0)), "one page");
        let second = told("view view boots:1 stay add_to_cart", 0);
        let looked = 0.09 * libm::log(2.0) - 0.05 * libm::log(2.0) + 0.33 * libm::log(31.0);
        close(number(&second, "buying"), odds(-3.71 + looked + 0.88 + 0.12), "and a product in the basket");
        close(number(&second, "leaving"), odds(-0.42 - 0.42 * libm::log(3.0) - 0.3 * libm::log(2.0)), "two pages");
    }

    proptest! {
        #[test]
        fn chances_lie_within_0_and_1_and_follow_their_weights(
            weights in prop::collection::vec(-100.0..100.0_f64, FEATURES.len()),
            counts in prop::collection::vec(0..100_000_u32, FEATURES.len()),
            place in 1..FEATURES.len(),
        ) {
            let mut rules = IntentRules { buying: [0.0; FEATURES.len()], leaving: [0.0; FEATURES.len()] };
            let mut counted = [0.0; FEATURES.len()];
            for (at, (weight, count)) in weights.iter().zip(&counts).enumerate() {
                (rules.buying[at], rules.leaving[at], counted[at]) = (*weight, -weight / 1e3, f64::from(*count));
            }
            let (buying, leaving) = rules.chances(&counted);
            prop_assert!((0.0..=1.0).contains(&buying) && (0.0..=1.0).contains(&leaving));
            counted[place] += 1.0;
            let (more_buying, more_leaving) = rules.chances(&counted);
            // As far as doubles and the series of the logistic function go.
            let (buying, leaving) = (more_buying - buying, more_leaving - leaving);
            let weight = weights[place];
            prop_assert!(buying * weight >= -1e-12 && leaving * weight <= 1e-12, "{buying} {leaving}");
        }
    }
}
