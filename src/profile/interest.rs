//! What the visitor turns to: weights that decay, at three half-lives, in each dimension.
//!
//! Weights decay forward: each contribution is scaled up by its age against a landmark that all
//! keys share, and only ratios are read, so nothing needs touching as time passes.
//! Source: Cormode, Shkapenyuk, Srivastava and Xu (2009), "Forward decay: a practical time decay
//! model for streaming systems", ICDE, section III.

use super::rules::Rules;
use crate::bytes::Codec;
use crate::list::remove;
use crate::number::exp2;
use crate::signal::event::Event;
use crate::time::Timestamp;
use crate::value::Object;

/// How many keys all dimensions hold together, in equal parts; the weakest gives way.
const KEYS: usize = 128;
/// How many keys a dimension holds at most.
const KEYS_EACH: usize = 64;
/// How many dimensions there can be.
const DIMENSIONS: usize = 8;
/// A landmark moves every 32 half-lives. Moving it multiplies by a power of two, which is exact,
/// and a contribution is at most 2^32 of its weight, so nothing overflows.
const STRIDE: i64 = 32;

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
    /// Events that said something in this dimension.
    events: u32,
    keys: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct Key {
    name: String,
    /// Weights against the landmarks, one a half-life.
    weights: [f64; 3],
}

impl Interests {
    /// Takes in one event: it adds its weight to each key that its items carry, once, however many
    /// of them carry it.
    pub fn fold(&mut self, event: &Event, at: Timestamp, rules: &Rules) {
        let weight = rules.weight(&event.name);
        if weight <= 0.0 || event.items.is_empty() {
            return;
        }
        if self.half_lives_ms != rules.half_lives_ms {
            // Weights made with other half-lives mean nothing under these.
            *self = Interests { half_lives_ms: rules.half_lives_ms, ..Interests::default() };
        }
        let gains = self.gains(at);
        let room = KEYS_EACH.min(KEYS / rules.dimensions.len().max(1));
        for name in &rules.dimensions {
            let mut keys: Vec<&str> = Vec::new();
            for (tag, key) in event.items.iter().flat_map(|item| &item.tags) {
                if tag == name && !keys.contains(&key.as_str()) {
                    keys.push(key);
                }
            }
            if keys.is_empty() {
                continue;
            }
            let Some(dimension) = self.dimension_mut(name) else { continue };
            dimension.events = dimension.events.saturating_add(1);
            for key in keys {
                dimension.add(key, gains.map(|gain| gain * weight), room);
            }
        }
    }

    /// What a weight of 1 at `at` comes to against the landmarks, which are moved on first where
    /// `at` lies beyond them.
    fn gains(&mut self, at: Timestamp) -> [f64; 3] {
        let mut gains = [0.0; 3];
        for (index, gain) in gains.iter_mut().enumerate() {
            let (Some(half_life), Some(landmark)) = (self.half_lives_ms.get(index), self.landmarks.get_mut(index))
            else {
                continue;
            };
            let stride = half_life.saturating_mul(STRIDE).max(1);
            let current = at.ms().div_euclid(stride);
            if current > *landmark {
                #[allow(clippy::cast_precision_loss, reason = "strides since 1970 are far below 2^53")]
                let fade = exp2((*landmark - current).saturating_mul(STRIDE) as f64);
                *landmark = current;
                for key in self.dimensions.iter_mut().flat_map(|dimension| &mut dimension.keys) {
                    if let Some(weight) = key.weights.get_mut(index) {
                        *weight *= fade;
                    }
                }
            }
            #[allow(clippy::cast_precision_loss, reason = "milliseconds of 100,000 years are below 2^53")]
            let age = (at.ms() - landmark.saturating_mul(stride)) as f64 / *half_life as f64;
            *gain = exp2(age);
        }
        gains
    }

    fn dimension_mut(&mut self, name: &str) -> Option<&mut Dimension> {
        let index = self.dimensions.iter().position(|dimension| dimension.name == name);
        if index.is_none() && self.dimensions.len() < DIMENSIONS {
            self.dimensions.push(Dimension { name: name.to_owned(), events: 0, keys: Vec::new() });
        }
        self.dimensions.iter_mut().find(|dimension| dimension.name == name)
    }

    fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.name == name)
    }

    /// How many events said something in a dimension.
    pub fn events(&self, dimension: &str) -> u32 {
        self.dimension(dimension).map_or(0, |dimension| dimension.events)
    }

    /// The interest in `key`: its share of the visitor's own total, in `[0, 1]`, the mean over
    /// the three half-lives. 0 for what was never met.
    pub fn share(&self, dimension: &str, key: &str) -> f64 {
        let of =
            |dimension: &Dimension| dimension.shares().find(|(known, _)| known.name == key).map(|(_, share)| share);
        self.dimension(dimension).and_then(of).unwrap_or(0.0)
    }

    /// Forgets one key as if it had never been met.
    pub fn forget(&mut self, dimension: &str, key: &str) {
        if let Some(dimension) = self.dimensions.iter_mut().find(|known| known.name == dimension) {
            dimension.keys.retain(|known| known.name != key);
        }
    }

    /// The attributes `interest.*`: `{"category": {"boots": 0.4}}`.
    pub fn attributes(&self) -> Object {
        let mut interests = Object::new();
        for dimension in &self.dimensions {
            let mut shares = Object::new();
            for (key, share) in dimension.shares() {
                shares.set(&key.name, share);
            }
            interests.set(&dimension.name, shares);
        }
        interests
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        for number in self.half_lives_ms.iter_mut().chain(&mut self.landmarks) {
            codec.signed(number);
        }
        codec.list(DIMENSIONS, &mut self.dimensions, |codec, dimension| {
            codec.text(&mut dimension.name);
            codec.small(&mut dimension.events);
            codec.list(KEYS_EACH, &mut dimension.keys, |codec, key| {
                codec.text(&mut key.name);
                for weight in &mut key.weights {
                    codec.double(weight);
                }
            });
        });
    }
}

impl Dimension {
    fn add(&mut self, name: &str, gains: [f64; 3], room: usize) {
        if !self.keys.iter().any(|key| key.name == name) {
            while self.keys.len() >= room {
                // By the longest half-life: what was met just now is weakest there only by right.
                let weakest = self.keys.iter().map(|key| key.weights[2]).fold(f64::INFINITY, f64::min);
                let Some(index) = self.keys.iter().position(|key| key.weights[2] <= weakest) else { break };
                remove(&mut self.keys, index);
            }
            self.keys.push(Key { name: name.to_owned(), weights: [0.0; 3] });
        }
        if let Some(key) = self.keys.iter_mut().find(|key| key.name == name) {
            for (weight, gain) in key.weights.iter_mut().zip(gains) {
                *weight = (*weight + gain).min(f64::MAX);
            }
        }
    }

    /// Each key with its share of the whole.
    fn shares(&self) -> impl Iterator<Item = (&Key, f64)> {
        let mut totals = [0.0; 3];
        for key in &self.keys {
            for (total, weight) in totals.iter_mut().zip(key.weights) {
                *total += weight;
            }
        }
        self.keys.iter().map(move |key| (key, mean_share(key.weights, totals)))
    }
}

/// The mean share over the half-lives at which anything is left.
fn mean_share(weights: [f64; 3], totals: [f64; 3]) -> f64 {
    let shares =
        weights.into_iter().zip(totals).filter(|(_, total)| *total > 0.0).map(|(weight, total)| weight / total);
    let (sum, count) = shares.fold((0.0, 0.0), |(sum, count), share| (sum + share, count + 1.0));
    // A sum of rounded shares can exceed its bound in the last bit.
    if count > 0.0 { f64::min(sum / count, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::event::Item;
    use crate::time::DAY;
    use proptest::prelude::*;

    fn view(category: &str) -> Event {
        let item =
            Item { id: "x".into(), tags: vec![("category".into(), category.into())], price: None, quantity: 1.0 };
        Event { name: "view_item".into(), items: vec![item], ..Event::default() }
    }

    fn after(views: &[(i64, &str)]) -> Interests {
        let mut interests = Interests::default();
        for (ms, category) in views {
            interests.fold(&view(category), Timestamp::from_ms(*ms), &Rules::default());
        }
        interests
    }

    #[test]
    fn weights_decay_by_half_in_each_half_life() {
        // One view, then another kind one day later: at the three half-lives of 30 minutes, 1 day
        // and 30 days the first weighs 2^-48, 2^-1 and 2^-1/30 of the second. By hand.
        let interests = after(&[(0, "boots"), (DAY, "tents")]);
        let share = |weight: f64| weight / (weight + 1.0);
        let expected = (share(1.0 / 281_474_976_710_656.0) + share(0.5) + share(0.977_159_968_434_245_7)) / 3.0;
        assert!((interests.share("category", "boots") - expected).abs() < 1e-15);
    }

    #[test]
    fn events_without_weight_or_items_say_nothing() {
        let mut interests = Interests::default();
        let rules = Rules::default();
        interests.fold(&Event { name: "scroll".into(), ..view("boots") }, Timestamp::from_ms(0), &rules);
        interests.fold(&Event { items: Vec::new(), ..view("boots") }, Timestamp::from_ms(0), &rules);
        assert_eq!(interests, Interests { half_lives_ms: [0; 3], ..Interests::default() });
    }

    #[test]
    fn the_weakest_key_gives_way_and_the_newest_stays() {
        let views: Vec<(i64, String)> = (0..200).map(|day| (day * DAY, format!("c{day}"))).collect();
        let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
        let interests = after(&views);
        assert_eq!(interests.attributes().get("category").unwrap().as_object().unwrap().len(), KEYS_EACH);
        assert!(interests.share("category", "c199") > 0.5);
        assert_eq!(interests.share("category", "c0"), 0.0);
    }

    proptest! {
        #[test]
        fn shares_are_shares_and_sum_to_one(views in prop::collection::vec((0..4_000_000_000_000_i64, "[a-f]"), 1..60)) {
            let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let interests = after(&views);
            let shares: Vec<f64> = "abcdef".chars().map(|key| interests.share("category", &key.to_string())).collect();
            prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{:?}", shares);
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?}", shares);
        }

        #[test]
        fn the_order_of_arrival_does_not_matter(views in prop::collection::vec((0..90 * DAY, "[a-d]"), 1..30)) {
            let forward: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let mut backward = forward.clone();
            backward.reverse();
            let (one, other) = (after(&forward), after(&backward));
            for key in ["a", "b", "c", "d"] {
                prop_assert!((one.share("category", key) - other.share("category", key)).abs() < 1e-9);
            }
        }

        #[test]
        fn interests_survive_the_snapshot(views in prop::collection::vec((0..90 * DAY, "[a-d]"), 0..30)) {
            let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let mut interests = after(&views);
            let mut out = Codec::default();
            interests.code(&mut out);
            let bytes = crate::bytes::open(&out.seal()).unwrap();
            let mut read = Interests::default();
            read.code(&mut bytes.read());
            prop_assert_eq!(read, interests);
        }
    }
}
