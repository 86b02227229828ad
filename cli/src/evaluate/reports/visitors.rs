//! Visitors of the engine: an experiment, the reports that come of it, and those who come after.

use serde_json::{Map, Value, json};
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::Effect;
use tailorbird::random::{NoiseKey, Seed};
use tailorbird::signal::Signal;
use tailorbird::signal::consent::{Allowed, Statement};
use tailorbird::signal::context::PageContext;
use tailorbird::signal::event::Event;
use tailorbird::time::{DAY, SECOND, Timestamp};
use tailorbird_simulator::{Browser, Pace};

use crate::ending::Ending;
use crate::evaluate::chance::{Chance, share_of};
use crate::report::analysis::{Analysis, Variation, all};
use crate::report::records::{Groups, Record, count};
use crate::style::{HEADING, paint};

/// The variants of the slot, and the share of visitors who reach the goal with each.
const TRUTH: [(&str, f64); 2] = [("boots", 0.1), ("tents", 0.15)];
/// A second of the second of March 2026.
const START_MS: i64 = 1_772_445_600_000;
/// How often somebody views the slot where a bandit decides.
const VIEWS: i64 = 3;
const ALPHA: f64 = 0.05;

/// What came of all of them.
pub struct Visitors {
    count: u32,
    analysis: Analysis,
    priors: Map<String, Value>,
    /// What those who come after lose: goals that the better variant would have reached, expected.
    regret_without: f64,
    regret_with: f64,
}

impl Visitors {
    /// So many visitors come to the experiment, and as many to the bandit.
    ///
    /// # Errors
    ///
    /// When the reports of the engine are none.
    pub fn simulate(visitors: u32, seed: u64, advance: &dyn Fn()) -> Result<Visitors, Ending> {
        let experiment = config(&json!([{"by": "experiment"}]), &Map::new())?;
        let mut groups = Groups::new();
        for number in 0..visitors {
            let visitor = Visitor::new(&experiment, seed, number);
            for report in visitor.take_part() {
                count(&mut groups, &Record::read(&report).map_err(Ending::Problems)?, 1);
            }
            advance();
        }
        let analysis = all(&groups, None, &[], ALPHA)?.into_iter().next();
        let analysis = analysis.ok_or_else(|| Ending::Problems("the engine has handed out no report".to_owned()))?;
        let prior = |variation: &Variation| Some((variation.key.clone(), variation.prior()?));
        let priors: Map<String, Value> = analysis.variations.iter().filter_map(prior).collect();
        // Without observations nothing stands in the bandit's way, so that both start at once.
        let bandit = json!([{"by": "bandit", "min": 0}]);
        let (without, with) = (config(&bandit, &Map::new())?, config(&bandit, &priors)?);
        let (mut regret_without, mut regret_with) = (0.0, 0.0);
        for number in visitors..visitors.saturating_mul(2) {
            regret_without += Visitor::new(&without, seed, number).come_back_often();
            regret_with += Visitor::new(&with, seed, number).come_back_often();
            advance();
        }
        Ok(Visitors { count: visitors, analysis, priors, regret_without, regret_with })
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let reached = |read: fn(&Variation) -> Value| -> Map<String, Value> {
            self.analysis.variations.iter().map(|variation| (variation.key.clone(), read(variation))).collect()
        };
        let comparison = self.analysis.comparisons.first();
        let bounds = comparison.and_then(|comparison| comparison.interval);
        json!({
            "visitors": self.count,
            "reports": self.analysis.reports(),
            "truth": TRUTH.iter().map(|(key, rate)| ((*key).to_owned(), json!(rate))).collect::<Map<_, _>>(),
            "reached": reached(|variation| json!(variation.reached.estimate)),
            "interval": reached(|variation| {
                json!([variation.reached.interval.lower, variation.reached.interval.upper])
            }),
            "difference": comparison.map(|comparison| comparison.difference.estimate),
            "difference_interval": bounds.map(|bounds| [bounds.lower, bounds.upper]),
            "verdict": comparison.map(|comparison| comparison.verdict.name()),
            "priors": self.priors,
            "regret_without": self.regret_without,
            "regret_with": self.regret_with,
        })
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", paint(HEADING, format!("{} visitors of the engine", self.count)));
        for variation in &self.analysis.variations {
            let truth = TRUTH.iter().find(|(key, _)| *key == variation.key).map_or(0.0, |(_, rate)| *rate);
            let share = &variation.reached;
            text.push_str(&format!(
                "  {}: {} reports, {:.2} % reached the goal (95 %: {:.2} % to {:.2} %), in truth {:.0} %\n",
                variation.key,
                variation.reports,
                100.0 * share.estimate,
                100.0 * share.interval.lower,
                100.0 * share.interval.upper,
                100.0 * truth,
            ));
        }
        for comparison in &self.analysis.comparisons {
            let bounds = comparison.interval.map_or([f64::NAN; 2], |bounds| [bounds.lower, bounds.upper]);
            text.push_str(&format!(
                "  difference: {:+.2} points (95 %: {:+.2} to {:+.2}), in truth +5; verdict {}\n",
                100.0 * comparison.difference.estimate,
                100.0 * bounds[0],
                100.0 * bounds[1],
                comparison.verdict.name(),
            ));
        }
        text.push_str(&format!(
            "  the next {} lose {:.0} goals without priors, {:.0} with those of the reports\n",
            self.count, self.regret_without, self.regret_with,
        ));
        text
    }
}

/// A site with one slot. Variants without a prior have none.
fn config(choose: &Value, priors: &Map<String, Value>) -> Result<Config, Ending> {
    let variant = |(id, _): &(&str, f64)| {
        let mut variant = json!({"id": id, "content": {"text": {"h1": id}}});
        if let (Some(variant), Some(prior)) = (variant.as_object_mut(), priors.get(*id)) {
            variant.insert("prior".to_owned(), prior.clone());
        }
        variant
    };
    let variations: Vec<&str> = TRUTH.iter().map(|(id, _)| *id).collect();
    let meta: Vec<Value> = variations.iter().map(|id| json!({"key": id})).collect();
    let written = json!({
        "version": 1,
        "slots": [{
            "id": "hero",
            "goal": "select_item",
            "experiment": "hero-test",
            "choose": choose,
            "variants": TRUTH.iter().map(variant).collect::<Vec<_>>(),
        }],
        "experiments": {"experiments": [{"key": "hero-test", "variations": variations, "meta": meta}]},
        "measure": {"reports": {"hero-test": {"goal": "select_item", "epsilon": 2, "days": 7}}},
    });
    let tree = serde_json::from_value(written).map_err(|error| Ending::Problems(error.to_string()))?;
    let config = Config::read(&tree).map_err(|problems| Ending::Problems(problems.lines().join("\n")))?;
    let problems = config.problems.lines();
    if problems.is_empty() { Ok(config) } else { Err(Ending::Problems(problems.join("\n"))) }
}

/// Somebody with a browser of their own.
struct Visitor<'a> {
    config: &'a Config,
    browser: Browser,
    chance: Chance,
    pages: u64,
}

/// The browser's only tab.
const TAB: usize = 0;

impl<'a> Visitor<'a> {
    fn new(config: &'a Config, seed: u64, number: u32) -> Visitor<'a> {
        let chance = Chance::of(seed, number);
        Visitor { config, browser: Browser::new(Pace::Immediate), chance, pages: 0 }
    }

    /// A page begins, with consent. Answers what the slot shows.
    fn view(&mut self, now: Timestamp) -> Option<String> {
        let engine = Engine::new(self.config.clone(), Seed(self.chance.next()), Box::new(Native));
        let engine = engine.with_noise_key(NoiseKey(self.chance.next(), self.chance.next()));
        self.pages += 1;
        let tab_id = format!("{:016x}", self.pages);
        if self.pages == 1 {
            self.browser.open_tab(engine, tab_id);
        } else {
            self.browser.next_page(TAB, engine, tab_id);
        }
        let consent = Statement { personalize: Some(Allowed::Granted), measure: Some(true), ..Statement::default() };
        for signal in [
            Signal::Consent(vec![consent]),
            Signal::PageView(PageContext::default()),
            Signal::SlotsPresent(vec!["hero".to_owned()]),
            Signal::Ready,
        ] {
            self.browser.dispatch(TAB, signal, now);
        }
        let mut shown = self.browser.take_performed().into_iter().filter_map(|performed| match performed.effect {
            Effect::Show(show) => Some(show.variant),
            _ => None,
        });
        shown.next_back()
    }

    /// The visitor reaches the goal or does not, as what is shown makes likely.
    fn act(&mut self, shown: &str, now: Timestamp) {
        let draw = share_of(self.chance.next());
        let reached = TRUTH.iter().any(|(key, rate)| *key == shown && draw < *rate);
        let event = Event::read("select_item", &tailorbird::value::Value::Null, &Native).filter(|_| reached);
        if let Some(event) = event {
            self.browser.dispatch(TAB, Signal::Event(event), now);
        }
    }

    /// Sees what the experiment shows, and comes back after eight days: the reports that are handed out then.
    fn take_part(mut self) -> Vec<Value> {
        let start = Timestamp::from_ms(START_MS);
        if let Some(shown) = self.view(start) {
            self.act(&shown, start.plus(5 * SECOND));
        }
        let later = start.plus(8 * DAY);
        self.view(later);
        self.browser.dispatch(TAB, Signal::ReportsAsked, later);
        let reports = self.browser.engine(TAB).reports(later);
        reports.items().iter().filter_map(|report| serde_json::to_value(report).ok()).collect()
    }

    /// Views the slot on as many days as there are views. Answers how many goals fewer are expected than with the best
    /// variant.
    fn come_back_often(mut self) -> f64 {
        let best = TRUTH.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
        let mut regret = 0.0;
        for view in 0..VIEWS {
            let now = Timestamp::from_ms(START_MS).plus(view * 2 * DAY);
            if let Some(shown) = self.view(now) {
                let rate = TRUTH.iter().find(|(key, _)| *key == shown).map_or(0.0, |(_, rate)| *rate);
                regret += best - rate;
                self.act(&shown, now.plus(5 * SECOND));
            }
        }
        regret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_visitor_who_comes_back_is_reported_once_and_the_report_finds_what_is_true() {
        let visitors = Visitors::simulate(1_500, 3, &|| {}).unwrap();
        assert_eq!(visitors.analysis.reports(), 1_500.0);
        for (variation, (key, rate)) in visitors.analysis.variations.iter().zip(TRUTH) {
            assert_eq!(variation.key, key);
            // Four standard errors.
            assert!((variation.reached.estimate - rate).abs() < 4.0 * variation.reached.standard_error);
        }
        assert!(visitors.regret_with < visitors.regret_without);
    }
}
