//! Experiments of GrowthBook's visual editor: each becomes a slot of the whole page, whose variants are its variations.

use super::Config;
use crate::condition::coercion::truthy;
use crate::decision::eligibility::Eligibility;
use crate::decision::explain::ExperimentSource;
use crate::decision::payload::Rule;
use crate::decision::selection::Selection;
use crate::decision::slot::Slot;
use crate::decision::strategy::Strategy;
use crate::decision::variant::Variant;
use crate::page::content::Content;
use crate::page::visual_change::{has_script, is_visual, read};
use crate::profile::attributes::AttributeGroups;

/// Adds the slots of these experiments to `config`; one that cannot be shown in full is left out, with a warning.
pub(super) fn add_slots(config: &mut Config) {
    for index in 0..config.payload.experiments.len() {
        let Some(rule) = config.payload.experiments.get(index) else { return };
        let variations = rule.field("variations").items();
        if !variations.iter().any(is_visual) || truthy(rule.field("manual")) {
            continue;
        }
        let key = rule.text("key").to_owned();
        if variations.iter().any(has_script) {
            config.left_out.push(format!("experiment {key}: its js is not run; Tailorbird runs no code of a config"));
        }
        let mut contents = Vec::new();
        for (number, variation) in variations.iter().enumerate() {
            match read(variation, &format!("experiments.experiments[{index}].variations[{number}]")) {
                Ok(changes) if changes.is_empty() => {}
                Ok(changes) => contents.push((variation_key(rule, number), changes)),
                Err(problem) => {
                    config.left_out.push(format!("experiment {key} is left out: {problem}"));
                    contents.clear();
                    break;
                }
            }
        }
        if contents.is_empty() {
            continue;
        }
        // No id of the site's own has a colon.
        let id = format!("experiment:{key}");
        let variants = contents.iter().map(|(key, _)| Variant::of(key)).collect();
        for (variant, changes) in contents {
            config.contents.add(&id, &variant, Content::Changes(changes));
        }
        config.slots.push(Slot {
            template: None,
            id,
            target: Some(":root".to_owned()),
            goal: None,
            eligibility: Eligibility::default(),
            selection: Selection {
                holdout: 0.0,
                experiment: ExperimentSource::Experiment(key),
                choose: vec![Strategy::Experiment],
                variants,
            },
            reads: AttributeGroups::ALL,
        });
    }
}

/// How an assignment names a variation: by its key in `meta`, else by its number.
fn variation_key(rule: &Rule, number: usize) -> String {
    let meta = rule.field("meta").items().get(number).map_or("", |meta| meta.at("key").text());
    if meta.is_empty() { number.to_string() } else { meta.to_owned() }
}
