//! The items that prompts show: recommendations, what was looked at, what is in the basket.

use super::Engine;
use crate::decision::prompt::Prompt;
use crate::decision::prompt::blocked::Blocked;
use crate::decision::recommend::{NoItems, Shown};
use crate::page::Effect;
use crate::page::content::shown_item::ShownItem;
use crate::signal::ranking::RankRequest;
use crate::time::Timestamp;

impl Engine {
    /// The items that a prompt shows in one of its variants, the best first; none where it is without items.
    ///
    /// # Errors
    ///
    /// Where it is to show items and there are none, or the site model has not answered yet.
    pub(super) fn prompt_items(&self, id: &str, variant: &str, now: Timestamp) -> Result<Vec<ShownItem>, Blocked> {
        let Some(shelf) = self.config.prompt_contents.items_of(id, variant) else { return Ok(Vec::new()) };
        let items = match shelf.fill(self.shelf_evidence(now), &[]) {
            Shown::Items(items) => items,
            Shown::Awaited => return Err(Blocked::ItemsAwaited),
            Shown::Nothing(reason) => return Err(Blocked::NoItems(reason)),
        };
        // Of what the catalogue does not have nothing is known but the id.
        let known = items.iter().map(|item| self.shown_item(item)).filter(|item| item.fields.is_some());
        let known: Vec<ShownItem> = known.collect();
        if known.is_empty() { Err(Blocked::NoItems(NoItems::NothingFits)) } else { Ok(known) }
    }

    /// Asks the site model for the items of the prompts that may come on this page view: once one is due there is no time
    /// left for that.
    pub(super) fn ask_model_for_prompts(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let may_come = self.config.model.is_some()
            && self.config.prompt_contents.have_ranked_items()
            && self.view.rankings.has_room()
            && self.blocks_of_all(now).iter().all(Blocked::may_end_soon);
        if may_come {
            let requests = self.config.prompts.iter().filter_map(|prompt| self.prompt_request(prompt, now)).collect();
            self.ask_model(requests, effects);
        }
    }

    /// What the site model is to be asked for the items of a prompt in one of its variants.
    pub(super) fn items_request(&self, id: &str, variant: &str, now: Timestamp) -> Option<RankRequest> {
        self.config.prompt_contents.items_of(id, variant)?.request(self.shelf_evidence(now))
    }

    /// The same for a prompt that may come.
    fn prompt_request(&self, prompt: &Prompt, now: Timestamp) -> Option<RankRequest> {
        let request = self.items_request(&prompt.id, &self.decide_prompt(prompt, now).variant?, now)?;
        let blocks = self.blocks_of(prompt, self.due_since(prompt), now);
        blocks.iter().all(Blocked::may_end_soon).then_some(request)
    }
}
