//! Where a visitor is in the life cycle of a customer.
//!
//! | stage | who is in it |
//! |---|---|
//! | new | never bought, first session |
//! | returning | never bought, later session |
//! | customer | bought on one day or two |
//! | loyal | bought on three days or more |
//! | at risk | inactive for longer than usual, or more likely gone than not |
//! | lapsed | inactive for twice as long, or almost certainly gone |
//!
//! Inactivity is the time since the last purchase, or since the last visit of somebody who never bought. Usual
//! are 90 days; with several purchases, twice the average gap between them, at least 30 days. Where the
//! site has given parameters for BG/NBD, the probability that a customer with several purchases is alive
//! decides instead: at risk below 1/2, lapsed below 1/10. Of a single purchase that model says nothing.

use super::rfm::PurchaseSummary;

/// The usual inactivity of a visitor without several purchases, in days.
const USUAL_DAYS: f64 = 90.0;
/// The shortest inactivity that counts as unusual, in days: two orders on two days make no daily customer.
const LEAST_DAYS: f64 = 30.0;
/// Below this probability to be alive a customer is at risk.
const AT_RISK: f64 = 0.5;
/// Below this one, lapsed.
const LAPSED: f64 = 0.1;

/// A stage of the life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Never bought, first session.
    New,
    /// Never bought, later session.
    Returning,
    /// Bought on one day or two.
    Customer,
    /// Bought on three days or more.
    Loyal,
    /// Inactive for longer than usual, or more likely gone than not.
    AtRisk,
    /// Inactive for twice as long, or almost certainly gone.
    Lapsed,
}

impl Lifecycle {
    /// The stage of a visitor with this many `sessions`. `probability_alive` is the probability that the customer
    /// will buy again, from 0 to 1, where it is known.
    pub fn of(summary: &PurchaseSummary, sessions: u32, probability_alive: Option<f64>) -> Lifecycle {
        let inactivity = match probability_alive.filter(|_| summary.purchase_days > 1) {
            Some(alive) if alive < LAPSED => Inactivity::Lapsed,
            Some(alive) if alive < AT_RISK => Inactivity::AtRisk,
            Some(_) => Inactivity::Usual,
            None => Inactivity::of(summary),
        };
        match inactivity {
            Inactivity::Lapsed => Lifecycle::Lapsed,
            Inactivity::AtRisk => Lifecycle::AtRisk,
            Inactivity::Usual => match (summary.purchase_days, sessions) {
                (0, 0..=1) => Lifecycle::New,
                (0, _) => Lifecycle::Returning,
                (1..=2, _) => Lifecycle::Customer,
                (3.., _) => Lifecycle::Loyal,
            },
        }
    }

    /// The name of the stage in conditions.
    pub fn name(self) -> &'static str {
        match self {
            Lifecycle::New => "new",
            Lifecycle::Returning => "returning",
            Lifecycle::Customer => "customer",
            Lifecycle::Loyal => "loyal",
            Lifecycle::AtRisk => "at risk",
            Lifecycle::Lapsed => "lapsed",
        }
    }
}

enum Inactivity {
    Usual,
    AtRisk,
    Lapsed,
}

impl Inactivity {
    fn of(summary: &PurchaseSummary) -> Inactivity {
        let usual_days = match summary.purchase_days {
            0..=1 => USUAL_DAYS,
            days => (2.0 * summary.span_days / f64::from(days - 1)).max(LEAST_DAYS),
        };
        if summary.inactive_days > 2.0 * usual_days {
            Inactivity::Lapsed
        } else if summary.inactive_days > usual_days {
            Inactivity::AtRisk
        } else {
            Inactivity::Usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_follows_purchases_inactivity_and_the_probability_to_be_alive() {
        let cases = [
            (0, 0.0, 0.0, 1, None, Lifecycle::New, "first session"),
            (0, 0.0, 90.0, 2, None, Lifecycle::Returning, "90 days are usual"),
            (0, 0.0, 91.0, 2, None, Lifecycle::AtRisk, "91 are not"),
            (0, 0.0, 180.0, 2, None, Lifecycle::AtRisk, "180 are not twice as long yet"),
            (0, 0.0, 181.0, 2, None, Lifecycle::Lapsed, "twice as long"),
            (1, 0.0, 90.0, 1, Some(0.0), Lifecycle::Customer, "of one purchase the model says nothing"),
            (2, 100.0, 200.0, 1, None, Lifecycle::Customer, "twice the gap"),
            (2, 100.0, 201.0, 1, None, Lifecycle::AtRisk, "longer than that"),
            (2, 100.0, 400.0, 1, Some(0.9), Lifecycle::Customer, "two purchases are enough for the model"),
            (3, 100.0, 101.0, 1, None, Lifecycle::AtRisk, "longer than twice the average gap of 50 days"),
            (3, 2.0, 30.0, 1, None, Lifecycle::Loyal, "30 days at least"),
            (3, 2.0, 300.0, 1, Some(0.5), Lifecycle::Loyal, "the model decides"),
            (3, 2.0, 0.0, 1, Some(0.49), Lifecycle::AtRisk, "more likely gone than not"),
            (3, 2.0, 0.0, 1, Some(0.1), Lifecycle::AtRisk, "one in ten is left"),
            (3, 2.0, 0.0, 1, Some(0.09), Lifecycle::Lapsed, "almost certainly gone"),
        ];
        for (purchase_days, span_days, inactive_days, sessions, alive, expected, why) in cases {
            let summary = PurchaseSummary { purchase_days, span_days, inactive_days, average_value: 80.0 };
            assert_eq!(Lifecycle::of(&summary, sessions, alive), expected, "{why}");
        }
    }
}
