//! What the visitor consents to, as the site or Consent Mode states it on each page. It is never stored.

use crate::value::Value;

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

/// The consent in effect on this page: what all statements so far amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Consent {
    /// May the page be personalized?
    pub personalize: Allowed,
    /// May outcomes be measured? `None` while nobody has stated it, which is as good as no.
    pub measure: Option<bool>,
    /// Who made the last statement.
    pub source: Source,
}

/// One statement of consent. Each purpose is stated on its own: what a statement does not mention stays as it
/// was, and neither purpose implies the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Statement {
    /// May the page be personalized? `Some(Unknown)` takes an earlier answer back.
    pub personalize: Option<Allowed>,
    /// May outcomes be measured?
    pub measure: Option<bool>,
    /// Who makes the statement.
    pub source: Source,
    /// Whether the site asks to listen to Consent Mode as well, from now on.
    pub listen: bool,
}

/// Who states what the visitor consents to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Source {
    /// The site itself.
    #[default]
    Site,
    /// Consent Mode's `default`: what is in effect until the visitor answers.
    ModeDefault,
    /// Consent Mode's `update`: the visitor's answer.
    ModeUpdate,
    /// The visitor, in another tab.
    OtherTab,
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
}

impl Consent {
    /// Whether outcomes may be measured.
    pub fn may_measure(&self) -> bool {
        self.measure == Some(true)
    }

    /// The consent in effect after a statement.
    ///
    /// A `default` of Consent Mode answers only what nobody has answered yet.
    #[must_use]
    pub fn after(self, statement: &Statement) -> Consent {
        let (answered, measured) = (self.personalize != Allowed::Unknown, self.measure.is_some());
        let (keep_personalize, keep_measure) = match statement.source {
            Source::Site | Source::ModeUpdate | Source::OtherTab => (false, false),
            Source::ModeDefault => (answered, measured),
        };
        let personalize = statement.personalize.filter(|_| !keep_personalize);
        let measure = statement.measure.filter(|_| !keep_measure);
        if personalize.is_none() && measure.is_none() {
            return self;
        }
        Consent {
            personalize: personalize.unwrap_or(self.personalize),
            measure: measure.or(self.measure),
            source: statement.source,
        }
    }
}

impl Statement {
    /// Reads what the site states: `{personalize: true | false | "session" | null, measure: true | false}`,
    /// where `null` takes an answer back, and `auto: true` to listen to Consent Mode as well.
    pub fn read(value: &Value) -> Statement {
        let personalize = value.get("personalize").and_then(|stated| match stated {
            Value::Bool(true) => Some(Allowed::Granted),
            Value::Bool(false) => Some(Allowed::Denied),
            Value::Text(text) if text == "session" => Some(Allowed::Session),
            Value::Null => Some(Allowed::Unknown),
            Value::Text(_) | Value::Number(_) | Value::List(_) | Value::Object(_) | Value::Cut => None,
        });
        let measure = value.at("measure").as_bool();
        Statement { personalize, measure, source: Source::Site, listen: value.at("auto").is_true() }
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
        let (source, denied) = match command {
            "default" => (Source::ModeDefault, Allowed::Unknown),
            "update" => (Source::ModeUpdate, Allowed::Denied),
            _ => return None,
        };
        let personalize =
            stated("personalization_storage").map(|granted| if granted { Allowed::Granted } else { denied });
        let measure = stated("analytics_storage");
        (personalize.is_some() || measure.is_some()).then_some(Statement {
            personalize,
            measure,
            source,
            listen: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Allowed::{Denied, Granted, Session, Unknown};

    /// The consent after statements: the site's as JSON objects, Consent Mode's as lists of command and params.
    fn after(statements: &[&str]) -> (Allowed, Option<bool>) {
        let mut consent = Consent::default();
        for statement in statements {
            let value: Value = serde_json::from_str(statement).unwrap();
            let statement = match value.items() {
                [command, params] => Statement::read_consent_mode(command.text(), params),
                _ => Some(Statement::read(&value)),
            };
            consent = statement.map_or(consent, |statement| consent.after(&statement));
        }
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
}
