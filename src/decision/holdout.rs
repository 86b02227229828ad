//! Holdouts: visitors who are never personalized, in a slot or on the whole site, for comparison.

use crate::random::Seed;

/// A visitor's status in a holdout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HoldoutStatus {
    /// There is no holdout.
    NoHoldout,
    /// There is a holdout, but without a stable seed nobody can be drawn into it: a new draw on each page would
    /// mix the two groups.
    NotEligible,
    /// Drawn, and not held out.
    Included,
    /// Drawn, and held out.
    HeldOut,
}

/// Draws a visitor for a holdout of `share`, in `[0, 1]`. The draw is the same on every page. `purpose` keeps
/// holdouts independent: `holdout` is the site's, `holdout:hero` that of the slot `hero`.
pub fn draw(purpose: &str, share: f64, seed: Option<Seed>) -> HoldoutStatus {
    if share <= 0.0 {
        return HoldoutStatus::NoHoldout;
    }
    match seed {
        None => HoldoutStatus::NotEligible,
        Some(seed) if seed.draw(purpose) < share => HoldoutStatus::HeldOut,
        Some(_) => HoldoutStatus::Included,
    }
}

impl HoldoutStatus {
    /// The probability of this status.
    pub fn propensity(self, share: f64) -> f64 {
        match self {
            HoldoutStatus::NoHoldout | HoldoutStatus::NotEligible => 1.0,
            HoldoutStatus::Included => 1.0 - share,
            HoldoutStatus::HeldOut => share,
        }
    }
}
