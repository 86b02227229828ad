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

    fn bucket(attribute: &str, value: &str, experiment: &str, variation: &str) -> StickyBucket {
        let [attribute, value, experiment, variation] = [attribute, value, experiment, variation].map(str::to_owned);
        StickyBucket { attribute, value, experiment, variation, propensity: 0.5 }
    }

    fn variations(buckets: &StickyBuckets) -> Vec<&str> {
        buckets.all().iter().map(|bucket| bucket.variation.as_str()).collect()
    }

    #[test]
    fn a_bucket_replaces_that_of_the_same_visitor_and_experiment_alone() {
        let mut buckets = StickyBuckets::default();
        buckets.note(&bucket("id", "7", "hero__0", "first"));
        for other in [
            bucket("company", "7", "hero__0", "other attribute"),
            bucket("id", "8", "hero__0", "other value"),
            bucket("id", "7", "hero__1", "other version"),
            bucket("id", "7", "hero__0", "second"),
        ] {
            buckets.note(&other);
        }
        assert_eq!(variations(&buckets), ["other attribute", "other value", "other version", "second"]);
        let found = |attribute, value, experiment| {
            find(buckets.all(), attribute, value, experiment).map(|bucket| bucket.variation.as_str())
        };
        assert_eq!(found("id", "7", "hero__0"), Some("second"));
        assert_eq!(found("company", "7", "hero__0"), Some("other attribute"));
        assert_eq!(found("id", "9", "hero__0"), None);
    }

    #[test]
    fn of_too_many_buckets_the_one_assigned_first_is_forgotten() {
        let mut buckets = StickyBuckets::default();
        for number in 0..LIMIT {
            buckets.note(&bucket("id", "7", &format!("e{number}"), &number.to_string()));
        }
        assert_eq!((buckets.all().len(), variations(&buckets)[0]), (100, "0"), "there is room for 100");
        buckets.note(&bucket("id", "7", "one more", "100"));
        assert_eq!((buckets.all().len(), variations(&buckets)[0]), (100, "1"));
    }

    #[test]
    fn a_bucket_of_this_device_is_kept_where_two_devices_differ() {
        let (mut own, mut other) = (StickyBuckets::default(), StickyBuckets::default());
        own.note(&bucket("id", "7", "hero__0", "own"));
        other.note(&bucket("id", "7", "hero__0", "other"));
        other.note(&bucket("id", "7", "strip__0", "new"));
        own.merge(&other);
        assert_eq!(variations(&own), ["own", "new"]);
    }

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
