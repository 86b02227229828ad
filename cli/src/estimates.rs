//! What was estimated of a policy, as JSON and in the cells of a table.

use serde_json::{Value, json};
use tailorbird_cli::statistics::off_policy::{Estimate, Estimates};

use crate::style::{WARNING, paint};

/// The heads of a table of [`cells`].
pub const HEADS: [&str; 7] = ["", "IPS", "SNIPS", "DM", "DR", "ESS", ""];

/// The estimates of the policy `name` in a row. Rewards are multiplied by `scale`, 100 for percent.
pub fn cells(name: &str, estimates: &Estimates, scale: f64) -> [String; 7] {
    let cell = |estimate: Estimate| text(estimate, scale);
    [
        name.to_owned(),
        cell(estimates.ips),
        estimates.snips.map_or_else(|| "-".to_owned(), cell),
        cell(estimates.dm),
        cell(estimates.dr),
        format!("{:.0}", estimates.effective_sample),
        doubts(estimates).map_or_else(String::new, |doubts| paint(WARNING, doubts)),
    ]
}

/// An estimate with its interval.
pub fn text(estimate: Estimate, scale: f64) -> String {
    let value = scale * estimate.value;
    match estimate.interval {
        Some(interval) => format!("{value:.3} [{:.3}, {:.3}]", scale * interval.lower, scale * interval.upper),
        None => format!("{value:.3}"),
    }
}

/// What speaks against believing estimates, in few words.
fn doubts(estimates: &Estimates) -> Option<String> {
    if estimates.is_unsupported() {
        Some(format!("weights average {:.2}, not 1", estimates.mean_weight.value))
    } else if estimates.says_little() {
        Some("says little".to_owned())
    } else {
        None
    }
}

/// What [`cells`] means by little, for below a table.
pub const SAYS_LITTLE: &str = "says little: the effective sample (ESS) is below 200, or fewer than 10 rewards count";

/// One estimate in `--json`.
pub fn one_json(estimate: Estimate) -> Value {
    let interval = estimate.interval.map(|interval| [interval.lower, interval.upper]);
    json!({"value": estimate.value, "interval": interval})
}

/// The object of one policy in `--json`: each estimate as {"value", "interval"}, `null` where there is none.
pub fn json(estimates: &Estimates) -> Value {
    json!({
        "ips": one_json(estimates.ips),
        "snips": estimates.snips.map(one_json),
        "dm": one_json(estimates.dm),
        "dr": one_json(estimates.dr),
        "ess": estimates.effective_sample,
        "effective_rewards": estimates.effective_rewards,
        "mean_weight": one_json(estimates.mean_weight),
        "clipped": estimates.clipped,
        "says_little": estimates.says_little(),
        "unsupported": estimates.is_unsupported(),
    })
}
