//! What slots and prompts with a bandit learn by.

use super::{Chooser, Config};
use crate::decision::bandit::strategy::{Bandit, Feature};
use crate::decision::goal::Goal;
use crate::decision::selection::Selection;
use crate::decision::variant::Variant;
use crate::profile::bandit::learner::{LearnedFeature, LearnedVariant, Learner, Reward};
use crate::profile::bandit::prior::INTERCEPT;
use crate::profile::rules::Rules;
use crate::time::DAY;

/// How long after a prompt was shown a yes is credited to it, where that is its success: it is answered on the page
/// that shows it, and a tab may stay open for a day.
const ANSWER_MS: i64 = DAY;

/// The learners of a config.
pub(super) fn of(config: &Config) -> Vec<Learner> {
    let rules = &config.rules;
    let slots = config.slots.iter().filter_map(|slot| {
        // A slot with a bandit has a goal.
        learner(slot.id.clone(), &slot.selection, slot.goal.as_ref(), rules).filter(|_| slot.goal.is_some())
    });
    let prompts = config
        .prompts
        .iter()
        .filter_map(|prompt| learner(prompt.decision_id(), &prompt.selection, prompt.goal.as_ref(), rules));
    slots.chain(prompts).collect()
}

fn learner(owner: String, selection: &Selection, goal: Option<&Goal>, rules: &Rules) -> Option<Learner> {
    let bandit = selection.bandit()?;
    let (reward, attribution_ms) = match goal {
        Some(goal) => (Reward::Event(goal.event.clone()), goal.attribution_ms),
        None => (Reward::Acceptance, ANSWER_MS),
    };
    let variants = selection.variants.iter().filter(|variant| !rules.sensitive.has_tag(&variant.tags));
    Some(Learner {
        owner,
        reward,
        attribution_ms,
        features: features(bandit),
        variants: variants.map(learned_variant).collect(),
        keep_ms: bandit.keep_ms,
    })
}

fn features(bandit: &Bandit) -> Vec<LearnedFeature> {
    let feature = |feature: &Feature| {
        let mut reads = Vec::new();
        feature.for_each_path(&mut |path| reads.push(path.join(".")));
        LearnedFeature { name: feature.name.clone(), reads }
    };
    bandit.context.iter().map(feature).collect()
}

fn learned_variant(variant: &Variant) -> LearnedVariant {
    LearnedVariant { id: variant.id.clone(), tags: variant.tags.clone(), prior: variant.prior.clone() }
}

/// A warning for each prior that names a feature which no context has.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    for Chooser { kind, id, selection, .. } in config.choosers() {
        let Some(bandit) = selection.bandit() else { continue };
        let is_known = |name: &str| name == INTERCEPT || bandit.context.iter().any(|feature| feature.name == name);
        for variant in &selection.variants {
            for name in variant.prior.names().filter(|name| !is_known(name)) {
                let warning = format!(
                    "variant {} of {kind} {id}: its prior names {name}, which is no feature of the bandit's context",
                    variant.id
                );
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
    }
    warnings
}
