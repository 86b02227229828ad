//! `tailorbird evaluate policy`: what policies would have got, estimated from a log of random choices.

mod click_model;
mod item_components;
mod log;
mod policies;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use tailorbird_cli::statistics::off_policy::{Estimates, Logged, Settings};

use crate::arguments::{EXIT_CODES, at_least_one};
use crate::ending::{Ending, print};
use crate::estimates;
use crate::progress::bar;
use crate::style::{HEADING, Left, Right, paint, table};
use click_model::Features;
use log::{Logs, Round};
use policies::Policy;

/// Estimate what policies would have got, from a log
///
/// Takes logged rounds of a shop, each with the item that was shown, the probability with which it was chosen, and whether
/// it was clicked. Policies are learned from the first half of the log, in the order of time, and estimated on the second;
/// those that are not learned, on the whole log as well.
///
/// The log is a CSV file with the columns timestamp,item,position,click,propensity and optionally u0,u1,u2,u3,affinity, as
/// in the Open Bandit Dataset; or a folder with random.csv, and if there are any, bts.csv, a log of the shop's own bandit,
/// and items.csv, what is known of the items. Every problem is named with its line, and then nothing is estimated.
///
/// Estimates are click rates in percent, each with an interval that holds in 95 of 100 logs (percentile bootstrap over
/// rounds): IPS, SNIPS, DM and DR. ESS is the effective sample size, (sum of weights)² / sum of squared weights; the
/// estimate says little where it is below 200, or where fewer than 10 weighted clicks count. The model of DM and DR is a
/// logistic regression, cross-fitted in three parts.
///
/// With --json one object is printed: {"rounds", "items", "log", "max_weight", "draws", "whole", "half"}, of which "log" is
/// the click rate of the log, {"value", "interval"}, and "whole" and "half" are {"rounds", "policies": {NAME: {"ips",
/// "snips", "dm", "dr", "ess", "effective_rewards", "mean_weight", "clipped", "says_little", "unsupported"}}}. Rates are from
/// 0 to 1. With bts.csv, "shop" is the click rate of the shop's own bandit.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Policies {
    /// The log
    #[arg(long, value_name = "DIR|FILE")]
    log: PathBuf,
    /// The largest weight: one above counts as this
    #[arg(long, value_name = "N", value_parser = at_least_one, default_value = "100")]
    max_weight: f64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// From this many rounds on each half has enough for three parts.
const LEAST_ROUNDS: usize = 12;
/// Rates in percent.
const SCALE: f64 = 100.0;

/// Some rounds, and what is estimated on them of each policy.
struct Part {
    name: &'static str,
    rounds: usize,
    policies: Vec<(&'static str, Estimates)>,
}

impl Policies {
    /// Estimates every policy, and prints what each would have got.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems, and where there are too few rounds.
    pub fn run(&self) -> Result<(), Ending> {
        let logs = Logs::read(&self.log)?;
        if logs.rounds.len() < LEAST_ROUNDS {
            let path = self.log.display();
            return Err(Ending::Problems(format!(
                "{path}: holds {} rounds, expected at least {LEAST_ROUNDS}",
                logs.rounds.len()
            )));
        }
        let settings = Settings { max_weight: self.max_weight, ..Settings::default() };
        let logged = rate(&logs.rounds, settings);
        let Some((logged, parts)) = logged.zip(estimated(&logs, settings)) else {
            return Err(Ending::Problems(format!("{}: the sums of the weights are not finite", self.log.display())));
        };
        let shop = rate(&logs.others, settings);
        print(&if self.json {
            format!("{}\n", report_json(&logs, settings, &logged, shop.as_ref(), &parts))
        } else {
            report_text(&logs, &logged, shop.as_ref(), &parts)
        })
    }
}

/// The estimates of the policy that made a log: its click rate; `None` without rounds.
fn rate(rounds: &[Round], settings: Settings) -> Option<Estimates> {
    let logged: Option<Vec<Logged>> =
        rounds.iter().zip(0..).map(|(round, user)| Logged::new(user, round.reward(), 1.0, 1.0)).collect();
    Estimates::of(&logged?, settings)
}

/// The estimates on the whole log and on its second half; `None` where sums are not finite.
fn estimated(logs: &Logs, settings: Settings) -> Option<[Part; 2]> {
    let features = Features::new(logs, item_components::components(&logs.items));
    let whole: Vec<&Round> = logs.rounds.iter().collect();
    let mut by_time = whole.clone();
    by_time.sort_by(|one, other| one.timestamp.cmp(&other.timestamp));
    let (first, second) = by_time.split_at(by_time.len() / 2);

    // Seven models, and ten estimates with the policies they are of; two fewer without a log of the shop's bandit.
    let progress = bar("estimating", 17);
    let advance = || progress.inc(1);
    let estimate = |rounds: &[&Round], chances: &[Vec<f64>], policies: Vec<Policy<'_>>| {
        let of = |policy: Policy<'_>| {
            let estimates = Estimates::of(&logged(rounds, chances, &policy)?, settings);
            advance();
            Some((policy.name, estimates?))
        };
        policies.into_iter().map(of).collect::<Option<Vec<_>>>()
    };
    let fixed = || std::iter::once(policies::uniform(logs.count)).chain(policies::shop_shares(logs));
    let chances = features.cross_fitted(&whole, &advance);
    let on_whole = estimate(&whole, &chances, fixed().collect())?;
    let chances = features.cross_fitted(second, &advance);
    let model = features.learn(first.iter().copied());
    advance();
    let learned = [
        policies::beta_bernoulli(logs.count, first),
        policies::bandit(logs, first, second),
        policies::linucb(logs, first, second),
        policies::softmax(&features, &model),
        policies::greedy(&features, &model),
        policies::sampled(&features, &model, first),
    ];
    let on_second = estimate(second, &chances, fixed().chain(learned).collect())?;
    progress.finish_and_clear();
    Some([
        Part { name: "whole", rounds: whole.len(), policies: on_whole },
        Part { name: "half", rounds: second.len(), policies: on_second },
    ])
}

/// The rounds as a policy would have made them, `chances` being what the model says of each item.
fn logged(rounds: &[&Round], chances: &[Vec<f64>], policy: &Policy<'_>) -> Option<Vec<Logged>> {
    let one = |((round, chances), user): ((&&Round, &Vec<f64>), u32)| {
        let shares = policy.shares(round);
        // Shares add to 1 but for rounding, so that one alone may be above it by that.
        let share = shares.get(round.item).copied().unwrap_or(0.0).min(1.0);
        let expected = shares.iter().zip(chances).map(|(share, chance)| share * chance).sum();
        let shown = chances.get(round.item).copied().unwrap_or(0.0);
        Logged::new(user, round.reward(), round.propensity, share)?.with_model(shown, expected)
    };
    rounds.iter().zip(chances).zip(0..).map(one).collect()
}

fn report_json(logs: &Logs, settings: Settings, logged: &Estimates, shop: Option<&Estimates>, parts: &[Part]) -> Value {
    let rate = |estimates: &Estimates| estimates::one_json(estimates.logged);
    let mut report = json!({
        "rounds": logs.rounds.len(),
        "items": logs.count,
        "log": rate(logged),
        "max_weight": settings.max_weight,
        "draws": settings.draws,
    });
    if let Some(report) = report.as_object_mut() {
        report.extend(shop.map(|shop| ("shop".to_owned(), rate(shop))));
        for part in parts {
            let policies: Map<String, Value> =
                part.policies.iter().map(|(name, found)| ((*name).to_owned(), estimates::json(found))).collect();
            report.insert(part.name.to_owned(), json!({"rounds": part.rounds, "policies": policies}));
        }
    }
    report
}

fn report_text(logs: &Logs, logged: &Estimates, shop: Option<&Estimates>, parts: &[Part; 2]) -> String {
    let [whole, half] = parts;
    let percent = |estimates: &Estimates| estimates::text(estimates.logged, SCALE);
    let mut text = format!("{} rounds, {} items; clicked: {} %", whole.rounds, logs.count, percent(logged));
    if let Some(shop) = shop {
        let _ = write!(text, "; by the shop's own bandit, in its own log: {} %", percent(shop));
    }
    text.push('\n');
    for (title, part) in [
        ("on the whole log", whole),
        (&*format!("on the second half, {} rounds, learned from the first", half.rounds), half),
    ] {
        let rows = part.policies.iter().map(|(name, found)| estimates::cells(name, found, SCALE));
        let alignments = [Left, Right, Right, Right, Right, Right, Left];
        let _ = write!(text, "\n{}\n{}", paint(HEADING, title), table(Some(estimates::HEADS), alignments, rows));
    }
    if parts.iter().flat_map(|part| &part.policies).any(|(_, found)| found.says_little()) {
        let _ = write!(text, "\n{}\n", estimates::SAYS_LITTLE);
    }
    text
}
