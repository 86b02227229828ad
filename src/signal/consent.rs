//! What the visitor allows, as somebody says it on each page. It is never stored.

use crate::value::Value;

/// What may be kept and used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Allowed {
    /// Nobody has spoken yet: work in memory, for this page view.
    #[default]
    Unknown,
    /// Keep a profile on the device.
    Granted,
    /// Keep nothing, learn nothing, remove what is there.
    Denied,
    /// Keep a profile for as long as this tab lives.
    Session,
}

/// A consent as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Consent {
    /// May the page be fitted to the visitor?
    pub personalize: Allowed,
    /// May be counted what came of it?
    pub measure: bool,
    /// Who said it.
    pub source: Source,
}

/// Who says what the visitor allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Source {
    /// The site itself.
    #[default]
    Site,
    /// Consent Mode's `default`: what holds until the visitor answers.
    ModeDefault,
    /// Consent Mode's `update`: the visitor's answer.
    ModeUpdate,
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
    /// Reads what the site says: `{personalize: true | false | "session" | null, measure}`.
    pub fn read(value: &Value) -> Consent {
        let personalize = match value.at("personalize") {
            Value::Bool(true) => Allowed::Granted,
            Value::Bool(false) => Allowed::Denied,
            Value::Text(text) if text == "session" => Allowed::Session,
            _ => Allowed::Unknown,
        };
        let measure = value.at("measure").as_bool().unwrap_or(personalize == Allowed::Granted);
        Consent { personalize, measure, source: Source::Site }
    }

    /// Reads `gtag("consent", "default" | "update", params)`; `None` where it does not speak of
    /// personalization.
    ///
    /// A default of `denied` is said before anybody was asked, on every page, also to visitors
    /// whose stored yes follows a moment later as an update: it is no answer, and removes nothing.
    ///
    /// Source: Google, "Consent mode reference": `personalization_storage`, `analytics_storage`.
    pub fn read_mode(command: &str, params: &Value) -> Option<Consent> {
        let says = |key: &str| match params.at(key).text() {
            "granted" => Some(true),
            "denied" => Some(false),
            _ => None,
        };
        let personalize = match (command, says("personalization_storage")?) {
            ("default" | "update", true) => Allowed::Granted,
            ("update", false) => Allowed::Denied,
            ("default", false) => Allowed::Unknown,
            _ => return None,
        };
        let measure = says("analytics_storage").unwrap_or(false);
        let source = if command == "update" { Source::ModeUpdate } else { Source::ModeDefault };
        Some(Consent { personalize, measure, source })
    }
}
