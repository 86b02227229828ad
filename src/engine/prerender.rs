//! Pages that the browser renders ahead of a visit that may never come.
//!
//! Slots are decided and shown, so that the visitor finds them as they are to be. Nothing is recorded: what happens
//! before the page is activated waits, and counts for the page view that begins then.

use crate::signal::Signal;

/// The most signals that wait. Events beyond the limit of one second would be dropped anyway.
const SIGNALS: usize = 500;

/// What waits until the page is activated.
#[derive(Clone, Debug, Default)]
pub struct Prerender {
    waiting: Vec<Signal>,
    dropped: u32,
}

impl Prerender {
    /// Keeps a signal that counts only once the page is activated; gives back every other.
    pub fn hold(&mut self, signal: Signal) -> Option<Signal> {
        if !is_of_a_visit(&signal) {
            return Some(signal);
        }
        if self.waiting.len() < SIGNALS {
            self.waiting.push(signal);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        None
    }

    /// The page is activated: what waited, in its order, and how many signals were too many.
    pub fn release(&mut self) -> (Vec<Signal>, u32) {
        let Prerender { waiting, dropped } = core::mem::take(self);
        (waiting, dropped)
    }
}

/// Whether a signal says what somebody does on the page, or that a decision is acted on.
fn is_of_a_visit(signal: &Signal) -> bool {
    match signal {
        Signal::Event(_)
        | Signal::Captured(_)
        | Signal::Impression(_)
        | Signal::Activity(_)
        | Signal::PointerExit(_)
        | Signal::ScrolledUp
        | Signal::ProductCopied
        | Signal::ElementVisible(_)
        | Signal::PromptCalled(_)
        | Signal::PromptOutcome(..)
        | Signal::PromptAnswered(..)
        | Signal::DecisionUsed(_)
        | Signal::FeatureUsed(..) => true,
        Signal::PageView(_)
        | Signal::Parsed(_)
        | Signal::Ready
        | Signal::SlotsPresent(_)
        | Signal::SlotApplied { .. }
        | Signal::SlotNotApplied { .. }
        | Signal::Attributes(_)
        | Signal::Geo(_)
        | Signal::Position(_)
        | Signal::Consent(_)
        | Signal::Restored(_)
        | Signal::Folded(_)
        | Signal::SlotVisible(..)
        | Signal::TabVisible(_)
        | Signal::Notifications(_)
        | Signal::Previews(_)
        | Signal::PromptPreviewed(..)
        | Signal::Ranked(..)
        | Signal::ReportsAsked
        | Signal::Forget(..)
        | Signal::Correct(..)
        | Signal::Pause(_)
        | Signal::Erase(_)
        | Signal::ErasedElsewhere(_)
        | Signal::WithdrawnElsewhere(_)
        | Signal::Timer
        | Signal::Ignored => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_does_waits_in_its_order_and_what_says_something_of_the_page_does_not() {
        let mut prerender = Prerender::default();
        assert_eq!(prerender.hold(Signal::Ready), Some(Signal::Ready));
        assert_eq!(prerender.hold(Signal::Activity(10)), None);
        assert_eq!(prerender.hold(Signal::DecisionUsed("hero".to_owned())), None);
        assert_eq!(prerender.release(), (vec![Signal::Activity(10), Signal::DecisionUsed("hero".to_owned())], 0));
        assert_eq!(prerender.release(), (vec![], 0), "once");
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let mut prerender = Prerender::default();
        for _ in 0..SIGNALS + 3 {
            prerender.hold(Signal::Activity(0));
        }
        let (waiting, dropped) = prerender.release();
        assert_eq!((waiting.len(), dropped), (SIGNALS, 3));
    }
}
