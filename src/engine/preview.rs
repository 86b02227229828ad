//! Previews: what is shown in place of what would be decided, for whoever looks at a site before its visitors do.
//!
//! While there is any, nothing is recorded: what happens says nothing about a visitor who sees a made-up page.

use super::Engine;
use crate::config::Config;
use crate::decision::selection::Selection;
use crate::page::{Effect, PreviewNotice};
use crate::signal::preview::Preview;
use crate::time::Timestamp;
use crate::value::Value;

/// The most ids that a message names.
const NAMED: usize = 5;

impl Engine {
    /// Whether anything is previewed.
    pub(super) fn is_preview(&self) -> bool {
        !self.previews.is_empty()
    }

    /// What is previewed, as [`Preview::read_all`] reads it.
    pub fn previews(&self) -> Value {
        self.previews.iter().map(Preview::to_object).collect()
    }

    /// The variant that is previewed in a slot, `Some(None)` being the page's own content; `None` where none is.
    pub(super) fn previewed(&self, slot: &str) -> Option<Option<&String>> {
        self.previews.iter().find_map(|preview| match preview {
            Preview::Slot { slot: previewed, variant } if previewed == slot => Some(variant.as_ref()),
            Preview::Slot { .. } | Preview::Prompt { .. } | Preview::Segment { .. } => None,
        })
    }

    /// A page view begins at an address that asks for these previews. Without any, those before go on: an application of
    /// one page has gone to its next view.
    pub(super) fn preview_by_address(&mut self, asked: Vec<Preview>, now: Timestamp, effects: &mut Vec<Effect>) {
        if asked.is_empty() {
            self.preview_prompts();
        } else if self.config.preview {
            self.set_previews(asked, now);
            self.warn_of_previews(effects);
        } else {
            effects.push(Effect::Warn(
                "the address asks for a preview (`?tb=`), but the config does not allow it: set `preview` to true"
                    .into(),
            ));
        }
        self.tell_previews(effects);
    }

    /// These are previewed from now on, and shown at once.
    pub(super) fn preview(&mut self, previews: Vec<Preview>, now: Timestamp, effects: &mut Vec<Effect>) {
        self.set_previews(previews, now);
        self.warn_of_previews(effects);
        self.tell_previews(effects);
        // Whoever asks for it sees it at once, also where they are looking.
        self.rendered_slots.on_page_view();
    }

    /// Goes on in the place of an engine that was dropped.
    pub(super) fn resume_previews(&mut self, previews: Vec<Preview>) {
        self.set_previews(previews, Timestamp::default());
        // The page says it already.
        self.tells_previews = self.is_preview();
    }

    fn set_previews(&mut self, previews: Vec<Preview>, now: Timestamp) {
        // How long the page was looked at counts up to a preview, and not during one.
        self.record_dwell(now);
        self.forced_segments = previews
            .iter()
            .filter_map(|preview| match preview {
                Preview::Segment { segment, is_in } => Some((segment.clone(), *is_in)),
                Preview::Slot { .. } | Preview::Prompt { .. } => None,
            })
            .collect();
        self.previews = previews;
        self.decision_context.matches.invalidate();
        self.decision_context.invalidate_everything();
        self.preview_prompts();
    }

    /// The prompts that are previewed are shown once a page view.
    fn preview_prompts(&mut self) {
        for preview in &self.previews {
            if let Preview::Prompt { prompt, variant } = preview {
                self.view.prompts.preview(prompt, variant.as_deref());
            }
        }
    }

    /// A developer asks to see a prompt now.
    pub(super) fn preview_prompt(&mut self, prompt: String, variant: Option<String>, effects: &mut Vec<Effect>) {
        self.view.prompts.preview(&prompt, variant.as_deref());
        warn(&preview_problems(&self.config, &[Preview::Prompt { prompt, variant }]), effects);
    }

    /// Tells the developer about previews that cannot be shown.
    fn warn_of_previews(&self, effects: &mut Vec<Effect>) {
        warn(&preview_problems(&self.config, &self.previews), effects);
    }

    fn tell_previews(&mut self, effects: &mut Vec<Effect>) {
        if !self.is_preview() && !self.tells_previews {
            return;
        }
        self.tells_previews = self.is_preview();
        let is_there = |preview: &Preview| preview_problem(&self.config, preview).is_none();
        effects.push(Effect::Preview(PreviewNotice {
            address: self.config.preview.then(|| Preview::address(&self.previews)),
            previews: self.previews.iter().filter(|preview| is_there(preview)).cloned().collect(),
            problems: preview_problems(&self.config, &self.previews),
        }));
    }
}

fn warn(problems: &[String], effects: &mut Vec<Effect>) {
    effects.extend(problems.iter().map(|problem| Effect::Warn(format!("preview: {problem}"))));
}

/// What of these previews the config does not have, each in a sentence that names what it has, the nearest first.
///
/// ```
/// use tailorbird::config::Config;
/// use tailorbird::engine::preview_problems;
/// use tailorbird::signal::preview::Preview;
///
/// let written = serde_json::from_str(r#"{"version": 1, "segments": [{"id": "loyal", "when": {}}, {"id": "vip", "when": {}}]}"#);
/// let config = Config::read(&written.unwrap()).unwrap();
/// let problems = preview_problems(&config, &Preview::read_address("segment.vips:in,segment.vip:out,hero:boots"));
/// assert_eq!(problems, [
///     "there is no segment \"vips\"; the config has vip, loyal",
///     "there is no slot \"hero\"; the config has none",
/// ]);
/// ```
pub fn preview_problems(config: &Config, previews: &[Preview]) -> Vec<String> {
    previews.iter().filter_map(|preview| preview_problem(config, preview)).collect()
}

fn preview_problem(config: &Config, preview: &Preview) -> Option<String> {
    type Known<'a> = Vec<(&'a str, Option<&'a Selection>)>;
    let (kind, id, variant, known): (&str, &String, Option<&String>, Known<'_>) = match preview {
        Preview::Slot { slot, variant } => {
            let known = config.slots.iter().map(|slot| (slot.id.as_str(), Some(&slot.selection)));
            ("slot", slot, variant.as_ref(), known.collect())
        }
        Preview::Prompt { prompt, variant } => {
            let known = config.prompts.iter().map(|prompt| (prompt.id.as_str(), Some(&prompt.selection)));
            ("prompt", prompt, variant.as_ref(), known.collect())
        }
        Preview::Segment { segment, .. } => {
            let known = config.segments.iter().map(|segment| (segment.id.as_str(), None));
            ("segment", segment, None, known.collect())
        }
    };
    let Some((_, selection)) = known.iter().find(|(known, _)| known == id) else {
        let known: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
        return Some(format!("there is no {kind} \"{id}\"; the config has {}", list(id, &known)));
    };
    let variants = selection.map_or(&[][..], |selection| &selection.variants);
    let variants: Vec<&str> = variants.iter().map(|variant| variant.id.as_str()).collect();
    let variant = variant.filter(|variant| !variants.contains(&variant.as_str()))?;
    Some(format!("there is no variant \"{variant}\" of {kind} \"{id}\"; it has {}", list(variant, &variants)))
}

/// The first few of these ids, and before them the one that is written most like `id`.
fn list(id: &str, known: &[&str]) -> String {
    let Some(nearest) = known.iter().min_by_key(|known| strsim::levenshtein(known, id)) else {
        return "none".to_owned();
    };
    let others = known.iter().filter(|known| *known != nearest);
    let mut named = vec![*nearest];
    named.extend(others);
    named.truncate(NAMED);
    let more = known.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
