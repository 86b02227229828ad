//! Which arms a visitor met before, so that a change of weights moves nobody.

use crate::codec::Codec;
use crate::list::remove;
use crate::value::{Object, Value};

/// How many arms are remembered; the one met longest ago gives way.
const LIMIT: usize = 100;

/// An arm that was met.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StickyBucket {
    /// The attribute by which the arm was drawn.
    pub attribute: String,
    /// Its value, as text.
    pub value: String,
    /// The experiment with its version: `hero__0`.
    pub experiment: String,
    /// The arm's key.
    pub arm: String,
    /// The probability with which it was drawn, in `(0, 1]`.
    pub propensity: f64,
}

/// What was met under these names.
pub fn find<'a>(met: &'a [StickyBucket], attribute: &str, value: &str, experiment: &str) -> Option<&'a StickyBucket> {
    let same = |met: &&StickyBucket| met.attribute == attribute && met.value == value && met.experiment == experiment;
    met.iter().rfind(same)
}

/// The arms a visitor met.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StickyBuckets(Vec<StickyBucket>);

impl StickyBuckets {
    /// All of them, the latest last.
    pub fn all(&self) -> &[StickyBucket] {
        &self.0
    }

    /// Remembers an arm in place of what was remembered under its names.
    pub fn note(&mut self, met: &StickyBucket) {
        let named = |other: &StickyBucket| {
            (&other.attribute, &other.value, &other.experiment) == (&met.attribute, &met.value, &met.experiment)
        };
        self.0.retain(|other| !named(other));
        if self.0.len() >= LIMIT {
            remove(&mut self.0, 0);
        }
        self.0.push(met.clone());
    }

    /// Takes in those of another device, where none is remembered under their names.
    pub fn merge(&mut self, other: &StickyBuckets) {
        for met in &other.0 {
            if find(&self.0, &met.attribute, &met.value, &met.experiment).is_none() {
                self.note(met);
            }
        }
    }

    /// A list of `{attribute, value, experiment, variation}`, for the visitor to read.
    pub fn readable(&self) -> Value {
        let one = |met: &StickyBucket| {
            Object::new()
                .with("attribute", met.attribute.as_str())
                .with("value", met.value.as_str())
                .with("experiment", met.experiment.as_str())
                .with("variation", met.arm.as_str())
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, met| met.code(codec));
    }
}

impl StickyBucket {
    /// Written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.text(&mut self.attribute);
        codec.text(&mut self.value);
        codec.text(&mut self.experiment);
        codec.text(&mut self.arm);
        codec.double(&mut self.propensity);
    }
}
