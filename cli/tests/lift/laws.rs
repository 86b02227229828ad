//! What holds of any experiment.

use proptest::prelude::*;
use tailorbird_cli::statistics::lift::chance::Chance;
use tailorbird_cli::statistics::lift::covariate::{Cuped, Paired};
use tailorbird_cli::statistics::lift::empirical_bernstein::EmpiricalBernstein;
use tailorbird_cli::statistics::lift::proportion::Proportion;
use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;
use tailorbird_cli::statistics::lift::sequence::{Sequence, mixture_ratio_p};
use tailorbird_cli::statistics::lift::welch::Welch;
use tailorbird_cli::statistics::lift::{Difference, Interval, VariationSums};

use crate::{paired, variation};

/// StickyBuckets of up to a million visitors, with values of mean and spread like prices or rates.
fn variations() -> impl Strategy<Value = (VariationSums, VariationSums)> {
    let one = || {
        (2_u32..1_000_000, -100.0..100.0_f64, 0.001..50.0_f64).prop_map(|(n, mean, deviation)| {
            let n = f64::from(n);
            VariationSums::new(n, n * mean, n * (mean * mean + deviation * deviation)).unwrap()
        })
    };
    (one(), one())
}

fn proportions() -> impl Strategy<Value = (Proportion, Proportion)> {
    let one = || {
        (1_u32..20_000, 0.0..=1.0_f64).prop_map(|(n, rate)| {
            let n = f64::from(n);
            Proportion::new((rate * n).round(), n).unwrap()
        })
    };
    (one(), one())
}

fn alpha() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.05), 0.000_01..0.9_f64]
}

fn near(one: f64, two: f64, size: f64) -> bool {
    (one - two).abs() <= 1e-9 * size
}

/// Values of up to 30 visitors, in eighths so that their sums are exact.
fn visitors() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let eighths = || (-400_i32..400).prop_map(|number| f64::from(number) / 8.0);
    proptest::collection::vec((eighths(), eighths()), 2..30)
}

proptest! {
    #[test]
    fn whoever_swaps_the_arms_sees_the_mirror_image((a, b) in variations(), alpha in alpha()) {
        let [there, back] = [Difference::between(&a, &b).unwrap(), Difference::between(&b, &a).unwrap()];
        prop_assert_eq!((there.estimate, there.n), (-back.estimate, back.n));
        prop_assert!(near(there.standard_error, back.standard_error, there.standard_error));
        let [welch, welch_back] = [Welch::test(&a, &b).unwrap(), Welch::test(&b, &a).unwrap()];
        prop_assert!(near(welch.p, welch_back.p, 1.0) && near(welch.t, -welch_back.t, welch.t.abs()));
        let [one, two] = [welch.interval(alpha).unwrap(), welch_back.interval(alpha).unwrap()];
        prop_assert!(near(one.lower, -two.upper, one.lower.abs().max(one.upper.abs())));
        let [chance, other] = [Chance::of_difference(&there).unwrap(), Chance::of_difference(&back).unwrap()];
        prop_assert!(near(chance.to_win, 1.0 - other.to_win, 1.0));
        prop_assert!(near(other.expected_loss - chance.expected_loss, there.estimate, there.estimate.abs().max(1.0)));
    }

    #[test]
    fn either_rate_wins_and_what_is_lost_by_both_choices_differs_by_the_means((a, b) in proportions()) {
        let [there, back] = [Chance::of_rates(&a, &b), Chance::of_rates(&b, &a)];
        prop_assert!(near(there.to_win + back.to_win, 1.0, 1.0), "{} {}", there.to_win, back.to_win);
        let mean = |of: &Proportion| (of.conversions() + 1.0) / (of.n() + 2.0);
        prop_assert!(near(back.expected_loss - there.expected_loss, mean(&b) - mean(&a), 1.0));
        prop_assert!(there.expected_loss >= 0.0 && (0.0..=1.0).contains(&there.to_win));
    }

    #[test]
    fn the_exact_chance_and_the_normal_one_agree_for_many_conversions(
        n in 50_000_u32..200_000, rate in 0.1..0.9_f64, shift in -3.0..3.0_f64
    ) {
        let n = f64::from(n);
        let other = (rate + shift * (2.0 * rate * (1.0 - rate) / n).sqrt()).clamp(0.0, 1.0);
        let [a, b] = [rate, other].map(|rate| Proportion::new((rate * n).round(), n).unwrap());
        let exact = Chance::of_rates(&a, &b);
        let difference = Difference::between(&a.sums(), &b.sums()).unwrap();
        let normal = Chance::of_difference(&difference).unwrap();
        prop_assert!((exact.to_win - normal.to_win).abs() < 2e-4, "{} {}", exact.to_win, normal.to_win);
        prop_assert!((exact.expected_loss - normal.expected_loss).abs() < 2e-3 * difference.standard_error);
    }

    #[test]
    fn every_interval_holds_the_difference_and_every_p_is_a_chance((a, b) in variations(), alpha in alpha()) {
        let difference = Difference::between(&a, &b).unwrap();
        let welch = Welch::test(&a, &b).unwrap();
        let sequence = Sequence::new(alpha, 5_000.0).unwrap();
        for interval in [difference.interval(alpha), welch.interval(alpha), sequence.interval(&difference)] {
            let interval = interval.unwrap();
            prop_assert!(interval.contains(difference.estimate), "{interval:?}");
        }
        for p in [Some(welch.p), sequence.p(&difference), mixture_ratio_p(&difference, 1e-4)] {
            prop_assert!((0.0..=1.0).contains(&p.unwrap()), "{p:?}");
        }
        let smaller = a.n().min(b.n()) - 1.0;
        prop_assert!(welch.degrees >= smaller * (1.0 - 1e-9) && welch.degrees <= (a.n() + b.n() - 2.0) * (1.0 + 1e-9));
    }

    #[test]
    fn an_interval_excludes_zero_exactly_where_its_p_is_below_alpha((a, b) in variations(), alpha in alpha()) {
        let difference = Difference::between(&a, &b).unwrap();
        let welch = Welch::test(&a, &b).unwrap();
        let sequence = Sequence::new(alpha, 5_000.0).unwrap();
        let p = sequence.p(&difference).unwrap();
        for (p, interval) in [(welch.p, welch.interval(alpha)), (p, sequence.interval(&difference))] {
            prop_assume!(!near(p, alpha, alpha));
            prop_assert_eq!(p < alpha, !interval.unwrap().contains(0.0), "{} {}", p, alpha);
        }
        let evidence = sequence.e_value(&difference).unwrap();
        prop_assert!(near(evidence.recip().min(1.0), p, p) || evidence == f64::MAX, "{evidence} {p}");
    }

    #[test]
    fn a_sequence_is_wider_than_the_interval_for_one_look_at_every_n(
        n in 1.0..1e9_f64, alpha in 0.000_01..0.9_f64, tuned_for in 10.0..1e6_f64
    ) {
        let difference = Difference { estimate: 0.0, standard_error: 1.0, n };
        let sequence = Sequence::new(alpha, tuned_for).unwrap().half_width(&difference).unwrap();
        let fixed = difference.interval(alpha).unwrap().upper;
        prop_assert!(sequence >= fixed, "{sequence} {fixed}");
    }

    #[test]
    fn a_sequence_is_wider_than_welchs_interval_from_ten_visitors_an_arm_on(
        n in 10_u32..100_000, other in 10_u32..100_000, ratio in 0.1..10.0_f64, alpha in 0.01..0.5_f64
    ) {
        let variation = |n: u32, spread: f64| VariationSums::new(f64::from(n), 0.0, f64::from(n) * spread).unwrap();
        let (a, b) = (variation(n, 1.0), variation(other, ratio));
        let fixed = Welch::test(&a, &b).unwrap().interval(alpha).unwrap().upper;
        let sequence = Sequence::new(alpha, 5_000.0).unwrap();
        let sequence = sequence.half_width(&Difference::between(&a, &b).unwrap()).unwrap();
        prop_assert!(sequence >= fixed, "{sequence} {fixed}");
    }

    #[test]
    fn the_mixture_ratio_is_the_sequence_with_another_tuning((a, b) in variations()) {
        let difference = Difference::between(&a, &b).unwrap();
        let sequence = Sequence::new(0.05, 5_000.0).unwrap();
        let squared_error = difference.standard_error * difference.standard_error;
        let p = mixture_ratio_p(&difference, difference.n * sequence.rho() * sequence.rho() * squared_error).unwrap();
        prop_assert!(near(p, sequence.p(&difference).unwrap(), p.max(1e-300)), "{p}");
    }

    #[test]
    fn in_cents_it_is_a_hundred_times_the_difference_and_the_same_p(
        one in visitors(), two in visitors(), scale in prop_oneof![Just(100.0), 0.01..1_000.0_f64]
    ) {
        let values = |of: &[(f64, f64)], scale: f64| variation(&of.iter().map(|(y, _)| y * scale).collect::<Vec<_>>());
        let (a, b) = (values(&one, 1.0), values(&two, 1.0));
        let (scaled_a, scaled_b) = (values(&one, scale), values(&two, scale));
        let Some(difference) = Difference::between(&a, &b) else { return Ok(()) };
        let scaled = Difference::between(&scaled_a, &scaled_b).unwrap();
        let size = 50.0 * scale;
        prop_assert!(near(scaled.estimate, difference.estimate * scale, size));
        prop_assert!(near(scaled.standard_error, difference.standard_error * scale, scaled.standard_error));
        let [p, scaled_p] = [Welch::test(&a, &b), Welch::test(&scaled_a, &scaled_b)].map(|test| test.unwrap().p);
        prop_assert!(near(p, scaled_p, 10.0), "{p} {scaled_p}");
        // What is a share of the control has no unit.
        if let Some(relative) = Difference::relative(&a, &b).filter(|_| a.mean().unwrap().abs() > 1.0) {
            let scaled = Difference::relative(&scaled_a, &scaled_b).unwrap();
            prop_assert!(near(relative.estimate, scaled.estimate, 100.0) && near(relative.z(), scaled.z(), 100.0));
        }
    }

    #[test]
    fn more_visitors_who_do_the_same_narrow_the_interval((a, b) in proportions(), alpha in alpha()) {
        let twice = |of: &Proportion| Proportion::new(of.conversions() * 2.0, of.n() * 2.0).unwrap();
        let (one, more) = (a.wilson(alpha).unwrap(), twice(&a).wilson(alpha).unwrap());
        prop_assert!(more.upper - more.lower < one.upper - one.lower, "{one:?} {more:?}");
        prop_assert!(one.contains(a.rate().unwrap()) && one.lower >= 0.0 && one.upper <= 1.0, "{one:?}");
        if let (Some(one), Some(more)) = (a.pooled_test(&b), twice(&a).pooled_test(&twice(&b))) {
            prop_assert!(more.p <= one.p && (0.0..=1.0).contains(&one.p));
        }
    }

    #[test]
    fn what_was_known_before_never_adds_variance(one in visitors(), two in visitors()) {
        let variations = [one, two].map(|of| {
            let (x, y): (Vec<f64>, Vec<f64>) = of.into_iter().unzip();
            paired(&x, &y)
        });
        let Some(cuped) = Cuped::learn(&variations) else { return Ok(()) };
        let scatter = |variation: &VariationSums| variation.variance().unwrap() * variation.n();
        let before: f64 = variations.iter().map(|variation| scatter(variation.outcome())).sum();
        let after: f64 = variations.iter().map(|variation| scatter(&cuped.adjust(variation).unwrap())).sum();
        prop_assert!(after <= before * (1.0 + 1e-9), "{before} {after}");
        prop_assert!(near(after, before * (1.0 - cuped.explained), before.max(1e-3)), "{before} {after}");
        // The mean over all visitors stays where it was.
        let total = |variations: [VariationSums; 2]| variations.iter().map(|variation| variation.mean().unwrap() * variation.n()).sum::<f64>();
        let adjusted = variations.map(|variation| cuped.adjust(&variation).unwrap());
        prop_assert!(near(total(adjusted), total(variations.map(|variation| *variation.outcome())), 1e4 * (1.0 + cuped.theta.abs())));
    }

    #[test]
    fn a_covariate_that_is_the_outcome_explains_all(of in visitors()) {
        let y: Vec<f64> = of.iter().map(|(y, _)| *y).collect();
        let variation = paired(&y, &y);
        let Some(cuped) = Cuped::learn(&[variation]) else { return Ok(()) };
        prop_assert!(near(cuped.theta, 1.0, 1.0) && near(cuped.explained, 1.0, 1.0));
        prop_assert!(cuped.adjust(&variation).unwrap().variance().unwrap() <= 1e-9 * variation.outcome().variance().unwrap());
    }

    #[test]
    fn a_split_does_not_depend_on_the_order_of_arms_or_the_size_of_weights(
        variations in proptest::collection::vec((0_u32..10_000, 0.1..10.0_f64), 2..6), scale in 0.01..100.0_f64
    ) {
        prop_assume!(variations.iter().any(|(count, _)| *count > 0));
        let split = |variations: &[(u32, f64)], scale: f64| {
            let (counts, weights): (Vec<f64>, Vec<f64>) =
                variations.iter().map(|(count, weight)| (f64::from(*count), weight * scale)).unzip();
            SampleRatio::test(&counts, &weights).unwrap()
        };
        let one = split(&variations, 1.0);
        let mut turned = variations;
        turned.reverse();
        let two = split(&turned, scale);
        prop_assert!(near(one.chi_squared, two.chi_squared, one.chi_squared.max(1.0)) && near(one.p, two.p, 1.0));
        prop_assert!((0.0..=1.0).contains(&one.p) && one.chi_squared >= 0.0);
    }

    #[test]
    fn a_bounded_mean_is_held_within_zero_and_one(values in proptest::collection::vec(0.0..=1.0_f64, 1..300)) {
        let mut sequence = EmpiricalBernstein::new(0.05).unwrap();
        for value in &values {
            let interval = sequence.observe(*value).unwrap();
            prop_assert!(0.0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1.0);
        }
        // The mean lies far within while values come in no order.
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        prop_assert!(sequence.interval().contains(mean), "{:?} {mean}", sequence.interval());
    }

    #[test]
    fn whatever_is_given_is_answered_by_sense_or_by_nothing(
        numbers in proptest::array::uniform6(hostile()), others in proptest::array::uniform6(hostile()), alpha in hostile()
    ) {
        let [n, y, yy, x, xx, xy] = numbers;
        let [other_n, other_y, other_yy, ..] = others;
        let chance = |p: f64| (0.0..=1.0).contains(&p);
        let ordered = |interval: Interval| interval.lower <= interval.upper && (interval.upper - interval.lower) >= 0.0;
        if let (Some(a), Some(b)) = (VariationSums::new(n, y, yy), VariationSums::new(other_n, other_y, other_yy)) {
            prop_assert!(a.variance().is_none_or(|variance| variance >= 0.0));
            if let Some(welch) = Welch::test(&a, &b) {
                prop_assert!(chance(welch.p) && welch.interval(alpha).is_none_or(ordered), "{welch:?}");
            }
            for difference in [Difference::between(&a, &b), Difference::relative(&a, &b)].into_iter().flatten() {
                prop_assert!(difference.standard_error > 0.0 && difference.z().is_finite());
                prop_assert!(Chance::of_difference(&difference).is_some_and(|found| chance(found.to_win)));
            }
        }
        let difference = Difference { estimate: y, standard_error: yy, n };
        prop_assert!(mixture_ratio_p(&difference, x).is_none_or(chance));
        if let Some(sequence) = Sequence::new(alpha, xx) {
            prop_assert!(sequence.p(&difference).is_none_or(chance) && sequence.interval(&difference).is_none_or(ordered));
            prop_assert!(sequence.e_value(&difference).is_none_or(|value| value >= 0.0 && value.is_finite()));
        }
        if let Some(rate) = Proportion::new(y, n) {
            prop_assert!(rate.wilson(alpha).is_none_or(ordered) && rate.sums().n() == n);
            if let Some(other) = Proportion::new(other_y, other_n) {
                prop_assert!(chance(Chance::of_rates(&rate, &other).to_win));
                prop_assert!(rate.pooled_test(&other).is_none_or(|test| chance(test.p)));
            }
        }
        let pairs: Vec<Paired> = [Paired::new(n, (y, yy), (x, xx), xy)].into_iter().flatten().collect();
        if let Some(cuped) = Cuped::learn(&pairs) {
            let adjusted = pairs.iter().filter_map(|variation| cuped.adjust(variation));
            prop_assert!(chance(cuped.explained) && adjusted.into_iter().all(|variation| variation.variance() >= Some(0.0)));
        }
        prop_assert!(SampleRatio::test(&numbers, &others).is_none_or(|split| chance(split.p)));
    }
}

/// Any double at all, or one that is often trouble.
fn hostile() -> impl Strategy<Value = f64> {
    let known = [0.0, -0.0, 1.0, 2.0, 0.05, 0.5, 10.0, 1e6, 1e9, 9e15, 1e154, 1e300, f64::MAX, f64::MIN_POSITIVE, -1.0];
    prop_oneof![
        3 => proptest::sample::select(known.to_vec()),
        2 => proptest::num::f64::ANY,
        2 => 0.0..1_000.0_f64,
        1 => (0_u32..100).prop_map(f64::from),
    ]
}
