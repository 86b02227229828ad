//! Whatever an earlier version stored is read by this one, and this version writes what it is known to write.
//!
//! `tests/kept/texts.txt` holds what each version stored, as it encoded it, of the same visitor: somebody who
//! looked at boots and tents, dismissed a prompt, bought, stated an interest in maps, put another tent into the basket, and
//! paused.
//!
//! `UPDATE_KEPT=1 cargo test --test kept` records what this version writes. Once a version is published its
//! texts never change: raise `codec::VERSION` instead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::fmt::Write;
use std::path::Path;

use tailorbird::codec::{DecodeError, VERSION};
use tailorbird::decision::goal::{Goal, Goals};
use tailorbird::host::Native;
use tailorbird::profile::bandit::learner::{LearnedFeature, LearnedVariant, Learner, Reward};
use tailorbird::profile::bandit::prior::Prior;
use tailorbird::profile::bandit::trial::Trial;
use tailorbird::profile::journal::{Entry, Journal, JournalEvent};
use tailorbird::profile::report_step::ReportStep;
use tailorbird::profile::rules::Rules;
use tailorbird::profile::sticky_bucket::StickyBucket;
use tailorbird::random::{NoiseKey, Seed};
use tailorbird::signal::PromptOutcome;
use tailorbird::signal::event::Event;
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{DAY, MINUTE, Timestamp};
use tailorbird::value::{Object, Value};

/// Monday, 2 March 2026, 10:00 in universal time.
const START_MS: i64 = 1_772_445_600_000;

/// So much later.
fn after(ms: i64) -> Timestamp {
    Timestamp::from_ms(START_MS + ms)
}

/// What one version stored.
#[derive(Debug, PartialEq)]
struct Stored {
    version: u64,
    profile: String,
    journal: String,
}

fn from_hexadecimal(digits: &str) -> String {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).filter_map(|pair| char::from_u32(pair[0] * 16 + pair[1])).collect()
}

fn to_hexadecimal(text: &str) -> String {
    text.chars().fold(String::new(), |mut digits, letter| {
        write!(digits, "{:02x}", u32::from(letter)).unwrap();
        digits
    })
}

/// The lines of `tests/kept/texts.txt`: version, profile and journal.
fn stored() -> Vec<Stored> {
    let text = include_str!("kept/texts.txt");
    let line = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let [version, profile, journal] = words.as_slice() else { panic!("{line:?} has not three words") };
        let version = version.parse().unwrap();
        Stored { version, profile: from_hexadecimal(profile), journal: from_hexadecimal(journal) }
    };
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(line).collect()
}

/// What the visitor did.
fn entries() -> Vec<Entry> {
    let event = |name: &str, params: &str| {
        JournalEvent::Event(Event::read(name, &serde_json::from_str(params).unwrap(), &Native).unwrap())
    };
    let boots = r#"{"items": [{"item_id": "b-7", "item_category": "boots", "item_brand": "Fell", "price": 129}]}"#;
    let tent = r#"{"items": [{"item_id": "t-2", "item_category": "tents", "price": "240.50"}]}"#;
    let bucket = StickyBucket {
        attribute: "id".into(),
        value: "7".into(),
        experiment: "hero__0".into(),
        variation: "boots".into(),
        propensity: 0.5,
    };
    let trial = |at: f64| {
        let features = vec![("boots".to_owned(), at)];
        let (owner, variant) = ("hero".to_owned(), "boots".to_owned());
        JournalEvent::Trial(Trial { owner, variant, features, propensity: 0.4, drawn: Some(0.5) })
    };
    let story = [
        (0, JournalEvent::View),
        (1, event("view_item", boots)),
        (2, event("view_item", tent)),
        (3, JournalEvent::Exposed("hero".into(), Some("boots".into()))),
        (3, JournalEvent::Exposure("hero".into(), "boots".into(), 0.5)),
        (3, JournalEvent::StickyBucket(bucket)),
        (3, trial(0.5)),
        (3, JournalEvent::Report("hero".into(), ReportStep::Begun("boots".into(), NoiseKey(7, u64::MAX)))),
        (4, JournalEvent::Impression("hero".into(), Some("boots".into()))),
        (5, JournalEvent::Prompt("save-cart".into(), Some("calm".into()), PromptOutcome::Shown)),
        (5, JournalEvent::Prompt("save-cart".into(), Some("calm".into()), PromptOutcome::Dismissed)),
        (6, event("add_to_cart", boots)),
        (7, event("purchase", r#"{"transaction_id": "A-1", "value": 129}"#)),
        (7, JournalEvent::Report("hero".into(), ReportStep::Reached(129.0))),
        (7, JournalEvent::Report("also".into(), ReportStep::HandedOut(2.0))),
        (7, JournalEvent::Report("gone".into(), ReportStep::Dropped)),
        (8, JournalEvent::Dwell(42_000, 60)),
        (8, JournalEvent::Segment("hikers".into(), true)),
        (9, JournalEvent::Dropped(3)),
        (10, JournalEvent::Correct("category".into(), "maps".into(), 0.25)),
        (11, JournalEvent::Pause(true)),
        (12, JournalEvent::Dwell(9_000, 90)),
        (13, JournalEvent::Pause(false)),
        (1_500, JournalEvent::View),
        (1_500, JournalEvent::Page("/tents".into())),
        (1_501, event("view_item", tent)),
        (1_502, event("add_to_cart", tent)),
        (1_503, trial(0.25)),
        (1_504, JournalEvent::Pause(true)),
    ];
    let entry = |(index, (minute, event)): (usize, (i64, JournalEvent))| Entry {
        number: index as u64 + 1,
        at: Timestamp::from_ms(START_MS + minute * MINUTE),
        event,
    };
    story.into_iter().enumerate().map(entry).collect()
}

/// What this version stores of it.
fn written() -> Stored {
    let mut journal = Journal::new(Seed(7));
    entries().into_iter().for_each(|entry| journal.push(entry));
    let goal = |id: &str| vec![(id.to_owned(), Goal { event: "purchase".to_owned(), attribution_ms: DAY })];
    let goals = Goals { slots: goal("hero"), prompts: goal("save-cart") };
    let learner = Learner {
        owner: "hero".to_owned(),
        reward: Reward::Event("purchase".to_owned()),
        attribution_ms: DAY,
        features: vec![LearnedFeature { name: "boots".to_owned(), reads: Vec::new() }],
        variants: vec![LearnedVariant { id: "boots".to_owned(), tags: Vec::new(), prior: Prior::default() }],
        keep_ms: Some(30 * DAY),
    };
    let rules = Rules { learners: vec![learner], remembers_pages: true, ..Rules::default() };
    let mut state = State::default();
    let now = Timestamp::from_ms(START_MS + 2 * DAY);
    state.merge(&[("tab".to_owned(), journal.clone())], true, now, FoldContext { rules: &rules, goals: &goals });
    Stored { version: VERSION, profile: state.encode(), journal: journal.encode() }
}

#[test]
fn this_version_stores_what_it_is_known_to_store() {
    let written = written();
    if std::env::var_os("UPDATE_KEPT").is_some() {
        let mut text = "# Version, profile and journal: bytes in hexadecimal digits. See tests/kept.rs.\n".to_owned();
        let earlier = stored().into_iter().filter(|stored| stored.version != VERSION);
        for Stored { version, profile, journal } in earlier.chain([written]) {
            writeln!(text, "{version} {} {}", to_hexadecimal(&profile), to_hexadecimal(&journal)).unwrap();
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept/texts.txt");
        std::fs::write(path, text).unwrap();
        return;
    }
    let known = stored().into_iter().find(|stored| stored.version == VERSION);
    assert_eq!(known, Some(written), "see the top of tests/kept.rs");
}

#[test]
fn a_profile_of_every_version_is_read() {
    for Stored { version, profile, .. } in stored() {
        let mut state = State::decode(&profile).unwrap_or_else(|why| panic!("version {version}: {why}"));
        let profile = &state.profile;
        assert_eq!(profile.history.views, 2, "version {version}");
        let mut counts = Object::new();
        counts.renew(|counts| profile.history.counts(counts));
        let counts = Value::Object(counts);
        let count = |name: &str| counts.at(name).number();
        assert_eq!((count("view_item"), count("add_to_cart"), count("purchase")), (3.0, 2.0, 1.0));
        assert_eq!((profile.purchases.orders, profile.purchases.revenue), (1, 129.0));
        assert_eq!(profile.basket.value(), 240.5);
        assert_eq!((profile.session.number, profile.session.pages()), (2, &["/tents".to_owned()][..]));
        assert_eq!(profile.interests.events("category"), 5);
        let dismissed = profile.prompt_history.with("save-cart").map(|record| record.dismissed_at.is_some());
        assert_eq!(dismissed, Some(true));
        assert_eq!(profile.sticky_buckets.all().len(), 1);
        assert_eq!(profile.bandits.observations("hero", "boots"), 1.0);
        let kept = profile.bandits.kept("hero", 30 * DAY, Timestamp::from_ms(START_MS + 2 * DAY));
        assert_eq!(kept.map(|kept| kept.propensity), Some(0.5));
        assert!(profile.memberships.has("hikers"));
        let interests = serde_json::to_string(&profile.interests.readable(&Rules::default(), after(2 * DAY))).unwrap();
        let stated = interests.split('{').find(|row| row.contains(r#""stated":true"#));
        assert!(stated.is_some_and(|row| row.contains(r#""key":"maps""#)), "{interests}");
        assert_eq!(profile.paused, Some(after(1_504 * MINUTE)));
        assert!(state.exposures.has("hero", "boots"));
        assert_eq!(state.reports.awaited().collect::<Vec<_>>(), ["hero"]);
        assert!(["also", "gone"].iter().all(|experiment| !state.reports.may_begin(experiment)));
        assert_eq!(state.dropped, 3);
        // And what was read is stored again, in this version.
        assert_eq!(State::decode(&state.encode()).as_ref(), Ok(&state));
    }
}

#[test]
fn a_journal_of_every_version_is_read() {
    for Stored { version, journal, .. } in stored() {
        let journal = Journal::decode(&journal).unwrap_or_else(|why| panic!("version {version}: {why}"));
        assert!(!journal.truncated, "version {version}");
        assert_eq!(journal.seed, Seed(7), "version {version}");
        assert_eq!(journal.entries, entries(), "version {version}");
    }
}

#[test]
fn what_a_later_version_stored_is_told_from_what_is_damaged() {
    let Stored { profile, journal, .. } = written();
    let later = |text: &str| format!("{}{}", char::from(VERSION as u8 + 1), text.chars().skip(1).collect::<String>());
    assert_eq!(State::decode(&later(&profile)), Err(DecodeError::Newer));
    assert_eq!(Journal::decode(&later(&journal)), Err(DecodeError::Newer));
    let shortened = |text: &str| text.chars().take(text.chars().count() / 2).collect::<String>();
    assert_eq!(State::decode(&shortened(&profile)), Err(DecodeError::Damaged));
    assert!(Journal::decode(&shortened(&journal)).unwrap().truncated, "what was complete is read");
}
