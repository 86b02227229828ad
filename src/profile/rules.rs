//! How a profile is folded: the site's sessions, weights, dimensions and retention.

use super::windowed_count::WindowedCount;
use crate::reader::Reader;
use crate::signal::event::Tag;
use crate::time::{MINUTE, duration};
use crate::value::{NULL, Value};

/// The site's rules for profiles, read from `site`, `events`, `interests` and `privacy`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// ISO 4217 code of the currency values are in; empty where the site does not say.
    pub currency: String,
    /// How long a visitor may be inactive before the next thing starts a new session, in ms.
    pub session_ms: i64,
    /// How much an event says of an interest, by its name; -100 to 100, below 0 what speaks against
    /// it. Events that are not listed say nothing.
    pub weights: Vec<(String, f64)>,
    /// What interests are kept in: `category`, `brand`.
    pub dimensions: Vec<String>,
    /// The three half-lives of interests, in ms, shortest first as written.
    pub half_lives_ms: [i64; 3],
    /// How much an interest is held back before much was seen: the weight of what the site's base
    /// rates say; 0 to 1000.
    pub prior: f64,
    /// Base rates: (dimension, key, the share it has over all visitors, 0 to 1).
    pub base: Vec<(String, String, f64)>,
    /// Where the bands of the dimension `price_band` end: ascending, in the site's currency.
    pub price_bands: Vec<f64>,
    /// The rolling counts that conditions ask for.
    pub rolling: Vec<WindowedCount>,
    /// How long the count of an event that no longer happens is kept, in days.
    pub event_days: i32,
    /// How long a profile is kept, from its creation on, in days.
    pub profile_days: i32,
    /// Tags that are neither stored nor counted, without regard to ASCII case.
    pub sensitive: Vec<String>,
}

/// How much events say of an interest, where the site does not say.
const WEIGHTS: [(&str, i32); 7] = [
    ("view_item", 1),
    ("select_item", 1),
    ("add_to_wishlist", 3),
    ("add_to_cart", 4),
    ("begin_checkout", 5),
    ("purchase", 8),
    ("not_interested", -4),
];
/// What interests are kept in, where the site does not say.
const DIMENSIONS: [&str; 2] = ["category", "brand"];

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            currency: String::new(),
            session_ms: 30 * MINUTE,
            weights: WEIGHTS.iter().map(|(name, weight)| ((*name).to_owned(), f64::from(*weight))).collect(),
            dimensions: DIMENSIONS.iter().map(|name| (*name).to_owned()).collect(),
            half_lives_ms: [30 * MINUTE, 1_440 * MINUTE, 30 * 1_440 * MINUTE],
            prior: 3.0,
            base: Vec::new(),
            price_bands: Vec::new(),
            rolling: Vec::new(),
            event_days: 90,
            profile_days: 395,
            sensitive: Vec::new(),
        }
    }
}

impl Rules {
    /// Reads the rules from the root of the config.
    #[inline(never)]
    pub fn read(root: &Reader<'_>) -> Rules {
        let mut rules = Rules::default();
        let site = root.section("site", "currency sessionMinutes holdout redirects");
        let is_code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let currency = site.field("currency");
        rules.currency = currency.or(String::new(), |at| at.text("a currency code such as \"EUR\"", &is_code));
        rules.session_ms = crate::number::round(site.number_or("sessionMinutes", 30.0, 5.0, 240.0) * 60_000.0);

        let events = root.section("events", "weights");
        let weights = events.field("weights");
        for (name, _) in weights.entries_if_any().iter() {
            let weight = weights.field(name).number(-100.0, 100.0);
            match rules.weights.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = weight,
                None => rules.weights.push((name.to_owned(), weight)),
            }
        }

        let interests = root.section("interests", "dimensions halfLives prior base priceBands");
        let dimensions = interests.field("dimensions");
        if !dimensions.is_missing() {
            rules.dimensions = read_dimensions(&dimensions);
        }
        let half_lives = interests.field("halfLives");
        if !half_lives.is_missing() {
            let items = half_lives.items(3, 3);
            for (index, (item, place)) in items.iter().zip(&mut rules.half_lives_ms).enumerate() {
                let expected = "a half-life such as \"30m\", \"12h\" or \"30d\"";
                let text = half_lives.item(index, item).text(expected, &|text| duration(text).is_some());
                *place = duration(&text).unwrap_or(*place);
            }
        }
        rules.prior = interests.number_or("prior", 3.0, 0.0, 1_000.0);
        let base = interests.field("base");
        for (dimension, _) in base.entries_if_any().iter() {
            let rates = base.field(dimension);
            if !is_dimension(root.value().unwrap_or(&NULL), dimension) {
                rates.unknown_key("interests.dimensions");
            }
            for (key, _) in rates.entries().iter().take(100) {
                let rate = rates.field(key).number(0.0, 1.0);
                rules.base.push((dimension.to_owned(), key.to_owned(), rate));
            }
        }
        rules.price_bands = interests.field("priceBands").optional_list(16, |at| at.number(0.0, 1e9));

        let privacy = root.section("privacy", "eventDays profileDays sensitive measure");
        rules.event_days = privacy.integer_or("eventDays", 90, 1, 3_650);
        rules.profile_days = privacy.integer_or("profileDays", 395, 1, 395);
        rules.sensitive = privacy.field("sensitive").optional_list(100, |at| at.text("a text", &|_| true));
        privacy.field("measure").unsupported();
        rules
    }

    /// The dimensions of which tags are kept: those of interests, and those that rolling counts ask for.
    pub fn keeps(&self, dimension: &str) -> bool {
        self.dimensions.iter().any(|known| known == dimension)
            || self.rolling.iter().any(|count| count.dimension == dimension)
    }

    /// How much `event` says of an interest.
    pub fn weight(&self, event: &str) -> f64 {
        self.weights.iter().find(|(name, _)| name == event).map_or(0.0, |(_, weight)| *weight)
    }

    /// Whether any of these tags may not be stored or counted.
    pub fn is_sensitive(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|tag| self.sensitive.iter().any(|sensitive| sensitive.eq_ignore_ascii_case(&tag.key)))
    }
}

fn read_dimensions(at: &Reader<'_>) -> Vec<String> {
    let is_name = |text: &str| {
        text.len() <= 40
            && text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let names = at.list(1, 8, |at| at.text("a name of small letters, digits and _", &is_name));
    at.distinct("", "a name that is not taken");
    names
}

/// Whether `name` is a dimension as the config has them, for checking what refers to one. Where
/// they are no list at all everything goes: that problem has been named already.
pub fn is_dimension(root: &Value, name: &str) -> bool {
    match root.get("interests") {
        None => DIMENSIONS.contains(&name),
        Some(Value::Object(interests)) => match interests.get("dimensions") {
            None => DIMENSIONS.contains(&name),
            Some(Value::List(names)) => names.iter().any(|known| known.as_text() == Some(name)),
            Some(_) => true,
        },
        Some(_) => true,
    }
}
