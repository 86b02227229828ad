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

use super::lifecycle;
use super::lifetime_value::{BgNbd, GammaGamma, Purchased};
use super::purchase::{Purchases, day};
use super::rfm::{self, CutPoints, Standing, days_from, reached};
use crate::reader::Reader;
use crate::time::Timestamp;
use crate::value::{Object, Value};

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
    /// From what expected value on somebody is a champion, high, middle; infinite where the site does not say.
    pub tiers: [f64; 3],
}

impl ValueRules {
    /// Reads the rules from `value` of the config.
    pub fn read(at: &Reader<'_>) -> ValueRules {
        let mut rules = ValueRules {
            rfm: [[f64::INFINITY; 4]; 3],
            bgnbd: None,
            gamma_gamma: None,
            unit_days: 7.0,
            horizon_days: 365.0,
            tiers: [f64::INFINITY; 3],
        };
        if at.is_missing() || !at.object(&["rfm", "bgnbd", "gammaGamma", "unitDays", "horizonDays", "tiers"]) {
            return rules;
        }
        let letters = ["recencyDays", "frequency", "monetary"];
        let rfm = at.field("rfm");
        if !rfm.is_missing() && rfm.object(&letters) {
            for (letter, points) in letters.iter().zip(&mut rules.rfm) {
                read_points(&rfm.field(letter), points);
            }
        }
        read_points(&at.field("tiers"), &mut rules.tiers);

        let (often, much) = (at.field("bgnbd"), at.field("gammaGamma"));
        let (mut rates, mut spendings) = ([0.0; 4], [0.0; 3]);
        if read_parameters(&often, &["r", "alpha", "a", "b"], &mut rates) {
            let [r, alpha, a, b] = rates;
            rules.bgnbd = Some(BgNbd { r, alpha, a, b });
        }
        if read_parameters(&much, &["p", "q", "v"], &mut spendings) {
            let [p, q, v] = spendings;
            rules.gamma_gamma = Some(GammaGamma { p, q, v });
            if often.is_missing() {
                often.refuse("parameters of how often, beside those of how much");
            }
        }
        rules.unit_days = at.field("unitDays").or(rules.unit_days, |at| at.number(1.0, 365.0));
        rules.horizon_days = at.field("horizonDays").or(rules.horizon_days, |at| at.number(1.0, 3_650.0));
        rules
    }
}

/// As many numbers as there are places for.
fn read_points(at: &Reader<'_>, places: &mut [f64]) {
    if !at.is_missing() {
        let items = at.items(places.len(), places.len());
        for (index, (item, place)) in items.iter().zip(places).enumerate() {
            *place = at.item(index, item).number(0.0, LARGEST);
        }
    }
}

/// Whether parameters of these names stand there.
fn read_parameters(at: &Reader<'_>, names: &[&str], places: &mut [f64]) -> bool {
    let given = !at.is_missing() && at.object(names);
    if given {
        for (name, place) in names.iter().zip(places) {
            // Where Gamma-Gamma's q is below 1, there is no mean.
            let least = if *name == "q" { 1.0 } else { 0.001 };
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
    let days = purchases.days();
    let (first, last) = (days.last().copied(), days.first().copied());
    let today = day(now);
    // A clock that was ahead when the order came does no harm.
    let silence = last.or(last_seen).map_or(0.0, |last| days_from(day(last), today).max(0.0));
    #[allow(clippy::cast_precision_loss, reason = "at most 400")]
    let count = days.len() as f64;
    let span = first.zip(last).map_or(0.0, |(first, last)| days_from(first, last));
    let now = Standing { purchases: count, span, silence, mean: purchases.revenue / count };

    let [mut expected, mut times, mut alive] = [f64::NAN; 3];
    if let Some(model) = rules.bgnbd
        && count > 0.0
    {
        // In whole days, as the models are fitted.
        let unit = rules.unit_days;
        let customer = Purchased { repeats: count - 1.0, last: span / unit, age: (span + silence) / unit };
        times = model.purchases(&customer, rules.horizon_days / unit);
        alive = model.alive(&customer);
        expected = times * rules.gamma_gamma.map_or(now.mean, |spending| spending.mean(count, now.mean));
    }
    let [recency, frequency, monetary] =
        if count > 0.0 { rfm::scores(purchases, &now, &rules.rfm) } else { [f64::NAN; 3] };
    let sum = recency + frequency + monetary;
    // What is not known has reached nothing.
    let reached = match rules.tiers[0].is_finite() && !expected.is_nan() {
        true => reached(expected, &rules.tiers, 1.0),
        false => reached(sum, &[13.0, 10.0, 7.0], 1.0),
    };
    let tier = if reached > 2.0 {
        "champion"
    } else if reached > 1.0 {
        "high"
    } else if reached > 0.0 {
        "middle"
    } else {
        "low"
    };
    let mut tree = Object::new();
    tree.set("tier", tier);
    let numbers = [
        ("expected", expected),
        ("purchases", times),
        ("alive", alive),
        ("recency", recency),
        ("frequency", frequency),
        ("monetary", monetary),
        ("rfm", sum),
    ];
    for (name, number) in numbers {
        tree.set(name, if number.is_nan() { Value::Null } else { Value::Number(number) });
    }
    tree.set("lifecycle", lifecycle::stage(&now, sessions, alive));
    tree
}
