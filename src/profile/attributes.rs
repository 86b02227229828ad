//! The one document that conditions look at: what is known of the visitor, the page and the time, and what the
//! site itself sets.
//!
//! It is filled by groups, so that a group is computed again only when something in it can have changed, and
//! only if a condition of the config reads it.

#[cfg(not(target_arch = "wasm32"))]
pub mod described;
mod group;
pub mod paths;

use super::Profile;
use super::engagement::Engagement;
use super::intent::{self, IntentRules};
use super::rules::Rules;
use super::value::{self, ValueRules};
use super::windowed_count::WindowedCount;
use crate::signal::context::PageContext;
use crate::time::{DAY, SECOND, Timestamp, Zone, date, hour, weekday};
use crate::value::{Object, Value};

pub use group::{AttributeGroup, AttributeGroups};

/// The groups that change from second to second.
pub const BY_SECOND: AttributeGroups = AttributeGroups::of(&[
    AttributeGroup::Session,
    AttributeGroup::Page,
    AttributeGroup::Count,
    AttributeGroup::Intent,
]);
/// The groups that change from minute to minute.
pub const BY_MINUTE: AttributeGroups = AttributeGroups::of(&[
    AttributeGroup::Visitor,
    AttributeGroup::Time,
    AttributeGroup::Interest,
    AttributeGroup::Trend,
    AttributeGroup::Value,
]);

/// How many dimensions and keys are tracked by name; with more, all interests are computed.
const TRACKED_KEYS: usize = 32;

/// Everything that attributes are computed from.
#[derive(Clone, Copy)]
pub struct AttributeSources<'a> {
    /// What is known of the visitor.
    pub profile: &'a Profile,
    /// The site's rules for profiles.
    pub rules: &'a Rules,
    /// The site's rules for customer value.
    pub value: &'a ValueRules,
    /// The weights of intent.
    pub intent: &'a IntentRules,
    /// The page that is viewed.
    pub context: &'a PageContext,
    /// How long and how attentively it is viewed.
    pub engagement: &'a Engagement,
    /// Where the visitor probably is, by the time zone.
    pub geo: &'a Object,
    /// By area, whether the visitor is in it; empty while that is unknown.
    pub near: &'a Object,
    /// The site's own attributes, which take precedence over everything inferred.
    pub site: &'a Object,
    /// The dimensions and keys whose interests are read; empty for all of them.
    pub tracked_keys: &'a [String],
}

/// What conditions read.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AttributeDependencies {
    /// The groups that are read.
    pub groups: AttributeGroups,
    /// Those of them in which an attribute is read that changes because time passes.
    pub timed: AttributeGroups,
    /// Whether a saved group is referred to, whose own condition may read anything.
    pub saved_groups: bool,
    /// The windowed counts that are read.
    pub rolling: Vec<WindowedCount>,
    /// The dimensions and keys whose interests are read; an empty name stands for all.
    pub tracked_keys: Vec<String>,
}

impl AttributeDependencies {
    /// Adds what the conditions in this part of the config read. Every key and every text may be a path, as
    /// those of saved groups are; what is none costs no more than a look.
    pub fn add(&mut self, written: &Value) {
        match written {
            Value::Text(text) => self.add_path(text),
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(object) => {
                for (key, below) in object.iter() {
                    self.add_path(key);
                    self.add(below);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Cut => {}
        }
    }

    /// Adds a path that is read.
    pub fn add_path(&mut self, path: &str) {
        if path == "$savedGroup" {
            self.saved_groups = true;
            return;
        }
        let group = AttributeGroup::of_path(path);
        self.groups |= group.into();
        if changes_with_time(group, path) {
            self.timed |= group.into();
        }
        self.rolling.extend(WindowedCount::read(path).filter(|count| !self.rolling.contains(count)));
        if group == AttributeGroup::Interest {
            let names: Vec<&str> = path.split('.').skip(1).collect();
            names.iter().for_each(|name| self.track_key(name));
            // A path to a whole dimension, or to all interests.
            if names.len() < 2 {
                self.track_key("");
            }
        }
    }

    /// Adds a dimension, or a key, whose interests are read.
    pub fn track_key(&mut self, name: &str) {
        // Each tracked name is compared with each known one; with many, computing all interests is cheaper.
        let name = if self.tracked_keys.len() < TRACKED_KEYS { name } else { "" };
        if !self.tracked_keys.iter().any(|known| known == name) {
            self.tracked_keys.push(name.to_owned());
        }
    }
}

/// Whether an attribute may change because time passes. Of the page and of the session only one does.
fn changes_with_time(group: AttributeGroup, path: &str) -> bool {
    match group {
        AttributeGroup::Page => ["page", "page.engaged_seconds"].contains(&path),
        AttributeGroup::Session => ["session", "session.seconds"].contains(&path),
        _ => (BY_SECOND | BY_MINUTE).contains(group),
    }
}

/// Computes these groups of the document again, as of `now`. With [`AttributeGroup::Site`] the site's own
/// attributes are laid over all of it; a group that is computed again gets the site's at once.
pub fn refresh(tree: &mut Object, groups: AttributeGroups, from: AttributeSources<'_>, now: Timestamp) {
    for group in AttributeGroup::FILLED.into_iter().filter(|group| groups.contains(*group)) {
        let name = group.name();
        if let Some(below) = tree.below(name) {
            fill(group, from, now, below);
            if let Some(Value::Object(above)) = from.site.get(name) {
                below.overlay(above);
            }
        }
    }
    if groups.contains(AttributeGroup::Site) {
        tree.overlay(from.site);
    }
}

/// Whole days from then to now; `null` where there is no then.
fn days_since(then: Option<Timestamp>, now: Timestamp) -> Value {
    then.map(|then| whole(now.since(then) / DAY)).into()
}

fn whole(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// Computes a group. Those that most conditions read and that change with every event are updated in place.
fn fill(group: AttributeGroup, from: AttributeSources<'_>, now: Timestamp, tree: &mut Object) {
    let AttributeSources { profile, rules, context, engagement, geo, .. } = from;
    match group {
        AttributeGroup::Interest => profile.interests.shares(rules, from.tracked_keys, now, tree),
        AttributeGroup::Trend => profile.interests.trends(now, tree),
        AttributeGroup::Visitor => tree.renew(|tree| {
            tree.put("returning", profile.session.number > 1)
                .put("sessions", profile.session.number)
                .put("views", profile.history.views)
                .below("events", |events| profile.history.counts(events))
                .put("days_known", days_since(profile.created, now))
                .put("recency_days", days_since(profile.history.last(), now))
                .put("orders", profile.purchases.orders)
                .put("revenue", profile.purchases.revenue)
                .put("days_since_order", days_since(profile.purchases.last, now))
                .put("reading_depth", profile.history.reading_depth());
        }),
        AttributeGroup::Session => tree.renew(|tree| profile.session.attributes(now, tree)),
        AttributeGroup::Cart => tree.renew(|tree| profile.basket.attributes(tree)),
        AttributeGroup::Page => {
            // Between two page views only the time changes.
            if tree.is_empty() {
                *tree = context.group(group.name());
            }
            tree.set("engaged_seconds", whole(engagement.engaged_ms(now) / SECOND));
        }
        AttributeGroup::Time => *tree = time(now, context.zone),
        AttributeGroup::Count => profile.event_timestamps.attributes(&rules.rolling, now, tree),
        AttributeGroup::Geo => {
            // Where the site names the country, nothing is inferred.
            let known = from.site.get("geo").is_some_and(|geo| geo.get("country").is_some());
            *tree = if known { Object::new() } else { geo.clone() };
            if !from.near.is_empty() {
                tree.set("near", from.near.clone());
            }
        }
        AttributeGroup::Value => {
            let (sessions, seen) = (profile.session.number, profile.history.last());
            *tree = value::attributes(&profile.purchases, sessions, seen, from.value, now);
        }
        AttributeGroup::Intent => *tree = intent::attributes(from.intent, profile, context, now),
        AttributeGroup::Answer => tree.renew(|tree| profile.prompt_history.attributes(tree)),
        AttributeGroup::Device | AttributeGroup::Campaign => *tree = context.group(group.name()),
        // Segments and the site's own attributes are not computed here.
        AttributeGroup::Segment | AttributeGroup::Site => {}
    }
}

fn time(now: Timestamp, zone: Zone) -> Object {
    let (hour, weekday) = (hour(now, zone), weekday(now, zone));
    let part = match hour {
        5..=11 => "morning",
        12..=16 => "afternoon",
        17..=21 => "evening",
        _ => "night",
    };
    Object::new()
        .with("date", date(now, zone))
        .with("hour", hour)
        .with("weekday", weekday)
        .with("weekend", weekday == 0 || weekday == 6)
        .with("part", part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_four_parts() {
        let part = |hour: i64| {
            let now = Timestamp::from_ms(hour * crate::time::HOUR);
            time(now, Zone(0)).get("part").unwrap().text().to_owned()
        };
        for (hours, expected) in
            [(5..=11, "morning"), (12..=16, "afternoon"), (17..=21, "evening"), (22..=23, "night"), (0..=4, "night")]
        {
            assert!(hours.clone().all(|hour| part(hour) == expected), "{expected}: {hours:?}");
        }
    }

    #[test]
    fn the_weekend_is_saturday_and_sunday() {
        // 1970 began on a Thursday.
        let weekend = |day: i64| time(Timestamp::from_ms(day * DAY), Zone(0)).get("weekend").cloned();
        let days: Vec<i64> = (0..7).filter(|day| weekend(*day) == Some(true.into())).collect();
        assert_eq!(days, [2, 3]);
    }

    #[test]
    fn days_are_counted_when_they_are_over() {
        let since = |ms: i64| days_since(Some(Timestamp::from_ms(0)), Timestamp::from_ms(ms));
        for (ms, days) in [(DAY - 1, 0_u32), (DAY, 1), (3 * DAY, 3), (-DAY, 0)] {
            assert_eq!(since(ms), days.into(), "{ms} ms");
        }
        assert_eq!(days_since(None, Timestamp::from_ms(DAY)), Value::Null);
    }

    #[test]
    fn with_more_than_32_tracked_keys_all_interests_are_computed() {
        let tracked = |count: usize| {
            let mut dependencies = AttributeDependencies::default();
            for number in 0..count {
                dependencies.track_key(&format!("key {number}"));
            }
            dependencies.tracked_keys
        };
        assert_eq!((tracked(32).len(), tracked(32).contains(&String::new())), (32, false));
        for count in [33, 40] {
            let keys = tracked(count);
            assert_eq!((keys.len(), keys.last().map(String::as_str)), (33, Some("")), "{count} of them");
        }
    }

    #[test]
    fn conditions_track_the_interests_that_they_read() {
        for (condition, expected, why) in [
            (r#"{"interest.category.boots": {"$gte": 0.3}}"#, &["category", "boots"][..], "a key and its dimension"),
            (r#"{"interest.category": {"$exists": true}}"#, &["category", ""], "a whole dimension"),
            (r#"{"interest": {"$exists": true}}"#, &[""], "all interests"),
            (r#"{"trend.category.boots": {"$gt": 0}}"#, &[], "a trend is no interest"),
        ] {
            let mut dependencies = AttributeDependencies::default();
            dependencies.add(&serde_json::from_str(condition).unwrap());
            assert_eq!(dependencies.tracked_keys, expected, "{why}");
        }
    }

    #[test]
    fn conditions_name_the_counts_and_saved_groups_that_they_read() {
        let mut dependencies = AttributeDependencies::default();
        let condition = r#"{"count.search.1d": {"$gt": 1}, "$or": [{"count.search.1d": 0}, {"count.search.7d": 0}]}"#;
        dependencies.add(&serde_json::from_str(condition).unwrap());
        assert_eq!((dependencies.rolling.len(), dependencies.saved_groups), (2, false), "each count once");
        assert_eq!(dependencies.groups, AttributeGroups::of(&[AttributeGroup::Count, AttributeGroup::Site]));
        dependencies.add(&serde_json::from_str(r#"{"$savedGroup": "g"}"#).unwrap());
        assert!(dependencies.saved_groups);
    }

    #[test]
    fn only_what_changes_with_time_wakes_the_engine() {
        let cases = [
            (r#"{"page.path": "/boots"}"#, false, "one page view has one path"),
            (r#"{"session.views": 3}"#, false, "views come with signals"),
            (r#"{"page.engaged_seconds": {"$gte": 30}}"#, true, "runs while the visitor is engaged"),
            (r#"{"session.seconds": {"$gte": 60}}"#, true, "runs with the clock"),
            (r#"{"page": {"$exists": true}}"#, true, "the whole group"),
            (r#"{"interest.category.boots": {"$gte": 0.3}}"#, true, "interests decay"),
            (r#"{"$or": [{"plan": "pro"}, {"time.hour": 9}]}"#, true, "within another condition"),
            (r#"{"plan": "pro", "device.class": "phone"}"#, false, "neither changes by itself"),
        ];
        for (condition, timed, why) in cases {
            let mut dependencies = AttributeDependencies::default();
            dependencies.add(&serde_json::from_str(condition).unwrap());
            assert_eq!(!dependencies.timed.is_empty(), timed, "{why}: {condition}");
        }
    }
}
