//! The statistics of experiments: known figures, and what holds of any experiment.
//!
//! Where the variable `AB_STATS` names a file of the same shape as `tests/lift/figures.json`, every figure in
//! it is checked as well.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "lift/laws.rs"]
mod laws;

use serde_json::Value;
use tailorbird_cli::statistics::lift::chance::Chance;
use tailorbird_cli::statistics::lift::covariate::{Cuped, Paired};
use tailorbird_cli::statistics::lift::empirical_bernstein::EmpiricalBernstein;
use tailorbird_cli::statistics::lift::proportion::Proportion;
use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;
use tailorbird_cli::statistics::lift::sequence::{Sequence, mixture_ratio_p};
use tailorbird_cli::statistics::lift::welch::Welch;
use tailorbird_cli::statistics::lift::{Difference, Interval, VariationSums};

/// How close a figure must come, relative to it; absolutely for 0.
const TOLERANCE: f64 = 1e-10;
const TOLERANCE_OF_ZERO: f64 = 1e-12;

/// Counts what was compared and names what differs.
#[derive(Default)]
struct Comparison {
    compared: usize,
    wrong: Vec<String>,
    /// Figures that were compared with a better one than the file's.
    corrected: usize,
}

impl Comparison {
    fn check(&mut self, what: &str, found: Option<f64>, expected: &Value) {
        self.compared += 1;
        let expected = expected.as_f64().unwrap_or_else(|| panic!("{what} is no number"));
        let close = |found: f64| match expected {
            0.0 => found.abs() <= TOLERANCE_OF_ZERO,
            _ => (found / expected - 1.0).abs() <= TOLERANCE,
        };
        if !found.is_some_and(close) {
            self.wrong.push(format!("{what} is {found:?}, expected {expected}"));
        }
    }

    fn check_interval(&mut self, what: &str, found: Option<Interval>, expected: &Value) {
        self.check(&format!("{what}, lower"), found.map(|interval| interval.lower), &expected[0]);
        self.check(&format!("{what}, upper"), found.map(|interval| interval.upper), &expected[1]);
    }

    /// Every figure of a whole file.
    fn check_all(&mut self, figures: &Value) {
        figures["two_proportions"].as_array().unwrap().iter().for_each(|case| self.check_proportions(case));
        for case in figures["srm"].as_array().unwrap() {
            let numbers =
                |key: &str| case[key].as_array().unwrap().iter().filter_map(Value::as_f64).collect::<Vec<_>>();
            let found = SampleRatio::test(&numbers("observed"), &numbers("weights"));
            self.check(&format!("chi² of {}", case["observed"]), found.map(|found| found.chi_squared), &case["chi2"]);
            self.check(&format!("p of {}", case["observed"]), found.map(|found| found.p), &case["p"]);
        }
        self.check_bernstein(&figures["empirical_bernstein_cs"]);
        self.check_cuped(&figures["cuped"]);
    }

    fn check_proportions(&mut self, case: &Value) {
        let count = |key: &str| case[key].as_f64().unwrap();
        let control = Proportion::new(count("x1"), count("n1")).unwrap();
        let treatment = Proportion::new(count("x2"), count("n2")).unwrap();
        let (a, b) = (control.sums(), treatment.sums());
        let difference = Difference::between(&a, &b).unwrap();
        let welch = Welch::test(&a, &b);
        let pooled = control.pooled_test(&treatment);
        let chance = Chance::of_rates(&control, &treatment);
        let sequence = Sequence::new(0.05, 5_000.0).unwrap();
        // The paper of the mixture ratio compares pairs: V is the sum of the variances, n the mean of the variations'.
        let squared_error = (a.variance().unwrap() + b.variance().unwrap()) / (difference.n / 2.0);
        let pairs = Difference { standard_error: squared_error.sqrt(), ..difference };
        let found = [
            ("diff", Some(difference.estimate)),
            ("se_unpooled", Some(difference.standard_error)),
            ("z_pooled", pooled.map(|test| test.z)),
            ("p_z_pooled", pooled.map(|test| test.p)),
            ("welch_t", welch.map(|test| test.t)),
            ("welch_df", welch.map(|test| test.degrees)),
            ("welch_p", welch.map(|test| test.p)),
            ("prob_b_beats_a_beta11", Some(chance.to_win)),
            ("expected_loss_choosing_b", Some(chance.expected_loss)),
            ("seq_rho_alpha05_tune5000", Some(sequence.rho())),
            ("seq_halfwidth_95", sequence.half_width(&difference)),
            ("seq_evalue", sequence.e_value(&difference)),
            ("seq_p", sequence.p(&difference)),
            ("msprt_p_tau2_1e_4", mixture_ratio_p(&pairs, 1e-4)),
            ("msprt_p_of_arms_tau2_1e_4", mixture_ratio_p(&difference, 1e-4)),
        ];
        let intervals =
            [("wilson95_arm2", treatment.wilson(0.05)), ("welch95", welch.and_then(|test| test.interval(0.05)))];
        let name = format!("of {}/{} and {}/{}", case["x1"], case["n1"], case["x2"], case["n2"]);
        for key in case.as_object().unwrap().keys().filter(|key| !["x1", "n1", "x2", "n2"].contains(&key.as_str())) {
            let what = format!("{key} {name}");
            if let Some((_, interval)) = intervals.iter().find(|(known, _)| known == key) {
                self.check_interval(&what, *interval, &case[key]);
            } else if let Some((_, found)) = found.iter().find(|(known, _)| known == key) {
                let corrected = self.exact(key, &case[key]);
                self.check(&what, *found, corrected.as_ref().unwrap_or(&case[key]));
            } else {
                self.wrong.push(format!("{what} is not known here"));
            }
        }
    }

    /// A figure in place of one that is itself further from the truth than the tolerance.
    ///
    /// 0.9991548458974187 as the chance to win of 460/100,000 and 560/100,000 was added in doubles from
    /// logarithms of gamma functions, which are near 2e6 there and round by 2e-10. Exact is Miller's sum in
    /// 40 digits (mpmath 1.3), below.
    fn exact(&mut self, key: &str, written: &Value) -> Option<Value> {
        let is_it = key == "prob_b_beats_a_beta11" && written.as_f64() == Some(0.999_154_845_897_418_7);
        self.corrected += usize::from(is_it);
        is_it.then(|| Value::from(0.999_154_846_243_801_6))
    }

    fn check_bernstein(&mut self, figures: &Value) {
        let values: Vec<f64> = match figures["values"].as_array() {
            Some(list) => {
                let times = usize::try_from(figures["times"].as_u64().unwrap()).unwrap();
                (0..times).flat_map(|_| list.iter().filter_map(Value::as_f64)).collect()
            }
            None => {
                let rule = "x_i = 1 if (i*2654435761 mod 2^32)/2^32 < 0.1, i=1..5000";
                assert_eq!(figures["rule"], Value::from(rule));
                let share = |i: u64| (i * 2_654_435_761 % (1 << 32)) as f64 / (1_u64 << 32) as f64;
                (1..=5_000).map(|i| if share(i) < 0.1 { 1.0 } else { 0.0 }).collect()
            }
        };
        let mut sequence = EmpiricalBernstein::new(0.05).unwrap();
        let intervals: Vec<Interval> = values.iter().map(|value| sequence.observe(*value).unwrap()).collect();
        for (time, expected) in figures["at"].as_object().unwrap() {
            let found = intervals.get(time.parse::<usize>().unwrap() - 1).copied();
            self.check_interval(&format!("empirical Bernstein at {time}"), found, expected);
        }
        if figures["mean"].is_number() {
            self.check("mean", Some(values.iter().sum::<f64>() / values.len() as f64), &figures["mean"]);
        }
    }

    fn check_cuped(&mut self, figures: &Value) {
        let list = |key: &str| figures[key].as_array().unwrap().iter().filter_map(Value::as_f64).collect::<Vec<_>>();
        let variation = paired(&list("x"), &list("y"));
        let cuped = Cuped::learn(&[variation]).unwrap();
        let adjusted = cuped.adjust(&variation).unwrap();
        self.check("theta", Some(cuped.theta), &figures["theta"]);
        self.check("var_y", variation.outcome().sample_variance(), &figures["var_y"]);
        self.check("var_adj", adjusted.sample_variance(), &figures["var_adj"]);
        self.check("rho2", Some(cuped.explained), &figures["rho2"]);
        self.check("mean_adj", adjusted.mean(), &figures["mean_adj"]);
    }
}

/// A variation from its visitors' values.
fn variation(values: &[f64]) -> VariationSums {
    let (sum, squares) = (values.iter().sum(), values.iter().map(|value| value * value).sum());
    VariationSums::new(values.len() as f64, sum, squares).unwrap()
}

fn paired(x: &[f64], y: &[f64]) -> Paired {
    let product = |one: &[f64], two: &[f64]| one.iter().zip(two).map(|(one, two)| one * two).sum::<f64>();
    Paired::new(x.len() as f64, (y.iter().sum(), product(y, y)), (x.iter().sum(), product(x, x)), product(x, y))
        .unwrap()
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-12, "{found:e}, expected {expected:e}");
}

#[test]
fn known_figures_are_met_to_ten_digits() {
    let own = include_str!("lift/figures.json").to_owned();
    let named = std::env::var("AB_STATS").ok().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()));
    for (name, text) in [("tests/lift/figures.json".to_owned(), own)].into_iter().chain(named) {
        let mut comparison = Comparison::default();
        comparison.check_all(&serde_json::from_str(&text).unwrap());
        let Comparison { compared, wrong, corrected } = comparison;
        assert!(wrong.is_empty(), "{name}: {} of {compared} figures differ:\n{}", wrong.len(), wrong.join("\n"));
        assert!(compared > 50, "{name}: only {compared} figures");
        println!("{name}: {compared} values compared, all within 1e-10 relative");
        if corrected > 0 {
            println!("{name}: {corrected} of them with the exact figure, from which the file's is 3.5e-10 away");
        }
    }
}

#[test]
fn a_figure_that_is_off_by_a_billionth_is_noticed() {
    let mut figures: Value = serde_json::from_str(include_str!("lift/figures.json")).unwrap();
    let p = figures["two_proportions"][0]["welch_p"].as_f64().unwrap();
    figures["two_proportions"][0]["welch_p"] = Value::from(p * (1.0 + 1e-9));
    let mut comparison = Comparison::default();
    comparison.check_all(&figures);
    assert_eq!(comparison.wrong.len(), 1, "{:?}", comparison.wrong);
}

#[test]
fn the_chance_to_win_is_exact_for_few_visitors_and_for_a_million() {
    // Conversions and visitors of control and treatment; chance and expected loss by Miller's sum in 60 digits
    // (mpmath 1.3).
    let cases = [
        ((0.0, 0.0), (0.0, 0.0), 0.5, 1.0 / 6.0, "nothing is known"),
        ((0.0, 10.0), (10.0, 10.0), 9.999_985_824_289_23e-1, 6.163_352_508_755_659e-8, "none and all"),
        ((3.0, 1_000.0), (999.0, 1_000.0), 1.0, 0.0, "beyond doubt"),
        ((0.0, 20.0), (3.0, 25.0), 9.161_831_076_724_694e-1, 3.492_370_513_647_11e-3, "none yet"),
        ((5.0, 5.0), (3.0, 4.0), 1.818_181_818_181_818_2e-1, 2.121_212_121_212_121_2e-1, "all so far"),
        ((1.0, 1e6), (0.0, 1e6), 2.499_998_750_000_625e-1, 1.249_997_125_006_312_5e-6, "seldom"),
        ((5e4, 1e6), (5.05e4, 1e6), 9.472_097_507_401_054e-1, 6.875_194_723_609_236e-6, "many"),
        ((2e4, 1e6), (2.07e4, 1e6), 9.997_722_615_142_299e-1, 1.141_781_948_131_08e-8, "many and sure"),
        ((300.0, 400.0), (1e5, 1.3e5), 8.272_379_856_131_467e-1, 1.894_648_049_825_611e-3, "few against many"),
    ];
    for (control, treatment, to_win, loss, why) in cases {
        let (a, b) =
            (Proportion::new(control.0, control.1).unwrap(), Proportion::new(treatment.0, treatment.1).unwrap());
        let found = Chance::of_rates(&a, &b);
        assert!((found.to_win / to_win - 1.0).abs() < 1e-12, "{why}: {:e}, expected {to_win:e}", found.to_win);
        let error = (found.expected_loss - loss).abs();
        assert!(error < 1e-10 * loss + 1e-300, "{why}: {:e}, expected {loss:e}", found.expected_loss);
    }
    let lost = Chance::of_rates(&Proportion::new(48.0, 60.0).unwrap(), &Proportion::new(9.0, 30.0).unwrap());
    close(lost.to_win, 2.157_399_258_830_660_6e-6);
}

#[test]
fn a_mean_in_euro_is_compared_like_a_rate() {
    // 900 visitors who spent 4,500 in all, squares 61,000; 1,100 who spent 6,050, squares 90,000. By mpmath 1.3.
    let (control, treatment) =
        (VariationSums::new(900.0, 4_500.0, 61_000.0).unwrap(), VariationSums::new(1_100.0, 6_050.0, 9e4).unwrap());
    let difference = Difference::between(&control, &treatment).unwrap();
    close(difference.estimate, 0.5);
    close(difference.standard_error, 0.307_263_778_351_414_3);
    let relative = Difference::relative(&control, &treatment).unwrap();
    close(relative.estimate, 0.1);
    close(relative.standard_error, 0.064_619_659_846_913_01);
    let interval = difference.interval(0.05).unwrap();
    close(interval.lower, -0.102_225_939_322_470_05);
    close(interval.upper, 1.102_225_939_322_47);
    let chance = Chance::of_difference(&difference).unwrap();
    close(chance.to_win, 0.948_159_726_866_513_2);
    close(chance.expected_loss, 6.694_795_062_340_395e-3);
}

#[test]
fn both_arms_are_adjusted_by_the_slope_within_them() {
    // By hand, in fractions: the slope is 29/24, the mean of x over both variations 2.
    let control = paired(&[1.0, 2.0, 0.0, 4.0, 3.0], &[2.0, 3.0, 1.0, 6.0, 4.0]);
    let treatment = paired(&[2.0, 0.0, 5.0, 1.0], &[5.0, 2.0, 8.0, 3.0]);
    let cuped = Cuped::learn(&[control, treatment]).unwrap();
    close(cuped.theta, 29.0 / 24.0);
    close(cuped.explained, 4_205.0 / 4_296.0);
    for (variation, mean, variance) in [(control, 3.2, 577.0 / 5_760.0), (treatment, 4.5, 103.0 / 864.0)] {
        let adjusted = cuped.adjust(&variation).unwrap();
        close(adjusted.mean().unwrap(), mean);
        close(adjusted.sample_variance().unwrap(), variance);
        assert_eq!(adjusted.n(), variation.outcome().n());
    }
}

#[test]
fn what_cannot_be_said_is_not_said() {
    let nobody = VariationSums::new(0.0, 0.0, 0.0).unwrap();
    let one = VariationSums::new(1.0, 3.0, 9.0).unwrap();
    let alike = VariationSums::new(1_000.0, 100.0, 10.0).unwrap();
    let some = VariationSums::new(4.0, 10.0, 30.0).unwrap();
    assert_eq!((nobody.mean(), nobody.variance(), one.sample_variance()), (None, None, None));
    for (a, b, why) in [(nobody, some, "nobody"), (some, nobody, "nobody"), (alike, alike, "no variance")] {
        assert_eq!(Difference::between(&a, &b), None, "{why}");
        assert_eq!(Difference::relative(&a, &b), None, "{why}");
        assert_eq!(Welch::test(&a, &b), None, "{why}");
    }
    assert_eq!(Welch::test(&one, &some), None, "one visitor has no variance");
    assert_eq!(Difference::relative(&VariationSums::new(2.0, 0.0, 2.0).unwrap(), &some), None, "a share of nothing");
    assert!(Difference::between(&alike, &some).is_some() && Difference::between(&one, &some).is_some());

    let [none, all] = [Proportion::new(0.0, 50.0).unwrap(), Proportion::new(50.0, 50.0).unwrap()];
    assert_eq!((none.pooled_test(&none), all.pooled_test(&all)), (None, None));
    assert_eq!(Proportion::new(0.0, 0.0).unwrap().wilson(0.05), None);
    assert_eq!(none.wilson(0.05).unwrap().lower, 0.0);
    assert_eq!(all.wilson(0.05).unwrap().upper, 1.0);
    for alpha in [0.0, 1.0, -0.1, 7.0, f64::NAN] {
        assert!(Sequence::new(alpha, 5_000.0).is_none() && EmpiricalBernstein::new(alpha).is_none(), "{alpha}");
        assert!(none.wilson(alpha).is_none() && Welch::test(&some, &alike).unwrap().interval(alpha).is_none());
    }
    for tuned_for in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Sequence::new(0.05, tuned_for), None, "{tuned_for}");
    }
    let mut sequence = EmpiricalBernstein::new(0.05).unwrap();
    assert_eq!(sequence.interval(), Interval { lower: 0.0, upper: 1.0 });
    let before = sequence;
    assert_eq!((sequence.observe(-0.1), sequence.observe(1.1), sequence.observe(f64::NAN)), (None, None, None));
    assert_eq!(sequence, before, "what is outside changes nothing");
    let unequal: [(&[f64], &[f64]); 6] = [
        (&[5.0], &[1.0]),
        (&[5.0, 5.0], &[1.0]),
        (&[0.0, 0.0], &[1.0, 1.0]),
        (&[5.0, 5.0], &[1.0, 0.0]),
        (&[5.0, -5.0], &[1.0, 1.0]),
        (&[5.0, f64::NAN], &[1.0, f64::NAN]),
    ];
    for (observed, weights) in unequal {
        assert_eq!(SampleRatio::test(observed, weights), None, "{observed:?} {weights:?}");
    }
    let flat = Paired::new(3.0, (6.0, 14.0), (3.0, 3.0), 6.0).unwrap();
    assert_eq!(Cuped::learn(&[flat]), None, "a covariate that says nothing");
    assert_eq!(Cuped::learn(&[]), None);
}

#[test]
fn sums_that_no_visitors_have_make_no_arm() {
    let cases = [
        (f64::NAN, 1.0, 1.0, "no number"),
        (f64::INFINITY, 1.0, 1.0, "infinitely many"),
        (1e16, 1.0, 1.0, "more than can be counted"),
        (-1.0, 1.0, 1.0, "fewer than none"),
        (10.0, f64::NAN, 1.0, "no number"),
        (10.0, f64::NEG_INFINITY, f64::INFINITY, "infinite"),
        (10.0, 5.0, -1.0, "negative squares"),
        (10.0, 5.0, 2.4, "squares of ten numbers that add to 5 are at least 2.5"),
        (0.0, 5.0, 25.0, "a sum of nothing"),
        (2.0, 1e300, f64::MAX, "overflows"),
    ];
    for (n, sum, squares, why) in cases {
        assert_eq!(VariationSums::new(n, sum, squares), None, "{why}");
    }
    assert!(VariationSums::new(10.0, 5.0, 2.5).is_some());
    // What a million additions of 0.1 leave of ten digits is rounding, not a contradiction.
    let (sum, squares) = (0..1_000_000).fold((0.0, 0.0), |(sum, squares), _| (sum + 0.1, squares + 0.1 * 0.1));
    assert!(VariationSums::new(1e6, sum, squares).is_some());
    assert_eq!(VariationSums::of_conversions(11.0, 10.0), None);
    for (conversions, n) in [(11.0, 10.0), (-1.0, 10.0), (0.5, 10.0), (1.0, 2.5), (f64::NAN, 1.0), (1.0, f64::INFINITY)]
    {
        assert_eq!(Proportion::new(conversions, n), None, "{conversions} of {n}");
    }
    let [y, x] = [(6.0, 14.0), (3.0, 5.0)];
    assert!(Paired::new(3.0, y, x, 8.0).is_some() && Paired::new(3.0, y, x, 9.0).is_none(), "by Cauchy and Schwarz");
}

#[test]
fn a_wrong_split_alarms_only_with_enough_visitors() {
    let cases = [
        ([5_000.0, 5_200.0], false, "chance, one time in twenty"),
        ([5_000.0, 5_400.0], true, "one time in ten thousand"),
        ([0.0, 15.0], false, "too few to tell"),
        ([0.0, 16.0], true, "enough"),
    ];
    for (observed, alarming, why) in cases {
        assert_eq!(SampleRatio::test(&observed, &[0.5, 0.5]).unwrap().is_alarming(), alarming, "{why}");
    }
}
