//! `train --in`: a model from a log, whenever it is stopped.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::duckdb::duckdb;
use super::{Ran, tailorbird};

/// A folder with a log of so many days, a file each; `name` is one test's own.
fn log(name: &str, days: u32) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("log")).unwrap();
    for day in 0..days {
        let mut text = "SessionId,ItemId,Time,VisitorId,Category,Event\n".to_owned();
        for visit in 0..60 {
            for step in 0..5 {
                let item = (visit * 7 + step * (1 + visit % 2)) % 20;
                let time = (20_000 + day) * 86_400 + visit * 1_000 + step * 30;
                writeln!(text, "s{day}-{visit},i{item},{time},v{},c{},view_item", visit % 33, item / 5).unwrap();
            }
        }
        fs::write(folder.join(format!("log/day-{day}.csv")), text).unwrap();
    }
    folder
}

fn text_of(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// The arguments of a run, with these besides.
fn arguments(folder: &Path, duckdb: &Path, more: &[&str]) -> Vec<String> {
    let own = ["train", "--map", "sessions", "--duckdb", &text_of(duckdb), "--in", &text_of(&folder.join("log"))]
        .map(str::to_owned);
    own.into_iter().chain(more.iter().map(|word| (*word).to_owned())).collect()
}

fn train(folder: &Path, duckdb: &Path, more: &[&str]) -> Ran {
    let words = arguments(folder, duckdb, more);
    tailorbird(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_model_is_written_and_told_with_what_was_read() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log("train-log", 3);
    let bad = "s,i,never,v,c,view_item\ns,i,never,v,c,view_item\n,,,,,\n";
    let first = folder.join("log/day-0.csv");
    fs::write(&first, format!("{}{bad}", fs::read_to_string(&first).unwrap())).unwrap();
    let out = text_of(&folder.join("site.tbm"));
    let ran = train(&folder, &duckdb, &["--out", &out, "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["sessions"], 180);
    assert_eq!((&report["events"], &report["days"], &report["files_read"]), (&900.into(), &3.into(), &3.into()));
    let bad: u64 = report["bad_rows"].as_array().unwrap().iter().map(|bad| bad["rows"].as_u64().unwrap()).sum();
    assert_eq!(bad, 3, "{report}");
    assert!(report["sections"]["items"]["bytes"].as_u64().unwrap() > 0);
    assert!(ran.err.contains("views") && ran.err.contains("rows"), "progress is on stderr: {}", ran.err);
    let again = train(&folder, &duckdb, &["--out", &out]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.contains("900 events of 3 days"), "{}", again.out);
    let shown = tailorbird(&["model", &out]);
    assert_eq!(shown.code, 0, "{shown:?}");
}

/// Forty visitors with a visit each, twenty of whom are shown boots, and twenty tents. Of four with boots one buys at the
/// moment when it is shown; of those with tents one bought before.
fn log_of_shown(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("log")).unwrap();
    let mut text = "who,when,what,sku,variant\n".to_owned();
    for visit in 0..40 {
        let (time, variant) = (1_700_000_000 + visit * 1_000, if visit < 20 { "boots" } else { "tents" });
        let mut row = |after: i64, what: &str, sku: &str, variant: &str| {
            writeln!(text, "v{visit},{},{what},{sku},{variant}", time + after)
        };
        row(0, "look", &format!("i{}", visit % 3), "").unwrap();
        row(10, "hero", "", variant).unwrap();
        if visit % 4 == 0 && visit < 20 {
            row(10, "buy", "i0", "").unwrap();
        }
        if visit == 30 {
            row(5, "buy", "i0", "").unwrap();
        }
    }
    fs::write(folder.join("log/day.csv"), text).unwrap();
    let map = "[columns]\ntime = \"when\"\ntime_unit = \"s\"\nvisitor = \"who\"\nevent = \"what\"\nitem = \"sku\"\n\
               shown = \"variant\"\n[events]\nview = [\"look\"]\npurchase = [\"buy\"]\nshown = [\"hero\"]\n";
    fs::write(folder.join("map.toml"), map).unwrap();
    folder
}

#[test]
fn a_log_that_says_what_was_shown_gives_priors_that_the_config_takes() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log_of_shown("train-shown");
    let [log, map, out, program] =
        [folder.join("log"), folder.join("map.toml"), folder.join("site.tbm"), duckdb].map(|path| text_of(&path));
    let train = ["train", "--in", &log, "--map", &map, "--out", &out, "--duckdb", &program];
    let ran = tailorbird(&train);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The log odds, ln(5 / 15), are -1.099, and 1 + 20 * 0.25 * 0.75 is 4.75.
    let prior =
        "{\"prior\":{\"weights\":{\"intercept\":-1.099},\"precisions\":{\"intercept\":4.75},\"observations\":20.0}}";
    let expected = format!(
        "
  variant that was shown  visits  bought  share
  boots                       20       5   25 %
  tents                       20       0    0 %

priors, for the variants of these ids
  \"boots\": {prior}
"
    );
    assert!(ran.out.ends_with(&expected), "{}", ran.out);
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("What was shown") && page.contains("25.0 %"), "{page}");
    let csv = fs::read_to_string(folder.join("report.csv")).unwrap();
    assert!(csv.contains("\"visits with a variant, bought\",boots,5\n"), "{csv}");

    let ran = tailorbird(&[&train[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["priors"], serde_json::from_str::<Value>(&format!("{{\"boots\":{prior}}}")).unwrap());
    let prior = &report["priors"]["boots"]["prior"];
    let config = format!(
        "{{\"version\":1,\"slots\":[{{\"id\":\"hero\",\"goal\":\"purchase\",\
         \"choose\":[{{\"by\":\"bandit\"}}],\
         \"variants\":[{{\"id\":\"boots\",\"prior\":{prior},\"content\":{{\"text\":{{\"h1\":\"Boots\"}}}}}}]}}]}}"
    );
    let config_path = folder.join("tailorbird.json");
    fs::write(&config_path, config).unwrap();
    let judged = tailorbird(&["validate", &text_of(&config_path)]);
    assert_eq!(judged.code, 0, "{judged:?}");
}

#[test]
fn a_dry_run_prints_sql_and_does_nothing() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log("train-dry", 1);
    let out = folder.join("site.tbm");
    for (engine, number) in [("duckdb", "md5_number(visitor)"), ("spark", "CONV(CONCAT(SUBSTRING(MD5(")] {
        let ran = train(&folder, &duckdb, &["--out", &text_of(&out), "--dry-run", "--engine", engine]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains("-- daily_steps\n") && ran.out.contains(number), "{}", ran.out);
    }
    assert!(!out.exists());
}

#[test]
fn wrong_use_says_what_is_right() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log("train-wrong", 1);
    let nothing = text_of(&folder.join("nothing"));
    let own = text_of(&folder.join("log/day-0.csv"));
    let cases: [(Vec<String>, i32, &str); 5] = [
        (
            arguments(&folder, Path::new("no-such-duckdb"), &[]),
            2,
            "no-such-duckdb is not found: `pip install duckdb-cli`",
        ),
        (["train", "--in", &nothing, "--map", "sessions"].map(str::to_owned).to_vec(), 2, "nothing: is not there"),
        (["train", "--in", &own].map(str::to_owned).to_vec(), 2, "--map <MAP>"),
        (["train", "--in", &own, "--map", "ga5"].map(str::to_owned).to_vec(), 2, "expected a file or one of ga4"),
        (arguments(&folder, &duckdb, &["--out", &own]), 2, "--out would overwrite"),
    ];
    for (words, code, hint) in cases {
        let ran = tailorbird(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, code, "{words:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{words:?}: {}", ran.err);
    }
}

#[test]
fn killed_at_any_moment_it_leaves_no_half_file_and_the_next_run_is_right() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log("train-killed", 6);
    let (out, state) = (folder.join("site.tbm"), text_of(&folder.join("state")));
    let whole = folder.join("whole.tbm");
    assert_eq!(train(&folder, &duckdb, &["--out", &text_of(&whole)]).code, 0);
    let whole = fs::read(whole).unwrap();
    // Sleeping without the processor is what takes the time, so that the machine's load does not matter much.
    let mut state_of_chance = 11_u64;
    for kill in 0..20 {
        state_of_chance = state_of_chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let words = arguments(&folder, &duckdb, &["--out", &text_of(&out), "--state", &state]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_tailorbird"));
        let mut child = command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(20 + (state_of_chance >> 33) % 900));
        let _ = child.kill();
        let _ = child.wait();
        if let Ok(bytes) = fs::read(&out) {
            assert!(bytes == whole, "kill {kill}: half a file");
        }
        if kill == 12 {
            // Written again, a day is counted again.
            let day = folder.join("log/day-2.csv");
            let text = fs::read_to_string(&day).unwrap();
            fs::write(&day, &text).unwrap();
        }
    }
    let ran = train(&folder, &duckdb, &["--out", &text_of(&out), "--state", &state]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(fs::read(&out).unwrap() == whole);
    let left: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".site.tbm"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn of_orders_alone_there_is_what_is_popular_and_bought_together_and_what_customers_are_worth() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log("train-orders", 0);
    let mut text =
        "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
            .to_owned();
    for customer in 0..12 {
        // Each buys boots and socks, and half of them a map a week later.
        let mut order = |number: u32, day: u32, lines: &[&str]| {
            for (place, item) in lines.iter().enumerate() {
                let (email, status, time) = match place {
                    0 => (
                        format!("c{customer}@example.com"),
                        "paid",
                        format!("2026-11-{day:02} 10:0{}:00 +0000", number % 10),
                    ),
                    _ => (String::new(), "", String::new()),
                };
                writeln!(text, "#{number},{email},{status},{time},1,{item},20.00,{item}").unwrap();
            }
        };
        order(100 + customer, 2 + customer, &["boots", "socks"]);
        if customer % 2 == 0 {
            order(200 + customer, 9 + customer, &["map"]);
        }
    }
    fs::write(folder.join("log/orders.csv"), text).unwrap();
    let out = text_of(&folder.join("orders.tbm"));
    let words = ["train", "--map", "shopify", "--duckdb", &text_of(&duckdb), "--out", &out, "--json"];
    let ran = tailorbird(&[&words[..], &["--in", &text_of(&folder.join("log"))]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(report["value"]["bgnbd"].is_object(), "{report}");
    assert_eq!(report["purchases"], 30);
    let shown = tailorbird(&["model", &out]);
    assert!(shown.out.contains("items"), "{shown:?}");
}

#[test]
fn interrupted_it_takes_with_it_what_it_has_written_for_the_time_of_the_run() {
    let Some(duckdb) = duckdb().map(PathBuf::from) else { return };
    let folder = log("train-interrupted", 40);
    let temp = folder.join("temp");
    fs::create_dir(&temp).unwrap();
    let more = ["--out", &text_of(&folder.join("site.tbm")), "--temp", &text_of(&temp), "--threads", "1"];
    let words = arguments(&folder, &duckdb, &more);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tailorbird"));
    let mut child = command.args(words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let told = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut told = std::io::BufRead::lines(told);
    // Once tables are counted there is something to take along.
    assert!(told.any(|line| line.unwrap().starts_with("visit_totals")));
    assert!(fs::read_dir(&temp).unwrap().count() > 0);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    told.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(&temp).unwrap().count(), 0);
    assert!(!folder.join("site.tbm").exists());
}
