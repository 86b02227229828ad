//! What is expected of a variant: its mean reward, apart for visitors whom the config would show it most likely and for
//! others.

use std::collections::BTreeMap;

/// How many decisions with the mean reward of the wider group each mean is held back by. A convention; it keeps the mean of
/// two decisions from being believed, and hardly moves that of some hundred.
const HELD_BACK: f64 = 10.0;

/// Mean rewards of one slot.
#[derive(Default)]
pub struct RewardMeans {
    all: Sum,
    by_variant: BTreeMap<Option<String>, Sum>,
    by_fit: BTreeMap<(Option<String>, bool), Sum>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    count: f64,
    rewards: f64,
}

impl Sum {
    fn add(&mut self, reward: f64) {
        self.count += 1.0;
        self.rewards += reward;
    }

    /// The mean, held back towards that of a wider group.
    fn mean(self, wider: f64) -> f64 {
        (self.rewards + HELD_BACK * wider) / (self.count + HELD_BACK)
    }
}

impl RewardMeans {
    /// Learns from decisions: the variant, whether the config would most likely have chosen it as well, and the reward.
    pub fn learn<'a>(decisions: impl Iterator<Item = (&'a Option<String>, bool, f64)>) -> RewardMeans {
        let mut means = RewardMeans::default();
        for (variant, fits, reward) in decisions {
            means.all.add(reward);
            means.by_variant.entry(variant.clone()).or_default().add(reward);
            means.by_fit.entry((variant.clone(), fits)).or_default().add(reward);
        }
        means
    }

    /// The reward that is expected of a variant, for a visitor whom it fits or not; 0 where nothing was learned.
    pub fn expects(&self, variant: &Option<String>, fits: bool) -> f64 {
        let all = if self.all.count > 0.0 { self.all.rewards / self.all.count } else { 0.0 };
        let of_variant = self.by_variant.get(variant).copied().unwrap_or_default().mean(all);
        self.by_fit.get(&(variant.clone(), fits)).copied().unwrap_or_default().mean(of_variant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_held_back_towards_that_of_the_wider_group() {
        let boots = Some("boots".to_owned());
        let decisions = |count: usize, variant, fits, reward| std::iter::repeat_n((variant, fits, reward), count);
        let learned = decisions(30, &boots, true, 1.0).chain(decisions(30, &boots, false, 0.0));
        let means = RewardMeans::learn(learned.chain(decisions(20, &None, false, 0.5)));
        // All 0.5, boots 0.5; of the 30 with ten more of that 35 of 40.
        assert_eq!(means.expects(&boots, true), 0.875);
        assert_eq!(means.expects(&boots, false), 0.125);
        assert_eq!(means.expects(&Some("tents".to_owned()), true), 0.5, "of what was never shown the mean of all");
        assert_eq!(RewardMeans::learn(std::iter::empty()).expects(&boots, true), 0.0);
    }
}
