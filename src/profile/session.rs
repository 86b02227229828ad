//! The current session: it ends after a period of inactivity, not at midnight and not with a new campaign.
//!
//! Source: Google Analytics 4, "Sessions"; `sessionMinutes` of the config replaces its 30 minutes.

use super::history::Reading;
use crate::codec::Codec;
use crate::hash::crc32;
use crate::signal::event::{Event, name};
use crate::time::{DAY, SECOND, Timestamp};
use crate::value::Renewal;

/// The most kinds of event that are counted in one session.
const KINDS: usize = 32;
/// The most products that are recognized; views of further ones are neither new nor repeated.
const ITEMS: usize = 64;
/// How many of the lower bits of a product's number are its category's.
const CATEGORY_BITS: u32 = 12;
/// The most pages that are remembered, the latest.
pub const PAGES: usize = 5;

/// The current session.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Session {
    /// Number of sessions, this one included; 0 before anything happened.
    pub number: u32,
    /// When it began.
    pub start: Timestamp,
    /// When anything happened last.
    pub last: Timestamp,
    /// Pages viewed in it.
    pub views: u32,
    /// Those of them on which a product was looked at (`view_item`).
    pub product_views: u32,
    /// How long the visitor was engaged with all of them, in ms.
    pub engaged_ms: u32,
    /// How long with those on which a product was looked at.
    pub product_ms: u32,
    /// How often a product was looked at that had been looked at before, in this session.
    pub repeated_views: u32,
    /// Whether a product was looked at on the page viewed last.
    on_product_page: bool,
    /// How far the page viewed last was read, in percent of its length; `None` before it is known.
    depth_percent: Option<u32>,
    /// Products that were looked at, each once: 20 bits of the id's checksum, then 12 of the category's.
    /// CRC-32 and not FNV-1a, whose upper bits are alike for names that differ in their last letter.
    products: Vec<u32>,
    events: Vec<EventCount>,
    /// The paths of the pages viewed last, the latest last, where the site loads pages ahead.
    pages: Vec<String>,
}

/// How often an event happened in the session.
#[derive(Clone, Debug, PartialEq, Default)]
struct EventCount {
    name: String,
    count: u32,
}

/// The products of one session by category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Categories {
    /// Number of distinct categories.
    pub distinct: u32,
    /// Number of products in the largest of them.
    pub largest: u32,
}

impl Session {
    /// Something happened at `at`: it belongs to this session, or begins a new one.
    ///
    /// What is more than a day earlier also begins a new one: the clock was set back, and a session that was
    /// recorded under the other time must not last until that time comes.
    pub fn touch(&mut self, at: Timestamp, session_ms: i64) {
        if self.number == 0 || at.since(self.last) > session_ms || self.last.since(at) > DAY {
            *self = Session { number: self.number.saturating_add(1), start: at, last: at, ..Session::default() };
        }
        self.last = self.last.max(at);
    }

    /// Counts a page view.
    pub fn view(&mut self) {
        self.views = self.views.saturating_add(1);
        self.on_product_page = false;
        self.depth_percent = None;
    }

    /// Remembers which page is viewed.
    pub fn remember_page(&mut self, path: &str) {
        self.pages.push(path.to_owned());
        let surplus = self.pages.len().saturating_sub(PAGES);
        self.pages.drain(..surplus);
    }

    /// Forgets which pages were viewed.
    pub fn forget_pages(&mut self) {
        self.pages.clear();
    }

    /// The paths of the pages viewed last, at most 5, the latest last.
    pub fn pages(&self) -> &[String] {
        &self.pages
    }

    /// Counts one event.
    pub fn count(&mut self, event: &Event) {
        if event.name == name::VIEW_ITEM {
            // A product that is looked at without a page view is on the page that was viewed last.
            if !self.on_product_page && self.product_views < self.views {
                self.on_product_page = true;
                self.product_views = self.product_views.saturating_add(1);
            }
            for item in &event.items {
                let category = item.tags.iter().find(|tag| tag.dimension == "category");
                let category = category.map_or("", |tag| tag.key.as_str());
                let product = crc32(item.id.as_bytes()) >> CATEGORY_BITS << CATEGORY_BITS
                    | crc32(category.as_bytes()) >> (u32::BITS - CATEGORY_BITS);
                if self.products.contains(&product) {
                    self.repeated_views = self.repeated_views.saturating_add(1);
                } else if self.products.len() < ITEMS {
                    self.products.push(product);
                }
            }
        }
        if let Some(known) = self.events.iter_mut().find(|known| known.name == event.name) {
            known.count = known.count.saturating_add(1);
        } else if self.events.len() < KINDS {
            self.events.push(EventCount { name: event.name.clone(), count: 1 });
        }
    }

    /// The visitor was engaged with the page viewed last for `ms` more, and has now read it this far, in
    /// percent of its length. Returns what that adds to how far pages were read.
    ///
    /// Pages that are open at the same time in several tabs all count as the one viewed last.
    pub fn dwell(&mut self, ms: u32, depth_percent: u32) -> Reading {
        self.engaged_ms = self.engaged_ms.saturating_add(ms);
        if self.on_product_page {
            self.product_ms = self.product_ms.saturating_add(ms);
        }
        let before = self.depth_percent;
        let reached = depth_percent.min(100).max(before.unwrap_or(0));
        self.depth_percent = Some(reached);
        Reading { pages: u32::from(before.is_none()), percent: reached - before.unwrap_or(0) }
    }

    /// Whether a product was looked at on the page viewed last.
    pub fn is_on_product_page(&self) -> bool {
        self.on_product_page
    }

    /// How many events called `name` there were.
    pub fn counted(&self, name: &str) -> u32 {
        self.events.iter().find(|known| known.name == name).map_or(0, |known| known.count)
    }

    /// How many distinct products were looked at, up to 64.
    pub fn items(&self) -> u32 {
        u32::try_from(self.products.len()).unwrap_or(u32::MAX)
    }

    /// The distinct products that were looked at, by category.
    pub fn categories(&self) -> Categories {
        let category = |product: &u32| product & ((1 << CATEGORY_BITS) - 1);
        // Of at most 64 products.
        let mut counts: Vec<(u32, u32)> = Vec::new();
        for category in self.products.iter().map(category) {
            match counts.iter_mut().find(|(known, _)| *known == category) {
                Some((_, count)) => *count += 1,
                None => counts.push((category, 1)),
            }
        }
        Categories {
            distinct: u32::try_from(counts.len()).unwrap_or(u32::MAX),
            largest: counts.iter().map(|(_, count)| *count).max().unwrap_or(0),
        }
    }

    /// How long it has been going on, in ms.
    pub fn age_ms(&self, now: Timestamp) -> i64 {
        if self.number == 0 { 0 } else { now.since(self.start).max(0) }
    }

    /// The attributes `session.*`.
    pub fn attributes(&self, now: Timestamp, tree: &mut Renewal<'_>) {
        let seconds = u32::try_from(self.age_ms(now) / SECOND).unwrap_or(u32::MAX);
        tree.put("views", self.views).put("seconds", seconds).below("events", |events| {
            for known in &self.events {
                events.put(&known.name, known.count);
            }
        });
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint_u32(&mut self.number);
        codec.time(&mut self.start);
        codec.time(&mut self.last);
        codec.varint_u32(&mut self.views);
        codec.varint_u32(&mut self.product_views);
        codec.varint_u32(&mut self.engaged_ms);
        codec.varint_u32(&mut self.product_ms);
        codec.varint_u32(&mut self.repeated_views);
        codec.bool(&mut self.on_product_page);
        codec.optional(&mut self.depth_percent, Codec::varint_u32);
        codec.list(ITEMS, &mut self.products, Codec::varint_u32);
        codec.list(KINDS, &mut self.events, |codec, known| {
            codec.text(&mut known.name);
            codec.varint_u32(&mut known.count);
        });
        codec.list(PAGES, &mut self.pages, Codec::text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::host::Native;
    use crate::time::MINUTE;
    use crate::value::Object;
    use proptest::prelude::*;

    #[test]
    fn a_session_ends_after_half_an_hour_of_inactivity() {
        let mut session = Session::default();
        for (minute, number, why) in
            [(0, 1, "the first"), (29, 1, "within"), (59, 1, "30 minutes after the last"), (90, 2, "31 minutes after")]
        {
            session.touch(Timestamp::from_ms(minute * MINUTE), 30 * MINUTE);
            assert_eq!(session.number, number, "{why}");
        }
        assert_eq!(session.start, Timestamp::from_ms(90 * MINUTE));
        session.touch(Timestamp::from_ms(20 * MINUTE), 30 * MINUTE);
        assert_eq!(session.number, 2, "a late entry of another tab");
        session.touch(Timestamp::from_ms(90 * MINUTE - DAY), 30 * MINUTE);
        assert_eq!((session.number, session.last), (2, Timestamp::from_ms(90 * MINUTE)), "a day late");
        session.touch(Timestamp::from_ms(90 * MINUTE - DAY - 1), 30 * MINUTE);
        assert_eq!(session.number, 3, "the clock was set back");
        assert_eq!(session.last, Timestamp::from_ms(90 * MINUTE - DAY - 1), "and goes on from there");
    }

    #[test]
    fn a_session_is_as_old_as_the_time_since_it_began() {
        let mut session = Session::default();
        let age = |session: &Session, minute: i64| session.age_ms(Timestamp::from_ms(minute * MINUTE));
        assert_eq!(age(&session, 5), 0, "nothing happened yet");
        session.touch(Timestamp::from_ms(2 * MINUTE), 30 * MINUTE);
        assert_eq!((age(&session, 5), age(&session, 1)), (3 * MINUTE, 0), "and never younger than just begun");
    }

    #[test]
    fn a_product_belongs_to_a_page_that_was_viewed_in_the_session() {
        let mut session = Session::default();
        let boots = event("view_item", "b-1", "boots");
        session.count(&boots);
        session.dwell(1_000, 0);
        assert_eq!((session.product_views, session.product_ms), (0, 0), "the page was viewed in an earlier session");
        session.view();
        session.dwell(1_000, 0);
        assert_eq!((session.product_views, session.product_ms), (0, 0), "a page without a product");
        session.count(&event("search", "b-1", "boots"));
        assert_eq!((session.product_views, session.items()), (0, 1), "a search is no view of a product");
        session.count(&boots);
        session.dwell(1_000, 0);
        assert_eq!((session.product_views, session.product_ms), (1, 1_000), "the first product view on it");
        assert_eq!((session.counted("view_item"), session.counted("search"), session.counted("share")), (2, 1, 0));
    }

    fn event(name: &str, id: &str, category: &str) -> Event {
        let item = Object::new().with("item_id", id).with("item_category", category);
        Event::read(name, &Object::new().with("items", vec![item]).into(), &Native).unwrap()
    }

    /// A session of pages, each with the products viewed on it, as id and category.
    fn visit(pages: &[&[(&str, &str)]]) -> Session {
        let mut session = Session::default();
        for products in pages {
            session.view();
            for (id, category) in *products {
                session.count(&event("view_item", id, category));
            }
            session.dwell(1_000, 40);
        }
        session
    }

    #[test]
    fn products_are_told_apart_and_counted_with_their_pages() {
        type Page = &'static [(&'static str, &'static str)];
        let boots: Page = &[("b-1", "boots")];
        let cases: [(&[Page], [u32; 6], &str); 5] = [
            (&[&[]], [1, 0, 0, 0, 0, 0], "a page without a product"),
            (&[boots, &[], boots], [3, 2, 1, 1, 1, 1], "the same product on two pages"),
            (&[&[("b-1", "boots"), ("b-2", "boots")]], [1, 1, 0, 2, 1, 2], "two products on one page"),
            (&[boots, &[("t-1", "tents")], &[("t-2", "tents")]], [3, 3, 0, 3, 2, 2], "two of three are tents"),
            (&[boots, &[("b-1", "sale")]], [2, 2, 0, 2, 2, 1], "a product in another category is another"),
        ];
        for (pages, [views, product_views, repeated, items, categories, most], why) in cases {
            let session = visit(pages);
            let counts = [session.views, session.product_views, session.repeated_views];
            assert_eq!(counts, [views, product_views, repeated], "{why}");
            let expected = Categories { distinct: categories, largest: most };
            assert_eq!((session.items(), session.categories()), (items, expected), "{why}");
            assert_eq!(session.engaged_ms, views * 1_000, "{why}");
            assert_eq!(session.product_ms, product_views * 1_000, "{why}");
        }
    }

    #[test]
    fn a_page_is_read_once_and_as_far_as_it_was_at_most() {
        let mut session = Session::default();
        session.view();
        let reports = [(0, (0, 1)), (30, (30, 0)), (20, (0, 0)), (100, (70, 0)), (400, (0, 0))];
        for (depth, (percent, pages)) in reports {
            assert_eq!(session.dwell(10, depth), Reading { pages, percent }, "at {depth} %");
        }
        session.view();
        assert_eq!(session.dwell(10, 25), Reading { pages: 1, percent: 25 }, "the next page");
        assert_eq!(session.engaged_ms, 60);
    }

    #[test]
    fn what_is_stored_of_a_session_is_bounded() {
        let mut session = Session::default();
        session.view();
        for item in 0..1_000 {
            session.count(&event("view_item", &format!("item {item}"), "boots"));
        }
        assert_eq!((session.items(), session.product_views), (64, 1));
        session.count(&event("view_item", "item 63", "boots"));
        session.count(&event("view_item", "item 64", "boots"));
        assert_eq!(session.repeated_views, 1, "the 65th was not remembered");
        let mut out = Codec::default();
        session.code(&mut out);
        assert!(out.into_bytes().len() < 400);
    }

    #[test]
    fn the_five_pages_viewed_last_are_remembered_until_they_are_forgotten() {
        let mut session = Session::default();
        (0..7).for_each(|page| session.remember_page(&format!("/{page}")));
        assert_eq!(session.pages(), ["/2", "/3", "/4", "/5", "/6"]);
        session.touch(Timestamp::from_ms(0), 30 * MINUTE);
        assert!(session.pages().is_empty(), "another session");
        session.remember_page("/7");
        session.forget_pages();
        assert!(session.pages().is_empty());
    }

    #[test]
    fn of_many_kinds_of_event_the_first_ones_are_counted() {
        let mut session = Session::default();
        for kind in 0..=KINDS {
            session.count(&event(&format!("event_{kind}"), "b", "boots"));
            session.count(&event("event_0", "b", "boots"));
        }
        let counts = ["event_0", "event_31", "event_32"].map(|kind| session.counted(kind));
        assert_eq!(counts, [34, 1, 0], "the 33rd kind finds no room");
    }

    fn any_session() -> impl Strategy<Value = Session> {
        let pages = prop::collection::vec((prop::collection::vec(0..5_u32, 0..3), 0..100_000_u32, 0..120_u32), 0..4);
        (0..3_u32, 0..2_i64, 0..2_i64, pages).prop_map(|(number, start, length, pages)| {
            let start_ms = start * 1_000;
            let (start, last) = (Timestamp::from_ms(start_ms), Timestamp::from_ms(start_ms + length));
            let mut session = Session { number, start, last, ..Session::default() };
            for (items, ms, depth) in pages {
                session.view();
                session.remember_page(&format!("/{depth}"));
                for item in items {
                    session.count(&event("view_item", &item.to_string(), "boots"));
                }
                session.dwell(ms, depth);
            }
            session
        })
    }

    proptest! {
        #[test]
        fn a_session_survives_its_snapshot(mut session in any_session(), kinds in 30..35_usize, products in 62..67_u32) {
            prop_assert_eq!(round_trip(&mut session, Session::code), session.clone());
            let event = |number: usize| EventCount { name: format!("event_{number}"), count: 7 };
            (session.events, session.products) = ((0..kinds).map(event).collect(), (0..products).collect());
            let read = round_trip(&mut session, Session::code);
            prop_assert_eq!(&read.events[..], &session.events[kinds.saturating_sub(KINDS)..]);
            prop_assert_eq!(&read.products[..], &session.products[(products as usize).saturating_sub(ITEMS)..]);
        }
    }
}
