//! How many reports it takes to see a difference.

use serde_json::{Value, json};
use tailorbird::measurement::randomizer::Randomizer;
use tailorbird_cli::statistics::noisy_share::Noise;

use super::POWER;
use crate::ending::Ending;
use crate::figures::{number, signed};
use crate::style::{Left, Right, table};

/// Epsilons that are printed beside the one that was asked for.
const OTHERS: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 4.0];

/// How many reports of each variation it takes.
pub struct Plan {
    base: f64,
    lift: f64,
    alpha: f64,
    epsilon: f64,
    /// Where no report has noise.
    without_noise: f64,
    /// By epsilon, in order.
    with_noise: Vec<(f64, f64)>,
}

impl Plan {
    /// The plan for a control's rate and the relative lift of it that is to be seen.
    ///
    /// # Errors
    ///
    /// When the lift leads beyond all visitors.
    pub fn of(base: f64, lift: f64, alpha: f64, epsilon: f64) -> Result<Plan, Ending> {
        let treatment = base * (1.0 + lift);
        let unseen = || Ending::Misuse(format!("--lift is {lift}: {base} becomes {treatment}, expected at most 1"));
        let needed = |noise: Noise| noise.responses_needed([base, treatment], alpha, POWER).ok_or_else(unseen);
        let mut epsilons = OTHERS.to_vec();
        if !epsilons.contains(&epsilon) {
            epsilons.push(epsilon);
            epsilons.sort_by(f64::total_cmp);
        }
        let mut with_noise = Vec::new();
        for epsilon in epsilons {
            let Some(randomizer) = Randomizer::new(2, epsilon) else { continue };
            with_noise.push((epsilon, needed(Noise::of(&randomizer))?));
        }
        Ok(Plan { base, lift, alpha, epsilon, without_noise: needed(Noise::NONE)?, with_noise })
    }

    fn asked(&self) -> Option<f64> {
        self.with_noise.iter().find(|(epsilon, _)| *epsilon == self.epsilon).map(|(_, needed)| *needed)
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        json!({
            "base": self.base,
            "lift": self.lift,
            "alpha": self.alpha,
            "power": POWER,
            "epsilon": self.epsilon,
            "reports_per_variation": self.asked(),
            "without_noise": self.without_noise,
        })
    }

    /// For a person.
    pub fn text(&self) -> String {
        let percent = |share: f64| format!("{} %", number(100.0 * share));
        let row = |name: String, needed: f64| {
            let mark = if name == self.epsilon.to_string() { "<" } else { "" };
            [
                name,
                format!("{needed:.0}"),
                format!("{:.0}", 2.0 * needed),
                number(needed / self.without_noise),
                mark.to_owned(),
            ]
        };
        let mut rows = vec![row("no noise".to_owned(), self.without_noise)];
        rows.extend(self.with_noise.iter().map(|(epsilon, needed)| row(epsilon.to_string(), *needed)));
        format!(
            "to see that {} becomes {} (a lift of {} %), with probability {POWER}, by a test that is wrong with \
             probability {}:\n\n{}\n\
             A report comes from a visitor who allows measuring, and comes back after the goal's window.\n",
            percent(self.base),
            percent(self.base * (1.0 + self.lift)),
            signed(100.0 * self.lift),
            self.alpha,
            table(
                Some(["epsilon", "reports of a variation", "of two", "times as many", ""]),
                [Left, Right, Right, Right, Left],
                rows,
            ),
        )
    }
}
