//! The section `value` of a config: parameters, and the cut points that customers fall by.

use serde_json::{Value, json};

use super::customers::Customers;
use super::parameters::Parameters;
use tailorbird::profile::lifetime_value::{BgNbd, GammaGamma};

/// What share of all customers is in a tier or above it: champion, high, middle.
const TIERS: [f64; 3] = [0.05, 0.2, 0.5];

/// What a config says of value.
pub struct Section {
    rfm: [(&'static str, Vec<f64>); 3],
    often: BgNbd,
    much: Option<GammaGamma>,
    unit_days: f64,
    horizon_days: f64,
    tiers: Vec<f64>,
}

impl Section {
    /// Cut points at the fifths of these customers, and at the tiers' shares of what is expected of them.
    pub fn of(customers: &Customers, parameters: &Parameters, unit_days: f64, horizon_days: f64) -> Section {
        let all = || customers.all.iter().map(|known| known.summary);
        // Whole days, as on the device.
        let silences = all().map(|known| ((known.age - known.recency) * unit_days + 0.5).floor()).collect();
        let counts = all().map(|known| known.frequency + 1.0).collect();
        let spent = customers.repeated().map(|known| known.mean).collect();
        // A customer is known here by what came after the first purchase alone.
        let expected = customers.all.iter().map(|known| {
            let times = parameters.often.expected_purchases(&known.summary, horizon_days / unit_days);
            let count = if known.mean > 0.0 { known.summary.frequency } else { 0.0 };
            times * parameters.much.map_or(known.mean, |much| much.expected_average_value(count, known.mean))
        });
        let mut expected: Vec<f64> = expected.collect();
        expected.sort_by(|one, other| other.total_cmp(one));
        Section {
            rfm: [
                ("recencyDays", fifths(silences, true)),
                ("frequency", fifths(counts, false)),
                ("monetary", fifths(spent, false)),
            ],
            often: parameters.often,
            // Without a mean over all customers it does not fit a config.
            much: parameters.much.filter(|much| much.q > 1.0),
            unit_days,
            horizon_days,
            // Downwards, so that the last one within is within.
            tiers: TIERS
                .iter()
                .filter_map(|share| Some((expected.get(place(*share, expected.len()))? * 100.0).floor() / 100.0))
                .collect(),
        }
    }

    /// As JSON, without the name of the section.
    pub fn json(&self) -> Value {
        let round = |number: f64| (number * 1e6 + 0.5).floor() / 1e6;
        let BgNbd { r, alpha, a, b } = self.often;
        let mut rfm = serde_json::Map::new();
        for (name, points) in self.rfm.iter().filter(|(_, points)| points.len() == 4) {
            rfm.insert((*name).to_owned(), json!(points.iter().copied().map(whole).collect::<Vec<_>>()));
        }
        let mut section = serde_json::Map::new();
        section.insert("rfm".to_owned(), Value::Object(rfm));
        section.insert("bgnbd".to_owned(), json!({"r": round(r), "alpha": round(alpha), "a": round(a), "b": round(b)}));
        if let Some(GammaGamma { p, q, v }) = self.much {
            section.insert("gammaGamma".to_owned(), json!({"p": round(p), "q": round(q), "v": round(v)}));
        }
        section.insert("unitDays".to_owned(), whole(self.unit_days));
        section.insert("horizonDays".to_owned(), whole(self.horizon_days));
        section.insert("tiers".to_owned(), json!(self.tiers.iter().copied().map(whole).collect::<Vec<_>>()));
        Value::Object(section)
    }

    /// As text to be pasted into a config: a line a key.
    pub fn text(&self) -> String {
        let json = self.json();
        let lines = json.as_object().into_iter().flatten().map(|(key, value)| {
            let value = value.to_string().replace("\":", "\": ").replace(',', ", ");
            format!("  \"{key}\": {value}")
        });
        format!("\"value\": {{\n{}\n}}", lines.collect::<Vec<_>>().join(",\n"))
    }
}

/// A whole number without a point.
#[allow(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
fn whole(number: f64) -> Value {
    if number.floor() == number && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

/// The place of the last of `count` that is among the first `share` of them.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are small"
)]
fn place(share: f64, count: usize) -> usize {
    ((share * count as f64).ceil() as usize).clamp(1, count.max(1)) - 1
}

/// Where four fifths of all values begin; where few are good, where four fifths of them end. Where many
/// customers are equal, none of them is above a cut point that is theirs by a share alone: who bought once is in
/// the lowest fifth, even if three fifths bought once.
fn fifths(mut values: Vec<f64>, few_are_good: bool) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    let mut points = Vec::new();
    for share in [0.2, 0.4, 0.6, 0.8] {
        let Some(at) = values.get(place(share, count)).copied() else { return points };
        // Of equal ones the next, unless nobody has more.
        let next = values.iter().copied().find(|value| *value > at).unwrap_or(at);
        let point = if few_are_good { at } else { next };
        points.push(point);
    }
    points
}
