//! Text: a few operations, written out where the standard library's general ones would weigh more.

/// How many characters (Unicode scalar values) there are.
pub fn characters(text: &str) -> usize {
    // Every byte but a continuation byte begins one.
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Whether two texts are the same, told by their lengths and last bytes where these differ: of many names
/// that begin alike, as `category-7` and `category-12` do.
#[inline(always)]
pub fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().last() == other.as_bytes().last() && one == other
}

/// Whether a name is among those `tracked_keys`. All are, where there are none, or one of them is empty.
pub fn follows(tracked_keys: &[String], name: &str) -> bool {
    tracked_keys.is_empty() || tracked_keys.iter().any(|known| known.is_empty() || same(known, name))
}

/// The first `most` characters.
///
/// ```
/// # use tailorbird::text::cut;
/// assert_eq!(cut("größe", 3), "grö");
/// ```
pub fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or("")
}

/// Whether `part` stands anywhere in the text.
pub fn holds(text: &str, part: &str) -> bool {
    let rests = (0..text.len()).filter_map(|start| text.as_bytes().get(start..));
    rests.into_iter().any(|rest| rest.starts_with(part.as_bytes()))
}

/// The parts between the `separator`s, which is one of ASCII; a text without any is one part.
///
/// ```
/// # use tailorbird::text::split;
/// assert_eq!(split("a..b", b'.'), ["a", "", "b"]);
/// ```
pub fn split(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (place, byte) in text.bytes().enumerate() {
        if byte == separator {
            parts.push(text.get(start..place).unwrap_or(""));
            start = place.saturating_add(1);
        }
    }
    parts.push(text.get(start..).unwrap_or(""));
    parts
}

/// The parts, one behind the other. The standard library's `concat` has words for a text that no memory
/// could hold, and so brings all that is needed to print them: 0.7 KB of the download.
pub fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// The parts with `between` them.
pub fn join<'a>(parts: impl Iterator<Item = &'a str>, between: &str) -> String {
    let mut text = String::new();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            text.push_str(between);
        }
        text.push_str(part);
    }
    text
}
