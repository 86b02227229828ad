//! What prompts say, and what they ask for.

pub mod ask;

use super::content::address::{self, is_safe_url};
use super::content::{is_short, read_text};
use crate::decision::selection::written_id;
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::value::{Object, Value};
use ask::Ask;

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
    /// Not on the page: a notification of the system, while the tab is hidden.
    Notification,
}

impl Form {
    const ALL: [Form; 6] = [Form::Modal, Form::Sheet, Form::BarTop, Form::BarBottom, Form::SlideIn, Form::Notification];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            Form::Modal => "modal",
            Form::Sheet => "sheet",
            Form::BarTop => "bar-top",
            Form::BarBottom => "bar-bottom",
            Form::SlideIn => "slide-in",
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

/// What a prompt says. `T` is a text: in the config with its translations and placeholders, in an effect as it is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContent<T = String> {
    /// How it stands on the page.
    pub form: Form,
    /// How it looks.
    pub theme: Theme,
    /// The question, which also names the prompt for a screen reader.
    pub title: T,
    /// More text.
    pub body: Option<T>,
    /// A code to take along.
    pub coupon: Option<Coupon<T>>,
    /// What it asks for.
    pub ask: Ask<T>,
    /// The label of the button that accepts; there is none where each answer has its own, and in a notification.
    pub accept: Option<T>,
    /// The label of the button that declines; a notification has none.
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

/// The keys of `content`.
const KEYS: [&str; 7] = ["title", "body", "coupon", "ask", "accept", "decline", "href"];
/// Those of a notification, which is pressed or closed and has nothing else to press.
const NOTIFICATION_KEYS: [&str; 3] = ["title", "body", "href"];

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
        if KEYS.contains(&key) {
            field.problem("not part of a notification", Some(&format!("one of {}", NOTIFICATION_KEYS.join(", "))));
        } else {
            field.unknown_key(&NOTIFICATION_KEYS);
        }
        is_free = false;
    }
    is_free.then_some(())
}

impl PromptContent<LocalizedText> {
    fn read(at: &Reader<'_>, root: &Value, form: Form, theme: Theme) -> Option<PromptContent<LocalizedText>> {
        let is_notification = form == Form::Notification;
        let keys = if is_notification { has_notification_keys(at) } else { at.keys(&KEYS).map(|_| ()) };
        let title = read_text(&at.field("title"), 1, 200);
        let answers = if is_notification { Some(Answers::default()) } else { Answers::read(at, root) };
        let body = at.field("body").optional(|at| read_text(at, 0, 2_000));
        let href =
            at.field("href").optional(|at| at.text(address::EXPECTED, |text| is_short(text) && is_safe_url(text)));
        keys?;
        let Answers { coupon, ask, accept, decline } = answers?;
        Some(PromptContent {
            form,
            theme,
            title: title?,
            body: body?,
            coupon,
            ask,
            accept,
            decline,
            href: href?.map(str::to_owned),
        })
    }

    /// Its texts, in every language.
    pub fn texts(&self) -> impl Iterator<Item = &LocalizedText> {
        let coupon = self.coupon.iter().flat_map(|coupon| [&coupon.copy, &coupon.copied]);
        let own = [&self.title].into_iter().chain(&self.decline).chain(&self.body).chain(&self.accept);
        own.chain(coupon).chain(self.ask.texts())
    }

    /// The same with each text replaced; `None` where `replace` gives none.
    pub fn with_texts(&self, replace: &dyn Fn(&LocalizedText) -> Option<String>) -> Option<PromptContent> {
        Some(PromptContent {
            form: self.form,
            theme: self.theme,
            title: replace(&self.title)?,
            body: if let Some(body) = &self.body { Some(replace(body)?) } else { None },
            coupon: if let Some(coupon) = &self.coupon { Some(coupon.with_texts(replace)?) } else { None },
            ask: self.ask.with_texts(replace)?,
            accept: if let Some(accept) = &self.accept { Some(replace(accept)?) } else { None },
            decline: if let Some(decline) = &self.decline { Some(replace(decline)?) } else { None },
            href: self.href.clone(),
        })
    }
}

impl PromptContent {
    /// `{as, theme, title, body, coupon, ask, accept, decline, href}`. What is not there is `null`, and not left out:
    /// what is missing would be read from `Object.prototype`.
    pub fn to_object(&self) -> Object {
        let coupon = self.coupon.as_ref().map(|coupon| {
            let Coupon { code, copy, copied } = coupon;
            Object::new().with("code", code.as_str()).with("copy", copy.as_str()).with("copied", copied.as_str())
        });
        Object::new()
            .with("as", self.form.name())
            .with("theme", self.theme.name())
            .with("title", self.title.as_str())
            .with("body", self.body.clone())
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
    /// `as` is the prompt's, and the same for all of them.
    pub fn read(&mut self, prompt: &Reader<'_>, variant: &Reader<'_>, root: &Value) -> Option<Vec<LocalizedText>> {
        let form = prompt.field("as").or(Form::default(), Form::read);
        let content = PromptContent::read(&variant.field("content"), root, form.unwrap_or_default(), self.theme)?;
        form?;
        let needs = content.texts().filter(|text| !text.is_literal()).cloned().collect();
        let (prompt, variant) = (written_id(prompt).to_owned(), written_id(variant).to_owned());
        self.contents.push(PromptVariant { prompt, variant, content });
        Some(needs)
    }

    /// Whether a prompt is shown as a notification.
    pub fn is_notification(&self, prompt: &str) -> bool {
        self.contents.iter().any(|known| known.prompt == prompt && known.content.form == Form::Notification)
    }

    /// What a prompt says in one of its variants.
    pub fn of(&self, prompt: &str, variant: &str) -> Option<&PromptContent<LocalizedText>> {
        let mut contents = self.contents.iter();
        contents.find(|known| known.prompt == prompt && known.variant == variant).map(|known| &known.content)
    }
}
