//! The one tree that conditions look at: profile, context and the site's own words.
//!
//! It is made in parts, one for each of its groups, so that a part is made anew only when something
//! in it can have changed, and only if some condition of the config asks for it.

#[cfg(not(target_arch = "wasm32"))]
pub mod described;

use super::Profile;
use super::engagement::Engagement;
use super::intent::{self, IntentRules};
use super::rules::Rules;
use super::value::{self, ValueRules};
use super::windowed_count::WindowedCount;
use crate::signal::context::PageContext;
use crate::text::split;
use crate::time::{DAY, SECOND, Timestamp, hour, weekday};
use crate::value::{Object, Value};

/// A set of groups of attributes: the bit of each is its place in [`GROUPS`].
pub type AttributeGroups = u32;

/// The groups that the engine fills. What else stands in the tree is the site's own, beside or over
/// them.
const GROUPS: [&str; 13] = [
    "visitor", "session", "page", "device", "campaign", "time", "cart", "interest", "trend", "count", "geo", "value",
    "intent",
];

/// All groups.
pub const ALL: AttributeGroups = (1 << GROUPS.len()) - 1;
/// The site's own attributes.
pub const SITE: AttributeGroups = 1 << 30;
/// Saved groups, whose own conditions may read anything.
pub const GROUPED: AttributeGroups = 1 << 29;
/// The segments, which are added by [`segment`](super::segment).
pub const SEGMENTS: AttributeGroups = 1 << 31;

/// The groups of these names.
pub const fn parts(names: &[&str]) -> AttributeGroups {
    let (mut parts, mut left) = (0, names);
    while let [name, after @ ..] = left {
        parts |= part(name);
        left = after;
    }
    parts
}

/// What changes from second to second.
pub const BY_SECOND: AttributeGroups = parts(&["session", "page", "count", "intent"]);
/// What changes from minute to minute.
pub const BY_MINUTE: AttributeGroups = parts(&["visitor", "time", "interest", "trend", "value"]);

/// How many dimensions and keys at most are told apart from others.
const TRACKED_KEYS: usize = 32;

/// Everything attributes are made of.
#[derive(Clone, Copy)]
pub struct AttributeSources<'a> {
    /// The visitor.
    pub profile: &'a Profile,
    /// How the site has profiles folded.
    pub rules: &'a Rules,
    /// What the site's customers are worth.
    pub value: &'a ValueRules,
    /// How the intent of a visit is told.
    pub intent: &'a IntentRules,
    /// The page.
    pub context: &'a PageContext,
    /// The page view.
    pub engagement: &'a Engagement,
    /// Where the visitor may be, from the time zone.
    pub geo: &'a Object,
    /// What the site says; it beats everything inferred.
    pub site: &'a Object,
    /// The dimensions and keys whose interests are asked for; none for all.
    pub tracked_keys: &'a [String],
}

/// The group a path leads into.
const fn part(step: &str) -> AttributeGroups {
    let mut place = 0;
    let mut left: &[&str] = &GROUPS;
    while let [group, after @ ..] = left {
        if is(group.as_bytes(), step.as_bytes()) {
            return 1 << place;
        }
        place += 1;
        left = after;
    }
    if is(step.as_bytes(), b"segment") { SEGMENTS } else { SITE }
}

/// Whether two texts are the same, for constants as well.
const fn is(one: &[u8], other: &[u8]) -> bool {
    let (mut one, mut other) = (one, other);
    loop {
        match (one, other) {
            ([], []) => return true,
            ([a, one_after @ ..], [b, other_after @ ..]) if *a == *b => (one, other) = (one_after, other_after),
            _ => return false,
        }
    }
}

/// What conditions ask for.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AttributeDependencies {
    /// The groups that are read.
    pub parts: AttributeGroups,
    /// The rolling counts that are read.
    pub rolling: Vec<WindowedCount>,
    /// The dimensions and keys whose interests are read; one without a name stands for all.
    pub tracked_keys: Vec<String>,
}

impl AttributeDependencies {
    /// Adds what the conditions in this part of the config ask for. Every key and every text may be a
    /// path, as those of saved groups are: what is none costs nothing but a look.
    pub fn add(&mut self, written: &Value) {
        match written {
            Value::Text(text) => self.path(text),
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(object) => {
                for (key, below) in object.iter() {
                    self.path(key);
                    self.add(below);
                }
            }
            _ => {}
        }
    }

    fn path(&mut self, path: &str) {
        let steps = split(path, b'.');
        let into = part(steps.first().copied().unwrap_or(""));
        self.parts |= if path == "$savedGroup" { GROUPED } else { into };
        self.rolling.extend(WindowedCount::read(path).filter(|count| !self.rolling.contains(count)));
        if into == part("interest") {
            let mut names = 0;
            for name in steps.into_iter().skip(1) {
                self.track_key(name);
                names += 1;
            }
            // Of a whole dimension, or of all.
            if names < 2 {
                self.track_key("");
            }
        }
    }

    /// Adds a dimension, or a key, of which interests are read.
    pub fn track_key(&mut self, name: &str) {
        // Each is looked for among all that there are: of many it is simpler to tell all.
        let name = if self.tracked_keys.len() < TRACKED_KEYS { name } else { "" };
        if !self.tracked_keys.iter().any(|known| known == name) {
            self.tracked_keys.push(name.to_owned());
        }
    }
}

/// Makes these groups of the tree anew, at `now`. With [`SITE`] the site's own attributes are laid
/// over all of it; a group that is made anew gets the site's at once.
pub fn refresh(tree: &mut Object, parts: AttributeGroups, from: AttributeSources<'_>, now: Timestamp) {
    for (place, name) in GROUPS.into_iter().enumerate() {
        if parts & (1 << place) == 0 {
            continue;
        }
        if let Some(below) = tree.below(name) {
            group(name, from, now, below);
            if let Some(Value::Object(above)) = from.site.get(name) {
                below.overlay(above);
            }
        }
    }
    if parts & SITE != 0 {
        tree.overlay(from.site);
    }
}

/// Whole days from then to now; `null` where there is no then.
#[inline(never)]
fn days_since(then: Option<Timestamp>, now: Timestamp) -> Value {
    then.map(|then| whole(now.since(then) / DAY)).into()
}

fn whole(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// Makes a group anew. Those that most conditions ask for and that change with every event are brought up to
/// date where they stand.
#[inline(never)]
fn group(name: &str, from: AttributeSources<'_>, now: Timestamp, tree: &mut Object) {
    let AttributeSources { profile, rules, context, engagement, geo, .. } = from;
    *tree = match name {
        "interest" => return profile.interests.shares(rules, from.tracked_keys, now, tree),
        "trend" => return profile.interests.trends(now, tree),
        "visitor" => {
            return tree.renew(|tree| {
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
            });
        }
        "session" => return tree.renew(|tree| profile.session.attributes(now, tree)),
        "cart" => return tree.renew(|tree| profile.basket.attributes(tree)),
        "page" => {
            // Between two views nothing of it changes but the time.
            if tree.is_empty() {
                *tree = context.group(name);
            }
            return tree.set("engaged_seconds", whole(engagement.engaged_ms(now) / SECOND));
        }
        "time" => {
            let (hour, weekday) = (hour(now, context.zone), weekday(now, context.zone));
            let part = match hour {
                5..=11 => "morning",
                12..=16 => "afternoon",
                17..=21 => "evening",
                _ => "night",
            };
            Object::new()
                .with("hour", hour)
                .with("weekday", weekday)
                .with("weekend", weekday == 0 || weekday == 6)
                .with("part", part)
        }
        "count" => return profile.event_timestamps.attributes(&rules.rolling, now, tree),
        // Beside the site's word a guess has nothing to say.
        "geo" if from.site.get("geo").and_then(|geo| geo.get("country")).is_some() => Object::new(),
        "geo" => geo.clone(),
        "value" => {
            let (sessions, seen) = (profile.session.number, profile.history.last());
            value::attributes(&profile.purchases, sessions, seen, from.value, now)
        }
        "intent" => intent::attributes(from.intent, profile, context, now),
        _ => context.group(name),
    };
}
