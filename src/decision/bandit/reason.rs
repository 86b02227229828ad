//! Why a bandit decided as it did, in plain words.

use crate::decision::explained::Explained;
use crate::number;

/// How many of the other variants are named.
const OTHERS: usize = 4;

/// Why a bandit chose a variant, or none.
#[derive(Clone, Debug, PartialEq)]
pub enum BanditReason {
    /// It chose one.
    Chosen(Chosen),
    /// Too little is known of the variants.
    TooFewObservations {
        /// Observations, of the visitor and of the site's priors together.
        seen: f64,
        /// Observations that the strategy needs.
        needed: u32,
    },
    /// The visitor has no stable id from which to draw.
    NoStableId,
    /// It learns about none of the variants that can be shown.
    NoVariant,
}

/// A variant that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The variant.
    pub variant: String,
    /// The estimated probability that it leads to the goal, 0 to 1.
    pub probability: f64,
    /// What each feature adds to the log odds of that, the intercept first; empty where the context does not count.
    pub contributions: Vec<(String, f64)>,
    /// The other variants that could have been chosen with the probability of each, the most likely first.
    pub others: Vec<(String, f64)>,
    /// Whether it was drawn before, and is kept.
    pub kept: bool,
}

impl BanditReason {
    /// The reason by its name and in words.
    pub fn explained(&self) -> Explained {
        let (code, text) = match self {
            BanditReason::Chosen(chosen) => ("bandit", chosen.text()),
            BanditReason::TooFewObservations { seen, needed } => {
                let seen = number::format(libm::floor(*seen));
                ("no-bandit", format!("no bandit yet: {seen} of {needed} observations needed"))
            }
            BanditReason::NoStableId => ("no-stable-id", "no bandit: this visitor has no stable id".to_owned()),
            BanditReason::NoVariant => {
                ("no-bandit", "no bandit: it learns about none of the variants that can be shown".to_owned())
            }
        };
        Explained { code, text }
    }
}

impl Chosen {
    fn text(&self) -> String {
        let how = if self.kept { "kept from an earlier draw" } else { "drawn by chance of the goal" };
        let mut text = format!("{how}: {} {}", self.variant, percent(self.probability));
        if !self.contributions.is_empty() {
            let log_odds = self.contributions.iter().fold(0.0, |sum, (_, part)| sum + part);
            let parts: Vec<String> =
                self.contributions.iter().map(|(name, part)| format!("{name} {}", number::format(*part))).collect();
            text.push_str(&format!(" (log odds {} = {})", number::format(log_odds), parts.join(" + ")));
        }
        for (variant, probability) in self.others.iter().take(OTHERS) {
            text.push_str(&format!(", {variant} {}", percent(*probability)));
        }
        let more = self.others.len().saturating_sub(OTHERS);
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        text
    }
}

/// A share in percent, with one decimal: goals are often rare.
fn percent(share: f64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "at most 1000")]
    let tenths = number::round(share * 1_000.0) as f64;
    format!("{} %", number::format(tenths / 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contributions_of_features_add_up_to_the_log_odds() {
        let chosen = Chosen {
            variant: "boots".into(),
            probability: 0.119_2,
            contributions: vec![("intercept".into(), -2.2), ("phone".into(), 0.4), ("returning".into(), -0.2)],
            others: (0..6).map(|number| (format!("v{number}"), 0.1)).collect(),
            kept: false,
        };
        assert_eq!(
            BanditReason::Chosen(chosen.clone()).explained().text,
            "drawn by chance of the goal: boots 11.9 % (log odds -2 = intercept -2.2 + phone 0.4 + returning -0.2), \
             v0 10 %, v1 10 %, v2 10 %, v3 10 % and 2 more"
        );
        let kept = Chosen { contributions: Vec::new(), others: Vec::new(), kept: true, ..chosen };
        assert_eq!(BanditReason::Chosen(kept).explained().text, "kept from an earlier draw: boots 11.9 %");
    }

    #[test]
    fn whoever_passes_says_what_is_missing() {
        let few = BanditReason::TooFewObservations { seen: 3.98, needed: 20 };
        assert_eq!(few.explained().text, "no bandit yet: 3 of 20 observations needed");
    }
}
