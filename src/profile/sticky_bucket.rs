//! Which variations a visitor was exposed to, so that a change of weights moves nobody.

use crate::codec::Codec;
use crate::value::{Object, Value};

/// The most buckets stored; beyond, the one assigned longest ago is evicted.
const LIMIT: usize = 100;

/// The variation assigned to a visitor in one experiment.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StickyBucket {
    /// The attribute by which the variation was assigned.
    pub attribute: String,
    /// Its value, as text.
    pub value: String,
    /// The experiment with its version: `hero__0`.
    pub experiment: String,
    /// The variation's key.
    pub variation: String,
    /// The probability with which it was assigned, in `(0, 1]`.
    pub propensity: f64,
}

/// The bucket of an experiment, by the attribute that assigns it and its value.
pub fn find<'a>(
    buckets: &'a [StickyBucket],
    attribute: &str,
    value: &str,
    experiment: &str,
) -> Option<&'a StickyBucket> {
    buckets.iter().rfind(|bucket| bucket.is_of(attribute, value, experiment))
}

/// The variations assigned to a visitor.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StickyBuckets(Vec<StickyBucket>);

impl StickyBuckets {
    /// All of them, the latest last.
    pub fn all(&self) -> &[StickyBucket] {
        &self.0
    }

    /// Stores a bucket in place of an earlier one of the same experiment, attribute and value.
    pub fn note(&mut self, bucket: &StickyBucket) {
        self.0.retain(|known| !known.is_of(&bucket.attribute, &bucket.value, &bucket.experiment));
        if self.0.len() >= LIMIT {
            self.0.remove(0);
        }
        self.0.push(bucket.clone());
    }

    /// Adds those of another device for experiments without a bucket on this one.
    pub fn merge(&mut self, other: &StickyBuckets) {
        for bucket in &other.0 {
            if find(&self.0, &bucket.attribute, &bucket.value, &bucket.experiment).is_none() {
                self.note(bucket);
            }
        }
    }

    /// A list of `{attribute, value, experiment, variation}`, for the visitor to read.
    pub fn readable(&self) -> Value {
        let one = |bucket: &StickyBucket| {
            Object::new()
                .with("attribute", bucket.attribute.as_str())
                .with("value", bucket.value.as_str())
                .with("experiment", bucket.experiment.as_str())
                .with("variation", bucket.variation.as_str())
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, bucket| bucket.code(codec));
    }
}

impl StickyBucket {
    fn is_of(&self, attribute: &str, value: &str, experiment: &str) -> bool {
        self.attribute == attribute && self.value == value && self.experiment == experiment
    }

    /// Its part of a stored list, or of a journal entry.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.text(&mut self.attribute);
        codec.text(&mut self.value);
        codec.text(&mut self.experiment);
        codec.text(&mut self.variation);
        codec.double(&mut self.propensity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn buckets_of_any_number_survive_their_snapshot(count in 95..105_usize) {
            let one = |number: usize| StickyBucket { experiment: format!("e{number}"), ..StickyBucket::default() };
            let mut buckets = StickyBuckets((0..count).map(one).collect());
            let read = round_trip(&mut buckets, StickyBuckets::code);
            prop_assert_eq!(&read.0[..], &buckets.0[count.saturating_sub(LIMIT)..]);
        }
    }
}
