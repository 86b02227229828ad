//! Bandits on a page: what they choose by, and the trials of what is shown.

use super::Engine;
use crate::decision::Decision;
use crate::decision::bandit::strategy::BanditEvidence;
use crate::decision::selection::Selection;
use crate::decision::strategy::Elsewhere;
use crate::profile::bandit::learned::Bandits;
use crate::profile::bandit::learner::find;
use crate::profile::bandit::trial::Trial;
use crate::profile::journal::JournalEvent;
use crate::time::Timestamp;

/// What bandits choose by on one page view, from when they can first choose on it until it ends.
#[derive(Clone, Debug)]
pub struct PageDraws {
    /// What was learned before.
    learned: Bandits,
    /// The number of the page view among all of the visitor's: each has draws of its own.
    number: u32,
}

impl Engine {
    /// Notes what is known before anything is drawn on this page view.
    pub(super) fn begin_draws(&mut self) {
        let is_learning = !self.config.rules.learners.is_empty();
        if is_learning && self.view.draws.is_none() && self.decision_context.seed.is_some() {
            let profile = &self.store.basis().profile;
            // A page that is rendered ahead counts as viewed once it is activated, and is to show the same then.
            let ahead = u32::from(self.view.context.is_prerendering);
            let number = profile.history.views.saturating_add(ahead);
            self.view.draws = Some(PageDraws { learned: profile.bandits.clone(), number });
        }
    }

    /// What bandits choose by now.
    pub(super) fn bandit_evidence(&self) -> BanditEvidence<'_> {
        BanditEvidence {
            learners: &self.config.rules.learners,
            page_view: self.view.draws.as_ref().map(|draws| (&draws.learned, draws.number)),
            now: &self.store.basis().profile.bandits,
        }
    }

    /// The trial that showing a decision's variant begins, where a bandit learns from it: whichever strategy chose.
    pub(super) fn trial(&self, decision: &Decision, now: Timestamp) -> Option<JournalEvent> {
        let variant = decision.variant.as_ref()?;
        find(&self.config.rules.learners, &decision.slot)?.variant(variant)?;
        Some(JournalEvent::Trial(Trial {
            owner: decision.slot.clone(),
            variant: variant.clone(),
            features: self.selection_of(&decision.slot)?.bandit()?.features(self.evidence(Elsewhere::default(), now)),
            propensity: decision.propensity,
            drawn: decision.drawn,
        }))
    }

    /// The selection of a slot, or of a prompt, by the id of its decisions.
    fn selection_of(&self, owner: &str) -> Option<&Selection> {
        let slot = self.config.slot(owner).map(|slot| &slot.selection);
        slot.or_else(|| {
            self.config.prompts.iter().find(|prompt| prompt.decision_id() == owner).map(|prompt| &prompt.selection)
        })
    }
}
