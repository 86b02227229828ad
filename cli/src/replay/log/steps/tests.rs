use super::*;

const MINUTE: i64 = 60_000;

fn view(visitor: &str, session: Option<&str>, ts: i64, item: &str) -> Visited {
    let text = |text: &str| text.to_owned();
    Visited {
        visitor: text(visitor),
        session: session.map(text),
        ts,
        kind: text("view"),
        name: text("view_item"),
        item: Some(text(item)),
        category: Some(text("boots")),
        price: Some(950),
        ..Visited::default()
    }
}

fn line(order: &str, ts: i64, item: &str) -> Visited {
    let row = view("ann", Some("s"), ts, item);
    Visited { kind: "purchase".to_owned(), name: "purchase".to_owned(), order_id: Some(order.to_owned()), ..row }
}

/// The steps in words, and what the rows came to.
fn told(rows: Vec<Visited>) -> (Vec<String>, Rows) {
    let mut told = Vec::new();
    let mut push = |step| {
        told.push(match step {
            Step::Visitor(id) => format!("visitor {id}"),
            Step::Session(id) => format!("session {id}"),
            Step::Event(Recorded { at, kind, page }) => match kind {
                Kind::PageView => format!("{} page {}", at.ms(), page.unwrap_or_default()),
                Kind::Event { name, items, value, order } => {
                    let items: Vec<String> = items
                        .iter()
                        .map(|item| {
                            let of = |amount: Option<f64>| amount.map_or(String::new(), |amount| format!(" {amount}"));
                            format!("{}:{}{}{}", item.id, item.category, of(item.price), of(item.quantity))
                        })
                        .collect();
                    let value = value.map_or(String::new(), |value| format!(" worth {value}"));
                    let order = order.map_or(String::new(), |order| format!(" order {order}"));
                    format!("{} {name} [{}]{value}{order}", at.ms(), items.join(", "))
                }
            },
        });
        Ok(())
    };
    let read = steps(rows.into_iter().map(Ok), 30 * MINUTE, &mut push).unwrap();
    (told, read)
}

#[test]
fn without_sessions_of_its_own_a_log_has_those_of_the_engine() {
    let rows = vec![
        view("ann", None, 0, "i1"),
        view("ann", None, 30 * MINUTE, "i2"),
        view("ann", None, 60 * MINUTE + 1, "i3"),
        view("bob", None, 60 * MINUTE + 2, "i1"),
    ];
    let expected = [
        "visitor ann",
        "session ann.1",
        "0 view_item [i1:boots 9.5]",
        "1800000 view_item [i2:boots 9.5]",
        "session ann.2",
        "3600001 view_item [i3:boots 9.5]",
        "visitor bob",
        "session bob.1",
        "3600002 view_item [i1:boots 9.5]",
    ];
    assert_eq!(told(rows).0, expected);
}

#[test]
fn a_session_of_the_log_lasts_as_long_as_it_says() {
    let rows = vec![
        view("ann", Some("s1"), 0, "i1"),
        view("ann", Some("s1"), 90 * MINUTE, "i2"),
        view("ann", Some("s2"), 91 * MINUTE, "i3"),
        // Another visitor may have a session of the same name.
        view("bob", Some("s2"), 92 * MINUTE, "i3"),
    ];
    let (told, _) = told(rows);
    let starts: Vec<&String> = told.iter().filter(|step| !step.contains("view_item")).collect();
    assert_eq!(starts, ["visitor ann", "session s1", "session s2", "visitor bob", "session s2"]);
}

#[test]
fn the_lines_of_an_order_are_one_event() {
    let unpriced = |item| Visited { price: None, value: Some(1_000), quantity: Some(2), ..line("o3", 9, item) };
    let nothing = Visited { item: None, price: None, value: Some(12_345), ..line("o4", 9, "") };
    let rows = vec![
        line("o1", 5, "i1"),
        line("o1", 5, "i2"),
        line("o2", 5, "i1"),
        // Paid later, so another event; the engine counts the order once.
        line("o2", 6, "i1"),
        unpriced("i1"),
        unpriced("i2"),
        nothing,
        view("ann", Some("s"), 10, "i1"),
        view("ann", Some("s"), 10, "i1"),
    ];
    let expected = [
        "visitor ann",
        "session s",
        "5 purchase [i1:boots 9.5, i2:boots 9.5] order o1",
        "5 purchase [i1:boots 9.5] order o2",
        "6 purchase [i1:boots 9.5] order o2",
        "9 purchase [i1:boots 2, i2:boots 2] worth 20 order o3",
        "9 purchase [] worth 123.45 order o4",
        "10 view_item [i1:boots 9.5]",
        "10 view_item [i1:boots 9.5]",
    ];
    assert_eq!(told(rows).0, expected);
}

#[test]
fn an_order_has_no_more_items_than_the_engine_reads() {
    let rows = (0..120).map(|number| line("o1", 5, &format!("i{number:03}"))).collect();
    let (told, read) = told(rows);
    assert!(told.len() == 3 && told[2].contains("i049") && !told[2].contains("i050"), "{told:?}");
    assert_eq!(read.categories.given, 120);
}

#[test]
fn pages_are_viewed_and_what_has_no_name_of_an_event_is_counted() {
    let page = Visited { kind: "page".to_owned(), item: None, page: Some("/a".to_owned()), ..view("ann", None, 1, "") };
    let other = |name: &str| Visited { name: name.to_owned(), ..view("eve", None, 2, "i1") };
    let uncategorized = Visited { category: None, ..view("ann", None, 3, "16") };
    let (told, read) = told(vec![page, other("Product Viewed"), other("Product Viewed"), other(""), uncategorized]);
    assert_eq!(told, ["visitor ann", "session ann.1", "1 page /a", "3 view_item [16:c0 9.5]"]);
    assert_eq!(read.refused, BTreeMap::from([(String::new(), 1), ("Product Viewed".to_owned(), 2)]));
    assert_eq!(read.categories, Categories { given: 0, made_up: 1 });
}

#[test]
fn rows_end_where_they_cannot_be_read_and_where_nobody_wants_more() {
    let damaged = || VisitsError::Damaged { path: "x".into(), why: "cut off".to_owned() };
    let mut count = 0;
    let mut push = |_| {
        count += 1;
        Ok(())
    };
    let rows = [Ok(view("ann", None, 1, "i1")), Err(damaged())];
    assert!(steps(rows.into_iter(), MINUTE, &mut push).is_err());
    assert_eq!(count, 3);
    let endless = std::iter::repeat_with(|| Ok(view("ann", None, 1, "i1")));
    assert!(steps(endless, MINUTE, &mut |_| Err(Closed)).is_ok());
}
