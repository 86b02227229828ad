//! The page and its surroundings: where the visitor came from, on which device, and when.

use super::preview::Preview;
use super::referrer;
use crate::number::round;
use crate::time::Zone;
use crate::value::{Object, Value};

/// The most characters of a page's address. Longer addresses are cut here and nowhere else, so that a redirect
/// keeps the parameters of every address that browsers and servers commonly accept.
const ADDRESS: usize = 4_096;
/// The most characters of a path or a host name.
const PATH: usize = 300;
/// The most characters of a language tag, by RFC 5646.
const LOCALE: usize = 35;
/// The most languages of a visitor.
const LANGUAGES: usize = 10;
/// The most characters of one part of a campaign.
const CAMPAIGN: usize = 100;

/// One page view's context.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PageContext {
    /// The path, at most 300 characters.
    pub path: String,
    /// The complete address, at most 4,096 characters, for experiments that run on some addresses only. It is
    /// in no attribute, and nothing of it is stored.
    pub address: String,
    /// The host name of the page, at most 300 characters; in no attribute.
    pub host: String,
    /// That of the page that led here, at most 300 characters; empty where there is none or it is withheld. It is
    /// in no attribute, and nothing of it is stored.
    pub referrer_host: String,
    /// What the visitor searched the site for, by the address.
    pub search_term: Option<String>,
    /// What the address asks to preview.
    pub previews: Vec<Preview>,
    /// Whether a crawler views the page.
    pub is_crawler: bool,
    /// Whether the browser renders the page ahead of a visit.
    ///
    /// Source: <https://wicg.github.io/nav-speculation/prerendering.html>
    pub is_prerendering: bool,
    /// Whether the tab was in the background when the page view began.
    pub is_hidden: bool,
    /// By slot, the variants that the boot snippet has shown before the engine loaded.
    pub booted: Vec<(String, String)>,
    /// Offset of the visitor's clock.
    pub zone: Zone,
    /// Languages that the visitor reads: the page's own, then those of the browser, at most 10.
    pub languages: Vec<String>,
    /// The attributes `page`, `device` and `campaign`.
    ///
    /// `page` has the `path`, the `locale` as the browser reports it, its `language`, and the kind of
    /// `referrer`; `device` its `class`; `campaign` the parts that `utm_` parameters name, and the
    /// `network` whose click identifier is in the address. The identifier itself follows a person across sites
    /// and is not read.
    pub attributes: Object,
}

impl PageContext {
    /// Whether a search engine led here.
    pub fn is_from_search(&self) -> bool {
        below(&self.attributes, "page", "referrer") == Some("search")
    }

    /// Whether the device is one that is touched.
    pub fn is_touch(&self) -> bool {
        matches!(below(&self.attributes, "device", "class"), Some("phone" | "tablet"))
    }
}

fn below<'a>(attributes: &'a Object, group: &str, name: &str) -> Option<&'a str> {
    attributes.get(group)?.get(name)?.as_text()
}

/// An advertising network, and the query parameters that carry its click identifier.
struct Network {
    name: &'static str,
    click_ids: &'static [&'static str],
}

const NETWORKS: [Network; 11] = [
    Network { name: "google", click_ids: &["gclid", "gbraid", "wbraid", "dclid"] },
    Network { name: "microsoft", click_ids: &["msclkid"] },
    Network { name: "meta", click_ids: &["fbclid"] },
    Network { name: "tiktok", click_ids: &["ttclid"] },
    Network { name: "x", click_ids: &["twclid"] },
    Network { name: "linkedin", click_ids: &["li_fat_id"] },
    Network { name: "reddit", click_ids: &["rdt_cid"] },
    Network { name: "snapchat", click_ids: &["ScCid"] },
    Network { name: "pinterest", click_ids: &["epik"] },
    Network { name: "yandex", click_ids: &["yclid"] },
    Network { name: "email", click_ids: &["mc_eid"] },
];

/// Query parameters that carry what was searched for, as in GA4.
const SEARCH_PARAMS: [&str; 5] = ["q", "s", "search", "query", "keyword"];
/// The most characters of what was searched for.
const SEARCH: usize = 100;
/// The most digits of what was searched for: an article number has fewer than a telephone number.
const DIGITS: usize = 6;

/// Query parameters that describe a campaign, and the attribute of each.
const UTM: [(&str, &str); 6] = [
    ("utm_source", "source"),
    ("utm_medium", "medium"),
    ("utm_campaign", "name"),
    ("utm_term", "term"),
    ("utm_content", "content"),
    ("utm_id", "id"),
];

impl PageContext {
    /// One of its groups of attributes.
    pub fn group(&self, name: &str) -> Object {
        self.attributes.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// Reads a report of a page view: `path`, `url`, `language`, `referrer` and `host` (host names), `device`,
    /// `zone` (minutes east of universal time), `languages`, `booted` (variants by slot), `agent` (how the browser
    /// names itself), `prerendering`, `hidden` and `params`, the parameters of the address.
    pub fn read(value: &Value) -> PageContext {
        let text = |key, most| first_characters(value.at(key).text(), most);
        let zone = i32::try_from(round(value.at("zone").number())).unwrap_or(0);
        let (path, locale) = (text("path", PATH), text("language", LOCALE));
        let (host, referrer_host) = (text("host", PATH), text("referrer", PATH));
        let page = Object::new()
            .with("path", path.as_str())
            .with("referrer", referrer::kind(&referrer_host, &host, &[]))
            .with("language", locale.split('-').next().unwrap_or(""))
            .with("locale", locale);
        let params = value.at("params");
        let attributes = Object::new()
            .with("page", page)
            .with("device", Object::new().with("class", text("device", 20)))
            .with("campaign", campaign(params));
        PageContext {
            path,
            address: text("url", ADDRESS),
            host,
            referrer_host,
            search_term: search_term(params),
            previews: Preview::read_address(params.at("tb").text()),
            is_crawler: is_crawler(value.at("agent").text()),
            is_prerendering: value.at("prerendering").is_true(),
            is_hidden: value.at("hidden").is_true(),
            booted: value
                .at("booted")
                .as_object()
                .map(|booted| {
                    booted.iter().map(|(slot, variant)| (slot.to_owned(), variant.text().to_owned())).collect()
                })
                .unwrap_or_default(),
            zone: Zone(zone),
            languages: value
                .at("languages")
                .items()
                .iter()
                .take(LANGUAGES)
                .map(|tag| first_characters(tag.text(), LOCALE))
                .collect(),
            attributes,
        }
    }

    /// Names the site's partners, of which the report of a page view knows nothing.
    pub fn set_partners(&mut self, partners: &[String]) {
        let kind = referrer::kind(&self.referrer_host, &self.host, partners);
        if let Some(page) = self.attributes.below("page") {
            page.set("referrer", kind);
        }
    }
}

fn first_characters(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Crawlers without an address in their names.
const CRAWLERS: [&str; 4] = ["google-inspectiontool", "mediapartners-google", "facebookexternalhit", "baiduspider"];

/// Whether a browser that names itself so is a crawler: those have an address to complain to in their names, as
/// browsers of people never have. `navigator.webdriver` says that somebody tests the page, and nothing of crawlers.
///
/// Source: RFC 9309, section 2.2.1, and the pages of Google, Bing, Apple, OpenAI and Anthropic on their crawlers.
///
/// ```
/// # use tailorbird::signal::context::is_crawler;
/// assert!(is_crawler("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));
/// assert!(!is_crawler("Mozilla/5.0 (Linux; Android 11; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/120.0.0.0"));
/// ```
pub fn is_crawler(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    ["http://", "https://"].iter().chain(&CRAWLERS).any(|part| agent.contains(part))
}

/// What the parameters of an address say the visitor searched for, its ASCII letters small. What may be a person's own
/// (an address for mail, a telephone or card number) is none.
fn search_term(params: &Value) -> Option<String> {
    let term = SEARCH_PARAMS.iter().map(|name| params.at(name).text().trim()).find(|term| !term.is_empty())?;
    let is_personal = term.contains('@') || term.chars().filter(char::is_ascii_digit).count() > DIGITS;
    (!is_personal).then(|| first_characters(&term.to_ascii_lowercase(), SEARCH))
}

/// The campaign that the decoded parameters of an address name, each part at most 100 characters.
fn campaign(params: &Value) -> Object {
    let mut campaign = Object::new();
    for (parameter, attribute) in UTM {
        if let Value::Text(text) = params.at(parameter) {
            campaign.set(attribute, first_characters(text, CAMPAIGN));
        }
    }
    for network in NETWORKS {
        if network.click_ids.iter().any(|parameter| params.get(parameter).is_some()) {
            campaign.set("network", network.name);
        }
    }
    campaign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_keeps_its_names_and_no_identifier() {
        let params: Value = serde_json::from_str(
            r#"{"page": "2", "utm_source": "news letter", "gclid": "SECRET", "utm_medium": "email"}"#,
        )
        .unwrap();
        let expected = Object::new().with("source", "news letter").with("medium", "email").with("network", "google");
        assert_eq!(campaign(&params), expected);
        assert_eq!(campaign(&Value::Null), Object::new());
    }

    #[test]
    fn every_click_identifier_is_known_by_its_network_only() {
        let cases = [
            ("gclid", "google"),
            ("gbraid", "google"),
            ("wbraid", "google"),
            ("dclid", "google"),
            ("msclkid", "microsoft"),
            ("fbclid", "meta"),
            ("ttclid", "tiktok"),
            ("twclid", "x"),
            ("li_fat_id", "linkedin"),
            ("rdt_cid", "reddit"),
            ("ScCid", "snapchat"),
            ("epik", "pinterest"),
            ("yclid", "yandex"),
            ("mc_eid", "email"),
        ];
        for (parameter, network) in cases {
            let params = Object::new().with(parameter, "SECRET").into();
            assert_eq!(campaign(&params), Object::new().with("network", network), "{parameter}");
        }
    }

    #[test]
    fn a_search_is_what_the_address_says_unless_it_is_personal() {
        let term = |name: &str, value: &str| search_term(&Object::new().with(name, value).into());
        for name in SEARCH_PARAMS {
            assert_eq!(term(name, " Boots "), Some("boots".to_owned()), "{name}");
        }
        for (name, value, why) in [
            ("page", "2", "another parameter"),
            ("q", " ", "nothing"),
            ("q", "jo@example.com", "an address for mail"),
            ("q", "+41 79 123 45 67", "a telephone number"),
        ] {
            assert_eq!(term(name, value), None, "{why}");
        }
        assert_eq!(term("q", "boots 2026"), Some("boots 2026".to_owned()));
        assert_eq!(term("q", &"é".repeat(200)).map(|term| term.chars().count()), Some(100));
    }

    #[test]
    fn partners_are_known_once_the_config_is() {
        let report = Object::new().with("referrer", "www.alps.example").with("host", "shop.example");
        let mut context = PageContext::read(&report.into());
        assert_eq!(context.group("page").get("referrer"), Some(&"other".into()));
        context.set_partners(&["alps.example".to_owned()]);
        assert_eq!(context.group("page").get("referrer"), Some(&"partner".into()));
    }

    #[test]
    fn an_address_keeps_its_parameters_and_is_cut_at_its_limit() {
        let read = |length: usize| {
            let url: String = "https://shop.example/?a=".chars().chain(core::iter::repeat('é')).take(length).collect();
            PageContext::read(&Object::new().with("url", url).into()).address.chars().count()
        };
        assert_eq!([read(4_095), read(4_096), read(4_097)], [4_095, 4_096, 4_096]);
    }

    #[test]
    fn each_part_of_a_page_view_is_cut_at_its_limit() {
        let long = "é".repeat(5_000);
        let report = Object::new()
            .with("path", long.as_str())
            .with("language", long.as_str())
            .with("zone", 119.6)
            .with("device", "phone")
            .with("params", Object::new().with("utm_source", long.as_str()));
        let context = PageContext::read(&report.into());
        let length = |group: &str, key: &str| context.attributes.get(group).unwrap().at(key).text().chars().count();
        assert_eq!(context.path.chars().count(), 300);
        assert_eq!(["path", "locale"].map(|key| length("page", key)), [300, 35]);
        assert_eq!(length("campaign", "source"), 100);
        assert_eq!((context.zone, length("device", "class")), (Zone(120), 5));
        assert_eq!(PageContext::read(&Object::new().with("zone", 1e300).into()).zone, Zone(0), "no offset at all");
    }

    #[test]
    fn a_language_is_the_first_part_of_the_locale() {
        let context = PageContext::read(&Object::new().with("language", "de-CH").into());
        let page = context.group("page");
        assert_eq!((page.get("language"), page.get("locale")), (Some(&"de".into()), Some(&"de-CH".into())));
        assert_eq!(context.group("weather"), Object::new());
    }

    #[test]
    fn previews_are_a_parameter_of_the_address() {
        let params = Object::new().with("tb", "hero:boots,strip:,alone");
        let context = PageContext::read(&Object::new().with("params", params).into());
        assert_eq!(Preview::address(&context.previews), "hero:boots,strip:");
    }
}
