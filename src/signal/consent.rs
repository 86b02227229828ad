//! What the visitor consents to, as the site, a consent tool or the browser states it on each page. It is never
//! stored.

use crate::value::{Object, Value};

/// What may be stored and used for personalization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Allowed {
    /// Nobody has stated anything yet: work in memory, for this page view.
    #[default]
    Unknown,
    /// Keep a profile on the device.
    Granted,
    /// Keep nothing, learn nothing, remove what is stored.
    Denied,
    /// Keep a profile for as long as this tab lives.
    Session,
}

/// The consent in effect on this page: the most restrictive of all answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Consent {
    /// May the page be personalized?
    pub personalize: Allowed,
    /// May outcomes be measured? `None` while nobody has stated it, which is as good as no.
    pub measure: Option<bool>,
    /// Whose answer decided.
    pub source: Source,
}

/// One statement of consent. Each purpose is stated on its own: what a statement does not mention stays as this
/// source stated it before, and neither purpose implies the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Statement {
    /// May the page be personalized? `Some(Unknown)` takes an earlier answer back.
    pub personalize: Option<Allowed>,
    /// May outcomes be measured?
    pub measure: Option<bool>,
    /// Who makes the statement.
    pub source: Source,
    /// Whether it is an answer that the visitor gave on the site's own control. Such a yes counts more than a wish
    /// that the browser sends to all sites.
    pub explicit: bool,
    /// Whether the site asks to listen to Consent Mode as well, from now on.
    pub listen: bool,
}

/// Who states what the visitor consents to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Source {
    /// The site itself, by its tag or by `tailorbird.consent()`.
    #[default]
    Site,
    /// Consent Mode's `default`: what is in effect until the visitor answers.
    ModeDefault,
    /// Consent Mode's `update`: the visitor's answer.
    ModeUpdate,
    /// The consent tool `vanilla-cookieconsent`.
    CookieConsent,
    /// The consent tool OneTrust.
    OneTrust,
    /// The consent tool Cookiebot.
    Cookiebot,
    /// A consent tool that speaks IAB TCF 2.3.
    Tcf,
    /// A consent tool that speaks IAB GPP.
    Gpp,
    /// The browser: [Global Privacy Control](https://w3c.github.io/gpc/).
    GlobalPrivacyControl,
    /// The browser: `navigator.doNotTrack`.
    DoNotTrack,
    /// The config: the site is directed to children.
    ChildDirected,
    /// The visitor, in another tab.
    OtherTab,
}

/// All sources, with the name by which the page knows them.
const SOURCES: [(Source, &str); 12] = [
    (Source::Site, "site"),
    (Source::ModeUpdate, "consent-mode"),
    (Source::ModeDefault, "consent-mode"),
    (Source::CookieConsent, "cookieconsent"),
    (Source::OneTrust, "onetrust"),
    (Source::Cookiebot, "cookiebot"),
    (Source::Tcf, "tcf"),
    (Source::Gpp, "gpp"),
    (Source::GlobalPrivacyControl, "global-privacy-control"),
    (Source::DoNotTrack, "do-not-track"),
    (Source::ChildDirected, "child-directed"),
    (Source::OtherTab, "other-tab"),
];

impl Source {
    /// The name by which the page knows it.
    pub fn name(self) -> &'static str {
        SOURCES.iter().find(|(source, _)| *source == self).map_or("site", |(_, name)| name)
    }

    /// Whether it speaks for all sites: a wish of the browser's, which an explicit yes to this one overrides.
    pub fn is_signal(self) -> bool {
        matches!(self, Source::GlobalPrivacyControl | Source::DoNotTrack)
    }

    /// Whether what it says holds for as long as the page does, whatever the visitor does on it.
    pub fn is_standing(self) -> bool {
        self.is_signal() || self == Source::ChildDirected
    }
}

impl Allowed {
    /// The word of `data-consent`.
    pub fn name(self) -> &'static str {
        match self {
            Allowed::Unknown => "unknown",
            Allowed::Granted => "granted",
            Allowed::Denied => "denied",
            Allowed::Session => "session",
        }
    }

    /// Whether a profile may be kept.
    pub fn is_yes(self) -> bool {
        matches!(self, Allowed::Granted | Allowed::Session)
    }

    /// As `tailorbird.consent()` takes it.
    pub fn value(self) -> Value {
        match self {
            Allowed::Granted => Value::Bool(true),
            Allowed::Denied => Value::Bool(false),
            Allowed::Session => "session".into(),
            Allowed::Unknown => Value::Null,
        }
    }

    /// How much it allows; 0 is nothing. `None` where it is no answer.
    fn extent(self) -> Option<u8> {
        match self {
            Allowed::Unknown => None,
            Allowed::Denied => Some(0),
            Allowed::Session => Some(1),
            Allowed::Granted => Some(2),
        }
    }
}

impl Consent {
    /// Whether outcomes may be measured.
    pub fn may_measure(&self) -> bool {
        self.measure == Some(true)
    }

    /// What the last statements of all sources amount to: for each purpose the most restrictive answer.
    ///
    /// A source that has not answered does not count. A `default` of Consent Mode counts until its `update`. The
    /// browser's wishes do not count where the visitor has said yes on the site's own control: [California's
    /// regulations](https://www.law.cornell.edu/regulations/california/11-CCR-7025), 7025(c)(4), let a site ask.
    pub fn of(statements: &[Statement]) -> Consent {
        let from = |source: Source| statements.iter().find(|statement| statement.source == source);
        let update = from(Source::ModeUpdate);
        let chosen = from(Source::Site).filter(|statement| statement.explicit);
        let counts = |statement: &Statement, is_updated: bool, is_chosen: bool| match statement.source {
            Source::ModeDefault => !is_updated,
            source => !(source.is_signal() && is_chosen),
        };
        let is_updated = update.is_some_and(|update| update.personalize.is_some());
        let is_chosen = chosen.and_then(|chosen| chosen.personalize).is_some_and(Allowed::is_yes);
        let personalize = statements
            .iter()
            .filter(|statement| counts(statement, is_updated, is_chosen))
            .filter_map(|statement| {
                let answer = statement.personalize?;
                Some((answer.extent()?, answer, statement.source))
            })
            .min_by_key(|(extent, _, _)| *extent);
        let is_updated = update.is_some_and(|update| update.measure.is_some());
        let is_chosen = chosen.is_some_and(|chosen| chosen.measure == Some(true));
        let measure = statements
            .iter()
            .filter(|statement| counts(statement, is_updated, is_chosen))
            .filter_map(|statement| Some((statement.measure?, statement.source)))
            .min_by_key(|(measure, _)| *measure);
        Consent {
            personalize: personalize.map_or(Allowed::Unknown, |(_, answer, _)| answer),
            measure: measure.map(|(measure, _)| measure),
            source: personalize.map(|(_, _, source)| source).or(measure.map(|(_, source)| source)).unwrap_or_default(),
        }
    }
}

impl Statement {
    /// A no to both purposes.
    pub fn no(source: Source) -> Statement {
        Statement { personalize: Some(Allowed::Denied), measure: Some(false), source, ..Statement::default() }
    }

    /// What a source states after this, its earlier statement.
    #[must_use]
    pub fn then(self, later: &Statement) -> Statement {
        Statement {
            personalize: later.personalize.or(self.personalize),
            measure: later.measure.or(self.measure),
            source: self.source,
            explicit: later.explicit || self.explicit && later.personalize.is_none(),
            listen: self.listen || later.listen,
        }
    }

    /// Reads a statement: `{personalize: true | false | "session" | null, measure: true | false}`, where `null` takes
    /// an answer back, `source` the name of who makes it, and `auto: true` to listen to Consent Mode as well. What the
    /// site says without `silent: true` is the visitor's answer on its own control.
    pub fn read(value: &Value) -> Statement {
        let personalize = value.get("personalize").and_then(|stated| match stated {
            Value::Bool(true) => Some(Allowed::Granted),
            Value::Bool(false) => Some(Allowed::Denied),
            Value::Text(text) if text == "session" => Some(Allowed::Session),
            Value::Null => Some(Allowed::Unknown),
            Value::Text(_) | Value::Number(_) | Value::List(_) | Value::Object(_) | Value::Cut => None,
        });
        let measure = value.at("measure").as_bool();
        let name = value.at("source").text();
        let source = SOURCES.iter().find(|(_, known)| *known == name).map(|(source, _)| *source).unwrap_or_default();
        let explicit = source == Source::Site && !value.at("silent").is_true();
        Statement { personalize, measure, source, explicit, listen: value.at("auto").is_true() }
    }

    /// As [`Statement::read`] reads it.
    pub fn value(&self) -> Value {
        let mut value = Object::new().with("source", self.source.name()).with("auto", self.listen);
        if let Some(personalize) = self.personalize {
            value = value.with("personalize", personalize.value());
        }
        if let Some(measure) = self.measure {
            value = value.with("measure", measure);
        }
        value.with("silent", !self.explicit).into()
    }

    /// Reads `gtag("consent", "default" | "update", params)`; `None` if it mentions neither purpose.
    ///
    /// A default of `denied` is sent before anybody was asked, on every page, also to visitors
    /// whose stored yes follows a moment later as an update: it is no answer, and removes nothing.
    ///
    /// Source: Google, "Consent mode reference": `personalization_storage`, `analytics_storage`.
    pub fn read_consent_mode(command: &str, params: &Value) -> Option<Statement> {
        let stated = |key: &str| match params.at(key).text() {
            "granted" => Some(true),
            "denied" => Some(false),
            _ => None,
        };
        let source = match command {
            "default" => Source::ModeDefault,
            "update" => Source::ModeUpdate,
            _ => return None,
        };
        let (personalize, measure) = (stated("personalization_storage"), stated("analytics_storage"));
        if personalize.is_none() && measure.is_none() {
            return None;
        }
        let is_answer = |granted: &bool| *granted || source == Source::ModeUpdate;
        Some(Statement {
            personalize: personalize
                .filter(is_answer)
                .map(|granted| if granted { Allowed::Granted } else { Allowed::Denied }),
            measure: measure.filter(is_answer),
            source,
            ..Statement::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Allowed::{Denied, Granted, Session, Unknown};

    /// The last statement of each source, of statements: the site's as JSON objects, Consent Mode's as lists of command and params.
    fn last(statements: &[&str]) -> Vec<Statement> {
        let mut last: Vec<Statement> = Vec::new();
        for statement in statements {
            let value: Value = serde_json::from_str(statement).unwrap();
            let statement = match value.items() {
                [command, params] => Statement::read_consent_mode(command.text(), params).unwrap(),
                _ => Statement::read(&value),
            };
            match last.iter_mut().find(|earlier| earlier.source == statement.source) {
                Some(earlier) => *earlier = earlier.then(&statement),
                None => last.push(statement),
            }
        }
        last
    }

    /// The consent after them.
    fn after(statements: &[&str]) -> (Allowed, Option<bool>) {
        let consent = Consent::of(&last(statements));
        (consent.personalize, consent.measure)
    }

    /// Statements in order, what is allowed after them, and why.
    type Case<'a> = (&'a [&'a str], (Allowed, Option<bool>), &'static str);

    #[test]
    fn each_purpose_is_stated_on_its_own() {
        let cases: [Case; 8] = [
            (&[r#"{"personalize": true}"#], (Granted, None), "measuring is not implied"),
            (&[r#"{"measure": true}"#], (Unknown, Some(true)), "nor is personalizing"),
            (&[r#"{"measure": true}"#, r#"{"personalize": "session"}"#], (Session, Some(true)), "one after the other"),
            (
                &[r#"{"personalize": true, "measure": true}"#, r#"{"personalize": false}"#],
                (Denied, Some(true)),
                "a no to one",
            ),
            (
                &[r#"{"personalize": true, "measure": true}"#, r#"{"measure": false}"#],
                (Granted, Some(false)),
                "a no to the other",
            ),
            (&[r#"{"personalize": true}"#, r#"{"personalize": null}"#], (Unknown, None), "an answer taken back"),
            (&[r#"{"personalize": true}"#, r#"{"personalize": "maybe"}"#], (Granted, None), "no statement at all"),
            (&[r#"{"personalize": true, "auto": true}"#], (Granted, None), "listening does not hide the statement"),
        ];
        for (statements, expected, why) in cases {
            assert_eq!(after(statements), expected, "{why}");
        }
    }

    #[test]
    fn a_statement_may_ask_to_listen_to_consent_mode() {
        let read = |json: &str| Statement::read(&serde_json::from_str(json).unwrap());
        assert!(read(r#"{"personalize": true, "auto": true}"#).listen);
        assert!(!read(r#"{"personalize": true}"#).listen);
    }

    #[test]
    fn a_default_of_consent_mode_answers_only_what_nobody_has_answered() {
        let default = r#"["default", {"personalization_storage": "denied", "analytics_storage": "granted"}]"#;
        let both = r#"["default", {"personalization_storage": "granted", "analytics_storage": "granted"}]"#;
        let update = r#"["update", {"personalization_storage": "denied"}]"#;
        let cases: [Case; 5] = [
            (&[default], (Unknown, Some(true)), "denied by default is no answer"),
            (&[both], (Granted, Some(true)), "granted by default"),
            (&[r#"{"measure": false}"#, both], (Granted, Some(false)), "the site has answered one of them"),
            (&[r#"{"personalize": false}"#, both], (Denied, Some(true)), "and here the other"),
            (&[both, update], (Denied, Some(true)), "an update is the visitor's answer to what it mentions"),
        ];
        for (statements, expected, why) in cases {
            assert_eq!(after(statements), expected, "{why}");
        }
    }

    #[test]
    fn of_all_answers_the_most_restrictive_is_in_effect_and_its_source_is_told() {
        let cases: [Case; 7] = [
            (
                &[r#"{"source": "onetrust", "personalize": true, "measure": false}"#, r#"{"personalize": true}"#],
                (Granted, Some(false)),
                "onetrust",
            ),
            (
                &[r#"{"source": "onetrust", "personalize": false}"#, r#"{"personalize": true}"#],
                (Denied, None),
                "onetrust",
            ),
            (
                &[r#"{"source": "tcf", "personalize": "session"}"#, r#"{"source": "gpp", "personalize": true}"#],
                (Session, None),
                "tcf",
            ),
            (
                &[r#"{"source": "tcf", "personalize": null}"#, r#"{"source": "gpp", "personalize": true}"#],
                (Granted, None),
                "gpp",
            ),
            (&[r#"{"source": "cookiebot", "measure": true}"#], (Unknown, Some(true)), "cookiebot"),
            (&[r#"{"source": "somebody", "personalize": true}"#], (Granted, None), "site"),
            (&[], (Unknown, None), "site"),
        ];
        for (statements, expected, source) in cases {
            assert_eq!(after(statements), expected, "{statements:?}");
            assert_eq!(Consent::of(&last(statements)).source.name(), source, "{statements:?}");
        }
    }

    #[test]
    fn a_wish_of_the_browser_denies_unless_the_visitor_has_said_yes_on_the_sites_own_control() {
        for signal in ["global-privacy-control", "do-not-track"] {
            let wish = format!(r#"{{"source": "{signal}", "personalize": false, "measure": false}}"#);
            let cases: [Case; 6] = [
                (&[&wish], (Denied, Some(false)), "nothing else was said"),
                (&[&wish, r#"{"personalize": true, "silent": true}"#], (Denied, Some(false)), "the tag says so"),
                (
                    &[&wish, r#"{"source": "onetrust", "personalize": true}"#],
                    (Denied, Some(false)),
                    "a tool is not the site's own control",
                ),
                (
                    &[&wish, r#"{"personalize": true}"#],
                    (Granted, Some(false)),
                    "the visitor has said so, of one purpose",
                ),
                (&[&wish, r#"{"personalize": true, "measure": true}"#], (Granted, Some(true)), "of both"),
                (
                    &[&wish, r#"{"personalize": true}"#, r#"{"personalize": null}"#],
                    (Denied, Some(false)),
                    "and has taken it back",
                ),
            ];
            for (statements, expected, why) in cases {
                assert_eq!(after(statements), expected, "{signal}: {why}");
            }
        }
        let child = r#"{"source": "child-directed", "personalize": false, "measure": false}"#;
        assert_eq!(after(&[child, r#"{"personalize": true, "measure": true}"#]), (Denied, Some(false)));
    }

    #[test]
    fn a_statement_that_is_written_reads_as_the_same() {
        for statement in [
            r#"{"personalize": "session", "measure": true, "auto": true}"#,
            r#"{"personalize": null, "silent": true}"#,
            r#"{"source": "global-privacy-control", "personalize": false, "measure": false}"#,
            r#"["update", {"personalization_storage": "granted"}]"#,
        ] {
            let [statement] = last(&[statement])[..] else { panic!("one statement") };
            assert_eq!(Statement::read(&statement.value()), statement);
        }
    }
}
