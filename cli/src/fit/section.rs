//! The section `value` of a config: parameters, and the cut points that customers fall by.

use serde_json::{Value, json};

use super::customers::Customers;
use super::parameters::Parameters;
use super::rfm::{Rfm, reaching};
use tailorbird::profile::lifetime_value::{BgNbd, GammaGamma};

/// What share of all customers is in a tier or above it, in twentieths: champion, high, middle.
const TIERS: [u64; 3] = [1, 4, 10];

/// What a config says of value.
pub struct Section {
    rfm: Rfm,
    often: BgNbd,
    much: Option<GammaGamma>,
    unit_days: f64,
    horizon_days: f64,
    tiers: Vec<f64>,
}

impl Section {
    /// These cut points of RFM, and those of the tiers at their shares of what is expected of these customers.
    pub fn of(customers: &Customers, rfm: Rfm, parameters: &Parameters, unit_days: f64, horizon_days: f64) -> Section {
        // A customer is known here by what came after the first purchase alone.
        let expected = customers.all.iter().map(|known| {
            let times = parameters.often.expected_purchases(&known.summary, horizon_days / unit_days);
            let count = if known.mean > 0.0 { known.summary.frequency } else { 0.0 };
            let value =
                times * parameters.much.map_or(known.mean, |much| much.expected_average_value(count, known.mean));
            (value, known.count)
        });
        let mut expected: Vec<(f64, u64)> = expected.collect();
        expected.sort_by(|one, other| other.0.total_cmp(&one.0));
        Section {
            rfm,
            often: parameters.often,
            // Without a mean over all customers it does not fit a config.
            much: parameters.much.filter(|much| much.q > 1.0),
            unit_days,
            horizon_days,
            // Downwards, so that the last one within is within.
            tiers: TIERS
                .iter()
                .filter_map(|twentieths| Some((reaching(&expected, *twentieths, 20)? * 100.0).floor() / 100.0))
                .collect(),
        }
    }

    /// As JSON, without the name of the section.
    pub fn json(&self) -> Value {
        let round = |number: f64| (number * 1e6 + 0.5).floor() / 1e6;
        let BgNbd { r, alpha, a, b } = self.often;
        let mut rfm = serde_json::Map::new();
        for (name, points) in self.rfm.named().into_iter().filter(|(_, points)| points.len() == 4) {
            rfm.insert(name.to_owned(), json!(points.iter().copied().map(whole).collect::<Vec<_>>()));
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
