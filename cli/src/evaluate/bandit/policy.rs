//! Ways of choosing a variant that are compared: the engine's own, with and without what makes it so, and others.

use tailorbird::decision::bandit::choose;
use tailorbird::decision::bandit::rate_table::RateTable;
use tailorbird::profile::bandit::prior::capped;
use tailorbird::profile::bandit::{Arm, BanditRules, Rate};

use super::world::{ARMS, BASE, FEATURES, World};
use crate::evaluate::chance::{Chance, share_of};
use crate::evaluate::linucb::{Ridge, best};

/// The features of a visit.
pub type Context = [f64; FEATURES];

/// A way of choosing a variant.
pub trait Policy {
    /// The variant for a visit.
    fn choose(&mut self, context: &Context, chance: &mut Chance) -> usize;
    /// What came of it.
    fn learn(&mut self, context: &Context, arm: usize, reward: f64);
}

/// Any variant, each as likely.
pub struct Uniform;

impl Policy for Uniform {
    fn choose(&mut self, _: &Context, chance: &mut Chance) -> usize {
        chance.below(ARMS)
    }

    fn learn(&mut self, _: &Context, _: usize, _: f64) {}
}

/// Thompson sampling of shares, whatever the context: a beta distribution for each variant.
pub struct Shares([(f64, f64); ARMS]);

impl Default for Shares {
    fn default() -> Shares {
        Shares([(1.0, 1.0); ARMS])
    }
}

impl Policy for Shares {
    fn choose(&mut self, _: &Context, chance: &mut Chance) -> usize {
        best(self.0.map(|(hits, misses)| chance.beta(hits, misses)))
    }

    fn learn(&mut self, _: &Context, arm: usize, reward: f64) {
        if let Some((hits, misses)) = self.0.get_mut(arm) {
            *hits += reward;
            *misses += 1.0 - reward;
        }
    }
}

/// Ridge regression for each variant, and the upper end of what it may be worth.
pub struct LinUcb(Vec<Ridge>);

/// How many standard deviations are added to what is expected.
const UPPER: f64 = 0.3;

impl Default for LinUcb {
    fn default() -> LinUcb {
        LinUcb(vec![Ridge::expecting(vec![0.1, 0.0, 0.0, 0.0, 0.0, 0.0]); ARMS])
    }
}

impl Policy for LinUcb {
    fn choose(&mut self, context: &Context, _: &mut Chance) -> usize {
        best(self.0.iter().map(|ridge| ridge.upper(context, UPPER)))
    }

    fn learn(&mut self, context: &Context, arm: usize, reward: f64) {
        if let Some(ridge) = self.0.get_mut(arm) {
            ridge.learn(context, reward);
        }
    }
}

/// The engine's bandit.
pub struct Engine {
    prior: Vec<Arm>,
    arms: Vec<Arm>,
    rules: BanditRules,
}

impl Engine {
    pub fn new(prior: Vec<Arm>, rules: BanditRules) -> Engine {
        Engine { arms: prior.clone(), prior, rules }
    }
}

impl Policy for Engine {
    fn choose(&mut self, context: &Context, chance: &mut Chance) -> usize {
        choose(&self.arms, context, self.rules, || chance.normal()).unwrap_or(0)
    }

    fn learn(&mut self, context: &Context, arm: usize, reward: f64) {
        if let (Some(learned), Some(prior)) = (self.arms.get_mut(arm), self.prior.get(arm)) {
            learned.learn(context, reward, prior, self.rules);
        }
    }
}

/// The engine's bandit without a context: what was rewarded and what was not, of which some is forgotten with each
/// reward.
pub struct Rates {
    rates: [Rate; ARMS],
    tables: [RateTable; ARMS],
    memory: f64,
}

/// Any rate is as likely.
const ANY_RATE: Rate = Rate { hits: 1.0, misses: 1.0 };

impl Rates {
    pub fn new(memory: f64) -> Rates {
        Rates { rates: [ANY_RATE; ARMS], tables: core::array::from_fn(|_| RateTable::of(ANY_RATE)), memory }
    }
}

impl Policy for Rates {
    fn choose(&mut self, _: &Context, chance: &mut Chance) -> usize {
        best(self.tables.each_ref().map(|table| table.quantile(share_of(chance.next()))))
    }

    fn learn(&mut self, _: &Context, arm: usize, reward: f64) {
        if let (Some(rate), Some(table)) = (self.rates.get_mut(arm), self.tables.get_mut(arm)) {
            rate.hits = 1.0 + self.memory * (rate.hits - 1.0) + reward;
            rate.misses = 1.0 + self.memory * (rate.misses - 1.0) + 1.0 - reward;
            *table = RateTable::of(*rate);
        }
    }
}

/// What is known where a site says nothing: a reward is as likely as everywhere.
pub fn no_prior() -> Vec<Arm> {
    let mean = vec![BASE, 0.0, 0.0, 0.0, 0.0, 0.0];
    vec![Arm { mean, precision: vec![1.0; FEATURES] }; ARMS]
}

/// How many visits a site has learned its prior from.
const SITE_VISITS: u32 = 20_000;
/// The number of the first of these visits: none that a policy meets.
const FIRST_SITE_VISIT: u32 = 10_000_000;

/// What a site would ship: learned from visits at which any variant was shown, and counted by the engine as so few of
/// them that those on a device can overrule it.
pub fn site_prior(seed: u64) -> Vec<Arm> {
    let world = World::new(seed, None);
    let mut chance = Chance::seeded(99 + seed);
    let mut arms = no_prior();
    for number in 0..SITE_VISITS {
        let visit = world.visit(FIRST_SITE_VISIT + number);
        let arm = Uniform.choose(&visit.context, &mut chance);
        if let Some(learned) = arms.get_mut(arm) {
            let prior = learned.clone();
            let keep_all = BanditRules { memory: 1.0, ..BanditRules::default() };
            learned.learn(&visit.context, visit.reward(arm), &prior, keep_all);
        }
    }
    let observations = f64::from(SITE_VISITS) / ARMS as f64;
    for arm in &mut arms {
        arm.precision.iter_mut().for_each(|precision| *precision = capped(*precision, observations));
    }
    arms
}
