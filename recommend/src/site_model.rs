//! A site model as it is asked: by the ids of items, as pages and recorded sessions name them.

use crate::bytes::ByteReader;
use crate::items::Items;
use crate::model_file::{Kind as SectionKind, ModelError, ModelFile};
use crate::next_page::{Page, PageModel};
use crate::recommender::{Kind, Recommender};
use crate::rules::Rules;
use crate::sessions::Sessions;

/// All that a `.tbm` file holds that answers something.
#[derive(Clone, Debug)]
pub struct SiteModel<'a> {
    recommender: Option<Recommender<'a>>,
    pages: Option<PageModel<'a>>,
    /// Sections that are damaged, or that say something else than they should.
    damaged: Vec<SectionKind>,
}

/// One item of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked<'a> {
    /// Its id.
    pub id: &'a str,
    /// How it compares with others of the answer, above 0.
    pub score: f64,
    /// The item of the history that contributed most; `None` where popularity did.
    pub because: Option<&'a str>,
}

/// A page that may come next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedPage<'a> {
    /// Its name, as recorded sessions have it.
    pub page: &'a str,
    /// The probability that it comes next, 0 to 1.
    pub probability: f64,
}

/// The kinds that a model ranks, each with its name in a config.
pub const KINDS: [(&str, Kind); 4] = [
    ("similar", Kind::Similar),
    ("bought-together", Kind::BoughtTogether),
    ("for-you", Kind::ForYou),
    ("popular", Kind::Popular),
];

impl<'a> SiteModel<'a> {
    /// Reads the bytes of a file. A damaged section costs what depends on it: without rules neighbours answer, without
    /// sessions rules do, without items nothing is ranked; without pages none is
    /// expected.
    ///
    /// # Errors
    ///
    /// When the bytes are no site model of this version.
    pub fn open(bytes: &'a [u8]) -> Result<SiteModel<'a>, ModelError> {
        let file = ModelFile::open(bytes)?;
        let mut damaged: Vec<SectionKind> = file.damaged().collect();
        let items = read(&file, SectionKind::Items, Items::read, &mut damaged);
        let recommender = items.map(|items| {
            // Both begin with the number of items that they are of. What is of others is refused before it takes memory
            // for them.
            let is_of_items = |bytes: &[u8]| ByteReader(bytes).varint() == Some(items.count());
            let rules = |bytes| if is_of_items(bytes) { Rules::read(bytes) } else { None };
            let rules = read(&file, SectionKind::Rules, rules, &mut damaged);
            let sessions = |bytes| if is_of_items(bytes) { Sessions::read(bytes) } else { None };
            let sessions = read(&file, SectionKind::Sessions, sessions, &mut damaged);
            Recommender::new(items, rules, sessions)
        });
        let pages = read(&file, SectionKind::NextPage, PageModel::read, &mut damaged);
        Ok(SiteModel { recommender, pages, damaged })
    }

    /// The sections that cannot be used.
    pub fn damaged(&self) -> &[SectionKind] {
        &self.damaged
    }

    /// At most `count` items of a kind, by its name in [`KINDS`], the best first; nothing for other names. `history` has
    /// the ids of what was seen, the current item last; those that the model does not know are passed over.
    pub fn rank(&self, kind: &str, history: &[String], count: usize) -> Vec<Ranked<'_>> {
        let known = KINDS.iter().find(|(name, _)| *name == kind);
        let (Some(recommender), Some((_, kind))) = (&self.recommender, known) else { return Vec::new() };
        let history: Vec<u32> = history.iter().filter_map(|id| recommender.number(id)).collect();
        let recommended = recommender.recommend(*kind, &history, count).into_iter();
        let ranked = recommended.filter_map(|one| {
            let because = one.because.and_then(|item| recommender.id(item));
            Some(Ranked { id: recommender.id(one.item)?, score: one.score, because })
        });
        ranked.collect()
    }

    /// At most `count` pages that may come after these, the likeliest first. `history` has the names of the pages that
    /// were viewed, the current one last. A page that the model does not know is one after which it knows no way: what
    /// came before it is not looked at.
    pub fn next_pages(&self, history: &[String], count: usize) -> Vec<ExpectedPage<'a>> {
        let Some(model) = &self.pages else { return Vec::new() };
        let names: Vec<&str> = model.names().collect();
        let number = |name: &String| model.number(name).unwrap_or(Page::MAX);
        let expected = model.after(&history.iter().map(number).collect::<Vec<Page>>()).into_iter();
        let named = expected.filter_map(|(page, probability)| {
            let page = names.get(usize::try_from(page).ok()?)?;
            Some(ExpectedPage { page, probability })
        });
        named.take(count).collect()
    }
}

/// Reads a section, and notes where that cannot be done.
fn read<'a, T>(
    file: &ModelFile<'a>,
    kind: SectionKind,
    read: impl FnOnce(&'a [u8]) -> Option<T>,
    damaged: &mut Vec<SectionKind>,
) -> Option<T> {
    let bytes = file.section(kind)?;
    let section = read(bytes);
    if section.is_none() {
        damaged.push(kind);
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{Product, Session, View, learn};
    use crate::model_file::write;
    use crate::next_page::publish::Publication;
    use crate::next_page::{Blend, NextPage};

    /// Six visitors look at boots, then at socks; one of them at a tent too.
    fn parts() -> Vec<(SectionKind, Vec<u8>)> {
        let product = |id: &str| Product { id: id.to_owned(), category: String::new() };
        let catalog = [product("boots"), product("socks"), product("tent")];
        let view = |product: u32, seconds: f64| View { product, seconds };
        let sessions: Vec<Session> = (0..6_u32)
            .map(|visitor| Session {
                visitor,
                views: vec![view(0, f64::from(visitor)), view(1, f64::from(visitor) + 1.0)],
                bought: Vec::new(),
            })
            .collect();
        let parts = learn(&catalog, &sessions, 5).unwrap();
        vec![
            (SectionKind::Items, parts.items.encode()),
            (SectionKind::Rules, parts.rules.encode()),
            (SectionKind::Sessions, parts.sessions.encode()),
        ]
    }

    #[test]
    fn a_model_is_asked_by_ids() {
        let bytes = write(&parts());
        let model = SiteModel::open(&bytes).unwrap();
        assert_eq!(model.damaged(), []);
        let ranked = model.rank("similar", &["unknown".to_owned(), "boots".to_owned()], 1);
        let [only] = ranked.as_slice() else { panic!("{ranked:?}") };
        assert_eq!((only.id, only.because), ("socks", Some("boots")));
        assert_eq!(model.rank("recently-viewed", &["boots".to_owned()], 1), []);
    }

    #[test]
    fn pages_are_asked_by_names() {
        let names = ["/", "/boots", "/tents"].map(str::to_owned);
        // Six visitors go from the front page to boots, and six from boots to tents.
        let visits: [&[Page]; 2] = [&[0, 1], &[1, 2]];
        let visitors = (0..12).map(|visitor| [visits[visitor % 2]]);
        let learned = NextPage::learn(visitors, Blend { order: 1, discount: 0.5, strength: 0.5 });
        let section = learned.encode(&names, Publication { support: 5, bits_a_byte: 0.0 });
        let bytes = write(&[(SectionKind::NextPage, section)]);
        let model = SiteModel::open(&bytes).unwrap();
        let likeliest = |history: &[&str]| {
            let history: Vec<String> = history.iter().map(|page| (*page).to_owned()).collect();
            model.next_pages(&history, 1).first().map(|expected| expected.page)
        };
        for (history, expected, why) in [
            (&["/"][..], "/boots", "what follows the front page"),
            (&["/boots"], "/tents", "what follows boots"),
            (&["/boots", "/"], "/boots", "the current page is the last"),
            (&["/boots", "/new"], "/boots", "after a page that nobody has seen, what is frequent"),
            (&[], "/boots", "and so at the beginning"),
        ] {
            assert_eq!(likeliest(history), Some(expected), "{why}");
        }
        let all = model.next_pages(&["/".to_owned()], 9);
        let sum: f64 = all.iter().map(|expected| expected.probability).sum();
        assert!(all.len() == 3 && (sum - 1.0).abs() < 1e-12, "{all:?}");
        assert_eq!(SiteModel::open(&write(&parts())).unwrap().next_pages(&[], 9), [], "a model of items alone");
    }

    #[test]
    fn a_damaged_section_costs_only_what_depends_on_it() {
        for lost in [SectionKind::Rules, SectionKind::Sessions, SectionKind::Items] {
            let broken =
                parts().into_iter().map(|(kind, bytes)| (kind, if kind == lost { vec![0xff; 3] } else { bytes }));
            let bytes = write(&broken.collect::<Vec<_>>());
            let model = SiteModel::open(&bytes).unwrap();
            assert_eq!(model.damaged(), [lost]);
            let ranked = model.rank("similar", &["boots".to_owned()], 5);
            assert_eq!(ranked.first().map(|first| first.id), (lost != SectionKind::Items).then_some("socks"), "{lost}");
        }
    }
}
