//! The content of variants: what it changes in its slot, as data; nothing that can run.

pub mod address;
pub(in crate::page) mod attribute;
pub mod css;
pub mod html;
mod read;
pub mod shown_item;

pub(in crate::page) use read::{is_short, read_attribute, read_text};

use crate::template::LocalizedText;
use shown_item::ShownItem;

/// What a variant does.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// It changes the slot.
    Changes(Vec<Change<LocalizedText>>),
    /// It is markup: the `<template data-tb-variant>` of its name in the slot.
    Template,
    /// It leads to another address in place of this one.
    Redirect(String),
}

/// One change within a slot.
///
/// `T` is a text: in the config with its translations and placeholders, in an effect as it is shown. An empty
/// selector is the slot itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<T = String> {
    /// Where it is written in the config, for messages.
    pub path: String,
    /// What it does.
    pub kind: ChangeKind<T>,
}

/// What a change does.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeKind<T = String> {
    /// Shows a text.
    Text {
        /// A CSS selector within the slot.
        selector: String,
        /// The text, at most 5000 characters.
        text: T,
    },
    /// Sets attributes.
    Attributes {
        /// A CSS selector within the slot.
        selector: String,
        /// Names, each one that cannot run anything, and values of at most 2000 characters.
        attributes: Vec<(String, T)>,
    },
    /// Adds and removes classes. All other classes of the element are the page's.
    Class {
        /// A CSS selector within the slot.
        selector: String,
        /// Classes to add.
        add: Vec<String>,
        /// Classes to remove.
        remove: Vec<String>,
    },
    /// Sets properties of an element's style.
    Style {
        /// A CSS selector within the slot.
        selector: String,
        /// Properties and values; one may end in `!important`.
        properties: Vec<(String, String)>,
    },
    /// Adds a style sheet to the page for as long as the variant is shown.
    Css(String),
    /// Shows other HTML in an element.
    Html {
        /// A CSS selector within the slot.
        selector: String,
        /// The HTML, at most 20,000 characters.
        html: T,
    },
    /// Inserts elements.
    Insert {
        /// Where.
        place: Place,
        /// What.
        fragment: Fragment<T>,
    },
    /// Moves elements among their siblings.
    Move {
        /// A CSS selector within the slot, of the elements to move.
        elements: String,
        /// Where to.
        place: Place,
    },
    /// Hides an element.
    Hide {
        /// A CSS selector within the slot.
        selector: String,
    },
    /// Shows items, each by a copy of a `<template>`.
    Items {
        /// A CSS selector of the template in the page; `None` for the one in the slot.
        template: Option<String>,
        /// The items, in the order in which they are shown.
        items: Vec<ShownItem>,
    },
    /// Shows another picture in an `<img>`, whatever the page offers for other screens.
    Image {
        /// A CSS selector within the slot.
        selector: String,
        /// `src` and the other attributes in [`IMAGE`], `None` where nothing is written.
        attributes: Vec<(&'static str, Option<T>)>,
    },
}

/// A place beside or in an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where, seen from the element.
    pub position: Position,
    /// A CSS selector within the slot.
    pub selector: String,
}

/// Where something goes, seen from an element: the DOM's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// In front of it, as its sibling.
    Before,
    /// Behind it, as its sibling.
    After,
    /// Into it, at its beginning.
    Prepend,
    /// Into it, at its end.
    Append,
}

impl Position {
    /// All positions.
    pub const ALL: [Position; 4] = [Position::Before, Position::After, Position::Prepend, Position::Append];

    /// The key in the config.
    pub fn name(self) -> &'static str {
        match self {
            Position::Before => "before",
            Position::After => "after",
            Position::Prepend => "prepend",
            Position::Append => "append",
        }
    }
}

/// What is inserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Fragment<T = String> {
    /// HTML, at most 20,000 characters.
    Html(T),
    /// A copy of what is in a `<template>` of the page: its CSS selector.
    Template(String),
}

/// The attributes of an image that are changed together.
pub const IMAGE: [&str; 6] = ["src", "srcset", "sizes", "alt", "width", "height"];

/// What a text of a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// Something to read.
    Plain,
    /// Something to load from, or to lead to: an address, or a list of them with commas between.
    Address,
}

impl TextRole {
    fn of_attribute(name: &str) -> TextRole {
        if ["href", "src", "poster", "srcset"].contains(&name) { TextRole::Address } else { TextRole::Plain }
    }
}

/// Gives the text for another one, of which it is told the role.
pub type Replace<'f, T, U> = &'f dyn Fn(&T, TextRole) -> Option<U>;

impl Content {
    /// Its texts, in every language.
    pub fn texts(&self) -> Vec<&LocalizedText> {
        let mut texts = Vec::new();
        if let Content::Changes(changes) = self {
            changes.iter().for_each(|change| texts.extend(change.kind.texts()));
        }
        texts
    }
}

impl<T> Change<T> {
    /// The same change with each text replaced; `None` where `replace` gives none.
    pub fn with_texts<U>(&self, replace: Replace<'_, T, U>) -> Option<Change<U>> {
        Some(Change { path: self.path.clone(), kind: self.kind.with_texts(replace)? })
    }
}

impl<T> ChangeKind<T> {
    fn texts(&self) -> Vec<&T> {
        match self {
            ChangeKind::Text { text, .. }
            | ChangeKind::Html { html: text, .. }
            | ChangeKind::Insert { fragment: Fragment::Html(text), .. } => vec![text],
            ChangeKind::Attributes { attributes, .. } => attributes.iter().map(|(_, value)| value).collect(),
            ChangeKind::Image { attributes, .. } => attributes.iter().filter_map(|(_, value)| value.as_ref()).collect(),
            ChangeKind::Class { .. }
            | ChangeKind::Style { .. }
            | ChangeKind::Css(_)
            | ChangeKind::Insert { fragment: Fragment::Template(_), .. }
            | ChangeKind::Move { .. }
            | ChangeKind::Items { .. }
            | ChangeKind::Hide { .. } => Vec::new(),
        }
    }

    fn with_texts<U>(&self, replace: Replace<'_, T, U>) -> Option<ChangeKind<U>> {
        let plain = |text: &T| replace(text, TextRole::Plain);
        let of_attribute = |name: &str, text: &T| replace(text, TextRole::of_attribute(name));
        Some(match self {
            ChangeKind::Text { selector, text } => ChangeKind::Text { selector: selector.clone(), text: plain(text)? },
            ChangeKind::Html { selector, html } => ChangeKind::Html { selector: selector.clone(), html: plain(html)? },
            ChangeKind::Attributes { selector, attributes } => {
                let replaced = attributes.iter().map(|(name, value)| Some((name.clone(), of_attribute(name, value)?)));
                ChangeKind::Attributes { selector: selector.clone(), attributes: replaced.collect::<Option<_>>()? }
            }
            ChangeKind::Image { selector, attributes } => {
                let replaced = attributes.iter().map(|(name, value)| {
                    Some((*name, if let Some(value) = value { Some(of_attribute(name, value)?) } else { None }))
                });
                ChangeKind::Image { selector: selector.clone(), attributes: replaced.collect::<Option<_>>()? }
            }
            ChangeKind::Insert { place, fragment } => {
                let fragment = match fragment {
                    Fragment::Html(html) => Fragment::Html(plain(html)?),
                    Fragment::Template(selector) => Fragment::Template(selector.clone()),
                };
                ChangeKind::Insert { place: place.clone(), fragment }
            }
            ChangeKind::Class { selector, add, remove } => {
                ChangeKind::Class { selector: selector.clone(), add: add.clone(), remove: remove.clone() }
            }
            ChangeKind::Style { selector, properties } => {
                ChangeKind::Style { selector: selector.clone(), properties: properties.clone() }
            }
            ChangeKind::Css(css) => ChangeKind::Css(css.clone()),
            ChangeKind::Move { elements, place } => {
                ChangeKind::Move { elements: elements.clone(), place: place.clone() }
            }
            ChangeKind::Items { template, items } => {
                ChangeKind::Items { template: template.clone(), items: items.clone() }
            }
            ChangeKind::Hide { selector } => ChangeKind::Hide { selector: selector.clone() },
        })
    }
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
    /// Keeps the content of a variant.
    pub fn add(&mut self, slot: &str, variant: &str, content: Content) {
        self.0.push(VariantContent { slot: slot.to_owned(), variant: variant.to_owned(), content });
    }

    /// The content of a variant.
    pub fn of(&self, slot: &str, variant: &str) -> Option<&Content> {
        self.0.iter().find(|entry| entry.slot == slot && entry.variant == variant).map(|entry| &entry.content)
    }
}
