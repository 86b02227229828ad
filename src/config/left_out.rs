//! Leaving out what refers to something that has a problem.
//!
//! A condition on a segment or an area that is not there would read `null` and mean something else: a negated one would
//! be true of everybody. So segments, variants, prompts, saved groups and rules that depend on it are left out too.

use super::Config;
use crate::condition::{Members, SavedGroup};
use crate::decision::payload::Rule;
use crate::decision::selection::Selection;
use crate::value::Value;

/// The segments, areas and saved groups that are left out.
#[derive(Default)]
struct LeftOut {
    segments: Vec<String>,
    areas: Vec<String>,
    groups: Vec<String>,
}

/// Leaves out of `config` everything that refers to a segment or an area that was left out of it.
pub(super) fn leave_out(config: &mut Config, written: &Value) {
    let segments = unread(written.at("segments"), &|id| config.segments.iter().any(|segment| segment.id == id));
    let areas = unread(written.at("site").at("areas"), &|id| config.areas.iter().any(|area| area.id == id));
    if segments.is_empty() && areas.is_empty() {
        return;
    }
    let mut left_out = LeftOut { segments, areas, groups: Vec::new() };
    while left_out.extend(config, written) {}
    left_out.apply(config, written);
}

/// The ids in a list, as it is written, of what was not read.
fn unread(list: &Value, is_read: &dyn Fn(&str) -> bool) -> Vec<String> {
    let ids = list.items().iter().filter_map(|item| item.at("id").as_text());
    ids.filter(|id| !is_read(id)).map(str::to_owned).collect()
}

impl LeftOut {
    /// Adds segments and saved groups whose conditions refer to one that is left out; whether there were any.
    fn extend(&mut self, config: &mut Config, written: &Value) -> bool {
        let before = (self.segments.len(), self.groups.len());
        for segment in &config.segments {
            if !self.segments.contains(&segment.id)
                && self.is_referred_to(condition_of(written, "segments", &segment.id))
            {
                config.left_out.push(format!(
                    "segment {} is left out, as its condition reads a segment or an area that has a problem",
                    segment.id
                ));
                self.segments.push(segment.id.clone());
            }
        }
        let groups = written.at("experiments").at("savedGroups");
        for SavedGroup { id, .. } in &config.payload.groups {
            if !self.groups.contains(id) && self.is_referred_to(groups.at(id)) {
                self.groups.push(id.clone());
            }
        }
        before != (self.segments.len(), self.groups.len())
    }

    /// Whether a condition, as it is written, refers to something that is left out.
    fn is_referred_to(&self, condition: &Value) -> bool {
        match condition {
            // Of an attribute: that of a saved group's list.
            Value::Text(path) => self.has(path),
            Value::List(items) => items.iter().any(|item| self.is_referred_to(item)),
            Value::Object(object) => object.iter().any(|(key, value)| {
                let group = match key {
                    "$savedGroup" => value.at("id").text(),
                    "$inGroup" | "$notInGroup" => value.text(),
                    _ => "",
                };
                self.has(key) || self.groups.iter().any(|id| id == group) || self.is_referred_to(value)
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Cut => false,
        }
    }

    /// Whether a path leads to something that is left out.
    fn has(&self, path: &str) -> bool {
        let is_one_of = |prefix: &str, ids: &[String]| {
            path.strip_prefix(prefix).is_some_and(|id| ids.iter().any(|known| known == id))
        };
        is_one_of("segment.", &self.segments) || is_one_of("geo.near.", &self.areas)
    }

    /// Leaves out variants of a slot or prompt, written at `at`; whether the rest of it can stay.
    fn keeps(&self, selection: &mut Selection, at: &Value, whose: &str, warnings: &mut Vec<String>) -> bool {
        let before = selection.variants.len();
        selection.variants.retain(|variant| {
            let at = with_id(at.at("variants"), &variant.id);
            !is_one_of(&self.segments, variant.segment.as_ref()) && !self.is_referred_to(at.at("when"))
        });
        if selection.variants.len() == before {
            return true;
        }
        // Without one of its variants an experiment would compare something else.
        let (kept, what) = if selection.is_experiment() { (false, "it is") } else { (true, "they are") };
        warnings
            .push(format!("{whose}: variants refer to a segment or an area that has a problem, so {what} left out"));
        kept
    }

    fn apply(&self, config: &mut Config, written: &Value) {
        config.segments.retain(|segment| !self.segments.contains(&segment.id));
        let warnings = &mut config.left_out;
        config.slots.retain_mut(|slot| {
            let at = with_id(written.at("slots"), &slot.id);
            if self.is_referred_to(at.at("when")) || self.is_referred_to(at.at("choose")) {
                warnings.push(format!(
                    "slot {} is left out, as it refers to a segment or an area that has a problem",
                    slot.id
                ));
                return false;
            }
            self.keeps(&mut slot.selection, at, &format!("slot {}", slot.id), warnings)
        });
        config.prompts.retain_mut(|prompt| {
            let at = with_id(written.at("prompts"), &prompt.id);
            let waits = is_one_of(&self.segments, prompt.triggers.enter.as_ref())
                || is_one_of(&self.areas, prompt.triggers.near.as_ref());
            if self.is_referred_to(at.at("when")) || self.is_referred_to(at.at("choose")) || waits {
                warnings.push(format!(
                    "prompt {} is left out, as it refers to a segment or an area that has a problem",
                    prompt.id
                ));
                return false;
            }
            let keeps = self.keeps(&mut prompt.selection, at, &format!("prompt {}", prompt.id), warnings);
            keeps && !prompt.selection.variants.is_empty()
        });
        let payload = &mut config.payload;
        for group in payload.groups.iter_mut().filter(|group| self.groups.contains(&group.id)) {
            group.members = Members::Unreadable;
        }
        let mut keep = |rule: &Rule, whose: &str| {
            let kept = !self.is_referred_to(rule.field("condition"));
            if !kept {
                warnings.push(format!(
                    "{whose} is left out, as its condition reads a segment or an area that has a problem"
                ));
            }
            kept
        };
        for feature in &mut payload.features {
            feature.rules.retain(|rule| keep(rule, &format!("a rule of feature {}", feature.key)));
        }
        payload.experiments.retain(|rule| keep(rule, &format!("experiment {}", rule.text("key"))));
    }
}

/// Whether there is an id, and it is one of these.
fn is_one_of(ids: &[String], id: Option<&String>) -> bool {
    id.is_some_and(|id| ids.contains(id))
}

/// The condition `when` of the first item with this id in a section, as it is written.
fn condition_of<'a>(written: &'a Value, section: &str, id: &str) -> &'a Value {
    with_id(written.at(section), id).at("when")
}

/// The first item of a list with this id; `null` where there is none.
fn with_id<'a>(list: &'a Value, id: &str) -> &'a Value {
    list.items().iter().find(|item| item.at("id").as_text() == Some(id)).unwrap_or(&crate::value::NULL)
}
