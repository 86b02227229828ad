//! How often something happened recently: counts over rolling windows, as conditions ask for them.
//!
//! `{"count.view_item.category.boots.7d": {"$gte": 3}}` is true for a visitor who looked at boots three times
//! within the last seven days. The path names an event, optionally the dimension and key of a tag, and the
//! length of the window.
//!
//! Stored are the times of the last 64 events that a condition of the config asks for, and no others. So a
//! count is exact up to 64, and merging two histories is merging two lists.

use crate::codec::Codec;
use crate::signal::event::Event;
use crate::time::{DAY, Timestamp, duration};
use crate::value::{Object, Value};

/// The most timestamps stored for one kind of event.
const TIMESTAMPS: usize = 64;
/// The most kinds of event for which timestamps are stored.
const KINDS: usize = 32;

/// What a condition asks for: how often something happened within a window.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowedCount {
    /// The event's name.
    event: String,
    /// The dimension of a tag that an item must have; empty where any item will do.
    pub dimension: String,
    key: String,
    /// The kind of event under which timestamps are stored, whatever the window.
    kind: String,
    window: Window,
}

#[derive(Clone, Debug, PartialEq)]
struct Window {
    /// As written: `7d`.
    name: String,
    ms: i64,
}

impl WindowedCount {
    /// Reads the path of an attribute: `count.EVENT.WINDOW` or `count.EVENT.DIMENSION.KEY.WINDOW`.
    ///
    /// ```
    /// use tailorbird::profile::windowed_count::WindowedCount;
    ///
    /// assert!(WindowedCount::read("count.purchase.30d").is_some());
    /// assert!(WindowedCount::read("count.view_item.category.boots.7d").is_some());
    /// assert!(WindowedCount::read("count.view_item.always").is_none());
    /// ```
    pub fn read(path: &str) -> Option<WindowedCount> {
        let (event, dimension, key, window) = match path.split('.').collect::<Vec<_>>().as_slice() {
            ["count", event, window] => (*event, "", "", *window),
            ["count", event, dimension, key, window] => (*event, *dimension, *key, *window),
            _ => return None,
        };
        Some(WindowedCount {
            event: event.to_owned(),
            dimension: dimension.to_owned(),
            key: key.to_owned(),
            kind: format!("{event}.{dimension}.{key}"),
            window: Window { name: window.to_owned(), ms: duration(window)? },
        })
    }

    /// The path by which conditions read it: `count.view_item.7d`.
    pub fn path(&self) -> String {
        let parts = ["count", &self.event, &self.dimension, &self.key, &self.window.name];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
    }

    /// Whether it counts events of this name.
    pub fn counts(&self, name: &str) -> bool {
        self.event == name
    }

    fn matches(&self, event: &Event) -> bool {
        let mut tags = event.items.iter().flat_map(|item| &item.tags);
        self.event == event.name
            && (self.dimension.is_empty() || tags.any(|tag| tag.dimension == self.dimension && tag.key == self.key))
    }
}

/// The timestamps stored, by kind of event.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EventTimestamps(Vec<KindTimestamps>);

#[derive(Clone, Debug, PartialEq, Default)]
struct KindTimestamps {
    kind: String,
    /// Oldest first.
    timestamps: Vec<Timestamp>,
}

impl EventTimestamps {
    /// Stores the time of an event under each kind that one of the `counts` asks for.
    pub fn fold(&mut self, event: &Event, at: Timestamp, counts: &[WindowedCount]) {
        let mut done: Vec<&str> = Vec::new();
        for count in counts {
            if count.matches(event) && !done.contains(&count.kind.as_str()) {
                self.note(&count.kind, at);
                done.push(&count.kind);
            }
        }
    }

    fn note(&mut self, kind: &str, at: Timestamp) {
        if !self.0.iter().any(|known| known.kind == kind) && self.0.len() < KINDS {
            self.0.push(KindTimestamps { kind: kind.to_owned(), timestamps: Vec::new() });
        }
        let Some(KindTimestamps { timestamps, .. }) = self.0.iter_mut().find(|known| known.kind == kind) else {
            return;
        };
        timestamps.insert(timestamps.partition_point(|known| *known <= at), at);
        if timestamps.len() > TIMESTAMPS {
            timestamps.remove(0);
        }
    }

    /// The attributes `count.*`: `{"view_item": {"category": {"boots": {"7d": 3}}}}`.
    pub fn attributes(&self, counts: &[WindowedCount], now: Timestamp, tree: &mut Object) {
        for count in counts {
            let timestamps = self.0.iter().filter(|known| known.kind == count.kind).flat_map(|known| &known.timestamps);
            // What lies more than a day ahead was recorded under a wrong clock.
            let number = timestamps.filter(|at| (-DAY..count.window.ms).contains(&now.since(**at))).count();
            let mut tree = Some(&mut *tree);
            for step in [&count.event, &count.dimension, &count.key] {
                if !step.is_empty() {
                    tree = tree.and_then(|tree| tree.below(step));
                }
            }
            if let Some(tree) = tree {
                tree.set(&count.window.name, u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
    }

    /// Adds the timestamps of another device.
    pub fn merge(&mut self, other: &EventTimestamps) {
        for KindTimestamps { kind, timestamps } in &other.0 {
            for at in timestamps {
                self.note(kind, *at);
            }
        }
    }

    /// Drops kinds that no condition asks for any more, and timestamps that are older than `ms`.
    pub fn drop_older(&mut self, now: Timestamp, ms: i64, counts: &[WindowedCount]) {
        for known in &mut self.0 {
            known.timestamps.retain(|at| now.since(*at) <= ms);
        }
        self.0.retain(|known| !known.timestamps.is_empty() && counts.iter().any(|count| count.kind == known.kind));
    }

    /// A list of how many timestamps are stored of each kind, for the visitor to read.
    pub fn readable(&self) -> Value {
        let one = |known: &KindTimestamps| {
            let stored = u32::try_from(known.timestamps.len()).unwrap_or(u32::MAX);
            Object::new().with("of", known.kind.as_str()).with("kept", stored)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(KINDS, &mut self.0, |codec, known| {
            codec.text(&mut known.kind);
            codec.list(TIMESTAMPS, &mut known.timestamps, Codec::time);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use crate::signal::event::{Item, Tag};
    use crate::time::HOUR;
    use proptest::prelude::*;

    fn view(category: &str) -> Event {
        let item = Item { tags: vec![Tag::new("category", category)], ..Item::default() };
        Event { name: "view_item".into(), items: vec![item], ..Event::default() }
    }

    #[test]
    fn a_window_rolls_and_counts_its_own_events() {
        let counts: Vec<WindowedCount> =
            ["count.view_item.category.boots.7d", "count.view_item.24h", "count.purchase.30d"]
                .iter()
                .filter_map(|path| WindowedCount::read(path))
                .collect();
        let mut timestamps = EventTimestamps::default();
        for (hour, category) in [(0, "boots"), (30, "tents"), (40, "boots"), (41, "boots")] {
            timestamps.fold(&view(category), Timestamp::from_ms(hour * HOUR), &counts);
        }
        let counted = |hour: i64| {
            let mut tree = Object::new();
            timestamps.attributes(&counts, Timestamp::from_ms(hour * HOUR), &mut tree);
            let counts = Value::Object(tree);
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

    /// How often boots were viewed within a day of `now`, after views at these times.
    fn views(timestamps: &EventTimestamps, now: i64) -> f64 {
        let counts = [WindowedCount::read("count.view_item.1d").unwrap()];
        let mut tree = Object::new();
        timestamps.attributes(&counts, Timestamp::from_ms(now), &mut tree);
        tree.get("view_item").unwrap().at("1d").number()
    }

    fn viewed(times: &[i64]) -> EventTimestamps {
        let counts = [WindowedCount::read("count.view_item.1d").unwrap()];
        let mut timestamps = EventTimestamps::default();
        times.iter().for_each(|at| timestamps.fold(&view("boots"), Timestamp::from_ms(*at), &counts));
        timestamps
    }

    #[test]
    fn what_lies_up_to_a_day_ahead_counts_and_what_lies_further_was_a_wrong_clock() {
        for (ahead, number) in [(0, 1.0), (DAY, 1.0), (DAY + 1, 0.0)] {
            assert_eq!(views(&viewed(&[ahead]), 0), number, "{ahead} ms ahead");
        }
    }

    #[test]
    fn timestamps_are_kept_for_their_time_and_as_long_as_a_condition_asks_for_them() {
        let counts = [WindowedCount::read("count.view_item.1d").unwrap()];
        let mut timestamps = viewed(&[1, 2, 3]);
        timestamps.drop_older(Timestamp::from_ms(10), 8, &counts);
        assert_eq!(views(&timestamps, 10), 2.0, "8 ms old and younger");
        assert_eq!(views(&timestamps, 2 + DAY), 1.0, "the first of them is exactly a day old");
        timestamps.drop_older(Timestamp::from_ms(12), 8, &counts);
        assert_eq!(timestamps, EventTimestamps::default(), "no kind is left without a timestamp");
        let mut timestamps = viewed(&[1, 2, 3]);
        timestamps.drop_older(Timestamp::from_ms(10), DAY, &[WindowedCount::read("count.search.1d").unwrap()]);
        assert_eq!(timestamps, EventTimestamps::default(), "nobody asks any more");
    }

    #[test]
    fn an_event_is_counted_once_under_each_kind_that_conditions_ask_for() {
        let read = |path: &str| WindowedCount::read(path).unwrap();
        let paths = ["count.view_item.1d", "count.view_item.7d", "count.view_item.category.boots.7d"];
        let counts = paths.map(read);
        let mut timestamps = EventTimestamps::default();
        timestamps.fold(&view("boots"), Timestamp::from_ms(5), &counts);
        timestamps.fold(&view("tents"), Timestamp::from_ms(6), &counts);
        timestamps.fold(&Event { name: "search".into(), ..view("boots") }, Timestamp::from_ms(7), &counts);
        let kept = serde_json::to_value(timestamps.readable()).unwrap();
        let expected =
            serde_json::json!([{"of": "view_item..", "kept": 2.0}, {"of": "view_item.category.boots", "kept": 1.0}]);
        assert_eq!(kept, expected);
        assert!(counts[0].counts("view_item") && !counts[0].counts("search"));
    }

    #[test]
    fn of_many_kinds_the_first_ones_are_counted() {
        let mut timestamps = EventTimestamps::default();
        let counts = |range: core::ops::Range<usize>| -> Vec<WindowedCount> {
            range
                .map(|number| WindowedCount::read(&format!("count.view_item.category.c{number}.1d")).unwrap())
                .collect()
        };
        for number in 0..=KINDS {
            timestamps.fold(&view(&format!("c{number}")), Timestamp::from_ms(5), &counts(0..KINDS + 1));
        }
        let kinds: Vec<String> = timestamps.0.iter().map(|known| known.kind.clone()).collect();
        assert_eq!((kinds.len(), kinds.last().unwrap().as_str()), (KINDS, "view_item.category.c31"));
    }

    proptest! {
        #[test]
        fn order_and_device_do_not_matter(mut hours in prop::collection::vec(0_i64..900, 0..100), cut in 0_usize..100) {
            let counts = [WindowedCount::read("count.view_item.30d").unwrap()];
            let after = |hours: &[i64]| {
                let mut moments = EventTimestamps::default();
                for hour in hours {
                    moments.fold(&view("boots"), Timestamp::from_ms(hour * HOUR), &counts);
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
            let exact = hours.iter().filter(|hour| (900 - **hour) * HOUR < 30 * DAY).count().min(TIMESTAMPS);
            let mut tree = Object::new();
            unsorted.attributes(&counts, Timestamp::from_ms(900 * HOUR), &mut tree);
            prop_assert_eq!(Value::Object(tree).at("view_item").at("30d").number() as usize, exact);
        }

        #[test]
        fn timestamps_of_any_number_survive_their_snapshot(kinds in 30..35_usize, times in 62..67_i64) {
            let one = |number: usize| KindTimestamps {
                kind: format!("e{number}.."),
                timestamps: (0..times).map(Timestamp::from_ms).collect(),
            };
            let mut written = EventTimestamps((0..kinds).map(one).collect());
            let read = round_trip(&mut written, EventTimestamps::code);
            prop_assert_eq!(read.0.len(), kinds.min(KINDS));
            let (last, known) = (read.0.last().unwrap(), written.0.last().unwrap());
            prop_assert_eq!(&last.kind, &known.kind);
            prop_assert_eq!(&last.timestamps[..], &known.timestamps[known.timestamps.len().saturating_sub(TIMESTAMPS)..]);
        }
    }
}
