use super::*;
use crate::codec::round_trip;
use proptest::prelude::*;

fn rule(experiment: &str, epsilon: f64) -> ReportRule {
    ReportRule {
        experiment: experiment.into(),
        goal: "select_item".into(),
        epsilon,
        window_ms: 7 * DAY,
        bands: Vec::new(),
    }
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_ms(20_000 * DAY + day * DAY)
}

fn entry(day: i64, experiment: &str, step: ReportStep) -> Entry {
    Entry { number: 1, at: at(day), event: JournalEvent::Report(experiment.into(), step) }
}

fn begun(key: u64) -> ReportStep {
    ReportStep::Begun("boots".into(), NoiseKey(key, 1))
}

fn folded(steps: &[(i64, &str, ReportStep)]) -> Reports {
    let mut reports = Reports::default();
    steps.iter().for_each(|(day, experiment, step)| reports.fold(&entry(*day, experiment, step.clone())));
    reports
}

/// Hands out what is due, and answers it.
fn hand_out(reports: &mut Reports, rules: &[ReportRule], day: i64) -> Vec<Report> {
    let mut handed_out = Vec::new();
    while let Some(report) = reports.next_due(rules, at(day)) {
        reports.fold(&entry(day, &report.experiment, ReportStep::HandedOut(report.epsilon)));
        handed_out.push(report);
    }
    handed_out
}

#[test]
fn a_report_is_due_on_a_fixed_day_whatever_happened() {
    let rules = [rule("hero", 2.0)];
    let reached = (3, "hero", ReportStep::Reached(1.0));
    for steps in [vec![(0, "hero", begun(1))], vec![(0, "hero", begun(1)), reached]] {
        let mut reports = folded(&steps);
        assert_eq!(reports.next_due(&rules, at(6)), None, "not before seven days have passed");
        assert_eq!(hand_out(&mut reports, &rules, 7).len(), 1);
        assert_eq!(hand_out(&mut reports, &rules, 8).len(), 0, "and once");
    }
}

#[test]
fn what_is_reached_counts_within_the_window_and_only_where_it_says_something_new() {
    let (plain, banded) = (rule("hero", 2.0), ReportRule { bands: vec![20.0, 50.0], ..rule("hero", 2.0) });
    let reports = folded(&[(0, "hero", begun(1))]);
    assert!(reports.counts(&plain, 0.0, at(0)) && reports.counts(&plain, 0.0, at(7)));
    assert!(!reports.counts(&plain, 0.0, at(8)), "too late");
    assert!(!reports.counts(&plain, 0.0, at(-1)), "the clock was set back");
    assert!(!reports.counts(&rule("other", 2.0), 0.0, at(1)), "of which no outcome is awaited");
    let reports = folded(&[(0, "hero", begun(1)), (1, "hero", ReportStep::Reached(30.0))]);
    assert!(!reports.counts(&plain, 90.0, at(2)), "reached is reached");
    assert!(!reports.counts(&banded, 10.0, at(2)), "of several the largest counts");
    assert!(!reports.counts(&banded, 49.0, at(2)), "in the same band");
    assert!(reports.counts(&banded, 50.0, at(2)));
}

#[test]
fn the_ledger_refuses_the_report_beyond_its_limit_until_there_is_room_again() {
    let names = ["a", "b", "c", "d"];
    let steps: Vec<(i64, &str, ReportStep)> = names.iter().map(|name| (0, *name, begun(1))).collect();
    let rules: Vec<ReportRule> = names.iter().map(|name| rule(name, 2.0)).collect();
    let mut reports = folded(&steps);
    let experiments = |reports: Vec<Report>| reports.into_iter().map(|report| report.experiment).collect::<Vec<_>>();
    assert_eq!(experiments(hand_out(&mut reports, &rules, 7)), ["a", "b", "c"], "three times 2 are 6");
    assert_eq!(experiments(hand_out(&mut reports, &rules, 36)), [""; 0], "29 days later");
    assert_eq!(experiments(hand_out(&mut reports, &rules, 37)), ["d"], "30 days later there is room again");
}

#[test]
fn a_report_that_is_too_expensive_does_not_stand_in_the_way_of_a_cheaper_one() {
    let rules = [rule("a", 4.0), rule("b", 4.0), rule("c", 2.0)];
    let mut reports = folded(&[(0, "a", begun(1)), (0, "b", begun(2)), (0, "c", begun(3))]);
    let experiments: Vec<String> = hand_out(&mut reports, &rules, 7).into_iter().map(|one| one.experiment).collect();
    assert_eq!(experiments, ["a", "c"]);
}

#[test]
fn who_does_not_allow_measuring_is_not_reported_on_later_either() {
    let rules = [rule("hero", 2.0)];
    let dropped = (3, "hero", ReportStep::Dropped);
    let mut reports = folded(&[(0, "hero", begun(1)), dropped, (4, "hero", begun(2))]);
    assert_eq!(hand_out(&mut reports, &rules, 30), []);
    assert!(!reports.may_begin("hero"));
}

#[test]
fn a_visitor_with_two_devices_is_reported_on_where_it_began_first() {
    let rules = [rule("hero", 2.0)];
    let [first, second] = [folded(&[(0, "hero", begun(1))]), folded(&[(1, "hero", begun(2))])];
    let merged = |ours: &Reports, theirs: &Reports| {
        let mut merged = ours.clone();
        merged.merge(theirs.clone());
        merged
    };
    assert_eq!(hand_out(&mut merged(&first, &second), &rules, 9).len(), 1);
    assert_eq!(hand_out(&mut merged(&second, &first), &rules, 9).len(), 0);
    assert_eq!(hand_out(&mut merged(&Reports::default(), &first), &rules, 9).len(), 0, "it is made over there");
    let mut done = first.clone();
    hand_out(&mut done, &rules, 9);
    assert_eq!(hand_out(&mut merged(&second, &done), &rules, 9).len(), 0, "it was made over there");
    let spent = merged(&folded(&[(0, "also", begun(3))]), &done);
    assert!(spent.affords(4.0, at(9)) && !spent.affords(4.1, at(9)), "and is charged here as well");
}

#[test]
fn beyond_its_limit_no_further_experiment_is_reported() {
    let mut reports = Reports::default();
    for number in 0..LIMIT {
        assert!(reports.may_begin(&format!("e{number}")));
        reports.fold(&entry(0, &format!("e{number}"), begun(1)));
    }
    assert!(!reports.may_begin("one more"));
    reports.fold(&entry(0, "one more", begun(1)));
    assert_eq!(reports.0.len(), LIMIT);
}

#[test]
fn what_was_handed_out_is_kept_without_what_it_said() {
    let mut reports = folded(&[(0, "hero", begun(1)), (1, "hero", ReportStep::Reached(1.0))]);
    hand_out(&mut reports, &[rule("hero", 2.0)], 7);
    let readable = serde_json::to_value(reports.readable()).unwrap();
    let expected = serde_json::json!([{"experiment": "hero", "stage": "handed-out", "at": at(7).ms() as f64,
        "variation": null, "reached": null, "epsilon": 2.0}]);
    assert_eq!(readable, expected);
}

/// Any step of a report, on one of two experiments.
fn step() -> impl Strategy<Value = (i64, &'static str, ReportStep)> {
    let step = prop_oneof![
        any::<u64>().prop_map(begun),
        (0.0..100.0_f64).prop_map(ReportStep::Reached),
        Just(ReportStep::HandedOut(2.0)),
        Just(ReportStep::Dropped),
    ];
    (0..40_i64, prop_oneof![Just("hero"), Just("also")], step)
}

proptest! {
    /// A hundred sessions of a visitor reveal what one report does: whatever the order in which tabs ask, each time
    /// without knowing of the others, all of them get the same.
    #[test]
    fn the_noise_is_permanent(
        key: u64, reached: bool, bands in 0..62_usize, days in prop::collection::vec(7..300_i64, 100)
    ) {
        let bands = (1..=bands).map(|end| end as f64).collect();
        let rules = [ReportRule { bands, ..rule("hero", 2.0) }];
        let mut steps = vec![(0, "hero", begun(key))];
        steps.extend(reached.then_some((1, "hero", ReportStep::Reached(9.0))));
        let stale = folded(&steps);
        let responses: Vec<Response> =
            days.iter().filter_map(|day| Some(stale.next_due(&rules, at(*day))?.response)).collect();
        prop_assert_eq!(responses.len(), 100);
        prop_assert!(responses.iter().all(|response| *response == responses[0]));
        let mut reports = stale;
        prop_assert_eq!(days.iter().map(|day| hand_out(&mut reports, &rules, *day).len()).sum::<usize>(), 1);
    }

    /// Whatever happens, and whenever anybody asks: in no 30 days more than 6 is spent, and no experiment twice.
    #[test]
    fn the_budget_holds(
        begins in prop::collection::vec((0..60_i64, 1..=8_u32), 1..30),
        mut days in prop::collection::vec(0..120_i64, 1..40)
    ) {
        days.sort_unstable();
        let names: Vec<String> = (0..begins.len()).map(|number| format!("e{number}")).collect();
        let rules: Vec<ReportRule> =
            names.iter().zip(&begins).map(|(name, (_, halves))| rule(name, f64::from(*halves) / 2.0)).collect();
        let mut reports = Reports::default();
        names.iter().zip(&begins).for_each(|(name, (day, _))| reports.fold(&entry(*day, name, begun(1))));
        let mut spent: Vec<(i64, Report)> = Vec::new();
        for day in days {
            spent.extend(hand_out(&mut reports, &rules, day).into_iter().map(|report| (day, report)));
        }
        for (last, _) in &spent {
            let within = spent.iter().filter(|(day, _)| (0..30).contains(&(last - day)));
            prop_assert!(within.map(|(_, report)| report.epsilon).sum::<f64>() <= 6.0 + 1e-6);
        }
        let mut experiments: Vec<&str> = spent.iter().map(|(_, report)| report.experiment.as_str()).collect();
        experiments.sort_unstable();
        experiments.dedup();
        prop_assert_eq!(experiments.len(), spent.len());
    }

    /// What the site gets has the same fields of the same kinds, whatever happened.
    #[test]
    fn a_report_has_a_constant_shape(key: u64, reached in prop::option::of(0.0..1e6_f64), bands in 0..62_usize) {
        let bands: Vec<f64> = (1..=bands).map(|end| end as f64).collect();
        let rules = [ReportRule { bands, ..rule("hero", 1.0) }];
        let mut steps = vec![(0, "hero", begun(key))];
        steps.extend(reached.map(|value| (1, "hero", ReportStep::Reached(value))));
        let report = folded(&steps).next_due(&rules, at(7)).unwrap().to_object();
        let keys: Vec<&str> = report.iter().map(|(key, _)| key).collect();
        prop_assert_eq!(keys, ["schema", "experiment", "variation", "outcomes", "outcome", "epsilon", "day"]);
        let outcomes = rules[0].outcomes();
        match report.get("outcome") {
            Some(Value::Number(outcome)) => prop_assert!(outcomes <= 10 && *outcome < f64::from(outcomes)),
            Some(Value::Text(bits)) => prop_assert!(outcomes > 10 && bits.len() == outcomes as usize),
            other => prop_assert!(false, "{other:?}"),
        }
        prop_assert_eq!(report.get("day").map(Value::text), Some("2024-10-11"));
    }

    #[test]
    fn reports_survive_their_snapshot(steps in prop::collection::vec(step(), 0..20)) {
        let mut reports = folded(&steps);
        prop_assert_eq!(round_trip(&mut reports, Reports::code), reports);
    }
}
