//! What a visitor is worth, as attributes: `value.tier`, `value.expected` and the like.
//!
//! | tier | by expected value, where the site gives parameters and tiers | else by the sum of the RFM scores |
//! |---|---|---|
//! | champion | from the first of its amounts | 13 to 15 |
//! | high | from the second | 10 to 12 |
//! | middle | from the third | 7 to 9 |
//! | low | all others | 3 to 6, and where there is no sum |
//!
//! A value on a cut point is in the higher tier. A visitor without purchases is `low`, and nothing is expected of
//! them: the models describe customers. What may become of such a visitor is a matter of interests and intent.

use super::lifecycle::Lifecycle;
use super::lifetime_value::{BgNbd, CustomerSummary, GammaGamma};
use super::purchase::{Purchases, day};
use super::rfm::{CutPoints, PurchaseSummary, Scores, days_from};
use crate::number;
use crate::reader::Reader;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The largest cut point.
const LARGEST: f64 = 1e9;

/// The site's rules for value, read from `value`.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueRules {
    /// Where fifths of all customers begin.
    pub rfm: CutPoints,
    /// How often customers buy.
    pub bgnbd: Option<BgNbd>,
    /// How much they spend each time.
    pub gamma_gamma: Option<GammaGamma>,
    /// The length of the unit of time of the parameters, in days. From 1 to 365.
    pub unit_days: f64,
    /// The period over which value is expected, in days. From 1 to 3650.
    pub horizon_days: f64,
    /// Where tiers begin by expected value; `None` where the site does not say.
    pub tiers: Option<Tiers>,
}

/// Where tiers begin: at or above `champion`, at or above `high`, at or above `middle`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tiers {
    /// The least worth of a champion.
    pub champion: f64,
    /// The least worth of the tier `high`.
    pub high: f64,
    /// The least worth of the tier `middle`.
    pub middle: f64,
}

/// How much a visitor is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Without purchases, or below `middle`.
    Low,
    /// Below `high`.
    Middle,
    /// Below `champion`.
    High,
    /// The most.
    Champion,
}

impl Tier {
    const ALL: [Tier; 4] = [Tier::Low, Tier::Middle, Tier::High, Tier::Champion];

    /// Its name, as in `value.tier`.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Low => "low",
            Tier::Middle => "middle",
            Tier::High => "high",
            Tier::Champion => "champion",
        }
    }

    /// Reads its name.
    pub fn read(at: &Reader<'_>) -> Option<Tier> {
        at.choice(&Tier::ALL.map(|tier| (tier.name(), tier)))
    }

    /// That of a visitor with these attributes.
    pub fn of(attributes: &Value) -> Tier {
        let name = attributes.at("value").at("tier").text();
        Tier::ALL.into_iter().find(|tier| tier.name() == name).unwrap_or(Tier::Low)
    }
}

/// The tiers by the sum of the RFM scores.
const BY_SCORES: Tiers = Tiers { champion: 13.0, high: 10.0, middle: 7.0 };

impl Default for ValueRules {
    fn default() -> ValueRules {
        ValueRules {
            rfm: CutPoints::default(),
            bgnbd: None,
            gamma_gamma: None,
            unit_days: 7.0,
            horizon_days: 365.0,
            tiers: None,
        }
    }
}

impl ValueRules {
    /// Reads the rules from the root of the config. A rule with a problem takes its default.
    pub fn read(root: &Reader<'_>) -> ValueRules {
        let at = root.section("value", &["rfm", "bgnbd", "gammaGamma", "unitDays", "horizonDays", "tiers"]);
        let rfm = at.section("rfm", &["recencyDays", "frequency", "monetary"]);
        let cut_points = |key| rfm.field(key).or_default(None, |at| read_cut_points(at).map(Some));
        let default = ValueRules::default();
        let gamma_gamma = at.field("gammaGamma").or_default(None, |at| read_gamma_gamma(at).map(Some));
        if !at.field("gammaGamma").is_missing() && at.field("bgnbd").is_missing() {
            // How much they spend says nothing without how often they buy.
            at.field("bgnbd").expected("an object");
        }
        ValueRules {
            rfm: CutPoints {
                recency_days: cut_points("recencyDays"),
                frequency: cut_points("frequency"),
                monetary: cut_points("monetary"),
            },
            bgnbd: at.field("bgnbd").or_default(None, |at| read_bgnbd(at).map(Some)),
            gamma_gamma,
            unit_days: at.field("unitDays").or_default(default.unit_days, |at| at.number(1.0..=365.0)),
            horizon_days: at.field("horizonDays").or_default(default.horizon_days, |at| at.number(1.0..=3_650.0)),
            tiers: at.field("tiers").or_default(None, |at| read_tiers(at).map(Some)),
        }
    }
}

/// Four cut points between fifths. Equal ones are allowed: where most customers bought once, several fifths
/// begin at 1.
fn read_cut_points(at: &Reader<'_>) -> Option<[f64; 4]> {
    let points = at.list(4..=4, |at| at.number(0.0..=LARGEST))?;
    at.in_order(
        &points,
        |earlier, later| earlier <= later,
        |earlier| format!("a number from {}", number::format(*earlier)),
    )?;
    points.try_into().ok()
}

fn read_tiers(at: &Reader<'_>) -> Option<Tiers> {
    let amounts = at.list(3..=3, |at| at.number(0.0..=LARGEST))?;
    at.in_order(
        &amounts,
        |earlier, later| earlier >= later,
        |earlier| format!("a number of at most {}", number::format(*earlier)),
    )?;
    match amounts[..] {
        [champion, high, middle] => Some(Tiers { champion, high, middle }),
        _ => None,
    }
}

/// A parameter of a model.
fn read_parameter(at: &Reader<'_>) -> Option<f64> {
    at.number(0.001..=1e6)
}

fn read_bgnbd(at: &Reader<'_>) -> Option<BgNbd> {
    let keys = at.keys(&["r", "alpha", "a", "b"]);
    let [r, alpha, a, b] = ["r", "alpha", "a", "b"].map(|name| read_parameter(&at.field(name)));
    keys?;
    Some(BgNbd { r: r?, alpha: alpha?, a: a?, b: b? })
}

fn read_gamma_gamma(at: &Reader<'_>) -> Option<GammaGamma> {
    let keys = at.keys(&["p", "q", "v"]);
    let p = read_parameter(&at.field("p"));
    // With q below 1 the model has no mean.
    let q = at.field("q").number(1.0..=1e6);
    let v = read_parameter(&at.field("v"));
    keys?;
    Some(GammaGamma { p: p?, q: q?, v: v? })
}

/// What is expected of a customer over the horizon.
struct Expectation {
    /// Money, in the site's currency.
    value: f64,
    /// Purchases.
    purchases: f64,
    /// The probability that there will be another purchase at all.
    alive: f64,
}

/// The attributes below `value` at `now`, for a visitor with this many sessions who was `last_seen` then:
///
/// - `tier`: champion, high, middle, low;
/// - `expected`: what will be spent over the horizon, in the site's currency: `purchases` times the average value
///   that Gamma-Gamma expects, or without its parameters the visitor's own average;
/// - `purchases`: the number of purchases expected over the horizon;
/// - `alive`: the probability that there will be another purchase at all, 0 to 1;
/// - `recency`, `frequency`, `monetary`: scores from 1 to 5, see [`rfm`](super::rfm); `rfm`: their sum, 3 to 15;
/// - `lifecycle`: new, returning, customer, loyal, at risk, lapsed, see [`lifecycle`](super::lifecycle).
///
/// All but `tier` and `lifecycle` are `null` without purchases; `expected`, `purchases` and `alive` also without
/// BG/NBD's parameters, scores where there is nothing to compare with. The average includes the first purchase,
/// so that it is known for a customer with a single one.
pub fn attributes(
    purchases: &Purchases,
    sessions: u32,
    last_seen: Option<Timestamp>,
    rules: &ValueRules,
    now: Timestamp,
) -> Object {
    let summary = summarize(purchases, last_seen, now);
    let bought = summary.purchase_days > 0;
    let scores = if bought { Scores::of(purchases, &summary, &rules.rfm) } else { Scores::default() };
    let expectation = rules.bgnbd.filter(|_| bought).map(|model| expect(&model, &summary, rules));
    let value = expectation.as_ref().map(|expected| expected.value);
    let alive = expectation.as_ref().map(|expected| expected.alive);
    let sum = scores.sum().map(f64::from);
    let tier = match (value.filter(|value| value.is_finite()), rules.tiers) {
        (Some(value), Some(tiers)) => tiers.tier(value),
        // Where nothing is known, nothing has been reached.
        _ => sum.map_or(Tier::Low, |sum| BY_SCORES.tier(sum)),
    };
    Object::new()
        .with("tier", tier.name())
        .with("expected", value)
        .with("purchases", expectation.as_ref().map(|expected| expected.purchases))
        .with("alive", alive)
        .with("recency", scores.recency)
        .with("frequency", scores.frequency)
        .with("monetary", scores.monetary)
        .with("rfm", sum)
        .with("lifecycle", Lifecycle::of(&summary, sessions, alive).name())
}

impl Tiers {
    fn tier(self, worth: f64) -> Tier {
        if worth >= self.champion {
            Tier::Champion
        } else if worth >= self.high {
            Tier::High
        } else if worth >= self.middle {
            Tier::Middle
        } else {
            Tier::Low
        }
    }
}

fn summarize(purchases: &Purchases, last_seen: Option<Timestamp>, now: Timestamp) -> PurchaseSummary {
    let today = day(now);
    // Below 0 where the clock was ahead when something happened.
    let inactive_days = |since: Timestamp| days_from(day(since), today).max(0.0);
    let days = purchases.days();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return PurchaseSummary { inactive_days: last_seen.map_or(0.0, inactive_days), ..PurchaseSummary::default() };
    };
    let purchase_days = u32::try_from(days.len()).unwrap_or(u32::MAX);
    PurchaseSummary {
        purchase_days,
        span_days: days_from(*first, *last),
        inactive_days: inactive_days(*last),
        average_value: purchases.revenue / f64::from(purchase_days),
    }
}

fn expect(model: &BgNbd, summary: &PurchaseSummary, rules: &ValueRules) -> Expectation {
    // In whole days, as the models are fitted.
    let unit = rules.unit_days;
    let count = f64::from(summary.purchase_days);
    let customer = CustomerSummary {
        frequency: count - 1.0,
        recency: summary.span_days / unit,
        age: (summary.span_days + summary.inactive_days) / unit,
    };
    let purchases = model.expected_purchases(&customer, rules.horizon_days / unit);
    let average = summary.average_value;
    let average = rules.gamma_gamma.map_or(average, |model| model.expected_average_value(count, average));
    Expectation { value: purchases * average, purchases, alive: model.probability_alive(&customer) }
}
