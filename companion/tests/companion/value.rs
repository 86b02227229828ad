//! What customers are worth, as models count it: numbers checked by hand.

use crate::support::{engines, rows};
use tailorbird_companion::engine::Engine;

macro_rules! model {
    ($name:literal) => {
        ($name, include_str!(concat!("../../models/", $name, ".sql")))
    };
}

const MODELS: [(&str, &str); 3] = [model!("customers"), model!("rfm_amounts"), model!("rfm")];

/// A table of numbers, from its columns and rows.
fn table(engine: &mut dyn Engine, name: &str, columns: &[&str], rows: &[&[i64]]) {
    let select = |row: &&[i64]| {
        let cells = row.iter().zip(columns).map(|(number, column)| format!("CAST({number} AS BIGINT) AS {column}"));
        format!("SELECT {}", cells.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = rows.iter().map(select).collect();
    engine.run_model(name, &rows.join(" UNION ALL ")).unwrap();
}

/// Day, visitor and what was spent, in hundredths. The log ends on day 120.
const ORDERS: [&[i64]; 11] = [
    // Once, on the first day; so did another one.
    &[100, 1, 5_000],
    &[100, 2, 900],
    // Twice more: 10 and 15 were spent on the days after the first.
    &[100, 3, 2_000],
    &[110, 3, 1_000],
    &[115, 3, 1_500],
    // The same days, and the same sum in another order.
    &[100, 4, 1],
    &[110, 4, 1_501],
    &[115, 4, 999],
    // Bought again for nothing, and gave something back.
    &[118, 5, 700],
    &[119, 5, 0],
    &[120, 5, -300],
];

fn counted(engine: &mut dyn Engine, orders: &[&[i64]], most: i64) {
    table(engine, "daily_orders", &["day", "visitor_key", "spent"], orders);
    table(engine, "site_visits", &["last_day"], &[&[120]]);
    table(engine, "params", &["max_customers"], &[&[most]]);
    for (name, select) in MODELS {
        engine.run_model(name, select).unwrap();
    }
}

#[test]
fn customers_who_are_alike_are_a_row() {
    for (name, mut engine) in engines() {
        counted(&mut *engine, &ORDERS, 1_000);
        let expected = [
            "further_days INT64\trecency_days INT64\tage_days INT64\tfurther_spent INT64\tcustomer_count INT64",
            "0\t0\t20\t0\t2",
            "2\t15\t20\t2500\t2",
            "2\t2\t2\t0\t1",
        ];
        assert_eq!(rows(&mut *engine, "customers"), expected, "{name}");
    }
}

#[test]
fn of_too_many_customers_those_with_the_lowest_numbers_are_taken() {
    for (name, mut engine) in engines() {
        counted(&mut *engine, &ORDERS, 3);
        let taken = rows(&mut *engine, "customers");
        assert_eq!(taken[1..], ["0\t0\t20\t0\t2", "2\t15\t20\t2500\t1"], "{name}");
    }
}

#[test]
fn cut_points_are_where_fifths_end() {
    // Ten customers, one for each of the days 111 to 120; the third and the tenth bought on two more days.
    let mut orders: Vec<Vec<i64>> = (1..=10).map(|visitor| vec![110 + visitor, visitor, 100]).collect();
    orders.extend([vec![114, 3, 2_001], vec![115, 3, 2_000], vec![102, 10, 50], vec![101, 10, 700]]);
    let orders: Vec<&[i64]> = orders.iter().map(Vec::as_slice).collect();
    for (name, mut engine) in engines() {
        counted(&mut *engine, &orders, 1_000);
        // Days without a purchase: 0 1 2 3 4 5 5 6 8 9 (the third bought on day 115). Eight bought once, two thrice. On
        // the days after the first, 20.005 and 0.75 were spent on average.
        let expected = [
            "figure BYTE_ARRAY\tfifth INT64\tcut_point INT64",
            "frequency\t1\t3",
            "frequency\t2\t3",
            "frequency\t3\t3",
            "frequency\t4\t3",
            "monetary\t1\t2001",
            "monetary\t2\t2001",
            "monetary\t3\t2001",
            "monetary\t4\t2001",
            "recency\t1\t1",
            "recency\t2\t3",
            "recency\t3\t5",
            "recency\t4\t6",
        ];
        assert_eq!(rows(&mut *engine, "rfm"), expected, "{name}");
    }
}
