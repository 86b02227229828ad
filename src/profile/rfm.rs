//! Recency, frequency, monetary value: three scores from 1 to 5, the higher the better.
//!
//! Source: Hughes (1994), "Strategic Database Marketing": customers in fifths by each of the three. The site
//! knows where the fifths begin: these are its cut points. Without them, a visitor is compared with the
//! only customer the device knows, this visitor's own past:
//!
//! | score | with the site's cut points | without, among this visitor's own |
//! |---|---|---|
//! | recency | days since the last purchase | the same days, among the gaps between purchases |
//! | frequency | number of purchases | the last gap, among the gaps between purchases |
//! | monetary | average value of a purchase | the last order's value, among the last 32 orders |
//!
//! A value on a cut point is in the better fifth. Gaps are in days, and short ones are good; orders of one day
//! are one purchase. Among one's own, equal ones count half, so that a single order is in the
//! middle. A visitor who bought once has no gap, and so no scores for recency and frequency.

use super::purchase::Purchases;
use crate::time::{DAY, Timestamp};

/// The site's cut points for recency in days, frequency, and monetary value, each ascending; `None` where it
/// gives none.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct CutPoints {
    /// Of days since the last purchase.
    pub recency_days: Option<[f64; 4]>,
    /// Of the number of purchases.
    pub frequency: Option<[f64; 4]>,
    /// Of the average value of a purchase.
    pub monetary: Option<[f64; 4]>,
}

/// A visitor's purchases, as seen today.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct PurchaseSummary {
    /// On how many days there was an order.
    pub purchase_days: u32,
    /// Days from the first to the last.
    pub span_days: f64,
    /// Days since the last, or since the last visit of somebody who never bought.
    pub inactive_days: f64,
    /// The average value of a purchase, in the site's currency.
    pub average_value: f64,
}

/// Scores from 1 to 5; `None` where there is nothing to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Scores {
    /// How recently the visitor bought.
    pub recency: Option<u32>,
    /// How often.
    pub frequency: Option<u32>,
    /// For how much.
    pub monetary: Option<u32>,
}

impl Scores {
    /// The scores of somebody who bought at least once.
    pub fn of(purchases: &Purchases, summary: &PurchaseSummary, points: &CutPoints) -> Scores {
        let gaps: Vec<f64> = purchases.days().windows(2).filter_map(gap_days).collect();
        let values: Vec<f64> = purchases.values().collect();
        let fifth = |rank: Option<PercentileRank>| rank.map(PercentileRank::fifth);
        let count = f64::from(summary.purchase_days);
        Scores {
            recency: match points.recency_days {
                Some(points) => Some(fifth_of_low(summary.inactive_days, &points)),
                None => fifth(PercentileRank::of_low(Some(summary.inactive_days), &gaps)),
            },
            frequency: match points.frequency {
                Some(points) => Some(fifth_of_high(count, &points)),
                None => fifth(PercentileRank::of_low(gaps.last().copied(), &gaps)),
            },
            monetary: match points.monetary {
                Some(points) => Some(fifth_of_high(summary.average_value, &points)),
                None => fifth(PercentileRank::of_high(values.last().copied(), &values)),
            },
        }
    }

    /// The sum of all three, 3 to 15, where all are known.
    pub fn sum(&self) -> Option<u32> {
        Some(self.recency? + self.frequency? + self.monetary?)
    }
}

/// Days from one day to another.
pub fn days_from(earlier: Timestamp, later: Timestamp) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "days are few")]
    let days = (later.since(earlier) / DAY) as f64;
    days
}

fn gap_days(pair: &[Timestamp]) -> Option<f64> {
    match *pair {
        [earlier, later] => Some(days_from(earlier, later)),
        _ => None,
    }
}

/// The fifth of a value of which high ones are good: one more than the cut points it reaches.
fn fifth_of_high(value: f64, points: &[f64; 4]) -> u32 {
    1 + points.iter().map(|point| u32::from(*point <= value)).sum::<u32>()
}

/// The fifth of a value of which low ones are good: one more than the cut points it does not exceed.
fn fifth_of_low(value: f64, points: &[f64; 4]) -> u32 {
    1 + points.iter().map(|point| u32::from(value <= *point)).sum::<u32>()
}

/// The rank of a value among others: how many of them it beats, equal ones counting half.
#[derive(Clone, Copy)]
struct PercentileRank {
    /// Twice the number of others it beats, so that halves are integers.
    twice_beaten: usize,
    among: usize,
}

impl PercentileRank {
    /// The rank of a value of which high ones are good. `None` without a value or others.
    fn of_high(value: Option<f64>, others: &[f64]) -> Option<PercentileRank> {
        let value = value.filter(|_| !others.is_empty())?;
        let beaten = |other: &f64| usize::from(*other < value) + usize::from(*other <= value);
        Some(PercentileRank { twice_beaten: others.iter().map(beaten).sum(), among: others.len() })
    }

    /// The rank of a value of which low ones are good.
    fn of_low(value: Option<f64>, others: &[f64]) -> Option<PercentileRank> {
        let negated: Vec<f64> = others.iter().map(|other| -other).collect();
        PercentileRank::of_high(value.map(|value| -value), &negated)
    }

    /// The fifth it is in, from 1 to 5.
    fn fifth(self) -> u32 {
        let fifths_below = self.twice_beaten * 5 / (self.among * 2).max(1);
        u32::try_from(fifths_below).unwrap_or(4).min(4) + 1
    }
}
