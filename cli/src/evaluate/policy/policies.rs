//! Policies that are evaluated: with which probability each chooses each item for a round.

use std::collections::{BTreeMap, BTreeSet};

use tailorbird::decision::bandit::propensity;
use tailorbird::profile::bandit::{Arm, BanditRules};

use super::click_model::{Features, PENALTY};
use super::log::{Logs, Round};
use crate::evaluate::chance::Chance;
use crate::evaluate::linucb::{Ridge, best};
use crate::logistic::Logistic;

/// The probability of each item in a round.
type Shares<'a> = Box<dyn Fn(&Round) -> Vec<f64> + 'a>;

/// A policy by name.
pub struct Policy<'a> {
    pub name: &'static str,
    shares: Shares<'a>,
}

impl Policy<'_> {
    /// The probability of each item in a round; they add to 1.
    pub fn shares(&self, round: &Round) -> Vec<f64> {
        (self.shares)(round)
    }
}

/// Any item, each as likely.
pub fn uniform(items: usize) -> Policy<'static> {
    let share = 1.0 / count(items);
    Policy { name: "uniform", shares: Box::new(move |_| vec![share; items]) }
}

/// The shares with which the shop's own bandit shows items at each position; `None` without its log.
pub fn shop_shares(logs: &Logs) -> Option<Policy<'_>> {
    let mut by_position: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for round in &logs.others {
        let counts = by_position.entry(&round.position).or_insert_with(|| vec![0.0; logs.count]);
        counts.iter_mut().skip(round.item).take(1).for_each(|count| *count += 1.0);
    }
    let by_position: BTreeMap<&str, Vec<f64>> =
        by_position.into_iter().map(|(position, counts)| (position, normalized(counts))).collect();
    let elsewhere = vec![1.0 / count(logs.count); logs.count];
    let shares = move |round: &Round| by_position.get(round.position.as_str()).unwrap_or(&elsewhere).clone();
    (!logs.others.is_empty()).then(|| Policy { name: "the shop's shares", shares: Box::new(shares) })
}

/// How soft [`softmax`] is: chances are taken to the power of one over it.
const TEMPERATURE: f64 = 0.2;

/// More likely what is more likely to be clicked.
pub fn softmax<'a>(features: &'a Features, model: &'a Logistic) -> Policy<'a> {
    let power = |chance: f64| libm::pow(chance.max(1e-9), 1.0 / TEMPERATURE);
    let shares = move |round: &Round| normalized(features.chances(model, round).into_iter().map(power).collect());
    Policy { name: "logistic, softmax 0.2", shares: Box::new(shares) }
}

/// The share in which a policy that has a favourite chooses among all.
const EXPLORED: f64 = 0.1;

/// The favourite, but for a share of [`EXPLORED`] any item.
fn mostly(favourite: usize, items: usize) -> Vec<f64> {
    let mut shares = vec![EXPLORED / count(items); items];
    shares.iter_mut().skip(favourite).take(1).for_each(|share| *share += 1.0 - EXPLORED);
    shares
}

/// The item that is most likely to be clicked, and now and then any.
pub fn greedy<'a>(features: &'a Features, model: &'a Logistic) -> Policy<'a> {
    let shares = move |round: &Round| mostly(best(features.chances(model, round)), features.items());
    Policy { name: "logistic, epsilon-greedy 0.1", shares: Box::new(shares) }
}

/// How many draws stand for the posterior of one model.
const POSTERIOR_DRAWS: usize = 50;
/// The share in which Thompson sampling of one model chooses among all, as 50 draws say nothing of rare choices.
const UNIFORM_PART: f64 = 0.05;

/// Thompson sampling of the weights of one model that all items share: a normal distribution for each, its precision the
/// penalty and the curvature of what was learned from (Laplace's approximation; Chapelle and Li 2011, algorithm 3).
pub fn sampled<'a>(features: &'a Features, model: &Logistic, learned_from: &[&Round]) -> Policy<'a> {
    let mut precisions = vec![PENALTY; features.width()];
    for round in learned_from {
        let row = features.of(round, round.item);
        let chance = model.chance(&row);
        for (place, value) in row {
            if let Some(precision) = precisions.get_mut(place) {
                *precision += value * value * chance * (1.0 - chance);
            }
        }
    }
    let mut chance = Chance::seeded(1);
    let mut draw = |(weight, precision): (&f64, &f64)| weight + chance.normal() / precision.sqrt();
    let models: Vec<Logistic> = (0..POSTERIOR_DRAWS)
        .map(|_| Logistic { weights: model.weights.iter().zip(&precisions).map(&mut draw).collect(), ..*model })
        .collect();
    let shares = move |round: &Round| {
        let rows: Vec<_> = (0..features.items()).map(|item| features.of(round, item)).collect();
        let mut shares = vec![UNIFORM_PART / count(rows.len()); rows.len()];
        for model in &models {
            let chosen = best(rows.iter().map(|row| model.log_odds(row)));
            shares
                .iter_mut()
                .skip(chosen)
                .take(1)
                .for_each(|share| *share += (1.0 - UNIFORM_PART) / count(POSTERIOR_DRAWS));
        }
        shares
    };
    Policy { name: "logistic Thompson sampling, one model", shares: Box::new(shares) }
}

/// The engine's bandit: a model for each item of the levels of the context, learned round by round, and the exact
/// probability of each choice. Its prior is what it is in `evaluate bandit` for a site that says nothing: a reward is as
/// likely as everywhere, counted as one.
pub fn bandit(logs: &Logs, learned_from: &[&Round], told: &[&Round]) -> Policy<'static> {
    let rules = BanditRules::default();
    let clicks: f64 = learned_from.iter().map(|round| round.reward()).sum();
    let mut mean = vec![0.0; logs.levels];
    // One more of each, so that the log odds are finite.
    mean.insert(0, libm::log((clicks + 1.0) / (count(learned_from.len()) - clicks + 1.0)));
    let prior = Arm { precision: vec![1.0; mean.len()], mean };
    let mut arms = vec![prior.clone(); logs.count];
    for round in learned_from {
        if let Some(arm) = arms.get_mut(round.item) {
            arm.learn(&dense(&round.context, logs.levels, true), round.reward(), &prior, rules);
        }
    }
    let shares = |context: &[usize]| {
        let context = dense(context, logs.levels, true);
        normalized((0..arms.len()).map(|item| propensity(&arms, item, &context, rules)).collect())
    };
    Policy { name: "bandit of the engine", shares: by_context(told, shares) }
}

/// How many standard deviations are added to what is expected.
const UPPER: f64 = 0.02;

/// The item with the largest upper end of what it may be worth, and now and then any.
pub fn linucb(logs: &Logs, learned_from: &[&Round], told: &[&Round]) -> Policy<'static> {
    let mut ridges = vec![Ridge::expecting(vec![0.0; logs.levels]); logs.count];
    for round in learned_from {
        if let Some(ridge) = ridges.get_mut(round.item) {
            ridge.learn(&dense(&round.context, logs.levels, false), round.reward());
        }
    }
    let shares = |context: &[usize]| {
        let context = dense(context, logs.levels, false);
        mostly(best(ridges.iter().map(|ridge| ridge.upper(&context, UPPER))), logs.count)
    };
    Policy { name: "LinUCB, epsilon-greedy 0.1", shares: by_context(told, shares) }
}

/// How many clicks and how many misses each item had before anything was logged.
const PRIOR: (f64, f64) = (1.0, 200.0);
/// How often Thompson sampling without context is drawn, to know the probabilities of its choices.
const DRAWS: usize = 40_000;

/// Thompson sampling of click rates, whatever the context: a beta distribution for each item.
pub fn beta_bernoulli(items: usize, learned_from: &[&Round]) -> Policy<'static> {
    let mut posteriors = vec![PRIOR; items];
    for round in learned_from {
        if let Some((hits, misses)) = posteriors.get_mut(round.item) {
            *hits += round.reward();
            *misses += 1.0 - round.reward();
        }
    }
    let (mut chance, mut shares) = (Chance::seeded(1), vec![0.0; items]);
    for _ in 0..DRAWS {
        let chosen = best(posteriors.iter().map(|(hits, misses)| chance.beta(*hits, *misses)));
        shares.iter_mut().skip(chosen).take(1).for_each(|share| *share += 1.0 / count(DRAWS));
    }
    let shares = normalized(shares);
    Policy { name: "Bernoulli Thompson sampling", shares: Box::new(move |_| shares.clone()) }
}

/// Each context once: the same shares wherever it comes again.
fn by_context(told: &[&Round], shares: impl Fn(&[usize]) -> Vec<f64>) -> Shares<'static> {
    let contexts: BTreeSet<&Vec<usize>> = told.iter().map(|round| &round.context).collect();
    let known: BTreeMap<Vec<usize>, Vec<f64>> =
        contexts.into_iter().map(|context| (context.clone(), shares(context))).collect();
    Box::new(move |round| known.get(&round.context).cloned().unwrap_or_default())
}

/// A 1 for each level of a context, after a 1 for the intercept if there is one.
fn dense(context: &[usize], levels: usize, with_intercept: bool) -> Vec<f64> {
    let mut features = vec![0.0; levels];
    for level in context {
        features.iter_mut().skip(*level).take(1).for_each(|feature| *feature = 1.0);
    }
    if with_intercept {
        features.insert(0, 1.0);
    }
    features
}

/// The same so that they add to 1.
fn normalized(mut shares: Vec<f64>) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
    shares
}

#[allow(clippy::cast_precision_loss, reason = "counts of rounds and items are far below 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}
