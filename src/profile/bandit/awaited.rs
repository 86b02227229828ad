//! Trials that await their reward, and which reward each of them gets.
//!
//! A goal is credited as the counts of variants credit it: to what the visitor was exposed to last in the slot or by
//! the prompt, within the time for which exposures are credited. So a trial is over, with reward 1, when the goal is
//! reached; with reward 0, when that time has passed, or when the visitor is exposed to something else there, which
//! later goals are credited to. Each trial is rewarded once.

use super::learner::{Learner, Reward, find, owner_of_prompt};
use super::trial::Trial;
use crate::codec::Codec;
use crate::profile::journal::{Entry, JournalEvent};
use crate::signal::PromptOutcome;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most slots and prompts that await a reward; beyond, the oldest trial is forgotten.
const AWAITED: usize = 50;

/// At most one trial for each slot and prompt, the latest last.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Awaited(Vec<Awaiting>);

#[derive(Clone, Debug, PartialEq, Default)]
struct Awaiting {
    at: Timestamp,
    trial: Trial,
}

/// A trial that is over, and its reward: 1 where it led to the goal, else 0.
pub type Outcome = (Trial, f64);

impl Awaited {
    /// Applies one entry of a journal; returns the trials that are over. `expired` is the time by which rewards are
    /// given up.
    pub fn fold(&mut self, entry: &Entry, expired: Timestamp, learners: &[Learner]) -> Vec<Outcome> {
        let mut over = self.give_up(expired, learners);
        match &entry.event {
            JournalEvent::Trial(trial) => over.extend(self.begin(trial, entry.at)),
            // From now on goals are credited to this, whether or not anything is learned of it.
            JournalEvent::Exposed(slot, _) => over.extend(self.supersede(slot, entry.at)),
            JournalEvent::Prompt(id, _, outcome) => over.extend(self.answer(id, *outcome, entry.at, learners)),
            JournalEvent::Event(event) => {
                let reached = |learner: &&Learner| learner.reward == Reward::Event(event.name.clone());
                let succeeded = learners.iter().filter(reached).filter_map(|learner| self.succeed(learner, entry.at));
                over.extend(succeeded);
            }
            JournalEvent::View
            | JournalEvent::Page(_)
            | JournalEvent::Answer(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Correct(..)
            | JournalEvent::Pause(_)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Report(..)
            | JournalEvent::Dropped(_) => {}
        }
        over
    }

    /// A variant is shown. Returns the trial that is over by that: the one before, or where this comes late, from
    /// another tab, this one.
    fn begin(&mut self, trial: &Trial, at: Timestamp) -> Option<Outcome> {
        let before = self.supersede(&trial.owner, at);
        if self.0.iter().any(|awaiting| awaiting.trial.owner == trial.owner) {
            return Some((trial.clone(), 0.0));
        }
        if self.0.len() >= AWAITED {
            self.0.remove(0);
        }
        self.0.push(Awaiting { at, trial: trial.clone() });
        before
    }

    fn answer(&mut self, prompt: &str, outcome: PromptOutcome, at: Timestamp, learners: &[Learner]) -> Option<Outcome> {
        let owner = owner_of_prompt(prompt);
        let by_answer = find(learners, &owner).filter(|learner| learner.reward == Reward::Acceptance);
        match outcome {
            PromptOutcome::Shown | PromptOutcome::Withheld => self.supersede(&owner, at),
            PromptOutcome::Accepted | PromptOutcome::Submitted => self.succeed(by_answer?, at),
            PromptOutcome::Declined | PromptOutcome::Dismissed => self.supersede(&by_answer?.owner, at),
            PromptOutcome::Seen | PromptOutcome::Failed | PromptOutcome::Postponed | PromptOutcome::Removed => None,
        }
    }

    /// The goal is reached.
    fn succeed(&mut self, learner: &Learner, at: Timestamp) -> Option<Outcome> {
        let is_credited = |awaiting: &Awaiting| {
            awaiting.trial.owner == learner.owner && (0..=learner.attribution_ms).contains(&at.since(awaiting.at))
        };
        self.take(&is_credited).map(|trial| (trial, 1.0))
    }

    /// What was shown before `at` gets no reward any more.
    fn supersede(&mut self, owner: &str, at: Timestamp) -> Option<Outcome> {
        self.take(&|awaiting| awaiting.trial.owner == owner && awaiting.at <= at).map(|trial| (trial, 0.0))
    }

    /// Rewards that have not come in time, the earliest trial first.
    fn give_up(&mut self, now: Timestamp, learners: &[Learner]) -> Vec<Outcome> {
        let is_over = |awaiting: &Awaiting| {
            find(learners, &awaiting.trial.owner).is_none_or(|learner| now.since(awaiting.at) > learner.attribution_ms)
        };
        core::iter::from_fn(|| self.take(&is_over)).map(|trial| (trial, 0.0)).collect()
    }

    fn take(&mut self, is_meant: &dyn Fn(&Awaiting) -> bool) -> Option<Trial> {
        let place = self.0.iter().position(is_meant)?;
        Some(self.0.remove(place).trial)
    }

    /// Forgets some trials, given the slot or prompt and the variant, and of the others some features, given the slot
    /// or prompt and the name.
    pub fn forget(&mut self, is_about: &dyn Fn(&str, &str) -> bool, reads: &dyn Fn(&str, &str) -> bool) {
        self.0.retain(|awaiting| !is_about(&awaiting.trial.owner, &awaiting.trial.variant));
        for Awaiting { trial: Trial { owner, features, .. }, .. } in &mut self.0 {
            features.retain(|(name, _)| !reads(owner, name));
        }
    }

    /// A list of `{slot, variant, at, propensity, context}`, for the visitor to read.
    pub fn readable(&self) -> Value {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let one = |Awaiting { at, trial }: &Awaiting| {
            let mut context = Object::new();
            trial.features.iter().for_each(|(name, value)| context.set(name, *value));
            Object::new()
                .with("slot", trial.owner.as_str())
                .with("variant", trial.variant.as_str())
                .with("at", at.ms() as f64)
                .with("propensity", trial.propensity)
                .with("context", context)
        };
        self.0.iter().map(one).collect()
    }

    /// Their part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(AWAITED, &mut self.0, |codec, awaiting| {
            codec.time(&mut awaiting.at);
            awaiting.trial.code(codec);
        });
    }
}
