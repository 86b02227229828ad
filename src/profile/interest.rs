//! What the visitor is interested in: weights that decay with three half-lives, in each dimension.
//!
//! Weights decay forward: each contribution is scaled up by its age against a landmark that all
//! keys share, so nothing needs updating as time passes, and contributions may arrive in any order.
//! Source: Cormode, Shkapenyuk, Srivastava and Xu (2009), "Forward decay: a practical time decay
//! model for streaming systems", ICDE, section III.
//!
//! Each dimension holds a bounded number of keys. A new one replaces the weakest and inherits its weight as
//! an overestimate, so that a key that weighs more than the total divided by the number of keys is never lost:
//! Space-Saving (Metwally, Agrawal and El Abbadi 2005, "Efficient
//! computation of frequent and top-k elements in data streams", ICDT), with decayed weights
//! (Cormode, Korn and Tirthapura 2008, "Exponentially decayed aggregates on data streams", ICDE).
//! What is reported leaves the overestimate out, so it never exceeds what was observed.

mod correction;
pub mod shares;

use super::rules::Rules;
use crate::codec::Codec;
use crate::signal::event::Event;
use crate::time::Timestamp;
use crate::value::Object;

/// The most keys of a dimension.
const KEYS: usize = 64;
/// The most dimensions.
const DIMENSIONS: usize = 8;
/// A landmark moves every 32 half-lives. Moving it multiplies by a power of two, which is exact,
/// and a contribution is at most 2^32 of its weight, so nothing overflows.
const STRIDE: i64 = 32;
/// The index of the longest half-life.
const LONGEST: usize = 2;

/// The interests of a visitor.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Interests {
    /// The half-lives the weights were made with, in ms.
    half_lives_ms: [i64; 3],
    /// The landmarks, in strides of their half-life since 1970.
    landmarks: [i64; 3],
    dimensions: Vec<Dimension>,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct Dimension {
    name: String,
    /// Number of events with a tag in this dimension.
    events: u32,
    keys: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct Key {
    name: String,
    /// Weights against the landmarks, one for each half-life; negative if more events counted against the key
    /// than for it.
    weights: [f64; 3],
    /// The weight it inherited, at the longest half-life, from the key that it replaced.
    overestimate: f64,
    /// When the visitor last stated its share; `None` where they never did.
    stated: Option<Timestamp>,
}

impl Interests {
    /// Applies one event: it adds its weight to each key that its items have, once, however many of them have
    /// it.
    pub fn fold(&mut self, event: &Event, at: Timestamp, rules: &Rules) {
        let weight = rules.weight(&event.name);
        if weight == 0.0 || event.items.is_empty() {
            return;
        }
        self.prepare(at, rules);
        let gains = self.powers(at, 1.0).map(|gain| gain * weight);
        for name in &rules.dimensions {
            let mut keys: Vec<&str> = Vec::new();
            for item in &event.items {
                for tag in item.tags.iter().filter(|tag| tag.dimension == *name) {
                    if !keys.contains(&tag.key.as_str()) {
                        keys.push(&tag.key);
                    }
                }
            }
            if keys.is_empty() {
                continue;
            }
            let Some(dimension) = self.dimension_mut(name) else { continue };
            dimension.events = dimension.events.saturating_add(1);
            for key in keys {
                dimension.add(key, gains, 0.0);
            }
        }
    }

    /// Readies it for contributions at `at`, by these rules.
    fn prepare(&mut self, at: Timestamp, rules: &Rules) {
        if self.half_lives_ms != rules.half_lives_ms {
            // Weights of other half-lives cannot be converted.
            *self = Interests { half_lives_ms: rules.half_lives_ms, ..Interests::default() };
        }
        self.advance(at);
    }

    /// Moves the landmarks forward if `at` is a stride or more after them.
    fn advance(&mut self, at: Timestamp) {
        for index in 0..3 {
            let (Some(half_life), Some(landmark)) = (self.half_lives_ms.get(index), self.landmarks.get_mut(index))
            else {
                continue;
            };
            let current = at.ms().div_euclid(half_life.wrapping_mul(STRIDE).max(1));
            if current > *landmark {
                #[allow(clippy::cast_precision_loss, reason = "strides since 1970 are far below 2^53")]
                let fade = power_of_two((*landmark - current) as f64 * STRIDE as f64);
                *landmark = current;
                for dimension in &mut self.dimensions {
                    for key in &mut dimension.keys {
                        if let Some(weight) = key.weights.get_mut(index) {
                            *weight *= fade;
                        }
                        if index == LONGEST {
                            key.overestimate *= fade;
                        }
                    }
                }
            }
        }
    }

    /// Two to the power of the half-lives from each landmark to `at`, or back with a `sign` of -1:
    /// what a weight of 1 at `at` comes to against the landmarks, or a weight there comes to at `at`.
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of 100,000 years are below 2^53")]
    fn powers(&self, at: Timestamp, sign: f64) -> [f64; 3] {
        let mut powers = [0.0; 3];
        for ((power, half_life), landmark) in powers.iter_mut().zip(self.half_lives_ms).zip(self.landmarks) {
            let length = half_life.max(1) as f64;
            let start = landmark as f64 * half_life as f64 * STRIDE as f64;
            *power = power_of_two(sign * (at.ms() as f64 - start) / length);
        }
        powers
    }

    fn dimension_mut(&mut self, name: &str) -> Option<&mut Dimension> {
        let index = self.dimensions.iter().position(|dimension| dimension.name == name);
        if index.is_none() && self.dimensions.len() < DIMENSIONS {
            self.dimensions.push(Dimension { name: name.to_owned(), events: 0, keys: Vec::new() });
        }
        self.dimensions.iter_mut().find(|dimension| dimension.name == name)
    }

    /// How many events had a tag in a dimension.
    pub fn events(&self, name: &str) -> u32 {
        self.dimensions.iter().find(|dimension| dimension.name == name).map_or(0, |dimension| dimension.events)
    }

    /// Removes one key.
    pub fn forget(&mut self, dimension: &str, key: &str) {
        if let Some(dimension) = self.dimensions.iter_mut().find(|known| known.name == dimension) {
            dimension.keys.retain(|known| known.name != key);
        }
    }

    /// Updates the attributes `trend.*` to `now`: `{"category": {"boots": 0.9}}`.
    ///
    /// A trend compares a key's rate at the shortest half-life with that at the longest,
    /// (short - long) / (short + long), in `[-1, 1]`: positive if it is rising, negative if it is falling.
    #[allow(clippy::cast_precision_loss, reason = "half-lives are far below 2^53 ms")]
    pub fn trends(&self, now: Timestamp, tree: &mut Object) {
        let ([short, _, long], [brief, _, lasting]) = (self.powers(now, -1.0), self.half_lives_ms);
        tree.renew(|tree| {
            for dimension in &self.dimensions {
                tree.below(&dimension.name, |trends| {
                    for key in &dimension.keys {
                        let rate = |weight: f64, fade: f64, half_life: i64| bounded(weight * fade) / half_life as f64;
                        let (short, long) = (rate(key.weights[0], short, brief), rate(key.weights[2], long, lasting));
                        let trend = if short + long > 0.0 { (short - long) / (short + long) } else { 0.0 };
                        trends.put(&key.name, trend);
                    }
                });
            }
        });
    }

    /// Adds the interests of the same visitor on another device, unless they were made with other
    /// half-lives. Of a key whose share the visitor has stated, the device counts on which they did so last.
    pub fn merge(&mut self, mut other: Interests) {
        if self.dimensions.is_empty() {
            *self = other;
            return;
        }
        if self.half_lives_ms != other.half_lives_ms {
            return;
        }
        for (index, half_life) in self.half_lives_ms.into_iter().enumerate() {
            let latest = self.landmarks.get(index).max(other.landmarks.get(index)).copied().unwrap_or(0);
            let start = Timestamp::from_ms(latest.saturating_mul(half_life.saturating_mul(STRIDE)));
            self.advance(start);
            other.advance(start);
        }
        for from in &other.dimensions {
            let Some(dimension) = self.dimension_mut(&from.name) else { continue };
            dimension.events = dimension.events.saturating_add(from.events);
            for key in &from.keys {
                dimension.merge(key);
            }
        }
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        for number in self.half_lives_ms.iter_mut().chain(&mut self.landmarks) {
            codec.zigzag(number);
        }
        codec.list(DIMENSIONS, &mut self.dimensions, |codec, dimension| {
            codec.text(&mut dimension.name);
            codec.varint_u32(&mut dimension.events);
            codec.list(KEYS, &mut dimension.keys, |codec, key| {
                codec.text(&mut key.name);
                for weight in &mut key.weights {
                    codec.double(weight);
                }
                codec.double(&mut key.overestimate);
                codec.optional(&mut key.stated, Codec::time);
            });
        });
    }
}

/// Two to the power of `x`; the largest double instead of infinity, so that 0 times it is 0.
///
/// By `exp`, which the engine needs anyway: `exp2` of `libm` has a table of 4 KB.
fn power_of_two(x: f64) -> f64 {
    libm::exp(x * core::f64::consts::LN_2).min(f64::MAX)
}

/// A weight of at least 0, and so small that the sum of those of a dimension is finite, as it always is unless
/// the clock was set back by years.
fn bounded(weight: f64) -> f64 {
    if weight > 0.0 { weight.min(f64::MAX / 1e6) } else { 0.0 }
}

impl Key {
    /// What it weighs, averaged over the half-lives, where the weights against the landmarks have faded to `fade`.
    fn weight(&self, fade: [f64; 3]) -> f64 {
        bounded((self.weights[0] * fade[0] + self.weights[1] * fade[1] + self.weights[2] * fade[2]) / 3.0)
    }
}

impl Dimension {
    /// The key of this name, which comes in where it was not there.
    fn key_mut(&mut self, name: &str) -> Option<&mut Key> {
        let index = self.keys.iter().position(|key| key.name == name).unwrap_or_else(|| {
            let inherited = if self.keys.len() < KEYS { 0.0 } else { self.evict_weakest() };
            self.keys.push(Key { name: name.to_owned(), overestimate: inherited, ..Key::default() });
            self.keys.len() - 1
        });
        self.keys.get_mut(index)
    }

    fn add(&mut self, name: &str, gains: [f64; 3], overestimate: f64) {
        if let Some(key) = self.key_mut(name) {
            key.overestimate += overestimate;
            for (weight, gain) in key.weights.iter_mut().zip(gains) {
                *weight = (*weight + gain).clamp(-f64::MAX, f64::MAX);
            }
        }
    }

    /// Adds a key of the same visitor on another device, at the same landmarks.
    fn merge(&mut self, other: &Key) {
        let stated = self.keys.iter().find(|key| key.name == other.name).and_then(|key| key.stated);
        if stated == other.stated {
            self.add(&other.name, other.weights, other.overestimate);
        } else if stated < other.stated
            && let Some(key) = self.key_mut(&other.name)
        {
            *key = other.clone();
        }
    }

    /// Removes the weakest key, the first of equals, and returns its weight, its overestimate included. Compared
    /// at the longest half-life, because at a shorter one old interests would always be the weakest.
    fn evict_weakest(&mut self) -> f64 {
        let weights = self.keys.iter().map(|key| key.weights[LONGEST].abs() + key.overestimate);
        let weakest = weights.enumerate().min_by(|(_, one), (_, other)| one.total_cmp(other));
        weakest.map_or(0.0, |(index, weight)| {
            self.keys.remove(index);
            weight.min(f64::MAX)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::profile::rules::BaseRate;
    use crate::profile::rules::EventWeight;
    use crate::signal::event::{Item, Tag};
    use crate::time::{DAY, SECOND};
    use proptest::prelude::*;

    fn event(name: &str, category: &str) -> Event {
        let item = Item { id: "x".into(), tags: vec![Tag::new("category", category)], price: None, quantity: 1.0 };
        Event { name: name.into(), items: vec![item], ..Event::default() }
    }

    fn after(views: &[(i64, &str)]) -> Interests {
        let mut interests = Interests::default();
        for (ms, category) in views {
            interests.fold(&event("view_item", category), Timestamp::from_ms(*ms), &Rules::default());
        }
        interests
    }

    /// Interest and trend in a category, `day` days after 1970.
    fn read(interests: &Interests, rules: &Rules, key: &str, day: f64) -> (f64, f64) {
        let now = Timestamp::from_ms((day * DAY as f64) as i64);
        let (mut shares, mut trends) = (Object::new(), Object::new());
        interests.shares(rules, &[], now, &mut shares);
        interests.trends(now, &mut trends);
        let of = |tree: Object| tree.get("category").map_or(0.0, |below| below.at(key).number());
        (of(shares), of(trends))
    }

    #[test]
    fn weights_decay_by_half_in_each_half_life() {
        // Events of these weights at these seconds, and what is left after 100,000 seconds at
        // half-lives of 30 minutes, a day and 30 days, to 1e-12: sum of w 2^-(age / half-life),
        // reckoned apart from this code with 50 digits.
        let weights = [("one", 1.0), ("two", 2.0), ("half", 0.5)]
            .map(|(event, weight)| EventWeight { event: event.to_owned(), weight });
        let rules = Rules { weights: weights.into(), ..Rules::default() };
        let mut interests = Interests::default();
        for (second, name) in [(0, "one"), (60, "one"), (3_600, "two"), (86_400, "one"), (90_000, "half")] {
            interests.fold(&event(name, "boots"), Timestamp::from_ms(second * SECOND), &rules);
        }
        let fade = interests.powers(Timestamp::from_ms(100_000 * SECOND), -1.0);
        let weights = interests.dimensions[0].keys[0].weights;
        for (index, left) in
            [0.015_946_757_814_543_67, 3.177_848_184_227_211_7, 5.391_375_970_366_824].iter().enumerate()
        {
            assert!((weights[index] * fade[index] / left - 1.0).abs() < 1e-12, "half-life {index}");
        }
    }

    #[test]
    fn one_click_makes_no_interest_and_many_do() {
        let rules = Rules::default();
        let views = |count: usize| after(&vec![(0, "boots"); count]);
        // 1 / (1 + 3), 3 / (3 + 3), 27 / (27 + 3): the prior weighs 3.
        for (count, share) in [(1, 0.25), (3, 0.5), (27, 0.9)] {
            assert!((read(&views(count), &rules, "boots", 0.0).0 - share).abs() < 1e-12, "{count} views");
        }
        let based = Rules {
            base: [("boots", 0.4), ("tents", 0.6)]
                .map(|(key, share)| BaseRate { dimension: "category".into(), key: key.into(), share })
                .into(),
            ..rules
        };
        // (1 + 3 x 0.4) / 4, and a key that was never seen has the share its base rate gives.
        assert!((read(&views(1), &based, "boots", 0.0).0 - 0.55).abs() < 1e-12);
        assert!((read(&views(1), &based, "tents", 0.0).0 - 0.45).abs() < 1e-12);
    }

    #[test]
    fn an_interest_fades_and_its_trend_turns() {
        let (interests, rules) = (after(&vec![(0, "boots"); 9]), Rules::default());
        let shares: Vec<f64> =
            [0.0, 1.0, 30.0, 365.0].iter().map(|day| read(&interests, &rules, "boots", *day).0).collect();
        assert!(shares.windows(2).all(|pair| pair[0] > pair[1]), "{shares:?}");
        assert!(shares[0] == 0.75 && shares[3] < 0.01, "{shares:?}");
        assert!(read(&interests, &rules, "boots", 0.0).1 > 0.9, "rising");
        assert!(read(&interests, &rules, "boots", 1.0).1 < -0.9, "falling");
    }

    #[test]
    fn what_the_visitor_rejects_counts_against_it() {
        let rules = Rules::default();
        let mut interests = after(&[(0, "boots"), (0, "boots"), (0, "tents")]);
        interests.fold(&event("not_interested", "boots"), Timestamp::from_ms(0), &rules);
        assert_eq!(read(&interests, &rules, "boots", 0.0).0, 0.0);
        assert_eq!(read(&interests, &rules, "tents", 0.0).0, 0.25);
    }

    #[test]
    fn events_without_weight_or_items_change_nothing() {
        let mut interests = Interests::default();
        let rules = Rules::default();
        interests.fold(&event("scroll", "boots"), Timestamp::from_ms(0), &rules);
        interests.fold(&Event { items: Vec::new(), ..event("view_item", "boots") }, Timestamp::from_ms(0), &rules);
        assert_eq!(interests, Interests::default());
    }

    #[test]
    fn the_weakest_key_is_evicted_and_its_successor_is_not_overrated() {
        let mut views: Vec<(i64, String)> = (0..200).map(|day| (day * DAY, format!("c{day}"))).collect();
        views.extend((0..50).map(|_| (199 * DAY, "often".to_owned())));
        let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
        let interests = after(&views);
        assert_eq!(interests.dimensions[0].keys.len(), KEYS);
        let share = |key: &str| read(&interests, &Rules::default(), key, 199.0).0;
        assert!(share("often") > 0.7);
        assert!(share("c199") < 0.05, "seen once, whatever the key it replaced had weighed");
        assert_eq!(share("c0"), 0.0);
    }

    /// An item in many categories.
    fn item(categories: core::ops::Range<usize>) -> Item {
        let tags = categories.map(|number| Tag::new("category", &format!("c{number}"))).collect();
        Item { id: "x".into(), tags, price: None, quantity: 1.0 }
    }

    #[test]
    fn an_event_counts_once_for_each_key_however_many_items_have_it() {
        let mut interests = Interests::default();
        let items = vec![item(0..2), item(1..2), item(1..3)];
        let event = Event { name: "view_item".into(), items, ..Event::default() };
        interests.fold(&event, Timestamp::from_ms(0), &Rules::default());
        let shares = ["c0", "c1", "c2"].map(|key| read(&interests, &Rules::default(), key, 0.0).0);
        // One of three, and a prior of 3.
        assert_eq!((interests.events("category"), shares), (1, [1.0 / 6.0; 3]));
        assert_eq!(interests.events("brand"), 0);
    }

    #[test]
    fn a_dimension_has_room_for_64_keys_and_the_first_of_equals_goes() {
        let after = |count: usize| {
            let mut interests = Interests::default();
            let event = Event { name: "view_item".into(), items: vec![item(0..count)], ..Event::default() };
            interests.fold(&event, Timestamp::from_ms(0), &Rules::default());
            let keys: Vec<String> = interests.dimensions[0].keys.iter().map(|key| key.name.clone()).collect();
            (keys.len(), keys[0].clone(), interests.dimensions[0].keys.iter().map(|key| key.overestimate).sum::<f64>())
        };
        assert_eq!(after(64), (64, "c0".to_owned(), 0.0));
        assert_eq!(after(65), (64, "c1".to_owned(), 1.0), "the new one may have been there as often as that one");
    }

    #[test]
    fn there_is_room_for_eight_dimensions() {
        let dimensions: Vec<String> = (0..10).map(|number| format!("d{number}")).collect();
        let tags = dimensions.iter().map(|dimension| Tag::new(dimension, "x")).collect();
        let item = Item { id: "x".into(), tags, ..Item::default() };
        let event = Event { name: "view_item".into(), items: vec![item], ..Event::default() };
        let mut interests = Interests::default();
        let rules = Rules { dimensions, ..Rules::default() };
        interests.fold(&event, Timestamp::from_ms(0), &rules);
        interests.fold(&event, Timestamp::from_ms(0), &rules);
        assert_eq!(["d0", "d7", "d8"].map(|name| interests.events(name)), [2, 2, 0]);
    }

    #[test]
    fn a_key_that_is_forgotten_leaves_the_others() {
        let mut interests = after(&[(0, "boots"), (0, "tents")]);
        interests.forget("brand", "boots");
        interests.forget("category", "boots");
        assert_eq!(["boots", "tents"].map(|key| read(&interests, &Rules::default(), key, 0.0).0), [0.0, 0.25]);
    }

    #[test]
    fn only_tracked_keys_are_computed() {
        let rules = Rules {
            base: vec![BaseRate { dimension: "category".into(), key: "tents".into(), share: 0.5 }],
            ..Rules::default()
        };
        let interests = after(&[(0, "boots"), (0, "maps")]);
        let shares = |tracked: &[&str]| {
            let (mut tree, tracked) = (Object::new(), tracked.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
            interests.shares(&rules, &tracked, Timestamp::from_ms(0), &mut tree);
            serde_json::to_value(tree).unwrap()
        };
        let all = serde_json::json!({"category": {"boots": 0.2, "maps": 0.2, "tents": 0.3}});
        assert_eq!(shares(&[]), all);
        assert_eq!(shares(&["category", ""]), all, "an empty name stands for all");
        let some = serde_json::json!({"category": {"boots": 0.2, "tents": 0.3}});
        assert_eq!(shares(&["category", "boots"]), some, "base rates cost nothing");
        assert_eq!(shares(&["boots"]), serde_json::json!({}), "of a dimension that nobody reads, nothing");
    }

    #[test]
    fn interests_made_with_other_half_lives_are_not_mixed() {
        let other_rules = Rules { half_lives_ms: [SECOND, DAY, 2 * DAY], ..Rules::default() };
        let mut other = Interests::default();
        other.fold(&event("view_item", "tents"), Timestamp::from_ms(0), &other_rules);
        let mut own = after(&[(0, "boots")]);
        own.merge(other.clone());
        assert_eq!(own, after(&[(0, "boots")]), "those of another device are left out");
        let mut none = Interests::default();
        none.merge(other.clone());
        assert_eq!(none, other, "unless there are no own ones");
        own.fold(&event("view_item", "tents"), Timestamp::from_ms(0), &other_rules);
        assert_eq!(own, other, "and own ones begin anew");
    }

    #[test]
    fn a_trend_compares_the_rate_of_half_an_hour_with_that_of_a_month() {
        let interests = after(&[(0, "boots")]);
        // Rates of 1 / 30 min and 1 / 30 days: (1440 - 1) / (1440 + 1).
        assert!((read(&interests, &Rules::default(), "boots", 0.0).1 - 1_439.0 / 1_441.0).abs() < 1e-12);
        // After 10 h the first is 2^-20 of that, the second 2^(-10 / 720).
        let (short, long) = (1_440.0 * libm::pow(0.5, 20.0), libm::pow(0.5, 10.0 / 720.0));
        let trend = read(&interests, &Rules::default(), "boots", 10.0 / 24.0).1;
        assert!((trend - (short - long) / (short + long)).abs() < 1e-9, "{trend}");
    }

    proptest! {
        #[test]
        fn shares_are_shares_and_leave_room_for_the_unknown(views in prop::collection::vec((0..4_000_000_000_000_i64, "[a-f]"), 1..60)) {
            let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let interests = after(&views);
            let shares: Vec<f64> = "abcdef".chars().map(|key| read(&interests, &Rules::default(), &key.to_string(), 46_296.3).0).collect();
            prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{:?}", shares);
            prop_assert!(shares.iter().sum::<f64>() < 1.0, "{:?}", shares);
        }

        #[test]
        fn neither_the_order_of_arrival_nor_the_device_matters(views in prop::collection::vec((0..90 * DAY, "[a-d]"), 1..30), cut in 0_usize..30) {
            let forward: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let mut backward = forward.clone();
            backward.reverse();
            let cut = cut.min(forward.len());
            let mut merged = after(&forward[cut..]);
            merged.merge(after(&forward[..cut]));
            let (one, other) = (after(&forward), after(&backward));
            for key in ["a", "b", "c", "d"] {
                let share = |of: &Interests| read(of, &Rules::default(), key, 91.0).0;
                prop_assert!((share(&one) - share(&other)).abs() < 1e-9);
                prop_assert!((share(&one) - share(&merged)).abs() < 1e-9);
            }
            prop_assert_eq!(one.events("category"), merged.events("category"));
        }

        #[test]
        fn interests_survive_the_snapshot(views in prop::collection::vec((0..90 * DAY, "[a-d]"), 0..30)) {
            let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let mut interests = after(&views);
            prop_assert_eq!(round_trip(&mut interests, Interests::code), interests);
        }

        #[test]
        fn interests_of_any_number_survive_the_snapshot(dimensions in 6..11_usize, keys in 60..70_usize) {
            let key = |number: usize| Key {
                name: format!("k{number}"),
                weights: [1.0; 3],
                overestimate: 0.5,
                stated: Some(Timestamp::from_ms(7)),
            };
            let dimension = |number: usize| Dimension {
                name: format!("d{number}"),
                events: 7,
                keys: (0..keys).map(key).collect(),
            };
            let mut interests = Interests { dimensions: (0..dimensions).map(dimension).collect(), ..after(&[(0, "a")]) };
            let read = round_trip(&mut interests, Interests::code);
            prop_assert_eq!(read.dimensions.len(), dimensions.min(DIMENSIONS));
            let (last, written) = (read.dimensions.last().unwrap(), interests.dimensions.last().unwrap());
            prop_assert_eq!(&last.name, &written.name);
            prop_assert_eq!(&last.keys[..], &written.keys[keys.saturating_sub(KEYS)..]);
        }

        #[test]
        fn a_share_is_a_share_however_far_the_clock_jumps(first in any::<i64>(), second in any::<i64>(), now in any::<i64>()) {
            let interests = after(&[(first, "a"), (second, "b")]);
            let rules = Rules { prior: 0.0, ..Rules::default() };
            let (mut shares, mut trends) = (Object::new(), Object::new());
            interests.shares(&rules, &[], Timestamp::from_ms(now), &mut shares);
            interests.trends(Timestamp::from_ms(now), &mut trends);
            for key in ["a", "b"] {
                let [share, trend] = [&shares, &trends].map(|tree| tree.get("category").unwrap().get(key).unwrap());
                prop_assert!(share.as_number().is_some_and(|share| (0.0..=1.0).contains(&share)), "{:?}", share);
                prop_assert!(trend.as_number().is_some_and(|trend| (-1.0..=1.0).contains(&trend)), "{:?}", trend);
            }
        }
    }
}
