//! Loading ahead: which pages of a session are remembered for it, and when the page is asked to.
//!
//! A page that is loaded ahead tells the server what somebody may open next, and that follows from what they did. So
//! the site asks for it, the visitor has said yes, and nothing of it stays once either is over.

use super::Engine;
use crate::page::Effect;
use crate::page::speculation::{PATH, SpeculationRequest};
use crate::profile::journal::JournalEvent;
use crate::time::Timestamp;

impl Engine {
    /// Remembers the page that is viewed, if its path may be kept and is one that a model can know: nothing is kept of a
    /// page on which nothing is to be seen, or whose path names something sensitive.
    pub(super) fn remember_page(&mut self, is_sensitive: bool, now: Timestamp) {
        let path = &self.view.context.path;
        let rules = &self.config.rules;
        let may_be_kept = !is_sensitive && !self.view.is_sensitive && !self.is_spared();
        if rules.remembers_pages
            && may_be_kept
            && (1..=PATH).contains(&path.chars().count())
            && !self.view.is_remembered
        {
            self.view.is_remembered = true;
            self.record(JournalEvent::Page(path.clone()), now);
        }
    }

    /// Asks the page to load what may come next, or to end that where it may not go on: once a page view, and again when
    /// the page says which item it is about.
    pub(super) fn speculate(&mut self, effects: &mut Vec<Effect>) {
        let Some(rules) = self.config.speculation else { return };
        if !self.may_speculate() {
            if core::mem::take(&mut self.speculates) {
                effects.push(Effect::EndSpeculation);
            }
        } else if self.view.speculation.as_ref().is_none_or(|last| last.item != self.view.current_item) {
            self.speculates = true;
            let history = self.store.basis().profile.session.pages().to_vec();
            let request = SpeculationRequest { history, item: self.view.current_item.clone(), rules };
            self.view.speculation = Some(request.clone());
            effects.push(Effect::Speculate(request));
        }
    }

    /// Where the pages of items are, by the `url` that the catalogue gives them; `None` where it gives none.
    pub fn item_addresses(&self, ids: &[String]) -> Vec<Option<&str>> {
        ids.iter().map(|id| self.catalog().get(id)?.fields.at("url").as_text()).collect()
    }

    /// Visitors who are held out get the page as it was sent, also in its speed. Before the page may be changed nothing
    /// is inserted into it, and a page that is itself rendered ahead loads no other one. After everything was erased
    /// nothing is known to go by.
    fn may_speculate(&self) -> bool {
        self.store.area().is_some()
            && self.ready
            && !self.view.context.is_prerendering
            && self.view.is_remembered
            && !self.store.basis().profile.session.pages().is_empty()
            && !self.is_held_out()
    }
}
