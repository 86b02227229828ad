//! A config rewritten so that every slot shows the same place of its list of variants, to everybody and at any time.

use serde_json::{Map, Value, json};
use tailorbird::config::Config;

/// A slot of the config, with the variants that can be measured on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    pub id: String,
    /// The selector that finds it on a page without `data-tb-slot`.
    pub target: Option<String>,
    pub variants: Vec<Variant>,
    /// The ids of variants that lead to another page: there is nothing to measure on this one.
    pub redirects: Vec<String>,
}

/// A variant, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub id: String,
    /// Missing where the page has a `<template>` for it.
    content: Option<Value>,
    /// Why the engine leaves it out, where the config has a problem.
    pub problem: Option<String>,
}

/// The slots of a config, in its order. `checked` is what the engine makes of the same config.
pub fn slots(written: &Value, checked: &Config) -> Vec<Slot> {
    items(written, "slots").enumerate().filter_map(|(place, slot)| read_slot(place, slot, checked)).collect()
}

fn read_slot(place: usize, written: &Value, checked: &Config) -> Option<Slot> {
    let id = text(written, "id")?;
    let (mut variants, mut redirects) = (Vec::new(), Vec::new());
    for (index, variant) in items(written, "variants").enumerate() {
        let Some(name) = text(variant, "id") else { continue };
        let content = variant.get("content");
        if content.is_some_and(|content| content.get("redirect").is_some()) {
            redirects.push(name);
            continue;
        }
        // A slot with a problem of its own takes its variants with it.
        let known = checked.slots.iter().find(|slot| slot.id == id);
        let is_known = known.is_some_and(|slot| slot.selection.variants.iter().any(|variant| variant.id == name));
        let problem = (!is_known).then(|| problem_at(place, index, checked));
        variants.push(Variant { id: name, content: content.cloned(), problem });
    }
    Some(Slot { id, target: text(written, "target"), variants, redirects })
}

/// The problem for which a variant is left out: one of its own, or else one of its slot.
fn problem_at(slot: usize, variant: usize, checked: &Config) -> String {
    let slot = format!("slots[{slot}]");
    let variant = format!("{slot}.variants[{variant}]");
    let problems = checked.problems.list();
    let own = problems.iter().find(|problem| problem.path.starts_with(&variant));
    let of_slot = |path: &str| path.starts_with(&slot) && !path.contains(".variants[");
    own.or_else(|| problems.iter().find(|problem| of_slot(&problem.path))).map_or_else(
        || "the engine leaves it out, because of a problem elsewhere in the config".to_owned(),
        |problem| problem.text(),
    )
}

/// A config in which each slot shows its variant at `place`, or the page's own content where there is none.
///
/// Whatever could keep a variant from being shown is dropped: conditions, times, addresses, segments, holdouts and
/// experiments. So is what would disturb the measurement: prompts, redirects, and the data layer.
pub fn staged(written: &Value, slots: &[Slot], place: Option<usize>) -> Value {
    let mut staged = Map::new();
    let kept = ["version", "interests", "capture", "events", "value", "privacy"];
    for key in kept {
        if let Some(value) = written.get(key) {
            staged.insert(key.to_owned(), value.clone());
        }
    }
    let mut site = written.get("site").and_then(Value::as_object).cloned().unwrap_or_default();
    site.remove("holdout");
    site.insert("redirects".to_owned(), json!("none"));
    // Headless browsers may be taken for crawlers.
    site.insert("bots".to_owned(), json!("visitors"));
    staged.insert("site".to_owned(), Value::Object(site));
    staged.insert("slots".to_owned(), slots.iter().map(|slot| staged_slot(slot, place)).collect());
    Value::Object(staged)
}

fn staged_slot(slot: &Slot, place: Option<usize>) -> Value {
    let variant = place.and_then(|place| slot.variants.get(place)).map(|variant| {
        let mut shown = json!({"id": variant.id, "weight": 1});
        if let (Some(content), Some(shown)) = (&variant.content, shown.as_object_mut()) {
            shown.insert("content".to_owned(), content.clone());
        }
        shown
    });
    let mut staged = json!({"id": slot.id, "choose": [{"by": "popular"}], "variants": Vec::from_iter(variant)});
    if let (Some(target), Some(staged)) = (&slot.target, staged.as_object_mut()) {
        staged.insert("target".to_owned(), json!(target));
    }
    staged
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(written: &Value) -> Config {
        let tree: tailorbird::value::Value = serde_json::from_str(&written.to_string()).unwrap();
        Config::read(&tree).unwrap()
    }

    fn stage(written: &Value, place: Option<usize>) -> Value {
        let slots = slots(written, &checked(written));
        let staged = staged(written, &slots, place);
        assert!(checked(&staged).problems.is_empty(), "{staged}");
        staged
    }

    fn shop() -> Value {
        json!({
            "version": 1,
            "site": {"currency": "EUR", "holdout": 0.5},
            "segments": [{"id": "vip", "when": {"plan": "pro"}}],
            "measure": {"dataLayer": true},
            "preview": true,
            "experiments": {"features": {}},
            "prompts": [{"id": "stay", "on": {"exit": "medium"},
                         "content": {"title": "Stay?", "body": "Stay.", "accept": "Yes", "decline": "No"}}],
            "slots": [
                {"id": "hero", "holdout": 0.2, "goal": "purchase", "when": {"plan": "pro"},
                 "urls": {"include": ["/a"]}, "choose": [{"by": "segment"}],
                 "variants": [
                    {"id": "a", "segment": "vip", "until": "2000-01-01T00:00Z", "content": {"text": {"": "A"}}},
                    {"id": "b", "when": {"plan": "pro"}, "content": {"text": {"": "B"}}}]},
                {"id": "strip", "target": ".strip", "choose": [{"by": "popular"}], "variants": [
                    {"id": "away", "content": {"redirect": "/elsewhere"}},
                    {"id": "markup", "tags": {"category": "boots"}}]}
            ]
        })
    }

    #[test]
    fn every_slot_shows_the_variant_at_the_place_to_everybody() {
        let expected = json!([
            {"id": "hero", "choose": [{"by": "popular"}],
             "variants": [{"id": "a", "weight": 1, "content": {"text": {"": "A"}}}]},
            {"id": "strip", "choose": [{"by": "popular"}], "variants": [{"id": "markup", "weight": 1}],
             "target": ".strip"}
        ]);
        assert_eq!(stage(&shop(), Some(0))["slots"], expected, "redirects have no place");
    }

    #[test]
    fn a_slot_without_a_variant_at_the_place_shows_the_pages_own_content() {
        let none = json!([]);
        assert_eq!(stage(&shop(), Some(1))["slots"][1]["variants"], none);
        assert_eq!(stage(&shop(), None)["slots"][0]["variants"], none);
    }

    #[test]
    fn nothing_else_happens_on_the_page() {
        let staged = stage(&shop(), None);
        assert_eq!(staged["site"], json!({"currency": "EUR", "redirects": "none", "bots": "visitors"}));
        for key in ["segments", "experiments", "prompts", "measure", "preview"] {
            assert_eq!(staged.get(key), None, "{key}");
        }
    }

    #[test]
    fn what_leads_to_another_page_is_named_but_not_measured() {
        let slots = slots(&shop(), &checked(&shop()));
        let strip = slots.get(1).unwrap();
        assert_eq!(strip.redirects, ["away"]);
        assert_eq!(strip.variants.iter().map(|variant| variant.id.as_str()).collect::<Vec<_>>(), ["markup"]);
    }

    #[test]
    fn a_variant_that_the_engine_leaves_out_has_the_reason() {
        let mut written = shop();
        written["slots"][0]["variants"][1]["content"] = json!({"text": 5});
        written["slots"][1]["choose"] = json!([]);
        let slots = slots(&written, &checked(&written));
        let problems: Vec<Vec<Option<&str>>> =
            slots.iter().map(|slot| slot.variants.iter().map(|variant| variant.problem.as_deref()).collect()).collect();
        assert_eq!(problems[0][0], None);
        assert!(problems[0][1].unwrap().starts_with("slots[0].variants[1].content.text is 5"), "{problems:?}");
        assert!(problems[1][0].unwrap().starts_with("slots[1].choose is an empty list"), "{problems:?}");
    }
}
