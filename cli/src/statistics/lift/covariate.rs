//! Controlled experiments using pre-experiment data (CUPED): data from before the experiment explains part of
//! how visitors differ, and is removed.

use super::{IMPOSSIBLE, VariationSums, co_scatter};

/// The outcomes of the visitors of one variation, paired with a covariate from before their exposure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    outcome: VariationSums,
    before: VariationSums,
    /// The sum of the products of both distances from their means.
    co_scatter: f64,
}

impl Paired {
    /// From `n` visitors, the sums of outcome y and of covariate x, of their squares, and of x y.
    ///
    /// The covariate must be settled before the experiment begins, or it takes out the effect as well.
    /// `None` where [`VariationSums::new`] is for x or y, and where no pairs have this sum of products.
    pub fn new(n: f64, y: (f64, f64), x: (f64, f64), sum_products: f64) -> Option<Paired> {
        let (outcome, before) = (VariationSums::new(n, y.0, y.1)?, VariationSums::new(n, x.0, x.1)?);
        if n == 0.0 {
            return (sum_products == 0.0).then_some(Paired { outcome, before, co_scatter: 0.0 });
        }
        let size = x.1.sqrt() * y.1.sqrt();
        let co_scatter = co_scatter(n, (x.0, y.0), sum_products, size)?;
        // By Cauchy and Schwarz.
        let bound = before.scatter.sqrt() * outcome.scatter.sqrt() + size * IMPOSSIBLE;
        (co_scatter.abs() <= bound).then_some(Paired { outcome, before, co_scatter })
    }

    /// The outcome alone.
    pub fn outcome(&self) -> &VariationSums {
        &self.outcome
    }
}

/// The adjustment that all variations of an experiment share.
///
/// Source: Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled experiments
/// by utilizing pre-experiment data", WSDM: θ = cov(y, x) / var(x), which leaves 1 - ρ² of the variance. With
/// several variations theta is the slope within
/// the variations, so that an effect on the outcome does not change it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuped {
    /// The outcome expected for one more of the covariate.
    pub theta: f64,
    /// The share of the variance within the variations that the covariate explains. In `[0, 1]`; 0 where the
    /// outcome has no variance.
    pub explained: f64,
    /// The covariate's mean over all variations.
    mean: f64,
}

impl Cuped {
    /// Learns the adjustment from all variations of an experiment.
    ///
    /// `None` without visitors, and where the covariate is the same for all within each variation.
    pub fn learn(variations: &[Paired]) -> Option<Cuped> {
        let total = |part: fn(&Paired) -> f64| -> f64 { variations.iter().map(part).sum() };
        let (of_x, of_y) = (total(|variation| variation.before.scatter), total(|variation| variation.outcome.scatter));
        let co_scatter = total(|variation| variation.co_scatter);
        let theta = co_scatter / of_x;
        let mean = total(|variation| variation.before.sum) / total(|variation| variation.before.n);
        let explained = if of_y > 0.0 { (theta * (co_scatter / of_y)).clamp(0.0, 1.0) } else { 0.0 };
        (theta.is_finite() && mean.is_finite() && explained.is_finite()).then_some(Cuped { theta, explained, mean })
    }

    /// The variation with each outcome y replaced by y - θ (x - mean of x); every statistic applies to it. Over
    /// all variations together its scatter never exceeds that of the outcomes.
    ///
    /// `None` where it overflows.
    pub fn adjust(&self, variation: &Paired) -> Option<VariationSums> {
        let Paired { outcome, before, co_scatter } = variation;
        let sum = outcome.sum - self.theta * (before.sum - before.n * self.mean);
        let scatter = outcome.scatter - self.theta * (2.0 * co_scatter - self.theta * before.scatter);
        (sum.is_finite() && scatter.is_finite()).then_some(VariationSums {
            n: outcome.n,
            sum,
            scatter: scatter.max(0.0),
        })
    }
}
