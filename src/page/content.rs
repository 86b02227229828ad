//! What variants and prompts say: text and attributes, nothing that can run.

use crate::reader::Reader;
use crate::text::{characters, split};
use crate::value::{Object, Value};

/// The content of one variant, checked: selectors within the slot (empty: the slot itself) with
/// the text to put there, and with the attributes to set.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Content {
    /// `{selector: text}`.
    pub text: Object,
    /// `{selector: {name: value}}`.
    pub attributes: Object,
}

/// The contents of all variants, by slot and variant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VariantContents(Vec<(String, String, Content)>);

/// What a prompt says, checked: `title`, which also names it for a screen reader, `body`, the
/// labels `accept` and `decline`, and `href`, where yes leads.
pub type PromptContent = Object;

/// Attributes that content may set beside `aria-*` and `data-*`: none of them runs anything.
const ATTRIBUTES: &str = "alt title href src srcset sizes width height loading class lang dir hidden role type value \
     placeholder label media poster target rel datetime";

impl VariantContents {
    /// Reads the `content` of every variant of every slot.
    pub fn read(slots: &Reader<'_>) -> VariantContents {
        let mut contents = Vec::new();
        objects(slots, &mut |slot| {
            objects(&slot.field("variants"), &mut |variant| {
                contents.push((name(slot), name(variant), Content::read(&variant.field("content"))));
            });
        });
        VariantContents(contents)
    }

    /// The content of a variant.
    pub fn of(&self, slot: &str, variant: &str) -> Option<&Content> {
        self.0.iter().find(|entry| entry.0 == slot && entry.1 == variant).map(|entry| &entry.2)
    }
}

impl Content {
    fn read(at: &Reader<'_>) -> Content {
        at.object("text attributes html");
        at.field("html").unsupported();
        let text = at.field("text");
        let attributes = at.field("attributes");
        let content = Content { text: text.entries_if_any().clone(), attributes: attributes.entries_if_any().clone() };
        for (selector, _) in content.text.iter() {
            text.field(selector).text_within(0, 5_000);
        }
        let known = split(ATTRIBUTES, b' ');
        for (selector, _) in content.attributes.iter() {
            let element = attributes.field(selector);
            for (name, _) in element.entries().iter() {
                check_attribute(name, &known, &element.field(name));
            }
        }
        content
    }
}

/// Calls `read` at each object of a list; what else is in it belongs to whoever reads the list.
fn objects(list: &Reader<'_>, read: &mut dyn FnMut(&Reader<'_>)) {
    let items = list.value().and_then(Value::as_list).unwrap_or_default();
    for (index, item) in items.iter().enumerate() {
        if item.as_object().is_some() {
            read(&list.item(index, item));
        }
    }
}

/// The id that stands here, right or wrong.
fn name(at: &Reader<'_>) -> String {
    at.field("id").value().and_then(Value::as_text).unwrap_or("").to_owned()
}

fn check_attribute(name: &str, known: &[&str], at: &Reader<'_>) {
    let suffix_of = |prefix: &str, digits: bool| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            let right = |byte: u8| byte.is_ascii_lowercase() || (digits && (byte.is_ascii_digit() || byte == b'-'));
            !rest.is_empty() && rest.bytes().all(right)
        })
    };
    let allowed = known.contains(&name)
        || suffix_of("aria-", false)
        || (suffix_of("data-", true) && !name.starts_with("data-tb-"));
    if !allowed {
        at.note("is unknown, expected an attribute that cannot run code");
        return;
    }
    let short = |text: &str| characters(text) <= 2_000;
    match name {
        "href" | "src" | "poster" => at.text(ADDRESS, &|text| short(text) && is_safe_url(text)),
        "srcset" => at.text("web addresses or paths", &|text| {
            let address = |candidate: &str| candidate.split_ascii_whitespace().next().is_some_and(is_safe_url);
            short(text) && split(text, b',').into_iter().all(address)
        }),
        _ => at.text_within(0, 2_000),
    };
}

const ADDRESS: &str = "a web address, mailto:, tel: or a path";

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

/// Reads the words of every prompt, in the order of the config.
pub fn read_prompt_contents(prompts: &Reader<'_>) -> Vec<(String, PromptContent)> {
    let mut words = Vec::new();
    objects(prompts, &mut |prompt| {
        let at = prompt.field("content");
        at.object("title body accept decline href");
        at.field("title").text_within(1, 200);
        at.field("accept").text_within(1, 80);
        at.field("decline").text_within(1, 80);
        let is_address = |text: &str| characters(text) <= 2_000 && is_safe_url(text);
        let body = at.field("body");
        let href = at.field("href");
        if !body.is_missing() {
            body.text_within(0, 2_000);
        }
        if !href.is_missing() {
            href.text(ADDRESS, &is_address);
        }
        words.push((name(prompt), at.value().and_then(Value::as_object).cloned().unwrap_or_default()));
    });
    words
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
