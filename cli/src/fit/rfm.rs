//! The cut points of RFM: where the fifths of all customers begin, by recency, frequency and monetary value.

use super::customers::Customers;

/// Four cut points of each, ascending; none where nobody has a value.
///
/// Recency is the days since the last purchase, frequency the number of purchases, and monetary value the mean of all
/// purchases but the first, of those who bought again for money.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rfm {
    recency_days: Vec<f64>,
    frequency: Vec<f64>,
    monetary: Vec<f64>,
}

/// A cut point as the model `rfm` of a log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutPoint {
    /// `recency`, in days, `frequency`, or `monetary`, in hundredths of the currency.
    pub figure: String,
    /// After how many fifths of all customers; from 1 to 4.
    pub fifth: u32,
    /// The point.
    pub amount: u64,
}

impl Rfm {
    /// The cut points of these customers.
    pub fn of(customers: &Customers, unit_days: f64) -> Rfm {
        let all = |amount: &dyn Fn(f64, f64) -> f64| {
            let all = customers.all.iter();
            let amounts = all
                .map(|known| (amount(known.summary.frequency, known.summary.age - known.summary.recency), known.count));
            amounts.collect::<Vec<_>>()
        };
        // Whole days, as on the device.
        let silences = all(&|_, silence| (silence * unit_days + 0.5).floor());
        let counts = all(&|frequency, _| frequency + 1.0);
        let spent = customers.repeated().map(|known| (known.mean, known.count)).collect();
        Rfm { recency_days: fifths(silences, true), frequency: fifths(counts, false), monetary: fifths(spent, false) }
    }

    /// Those that an engine has counted. Their order does not matter.
    pub fn counted(points: &[CutPoint]) -> Rfm {
        let of = |figure: &str, unit: f64| {
            let mut own: Vec<&CutPoint> = points.iter().filter(|point| point.figure == figure).collect();
            own.sort_by_key(|point| point.fifth);
            #[allow(clippy::cast_precision_loss, reason = "days, purchases and hundredths are far below 2^53")]
            own.into_iter().map(|point| point.amount as f64 / unit).collect()
        };
        Rfm { recency_days: of("recency", 1.0), frequency: of("frequency", 1.0), monetary: of("monetary", 100.0) }
    }

    /// Each by its name in a config.
    pub fn named(&self) -> [(&'static str, &[f64]); 3] {
        [("recencyDays", &self.recency_days), ("frequency", &self.frequency), ("monetary", &self.monetary)]
    }
}

/// The first of these amounts with which so many parts of all customers are reached, in the order in which they stand.
/// `None` of nobody.
pub fn reaching(amounts: &[(f64, u64)], part: u64, parts: u64) -> Option<f64> {
    let all: u64 = amounts.iter().map(|(_, count)| count).sum();
    let mut so_far: u64 = 0;
    let reached = amounts.iter().find(|(_, count)| {
        so_far = so_far.saturating_add(*count);
        so_far.saturating_mul(parts) >= part.saturating_mul(all)
    });
    reached.map(|(amount, _)| *amount)
}

/// Where four fifths of all values begin; where few are good, where four fifths of them end. Where many
/// customers are equal, none of them is above a cut point that is theirs by a share alone: who bought once is in
/// the lowest fifth, even if three fifths bought once.
fn fifths(mut values: Vec<(f64, u64)>, few_are_good: bool) -> Vec<f64> {
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let point = |fifth: u64| {
        let at = reaching(&values, fifth, 5)?;
        // Of equal ones the next, unless nobody has more.
        let next = values.iter().map(|(value, _)| *value).find(|value| *value > at).unwrap_or(at);
        Some(if few_are_good { at } else { next })
    };
    (1..=4).filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::customers::CountedCustomers;

    #[test]
    fn customers_who_are_alike_count_as_many() {
        let row = |further_days, recency_days, age_days, further_spent, count| CountedCustomers {
            further_days,
            recency_days,
            age_days,
            further_spent,
            count,
        };
        // Seven bought once, 20 days ago; two thrice, 15 each time, 5 days ago; one twice, for 40, yesterday.
        let customers = Customers::counted(&[row(0, 0, 20, 0, 7), row(2, 15, 20, 3_000, 2), row(1, 9, 10, 4_000, 1)]);
        let rfm = Rfm::of(&customers.unwrap(), 1.0);
        let expected = [
            ("recencyDays", &[5.0, 20.0, 20.0, 20.0][..]),
            ("frequency", &[2.0, 2.0, 2.0, 3.0]),
            ("monetary", &[40.0, 40.0, 40.0, 40.0]),
        ];
        assert_eq!(rfm.named(), expected);
    }

    #[test]
    fn cut_points_of_an_engine_are_put_in_order_and_in_the_unit_of_the_config() {
        let point = |figure: &str, fifth, amount| CutPoint { figure: figure.to_owned(), fifth, amount };
        let points = [point("monetary", 2, 2_001), point("recency", 1, 3), point("monetary", 1, 75)];
        let rfm = Rfm::counted(&points);
        assert_eq!(rfm.named(), [("recencyDays", &[3.0][..]), ("frequency", &[]), ("monetary", &[0.75, 20.01])]);
    }
}
