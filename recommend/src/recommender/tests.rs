use proptest::prelude::*;

use super::*;
use crate::items::{Category, Item};
use crate::learn::{Parts, Product, Session, View, learn};
use crate::repeats::Repeats;
use crate::rules::Lists;

fn catalog(ids: &[(&str, &str)]) -> Vec<Product> {
    ids.iter().map(|(id, category)| Product { id: (*id).to_owned(), category: (*category).to_owned() }).collect()
}

/// Sessions of a minute's step, all of one day, each of a visitor of its own.
fn sessions(seen: &[&[u32]]) -> Vec<Session> {
    let view = |(step, product): (u32, &u32)| View { product: *product, seconds: f64::from(step) * 60.0 };
    let session = |(visitor, seen): (u32, &&[u32])| Session {
        visitor,
        views: (0..).zip(seen.iter()).map(view).collect(),
        bought: Vec::new(),
    };
    (0..).zip(seen).map(session).collect()
}

fn recommender(parts: Parts<'_>) -> Recommender<'_> {
    Recommender::new(parts.items, Some(parts.rules), Some(parts.sessions))
}

fn ids<'a>(recommender: &'a Recommender<'_>, kind: Kind, history: &[&str], count: usize) -> Vec<&'a str> {
    let history: Vec<u32> = history.iter().map(|id| recommender.number(id).unwrap_or(u32::MAX)).collect();
    let list = recommender.recommend(kind, &history, count);
    list.iter().map(|recommended| recommender.id(recommended.item).unwrap()).collect()
}

const SHOP: &[(&str, &str)] = &[("boots", ""), ("socks", ""), ("wax", ""), ("tent", ""), ("stove", "")];
/// Boots and socks, sometimes wax; tents and stoves apart.
const SEEN: &[&[u32]] =
    &[&[0, 1, 2], &[0, 1, 2], &[0, 1], &[0, 1], &[0, 1], &[1, 0], &[0, 1], &[3, 4], &[3, 4], &[4, 3], &[1]];

#[test]
fn similar_items_are_those_seen_together_and_not_the_item_itself() {
    let catalog = catalog(SHOP);
    let recommender = recommender(learn(&catalog, &sessions(SEEN), 1).unwrap());
    assert_eq!(ids(&recommender, Kind::Similar, &["boots"], 2), ["socks", "wax"]);
    assert_eq!(ids(&recommender, Kind::Similar, &["tent"], 1), ["stove"]);
    let all = ids(&recommender, Kind::Similar, &["boots"], 9);
    assert_eq!(all.len(), 4, "popular items follow, but not the current one: {all:?}");
}

#[test]
fn for_you_may_be_the_current_item_again() {
    let catalog = catalog(SHOP);
    let again: &[&[u32]] = &[&[0, 0, 1], &[0, 0, 1], &[2, 3], &[2, 3]];
    let recommender = recommender(learn(&catalog, &sessions(&again.repeat(20)), 1).unwrap());
    assert_eq!(ids(&recommender, Kind::ForYou, &["boots"], 1), ["boots"], "everybody looked again");
    assert_eq!(ids(&recommender, Kind::ForYou, &["boots", "boots"], 1), ["socks"], "and nobody a third time");
    assert_eq!(ids(&recommender, Kind::ForYou, &["wax"], 1), ["tent"], "of which nobody did");
}

#[test]
fn bought_together_is_what_was_bought_and_nothing_of_the_history() {
    let catalog = catalog(SHOP);
    let mut sessions = sessions(SEEN);
    for session in sessions.iter_mut().take(2) {
        session.bought = vec![0, 2];
    }
    let bought = recommender(learn(&catalog, &sessions, 2).unwrap());
    assert_eq!(ids(&bought, Kind::BoughtTogether, &["boots"], 1), ["wax"], "though socks are seen more often");
    sessions.iter_mut().for_each(|session| session.bought.clear());
    let seen = recommender(learn(&catalog, &sessions, 2).unwrap());
    assert_eq!(ids(&seen, Kind::BoughtTogether, &["boots"], 1), ["socks"], "nothing was bought: what was seen");
    let list = ids(&seen, Kind::BoughtTogether, &["socks", "boots"], 5);
    assert_eq!(list, ["wax", "stove", "tent"], "what is in the basket is not recommended again");
}

#[test]
fn popular_items_are_the_floor_of_every_list_the_category_first() {
    let catalog = catalog(&[("a", "x"), ("b", "x"), ("c", "y"), ("d", "y")]);
    let seen = sessions(&[&[0], &[1], &[1], &[2], &[2], &[2], &[3], &[3], &[3], &[3]]);
    let recommender = recommender(learn(&catalog, &seen, 1).unwrap());
    assert_eq!(ids(&recommender, Kind::Popular, &["a"], 9), ["d", "c", "b", "a"]);
    assert_eq!(ids(&recommender, Kind::Similar, &["a"], 9), ["b", "d", "c"]);
    assert_eq!(ids(&recommender, Kind::ForYou, &[], 2), ["d", "c"], "of a visitor nothing is known");
    assert_eq!(ids(&recommender, Kind::Similar, &["nobody knows it"], 2), ["d", "c"]);
    let list = recommender.recommend(Kind::Similar, &[0], 1);
    assert!(list.iter().all(|recommended| recommended.because.is_none()), "{list:?}");
}

#[test]
fn the_item_that_contributed_most_is_named() {
    let catalog = catalog(SHOP);
    let recommender = recommender(learn(&catalog, &sessions(SEEN), 1).unwrap());
    let number = |id: &str| recommender.number(id).unwrap();
    let because = |history: &[u32], item: u32| {
        let list = recommender.recommend(Kind::Similar, history, 9);
        list.iter().find(|recommended| recommended.item == item).and_then(|recommended| recommended.because)
    };
    let history = [number("tent"), number("boots")];
    assert_eq!(because(&history, number("stove")), Some(number("tent")));
    assert_eq!(because(&history, number("socks")), Some(number("boots")));
}

#[test]
fn only_what_enough_visitors_have_in_common_is_in_a_model() {
    let catalog = catalog(SHOP);
    let seen: &[&[u32]] = &[&[0, 1, 2], &[0, 1, 2], &[0, 1], &[2, 1], &[2, 3], &[3, 4], &[4, 3], &[3, 4]];
    let parts = learn(&catalog, &sessions(seen), 3).unwrap();
    let number = |id: &str| parts.items.number(id).unwrap();
    let after = |id: &str| parts.rules.next.of(number(id)).map(|rule| rule.item).collect::<Vec<_>>();
    assert_eq!(after("boots"), [number("socks")], "two visitors saw boots and wax, three boots and socks");
    assert_eq!(after("wax"), [number("socks")], "and one wax and a tent");
    for session in 0..parts.sessions.count() {
        let seen: Vec<u32> = parts.sessions.seen(session).collect();
        assert_eq!(seen.len(), 2, "three visitors saw two things, but no three of them three: {seen:?}");
    }
    let one_visitor: Vec<Session> =
        sessions(seen).into_iter().map(|session| Session { visitor: 1, ..session }).collect();
    let parts = learn(&catalog, &one_visitor, 2).unwrap();
    assert_eq!((parts.items.count(), parts.sessions.count()), (0, 0), "one visitor is one, however often");
}

/// Three items, seen by 8, 4 and 2 of 16 sessions; two sessions, of today and ten days ago; one rule.
fn small() -> Recommender<'static> {
    let items = [("a", 8), ("b", 4), ("c", 2)].map(|(id, popularity)| Item { id, popularity });
    let categories = vec![Category { name: "", size: 3 }];
    let items = Items::new(16, &categories, &items, &Repeats::even(3)).unwrap();
    let sessions = Sessions::new(3, [(0, vec![0, 1]), (10, vec![0, 1, 2])]);
    let rules = Rules { next: Lists::new(&[vec![(2, 1.0)], vec![], vec![]], 7), together: Lists::default() };
    Recommender::new(items, Some(rules), Some(sessions))
}

/// By hand, from the formulas at the head of the module.
#[test]
fn scores_are_what_the_formulas_say() {
    let recommender = small();
    let score = |history: &[u32], item: u32| {
        let list = recommender.recommend(Kind::Similar, history, 3);
        list.iter().find(|recommended| recommended.item == item).map(|recommended| recommended.score)
    };
    // Similarity of the sessions to (a): 1 / sqrt(2), and exp(-10 / 10) / sqrt(3); the rarity of b is 1 + 5 ln(16 / 4),
    // that of c 1 + 5 ln(16 / 2).
    let (near, far) = (1.0 / 2.0_f64.sqrt(), 0.367_879_441_171_442_33 / 3.0_f64.sqrt());
    let (b, c) = ((near + far) * (1.0 + 5.0 * 1.386_294_361_119_890_6), far * (1.0 + 5.0 * 2.079_441_541_679_835_7));
    // Neighbours weigh 0.85 and rules 0.15, of which those of the current item are two thirds. All is scaled to 1.
    let of_neighbours = [0.85 * b / (b + c), 0.85 * c / (b + c)];
    let of_rules = 0.15 * 2.0 / 3.0;
    let sum = 0.85 + of_rules;
    let expected = [of_neighbours[0] / sum, (of_neighbours[1] + of_rules) / sum];
    for (item, expected) in (1..).zip(expected) {
        assert!((score(&[0], item).unwrap() - expected).abs() < 1e-12, "{item}: {expected}");
    }
    let list = recommender.recommend(Kind::ForYou, &[1, 0], 3);
    let again = list.iter().find(|recommended| recommended.item == 0).unwrap();
    assert!((again.score - 1.5).abs() < 1e-12, "even odds, times one and a half: {again:?}");
    assert_eq!(again.because, Some(0));
}

#[test]
fn sessions_of_any_age_are_neighbours() {
    let Recommender { items, .. } = small();
    let sessions = Sessions::new(3, [(u32::MAX, vec![0, 1]), (9_000, vec![0, 2])]);
    let list = Recommender::new(items, None, Some(sessions)).recommend(Kind::Similar, &[0], 3);
    let scores: Vec<f64> = list.iter().map(|recommended| recommended.score).collect();
    assert!((scores.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{scores:?}");
}

#[test]
fn sections_of_other_items_are_left_out() {
    let Recommender { items, rules, .. } = small();
    let other = Sessions::new(2, [(0, vec![0, 1])]);
    let with = Recommender::new(items.clone(), rules.clone(), Some(other)).recommend(Kind::ForYou, &[0], 3);
    assert_eq!(with, Recommender::new(items, rules, None).recommend(Kind::ForYou, &[0], 3));
}

const KINDS: [Kind; 4] = [Kind::Similar, Kind::BoughtTogether, Kind::ForYou, Kind::Popular];

/// What holds of every list.
fn check_list(recommender: &Recommender<'_>, kind: Kind, history: &[u32], count: usize) -> Result<(), TestCaseError> {
    let list = recommender.recommend(kind, history, count);
    prop_assert!(list.len() <= count);
    for (place, one) in list.iter().enumerate() {
        let item = recommender.items().get(one.item);
        prop_assert!(item.is_some(), "{one:?}");
        prop_assert!(one.score >= 0.0 && one.score.is_finite(), "{one:?}");
        prop_assert!(one.because.is_none_or(|because| history.contains(&because)), "{one:?}");
        for later in list.iter().skip(place + 1) {
            prop_assert_ne!(one.item, later.item);
            let rank = |one: &Recommended| {
                let item = recommender.items().get(one.item).unwrap();
                (one.score, item.popularity, std::cmp::Reverse(item.id))
            };
            prop_assert!(rank(one) >= rank(later), "{one:?} before {later:?}");
        }
        let current = history.iter().rev().find(|item| **item < recommender.items().count());
        if kind == Kind::Similar {
            prop_assert_ne!(Some(&one.item), current);
        }
        if kind == Kind::BoughtTogether {
            prop_assert!(!history.contains(&one.item));
        }
    }
    Ok(())
}

fn some_sessions() -> impl Strategy<Value = Vec<Session>> {
    let view = (0u32..14, 0u32..900_000).prop_map(|(product, seconds)| View { product, seconds: f64::from(seconds) });
    let views = prop::collection::vec(view, 0..9);
    let session = (0u32..12, views, prop::collection::vec(0u32..14, 0..4));
    prop::collection::vec(session.prop_map(|(visitor, views, bought)| Session { visitor, views, bought }), 0..40)
}

proptest! {
    #[test]
    fn a_model_that_was_written_and_read_gives_the_same_lists_to_the_bit(
        sessions in some_sessions(),
        support in 1usize..4,
        history in prop::collection::vec(0u32..16, 0..8),
        count in 0usize..16,
    ) {
        let catalog: Vec<Product> = (0..12)
            .map(|place| Product { id: format!("i{}", place % 11), category: ["", "x", "y"][place % 3].to_owned() })
            .collect();
        let parts = learn(&catalog, &sessions, support).unwrap();
        let (items, rules, index) = (parts.items.encode(), parts.rules.encode(), parts.sessions.encode());
        let read = Parts {
            items: Items::read(&items).unwrap(),
            rules: Rules::read(&rules).unwrap(),
            sessions: Sessions::read(&index).unwrap(),
            next_items: parts.next_items.clone(),
        };
        prop_assert_eq!(&read, &parts);
        let (learned, read) = (recommender(parts), recommender(read));
        for kind in KINDS {
            check_list(&read, kind, &history, count)?;
            prop_assert_eq!(learned.recommend(kind, &history, count), read.recommend(kind, &history, count));
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_sections_or_sound_ones(
        sessions in some_sessions(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        noise in prop::collection::vec(any::<u8>(), 0..60),
        history in prop::collection::vec(any::<u32>(), 0..6),
        known in prop::collection::vec(0u32..12, 0..6),
    ) {
        let catalog: Vec<Product> =
            (0..12).map(|place| Product { id: format!("i{place}"), category: String::new() }).collect();
        let parts = learn(&catalog, &sessions, 1).unwrap();
        let changed = |mut bytes: Vec<u8>| {
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            bytes
        };
        let (items, rules, index) =
            (changed(parts.items.encode()), changed(parts.rules.encode()), changed(parts.sessions.encode()));
        for items in [&items, &noise] {
            for (rules, index) in [(&rules, &index), (&noise, &index), (&rules, &noise)] {
                let Some(items) = Items::read(items) else { continue };
                let recommender = Recommender::new(items, Rules::read(rules), Sessions::read(index));
                for kind in KINDS {
                    check_list(&recommender, kind, &history, 20)?;
                    check_list(&recommender, kind, &known, 20)?;
                }
            }
        }
    }
}
