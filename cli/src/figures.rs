//! Figures for a person to read.

/// The same with its sign.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", number(value)) } else { number(value) }
}

/// Four significant digits, without trailing noughts.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return if size == 0.0 { "0".to_owned() } else { value.to_string() };
    }
    if !(1e-5..1e12).contains(&size) {
        return format!("{value:.3e}");
    }
    #[allow(clippy::cast_possible_truncation, reason = "from -5 to 12")]
    let place = size.log10().floor() as i32;
    let decimals = usize::try_from(3 - place).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A count with a comma between thousands.
pub fn thousands(count: u64) -> String {
    indicatif::HumanCount(count).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_four_digits_that_count() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (0.03, "0.03"),
            (0.178_459, "0.1785"),
            (-0.000_092_374_49, "-0.00009237"),
            (1e-7, "1.000e-7"),
            (1_972.483_7, "1972"),
            (123_456.7, "123457"),
            (99.999_9, "100"),
            (2e12, "2.000e12"),
        ];
        for (value, expected) in cases {
            assert_eq!(number(value), expected);
        }
        assert_eq!((signed(0.5), signed(-0.5), signed(0.0)), ("+0.5".to_owned(), "-0.5".to_owned(), "0".to_owned()));
    }
}
