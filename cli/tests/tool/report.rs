//! `tailorbird report` and `tailorbird evaluate reports` from outside.

use serde_json::{Value, json};

use crate::duckdb::duckdb;
use crate::{Ran, file, tailorbird};

/// So many reports of one experiment on a variation, of which so many name the second of two outcomes.
fn reports(variation: &str, count: usize, named: usize) -> String {
    let line = |place: usize| {
        json!({"schema": 1, "experiment": "hero-test", "variation": variation, "outcomes": 2,
            "outcome": u8::from(place < named), "epsilon": 2, "day": "2026-03-09"})
        .to_string()
    };
    (0..count).map(|place| line(place) + "\n").collect()
}

fn report(name: &str, lines: &str, more: &[&str]) -> Ran {
    let path = file(name, lines);
    tailorbird(&[&["report", "--in", &path], more].concat())
}

fn told(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((found / expected - 1.0).abs() < 1e-9, "{found}, expected {expected}");
}

#[test]
fn for_a_person_it_is_a_table_with_a_verdict_and_priors() {
    let lines = [reports("control", 5_000, 1_000), reports("boots", 5_000, 1_250)].concat();
    let ran = report("person.ndjson", &lines, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (first, rest) = ran.out.split_once('\n').unwrap();
    assert!(first.ends_with("person.ndjson: 10000 reports"), "{first}");
    // By Python: the flip of 1 / (1 + e^2), Wilson's interval of the responses, and the delta method.
    let expected = "
hero-test: 10000 reports, epsilon 2, 2026-03-09 to 2026-03-09

  variation  reports  reached
  boots         5000  17.17 %  95 %: 15.62 % to 18.77 %
  control       5000  10.61 %  95 %: 9.184 % to 12.09 %  control

split as intended, as far as can be seen (chi² 0, p 1)

boots against control
  difference     +6.565 points (95 %: +4.42 to +8.711)
  relative lift  +61.88 % (95 %: +35.16 to +88.61)
  detectable     3.067 points, with probability 0.8
  verdict        boots is better than control

priors, for the variants of these ids
  \"boots\": {\"prior\":{\"weights\":{\"intercept\":-1.573},\"precisions\":{\"intercept\":313.966},\"observations\":2200.0}}
  \"control\": {\"prior\":{\"weights\":{\"intercept\":-2.131},\"precisions\":{\"intercept\":164.016},\"observations\":1719.0}}
";
    assert_eq!(rest, expected);
}

#[test]
fn as_json_it_is_one_object() {
    let lines = [reports("control", 5_000, 1_000), reports("boots", 4_000, 1_000)].concat();
    let told = told(&report("object.ndjson", &lines, &["--json", "--weights", "control=5,boots=4"]));
    assert_eq!((&told["reports"], &told["left_out"]), (&json!(9_000), &json!(0)));
    let [experiment] = told["experiments"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(experiment["control"], json!("control"));
    assert_eq!(experiment["sample_ratio"]["p"], json!(1.0), "split as the weights say");
    let flip = 1.0 / (1.0 + 2.0_f64.exp());
    close(&experiment["variations"][0]["reached"]["estimate"], (0.25 - flip) / (1.0 - 2.0 * flip));
    let error = (0.25 * 0.75 / 4_000.0_f64).sqrt() / (1.0 - 2.0 * flip);
    close(&experiment["variations"][0]["reached"]["standard_error"], error);
    let comparison = &experiment["comparisons"][0];
    close(&comparison["difference"], 0.05 / (1.0 - 2.0 * flip));
    assert_eq!((&comparison["variation"], &comparison["verdict"]), (&json!("boots"), &json!("better")));
    assert_eq!(experiment["variations"][0]["outcomes"].as_array().unwrap().len(), 2);
}

#[test]
fn a_difference_below_what_can_be_seen_gets_no_verdict() {
    let lines = [reports("control", 5_000, 1_000), reports("boots", 5_000, 1_080)].concat();
    let ran = report("small.ndjson", &lines, &[]);
    let verdict = ran.out.lines().find(|line| line.contains("verdict")).unwrap();
    assert!(verdict.contains("none: so many reports do not show a difference of this size"), "{verdict}");
    assert!(verdict.contains("that takes "), "{verdict}");
}

#[test]
fn a_split_that_is_wrong_is_a_warning_and_leaves_no_verdict() {
    let lines = [reports("control", 5_000, 1_000), reports("boots", 4_000, 1_200)].concat();
    let ran = report("split.ndjson", &lines, &[]);
    assert!(ran.out.contains("WARNING: the reports are not split as intended"), "{}", ran.out);
    assert!(ran.out.contains("none: visitors are not split as intended"), "{}", ran.out);
}

#[test]
fn lines_that_are_no_reports_are_named_counted_and_left_out() {
    let lines = format!("{}no json\n{{\"schema\": 2}}\n\n", reports("control", 3, 1));
    let ran = report("odd.ndjson", &lines, &["--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("odd.ndjson, line 4: is no JSON"), "{}", ran.err);
    assert!(ran.err.contains("odd.ndjson, line 5: schema is 2, expected 1"), "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&told["reports"], &told["left_out"]), (&json!(3), &json!(2)));
    let none = report("none.ndjson", "no json\n", &[]);
    assert_eq!(none.code, 1, "{none:?}");
    assert!(none.err.contains("none.ndjson: holds no report"), "{none:?}");
}

#[test]
fn the_page_has_plots_and_no_script_whatever_keys_say() {
    let odd = reports("<script>alert(1)</script>", 900, 200);
    let path = file("page.ndjson", [reports("control", 900, 200), odd].concat());
    let page = file("page.html", "");
    let ran = tailorbird(&["report", "--in", &path, "--html", &page]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let html = std::fs::read_to_string(page).unwrap();
    assert_eq!(html.matches("<svg").count(), 2, "the shares and the difference");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    assert!(!html.contains("http://") || html.matches("http://").count() == html.matches("http://www.w3.org").count());
}

/// Lines that readers of JSON, or of lines, may disagree about, between good ones.
fn hostile() -> Vec<u8> {
    let good = reports("control", 7, 3);
    let line = good.lines().next().unwrap();
    let odd = |from: &str, to: &str| format!("{}\n", line.replacen(from, to, 1));
    let mut all = good.clone().into_bytes();
    for text in [
        odd("control", "\\u0063ontrol"),
        odd("control", "a\\\\x01b"),
        odd("control", "a\u{1}b"),
        odd("control", "\\ud800"),
        odd("control", "Ünï \u{202e}"),
        odd("control", &"x".repeat(101)),
        odd("\"epsilon\":2", "\"epsilon\":2,\"epsilon\":4"),
        odd("\"epsilon\":2", "\"epsilon\":2e0"),
        odd("\"epsilon\":2", "\"epsilon\":NaN"),
        odd("\"epsilon\":2", "\"epsilon\":\"2\""),
        odd("\"outcome\":1", "\"outcome\":1.0"),
        odd("\"outcome\":1", "\"outcome\":1e999"),
        odd("}", ",}"),
        odd("}", "} // no more"),
        odd(",", ",\r"),
        format!("\r\n \t \r\n{line}\r\n{line}{line}\n[{line}]\n"),
        format!("{}1{}\n", "[".repeat(2_000), "]".repeat(2_000)),
        "null\n\"\"\n''\n\\N\n,,,\n\u{feff}{}\n".to_owned(),
    ] {
        all.extend(text.bytes());
    }
    all.extend(b"\xff\xfe\n{\"schema\": 1, \"experiment\": \"\xe9\"}\n\0\n");
    // The last line has no end.
    all.extend(line.bytes());
    all
}

#[test]
fn an_engine_counts_what_the_tool_counts_whatever_was_sent() {
    let Some(duckdb) = duckdb() else { return };
    let path = file("hostile.ndjson", hostile());
    let alone = tailorbird(&["report", "--in", &path, "--json"]);
    let counted = tailorbird(&["report", "--in", &path, "--json", "--engine", "duckdb", "--duckdb", &duckdb]);
    assert_eq!((alone.code, counted.code), (0, 0), "{alone:?} {counted:?}");
    let told: Value = serde_json::from_str(&alone.out).unwrap();
    // Seven, and nine odd ones: an escape, a backslash, letters, epsilon twice, 2e0, 1.0, a line end within, one after
    // blank lines, and no line end.
    assert_eq!((&told["reports"], &told["left_out"]), (&json!(16), &json!(20)), "{told}");
    assert_eq!(counted.out, alone.out);
    // An engine numbers no lines, so that lines are named by how they begin.
    assert!(counted.err.contains("hostile.ndjson, what is no JSON (11 lines)\n"), "{}", counted.err);
    assert!(counted.err.contains("hostile.ndjson, \"null\": schema is null, expected 1\n"), "{}", counted.err);
    let again = tailorbird(&["report", "--in", &path, "--json", "--engine", "duckdb", "--duckdb", &duckdb]);
    assert_eq!((again.out, again.err), (counted.out, counted.err));
}

#[test]
fn a_pattern_reads_several_files_with_an_engine() {
    let Some(duckdb) = duckdb() else { return };
    let one = file("several-1.ndjson", reports("control", 4, 1));
    file("several-2.ndjson", reports("boots", 5, 1));
    let pattern = one.replace("several-1", "several-*");
    let told = told(&tailorbird(&["report", "--in", &pattern, "--json", "--engine", "duckdb", "--duckdb", &duckdb]));
    assert_eq!(told["reports"], json!(9));
}

#[test]
fn a_plan_says_how_many_reports_it_takes() {
    let plan = ["report", "--plan", "--base", "0.03", "--lift", "0.1", "--epsilon", "2"];
    let ran = tailorbird(&plan);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.contains("368934    737868"), "{}", ran.out);
    let told = told(&tailorbird(&[&plan[..], &["--json"]].concat()));
    assert_eq!(told["reports_per_variation"], json!(368_934.0));
    let fewer = tailorbird(&["report", "--plan", "--base", "0.03", "--lift", "-0.1"]);
    assert_eq!(fewer.code, 0, "{fewer:?}");
}

#[test]
fn wrong_use_says_what_is_right() {
    let path = file("use.ndjson", reports("control", 3, 1));
    let cases: [(&[&str], &str); 6] = [
        (&["report"], "--in <FILE.ndjson>"),
        (&["report", "--plan"], "--base <SHARE>"),
        (&["report", "--plan", "--base", "0.5", "--lift", "2"], "becomes 1.5, expected at most 1"),
        (&["report", "--in", &path, "--control", "boots"], "expected a variation of the reports"),
        (&["report", "--in", &path, "--weights", "boots"], "expected VARIATION=WEIGHT"),
        (&["report", "--in", "no-such-file.ndjson"], "no-such-file.ndjson: cannot be read"),
    ];
    for (words, hint) in cases {
        let ran = tailorbird(words);
        assert_eq!(ran.code, 2, "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}

#[test]
fn the_study_is_the_same_each_time() {
    let study = ["evaluate", "reports", "--runs", "4", "--reports", "100", "--visitors", "60", "--json"];
    let (ran, again) = (tailorbird(&study), tailorbird(&study));
    assert_eq!(ran.out, again.out);
    let told = told(&ran);
    assert_eq!(told["settings"].as_array().unwrap().len(), 48);
    assert_eq!(told["end_to_end"]["reports"], json!(60.0));
    let text = tailorbird(&["evaluate", "reports", "--runs", "2", "--reports", "50", "--visitors", "20"]);
    assert!(text.out.contains("the estimator") && text.out.contains("20 visitors of the engine"), "{}", text.out);
}
