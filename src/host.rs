//! What only the platform can answer.

/// JavaScript's own conversions between numbers and text: the browser's in a browser, natively
/// crates that follow the same standard.
///
/// Conditions follow JavaScript's coercions, and printing and parsing doubles in WebAssembly
/// would cost 23 KB for what every browser already has.
pub trait Host {
    /// A number as ECMAScript prints it (`1e21` is `"1e+21"`).
    ///
    /// Source: ECMA-262, Number::toString.
    fn number_text(&self, number: f64) -> String;

    /// What `Number(text)` gives: NaN for text that is no number, 0 for blank text.
    ///
    /// Source: ECMA-262, StringToNumber.
    fn number_of(&self, text: &str) -> f64;
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
        // ECMAScript's white space: Unicode's, and the byte order mark.
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
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
