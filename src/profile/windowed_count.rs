//! How often something happened lately: counts over rolling windows, as conditions ask for them.
//!
//! `{"count.view_item.category.boots.7d": {"$gte": 3}}` is true of whoever looked at boots three times
//! within the last seven days, wherever the week began. The names of an attribute say it all: an
//! event, for one that carries a tag its dimension and key, and a length of time.
//!
//! Kept are the moments of the last 64 events that a condition of the config asks for, and nothing of
//! others. So a count is exact up to 64, and merging two histories is merging two lists.

use crate::codec::Codec;
use crate::list::remove;
use crate::signal::event::Event;
use crate::text::split;
use crate::time::{Timestamp, duration};
use crate::value::{Object, Value};

/// How many moments are kept of one kind.
const MOMENTS: usize = 64;
/// How many kinds are kept.
const KINDS: usize = 32;

/// What a condition asks: how often, within how long.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowedCount {
    /// The event's name.
    event: String,
    /// The dimension of a tag that an item must carry; empty where any will do.
    pub dimension: String,
    key: String,
    /// Under what its moments are kept, whatever the length.
    kind: String,
    /// The length as it is written, `7d`, and in ms.
    length: (String, i64),
}

impl WindowedCount {
    /// Reads the path of an attribute: `count.EVENT.LENGTH` or `count.EVENT.DIMENSION.KEY.LENGTH`.
    ///
    /// ```
    /// use tailorbird::profile::windowed_count::WindowedCount;
    ///
    /// assert!(WindowedCount::read("count.purchase.30d").is_some());
    /// assert!(WindowedCount::read("count.view_item.category.boots.7d").is_some());
    /// assert!(WindowedCount::read("count.view_item.always").is_none());
    /// ```
    pub fn read(path: &str) -> Option<WindowedCount> {
        let (event, dimension, key, length) = match split(path, b'.').as_slice() {
            ["count", event, length] => (*event, "", "", *length),
            ["count", event, dimension, key, length] => (*event, *dimension, *key, *length),
            _ => return None,
        };
        let ms = duration(length)?;
        Some(WindowedCount {
            event: event.to_owned(),
            dimension: dimension.to_owned(),
            key: key.to_owned(),
            kind: [event, ".", dimension, ".", key].concat(),
            length: (length.to_owned(), ms),
        })
    }

    /// Whether it counts such events.
    pub fn counts(&self, name: &str) -> bool {
        self.event == name
    }

    fn holds(&self, event: &Event) -> bool {
        let tagged =
            |tags: &Vec<(String, String)>| tags.iter().any(|(tag, key)| *tag == self.dimension && *key == self.key);
        self.event == event.name && (self.dimension.is_empty() || event.items.iter().any(|item| tagged(&item.tags)))
    }
}

/// The moments kept, by kind of event, oldest first.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EventTimestamps(Vec<(String, Vec<Timestamp>)>);

impl EventTimestamps {
    /// Takes in one event.
    pub fn fold(&mut self, event: &Event, at: Timestamp, asked: &[WindowedCount]) {
        let mut done: Vec<&String> = Vec::new();
        for one in asked {
            if one.holds(event) && !done.contains(&&one.kind) {
                self.note(&one.kind, at);
                done.push(&one.kind);
            }
        }
    }

    fn note(&mut self, kind: &str, at: Timestamp) {
        if !self.0.iter().any(|(known, _)| known == kind) && self.0.len() < KINDS {
            self.0.push((kind.to_owned(), Vec::new()));
        }
        let Some((_, moments)) = self.0.iter_mut().find(|(known, _)| known == kind) else { return };
        let place = moments.iter().filter(|moment| **moment <= at).count();
        moments.insert(place, at);
        if moments.len() > MOMENTS {
            remove(moments, 0);
        }
    }

    /// The attributes `count.*`: `{"view_item": {"category": {"boots": {"7d": 3}}}}`.
    pub fn attributes(&self, asked: &[WindowedCount], now: Timestamp, counts: &mut Object) {
        for one in asked {
            let (name, ms) = &one.length;
            let mut count = 0_u32;
            for (known, moments) in &self.0 {
                if *known == one.kind {
                    count = moments.iter().fold(0, |count, moment| count + u32::from(now.since(*moment) < *ms));
                }
            }
            let mut tree = Some(&mut *counts);
            for step in [&one.event, &one.dimension, &one.key] {
                if !step.is_empty() {
                    tree = tree.and_then(|tree| tree.below(step));
                }
            }
            if let Some(tree) = tree {
                tree.set(name, count);
            }
        }
    }

    /// Takes in what happened on another device.
    pub fn merge(&mut self, other: &EventTimestamps) {
        for (kind, moments) in &other.0 {
            for at in moments {
                self.note(kind, *at);
            }
        }
    }

    /// Forgets what nobody asks for any more, and what is older than `ms`.
    pub fn drop_older(&mut self, now: Timestamp, ms: i64, asked: &[WindowedCount]) {
        for (_, moments) in &mut self.0 {
            moments.retain(|moment| now.since(*moment) <= ms);
        }
        self.0.retain(|(kind, moments)| !moments.is_empty() && asked.iter().any(|one| one.kind == *kind));
    }

    /// For a person to read: how many moments are kept of each kind.
    pub fn readable(&self) -> Value {
        let one = |(kind, moments): &(String, Vec<Timestamp>)| {
            Object::new().with("of", kind.as_str()).with("kept", u32::try_from(moments.len()).unwrap_or(0))
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(KINDS, &mut self.0, |codec, (kind, moments)| {
            codec.text(kind);
            codec.list(MOMENTS, moments, Codec::time);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::event::Item;
    use crate::time::{DAY, HOUR};
    use proptest::prelude::*;

    fn view(category: &str) -> Event {
        let item = Item { tags: vec![("category".into(), category.into())], ..Item::default() };
        Event { name: "view_item".into(), items: vec![item], ..Event::default() }
    }

    #[test]
    fn a_window_rolls_and_counts_what_it_asks_for() {
        let asked: Vec<WindowedCount> =
            ["count.view_item.category.boots.7d", "count.view_item.24h", "count.purchase.30d"]
                .iter()
                .filter_map(|path| WindowedCount::read(path))
                .collect();
        let mut moments = EventTimestamps::default();
        for (hour, category) in [(0, "boots"), (30, "tents"), (40, "boots"), (41, "boots")] {
            moments.fold(&view(category), Timestamp::from_ms(hour * HOUR), &asked);
        }
        let counted = |hour: i64| {
            let mut counts = Object::new();
            moments.attributes(&asked, Timestamp::from_ms(hour * HOUR), &mut counts);
            let counts = Value::Object(counts);
            let (views, week) = (counts.at("view_item"), counts.at("view_item").at("category").at("boots").at("7d"));
            (week.number(), views.at("24h").number(), counts.at("purchase").at("30d").number())
        };
        for (hour, expected, why) in [
            (42, (3.0, 3.0, 0.0), "all within a week, the first beyond a day"),
            (64, (3.0, 1.0, 0.0), "exactly a day ago is a day ago"),
            (168, (2.0, 0.0, 0.0), "the first left the week"),
            (10_000, (0.0, 0.0, 0.0), "long ago"),
        ] {
            assert_eq!(counted(hour), expected, "{why}");
        }
    }

    proptest! {
        #[test]
        fn order_and_device_do_not_matter(mut hours in prop::collection::vec(0_i64..900, 0..100), cut in 0_usize..100) {
            let asked = [WindowedCount::read("count.view_item.30d").unwrap()];
            let after = |hours: &[i64]| {
                let mut moments = EventTimestamps::default();
                for hour in hours {
                    moments.fold(&view("boots"), Timestamp::from_ms(hour * HOUR), &asked);
                }
                moments
            };
            let cut = cut.min(hours.len());
            let mut merged = after(&hours[..cut]);
            merged.merge(&after(&hours[cut..]));
            let unsorted = after(&hours);
            hours.sort_unstable();
            prop_assert_eq!(&after(&hours).0, &unsorted.0);
            prop_assert_eq!(&merged.0, &unsorted.0);
            let exact = hours.iter().filter(|hour| (900 - **hour) * HOUR < 30 * DAY).count().min(MOMENTS);
            let mut counts = Object::new();
            unsorted.attributes(&asked, Timestamp::from_ms(900 * HOUR), &mut counts);
            prop_assert_eq!(Value::Object(counts).at("view_item").at("30d").number() as usize, exact);
        }
    }
}
