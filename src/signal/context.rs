//! The page and its surroundings: where the visitor came from, on which device, and when.

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
    /// The variants that the address asks to preview.
    pub previews: Vec<Preview>,
    /// Offset of the visitor's clock.
    pub zone: Zone,
    /// The attributes `page`, `device` and `campaign`.
    ///
    /// `page` has the `path`, the `locale` as the browser reports it, its `language`, and the kind of
    /// `referrer`; `device` its `class`; `campaign` the parts that `utm_` parameters name, and the
    /// `network` whose click identifier is in the address. The identifier itself follows a person across sites
    /// and is not read.
    pub attributes: Object,
}

/// A variant to be previewed: `hero:boots` of `?tb=hero:boots,strip:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The slot's id.
    pub slot: String,
    /// The variant's id; empty for the page's own content.
    pub variant: String,
}

/// A kind of referrer, and the labels of host names that tell it.
struct ReferrerKind {
    name: &'static str,
    labels: &'static [&'static str],
}

/// One label decides: `www.google.co.uk` has the label `google`.
const REFERRERS: [ReferrerKind; 4] = [
    ReferrerKind {
        name: "search",
        labels: &["google", "bing", "duckduckgo", "ecosia", "qwant", "yahoo", "yandex", "baidu", "brave"],
    },
    ReferrerKind {
        name: "social",
        labels: &[
            "facebook",
            "instagram",
            "twitter",
            "t",
            "x",
            "linkedin",
            "reddit",
            "pinterest",
            "tiktok",
            "youtube",
            "mastodon",
            "bsky",
            "whatsapp",
            "telegram",
        ],
    },
    ReferrerKind { name: "email", labels: &["mail", "outlook"] },
    ReferrerKind { name: "assistant", labels: &["chatgpt", "openai", "perplexity", "claude", "gemini", "copilot"] },
];

/// An advertising network, and the query parameters that carry its click identifier.
struct Network {
    name: &'static str,
    click_ids: &'static [&'static str],
}

const NETWORKS: [Network; 10] = [
    Network { name: "google", click_ids: &["gclid", "gbraid", "wbraid", "dclid"] },
    Network { name: "microsoft", click_ids: &["msclkid"] },
    Network { name: "meta", click_ids: &["fbclid"] },
    Network { name: "tiktok", click_ids: &["ttclid"] },
    Network { name: "x", click_ids: &["twclid"] },
    Network { name: "linkedin", click_ids: &["li_fat_id"] },
    Network { name: "reddit", click_ids: &["rdt_cid"] },
    Network { name: "pinterest", click_ids: &["epik"] },
    Network { name: "yandex", click_ids: &["yclid"] },
    Network { name: "email", click_ids: &["mc_eid"] },
];

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
    /// `zone` (minutes east of universal time) and `params`, the parameters of the address.
    pub fn read(value: &Value) -> PageContext {
        let text = |key, most| first_characters(value.at(key).text(), most);
        let zone = i32::try_from(round(value.at("zone").number())).unwrap_or(0);
        let (path, locale) = (text("path", PATH), text("language", LOCALE));
        let page = Object::new()
            .with("path", path.as_str())
            .with("referrer", referrer(&text("referrer", PATH), &text("host", PATH)))
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
            previews: params.at("tb").text().split(',').filter_map(Preview::read).collect(),
            zone: Zone(zone),
            attributes,
        }
    }
}

impl Preview {
    fn read(text: &str) -> Option<Preview> {
        let (slot, variant) = text.split_once(':')?;
        (!variant.contains(':')).then(|| Preview { slot: slot.to_owned(), variant: variant.to_owned() })
    }
}

fn first_characters(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The kind of site `host` is, seen from a page on `own_host`: `direct` (typed, bookmarked or
/// withheld), `internal`, `search`, `social`, `email`, `assistant`, `other`. The host is not stored.
fn referrer(host: &str, own_host: &str) -> &'static str {
    if host.is_empty() {
        return "direct";
    }
    if host.eq_ignore_ascii_case(own_host) {
        return "internal";
    }
    // The last label is the public suffix and never counts; of `mail.google.com` the first one decides. A
    // single letter counts only as a complete name: `x.com`.
    let Some((name, _)) = host.rsplit_once('.') else { return "other" };
    let is_single = !name.contains('.');
    let kind_of = |label: &str| {
        let known = |kind: &&ReferrerKind| kind.labels.iter().any(|known| label.eq_ignore_ascii_case(known));
        REFERRERS.iter().find(known).filter(|_| label.len() > 1 || is_single)
    };
    name.split('.').find_map(kind_of).map_or("other", |kind| kind.name)
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
    fn a_referrer_is_known_by_its_kind_only() {
        let cases = [
            ("", "direct", "none"),
            ("shop.example", "internal", "this site"),
            ("www.google.co.uk", "search", "any country"),
            ("mail.google.com", "email", "the first label decides"),
            ("t.co", "social", "a short host"),
            ("t.example.com", "other", "a single letter below a name is no hint"),
            ("chatgpt.com", "assistant", "an assistant"),
            ("example.google", "other", "the last label does not count"),
            ("localhost", "other", "a single label"),
        ];
        for (host, expected, why) in cases {
            assert_eq!(referrer(host, "shop.example"), expected, "{why}");
        }
    }

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
    fn a_preview_names_a_slot_and_a_variant() {
        let params = Object::new().with("tb", "hero:boots,strip:,alone,a:b:c");
        let context = PageContext::read(&Object::new().with("params", params).into());
        let previews: Vec<_> =
            context.previews.iter().map(|preview| (preview.slot.as_str(), preview.variant.as_str())).collect();
        assert_eq!(previews, [("hero", "boots"), ("strip", "")]);
    }
}
