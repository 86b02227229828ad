//! JSON as a person would write it: what is short stands on one line.

use serde_json::Value;

/// How long a line may be.
const COLUMNS: usize = 100;

/// The whole file.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text.push('\n');
    text
}

/// Writes a value that begins in column `start`, in a line that is indented by `indent`.
fn write(value: &Value, indent: usize, start: usize, text: &mut String) {
    let short = on_one_line(value);
    // A comma may follow. The root is never on one line.
    if start > 0 && start + short.chars().count() < COLUMNS {
        return text.push_str(&short);
    }
    let inner = indent + 2;
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let entries = entries.iter().map(|(key, value)| (format!("{}: ", Value::from(key.as_str())), value));
            block("{", "}", entries, indent, text, |(key, value), text| {
                text.push_str(&key);
                write(value, inner, inner + key.chars().count(), text);
            });
        }
        Value::Array(items) if !items.is_empty() => {
            block("[", "]", items.iter(), indent, text, |item, text| write(item, inner, inner, text));
        }
        _ => text.push_str(&short),
    }
}

/// Writes items one below the other.
fn block<T>(
    open: &str,
    close: &str,
    items: impl Iterator<Item = T>,
    indent: usize,
    text: &mut String,
    write: impl Fn(T, &mut String),
) {
    text.push_str(open);
    for (place, item) in items.enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(indent + 2));
        write(item, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push_str(close);
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let entry =
                |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), on_one_line(value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(on_one_line).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_short_stands_on_one_line_and_what_is_long_does_not() {
        let long = "x".repeat(60);
        let value = json!({"a": {"b": [1, "two"]}, "c": [{"d": long, "e": long}], "f": {}, "g": []});
        let lines = [
            "{",
            r#"  "a": { "b": [1, "two"] },"#,
            r#"  "c": ["#,
            "    {",
            &format!(r#"      "d": "{long}","#),
            &format!(r#"      "e": "{long}""#),
            "    }",
            "  ],",
            r#"  "f": {},"#,
            r#"  "g": []"#,
            "}\n",
        ];
        let expected = lines.join("\n");
        assert_eq!(text(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(&text(&value)).unwrap(), value);
    }
}
