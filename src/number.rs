//! Numbers: the logistic function, rounding, and short text for people.
//!
//! Of `f64` the core uses + - * / and what IEEE 754 rounds exactly (floor, round, abs, sqrt). Logarithms and
//! exponentials come from `libm`, natively too: the standard library's differ by platform. And `f64` is
//! never printed by the standard library, whose tables for that would cost 7 KB of the download; where text
//! must be JavaScript's own, there is [`Host::number_text`](crate::host::Host::number_text).

/// The logistic function, 1 / (1 + e^-x): log odds to a probability, in `[0, 1]`.
///
/// ```
/// # use tailorbird::number::logistic;
/// assert_eq!(logistic(0.0), 0.5);
/// ```
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// A number for people: at most three decimals, and three digits where it is 2^53 or larger.
///
/// Different numbers may read the same, so this is for messages and never for identifiers.
///
/// ```
/// # use tailorbird::number::format;
/// assert_eq!(format(0.31415), "0.314");
/// assert_eq!(format(-2.5), "-2.5");
/// assert_eq!(format(7.0), "7");
/// assert_eq!(format(1e30), "1e30");
/// assert_eq!(format(-9.99996e200), "-1e201");
/// assert_eq!(format(f64::NAN), "NaN");
/// ```
pub fn format(number: f64) -> String {
    /// From here on not every integer is a double.
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    let size = number.abs();
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if size == f64::INFINITY {
        return if number < 0.0 { "-Infinity" } else { "Infinity" }.to_owned();
    }
    if size >= LARGEST_EXACT {
        let (mut digits, mut exponent) = (number, 0);
        // From 9.9995 on, three decimals would read as 10.
        while digits.abs() >= 9.9995 {
            digits /= 10.0;
            exponent += 1;
        }
        return format!("{}e{exponent}", format(digits));
    }
    if number.trunc() == number {
        return round(number).to_string();
    }
    // An integer below 2^53 and a fraction: the sum of thousandths may round up to the next integer.
    let integer = size.trunc();
    let thousandths = round((size - integer) * 1_000.0);
    let (integer, thousandths) = (round(integer) + thousandths / 1_000, thousandths % 1_000);
    let text = format!("{integer}.{thousandths:03}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if number < 0.0 && text != "0" { format!("-{text}") } else { text.to_owned() }
}

/// The nearest integer, for times in milliseconds; 0 for NaN.
///
/// ```
/// # use tailorbird::number::round;
/// assert_eq!(round(1_396_871_797_614.4), 1_396_871_797_614);
/// assert_eq!(round(f64::NAN), 0);
/// ```
pub fn round(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "a cast from float saturates, and NaN is 0")]
    let nearest = number.round() as i64;
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logistic_function_reaches_its_ends_without_overflow() {
        assert!(logistic(800.0) == 1.0 && logistic(-800.0) < 1e-300);
    }

    #[test]
    fn text_keeps_three_decimals_and_no_trailing_zeros() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.1, "1.1"),
            (0.111, "0.111"),
            (2.01, "2.01"),
            (0.1, "0.1"),
            (0.0004, "0"),
            (-0.0004, "0"),
            (-0.25, "-0.25"),
            (99.9996, "100"),
            (12_345_678.0, "12345678"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1.5e300, "1.5e300"),
            (-9_007_199_254_740_992.0, "-9.007e15"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (number, expected) in cases {
            assert_eq!(format(number), expected);
        }
    }
}
