//! Interests at one time: each a share of the whole.

use super::{Dimension, Interests, Key};
use crate::profile::rules::{BaseRate, Rules};
use crate::time::Timestamp;
use crate::value::Object;

/// What the visitor is interested in at one time.
///
/// An interest is a share of the visitor's own total, in `[0, 1]`: the weight of a key, averaged over
/// the three half-lives and decayed to that time, divided by that of all keys. It is shrunk
/// towards the site's base rate as if events with the prior's weight had been observed before, so that one
/// click does not make an interest: (weight + prior x base rate) / (total + prior). Base rates that the site
/// does not name are 0, and so is that of a key whose share the visitor has stated: they know better.
pub struct Shares<'a> {
    rules: &'a Rules,
    /// What a weight against each landmark has faded to.
    fade: [f64; 3],
    /// Each with the weight of all its keys and the prior.
    dimensions: Vec<(&'a Dimension, f64)>,
}

impl Shares<'_> {
    /// The share of a key, 0 to 1; 0 of what was never met.
    pub fn of(&self, dimension: &str, key: &str) -> f64 {
        let found = self.dimensions.iter().find(|(known, _)| known.name == dimension);
        let Some((dimension, total)) = found else { return 0.0 };
        match dimension.keys.iter().find(|known| known.name == key) {
            Some(key) => self.of_key(dimension, *total, key),
            None => self.share(*total, 0.0, self.base(dimension, key)),
        }
    }

    fn of_key(&self, dimension: &Dimension, total: f64, key: &Key) -> f64 {
        let base = if key.stated.is_none() { self.base(dimension, &key.name) } else { 0.0 };
        self.share(total, key.weight(self.fade), base)
    }

    fn base(&self, dimension: &Dimension, key: &str) -> f64 {
        let is_it = |rate: &&BaseRate| rate.dimension == dimension.name && rate.key == key;
        self.rules.base.iter().find(is_it).map_or(0.0, |rate| rate.share)
    }

    fn share(&self, total: f64, weight: f64, base: f64) -> f64 {
        // Without a prior the total may be 0.
        if total > 0.0 { f64::min((weight + self.rules.prior * base) / total, 1.0) } else { 0.0 }
    }
}

impl Interests {
    /// The shares at `now`, by these rules.
    pub fn shares_at<'a>(&'a self, now: Timestamp, rules: &'a Rules) -> Shares<'a> {
        let fade = self.powers(now, -1.0);
        let weight = |dimension: &Dimension| dimension.keys.iter().fold(rules.prior, |sum, key| sum + key.weight(fade));
        Shares { rules, fade, dimensions: self.dimensions.iter().map(|known| (known, weight(known))).collect() }
    }

    /// Updates the attributes `interest.*` to `now`: `{"category": {"boots": 0.4}}`, see [`Shares`].
    ///
    /// Dimensions and keys that are not among the `tracked_keys` are left out, because conditions read few of
    /// them; see `is_tracked`.
    pub fn shares(&self, rules: &Rules, tracked_keys: &[String], now: Timestamp, tree: &mut Object) {
        let shares = self.shares_at(now, rules);
        tree.renew(|tree| {
            for (dimension, total) in &shares.dimensions {
                if !is_tracked(tracked_keys, &dimension.name) {
                    continue;
                }
                tree.below(&dimension.name, |below| {
                    for key in dimension.keys.iter().filter(|key| is_tracked(tracked_keys, &key.name)) {
                        below.put(&key.name, shares.of_key(dimension, *total, key));
                    }
                    for BaseRate { dimension: of, key, share: base } in &rules.base {
                        if *of == dimension.name && !dimension.keys.iter().any(|known| known.name == *key) {
                            below.put(key, shares.share(*total, 0.0, *base));
                        }
                    }
                });
            }
        });
    }
}

/// Whether a dimension or key is among those `tracked_keys`. All of them are if there are none, or if one of
/// them is empty.
fn is_tracked(tracked_keys: &[String], name: &str) -> bool {
    tracked_keys.is_empty() || tracked_keys.iter().any(|known| known.is_empty() || known == name)
}
