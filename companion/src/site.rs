//! The model of a site, from the tables that an engine has written. All that is fitted, rounded and packed is made here,
//! so it is the same whichever engine has counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use tailorbird_recommend::areas::learn::LearnedAreas;
use tailorbird_recommend::learn::counted::{Cases, Counted, CountedItem, CountedPair, CountedSession};
use tailorbird_recommend::learn::make;
use tailorbird_recommend::model_file::Kind;
use tailorbird_recommend::next_page::{CountedContext, NextPage, Page};
use tailorbird_recommend::repeats::situation_number;

use crate::engine::{Engine, EngineError};
use crate::models::SEPARATOR;
use crate::publication::{AREAS, BLEND, Learned, PAGES, SUPPORT};
use crate::tables::{TableError, rows};

/// The tables that [`SiteCounts::before`] reads, each from a folder of its name.
const BEFORE: [&str; 4] = ["site_visits", "items", "situations", "item_repeats"];

/// The others that [`SiteCounts::read`] reads.
const OTHERS: [&str; 8] =
    ["rules", "sessions", "bought", "way_counts", "way_contexts", "area_pairs", "area_totals", "left_out"];

/// An item of the table `items`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ItemRow {
    id: String,
    visits: u32,
    category: String,
}

/// A visit of the table `sessions`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct VisitRow {
    /// Whether it is one of the latest of all days, not only of those before the last one.
    is_latest: bool,
    day: i64,
    visitor: u64,
    /// Its items in the order of their last views.
    seen: Vec<u32>,
}

/// What was counted of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteCounts {
    /// How much happened.
    pub totals: Totals,
    items: Vec<ItemRow>,
    rules: Vec<CountedPair>,
    rules_before: Vec<CountedPair>,
    next: Vec<CountedPair>,
    together: Vec<CountedPair>,
    repeats: Cases,
    situations: Vec<(usize, Cases)>,
    item_repeats: Vec<(u32, Cases)>,
    visits: Vec<VisitRow>,
    pages: Vec<String>,
    contexts: Vec<CountedContext>,
    areas: AreaCounts,
}

/// How much happened, and how much too few visitors stand behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The first day, in days since 1970.
    pub first_day: i64,
    /// The last one.
    pub last_day: i64,
    /// How many days have clicks.
    pub days: u64,
    /// Visits.
    pub visits: u64,
    /// Events, each row of a log that could be read.
    pub clicks: u64,
    /// Views of items.
    pub views: u64,
    /// Items bought.
    pub purchases: u64,
    /// Items that too few visitors saw.
    pub left_out_items: u64,
    /// Steps from item to item that too few visitors made.
    pub left_out_steps: u64,
    /// Ways from page to page that too few visitors went.
    pub left_out_ways: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct AreaCounts {
    /// By how many visitors saw them.
    names: Vec<String>,
    /// How many visitors saw both of two, by place; of one with itself, how many saw it.
    pairs: Vec<(usize, usize, u64)>,
    visitors: u64,
    all: u64,
}

/// Writes the tables that a model is made of into a folder, each into a folder of its name.
///
/// # Errors
///
/// When the engine cannot write one.
pub fn export(engine: &mut dyn Engine, folder: &Path) -> Result<(), EngineError> {
    export_before(engine, folder)?;
    OTHERS.iter().try_for_each(|table| engine.export(table, &folder.join(table)))
}

/// The same for those alone that are made anew of the days before the last one.
///
/// # Errors
///
/// When the engine cannot write one.
pub fn export_before(engine: &mut dyn Engine, folder: &Path) -> Result<(), EngineError> {
    BEFORE.iter().try_for_each(|table| engine.export(table, &folder.join(table)))
}

impl SiteCounts {
    /// Reads the tables from the folder that [`export`] wrote them into.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub fn read(folder: &Path) -> Result<SiteCounts, TableError> {
        let mut counts = SiteCounts::default();
        counts.read_items(folder)?;
        [counts.rules, counts.rules_before, counts.next] = counts.read_pairs(folder, "rules")?;
        [counts.together] = counts.read_pairs(folder, "bought")?;
        counts.read_sessions(folder)?;
        counts.read_pages(folder)?;
        counts.areas = AreaCounts::read(folder)?;
        counts.read_left_out(folder)?;
        Ok(counts)
    }

    /// What lists of items are made of, of the days before the last one: of these counts, and of the tables that
    /// [`export_before`] wrote into a folder.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub fn before(&self, folder: &Path) -> Result<SiteCounts, TableError> {
        let mut before = SiteCounts::default();
        before.read_items(folder)?;
        let of_before = before.numbers();
        let numbers: Vec<Option<u32>> =
            self.items.iter().map(|item| of_before.get(item.id.as_str()).copied()).collect();
        let number = |item: u32| numbers.get(item as usize).copied().flatten();
        let rule = |rule: &CountedPair| {
            Some(CountedPair { item: number(rule.item)?, other: number(rule.other)?, count: rule.count })
        };
        let rules = self.rules_before.iter().filter_map(rule).collect();
        let visits = self.visits.iter().filter(|visit| visit.day < self.totals.last_day).map(|visit| VisitRow {
            is_latest: true,
            seen: visit.seen.iter().filter_map(|item| number(*item)).collect(),
            ..*visit
        });
        let visits = visits.filter(|visit| !visit.seen.is_empty()).collect();
        (before.rules, before.visits) = (rules, visits);
        Ok(before)
    }

    /// The number of each item by its id.
    fn numbers(&self) -> BTreeMap<&str, u32> {
        self.items.iter().map(|item| item.id.as_str()).zip(0..).collect()
    }

    fn read_totals(&mut self, folder: &Path) -> Result<(), TableError> {
        let totals = &mut self.totals;
        rows(&folder.join("site_visits"), |row| {
            // Of no days there is a row of nothing.
            if row.count(2)? > 0 {
                totals.first_day = row.number(0)?;
                totals.last_day = row.number(1)?;
                totals.days = row.count(2)?;
                totals.visits = row.count(3)?;
                totals.clicks = row.count(4)?;
                totals.views = row.count(5)?;
                totals.purchases = row.count(6)?;
            }
            Ok(())
        })
    }

    fn read_left_out(&mut self, folder: &Path) -> Result<(), TableError> {
        let totals = &mut self.totals;
        rows(&folder.join("left_out"), |row| {
            totals.left_out_items = row.count(0)?;
            totals.left_out_steps = row.count(1)?;
            totals.left_out_ways = row.count(2)?;
            Ok(())
        })
    }

    /// The items, and all that is read with [`before`](SiteCounts::before).
    fn read_items(&mut self, folder: &Path) -> Result<(), TableError> {
        self.read_totals(folder)?;
        rows(&folder.join("items"), |row| {
            self.items.push(ItemRow {
                id: row.text(0)?.to_owned(),
                visits: row.small(1)?,
                category: row.text(2)?.to_owned(),
            });
            Ok(())
        })?;
        self.items.sort_by(|one, other| one.id.cmp(&other.id));
        rows(&folder.join("situations"), |row| {
            let size = |column| Ok::<usize, TableError>(row.small(column)? as usize);
            let situation = situation_number(size(0)?, row.number(1)? != 0, size(2)?, size(3)?);
            let cases = Cases { all: row.count(4)?, again: row.count(5)? };
            self.repeats = Cases { all: self.repeats.all + cases.all, again: self.repeats.again + cases.again };
            if row.number(6)? != 0 {
                self.situations.push((situation, cases));
            }
            Ok(())
        })?;
        self.situations.sort_by_key(|(situation, _)| *situation);
        let numbers = self.numbers();
        let mut item_repeats = Vec::new();
        rows(&folder.join("item_repeats"), |row| {
            if let Some(item) = numbers.get(row.text(0)?) {
                item_repeats.push((*item, Cases { all: row.count(1)?, again: row.count(2)? }));
            }
            Ok(())
        })?;
        item_repeats.sort_by_key(|(item, _)| *item);
        self.item_repeats = item_repeats;
        Ok(())
    }

    /// Of a table of pairs of items those that count more than nothing, by each of its counts.
    fn read_pairs<const COUNTS: usize>(
        &self,
        folder: &Path,
        table: &str,
    ) -> Result<[Vec<CountedPair>; COUNTS], TableError> {
        let numbers = self.numbers();
        let mut lists = [(); COUNTS].map(|()| Vec::new());
        rows(&folder.join(table), |row| {
            if let (Some(item), Some(other)) = (numbers.get(row.text(0)?), numbers.get(row.text(1)?)) {
                for (list, column) in lists.iter_mut().zip(2..) {
                    let pair = CountedPair { item: *item, other: *other, count: row.count(column)? };
                    list.extend(Some(pair).filter(|pair| pair.count > 0));
                }
            }
            Ok(())
        })?;
        lists.iter_mut().for_each(|list| list.sort_by_key(|pair| (pair.item, pair.other)));
        Ok(lists)
    }

    fn read_sessions(&mut self, folder: &Path) -> Result<(), TableError> {
        let numbers = self.numbers();
        let mut seen = Vec::new();
        rows(&folder.join("sessions"), |row| {
            if let Some(item) = numbers.get(row.text(4)?) {
                // By visit, the item that was seen last at the end.
                let place = (row.count(0)?, Reverse(row.count(5)?));
                seen.push((place, row.number(1)? != 0, row.number(2)?, row.count(3)?, *item));
            }
            Ok(())
        })?;
        seen.sort_unstable();
        let visits = seen.chunk_by(|((one, _), ..), ((other, _), ..)| one == other);
        let visit = |rows: &[(_, bool, i64, u64, u32)]| {
            let (_, is_latest, day, visitor, _) = *rows.first()?;
            Some(VisitRow { is_latest, day, visitor, seen: rows.iter().map(|(.., item)| *item).collect() })
        };
        self.visits = visits.filter_map(visit).collect();
        Ok(())
    }

    fn read_pages(&mut self, folder: &Path) -> Result<(), TableError> {
        let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        rows(&folder.join("way_counts"), |row| {
            // Pages have names, so the context of no page alone is the empty text.
            counts.entry(row.text(0)?.to_owned()).or_default().insert(row.text(2)?.to_owned(), row.count(3)?);
            Ok(())
        })?;
        let names = counts.get("").map(|anything| anything.keys().cloned().collect()).unwrap_or_default();
        self.pages = names;
        let numbers: BTreeMap<&str, Page> = self.pages.iter().map(String::as_str).zip(0..).collect();
        rows(&folder.join("way_contexts"), |row| {
            let text = row.text(0)?;
            let pages = text.split(SEPARATOR).filter(|page| !page.is_empty());
            let context: Option<Vec<Page>> = pages.map(|page| numbers.get(page).copied()).collect();
            let followers = counts.get(text).into_iter().flatten();
            let followers = followers.filter_map(|(page, times)| Some((*numbers.get(page.as_str())?, as_f64(*times))));
            if let Some(context) = context {
                self.contexts.push(CountedContext {
                    context,
                    times: as_f64(row.count(2)?),
                    followers: followers.collect(),
                });
            }
            Ok(())
        })?;
        self.contexts.sort_by(|one, other| one.context.cmp(&other.context));
        Ok(())
    }

    /// The counts of items, for a model of them.
    pub fn items(&self) -> Counted<'_> {
        let items = self.items.iter().map(|item| {
            let ItemRow { id, visits, category } = item;
            CountedItem { id, category, visits: *visits }
        });
        let last_day = self.totals.last_day;
        let sessions = self.visits.iter().filter(|visit| visit.is_latest).map(|visit| CountedSession {
            visitor: visit.visitor,
            age: u32::try_from(last_day.saturating_sub(visit.day)).unwrap_or(0),
            seen: visit.seen.clone(),
        });
        Counted {
            visits: u32::try_from(self.totals.visits).unwrap_or(u32::MAX),
            items: items.collect(),
            rules: self.rules.clone(),
            next: self.next.clone(),
            together: self.together.clone(),
            repeats: self.repeats,
            situations: self.situations.clone(),
            item_repeats: self.item_repeats.clone(),
            sessions: sessions.collect(),
        }
    }

    /// The sections of the model. There are none where nothing can be learned.
    pub fn learn(&self) -> Learned {
        let mut learned = Learned { visits: self.totals.visits, ..Learned::default() };
        learned.left_out.push(("items", self.totals.left_out_items));
        learned.left_out.push(("steps from item to item", self.totals.left_out_steps));
        let counted = self.items();
        if let Some(parts) = make(&counted, SUPPORT as usize).filter(|parts| parts.items.count() > 0) {
            learned.add_items(&parts);
        }
        if !self.pages.is_empty() {
            let model = NextPage::of_counts(self.contexts.iter().cloned(), BLEND, SUPPORT);
            learned.sections.push((Kind::NextPage, model.encode(&self.pages, PAGES)));
            learned.left_out.push(("ways from page to page", self.totals.left_out_ways));
        }
        if !self.areas.names.is_empty() {
            let model = self.areas.learn();
            learned.sections.push((Kind::Areas, model.encode()));
            learned.left_out.push(("areas", model.left_out.areas as u64));
            learned.left_out.push(("pairs of areas", model.left_out.pairs as u64));
        }
        learned
    }
}

impl AreaCounts {
    fn read(folder: &Path) -> Result<AreaCounts, TableError> {
        let mut pairs: Vec<(String, String, u64)> = Vec::new();
        rows(&folder.join("area_pairs"), |row| {
            pairs.push((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.count(2)?));
            Ok(())
        })?;
        let mut sizes: Vec<(u64, &str)> = pairs
            .iter()
            .filter(|(one, other, _)| one == other)
            .map(|(area, _, count)| (*count, area.as_str()))
            .collect();
        sizes.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        let places: BTreeMap<&str, usize> = sizes.iter().map(|(_, area)| *area).zip(0..).collect();
        let placed = pairs
            .iter()
            .filter_map(|(one, other, count)| Some((*places.get(one.as_str())?, *places.get(other.as_str())?, *count)));
        let mut counts = AreaCounts {
            pairs: placed.collect(),
            names: sizes.iter().map(|(_, area)| (*area).to_owned()).collect(),
            ..AreaCounts::default()
        };
        rows(&folder.join("area_totals"), |row| {
            counts.visitors = row.count(0)?;
            counts.all = row.count(1)?;
            Ok(())
        })?;
        counts.pairs.sort_unstable();
        Ok(counts)
    }

    fn learn(&self) -> LearnedAreas {
        let size = self.names.len();
        let mut together = vec![vec![0.0; size + 1]; size + 1];
        let mut set = |one: usize, other: usize, count: u64| {
            for (row, column) in [(one, other), (other, one)] {
                if let Some(entry) = together.get_mut(row).and_then(|row| row.get_mut(column)) {
                    *entry = as_f64(count);
                }
            }
        };
        for (one, other, count) in &self.pairs {
            set(*one, *other, *count);
            if one == other {
                set(*one, size, *count);
            }
        }
        set(size, size, self.visitors);
        let left_out = usize::try_from(self.all).unwrap_or(usize::MAX).saturating_sub(size);
        LearnedAreas::of(self.names.clone(), &together, left_out, AREAS)
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
