//! The site's rules for profiles: sessions, weights, dimensions and retention.

use super::bandit::learner::Learner;
use super::sensitive::Sensitive;
use super::windowed_count::WindowedCount;
use crate::number::round;
use crate::reader::Reader;
use crate::time::{DAY, HOUR, MINUTE, duration};
use crate::value::Value;

/// The site's rules for profiles, read from `site`, `events`, `interests` and `privacy`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// ISO 4217 code of the currency that values are in; empty where the site does not say.
    pub currency: String,
    /// How long a visitor may be inactive before the next event starts a new session, in milliseconds.
    pub session_ms: i64,
    /// How much events say about an interest. Events that are not listed say nothing.
    pub weights: Vec<EventWeight>,
    /// The dimensions of interests: `category`, `brand`.
    pub dimensions: Vec<String>,
    /// The three half-lives of interests in milliseconds, ascending.
    pub half_lives_ms: [i64; 3],
    /// The weight of the base rates, 0 to 1000: how much must be observed before it outweighs them.
    pub prior: f64,
    /// The site's base rates of interests.
    pub base: Vec<BaseRate>,
    /// Where the bands of the dimension `price_band` end: ascending, in the site's currency.
    pub price_bands: Vec<f64>,
    /// The windowed counts that conditions read.
    pub rolling: Vec<WindowedCount>,
    /// The slots and prompts that learn which of their variants works.
    pub learners: Vec<Learner>,
    /// How long the count of an event that no longer happens is kept, in days.
    pub event_days: i32,
    /// How long a profile is kept after its creation, in days.
    pub profile_days: i32,
    /// Whether the site recommends items, so that those looked at are kept.
    pub recommends: bool,
    /// Whether the site loads pages ahead, so that those of the session are kept.
    pub remembers_pages: bool,
    /// What is neither stored nor counted.
    pub sensitive: Sensitive,
    /// Whether the site is directed to children: then there is no consent.
    pub is_child_directed: bool,
    /// Whether the browser's Do Not Track says nothing. Global Privacy Control always does.
    pub ignores_do_not_track: bool,
}

/// How much an event says about an interest.
#[derive(Clone, Debug, PartialEq)]
pub struct EventWeight {
    /// The event's name.
    pub event: String,
    /// -100 to 100; below 0 it speaks against the interest.
    pub weight: f64,
}

/// How common an interest is among all visitors.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseRate {
    /// The dimension: `category`.
    pub dimension: String,
    /// The key in it: `boots`.
    pub key: String,
    /// The share of all interest in the dimension, 0 to 1.
    pub share: f64,
}

/// How much events say about an interest, where the site does not say.
const WEIGHTS: [(&str, f64); 8] = [
    ("view_item", 1.0),
    ("select_item", 1.0),
    ("add_to_wishlist", 3.0),
    ("add_to_cart", 4.0),
    ("begin_checkout", 5.0),
    ("purchase", 8.0),
    ("interested", 4.0),
    ("not_interested", -4.0),
];
/// The dimensions of interests, where the site does not say.
const DIMENSIONS: [&str; 2] = ["category", "brand"];
/// The most keys of a dimension that have a base rate; more are ignored.
const BASE_RATES: usize = 100;

impl Default for Rules {
    fn default() -> Rules {
        let weight = |(event, weight): (&str, f64)| EventWeight { event: event.to_owned(), weight };
        Rules {
            currency: String::new(),
            session_ms: 30 * MINUTE,
            weights: WEIGHTS.into_iter().map(weight).collect(),
            dimensions: DIMENSIONS.map(str::to_owned).to_vec(),
            half_lives_ms: [30 * MINUTE, 24 * HOUR, 30 * DAY],
            prior: 3.0,
            base: Vec::new(),
            price_bands: Vec::new(),
            rolling: Vec::new(),
            learners: Vec::new(),
            event_days: 90,
            profile_days: 395,
            recommends: false,
            remembers_pages: false,
            sensitive: Sensitive::default(),
            is_child_directed: false,
            ignores_do_not_track: false,
        }
    }
}

/// The keys of `site`.
const SITE_KEYS: [&str; 9] =
    ["currency", "sessionMinutes", "holdout", "redirects", "bots", "partners", "areas", "prompts", "exitIntent"];

impl Rules {
    /// Reads the rules from the root of the config. A rule with a problem takes its default.
    pub fn read(root: &Reader<'_>) -> Rules {
        let mut rules = Rules::default();
        let site = root.section("site", &SITE_KEYS);
        let is_code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let code = |at: &Reader<'_>| at.text("a currency code such as \"EUR\"", is_code).map(str::to_owned);
        rules.currency = site.field("currency").or_default(rules.currency, code);
        let minutes = site.field("sessionMinutes").or_default(30.0, |at| at.number(5.0..=240.0));
        rules.session_ms = round(minutes * MINUTE_MS);

        let events = root.section("events", &["weights"]);
        let weights = events.field("weights");
        for (event, _) in weights.entries().iter() {
            if let Some(weight) = weights.field(event).number(-100.0..=100.0) {
                rules.set_weight(event, weight);
            }
        }

        let interests = root.section("interests", &["dimensions", "halfLives", "prior", "base", "priceBands"]);
        rules.dimensions = read_dimensions(&interests.field("dimensions")).unwrap_or(rules.dimensions);
        rules.half_lives_ms = interests.field("halfLives").or_default(rules.half_lives_ms, read_half_lives);
        rules.prior = interests.field("prior").or_default(rules.prior, |at| at.number(0.0..=1_000.0));
        rules.base = read_base(&interests.field("base"), root.value().unwrap_or(&Value::Null));
        rules.price_bands = interests.field("priceBands").or_default(Vec::new(), read_price_bands);

        let privacy = root.section(
            "privacy",
            &[
                "eventDays",
                "profileDays",
                "sensitive",
                "sensitiveDefaults",
                "childDirected",
                "dnt",
                "categories",
                "panel",
            ],
        );
        rules.event_days = privacy.field("eventDays").or_default(rules.event_days, |at| at.integer(1..=3_650));
        rules.profile_days = privacy.field("profileDays").or_default(rules.profile_days, |at| at.integer(1..=395));
        let terms = read_sensitive(&privacy.field("sensitive"));
        let has_defaults = privacy.field("sensitiveDefaults").or_default(true, Reader::bool);
        rules.sensitive = Sensitive::new(&terms, has_defaults);
        rules.is_child_directed = privacy.field("childDirected").or_default(false, Reader::bool);
        rules.ignores_do_not_track = privacy.field("dnt").or_default(false, |at| at.choice(&DO_NOT_TRACK));
        // What listens to consent tools reads it, in `www/consent`.
        let categories = privacy.section("categories", &["personalize", "measure"]);
        for purpose in ["personalize", "measure"] {
            categories.field(purpose).optional(|at| at.text_within(1..=100));
        }
        rules.recommends = ["model", "catalog"].iter().any(|key| !root.field(key).is_missing());
        rules
    }

    fn set_weight(&mut self, event: &str, weight: f64) {
        match self.weights.iter_mut().find(|known| known.event == event) {
            Some(known) => known.weight = weight,
            None => self.weights.push(EventWeight { event: event.to_owned(), weight }),
        }
    }

    /// Whether tags of a dimension are kept: for interests, or for a windowed count.
    pub fn keeps(&self, dimension: &str) -> bool {
        self.dimensions.iter().any(|known| known == dimension)
            || self.rolling.iter().any(|count| count.dimension == dimension)
    }

    /// How much `event` says about an interest.
    pub fn weight(&self, event: &str) -> f64 {
        self.weights.iter().find(|known| known.event == event).map_or(0.0, |known| known.weight)
    }
}

/// What `privacy.dnt` says, and whether Do Not Track is ignored then.
const DO_NOT_TRACK: [(&str, bool); 2] = [("deny", false), ("ignore", true)];

#[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
const MINUTE_MS: f64 = MINUTE as f64;

/// The dimensions that are written, without those that have a problem; `None` where there is none.
fn read_dimensions(at: &Reader<'_>) -> Option<Vec<String>> {
    let is_name = |text: &str| {
        text.len() <= 40
            && text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if at.is_missing() {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for (index, item) in at.items(1..=8)?.iter().enumerate() {
        let at = at.item(index, item);
        let Some(name) = at.text("a name of small letters, digits and _", is_name) else { continue };
        if names.iter().any(|known| known == name) {
            at.expected("a name that is not taken");
        } else {
            names.push(name.to_owned());
        }
    }
    (!names.is_empty()).then_some(names)
}

fn read_half_lives(at: &Reader<'_>) -> Option<[i64; 3]> {
    let half_lives = at.list(3..=3, |at| {
        at.text("a half-life such as \"30m\", \"12h\" or \"30d\"", |text| duration(text).is_some()).and_then(duration)
    })?;
    let ascending = at.in_order(
        &half_lives,
        |earlier, later| earlier < later,
        |_| "a longer half-life than the one before".to_owned(),
    );
    ascending.and_then(|()| half_lives.try_into().ok())
}

fn read_price_bands(at: &Reader<'_>) -> Option<Vec<f64>> {
    let bands = at.list(0..=16, |at| at.number(0.0..=1e9))?;
    at.ascending(&bands)?;
    Some(bands)
}

/// The base rates that can be read.
fn read_base(at: &Reader<'_>, root: &Value) -> Vec<BaseRate> {
    let mut base = Vec::new();
    for (dimension, _) in at.entries().iter() {
        let rates = at.field(dimension);
        if !is_dimension(root, dimension) {
            rates.unknown_key(&["interests.dimensions"]);
            continue;
        }
        for (key, _) in rates.entries().iter().take(BASE_RATES) {
            if let Some(share) = rates.field(key).number(0.0..=1.0) {
                base.push(BaseRate { dimension: dimension.to_owned(), key: key.to_owned(), share });
            }
        }
    }
    base
}

/// The site's own sensitive terms. Whatever can be read protects the visitor, even in a list that has a problem.
fn read_sensitive<'a>(at: &Reader<'a>) -> Vec<&'a str> {
    at.readable_items(100, |at| at.text("a text", |_| true).map(drop));
    match at.value() {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_text).collect(),
        Some(Value::Text(text)) => vec![text.as_str()],
        _ => Vec::new(),
    }
}

/// Whether `name` is a dimension in the config that is written. Where its dimensions are no list, every name is
/// one: that problem has been noted already.
pub fn is_dimension(root: &Value, name: &str) -> bool {
    let written = match root.get("interests") {
        None => None,
        Some(Value::Object(interests)) => interests.get("dimensions"),
        Some(_) => return true,
    };
    match written {
        None => DIMENSIONS.contains(&name),
        Some(Value::List(names)) => names.iter().any(|known| known.as_text() == Some(name)),
        Some(_) => true,
    }
}
