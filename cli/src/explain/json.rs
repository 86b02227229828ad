//! The steps of a visitor for programs.

use serde_json::{Map, Value, json};
use tailorbird::decision::explain::Reason;
use tailorbird::time::{Timestamp, Zone, date, ms_of_day};

use super::steps::{SlotChange, Step, Summary, Visitor, What};
use crate::replay::recorded::{Item, Kind};

/// One visitor.
pub fn visitor(visitor: &Visitor) -> Value {
    let steps: Vec<Value> = visitor.steps.iter().map(step).collect();
    json!({"visitor": visitor.id, "steps": steps, "summary": summary(&visitor.summary)})
}

fn step(step: &Step) -> Value {
    let mut written = Map::new();
    let mut put = |key: &str, value: Value| written.insert(key.to_owned(), value);
    put("time", json!(time(step.at)));
    put("session", json!(step.session));
    let page = match &step.what {
        What::Arrives { page } => {
            put("what", json!("arrives"));
            page.as_ref()
        }
        What::Returns { page, .. } => {
            put("what", json!("returns"));
            page.as_ref()
        }
        What::PageView { page } => {
            put("what", json!("page_view"));
            page.as_ref()
        }
        What::Event(recorded) => {
            put("what", json!("event"));
            if let Kind::Event { name, items, .. } = &recorded.kind {
                put("event", json!(name));
                if let [Item { id, category, price, .. }, ..] = items.as_slice() {
                    put("item", json!(id));
                    put("category", json!(category));
                    put("price", json!(price));
                }
            }
            recorded.page.as_ref()
        }
        What::Leaves => {
            put("what", json!("leaves"));
            None
        }
    };
    if let Some(page) = page {
        put("page", json!(page));
    }
    put("slots", step.slots.iter().map(slot).collect());
    put("entered", json!(step.entered));
    put("left", json!(step.left));
    let prompts = step.prompts.iter().map(|prompt| json!({"prompt": prompt.id, "time": time(prompt.at)}));
    put("prompts", prompts.collect());
    let visit = step.visit.iter().map(|change| (change.name.to_owned(), json!(change.now)));
    put("visit", Value::Object(visit.collect()));
    Value::Object(written)
}

fn slot(SlotChange { decision, before }: &SlotChange) -> Value {
    let mut written = json!({
        "slot": decision.slot,
        "variant": decision.variant,
        "level": decision.level.name(),
        "score": decision.score,
        "propensity": decision.propensity,
        "reasons": decision.reasons.iter().map(Reason::text).collect::<Vec<_>>(),
    });
    if let (Some(before), Some(written)) = (before, written.as_object_mut()) {
        written.insert("before".to_owned(), json!(before));
    }
    written
}

fn summary(summary: &Summary) -> Value {
    let slots = summary.slots.iter().map(|(slot, shown, last)| {
        json!({"slot": slot, "shown": shown, "variant": last.variant, "level": last.level.name()})
    });
    let interests = summary
        .interests
        .iter()
        .map(|(dimension, key, share)| json!({"dimension": dimension, "key": key, "share": share}));
    let prompts = summary
        .prompts
        .iter()
        .map(|(prompt, shown, reasons)| json!({"prompt": prompt, "shown": shown, "reasons": reasons}));
    json!({
        "slots": slots.collect::<Vec<_>>(),
        "segments": summary.segments,
        "interests": interests.collect::<Vec<_>>(),
        "prompts": prompts.collect::<Vec<_>>(),
    })
}

/// A moment by ISO 8601, as JavaScript writes it.
fn time(at: Timestamp) -> String {
    let ms = ms_of_day(at, Zone(0));
    let (seconds, ms) = (ms / 1_000, ms % 1_000);
    format!("{}T{:02}:{:02}:{:02}.{ms:03}Z", date(at, Zone(0)), seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
