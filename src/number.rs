//! Numbers: the few functions that must give the same bits everywhere, and small text for people.
//!
//! Of `f64` the core uses + - * / and what IEEE 754 rounds exactly (floor, abs, sqrt); everything
//! else comes from here, built on nothing more, natively too. The standard library's own would
//! differ by platform, and would print with 20 KB of tables.

use crate::text::concat;
use core::f64::consts::LN_2;

/// Two to the power of `x`, to about 1e-15 relative.
///
/// Zero below the smallest normal number, the largest finite number above it; NaN is 0.
pub fn exp2(x: f64) -> f64 {
    if x.is_nan() || x < -1022.0 {
        return 0.0;
    }
    if x >= 1023.0 {
        return f64::MAX;
    }
    let whole = x.floor();
    // The series of e^y for y in [0, ln 2): the 18th term is below 1e-18 of the sum.
    let y = (x - whole) * LN_2;
    let (mut fraction, mut term) = (1.0, 1.0);
    for n in 1..18 {
        term *= y / f64::from(n);
        fraction += term;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 2046, by the bounds above")]
    let exponent = (whole + 1023.0) as u64;
    fraction * f64::from_bits(exponent << 52)
}

/// The natural logarithm, to about 1e-15 relative; -infinity at 0, NaN below it.
///
/// The number is m 2^e with m between the square roots of 1/2 and 2; ln m is the series of
/// 2 artanh((m - 1) / (m + 1)), whose 13th term is below 1e-20 of the first.
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x < f64::MIN_POSITIVE {
        // Numbers below the normal ones are brought up first.
        return if x == 0.0 { f64::NEG_INFINITY } else { ln(x * 18_014_398_509_481_984.0) - 54.0 * LN_2 };
    }
    if x == f64::INFINITY {
        return x;
    }
    let bits = x.to_bits();
    let mut mantissa = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    #[allow(clippy::cast_possible_wrap, reason = "eleven bits")]
    let mut exponent = (bits >> 52) as i64 - 1023;
    if mantissa > core::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for odd in (0..13).rev() {
        sum = sum * square + 1.0 / (2.0 * f64::from(odd) + 1.0);
    }
    #[allow(clippy::cast_precision_loss, reason = "below 2^11")]
    let exponent = exponent as f64;
    exponent * LN_2 + 2.0 * s * sum
}

/// e to the power of `x`, to about 1e-15 relative near 0 and 1e-13 at the ends of its range.
pub fn exp(x: f64) -> f64 {
    exp2(x * core::f64::consts::LOG2_E)
}

/// The logistic function, 1 / (1 + e^-x): log odds to a probability, in `[0, 1]`.
///
/// ```
/// # use tailorbird::number::logistic;
/// assert_eq!(logistic(0.0), 0.5);
/// ```
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// A whole number as decimal digits. The standard library's formatting would cost 2 KB.
pub fn whole(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        #[allow(clippy::cast_possible_truncation, reason = "below 10")]
        digits.push(char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// A number for people: whole numbers as they are, others to three decimals.
///
/// ```
/// # use tailorbird::number::text;
/// assert_eq!(text(0.31415), "0.314");
/// assert_eq!(text(-2.5), "-2.5");
/// assert_eq!(text(7.0), "7");
/// assert_eq!(text(1e30), "a huge number");
/// assert_eq!(text(f64::NAN), "not a number");
/// ```
pub fn text(number: f64) -> String {
    if number.is_nan() {
        return "not a number".to_owned();
    }
    let size = number.abs();
    if size >= 9_007_199_254_740_992.0 {
        return "a huge number".to_owned();
    }
    if size.floor() == size {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and below 2^53")]
        let digits = whole(size as u64);
        return if number < 0.0 { concat(&["-", &digits]) } else { digits };
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 1e18, tested above")]
    let thousandths = (size * 1000.0 + 0.5).floor() as u64;
    let mut text = String::new();
    if number < 0.0 && thousandths > 0 {
        text.push('-');
    }
    text.push_str(&whole(thousandths / 1000));
    let fraction = thousandths % 1000;
    if fraction > 0 {
        // The leading 1 keeps the noughts after the point.
        let digits = whole(1000 + fraction);
        text.push('.');
        let mut digits = digits.get(1..).unwrap_or("");
        while let Some(shorter) = digits.strip_suffix("0") {
            digits = shorter;
        }
        text.push_str(digits);
    }
    text
}

/// The nearest whole number, for times in milliseconds; 0 for what is no number.
///
/// ```
/// # use tailorbird::number::round;
/// assert_eq!(round(1_396_871_797_614.4), 1_396_871_797_614);
/// assert_eq!(round(f64::NAN), 0);
/// ```
pub fn round(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "a cast from float saturates, and NaN is 0")]
    let whole = (number + 0.5).floor() as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_agree_with_known_values() {
        // Values of 2^x to 17 digits (GNU bc, scale 30), tolerance 4e-16 relative.
        let cases =
            [(0.0, 1.0), (10.0, 1024.0), (-1.0, 0.5), (1.5, 2.828_427_124_746_190_3), (-0.1, 0.933_032_991_536_807_4)];
        for (x, expected) in cases {
            assert!((exp2(x) / expected - 1.0).abs() < 4e-16, "2^{x} = {}", exp2(x));
        }
        assert_eq!(exp2(-5000.0), 0.0);
        assert_eq!(exp2(5000.0), f64::MAX);
        assert_eq!(exp2(f64::NAN), 0.0);
    }

    #[test]
    fn logarithms_and_exponentials_agree_with_the_mathematical_library() {
        for step in -3_000_i32..3_000 {
            let x = libm::exp(f64::from(step) / 7.0);
            assert!((ln(x) - libm::log(x)).abs() <= 4e-16 * libm::log(x).abs().max(1.0), "ln {x}");
            let y = f64::from(step) / 50.0;
            assert!((exp(y) / libm::exp(y) - 1.0).abs() < 1e-13, "exp {y}");
        }
        assert_eq!((ln(0.0), ln(1.0), ln(f64::INFINITY)), (f64::NEG_INFINITY, 0.0, f64::INFINITY));
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
        assert!((ln(5e-324) / -744.440_071_921_381_2 - 1.0).abs() < 1e-15, "the smallest of all");
        assert!(logistic(800.0) == 1.0 && logistic(-800.0) < 1e-300);
    }

    #[test]
    fn text_keeps_three_decimals_and_no_trailing_noughts() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.1, "1.1"),
            (0.111, "0.111"),
            (2.01, "2.01"),
            (0.1, "0.1"),
            (0.0004, "0"),
            (99.9996, "100"),
            (12345678.0, "12345678"),
        ];
        for (number, expected) in cases {
            assert_eq!(text(number), expected);
        }
    }
}
