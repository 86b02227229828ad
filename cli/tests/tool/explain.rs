//! `tailorbird explain` from outside.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::replay::CONFIG;
use crate::{Ran, file, tailorbird};

const SESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/replay/sessions.csv");

const SHOP: &str = r#"{"version": 1, "site": {"currency": "EUR"}, "interests": {"prior": 0},
    "segments": [{"id": "basket", "when": {"cart.value": {"$gt": 0}}},
        {"id": "back", "when": {"visitor.returning": true}}, {"id": "boots-page", "when": {"page.path": "/boots/"}}],
    "slots": [
        {"id": "hero", "choose": [{"by": "interest", "min": 0.4, "events": 2}, {"by": "popular"}],
            "variants": [{"id": "boots", "tags": {"category": "boots"}, "content": {"text": {"h1": "Boots"}}},
                {"id": "all", "weight": 1, "content": {"text": {"h1": "All"}}}]},
        {"id": "note", "choose": [{"by": "segment"}],
            "variants": [{"id": "kept", "segment": "basket", "content": {"text": {"": "Kept"}}}]}],
    "prompts": [
        {"id": "stay", "on": {"exit": "medium"}, "when": {"cart.value": {"$gt": 0}},
            "content": {"title": "Stay?", "accept": "Yes", "decline": "No"}},
        {"id": "tour", "on": {"engaged": "10s"}, "content": {"title": "A tour?", "accept": "Yes", "decline": "No"}}]}"#;

const VISITS: &str = "SessionId,VisitorId,ItemId,Time,Event,Category,Price,Page
1,ann,b-7,2026-11-28T10:00:05Z,view_item,boots,129,/boots/
1,ann,b-8,1795860060,,boots,99.5,/boots/
1,ann,b-8,1795860180.5,add_to_cart,boots,99.5,/boots/
2,ann,,2026-11-29T09:00:00+01:00,page_view,,,/
3,bob,t-1,2026-11-29T08:30:00Z,,tents,,
";

fn explain(name: &str, config: &str, visits: &str, options: &[&str]) -> Ran {
    let (config, visits) = (file(&format!("{name}.json"), config), file(&format!("{name}.csv"), visits));
    tailorbird(&[&["explain", &config, "--session", &visits], options].concat())
}

#[test]
fn a_visit_is_told_step_by_step_with_what_each_changes_and_why() {
    let ran = explain("told", SHOP, VISITS, &["--visitor", "ann"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let expected = "\
visitor ann

2026-11-28 (UTC)
10:00:05  comes to /boots/
    segment + boots-page
    hero shows all (generic, score 1)
      0 of 2 events needed about category. Default variant (weight 1 in the
      config).
    note shows the page's own content (standard)
      No variant matches this visitor's segments.
    intent browsing, lifecycle new, tier low
10:00:05  view_item b-7 (boots, 129 EUR)
10:01:00  view_item b-8 (boots, 99.5 EUR)
    hero shows boots (personalized, score 1, before: all)
      100 % of this visitor's category interest is in boots.
    prompt tour is shown
10:03:00  add_to_cart b-8 (boots, 99.5 EUR)
    segment + basket
    note shows kept (customized, score 1, before: the page's own content)
      In segment basket.

2026-11-29 (UTC)
08:00:00  comes back to /, after 21 hours
    segment + back  - boots-page
    lifecycle returning (before: new)

in the end
    hero has shown all, then boots (personalized)
    note has shown the page's own content, then kept (customized)
    segments: basket, back
    interests: boots 100 %
    prompt stay: not shown: none of its triggers has happened; the page view has
      only just begun, for another 4 s
    prompt tour: shown once
";
    assert_eq!(ran.out, expected);
}

/// The text blocks of a page of the docs.
fn texts_of(page: &str) -> Vec<String> {
    let page = fs::read_to_string(format!("{}/../docs/{page}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let blocks = page.split("\n```text\n").skip(1);
    blocks.map(|rest| format!("{}\n", rest.split("\n```").next().unwrap())).collect()
}

#[test]
fn the_example_of_the_docs_is_what_it_prints() {
    let config = file("docs-explain.json", "");
    let campaigns = "welcome-back,category-affinity,abandoned-basket";
    let options = ["--kind", "shop", "--campaign", campaigns, "--categories", "boots,tents", "--out", &config];
    assert_eq!(tailorbird(&[&["new", "--yes", "--force"], &options[..]].concat()).code, 0);
    let texts = texts_of("command-line.md");
    let place = texts.iter().position(|text| text.starts_with("SessionId,VisitorId,")).unwrap();
    let ran = tailorbird(&["explain", &config, "--session", &file("docs-explain.csv", &texts[place])]);
    assert_eq!((ran.err.as_str(), ran.out.as_str()), ("", texts[place + 1].as_str()));
}

#[test]
fn a_visitor_comes_back_in_a_later_session_and_after_a_long_silence_within_one() {
    let rows = |visitors: [&str; 2]| {
        let [one, two] = visitors;
        format!("SessionId,VisitorId,ItemId,Time\n1,{one},x,100\n2,{two},x,200\n1,{one},x,1900\n1,{one},x,3701\n")
    };
    let steps = |visits: &str| {
        let ran = explain("returns", SHOP, visits, &["--json"]);
        let told: Value = serde_json::from_str(&ran.out).unwrap();
        let visitors = told["visitors"].as_array().unwrap().clone();
        let what = |visitor: &Value| {
            let steps = visitor["steps"].as_array().unwrap().iter();
            steps.map(|step| step["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        visitors.iter().map(what).collect::<Vec<_>>()
    };
    // From 1900 to 3701 it is one second more than half an hour.
    let alone = ["arrives event event returns event".to_owned(), "arrives event".to_owned()];
    assert_eq!(steps(&rows(["ann", "bob"])), alone);
    assert_eq!(steps(&rows(["ann", "ann"])), ["arrives event returns event returns event returns event"]);
}

#[test]
fn what_it_says_is_what_a_replay_of_the_same_sessions_decides() {
    let trace = file("explained.jsonl", "");
    tailorbird(&["replay", "--config", CONFIG, "--sessions", SESSIONS, "--trace", &trace]);
    // By session, the last decision of each slot, and the prompts.
    let (mut last, mut prompts) = (BTreeMap::new(), BTreeMap::<String, Vec<String>>::new());
    for line in fs::read_to_string(trace).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let session = line["session"].as_str().unwrap().to_owned();
        match line["prompt"].as_str() {
            Some(prompt) => prompts.entry(session).or_default().push(prompt.to_owned()),
            None => {
                drop(last.insert((session, line["slot"].to_string()), (line["variant"].clone(), line["level"].clone())))
            }
        }
    }
    let ran = tailorbird(&["explain", CONFIG, "--session", SESSIONS, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let (mut compared, mut shown) = (0, 0);
    for visitor in told["visitors"].as_array().unwrap() {
        let id = visitor["visitor"].as_str().unwrap();
        let steps = visitor["steps"].as_array().unwrap();
        // A replay has each session on one page, however long it is silent.
        if steps.iter().any(|step| step["what"] == "returns") {
            continue;
        }
        for slot in visitor["summary"]["slots"].as_array().unwrap() {
            let key = (id.to_owned(), slot["slot"].to_string());
            assert_eq!((&slot["variant"], &slot["level"]), (&last[&key].0, &last[&key].1), "{key:?}");
            compared += 1;
        }
        let told: Vec<&str> = steps
            .iter()
            .flat_map(|step| step["prompts"].as_array().unwrap())
            .map(|prompt| prompt["prompt"].as_str().unwrap())
            .collect();
        assert_eq!(told, *prompts.get(id).unwrap_or(&Vec::new()), "{id}");
        shown += told.len();
    }
    assert!(compared > 100 && shown > 10, "{compared} slots and {shown} prompts were compared");
}

#[test]
fn nothing_is_wider_than_80_columns() {
    let ran = tailorbird(&["explain", CONFIG, "--session", SESSIONS]);
    let wide: Vec<&str> = ran.out.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(ran.out.lines().count() > 500);
    assert_eq!(wide, Vec::<&str>::new());
}

#[test]
fn one_slot_and_one_visitor_can_be_asked_for() {
    let ran = explain("some", SHOP, VISITS, &["--slot", "note", "--visitor", "bob", "--json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.out.lines().count(), 1);
    let visitors = told["visitors"].as_array().unwrap();
    assert_eq!((visitors.len(), &visitors[0]["visitor"]), (1, &json!("bob")));
    assert!(!ran.out.contains("hero"), "{}", ran.out);

    let cases = [
        (["--slot", "hreo"], "error: --slot hreo is unknown, expected one of hero, note\n"),
        (["--visitor", "eve"], "error: --visitor eve is unknown, expected an id in "),
    ];
    for (options, hint) in cases {
        let ran = explain("some", SHOP, VISITS, &options);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{options:?}");
        assert!(ran.err.starts_with(hint), "{}", ran.err);
    }
}

#[test]
fn bad_rows_are_named_and_only_a_row_with_a_page_may_lack_an_item() {
    let rows = "SessionId,ItemId,Time,Event,Page
a,,100,page_view,/
a,,101,,/boots/
a,,102,view_item,/boots/
a,,103,page_view,
a,x,2026-11-28,,
a,x,2026-11-28T10:00,,
a,x,1969-11-28T10:00Z,,
a,x,2026-11-28T10:00Z,,
";
    let ran = explain("bad", SHOP, rows, &["--json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &told["bad_rows"]), (0, &json!(5)));
    for line in [4, 5] {
        assert!(ran.err.contains(&format!("line {line}: ItemId is empty, expected an id")), "{}", ran.err);
    }
    for line in [6, 7, 8] {
        assert!(ran.err.contains(&format!("line {line}: Time is ")), "{}", ran.err);
    }
    let steps = told["visitors"][0]["steps"].as_array().unwrap();
    let what: Vec<_> = steps.iter().map(|step| (step["what"].as_str().unwrap(), step["page"].as_str())).collect();
    let expected = [("arrives", Some("/")), ("page_view", Some("/boots/")), ("returns", None), ("event", None)];
    assert_eq!(what, expected);
    assert_eq!(steps[1]["entered"], json!(["boots-page"]));
}

#[test]
fn a_replay_still_has_neither_pages_nor_visitors() {
    let sessions = file("replay-of-visits.csv", VISITS);
    let ran = tailorbird(&["replay", "--config", CONFIG, "--sessions", &sessions, "--json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&told["sessions"], &told["events"], &told["bad_rows"]), (&json!(2), &json!(4), &json!(1)));
}
