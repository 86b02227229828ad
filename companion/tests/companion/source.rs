//! Every ready map reads a log in its documented shape. All figures are worked out by hand.
//!
//! 1795773600000 is 2026-11-27T10:00:00Z, day 20784.

pub mod reading;

use crate::support::engines;
use reading::{Reading, fixtures, read};
use tailorbird_companion::source::Map;

/// Reads the fixtures of a ready map, all of them if `file` is empty, on every engine that is here.
fn check(map: &str, file: &str, events: &[&str], bad: &[&str], left_out: &[&str]) {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    let expected = Reading { events: texts(events), bad: texts(bad), left_out: texts(left_out) };
    let ready = Map::ready(map).unwrap().unwrap();
    for (name, mut engine) in engines() {
        let reading = read(engine.as_mut(), &ready, &fixtures(map).join(file)).unwrap();
        assert_eq!(reading, expected, "{map} on {name}");
    }
}

#[test]
fn ga4_hits_that_are_there_twice_count_once_and_late_ones_on_their_own_day() {
    check(
        "ga4",
        "",
        &[
            "1795773600250|20784|u1|u1 1795773600|experience_impression|shown|tailorbird-hero-1||/boots|||||\
             events_20261127.json",
            "1795773600250|20784|u1|u1 1795773600|page_view|page|||/boots|||||events_20261127.json",
            "1795773605000|20784|u1|u1 1795773600|view_item|view|b-7|boots|/b-7|||12900|12900|events_20261127.json",
            "1795820400000|20784|u2|u2 1795820000|view_item|view|s-1|||||1000|1000|events_20261128.json",
            "1795823999999|20784|u2|u2 1795823000|purchase|purchase|b-7|boots|/ok|T-1|1|12900|12900|events_20261127.json",
            "1795823999999|20784|u2|u2 1795823000|purchase|purchase|s-1||/ok|T-1|3|1000|3000|events_20261127.json",
            "1795824000000|20785|u2|u2 1795823000|page_view|page|||/|||||events_20261128.json",
            "1795852800000|20785|u4|u4 1795852000|purchase|purchase|s-1|socks||T-2|1|500|500|events_20261128.json",
            "1795852800000|20785|u4|u4 1795852000|purchase|purchase|s-1|socks||T-2|1|500|500|events_20261128.json",
            "1795935600000|20786|u5|u5 1795935600|page_view|page|||/news|||||events_intraday_20261129.json",
        ],
        &["the visitor is missing: 1"],
        &[
            "event experience_impression does not say which variant was shown: 1",
            "event scroll is of no kind: 1",
            "event view_item is about no item or page: 1",
            "the same event is there before: 1",
        ],
    );
}

#[test]
fn segment_and_rudderstack_have_one_product_or_several() {
    check(
        "segment",
        "",
        &[
            "1795773600000|20784|a1||page_view|page|||/boots|||||1732700000.json",
            "1795773601000|20784|a1||Experiment Viewed|shown|hero tents||/c|||||1732700000.json",
            "1795773605000|20784|a1||view_item|view|b-7|boots|/c|||12900|12900|1732700000.json",
            "1795773630000|20784|a1||purchase|purchase|S1||/c|o-1|2|500|1000|1732700000.json",
            "1795773630000|20784|a1||purchase|purchase|b-7|boots|/c|o-1|1|12900|12900|1732700000.json",
            "1795773900000|20784|r1|r1 1795773600|page_view|page|||/|||||1732700000.json",
        ],
        &[],
        &["event identify is of no kind: 1"],
    );
}

#[test]
fn snowplow_says_what_is_done_with_a_product_within_the_event() {
    check(
        "snowplow",
        "",
        &[
            "1795773600000|20784|d1|s1|page_view|page|||/boots|||||events.ndjson",
            "1795773605000|20784|d1|s1|view_item|view|b-7|boots|/boots|||12900|12900|events.ndjson",
            "1795773630000|20784|d1|s1|purchase|purchase|b-7|boots|/boots|t-1|1|12900|12900|events.ndjson",
            "1795773630000|20784|d1|s1|purchase|purchase|s-1|socks|/boots|t-1|2|450|900|events.ndjson",
        ],
        &[],
        &["event page_ping is of no kind: 1"],
    );
}

#[test]
fn matomo_has_actions_in_visits_and_items_in_actions() {
    check(
        "matomo",
        "",
        &[
            "1795773600000|20784|9f0a|31|page_view|page|||/boots|||||visits.ndjson",
            "1795773605000|20784|9f0a|31|page_view|view|b-7|boots|/boots/b-7|||12900|12900|visits.ndjson",
            "1795773630000|20784|9f0a|31|purchase|purchase|b-7|boots||o-1|1|12900|12900|visits.ndjson",
            "1795773630000|20784|9f0a|31|purchase|purchase|s-1|socks||o-1|2|500|1000|visits.ndjson",
        ],
        &[],
        &["event search is of no kind: 1"],
    );
}

#[test]
fn posthog_has_its_own_page_views_and_segments_names_of_products() {
    check(
        "posthog",
        "",
        &[
            "1795773600000|20784|p1|s1|page_view|page|||/boots|||||events.jsonl",
            "1795773601000|20784|p1|s1|$feature_flag_called|shown|hero test||/boots|||||events.jsonl",
            "1795773605000|20784|p1|s1|view_item|view|b-7|boots|/boots|||12900|12900|events.jsonl",
            "1795773630000|20784|p1|s1|purchase|purchase|b-7|boots|/boots|o-1|1|12900|12900|events.jsonl",
            "1795773630000|20784|p1|s1|purchase|purchase|s-1||/boots|o-1|2|500|1000|events.jsonl",
        ],
        &[],
        &["event $autocapture is of no kind: 1"],
    );
}

/// The MD5 of `salt ada@example.com`, as `md5sum` prints it.
const ADA: &str = "1df4c7f87516206d081631801261c2a9";

#[test]
fn shopify_orders_of_several_lines_say_once_who_when_and_whether_they_are_paid() {
    check(
        "shopify",
        "",
        &[
            &format!("1795773630000|20784|{ADA}||purchase|purchase|B-7|||#1001|1|12900|12900|orders_export_1.csv"),
            &format!("1795773630000|20784|{ADA}||purchase|purchase|Socks|||#1001|2|500|1000|orders_export_1.csv"),
        ],
        &[],
        &["an order that is not paid: 2"],
    );
}

#[test]
fn woocommerce_orders_say_what_a_line_costs() {
    check(
        "woocommerce",
        "",
        &[
            &format!("1795773630000|20784|{ADA}||purchase|purchase|22|||727|2|450|900|orders.ndjson"),
            &format!("1795773630000|20784|{ADA}||purchase|purchase|93|||727|1|12900|12900|orders.ndjson"),
        ],
        &[],
        &["an order that is not paid: 1"],
    );
}

#[test]
fn of_an_access_log_pages_that_people_asked_for_are_left() {
    // `md5sum` of the salt, the address and the agent, with spaces between.
    let (firefox, odd) = ("3784ad3c3068750fc284b747bc10fcc9", "c462e1db22733bbe2e8d3245cc0f5bd1");
    check(
        "access-log",
        "",
        &[
            &format!("1795773600000|20784|{firefox}||page_view|page|||/boots|||||access.log"),
            &format!("1795773605000|20784|{firefox}||page_view|page|||/boots/b-7|||||access.log"),
            &format!("1795773630000|20784|{odd}||page_view|page|||/|||||access.log"),
        ],
        &["the line has another form: 1", "the time cannot be read: 1"],
        &[
            "a bot, by its agent: 1",
            "a file of a page: 1",
            "another answer than 200 or 304: 1",
            "another request than GET: 1",
        ],
    );
}

#[test]
fn plausibles_counts_become_visitors_who_did_nothing_else() {
    check(
        "plausible",
        "",
        &[
            "1795737600000|20784|2026-11-27 /boots/ 1||page_view|page|||/boots|||||imported_pages.csv",
            "1795737600000|20784|2026-11-27 /boots/ 2||page_view|page|||/boots|||||imported_pages.csv",
            "1795737600000|20784|2026-11-27 /boots/ 3||page_view|page|||/boots|||||imported_pages.csv",
            "1795824000000|20785|2026-11-28 / 1||page_view|page|||/|||||imported_pages.csv",
        ],
        &["visitors is no number up to a million: 1"],
        &["there are no visitors: 1"],
    );
}

#[test]
fn sessions_are_read_as_the_direct_trainer_reads_them() {
    check(
        "sessions",
        "sessions.csv",
        &[
            "1795773600250|20784|ada|1|view_item|view|b-7|boots|/boots/b-7|||||sessions.csv",
            "1795773605000|20784|ada|1|purchase|purchase|b-7|boots||||||sessions.csv",
            "1795773630000|20784|2|2|whatever|view|s-1|||||||sessions.csv",
        ],
        &[],
        &["event view_item is about no item or page: 1"],
    );
    check("sessions", "short.csv", &["1795773630000|20784|3|3|view_item|view|s-1|||||||short.csv"], &[], &[]);
}

#[test]
fn the_map_of_the_documentation_is_one() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/companion.md")).unwrap();
    let maps: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!maps.is_empty());
    for text in maps {
        let map = Map::read(text, "map.toml");
        assert!(map.is_ok(), "{map:?}");
    }
}
