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

/// Draws a visitor for a holdout of `share`, in `[0, 1]`. The draw is the same on every page. The purpose keeps
/// holdouts independent: `holdout` is the site's, `holdout:hero` that of the slot `hero`.
pub fn draw(slot: Option<&str>, share: f64, seed: Option<Seed>) -> HoldoutStatus {
    if share <= 0.0 {
        return HoldoutStatus::NoHoldout;
    }
    let purpose = || slot.map_or("holdout".to_owned(), |slot| format!("holdout:{slot}"));
    match seed {
        None => HoldoutStatus::NotEligible,
        Some(seed) if seed.draw(&purpose()) < share => HoldoutStatus::HeldOut,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_whose_draw_is_below_the_share_is_held_out() {
        let (seed, share) = (Seed(7), Seed(7).draw("holdout"));
        for (share, seed, expected, why) in [
            (0.0, Some(seed), HoldoutStatus::NoHoldout, "nobody is held out"),
            (0.0, None, HoldoutStatus::NoHoldout, "nor is somebody without a seed"),
            (1.0, None, HoldoutStatus::NotEligible, "without a seed there is no draw"),
            (share, Some(seed), HoldoutStatus::Included, "a draw of the share itself is not below it"),
            (share + 1e-9, Some(seed), HoldoutStatus::HeldOut, "below"),
            (1.0, Some(seed), HoldoutStatus::HeldOut, "everybody is"),
        ] {
            assert_eq!(draw(None, share, seed), expected, "{why}");
        }
        let propensities = [HoldoutStatus::NoHoldout, HoldoutStatus::NotEligible, HoldoutStatus::Included]
            .map(|status| status.propensity(0.25));
        assert_eq!(propensities, [1.0, 1.0, 0.75]);
        assert_eq!(HoldoutStatus::HeldOut.propensity(0.25), 0.25);
    }
}
