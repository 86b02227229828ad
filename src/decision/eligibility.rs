//! Eligibility: when, where and for whom a slot, a variant or a prompt may be shown at all, before anything chooses it.

use super::explained::Explained;
use super::targeting::PageTargeting;
use crate::condition::{Condition, Scope};
use crate::profile::value::Tier;
use crate::reader::Reader;
use crate::template::{LocalizedText, Template};
use crate::time::{Timestamp, Zone, date, moment};
use crate::value::{Object, Value};

/// The keys of the config that say it.
pub const KEYS: [&str; 4] = ["from", "until", "when", "urls"];

/// When, where and for whom something may be shown. Without any of it: always, everywhere, to everybody.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Eligibility {
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// To visitors for whom this holds.
    pub when: Option<Condition>,
    /// On these addresses, as [`is_targeted`](super::targeting::is_targeted) takes them; everywhere where there are none.
    pub urls: Vec<Value>,
    /// Texts whose placeholders need a value.
    pub texts: Vec<LocalizedText>,
}

/// What eligibility depends on.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    /// The time.
    pub now: Timestamp,
    /// The visitor's attributes.
    pub attributes: &'a Value,
    /// Languages that the visitor reads, the first best.
    pub languages: &'a [String],
    /// What targets the address of the page.
    pub targeting: &'a PageTargeting,
    /// What conditions ask.
    pub scope: Scope<'a>,
}

/// One of the questions of [`Eligibility::CHECKS`]: why something may not be shown, if that is why.
pub type EligibilityCheck = fn(&Eligibility, Situation<'_>) -> Option<Ineligible>;

/// Why something may not be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Ineligible {
    /// Its time has not come.
    NotBefore(Timestamp),
    /// Its time is over.
    Ended(Timestamp),
    /// It is not for this address.
    OtherAddress,
    /// Its condition does not hold.
    ConditionFails,
    /// There is no value for this placeholder.
    MissingValue(String),
    /// It is for visitors of this value tier or a higher one.
    BelowTier(Tier),
    /// Its offer is shown in this slot.
    OfferedElsewhere(String),
}

impl Eligibility {
    /// Reads the four keys of the object at `at`.
    pub fn read(at: &Reader<'_>) -> Option<Eligibility> {
        let expected = "a time with its zone, such as 2026-11-01T00:00+01:00";
        let time = |key| {
            at.field(key).optional(|at| {
                let text = at.text(expected, |text| moment(text).is_some())?;
                moment(text)
            })
        };
        let (from, until) = (time("from"), time("until"));
        let when = at.field("when").optional(Condition::read);
        let urls = at.field("urls").or(Vec::new(), read_urls);
        let (from, until) = (from?, until?);
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            at.field("until").expected("a time after from");
            return None;
        }
        Some(Eligibility { from, until, when: when?, urls: urls?, texts: Vec::new() })
    }

    /// The paths of the placeholders in its texts.
    pub fn placeholders(&self) -> impl Iterator<Item = &[String]> {
        self.texts.iter().flat_map(LocalizedText::templates).flat_map(Template::paths)
    }

    /// What is asked, in this order: each by its name, with why it speaks against showing it.
    pub const CHECKS: [(&str, EligibilityCheck); 4] = [
        ("dates", Eligibility::out_of_time),
        ("address", Eligibility::on_other_address),
        ("condition", Eligibility::fails),
        ("values", Eligibility::lacks_value),
    ];

    /// Whether it may be shown.
    ///
    /// # Errors
    ///
    /// With the first reason why not.
    pub fn check(&self, situation: Situation<'_>) -> Result<(), Ineligible> {
        let first = Eligibility::CHECKS.iter().find_map(|(_, check)| check(self, situation));
        first.map_or(Ok(()), Err)
    }

    fn out_of_time(&self, situation: Situation<'_>) -> Option<Ineligible> {
        let now = situation.now;
        let early = self.from.filter(|from| now < *from).map(Ineligible::NotBefore);
        early.or_else(|| self.until.filter(|until| now >= *until).map(Ineligible::Ended))
    }

    fn on_other_address(&self, situation: Situation<'_>) -> Option<Ineligible> {
        (!situation.targeting.includes(&self.urls)).then_some(Ineligible::OtherAddress)
    }

    fn fails(&self, situation: Situation<'_>) -> Option<Ineligible> {
        let Situation { attributes, scope, .. } = situation;
        self.when.as_ref().filter(|when| !when.holds(attributes, scope)).map(|_| Ineligible::ConditionFails)
    }

    fn lacks_value(&self, situation: Situation<'_>) -> Option<Ineligible> {
        let Situation { attributes, languages, .. } = situation;
        let missing = |text: &LocalizedText| text.in_language(languages)?.missing(attributes).map(str::to_owned);
        self.texts.iter().find_map(missing).map(Ineligible::MissingValue)
    }
}

/// Reads `{include: [pattern], exclude: [pattern]}` into what URL targeting takes.
fn read_urls(at: &Reader<'_>) -> Option<Vec<Value>> {
    let written = at.object()?;
    if written.get("include").or(written.get("exclude")).is_none() {
        at.expected("an object with include, exclude, or both: lists of patterns such as /boots/*");
        return None;
    }
    let keys = at.keys(&["include", "exclude"]);
    let patterns = |key, include: bool| {
        at.field(key).or(Vec::new(), |at| {
            at.list(1..=50, |at| {
                let pattern = at.text_within(1..=500)?;
                let target = Object::new().with("type", "simple").with("include", include).with("pattern", pattern);
                Some(Value::from(target))
            })
        })
    };
    let (include, exclude) = (patterns("include", true), patterns("exclude", false));
    keys?;
    Some(include?.into_iter().chain(exclude?).collect())
}

impl Ineligible {
    /// The reason by its name and in words.
    pub fn explained(&self) -> Explained {
        let day = |at: &Timestamp| date(*at, Zone(0));
        let (code, text) = match self {
            Ineligible::NotBefore(from) => ("not-before", format!("it begins on {}", day(from))),
            Ineligible::Ended(until) => ("ended", format!("it ended on {}", day(until))),
            Ineligible::OtherAddress => ("address", "it is not for this address".to_owned()),
            Ineligible::ConditionFails => ("condition", "its condition does not match this visitor".to_owned()),
            Ineligible::MissingValue(placeholder) => ("values", format!("there is no value for {placeholder}")),
            Ineligible::BelowTier(least) => {
                ("tier", format!("it is for visitors of the tier {} or higher", least.name()))
            }
            Ineligible::OfferedElsewhere(slot) => ("offered-elsewhere", format!("its offer is in the slot {slot}")),
        };
        Explained { code, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::template::Template;

    fn read(written: &str) -> Result<Eligibility, Vec<String>> {
        let written: Value = serde_json::from_str(written).unwrap();
        crate::reader::read(&written, Eligibility::read).map(Option::unwrap).map_err(|problems| problems.lines())
    }

    fn check(eligibility: &Eligibility, ms: i64, address: &str) -> Result<(), Ineligible> {
        let attributes = Value::from(Object::new().with("plan", "pro"));
        eligibility.check(Situation {
            now: Timestamp::from_ms(ms),
            attributes: &attributes,
            languages: &["de".to_owned()],
            targeting: &PageTargeting::of(address, &[eligibility.urls.as_slice()], &Native),
            scope: Scope::of(&Native, &[]),
        })
    }

    #[test]
    fn a_time_includes_its_beginning_and_excludes_its_end() {
        let spring = read(r#"{"from": "1970-01-01T00:00:01Z", "until": "1970-01-01T00:00:02Z"}"#).unwrap();
        let (from, until) = (Timestamp::from_ms(1_000), Timestamp::from_ms(2_000));
        assert_eq!(check(&spring, 999, ""), Err(Ineligible::NotBefore(from)));
        assert_eq!(check(&spring, 1_000, ""), Ok(()));
        assert_eq!(check(&spring, 1_999, ""), Ok(()));
        assert_eq!(check(&spring, 2_000, ""), Err(Ineligible::Ended(until)));
    }

    #[test]
    fn an_address_is_included_and_not_excluded() {
        let urls = read(r#"{"urls": {"include": ["/boots/*"], "exclude": ["/boots/sale"]}}"#).unwrap();
        let at = |path: &str| check(&urls, 0, &format!("https://shop.example{path}"));
        assert_eq!(at("/boots/trail"), Ok(()));
        assert_eq!(at("/boots/sale"), Err(Ineligible::OtherAddress));
        assert_eq!(at("/tents/"), Err(Ineligible::OtherAddress));
        let others = read(r#"{"urls": {"exclude": ["/boots/*"]}}"#).unwrap();
        assert_eq!(check(&others, 0, "https://shop.example/tents/"), Ok(()));
        assert_eq!(check(&others, 0, "https://shop.example/boots/a"), Err(Ineligible::OtherAddress));
    }

    #[test]
    fn a_condition_and_the_values_of_placeholders_decide() {
        let pro = read(r#"{"when": {"plan": "pro"}}"#).unwrap();
        assert_eq!(check(&pro, 0, ""), Ok(()));
        assert_eq!(check(&read(r#"{"when": {"plan": "free"}}"#).unwrap(), 0, ""), Err(Ineligible::ConditionFails));
        let with = |text: &str| Eligibility {
            texts: vec![LocalizedText::everywhere(Template::parse(text).unwrap())],
            ..Eligibility::default()
        };
        assert_eq!(check(&with("{{ plan }}"), 0, ""), Ok(()));
        assert_eq!(check(&with("{{ name }}"), 0, ""), Err(Ineligible::MissingValue("{{ name }}".into())));
    }

    #[test]
    fn each_reason_is_told_by_name_and_in_words() {
        let day = Timestamp::from_ms(0);
        for (reason, code, text) in [
            (Ineligible::NotBefore(day), "not-before", "it begins on 1970-01-01"),
            (Ineligible::Ended(day), "ended", "it ended on 1970-01-01"),
            (Ineligible::OtherAddress, "address", "it is not for this address"),
            (Ineligible::ConditionFails, "condition", "its condition does not match this visitor"),
            (Ineligible::MissingValue("{{ plan }}".to_owned()), "values", "there is no value for {{ plan }}"),
        ] {
            assert_eq!(reason.explained(), Explained { code, text: text.to_owned() });
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (written, problem) in [
            (
                r#"{"from": "2026-11-01"}"#,
                "from is \"2026-11-01\", expected a time with its zone, such as 2026-11-01T00:00+01:00",
            ),
            (r#"{"from": 5}"#, "from is 5, expected a time with its zone, such as 2026-11-01T00:00+01:00"),
            (
                r#"{"from": "2026-11-02T00:00Z", "until": "2026-11-02T00:00Z"}"#,
                "until is \"2026-11-02T00:00Z\", expected a time after from",
            ),
            (
                r#"{"urls": {}}"#,
                "urls is an empty object, expected an object with include, exclude, or both: lists of patterns such as /boots/*",
            ),
            (r#"{"urls": {"include": []}}"#, "urls.include is an empty list, expected a list of 1 to 50"),
            (r#"{"urls": {"include": [""]}}"#, "urls.include[0] is \"\", expected a text of 1 to 500 characters"),
            (
                r#"{"urls": {"include": ["/"], "only": ["/"]}}"#,
                "urls.only is unknown, expected one of include, exclude",
            ),
        ] {
            assert_eq!(read(written).unwrap_err().first().map(String::as_str), Some(problem), "{written}");
        }
    }
}
