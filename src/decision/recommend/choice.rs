//! The choice of items: candidates of several sources, of which the best that may be shown are taken.

use std::borrow::Cow;

use super::catalog::{CatalogItem, KnownTags};
use super::{Recommendation, Shelf, ShelfEvidence};
use crate::condition::Condition;
use crate::signal::ranking::RankedItem;

/// An item that may be recommended; as in [`Recommendation`].
pub(super) struct Candidate<'a> {
    id: &'a str,
    score: f64,
    because: Option<&'a str>,
    /// With its place in the catalogue; `None` where the site has none.
    item: Option<(usize, &'a CatalogItem)>,
}

impl Candidate<'_> {
    fn recommendation(&self) -> Recommendation {
        Recommendation { id: self.id.to_owned(), score: self.score, because: self.because.map(str::to_owned) }
    }

    fn likeness(&self, other: &Candidate<'_>) -> f64 {
        match (self.item, other.item) {
            (Some((_, item)), Some((_, other))) => item.tags.likeness(&other.tags),
            _ => 0.0,
        }
    }
}

/// The items that are chosen so far.
pub(super) struct Choice<'a> {
    shelf: &'a Shelf,
    evidence: ShelfEvidence<'a>,
    /// By its place, whether an item of the catalogue may still be shown: every candidate is looked up.
    shows: Vec<bool>,
    /// What may not be shown.
    hidden: Vec<&'a str>,
    band: Option<[f64; 2]>,
    chosen: Vec<Candidate<'a>>,
}

impl<'a> Choice<'a> {
    /// Nothing is chosen yet. `hidden` are items that may not be shown, `band` the lowest and the highest price.
    pub(super) fn of(
        shelf: &'a Shelf,
        evidence: ShelfEvidence<'a>,
        hidden: Vec<&'a str>,
        band: Option<[f64; 2]>,
    ) -> Choice<'a> {
        Choice { shelf, evidence, shows: evidence.catalog.without(&hidden), hidden, band, chosen: Vec::new() }
    }

    /// What was chosen, in that order.
    pub(super) fn items(&self) -> Vec<Recommendation> {
        self.chosen.iter().map(Candidate::recommendation).collect()
    }

    /// Adds the best of these candidates that may be shown, until there are enough. Each is chosen for its score and for
    /// how little it is like those chosen before.
    ///
    /// Source: Carbonell and Goldstein (1998), "The use of MMR, diversity-based reranking for reordering documents and
    /// producing summaries".
    pub(super) fn add(&mut self, candidates: &dyn Fn() -> Vec<Candidate<'a>>) {
        if self.is_full() {
            return;
        }
        let mut candidates = candidates();
        candidates.retain(|candidate| self.may_show(candidate));
        for candidate in &mut candidates {
            candidate.score *= self.boost(candidate);
        }
        let largest = candidates.iter().fold(0.0, |largest: f64, candidate| largest.max(candidate.score));
        // Each with how much it is like the most similar one of those that are chosen.
        let with_likeness = |candidate: Candidate<'a>| {
            let likeness = self.chosen.iter().fold(0.0, |most: f64, chosen| most.max(candidate.likeness(chosen)));
            (candidate, likeness)
        };
        let mut rest: Vec<(Candidate<'a>, f64)> = candidates.into_iter().map(with_likeness).collect();
        while !self.is_full() {
            let worth = |(candidate, likeness): &(Candidate<'_>, f64)| {
                let score = if largest > 0.0 { candidate.score / largest } else { 0.0 };
                (1.0 - self.shelf.diversity) * score - self.shelf.diversity * likeness
            };
            // Of equals the first.
            let best = rest.iter().enumerate().map(|(place, candidate)| (place, worth(candidate)));
            let best = best.reduce(|best, next| if next.1 > best.1 { next } else { best });
            let Some((place, _)) = best else { break };
            let (best, _) = rest.remove(place);
            for (candidate, likeness) in &mut rest {
                *likeness = likeness.max(candidate.likeness(&best));
            }
            self.choose(best);
        }
    }

    /// Adds items by the visitor's interests, each because of the latest that they looked at and that it is most like.
    pub(super) fn add_by_interest(&mut self, history: &[&'a str]) {
        let evidence = self.evidence;
        let viewed = with_tags(history, evidence);
        let before = self.chosen.len();
        self.add(&|| by_interest(evidence));
        for candidate in self.chosen.iter_mut().skip(before) {
            candidate.because = candidate.item.and_then(|(_, item)| likest(item, &viewed)).map(|(_, id)| id);
        }
    }

    /// Adds these items, the latest first.
    pub(super) fn add_latest(&mut self, items: &[&'a str]) {
        for id in items.iter().rev() {
            let candidate = Candidate { id, score: 1.0, because: None, item: self.evidence.catalog.find(id) };
            if !self.is_full() && self.may_show(&candidate) {
                self.choose(candidate);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.chosen.len() >= self.shelf.count
    }

    fn choose(&mut self, candidate: Candidate<'a>) {
        match candidate.item.and_then(|(place, _)| self.shows.get_mut(place)) {
            Some(shows) => *shows = false,
            None => self.hidden.push(candidate.id),
        }
        self.chosen.push(candidate);
    }

    fn boost(&self, candidate: &Candidate<'_>) -> f64 {
        let Some((_, item)) = candidate.item else { return 1.0 };
        let boosts = self.shelf.boosts.iter().filter(|boost| boost.when.holds(&item.fields, self.evidence.scope));
        boosts.fold(1.0, |factor, boost| factor * boost.factor)
    }

    /// Whether an item may be shown here: it is not hidden, can be had, and fits the condition and the price band.
    fn may_show(&self, candidate: &Candidate<'_>) -> bool {
        let evidence = self.evidence;
        let Some((place, item)) = candidate.item else {
            let is_known = evidence.catalog.is_empty() && self.shelf.condition.is_none();
            return is_known && !self.hidden.contains(&candidate.id);
        };
        if self.shows.get(place) != Some(&true) {
            return false;
        }
        let fits = |condition: &Condition| condition.holds(&item.fields, evidence.scope);
        let in_band = self.band.is_none_or(|[low, high]| item.price.is_some_and(|price| (low..=high).contains(&price)));
        item.in_stock && in_band && self.shelf.condition.as_ref().is_none_or(fits)
    }
}

/// What the model has answered, each item once.
pub(super) fn by_model<'a>(ranked: &'a [RankedItem], evidence: ShelfEvidence<'a>) -> Vec<Candidate<'a>> {
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    for RankedItem { id, score, because } in ranked {
        if !candidates.iter().any(|known| known.id == id) {
            let (because, item) = (because.as_deref(), evidence.catalog.find(id));
            candidates.push(Candidate { id, score: *score, because, item });
        }
    }
    candidates
}

/// All items of the catalogue with a score above 0, the best first; of equals the more popular one, then the first.
fn scored<'a>(
    evidence: ShelfEvidence<'a>,
    score: &dyn Fn(&'a CatalogItem) -> (f64, Option<&'a str>),
) -> Vec<Candidate<'a>> {
    let candidate = |(place, item): (usize, &'a CatalogItem)| {
        let (score, because) = score(item);
        (score > 0.0).then_some(Candidate { id: &item.id, score, because, item: Some((place, item)) })
    };
    let items = evidence.catalog.items().iter().enumerate();
    let mut candidates: Vec<Candidate<'a>> = items.filter_map(candidate).collect();
    let rank = |candidate: &Candidate<'_>| candidate.item.map_or((0.0, 0), |(place, item)| (item.popularity, place));
    candidates.sort_unstable_by(|one, other| {
        let ((popularity, place), (least, behind)) = (rank(other), rank(one));
        other.score.total_cmp(&one.score).then(popularity.total_cmp(&least)).then(behind.cmp(&place))
    });
    candidates
}

/// The one of these items that an item is most like, and how much; of equals the first.
fn likest<'a>(item: &CatalogItem, to: &[(&'a str, Cow<'_, KnownTags>)]) -> Option<(f64, &'a str)> {
    let likeness = to.iter().map(|(id, tags)| (item.tags.likeness(tags), *id));
    likeness.filter(|(likeness, _)| *likeness > 0.0).reduce(|best, next| if next.0 > best.0 { next } else { best })
}

/// What items are, the latest first: by the catalogue, or by what was noted when the visitor looked at them.
fn with_tags<'a>(ids: &[&'a str], evidence: ShelfEvidence<'a>) -> Vec<(&'a str, Cow<'a, KnownTags>)> {
    let (catalog, history) = (evidence.catalog, evidence.history);
    let noted = |id: &str| Cow::Owned(catalog.known(history.tags(id)));
    let tags = |id: &str| catalog.get(id).map_or_else(|| noted(id), |item| Cow::Borrowed(&item.tags));
    ids.iter().rev().map(|id| (*id, tags(id))).collect()
}

/// By how much an item is like one that the visitor looks at.
pub(super) fn by_likeness<'a>(history: &[&'a str], evidence: ShelfEvidence<'a>) -> Vec<Candidate<'a>> {
    let anchors = with_tags(history, evidence);
    scored(evidence, &|item| likest(item, &anchors).map_or((0.0, None), |(likeness, id)| (likeness, Some(id))))
}

/// By the visitor's interests in what an item is.
fn by_interest(evidence: ShelfEvidence<'_>) -> Vec<Candidate<'_>> {
    let shares = evidence.interests.shares_at(evidence.now, evidence.rules);
    let tags = evidence.catalog.tags().iter();
    let shares: Vec<f64> = tags.map(|tag| shares.of(&tag.dimension, &tag.key)).collect();
    scored(evidence, &|item| (item.tags.places().iter().filter_map(|place| shares.get(*place)).sum(), None))
}

/// By what the config says of popularity; where it says nothing, in its order.
pub(super) fn by_popularity(evidence: ShelfEvidence<'_>) -> Vec<Candidate<'_>> {
    scored(evidence, &|item| (f64::max(item.popularity, f64::MIN_POSITIVE), None))
}
