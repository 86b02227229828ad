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
    rules.iter().map(|rule| (parts.items.get(rule.item).unwrap().id.to_owned(), rule.weight)).collect()
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
    assert_eq!(parts.sessions.ages(), [0, 2], "a session of one item says nothing");
    let ids: Vec<&str> =
        parts.sessions.seen(1).iter().filter_map(|item| parts.items.get(*item)).map(|item| item.id).collect();
    assert_eq!(ids, ["boots", "socks"], "by number, not in the order they were seen");
}

#[test]
fn how_often_items_come_again_is_told_only_of_enough_visitors() {
    let catalog = catalog();
    let again = |visitor: u32| -> Vec<Session> {
        (0..40).map(|place| session(visitor + place, 0.0, if place < 20 { &[1, 1] } else { &[2, 0] })).collect()
    };
    let parts = learn(&catalog, &again(0), 2).unwrap();
    let odds = |id: &str| parts.items.repeats().odds(&[parts.items.number(id).unwrap()]);
    assert!(odds("boots") > 3.0 && odds("socks") < 0.3, "{} and {}", odds("boots"), odds("socks"));
    // The same views, but the visitors of boots are one.
    let mut one = again(0);
    one.iter_mut().take(20).for_each(|session| session.visitor = 0);
    one.push(session(1, 0.0, &[1]));
    let parts = learn(&catalog, &one, 2).unwrap();
    let odds = parts.items.repeats().odds(&[parts.items.number("boots").unwrap()]);
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
