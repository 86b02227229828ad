//! `tailorbird evaluate bandit`: how much the bandit loses while it learns which variant works for whom, in a made-up
//! world that is the same everywhere.

mod policy;
mod world;

use clap::value_parser;
use serde_json::{Map, Value, json};
use tailorbird::profile::bandit::{BanditRules, RATE_MEMORY};

use super::chance::Chance;
use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::style::{Left, Right, table};
use policy::{Engine, LinUcb, Policy, Rates, Shares, Uniform, no_prior, site_prior};
use world::World;

/// Measure what the bandit loses while it learns
///
/// Simulates a site with 8 variants, whose probability of a reward depends on 6 features of a visit, and lets the bandit
/// and others choose. The regret is the sum over visits of what the best variant would have been more likely to get.
/// In the second half of a run with drift, every variant works as another did.
///
/// The bandit knows what a site would ship: weights learned from 20,000 visits of others, counted as 30 a variant.
///
/// The same seed gives the same visits, whatever the machine.
///
/// With --json one object is printed: {"seeds", "first_seed", "visits", "regret100", "regret5000", "regret5000_drift",
/// "policies"}, the regrets being means over the seeds, and the policies {NAME: {"regret100", "regret500", "regret5000",
/// "error5000", "regret5000_drift", "error5000_drift"}}, where an error is the standard error of the mean.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Bandit {
    /// In how many worlds
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(2..), default_value = "8")]
    seeds: u32,
    /// The first of them
    #[arg(long, value_name = "N", default_value = "1")]
    first_seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// How many visits there are.
const VISITS: u32 = 5_000;
/// After how many of them the regret is told as well.
const EARLY: [u32; 2] = [100, 500];
/// The name of the bandit among the policies.
const OURS: &str = "bandit";

/// A policy by name, made for the world of a seed.
struct Compared {
    name: &'static str,
    make: fn(u64) -> Box<dyn Policy>,
}

const COMPARED: [Compared; 7] = [
    Compared { name: OURS, make: |seed| Box::new(Engine::new(site_prior(seed), BanditRules::default())) },
    Compared {
        name: "without forgetting",
        make: |seed| Box::new(Engine::new(site_prior(seed), BanditRules { memory: 1.0, ..BanditRules::default() })),
    },
    Compared { name: "without a prior", make: |_| Box::new(Engine::new(no_prior(), BanditRules::default())) },
    Compared { name: "without context", make: |_| Box::new(Rates::new(RATE_MEMORY)) },
    Compared { name: "LinUCB", make: |_| Box::new(LinUcb::default()) },
    Compared { name: "Thompson sampling without context", make: |_| Box::new(Shares::default()) },
    Compared { name: "uniform", make: |_| Box::new(Uniform) },
];

/// The regret of one run after 100, 500 and all visits.
type Regrets = [f64; 3];

fn play(policy: &mut dyn Policy, seed: u64, drift_at: Option<u32>) -> Regrets {
    let world = World::new(seed, drift_at);
    let mut chance = Chance::seeded(1_000 + seed);
    let (mut regret, mut early) = (0.0, [0.0; 2]);
    for number in 0..VISITS {
        let visit = world.visit(number);
        let arm = policy.choose(&visit.context, &mut chance);
        policy.learn(&visit.context, arm, visit.reward(arm));
        regret += visit.regret(arm);
        for (told, at) in early.iter_mut().zip(EARLY) {
            if number + 1 == at {
                *told = regret;
            }
        }
    }
    let [at_100, at_500] = early;
    [at_100, at_500, regret]
}

/// What came of one policy in all worlds.
struct Row {
    name: &'static str,
    stationary: Vec<Regrets>,
    drift: Vec<Regrets>,
}

impl Row {
    fn json(&self) -> Value {
        let ([at_100, at_500, at_end], drift) = (means(&self.stationary), means(&self.drift));
        json!({
            "regret100": at_100,
            "regret500": at_500,
            "regret5000": at_end,
            "error5000": error(&self.stationary),
            "regret5000_drift": drift[2],
            "error5000_drift": error(&self.drift),
        })
    }

    fn cells(&self) -> [String; 5] {
        let ([at_100, at_500, at_end], drift) = (means(&self.stationary), means(&self.drift));
        [
            self.name.to_owned(),
            format!("{at_100:.1}"),
            format!("{at_500:.1}"),
            format!("{at_end:.1} ± {:.1}", error(&self.stationary)),
            format!("{:.1} ± {:.1}", drift[2], error(&self.drift)),
        ]
    }
}

fn means(runs: &[Regrets]) -> Regrets {
    let mut sums = [0.0; 3];
    runs.iter().for_each(|run| sums.iter_mut().zip(run).for_each(|(sum, regret)| *sum += regret));
    sums.map(|sum| sum / count(runs))
}

/// The standard error of the mean regret after all visits.
fn error(runs: &[Regrets]) -> f64 {
    let mean = means(runs)[2];
    let squares: f64 = runs.iter().map(|run| (run[2] - mean) * (run[2] - mean)).sum();
    (squares / (count(runs) - 1.0) / count(runs)).sqrt()
}

#[allow(clippy::cast_precision_loss, reason = "counts of runs are far below 2^53")]
fn count(runs: &[Regrets]) -> f64 {
    runs.len() as f64
}

impl Bandit {
    /// Plays every policy in every world, and prints what each has lost.
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub fn run(&self) -> Result<(), Ending> {
        let rows = self.play_all();
        if self.json {
            let policies: Map<String, Value> = rows.iter().map(|row| (row.name.to_owned(), row.json())).collect();
            let ours = policies.get(OURS);
            let regret = |name: &str| ours.and_then(|ours| ours.get(name)).cloned();
            let report = json!({
                "seeds": self.seeds,
                "first_seed": self.first_seed,
                "visits": VISITS,
                "regret100": regret("regret100"),
                "regret5000": regret("regret5000"),
                "regret5000_drift": regret("regret5000_drift"),
                "policies": policies,
            });
            return print(&format!("{report}\n"));
        }
        let heads = ["regret after", "100 visits", "500", "5,000", "5,000 with drift"];
        print(&table(Some(heads), [Left, Right, Right, Right, Right], rows.iter().map(Row::cells)))
    }

    fn play_all(&self) -> Vec<Row> {
        let progress = bar("simulating", u64::from(self.seeds) * COMPARED.len() as u64);
        let rows = COMPARED.iter().map(|compared| self.play(compared, &|| progress.inc(1))).collect();
        progress.finish_and_clear();
        rows
    }

    fn play(&self, compared: &Compared, advance: &dyn Fn()) -> Row {
        let mut row = Row { name: compared.name, stationary: Vec::new(), drift: Vec::new() };
        for number in 0..self.seeds {
            let seed = self.first_seed.wrapping_add(u64::from(number));
            row.stationary.push(play((compared.make)(seed).as_mut(), seed, None));
            row.drift.push(play((compared.make)(seed).as_mut(), seed, Some(VISITS / 2)));
            advance();
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regret after all visits in world 1, without drift and with it, is what the reference implementation in Python
    /// has for the same policy, to the last digit that it prints.
    #[test]
    fn policies_do_what_those_of_the_reference_do() {
        let engine =
            |memory| Box::new(Engine::new(site_prior(1), BanditRules { spread: 0.5, memory })) as Box<dyn Policy>;
        let without = || Box::new(Engine::new(no_prior(), BanditRules { spread: 0.5, memory: 0.995 }));
        let at_end = |policy: &mut dyn Policy, drift_at| play(policy, 1, drift_at)[2];
        for (name, stationary, drift) in [
            ("uniform", 1_254.962_610, 1_254.311_530),
            ("Thompson sampling without context", 138.630_902, 521.988_422),
            ("LinUCB", 80.049_548, 479.321_410),
        ] {
            let make = COMPARED.iter().find(|compared| compared.name == name).unwrap().make;
            assert!((at_end(make(1).as_mut(), None) - stationary).abs() < 1e-6, "{name}");
            assert!((at_end(make(1).as_mut(), Some(VISITS / 2)) - drift).abs() < 1e-6, "{name}");
        }
        assert!((at_end(engine(1.0).as_mut(), None) - 67.987_615).abs() < 1e-6);
        assert!((at_end(engine(0.995).as_mut(), None) - 88.285_704).abs() < 1e-6);
        assert!((at_end(engine(0.995).as_mut(), Some(VISITS / 2)) - 255.933_417).abs() < 1e-6);
        assert!((at_end(without().as_mut(), None) - 138.807_374).abs() < 1e-6);
    }

    #[test]
    fn the_bandit_loses_little_early_in_the_long_run_and_with_drift() {
        let study = Bandit { seeds: 8, first_seed: 1, json: false };
        let compared = COMPARED.iter().find(|compared| compared.name == OURS).unwrap();
        let ours = study.play(compared, &|| {});
        let ([early, _, late], drift) = (means(&ours.stationary), means(&ours.drift));
        assert!(early <= 5.0 && late <= 75.0 && drift[2] <= 250.0, "{early} {late} {}", drift[2]);
    }
}
