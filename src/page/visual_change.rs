//! GrowthBook's visual changes, as changes of our own: what its visual editor writes into the variations of an
//! experiment. They pass the same checks as content does; `js` is never run.
//!
//! Source: GrowthBook's SDK and its package dom-mutator, whose actions are `set`, `append` and `remove`.

use super::content::{Change, ChangeKind, Fragment, Place, Position, attribute, css, html};
use crate::template::{LocalizedText, Template};
use crate::value::Value;

/// Reads the value of a variation, `{domMutations, css, js}`; no changes where it changes nothing.
///
/// # Errors
///
/// With what is not supported or not safe, and where it stands below `path`.
pub fn read(variation: &Value, path: &str) -> Result<Vec<Change<LocalizedText>>, String> {
    let mut changes = Vec::new();
    for (index, mutation) in variation.at("domMutations").items().iter().enumerate() {
        let path = format!("{path}.domMutations[{index}]");
        let kind = read_mutation(mutation).map_err(|problem| format!("{path} {problem}"))?;
        changes.push(Change { path, kind });
    }
    match variation.at("css").text() {
        "" => {}
        sheet if css::is_safe(sheet) => {
            changes.push(Change { path: format!("{path}.css"), kind: ChangeKind::Css(sheet.to_owned()) });
        }
        _ => return Err(format!("{path}.css is no {}", css::EXPECTED)),
    }
    Ok(changes)
}

/// Whether a variation's value is one of the visual editor's.
pub fn is_visual(variation: &Value) -> bool {
    !variation.at("domMutations").items().is_empty() || !variation.at("css").text().is_empty() || has_script(variation)
}

/// Whether a variation has a script, which is never run.
pub fn has_script(variation: &Value) -> bool {
    !variation.at("js").text().is_empty()
}

fn plain(text: &str) -> LocalizedText {
    LocalizedText::everywhere(Template::literal(text))
}

fn read_mutation(mutation: &Value) -> Result<ChangeKind<LocalizedText>, String> {
    let part = |key| mutation.at(key).text();
    let (selector, value) = (part("selector").to_owned(), part("value"));
    if selector.is_empty() {
        return Err("has no selector".to_owned());
    }
    match (part("attribute"), part("action")) {
        ("html", action @ ("set" | "append")) => {
            html::check(value).map_err(|(found, expected)| format!("has {found}, expected {expected}"))?;
            let html = plain(value);
            Ok(if action == "set" {
                ChangeKind::Html { selector, html }
            } else {
                let place = Place { position: Position::Append, selector };
                ChangeKind::Insert { place, fragment: Fragment::Html(html) }
            })
        }
        ("class", action @ ("set" | "append" | "remove")) => {
            let names: Vec<String> = value.split_ascii_whitespace().map(str::to_owned).collect();
            let (add, remove) = if action == "remove" { (Vec::new(), names) } else { (names, Vec::new()) };
            Ok(ChangeKind::Class { selector, add, remove })
        }
        ("position", "set") => {
            let (parent, before) = (part("parentSelector"), part("insertBeforeSelector"));
            let (position, anchor) =
                if before.is_empty() { (Position::Append, parent) } else { (Position::Before, before) };
            if anchor.is_empty() {
                return Err("has no parentSelector".to_owned());
            }
            let place = Place { position, selector: anchor.to_owned() };
            Ok(ChangeKind::Move { elements: selector, place })
        }
        ("style", "set" | "append") => Ok(ChangeKind::Style { selector, properties: declarations(value)? }),
        (name, "set") if attribute::is_allowed(name) => {
            Ok(ChangeKind::Attributes { selector, attributes: vec![(name.to_owned(), plain(value))] })
        }
        (name, action) => {
            Err(format!("has the action \"{action}\" of the attribute \"{name}\", which is not supported"))
        }
    }
}

/// The declarations of a `style` attribute.
fn declarations(style: &str) -> Result<Vec<(String, String)>, String> {
    let written = style.split(';').map(str::trim).filter(|declaration| !declaration.is_empty());
    written
        .map(|declaration| {
            let parts = declaration.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
            parts
                .filter(|(name, value)| css::is_property(name) && css::is_property_value(value))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| format!("has the style \"{declaration}\", expected a property of CSS and a safe value"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(variation: &str) -> Result<Vec<String>, String> {
        let changes = read(&serde_json::from_str(variation).unwrap(), "variations[1]")?;
        Ok(changes
            .iter()
            .map(|change| {
                let shown =
                    change.with_texts(&|text, _| Some(format!("{:?}", text.templates().next().is_some()))).unwrap();
                let shown = serde_json::to_value(shown).unwrap();
                let part = |key: &str| shown.get(key).map(serde_json::Value::to_string);
                let parts = ["kind", "selector", "add", "remove", "style", "position", "elements", "css"];
                parts.into_iter().filter_map(part).collect::<Vec<_>>().join(" ")
            })
            .collect())
    }

    #[test]
    fn mutations_are_changes_of_the_same_meaning() {
        let mutations = [
            (r#"{"selector": "h1", "action": "set", "attribute": "html", "value": "<b>x</b>"}"#, r#""html" "h1""#),
            (
                r#"{"selector": "ul", "action": "append", "attribute": "html", "value": "<li>x</li>"}"#,
                r#""insert" "ul" "append""#,
            ),
            (
                r#"{"selector": "a", "action": "append", "attribute": "class", "value": "b c"}"#,
                r#""class" "a" ["b","c"] []"#,
            ),
            (r#"{"selector": "a", "action": "remove", "attribute": "class", "value": "b"}"#, r#""class" "a" [] ["b"]"#),
            (
                r#"{"selector": "a", "action": "set", "attribute": "style", "value": "color: red; top:1px"}"#,
                r#""style" "a" {"color":"red","top":"1px"}"#,
            ),
            (
                r##"{"selector": "li", "action": "set", "attribute": "position", "parentSelector": "ul", "insertBeforeSelector": "#b"}"##,
                r##""move" "#b" "before" "li""##,
            ),
            (
                r#"{"selector": "li", "action": "set", "attribute": "position", "parentSelector": "ul"}"#,
                r#""move" "ul" "append" "li""#,
            ),
            (r#"{"selector": "a", "action": "set", "attribute": "href", "value": "/b"}"#, r#""attributes" "a""#),
        ];
        for (mutation, expected) in mutations {
            assert_eq!(
                kinds(&format!(r#"{{"domMutations": [{mutation}]}}"#)),
                Ok(vec![expected.to_owned()]),
                "{mutation}"
            );
        }
        assert_eq!(kinds(r#"{"css": "a { color: red }"}"#), Ok(vec![r#""css" "" "a { color: red }""#.to_owned()]));
        assert_eq!(kinds(r#"{"js": "alert(1)"}"#), Ok(Vec::new()), "never run");
    }

    #[test]
    fn what_is_not_supported_or_not_safe_is_refused() {
        let mutations = [
            r#"{"action": "set", "attribute": "html", "value": "x"}"#,
            r#"{"selector": "a", "action": "set", "attribute": "html", "value": "<script>x</script>"}"#,
            r#"{"selector": "a", "action": "remove", "attribute": "html"}"#,
            r#"{"selector": "a", "action": "set", "attribute": "onclick", "value": "x"}"#,
            r#"{"selector": "a", "action": "remove", "attribute": "href"}"#,
            r#"{"selector": "a", "action": "set", "attribute": "style", "value": "background: url(data:x)"}"#,
            r#"{"selector": "a", "action": "set", "attribute": "position"}"#,
        ];
        for mutation in mutations {
            let refused = kinds(&format!(r#"{{"domMutations": [{mutation}]}}"#)).unwrap_err();
            assert!(refused.starts_with("variations[1].domMutations[0] has "), "{refused}");
        }
        assert!(kinds(r#"{"css": "@import 'x'"}"#).unwrap_err().starts_with("variations[1].css is no CSS"));
    }
}
