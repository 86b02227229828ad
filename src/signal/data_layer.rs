//! The site's data layer: what tag managers already hear, heard without tracking code of ours.
//!
//! Two dialects stand side by side: `gtag("event", name, params)`, whose `arguments` arrive as a
//! list, and `dataLayer.push({event, ecommerce})`.

use super::Signal;
use super::consent::Consent;
use super::event::Event;
use crate::value::{NULL, Value};

/// Reads one entry.
pub fn read(entry: &Value) -> Signal {
    let signal = match entry {
        Value::List(command) => read_command(command),
        Value::Object(_) => read_push(entry),
        _ => None,
    };
    signal.unwrap_or(Signal::Ignored)
}

/// `gtag(...)`.
fn read_command(command: &[Value]) -> Option<Signal> {
    match command {
        [Value::Text(verb), Value::Text(name), rest @ ..] if verb == "event" => {
            Event::read(name, rest.first().unwrap_or(&NULL)).map(Signal::Event)
        }
        [Value::Text(verb), Value::Text(command), params] if verb == "consent" => {
            Consent::read_mode(command, params).map(Signal::Consent)
        }
        _ => None,
    }
}

/// `dataLayer.push({event: "view_item", ecommerce: {...}})`; parameters may also lie beside the
/// name, or below `eventModel`, where gtag.js puts them.
fn read_push(entry: &Value) -> Option<Signal> {
    let params = ["ecommerce", "eventModel"].into_iter().map(|key| entry.at(key));
    let nested = params.into_iter().find(|params| matches!(params, Value::Object(_)));
    Event::read(entry.at("event").text(), nested.unwrap_or(entry)).map(Signal::Event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_say_the_same_event() {
        let read = |json: &str| read(&serde_json::from_str(json).unwrap());
        let items = r#"{"value": 5, "items": [{"item_id": "b-7"}]}"#;
        let direct = Event::read("view_item", &serde_json::from_str(items).unwrap()).map(Signal::Event).unwrap();
        let entries = [
            format!(r#"["event", "view_item", {items}]"#),
            format!(r#"{{"event": "view_item", "ecommerce": {items}}}"#),
            format!(r#"{{"event": "view_item", "eventModel": {items}}}"#),
            r#"{"event": "view_item", "value": 5, "items": [{"item_id": "b-7"}]}"#.to_owned(),
        ];
        for entry in entries {
            assert_eq!(read(&entry), direct, "{entry}");
        }
    }

    #[test]
    fn what_does_not_concern_us_is_nothing() {
        for entry in [
            r#"{"ecommerce": null}"#,
            r#"{"event": "gtm.js"}"#,
            r#"["js", 1]"#,
            r#"["config", "G-1", {}]"#,
            "7",
            "[]",
            r#"["consent", "default", {"ad_storage": "denied"}]"#,
            r#"["event"]"#,
            r#"{"event": {"a": 1}}"#,
        ] {
            assert_eq!(read(&serde_json::from_str(entry).unwrap()), Signal::Ignored, "{entry}");
        }
    }
}
