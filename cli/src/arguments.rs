//! What several commands say or take on the command line.

/// Stands below the help of every command.
pub const EXIT_CODES: &str = "Exit codes: 0 good, 1 problems found, 2 wrong usage.";

/// A share that is neither nothing nor all.
pub fn share(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| *share > 0.0 && *share < 1.0).ok_or("expected a number above 0 and below 1")
}

/// A length of time.
pub fn positive(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|time| *time > 0.0 && f64::is_finite(*time)).ok_or("expected a number above 0")
}

/// A bound that is at least 1.
pub fn at_least_one(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|bound| *bound >= 1.0 && f64::is_finite(*bound)).ok_or("expected a number, at least 1")
}
