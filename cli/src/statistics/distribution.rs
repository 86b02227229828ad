//! The distributions that statistics compare against: how often chance goes beyond a value, and which
//! value it goes beyond how often.

pub mod incomplete;

use incomplete::{beta_kernel, incomplete_beta};
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::checked_gamma_ur;

/// The chance that a standard normal variable exceeds `z`; NaN for NaN.
///
/// Relatively exact in the tail: 1 - Φ(z) would be 0 from 8.3 on. By libm, whose error function is right to 1e-15;
/// that of statrs 0.19 is off by up to 9e-11.
///
/// ```
/// # use tailorbird_cli::statistics::distribution::normal_upper_tail;
/// assert_eq!(normal_upper_tail(0.0), 0.5);
/// ```
pub fn normal_upper_tail(z: f64) -> f64 {
    libm::erfc(z * core::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// The height of the standard normal density at `z`.
pub fn normal_density(z: f64) -> f64 {
    // The square root of 2π.
    libm::exp(-z * z / 2.0) / 2.506_628_274_631_000_7
}

/// The value that a standard normal variable exceeds with chance `upper`: 1.96 for 0.025.
///
/// To about 1e-15. `None` unless `upper` is above 0 and below 1.
pub fn normal_critical(upper: f64) -> Option<f64> {
    (upper > 0.0 && upper < 1.0).then(|| -Normal::standard().inverse_cdf(upper))
}

/// The chance that a variable of Student's t distribution exceeds `t`.
///
/// To about 1e-13 relative, also in the tail. `None` unless the degrees of freedom are above 0 and
/// finite and t is a number.
///
/// Source: Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 26.7.1 with 26.5.27.
pub fn student_t_upper_tail(t: f64, degrees: f64) -> Option<f64> {
    let outside = student_t_outside(t, degrees)?;
    Some(if t < 0.0 { 1.0 - outside / 2.0 } else { outside / 2.0 })
}

/// The chance that a variable of Student's t distribution is further from 0 than `t`, on either side:
/// the two-sided p-value. Exactness and `None` as for [`student_t_upper_tail`].
pub fn student_t_outside(t: f64, degrees: f64) -> Option<f64> {
    let (x, y) = student_t_shares(t, degrees)?;
    incomplete_beta(degrees / 2.0, 0.5, x, y)
}

/// The value that a variable of Student's t distribution exceeds with chance `upper`.
///
/// To about 1e-12 relative. `None` unless `upper` is above 0 and below 1, and the degrees of freedom
/// above 0 and finite.
///
/// Newton's method on the logarithms of both value and tail, where the curve bends one way only, so that it closes
/// in from one side.
pub fn student_t_critical(upper: f64, degrees: f64) -> Option<f64> {
    if !(upper > 0.0 && upper < 1.0) {
        return None;
    }
    if upper > 0.5 {
        return student_t_critical(1.0 - upper, degrees).map(|value| -value);
    }
    if upper == 0.5 {
        return Some(0.0);
    }
    // No normal tail is heavier than exp(-z² / 2) / 2.
    let mut value = (-2.0 * libm::log(2.0 * upper)).sqrt();
    for _ in 0..100 {
        let tail = student_t_upper_tail(value, degrees)?;
        let (x, y) = student_t_shares(value, degrees)?;
        // The value times the density there.
        let slope = beta_kernel(degrees / 2.0, 0.5, x, y);
        let step = libm::log(tail / upper) * tail / slope;
        value *= libm::exp(step);
        if !value.is_finite() {
            return None;
        }
        if step.abs() < 4.0 * f64::EPSILON {
            break;
        }
    }
    Some(value)
}

/// The shares of the degrees of freedom and of t² in their sum.
fn student_t_shares(t: f64, degrees: f64) -> Option<(f64, f64)> {
    if t.is_nan() || !degrees.is_finite() || degrees <= 0.0 {
        return None;
    }
    let ratio = t * t / degrees;
    Some(if ratio.is_finite() { (1.0 / (1.0 + ratio), ratio / (1.0 + ratio)) } else { (0.0, 1.0) })
}

/// The chance that a chi-squared variable exceeds `x`.
///
/// To about 1e-12 relative. `None` unless x is not negative, the degrees of freedom are above 0, and
/// both finite.
///
/// Source: Abramowitz and Stegun (1964), 26.4.19.
pub fn chi_squared_upper_tail(x: f64, degrees: f64) -> Option<f64> {
    if x == 0.0 && degrees > 0.0 && degrees.is_finite() {
        return Some(1.0);
    }
    if !x.is_finite() {
        return None;
    }
    checked_gamma_ur(degrees / 2.0, x / 2.0).ok().map(|chance| chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found / expected - 1.0).abs() < tolerance, "{found:e}, expected {expected:e}");
    }

    #[test]
    fn normal_tails_and_critical_values_agree_with_known_values() {
        // mpmath 1.3, erfc and erfinv with 50 digits.
        let tails = [
            (1.0, 1.586_552_539_314_570_5e-1),
            (1.96, 2.499_789_514_822_043_4e-2),
            (-3.0, 9.986_501_019_683_699e-1),
            (8.0, 6.220_960_574_271_785e-16),
            (37.0, 5.725_571_222_524_577e-300),
        ];
        for (z, expected) in tails {
            close(normal_upper_tail(z), expected, 3e-13);
        }
        let critical = [
            (0.025, 1.959_963_984_540_054_2),
            (0.005, 2.575_829_303_548_901),
            (0.4, 2.533_471_031_357_998e-1),
            (1e-10, 6.361_340_902_404_056),
            (0.9, -1.281_551_565_544_600_5),
            (1e-300, 37.047_096_299_361_2),
        ];
        for (upper, expected) in critical {
            close(normal_critical(upper).unwrap(), expected, 1e-14);
        }
        assert_eq!(normal_critical(0.5), Some(0.0));
    }

    #[test]
    fn the_tail_of_students_t_agrees_with_known_values() {
        // mpmath 1.3, the incomplete beta function by hyp2f1 with 60 digits.
        let cases = [
            (1.0, 1.0, 0.5),
            (2.5, 1.5, 1.698_065_026_146_960_6e-1),
            (-2.0, 10.0, 7.338_803_477_074_037e-2),
            (12.0, 7.0, 6.358_310_378_185_1e-6),
            (0.25, 30.0, 8.042_914_090_805_751e-1),
            (2.1, 1_972.5, 3.585_555_465_188_98e-2),
            (3.1, 198_113.0, 1.935_477_617_955_842_6e-3),
            (1.5, 1e9, 1.336_144_028_534_152_7e-1),
            (9.0, 1e6, 2.260_973_033_492_86e-19),
            (25.0, 1e5, 1.621_776_555_207_064e-137),
        ];
        for (t, degrees, expected) in cases {
            close(student_t_outside(t, degrees).unwrap(), expected, 2e-13);
        }
        assert_eq!(student_t_outside(0.0, 5.0), Some(1.0));
        close(student_t_upper_tail(-1.0, 1.0).unwrap(), 0.75, 1e-15);
    }

    #[test]
    fn critical_values_of_students_t_agree_with_known_values() {
        // mpmath 1.3, betainc solved with 50 digits.
        let cases = [
            (0.025, 1.0, 1.270_620_473_617_470_5e1),
            (0.025, 10.0, 2.228_138_851_986_275),
            (0.005, 3.5, 5.085_702_223_091_258),
            (0.000_5, 2.0, 3.159_905_457_644_362e1),
            (0.025, 1_972.5, 1.961_167_382_670_309_7),
            (0.4, 7.0, 2.631_668_613_520_228e-1),
            (1e-9, 40.0, 7.704_012_082_026_669),
        ];
        for (upper, degrees, expected) in cases {
            close(student_t_critical(upper, degrees).unwrap(), expected, 1e-13);
            close(student_t_critical(1.0 - upper, degrees).unwrap(), -expected, 1e-6);
        }
    }

    #[test]
    fn the_tail_of_chi_squared_agrees_with_known_values() {
        // mpmath 1.3, gammainc with 50 digits.
        let cases = [
            (4.0, 1.0, 4.550_026_389_635_841e-2),
            (6.0, 2.0, 4.978_706_836_786_394e-2),
            (0.2, 3.0, 9.775_892_977_616_494e-1),
            (40.0, 10.0, 1.694_474_393_006_738_4e-5),
            (200.0, 1.0, 2.088_487_583_762_545e-45),
            (90.0, 100.0, 7.531_979_655_998_297e-1),
            (2_200.0, 2_001.0, 1.115_903_432_394_033e-3),
        ];
        for (x, degrees, expected) in cases {
            close(chi_squared_upper_tail(x, degrees).unwrap(), expected, 1e-12);
        }
        assert_eq!(chi_squared_upper_tail(0.0, 3.0), Some(1.0));
    }

    #[test]
    fn what_is_no_chance_and_no_number_has_no_answer() {
        for upper in [0.0, 1.0, -0.1, f64::NAN] {
            assert_eq!(normal_critical(upper), None, "{upper}");
            assert_eq!(student_t_critical(upper, 5.0), None, "{upper}");
        }
        for (t, degrees) in [(f64::NAN, 5.0), (1.0, 0.0), (1.0, -1.0), (1.0, f64::NAN), (1.0, f64::INFINITY)] {
            assert_eq!(student_t_upper_tail(t, degrees), None, "{t} {degrees}");
        }
        assert_eq!(student_t_upper_tail(f64::INFINITY, 5.0), Some(0.0));
        assert_eq!(student_t_critical(0.025, 0.0), None);
        for (x, degrees) in [(-1.0, 1.0), (f64::NAN, 1.0), (1.0, 0.0), (f64::INFINITY, 1.0)] {
            assert_eq!(chi_squared_upper_tail(x, degrees), None, "{x} {degrees}");
        }
    }
}
