//! What prompts say.

use super::content::address::{self, is_safe_url};
use super::content::{is_short, read_text};
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::value::Object;

/// What a prompt says. `T` is a text: in the config with its translations and placeholders, in an effect as it is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PromptContent<T = String> {
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
    fn read(at: &Reader<'_>) -> Option<PromptContent<LocalizedText>> {
        let keys = at.keys(&["title", "body", "accept", "decline", "href"]);
        let title = read_text(&at.field("title"), 1, 200);
        let accept = read_text(&at.field("accept"), 1, 80);
        let decline = read_text(&at.field("decline"), 1, 80);
        let body = at.field("body").optional(|at| read_text(at, 0, 2_000));
        let href =
            at.field("href").optional(|at| at.text(address::EXPECTED, |text| is_short(text) && is_safe_url(text)));
        keys?;
        Some(PromptContent {
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
            title: replace(&self.title)?,
            body: if let Some(body) = &self.body { Some(replace(body)?) } else { None },
            accept: replace(&self.accept)?,
            decline: replace(&self.decline)?,
            href: self.href.clone(),
        })
    }
}

impl PromptContent {
    /// `{title, body, accept, decline, href}`. What is not there is `null`, and not left out: what is missing would be
    /// read from `Object.prototype`.
    pub fn to_object(&self) -> Object {
        Object::new()
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
    /// Reads the content of a prompt; its texts that have placeholders.
    pub fn read(&mut self, prompt: &str, at: &Reader<'_>) -> Option<Vec<LocalizedText>> {
        let content = PromptContent::read(at)?;
        let needs = content.texts().filter(|text| !text.is_literal()).cloned().collect();
        self.0.push((prompt.to_owned(), content));
        Some(needs)
    }

    /// The content of a prompt.
    pub fn of(&self, prompt: &str) -> Option<&PromptContent<LocalizedText>> {
        self.0.iter().find(|(id, _)| id == prompt).map(|(_, content)| content)
    }
}
