use super::*;

fn catalog() -> Vec<Product> {
    let product = |(id, category): (&str, &str)| Product { id: id.to_owned(), category: category.to_owned() };
    [("tent", "tents"), ("boots", "boots"), ("socks", "boots"), ("map", ""), ("stake", "tents"), ("boots", "tents")]
        .map(product)
        .to_vec()
}

/// A session that ended on this day.
fn session(visitor: u32, day: f64, seen: &[u32]) -> Session {
    let view = |(step, product): (u32, &u32)| View { product: *product, seconds: day * 86_400.0 + f64::from(step) };
    Session { visitor, views: (0..).zip(seen).map(view).collect(), bought: Vec::new() }
}

fn after(parts: &Parts<'_>, id: &str) -> Vec<(String, f32)> {
    let rules = parts.rules.next.of(parts.items.number(id).unwrap());
    rules.map(|rule| (parts.items.get(rule.item).unwrap().id.to_owned(), rule.weight)).collect()
}

#[test]
fn items_stand_by_category_then_popularity_then_id() {
    let sessions = [session(0, 0.0, &[3, 0, 1]), session(1, 0.0, &[2, 4, 2]), session(2, 0.0, &[2, 5, 77])];
    let catalog = catalog();
    let parts = learn(&catalog, &sessions, 1).unwrap();
    let items: Vec<(&str, u32)> = (0..parts.items.count())
        .filter_map(|number| parts.items.get(number))
        .map(|item| (item.id, item.popularity))
        .collect();
    // A session counts once; a product that is not in the catalog, and the second of an id, are nothing.
    assert_eq!(items, [("map", 1), ("socks", 2), ("boots", 1), ("stake", 1), ("tent", 1)]);
    assert_eq!((parts.items.sessions(), parts.items.category(1)), (3, 1..3));
}

#[test]
fn a_rule_weighs_less_the_more_steps_and_days_ago() {
    let catalog = catalog();
    let sessions = [session(0, 9.0, &[0, 1, 2, 3]), session(1, 9.0, &[0, 2]), session(2, 9.0, &[0, 2])];
    let parts = learn(&catalog, &sessions, 1).unwrap();
    // Socks: once after two steps, which is an eighth, and twice after one; boots once after one; a map after three.
    let expected = [("boots".to_owned(), 1.0 / 3.0), ("socks".to_owned(), 2.0 / 3.0)];
    let mut found = after(&parts, "tent");
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(found, expected);
    let sessions = [session(0, 0.0, &[0, 1]), session(1, 5.0, &[0, 2])];
    let parts = learn(&catalog, &sessions, 1).unwrap();
    // Five days are a factor of 1/e, which is nearer to a half than to a quarter, of their logarithms.
    let found = after(&parts, "tent");
    assert!(found.contains(&("socks".to_owned(), 2.0 / 3.0)), "{found:?}");
}

#[test]
fn of_a_session_its_items_and_its_age_in_days_are_kept() {
    let catalog = catalog();
    let sessions = [session(0, 0.5, &[2, 1, 2]), session(1, 3.0, &[0, 4]), session(2, 2.9, &[3])];
    let parts = learn(&catalog, &sessions, 1).unwrap();
    let ages = [0, 1, 2].map(|session| parts.sessions.age(session));
    assert_eq!(ages, [Some(0), Some(3), None], "calendar days; a session of one item says nothing");
    let ids: Vec<&str> = parts.sessions.seen(1).filter_map(|item| parts.items.get(item)).map(|item| item.id).collect();
    assert_eq!(ids, ["boots", "socks"], "by number, not in the order they were seen");
}

#[test]
fn how_often_items_come_again_is_told_only_of_enough_visitors() {
    let catalog = catalog();
    let again = |visitor: u32| -> Vec<Session> {
        (0..40).map(|place| session(visitor + place, 0.0, if place < 20 { &[1, 1] } else { &[2, 0] })).collect()
    };
    let parts = learn(&catalog, &again(0), 2).unwrap();
    let odds = |id: &str| parts.items.repeat_odds(&[parts.items.number(id).unwrap()]);
    assert!(odds("boots") > 3.0 && odds("socks") < 0.3, "{} and {}", odds("boots"), odds("socks"));
    // The same views, but the visitors of boots are one.
    let mut one = again(0);
    one.iter_mut().take(20).for_each(|session| session.visitor = 0);
    one.push(session(1, 0.0, &[1]));
    let parts = learn(&catalog, &one, 2).unwrap();
    let odds = parts.items.repeat_odds(&[parts.items.number("boots").unwrap()]);
    assert!((odds - 1.0).abs() < 0.2, "as of all: {odds}");
}

#[test]
fn lists_are_shortened_until_there_are_four_rules_an_item_on_average() {
    let long: Vec<Vec<(u32, f64)>> = (0..30).map(|_| (0..30).map(|item| (item, 1.0)).collect()).collect();
    assert_eq!(bounded(&long).len(), 30 * 4);
    let mut few: Vec<Vec<(u32, f64)>> = vec![Vec::new(); 30];
    few[0] = (0..30).map(|item| (item, 1.0)).collect();
    assert_eq!(bounded(&few).len(), LONGEST_LIST);
}

#[test]
fn how_often_an_item_is_next_needs_enough_visitors_in_that_direction() {
    let catalog = catalog();
    let mut sessions: Vec<Session> = (0..6).map(|visitor| session(visitor, 0.0, &[0, 0, 1, 2])).collect();
    sessions.extend((6..9).map(|visitor| session(visitor, 0.0, &[0, 2])));
    sessions.push(session(9, 0.0, &[1, 0, 1, 0, 1]));
    let counted = count(&catalog, &sessions, 4);
    let next: Vec<(u32, u32, u64)> = counted.next.iter().map(|pair| (pair.item, pair.other, pair.count)).collect();
    // Six visitors looked at 1 right after 0, and one did twice. Three that looked at 2 are too few, and so is one that
    // looked at 0 after 1.
    assert_eq!(next, [(0, 1, 8), (1, 2, 6)]);
    assert_eq!(counted.items[0].visits, 10);
}

#[test]
fn a_pair_is_a_rule_where_enough_visitors_went_either_way_right_after() {
    let catalog = catalog();
    let sessions =
        [session(0, 0.0, &[0, 1, 3]), session(1, 0.0, &[1, 0]), session(2, 0.0, &[0, 3, 1]), session(3, 0.0, &[3])];
    let counted = count(&catalog, &sessions, 2);
    let rules: Vec<(u32, u32, u64)> =
        counted.rules.iter().map(|pair| (pair.item, pair.other, pair.count >> 20)).collect();
    // Items by their places: 0 tent, 1 boots, 2 the map. Two visitors went from boots to the map and back, once each;
    // from tent to boots two steps count an eighth. One visitor went from tent to map right after, and one in two steps.
    assert_eq!(rules, [(0, 1, 9), (1, 0, 8), (1, 2, 8), (2, 1, 8)]);
}

#[test]
fn of_a_shop_that_knows_only_orders_what_was_bought_is_popular() {
    let catalog = catalog();
    let order = |visitor: u32, bought: &[u32]| Session { visitor, views: Vec::new(), bought: bought.to_vec() };
    let parts = learn(&catalog, &[order(0, &[0, 1]), order(1, &[1, 0]), order(2, &[1])], 2).unwrap();
    assert_eq!(
        parts.items.by_popularity().filter_map(|item| parts.items.get(item)).map(|item| item.id).collect::<Vec<_>>(),
        ["boots", "tent"]
    );
    assert_eq!(parts.rules.together.len(), 2, "and what was bought together is known");
}
