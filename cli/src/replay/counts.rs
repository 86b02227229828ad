//! What playing sessions comes to, counted. Counts of parts of a log add up to those of the whole.

use std::time::Duration;

use tailorbird::config::Config;
use tailorbird::decision::{Decision, Level};
use tailorbird_recommend::site_model::SiteModel;

use super::hits::Hits;
use super::times::Times;

/// What is counted of the sessions that were played.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// How many sessions.
    pub sessions: usize,
    /// How many events, page views among them.
    pub events: usize,
    /// By slot in the order of the config, how often each level decided; levels as in [`Level::ALL`].
    pub decisions: Vec<(String, [usize; 4])>,
    /// How many prompts were shown.
    pub prompts: usize,
    /// How long each event took with all its decisions.
    pub times: Times,
    /// How often recommendations were right, if there is a model.
    pub hits: Option<Hits>,
}

impl Counts {
    /// Nothing is counted yet.
    pub fn new(config: &Config, model: Option<&SiteModel<'_>>) -> Counts {
        Counts {
            sessions: 0,
            events: 0,
            decisions: config.slots.iter().map(|slot| (slot.id.clone(), [0; 4])).collect(),
            prompts: 0,
            times: Times::default(),
            hits: model.map(|model| Hits::new(config, model)),
        }
    }

    /// Counts one event with its decisions.
    pub fn event(&mut self, took: Duration, decisions: &[Decision]) {
        self.events += 1;
        self.times.add(took);
        for decision in decisions {
            let levels = self.decisions.iter_mut().find(|(slot, _)| *slot == decision.slot);
            let count = levels.and_then(|(_, levels)| levels.get_mut(place(decision.level)));
            if let Some(count) = count {
                *count += 1;
            }
        }
    }

    /// Counts one session, after all its events.
    pub fn session(&mut self, prompts: usize) {
        self.sessions += 1;
        self.prompts += prompts;
        if let Some(hits) = &mut self.hits {
            hits.session();
        }
    }

    /// Adds what was counted with the same config and model for other sessions.
    pub fn merge(&mut self, others: Counts) {
        self.sessions += others.sessions;
        self.events += others.events;
        self.prompts += others.prompts;
        for ((_, levels), (_, other)) in self.decisions.iter_mut().zip(&others.decisions) {
            levels.iter_mut().zip(other).for_each(|(count, other)| *count += other);
        }
        self.times.merge(others.times);
        if let (Some(hits), Some(others)) = (&mut self.hits, &others.hits) {
            hits.merge(others);
        }
    }

    /// The share of all decisions above the page's own content, 0 to 1.
    pub fn coverage(&self) -> f64 {
        let all: usize = self.decisions.iter().flat_map(|(_, levels)| levels).sum();
        let standard: usize = self.decisions.iter().map(|(_, [standard, ..])| standard).sum();
        ratio(all - standard, all)
    }

    /// How many prompts there were in 100 sessions.
    pub fn prompts_per_100(&self) -> f64 {
        100.0 * ratio(self.prompts, self.sessions)
    }
}

fn place(level: Level) -> usize {
    Level::ALL.iter().position(|known| *known == level).unwrap_or(0)
}

/// A part of a whole; 0 where there is no whole.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
pub fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
