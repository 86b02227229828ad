//! The features of a visit that predict whether something will be bought, as numbers: for weights, of which log odds are a
//! sum, only what a device knows; for trees, everything there is.

use std::collections::BTreeMap;

use libm::log as ln;

use crate::boosting::Columns;
use crate::logistic::Row;
use crate::train::visits::Visit;

/// How many weights there are at most, the intercept beside them.
pub const MOST: usize = 99;
/// How often a name must occur to have a weight of its own.
const RARE: usize = 30;
/// Where a curve bends: at these shares of the numbers above the least.
const BENDS: [f64; 3] = [0.25, 0.5, 0.75];
/// The places of names: when it was, from where, and who.
const MONTH: usize = 0;
const REGION: usize = 3;
const VISITOR: usize = 5;
/// How many months, the most frequent ones, have slopes of their own.
const MONTHS: usize = 3;

/// A number of a visit.
type Number = fn(&Visit) -> f64;

/// What a browser can count: pages and seconds of three kinds, seconds a page, the share of products, and how
/// near a special day is. A number with a step differs from none at all.
const CURVES: [(Number, bool); 11] = [
    (|visit| long(visit.administrative), true),
    (|visit| long(visit.administrative_seconds), false),
    (|visit| long(visit.informational), true),
    (|visit| long(visit.informational_seconds), false),
    (|visit| long(visit.product_related), false),
    (|visit| long(visit.product_seconds), false),
    (|visit| long(seconds_a_page(visit)[0]), false),
    (|visit| long(seconds_a_page(visit)[1]), false),
    (|visit| long(seconds_a_page(visit)[2]), false),
    (|visit| visit.product_related / pages(visit).max(1.0), false),
    (|visit| visit.special_day, false),
];
/// Of these the slope differs for new visitors, and from month to month.
const STEEP: [Number; 4] = [
    |visit| long(visit.administrative),
    |visit| long(visit.product_related),
    |visit| long(visit.product_seconds),
    |visit| long(seconds_a_page(visit)[2]),
];

fn long(number: f64) -> f64 {
    ln(1.0 + number)
}

fn pages(visit: &Visit) -> f64 {
    visit.administrative + visit.informational + visit.product_related
}

/// Seconds a page, of each kind of pages.
fn seconds_a_page(visit: &Visit) -> [f64; 3] {
    [
        visit.administrative_seconds / visit.administrative.max(1.0),
        visit.informational_seconds / visit.informational.max(1.0),
        visit.product_seconds / visit.product_related.max(1.0),
    ]
}

/// How a device's features are made; learned from visits, without looking at what came of them.
pub struct Features {
    curves: Vec<Curve>,
    /// Place among the names, and the name.
    named: Vec<(usize, String)>,
    /// The same of those with slopes of their own.
    sloped: Vec<(usize, String)>,
    /// What each feature is divided by.
    scales: Vec<f64>,
}

/// A number as a broken line: itself, whether there is any, and by how much it exceeds each bend.
struct Curve {
    of: Number,
    has_step: bool,
    bends: Vec<f64>,
}

impl Features {
    /// Learns where curves bend, which names are frequent, and by how much features vary.
    pub fn learn(visits: &[Visit]) -> Features {
        let curves = CURVES.iter().map(|(of, has_step)| Curve::learn(visits, *of, *has_step)).collect();
        let mut frequent: Vec<((usize, String), usize)> = counts(visits).into_iter().collect();
        frequent.sort_by_key(|(_, count)| core::cmp::Reverse(*count));
        frequent.retain(|((place, _), count)| *count >= RARE && *place != REGION);
        let names: Vec<(usize, String)> = frequent.into_iter().map(|(name, _)| name).collect();
        let months = names.iter().filter(|(place, _)| *place == MONTH).take(MONTHS).cloned();
        let sloped: Vec<_> = [(VISITOR, "New_Visitor".to_owned())].into_iter().chain(months).collect();
        // Of each place the most frequent name is what the others are compared with.
        let is_first = |one: &(usize, String)| names.iter().find(|other| other.0 == one.0) == Some(one);
        let named = names.iter().filter(|name| !is_first(name)).cloned().collect();
        let mut features = Features { curves, named, sloped, scales: Vec::new() };
        let spare = MOST.saturating_sub(features.width() - features.named.len());
        features.named.truncate(spare);
        features.scales = features.deviations(visits);
        features
    }

    /// How many features there are.
    pub fn width(&self) -> usize {
        self.curves.iter().map(Curve::width).sum::<usize>() + self.sloped.len() * STEEP.len() + self.named.len()
    }

    /// The features of a visit, in units of how much they vary.
    pub fn row(&self, visit: &Visit) -> Row {
        let values = self.values(visit).into_iter().zip(&self.scales).map(|(value, scale)| value / scale);
        values.enumerate().filter(|(_, value)| *value != 0.0).collect()
    }

    fn values(&self, visit: &Visit) -> Vec<f64> {
        let mut values = Vec::new();
        for curve in &self.curves {
            curve.put(visit, &mut values);
        }
        let truth =
            |(place, name): &(usize, String)| if visit.names().get(*place) == Some(&name.as_str()) { 1.0 } else { 0.0 };
        for name in &self.sloped {
            values.extend(STEEP.iter().map(|of| truth(name) * of(visit)));
        }
        values.extend(self.named.iter().map(truth));
        values
    }

    /// The standard deviations of what is a number. What is true or false is left as it is: a rare name is
    /// shrunk more.
    fn deviations(&self, visits: &[Visit]) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); self.width()];
        for visit in visits {
            for ((sum, squares), value) in sums.iter_mut().zip(self.values(visit)) {
                *sum += value;
                *squares += value * value;
            }
        }
        let cases = f64::from(u32::try_from(visits.len()).unwrap_or(u32::MAX)).max(1.0);
        let numbers = self.width() - self.named.len();
        let deviation = |(place, (sum, squares)): (usize, (f64, f64))| {
            let variance = squares / cases - (sum / cases) * (sum / cases);
            if place < numbers && variance > 1e-12 { variance.sqrt() } else { 1.0 }
        };
        sums.into_iter().enumerate().map(deviation).collect()
    }
}

impl Curve {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    fn learn(visits: &[Visit], of: Number, has_step: bool) -> Curve {
        let mut numbers: Vec<f64> = visits.iter().map(of).collect();
        numbers.sort_by(f64::total_cmp);
        let least = numbers.first().copied().unwrap_or(0.0);
        numbers.retain(|number| *number > least);
        let mut bends: Vec<f64> = Vec::new();
        for share in BENDS {
            if let Some(bend) = numbers.get((numbers.len() as f64 * share) as usize)
                && bends.last().is_none_or(|last| last < bend)
            {
                bends.push(*bend);
            }
        }
        Curve { of, has_step, bends }
    }

    fn width(&self) -> usize {
        1 + usize::from(self.has_step) + self.bends.len()
    }

    fn put(&self, visit: &Visit, values: &mut Vec<f64>) {
        let number = (self.of)(visit);
        values.push(number);
        if self.has_step {
            values.push(if number > 0.0 { 1.0 } else { 0.0 });
        }
        values.extend(self.bends.iter().map(|bend| (number - bend).max(0.0)));
    }
}

fn counts(visits: &[Visit]) -> BTreeMap<(usize, String), usize> {
    let mut counts = BTreeMap::new();
    for visit in visits {
        for (place, name) in visit.names().into_iter().enumerate() {
            *counts.entry((place, name.to_owned())).or_default() += 1;
        }
    }
    counts
}

/// Everything there is about visits, the site's own statistics as well, by column. Names that are no numbers
/// are numbered as they occur in `train`, sorted.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "features need few digits")]
pub fn columns(train: &[Visit], visits: &[Visit]) -> Columns {
    let mut columns: Columns = Vec::new();
    for visit in visits {
        let numbers: Vec<f64> = visit.numbers().into_iter().chain(seconds_a_page(visit)).collect();
        columns.resize(numbers.len(), Vec::new());
        columns.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number as f32));
    }
    let names: Vec<(usize, String)> = counts(train).into_keys().collect();
    for place in 0..Visit::default().names().len() {
        let number = |visit: &Visit| {
            let name = visit.names().get(place).copied().unwrap_or_default();
            name.parse().ok().filter(|number: &f32| number.is_finite()).unwrap_or_else(|| {
                names
                    .iter()
                    .filter(|other| other.0 == place)
                    .position(|other| other.1 == name)
                    .map_or(-1.0, |at| at as f32)
            })
        };
        columns.push(visits.iter().map(number).collect());
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits() -> Vec<Visit> {
        let visit = |case: u32| {
            let number = |place: u32| f64::from(case * (place + 3) % 23);
            let name = |place: u32| format!("n{}", case % (place * 5 + 2));
            Visit {
                administrative: number(0),
                administrative_seconds: number(1),
                informational: number(2),
                informational_seconds: number(3),
                product_related: number(4),
                product_seconds: number(5),
                special_day: number(6),
                month: name(0),
                operating_systems: name(1),
                browser: name(2),
                region: name(3),
                traffic_type: name(4),
                visitor_type: name(5),
                weekend: name(6),
                ..Visit::default()
            }
        };
        (0..2_000).map(visit).collect()
    }

    #[test]
    fn a_device_has_at_most_a_hundred_weights_and_nothing_of_the_sites_statistics() {
        let mut visits = visits();
        let features = Features::learn(&visits);
        assert_eq!(features.width(), MOST, "as many as there may be");
        let before: Vec<Row> = visits.iter().map(|visit| features.row(visit)).collect();
        for visit in &mut visits {
            (visit.bounce_rates, visit.exit_rates, visit.page_values) = (0.7, 0.7, 0.7);
        }
        assert_eq!(before, visits.iter().map(|visit| features.row(visit)).collect::<Vec<_>>());
        assert!(before.iter().flatten().all(|(place, value)| *place < MOST && value.is_finite()));
    }
}
