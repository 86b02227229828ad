//! Recency, frequency, monetary value: three scores from 1 to 5, each the better the higher.
//!
//! Source: Hughes (1994), "Strategic Database Marketing": customers in fifths by each of the three. Where the
//! fifths begin is the site's knowledge, its cut points. Where it gives none, a visitor is compared with the
//! only customer the device knows, with this visitor's own past:
//!
//! | letter | with the site's cut points | without, among this visitor's own |
//! |---|---|---|
//! | recency | days since the last purchase | the same days, among the gaps between purchases |
//! | frequency | how many purchases | the last gap, among the gaps between purchases |
//! | monetary | money a purchase, in the mean | the last order's value, among the last 32 orders |
//!
//! A value on a cut point is in the better fifth. Gaps are in days, and short ones are good; orders of one day
//! are one purchase. Among one's own, those that are equal count half, so that a single order is in the
//! middle. Somebody who bought once has no gap, and so no scores of recency and frequency.

use super::purchase::Purchases;
use crate::time::{DAY, Timestamp};

/// The site's cut points of recency in days, frequency, and monetary value; 0 where it gives none.
pub type CutPoints = [[f64; 4]; 3];

/// What purchases look like today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// On how many days there was an order.
    pub purchases: f64,
    /// Days from the first to the last.
    pub span: f64,
    /// Days since the last, or of somebody who never bought, since the last visit.
    pub silence: f64,
    /// What one was worth in the mean, in the site's currency.
    pub mean: f64,
}

/// The scores of recency, frequency and monetary value, 1 to 5 each; NaN where it cannot be told.
pub fn scores(purchases: &Purchases, now: &Standing, points: &CutPoints) -> [f64; 3] {
    let (mut recency, mut frequency, mut monetary) = (Place::default(), Place::default(), Place::default());
    let mut last_gap = f64::NAN;
    for pair in purchases.days().windows(2).rev() {
        if let [earlier, later] = *pair {
            let gap = days_from(earlier, later);
            if last_gap.is_nan() {
                last_gap = gap;
            }
            recency.meet(now.silence, gap);
            frequency.meet(last_gap, gap);
        }
    }
    let mut last = f64::NAN;
    for value in purchases.values().rev() {
        if last.is_nan() {
            last = value;
        }
        monetary.meet(value, last);
    }
    let [days, counts, amounts] = points;
    [
        recency.score(now.silence, days, -1.0),
        frequency.score(now.purchases, counts, 1.0),
        monetary.score(now.mean, amounts, 1.0),
    ]
}

/// Days from one day to another.
pub fn days_from(earlier: Timestamp, later: Timestamp) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "days are few")]
    let days = (later.since(earlier) / DAY) as f64;
    days
}

/// Somebody's place among others: how many it is better than.
#[derive(Default)]
struct Place {
    /// Twice as many; those that are as good count once.
    beaten: f64,
    all: f64,
}

impl Place {
    /// Meets one more, to be better than which is to have the larger number.
    #[inline(never)]
    fn meet(&mut self, less: f64, more: f64) {
        self.all += 2.0;
        self.beaten += number_of(less < more) + number_of(less <= more);
    }

    /// With a sign of -1 small values are good.
    fn score(&self, value: f64, points: &[f64; 4], sign: f64) -> f64 {
        if points[3] > 0.0 {
            let mut score = 1.0;
            for point in points {
                score += number_of(sign * point <= sign * value);
            }
            return score;
        }
        // Of nobody it is NaN.
        let fifth = (self.beaten * 5.0 / self.all).floor() + 1.0;
        if fifth > 5.0 { 5.0 } else { fifth }
    }
}

fn number_of(truth: bool) -> f64 {
    f64::from(u8::from(truth))
}
