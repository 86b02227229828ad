//! Orders: whatever way they come in, each counts once.

use proptest::prelude::*;
use tailorbird::codec::Codec;
use tailorbird::host::Native;
use tailorbird::profile::purchase::Purchases;
use tailorbird::signal::event::Event;
use tailorbird::time::{DAY, HOUR, Timestamp};

/// One report of an order: its number, if it has one; hours since a midnight; its value in cents.
pub type Report = (Option<u8>, u16, u32);

/// The midnight that hours count from.
pub const START: i64 = 20_000 * DAY;

fn fold(purchases: &mut Purchases, (number, hour, cents): Report) {
    let number = number.map_or(String::new(), |number| format!(r#", "transaction_id": "A-{number}""#));
    let params = format!(r#"{{"value": {}{number}}}"#, f64::from(cents) / 100.0);
    let event = Event::read("purchase", &serde_json::from_str(&params).unwrap(), &Native).unwrap();
    purchases.fold(&event, Timestamp::from_ms(START + i64::from(hour) * HOUR));
}

/// What comes of these reports, taken in in this order.
pub fn all(reports: &[Report]) -> Purchases {
    let mut purchases = Purchases::default();
    reports.iter().for_each(|report| fold(&mut purchases, *report));
    purchases
}

fn merged(one: &Purchases, other: &Purchases) -> Purchases {
    let mut one = one.clone();
    one.merge(other);
    one
}

fn days(purchases: &Purchases) -> Vec<i64> {
    purchases.days().iter().map(|day| (day.ms() - START) / DAY).collect()
}

#[test]
fn orders_of_one_day_are_one_purchase_and_reports_of_one_order_are_one_order() {
    let cases: [(&[Report], u32, f64, &[i64], &str); 6] = [
        (&[], 0, 0.0, &[], "nothing"),
        (&[(Some(1), 0, 1_000), (Some(2), 23, 2_050)], 2, 30.5, &[0], "two orders of a day"),
        (&[(Some(1), 23, 1_000), (Some(2), 24, 1_000)], 2, 20.0, &[0, 1], "an hour apart, on two days"),
        (&[(Some(1), 5, 1_000), (Some(1), 30, 1_000)], 1, 10.0, &[0], "loaded again the next day"),
        (&[(Some(1), 30, 10), (Some(2), 7, 10), (Some(1), 31, 10)], 2, 0.2, &[0, 1], "and another order stays"),
        (&[(None, 5, 1_000), (None, 5, 1_100), (None, 6, 1_000)], 3, 31.0, &[0], "without a number, each counts"),
    ];
    for (reports, orders, revenue, expected, why) in cases {
        let purchases = all(reports);
        assert_eq!(
            (purchases.orders, purchases.revenue, days(&purchases)),
            (orders, revenue, expected.to_vec()),
            "{why}"
        );
    }
}

#[test]
fn of_many_orders_all_are_counted_and_the_last_32_remembered() {
    let reports: Vec<Report> = (0..200).map(|number| (Some(number), u16::from(number) * 12, 100)).collect();
    let purchases = all(&reports);
    assert_eq!((purchases.orders, purchases.revenue), (200, 200.0));
    assert_eq!((purchases.values().count(), purchases.days().len()), (32, 100));
    assert_eq!(purchases.last, Some(Timestamp::from_ms(START + 199 * 12 * HOUR)));
    let again = all(&[&reports[..], &reports[170..]].concat());
    assert_eq!(again, purchases, "the last ones, reported again");
}

#[test]
fn devices_of_many_orders_are_added() {
    let reports = |from: u8, hour: u16, count: u8| -> Vec<Report> {
        (0..count).map(|number| (Some(from + number), hour + u16::from(number) * 24, 100)).collect()
    };
    let (phone, desk) = (reports(0, 0, 40), reports(100, 1, 50));
    let both = merged(&all(&phone), &all(&desk));
    assert_eq!((both.orders, both.revenue, both.days().len()), (90, 90.0, 50));
    assert_eq!(merged(&all(&desk), &all(&phone)), both);
}

/// Reports of orders, some of them of the same; all that report one order agree on it.
fn reports() -> impl Strategy<Value = Vec<Report>> {
    let of = |number: u8| (Some(number), u16::from(number) * 37 % 400, u32::from(number) * 7_919 % 100_000);
    proptest::collection::vec((0..12u8).prop_map(of), 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_in_which_reports_come_in_makes_no_difference(
        (reports, shuffled) in reports().prop_flat_map(|reports| (Just(reports.clone()), Just(reports).prop_shuffle()))
    ) {
        prop_assert_eq!(all(&reports), all(&shuffled));
    }

    #[test]
    fn merging_is_folding_everything(one in reports(), other in reports(), third in reports()) {
        let [a, b, c] = [&one, &other, &third].map(|reports| all(reports));
        prop_assert_eq!(&merged(&a, &b), &merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(&merged(&a, &a), &a);
        prop_assert_eq!(merged(&merged(&a, &b), &b), merged(&a, &b));
        prop_assert_eq!(merged(&a, &b), all(&[one, other].concat()));
    }

    #[test]
    fn what_is_kept_is_read_again(reports in reports()) {
        let mut purchases = all(&reports);
        let mut out = Codec::default();
        purchases.code(&mut out);
        let bytes = out.into_bytes();
        let (mut from, mut read) = (Codec::reading(&bytes), Purchases::default());
        read.code(&mut from);
        prop_assert!(from.is_complete());
        prop_assert_eq!(read, purchases);
    }
}
