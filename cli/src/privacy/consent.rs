//! Who states consent, and what each state means. A test compares the sources with `www/consent`.

use super::uses::Uses;
use crate::document::code;

/// A row for each source: its name in `tailorbird:consent`, who that is, and what counts for each purpose.
pub fn sources(uses: &Uses<'_>) -> Vec<Vec<String>> {
    let named = |purpose: &str, usual: &str| {
        let own = uses.categories.iter().find(|(known, _)| *known == purpose);
        own.map_or_else(|| usual.to_owned(), |(_, name)| format!("category {}, by this config", code(name)))
    };
    let tool = |source: &str, who: &str, personalize: &str, measure: &str| {
        vec![code(source), who.to_owned(), named("personalize", personalize), named("measure", measure)]
    };
    let fixed = |source: &str, who: &str, personalize: &str, measure: &str| {
        vec![code(source), who.to_owned(), personalize.to_owned(), measure.to_owned()]
    };
    let mut rows = vec![
        fixed("site", "the site: `data-consent`, `start()`, `tailorbird.consent()`", "what it says", "what it says"),
        tool("cookieconsent", "vanilla-cookieconsent", "category `functionality`", "category `analytics`"),
        tool("onetrust", "OneTrust", "group `C0003`", "group `C0002`"),
        tool("cookiebot", "Cookiebot", "`preferences`", "`statistics`"),
        fixed("consent-mode", "Google Consent Mode v2", "`personalization_storage`", "`analytics_storage`"),
        fixed("tcf", "tools that speak IAB TCF 2.3", "purposes 1, 5 and 6", "purposes 1 and 8"),
        fixed("gpp", "tools that speak IAB GPP", "an opt-out is a no", "an opt-out is a no"),
        fixed("global-privacy-control", "the browser", "a no", "a no"),
        fixed("other-tab", "a withdrawal in another tab", "a no", "a no"),
    ];
    if uses.ignores_do_not_track {
        rows.push(fixed("do-not-track", "the browser", "ignored, by this config", "ignored, by this config"));
    } else {
        rows.push(fixed("do-not-track", "the browser", "a no", "a no"));
    }
    if uses.is_child_directed {
        rows.push(fixed(
            "child-directed",
            "this config",
            "a no, whoever says otherwise",
            "a no, whoever says otherwise",
        ));
    }
    rows
}

/// A row for each state: what it is, and what it means for the device.
pub fn states() -> Vec<Vec<String>> {
    [
        ["unknown", "nobody has stated a consent", "nothing is read, written or removed"],
        ["granted", "personalization is allowed", "what is listed below, in `localStorage`"],
        ["session", "allowed for this visit", "the same, in `sessionStorage`: until the tab is closed"],
        ["denied", "somebody said no", "our keys are removed unread; nothing is recorded"],
        ["withdrawn", "a no after a yes", "as denied, in every tab; the memory of the engine is overwritten"],
    ]
    .map(|cells| cells.map(str::to_owned).to_vec())
    .to_vec()
}
