//! What a visitor is worth, as attributes: `value.tier`, `value.expected` and the like.
//!
//! | tier | by expected value, where the site gives parameters and tiers | else by the sum of the RFM scores |
//! |---|---|---|
//! | champion | from the first of its amounts on | 13 to 15 |
//! | high | from the second on | 10 to 12 |
//! | middle | from the third on | 7 to 9 |
//! | low | all others | 3 to 6, and where there is no sum |
//!
//! A value on a cut point is in the higher tier. A visitor without purchases is `low`: the models speak of
//! customers, and of somebody who never bought they know nothing, so nothing is expected; what may become of
//! such a visitor is a matter of interests and intent.

use super::lifecycle::Lifecycle;
use super::lifetime_value::{BgNbd, CustomerSummary, GammaGamma};
use super::purchase::{Purchases, day};
use super::rfm::{CutPoints, PurchaseSummary, Scores, days_from};
use crate::reader::Reader;
use crate::text::split;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The sums of RFM scores from which on somebody is a champion, high, middle.
const SUMS: [f64; 3] = [13.0, 10.0, 7.0];
/// The attributes that are numbers.
const NUMBERS: [&str; 7] = ["expected", "purchases", "alive", "recency", "frequency", "monetary", "rfm"];
/// The largest cut point.
const LARGEST: f64 = 1e9;

/// The site's rules for value, read from `value`.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueRules {
    /// Where fifths begin.
    pub rfm: CutPoints,
    /// How often customers buy.
    pub bgnbd: Option<BgNbd>,
    /// How much they spend a time.
    pub gamma_gamma: Option<GammaGamma>,
    /// How many days the unit of time of the parameters has. From 1 to 365.
    pub unit_days: f64,
    /// How many days value is expected over. From 1 to 3650.
    pub horizon_days: f64,
    /// From what expected value on somebody is a champion, high, middle; 0 where the site does not say.
    pub tiers: [f64; 3],
}

impl ValueRules {
    /// Reads the rules from the root of the config.
    pub fn read(root: &Reader<'_>) -> ValueRules {
        let at = &root.section("value", "rfm bgnbd gammaGamma unitDays horizonDays tiers");
        let mut rules = ValueRules {
            rfm: CutPoints::default(),
            bgnbd: None,
            gamma_gamma: None,
            unit_days: 7.0,
            horizon_days: 365.0,
            tiers: [0.0; 3],
        };
        let rfm = at.section("rfm", "recencyDays frequency monetary");
        let points = |key| {
            let mut points = [0.0; 4];
            read_points(&rfm, key, &mut points);
            Some(points).filter(|points| points[3] > 0.0)
        };
        rules.rfm = CutPoints {
            recency_days: points("recencyDays"),
            frequency: points("frequency"),
            monetary: points("monetary"),
        };
        read_points(at, "tiers", &mut rules.tiers);

        let (mut rates, mut spendings) = ([0.0; 4], [0.0; 3]);
        if read_parameters(at, "bgnbd", "r alpha a b", &mut rates) {
            let [r, alpha, a, b] = rates;
            rules.bgnbd = Some(BgNbd { r, alpha, a, b });
        }
        if read_parameters(at, "gammaGamma", "p q v", &mut spendings) {
            let [p, q, v] = spendings;
            rules.gamma_gamma = Some(GammaGamma { p, q, v });
            // How much says nothing without how often.
            at.field("bgnbd").entries();
        }
        for (key, most, days) in
            [("unitDays", 365.0, &mut rules.unit_days), ("horizonDays", 3_650.0, &mut rules.horizon_days)]
        {
            *days = at.number_or(key, *days, 1.0, most);
        }
        rules
    }
}

/// As many numbers as there are places for.
fn read_points(above: &Reader<'_>, key: &str, places: &mut [f64]) {
    let at = above.field(key);
    if !at.is_missing() {
        let items = at.items(places.len(), places.len());
        for (index, (item, place)) in items.iter().zip(places).enumerate() {
            *place = at.item(index, item).number(0.0, LARGEST);
        }
    }
}

/// Whether parameters of these names stand there.
fn read_parameters(above: &Reader<'_>, key: &str, names: &str, places: &mut [f64]) -> bool {
    let at = above.field(key);
    let given = !at.is_missing() && at.object(names);
    if given {
        for (name, place) in split(names, b' ').into_iter().zip(places) {
            // Where Gamma-Gamma's q is below 1, there is no mean.
            let least = if name == "q" { 1.0 } else { 0.001 };
            *place = at.field(name).number(least, 1e6);
        }
    }
    given
}

/// The attributes below `value` at `now`, of somebody with so many sessions who was `last_seen` then:
///
/// - `tier`: champion, high, middle, low;
/// - `expected`: what will be spent over the horizon, in the site's currency: `purchases` times the mean that
///   Gamma-Gamma expects, or without its parameters the visitor's own mean;
/// - `purchases`: how many purchases are expected over the horizon;
/// - `alive`: the chance that there will be another at all, 0 to 1;
/// - `recency`, `frequency`, `monetary`: scores from 1 to 5, see [`rfm`]; `rfm`: their sum, 3 to 15;
/// - `lifecycle`: new, returning, customer, loyal, at risk, lapsed, see [`lifecycle`].
///
/// All but the first and the last are `null` without purchases; `expected`, `purchases` and `alive` also
/// without BG/NBD's parameters, scores where they cannot be told. The mean takes in the first purchase as
/// well, so that a customer of one is told by what it was worth.
pub fn attributes(
    purchases: &Purchases,
    sessions: u32,
    last_seen: Option<Timestamp>,
    rules: &ValueRules,
    now: Timestamp,
) -> Object {
    let today = day(now);
    // A clock that was ahead when something happened does no harm.
    let silent = |since: Timestamp| days_from(day(since), today).max(0.0);
    let mut summary = PurchaseSummary { inactive_days: last_seen.map_or(0.0, silent), ..PurchaseSummary::default() };
    // In the order of their names below.
    let mut numbers = [f64::NAN; 7];
    let [expected, times, alive, recency, frequency, monetary, sum] = &mut numbers;
    let days = purchases.days();
    if let (Some(first), Some(last)) = (days.first(), days.last()) {
        let purchase_days = u32::try_from(days.len()).unwrap_or(u32::MAX);
        let count = f64::from(purchase_days);
        let mean = purchases.revenue / count;
        summary = PurchaseSummary {
            purchase_days,
            span_days: days_from(*first, *last),
            inactive_days: silent(*last),
            average_value: mean,
        };
        if let Some(model) = rules.bgnbd {
            // In whole days, as the models are fitted.
            let unit = rules.unit_days;
            let age = (summary.span_days + summary.inactive_days) / unit;
            let customer = CustomerSummary { frequency: count - 1.0, recency: summary.span_days / unit, age };
            *times = model.expected_purchases(&customer, rules.horizon_days / unit);
            *alive = model.probability_alive(&customer);
            *expected = *times * rules.gamma_gamma.map_or(mean, |model| model.expected_average_value(count, mean));
        }
        let scores = Scores::of(purchases, &summary, &rules.rfm);
        let number = |score: Option<u32>| score.map_or(f64::NAN, f64::from);
        [*recency, *frequency, *monetary] = [scores.recency, scores.frequency, scores.monetary].map(number);
        *sum = number(scores.sum());
    }
    let by_value = expected.is_finite() && rules.tiers[0] > 0.0;
    let (worth, [champion, high, middle]) = if by_value { (*expected, rules.tiers) } else { (*sum, SUMS) };
    // What is not known has reached nothing.
    let tier = if worth >= champion {
        "champion"
    } else if worth >= high {
        "high"
    } else if worth >= middle {
        "middle"
    } else {
        "low"
    };
    let lifecycle = Lifecycle::of(&summary, sessions, Some(*alive).filter(|alive| !alive.is_nan())).name();
    let mut tree = Object::new();
    tree.set("tier", tier);
    for (name, number) in NUMBERS.iter().zip(numbers) {
        tree.set(name, if number.is_nan() { Value::Null } else { Value::Number(number) });
    }
    tree.set("lifecycle", lifecycle);
    tree
}
