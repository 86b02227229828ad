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
//! | `searches` | `search` | ln(1 + x) |
//! | `carts`, `checkouts` | `add_to_cart`, `begin_checkout` | ln(1 + x) |
//! | `orders` | orders ever | ln(1 + x) |
//! | `returning` | not the first visit | 1 or 0 |
//! | `basket` | something with a price lies in it | 1 or 0 |
//! | `weekend`, `morning`, `evening`, `night` | now, on the visitor's clock; 5 to 12, 17 to 22, 22 to 5, as in `time.part` | 1 or 0 |
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
use super::session::Categories;
use crate::number::logistic;
use crate::reader::Reader;
use crate::signal::context::PageContext;
use crate::text::split;
use crate::time::{MINUTE, Timestamp, hour, weekday};
use crate::value::{Object, Value};

/// The intercept and the features by name, in order; those from `views` to `orders` go by their logarithm. One
/// text is smaller than a list of them.
const FEATURES: &str = "intercept views product_views other_views product_seconds other_seconds items categories \
     repeated_views searches carts checkouts orders returning basket weekend morning evening night phone campaign \
     from_search";
/// How many they are.
const COUNT: usize = 22;
/// Up to which place features go by their logarithm.
const LOGARITHMS: usize = 13;

/// The default weights of buying, then of leaving, in hundredths.
const HUNDREDTHS: [[i16; COUNT]; 2] = [
    [-371, 0, 9, -5, 33, 10, 0, 0, 0, 0, 0, 0, 0, -81, 88, 12, 0, 0, 0, 0, 0, 0],
    [-42, -42, 0, 0, 0, 0, 0, -30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];

/// From this probability on it is said of a visit that it is one of buying, or of leaving.
const LIKELY: f64 = 0.5;
/// After which time without anything the visitor is taken to be leaving.
const IDLE_MS: i64 = MINUTE;
/// How many distinct items of one category are compared.
const COMPARED: u32 = 3;

/// What was counted, for the intercept 1 and for each feature.
type Counts = [u32; COUNT];

/// By what weights intent is told: those of buying, then those of leaving.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentRules([[f64; COUNT]; 2]);

impl Default for IntentRules {
    fn default() -> IntentRules {
        let mut rules = IntentRules([[0.0; COUNT]; 2]);
        for (weight, hundredths) in rules.0.as_flattened_mut().iter_mut().zip(HUNDREDTHS.as_flattened()) {
            *weight = f64::from(*hundredths) / 100.0;
        }
        rules
    }
}

impl IntentRules {
    /// Reads `intent` from the root of the config. Weights that are given replace all default ones of their
    /// probability; a feature without any has none.
    pub fn read(root: &Reader<'_>) -> IntentRules {
        let mut rules = IntentRules::default();
        let at = root.section("intent", "buying leaving");
        for (probability, weights) in ["buying", "leaving"].iter().zip(&mut rules.0) {
            let given = at.section(probability, FEATURES);
            if !given.is_missing() {
                for (weight, name) in weights.iter_mut().zip(names()) {
                    *weight = given.number_or(name, 0.0, -100.0, 100.0);
                }
            }
        }
        rules
    }
}

/// The intercept and the features by name, in their order.
pub fn names() -> Vec<&'static str> {
    split(FEATURES, b' ')
}

/// The default weights of buying, or of leaving, with the names of their features.
#[cfg(not(target_arch = "wasm32"))]
pub fn shipped(leaving: bool) -> Vec<(&'static str, f64)> {
    let [to_buy, to_leave] = IntentRules::default().0;
    names().into_iter().zip(if leaving { to_leave } else { to_buy }).collect()
}

/// The probability by these weights.
fn chance(weights: &[f64; COUNT], counts: &Counts) -> f64 {
    let mut log_odds = 0.0;
    for (place, (weight, count)) in weights.iter().zip(counts).enumerate() {
        // A logarithm takes longer than everything else here, and most weights are 0.
        if *weight != 0.0 {
            log_odds += weight * feature(place, f64::from(*count));
        }
    }
    logistic(log_odds)
}

/// The feature at this place, of what was counted.
pub fn feature(place: usize, count: f64) -> f64 {
    if place > 0 && place < LOGARITHMS { libm::log(1.0 + count) } else { count }
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
    let Categories { distinct: categories, largest: most_alike } = session.categories();
    let counts = counts(profile, context, now, categories);
    let IntentRules([to_buy, to_leave]) = rules;
    let (buying, leaving) = (chance(to_buy, &counts), chance(to_leave, &counts));
    let stage = if session.counted("purchase") == 0 && (session.counted("begin_checkout") > 0 || buying >= LIKELY) {
        "buying"
    } else if most_alike >= COMPARED || session.repeated_views > 0 && session.items() > 1 {
        "comparing"
    } else if leaving >= LIKELY || session.number > 0 && now.since(session.last) >= IDLE_MS {
        "leaving"
    } else {
        "browsing"
    };
    Object::new().with("buying", buying).with("leaving", leaving).with("stage", stage)
}

fn counts(profile: &Profile, context: &PageContext, now: Timestamp, categories: u32) -> Counts {
    let session = &profile.session;
    let (hour, weekday) = (hour(now, context.zone), weekday(now, context.zone));
    let truth = u32::from;
    [
        1,
        session.views,
        session.product_views,
        session.views.saturating_sub(session.product_views),
        session.product_ms / 1_000,
        session.engaged_ms.saturating_sub(session.product_ms) / 1_000,
        session.items(),
        categories,
        session.repeated_views,
        session.counted("search"),
        session.counted("add_to_cart"),
        session.counted("begin_checkout"),
        profile.purchases.orders,
        truth(session.number > 1),
        truth(profile.basket.value() > 0.0),
        truth(weekday == 0 || weekday == 6),
        truth((5..12).contains(&hour)),
        truth((17..22).contains(&hour)),
        truth(!(5..22).contains(&hour)),
        truth(says(context, "device", "class", "phone")),
        truth(context.attributes.get("campaign").and_then(Value::as_object).is_some_and(|named| !named.is_empty())),
        truth(says(context, "page", "referrer", "search")),
    ]
}

#[inline(never)]
fn says(context: &PageContext, section: &str, key: &str, text: &str) -> bool {
    context.attributes.get(section).is_some_and(|section| section.at(key).text() == text)
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

    /// What the words stand for: `view`, `stay` for half a minute, `boots:1` for looking at the first of the
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
            let mut rules = IntentRules([[0.0; COUNT]; 2]);
            (rules.0[0][0], rules.0[1][0]) = (buying, leaving);
            let told = attributes(&rules, &profile, &PageContext::default(), at);
            assert_eq!(told.get("stage").unwrap().text(), stage, "log odds {buying} and {leaving}");
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
        let found = counts(&profile, &context, at, profile.session.categories().distinct);
        for (name, expected) in [
            ("intercept", 1),
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
            let place = names().iter().position(|known| *known == name).unwrap();
            assert_eq!(found[place], expected, "{name}");
        }
        profile.session.number = 2;
        let hour = |hours: i64| counts(&profile, &PageContext::default(), Timestamp::from_ms(hours * HOUR), 0);
        let places = names().iter().position(|name| *name == "returning").unwrap()..COUNT;
        // Returning, basket, weekend, morning, evening, night, phone, campaign, from search. 1970 began on a Thursday.
        for (hours, expected) in [(6, [1, 1, 0, 1, 0, 0, 0, 0, 0]), (4, [1, 1, 0, 0, 0, 1, 0, 0, 0])] {
            assert_eq!(hour(hours)[places.clone()], expected, "{hours} o'clock");
        }
        assert_eq!(hour(2 * 24 + 18)[places], [1, 1, 1, 0, 1, 0, 0, 0, 0], "Saturday evening");
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
            weights in prop::collection::vec(-100.0..100.0_f64, COUNT),
            counts in prop::collection::vec(0..100_000_u32, COUNT),
            place in 1..COUNT,
            scale in 1e-3..1.0_f64,
        ) {
            let weights: [f64; COUNT] = core::array::from_fn(|place| weights[place] * scale);
            let mut counts: Counts = counts.try_into().unwrap();
            let before = chance(&weights, &counts);
            prop_assert!((0.0..=1.0).contains(&before));
            counts[place] += 1;
            let more = chance(&weights, &counts) - before;
            // As far as doubles and the series of the logistic function go.
            prop_assert!(more * weights[place] >= -1e-12, "{more} by {}", weights[place]);
        }
    }
}
