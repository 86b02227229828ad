//! The picture beside the words of a prompt.

use super::super::content::{Replace, TextRole, read_attribute};
use crate::reader::Reader;
use crate::template::LocalizedText;
use crate::value::{Object, Value};

/// The greatest width and height, in pixels.
const PIXELS: i32 = 9_999;

/// A picture. `T` is a text, as in [`PromptContent`](super::PromptContent).
#[derive(Clone, Debug, PartialEq)]
pub struct Picture<T> {
    /// Where it is.
    pub src: T,
    /// Pictures to choose from.
    pub srcset: Option<T>,
    /// How wide it is shown.
    pub sizes: Option<T>,
    /// What it shows, in words; empty for decoration.
    pub alt: T,
    /// Its width in pixels, 1 to 9,999. With the height it says how much room to keep until it has loaded.
    pub width: i32,
    /// Its height in pixels, 1 to 9,999.
    pub height: i32,
}

impl Picture<LocalizedText> {
    /// Reads `image`.
    pub fn read(at: &Reader<'_>) -> Option<Picture<LocalizedText>> {
        let keys = at.keys(&["src", "srcset", "sizes", "alt", "width", "height"]);
        let text = |name| read_attribute(name, &at.field(name));
        let optional_text = |name| at.field(name).optional(|at| read_attribute(name, at));
        let (src, alt) = (text("src"), text("alt"));
        let (srcset, sizes) = (optional_text("srcset"), optional_text("sizes"));
        let (width, height) = (read_pixels(&at.field("width")), read_pixels(&at.field("height")));
        keys?;
        Some(Picture { src: src?, srcset: srcset?, sizes: sizes?, alt: alt?, width: width?, height: height? })
    }
}

impl<T> Picture<T> {
    /// Its texts.
    pub fn texts(&self) -> Vec<&T> {
        let mut texts = vec![&self.src, &self.alt];
        texts.extend([&self.srcset, &self.sizes].into_iter().flatten());
        texts
    }

    /// The same with each text replaced; `None` where `replace` gives none.
    pub fn with_texts<U>(&self, replace: Replace<'_, T, U>) -> Option<Picture<U>> {
        let optional = |text: &Option<T>, role| match text {
            Some(text) => replace(text, role).map(Some),
            None => Some(None),
        };
        Some(Picture {
            src: replace(&self.src, TextRole::Address)?,
            srcset: optional(&self.srcset, TextRole::Address)?,
            sizes: optional(&self.sizes, TextRole::Plain)?,
            alt: replace(&self.alt, TextRole::Plain)?,
            width: self.width,
            height: self.height,
        })
    }
}

impl Picture<String> {
    /// `{src, srcset, sizes, alt, width, height}`.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("src", self.src.as_str())
            .with("srcset", self.srcset.clone())
            .with("sizes", self.sizes.clone())
            .with("alt", self.alt.as_str())
            .with("width", f64::from(self.width))
            .with("height", f64::from(self.height))
    }
}

/// Reads a length in pixels: a number, or the same as text, as attributes of a picture have it.
fn read_pixels(at: &Reader<'_>) -> Option<i32> {
    let written = at.value().and_then(Value::as_text);
    let number = written.and_then(|text| text.parse().ok());
    // A number has one way to be written.
    let number = number.filter(|number: &i32| (1..=PIXELS).contains(number) && written == Some(&number.to_string()));
    number.or_else(|| at.integer(1..=PIXELS))
}
