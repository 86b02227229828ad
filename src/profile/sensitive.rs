//! What is never learned about anybody: special categories of personal data, and what hurts when it is known.
//!
//! Sources: GDPR, article 9(1), and article 10 for crimes; CPRA, 1798.140(ae); Google, "Personalized advertising"
//! policies on sensitive interest categories, for hardship, pregnancy and children.

use crate::signal::catalog::Markup;
use crate::signal::event::Tag;

/// Names of categories, and parts of addresses, that are sensitive on every site: each as a whole.
pub const TERMS: [&str; 78] = [
    // Health.
    "health",
    "medical",
    "medicine",
    "medication",
    "pharmacy",
    "prescription drugs",
    "disease",
    "diseases",
    "illness",
    "disability",
    "disabilities",
    "mental health",
    "therapy",
    "psychotherapy",
    "depression",
    "addiction",
    "rehab",
    "hiv",
    "aids",
    "cancer",
    "diabetes",
    "obesity",
    "incontinence",
    "weight loss",
    "biometrics",
    "genetics",
    "genetic tests",
    // Pregnancy.
    "pregnancy",
    "pregnant",
    "maternity",
    "fertility",
    "infertility",
    "contraception",
    "abortion",
    // Sex life and orientation.
    "sex",
    "sexuality",
    "sexual health",
    "sexual orientation",
    "erotic",
    "adult",
    "adult toys",
    "sex toys",
    "lgbt",
    "lgbtq",
    "gay",
    "lesbian",
    "transgender",
    "gender identity",
    // Beliefs.
    "religion",
    "faith",
    "islam",
    "christianity",
    "judaism",
    "hinduism",
    "buddhism",
    "atheism",
    "philosophy of life",
    // Politics and unions.
    "politics",
    "political",
    "political parties",
    "elections",
    "union",
    "trade union",
    "trade unions",
    // Origin.
    "race",
    "ethnicity",
    "immigration",
    "asylum",
    // Crime.
    "crime",
    "criminal record",
    "criminal law",
    // Hardship.
    "debt",
    "debt relief",
    "bankruptcy",
    "insolvency",
    "payday loans",
    // Children.
    "minors",
    "child protection",
];

/// Types of schema.org that are sensitive. Those that begin with `Medical` are as well.
pub const TYPES: [&str; 19] = [
    "AnatomicalStructure",
    "BuddhistTemple",
    "CatholicChurch",
    "Church",
    "DiagnosticLab",
    "Drug",
    "Hospital",
    "HealthTopicContent",
    "HinduTemple",
    "InfectiousDisease",
    "Mosque",
    "Patient",
    "Pharmacy",
    "Physician",
    "PlaceOfWorship",
    "PoliticalParty",
    "ReligiousOrganization",
    "Synagogue",
    "VitalSign",
];

/// What is sensitive on this site.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitive {
    /// The site's own terms, in small letters and with spaces.
    terms: Vec<String>,
    /// Whether [`TERMS`] and [`TYPES`] count.
    has_defaults: bool,
}

impl Default for Sensitive {
    fn default() -> Sensitive {
        Sensitive { terms: Vec::new(), has_defaults: true }
    }
}

impl Sensitive {
    /// The site's own terms, and those of every site unless it says that they are not.
    pub fn new(terms: &[&str], has_defaults: bool) -> Sensitive {
        Sensitive { terms: terms.iter().map(|term| plain(term)).collect(), has_defaults }
    }

    /// The site's own terms, in small letters and with spaces.
    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    /// Whether [`TERMS`] and [`TYPES`] count here.
    pub fn has_defaults(&self) -> bool {
        self.has_defaults
    }

    /// Whether this text is a term.
    pub fn has_term(&self, text: &str) -> bool {
        let text = text.trim();
        let is_it = |term: &str| text.len() == term.len() && text.bytes().map(plain_byte).eq(term.bytes());
        self.terms.iter().any(|term| is_it(term)) || self.has_defaults && TERMS.iter().any(|term| is_it(term))
    }

    /// Whether any of these tags is sensitive.
    pub fn has_tag(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|tag| self.has_term(&tag.key))
    }

    /// Whether a part of this path is, as addresses spell it: `/Mental-Health/` is `mental health`.
    pub fn has_path(&self, path: &str) -> bool {
        path.split('/').any(|part| self.has_term(&percent_decoded(part)))
    }

    /// Whether a page says of itself that it is about something sensitive, or not for families.
    pub fn has_markup(&self, markup: &Markup) -> bool {
        self.has_defaults && markup.is_of(|kind| kind.starts_with("Medical") || TYPES.contains(&kind))
    }
}

/// Small letters, and spaces between words.
fn plain(text: &str) -> String {
    text.trim().replace(['-', '_', '+'], " ").to_ascii_lowercase()
}

/// The same of each byte of a text without spaces around it. Every event's tags are compared with every term: without
/// making a text of them.
fn plain_byte(byte: u8) -> u8 {
    if matches!(byte, b'-' | b'_' | b'+') { b' ' } else { byte.to_ascii_lowercase() }
}

/// A part of an address without its percent-encoding; what encodes nothing stands as it is.
fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        let encoded = part.split_at_checked(2).and_then(|(digits, rest)| {
            Some((u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?, rest))
        });
        match encoded {
            Some((byte, rest)) => {
                bytes.push(byte);
                bytes.extend_from_slice(rest.as_bytes());
            }
            None => {
                bytes.push(b'%');
                bytes.extend_from_slice(part.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn a_path_is_sensitive_where_one_of_its_parts_is_a_term_however_it_is_spelt() {
        let sensitive = Sensitive::new(&["Skin care", "santé"], true);
        let cases = [
            ("/shop/skin-care/creams", true, "with hyphens"),
            ("/SKIN_CARE", true, "with underscores and capitals"),
            ("/skin%20care/", true, "with an encoded space"),
            ("/sant%C3%A9", true, "with encoded letters"),
            ("/skin-care-7", false, "a part of a part"),
            ("/skin/care", false, "two parts"),
            ("/sant%C3", false, "a letter that is cut"),
            ("/100%", false, "a sign that encodes nothing"),
            ("/Mental-Health/", true, "a term of every site"),
            ("/", false, "no part"),
        ];
        for (path, expected, why) in cases {
            assert_eq!(sensitive.has_path(path), expected, "{path}: {why}");
        }
    }

    #[test]
    fn the_terms_of_every_site_count_unless_the_site_says_not() {
        let tag = |key: &str| [Tag { dimension: "category".to_owned(), key: key.to_owned() }];
        let (all, own) = (Sensitive::default(), Sensitive::new(&["tents"], false));
        for (key, every, its) in [
            ("Religion", true, false),
            ("trade-union", true, false),
            (" Debt ", true, false),
            ("True Religion", false, false),
            ("Tents", false, true),
            ("", false, false),
        ] {
            assert_eq!((all.has_tag(&tag(key)), own.has_tag(&tag(key))), (every, its), "{key}");
        }
    }

    #[test]
    fn a_page_says_by_its_types_that_it_is_sensitive() {
        let cases = [
            (r#"{"@type": "MedicalWebPage"}"#, true),
            (r#"{"@type": ["Product", "https://schema.org/Drug"], "name": "x"}"#, true),
            (r#"{"@graph": [{"@type": "WebPage"}, {"@type": "PoliticalParty"}]}"#, true),
            (r#"{"@type": "Product", "isFamilyFriendly": false}"#, true),
            (r#"{"@type": "Product", "isFamilyFriendly": "False"}"#, true),
            (r#"{"@type": "Product", "isFamilyFriendly": true}"#, false),
            (r#"{"@type": "Product", "similar": {"@type": "Drug"}}"#, false),
            ("[]", false),
        ];
        for (json, expected) in cases {
            let json_ld: Vec<Value> = vec![serde_json::from_str(json).unwrap()];
            let markup = Markup { json_ld: json_ld.clone(), ..Markup::default() };
            assert_eq!(Sensitive::default().has_markup(&markup), expected, "{json}");
            assert!(!Sensitive::new(&[], false).has_markup(&markup), "{json}");
            let microdata = Markup { microdata: json_ld, ..Markup::default() };
            assert_eq!(Sensitive::default().has_markup(&microdata), expected, "{json}");
        }
    }
}
