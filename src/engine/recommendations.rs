//! Recommendations: what they are based on, when the site model is asked, and what is shown of an item.

use std::sync::Arc;

use super::Engine;
use crate::decision::Decision;
use crate::decision::recommend::catalog::Catalog;
use crate::decision::recommend::{Count, Recommendation, Shelf, ShelfEvidence, Shown};
use crate::decision::slot::Slot;
use crate::decision::strategy::Strategy;
use crate::page::Effect;
use crate::page::content::ChangeKind;
use crate::page::content::shown_item::ShownItem;
use crate::reader::{Problems, read};
use crate::signal::catalog::Markup;
use crate::signal::event::{Event, name};
use crate::signal::ranking::RankRequest;
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// A view of one item says what the page is about.
    pub(super) fn note_current_item(&mut self, event: &Event) {
        if let (name::VIEW_ITEM, [item]) = (event.name.as_str(), event.items.as_slice()) {
            self.view.current_item = Some(item.id.clone());
        }
    }

    /// What recommendations are based on.
    pub(super) fn shelf_evidence(&self, now: Timestamp) -> ShelfEvidence<'_> {
        let profile = &self.store.basis().profile;
        ShelfEvidence {
            catalog: self.catalog(),
            has_model: self.config.model.is_some(),
            rankings: &self.view.rankings,
            current: self.view.current_item.as_deref(),
            basket: &profile.basket,
            history: &profile.items,
            interests: &profile.interests,
            rules: &self.config.rules,
            now,
            scope: self.scope(),
        }
    }

    /// What can be recommended: what the config says, or what the page shows itself.
    pub(super) fn catalog(&self) -> &Catalog {
        if self.config.catalog.is_empty() { &self.view.catalog } else { &self.config.catalog }
    }

    /// The page says which products it shows.
    pub(super) fn note_products(&mut self, markup: &Markup) {
        let rules = &self.config.rules;
        if rules.recommends && !self.view.is_sensitive && self.config.catalog.is_empty() {
            self.view.catalog = Catalog::of_page(markup.products(&rules.currency, self.host.as_ref()), rules);
            self.decision_context.decide_anew();
        }
    }

    /// The items in the slots that come before this one: nothing is offered twice on a page. None where it shows no items
    /// itself.
    pub(super) fn items_beside(&self, slot: &Slot) -> Vec<&str> {
        if !slot.selection.recommends() {
            return Vec::new();
        }
        let items = self.rendered_slots.changes_before(&slot.id).filter_map(|change| match &change.kind {
            ChangeKind::Items { items, .. } => Some(items),
            _ => None,
        });
        items.flatten().map(|item| item.id.as_str()).collect()
    }

    /// What the site model is to be asked for a slot that shows recommendations, or would.
    pub(super) fn rank_requests(&self, slot: &Slot, decision: &Decision, now: Timestamp) -> Vec<RankRequest> {
        if !self.view.rankings.has_room() {
            return Vec::new();
        }
        let evidence = self.shelf_evidence(now);
        let request = |strategy: &Strategy| match strategy {
            Strategy::Recommend(shelf) => {
                let decides = decision.is_of(shelf);
                shelf.request(evidence).filter(|_| decides)
            }
            _ => None,
        };
        slot.selection.choose.iter().filter_map(request).collect()
    }

    /// Asks the site model what a decision waits for.
    pub(super) fn ask_model_for(&mut self, decision: &Decision, now: Timestamp, effects: &mut Vec<Effect>) {
        let slot = self.config.slot(&decision.slot);
        let requests = slot.map(|slot| self.rank_requests(slot, decision, now)).unwrap_or_default();
        self.ask_model(requests, effects);
    }

    /// Asks the site model what it was not asked on this page view.
    pub(super) fn ask_model(&mut self, requests: Vec<RankRequest>, effects: &mut Vec<Effect>) {
        for request in requests {
            if self.view.rankings.ask(&request) {
                effects.push(Effect::Rank(request));
            }
        }
    }

    /// What a page shows of an item: what the catalogue says, and why it is there.
    pub(super) fn shown_item(&self, recommendation: &Recommendation) -> ShownItem {
        let catalog = self.catalog();
        let because = recommendation.because.as_deref().and_then(|id| catalog.get(id));
        ShownItem {
            id: recommendation.id.clone(),
            fields: catalog.get(&recommendation.id).map(|item| Arc::clone(&item.fields)),
            because: recommendation.because.clone(),
            because_name: because.map(|item| item.name().to_owned()),
        }
    }

    /// What the site model is to be asked before [`recommend`](Engine::recommend) can answer; `None` where nothing is.
    pub fn rank_request(&self, options: &Value, now: Timestamp) -> Option<RankRequest> {
        let request = read_shelf(options).ok().flatten()?.request(self.shelf_evidence(now))?;
        self.view.rankings.may_come(&request).then_some(request)
    }

    /// Items for this visitor, by the keys of the strategy `recommend`: a list of `{item, id, score, because, reason}`.
    ///
    /// # Errors
    ///
    /// With what is wrong with `options`.
    pub fn recommend(&self, options: &Value, now: Timestamp) -> Result<Value, Problems> {
        let Some(shelf) = read_shelf(options)? else { return Ok(Value::List(Vec::new())) };
        let Shown::Items(items) = shelf.fill(self.shelf_evidence(now), &[]) else {
            return Ok(Value::List(Vec::new()));
        };
        let one = |recommendation: &Recommendation| {
            let item = self.shown_item(recommendation);
            let because = item.because_name.as_ref().or(item.because.as_ref());
            let reason = match because {
                Some(because) => format!("because of {because}"),
                None => shelf.kind.name().to_owned(),
            };
            Object::new()
                .with("id", recommendation.id.as_str())
                .with("score", recommendation.score)
                .with("because", recommendation.because.clone())
                .with("reason", reason)
                .with("item", item.to_object())
        };
        Ok(items.iter().map(one).collect())
    }
}

/// Reads the options of `recommend()`.
fn read_shelf(options: &Value) -> Result<Option<Shelf>, Problems> {
    read(options, |at| {
        let keys = at.keys(&crate::decision::recommend::KEYS);
        let shelf = Shelf::read(at, Count::OF_A_SLOT);
        keys.and(shelf)
    })
}
