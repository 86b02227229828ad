//! Reports on experiments: when one begins, what is reached meanwhile, and that each is handed out once.

use super::Engine;
use crate::profile::journal::JournalEvent;
use crate::profile::report_step::ReportStep;
use crate::random::NoiseKey;
use crate::time::Timestamp;
use crate::value::Value;

/// What is done about reports on this page.
#[derive(Clone, Debug, Default)]
pub struct ReportQueue {
    /// What noise is drawn from in reports that begin on this page; without it none begins.
    key: Option<NoiseKey>,
    /// Experiments and variations that the visitor was exposed to on this page, and of which a report may begin.
    exposed: Vec<(String, String)>,
}

impl Engine {
    /// Gives reports the key from which noise is drawn, of the platform's cryptographic generator. Without it no report
    /// begins on this page.
    #[must_use]
    pub fn with_noise_key(mut self, key: NoiseKey) -> Engine {
        self.reports.key = Some(key);
        self
    }

    /// Notes an exposure of which there may be a report.
    pub(super) fn note_for_report(&mut self, experiment: &str, variation: &str) {
        let is_reported = self.config.reports.iter().any(|rule| rule.experiment == experiment);
        let is_noted = self.reports.exposed.iter().any(|(known, _)| known == experiment);
        if is_reported && !is_noted {
            self.reports.exposed.push((experiment.to_owned(), variation.to_owned()));
        }
    }

    /// Begins reports where consent allows it, and drops those that are awaited where the visitor refuses.
    pub(super) fn update_reports(&mut self, now: Timestamp) {
        // What was begun or handed out on earlier pages is known only once storage was read.
        let is_open = self.store.area().is_some() && self.store.area() == self.consent.area();
        if !is_open || self.view.context.is_prerendering {
            return;
        }
        if self.consent.in_effect().measure == Some(false) {
            self.reports.exposed.clear();
            let awaited: Vec<String> = self.store.state.reports.awaited().map(str::to_owned).collect();
            for experiment in awaited {
                self.record(JournalEvent::Report(experiment, ReportStep::Dropped), now);
            }
        }
        let Some(key) = self.reports.key.filter(|_| self.consent.may_measure()) else { return };
        for (experiment, variation) in core::mem::take(&mut self.reports.exposed) {
            if self.store.state.reports.may_begin(&experiment) {
                self.record(JournalEvent::Report(experiment, ReportStep::Begun(variation, key)), now);
            }
        }
    }

    /// Records the goals of reports that an event of this name and value reaches.
    pub(super) fn reach_report_goals(&mut self, name: &str, value: Option<f64>, now: Timestamp) {
        if !self.consent.may_measure() {
            return;
        }
        self.update_reports(now);
        let value = value.unwrap_or(0.0);
        let reports = &self.store.state.reports;
        let reached = self.config.reports.iter().filter(|rule| rule.goal == name);
        let reached = reached.filter(|rule| reports.counts(rule, value, now)).map(|rule| rule.experiment.clone());
        for experiment in reached.collect::<Vec<_>>() {
            self.record(JournalEvent::Report(experiment, ReportStep::Reached(value)), now);
        }
    }

    /// Hands out the reports that are due: a list of `Report`s in `www/loader/types.ts`.
    ///
    /// Send [`Signal::ReportsAsked`](crate::signal::Signal) before, so that what other tabs have recorded meanwhile is
    /// known: a goal that was reached there is part of the outcome, and what was handed out there is not handed out
    /// here. That these were handed out is stored with the next signal.
    pub fn reports(&mut self, now: Timestamp) -> Value {
        self.update_reports(now);
        let mut handed_out = Vec::new();
        // What is handed out must be recorded, which nothing is in a pause, or on a page that is rendered ahead.
        if !self.consent.may_measure() || self.store.area().is_none() || !self.may_learn() {
            return Value::List(handed_out);
        }
        let believed = self.store.state.profile.retention_time(now);
        // Each experiment once.
        for _ in 0..self.config.reports.len() {
            let Some(report) = self.store.state.reports.next_due(&self.config.reports, believed) else { break };
            handed_out.push(report.to_object().into());
            let step = ReportStep::HandedOut(report.epsilon);
            self.record(JournalEvent::Report(report.experiment, step), now);
        }
        Value::List(handed_out)
    }
}

impl ReportQueue {
    /// Nothing is known any more: reports that begin from now on have another visitor, and noise of another key.
    pub fn forget(&mut self) {
        let key = self.key.map(NoiseKey::next);
        *self = ReportQueue { key, ..ReportQueue::default() };
    }
}
