//! Visitors who are never personalized, in a slot or on the whole site, kept for comparison.

use crate::random::Seed;

/// Where a visitor stands to a slot's holdout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// The slot keeps nobody apart.
    None,
    /// There is a holdout, but without a seed that lasts nobody can be drawn into it: a new draw
    /// on each page would mix the two groups.
    NotEligible,
    /// Drawn, and not held out.
    Shown,
    /// Held out.
    HeldOut,
}

/// Draws a visitor for a holdout; `share` in `[0, 1]`. The draw is the same on every page. `purpose`
/// tells holdouts apart: `holdout` is the site's, `holdout:hero` the slot `hero`'s.
pub fn draw(purpose: &str, share: f64, seed: Option<Seed>) -> Standing {
    if share <= 0.0 {
        return Standing::None;
    }
    match seed {
        None => Standing::NotEligible,
        Some(seed) if seed.draw(purpose) < share => Standing::HeldOut,
        Some(_) => Standing::Shown,
    }
}

impl Standing {
    /// The probability with which a visitor stands so.
    pub fn propensity(self, share: f64) -> f64 {
        match self {
            Standing::None | Standing::NotEligible => 1.0,
            Standing::Shown => 1.0 - share,
            Standing::HeldOut => share,
        }
    }
}
