//! Texts with placeholders, such as `Your basket: {{ cart.value | currency }}`, filled from attributes.
//!
//! A placeholder is a path, as conditions have it, and filters, each after a `|`:
//!
//! | filter | of | gives |
//! |---|---|---|
//! | `currency` | a number | an amount in the site's currency |
//! | `number` | a number | the number as people write it |
//! | `date` | a moment: a number of milliseconds since 1970, or a text by ISO 8601 with a zone | the day |
//! | `upper` | a text | the text in capitals |
//! | `top` | an object of numbers, or a list | the key of the largest number, or the first item |
//! | `default("...")` | what is missing | this text |
//!
//! Nothing is computed, and a value never becomes markup. What is missing, empty, or of another type than its filter
//! wants has no text: then whatever needs the text is not shown, unless there is a default.

mod localized;

use crate::condition::at_path;
use crate::host::Host;
use crate::number;
use crate::time::{Timestamp, moment};
use crate::value::Value;

pub use localized::LocalizedText;
pub(crate) use localized::is_language_tag;

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal(String),
    Placeholder(Placeholder),
}

/// A place in a text where an attribute's value goes.
#[derive(Clone, Debug, PartialEq)]
struct Placeholder {
    /// As it is written, with its braces.
    written: String,
    path: Vec<String>,
    filters: Vec<Filter>,
}

#[derive(Clone, Debug, PartialEq)]
enum Filter {
    Currency,
    Number,
    Date,
    Upper,
    Top,
    Default(String),
}

/// In which language and currency values are written.
#[derive(Clone, Copy)]
pub struct Format<'a> {
    /// What writes numbers and dates.
    pub host: &'a dyn Host,
    /// A language tag by BCP 47; empty for the browser's own.
    pub locale: &'a str,
    /// Of amounts, by ISO 4217. Without it an amount is written as a number.
    pub currency: Option<&'a str>,
}

/// A value on its way through the filters: still without the words of a language.
enum Filled {
    Text(String),
    Number(f64),
    Currency(f64),
    Date(Timestamp),
    Upper(Box<Filled>),
}

impl Template {
    /// A text without placeholders.
    pub fn literal(text: &str) -> Template {
        Template(vec![Part::Literal(text.to_owned())])
    }

    /// Reads a text with placeholders.
    ///
    /// # Errors
    ///
    /// With what was found and what would be right.
    ///
    /// ```
    /// # use tailorbird::template::Template;
    /// assert!(Template::parse("Hello {{ name | default(\"you\") }}").is_ok());
    /// let (found, expected) = Template::parse("Hello {{ name | shout }}").unwrap_err();
    /// assert_eq!(found, "\"{{ name | shout }}\" with the filter shout");
    /// assert_eq!(expected, "one of currency, number, date, upper, top, default(\"...\")");
    /// ```
    pub fn parse(text: &str) -> Result<Template, (String, &'static str)> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, behind)) = rest.split_once("{{") {
            let Some((inside, after)) = behind.split_once("}}") else {
                return Err((format!("\"{{{{{}\"", first_characters(behind)), "}} after each {{"));
            };
            if !before.is_empty() {
                parts.push(Part::Literal(before.to_owned()));
            }
            parts.push(Part::Placeholder(Placeholder::parse(inside)?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Template(parts))
    }

    /// Whether it has no placeholder.
    pub fn is_literal(&self) -> bool {
        self.placeholders().next().is_none()
    }

    /// The paths of its placeholders.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.placeholders().map(|placeholder| placeholder.path.as_slice())
    }

    /// The first placeholder, as it is written, for which there is no value.
    ///
    /// ```
    /// # use tailorbird::template::Template;
    /// # use tailorbird::value::{Object, Value};
    /// let template = Template::parse("{{ cart.value | currency }} for {{name}}").unwrap();
    /// let attributes = Value::from(Object::new().with("cart", Object::new().with("value", 12.0)));
    /// assert_eq!(template.missing(&attributes), Some("{{name}}"));
    /// ```
    pub fn missing(&self, attributes: &Value) -> Option<&str> {
        let mut placeholders = self.placeholders();
        let missing = placeholders.find(|placeholder| placeholder.value(attributes).is_none());
        missing.map(|placeholder| placeholder.written.as_str())
    }

    /// The text with the values of `attributes`; `None` where one is missing.
    pub fn fill(&self, attributes: &Value, format: Format<'_>) -> Option<String> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Placeholder(placeholder) => text.push_str(&placeholder.value(attributes)?.text(format)),
            }
        }
        Some(text)
    }

    /// The text as it is written, with this in place of each placeholder.
    pub fn filled_with(&self, value: &str) -> String {
        let part = |part: &Part| match part {
            Part::Literal(literal) => literal.clone(),
            Part::Placeholder(_) => value.to_owned(),
        };
        self.0.iter().map(part).collect()
    }

    fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.0.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Placeholder(placeholder) => Some(placeholder),
        })
    }
}

/// The beginning of a text, for a message.
fn first_characters(text: &str) -> String {
    text.chars().take(40).collect()
}

impl Placeholder {
    fn parse(inside: &str) -> Result<Placeholder, (String, &'static str)> {
        let written = format!("{{{{{inside}}}}}");
        let found = |what: &str| format!("\"{}\" {what}", first_characters(&written));
        let mut parts = parts(inside).into_iter();
        let path = parts.next().unwrap_or("");
        let is_path = |step: &str| {
            let is_plain = |letter: char| !"{}\"'".contains(letter) && (letter == ' ' || !letter.is_whitespace());
            !step.is_empty() && step.trim() == step && step.chars().all(is_plain)
        };
        if !path.split('.').all(is_path) {
            return Err((found("without a path"), "the path of an attribute, such as {{ cart.value }}"));
        }
        let mut filters = Vec::new();
        for filter in parts {
            filters.push(match filter {
                "currency" => Filter::Currency,
                "number" => Filter::Number,
                "date" => Filter::Date,
                "upper" => Filter::Upper,
                "top" => Filter::Top,
                _ => {
                    let Some(text) = default_text(filter) else {
                        let expected = "one of currency, number, date, upper, top, default(\"...\")";
                        return Err((found(&format!("with the filter {}", first_characters(filter))), expected));
                    };
                    Filter::Default(text.to_owned())
                }
            });
        }
        let path = path.split('.').map(str::to_owned).collect();
        Ok(Placeholder { written, path, filters })
    }

    /// The value that goes here; `None` where it is missing.
    fn value(&self, attributes: &Value) -> Option<Filled> {
        let value = at_path(attributes, &self.path);
        // Only `top` can make something of these.
        let mut whole = Some(&*value).filter(|value| matches!(value, Value::Object(_) | Value::List(_)));
        let mut filled = Filled::of(&value);
        for filter in &self.filters {
            filled = match filter {
                Filter::Top => whole.take().and_then(top),
                Filter::Default(text) => filled.or_else(|| Some(Filled::Text(text.clone()))),
                Filter::Upper => filled.map(|filled| Filled::Upper(Box::new(filled))),
                Filter::Number => filled.and_then(|filled| filled.number().map(Filled::Number)),
                Filter::Currency => filled.and_then(|filled| filled.number().map(Filled::Currency)),
                Filter::Date => filled.and_then(|filled| filled.date().map(Filled::Date)),
            };
        }
        filled
    }
}

const QUOTES: [char; 2] = ['"', '\''];

/// What stands between the `|` of a placeholder, without white space around it. One in quotes is part of a text.
fn parts(inside: &str) -> Vec<&str> {
    let mut open: Option<char> = None;
    let is_separator = |letter: char| {
        match open {
            Some(quote) if letter == quote => open = None,
            None if QUOTES.contains(&letter) => open = Some(letter),
            Some(_) | None => {}
        }
        letter == '|' && open.is_none()
    };
    inside.split(is_separator).map(str::trim).collect()
}

/// The text of `default("...")`. In JSON single quotes are easier to write.
fn default_text(filter: &str) -> Option<&str> {
    let quoted = filter.strip_prefix("default(")?.strip_suffix(')')?;
    let quote = quoted.chars().next().filter(|quote| QUOTES.contains(quote))?;
    let text = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
    (!text.contains(quote)).then_some(text)
}

/// The key of the largest number above 0, the first of equals; of a list the first item.
fn top(value: &Value) -> Option<Filled> {
    if let Value::List(items) = value {
        return items.first().and_then(Filled::of);
    }
    let mut best: Option<(&str, f64)> = None;
    for (key, value) in value.as_object()?.iter() {
        let number = value.number();
        if number > best.map_or(0.0, |(_, most)| most) {
            best = Some((key, number));
        }
    }
    best.map(|(key, _)| Filled::Text(key.to_owned()))
}

impl Filled {
    fn of(value: &Value) -> Option<Filled> {
        match value {
            Value::Text(text) if !text.is_empty() => Some(Filled::Text(text.clone())),
            Value::Number(number) if number.is_finite() => Some(Filled::Number(*number)),
            Value::Bool(truth) => Some(Filled::Text(truth.to_string())),
            Value::Text(_) | Value::Number(_) | Value::Null | Value::List(_) | Value::Object(_) | Value::Cut => None,
        }
    }

    fn number(&self) -> Option<f64> {
        if let Filled::Number(number) = self { Some(*number) } else { None }
    }

    fn date(&self) -> Option<Timestamp> {
        match self {
            Filled::Number(ms) => Some(Timestamp::from_ms(number::round(*ms))),
            Filled::Text(text) => moment(text),
            Filled::Currency(_) | Filled::Date(_) | Filled::Upper(_) => None,
        }
    }

    fn text(&self, format: Format<'_>) -> String {
        let Format { host, locale, currency } = format;
        match self {
            Filled::Text(text) => text.clone(),
            Filled::Number(number) => host.format_number(*number, None, locale),
            Filled::Currency(amount) => host.format_number(*amount, currency, locale),
            Filled::Date(at) => host.format_date(*at, locale),
            Filled::Upper(inner) => host.upper_case(&inner.text(format), locale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

    const FORMAT: Format<'_> = Format { host: &Native, locale: "en", currency: Some("EUR") };

    fn filled(template: &str) -> Option<String> {
        let attributes: Value = serde_json::from_str(
            r#"{
                "name": "Ada", "empty": "", "none": null, "plan": {"pro": true}, "zero": 0,
                "cart": {"value": 129.5, "items": ["tent", "stove"]},
                "interest": {"category": {"tents": 0.2, "boots": 0.5, "stoves": 0.5}, "brand": {}},
                "born": "1970-01-02T00:00Z", "day": 86400000, "nobody": {"a": 0}
            }"#,
        )
        .unwrap();
        let template = Template::parse(template).unwrap();
        let text = template.fill(&attributes, FORMAT);
        assert_eq!(text.is_none(), template.missing(&attributes).is_some(), "both say whether something is missing");
        text
    }

    #[test]
    fn a_placeholder_is_filled_with_the_value_at_its_path() {
        for (template, expected) in [
            ("no placeholder", "no placeholder"),
            ("{{name}}", "Ada"),
            ("Hello {{ name }}, {{ cart.items.0 }}!", "Hello Ada, tent!"),
            ("{{ cart.items.length }}", "2"),
            ("{{ plan.pro }}", "true"),
            ("{{ zero }}", "0"),
            ("{{ cart.value | currency }}", "EUR 129.50"),
            ("{{ cart.value | number }}", "129.5"),
            ("{{ born | date }}", "1970-01-02"),
            ("{{ day | date }}", "1970-01-02"),
            ("{{ name | upper }}", "ADA"),
            ("{{ interest.category | top | upper }}", "BOOTS"),
            ("{{ cart.items | top }}", "tent"),
            ("{{ none | default(\"you | me\") }}", "you | me"),
            ("{{ none | default(\"you\") | upper }}", "YOU"),
            ("{{ none | default('it is \"you\" | me') }}", "it is \"you\" | me"),
            ("{{ none | default(\"it's you\") }}", "it's you"),
            ("{{ none | default('') }}", ""),
            ("{{ name | default(\"you\") }}", "Ada"),
            ("{{ interest.brand | top | default(\"gear\") }}", "gear"),
            ("a } b { c }} d", "a } b { c }} d"),
            ("{{ name }}{{ name }}", "AdaAda"),
        ] {
            assert_eq!(filled(template).as_deref(), Some(expected), "{template}");
        }
    }

    #[test]
    fn what_is_missing_or_of_another_type_has_no_text() {
        for template in [
            "{{ nothing }}",
            "{{ name.first }}",
            "{{ empty }}",
            "{{ none }}",
            "{{ cart }}",
            "{{ cart.items }}",
            "{{ cart.items.9 }}",
            "{{ name | currency }}",
            "{{ name | number }}",
            "{{ name | date }}",
            "{{ name | top }}",
            "{{ interest.brand | top }}",
            "{{ nobody | top }}",
            "{{ interest.category | top | top }}",
            "{{ cart.value | currency | number }}",
            "{{ name }} and {{ none }}",
        ] {
            assert_eq!(filled(template), None, "{template}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_what_would_be_right() {
        for (template, found) in [
            ("{{ name", "\"{{ name\""),
            ("{{}}", "\"{{}}\" without a path"),
            ("{{ | upper }}", "\"{{ | upper }}\" without a path"),
            ("{{ a..b }}", "\"{{ a..b }}\" without a path"),
            ("{{ a{b }}", "\"{{ a{b }}\" without a path"),
            ("{{ a . b }}", "\"{{ a . b }}\" without a path"),
            ("{{ a'b }}", "\"{{ a'b }}\" without a path"),
            ("{{ a | lower }}", "\"{{ a | lower }}\" with the filter lower"),
            ("{{ a | default(you) }}", "\"{{ a | default(you) }}\" with the filter default(you)"),
            (
                "{{ a | default(\"a\" \"b\") }}",
                "\"{{ a | default(\"a\" \"b\") }}\" with the filter default(\"a\" \"b\")",
            ),
            ("{{ a | default(\"you') }}", "\"{{ a | default(\"you') }}\" with the filter default(\"you')"),
            ("{{ a | default(\") }}", "\"{{ a | default(\") }}\" with the filter default(\")"),
            ("{{ a || b }}", "\"{{ a || b }}\" with the filter "),
        ] {
            assert_eq!(Template::parse(template).unwrap_err().0, found, "{template}");
        }
    }
}
