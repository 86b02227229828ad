//! Texts as literals, and literals as a union.

use std::fmt::Write as _;

/// One step of indentation.
pub const INDENT: &str = "  ";

/// The longest union on one line, in characters.
const WIDTH: usize = 90;

/// A text as a string literal, of JSON and of TypeScript alike.
///
/// What cannot be seen is escaped: nothing ends the line or the literal early, and nothing in it
/// changes how the rest of the file looks to a reviewer, as watermarks for the direction of writing would.
pub fn literal(text: &str) -> String {
    let mut literal = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            _ if character.is_control() || is_unseen(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(literal, "\\u{unit:04x}");
                }
            }
            _ => literal.push(character),
        }
    }
    literal + "\""
}

/// Whether a character is invisible: Unicode's formatting characters, and the two
/// separators that end a line.
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A union of these types, at this level of indentation; `never` where there is none.
pub fn union(members: &[String], level: usize) -> String {
    if members.is_empty() {
        return "never".to_owned();
    }
    let line = members.join(" | ");
    // An object is on lines of its own anyway.
    if members.len() == 1 || line.contains('\n') || line.chars().count() <= WIDTH {
        return line;
    }
    members.iter().map(|member| format!("{}{INDENT}| {member}", new_line(level))).collect()
}

/// A property of an object type at this level of indentation.
pub fn property(name: &str, kind: &str, level: usize) -> String {
    // A long union starts with a line of its own.
    let space = if kind.starts_with('\n') { "" } else { " " };
    format!("{}{INDENT}{name}:{space}{kind};", new_line(level))
}

/// A new line at this level of indentation.
pub fn new_line(level: usize) -> String {
    format!("\n{}", INDENT.repeat(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_reads_as_json_and_shows_all_it_holds() {
        let cases = [
            ("boots", r#""boots""#, "as it is"),
            ("Größe 靴 👢", r#""Größe 靴 👢""#, "what can be seen stays readable"),
            (r#"a"b\c"#, r#""a\"b\\c""#, "what would end it or escape"),
            ("a\r\nb\t\0", r#""a\u000d\nb\u0009\u0000""#, "control characters"),
            ("a\u{2028}b\u{85}", r#""a\u2028b\u0085""#, "what ends a line in JavaScript"),
            ("a\u{202e}b\u{feff}", r#""a\u202eb\ufeff""#, "what hides or turns text round"),
            ("\u{e0041}", r#""\udb40\udc41""#, "in UTF-16"),
            ("*/ // ${x} '`", r#""*/ // ${x} '`""#, "what means something elsewhere"),
        ];
        for (text, expected, why) in cases {
            assert_eq!(literal(text), expected, "{why}");
            assert_eq!(serde_json::from_str::<String>(expected).unwrap(), text, "{why}");
        }
    }

    #[test]
    fn a_union_that_is_too_long_for_a_line_has_a_line_for_each_member() {
        let names =
            |count: usize| -> Vec<String> { (0..count).map(|place| literal(&format!("{place:030}"))).collect() };
        assert_eq!(union(&names(0), 0), "never");
        assert!(!union(&names(2), 0).contains('\n'));
        assert_eq!(union(&names(3), 1), names(3).iter().map(|name| format!("\n    | {name}")).collect::<String>());
        assert_eq!(union(&["x".repeat(WIDTH + 1)], 1), "x".repeat(WIDTH + 1), "alone");
    }
}
