//! An interest as the visitor states it: explicit beats inferred.

use super::{Interests, LONGEST, bounded};
use crate::profile::rules::Rules;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The largest share that a key can be given. The whole would take an infinite weight, and nothing the visitor does
/// later would count beside it.
const MOST: f64 = 0.99;

impl Interests {
    /// Gives a key this share of the visitor's interest in a dimension at `at`, from 0 to 1, where more than 0.99
    /// counts as 0.99. Dimensions that the site does not track stay unknown.
    ///
    /// Solves share = weight / (weight + others + prior) for the weight, see [`Interests::shares`]: the key weighs
    /// share / (1 - share) of the others and the prior. The weight is spread over the half-lives as that of the others
    /// is, so that all decay alike and the share stays while nothing happens, as far as the prior allows; where there
    /// are no others it decays with the longest half-life. Later events count as always. Without others and without a prior
    /// any share but 0 is the whole.
    pub fn correct(&mut self, name: &str, key: &str, share: f64, at: Timestamp, rules: &Rules) {
        if !rules.dimensions.iter().any(|known| known == name) || share.is_nan() {
            return;
        }
        self.prepare(at, rules);
        let (fade, rise) = (self.powers(at, -1.0), self.powers(at, 1.0));
        let Some(dimension) = self.dimension_mut(name) else { return };
        let (mut total, mut by_half_life) = (rules.prior, [0.0; 3]);
        for other in dimension.keys.iter().filter(|other| other.name != key) {
            total += other.weight(fade);
            for ((sum, weight), fade) in by_half_life.iter_mut().zip(other.weights).zip(fade) {
                *sum += bounded(weight * fade);
            }
        }
        let share = share.clamp(0.0, MOST);
        let weight = if total > 0.0 { share * total / (1.0 - share) } else { share };
        let spread: f64 = by_half_life.iter().sum();
        let Some(key) = dimension.key_mut(key) else { return };
        // The mean of the three weights is what counts.
        for (index, (own, rise)) in key.weights.iter_mut().zip(rise).enumerate() {
            let part = match by_half_life.get(index) {
                Some(sum) if spread > 0.0 => sum / spread,
                _ => f64::from(u8::from(index == LONGEST)),
            };
            *own = (3.0 * weight * part * rise).min(f64::MAX);
        }
        key.overestimate = 0.0;
        key.stated = Some(at);
    }

    /// Whether the visitor has stated the share of a key.
    fn is_stated(&self, dimension: &str, key: &str) -> bool {
        let mut keys = self.dimensions.iter().filter(|known| known.name == dimension).flat_map(|known| &known.keys);
        keys.any(|known| known.name == key && known.stated.is_some())
    }

    /// A list of `{interest, dimension, key, share, stated}` at `now`, for the visitor to read and to correct: each key
    /// that they met or whose share they stated, the largest share first.
    pub fn readable(&self, rules: &Rules, now: Timestamp) -> Value {
        let mut tree = Object::new();
        self.shares(rules, &[], now, &mut tree);
        let mut rows: Vec<(f64, Value)> = Vec::new();
        for dimension in &self.dimensions {
            for key in &dimension.keys {
                let share = tree.get(&dimension.name).map_or(0.0, |shares| shares.at(&key.name).number());
                let row = Object::new()
                    .with("interest", format!("{}:{}", dimension.name, key.name))
                    .with("dimension", dimension.name.as_str())
                    .with("key", key.name.as_str())
                    .with("share", share)
                    .with("stated", self.is_stated(&dimension.name, &key.name));
                let place = rows.partition_point(|(known, _)| known.total_cmp(&share).is_ge());
                rows.insert(place, (share, row.into()));
            }
        }
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::profile::rules::BaseRate;
    use crate::signal::event::{Event, Item, Tag};
    use crate::time::{DAY, HOUR};
    use proptest::prelude::*;

    fn view(interests: &mut Interests, category: &str, at: i64, rules: &Rules) {
        let item = Item { id: "x".into(), tags: vec![Tag::new("category", category)], ..Item::default() };
        let event = Event { name: "view_item".into(), items: vec![item], ..Event::default() };
        interests.fold(&event, Timestamp::from_ms(at), rules);
    }

    fn after(views: &[(i64, &str)], rules: &Rules) -> Interests {
        let mut interests = Interests::default();
        for (at, category) in views {
            view(&mut interests, category, *at, rules);
        }
        interests
    }

    fn correct(interests: &mut Interests, key: &str, share: f64, at: i64, rules: &Rules) {
        interests.correct("category", key, share, Timestamp::from_ms(at), rules);
    }

    fn share(interests: &Interests, key: &str, at: i64, rules: &Rules) -> f64 {
        let mut tree = Object::new();
        interests.shares(rules, &[], Timestamp::from_ms(at), &mut tree);
        tree.get("category").map_or(0.0, |shares| shares.at(key).number())
    }

    #[test]
    fn a_stated_share_stays_while_nothing_happens_and_goes_on_from_there() {
        let rules = Rules { prior: 0.0, ..Rules::default() };
        let mut interests = after(&[(0, "boots"), (HOUR, "tents"), (HOUR, "tents")], &rules);
        correct(&mut interests, "boots", 0.3, DAY, &rules);
        for at in [DAY, 2 * DAY, 40 * DAY] {
            assert!((share(&interests, "boots", at, &rules) - 0.3).abs() < 1e-9, "day {}", at / DAY);
        }
        view(&mut interests, "boots", 2 * DAY, &rules);
        assert!(share(&interests, "boots", 2 * DAY, &rules) > 0.3, "later events count");
    }

    #[test]
    fn what_the_visitor_rules_out_is_nothing_whatever_the_site_expects() {
        let base = vec![BaseRate { dimension: "category".into(), key: "boots".into(), share: 0.8 }];
        let rules = Rules { base, ..Rules::default() };
        let mut interests = after(&[(0, "boots"), (0, "tents")], &rules);
        assert!(share(&interests, "boots", 0, &rules) > 0.6);
        correct(&mut interests, "boots", 0.0, 0, &rules);
        assert_eq!(share(&interests, "boots", 0, &rules), 0.0);
        interests.forget("category", "boots");
        assert!(share(&interests, "boots", 0, &rules) > 0.5, "what is forgotten is as if never met");
    }

    #[test]
    fn of_two_devices_the_later_statement_counts() {
        let rules = Rules::default();
        let views = [(0, "boots"), (0, "boots"), (0, "tents")];
        let device = |stated: Option<(f64, i64)>| {
            let mut interests = after(&views, &rules);
            if let Some((share, at)) = stated {
                correct(&mut interests, "boots", share, at, &rules);
            }
            interests
        };
        let cases = [
            (Some((0.0, 10)), None, true, "a statement beats what another device has seen"),
            (None, Some((0.0, 10)), true, "wherever it was made"),
            (Some((0.0, 20)), Some((0.9, 10)), true, "the later one"),
            (Some((0.0, 10)), Some((0.9, 20)), false, "on either device"),
            (None, None, false, "without one both count"),
        ];
        for (one, other, is_nothing, why) in cases {
            let mut merged = device(one);
            merged.merge(device(other));
            assert_eq!(share(&merged, "boots", 30, &rules) == 0.0, is_nothing, "{why}");
        }
    }

    #[test]
    fn only_dimensions_that_the_site_tracks_can_be_corrected() {
        let mut interests = Interests::default();
        interests.correct("faith", "any", 0.5, Timestamp::from_ms(0), &Rules::default());
        interests.correct("category", "boots", f64::NAN, Timestamp::from_ms(0), &Rules::default());
        assert_eq!(interests, Interests::default());
    }

    #[test]
    fn the_visitor_reads_each_interest_the_largest_first_and_which_are_their_own_words() {
        let rules = Rules::default();
        let mut interests = after(&[(0, "tents"), (0, "boots"), (0, "boots")], &rules);
        correct(&mut interests, "maps", 0.0, 0, &rules);
        let row = |key: &str, share: f64, stated: bool| {
            serde_json::json!({"interest": format!("category:{key}"), "dimension": "category", "key": key,
                "share": share, "stated": stated})
        };
        let rows = serde_json::to_value(interests.readable(&rules, Timestamp::from_ms(0))).unwrap();
        let expected = [row("boots", 1.0 / 3.0, false), row("tents", 1.0 / 6.0, false), row("maps", 0.0, true)];
        assert_eq!(rows, serde_json::json!(expected));
    }

    proptest! {
        #[test]
        fn the_share_becomes_as_stated_and_all_of_them_are_shares(
            views in prop::collection::vec((0..90 * DAY, "[a-d]"), 0..30),
            key in "[a-e]",
            stated in 0.0..1.0_f64,
            prior in prop_oneof![Just(0.0), 0.1..50.0_f64],
            base in 0.0..1.0_f64,
        ) {
            let base = vec![BaseRate { dimension: "category".into(), key: "a".into(), share: base }];
            let rules = Rules { prior, base, ..Rules::default() };
            let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let mut interests = after(&views, &rules);
            let now = 90 * DAY;
            let is_alone = prior == 0.0 && !views.iter().any(|(_, other)| *other != key);
            correct(&mut interests, &key, stated, now, &rules);
            if !is_alone {
                let found = share(&interests, &key, now, &rules);
                prop_assert!((found - stated.min(MOST)).abs() < 1e-9, "{} of {}", found, stated);
            }
            let sum: f64 = ["a", "b", "c", "d", "e"].iter().map(|key| share(&interests, key, now, &rules)).sum();
            prop_assert!((0.0..=1.0 + 1e-9).contains(&sum), "{}", sum);
            prop_assert_eq!(round_trip(&mut interests, Interests::code), interests);
        }

        /// Stating what is so already changes no other share: who moves a slider and puts it back has done nothing.
        #[test]
        fn a_share_that_is_stated_as_it_is_leaves_the_others_as_they_are(
            views in prop::collection::vec((0..90 * DAY, "[a-d]"), 1..30),
        ) {
            let rules = Rules::default();
            let views: Vec<(i64, &str)> = views.iter().map(|(ms, category)| (*ms, category.as_str())).collect();
            let mut interests = after(&views, &rules);
            let now = 90 * DAY;
            let keys = ["a", "b", "c", "d"];
            let before = keys.map(|key| share(&interests, key, now, &rules));
            correct(&mut interests, "a", before[0], now, &rules);
            let later = keys.map(|key| share(&interests, key, now, &rules));
            for (one, other) in before.iter().zip(later) {
                prop_assert!((one - other).abs() < 1e-9, "{:?} {:?}", before, later);
            }
        }
    }
}
