use proptest::prelude::*;

use super::learn::{LearnedAreas, LeftOut, Settings};
use super::*;

const SETTINGS: Settings = Settings { penalty: 1.0, support: 2, most_a_row: 8 };

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Boots and socks go together, tents and stoves as well, and everybody reads the news.
fn shop() -> LearnedAreas {
    let visitors =
        [vec![vec![0, 1, 4]; 6], vec![vec![2, 3, 4]; 5], vec![vec![4]; 9], vec![vec![0, 5], vec![1, 2]]].concat();
    let names = named(&["boots", "socks", "tents", "stoves", "news", "imprint", "never"]);
    LearnedAreas::learn(&names, &visitors, SETTINGS)
}

#[test]
fn who_saw_one_area_is_expected_in_those_that_belong_to_it() {
    let bytes = shop().encode();
    let areas = Areas::read(&bytes).unwrap();
    assert_eq!(areas.names().collect::<Vec<_>>(), ["news", "boots", "socks", "tents", "stoves"]);
    let number = |name: &str| areas.number(name).unwrap();
    let expected = [("boots", "socks"), ("socks", "boots"), ("tents", "stoves"), ("stoves", "tents")];
    for (seen, expected) in expected {
        let unseen = areas.unseen(&[number(seen), number("news")], 1);
        assert_eq!(unseen.iter().map(|unseen| unseen.area).collect::<Vec<_>>(), [number(expected)], "after {seen}");
        let because: Vec<u32> = unseen[0].because.iter().map(|(area, _)| *area).collect();
        assert_eq!(because[0], number(seen), "and {seen} is why");
    }
    let first = areas.unseen(&[], 1);
    assert_eq!((first[0].area, first[0].because.len()), (number("news"), 0), "of somebody new, what everybody sees");
    assert_eq!(areas.unseen(&[99], 9), areas.unseen(&[], 9), "an unknown area says nothing");
}

#[test]
fn what_too_few_visitors_saw_is_not_in_the_file() {
    let learned = shop();
    let bytes = learned.encode();
    let areas = Areas::read(&bytes).unwrap();
    assert_eq!((areas.number("imprint"), areas.number("never")), (None, None));
    assert_eq!(learned.left_out, LeftOut { areas: 1, pairs: 1 }, "the imprint, and socks with tents");
    let number = |name: &str| areas.number(name).unwrap();
    let tents = areas.unseen(&[number("socks")], 9).into_iter().find(|unseen| unseen.area == number("tents")).unwrap();
    assert_eq!(tents.because, []);
}

#[test]
fn nobody_and_nothing_are_a_model_as_well() {
    let learned = LearnedAreas::learn(&[], &[], SETTINGS);
    let bytes = learned.encode();
    assert_eq!(bytes, [0, 0]);
    assert_eq!(Areas::read(&bytes).unwrap().unseen(&[0], 3), []);
    assert_eq!(Areas::read(&[]), None);
}

/// Two areas and three weights, spelled out. Where this test fails the format has changed: give the section a new
/// number.
#[test]
fn the_format_is_what_it_was() {
    #[rustfmt::skip]
    let golden = [
        2,                      // areas
        1, b'a', 1, b'b',
        1, 0x80, 0x80, 0x20, 0, 2, // everybody: one weight in units of 1/2, the first area, 2 units
        1, 0x80, 0x80, 0x10, 1, 0xfe, // the first: one in units of 1/4, the second area, -2 units
        0,                      // the second: none
    ];
    let areas = Areas::read(&golden).unwrap();
    assert_eq!(areas.unseen(&[1], 9), [Unseen { area: 0, score: 1.0, because: Vec::new() }]);
    assert_eq!(areas.unseen(&[0], 9), [Unseen { area: 1, score: -0.5, because: Vec::new() }]);
    let beyond = [1, 1, b'a', 1, 4, 1, 1, 0];
    assert_eq!(Areas::read(&beyond), None, "a weight of an area that is not there");
    let more = [&golden[..], &[0]].concat();
    assert_eq!(Areas::read(&more), None, "more than was announced");
}

fn visitors() -> impl Strategy<Value = Vec<Vec<u32>>> {
    prop::collection::vec(prop::collection::vec(0_u32..12, 0..6), 0..60)
}

proptest! {
    #[test]
    fn what_was_learned_can_be_read_and_answers(
        visitors in visitors(), seen in prop::collection::vec(0_u32..14, 0..5),
    ) {
        let names: Vec<String> = (0..12).map(|area| format!("area {area}")).collect();
        let bytes = LearnedAreas::learn(&names, &visitors, SETTINGS).encode();
        let areas = Areas::read(&bytes).unwrap();
        let unseen = areas.unseen(&seen, 99);
        let known = seen.iter().filter(|area| **area < areas.count()).collect::<std::collections::BTreeSet<_>>().len();
        prop_assert_eq!(unseen.len() + known, areas.count() as usize);
        prop_assert!(unseen.iter().all(|unseen| !seen.contains(&unseen.area) && unseen.score.is_finite()));
        prop_assert!(unseen.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(mut bytes: Vec<u8>, place: prop::sample::Index, change: u8) {
        let read = |bytes: &[u8]| Areas::read(bytes).map(|areas| areas.unseen(&[0, 1], 9));
        read(&bytes);
        bytes = shop().encode();
        let place = place.index(bytes.len());
        bytes[place] = change;
        read(&bytes);
        prop_assert!(read(&bytes[..place]).is_none());
    }
}
