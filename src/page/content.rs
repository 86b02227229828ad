//! The content of variants and prompts: text, attributes and classes, nothing that can run.

use crate::reader::Reader;
use crate::value::Object;

/// What a variant changes in its slot. An empty selector is the slot itself.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Content {
    /// Texts to show.
    pub text: Vec<TextChange>,
    /// Attributes to set.
    pub attributes: Vec<AttributeChange>,
    /// Classes to add and to remove.
    pub classes: Vec<ClassChange>,
}

/// A text to show.
#[derive(Clone, Debug, PartialEq)]
pub struct TextChange {
    /// A CSS selector within the slot.
    pub selector: String,
    /// The text, at most 5000 characters.
    pub text: String,
}

/// Attributes to set.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeChange {
    /// A CSS selector within the slot.
    pub selector: String,
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

/// An attribute with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// One of those that cannot run anything.
    pub name: String,
    /// Its value, at most 2000 characters.
    pub value: String,
}

/// Classes to add and to remove. All other classes of the element are the page's.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ClassChange {
    /// A CSS selector within the slot.
    pub selector: String,
    /// Classes to add.
    pub add: Vec<String>,
    /// Classes to remove.
    pub remove: Vec<String>,
}

/// What a prompt says.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContent {
    /// The question, which also names the prompt for a screen reader.
    pub title: String,
    /// More text; empty where there is none.
    pub body: String,
    /// The label of the button that accepts.
    pub accept: String,
    /// The label of the button that declines.
    pub decline: String,
    /// The address to which accepting leads, if it leads anywhere.
    pub href: Option<String>,
}

/// The contents of all variants.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VariantContents(Vec<VariantContent>);

#[derive(Clone, Debug, PartialEq)]
struct VariantContent {
    slot: String,
    variant: String,
    content: Content,
}

impl VariantContents {
    /// Reads the content of a variant, and answers whether it could.
    pub fn read(&mut self, slot: &str, variant: &str, at: &Reader<'_>) -> bool {
        let Some(content) = Content::read(at) else { return false };
        self.0.push(VariantContent { slot: slot.to_owned(), variant: variant.to_owned(), content });
        true
    }

    /// The content of a variant.
    pub fn of(&self, slot: &str, variant: &str) -> Option<&Content> {
        self.0.iter().find(|entry| entry.slot == slot && entry.variant == variant).map(|entry| &entry.content)
    }
}

/// The contents of all prompts.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContents(Vec<(String, PromptContent)>);

impl PromptContents {
    /// Reads the content of a prompt, and answers whether it could.
    pub fn read(&mut self, prompt: &str, at: &Reader<'_>) -> bool {
        let Some(content) = PromptContent::read(at) else { return false };
        self.0.push((prompt.to_owned(), content));
        true
    }

    /// The content of a prompt.
    pub fn of(&self, prompt: &str) -> Option<&PromptContent> {
        self.0.iter().find(|(id, _)| id == prompt).map(|(_, content)| content)
    }
}

impl PromptContent {
    fn read(at: &Reader<'_>) -> Option<PromptContent> {
        let keys = at.keys(&["title", "body", "accept", "decline", "href"]);
        let title = at.field("title").text_within(1..=200);
        let accept = at.field("accept").text_within(1..=80);
        let decline = at.field("decline").text_within(1..=80);
        let body = at.field("body").or("", |at| at.text_within(0..=2_000));
        let href = at.field("href").optional(|at| at.text(ADDRESS, |text| is_short(text) && is_safe_url(text)));
        keys?;
        Some(PromptContent {
            title: title?.to_owned(),
            body: body?.to_owned(),
            accept: accept?.to_owned(),
            decline: decline?.to_owned(),
            href: href?.map(str::to_owned),
        })
    }

    /// `{title, body, accept, decline, href}`. Where there is no address it is `null`, and not left out: what is
    /// missing would be read from `Object.prototype`.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("title", self.title.as_str())
            .with("body", self.body.as_str())
            .with("accept", self.accept.as_str())
            .with("decline", self.decline.as_str())
            .with("href", self.href.clone())
    }
}

impl Content {
    /// `{text: {selector: text}, attributes: {selector: {name: value}}, classes: {selector: {add, remove}}}`.
    pub fn to_object(&self) -> Object {
        let (mut text, mut attributes, mut classes) = (Object::new(), Object::new(), Object::new());
        for change in &self.text {
            text.set(&change.selector, change.text.as_str());
        }
        for change in &self.attributes {
            let mut values = Object::new();
            for Attribute { name, value } in &change.attributes {
                values.set(name, value.as_str());
            }
            attributes.set(&change.selector, values);
        }
        for ClassChange { selector, add, remove } in &self.classes {
            classes.set(selector, Object::new().with("add", add.clone()).with("remove", remove.clone()));
        }
        Object::new().with("text", text).with("attributes", attributes).with("classes", classes)
    }

    fn read(at: &Reader<'_>) -> Option<Content> {
        let keys = at.keys(&["text", "attributes", "classes", "html"]);
        let html = at.field("html").unsupported();
        let text = by_name(&at.field("text"), |selector, at| {
            let text = at.text_within(0..=5_000)?.to_owned();
            Some(TextChange { selector: selector.to_owned(), text })
        });
        let attributes = by_name(&at.field("attributes"), |selector, at| {
            let attributes = by_name(at, read_attribute)?;
            Some(AttributeChange { selector: selector.to_owned(), attributes })
        });
        let classes = by_name(&at.field("classes"), ClassChange::read);
        keys?;
        html?;
        Some(Content { text: text?, attributes: attributes?, classes: classes? })
    }
}

/// Reads each entry of an object whose keys are names, such as selectors; none where nothing is written.
fn by_name<T>(at: &Reader<'_>, read: impl Fn(&str, &Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    if at.is_missing() {
        return Some(Vec::new());
    }
    let entries = at.object()?;
    let all: Vec<T> = entries.iter().filter_map(|(name, _)| read(name, &at.field(name))).collect();
    (all.len() == entries.len()).then_some(all)
}

impl ClassChange {
    fn read(selector: &str, at: &Reader<'_>) -> Option<ClassChange> {
        let keys = at.keys(&["add", "remove"]);
        let names = |key| {
            at.field(key).or(Vec::new(), |at| {
                at.list(0..=50, |at| {
                    at.text("a class of 1 to 200 characters without spaces", is_class).map(str::to_owned)
                })
            })
        };
        let (add, remove) = (names("add"), names("remove"));
        keys?;
        Some(ClassChange { selector: selector.to_owned(), add: add?, remove: remove? })
    }
}

fn is_class(text: &str) -> bool {
    // HTML's white space, which separates classes.
    !text.is_empty() && text.chars().count() <= 200 && !text.contains([' ', '\t', '\n', '\r', '\u{c}'])
}

/// Attributes that content may set beside `aria-*` and `data-*`. What makes an element load or run something else
/// (`style`, `rel`, `type`, `srcdoc`, `action`, `on*`) is none of them; classes are added and removed.
const ATTRIBUTES: [&str; 20] = [
    "alt",
    "title",
    "href",
    "src",
    "srcset",
    "sizes",
    "width",
    "height",
    "loading",
    "lang",
    "dir",
    "hidden",
    "role",
    "value",
    "placeholder",
    "label",
    "media",
    "poster",
    "target",
    "datetime",
];

/// First words of `data-*` names that scripts of others take for instructions: expressions they run, selectors and
/// addresses they follow, markup they insert. `tb` is ours.
///
/// Alpine, Angular, Bootstrap, Datastar, Dojo, EasyUI, htmx, jQuery Mobile, Knockout, lazy loaders, Livewire,
/// rails-ujs, React, Rivets, Stimulus, TinyMCE, Turbo, Unpoly, Vue, WordPress. `www/page/attributes.ts` and the schema
/// have the same list.
#[rustfmt::skip]
const EXECUTED_DATA: [&str; 65] = [
    "action", "ajax", "alpine", "attr", "background", "bg", "bind", "bs", "callback", "class", "computed", "content",
    "controller", "dismiss", "dojo", "effect", "ember", "event", "fetch", "href", "html", "htmx", "hx", "indicator",
    "init", "json", "lazy", "livewire", "mce", "method", "model", "ng", "on", "options", "original", "params",
    "persist", "poll", "react", "reactid", "reactroot", "ref", "remote", "role", "rv", "show", "signals", "src",
    "srcset", "style", "target", "tb", "template", "text", "toggle", "turbo", "turbolinks", "up", "url", "v", "vue",
    "win", "wire", "wp", "x",
];

fn is_allowed(name: &str) -> bool {
    if let Some(rest) = name.strip_prefix("aria-") {
        return !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase());
    }
    if let Some(rest) = name.strip_prefix("data-") {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let first = rest.split('-').next().unwrap_or("");
        // Whatever is called a callback is the name of a function.
        let is_executed = EXECUTED_DATA.contains(&first) || rest.starts_with("on") || rest.contains("callback");
        return rest.split('-').all(is_word) && !is_executed;
    }
    ATTRIBUTES.contains(&name)
}

fn read_attribute(name: &str, at: &Reader<'_>) -> Option<Attribute> {
    if !is_allowed(name) {
        let hint = match name {
            "class" => "content.classes, which adds and removes classes".to_owned(),
            _ if name.starts_with("data-") => "a data-* name that no framework executes".to_owned(),
            _ => format!("one of {}, aria-*, data-*", ATTRIBUTES.join(", ")),
        };
        at.problem("not allowed", Some(&hint));
        return None;
    }
    let value = match name {
        "href" | "src" | "poster" => at.text(ADDRESS, |text| is_short(text) && is_safe_url(text)),
        "srcset" => at.text("web addresses or paths", |text| {
            let is_safe = |candidate: &str| candidate.split_ascii_whitespace().next().is_some_and(is_safe_url);
            is_short(text) && text.split(',').all(is_safe)
        }),
        "target" => at.one_of(&["_self", "_blank"]),
        _ => at.text_within(0..=2_000),
    };
    Some(Attribute { name: name.to_owned(), value: value?.to_owned() })
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= 2_000
}

const ADDRESS: &str = "a web address, mailto:, tel: or a path";

/// Whether an address leads somewhere without running anything: `https:`, `http:`, `mailto:`, `tel:`, or relative.
///
/// A relative one has no colon before its first `/`, `?` or `#`. Browsers skip control characters and white space
/// within and before a scheme, so an address has none.
///
/// ```
/// # use tailorbird::page::content::is_safe_url;
/// assert!(is_safe_url("/boots?size=42#top"));
/// assert!(!is_safe_url("java\tscript:alert(1)"));
/// assert!(!is_safe_url("com.app:open"));
/// ```
pub fn is_safe_url(url: &str) -> bool {
    let has_scheme = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if ["https://", "http://", "mailto:", "tel:"].into_iter().any(has_scheme) {
        return true;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_%-.".contains(&byte);
    let first_segment = url.bytes().take_while(|byte| is_plain(*byte)).count();
    match url.as_bytes().get(first_segment) {
        None => first_segment > 0,
        // No scheme begins with a point.
        Some(byte) => b"/?#".contains(byte) || url.starts_with('.'),
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
            "boots.html?x=a:b",
            ".x:y",
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
            "x.y:z",
            "com.app:open",
            "com.app%3a:open",
            "-x:y",
            "java&#x73;cript:x",
            "javascript&colon;x",
        ];
        for url in unsafe_ones {
            assert!(!is_safe_url(url), "{url:?}");
        }
    }

    #[test]
    fn attributes_that_load_or_run_something_are_not_allowed() {
        let allowed = ["alt", "href", "aria-label", "data-size", "data-xl", "data-analytics-id", "data-actions"];
        for name in allowed {
            assert!(is_allowed(name), "{name}");
        }
        let forbidden = [
            "class",
            "style",
            "rel",
            "type",
            "srcdoc",
            "action",
            "formaction",
            "http-equiv",
            "onclick",
            "id",
            "name",
            "data-",
            "data--",
            "data-my-callback",
            "data-src",
            "data-bs-toggle",
            "data-tb-slot",
            "data-bind",
            "data-bind-text",
            "data-v-on",
            "data-hx-get",
            "data-x-init",
            "data-turbo",
            "data-turbo-method",
            "data-action",
            "data-controller",
            "data-reactroot",
            "data-react-class",
            "data-ng-click",
            "data-onclick",
            "data-on-click",
            "aria-",
            "ARIA-label",
            "Href",
        ];
        for name in forbidden {
            assert!(!is_allowed(name), "{name}");
        }
    }

    /// What is wrong with the content of a variant.
    fn problems(content: &str) -> Vec<String> {
        match crate::reader::read(&serde_json::from_str(content).unwrap(), |at| Content::read(at).map(drop)) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.lines(),
        }
    }

    #[test]
    fn texts_addresses_and_classes_fit_up_to_their_limits() {
        let written = [
            (r#"{"text": {"h1": "TEXT"}}"#, 5_000),
            (r#"{"attributes": {"a": {"title": "TEXT"}}}"#, 2_000),
            (r#"{"attributes": {"a": {"href": "TEXT"}}}"#, 2_000),
            (r#"{"attributes": {"img": {"srcset": "TEXT"}}}"#, 2_000),
            (r#"{"classes": {"": {"add": ["TEXT"]}}}"#, 200),
        ];
        for (content, most) in written {
            let with = |length: usize| problems(&content.replace("TEXT", &"b".repeat(length)));
            assert!(with(most).is_empty(), "{content} with {most} characters: {:?}", with(most));
            assert_eq!(with(most + 1).len(), 1, "{content} with one more");
        }
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
            let content = format!(r#"{{"classes": {{"": {{"remove": ["{class}"]}}}}}}"#);
            assert_eq!(problems(&content).len(), 1, "{class:?}");
        }
    }

    #[test]
    fn an_attribute_that_is_not_allowed_is_answered_with_what_would_be() {
        for (name, hint) in [
            ("class", "content.classes, which adds and removes classes"),
            ("data-action", "a data-* name that no framework executes"),
            ("style", "one of alt, title,"),
        ] {
            let found = problems(&format!(r#"{{"attributes": {{"a": {{"{name}": "x"}}}}}}"#));
            assert!(found.len() == 1 && found[0].contains(hint), "{name}: {found:?}");
        }
    }

    #[test]
    fn content_is_written_by_selector() {
        let content = Content {
            text: vec![TextChange { selector: "h1".into(), text: "Boots".into() }],
            attributes: vec![AttributeChange {
                selector: "a".into(),
                attributes: vec![Attribute { name: "href".into(), value: "/boots".into() }],
            }],
            classes: vec![ClassChange { selector: String::new(), add: vec!["on".into()], remove: Vec::new() }],
        };
        assert_eq!(
            serde_json::to_value(content.to_object()).unwrap(),
            serde_json::json!({
                "text": {"h1": "Boots"},
                "attributes": {"a": {"href": "/boots"}},
                "classes": {"": {"add": ["on"], "remove": []}},
            })
        );
    }
}
