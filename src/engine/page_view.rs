//! What belongs to one page view, and ends with it.

use super::bandits::PageDraws;
use super::prompt_queue::PromptQueue;
use crate::decision::exit_intent::Signs;
use crate::decision::recommend::catalog::Catalog;
use crate::decision::recommend::rankings::Rankings;
use crate::decision::targeting::PageTargeting;
use crate::page::speculation::SpeculationRequest;
use crate::profile::engagement::Engagement;
use crate::signal::context::PageContext;
use crate::time::Timestamp;

/// One page view.
#[derive(Clone, Debug, Default)]
pub struct PageView {
    pub context: PageContext,
    pub engagement: Engagement,
    /// What targets the address.
    pub targeting: PageTargeting,
    /// Variants the visitor was exposed to, by slot; `None` is the page's own content.
    exposed: Vec<(String, Option<String>)>,
    impressed: Vec<(String, Option<String>)>,
    /// The decision that was announced last, by slot.
    announced: Vec<(String, Option<String>)>,
    /// Whether a redirect experiment was evaluated.
    pub redirected: bool,
    /// The prompts of this page view.
    pub prompts: PromptQueue,
    /// Signs that the visitor is about to leave.
    pub exit_signs: Signs,
    /// The item that the page is about.
    pub current_item: Option<String>,
    /// The products that the page's markup describes.
    pub catalog: Catalog,
    /// What the site model was asked.
    pub rankings: Rankings,
    /// Whether its path is remembered.
    pub is_remembered: bool,
    /// What the page was asked to load ahead.
    pub speculation: Option<SpeculationRequest>,
    /// Whether the page is about something sensitive: then its events say nothing.
    pub is_sensitive: bool,
    /// When the tab was hidden, until it is visible again and that was considered.
    pub hidden_at: Option<Timestamp>,
    /// What bandits choose by; `None` before they can choose.
    pub draws: Option<PageDraws>,
}

impl PageView {
    /// A page view that begins now.
    pub fn new(context: PageContext, targeting: PageTargeting, prompts: PromptQueue, now: Timestamp) -> PageView {
        let mut engagement = Engagement::begin(now);
        if context.is_hidden {
            engagement.tab(false, now);
        }
        PageView { context, targeting, prompts, engagement, ..PageView::default() }
    }

    /// Whether this is the first exposure to a variant on this page view; notes it.
    pub fn is_first_exposure(&mut self, slot: &str, variant: Option<&str>) -> bool {
        is_first(&mut self.exposed, slot, variant)
    }

    /// Whether this is the first impression of a variant on this page view; notes it.
    pub fn is_first_impression(&mut self, slot: &str, variant: Option<&str>) -> bool {
        is_first(&mut self.impressed, slot, variant)
    }

    /// Whether the last decision that was announced for a slot is this one.
    pub fn is_announced(&self, slot: &str, variant: Option<&str>) -> bool {
        self.announced.iter().any(|(known, announced)| known == slot && announced.as_deref() == variant)
    }

    /// Notes that a decision is announced.
    pub fn set_announced(&mut self, slot: &str, variant: Option<&str>) {
        self.announced.retain(|(known, _)| known != slot);
        self.announced.push((slot.to_owned(), variant.map(str::to_owned)));
    }

    /// Forgets what was announced for slots that are not on the page any more.
    pub fn retain_announced(&mut self, is_present: &dyn Fn(&str) -> bool) {
        self.announced.retain(|(slot, _)| is_present(slot));
    }

    /// Everything was erased: what was counted is to be counted anew.
    pub fn forget(&mut self) {
        self.exposed.clear();
        self.impressed.clear();
        self.announced.clear();
        self.draws = None;
    }
}

fn is_first(list: &mut Vec<(String, Option<String>)>, slot: &str, variant: Option<&str>) -> bool {
    let is_first = !list.iter().any(|(known, other)| known == slot && other.as_deref() == variant);
    if is_first {
        list.push((slot.to_owned(), variant.map(str::to_owned)));
    }
    is_first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposures_and_impressions_count_once_for_each_variant() {
        let mut view = PageView::default();
        assert!(view.is_first_exposure("hero", Some("boots")));
        assert!(!view.is_first_exposure("hero", Some("boots")));
        assert!(view.is_first_exposure("hero", None), "the page's own content is something else");
        assert!(view.is_first_impression("hero", Some("boots")), "seen is not exposed");
        view.forget();
        assert!(view.is_first_exposure("hero", Some("boots")));
    }
}
