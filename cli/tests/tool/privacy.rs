//! `tailorbird privacy` from outside. That no stored field is missing is tested beside the parts themselves, in
//! `cli/src/privacy/parts/tests.rs`, and that no file is missing in `tests/package/data_map.test.mjs`.

use std::fs;
use std::path::Path;

use crate::{file, tailorbird};

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/shop/tailorbird.json");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data-map.md");

/// Behind this line `docs/data-map.md` is the shop's map.
const MARK: &str = "<!-- Written by UPDATE_DOCS=1 cargo test --package tailorbird-cli --test tool data_map -->\n";

/// The map of a config as Markdown.
fn map(name: &str, config: &str) -> String {
    let ran = tailorbird(&["privacy", "--config", &file(name, config)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    ran.out
}

/// The lines of one section.
fn section<'a>(map: &'a str, title: &str) -> &'a str {
    let start = map.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title}: {map}")).1;
    start.split("\n## ").next().unwrap()
}

#[test]
fn the_shops_data_map_in_the_docs_is_current() {
    let ran = tailorbird(&["privacy", "--config", SHOP]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let page = fs::read_to_string(PAGE).unwrap();
    let (before, _) = page.split_once(MARK).unwrap();
    // One level further down: the page has a title of its own.
    let lines =
        ran.out.lines().map(|line| if line.starts_with('#') { format!("#{line}\n") } else { format!("{line}\n") });
    let current = format!("{before}{MARK}\n{}", lines.collect::<String>());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(PAGE, &current).unwrap();
    }
    assert!(fs::read_to_string(PAGE).unwrap() == current, "docs/data-map.md is not current: {MARK}");
}

#[test]
fn what_a_config_does_not_use_is_not_kept_and_what_it_uses_is_named() {
    let cases = [
        ("\"model\": \"/m.tbm\"", "Items looked at and bought", "the last 24 items"),
        ("\"model\": \"/m.tbm\", \"speculation\": {\"prefetch\": 1}", "Paths of the last pages", "the last five pages"),
        ("\"segments\": [{\"id\": \"hikers\", \"when\": {}}]", "Segments", "`hikers`"),
        (
            "\"segments\": [{\"id\": \"often\", \"when\": {\"count.view_item.7d\": {\"$gte\": 2}}}]",
            "Times of events that conditions count",
            "`count.view_item.7d`",
        ),
        (
            "\"experiments\": {\"experiments\": [{\"key\": \"hero-test\", \"variations\": [{}, {}]}]}",
            "Exposures of experiments",
            "`hero-test`",
        ),
        (
            "\"slots\": [{\"id\": \"hero\", \"goal\": \"purchase\", \"choose\": [{\"by\": \"bandit\", \"context\": \
             {\"phone\": {\"device.class\": \"phone\"}}}], \"variants\": [{\"id\": \"a\", \"content\": {\"hide\": \
             [\"p\"]}}]}]",
            "What bandits have learned",
            "`hero` (context: `phone`)",
        ),
        (
            "\"prompts\": [{\"id\": \"ask\", \"on\": {\"exit\": \"medium\"}, \"content\": {\"title\": \"?\", \
             \"accept\": \"Yes\", \"decline\": \"No\"}}]",
            "When prompts were shown and answered",
            "`ask`",
        ),
    ];
    let without = map("uses-nothing.json", "{\"version\": 1}");
    for (at, (key, part, named)) in cases.into_iter().enumerate() {
        let with = map(&format!("uses-{at}.json"), &format!("{{\"version\": 1, {key}}}"));
        let (kept, unused) = (format!("| {part} |"), format!("- {part}: "));
        assert!(without.contains(&unused) && !without.contains(&kept), "{part} is not kept by a config without it");
        let row = with.lines().find(|line| line.starts_with(&kept)).unwrap_or_else(|| panic!("{part} is kept: {with}"));
        assert!(row.contains(named), "{row}");
        assert!(!with.contains(&unused), "{part} is not said to be unused");
    }
}

#[test]
fn retention_is_that_of_the_config() {
    let map = map(
        "retention.json",
        r#"{"version": 1, "site": {"sessionMinutes": 45}, "privacy": {"eventDays": 7, "profileDays": 31}}"#,
    );
    for said in ["after 45 minutes without", "an event 7 days after the last one", "at most 31 days from its creation"]
    {
        assert!(map.contains(said), "{said}: {map}");
    }
}

#[test]
fn requests_are_those_that_the_config_causes() {
    let network = |name: &str, key: &str| {
        let map = map(name, &format!("{{\"version\": 1{key}}}"));
        section(&map, "Network requests").to_owned()
    };
    let plain = network("asks-nothing.json", "");
    let never = "Never requested with this config: `tailorbird-prompt.js`, `tailorbird-country.js`, \
                 `tailorbird-recommend.js`, `tailorbird-preview.js`.";
    assert!(plain.contains(never) && plain.contains("names no other host"), "{plain}");
    let cases = [
        (r#", "model": "/site.tbm""#, "| `/site.tbm` |", "the model"),
        (r#", "model": "/site.tbm""#, "| `tailorbird-recommend.js` |", "and who asks it"),
        (r#", "preview": true"#, "| `tailorbird-preview.js` |", "the badge of a preview"),
        (r#", "segments": [{"id": "ch", "when": {"geo.country": "CH"}}]"#, "| `tailorbird-country.js` |", "countries"),
        (
            r#", "catalog": [{"item_id": "a", "image": "https://img.example/a.jpg"}]"#,
            "The config names these hosts: `img.example`.",
            "pictures of somebody else",
        ),
    ];
    for (at, (key, expected, why)) in cases.into_iter().enumerate() {
        let network = network(&format!("asks-{at}.json"), key);
        assert!(network.contains(expected), "{why}: {network}");
    }
}

#[test]
fn a_site_for_children_stores_nothing_and_says_so() {
    let map = map("children.json", r#"{"version": 1, "privacy": {"childDirected": true}}"#);
    assert!(section(&map, "What is stored, and when").contains("nothing is stored"));
    assert!(!map.contains("tailorbird.v1") && !map.contains("part by part"), "{map}");
    assert!(section(&map, "Who states consent").contains("| `child-directed` |"));
}

#[test]
fn what_the_site_calls_sensitive_and_its_categories_of_consent_are_its_own() {
    let map = map(
        "own-words.json",
        r#"{"version": 1, "privacy": {"sensitive": ["Gambling"], "sensitiveDefaults": false, "dnt": "ignore",
            "categories": {"personalize": "extras"}}}"#,
    );
    let sensitive = section(&map, "What is sensitive");
    assert!(sensitive.contains("This site adds: `gambling`") && sensitive.contains("is switched off"), "{sensitive}");
    let consent = section(&map, "Who states consent");
    assert!(
        consent.contains("category `extras`, by this config") && consent.contains("| `do-not-track` |"),
        "{consent}"
    );
    assert!(consent.contains("ignored, by this config"), "{consent}");
}

#[test]
fn every_consent_tool_of_the_engine_is_a_source_of_the_map() {
    let map = map("sources.json", "{\"version\": 1}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/consent");
    // What they share, and what of the browser has names of its own.
    let others = ["sources", "statement", "browser"];
    let mut tools: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| !others.contains(&name.as_str()))
        .collect();
    tools.sort();
    assert!(tools.len() >= 5, "{tools:?}");
    for tool in tools {
        assert!(section(&map, "Who states consent").contains(&format!("| `{tool}` |")), "{tool}");
    }
}

#[test]
fn as_html_it_is_one_file_without_script_that_says_the_same() {
    let out = file("map.html", "something older");
    let ran = tailorbird(&["privacy", "--config", SHOP, "--html", "--out", &out]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let html = fs::read_to_string(out).unwrap();
    for none in ["<script", "src=", "http://", "https://", "url(", "@import", "onclick", "style=\""] {
        assert!(!html.contains(none), "{none}");
    }
    let parts = [
        "<html lang=\"en\">",
        "<title>Data map of tailorbird.json</title>",
        "<header>",
        "<main>",
        "<nav aria-label",
        "color-scheme: light dark",
        "width=device-width",
    ];
    for part in parts {
        assert!(html.contains(part), "{part}");
    }
    let count = |text: &str| html.matches(text).count();
    assert!(count("<table>") >= 7);
    assert_eq!(count("<table>"), count("<caption>"));
    assert_eq!(count("<table>"), count("role=\"region\""));
    let rows = tailorbird(&["privacy", "--config", SHOP]).out.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(count("<tr>"), rows, "each row of the Markdown is one here");
    assert_eq!(count("<th scope=\"row\">"), rows - count("<table>"));
}

#[test]
fn a_name_in_a_config_is_text_in_both_forms() {
    let config = file(
        "hostile-names.json",
        r#"{"version": 1, "privacy": {"sensitive": ["<img src=x onerror=alert(1)> `|` \n## head"]}}"#,
    );
    let html = tailorbird(&["privacy", "--config", &config, "--html"]);
    assert_eq!(html.code, 0, "{}", html.err);
    assert!(!html.out.contains("<img") && html.out.contains("&lt;img"), "{}", html.out);
    let markdown = tailorbird(&["privacy", "--config", &config]).out;
    assert!(!markdown.contains("\n## head"), "{markdown}");
}

#[test]
fn a_config_with_problems_is_refused_and_the_config_is_not_overwritten() {
    let config = file("refused-map.json", r#"{"version": 1, "slots": 7}"#);
    let ran = tailorbird(&["privacy", "--config", &config]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("slots is 7"), "{}", ran.err);
    let config = file("kept-map.json", r#"{"version": 1}"#);
    let ran = tailorbird(&["privacy", "--config", &config, "--out", &config]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("would overwrite"), "{}", ran.err);
}
