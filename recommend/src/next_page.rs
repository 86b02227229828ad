//! Which page comes next: a Markov model of variable order, for sites of few pages or categories.
//!
//! The probability of a page after the last k ones is blended with that after the last k - 1, the more the less often
//! those k were seen and the more different pages followed. This is interpolated absolute discounting: from each count a
//! little is taken, and given to what the shorter context expects.
//!
//! Source: Teh (2006), "A hierarchical Bayesian language model based on Pitman-Yor processes", section 3. Without the
//! discount, and with as much strength as different pages followed, it is the blend of PPM-C: Moffat (1990),
//! "Implementing the PPM data compression scheme".

pub mod page_model;
pub mod publish;

use std::collections::BTreeMap;

pub use page_model::PageModel;

/// A page, by number.
pub type Page = u32;

/// How contexts are blended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blend {
    /// The most pages of a context, from 1.
    pub order: usize,
    /// What is taken from each count, 0 to 1.
    pub discount: f64,
    /// As how many visits the shorter context counts, besides what is taken, from 0.
    pub strength: f64,
}

/// What followed one context.
#[derive(Clone, Debug, Default, PartialEq)]
struct Followers {
    /// How often anything did.
    total: f64,
    /// How often each page did.
    counts: BTreeMap<Page, Count>,
}

/// How often a page followed a context.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    times: f64,
    /// Of how many visitors.
    visitors: u32,
    /// The number of the last of them, from 1.
    last: u32,
}

/// What followed one context, as it was counted elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedContext {
    /// The pages before, the last one first.
    pub context: Vec<Page>,
    /// How often anything followed.
    pub times: f64,
    /// The pages that enough visitors went on to, and how often.
    pub followers: Vec<(Page, f64)>,
}

/// A model of the pages of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct NextPage {
    blend: Blend,
    /// By context, the last page first: so those that continue a context into the past come right after it.
    contexts: BTreeMap<Vec<Page>, Followers>,
}

impl NextPage {
    /// Learns from the visits of visitors, each visit the pages in order.
    pub fn learn<'a, V>(visitors: impl IntoIterator<Item = V>, blend: Blend) -> NextPage
    where
        V: IntoIterator<Item = &'a [Page]>,
    {
        let mut contexts: BTreeMap<Vec<Page>, Followers> = BTreeMap::new();
        for (visitor, visits) in (1..).zip(visitors) {
            for visit in visits {
                for (place, page) in visit.iter().enumerate() {
                    for order in 0..=blend.order.min(place) {
                        let context = visit.get(place - order..place).unwrap_or_default();
                        let followers = contexts.entry(context.iter().rev().copied().collect()).or_default();
                        followers.total += 1.0;
                        followers.counts.entry(*page).or_default().add(visitor);
                    }
                }
            }
        }
        NextPage { blend, contexts }
    }

    /// Of what was counted elsewhere: which pages followed which contexts. What is not in it for lack of support is in the
    /// totals all the same.
    pub fn of_counts(contexts: impl IntoIterator<Item = CountedContext>, blend: Blend, support: u32) -> NextPage {
        let followers = |counted: CountedContext| {
            let counts = counted.followers.into_iter().map(|(page, times)| {
                // Who they are is known no more, but that they are enough.
                (page, Count { times, visitors: support, last: 0 })
            });
            (counted.context, Followers { total: counted.times, counts: counts.collect() })
        };
        NextPage { blend, contexts: contexts.into_iter().map(followers).collect() }
    }

    /// How many counts it consists of.
    pub fn size(&self) -> usize {
        self.contexts.values().map(|followers| followers.counts.len()).sum()
    }

    /// The probability of each page after these, the most likely first; of equal ones the more frequent first. They sum
    /// to one over all pages that were learned.
    pub fn after(&self, history: &[Page]) -> Vec<(Page, f64)> {
        let Some(anything) = self.contexts.get(&[][..]) else { return Vec::new() };
        #[allow(clippy::cast_precision_loss, reason = "counts of pages are far below 2^53")]
        let even = 1.0 / anything.counts.len() as f64;
        let mut probabilities: Vec<(Page, f64, f64)> =
            anything.counts.iter().map(|(page, count)| (*page, even, count.times)).collect();
        let context: Vec<Page> = history.iter().rev().take(self.blend.order).copied().collect();
        for order in 0..=context.len() {
            // Nothing longer was seen either.
            let Some(followers) = context.get(..order).and_then(|context| self.contexts.get(context)) else { break };
            self.refine(&mut probabilities, followers);
        }
        probabilities.sort_by(|one, other| {
            let likelier = other.1.total_cmp(&one.1);
            likelier.then(other.2.total_cmp(&one.2)).then(one.0.cmp(&other.0))
        });
        probabilities.into_iter().map(|(page, probability, _)| (page, probability)).collect()
    }

    /// Blends what a shorter context expects with what followed a longer one.
    fn refine(&self, probabilities: &mut [(Page, f64, f64)], followers: &Followers) {
        let Blend { discount, strength, .. } = self.blend;
        let taken: f64 = followers.counts.values().map(|count| count.times.min(discount)).sum();
        let whole = followers.total + strength;
        for (page, probability, _) in probabilities {
            let count = followers.counts.get(page).map_or(0.0, |count| count.times);
            *probability = ((count - discount).max(0.0) + (taken + strength) * *probability) / whole;
        }
    }
}

impl Count {
    fn add(&mut self, visitor: u32) {
        self.times += 1.0;
        // The visits of a visitor come one after the other.
        self.visitors += u32::from(self.last != visitor);
        self.last = visitor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLEND: Blend = Blend { order: 2, discount: 0.5, strength: 1.0 };

    fn model(visits: &[&[Page]]) -> NextPage {
        NextPage::learn(visits.iter().map(|visit| [*visit]), BLEND)
    }

    #[test]
    fn what_followed_the_same_pages_is_expected() {
        let model = model(&[&[1, 2, 3], &[1, 2, 3], &[4, 2, 5]]);
        let likeliest = |history: &[Page]| model.after(history).first().map(|(page, _)| *page);
        assert_eq!(likeliest(&[1, 2]), Some(3));
        assert_eq!(likeliest(&[4, 2]), Some(5));
        assert_eq!(likeliest(&[9, 2]), Some(3), "of an unknown way its end is known");
        assert_eq!(likeliest(&[9]), Some(2), "and of an unknown page what is frequent");
        assert_eq!(model.after(&[]).len(), 5);
        assert_eq!(NextPage::learn([[]; 0], BLEND).after(&[1]), []);
    }

    #[test]
    fn a_blend_is_what_its_formula_says() {
        let model = NextPage::learn([[&[1, 2][..], &[1, 1][..]]], Blend { order: 1, ..BLEND });
        // 1 was seen three times and 2 once; after 1 each once.
        let one = (2.5 + (0.5 + 0.5 + 1.0) * 0.5) / 5.0;
        let expected = (0.5 + 2.0 * one) / 3.0;
        let found = model.after(&[1]);
        assert!(found.iter().any(|(page, probability)| *page == 1 && (probability - expected).abs() < 1e-15));
    }

    #[test]
    fn probabilities_sum_to_one_after_anything() {
        let visits: Vec<Vec<Page>> =
            (0..200_u32).map(|visit| (0..visit % 7).map(|step| (visit * 7 + step * step) % 11).collect()).collect();
        let model = NextPage::learn(visits.iter().map(|visit| [visit.as_slice()]), Blend { order: 4, ..BLEND });
        for visit in &visits {
            let sum: f64 = model.after(visit).iter().map(|(_, probability)| probability).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{visit:?}: {sum}");
        }
    }
}
