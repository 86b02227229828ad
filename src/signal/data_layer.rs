//! The site's data layer: events and consent that tag managers receive anyway, without tracking code of ours.
//!
//! It has two dialects: `gtag("event", name, params)`, whose `arguments` arrive as a list, and
//! `dataLayer.push({event, ecommerce})`.

use super::Signal;
use super::consent::Statement;
use super::event::Event;
use crate::host::Host;
use crate::value::{NULL, Value};

/// Reads one entry; [`Signal::Ignored`] if it is neither an event nor a statement of consent.
pub fn read(entry: &Value, host: &dyn Host) -> Signal {
    let signal = match entry {
        Value::List(command) => read_command(command, host),
        Value::Object(_) => read_push(entry, host),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Cut => None,
    };
    signal.unwrap_or(Signal::Ignored)
}

/// `gtag(...)`.
fn read_command(command: &[Value], host: &dyn Host) -> Option<Signal> {
    match command {
        [Value::Text(verb), Value::Text(name), rest @ ..] if verb == "event" => {
            Event::read(name, rest.first().unwrap_or(&NULL), host).map(Signal::Event)
        }
        [Value::Text(verb), Value::Text(command), params] if verb == "consent" => {
            Statement::read_consent_mode(command, params).map(|statement| Signal::Consent(vec![statement]))
        }
        _ => None,
    }
}

/// `dataLayer.push({event: "view_item", ecommerce: {...}})`. Parameters may also be beside the
/// name, or below `eventModel`, where gtag.js puts them.
fn read_push(entry: &Value, host: &dyn Host) -> Option<Signal> {
    let nested = ["ecommerce", "eventModel"].into_iter().map(|key| entry.at(key));
    let params = nested.into_iter().find(|params| matches!(params, Value::Object(_))).unwrap_or(entry);
    Event::read(entry.at("event").text(), params, host).map(Signal::Event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

    #[test]
    fn both_dialects_give_the_same_event() {
        let read = |json: &str| read(&serde_json::from_str(json).unwrap(), &Native);
        let items = r#"{"value": 5, "items": [{"item_id": "b-7"}]}"#;
        let params = serde_json::from_str(items).unwrap();
        let direct = Event::read("view_item", &params, &Native).map(Signal::Event).unwrap();
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
    fn entries_of_other_kinds_are_ignored() {
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
            assert_eq!(read(&serde_json::from_str(entry).unwrap(), &Native), Signal::Ignored, "{entry}");
        }
    }
}
