//! Warnings about conditions on attributes that the engine does not fill.

use super::{Chooser, Config};
use crate::condition::{Condition, Members};
use crate::decision::payload::Rule;
use crate::profile::attributes::paths::{Names, nearest};

/// A warning for each path below one of the engine's own groups that leads to none of its attributes. The site may
/// fill it itself, so it is no problem.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    let segments: Vec<&str> = config.segments.iter().map(|segment| segment.id.as_str()).collect();
    let areas: Vec<&str> = config.areas.iter().map(|area| area.id.as_str()).collect();
    let names = Names { dimensions: &config.rules.dimensions, segments: &segments, areas: &areas };
    let mut check_path = |whose: &str, path: &[String]| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let Some(nearest) = nearest(&path, names) else { return };
        let path = path.join(".");
        let warning =
            format!("{whose} reads {path}, which the engine does not fill; the nearest that it fills is {nearest}");
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    };
    let mut check = |whose: &str, condition: &Condition| condition.for_each_path(&mut |path| check_path(whose, path));
    for segment in &config.segments {
        check(&format!("segment {}", segment.id), &segment.when);
    }
    for Chooser { kind, id, eligibility, selection } in config.choosers() {
        eligibility.when.iter().for_each(|when| check(&format!("{kind} {id}"), when));
        for variant in &selection.variants {
            let whose = format!("variant {} of {kind} {id}", variant.id);
            variant.eligibility.when.iter().for_each(|when| check(&whose, when));
        }
    }
    let mut check_rule = |whose: &str, rule: &Rule| rule.condition.iter().for_each(|when| check(whose, when));
    for feature in &config.payload.features {
        feature.rules.iter().for_each(|rule| check_rule(&format!("feature {}", feature.key), rule));
    }
    for rule in &config.payload.experiments {
        check_rule(&format!("experiment {}", rule.text("key")), rule);
    }
    for group in &config.payload.groups {
        if let Members::Condition(condition) = &group.members {
            check(&format!("saved group {}", group.id), condition);
        }
    }
    for learner in &config.rules.learners {
        for feature in &learner.features {
            let whose = format!("feature {} of the bandit of {}", feature.name, learner.owner);
            for path in &feature.reads {
                check_path(&whose, &path.split('.').map(str::to_owned).collect::<Vec<String>>());
            }
        }
    }
    warnings
}
