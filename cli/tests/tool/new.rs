//! `tailorbird new` from outside.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Ran, file, tailorbird};

const KINDS: [&str; 4] = ["shop", "magazine", "software", "leads"];
const CAMPAIGNS: [&str; 8] = [
    "welcome-back",
    "category-affinity",
    "advert",
    "abandoned-basket",
    "free-delivery",
    "upgrade",
    "newsletter",
    "experiment",
];

/// A path of this test run where nothing is; `name` is one test's own.
fn free(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path.to_str().unwrap().to_owned()
}

/// Writes a config with these options, and the defaults for the rest.
fn new(out: &str, options: &[&str]) -> Ran {
    tailorbird(&[&["new", "--yes", "--force", "--out", out], options].concat())
}

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn suits(kind: &str, campaign: &str) -> bool {
    match campaign {
        "free-delivery" => kind == "shop",
        "upgrade" => kind == "software",
        _ => true,
    }
}

#[test]
fn every_campaign_of_every_kind_is_a_config_without_problems_and_warnings() {
    let out = free("every.json");
    for kind in KINDS {
        let fitting: Vec<&str> = CAMPAIGNS.into_iter().filter(|campaign| suits(kind, campaign)).collect();
        let together = fitting.join(",");
        for campaigns in fitting.iter().copied().chain([together.as_str()]) {
            let ran = new(&out, &["--kind", kind, "--campaign", campaigns, "--language", "en,de,fr,es"]);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{kind}, {campaigns}");
            let ran = tailorbird(&["validate", "--json", &out]);
            let told: Value = serde_json::from_str(&ran.out).unwrap();
            let verdict = (&told["valid"], &told["problems"], &told["warnings"]);
            assert_eq!(verdict, (&json!(true), &json!([]), &json!([])), "{kind}, {campaigns}");
            let count = |key: &str| told[key].as_u64().unwrap();
            assert!(count("variants") + count("prompts") > 0, "{kind}, {campaigns}: {told}");
        }
        let by_default = new(&out, &["--kind", kind]);
        assert_eq!(by_default.code, 0, "{kind}");
        let written = read(&out);
        new(&out, &["--kind", kind, "--campaign", &together]);
        assert_eq!(written, read(&out), "all that suit {kind} are the default");
    }
}

#[test]
fn a_campaign_that_does_not_suit_the_kind_is_refused_with_those_that_do() {
    let out = free("unfit.json");
    let ran = new(&out, &["--kind", "leads", "--campaign", "newsletter,free-delivery"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let expected = "error: --campaign free-delivery is nothing for services, expected some of welcome-back, \
                    category-affinity, advert, abandoned-basket, newsletter, experiment\n";
    assert_eq!(ran.err, expected);
    assert!(!Path::new(&out).exists());
}

#[test]
fn what_is_written_shows_what_the_campaign_promises() {
    let cases = [
        ("shop", "welcome-back", "a,1,0,,x,9\na,1,90000,,x,9", "hero", "welcome-back"),
        ("magazine", "category-affinity", "a,1,0,,sport,\na,2,9,,sport,\na,3,20,,sport,", "hero", "category-sport"),
        ("shop", "abandoned-basket", "a,1,0,add_to_cart,x,9\na,2,90000,,x,", "banner", "go-on"),
        ("software", "abandoned-basket", "a,1,0,begin_checkout,x,9\na,2,90000,,x,", "banner", "go-on"),
        ("leads", "abandoned-basket", "a,1,0,form_start,x,9\na,2,90000,,x,", "banner", "go-on"),
        ("shop", "free-delivery", "a,1,0,add_to_cart,x,49", "banner", "free-from"),
        ("shop", "free-delivery", "a,1,0,add_to_cart,x,50", "banner", "free"),
    ];
    let out = free("promises.json");
    for (kind, campaign, rows, slot, variant) in cases {
        assert_eq!(new(&out, &["--kind", kind, "--campaign", campaign]).code, 0);
        let sessions = file("promises.csv", format!("SessionId,ItemId,Time,Event,Category,Price\n{rows}\n"));
        let ran = tailorbird(&["explain", &out, "--session", &sessions, "--slot", slot, "--json"]);
        let told: Value = serde_json::from_str(&ran.out).unwrap();
        let last = &told["visitors"][0]["summary"]["slots"][0]["variant"];
        assert_eq!(last, &json!(variant), "{kind}, {campaign}: {}", ran.out);
    }
    // Whoever finished is not reminded.
    new(&out, &["--kind", "leads", "--campaign", "abandoned-basket"]);
    let rows = "a,1,0,form_start,x,\na,1,60,generate_lead,x,\na,2,90000,,x,";
    let sessions = file("promises.csv", format!("SessionId,ItemId,Time,Event,Category,Price\n{rows}\n"));
    let ran = tailorbird(&["explain", &out, "--session", &sessions, "--slot", "banner", "--json"]);
    assert!(!ran.out.contains("go-on"), "{}", ran.out);
}

#[test]
fn the_same_answers_give_the_same_file() {
    let options = ["--kind", "shop", "--language", "de", "--currency", "chf", "--categories", "Zelte,Öfen,zelte"];
    let [one, two] = ["same-1.json", "same-2.json"].map(free);
    assert_eq!((new(&one, &options).code, new(&two, &options).code), (0, 0));
    let text = fs::read_to_string(&one).unwrap();
    assert_eq!(text, fs::read_to_string(&two).unwrap());
    let written = read(&one);
    assert_eq!(written["site"]["currency"], json!("CHF"));
    let ids: Vec<&str> =
        written["slots"][0]["variants"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["welcome-back", "category-zelte", "category-fen", "category-zelte-2", "advert"]);
    assert!(text.contains(r#""tags": { "category": "Öfen" }"#), "{text}");
}

#[test]
fn slots_are_found_by_their_attribute_or_by_a_selector() {
    let out = free("places.json");
    let ran = new(&out, &["--slot", "hero=masthead", "--target", "banner=#note > p", "--consent", "session"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let slots = read(&out)["slots"].clone();
    let found: Vec<_> = slots.as_array().unwrap().iter().map(|slot| (&slot["id"], &slot["target"])).collect();
    let [masthead, banner, button] = ["masthead", "banner", "button"].map(Value::from);
    let selector = json!("#note > p");
    assert_eq!(found, [(&masthead, &Value::Null), (&banner, &selector), (&button, &Value::Null)]);
    let expected = [
        r#"<script async src="/tailorbird.js" data-config="/places.json" data-consent="session"></script>"#,
        r#"<section data-tb-slot="masthead"><h1>"#,
        "banner: your page has what matches #note > p",
        r#"<a href="/" data-tb-slot="button">"#,
        "tailorbird validate ",
    ];
    for part in expected {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(!ran.out.contains("State consent"), "there is nothing to do: {}", ran.out);
    assert!(new(&out, &["--consent", "code"]).out.contains(r#"["consent", { personalize: true, measure: true }]"#));
}

#[test]
fn a_file_that_is_there_is_overwritten_only_by_force() {
    let out = file("precious.json", "mine");
    let ran = tailorbird(&["new", "--yes", "--out", &out]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, format!("error: {out} is there already, expected another --out, or --force\n"));
    assert_eq!(fs::read_to_string(&out).unwrap(), "mine");
    assert_eq!(tailorbird(&["new", "--yes", "--force", "--out", &out]).code, 0);
    assert_eq!(read(&out)["version"], json!(1));
}

#[test]
fn without_a_terminal_every_question_needs_its_option() {
    let out = free("nobody.json");
    let missing = |options: &[&str]| tailorbird(&[&["new", "--out", &out], options].concat());
    let ran = missing(&[]);
    let expected = "error: there is no terminal to ask in, expected --kind, --campaign, --slot or --target, \
                    --currency with --language, --consent, or --yes for the defaults\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, "", expected));
    let ran = missing(&["--kind", "shop", "--campaign", "newsletter", "--currency", "EUR", "--language", "en"]);
    assert!(ran.code == 2 && ran.err.contains("expected --consent, or --yes"), "a prompt has no slot: {}", ran.err);
    assert!(!Path::new(&out).exists());
    let all =
        ["--kind", "shop", "--campaign", "newsletter", "--currency", "EUR", "--language", "en", "--consent", "auto"];
    assert_eq!(missing(&all).code, 0);
    assert!(Path::new(&out).exists());
}

#[test]
fn answers_that_make_no_config_are_wrong_use_and_write_nothing() {
    let cases: [(&[&str], &str); 6] = [
        (&["--currency", "euro"], "is no currency, expected three letters, as EUR"),
        (&["--slot", "heroine=x"], "is for no place, expected hero=, banner= or button="),
        (&["--slot", "hero="], "is for no place, expected hero=, banner= or button="),
        (&["--slot", "hero=banner"], "the answers do not fit each other: slots[1].id is a duplicate id \"banner\""),
        (&["--slot", "hero=a b"], "slots[0].id is \"a b\", expected an id"),
        (&["--campaign", "popup"], "possible values: welcome-back, category-affinity"),
    ];
    let out = free("nothing.json");
    for (options, hint) in cases {
        let ran = new(&out, options);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{options:?}");
        assert!(ran.err.contains(hint), "{options:?}: {}", ran.err);
        assert!(!Path::new(&out).exists(), "{options:?}");
    }
}

/// A person who answers.
#[cfg(unix)]
mod at_a_terminal {
    use std::process::Command;

    use rexpect::session::{PtySession, spawn_command};

    use super::*;

    const ENTER: &str = "\r";
    const SPACE: &str = " ";
    const DOWN: &str = "\u{1b}[B";

    fn asked(words: &[&str]) -> PtySession {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tailorbird"));
        command.args(words).env("TERM", "xterm");
        spawn_command(command, Some(10_000)).unwrap()
    }

    fn answer(session: &mut PtySession, question: &str, keys: &[&str]) {
        session.exp_string(question).unwrap();
        keys.iter().for_each(|key| {
            session.send(key).unwrap();
        });
        session.flush().unwrap();
    }

    #[test]
    fn five_questions_are_asked_and_their_answers_give_what_options_give() {
        let [typed, said] = ["typed.json", "said.json"].map(free);
        let mut session = asked(&["new", "--out", &typed]);
        answer(&mut session, "1/5 What kind of site is it?", &[DOWN, ENTER]);
        // Welcome back is chosen already; the next one as well.
        answer(&mut session, "2/5 What is wanted?", &[DOWN, SPACE, ENTER]);
        answer(&mut session, "Your categories", &["news, chess", ENTER]);
        answer(&mut session, "3/5 Can you add attributes", &["n"]);
        answer(&mut session, "The hero: its CSS selector", &[".top", ENTER]);
        answer(&mut session, "4/5 In which currency", &["francs", ENTER]);
        answer(&mut session, "is no currency, expected three letters", &["\u{8}"; 6]);
        answer(&mut session, "4/5", &["chf", ENTER]);
        answer(&mut session, "In which languages", &[DOWN, SPACE, ENTER]);
        answer(&mut session, "5/5 Who states consent?", &[DOWN, ENTER]);
        session.exp_string("(window.tailorbird ||= [])").unwrap();
        session.exp_eof().unwrap();

        let options =
            ["--kind", "magazine", "--campaign", "welcome-back,category-affinity", "--categories", "news,chess"];
        let more = ["--target", "hero=.top", "--currency", "CHF", "--language", "en,de", "--consent", "code"];
        assert_eq!(new(&said, &[&options[..], &more[..]].concat()).code, 0);
        assert_eq!(fs::read_to_string(typed).unwrap(), fs::read_to_string(said).unwrap());
    }

    #[test]
    fn what_an_option_says_is_not_asked_and_an_interrupt_writes_nothing() {
        let out = free("interrupted.json");
        let options = ["--kind", "shop", "--campaign", "experiment", "--slot", "button=buy", "--currency", "EUR"];
        let mut session = asked(&[&["new", "--out", &out, "--language", "en"], &options[..]].concat());
        let before = session.exp_string("5/5 Who states consent?").unwrap();
        assert!(!before.contains("/5"), "{before}");
        session.exp_string("granted").unwrap();
        session.send_control('c').unwrap();
        let after = session.exp_eof().unwrap();
        assert!(after.contains("\u{1b}[?25h"), "the cursor is there again: {after:?}");
        assert!(!Path::new(&out).exists());
    }
}
