//! Off-policy evaluation: known figures, and what holds of any log.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use proptest::prelude::*;
use tailorbird_cli::chance::{Chance, share_of};
use tailorbird_cli::statistics::off_policy::{Estimates, Logged, Settings};

/// Few draws: most laws are not about intervals.
const FEW: Settings = Settings { max_weight: 100.0, draws: 20, seed: 0 };

/// A reward, its propensity, and the other policy's probability of the same choice.
type Row = (f64, f64, f64);

/// Each row is a visitor of its own.
fn log(rows: &[Row]) -> Vec<Logged> {
    rows.iter().zip(0..).map(|((reward, p, pi), visitor)| Logged::new(visitor, *reward, *p, *pi).unwrap()).collect()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((-5.0..5.0_f64, 0.05..=1.0_f64, 0.0..=1.0_f64), 1..60)
}

#[test]
fn estimates_are_those_computed_by_hand() {
    let rows = [(1.0, 0.5, 1.0), (0.0, 0.25, 0.5), (1.0, 0.25, 0.0), (1.0, 0.8, 0.4)];
    let models = [(0.5, 0.5), (0.25, 0.75), (0.5, 0.25), (0.0, 0.5)];
    let logged: Vec<Logged> =
        log(&rows).iter().zip(models).map(|(one, (shown, policy))| one.with_model(shown, policy).unwrap()).collect();
    let found = Estimates::of(&logged, FEW).unwrap();
    // Weights 2, 2, 0 and 0.5.
    assert_eq!((found.decisions, found.visitors, found.clipped), (4, 4, 0));
    assert_eq!(found.logged.value, 0.75);
    assert_eq!(found.ips.value, 2.5 / 4.0);
    assert_eq!(found.snips.unwrap().value, 2.5 / 4.5);
    assert_eq!(found.dm.value, 0.5);
    assert_eq!(found.dr.value, 0.5 + (2.0 * 0.5 - 2.0 * 0.25 + 0.5) / 4.0);
    assert_eq!(found.mean_weight.value, 4.5 / 4.0);
    assert_eq!(found.effective_sample, 4.5 * 4.5 / 8.25);
    assert_eq!(found.effective_rewards, 2.5 * 2.5 / 4.25);
    let clipped = Estimates::of(&logged, Settings { max_weight: 1.0, ..FEW }).unwrap();
    assert_eq!((clipped.clipped, clipped.ips.value), (2, 1.5 / 4.0));
}

#[test]
fn numbers_that_no_log_can_have_are_refused() {
    for (reward, propensity, evaluated, why) in [
        (1.0, 0.0, 0.5, "a choice that cannot have been made"),
        (1.0, -0.1, 0.5, "below 0"),
        (1.0, 1.000_001, 0.5, "above 1"),
        (1.0, f64::NAN, 0.5, "unknown"),
        (f64::INFINITY, 0.5, 0.5, "endless"),
        (1.0, 0.5, 1.5, "above 1"),
        (1.0, 0.5, -0.5, "below 0"),
        (1.0, 1e-320, 1.0, "the weight is not finite"),
    ] {
        assert_eq!(Logged::new(0, reward, propensity, evaluated), None, "{why}");
    }
    assert_eq!(log(&[(1.0, 0.5, 0.5)])[0].with_model(f64::NAN, 0.0), None);
    assert_eq!(Estimates::of(&[], FEW), None);
    assert_eq!(Estimates::of(&log(&[(1.0, 0.5, 0.5)]), Settings { max_weight: 0.5, ..FEW }), None);
}

#[test]
fn a_log_that_never_shows_what_the_policy_chooses_says_nothing() {
    let never = Estimates::of(&log(&[(1.0, 1.0, 0.0); 500]), FEW).unwrap();
    assert_eq!((never.ips.value, never.snips, never.effective_sample), (0.0, None, 0.0));
    assert!(never.says_little() && never.is_unsupported());
    // It shows half of what the policy chooses: 500 decisions, every second one as the policy's.
    let half: Vec<Row> = (0..500).map(|number| (1.0, 1.0, f64::from(number % 2))).collect();
    let half = Estimates::of(&log(&half), FEW).unwrap();
    assert!(!half.says_little() && half.is_unsupported(), "{half:?}");
    let all = Estimates::of(&log(&[(1.0, 0.3, 0.3); 500]), FEW).unwrap();
    assert!(!all.says_little() && !all.is_unsupported(), "{all:?}");
}

#[test]
fn rewards_whose_squares_are_not_finite_say_little() {
    let found = Estimates::of(&log(&[(1e200, 0.5, 0.5); 500]), FEW).unwrap();
    assert!(found.says_little() && found.effective_rewards == 0.0, "{found:?}");
    assert_eq!(Estimates::of(&log(&[(f64::MAX, 0.5, 0.5); 2]), FEW), None, "nor is the sum");
}

#[test]
fn many_decisions_with_few_rewards_say_little() {
    for (rewards, expected) in [(9, true), (10, false)] {
        let rows: Vec<Row> = (0..500).map(|number| (f64::from(u8::from(number < rewards)), 0.5, 0.5)).collect();
        let found = Estimates::of(&log(&rows), FEW).unwrap();
        assert_eq!(found.says_little(), expected, "{rewards} rewards: {found:?}");
    }
    for (decisions, expected) in [(199, true), (200, false)] {
        let found = Estimates::of(&log(&vec![(1.0, 0.5, 0.5); decisions]), FEW).unwrap();
        assert_eq!(found.says_little(), expected, "{decisions} decisions: {found:?}");
    }
}

#[test]
fn decisions_of_one_visitor_are_drawn_together() {
    let rewards = |number: u32| f64::from(u8::from(number < 20));
    let of = |visitors: u32| -> Vec<Logged> {
        (0..40).map(|number| Logged::new(number / (40 / visitors), rewards(number), 0.5, 0.5).unwrap()).collect()
    };
    let settings = Settings { draws: 400, ..FEW };
    let width = |visitors| {
        let interval = Estimates::of(&of(visitors), settings).unwrap().ips.interval.unwrap();
        interval.upper - interval.lower
    };
    assert!(width(8) > 1.5 * width(40), "{} and {}", width(8), width(40));
    assert_eq!(Estimates::of(&of(1), settings).unwrap().ips.interval, None, "one visitor has no spread");
}

/// A log of 400 decisions between three variants, whose mean rewards are known, by a policy that leans to the first; and
/// another policy that leans to the last in one of two contexts. The model of the rewards is wrong.
fn simulated(number: u32) -> Vec<Logged> {
    const RATES: [[f64; 3]; 2] = [[0.2, 0.4, 0.6], [0.5, 0.3, 0.1]];
    const LOGGING: [f64; 3] = [0.5, 0.3, 0.2];
    const MODEL: [f64; 3] = [0.3, 0.3, 0.5];
    let mut chance = Chance::of(7, number);
    let decision = |visitor| {
        let context = chance.below(2);
        let draw = share_of(chance.next());
        let shown = if draw < 0.5 {
            0
        } else if draw < 0.8 {
            1
        } else {
            2
        };
        let reward = f64::from(u8::from(share_of(chance.next()) < RATES[context][shown]));
        let expected: f64 = EVALUATED[context].iter().zip(MODEL).map(|(pi, reward)| pi * reward).sum();
        let logged = Logged::new(visitor, reward, LOGGING[shown], EVALUATED[context][shown]).unwrap();
        logged.with_model(MODEL[shown], expected).unwrap()
    };
    (0..400).map(decision).collect()
}

const EVALUATED: [[f64; 3]; 2] = [[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]];
/// 0.5 (0.1 · 0.2 + 0.2 · 0.4 + 0.7 · 0.6) + 0.5 (0.6 · 0.5 + 0.3 · 0.3 + 0.1 · 0.1).
const TRUTH: f64 = 0.46;

#[test]
fn intervals_hold_the_truth_in_95_of_100_logs() {
    const LOGS: u32 = 400;
    let mut held = [0_u32; 3];
    let mut means = [0.0; 3];
    for number in 0..LOGS {
        let found = Estimates::of(&simulated(number), Settings { draws: 200, seed: 1, ..FEW }).unwrap();
        for (place, estimate) in [found.ips, found.snips.unwrap(), found.dr].iter().enumerate() {
            held[place] += u32::from(estimate.interval.unwrap().contains(TRUTH));
            means[place] += estimate.value / f64::from(LOGS);
        }
    }
    // 380 of 400 are 95 %; four standard deviations of that are 17.
    assert!(held.iter().all(|held| held.abs_diff(380) <= 17), "{held:?}");
    // One estimate deviates by about 0.04, the mean of 400 by 0.002; four of these.
    assert!(means.iter().all(|mean| (mean - TRUTH).abs() < 0.008), "{means:?}");
}

proptest! {
    #[test]
    fn of_the_policy_that_made_the_log_ips_is_the_mean_reward(rows in rows()) {
        let same: Vec<Row> = rows.iter().map(|(reward, p, _)| (*reward, *p, *p)).collect();
        let found = Estimates::of(&log(&same), FEW).unwrap();
        prop_assert_eq!(found.ips, found.logged);
        prop_assert_eq!(found.snips, Some(found.logged));
        prop_assert_eq!(found.dr, found.ips, "without a model");
        prop_assert_eq!(found.effective_sample, rows.len() as f64);
    }

    #[test]
    fn snips_does_not_depend_on_the_scale_of_the_weights(rows in rows(), scale in 0.1..1.0_f64) {
        let scaled: Vec<Row> = rows.iter().map(|(reward, p, pi)| (*reward, *p, pi * scale)).collect();
        let [one, other] = [rows, scaled].map(|rows| Estimates::of(&log(&rows), FEW).unwrap());
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * (1.0 + one.abs());
        prop_assert_eq!(one.snips.is_some(), other.snips.is_some());
        if let (Some(one), Some(other)) = (one.snips, other.snips) {
            prop_assert!(near(one.value, other.value), "{one:?} {other:?}");
        }
        prop_assert!(near(one.effective_sample, other.effective_sample));
        prop_assert!(near(one.ips.value * scale, other.ips.value));
    }

    #[test]
    fn where_rewards_are_those_of_the_model_dr_is_dm(rows in rows(), expected in -5.0..5.0_f64) {
        let modelled: Vec<Logged> = log(&rows)
            .iter()
            .zip(&rows)
            .map(|(one, (reward, ..))| one.with_model(*reward, expected + reward / 2.0).unwrap())
            .collect();
        let found = Estimates::of(&modelled, FEW).unwrap();
        prop_assert_eq!(found.dr, found.dm);
    }

    #[test]
    fn snips_stays_among_the_rewards_and_the_sample_below_the_log(rows in rows()) {
        let found = Estimates::of(&log(&rows), FEW).unwrap();
        let (least, most) = rows.iter().fold((f64::MAX, f64::MIN), |(least, most), row| (least.min(row.0), most.max(row.0)));
        if let Some(snips) = found.snips {
            prop_assert!(least - 1e-9 <= snips.value && snips.value <= most + 1e-9);
        }
        prop_assert!(found.effective_sample <= rows.len() as f64 * (1.0 + 1e-12));
    }

    #[test]
    fn the_order_of_a_log_tells_nothing_and_the_same_seed_the_same(rows in rows()) {
        let logged = log(&rows);
        let backwards: Vec<Logged> = logged.iter().rev().copied().collect();
        prop_assert_eq!(Estimates::of(&logged, FEW), Estimates::of(&backwards, FEW));
    }
}
