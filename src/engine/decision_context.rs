//! What is known at one moment, for decisions to look at; kept from one moment to the next, and made
//! anew only where something changed.

use super::Engine;
use crate::condition::Scope;
use crate::config::Config;
use crate::number;
use crate::page::Effect;
use crate::profile::attributes::{ALL, AttributeGroups, AttributeSources, BY_MINUTE, BY_SECOND, SITE, parts, refresh};
use crate::profile::basket;
use crate::profile::engagement::Engagement;
use crate::profile::journal::JournalEvent;
use crate::profile::segment::SegmentMatches;
use crate::random::Seed;
use crate::signal::consent::Allowed;
use crate::signal::context::PageContext;
use crate::state::State;
use crate::time::{MINUTE, SECOND, Timestamp};
use crate::value::{Object, Value};

/// What decisions look at.
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
    pub invalidated: AttributeGroups,
    /// Whether anything of it is another since decisions were last made.
    pub dirty: bool,
    /// When it was last looked at.
    at: Timestamp,
}

impl Default for DecisionContext {
    fn default() -> DecisionContext {
        DecisionContext {
            attributes: Value::Object(Object::new()),
            matches: SegmentMatches::default(),
            seed: None,
            id: Value::Null,
            invalidated: ALL | SITE,
            dirty: true,
            at: Timestamp::default(),
        }
    }
}

impl DecisionContext {
    /// Another page: all may have changed, and nothing of the page before stays.
    pub fn on_page_view(&mut self) {
        self.invalidated |= ALL;
        if let Value::Object(tree) = &mut self.attributes {
            tree.set("page", Object::new());
        }
    }
}

/// The groups in which an event changes something.
const BY_EVENT: AttributeGroups = parts(&["visitor", "session", "interest", "trend", "count", "value", "intent"]);

/// The groups in which what happened changes something.
pub(super) fn changed_by(event: &JournalEvent) -> AttributeGroups {
    match event {
        JournalEvent::View => parts(&["visitor", "session", "intent", "value"]),
        JournalEvent::Event(event) => BY_EVENT | if basket::concerned(&event.name) { parts(&["cart"]) } else { 0 },
        JournalEvent::Forget(..) => parts(&["interest", "trend"]),
        JournalEvent::Dwell(..) => parts(&["visitor", "session", "intent"]),
        _ => 0,
    }
}

/// What attributes are made of; of interests those that conditions and variants ask for.
fn sources<'a>(
    config: &'a Config,
    state: &'a State,
    context: &'a PageContext,
    engagement: &'a Engagement,
    geo: &'a Object,
    site: &'a Object,
) -> AttributeSources<'a> {
    AttributeSources {
        profile: &state.profile,
        rules: &config.rules,
        value: &config.value,
        intent: &config.intent,
        context,
        engagement,
        geo,
        site,
        tracked_keys: &config.tracked_keys,
    }
}

impl Engine {
    /// Brings what decisions look at up to `now`.
    pub(super) fn refresh_context(&mut self, now: Timestamp) {
        let turned = |length: i64| now.ms().div_euclid(length) != self.decision_context.at.ms().div_euclid(length);
        let mut invalidated = self.decision_context.invalidated;
        if turned(SECOND) {
            invalidated |= BY_SECOND;
        }
        if turned(MINUTE) {
            invalidated |= BY_MINUTE;
        }
        let invalidated = invalidated & self.config.reads;
        let seed = self.storage_area.and(self.state.profile.seed);
        let Engine { decision_context, config, state, context, engagement, geo, site, host, .. } = self;
        let from = sources(config, state, context, engagement, geo, site);
        if let Value::Object(tree) = &mut decision_context.attributes {
            refresh(tree, invalidated, from, now);
        }
        let scope = Scope::of(host.as_ref(), &config.payload.groups);
        let moved =
            decision_context.matches.update(&config.segments, &mut decision_context.attributes, invalidated, scope);
        // Without consent there is no seed that lasts, whatever was drawn for this page.
        if seed != decision_context.seed {
            decision_context.id = seed.map(|seed| number::whole(seed.0)).into();
            decision_context.seed = seed;
        }
        decision_context.dirty |= invalidated != 0 || moved;
        (decision_context.invalidated, decision_context.at) = (0, now);
    }

    /// The whole tree of attributes, whether or not any condition reads it.
    pub(super) fn all_attributes(&mut self, now: Timestamp) -> Value {
        self.refresh_context(now);
        let mut tree = Object::new();
        let Engine { config, state, context, engagement, geo, site, .. } = self;
        let from = AttributeSources { tracked_keys: &[], ..sources(config, state, context, engagement, geo, site) };
        refresh(&mut tree, ALL | SITE, from, now);
        tree.with("segment", self.decision_context.attributes.at("segment").clone()).into()
    }

    /// Tells of segments that the visitor entered or left since they were last seen, on whatever page
    /// that was, and notes it.
    pub(super) fn emit_segment_changes(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.ready || self.consent.personalize == Allowed::Denied {
            return;
        }
        for place in 0..self.config.segments.len() {
            let (Some(segment), Some(holds)) =
                (self.config.segments.get(place), self.decision_context.matches.matched.get(place))
            else {
                continue;
            };
            let holds = *holds;
            if holds == self.state.profile.memberships.has(&segment.id) {
                continue;
            }
            let id = segment.id.clone();
            let detail = Object::new().with("segment", id.as_str()).with("entered", holds);
            effects.push(Effect::DomEvent("segment", detail));
            self.record(JournalEvent::Segment(id, holds), now);
            if holds {
                self.ask_prompt(now, effects, &|prompt| prompt.enter == Some(place));
            }
        }
    }
}
