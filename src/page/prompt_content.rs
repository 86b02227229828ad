//! What prompts say.

use super::content::address::{self, is_safe_url};
use super::content::{is_short, read_text};
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::value::Object;

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
}

impl Form {
    const ALL: [Form; 5] = [Form::Modal, Form::Sheet, Form::BarTop, Form::BarBottom, Form::SlideIn];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            Form::Modal => "modal",
            Form::Sheet => "sheet",
            Form::BarTop => "bar-top",
            Form::BarBottom => "bar-bottom",
            Form::SlideIn => "slide-in",
        }
    }

    /// Reads its name.
    fn read(at: &Reader<'_>) -> Option<Form> {
        at.choice(&Form::ALL.map(|form| (form.name(), form)))
    }
}

/// What a prompt says. `T` is a text: in the config with its translations and placeholders, in an effect as it is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContent<T = String> {
    /// How it stands on the page.
    pub form: Form,
    /// The question, which also names the prompt for a screen reader.
    pub title: T,
    /// More text.
    pub body: Option<T>,
    /// The label of the button that accepts.
    pub accept: T,
    /// The label of the button that declines.
    pub decline: T,
    /// The address to which accepting leads, if it leads anywhere.
    pub href: Option<String>,
}

impl PromptContent<LocalizedText> {
    fn read(at: &Reader<'_>, form: Form) -> Option<PromptContent<LocalizedText>> {
        let keys = at.keys(&["title", "body", "accept", "decline", "href"]);
        let title = read_text(&at.field("title"), 1, 200);
        let accept = read_text(&at.field("accept"), 1, 80);
        let decline = read_text(&at.field("decline"), 1, 80);
        let body = at.field("body").optional(|at| read_text(at, 0, 2_000));
        let href =
            at.field("href").optional(|at| at.text(address::EXPECTED, |text| is_short(text) && is_safe_url(text)));
        keys?;
        Some(PromptContent {
            form,
            title: title?,
            body: body?,
            accept: accept?,
            decline: decline?,
            href: href?.map(str::to_owned),
        })
    }

    /// Its texts, in every language.
    pub fn texts(&self) -> impl Iterator<Item = &LocalizedText> {
        [&self.title, &self.accept, &self.decline].into_iter().chain(&self.body)
    }

    /// The same with each text replaced; `None` where `replace` gives none.
    pub fn with_texts(&self, replace: &dyn Fn(&LocalizedText) -> Option<String>) -> Option<PromptContent> {
        Some(PromptContent {
            form: self.form,
            title: replace(&self.title)?,
            body: if let Some(body) = &self.body { Some(replace(body)?) } else { None },
            accept: replace(&self.accept)?,
            decline: replace(&self.decline)?,
            href: self.href.clone(),
        })
    }
}

impl PromptContent {
    /// `{as, title, body, accept, decline, href}`. What is not there is `null`, and not left out: what is missing would be
    /// read from `Object.prototype`.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("as", self.form.name())
            .with("title", self.title.as_str())
            .with("body", self.body.clone())
            .with("accept", self.accept.as_str())
            .with("decline", self.decline.as_str())
            .with("href", self.href.clone())
    }
}

/// What all prompts say.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContents(Vec<(String, PromptContent<LocalizedText>)>);

impl PromptContents {
    /// Reads `as` and `content` of a prompt; the texts that have placeholders.
    pub fn read(&mut self, prompt: &str, at: &Reader<'_>) -> Option<Vec<LocalizedText>> {
        let form = at.field("as").or(Form::default(), Form::read);
        let content = PromptContent::read(&at.field("content"), form.unwrap_or_default())?;
        form?;
        let needs = content.texts().filter(|text| !text.is_literal()).cloned().collect();
        self.0.push((prompt.to_owned(), content));
        Some(needs)
    }

    /// The content of a prompt.
    pub fn of(&self, prompt: &str) -> Option<&PromptContent<LocalizedText>> {
        self.0.iter().find(|(id, _)| id == prompt).map(|(_, content)| content)
    }
}
