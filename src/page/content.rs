//! What variants and prompts say: text and attributes, nothing that can run.

use crate::reader::{Problems, Reader};
use crate::value::Value;

/// The content of one variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Content {
    /// Selector within the slot (empty: the slot itself) and the text to put there.
    pub text: Vec<(String, String)>,
    /// Selector, name and value of attributes.
    pub attributes: Vec<(String, String, String)>,
}

/// The contents of all variants, by slot and variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Contents(Vec<(String, String, Content)>);

/// What a prompt says.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Words {
    /// Its heading, and its name for a screen reader.
    pub title: String,
    /// What it asks; may be empty.
    pub body: String,
    /// The label of yes.
    pub accept: String,
    /// The label of no.
    pub decline: String,
    /// Where yes leads; nowhere without it.
    pub href: Option<String>,
}

/// Attributes that content may set beside `aria-*` and `data-*`: none of them runs anything.
const ATTRIBUTES: [&str; 23] = [
    "alt",
    "title",
    "href",
    "src",
    "srcset",
    "sizes",
    "width",
    "height",
    "loading",
    "class",
    "lang",
    "dir",
    "hidden",
    "role",
    "type",
    "value",
    "placeholder",
    "label",
    "media",
    "poster",
    "target",
    "rel",
    "datetime",
];

impl Contents {
    /// Reads the `content` of every variant of every slot.
    pub fn read(slots: &Reader<'_>, problems: &mut Problems) -> Option<Contents> {
        let mut contents = Some(Vec::new());
        for (index, slot_value) in slots.value().and_then(Value::as_list).unwrap_or_default().iter().enumerate() {
            let slot = slots.item(index, slot_value);
            let variants = slot.field("variants");
            for (index, value) in variants.value().and_then(Value::as_list).unwrap_or_default().iter().enumerate() {
                if value.as_object().is_none() {
                    continue;
                }
                let variant = variants.item(index, value);
                let content = Content::read(&variant.field("content"), problems);
                let id = |at: &Reader<'_>| at.field("id").value().and_then(Value::as_text).unwrap_or("").to_owned();
                match (content, &mut contents) {
                    (Some(content), Some(list)) => list.push((id(&slot), id(&variant), content)),
                    (None, _) => contents = None,
                    (Some(_), None) => {}
                }
            }
        }
        contents.map(Contents)
    }

    /// The content of a variant.
    pub fn of(&self, slot: &str, variant: &str) -> Option<&Content> {
        self.0.iter().find(|entry| entry.0 == slot && entry.1 == variant).map(|entry| &entry.2)
    }
}

impl Content {
    fn read(at: &Reader<'_>, problems: &mut Problems) -> Option<Content> {
        at.object(problems, &["text", "attributes", "html"])?;
        let html = at.field("html");
        if !html.is_missing() {
            html.not_yet(problems);
        }
        let (text, attributes) = (at.field("text"), at.field("attributes"));
        let text = text.or(Vec::new(), |at| {
            let right = |text: &str| text.chars().count() <= 5_000;
            at.each(problems, |selector, below, problems| {
                let text = below.text(problems, "a text of up to 5000 characters", right)?;
                Some((selector.to_owned(), text.to_owned()))
            })
        });
        let attributes = attributes.or(Vec::new(), |at| {
            at.each(problems, |selector, element, problems| {
                element.each(problems, |name, below, problems| {
                    Some((selector.to_owned(), name.to_owned(), read_attribute(name, &below, problems)?))
                })
            })
        });
        Some(Content { text: text?, attributes: attributes?.into_iter().flatten().collect() })
    }

    /// `[[selector, text], ...]`.
    pub fn text_value(&self) -> Value {
        self.text.iter().map(|(selector, text)| vec![selector.as_str(), text.as_str()]).collect()
    }

    /// `[[selector, name, value], ...]`.
    pub fn attributes_value(&self) -> Value {
        self.attributes
            .iter()
            .map(|(selector, name, value)| vec![selector.as_str(), name.as_str(), value.as_str()])
            .collect()
    }
}

fn read_attribute(name: &str, at: &Reader<'_>, problems: &mut Problems) -> Option<String> {
    let suffix_of = |prefix: &str, digits: bool| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            let right = |byte: u8| byte.is_ascii_lowercase() || (digits && (byte.is_ascii_digit() || byte == b'-'));
            !rest.is_empty() && rest.bytes().all(right)
        })
    };
    let allowed = ATTRIBUTES.contains(&name)
        || suffix_of("aria-", false)
        || (suffix_of("data-", true) && !name.starts_with("data-tb-"));
    if !allowed {
        problems.add(at.path(), "is unknown, expected an attribute that cannot run code".to_owned());
        return None;
    }
    let short = |text: &str| text.chars().count() <= 2_000;
    let text = match name {
        "href" | "src" | "poster" => {
            at.text(problems, "a web address, mailto:, tel: or a path", |text| short(text) && is_safe_url(text))
        }
        "srcset" => at.text(problems, "web addresses or paths", |text| {
            short(text)
                && text.split(',').all(|candidate| candidate.split_ascii_whitespace().next().is_some_and(is_safe_url))
        }),
        _ => at.text(problems, "a text of up to 2000 characters", short),
    };
    text.map(str::to_owned)
}

/// Whether an address leads somewhere without running anything: `https:`, `http:`, `mailto:`,
/// `tel:`, or relative. Browsers skip control characters inside a scheme, so none may stand there.
///
/// ```
/// # use tailorbird::page::content::is_safe_url;
/// assert!(is_safe_url("/boots?size=42#top"));
/// assert!(!is_safe_url("java\tscript:alert(1)"));
/// ```
pub fn is_safe_url(url: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_%-".contains(&byte);
    let starts = |prefix: &str| url.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let word = url.bytes().take_while(|byte| is_plain(*byte)).count();
    let ends_scheme_free = match url.as_bytes().get(word) {
        None => word > 0,
        Some(byte) => b"/?#.".contains(byte),
    };
    ends_scheme_free || ["https://", "http://", "mailto:", "tel:"].into_iter().any(starts)
}

impl Words {
    /// Reads the words of every prompt, in the order of the config.
    pub fn read_all(prompts: &Reader<'_>, problems: &mut Problems) -> Option<Vec<(String, Words)>> {
        let mut all = Some(Vec::new());
        for (index, value) in prompts.value().and_then(Value::as_list).unwrap_or_default().iter().enumerate() {
            if value.as_object().is_none() {
                continue;
            }
            let prompt = prompts.item(index, value);
            let id = prompt.field("id").value().and_then(Value::as_text).unwrap_or("").to_owned();
            match (Words::read(&prompt.field("content"), problems), &mut all) {
                (Some(words), Some(list)) => list.push((id, words)),
                (None, _) => all = None,
                (Some(_), None) => {}
            }
        }
        all
    }

    fn read(at: &Reader<'_>, problems: &mut Problems) -> Option<Words> {
        at.object(problems, &["title", "body", "accept", "decline", "href"])?;
        let within = |most: usize| move |text: &str| !text.is_empty() && text.chars().count() <= most;
        let title = at.field("title").text(problems, "a text of 1 to 200 characters", within(200));
        let body = at
            .field("body")
            .or("", |at| at.text(problems, "a text of up to 2000 characters", |text| text.chars().count() <= 2_000));
        let accept = at.field("accept").text(problems, "a text of 1 to 80 characters", within(80));
        let decline = at.field("decline").text(problems, "a text of 1 to 80 characters", within(80));
        let href = at.field("href").or(None, |at| {
            let right = |text: &str| text.chars().count() <= 2_000 && is_safe_url(text);
            Some(Some(at.text(problems, "a web address, mailto:, tel: or a path", right)?.to_owned()))
        });
        Some(Words {
            title: title?.to_owned(),
            body: body?.to_owned(),
            accept: accept?.to_owned(),
            decline: decline?.to_owned(),
            href: href?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_could_run_something_are_refused() {
        let safe = [
            "https://a.example/",
            "HTTP://a.example",
            "mailto:a@b.example",
            "tel:+49",
            "/a",
            "?a",
            "#a",
            "./a",
            "../a",
            "boots",
            "boots/a:b",
            "boots.html",
            "//cdn.example/a.js",
        ];
        for url in safe {
            assert!(is_safe_url(url), "{url}");
        }
        let unsafe_ones = [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:1",
            "data:text/html,x",
            "vbscript:x",
            "blob:x",
            "",
            "boots:x",
            "java&#x73;cript:x",
            "javascript&colon;x",
        ];
        for url in unsafe_ones {
            assert!(!is_safe_url(url), "{url:?}");
        }
    }
}
