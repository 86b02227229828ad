//! Where somebody stands in the life of a customer.
//!
//! | stage | who is in it |
//! |---|---|
//! | new | never bought, first session |
//! | returning | never bought, later session |
//! | customer | bought on one day or two |
//! | loyal | bought on three days or more |
//! | at risk | silent for longer than is usual, or more likely gone than not |
//! | lapsed | silent for twice as long, or all but certainly gone |
//!
//! Silence is the time since the last purchase; of somebody who never bought, since the last visit. Usual are
//! 90 days; of somebody with several purchases, twice the mean gap between them, at least 30 days. Where the
//! site has given BG/NBD's parameters, the chance that a customer of several purchases is alive decides
//! instead: at risk below 1/2, lapsed below 1/10. Of a single purchase that model says nothing.

use super::rfm::Standing;

/// Silence that is usual of somebody whose rhythm is not known, in days.
const USUAL: f64 = 90.0;
/// Silence that is usual of the most eager, in days: two orders on two days make no daily customer.
const LEAST: f64 = 30.0;

/// The stage, by its name in conditions.
///
/// `alive` is the chance that the customer will buy again, from 0 to 1; NaN where it is not known.
pub fn stage(now: &Standing, sessions: u32, alive: f64) -> &'static str {
    let gaps = now.purchases - 1.0;
    let several = gaps > 0.0;
    // Twice as much is too much twice over.
    let mut quiet = now.silence / if several { (2.0 * now.span / gaps).max(LEAST) } else { USUAL };
    if several && !alive.is_nan() {
        quiet = if alive < 0.1 {
            3.0
        } else if alive < 0.5 {
            2.0
        } else {
            0.0
        };
    }
    if quiet > 2.0 {
        "lapsed"
    } else if quiet > 1.0 {
        "at risk"
    } else if gaps > 1.0 {
        "loyal"
    } else if gaps >= 0.0 {
        "customer"
    } else if sessions > 1 {
        "returning"
    } else {
        "new"
    }
}
