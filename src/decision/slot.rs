//! Slots: places on the page. Where no strategy applies, the page's own content stays.

use super::Decision;
use super::eligibility::{self, Eligibility};
use super::explain::Reason;
use super::goal::{self, Goal};
use super::selection::{self, ReadContent, Selection};
use super::strategy::{Evidence, Strategy};
use super::variant::Variant;
use crate::profile::attributes::{AttributeDependencies, AttributeGroup, AttributeGroups};
use crate::reader::Reader;
use crate::value::Value;

/// A place on the page, and how it is filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its id: in `data-tb-slot`, and in decisions.
    pub id: String,
    /// A CSS selector that finds it on pages without `data-tb-slot`.
    pub target: Option<String>,
    /// A CSS selector that finds the `<template>` of an item in the page, where none is in the slot.
    pub template: Option<String>,
    /// What counts as success.
    pub goal: Option<Goal>,
    /// When, where and for whom it is filled.
    pub eligibility: Eligibility,
    /// What it can show in place of the page's own content.
    pub selection: Selection,
    /// The groups of attributes that its decisions depend on; all of them where they depend on something else as well.
    pub reads: AttributeGroups,
}

impl Slot {
    /// Reads `slots` of the config at `root`; slots and variants with a problem are left out.
    pub fn read_all(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Vec<Slot> {
        at.list_with_ids(200, |at| Slot::read(at, root, &mut *read_content))
    }

    fn read(at: &Reader<'_>, root: &Value, read_content: ReadContent<'_>) -> Option<Slot> {
        let known = ["id", "target", "template"];
        let keys = at.keys(&[&known[..], &eligibility::KEYS, &goal::KEYS, &selection::KEYS].concat());
        let template = at.field("template").optional(|at| at.text_within(1..=300));
        let id = at.field("id").id();
        let target = at.field("target").optional(|at| at.text_within(1..=300));
        let goal = read_goal(at);
        let eligibility = Eligibility::read(at);
        let selection = Selection::read(at, root, read_content);
        keys?;
        Some(Slot {
            id: id?.to_owned(),
            target: target?.map(str::to_owned),
            template: template?.map(str::to_owned),
            goal: goal?,
            eligibility: eligibility?,
            selection: selection?,
            // Known once the whole config is.
            reads: AttributeGroups::ALL,
        })
    }

    /// Notes what its decisions depend on; `written` is the slot as it stands in the config.
    pub fn note_reads(&mut self, written: &Value) {
        let mut dependencies = AttributeDependencies::default();
        dependencies.add(written.at("when"));
        for variant in written.at("variants").items() {
            dependencies.add(variant.at("when"));
        }
        for variant in &self.selection.variants {
            for path in variant.eligibility.placeholders() {
                dependencies.add_path(&path.join("."));
            }
        }
        let of_strategy = |strategy: &Strategy| match strategy {
            Strategy::Interest { .. } => AttributeGroup::Interest.into(),
            Strategy::Segment => AttributeGroup::Segment.into(),
            Strategy::Popular => AttributeGroups::NONE,
            Strategy::Experiment | Strategy::Bandit(_) | Strategy::Recommend(_) => AttributeGroups::ALL,
        };
        let of_variant = |variant: &Variant| match (&variant.offer, variant.least_tier) {
            // Which slot makes an offer depends on all that could.
            (Some(_), _) => AttributeGroups::ALL,
            (None, Some(_)) => AttributeGroup::Value.into(),
            (None, None) => AttributeGroups::NONE,
        };
        let Selection { choose, variants, .. } = &self.selection;
        let others = choose.iter().map(of_strategy).chain(variants.iter().map(of_variant));
        let reads = others.fold(dependencies.groups, AttributeGroups::union);
        // The condition of a saved group may read anything.
        self.reads = if dependencies.saved_groups { AttributeGroups::ALL } else { reads };
    }

    /// What the slot shows, by this evidence.
    pub fn decide(&self, evidence: Evidence<'_>) -> Decision {
        self.decide_by(&self.selection.choose, evidence)
    }

    /// What it would show by these strategies, in place of its own.
    pub fn decide_by(&self, choose: &[Strategy], evidence: Evidence<'_>) -> Decision {
        match self.eligibility.check(evidence.situation) {
            Ok(()) => self.selection.decide_by(choose, &self.id, evidence),
            Err(reason) => Decision { reasons: vec![Reason::SlotIneligible(reason)], ..Decision::of(&self.id) },
        }
    }
}

/// Reads the goal of a slot, which a bandit cannot do without.
fn read_goal(at: &Reader<'_>) -> Option<Option<Goal>> {
    let goal = Goal::read(at);
    let choose = at.field("choose");
    let strategies = choose.value().map(Value::items).unwrap_or_default();
    if at.field("goal").is_missing() && strategies.iter().any(|strategy| strategy.at("by").as_text() == Some("bandit"))
    {
        at.field("goal").expected("the event that the bandit learns from");
        return None;
    }
    goal
}
