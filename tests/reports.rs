//! What a visitor reveals by reports: no more than one of each experiment, in however many sessions and tabs somebody
//! asks, and whatever these know of each other.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use proptest::prelude::*;
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::random::{NoiseKey, Seed};
use tailorbird::signal::Signal;
use tailorbird::time::{DAY, HOUR, Timestamp};
use tailorbird_simulator::{Browser, Pace, read_signal};

const CONFIG: &str = r#"{"version": 1,
    "slots": [{"id": "hero", "experiment": "hero-test", "choose": [{"by": "experiment"}],
        "variants": [{"id": "boots", "content": {"text": {"h1": "Boots"}}}]}],
    "experiments": {"experiments": [{"key": "hero-test", "variations": ["control", "boots"]}]},
    "measure": {"reports": {"hero-test": {"goal": "purchase", "epsilon": 1, "days": 7, "bands": [20, 50, 100]}}}}"#;

/// A visitor's browser.
struct Visitor {
    browser: Browser,
    pages: u64,
    key: u64,
}

impl Visitor {
    fn new(pace: Pace, key: u64) -> Visitor {
        Visitor { browser: Browser::new(pace), pages: 0, key }
    }

    /// A page opens in a new tab, which shows the slot. Every page has another key for noise.
    fn open(&mut self, now: Timestamp) -> usize {
        self.pages += 1;
        let config = Config::read(&serde_json::from_str(CONFIG).unwrap()).unwrap();
        let engine = Engine::new(config, Seed(7), Box::new(Native)).with_noise_key(NoiseKey(self.key, self.pages));
        let tab = self.browser.open_tab(engine, format!("{:016x}", self.pages));
        for signal in [
            r#"{"signal": "consent", "personalize": true, "measure": true}"#,
            r#"{"signal": "view", "path": "/"}"#,
            r#"{"signal": "slots", "slots": ["hero"]}"#,
            r#"{"signal": "ready"}"#,
        ] {
            self.send(tab, signal, now);
        }
        tab
    }

    fn send(&mut self, tab: usize, signal: &str, now: Timestamp) {
        let signal = read_signal(&serde_json::from_str(signal).unwrap(), &Native).unwrap();
        self.browser.dispatch(tab, signal, now);
    }

    /// The reports that the site's code gets in a tab, each as text.
    fn ask(&mut self, tab: usize, now: Timestamp) -> Vec<String> {
        self.browser.dispatch(tab, Signal::ReportsAsked, now);
        let reports = self.browser.engine(tab).reports(now);
        self.browser.dispatch(tab, Signal::Ignored, now);
        reports.items().iter().map(|report| serde_json::to_string(report).unwrap()).collect()
    }
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_ms(1_772_445_600_000 + day * DAY)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hundred_sessions_reveal_one_report(key: u64, value in prop::option::of(0.0..200.0_f64)) {
        let mut visitor = Visitor::new(Pace::Immediate, key);
        let mut reports = Vec::new();
        for session in 0..100 {
            let now = at(session / 2);
            let tab = visitor.open(now);
            if let (0, Some(value)) = (session, value) {
                let bought = format!(r#"{{"signal": "track", "event": "purchase", "params": {{"value": {value}}}}}"#);
                visitor.send(tab, &bought, now);
            }
            reports.extend(visitor.ask(tab, now));
            visitor.browser.kill(tab);
        }
        prop_assert_eq!(reports.len(), 1, "{:?}", reports);
    }

    /// Tabs that were opened at the same moment, and hear of what others write late or never: whatever they hand out is
    /// the same, since the noise is drawn before any report is due.
    #[test]
    fn tabs_that_know_nothing_of_each_other_hand_out_the_same_report(
        key: u64, tabs in 2..6_usize, hears in prop::collection::vec(any::<bool>(), 6)
    ) {
        let mut visitor = Visitor::new(Pace::Stepped, key);
        for _ in 0..tabs {
            visitor.open(at(0));
        }
        visitor.browser.rest(at(1));
        while visitor.browser.tabs() > 0 {
            visitor.browser.kill(0);
        }
        let now = at(8);
        let opened: Vec<usize> = (0..tabs).map(|_| visitor.open(now)).collect();
        let mut reports = Vec::new();
        for tab in opened {
            if hears[tab] {
                visitor.browser.deliver_everything(now);
            }
            reports.extend(visitor.ask(tab, now));
        }
        prop_assert!(!reports.is_empty());
        prop_assert!(reports.iter().all(|report| *report == reports[0]), "{:?}", reports);
        // And once all have heard of it, there is nothing more to hand out.
        let later = visitor.browser.rest(now.plus(HOUR));
        for tab in 0..tabs {
            prop_assert_eq!(visitor.ask(tab, later), Vec::<String>::new());
        }
    }
}
