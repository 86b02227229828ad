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
    /// Remembers the page that is viewed.
    pub(super) fn remember_page(&mut self, now: Timestamp) {
        if self.is_page_to_remember() {
            self.record(JournalEvent::Page(self.view.context.path.clone()), now);
        }
    }

    /// Whether the path of this page may be kept, and is one that a model can know. Of a page on which nothing is to be
    /// seen, or whose path names something sensitive, nothing is kept.
    fn is_page_to_remember(&self) -> bool {
        let context = &self.view.context;
        let is_sensitive = context.is_sensitive || self.config.rules.is_sensitive_path(&context.path);
        self.config.rules.remembers_pages
            && !is_sensitive
            && (1..=PATH).contains(&context.path.chars().count())
            && !self.is_spared()
    }

    /// Asks the page once a page view to load what may come next, or to end that where it may not go on.
    pub(super) fn speculate(&mut self, effects: &mut Vec<Effect>) {
        let Some(rules) = self.config.speculation else { return };
        if !self.may_speculate() {
            if core::mem::take(&mut self.speculates) {
                effects.push(Effect::EndSpeculation);
            }
        } else if !core::mem::replace(&mut self.view.has_speculated, true) {
            self.speculates = true;
            let history = self.store.state.profile.session.pages().to_vec();
            effects.push(Effect::Speculate(SpeculationRequest { history, rules }));
        }
    }

    /// Visitors who are held out get the page as it was sent, also in its speed. Before the page may be changed nothing
    /// is inserted into it, and a page that is itself rendered ahead loads no other one. After everything was erased
    /// nothing is known to go by.
    fn may_speculate(&self) -> bool {
        self.store.area().is_some()
            && self.ready
            && !self.view.context.is_prerendering
            && self.is_page_to_remember()
            && !self.store.state.profile.session.pages().is_empty()
            && !self.is_held_out()
    }
}
