//! What only the platform can answer.

#[cfg(not(target_arch = "wasm32"))]
mod pattern;

use crate::time::Timestamp;
#[cfg(not(target_arch = "wasm32"))]
use crate::time::{Zone, date};
#[cfg(not(target_arch = "wasm32"))]
use crate::value::Object;
use crate::value::Value;

/// JavaScript's own conversions, regular expressions and addresses: the browser's in a browser,
/// natively crates that follow the same standards.
///
/// Conditions and assignments follow JavaScript. Printing and parsing doubles in WebAssembly would
/// cost 23 KB for what every browser already has, regular expressions a multiple of it.
pub trait Host {
    /// A number as ECMAScript prints it (`1e21` is `"1e+21"`).
    ///
    /// Source: ECMA-262, Number::toString.
    fn number_text(&self, number: f64) -> String;

    /// What `Number(text)` gives: NaN for text that is no number, 0 for blank text.
    ///
    /// Source: ECMA-262, StringToNumber.
    fn number_of(&self, text: &str) -> f64;

    /// Whether `pattern` is found in `text`, with the flags `""` or `"i"`; `false` for what is no
    /// pattern.
    ///
    /// Source: ECMA-262, RegExp without the flag `u`: over UTF-16 code units.
    fn matches(&self, pattern: &str, flags: &str, text: &str) -> bool;

    /// The text in small letters.
    ///
    /// Source: ECMA-262, String.prototype.toLowerCase.
    fn lower_case(&self, text: &str) -> String;

    /// The parts of an address, which may be relative to `base`: an object of the texts `href`,
    /// `origin`, `host` (with the port), `pathname`, `search` and `hash`, and `params`, a list of
    /// pairs of texts. `null` where it is no address.
    ///
    /// Source: WHATWG, URL Standard.
    fn address(&self, address: &str, base: &str) -> Value;

    /// The text in capitals, as the language `locale` writes them.
    ///
    /// Source: ECMA-402, String.prototype.toLocaleUpperCase.
    fn upper_case(&self, text: &str, locale: &str) -> String;

    /// A number for people who read the language `locale`; with a currency, an amount in it. An unknown language is
    /// the browser's own.
    ///
    /// Source: ECMA-402, Intl.NumberFormat.
    fn format_number(&self, number: f64, currency: Option<&str>, locale: &str) -> String;

    /// A day for people who read the language `locale`, in the visitor's own zone.
    ///
    /// Source: ECMA-402, Intl.DateTimeFormat, with the style `long`.
    fn format_date(&self, at: Timestamp, locale: &str) -> String;

    /// The address `to` with those parameters of `from` that it does not name itself; `to` as it is
    /// where either is no absolute address.
    fn with_params(&self, from: &str, to: &str) -> String;
}

/// The native host: for the command-line tool and for tests.
#[cfg(not(target_arch = "wasm32"))]
pub struct Native;

#[cfg(not(target_arch = "wasm32"))]
impl Host for Native {
    fn number_text(&self, number: f64) -> String {
        ryu_js::Buffer::new().format(number).to_owned()
    }

    fn number_of(&self, text: &str) -> f64 {
        // ECMAScript's white space: Unicode's without the next line, and the byte order mark.
        let text =
            text.trim_matches(|letter: char| (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{feff}');
        let radix = |digits: &str, radix: u32| {
            let digits_only = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
            let add = |sum: f64, digit: char| sum * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0));
            if digits_only { digits.chars().fold(0.0, add) } else { f64::NAN }
        };
        match text.get(..2) {
            Some("0x" | "0X") => return radix(text.get(2..).unwrap_or(""), 16),
            Some("0o" | "0O") => return radix(text.get(2..).unwrap_or(""), 8),
            Some("0b" | "0B") => return radix(text.get(2..).unwrap_or(""), 2),
            _ => {}
        }
        match text {
            "" => 0.0,
            "Infinity" | "+Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            // Rust also reads "inf", "nan" and "infinity"; JavaScript does not.
            _ if text.bytes().any(|byte| byte.is_ascii_alphabetic() && byte != b'e' && byte != b'E') => f64::NAN,
            _ => text.parse().unwrap_or(f64::NAN),
        }
    }

    fn matches(&self, pattern: &str, flags: &str, text: &str) -> bool {
        pattern::matches(pattern, flags, text)
    }

    #[allow(clippy::disallowed_methods, reason = "natively its tables are there anyway")]
    fn lower_case(&self, text: &str) -> String {
        text.to_lowercase()
    }

    #[allow(clippy::disallowed_methods, reason = "natively its tables are there anyway")]
    fn upper_case(&self, text: &str, _locale: &str) -> String {
        text.to_uppercase()
    }

    /// The same in every language: `EUR 129.50`. Words of a language are not what a replay is about.
    fn format_number(&self, number: f64, currency: Option<&str>, _locale: &str) -> String {
        currency.map_or_else(|| self.number_text(number), |currency| format!("{currency} {number:.2}"))
    }

    fn format_date(&self, at: Timestamp, _locale: &str) -> String {
        date(at, Zone(0))
    }

    fn address(&self, address: &str, base: &str) -> Value {
        let Some(url) = parsed(address, base) else { return Value::Null };
        let behind = |part: Option<&str>, mark: &str| match part {
            Some(part) if !part.is_empty() => [mark, part].concat(),
            _ => String::new(),
        };
        let host = url.host_str().unwrap_or("");
        let params = url.query_pairs().map(|(key, value)| Value::List(vec![(*key).into(), (*value).into()]));
        Object::new()
            .with("href", url.as_str())
            .with("origin", url.origin().ascii_serialization())
            .with("host", url.port().map_or(host.to_owned(), |port| format!("{host}:{port}")))
            .with("pathname", url.path())
            .with("search", behind(url.query(), "?"))
            .with("hash", behind(url.fragment(), "#"))
            .with("params", params.collect::<Value>())
            .into()
    }

    fn with_params(&self, from: &str, to: &str) -> String {
        let (Some(from), Some(mut target)) = (parsed(from, ""), parsed(to, "")) else { return to.to_owned() };
        let mut pairs: Vec<(String, String)> = target.query_pairs().into_owned().collect();
        let own = pairs.len();
        for (key, value) in from.query_pairs().into_owned() {
            if !pairs.iter().any(|(known, _)| *known == key) {
                pairs.push((key, value));
            }
        }
        // As soon as one is set, a browser writes all of them anew.
        if pairs.len() > own {
            target.query_pairs_mut().clear().extend_pairs(pairs);
        }
        target.into()
    }
}

/// An address that may be relative to `base`, unless that is empty.
#[cfg(not(target_arch = "wasm32"))]
fn parsed(address: &str, base: &str) -> Option<url::Url> {
    if base.is_empty() { url::Url::parse(address).ok() } else { url::Url::parse(base).ok()?.join(address).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_native_host_reads_numbers_as_javascript_does() {
        // Each pair was taken from `Number(text)` in Node 20.
        let cases = [
            ("", 0.0),
            (" \n\u{feff}", 0.0),
            ("5", 5.0),
            (" 5 ", 5.0),
            ("0x10", 16.0),
            ("0b11", 3.0),
            ("0o17", 15.0),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("-0", -0.0),
            ("+7", 7.0),
            ("-Infinity", f64::NEG_INFINITY),
        ];
        for (text, expected) in cases {
            assert_eq!(Native.number_of(text).to_bits(), f64::to_bits(expected), "{text:?}");
        }
        for text in ["abc", "1 2", "0x", "-0x10", "inf", "nan", "1e", "1_000", "infinity", "."] {
            assert!(Native.number_of(text).is_nan(), "{text:?}");
        }
    }

    #[test]
    fn the_native_host_prints_numbers_as_javascript_does() {
        let cases = [
            (1e21, "1e+21"),
            (10.5, "10.5"),
            (-0.0, "0"),
            (1e-7, "1e-7"),
            (f64::NAN, "NaN"),
            (123_456_789.0, "123456789"),
        ];
        for (number, expected) in cases {
            assert_eq!(Native.number_text(number), expected);
        }
    }
}
