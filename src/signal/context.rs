//! The page and its surroundings: where the visitor came from, on what, and when.

use super::cut;
use crate::time::Zone;
use crate::value::{Object, Value};

/// One page view's context.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PageContext {
    /// The path, at most 300 characters.
    pub path: String,
    /// The BCP 47 language tag of the browser, as it says it.
    pub language: String,
    /// `phone`, `tablet` or `desktop`; empty when unknown.
    pub device: String,
    /// Offset of the visitor's clock.
    pub zone: Zone,
    /// What kind of place linked here.
    pub referrer: Referrer,
    /// The campaign in the address, if there is one.
    pub campaign: Option<Campaign>,
}

/// What kind of place linked here. The address itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Referrer {
    /// None: typed, bookmarked, or withheld.
    #[default]
    Direct,
    /// This site.
    Internal,
    /// A search engine.
    Search,
    /// A social network.
    Social,
    /// A mail reader.
    Email,
    /// An assistant that answers questions.
    Assistant,
    /// Anywhere else.
    Other,
}

/// A campaign, as `utm_` parameters name it; each part at most 100 characters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Campaign {
    /// Parts by name: `source`, `medium`, `campaign`, `term`, `content`, `id`.
    pub parts: Vec<(&'static str, String)>,
    /// Whose click identifier stands in the address. The identifier itself follows a person
    /// across sites and is not read.
    pub network: Option<&'static str>,
}

/// Labels in host names that tell the kind of place. One label decides: `www.google.co.uk` has
/// the label `google`.
const PLACES: [(&str, Referrer); 38] = [
    ("google", Referrer::Search),
    ("bing", Referrer::Search),
    ("duckduckgo", Referrer::Search),
    ("ecosia", Referrer::Search),
    ("qwant", Referrer::Search),
    ("yahoo", Referrer::Search),
    ("yandex", Referrer::Search),
    ("baidu", Referrer::Search),
    ("startpage", Referrer::Search),
    ("brave", Referrer::Search),
    ("naver", Referrer::Search),
    ("seznam", Referrer::Search),
    ("facebook", Referrer::Social),
    ("instagram", Referrer::Social),
    ("threads", Referrer::Social),
    ("twitter", Referrer::Social),
    ("t", Referrer::Social),
    ("x", Referrer::Social),
    ("linkedin", Referrer::Social),
    ("lnkd", Referrer::Social),
    ("reddit", Referrer::Social),
    ("pinterest", Referrer::Social),
    ("tiktok", Referrer::Social),
    ("youtube", Referrer::Social),
    ("mastodon", Referrer::Social),
    ("bsky", Referrer::Social),
    ("vk", Referrer::Social),
    ("weibo", Referrer::Social),
    ("whatsapp", Referrer::Social),
    ("telegram", Referrer::Social),
    ("mail", Referrer::Email),
    ("outlook", Referrer::Email),
    ("chatgpt", Referrer::Assistant),
    ("openai", Referrer::Assistant),
    ("perplexity", Referrer::Assistant),
    ("claude", Referrer::Assistant),
    ("gemini", Referrer::Assistant),
    ("copilot", Referrer::Assistant),
];

/// Query parameters that carry a network's click identifier.
const CLICK_IDS: [(&str, &str); 13] = [
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
    ("epik", "pinterest"),
    ("yclid", "yandex"),
    ("mc_eid", "email"),
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
    /// Reads the shell's report of a page view.
    pub fn read(value: &Value) -> PageContext {
        let text = |key, most| cut(value.get(key).and_then(Value::as_text).unwrap_or(""), most);
        let zone = value.get("zone").and_then(Value::as_number).map_or(0, crate::number::round);
        PageContext {
            path: text("path", 300),
            language: text("language", 35),
            device: text("device", 20),
            zone: Zone(i32::try_from(zone).unwrap_or(0)),
            referrer: Referrer::of(&text("referrer", 300), &text("host", 300)),
            campaign: Campaign::of(&text("query", 2_000)),
        }
    }

    /// The same as attributes: `page`, `device`, `campaign`.
    pub fn attributes(&self, into: &mut Object) {
        let language = self.language.split('-').next().unwrap_or("");
        let page = Object::new()
            .with("path", self.path.as_str())
            .with("referrer", self.referrer.name())
            .with("language", language)
            .with("locale", self.language.as_str());
        into.set("page", page);
        into.set("device", Object::new().with("class", self.device.as_str()));
        let mut campaign = Object::new();
        if let Some(known) = &self.campaign {
            for (part, text) in &known.parts {
                campaign.set(part, text.as_str());
            }
            if let Some(network) = known.network {
                campaign.set("network", network);
            }
        }
        into.set("campaign", campaign);
    }
}

impl Referrer {
    /// The kind of place at `address`, seen from a page on `own_host`.
    fn of(address: &str, own_host: &str) -> Referrer {
        let after_scheme = address.split_once("://").map_or("", |(_, rest)| rest);
        let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or("");
        let host = authority.rsplit('@').next().unwrap_or("").split(':').next().unwrap_or("");
        if host.is_empty() {
            return Referrer::Direct;
        }
        if host.eq_ignore_ascii_case(own_host) {
            return Referrer::Internal;
        }
        // A label that tells stands before the public suffix, so the last label never counts; of
        // `mail.google.com` the first one tells.
        let labels: Vec<&str> = host.split('.').collect();
        let telling = labels.split_last().map_or(&[][..], |(_, telling)| telling);
        let single = |label: &str| label.len() > 1 || telling.len() == 1;
        telling
            .iter()
            .filter(|label| single(label))
            .find_map(|label| PLACES.iter().find(|(name, _)| label.eq_ignore_ascii_case(name)))
            .map_or(Referrer::Other, |(_, kind)| *kind)
    }

    /// The word in `page.referrer`.
    pub fn name(self) -> &'static str {
        match self {
            Referrer::Direct => "direct",
            Referrer::Internal => "internal",
            Referrer::Search => "search",
            Referrer::Social => "social",
            Referrer::Email => "email",
            Referrer::Assistant => "assistant",
            Referrer::Other => "other",
        }
    }
}

impl Campaign {
    /// The campaign in a query string such as `?utm_source=news`.
    fn of(query: &str) -> Option<Campaign> {
        let mut campaign = Campaign::default();
        for pair in query.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Some((_, part)) = UTM.iter().find(|(name, _)| *name == key) {
                if !campaign.parts.iter().any(|(known, _)| known == part) {
                    campaign.parts.push((part, cut(&percent_decoded(value), 100)));
                }
            } else if let Some((_, network)) = CLICK_IDS.iter().find(|(name, _)| *name == key) {
                campaign.network = Some(network);
            }
        }
        (campaign != Campaign::default()).then_some(campaign)
    }
}

/// Undoes `application/x-www-form-urlencoded`; what is no valid escape stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referrer_is_known_by_its_kind_only() {
        let cases = [
            ("", Referrer::Direct, "none"),
            ("https://shop.example/boots", Referrer::Internal, "this site"),
            ("https://www.google.co.uk/", Referrer::Search, "any country"),
            ("https://mail.google.com/", Referrer::Email, "the first label tells"),
            ("https://t.co/abc", Referrer::Social, "a short host"),
            ("https://t.example.com/", Referrer::Other, "a single letter below a name says nothing"),
            ("https://chatgpt.com/", Referrer::Assistant, "an assistant"),
            ("https://blog.example/google", Referrer::Other, "paths do not count"),
            ("https://example.google/", Referrer::Other, "the last label does not count"),
            ("https://user:pass@bing.com:443/?q=1", Referrer::Search, "credentials and port"),
        ];
        for (address, expected, why) in cases {
            assert_eq!(Referrer::of(address, "shop.example"), expected, "{why}");
        }
    }

    #[test]
    fn a_campaign_keeps_its_names_and_no_identifier() {
        let campaign =
            Campaign::of("?utm_source=news%20letter&utm_medium=e+mail&gclid=SECRET&utm_source=2&x=%zz").unwrap();
        assert_eq!(campaign.parts, [("source", "news letter".to_owned()), ("medium", "e mail".to_owned())]);
        assert_eq!(campaign.network, Some("google"));
        assert_eq!(Campaign::of("?page=2"), None);
    }
}
