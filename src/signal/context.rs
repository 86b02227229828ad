//! The page and its surroundings: where the visitor came from, on what, and when.

use crate::list::gather;
use crate::text::{cut, split};
use crate::time::Zone;
use crate::value::{Object, Value};

/// One page view's context.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PageContext {
    /// The path, at most 300 characters.
    pub path: String,
    /// The whole address, for experiments that are for some addresses only. It is in no attribute,
    /// and nothing of it is kept.
    pub address: String,
    /// The variants that the address asks to see, `?tb=hero:boots,strip:`: by slot, the page's own
    /// content where none is named.
    pub preview: Vec<(String, String)>,
    /// Offset of the visitor's clock.
    pub zone: Zone,
    /// The attributes `page`, `device` and `campaign`.
    ///
    /// `page` has the `path`, the `locale` as the browser says it, its `language`, and the kind of
    /// `referrer`; `device` its `class`; `campaign` the parts that `utm_` parameters name, and the
    /// `network` whose click identifier stands in the address. The identifier itself follows a
    /// person across sites and is not read.
    pub attributes: Object,
}

/// Labels in host names that tell the kind of place. One label decides: `www.google.co.uk` has
/// the label `google`.
const PLACES: [(&str, &str); 4] = [
    ("search", "google bing duckduckgo ecosia qwant yahoo yandex baidu brave"),
    (
        "social",
        "facebook instagram twitter t x linkedin reddit pinterest tiktok youtube mastodon bsky whatsapp telegram",
    ),
    ("email", "mail outlook"),
    ("assistant", "chatgpt openai perplexity claude gemini copilot"),
];

/// Query parameters that carry a network's click identifier.
const CLICK_IDS: [(&str, &str); 10] = [
    ("google", "gclid gbraid wbraid dclid"),
    ("microsoft", "msclkid"),
    ("meta", "fbclid"),
    ("tiktok", "ttclid"),
    ("x", "twclid"),
    ("linkedin", "li_fat_id"),
    ("reddit", "rdt_cid"),
    ("pinterest", "epik"),
    ("yandex", "yclid"),
    ("email", "mc_eid"),
];

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

    /// Reads the shell's report of a page view.
    pub fn read(value: &Value) -> PageContext {
        let text = |key, most| cut(value.at(key).text(), most).to_owned();
        let zone = crate::number::round(value.at("zone").number());
        let (path, locale) = (text("path", 300), text("language", 35));
        let page = Object::new()
            .with("path", path.as_str())
            .with("referrer", referrer(&text("referrer", 300), &text("host", 300)))
            .with("language", split(&locale, b'-').first().copied().unwrap_or(""))
            .with("locale", locale);
        let params = value.at("params");
        let attributes = Object::new()
            .with("page", page)
            .with("device", Object::new().with("class", text("device", 20)))
            .with("campaign", campaign(params));
        let preview = gather(&split(params.at("tb").text(), b','), |asked| match split(asked, b':').as_slice() {
            [slot, variant] => Some(((*slot).to_owned(), (*variant).to_owned())),
            _ => None,
        });
        PageContext {
            path,
            address: text("url", 4_000),
            preview,
            zone: Zone(i32::try_from(zone).unwrap_or(0)),
            attributes,
        }
    }
}

/// The kind of place `host` is, seen from a page on `own_host`: `direct` (typed, bookmarked or
/// withheld), `internal`, `search`, `social`, `email`, `assistant`, `other`. The host is not kept.
fn referrer(host: &str, own_host: &str) -> &'static str {
    if host.is_empty() {
        return "direct";
    }
    if host.eq_ignore_ascii_case(own_host) {
        return "internal";
    }
    // A label that tells stands before the public suffix, so the last label never counts; of
    // `mail.google.com` the first one tells. A single letter tells only as a whole name: `x.com`.
    let labels = split(host, b'.');
    let telling = labels.split_last().map_or(&[][..], |(_, telling)| telling);
    for label in telling {
        for (kind, names) in &PLACES {
            let known = split(names, b' ').iter().any(|name| label.eq_ignore_ascii_case(name));
            if known && (label.len() > 1 || telling.len() == 1) {
                return kind;
            }
        }
    }
    "other"
}

/// The campaign in the parameters of an address, decoded; each part at most 100 characters.
fn campaign(params: &Value) -> Object {
    let mut campaign = Object::new();
    for (key, part) in &UTM {
        if let Value::Text(text) = params.at(key) {
            campaign.set(part, cut(text, 100));
        }
    }
    for (network, keys) in &CLICK_IDS {
        if split(keys, b' ').iter().any(|key| params.get(key).is_some()) {
            campaign.set("network", *network);
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
            ("mail.google.com", "email", "the first label tells"),
            ("t.co", "social", "a short host"),
            ("t.example.com", "other", "a single letter below a name says nothing"),
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
}
