//! The published form of a model of the next page: the section of kind
//! [`NextPage`](crate::model_file::Kind::NextPage), read where it lies.
//!
//! A context holds weights: of each page that follows it, and of what the shorter context expects. They sum to one, so
//! that the probability of a page is its own weight and a share of its probability after the shorter context. Weights
//! are powers of 2^(-1/4), which is as exact as the counts of some dozens of visits are.

use super::Page;
use crate::bytes::ByteReader;

/// The most pages of a context.
pub const MOST_ORDER: u32 = 8;
/// The most pages of a model. It bounds what an answer allocates.
pub const MOST_PAGES: u32 = 1024;
/// How many levels of weights there are, of which the first is the largest: from 1 down to 2^(-39/4), about 1/861.
pub(super) const LEVELS: u32 = 40;

/// A model of the pages of a site, numbered by how often they were seen, the most frequent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageModel<'a> {
    order: u32,
    pages: u32,
    names: &'a [u8],
    /// The empty context, and below it all others.
    root: &'a [u8],
}

impl<'a> PageModel<'a> {
    /// Reads a section; `None` where it is none.
    pub fn read(bytes: &'a [u8]) -> Option<PageModel<'a>> {
        let mut reader = ByteReader(bytes);
        let order = reader.varint().filter(|order| *order <= MOST_ORDER)?;
        let pages = reader.varint().filter(|pages| *pages <= MOST_PAGES)?;
        let names = reader.0;
        for _ in 0..pages {
            reader.text()?;
        }
        let names = names.get(..names.len() - reader.0.len())?;
        let root = reader.0;
        check(&mut reader, order, pages)?;
        reader.0.is_empty().then_some(PageModel { order, pages, names, root })
    }

    /// The names of all pages, by number.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut reader = ByteReader(self.names);
        std::iter::from_fn(move || reader.text())
    }

    /// The number of a page.
    pub fn number(&self, name: &str) -> Option<Page> {
        self.names().zip(0..).find(|(known, _)| *known == name).map(|(_, number)| number)
    }

    /// How many weights of pages it consists of.
    pub fn size(&self) -> usize {
        let mut reader = ByteReader(self.root);
        check(&mut reader, self.order, self.pages).unwrap_or(0)
    }

    /// The probability of each page after these, the last one last, and unknown ones by any other number; the most
    /// likely first, of equal ones the more frequent. They sum to one.
    pub fn after(&self, history: &[Page]) -> Vec<(Page, f64)> {
        let mut probabilities: Vec<(Page, f64)> =
            (0..self.pages).map(|page| (page, 1.0 / f64::from(self.pages))).collect();
        let mut reader = ByteReader(self.root);
        let mut past = history.iter().rev();
        while let Some(context) = Context::read(&mut reader) {
            if context.followers > 0 {
                mix(&mut probabilities, context.rest, context.weights());
            }
            reader = context.children;
            let found = past.next().and_then(|page| seek(&mut reader, context.has_children, *page, self.order));
            if found.is_none() {
                break;
            }
        }
        // Each of at most 1,024 goes to its place among those before it: a sort is 3.6 KB of the module.
        let mut sorted: Vec<(Page, f64)> = Vec::with_capacity(probabilities.len());
        for (page, probability) in probabilities {
            let place = sorted.partition_point(|(_, before)| before.total_cmp(&probability).is_ge());
            sorted.insert(place, (page, probability));
        }
        sorted
    }
}

/// The probabilities after a context, from those after the shorter one: `rest` is the level of their weight.
pub(super) fn mix(probabilities: &mut [(Page, f64)], rest: u32, weights: impl Iterator<Item = (Page, u32)> + Clone) {
    let whole = weight(rest) + weights.clone().map(|(_, level)| weight(level)).sum::<f64>();
    let share = weight(rest) / whole;
    probabilities.iter_mut().for_each(|(_, probability)| *probability *= share);
    for (page, level) in weights {
        if let Some((_, probability)) = usize::try_from(page).ok().and_then(|place| probabilities.get_mut(place)) {
            *probability += weight(level) / whole;
        }
    }
}

/// 2^(-level / 4), for levels below [`LEVELS`].
fn weight(level: u32) -> f64 {
    let quarter = match level % 4 {
        0 => 1.0,
        1 => 0.840_896_415_253_714_5,
        2 => core::f64::consts::FRAC_1_SQRT_2,
        _ => 0.594_603_557_501_360_5,
    };
    quarter / f64::from(1_u32 << (level / 4).min(31))
}

/// The head of a context, and where its parts are.
#[derive(Clone, Copy)]
struct Context<'a> {
    /// How many weights it has.
    followers: u32,
    has_children: bool,
    /// The level of the weight of the shorter context.
    rest: u32,
    weights: ByteReader<'a>,
    /// Behind the weights.
    children: ByteReader<'a>,
}

impl<'a> Context<'a> {
    fn read(reader: &mut ByteReader<'a>) -> Option<Context<'a>> {
        let head = reader.varint()?;
        let (followers, has_children) = (head / 2, head % 2 == 1);
        let rest = if followers == 0 { 0 } else { reader.varint()? };
        let weights = *reader;
        for _ in 0..followers {
            reader.varint()?;
        }
        Some(Context { followers, has_children, rest, weights, children: *reader })
    }

    /// The pages that follow, and the levels of their weights. They end early where pages would pass `u32::MAX`.
    fn weights(&self) -> impl Iterator<Item = (Page, u32)> + Clone + use<'a> {
        let (mut reader, mut next) = (self.weights, 0_u32);
        (0..self.followers).map_while(move |_| {
            let coded = reader.varint()?;
            let page = next.checked_add(coded / LEVELS)?;
            next = page.checked_add(1)?;
            Some((page, coded % LEVELS))
        })
    }
}

/// Passes a context and what is below it. `None` where it is no sound one; else how many weights there were.
fn check(reader: &mut ByteReader<'_>, deeper: u32, pages: u32) -> Option<usize> {
    let context = Context::read(reader)?;
    let sound = context.weights().filter(|(page, _)| *page < pages).count();
    if context.rest >= LEVELS || u32::try_from(sound) != Ok(context.followers) {
        return None;
    }
    let mut size = sound;
    if context.has_children {
        let deeper = deeper.checked_sub(1)?;
        let mut next = 0_u32;
        for _ in 0..reader.varint()? {
            let page = next.checked_add(reader.varint()?).filter(|page| *page < pages)?;
            next = page + 1;
            size += check(reader, deeper, pages)?;
        }
    }
    Some(size)
}

/// Moves to the context of this page among the children of another one.
fn seek(reader: &mut ByteReader<'_>, has_children: bool, page: Page, deeper: u32) -> Option<()> {
    if !has_children {
        return None;
    }
    let mut next = 0_u32;
    for _ in 0..reader.varint()? {
        let child = next.checked_add(reader.varint()?)?;
        if child == page {
            return Some(());
        }
        next = child.checked_add(1)?;
        skip(reader, deeper)?;
    }
    None
}

/// Passes a context and what is below it.
fn skip(reader: &mut ByteReader<'_>, deeper: u32) -> Option<()> {
    if Context::read(reader)?.has_children {
        let deeper = deeper.checked_sub(1)?;
        for _ in 0..reader.varint()? {
            reader.varint()?;
            skip(reader, deeper)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_a_quarter_of_a_power_of_two() {
        for level in 0..LEVELS {
            let expected = libm::exp2(-f64::from(level) / 4.0);
            assert!((weight(level) / expected - 1.0).abs() < 1e-15, "{level}");
        }
    }
}
