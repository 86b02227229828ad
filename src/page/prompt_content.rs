//! What prompts say, and what they ask for.

pub mod ask;
pub mod picture;

use super::content::address::{self, is_safe_url};
use super::content::{Replace, TextRole, is_short, read_text};
use crate::decision::recommend::{self, Count, Shelf};
use crate::decision::selection::written_id;
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::value::{Object, Value};
use ask::Ask;
use picture::Picture;

/// How a prompt stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Form {
    /// A modal dialog; a sheet where there is no mouse.
    #[default]
    Modal,
    /// At the bottom of the screen, over its whole width on a small one.
    Sheet,
    /// Along the top.
    BarTop,
    /// Along the bottom.
    BarBottom,
    /// In the lower corner at the end of a line.
    SlideIn,
    /// A card in the page, at the end of a slot.
    Inline,
    /// Not on the page: a notification of the system, while the tab is hidden.
    Notification,
}

impl Form {
    const ALL: [Form; 7] =
        [Form::Modal, Form::Sheet, Form::BarTop, Form::BarBottom, Form::SlideIn, Form::Inline, Form::Notification];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            Form::Modal => "modal",
            Form::Sheet => "sheet",
            Form::BarTop => "bar-top",
            Form::BarBottom => "bar-bottom",
            Form::SlideIn => "slide-in",
            Form::Inline => "inline",
            Form::Notification => "notification",
        }
    }

    /// Reads its name.
    fn read(at: &Reader<'_>) -> Option<Form> {
        at.choice(&Form::ALL.map(|form| (form.name(), form)))
    }
}

/// How all prompts of a site look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on white, or light on black.
    #[default]
    Plain,
    /// Soft and round.
    Warm,
    /// Loud and angular.
    Bold,
    /// As the page itself: its font, its colours, the corners of its buttons.
    Inherit,
}

impl Theme {
    const ALL: [Theme; 4] = [Theme::Plain, Theme::Warm, Theme::Bold, Theme::Inherit];

    fn name(self) -> &'static str {
        match self {
            Theme::Plain => "plain",
            Theme::Warm => "warm",
            Theme::Bold => "bold",
            Theme::Inherit => "inherit",
        }
    }

    /// Reads its name.
    pub fn read(at: &Reader<'_>) -> Option<Theme> {
        at.choice(&Theme::ALL.map(|theme| (theme.name(), theme)))
    }
}

/// What a prompt says, and where. `T` is a text: in the config with its translations and placeholders, in an effect as it
/// is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContent<T = String> {
    /// How it stands on the page.
    pub form: Form,
    /// The slot in which an inline one stands; the config fills it with nothing else.
    pub slot: Option<String>,
    /// How it looks.
    pub theme: Theme,
    /// The CSS selector of the page's template with its markup, where the site has its own. It says all but the title.
    pub template: Option<String>,
    /// The question, which also names the prompt for a screen reader.
    pub title: T,
    /// More text.
    pub body: Option<T>,
    /// A picture, shown where there is room.
    pub image: Option<Picture<T>>,
    /// A code to take along.
    pub coupon: Option<Coupon<T>>,
    /// What it asks for.
    pub ask: Ask<T>,
    /// The label of the button that accepts; there is none where each answer has its own, and in a notification.
    pub accept: Option<T>,
    /// The label of the button that declines; there is none where the site's markup has its own, and in a notification.
    pub decline: Option<T>,
    /// The address to which accepting leads, if it leads anywhere.
    pub href: Option<String>,
}

/// A code that the visitor takes along, with a button that copies it.
#[derive(Clone, Debug, PartialEq)]
pub struct Coupon<T> {
    /// The code, at most 40 characters.
    pub code: String,
    /// The label of the button.
    pub copy: T,
    /// What is said once it is copied.
    pub copied: T,
}

impl Coupon<LocalizedText> {
    fn read(at: &Reader<'_>) -> Option<Coupon<LocalizedText>> {
        let keys = at.keys(&["code", "copy", "copied"]);
        let code = at.field("code").text_within(1..=40);
        let copy = read_text(&at.field("copy"), 1, 80);
        let copied = read_text(&at.field("copied"), 1, 80);
        keys?;
        Some(Coupon { code: code?.to_owned(), copy: copy?, copied: copied? })
    }

    fn with_texts(&self, replace: &dyn Fn(&LocalizedText) -> Option<String>) -> Option<Coupon<String>> {
        Some(Coupon { code: self.code.clone(), copy: replace(&self.copy)?, copied: replace(&self.copied)? })
    }
}

/// The keys of `content`, but for those of the page's own markup.
const KEYS: [&str; 10] = ["by", "title", "body", "image", "coupon", "ask", "items", "accept", "decline", "href"];
/// Those of a notification, which is pressed or closed and has nothing else to press.
const NOTIFICATION_KEYS: [&str; 3] = ["title", "body", "href"];
/// Those of content that is markup of the page.
const TEMPLATE_KEYS: [&str; 4] = ["by", "template", "title", "items"];

/// What the visitor may answer on the page, and take along.
#[derive(Default)]
struct Answers {
    coupon: Option<Coupon<LocalizedText>>,
    ask: Ask<LocalizedText>,
    accept: Option<LocalizedText>,
    decline: Option<LocalizedText>,
}

impl Answers {
    fn read(at: &Reader<'_>, root: &Value) -> Option<Answers> {
        let coupon = at.field("coupon").optional(Coupon::read);
        let ask = at.field("ask").or(Ask::Consent, |at| Ask::read(at, root));
        // Answers that are buttons of their own need none that says yes.
        let has_answers = ["choices", "scale"].iter().any(|kind| !at.field("ask").field(kind).is_missing());
        let accept = at.field("accept");
        let accept = if has_answers && accept.is_missing() { Some(None) } else { read_text(&accept, 1, 80).map(Some) };
        let decline = read_text(&at.field("decline"), 1, 80);
        Some(Answers { coupon: coupon?, ask: ask?, accept: accept?, decline: Some(decline?) })
    }
}

/// Whether a notification has no keys but its own.
fn has_notification_keys(at: &Reader<'_>) -> Option<()> {
    let mut is_free = true;
    for (key, _) in at.object()?.iter().filter(|(key, _)| !NOTIFICATION_KEYS.contains(key) && !key.starts_with("x-")) {
        let field = at.field(key);
        if KEYS.contains(&key) || TEMPLATE_KEYS.contains(&key) {
            field.problem("not part of a notification", Some(&format!("one of {}", NOTIFICATION_KEYS.join(", "))));
        } else {
            field.unknown_key(&NOTIFICATION_KEYS);
        }
        is_free = false;
    }
    is_free.then_some(())
}

impl PromptContent<LocalizedText> {
    /// Reads `content`, in the config at `root`, of a prompt that stands so: as a modal prompt in the plain theme.
    fn read(at: &Reader<'_>, root: &Value, form: Form) -> Option<PromptContent<LocalizedText>> {
        let is_notification = form == Form::Notification;
        if !is_notification && !at.field("by").is_missing() {
            return PromptContent::read_template(at);
        }
        let keys = if is_notification { has_notification_keys(at) } else { at.keys(&KEYS).map(|_| ()) };
        let title = read_text(&at.field("title"), 1, 200);
        let answers = if is_notification { Some(Answers::default()) } else { Answers::read(at, root) };
        let body = at.field("body").optional(|at| read_text(at, 0, 2_000));
        let image = at.field("image").optional(Picture::read);
        let href =
            at.field("href").optional(|at| at.text(address::EXPECTED, |text| is_short(text) && is_safe_url(text)));
        keys?;
        let Answers { coupon, ask, accept, decline } = answers?;
        Some(PromptContent {
            form: Form::default(),
            slot: None,
            theme: Theme::default(),
            template: None,
            title: title?,
            body: body?,
            image: image?,
            coupon,
            ask,
            accept,
            decline,
            href: href?.map(str::to_owned),
        })
    }

    /// Reads `content` that is markup of the page.
    fn read_template(at: &Reader<'_>) -> Option<PromptContent<LocalizedText>> {
        let keys = at.keys(&TEMPLATE_KEYS);
        let by = at.field("by").one_of(&["template"]);
        let template = at.field("template").text_within(1..=300);
        let title = read_text(&at.field("title"), 1, 200);
        keys.and(by)?;
        Some(PromptContent {
            form: Form::default(),
            slot: None,
            theme: Theme::default(),
            template: Some(template?.to_owned()),
            title: title?,
            body: None,
            image: None,
            coupon: None,
            ask: Ask::Consent,
            accept: None,
            decline: None,
            href: None,
        })
    }

    /// Its texts, in every language.
    pub fn texts(&self) -> Vec<&LocalizedText> {
        let mut texts = vec![&self.title];
        texts.extend([&self.decline, &self.body, &self.accept].into_iter().flatten());
        texts.extend(self.coupon.iter().flat_map(|coupon| [&coupon.copy, &coupon.copied]));
        texts.extend(self.ask.texts());
        texts.extend(self.image.iter().flat_map(Picture::texts));
        texts
    }

    /// The same with each text replaced; `None` where `replace` gives none. The picture is left out where it gives none
    /// for that.
    pub fn with_texts(&self, replace: Replace<'_, LocalizedText, String>) -> Option<PromptContent> {
        let plain = |text: &LocalizedText| replace(text, TextRole::Plain);
        Some(PromptContent {
            form: self.form,
            slot: self.slot.clone(),
            theme: self.theme,
            template: self.template.clone(),
            title: plain(&self.title)?,
            body: if let Some(body) = &self.body { Some(plain(body)?) } else { None },
            image: self.image.as_ref().and_then(|image| image.with_texts(replace)),
            coupon: if let Some(coupon) = &self.coupon { Some(coupon.with_texts(&plain)?) } else { None },
            ask: self.ask.with_texts(&plain)?,
            accept: if let Some(accept) = &self.accept { Some(plain(accept)?) } else { None },
            decline: if let Some(decline) = &self.decline { Some(plain(decline)?) } else { None },
            href: self.href.clone(),
        })
    }
}

impl PromptContent {
    /// `{as, slot, theme, template, title, body, image, coupon, ask, accept, decline, href}`. What is not there is `null`,
    /// and not left out: what is missing would be read from `Object.prototype`.
    pub fn to_object(&self) -> Object {
        let coupon = self.coupon.as_ref().map(|coupon| {
            let Coupon { code, copy, copied } = coupon;
            Object::new().with("code", code.as_str()).with("copy", copy.as_str()).with("copied", copied.as_str())
        });
        Object::new()
            .with("as", self.form.name())
            .with("slot", self.slot.clone())
            .with("theme", self.theme.name())
            .with("template", self.template.clone())
            .with("title", self.title.as_str())
            .with("body", self.body.clone())
            .with("image", self.image.as_ref().map(Picture::to_object))
            .with("coupon", coupon)
            .with("ask", self.ask.to_value())
            .with("accept", self.accept.clone())
            .with("decline", self.decline.clone())
            .with("href", self.href.clone())
    }
}

/// What a prompt says in one of its variants.
#[derive(Clone, Debug, PartialEq)]
struct PromptVariant {
    prompt: String,
    variant: String,
    content: PromptContent<LocalizedText>,
    /// The items that it shows.
    items: Option<Shelf>,
}

/// What all prompts say.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContents {
    theme: Theme,
    contents: Vec<PromptVariant>,
}

impl PromptContents {
    /// Of prompts that look like this.
    pub fn new(theme: Theme) -> PromptContents {
        PromptContents { theme, ..PromptContents::default() }
    }

    /// Reads what a prompt says in one of its variants, in the config at `root`; the texts that have placeholders.
    /// `as` and `slot` are the prompt's, and the same for all of them.
    pub fn read(&mut self, prompt: &Reader<'_>, variant: &Reader<'_>, root: &Value) -> Option<Vec<LocalizedText>> {
        let form = prompt.field("as").or(Form::default(), Form::read);
        let slot = read_slot(&prompt.field("slot"), form == Some(Form::Inline), root);
        let content = PromptContent::read(&variant.field("content"), root, form.unwrap_or_default());
        let items = variant.field("content").field("items").optional(|at| read_items(at, form.unwrap_or_default()));
        let content = PromptContent { form: form?, slot: slot?, theme: self.theme, ..content? };
        let items = items?;
        let needs = LocalizedText::with_placeholders(&content.texts());
        let (prompt, variant) = (written_id(prompt).to_owned(), written_id(variant).to_owned());
        self.contents.push(PromptVariant { prompt, variant, content, items });
        Some(needs)
    }

    /// Whether a prompt is shown as a notification.
    pub fn is_notification(&self, prompt: &str) -> bool {
        self.contents.iter().any(|known| known.prompt == prompt && known.content.form == Form::Notification)
    }

    /// The slots in which prompts stand.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.contents.iter().filter_map(|known| known.content.slot.as_deref())
    }

    /// Whether any of them shows items.
    pub fn have_items(&self) -> bool {
        self.contents.iter().any(|known| known.items.is_some())
    }

    /// Whether any of them shows items for which the site model is asked.
    pub fn have_ranked_items(&self) -> bool {
        self.contents.iter().any(|known| known.items.as_ref().is_some_and(|shelf| shelf.kind.is_ranked()))
    }

    /// What a prompt says in one of its variants.
    pub fn of(&self, prompt: &str, variant: &str) -> Option<&PromptContent<LocalizedText>> {
        self.variant(prompt, variant).map(|known| &known.content)
    }

    /// The items that a prompt shows in one of its variants.
    pub fn items_of(&self, prompt: &str, variant: &str) -> Option<&Shelf> {
        self.variant(prompt, variant)?.items.as_ref()
    }

    fn variant(&self, prompt: &str, variant: &str) -> Option<&PromptVariant> {
        self.contents.iter().find(|known| known.prompt == prompt && known.variant == variant)
    }
}

/// Reads the items of a prompt that stands so. A bar has no room for them, and a notification shows none.
fn read_items(at: &Reader<'_>, form: Form) -> Option<Shelf> {
    if matches!(form, Form::BarTop | Form::BarBottom) {
        at.problem("not part of a bar", Some("items in a modal, sheet, slide-in or inline prompt"));
        return None;
    }
    let keys = at.keys(&recommend::KEYS);
    let shelf = Shelf::read(at, Count::OF_A_PROMPT);
    keys.and(shelf)
}

/// Reads the slot of a prompt, which an inline one needs and no other has. It is none that the config at `root` fills.
fn read_slot(at: &Reader<'_>, is_inline: bool, root: &Value) -> Option<Option<String>> {
    if !is_inline {
        if !at.is_missing() {
            at.expected("none where as is not inline");
            return None;
        }
        return Some(None);
    }
    let slot = at.id()?;
    if root.at("slots").items().iter().any(|other| other.at("id").as_text() == Some(slot)) {
        at.expected("a slot of the page that slots does not fill");
        return None;
    }
    Some(Some(slot.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::template::Format;

    /// The content of one prompt, as the page gets it.
    fn shown(prompt: &str) -> serde_json::Value {
        let prompt: Value = serde_json::from_str(prompt).unwrap_or_else(|error| panic!("{prompt}: {error}"));
        let mut contents = PromptContents::new(Theme::Warm);
        crate::reader::read(&prompt, |at| contents.read(at, at, &Value::Null))
            .unwrap_or_else(|problems| panic!("{:?}", problems.lines()));
        let format = Format { host: &Native, locale: "", currency: None };
        let filled = |text: &LocalizedText, _| text.in_language(&[])?.fill(&Value::Null, format);
        let content = contents.of("", "").and_then(|content| content.with_texts(&filled));
        serde_json::to_value(content.map(|content| content.to_object())).unwrap()
    }

    #[test]
    fn the_page_gets_every_key_and_null_for_what_is_not_written() {
        assert_eq!(
            shown(
                r##"{"as": "inline", "slot": "aside", "content": {"by": "template", "template": "#own", "title": "Ours"}}"##
            ),
            serde_json::json!({
                "as": "inline", "slot": "aside", "theme": "warm", "template": "#own", "title": "Ours", "body": null,
                "image": null, "coupon": null, "ask": null, "accept": null, "decline": null, "href": null,
            })
        );
    }

    #[test]
    fn a_picture_has_its_size_in_numbers_and_is_left_out_where_a_value_is_missing() {
        let with = |src: &str| {
            shown(&format!(
                r#"{{"content": {{"title": "t", "accept": "y", "decline": "n",
                    "image": {{"src": "{src}", "alt": "", "width": "640", "height": 480}}}}}}"#
            ))
        };
        assert_eq!(
            with("/boots.webp")["image"],
            serde_json::json!({
                "src": "/boots.webp", "srcset": null, "sizes": null, "alt": "", "width": 640.0, "height": 480.0,
            })
        );
        let without = with("/{{ nobody.knows }}.webp");
        assert_eq!((&without["image"], &without["title"]), (&serde_json::Value::Null, &"t".into()));
    }
}
