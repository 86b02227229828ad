//! What decisions are based on: the attributes and the segments of the visitor, brought up to date only
//! where something has changed.

use super::Engine;
use crate::condition::Scope;
use crate::page::{DomEvent, Effect};
use crate::profile::attributes::{AttributeGroup, AttributeGroups, AttributeSources, BY_MINUTE, BY_SECOND, refresh};
use crate::profile::basket;
use crate::profile::journal::JournalEvent;
use crate::profile::segment::SegmentMatches;
use crate::random::Seed;
use crate::time::{MINUTE, SECOND, Timestamp};
use crate::value::{Object, Value};

/// Attributes, segments and seed at one time.
pub struct DecisionContext {
    /// The groups of attributes that some condition reads, and the site's own.
    pub attributes: Value,
    /// The segments the visitor is in.
    pub matches: SegmentMatches,
    /// The visitor's seed, where one lasts.
    pub seed: Option<Seed>,
    /// The seed as text; `null` without one.
    pub id: Value,
    /// The groups in which something may have changed since.
    invalidated: AttributeGroups,
    /// The groups in which something has changed since slots were last decided; all of them where something else has.
    changed: AttributeGroups,
    /// When it was last brought up to date.
    at: Timestamp,
}

impl Default for DecisionContext {
    fn default() -> DecisionContext {
        DecisionContext {
            attributes: Value::Object(Object::new()),
            matches: SegmentMatches::default(),
            seed: None,
            id: Value::Null,
            invalidated: AttributeGroups::ALL,
            changed: AttributeGroups::ALL,
            at: Timestamp::default(),
        }
    }
}

impl DecisionContext {
    /// Another page: everything may have changed, and nothing of the page before stays.
    pub fn on_page_view(&mut self) {
        self.invalidated |= AttributeGroups::FILLED;
        if let Value::Object(tree) = &mut self.attributes {
            tree.set("page", Object::new());
        }
    }

    /// Everything may have changed.
    pub fn invalidate_everything(&mut self) {
        self.invalidated |= AttributeGroups::ALL;
        self.changed = AttributeGroups::ALL;
    }

    /// What happened has changed something.
    pub fn invalidate_by(&mut self, event: &JournalEvent) {
        self.invalidated |= changed_by(event);
    }

    /// Something else than an attribute has changed.
    pub fn decide_anew(&mut self) {
        self.changed = AttributeGroups::ALL;
    }

    /// The groups in which something has changed since this was last asked; all of them where something else has.
    pub fn take_changed(&mut self) -> AttributeGroups {
        core::mem::take(&mut self.changed)
    }

    /// Whether it is that of `now`, and nothing has changed since slots were last decided.
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.at == now && self.changed.is_empty() && self.invalidated.is_empty()
    }

    /// When an attribute in one of these groups next changes because time has passed.
    pub fn next_change(&self, timed: AttributeGroups, now: Timestamp) -> Option<Timestamp> {
        let after =
            |length: i64| Timestamp::from_ms(now.ms().div_euclid(length).saturating_add(1).saturating_mul(length));
        if !(timed & BY_SECOND).is_empty() {
            Some(after(SECOND))
        } else if !(timed & BY_MINUTE).is_empty() {
            Some(after(MINUTE))
        } else {
            None
        }
    }
}

/// The groups in which an event changes something.
const BY_EVENT: AttributeGroups = AttributeGroups::of(&[
    AttributeGroup::Visitor,
    AttributeGroup::Session,
    AttributeGroup::Interest,
    AttributeGroup::Trend,
    AttributeGroup::Count,
    AttributeGroup::Value,
    AttributeGroup::Intent,
]);

/// The groups in which what happened changes something.
fn changed_by(event: &JournalEvent) -> AttributeGroups {
    use AttributeGroup::{Cart, Intent, Interest, Session, Trend, Value, Visitor};
    match event {
        JournalEvent::View => AttributeGroups::of(&[Visitor, Session, Intent, Value]),
        JournalEvent::Event(event) if basket::is_basket_event(&event.name) => BY_EVENT | Cart.into(),
        JournalEvent::Event(_) => BY_EVENT,
        JournalEvent::Forget(..) | JournalEvent::Correct(..) => AttributeGroups::of(&[Interest, Trend]),
        JournalEvent::Pause(_) => AttributeGroups::ALL,
        JournalEvent::Answer(..) => AttributeGroup::Answer.into(),
        JournalEvent::Dwell(..) => AttributeGroups::of(&[Visitor, Session, Intent]),
        JournalEvent::Page(_)
        | JournalEvent::Prompt(..)
        | JournalEvent::Exposed(..)
        | JournalEvent::Impression(..)
        | JournalEvent::Exposure(..)
        | JournalEvent::StickyBucket(_)
        | JournalEvent::Segment(..)
        | JournalEvent::Trial(_)
        | JournalEvent::Report(..)
        | JournalEvent::Dropped(_) => AttributeGroups::NONE,
    }
}

impl Engine {
    fn attribute_sources(&self) -> AttributeSources<'_> {
        AttributeSources {
            profile: &self.store.basis().profile,
            rules: &self.config.rules,
            value: &self.config.value,
            intent: &self.config.intent,
            context: &self.view.context,
            engagement: &self.view.engagement,
            geo: &self.geo,
            near: &self.near,
            site: &self.site,
            tracked_keys: &self.config.tracked_keys,
        }
    }

    /// Brings what decisions are based on up to `now`.
    pub(super) fn refresh_context(&mut self, now: Timestamp) {
        // Taken out, because it is brought up to date from everything else.
        let mut context = core::mem::take(&mut self.decision_context);
        let turned = |length: i64| now.ms().div_euclid(length) != context.at.ms().div_euclid(length);
        let by_second = if turned(SECOND) { BY_SECOND } else { AttributeGroups::NONE };
        let by_minute = if turned(MINUTE) { BY_MINUTE } else { AttributeGroups::NONE };
        let invalidated = (context.invalidated | by_second | by_minute) & self.config.reads;
        if let Value::Object(tree) = &mut context.attributes {
            refresh(tree, invalidated, self.attribute_sources(), now);
        }
        let scope = Scope::of(self.host.as_ref(), &self.config.payload.groups);
        let (segments, forced) = (&self.config.segments, &self.forced_segments);
        let moved = context.matches.update(segments, forced, &mut context.attributes, invalidated, scope);
        // Without consent there is no seed that lasts, whatever was drawn for this page; and who has paused is in no draw.
        let seed = self.store.draw_seed();
        if seed != context.seed {
            context.id = seed.map(|seed| seed.0.to_string()).into();
            context.seed = seed;
        }
        let began_or_ended = self.config.next_time(context.at).is_some_and(|time| time <= now);
        context.changed |= invalidated;
        if moved {
            context.changed |= AttributeGroup::Segment.into();
        }
        if began_or_ended {
            context.decide_anew();
        }
        (context.invalidated, context.at) = (AttributeGroups::NONE, now);
        self.decision_context = context;
        self.begin_draws();
    }

    /// From now on the visitor is in a segment, or out of it, whatever its condition says; `None` asks the condition again.
    pub(super) fn force_segment(&mut self, segment: &str, is_in: Option<bool>) {
        self.forced_segments.retain(|(id, _)| id != segment);
        self.forced_segments.extend(is_in.map(|is_in| (segment.to_owned(), is_in)));
        self.decision_context.matches.invalidate();
    }

    /// The whole tree of attributes, whether or not any condition reads it, and also of what decisions do not see because
    /// the visitor has paused.
    pub(super) fn all_attributes(&mut self, now: Timestamp) -> Value {
        self.refresh_context(now);
        let mut tree = Object::new();
        refresh(
            &mut tree,
            AttributeGroups::ALL,
            AttributeSources { tracked_keys: &[], profile: &self.store.state.profile, ..self.attribute_sources() },
            now,
        );
        tree.with("segment", self.decision_context.attributes.at("segment").clone()).into()
    }

    /// Announces segments that the visitor entered or left since that was last noted, on whatever page.
    pub(super) fn emit_segment_changes(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.ready || !self.may_learn() {
            return;
        }
        let changed = |(segment, matched): (&crate::profile::segment::Segment, &bool)| {
            (*matched != self.store.state.profile.memberships.has(&segment.id)).then(|| (segment.id.clone(), *matched))
        };
        let segments = self.config.segments.iter().zip(&self.decision_context.matches.matched);
        let changes: Vec<(String, bool)> = segments.filter_map(changed).collect();
        for (id, entered) in changes {
            let detail = Object::new().with("segment", id.as_str()).with("entered", entered);
            effects.push(Effect::DomEvent(DomEvent::Segment, detail));
            self.record(JournalEvent::Segment(id, entered), now);
        }
    }
}
