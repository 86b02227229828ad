//! What is known at one moment, for decisions to look at; kept from one moment to the next, and made
//! anew only where something changed.

use super::Visit;
use crate::condition::Scope;
use crate::config::Config;
use crate::number;
use crate::page::Effect;
use crate::profile::attributes::{ALL, BY_MINUTE, BY_SECOND, Parts, SITE, Sources, parts, refresh};
use crate::profile::basket;
use crate::profile::engagement::Engagement;
use crate::profile::journal::Happening;
use crate::profile::segment::Classes;
use crate::random::Seed;
use crate::signal::consent::Allowed;
use crate::signal::context::PageContext;
use crate::snapshot::Snapshot;
use crate::time::{MINUTE, SECOND, Timestamp};
use crate::value::{Object, Value};

/// What decisions look at.
pub struct Sight {
    /// The groups of attributes that some condition reads, and the site's own.
    pub attributes: Value,
    /// The segments the visitor is in.
    pub classes: Classes,
    /// The visitor's seed, where one lasts.
    pub seed: Option<Seed>,
    /// The seed as text; `null` without one.
    pub id: Value,
    /// The groups in which something may have changed since.
    pub stale: Parts,
    /// Whether anything of it is another since decisions were last made.
    pub news: bool,
    /// When it was last looked at.
    at: Timestamp,
}

impl Default for Sight {
    fn default() -> Sight {
        Sight {
            attributes: Value::Object(Object::new()),
            classes: Classes::default(),
            seed: None,
            id: Value::Null,
            stale: ALL | SITE,
            news: true,
            at: Timestamp::default(),
        }
    }
}

impl Sight {
    /// Another page: all may have changed, and nothing of the page before stays.
    pub fn turn_page(&mut self) {
        self.stale |= ALL;
        if let Value::Object(tree) = &mut self.attributes {
            tree.set("page", Object::new());
        }
    }
}

/// The groups in which an event changes something.
const BY_EVENT: Parts = parts(&["visitor", "session", "interest", "trend", "count", "value", "intent"]);

/// The groups in which what happened changes something.
pub(super) fn changed_by(happening: &Happening) -> Parts {
    match happening {
        Happening::View => parts(&["visitor", "session", "intent", "value"]),
        Happening::Event(event) => BY_EVENT | if basket::concerned(&event.name) { parts(&["cart"]) } else { 0 },
        Happening::Forget(..) => parts(&["interest", "trend"]),
        Happening::Stay(..) => parts(&["visitor", "session", "intent"]),
        _ => 0,
    }
}

/// What attributes are made of; of interests those that conditions and variants ask for.
fn sources<'a>(
    config: &'a Config,
    kept: &'a Snapshot,
    context: &'a PageContext,
    engagement: &'a Engagement,
    place: &'a Object,
    site: &'a Object,
) -> Sources<'a> {
    Sources {
        profile: &kept.profile,
        rules: &config.rules,
        value: &config.value,
        intent: &config.intent,
        context,
        engagement,
        place,
        site,
        followed: &config.followed,
    }
}

impl Visit {
    /// Brings what decisions look at up to `now`.
    pub(super) fn look_again(&mut self, now: Timestamp) {
        let turned = |length: i64| now.ms().div_euclid(length) != self.sight.at.ms().div_euclid(length);
        let mut stale = self.sight.stale;
        if turned(SECOND) {
            stale |= BY_SECOND;
        }
        if turned(MINUTE) {
            stale |= BY_MINUTE;
        }
        let stale = stale & self.config.reads;
        let seed = self.keeping.and(self.kept.profile.seed);
        let Visit { sight, config, kept, context, engagement, place, site, host, .. } = self;
        let from = sources(config, kept, context, engagement, place, site);
        if let Value::Object(tree) = &mut sight.attributes {
            refresh(tree, stale, from, now);
        }
        let scope = Scope::of(host.as_ref(), &config.payload.groups);
        let moved = sight.classes.update(&config.segments, &mut sight.attributes, stale, scope);
        // Without consent there is no seed that lasts, whatever was drawn for this page.
        if seed != sight.seed {
            sight.id = seed.map(|seed| number::whole(seed.0)).into();
            sight.seed = seed;
        }
        sight.news |= stale != 0 || moved;
        (sight.stale, sight.at) = (0, now);
    }

    /// The whole tree of attributes, whether or not any condition reads it.
    pub(super) fn all_attributes(&mut self, now: Timestamp) -> Value {
        self.look_again(now);
        let mut tree = Object::new();
        let Visit { config, kept, context, engagement, place, site, .. } = self;
        let from = Sources { followed: &[], ..sources(config, kept, context, engagement, place, site) };
        refresh(&mut tree, ALL | SITE, from, now);
        tree.with("segment", self.sight.attributes.at("segment").clone()).into()
    }

    /// Tells of segments that the visitor entered or left since they were last seen, on whatever page
    /// that was, and notes it.
    pub(super) fn tell_of_segments(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.ready || self.consent.personalize == Allowed::Denied {
            return;
        }
        for place in 0..self.config.segments.len() {
            let (Some(segment), Some(holds)) = (self.config.segments.get(place), self.sight.classes.holds.get(place))
            else {
                continue;
            };
            let holds = *holds;
            if holds == self.kept.profile.memberships.has(&segment.id) {
                continue;
            }
            let id = segment.id.clone();
            let detail = Object::new().with("segment", id.as_str()).with("entered", holds);
            effects.push(Effect::Announce("segment", detail));
            self.record(Happening::Segment(id, holds), now);
            if holds {
                self.ask(now, effects, &|prompt| prompt.enter == Some(place));
            }
        }
    }
}
