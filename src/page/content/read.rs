//! Reading content from the config.

use super::address::{self, are_safe_urls, is_safe_url};
use super::{Change, ChangeKind, Content, Fragment, IMAGE, Place, Position, attribute, css, html};
use crate::reader::Reader;
use crate::template::{LocalizedText, Template};

/// Reads one change from its part of the config: its selector, and what is written for it.
type ReadChange = fn(String, &Reader<'_>) -> Option<ChangeKind<LocalizedText>>;

/// The sections whose keys are selectors, in the order in which changes are made.
const BY_SELECTOR: [(&str, ReadChange); 6] = [
    ("text", read_text_change),
    ("attributes", read_attributes),
    ("image", read_image),
    ("class", read_class),
    ("style", read_style),
    ("html", read_html_change),
];

/// Reads one change that names its own place.
type ReadItem = fn(&Reader<'_>) -> Option<ChangeKind<LocalizedText>>;

/// The sections that are lists, in the order in which changes are made.
const LISTS: [(&str, ReadItem); 3] = [("insert", read_insert), ("move", read_move), ("hide", read_hide)];

/// The most changes of a kind that are written as a list.
const LIST: usize = 50;

impl Content {
    /// Reads the content of a variant; a [`Template`](Content::Template) where nothing is written.
    pub fn read(at: &Reader<'_>) -> Option<Content> {
        if at.is_missing() {
            return Some(Content::Template);
        }
        let redirect = at.field("redirect");
        if !redirect.is_missing() {
            let keys = at.keys(&["redirect"]);
            let to = redirect.text("a web address or a path", |to| is_short(to) && is_page(to));
            keys?;
            return Some(Content::Redirect(to?.to_owned()));
        }
        let keys = at.keys(&[
            "text",
            "attributes",
            "class",
            "style",
            "css",
            "html",
            "insert",
            "move",
            "hide",
            "image",
            "redirect",
        ]);
        let sections = BY_SELECTOR.map(|(key, read)| {
            at.field(key).or(Vec::new(), |at| by_name(at, |selector, at| change(at, read(selector.to_owned(), at))))
        });
        let lists =
            LISTS.map(|(key, read)| at.field(key).or(Vec::new(), |at| at.list(0..=LIST, |at| change(at, read(at)))));
        let sheet = at.field("css").optional(|at| change(at, read_css(at)));
        keys?;
        let mut changes = Vec::new();
        for section in sections.into_iter().chain(lists) {
            changes.extend(section?);
        }
        changes.extend(sheet?);
        Some(Content::Changes(changes))
    }
}

fn change(at: &Reader<'_>, kind: Option<ChangeKind<LocalizedText>>) -> Option<Change<LocalizedText>> {
    Some(Change { path: at.path(), kind: kind? })
}

/// Reads each entry of an object whose keys are names.
fn by_name<T>(at: &Reader<'_>, read: impl Fn(&str, &Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let entries = at.object()?;
    let all: Vec<T> = entries.iter().filter_map(|(name, _)| read(name, &at.field(name))).collect();
    (all.len() == entries.len()).then_some(all)
}

/// Reads a text with placeholders and translations, of at most so many characters.
pub(in crate::page) fn read_text(at: &Reader<'_>, least: usize, most: usize) -> Option<LocalizedText> {
    LocalizedText::read(at, &|at| read_template(at, most, |at| at.text_within(least..=most)))
}

/// Reads a text with placeholders. Where it has none `check` judges it; what a placeholder makes of it is judged when it
/// is filled.
fn read_template<'a>(at: &Reader<'a>, most: usize, check: impl Fn(&Reader<'a>) -> Option<&'a str>) -> Option<Template> {
    match at.value().and_then(|value| value.as_text()).map(Template::parse) {
        Some(Ok(template)) if !template.is_literal() => at.text_within(0..=most).map(|_| template),
        Some(Err((found, expected))) => {
            at.problem(found, Some(expected));
            None
        }
        _ => check(at).map(Template::literal),
    }
}

/// Reads HTML with translations. Placeholders in it are filled in the browser's tree of it.
fn read_html(at: &Reader<'_>) -> Option<LocalizedText> {
    LocalizedText::read(at, &|at| {
        let text = at.text_within(0..=20_000)?;
        match html::check(text) {
            Ok(()) => Some(Template::literal(text)),
            Err((found, expected)) => {
                at.problem(found, Some(&expected));
                None
            }
        }
    })
}

fn read_text_change(selector: String, at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    Some(ChangeKind::Text { selector, text: read_text(at, 0, 5_000)? })
}

fn read_html_change(selector: String, at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    Some(ChangeKind::Html { selector, html: read_html(at)? })
}

fn read_attributes(selector: String, at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    let attributes = by_name(at, |name, at| {
        if !attribute::is_allowed(name) {
            let hint = match name {
                "class" => "content.class, which adds and removes classes".to_owned(),
                "style" => "content.style, which sets single properties".to_owned(),
                _ if name.starts_with("data-") => "a data-* name that no framework executes".to_owned(),
                _ => format!("one of {}, aria-*, data-*", attribute::ATTRIBUTES.join(", ")),
            };
            at.problem("not allowed", Some(&hint));
            return None;
        }
        Some((name.to_owned(), read_attribute(name, at)?))
    })?;
    Some(ChangeKind::Attributes { selector, attributes })
}

/// Reads the value of an attribute.
pub(in crate::page) fn read_attribute(name: &str, at: &Reader<'_>) -> Option<LocalizedText> {
    if name == "target" {
        return at.one_of(&["_self", "_blank"]).map(Template::literal).map(LocalizedText::everywhere);
    }
    LocalizedText::read(at, &|at| {
        read_template(at, 2_000, |at| match name {
            "href" | "src" | "poster" => at.text(address::EXPECTED, |text| is_short(text) && is_safe_url(text)),
            "srcset" => at.text("web addresses or paths", |text| is_short(text) && are_safe_urls(text)),
            _ => at.text_within(0..=2_000),
        })
    })
}

fn read_image(selector: String, at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    let keys = at.keys(&IMAGE);
    let mut sound = true;
    let attributes = IMAGE.map(|name| {
        let at = at.field(name);
        // Without an address there is no image.
        let value = if name == "src" {
            read_attribute(name, &at).map(Some)
        } else {
            at.optional(|at| read_attribute(name, at))
        };
        sound &= value.is_some();
        (name, value.flatten())
    });
    keys?;
    sound.then(|| ChangeKind::Image { selector, attributes: attributes.into() })
}

fn read_class(selector: String, at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    let keys = at.keys(&["add", "remove"]);
    let names = |key| {
        at.field(key).or(Vec::new(), |at| {
            at.list(0..=50, |at| at.text("a class of 1 to 200 characters without spaces", is_class).map(str::to_owned))
        })
    };
    let (add, remove) = (names("add"), names("remove"));
    keys?;
    Some(ChangeKind::Class { selector, add: add?, remove: remove? })
}

fn is_class(text: &str) -> bool {
    // HTML's white space, which separates classes.
    !text.is_empty() && text.chars().count() <= 200 && !text.contains([' ', '\t', '\n', '\r', '\u{c}'])
}

fn read_style(selector: String, at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    let properties = by_name(at, |name, at| {
        if !css::is_property(name) {
            at.problem("no property of CSS", Some("a name such as background-color or --accent"));
            return None;
        }
        let value = at.text("a value of CSS, whose url(...) is a web address or a path", css::is_property_value)?;
        Some((name.to_owned(), value.to_owned()))
    })?;
    Some(ChangeKind::Style { selector, properties })
}

/// The one of `before`, `after`, `prepend` and `append` that is written.
fn read_position(at: &Reader<'_>) -> Option<Position> {
    let object = at.object()?;
    let written = Position::ALL.into_iter().filter(|position| object.get(position.name()).is_some());
    let [position] = written.collect::<Vec<_>>()[..] else {
        at.expected("an object with one of before, after, prepend, append, and a selector");
        return None;
    };
    Some(position)
}

/// The place at the selector that is written for `position`.
fn read_place(position: Position, at: &Reader<'_>) -> Option<Place> {
    let selector = at.field(position.name()).text_within(0..=300)?;
    Some(Place { position, selector: selector.to_owned() })
}

fn read_insert(at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    let position = read_position(at)?;
    let place = read_place(position, at);
    let keys = at.keys(&["before", "after", "prepend", "append", "html", "template"]);
    let (html, template) = (at.field("html"), at.field("template"));
    let fragment = if template.is_missing() {
        read_html(&html).map(Fragment::Html)
    } else if html.is_missing() {
        template.text_within(1..=300).map(|selector| Fragment::Template(selector.to_owned()))
    } else {
        template.expected("html or a template, not both");
        None
    };
    keys?;
    Some(ChangeKind::Insert { place: place?, fragment: fragment? })
}

fn read_move(at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    let position = read_position(at)?;
    let place = read_place(position, at);
    let keys = at.keys(&["before", "after", "prepend", "append", "elements"]);
    let elements = at.field("elements").text_within(1..=300);
    keys?;
    Some(ChangeKind::Move { elements: elements?.to_owned(), place: place? })
}

fn read_css(at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    at.text_within(1..=20_000)?;
    Some(ChangeKind::Css(at.text(css::EXPECTED, css::is_safe)?.to_owned()))
}

fn read_hide(at: &Reader<'_>) -> Option<ChangeKind<LocalizedText>> {
    Some(ChangeKind::Hide { selector: at.text_within(0..=300)?.to_owned() })
}

pub(in crate::page) fn is_short(text: &str) -> bool {
    text.chars().count() <= 2_000
}

/// Whether an address is that of a page: no mail and no telephone.
fn is_page(address: &str) -> bool {
    let is = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    is_safe_url(address) && !is("mailto:") && !is("tel:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::template::Format;
    use crate::value::Value;

    const FORMAT: Format<'_> = Format { host: &Native, locale: "", currency: None };

    /// What is wrong with the content of a variant.
    fn problems(content: &str) -> Vec<String> {
        let content: Value = serde_json::from_str(content).unwrap_or_else(|error| panic!("{content}: {error}"));
        match crate::reader::read(&content, |at| Content::read(at).map(drop)) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.lines(),
        }
    }

    #[test]
    fn texts_addresses_and_classes_fit_up_to_their_limits() {
        let written = [
            (r#"{"text": {"h1": "TEXT"}}"#, 5_000),
            (r#"{"text": {"h1": {"de": "TEXT"}}}"#, 5_000),
            (r#"{"attributes": {"a": {"title": "TEXT"}}}"#, 2_000),
            (r#"{"attributes": {"a": {"href": "TEXT"}}}"#, 2_000),
            (r#"{"attributes": {"img": {"srcset": "TEXT"}}}"#, 2_000),
            (r#"{"image": {"img": {"src": "TEXT"}}}"#, 2_000),
            (r#"{"class": {"": {"add": ["TEXT"]}}}"#, 200),
            (r#"{"style": {"": {"color": "TEXT"}}}"#, 1_000),
            (r#"{"css": "TEXT"}"#, 20_000),
            (r#"{"html": {"p": "TEXT"}}"#, 20_000),
            (r#"{"insert": [{"before": "TEXT", "html": ""}]}"#, 300),
            (r#"{"insert": [{"before": "", "template": "TEXT"}]}"#, 300),
            (r#"{"move": [{"prepend": "", "elements": "TEXT"}]}"#, 300),
            (r#"{"hide": ["TEXT"]}"#, 300),
            (r#"{"redirect": "TEXT"}"#, 2_000),
        ];
        for (content, most) in written {
            let with = |length: usize| problems(&content.replace("TEXT", &"b".repeat(length)));
            assert!(with(most).is_empty(), "{content} with {most} characters: {:?}", with(most));
            assert_eq!(with(most + 1).len(), 1, "{content} with one more");
        }
    }

    #[test]
    fn lists_of_changes_fit_up_to_their_limit() {
        let with = |count: usize| problems(&format!(r#"{{"hide": ["a"{}]}}"#, r#", "a""#.repeat(count - 1)));
        assert!(with(50).is_empty());
        assert_eq!(with(51), ["hide is a list of 51, expected a list of 0 to 50"]);
    }

    #[test]
    fn every_address_of_a_set_must_be_safe() {
        for (srcset, safe) in [
            ("boots.jpg", true),
            ("boots.jpg 1x, https://cdn.example/boots@2.jpg 2x", true),
            ("boots.jpg 1x, data:image/png 2x", false),
            ("javascript:alert(1)", false),
            ("boots.jpg,,tents.jpg", false),
            ("", false),
        ] {
            let content = format!(r#"{{"attributes": {{"img": {{"srcset": "{srcset}"}}}}}}"#);
            assert_eq!(problems(&content).is_empty(), safe, "{srcset:?}");
        }
    }

    #[test]
    fn a_class_is_one_word() {
        for class in ["", "two words", "a\\tb", "a\\nb", "a\\rb", "a\\fb"] {
            let content = format!(r#"{{"class": {{"": {{"remove": ["{class}"]}}}}}}"#);
            assert_eq!(problems(&content).len(), 1, "{class:?}");
        }
    }

    #[test]
    fn an_attribute_that_is_not_allowed_is_answered_with_what_would_be() {
        for (name, hint) in [
            ("class", "content.class, which adds and removes classes"),
            ("style", "content.style, which sets single properties"),
            ("data-action", "a data-* name that no framework executes"),
            ("rel", "one of alt, title,"),
        ] {
            let found = problems(&format!(r#"{{"attributes": {{"a": {{"{name}": "x"}}}}}}"#));
            assert!(found.len() == 1 && found[0].contains(hint), "{name}: {found:?}");
        }
    }

    #[test]
    fn a_redirect_stands_alone_and_leads_to_a_page() {
        assert!(problems(r#"{"redirect": "/vip?a=1"}"#).is_empty());
        for to in ["mailto:a@b.example", "tel:+49", "javascript:x", ""] {
            assert_eq!(problems(&format!(r#"{{"redirect": "{to}"}}"#)).len(), 1, "{to}");
        }
        assert_eq!(
            problems(r#"{"redirect": "/vip", "text": {"h1": "x"}}"#),
            ["text is unknown, expected one of redirect"]
        );
    }

    #[test]
    fn a_place_is_one_of_four() {
        for place in [r#""before": "a", "after": "b""#, r#""x-note": 1"#, r#""beside": "a""#] {
            assert!(!problems(&format!(r#"{{"move": [{{{place}, "elements": "li"}}]}}"#)).is_empty(), "{place}");
        }
    }

    #[test]
    fn changes_are_made_in_one_order_and_know_where_they_are_written() {
        let content: Value = serde_json::from_str(
            r#"{
                "hide": ["b"], "css": "a { color: red }", "text": {"h1": "Boots"}, "attributes": {"a": {"href": "/"}},
                "move": [{"elements": "li", "prepend": "ul"}], "insert": [{"after": "h1", "html": "<p>x</p>"}],
                "html": {"p": "x"}, "style": {"": {"color": "red"}}, "class": {"": {"add": ["on"]}},
                "image": {"img": {"src": "/a.png", "alt": "x"}}
            }"#,
        )
        .unwrap();
        let read = crate::reader::read(&content, Content::read).unwrap().unwrap();
        let Content::Changes(changes) = read else { panic!("no changes") };
        let shown: Vec<_> = changes
            .iter()
            .map(|change| change.with_texts(&|text, _| text.in_language(&[])?.fill(&Value::Null, FORMAT)).unwrap())
            .map(|change| serde_json::to_value(change).unwrap())
            .collect();
        assert_eq!(
            serde_json::Value::from(shown),
            serde_json::json!([
                {"kind": "text", "path": "text.h1", "selector": "h1", "text": "Boots"},
                {"kind": "attributes", "path": "attributes.a", "selector": "a", "attributes": {"href": "/"}},
                {"kind": "image", "path": "image.img", "selector": "img", "image": {
                    "src": "/a.png", "srcset": null, "sizes": null, "alt": "x", "width": null, "height": null,
                }},
                {"kind": "class", "path": "class[\"\"]", "selector": "", "add": ["on"], "remove": []},
                {"kind": "style", "path": "style[\"\"]", "selector": "", "style": {"color": "red"}},
                {"kind": "html", "path": "html.p", "selector": "p", "html": "x"},
                {"kind": "insert", "path": "insert[0]", "selector": "h1", "position": "after", "html": "<p>x</p>",
                    "template": null},
                {"kind": "move", "path": "move[0]", "selector": "ul", "position": "prepend", "elements": "li"},
                {"kind": "hide", "path": "hide[0]", "selector": "b"},
                {"kind": "css", "path": "css", "selector": "", "css": "a { color: red }"},
            ])
        );
    }
}
