//! What the customers of a log are worth: the section `value` of the config, and how well it fits.

use std::path::Path;

use super::figures::Value;
use crate::ending::Ending;
use crate::fit::customers::{CountedCustomers, Customers};
use crate::fit::parameters::{Parameters, fit};
use crate::fit::purchases::purchases;
use crate::fit::rfm::{CutPoint, Rfm};
use crate::fit::section::Section;

/// The unit of time of a log's customers.
const UNIT_DAYS: f64 = 1.0;

/// Fits both models of lifetime value to the customers of a log, and makes the section of them and of the cut points, as
/// `fit lifetime-value` does. `None` where nobody bought again: there is no evidence then of how often customers buy.
///
/// # Errors
///
/// When the search for parameters fails; `log` is what is named then.
pub fn value(
    log: &Path,
    customers: &[CountedCustomers],
    cut_points: &[CutPoint],
    horizon_days: f64,
) -> Result<Option<Value>, Ending> {
    let Some(customers) = Customers::counted(customers) else { return Ok(None) };
    if customers.all.iter().all(|known| known.summary.frequency == 0.0) {
        return Ok(None);
    }
    let fitted = fit(log, &customers)?;
    let Parameters { often, much } = fitted.parameters;
    let rfm = Rfm::counted(cut_points);
    let section = Section::of(&customers, rfm, &fitted.parameters, UNIT_DAYS, horizon_days);
    let mut parameters = vec![("r", often.r), ("alpha", often.alpha), ("a", often.a), ("b", often.b)];
    parameters.extend(much.into_iter().flat_map(|much| [("p", much.p), ("q", much.q), ("v", much.v)]));
    Ok(Some(Value {
        customers: customers.count(),
        repeated: customers.repeated_count(),
        parameters,
        correlation: customers.correlation(),
        purchases: purchases(&customers, &often),
        section: section.text(),
        section_json: section.json(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Customers of three kinds, in this order or another.
    fn rows() -> Vec<CountedCustomers> {
        let row = |further_days, recency_days, age_days, further_spent, count| CountedCustomers {
            further_days,
            recency_days,
            age_days,
            further_spent,
            count,
        };
        vec![
            row(0, 0, 60, 0, 50),
            row(0, 0, 20, 0, 30),
            row(1, 20, 60, 2_500, 12),
            row(2, 40, 50, 9_000, 6),
            row(5, 55, 60, 17_500, 2),
        ]
    }

    #[test]
    fn counted_customers_are_worth_what_they_are_worth_one_by_one() {
        let one_by_one: Vec<CountedCustomers> = rows()
            .into_iter()
            .rev()
            .flat_map(|row| (0..row.count).map(move |_| CountedCustomers { count: 1, ..row }))
            .collect();
        let of = |rows: &[CountedCustomers]| value(Path::new("log"), rows, &[], 365.0).unwrap().unwrap();
        let (counted, alone) = (of(&rows()), of(&one_by_one));
        assert_eq!((counted.customers, counted.repeated), (100, 20));
        assert_eq!((alone.customers, alone.repeated), (100, 20));
        for ((name, one), (_, other)) in counted.parameters.iter().zip(&alone.parameters) {
            // The same but for the order of sums, which the search for the best may follow for some digits.
            assert!((one / other - 1.0).abs() < 1e-3, "{name}: {one}, {other}");
        }
    }

    #[test]
    fn the_section_has_the_cut_points_that_were_counted() {
        let cut = |figure: &str| {
            (1..=4).map(|fifth| CutPoint { figure: figure.to_owned(), fifth, amount: u64::from(fifth) * 150 }).collect()
        };
        let cuts: Vec<Vec<CutPoint>> = ["recency", "frequency", "monetary"].map(cut).to_vec();
        let found = value(Path::new("log"), &rows(), &cuts.concat(), 365.0).unwrap().unwrap();
        assert!(found.section.contains("\"recencyDays\": [150, 300, 450, 600]"), "{}", found.section);
        assert!(found.section.contains("\"monetary\": [1.5, 3, 4.5, 6]"), "{}", found.section);
        assert!(found.section.contains("\"unitDays\": 1"), "{}", found.section);
    }

    #[test]
    fn where_nobody_bought_again_nothing_is_said() {
        for rows in [&[][..], &rows()[..2]] {
            assert!(value(Path::new("log"), rows, &[], 365.0).unwrap().is_none());
        }
    }
}
