//! What goes on after a withdrawal: the engine is dropped with its memory, and another one takes its place on the page.

use super::Engine;
use crate::signal::consent::Statement;
use crate::signal::preview::Preview;
use crate::value::{Object, Value};

/// What was stated of consent, and what the site says. Of the visitor it holds nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handover {
    /// The last statement of each source.
    pub statements: Vec<Statement>,
    /// The site's own attributes.
    pub attributes: Object,
    /// What is previewed.
    pub previews: Vec<Preview>,
    /// Whether our keys are removed once more, so that what other tabs write late is noticed and removed too.
    pub erases: bool,
}

impl Handover {
    /// As [`Handover::read`] reads it.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("statements", self.statements.iter().map(Statement::value).collect::<Value>())
            .with("attributes", self.attributes.clone())
            .with("previews", self.previews.iter().map(Preview::to_object).collect::<Value>())
            .with("erases", self.erases)
    }

    /// Reads one that an engine has written.
    pub fn read(value: &Value) -> Handover {
        let attributes = match value.at("attributes") {
            Value::Object(attributes) => attributes.clone(),
            _ => Object::new(),
        };
        Handover {
            statements: value.at("statements").items().iter().map(Statement::read).collect(),
            attributes,
            previews: Preview::read_all(value.at("previews")),
            erases: value.at("erases").is_true(),
        }
    }
}

impl Engine {
    /// What another engine needs to go on.
    pub fn handover(&self, erases: bool) -> Handover {
        Handover {
            statements: self.consent.statements().to_vec(),
            attributes: self.site.clone(),
            previews: self.previews.clone(),
            erases,
        }
    }

    /// Goes on in the place of an engine that was dropped. Nothing is decided before the next signal.
    pub fn resume(&mut self, handover: Handover) {
        self.consent.resume(&handover.statements);
        self.site = handover.attributes;
        self.resume_previews(handover.previews);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::host::Native;
    use crate::page::Effect;
    use crate::random::Seed;
    use crate::signal::Signal;
    use crate::time::Timestamp;

    fn engine() -> Engine {
        let config = Config::read(&serde_json::from_str(r#"{"version": 1}"#).unwrap()).unwrap();
        Engine::new(config, Seed(1), Box::new(Native))
    }

    fn stated(engine: &mut Engine, json: &str) -> Vec<Effect> {
        let statement = Statement::read(&serde_json::from_str(json).unwrap());
        engine.dispatch(Signal::Consent(vec![statement]), Timestamp::from_ms(0))
    }

    #[test]
    fn the_next_engine_knows_what_was_stated_and_what_the_site_says() {
        let mut first = engine();
        stated(&mut first, r#"{"personalize": true, "measure": true, "auto": true}"#);
        first.dispatch(Signal::Attributes(Object::new().with("plan", "pro")), Timestamp::from_ms(0));
        first.dispatch(Signal::Previews(Preview::read_address("hero:boots")), Timestamp::from_ms(0));
        let effects = stated(&mut first, r#"{"personalize": false, "source": "onetrust"}"#);
        assert!(effects.contains(&Effect::Restart { erases: true }));
        let written: Value = first.handover(true).to_object().into();
        let handover = Handover::read(&written);
        assert_eq!(handover, first.handover(true));
        let mut next = engine();
        next.resume(handover);
        let profile = next.profile(Timestamp::from_ms(0));
        assert_eq!(profile.get("consent"), Some(&"withdrawn".into()));
        assert_eq!(next.handover(true), first.handover(true));
        // What is previewed is the developer's, not the visitor's.
        assert_eq!(Preview::address(&next.handover(true).previews), "hero:boots");
        // The tool that said no says yes again.
        let effects = stated(&mut next, r#"{"personalize": true, "source": "onetrust"}"#);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Restore(_))));
    }

    #[test]
    fn who_was_never_allowed_anything_has_nothing_to_drop() {
        let mut engine = engine();
        let effects = stated(&mut engine, r#"{"personalize": false}"#);
        assert!(effects.contains(&Effect::Erase));
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Restart { .. })));
        assert_eq!(engine.profile(Timestamp::from_ms(0)).get("consent"), Some(&"denied".into()));
    }
}
