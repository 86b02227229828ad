//! What to do with a config that was just written.

use std::path::Path;

use tailorbird::config::Config;

use super::answers::{Answers, Campaign, Consent, Kind, Place};
use crate::style::{GOOD, HEADING, paint};

/// The steps, for a terminal of 80 columns.
pub fn text(path: &Path, answers: &Answers, config: &Config) -> String {
    let file = path.display();
    let mut lines = vec![format!("{}: {}", file, paint(GOOD, "written")), String::new()];
    let mut number = 0;
    let mut step = |title: &str, within: Vec<String>| {
        number += 1;
        lines.push(format!("{number} {}", paint(HEADING, title)));
        lines.push(String::new());
        lines.extend(within.into_iter().map(|line| if line.is_empty() { line } else { format!("  {line}") }));
        lines.push(String::new());
    };
    step("Put the file and dist/tailorbird*.js on your server, and the tag into pages", tag(path, answers));
    if !config.slots.is_empty() {
        step("Say where the slots are", answers.places().flat_map(|place| slot(answers, place)).collect());
    }
    step("Tell what happens, unless your data layer says it already", events(answers));
    if let Some(within) = consent(answers) {
        step("State consent", within);
    }
    let check = [format!("tailorbird validate {file}"), format!("tailorbird explain {file} --session visits.csv")];
    step("Write your own texts into the file, and check it", check.into());
    lines.join("\n")
}

fn tag(path: &Path, answers: &Answers) -> Vec<String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stated = match answers.consent {
        Consent::Auto | Consent::Code => "",
        Consent::Session => " data-consent=\"session\"",
        Consent::Granted => " data-consent=\"granted\"",
    };
    vec![format!("<script async src=\"/tailorbird.js\" data-config=\"/{name}\"{stated}></script>")]
}

fn slot(answers: &Answers, place: Place) -> Vec<String> {
    let id = answers.id(place);
    if let Some(target) = answers.target(place) {
        let heading = if place == Place::Hero { ", an h1 in it" } else { "" };
        return vec![format!("{id}: your page has what matches {target}{heading}")];
    }
    vec![match place {
        Place::Hero => format!("<section data-tb-slot=\"{id}\"><h1>Your heading</h1></section>"),
        Place::Banner => format!("<p data-tb-slot=\"{id}\">A line of text</p>"),
        Place::Button => format!("<a href=\"/\" data-tb-slot=\"{id}\">Your button</a>"),
    }]
}

fn events(answers: &Answers) -> Vec<String> {
    let category = answers.categories.first().map_or("", String::as_str);
    let item = format!("{{ item_id: \"1\", item_category: \"{category}\", price: 20 }}");
    let mut lines = vec![
        "window.dataLayer ||= [];".to_owned(),
        "dataLayer.push({".to_owned(),
        "  event: \"view_item\",".to_owned(),
        format!("  ecommerce: {{ items: [{item}] }},"),
        "});".to_owned(),
        String::new(),
    ];
    let others: &[&str] = match answers.kind {
        Kind::Shop => &["add_to_cart", "remove_from_cart", "purchase"],
        Kind::Magazine => &["begin_checkout", "purchase", "sign_up"],
        Kind::Software => &["sign_up", "begin_checkout", "purchase"],
        Kind::Leads => &["generate_lead"],
    };
    lines.push(format!("and in the same way: {}", others.join(", ")));
    if answers.has(Campaign::Upgrade) {
        lines.push("the plan of who is logged in: tailorbird.attributes({ plan: \"free\" })".to_owned());
    }
    if answers.has(Campaign::Newsletter) {
        lines.push("addresses for the letter come to: tailorbird.on(\"submit\", ({ email }) => ...)".to_owned());
    }
    lines
}

/// What is left to do, if anything is.
fn consent(answers: &Answers) -> Option<Vec<String>> {
    let lines: &[&str] = match answers.consent {
        Consent::Auto => &[
            "Nothing to do where your page has Consent Mode, Cookiebot, OneTrust,",
            "vanilla-cookieconsent, or a tool that speaks TCF or GPP. Until it says yes,",
            "nothing is stored and no prompt is shown.",
        ],
        Consent::Code => &[
            "On each page, once you know what the visitor has said:",
            "",
            "(window.tailorbird ||= []).push(",
            "  [\"consent\", { personalize: true, measure: true }]",
            ");",
        ],
        Consent::Session => return None,
        Consent::Granted => &["The tag says that everybody has given it. Ask your lawyer whether that is so."],
    };
    Some(lines.iter().map(|line| (*line).to_owned()).collect())
}
