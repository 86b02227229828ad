//! A site model as it is asked: by the ids of items, as pages and recorded sessions name them.

use thiserror::Error;

use crate::bytes::ByteReader;
use crate::items::Items;
use crate::model_file::shards::{Shard, Shards};
use crate::model_file::{Kind as SectionKind, ModelError, ModelFile};
use crate::next_items::{NextItem, NextItems};
use crate::next_page::{Page, PageModel};
use crate::recommender::{Kind, Recommended, Recommender};
use crate::rules::Rules;
use crate::sessions::Sessions;

/// All that a `.tbm` file holds that answers something.
#[derive(Clone, Debug)]
pub struct SiteModel<'a> {
    recommender: Option<Recommender<'a>>,
    pages: Option<PageModel<'a>>,
    next_items: Option<NextItems<'a>>,
    /// Further files, by category.
    shards: Option<Shards<'a>>,
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

/// Why a further file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ShardError {
    /// No listed file has this length and checksum: it is damaged, or was written with another model.
    #[error("it is not the file that the model lists")]
    NotListed,
    /// It is no site model, or its sessions are missing or of other items.
    #[error("it holds no sessions of the model's items")]
    NoSessions,
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
    /// sessions rules do, without items nothing is ranked; without pages none is expected.
    ///
    /// # Errors
    ///
    /// When the bytes are no site model of this version.
    pub fn open(bytes: &'a [u8]) -> Result<SiteModel<'a>, ModelError> {
        let file = ModelFile::open(bytes)?;
        let mut damaged: Vec<SectionKind> = file.damaged().collect();
        let items = read(&file, SectionKind::Items, Items::read, &mut damaged);
        // The sections about items begin with the number of items that they are of. What is of others is refused before
        // it takes memory for them.
        let count = items.as_ref().map(Items::count);
        let is_of_items = |bytes: &[u8]| count.is_some() && ByteReader(bytes).varint() == count;
        let next_items = |bytes| if is_of_items(bytes) { NextItems::read(bytes) } else { None };
        let next_items = read(&file, SectionKind::NextItems, next_items, &mut damaged);
        let recommender = items.map(|items| {
            let rules = |bytes| if is_of_items(bytes) { Rules::read(bytes) } else { None };
            let rules = read(&file, SectionKind::Rules, rules, &mut damaged);
            let sessions = |bytes| if is_of_items(bytes) { Sessions::read(bytes) } else { None };
            let sessions = read(&file, SectionKind::Sessions, sessions, &mut damaged);
            Recommender::new(items, rules, sessions)
        });
        let pages = read(&file, SectionKind::NextPage, PageModel::read, &mut damaged);
        let shards = read(&file, SectionKind::Shards, Shards::read, &mut damaged);
        Ok(SiteModel { recommender, pages, next_items, shards, damaged })
    }

    /// The sections that cannot be used.
    pub fn damaged(&self) -> &[SectionKind] {
        &self.damaged
    }

    /// At most `count` items of a kind, by its name in [`KINDS`], the best first; nothing for other names. `history` has
    /// the ids of what was seen, the current item last; those that the model does not know are passed over.
    pub fn rank(&self, kind: &str, history: &[String], count: usize) -> Vec<Ranked<'_>> {
        let Some(recommender) = &self.recommender else { return Vec::new() };
        let history: Vec<u32> = history.iter().filter_map(|id| recommender.number(id)).collect();
        let ranked = self.rank_numbers(kind, &history, count).into_iter().filter_map(|one| {
            let because = one.because.and_then(|item| recommender.id(item));
            Some(Ranked { id: recommender.id(one.item)?, score: one.score, because })
        });
        ranked.collect()
    }

    /// The same by the numbers of items: their places in [`ids`](SiteModel::ids).
    pub fn rank_numbers(&self, kind: &str, history: &[u32], count: usize) -> Vec<Recommended> {
        let (Some(recommender), Some(kind)) = (&self.recommender, kind_of(kind)) else { return Vec::new() };
        recommender.recommend(kind, history, count)
    }

    /// What may be looked at right after an item, by number; empty where nothing is likely, or known.
    pub fn next_items(&self, item: u32) -> Vec<NextItem> {
        self.next_items.map(|next| next.after(item)).unwrap_or_default()
    }

    /// The further file with which [`rank_numbers`](SiteModel::rank_numbers) would answer better: that of the category
    /// of the current item. `None` where the model lists none, where it has been added, and where none is asked.
    pub fn missing_shard(&self, kind: &str, history: &[u32]) -> Option<Shard<'a>> {
        let category = self.recommender.as_ref()?.missing_sessions(kind_of(kind)?, history)?;
        self.shards?.of(category)
    }

    /// All further files.
    pub fn shards(&self) -> impl Iterator<Item = Shard<'a>> + use<'a> {
        self.shards.into_iter().flat_map(|shards| shards.iter())
    }

    /// Adds a further file.
    ///
    /// # Errors
    ///
    /// When these are not the bytes of a file that the model lists, or nothing that can be added. The model then goes on
    /// without.
    pub fn add_shard(&mut self, bytes: &'a [u8]) -> Result<(), ShardError> {
        let listed = self.shards().find(|shard| shard.is(bytes));
        let (Some(listed), Some(recommender)) = (listed, &mut self.recommender) else {
            return Err(ShardError::NotListed);
        };
        let section = ModelFile::open(bytes).ok().and_then(|file| file.section(SectionKind::Sessions));
        // As when the model is opened: what is of other items is refused before it takes memory for them.
        let count = recommender.items().count();
        let section = section.filter(|bytes| ByteReader(bytes).varint() == Some(count));
        let sessions = section.and_then(Sessions::read);
        let is_added = sessions.is_some_and(|sessions| recommender.add_sessions(listed.category, sessions));
        if is_added { Ok(()) } else { Err(ShardError::NoSessions) }
    }

    /// The ids of all items, by number.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let recommender = self.recommender.iter();
        recommender.flat_map(|recommender| (0..recommender.items().count()).filter_map(|item| recommender.id(item)))
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

fn kind_of(name: &str) -> Option<Kind> {
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
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
    use crate::model_file::shards::encode;
    use crate::model_file::{checksum, write};
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
            (SectionKind::NextItems, parts.next_items),
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

    /// A model of boots and tents whose sessions are in further files; the whole one is the same in one.
    struct Split {
        whole: Vec<u8>,
        main: Vec<u8>,
        boots: Vec<u8>,
    }

    impl Split {
        /// Visitors look at boots, one or two and then another; some of them at a tent in between.
        fn new() -> Split {
            let product = |(id, category): (&str, &str)| Product { id: id.to_owned(), category: category.to_owned() };
            let catalog = [("b-1", "boots"), ("b-2", "boots"), ("b-3", "boots"), ("t-1", "tents"), ("t-2", "tents")];
            let catalog = catalog.map(product);
            let seen: [&[u32]; 4] = [&[0, 1], &[0, 3, 2], &[3, 4], &[1, 0, 2]];
            let session = |visitor: u32| {
                let views = seen[visitor as usize % seen.len()].iter().zip(0_u32..);
                let time = |step: u32| f64::from(visitor) * 9_000.0 + f64::from(step);
                let views = views.map(|(product, step)| View { product: *product, seconds: time(step) }).collect();
                Session { visitor, views, bought: Vec::new() }
            };
            let sessions: Vec<Session> = (0..80).map(session).collect();
            let parts = learn(&catalog, &sessions, 5).unwrap();
            let (_, boots) = parts.items.categories().find(|(category, _)| category.name == "boots").unwrap();
            let boots = write(&[(SectionKind::Sessions, parts.sessions.with_any_of(&boots).encode())]);
            let (items, rules) = (parts.items.encode(), parts.rules.encode());
            let sections =
                |more| write(&[(SectionKind::Items, items.clone()), (SectionKind::Rules, rules.clone()), more]);
            let length = u32::try_from(boots.len()).unwrap();
            let listed = Shard { category: "boots", file: "site.boots.tbm", length, checksum: checksum(&[&boots]) };
            let main = sections((SectionKind::Shards, encode(&[listed])));
            Split { whole: sections((SectionKind::Sessions, parts.sessions.encode())), main, boots }
        }
    }

    #[test]
    fn with_the_file_of_a_category_its_items_have_the_lists_of_the_whole_model() {
        let Split { whole, main, boots } = Split::new();
        let (whole, mut split) = (SiteModel::open(&whole).unwrap(), SiteModel::open(&main).unwrap());
        let number = |id: &str| split.ids().zip(0..).find(|(known, _)| *known == id).map_or(u32::MAX, |(_, item)| item);
        let [b1, b2, b3, t1] = ["b-1", "b-2", "b-3", "t-1"].map(number);
        let histories = [vec![b1], vec![b2, b1], vec![b3, b3, b1, b2], vec![u32::MAX, b3]];
        let ask = |model: &SiteModel<'_>, history: &[u32]| KINDS.map(|(kind, _)| model.rank_numbers(kind, history, 9));
        for history in &histories {
            assert_ne!(ask(&split, history), ask(&whole, history), "rules alone, {history:?}");
            assert!(ask(&split, history).iter().all(|list| !list.is_empty()), "but an answer, {history:?}");
        }
        let missing = split.missing_shard("for-you", &[b1]).unwrap();
        assert_eq!(missing.file, "site.boots.tbm");
        assert_eq!(split.add_shard(&boots), Ok(()));
        for history in &histories {
            assert_eq!(ask(&split, history), ask(&whole, history), "{history:?}");
        }
        assert_eq!(split.missing_shard("for-you", &[t1, b1]), None, "it is there");
    }

    #[test]
    fn a_list_that_asks_no_sessions_misses_no_file() {
        let Split { whole, main, .. } = Split::new();
        let split = SiteModel::open(&main).unwrap();
        let missing = |kind: &str, history: &[u32]| split.missing_shard(kind, history).map(|shard| shard.category);
        assert_eq!(missing("similar", &[4, 0, 99]), Some("boots"), "that of the last item that is known");
        for (kind, history, why) in [
            ("popular", &[0][..], "popular items are in the first file"),
            ("recently-viewed", &[0], "no model is asked"),
            ("for-you", &[], "of the visitor nothing is known"),
            ("for-you", &[99], "nor here"),
            ("for-you", &[4], "the model lists no file for tents"),
        ] {
            assert_eq!(missing(kind, history), None, "{why}");
        }
        assert_eq!(SiteModel::open(&whole).unwrap().missing_shard("for-you", &[0]), None, "all sessions are in it");
    }

    #[test]
    fn a_file_that_was_not_written_with_the_model_is_refused() {
        let Split { main, boots, whole } = Split::new();
        let mut split = SiteModel::open(&main).unwrap();
        let before = split.rank_numbers("for-you", &[0], 9);
        let mut damaged = boots.clone();
        *damaged.last_mut().unwrap() ^= 1;
        for (bytes, why) in [
            (&damaged[..], "one byte differs"),
            (&boots[..boots.len() - 1], "it is cut off"),
            (&whole, "another model"),
        ] {
            assert_eq!(split.add_shard(bytes), Err(ShardError::NotListed), "{why}");
        }
        assert_eq!(split.rank_numbers("for-you", &[0], 9), before);
        // What the model lists may itself be of other items.
        let other = write(&[(SectionKind::Sessions, Sessions::new(3, [(0, vec![0, 1])]).encode())]);
        let length = u32::try_from(other.len()).unwrap();
        let listed = Shard { category: "boots", file: "a.tbm", length, checksum: checksum(&[&other]) };
        let [(_, items), ..] = &parts()[..] else { panic!("no items") };
        let main = write(&[(SectionKind::Items, items.clone()), (SectionKind::Shards, encode(&[listed]))]);
        let mut split = SiteModel::open(&main).unwrap();
        assert_eq!(split.add_shard(&other), Err(ShardError::NoSessions));
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
        let of_items = [SectionKind::Rules, SectionKind::Sessions, SectionKind::NextItems, SectionKind::Items];
        for lost in of_items {
            let broken =
                parts().into_iter().map(|(kind, bytes)| (kind, if kind == lost { vec![0xff; 3] } else { bytes }));
            let bytes = write(&broken.collect::<Vec<_>>());
            let model = SiteModel::open(&bytes).unwrap();
            // What is said of items cannot be used without them.
            let damaged = if lost == SectionKind::Items { vec![lost, SectionKind::NextItems] } else { vec![lost] };
            assert_eq!(model.damaged(), damaged);
            assert_eq!(model.next_items(0).is_empty(), damaged.contains(&SectionKind::NextItems));
            let ranked = model.rank("similar", &["boots".to_owned()], 5);
            assert_eq!(ranked.first().map(|first| first.id), (lost != SectionKind::Items).then_some("socks"), "{lost}");
        }
    }
}
