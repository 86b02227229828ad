//! The current visit to the site: it ends after a time without anything event, not at
//! midnight and not with a new campaign.
//!
//! Source: Google Analytics 4, "Sessions"; `sessionMinutes` of the config replaces its 30 minutes.

use crate::codec::Codec;
use crate::hash::crc32;
use crate::signal::event::Event;
use crate::time::{SECOND, Timestamp};
use crate::value::Renewal;

/// How many kinds of event one session tells apart.
const KINDS: usize = 32;
/// How many items it tells apart; views of further ones are neither new nor repeated.
const ITEMS: usize = 64;
/// Of an item's number, how many of the lower bits are its category's.
const CATEGORY_BITS: u32 = 12;

/// The current session.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Session {
    /// How many sessions there were, this one included; 0 before anything happened.
    pub number: u32,
    /// When it began.
    pub start: Timestamp,
    /// When anything happened last.
    pub last: Timestamp,
    /// Pages viewed in it.
    pub views: u32,
    /// Those of them on which a product was looked at (`view_item`).
    pub product_views: u32,
    /// How long the visitor was occupied with all of them, in ms.
    pub engaged_ms: u32,
    /// How long with those on which a product was looked at.
    pub product_ms: u32,
    /// How often a product was looked at that had been before, in this session.
    pub repeated_views: u32,
    /// Whether the page viewed last is one on which a product was looked at: 1, else 0.
    product: u32,
    /// How far the page viewed last was read, in percent of its length.
    depth: u32,
    /// Products that were looked at, each once: 20 bits of the id's checksum, then 12 of the
    /// category's. Of FNV-1a, the upper bits of names that differ in their last letter are alike.
    items: Vec<u32>,
    /// Events in it, by name.
    events: Vec<(String, u32)>,
}

impl Session {
    /// Something happened at `at`: it belongs to this session, or begins a new one.
    pub fn touch(&mut self, at: Timestamp, session_ms: i64) {
        if self.number == 0 || at.since(self.last) > session_ms {
            *self = Session { number: self.number.saturating_add(1), start: at, last: at, ..Session::default() };
        }
        self.last = self.last.max(at);
    }

    /// A page was viewed.
    pub fn view(&mut self) {
        self.views = self.views.saturating_add(1);
        (self.product, self.depth) = (0, 0);
    }

    /// Counts one event.
    pub fn count(&mut self, event: &Event) {
        if event.name == "view_item" {
            // A product that is looked at without a page view is on the page that was viewed last.
            if self.product == 0 && self.product_views < self.views {
                self.product = 1;
                self.product_views = self.product_views.saturating_add(1);
            }
            for item in &event.items {
                let category = item.tags.iter().find(|(dimension, _)| dimension == "category");
                let own = crc32(category.map_or("", |(_, category)| category).as_bytes()) >> (32 - CATEGORY_BITS);
                let known = crc32(item.id.as_bytes()) >> CATEGORY_BITS << CATEGORY_BITS | own;
                if self.items.contains(&known) {
                    self.repeated_views = self.repeated_views.saturating_add(1);
                } else if self.items.len() < ITEMS {
                    self.items.push(known);
                }
            }
        }
        let name = &event.name;
        if let Some((_, count)) = self.events.iter_mut().find(|(known, _)| known == name) {
            *count = count.saturating_add(1);
        } else if self.events.len() < KINDS {
            self.events.push((name.to_owned(), 1));
        }
    }

    /// The visitor was occupied with the page viewed last for so many ms more, and has read it so far, in
    /// percent. Returns by how much that is farther than before, and whether it is the first that is
    /// told of this page: (percent, 1 or 0).
    ///
    /// Of pages open at the same time in several tabs all is taken to be of the one viewed last.
    pub fn stay(&mut self, ms: u32, depth: u32) -> (u32, u32) {
        self.engaged_ms = self.engaged_ms.saturating_add(ms);
        if self.product > 0 {
            self.product_ms = self.product_ms.saturating_add(ms);
        }
        // One more than it is, so that 0 says that nothing was told yet.
        let (before, reached) = (self.depth, depth.min(100).saturating_add(1));
        self.depth = before.max(reached);
        (self.depth.saturating_sub(before.max(1)), u32::from(before == 0))
    }

    /// How many events called `name` there were.
    pub fn counted(&self, name: &str) -> u32 {
        self.events.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count)
    }

    /// How many distinct products were looked at, up to 64.
    pub fn items(&self) -> u32 {
        self.items.len() as u32
    }

    /// Of how many distinct categories they were, and how many of the category that most were of.
    pub fn categories(&self) -> (u32, u32) {
        let (mut distinct, mut most) = (0, 0);
        for (place, item) in self.items.iter().enumerate() {
            let mut alike = 0;
            for (other_place, other) in self.items.iter().enumerate() {
                if (other ^ item) << (32 - CATEGORY_BITS) == 0 {
                    // The category was counted with its first item.
                    if other_place < place {
                        break;
                    }
                    alike += 1;
                }
            }
            distinct += u32::from(alike > 0);
            most = most.max(alike);
        }
        (distinct, most)
    }

    /// How long it has been going on, in ms.
    pub fn age_ms(&self, now: Timestamp) -> i64 {
        if self.number == 0 { 0 } else { now.since(self.start).max(0) }
    }

    /// The attributes `session.*`.
    pub fn attributes(&self, now: Timestamp, tree: &mut Renewal<'_>) {
        let seconds = u32::try_from(self.age_ms(now) / SECOND).unwrap_or(u32::MAX);
        tree.put("views", self.views).put("seconds", seconds).below("events", |events| {
            for (name, count) in &self.events {
                events.put(name, *count);
            }
        });
    }

    /// Takes over the later of both sessions, whichever side it stands on.
    pub fn merge(&mut self, other: &Session) {
        let mut other = other.clone();
        let number = self.number.max(other.number);
        (self.number, other.number) = (number, number);
        let (own_time, other_time) = ((self.start, self.last), (other.start, other.last));
        let mut written = [Codec::default(), Codec::default()];
        let [own, others] = &mut written;
        self.code(own);
        other.code(others);
        let [own, others] = written.map(Codec::into_bytes);
        // Of two of the same time either will do, as long as it is always the same one.
        if other_time > own_time || other_time == own_time && others > own {
            *self = other;
        }
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.varint_u32(&mut self.number);
        codec.time(&mut self.start);
        codec.time(&mut self.last);
        codec.varint_u32(&mut self.views);
        codec.list(KINDS, &mut self.events, |codec, (name, count)| {
            codec.text(name);
            codec.varint_u32(count);
        });
        if codec.since(3) {
            let (product_views, engaged_ms, product_ms) =
                (&mut self.product_views, &mut self.engaged_ms, &mut self.product_ms);
            let (repeated_views, product, depth) = (&mut self.repeated_views, &mut self.product, &mut self.depth);
            for count in [product_views, engaged_ms, product_ms, repeated_views, product, depth] {
                codec.varint_u32(count);
            }
            codec.list(ITEMS, &mut self.items, Codec::varint_u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::MINUTE;
    use crate::value::Object;
    use proptest::prelude::*;

    #[test]
    fn a_session_ends_after_half_an_hour_without_anything() {
        let mut session = Session::default();
        for (minute, number, why) in
            [(0, 1, "the first"), (29, 1, "within"), (59, 1, "30 minutes after the last"), (90, 2, "31 minutes after")]
        {
            session.touch(Timestamp::from_ms(minute * MINUTE), 30 * MINUTE);
            assert_eq!(session.number, number, "{why}");
        }
        assert_eq!(session.start, Timestamp::from_ms(90 * MINUTE));
    }

    fn event(name: &str, id: &str, category: &str) -> Event {
        let item = Object::new().with("item_id", id).with("item_category", category);
        Event::read(name, &Object::new().with("items", vec![item]).into()).unwrap()
    }

    /// A session of pages, each with the products viewed on it, as id and category.
    fn visit(pages: &[&[(&str, &str)]]) -> Session {
        let mut session = Session::default();
        for products in pages {
            session.view();
            for (id, category) in *products {
                session.count(&event("view_item", id, category));
            }
            session.stay(1_000, 40);
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
            assert_eq!((session.items(), session.categories()), (items, (categories, most)), "{why}");
            assert_eq!(session.engaged_ms, views * 1_000, "{why}");
            assert_eq!(session.product_ms, product_views * 1_000, "{why}");
        }
    }

    #[test]
    fn a_page_is_read_once_and_as_far_as_it_was_at_most() {
        let mut session = Session::default();
        session.view();
        let told = [(0, (0, 1)), (30, (30, 0)), (20, (0, 0)), (100, (70, 0)), (400, (0, 0))];
        for (depth, expected) in told {
            assert_eq!(session.stay(10, depth), expected, "at {depth} %");
        }
        session.view();
        assert_eq!(session.stay(10, 25), (25, 1), "the next page");
        assert_eq!(session.engaged_ms, 60);
    }

    #[test]
    fn what_is_told_apart_is_bounded() {
        let mut session = Session::default();
        session.view();
        for item in 0..1_000 {
            session.count(&event("view_item", &format!("item {item}"), "boots"));
        }
        assert_eq!((session.items(), session.product_views), (64, 1));
        let mut out = Codec::default();
        session.code(&mut out);
        assert!(out.into_bytes().len() < 400);
    }

    fn any_session() -> impl Strategy<Value = Session> {
        let pages = prop::collection::vec((prop::collection::vec(0..5_u32, 0..3), 0..100_000_u32, 0..120_u32), 0..4);
        (0..3_u32, 0..2_i64, 0..2_i64, pages).prop_map(|(number, start, length, pages)| {
            let start_ms = start * 1_000;
            let (start, last) = (Timestamp::from_ms(start_ms), Timestamp::from_ms(start_ms + length));
            let mut session = Session { number, start, last, ..Session::default() };
            for (items, ms, depth) in pages {
                session.view();
                for item in items {
                    session.count(&event("view_item", &item.to_string(), "boots"));
                }
                session.stay(ms, depth);
            }
            session
        })
    }

    fn merged(one: &Session, other: &Session) -> Session {
        let mut merged = one.clone();
        merged.merge(other);
        merged
    }

    proptest! {
        #[test]
        fn merging_is_the_same_in_any_order(one in any_session(), two in any_session(), three in any_session()) {
            prop_assert_eq!(merged(&one, &one), one.clone());
            prop_assert_eq!(merged(&one, &two), merged(&two, &one));
            prop_assert_eq!(merged(&merged(&one, &two), &three), merged(&one, &merged(&two, &three)));
            prop_assert!(merged(&one, &two).start >= one.start);
        }

        #[test]
        fn a_session_survives_its_snapshot(mut session in any_session()) {
            let mut out = Codec::default();
            session.code(&mut out);
            let bytes = out.into_bytes();
            let mut from = Codec::reading(&bytes);
            let mut read = Session::default();
            read.code(&mut from);
            prop_assert!(from.is_complete());
            prop_assert_eq!(read, session);
        }
    }
}
