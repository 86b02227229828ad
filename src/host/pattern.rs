//! Regular expressions as JavaScript has them without the flag `u`, natively.
//!
//! The crate follows ECMAScript, but reads a pattern by code points, which in JavaScript is what the
//! flag `u` asks for. So a pattern is written anew by code units before it is compiled.

use regress::Regex;

/// Whether `pattern` is found in `text`.
pub(super) fn matches(pattern: &str, flags: &str, text: &str) -> bool {
    let fold = flags.contains('i');
    let Ok(regex) = Regex::with_flags(&by_units(&apart(pattern, fold)), flags) else { return false };
    let units: Vec<u16> = apart(text, fold).encode_utf16().collect();
    regex.find_from_ucs2(&units, 0).next().is_some()
}

/// Two letters fold to one of ASCII by Unicode's rules, and do not by those of ECMA-262,
/// Canonicalize, without `u`: they step aside into the private use area.
fn apart(text: &str, fold: bool) -> String {
    let aside = |letter| match letter {
        '\u{131}' if fold => '\u{e131}',
        '\u{17f}' if fold => '\u{e17f}',
        '\u{212a}' if fold => '\u{e12a}',
        other => other,
    };
    text.chars().map(aside).collect()
}

/// The pattern with each letter beyond the basic plane as its two units, and with `\u{3}` as what it
/// is without the flag: three times a `u`.
fn by_units(pattern: &str) -> String {
    let mut written = String::new();
    let (mut escaped, mut in_class) = (false, false);
    for letter in pattern.chars() {
        let mut units = [0; 2];
        if letter.len_utf16() == 2 {
            letter.encode_utf16(&mut units);
            let [high, low] = units.map(|unit| format!("\\u{unit:04x}"));
            // Side by side in this order the two would be taken for one letter again.
            let parts = if in_class { [&low, "", &high] } else { [&high, "(?:)", &low] };
            written.extend(parts);
        } else {
            if escaped && letter == '{' && written.ends_with("\\u") {
                written.truncate(written.len() - 2);
                written.push('u');
            }
            match letter {
                '[' if !escaped => in_class = true,
                ']' if !escaped => in_class = false,
                _ => {}
            }
            written.push(letter);
        }
        // `\u` is remembered for one letter more.
        escaped = (letter == '\\' && !escaped) || (escaped && letter == 'u');
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_to_javascript_without_the_flag_u() {
        // Each was tried with `new RegExp(pattern, flags).test(text)` in Node 20.
        let cases = [
            ("^.$", "", "😀", false, "one letter is two units"),
            ("^..$", "", "😀", true, "one letter is two units"),
            ("😀+$", "", "😀😀", true, "the second unit once or more"),
            ("^[😀]{2}$", "", "😀", true, "two units of the class"),
            ("^\\u{3}$", "", "uuu", true, "a number of times"),
            ("s", "i", "ſ", false, "no letter folds into ASCII"),
            ("ſ", "i", "ſ", true, "itself"),
            ("(?<=a)b(?!c)", "", "abd", true, "looking around"),
            ("^(a|b)\\1$", "", "bb", true, "a back reference"),
            ("é", "i", "É", true, "beyond ASCII"),
            ("[", "", "[", false, "no pattern"),
        ];
        for (pattern, flags, text, expected, why) in cases {
            assert_eq!(matches(pattern, flags, text), expected, "{pattern} {flags} {text}: {why}");
        }
    }
}
