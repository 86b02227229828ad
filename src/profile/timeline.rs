//! What happened lately, event by event: what a developer inspects, and nothing is decided from.
//!
//! A journal gives up what has become part of the stored profile, and the profile holds no single events. So that the
//! session can still be told, the last of them stay in memory for as long as the page.

use super::journal::{Entry, Journal, JournalEvent};
use crate::signal::event::{Event, Item};
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most entries that stay in memory, and that are told.
const LENGTH: usize = 100;

/// The last entries that are in no journal of this tab: folded ones of its own, and those of other tabs and earlier pages
/// that were not folded yet when storage was read.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
    /// By other tab, the number of the last entry that was taken over.
    taken: Vec<(String, u64)>,
}

impl Timeline {
    /// Takes over entries that a journal has given up.
    pub fn extend(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.entries.insert(self.entries.partition_point(|known| known.at <= entry.at), entry);
        }
        self.entries.drain(..self.entries.len().saturating_sub(LENGTH));
    }

    /// Takes over what other tabs have recorded: of each journal what was not taken over before.
    pub fn extend_from_tabs(&mut self, journals: Vec<(String, Journal)>) {
        let mut taken = Vec::new();
        for (tab, journal) in journals {
            let before = self.taken.iter().find(|(known, _)| *known == tab).map_or(0, |(_, last)| *last);
            taken.push((tab, journal.entries.last().map_or(before, |entry| entry.number.max(before))));
            self.extend(journal.entries.into_iter().filter(|entry| entry.number > before));
        }
        self.taken = taken;
    }

    /// A list of `InspectedEvent`s of `www/inspector/access.ts`: these and those of the tab's own journal, from `start` on,
    /// the oldest first. `path` is that of the page viewed now.
    pub fn readable(&self, own: &[Entry], start: Timestamp, path: &str) -> Value {
        let mut entries: Vec<&Entry> = Vec::new();
        for entry in self.entries.iter().chain(own).filter(|entry| entry.at >= start) {
            entries.insert(entries.partition_point(|known| known.at <= entry.at), entry);
        }
        let latest = entries.get(entries.len().saturating_sub(LENGTH)..).unwrap_or_default();
        let is_view = |entry: &&Entry| entry.event == JournalEvent::View;
        let last_view = own.iter().rfind(is_view);
        let one = |entry: &&Entry| {
            let (name, mut params) = told(&entry.event)?;
            if last_view.is_some_and(|last| core::ptr::eq(last, *entry)) {
                params.set("path", path);
            }
            #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
            let at = entry.at.ms() as f64;
            Some(Object::new().with("at", at).with("name", name).with("params", params))
        };
        latest.iter().filter_map(one).collect()
    }
}

/// What an entry is called, and its parameters; `None` for what only the engine keeps accounts of.
fn told(event: &JournalEvent) -> Option<(&str, Object)> {
    let object = Object::new;
    Some(match event {
        JournalEvent::View => ("page_view", object()),
        JournalEvent::Event(event) => (&event.name, params_of(event)),
        JournalEvent::Prompt(prompt, variant, outcome) => {
            let about = object().with("prompt", prompt.as_str()).with("variant", variant.clone());
            ("prompt", about.with("outcome", outcome.name()))
        }
        JournalEvent::Answer(prompt, answer) => {
            ("answer", object().with("prompt", prompt.as_str()).with("answer", answer.as_str()))
        }
        JournalEvent::Forget(dimension, key) => ("forget", object().with("interest", format!("{dimension}:{key}"))),
        JournalEvent::Correct(dimension, key, share) => {
            ("correct", object().with("interest", format!("{dimension}:{key}")).with("share", *share))
        }
        JournalEvent::Pause(paused) => ("pause", object().with("paused", *paused)),
        JournalEvent::Exposed(slot, variant) => {
            ("exposure", object().with("slot", slot.as_str()).with("variant", variant.clone()))
        }
        JournalEvent::Impression(slot, variant) => {
            ("impression", object().with("slot", slot.as_str()).with("variant", variant.clone()))
        }
        JournalEvent::Exposure(experiment, variation, _) => {
            ("exposure", object().with("experiment", experiment.as_str()).with("variation", variation.as_str()))
        }
        JournalEvent::Dwell(ms, depth_percent) => {
            ("dwell", object().with("engaged_ms", *ms).with("depth_percent", *depth_percent))
        }
        JournalEvent::Segment(segment, entered) => {
            ("segment", object().with("segment", segment.as_str()).with("entered", *entered))
        }
        JournalEvent::Dropped(events) => ("dropped", object().with("events", *events)),
        JournalEvent::Page(_) | JournalEvent::StickyBucket(_) | JournalEvent::Trial(_) | JournalEvent::Report(..) => {
            return None;
        }
    })
}

/// The parameters of an event as GA4 has them, so that the event can be played again. What is derived from the price comes
/// back with it, and of a transaction nothing is kept that could be told.
fn params_of(event: &Event) -> Object {
    let mut params = Object::new();
    if let Some(value) = event.value {
        params.set("value", value);
    }
    if !event.items.is_empty() {
        params.set("items", event.items.iter().map(item_of).collect::<Value>());
    }
    params
}

fn item_of(item: &Item) -> Object {
    let mut object = Object::new().with("item_id", item.id.as_str());
    let tags = item.tags.iter().filter(|tag| !tag.is_derived());
    for tag in tags {
        let (name, key) = (format!("item_{}", tag.dimension), Value::from(tag.key.as_str()));
        let keys = match object.get(&name) {
            None => key,
            Some(Value::List(known)) => [known.as_slice(), &[key]].concat().into(),
            Some(known) => vec![known.clone(), key].into(),
        };
        object.set(&name, keys);
    }
    if let Some(price) = item.price {
        object.set("price", price);
    }
    object.with("quantity", item.quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::random::Seed;

    fn entry(number: u64, ms: i64) -> Entry {
        Entry { number, at: Timestamp::from_ms(ms), event: JournalEvent::Answer("p".into(), number.to_string()) }
    }

    fn journal(entries: &[(u64, i64)]) -> Journal {
        let mut journal = Journal::new(Seed(1));
        entries.iter().for_each(|(number, ms)| journal.push(entry(*number, *ms)));
        journal
    }

    /// The numbers of the entries that are told.
    fn told_of(timeline: &Timeline, own: &[Entry], start: i64) -> Vec<String> {
        let told = timeline.readable(own, Timestamp::from_ms(start), "/");
        told.items().iter().map(|event| event.at("params").at("answer").text().to_owned()).collect()
    }

    #[test]
    fn what_several_tabs_recorded_is_told_once_and_in_the_order_of_time() {
        let mut timeline = Timeline::default();
        timeline.extend_from_tabs(vec![("a".into(), journal(&[(1, 10), (2, 40)])), ("b".into(), journal(&[(7, 20)]))]);
        timeline.extend_from_tabs(vec![("a".into(), journal(&[(2, 40), (3, 50)])), ("b".into(), journal(&[(7, 20)]))]);
        timeline.extend([entry(8, 30)]);
        assert_eq!(told_of(&timeline, &[entry(9, 45)], 0), ["1", "7", "8", "2", "9", "3"]);
        assert_eq!(told_of(&timeline, &[entry(9, 45)], 40), ["2", "9", "3"], "of the session that began then");
    }

    #[test]
    fn of_too_many_the_latest_are_told() {
        let mut timeline = Timeline::default();
        for number in 0..300 {
            timeline.extend([entry(number, 300 - i64::try_from(number).unwrap())]);
        }
        assert_eq!(timeline.entries.len(), 100);
        let own: Vec<Entry> = (0..75).map(|number| entry(1_000 + number, 1_000)).collect();
        let told = told_of(&timeline, &own, 0);
        assert_eq!((told.len(), told[24].as_str(), told[25].as_str()), (100, "0", "1000"));
    }

    #[test]
    fn an_event_is_told_so_that_it_can_be_played_again() {
        let written = r#"{"value": 20, "items": [{"item_id": "b-7", "item_category": "boots", "item_tag": ["new", "sale"],
            "item_colour": "red", "price": 10, "quantity": 2}, {"item_id": "x"}]}"#;
        let event = Event::read("view_item", &serde_json::from_str(written).unwrap(), &Native).unwrap();
        let told = params_of(&event);
        let json = serde_json::to_string(&told).unwrap();
        assert!(json.contains(r#""item_category":"boots","item_tag":["new","sale"]"#), "{json}");
        assert_eq!(Event::read("view_item", &told.into(), &Native), Some(event));
    }
}
