//! What follows a signal, besides what it changes.

use crate::signal::Signal;

/// What is done once a signal was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUp {
    /// Slots are decided where an attribute has changed.
    ByChange,
    /// Slots are decided in any case: the signal says something of the page, or of what may be stored.
    Decide,
    /// That, and the visitor may be redirected, who is not on the page for long enough to have done anything.
    DecideAndRedirect,
}

impl FollowUp {
    /// What follows this signal.
    pub fn of(signal: &Signal) -> FollowUp {
        match signal {
            Signal::PageView(_) | Signal::Restored(_) | Signal::Attributes(_) | Signal::Consent(_) | Signal::Ready => {
                FollowUp::DecideAndRedirect
            }
            Signal::SlotsPresent(_)
            | Signal::Geo(_)
            | Signal::Folded(_)
            | Signal::SlotVisible(..)
            | Signal::PointerExit(_)
            | Signal::ScrolledUp
            | Signal::ProductCopied
            | Signal::ElementVisible(_)
            | Signal::PromptCalled(_)
            | Signal::Previews(_)
            | Signal::PromptPreviewed(..)
            | Signal::PromptOutcome(..)
            | Signal::PromptAnswered(..)
            | Signal::Ranked(..)
            | Signal::Forget(..)
            | Signal::Correct(..)
            | Signal::Pause(_)
            | Signal::Erase(_)
            | Signal::ErasedElsewhere(_)
            | Signal::WithdrawnElsewhere(_) => FollowUp::Decide,
            // What the page answers concerns one slot, and changes nothing that others are decided by.
            Signal::SlotApplied { .. }
            | Signal::SlotNotApplied { .. }
            | Signal::Impression(_)
            | Signal::Event(_)
            | Signal::Captured(_)
            | Signal::Parsed(_)
            | Signal::Position(_)
            | Signal::Activity(_)
            | Signal::TabVisible(_)
            | Signal::Notifications(_)
            | Signal::DecisionUsed(_)
            | Signal::FeatureUsed(..)
            | Signal::ReportsAsked
            | Signal::Timer
            | Signal::Ignored => FollowUp::ByChange,
        }
    }
}
