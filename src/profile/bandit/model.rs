//! What was learned of one variant, as it is stored.

use super::learner::Learner;
use super::prior::LEAST_PRECISION;
use super::trial::FEATURES;
use super::{Arm, BanditRules, RATE_MEMORY};
use crate::codec::Codec;
use crate::value::Object;

/// How far a weight may be from 0: beyond, its variant works always or never.
const MOST_WEIGHT: f64 = 50.0;
/// How many observations a stored model may have: with forgetting there are never more than 500 of one device.
const MOST_OBSERVATIONS: f64 = 1e6;

/// What was learned of a variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Model {
    /// The slot, or `prompt:` and the prompt's id.
    pub owner: String,
    /// The variant.
    pub variant: String,
    /// Trials that are over, earlier ones counted less.
    pub observations: f64,
    /// Those of them that reached the goal.
    pub rewards: f64,
    /// What each feature does to the log odds of the goal; nothing where the context does not count.
    weights: Vec<Weight>,
}

#[derive(Clone, Debug, PartialEq, Default)]
struct Weight {
    feature: String,
    mean: f64,
    precision: f64,
}

impl Model {
    /// One of which nothing was learned.
    pub fn new(owner: &str, variant: &str) -> Model {
        Model { owner: owner.to_owned(), variant: variant.to_owned(), ..Model::default() }
    }

    /// Learns from a trial that is over: its context with the intercept first, and its reward.
    pub fn learn(&mut self, context: &[f64], reward: f64, learner: &Learner, prior: &Arm) {
        self.observations = RATE_MEMORY * self.observations + 1.0;
        self.rewards = RATE_MEMORY * self.rewards + reward;
        if !learner.features.is_empty() {
            let mut arm = self.arm(learner, prior);
            arm.learn(context, reward, prior, BanditRules::DEFAULT);
            self.set_arm(learner, &arm);
        }
    }

    /// Adds what another device has learned. `begun` is what both devices learn by and began with; without it what was
    /// learned from more counts.
    pub fn merge(&mut self, other: Model, begun: Option<(&Learner, Arm)>) {
        match begun {
            Some((learner, _)) if learner.features.is_empty() => {}
            Some((learner, prior)) => {
                let both = combined(&self.arm(learner, &prior), &other.arm(learner, &prior), &prior);
                self.set_arm(learner, &both);
            }
            None if self.observations < other.observations => self.weights = other.weights,
            None => {}
        }
        self.observations += other.observations;
        self.rewards += other.rewards;
    }

    /// Forgets what was learned of some features.
    pub fn forget_features(&mut self, is_forgotten: &dyn Fn(&str) -> bool) {
        self.weights.retain(|weight| !is_forgotten(&weight.feature));
    }

    /// Its weights by feature, for the visitor to read.
    pub fn readable_weights(&self) -> Object {
        let mut weights = Object::new();
        self.weights.iter().for_each(|weight| weights.set(&weight.feature, weight.mean));
        weights
    }

    /// Its weights in the order of the learner's features, the intercept first.
    pub fn arm(&self, learner: &Learner, prior: &Arm) -> Arm {
        let mut arm = prior.clone();
        for ((name, mean), precision) in learner.names().into_iter().zip(&mut arm.mean).zip(&mut arm.precision) {
            if let Some(weight) = self.weights.iter().find(|weight| weight.feature == name) {
                (*mean, *precision) = (weight.mean, weight.precision);
            }
        }
        arm
    }

    /// Stores the weights of the learner's features; those of features that it has no more are dropped.
    fn set_arm(&mut self, learner: &Learner, arm: &Arm) {
        let weight = |((name, mean), precision): ((&str, &f64), &f64)| Weight {
            feature: name.to_owned(),
            mean: mean.clamp(-MOST_WEIGHT, MOST_WEIGHT),
            precision: precision.max(LEAST_PRECISION),
        };
        let names = learner.names().into_iter();
        self.weights = names.zip(&arm.mean).zip(&arm.precision).map(weight).collect();
    }

    /// Its part of the stored state. What could not have been learned is brought back into its range.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.text(&mut self.owner);
        codec.text(&mut self.variant);
        codec.double(&mut self.observations);
        codec.double(&mut self.rewards);
        self.observations = self.observations.clamp(0.0, MOST_OBSERVATIONS);
        // Not by `clamp`, which prints its bounds where they are not constants: 6 KB of the download.
        self.rewards = self.rewards.max(0.0).min(self.observations);
        codec.list(FEATURES + 1, &mut self.weights, |codec, weight| {
            codec.text(&mut weight.feature);
            codec.double(&mut weight.mean);
            codec.double(&mut weight.precision);
            weight.mean = weight.mean.clamp(-MOST_WEIGHT, MOST_WEIGHT);
            weight.precision = weight.precision.clamp(LEAST_PRECISION, f64::MAX);
        });
    }
}

/// What two devices know together, each of which began with the same prior: the product of the two normal
/// distributions, divided by the prior that both contain.
fn combined(one: &Arm, other: &Arm, prior: &Arm) -> Arm {
    let (mut mean, mut precision) = (Vec::new(), Vec::new());
    let weights = one.mean.iter().zip(&one.precision).zip(other.mean.iter().zip(&other.precision));
    for (((first, sure), (second, also)), (start, known)) in weights.zip(prior.mean.iter().zip(&prior.precision)) {
        // A prior that has become stronger since may hold more than either has learned.
        let both = (sure + also - known).max(LEAST_PRECISION);
        mean.push((first * sure + second * also - start * known) / both);
        precision.push(both);
    }
    Arm { mean, precision }
}
