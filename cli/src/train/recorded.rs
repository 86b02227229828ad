//! Recorded sessions of a site, by visitor: which items, categories and pages one after the other.

use std::collections::BTreeMap;
use std::path::Path;

use tailorbird::time::Timestamp;
use tailorbird_recommend::learn::{Product, Session, View};

use super::walk::{Names, seconds};
use crate::csv_rows::wrong_line;
use crate::ending::Ending;
use crate::session_rows::{OF_VISITORS, SessionRow, session_rows};

/// The event of an item that was bought; all others are views.
const PURCHASE: &str = "purchase";

/// One click; items, categories and pages by number.
struct Click {
    at: Timestamp,
    /// `None` for a page view.
    item: Option<u32>,
    is_purchase: bool,
    category: Option<u32>,
    page: Option<u32>,
}

/// All sessions of a file.
#[derive(Default)]
pub struct Recorded {
    items: Names,
    categories: Names,
    pages: Names,
    /// The category of each item, the one that was given last.
    category_of: BTreeMap<u32, u32>,
    /// The sessions of each visitor, each in the order of time.
    visitors: Vec<Vec<Vec<Click>>>,
}

/// Names by number, and what each visitor did in those numbers.
type Numbered<T> = Option<(Vec<String>, Vec<T>)>;

impl Recorded {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, when it has no rows, and at its first wrong row.
    pub fn read(path: &Path) -> Result<Recorded, Ending> {
        let recorded = Recorded::of(session_rows(path, &OF_VISITORS)?);
        let recorded = recorded.map_err(|(line, why)| wrong_line(path, line, &why))?;
        if recorded.visitors.is_empty() {
            return Err(Ending::Problems(format!("{}: holds no session", path.display())));
        }
        Ok(recorded)
    }

    fn of(rows: impl Iterator<Item = (usize, Result<SessionRow, String>)>) -> Result<Recorded, (usize, String)> {
        let mut recorded = Recorded::default();
        // The sessions of a visitor, by the ids of both.
        let mut visitors: BTreeMap<String, BTreeMap<String, Vec<Click>>> = BTreeMap::new();
        for (line, row) in rows {
            let row = row.map_err(|why| (line, why))?;
            let category = row.category.map(|category| recorded.categories.number(&category));
            let page = row.page.map(|page| recorded.pages.number(&page));
            let item = row.item.map(|item| recorded.items.number(&item));
            if let (Some(item), Some(category)) = (item, category) {
                recorded.category_of.insert(item, category);
            }
            let is_purchase = row.event.as_deref() == Some(PURCHASE);
            let visitor = row.visitor.unwrap_or_else(|| row.session.clone());
            let click = Click { at: row.at, item, is_purchase, category, page };
            visitors.entry(visitor).or_default().entry(row.session).or_default().push(click);
        }
        recorded.visitors = visitors.into_values().map(|sessions| sessions.into_values().collect()).collect();
        for session in recorded.visitors.iter_mut().flatten() {
            session.sort_by_key(|click| click.at);
        }
        Ok(recorded)
    }

    /// How many visitors there are.
    pub fn visitors(&self) -> usize {
        self.visitors.len()
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> usize {
        self.visitors.iter().map(Vec::len).sum()
    }

    /// All items, and the sessions in which they were seen and bought.
    pub fn products(&self) -> (Vec<Product>, Vec<Session>) {
        let categories = self.categories.list();
        let category = |item: u32| self.category_of.get(&item).and_then(|category| categories.get(*category as usize));
        let product = |(item, id): (u32, String)| Product { id, category: category(item).cloned().unwrap_or_default() };
        let catalog = (0..).zip(self.items.list()).map(product).collect();
        let mut sessions = Vec::new();
        for (visitor, own) in (0..).zip(&self.visitors) {
            sessions.extend(own.iter().map(|clicks| {
                let views = clicks.iter().filter(|click| !click.is_purchase);
                let view = |click: &Click| Some(View { product: click.item?, seconds: seconds(click.at) });
                let bought = clicks.iter().filter(|click| click.is_purchase);
                Session {
                    visitor,
                    views: views.filter_map(view).collect(),
                    bought: bought.filter_map(|click| click.item).collect(),
                }
            }));
        }
        (catalog, sessions)
    }

    /// The pages of each session of each visitor, or their categories; `None` where neither is known.
    pub fn ways(&self) -> Numbered<Vec<Vec<u32>>> {
        let (names, of) = named(&self.pages, page).or_else(|| named(&self.categories, category))?;
        let way = |session: &Vec<Click>| session.iter().filter_map(of).collect();
        let ways = self.visitors.iter().map(|sessions| sessions.iter().map(way).collect()).collect();
        Some((names, ways))
    }

    /// The categories that each visitor saw, or the pages; `None` where neither is known.
    pub fn areas(&self) -> Numbered<Vec<u32>> {
        let (names, of) = named(&self.categories, category).or_else(|| named(&self.pages, page))?;
        let seen = self.visitors.iter().map(|sessions| sessions.iter().flatten().filter_map(of).collect()).collect();
        Some((names, seen))
    }
}

fn page(click: &Click) -> Option<u32> {
    click.page
}

fn category(click: &Click) -> Option<u32> {
    click.category
}

/// What a click is of, by number.
type Of = fn(&Click) -> Option<u32>;

fn named(names: &Names, of: Of) -> Option<(Vec<String>, Of)> {
    let names = names.list();
    (!names.is_empty()).then_some((names, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(session: &str, visitor: &str, second: i64, category: &str, page: &str) -> SessionRow {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        SessionRow {
            session: session.to_owned(),
            visitor: given(visitor),
            at: Timestamp::from_ms(second * 1_000),
            item: given("i"),
            page: given(page),
            event: None,
            category: given(category),
            price: None,
        }
    }

    #[test]
    fn sessions_belong_to_visitors_and_stand_in_the_order_of_time() {
        let rows = [row("s1", "ada", 9, "hats", ""), row("s2", "ada", 5, "boots", ""), row("s3", "", 1, "", "")];
        let late = row("s1", "ada", 2, "boots", "");
        let rows = rows.into_iter().chain([late]).enumerate().map(|(place, row)| (place + 2, Ok(row)));
        let recorded = Recorded::of(rows).unwrap();
        assert_eq!((recorded.visitors(), recorded.sessions()), (2, 3));
        let (names, ways) = recorded.ways().unwrap();
        assert_eq!(names, ["hats", "boots"]);
        assert_eq!(ways, [vec![vec![1, 0], vec![1]], vec![vec![]]]);
        assert_eq!(recorded.areas().unwrap().1, [vec![1, 0, 1], vec![]]);
    }

    #[test]
    fn a_page_view_is_a_step_of_a_way_and_no_view_of_a_product() {
        let list = SessionRow { item: None, ..row("s", "", 1, "", "/hats") };
        let recorded = Recorded::of([list, row("s", "", 2, "", "/hats/i")].map(|row| (2, Ok(row))).into_iter());
        let recorded = recorded.unwrap();
        assert_eq!(recorded.ways().unwrap().1, [vec![vec![0, 1]]]);
        let (products, sessions) = recorded.products();
        assert_eq!(products.len(), 1);
        assert_eq!(sessions[0].views, [View { product: 0, seconds: 2.0 }]);
    }

    #[test]
    fn pages_are_ways_and_categories_are_areas_where_both_are_known() {
        let rows = [row("s", "", 1, "hats", "/hats")].into_iter().map(|row| (2, Ok(row)));
        let recorded = Recorded::of(rows).unwrap();
        assert_eq!(recorded.ways().unwrap().0, ["/hats"]);
        assert_eq!(recorded.areas().unwrap().0, ["hats"]);
        let none = Recorded::of(std::iter::empty()).unwrap();
        assert!(none.ways().is_none() && none.areas().is_none());
    }
}
