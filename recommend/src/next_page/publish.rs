//! A learned model of the next page in its published form: without what too few visitors did, without what tells
//! little, and rounded. Native only.

use std::collections::BTreeMap;
use std::collections::btree_map::Iter;
use std::iter::Peekable;

use super::page_model::{LEVELS, MOST_ORDER, MOST_PAGES, mix};
use super::{Followers, NextPage, Page};
use crate::bytes::ByteWriter;

/// What of a model is published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Publication {
    /// The fewest visitors who went such a way: from a context of pages to the next one. It bounds as well which pages
    /// are named.
    pub support: u32,
    /// More bits than these a weight or a context saves on the visits that were learned from, for each byte it costs;
    /// from 0, by which everything is published that has support and saves anything.
    ///
    /// After Stolcke (1998), "Entropy-based pruning of backoff language models", with what was counted in place of what
    /// the model expects: on visits that were not learned from it is the better one.
    pub bits_a_byte: f64,
}

/// About how many bytes a context costs without its weights, and each of them.
const CONTEXT_BYTES: f64 = 3.0;
const WEIGHT_BYTES: f64 = 1.5;

/// A context to be written.
#[derive(Default)]
struct Node {
    /// The level of the weight of the shorter context.
    rest: u32,
    /// The pages that follow, ascending, and the levels of their weights.
    weights: Vec<(Page, u32)>,
    /// The contexts with one more page in the past, by that page, ascending.
    children: Vec<(Page, Node)>,
}

impl NextPage {
    /// As [`PageModel::read`](super::PageModel::read) reads it; `names` are those of the pages, by their numbers here.
    /// Of more than [`MOST_PAGES`] the most frequent are named.
    ///
    /// First comes how many pages a context has at most, then the number of pages and their names, and then the empty
    /// context. A context is twice the number of its weights, and one more where contexts lie below it; the level of
    /// the weight of the shorter context, if there are others; of each weight [`LEVELS`] times how many pages lie
    /// between the one before and its own, and its level; and, where there are any, the number of contexts below, and
    /// each behind how many pages lie between the one before and its own.
    pub fn encode(&self, names: &[String], publication: Publication) -> Vec<u8> {
        let pages = self.published_pages(names, publication.support);
        let mut written = ByteWriter::default();
        written.varint(u32::try_from(self.blend.order).unwrap_or(MOST_ORDER).min(MOST_ORDER));
        written.varint(u32::try_from(pages.len()).unwrap_or(MOST_PAGES));
        for page in &pages {
            written.text(usize::try_from(*page).ok().and_then(|page| names.get(page)).map_or("", String::as_str));
        }
        let numbers: BTreeMap<Page, Page> = pages.iter().copied().zip(0..).collect();
        #[allow(clippy::cast_precision_loss, reason = "there are at most a thousand pages")]
        let even = 1.0 / pages.len() as f64;
        let all: Vec<(Page, f64)> = (0..).zip(&pages).map(|(number, _)| (number, even)).collect();
        let mut contexts = self.contexts.iter().peekable();
        let root = contexts.next().and_then(|(context, followers)| {
            Builder { model: self, publication, numbers }.node(context, followers, &mut contexts, &all)
        });
        root.unwrap_or_default().write(&mut written);
        written.0
    }

    /// How many counts fewer visitors than these stand behind.
    pub fn below(&self, support: u32) -> usize {
        let counts = self.contexts.values().flat_map(|followers| followers.counts.values());
        counts.filter(|count| count.visitors < support).count()
    }

    /// The pages that enough visitors saw, the most frequent first.
    fn published_pages(&self, names: &[String], support: u32) -> Vec<Page> {
        let Some(anything) = self.contexts.get(&[][..]) else { return Vec::new() };
        let named = |page: &Page| usize::try_from(*page).is_ok_and(|page| page < names.len());
        let mut pages: Vec<(Page, f64)> = anything
            .counts
            .iter()
            .filter(|(page, count)| count.visitors >= support && named(page))
            .map(|(page, count)| (*page, count.times))
            .collect();
        pages.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        pages.into_iter().map(|(page, _)| page).take(usize::try_from(MOST_PAGES).unwrap_or(0)).collect()
    }
}

struct Builder<'a> {
    model: &'a NextPage,
    publication: Publication,
    /// The numbers of pages in what is written.
    numbers: BTreeMap<Page, Page>,
}

impl Builder<'_> {
    /// A context with all that continue it into the past, which come next among the contexts; `None` where nothing of
    /// it is published. `shorter` is what the shorter context expects, by number.
    fn node(
        &self,
        context: &[Page],
        followers: &Followers,
        contexts: &mut Peekable<Iter<'_, Vec<Page>, Followers>>,
        shorter: &[(Page, f64)],
    ) -> Option<Node> {
        let (mut node, probabilities) = self.weighted(followers, shorter, context.is_empty());
        while let Some((longer, followers)) = contexts.next_if(|(longer, _)| longer.starts_with(context)) {
            let child = self.node(longer, followers, contexts, &probabilities);
            let page = longer.last().and_then(|page| self.numbers.get(page));
            node.children.extend(page.copied().zip(child));
        }
        node.children.sort_by_key(|(page, _)| *page);
        (!node.weights.is_empty() || !node.children.is_empty()).then_some(node)
    }

    /// The weights of a context that are worth their bytes, and what is expected with them.
    fn weighted(&self, followers: &Followers, shorter: &[(Page, f64)], is_root: bool) -> (Node, Vec<(Page, f64)>) {
        let least = self.publication.bits_a_byte;
        let mut shares = self.shares(followers);
        let rest = 1.0 - shares.iter().map(|(_, share, _)| share).sum::<f64>();
        // The empty context is what all others begin with.
        if !is_root {
            shares.retain(|(page, share, times)| {
                let expected = of(shorter, *page);
                let saved = times * libm::log2((share + rest * expected) / ((rest + share) * expected));
                saved > least * WEIGHT_BYTES
            });
        }
        let node = rounded(&shares);
        let mut probabilities = shorter.to_vec();
        if !node.weights.is_empty() {
            mix(&mut probabilities, node.rest, node.weights.iter().copied());
        }
        let known = followers.counts.iter().filter_map(|(page, count)| Some((*self.numbers.get(page)?, count.times)));
        let saved: f64 =
            known.map(|(page, times)| times * libm::log2(of(&probabilities, page) / of(shorter, page))).sum();
        #[allow(clippy::cast_precision_loss, reason = "there are at most a thousand pages")]
        let bytes = CONTEXT_BYTES + WEIGHT_BYTES * node.weights.len() as f64;
        if is_root || saved > least * bytes { (node, probabilities) } else { (Node::default(), shorter.to_vec()) }
    }

    /// Of each page that follows with enough support its weight, after discounting, and how often it followed.
    fn shares(&self, followers: &Followers) -> Vec<(Page, f64, f64)> {
        let whole = followers.total + self.model.blend.strength;
        let supported = followers.counts.iter().filter(|(_, count)| count.visitors >= self.publication.support);
        let shares = supported.filter_map(|(page, count)| {
            let share = (count.times - self.model.blend.discount) / whole;
            Some((*self.numbers.get(page)?, share, count.times))
        });
        let mut shares: Vec<(Page, f64, f64)> = shares.filter(|(_, share, _)| *share > 0.0).collect();
        shares.sort_by_key(|(page, ..)| *page);
        shares
    }
}

/// The weights as levels below the largest of them. Those that are smaller than the last level are left out.
fn rounded(shares: &[(Page, f64, f64)]) -> Node {
    let rest = 1.0 - shares.iter().map(|(_, share, _)| share).sum::<f64>();
    let largest = shares.iter().fold(rest, |largest, (_, share, _)| largest.max(*share));
    let level = |share: f64| {
        let level = (0.5 - 4.0 * libm::log2(share / largest)).floor();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
        let level = level as u32;
        level
    };
    let levels = shares.iter().map(|(page, share, _)| (*page, level(*share)));
    Node {
        rest: level(rest).min(LEVELS - 1),
        weights: levels.filter(|(_, level)| *level < LEVELS).collect(),
        children: Vec::new(),
    }
}

/// The probability of a page, by number.
fn of(probabilities: &[(Page, f64)], page: Page) -> f64 {
    usize::try_from(page).ok().and_then(|place| probabilities.get(place)).map_or(0.0, |(_, probability)| *probability)
}

impl Node {
    fn write(&self, out: &mut ByteWriter) {
        let count = |length: usize| u32::try_from(length).unwrap_or(0);
        out.varint(2 * count(self.weights.len()) + u32::from(!self.children.is_empty()));
        if !self.weights.is_empty() {
            out.varint(self.rest);
        }
        let mut next = 0;
        for (page, level) in &self.weights {
            out.varint((page - next) * LEVELS + level);
            next = page + 1;
        }
        if self.children.is_empty() {
            return;
        }
        out.varint(count(self.children.len()));
        let mut next = 0;
        for (page, child) in &self.children {
            out.varint(page - next);
            next = page + 1;
            child.write(out);
        }
    }
}

#[cfg(test)]
mod tests;
