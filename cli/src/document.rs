//! A page as headings, paragraphs, lists and tables, before it is Markdown or HTML.
//!
//! In every text backticks enclose what is code; nothing else is markup. What comes from a config goes through
//! [`code`], so that it can neither end its code nor begin another.

pub mod html;
pub mod plot;

use plot::Plot;

/// One part of a page, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A section's title.
    Heading(String),
    /// One paragraph.
    Text(String),
    /// Points in any order.
    List(Vec<String>),
    /// Points in their order.
    Steps(Vec<String>),
    /// Rows below a head, each with as many cells; the first cell names the row.
    Table {
        /// What the table shows, for who cannot see it at a glance. No other table of the page has the same.
        caption: String,
        head: &'static [&'static str],
        rows: Vec<Vec<String>>,
    },
    /// The same as the table after it, for the eye. Markdown has none.
    Plot(Plot),
    /// Lines to copy.
    Code(String),
    /// Paragraphs to copy and edit.
    Quote(Vec<String>),
}

/// A whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What stands before the first section.
    pub lead: String,
    /// Its sections.
    pub blocks: Vec<Block>,
}

/// A table.
pub fn table(caption: impl Into<String>, head: &'static [&'static str], rows: Vec<Vec<String>>) -> Block {
    Block::Table { caption: caption.into(), head, rows }
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Words(&'a str),
    Code(&'a str),
}

/// The pieces of a text, in order.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let pieces = text.split('`').enumerate();
    pieces
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(number, piece)| if number % 2 == 0 { Piece::Words(piece) } else { Piece::Code(piece) })
}

/// A text of a config as code: what would end it, break the line or reverse it is replaced by `?`.
pub fn code(text: &str) -> String {
    let is_hidden = |letter: char| {
        letter.is_control()
            || "\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{feff}".contains(letter)
            || ('\u{202a}'..='\u{202e}').contains(&letter)
            || ('\u{2066}'..='\u{2069}').contains(&letter)
    };
    let shown: String =
        text.chars().map(|letter| if letter == '`' || is_hidden(letter) { '?' } else { letter }).collect();
    if shown.trim().is_empty() { "`\"\"`".to_owned() } else { format!("`{shown}`") }
}

/// Texts of a config as code, with commas between them; beyond `most` they are counted.
pub fn codes<'a>(texts: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let all: Vec<String> = texts.into_iter().map(code).collect();
    let shown = all.get(..most).unwrap_or(&all).join(", ");
    match all.len().saturating_sub(most) {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_config_stays_code_whatever_is_in_it() {
        let cases = [
            ("boots", "`boots`", "as it is"),
            ("a`b", "`a?b`", "a backtick would end it"),
            ("a\nb", "`a?b`", "a line break would end the row"),
            ("a\u{202e}b", "`a?b`", "what reverses the text would reverse the page's"),
            (" ", "`\"\"`", "nothing is shown as nothing"),
        ];
        for (text, expected, why) in cases {
            assert_eq!(code(text), expected, "{why}");
            assert_eq!(pieces(&code(text)).count(), 1, "{why}");
        }
    }

    #[test]
    fn long_lists_are_counted() {
        assert_eq!(codes(["a", "b"], 2), "`a`, `b`");
        assert_eq!(codes(["a", "b", "c"], 2), "`a`, `b` and 1 more");
    }
}
