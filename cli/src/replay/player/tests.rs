use tailorbird::config::Config;

use super::super::recorded::Item;
use super::*;

fn config(text: &str) -> Config {
    Config::read(&serde_json::from_str(text).unwrap()).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(1_772_445_600_000 + seconds * 1_000)
}

fn item(id: &str, category: &str, price: f64) -> Item {
    Item { id: id.to_owned(), category: category.to_owned(), price: Some(price), quantity: None }
}

fn event(seconds: i64, name: &str, items: Vec<Item>, page: Option<&str>) -> Step {
    let kind = Kind::Event { name: name.to_owned(), items, value: None, order: None };
    Step::Event(Recorded { at: at(seconds), kind, page: page.map(str::to_owned) })
}

fn page_view(seconds: i64, page: &str) -> Step {
    Step::Event(Recorded { at: at(seconds), kind: Kind::PageView, page: Some(page.to_owned()) })
}

fn visitor(id: &str) -> Step {
    Step::Visitor(id.to_owned())
}

fn session(id: &str) -> Step {
    Step::Session(id.to_owned())
}

/// The variant after each event, and the prompts.
fn variants(config: &Config, steps: Vec<Step>) -> Vec<String> {
    let mut player = Player::new(Setting { config, model: None, is_traced: true });
    steps.into_iter().for_each(|step| player.play(step));
    player.end_visitor();
    let trace = String::from_utf8(player.take_lines()).unwrap();
    let lines = trace.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines
        .map(|line| {
            let named = line.get("prompt").or(line.get("variant")).and_then(serde_json::Value::as_str);
            named.unwrap_or("-").to_owned()
        })
        .collect()
}

#[test]
fn a_visitor_who_comes_back_is_remembered_and_another_is_not() {
    let config = config(
        r#"{"version": 1, "interests": {"dimensions": ["category"], "prior": 0}, "slots": [{"id": "hero",
            "choose": [{"by": "interest", "dimension": "category", "min": 0.5, "events": 3}],
            "variants": [{"id": "boots", "tags": {"category": "boots"}}]}]}"#,
    );
    let boots = |seconds| event(seconds, "view_item", vec![item("b-7", "boots", 129.0)], None);
    const DAY: i64 = 86_400;
    let steps = vec![
        visitor("ann"),
        session("ann.1"),
        boots(0),
        boots(10),
        session("ann.2"),
        boots(DAY),
        session("ann.3"),
        boots(30 * DAY),
        visitor("bob"),
        session("bob.1"),
        boots(0),
    ];
    assert_eq!(variants(&config, steps), ["-", "-", "boots", "boots", "-"]);
}

#[test]
fn a_returning_visitor_is_one_in_the_second_session_only() {
    let config = config(
        r#"{"version": 1, "segments": [{"id": "back", "when": {"visitor.returning": true}}],
            "slots": [{"id": "hero", "choose": [{"by": "segment"}],
                "variants": [{"id": "back", "segment": "back"}]}]}"#,
    );
    let boots = |seconds| event(seconds, "view_item", vec![item("b-7", "boots", 129.0)], None);
    let steps = vec![visitor("ann"), session("1"), boots(0), boots(60), session("2"), boots(90_000)];
    assert_eq!(variants(&config, steps), ["-", "-", "back"]);
}

#[test]
fn a_page_is_the_one_that_the_log_names() {
    let config = config(
        r#"{"version": 1, "segments": [{"id": "tents", "when": {"page.path": "/tents"}},
                {"id": "three", "when": {"session.views": {"$gte": 3}}, "priority": 1}],
            "slots": [{"id": "hero", "choose": [{"by": "segment"}],
                "variants": [{"id": "tents", "segment": "tents"}, {"id": "three", "segment": "three"}]}]}"#,
    );
    let tent = |seconds| event(seconds, "view_item", vec![item("t-1", "tents", 229.0)], Some("/tents"));
    let steps = vec![
        visitor("ann"),
        session("1"),
        page_view(0, "/"),
        page_view(5, "/tents"),
        // What happens on a page opens no other.
        tent(6),
        tent(7),
        page_view(9, "/"),
    ];
    assert_eq!(variants(&config, steps), ["-", "tents", "tents", "tents", "three"]);
}

#[test]
fn an_order_has_all_its_items() {
    let config = config(
        r#"{"version": 1, "segments": [{"id": "spent", "when": {"visitor.revenue": {"$gte": 300}}}],
            "slots": [{"id": "hero", "choose": [{"by": "segment"}],
                "variants": [{"id": "spent", "segment": "spent"}]}]}"#,
    );
    let order = |items| {
        let kind = Kind::Event { name: "purchase".to_owned(), items, value: None, order: Some("o-1".to_owned()) };
        Step::Event(Recorded { at: at(0), kind, page: None })
    };
    let (boots, tent) = (item("b-7", "boots", 129.0), item("t-1", "tents", 229.0));
    for (items, expected) in [(vec![tent.clone()], "-"), (vec![boots, tent], "spent")] {
        assert_eq!(variants(&config, vec![visitor("ann"), session("1"), order(items)]), [expected]);
    }
}
