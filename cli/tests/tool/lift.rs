//! `tailorbird lift` and `tailorbird evaluate peeking` from outside.

use serde_json::{Value, json};

use crate::{Ran, file, tailorbird};

fn lift(name: &str, rows: &str, more: &[&str]) -> Ran {
    let results = file(name, rows);
    tailorbird(&[&["lift", "--in", &results], more].concat())
}

fn told(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((found / expected - 1.0).abs() < 1e-10, "{found}, expected {expected}");
}

#[test]
fn for_a_person_it_is_a_table() {
    let ran = lift("table.csv", "variation,n,sum,sum_squares\nA,1000,100,100\nB,1000,130,130\nC,900,0,0\n", &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (first, rest) = ran.out.split_once('\n').unwrap();
    assert!(first.ends_with("table.csv: 3 variations"), "{first}");
    let expected = "
  variation  visitors  mean
  A              1000   0.1  control
  B              1000  0.13
  C               900     0

split as intended, as far as can be seen (chi² 6.897, p 0.0318)

B against A
  difference     +0.03
  relative lift  +30 % (95 %: -1.918 % to +61.92 %)
  for one look   95 %: +0.002037 to +0.05796 (Welch, p 0.0355)
  at every look  95 %: -0.01452 to +0.07452 (p 0.3789): no difference is shown
  chance to win  98.22 %, both rates with a Beta(1, 1) prior
  expected loss  0.00009237 a visitor, if it is chosen

C against A
  difference     -0.1
  relative lift  -100 %
  for one look   95 %: -0.1186 to -0.08137 (Welch, p 1.102e-24)
  at every look  95 %: -0.1297 to -0.07026 (p 1.523e-18): a difference is shown
  chance to win  below 0.01 %, both rates with a Beta(1, 1) prior
  expected loss  0.09969 a visitor, if it is chosen

Each variation is compared by itself; nothing corrects for how many there are.
";
    assert_eq!(rest, expected);
}

#[test]
fn as_json_it_is_one_object_with_the_figures_of_the_core() {
    // By mpmath 1.3, as in tests/lift/figures.json.
    let rows = "variation,n,sum,sum_squares\nnew,398,51,51\nold,412,37,37\n";
    let told = told(&lift("figures.csv", rows, &["--json", "--control", "old"]));
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&told), "alpha tuned_for control sample_ratio cuped variations comparisons");
    assert_eq!((&told["alpha"], &told["control"], &told["cuped"]), (&json!(0.05), &json!("old"), &Value::Null));
    let [one] = told["comparisons"].as_array().unwrap().as_slice() else { panic!("one comparison: {told}") };
    assert_eq!(
        keys(one),
        "variation difference standard_error relative relative_interval interval welch sequence sequence_p e_value \
         chance_to_win expected_loss posterior cuped"
    );
    assert_eq!((&one["variation"], &one["posterior"], &one["cuped"]), (&json!("new"), &json!("beta"), &Value::Null));
    close(&one["difference"], 0.038_334_878_274_869_49);
    close(&one["standard_error"], 0.021_888_468_126_023_87);
    close(&one["relative"], 0.038_334_878_274_869_49 * 412.0 / 37.0);
    close(&one["interval"][0], -0.004_685_715_308_565_338);
    close(&one["interval"][1], 0.081_355_471_858_304_32);
    close(&one["welch"]["t"], 1.749_202_678_786_267_6);
    close(&one["welch"]["degrees"], 780.079_775_963_854_8);
    close(&one["welch"]["p"], 0.080_649_251_547_434_2);
    close(&one["sequence"][0], 0.038_334_878_274_869_49 - 0.076_206_250_443_762_64);
    close(&one["sequence"][1], 0.038_334_878_274_869_49 + 0.076_206_250_443_762_64);
    close(&one["e_value"], 1.567_272_601_320_791_4);
    close(&one["sequence_p"], 0.638_051_095_359_714_4);
    close(&one["chance_to_win"], 0.959_676_118_404_488_8);
    close(&one["expected_loss"], 3.581_975_536_484_022e-4);
    assert_eq!(told["sample_ratio"]["alarm"], json!(false));
    assert_eq!(told["variations"][0]["n"], json!(398));
}

#[test]
fn a_smaller_alpha_is_a_wider_interval() {
    let rows = "variation,n,sum,sum_squares\nA,500,2500,15000\nB,520,2700,16000\n";
    let width = |alpha: &str| {
        let told = told(&lift("alpha.csv", rows, &["--json", "--alpha", alpha]));
        let one = &told["comparisons"][0];
        assert_eq!(one["posterior"], json!("normal"), "values are not 0 and 1");
        ["interval", "sequence", "relative_interval"]
            .map(|key| one[key][1].as_f64().unwrap() - one[key][0].as_f64().unwrap())
    };
    for (narrow, wide) in width("0.1").into_iter().zip(width("0.01")) {
        assert!(narrow < wide, "{narrow} {wide}");
    }
}

#[test]
fn a_wrong_split_is_told_first_and_in_words() {
    let even = "variation,n,sum,sum_squares,weight\nA,5000,500,500,1\nB,5400,560,560,1\n";
    let ran = lift("split.csv", even, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let warning = ran.out.find("WARNING: the visitors are not split as intended (chi² 15.38, p 0.00008").unwrap();
    assert!(warning < ran.out.find("B against A").unwrap(), "{}", ran.out);
    assert_eq!(told(&lift("split.csv", even, &["--json"]))["sample_ratio"]["alarm"], json!(true));

    let meant = even.replace("5000,500,500,1\n", "5000,500,500,50\n").replace("560,560,1\n", "560,560,54\n");
    let ran = lift("meant.csv", &meant, &[]);
    assert!(ran.out.contains("split as intended, as far as can be seen (chi² 0, p 1)"), "{}", ran.out);
}

#[test]
fn what_was_known_before_is_taken_out() {
    // Five and four visitors; the slope within the arms is 29/24, by hand.
    let rows = "variation,n,sum,sum_squares,x_sum,x_sum_squares,xy_sum\nA,5,16,66,10,30,44\nB,4,18,102,8,30,53\n";
    let told = told(&lift("cuped.csv", rows, &["--json"]));
    close(&told["cuped"]["theta"], 29.0 / 24.0);
    close(&told["cuped"]["explained"], 4_205.0 / 4_296.0);
    let one = &told["comparisons"][0];
    close(&one["difference"], 1.3);
    close(&one["cuped"]["difference"], 1.3);
    let squared = 577.0 / 5_760.0 / 5.0 + 103.0 / 864.0 / 4.0;
    close(&one["cuped"]["welch"]["t"], 1.3 / f64::sqrt(squared));
    assert!(one["cuped"]["welch"]["p"].as_f64() < one["welch"]["p"].as_f64());
    let ran = lift("cuped.csv", rows, &[]);
    assert!(
        ran.out.contains("  after CUPED, which explains 97.88 % of the variance\n  difference     +1.3\n"),
        "{}",
        ran.out
    );
}

#[test]
fn what_cannot_be_said_yet_is_no_failure() {
    let rows = "variation,n,sum,sum_squares\nA,0,0,0\nB,1,1,1\nC,3,0,0\n";
    let ran = lift("early.csv", rows, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("  difference     not enough data yet\n"), "{}", ran.out);
    let told = told(&lift("early.csv", rows, &["--json", "--control", "C"]));
    let [nobody, one] = told["comparisons"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!((&nobody["difference"], &nobody["welch"]), (&Value::Null, &Value::Null));
    assert_eq!((&one["difference"], &one["interval"], &one["sequence"]), (&json!(1.0), &Value::Null, &Value::Null));
    assert_eq!(told["variations"][0]["mean"], Value::Null);
}

#[test]
fn every_problem_is_named_with_its_line_and_nothing_is_computed() {
    let head = "variation,n,sum,sum_squares,weight\n";
    let cases = [
        ("A,1000,100,100,1\nA,1000,130,130,1\n", vec!["line 3: variation is \"A\", as in a row before"]),
        (
            ",-5,many,-1,0\nB,1000,130\nC,10.5,1,1,1\n",
            vec![
                "line 2: n is \"-5\", expected a whole number from 0 to 9007199254740992",
                "line 2: sum is \"many\", expected a number",
                "line 2: sum_squares is \"-1\", expected a number, at least 0",
                "line 2: weight is \"0\", expected a number above 0",
                "line 2: variation is empty, expected a name",
                "line 3: has 3 fields, expected 5",
                "line 4: n is \"10.5\", expected a whole number from 0 to 9007199254740992",
            ],
        ),
        ("A,10,NaN,inf,1\n", vec!["line 2: sum is \"NaN\", expected", "line 2: sum_squares is \"inf\", expected"]),
        (
            "A,10,50,200,1\nB,0,5,5,1\n",
            vec![
                "line 2: sum_squares is 200, expected at least sum² / n, which is 250",
                "line 3: sum_squares is 5, expected no sum and no squares of no visitors",
            ],
        ),
        ("\"A,10,5,5,1\n", vec!["line 2: opens a quotation mark and does not close it"]),
    ];
    for (place, (rows, problems)) in cases.into_iter().enumerate() {
        let name = format!("bad-results-{place}.csv");
        let ran = lift(&name, &format!("{head}{rows}"), &["--json"]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{rows}");
        let lines: Vec<&str> = ran.err.lines().collect();
        assert_eq!(lines.len(), problems.len(), "{lines:#?}");
        for (line, problem) in lines.iter().zip(problems) {
            assert!(line.contains(&format!("{name}, {problem}")), "{line}, expected {problem}");
        }
    }
}

#[test]
fn a_file_that_holds_no_experiment_is_refused() {
    let cases = [
        ("", "holds no variation, expected at least two"),
        ("variation,n,sum,sum_squares\n", "holds no variation, expected at least two"),
        ("variation,n,sum,sum_squares\nA,1,1,1\n", "holds one variation, expected at least two"),
        (
            "variation,n,sum\nA,1,1\n",
            "line 1: the header has no column sum_squares, expected variation,n,sum,sum_squares",
        ),
        ("variation,n,n,sum,sum_squares\n", "line 1: the header has two columns n, expected one"),
        (
            "variation,n,sum,sum_squares,x_sum\n",
            "line 1: the header has some of the columns x_sum,x_sum_squares,xy_sum, expected all or none",
        ),
        (
            "variation,n,sum,sum_squares,x_sum,x_sum_squares,xy_sum\nA,3,6,14,3,2,8\nB,3,6,14,3,5,8\n",
            "line 2: x_sum_squares is 2, expected at least x_sum² / n, which is 3",
        ),
        (
            "variation,n,sum,sum_squares,x_sum,x_sum_squares,xy_sum\nA,3,6,14,3,5,9\nB,3,6,14,3,5,8\n",
            "line 2: xy_sum is 9, expected a sum of products that values with these squares can have",
        ),
    ];
    for (place, (rows, problem)) in cases.into_iter().enumerate() {
        let ran = lift(&format!("no-experiment-{place}.csv"), rows, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{rows}");
        assert!(ran.err.trim_end().ends_with(problem), "{}", ran.err);
    }
}

#[test]
fn a_hundred_problems_are_named_and_the_rest_is_counted() {
    let rows = "A,x,1,1\n".repeat(130);
    let ran = lift("many-problems.csv", &format!("variation,n,sum,sum_squares\n{rows}"), &[]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 101));
    assert!(ran.err.trim_end().ends_with("many-problems.csv: ... and 30 more"), "{}", ran.err);
}

#[test]
fn wrong_use_of_lift_and_peeking_ends_with_2() {
    let results = file("two-arms.csv", "variation,n,sum,sum_squares\nA,10,1,1\nB,10,2,2\n");
    let cases: [(&[&str], &str); 9] = [
        (&["lift"], "--in <FILE.csv>"),
        (&["lift", "--in", "no-such-file.csv"], "no-such-file.csv: cannot be read"),
        (&["lift", "--in", env!("CARGO_MANIFEST_DIR")], "is a folder, expected a file"),
        (&["lift", "--in", &results, "--control", "Z"], "--control is \"Z\", expected one of A, B"),
        (&["lift", "--in", &results, "--alpha", "1"], "expected a number above 0 and below 1"),
        (&["evaluate"], "peeking"),
        (
            &["evaluate", "peeking", "--every", "300", "--visitors", "200"],
            "--every is 300, expected at most --visitors 200",
        ),
        (&["evaluate", "peeking", "--rate", "0"], "expected a number above 0 and below 1"),
        (&["evaluate", "peeking", "--tests", "0"], "0 is not in 1.."),
    ];
    for (words, hint) in cases {
        let ran = tailorbird(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}

#[test]
fn whoever_peeks_is_misled_by_the_interval_for_one_look_and_not_by_the_sequence() {
    let ran = tailorbird(&["evaluate", "peeking", "--tests", "300", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
    let expected = ["tests", "visitors", "every", "looks", "rate", "alpha", "tuned_for", "seed"];
    assert_eq!(keys, [&expected[..], &["sequence", "fixed", "fixed_at_the_last_look"]].concat());
    assert_eq!((&told["visitors"], &told["looks"]), (&json!(20_000), &json!(200)));
    let share = |key: &str| told[key]["share"].as_f64().unwrap();
    // Over 40,000 tests these are 2.6 %, 42.8 % and 5.1 %.
    assert!((0.003..=0.05).contains(&share("sequence")), "{told}");
    assert!((0.30..0.55).contains(&share("fixed")), "{told}");
    assert!((0.02..0.09).contains(&share("fixed_at_the_last_look")), "{told}");
}

#[test]
fn a_seed_gives_the_same_visitors_again_and_another_seed_others() {
    let peek = |seed: &str| {
        let ran = tailorbird(&["evaluate", "peeking", "--tests", "200", "--visitors", "2000", "--seed", seed]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out.lines().skip(3).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(peek("7"), peek("7"));
    assert_ne!(peek("7"), peek("8"));
    assert!(peek("7").starts_with("false alarms\n  confidence sequence, at any look "), "{}", peek("7"));
}
