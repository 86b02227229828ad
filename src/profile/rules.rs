//! How a profile is folded: the site's sessions, weights, dimensions and retention.

use crate::reader::{Problems, Reader};
use crate::time::{MINUTE, duration};
use crate::value::Value;

/// The site's rules for profiles, read from `site`, `events`, `interests` and `privacy`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// ISO 4217 code of the currency values are in; empty where the site does not say.
    pub currency: String,
    /// How long a visitor may be inactive before the next thing starts a new session, in ms.
    pub session_ms: i64,
    /// How much an event says of an interest, by its name; 0 to 100. Events that are not listed
    /// say nothing.
    pub weights: Vec<(String, f64)>,
    /// What interests are kept in: `category`, `brand`.
    pub dimensions: Vec<String>,
    /// The three half-lives of interests, in ms, shortest first as written.
    pub half_lives_ms: [i64; 3],
    /// How long the count of an event that no longer happens is kept, in days.
    pub event_days: i32,
    /// How long a profile is kept, from its creation on, in days.
    pub profile_days: i32,
    /// Tags that are neither stored nor counted, without regard to ASCII case.
    pub sensitive: Vec<String>,
}

impl Default for Rules {
    fn default() -> Rules {
        let weights = [
            ("view_item", 1.0),
            ("select_item", 1.0),
            ("add_to_wishlist", 3.0),
            ("add_to_cart", 4.0),
            ("begin_checkout", 5.0),
            ("purchase", 8.0),
        ];
        Rules {
            currency: String::new(),
            session_ms: 30 * MINUTE,
            weights: weights.into_iter().map(|(name, weight)| (name.to_owned(), weight)).collect(),
            dimensions: vec!["category".to_owned(), "brand".to_owned()],
            half_lives_ms: [30 * MINUTE, 1_440 * MINUTE, 30 * 1_440 * MINUTE],
            event_days: 90,
            profile_days: 395,
            sensitive: Vec::new(),
        }
    }
}

impl Rules {
    /// Reads the rules from the root of the config; `None` if they have a problem.
    pub fn read(root: &Reader<'_>, problems: &mut Problems) -> Option<Rules> {
        let default = Rules::default();
        let site = root.field("site");
        let (mut currency, mut session) = (Some(String::new()), Some(30.0));
        if !site.is_missing() && site.object(problems, &["currency", "sessionMinutes"]).is_some() {
            currency = site.field("currency").or(String::new(), |at| {
                let right = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
                at.text(problems, "a currency code such as \"EUR\"", right).map(str::to_owned)
            });
            session =
                site.field("sessionMinutes").or(30.0, |at| at.number(problems, (5.0, 240.0), "minutes from 5 to 240"));
        }

        let events = root.field("events");
        let mut weights = Some(Vec::new());
        if !events.is_missing() && events.object(problems, &["weights"]).is_some() {
            weights = events.field("weights").or(Vec::new(), |at| read_weights(at, problems));
        }

        let interests = root.field("interests");
        let (mut dimensions, mut half_lives) = (Some(default.dimensions.clone()), Some(default.half_lives_ms));
        if !interests.is_missing() && interests.object(problems, &["dimensions", "halfLives"]).is_some() {
            dimensions = interests.field("dimensions").or(default.dimensions, |at| read_dimensions(at, problems));
            half_lives = interests.field("halfLives").or(default.half_lives_ms, |at| read_half_lives(at, problems));
        }

        let privacy = root.field("privacy");
        let (mut event_days, mut profile_days, mut sensitive) = (Some(90), Some(395), Some(Vec::new()));
        let known = ["eventDays", "profileDays", "sensitive", "measure"];
        if !privacy.is_missing() && privacy.object(problems, &known).is_some() {
            let whole =
                |at: &Reader<'_>, problems: &mut Problems, most, expected| at.whole(problems, (1, most), expected);
            event_days =
                privacy.field("eventDays").or(90, |at| whole(at, problems, 3_650, "whole days from 1 to 3650"));
            profile_days =
                privacy.field("profileDays").or(395, |at| whole(at, problems, 395, "whole days from 1 to 395"));
            sensitive = privacy.field("sensitive").or(Vec::new(), |at| {
                at.list(problems, (0, 100, "a list of up to 100 texts"), |item, problems| {
                    item.text(problems, "a text", |_| true).map(str::to_owned)
                })
            });
            let measure = privacy.field("measure");
            if !measure.is_missing() {
                measure.not_yet(problems);
            }
        }

        let mut all_weights = default.weights;
        for (name, weight) in weights? {
            match all_weights.iter_mut().find(|(known, _)| *known == name) {
                Some(entry) => entry.1 = weight,
                None => all_weights.push((name, weight)),
            }
        }
        Some(Rules {
            currency: currency?,
            session_ms: crate::number::round(session? * 60_000.0),
            weights: all_weights,
            dimensions: dimensions?,
            half_lives_ms: half_lives?,
            event_days: event_days?,
            profile_days: profile_days?,
            sensitive: sensitive?,
        })
    }

    /// How much `event` says of an interest.
    pub fn weight(&self, event: &str) -> f64 {
        self.weights.iter().find(|(name, _)| name == event).map_or(0.0, |(_, weight)| *weight)
    }

    /// Whether any of these tags may not be stored or counted.
    pub fn is_sensitive(&self, tags: &[(String, String)]) -> bool {
        tags.iter().any(|(_, tag)| self.sensitive.iter().any(|sensitive| sensitive.eq_ignore_ascii_case(tag)))
    }
}

fn read_weights(at: &Reader<'_>, problems: &mut Problems) -> Option<Vec<(String, f64)>> {
    at.each(problems, |name, below, problems| {
        Some((name.to_owned(), below.number(problems, (0.0, 100.0), "a weight from 0 to 100")?))
    })
}

fn read_dimensions(at: &Reader<'_>, problems: &mut Problems) -> Option<Vec<String>> {
    let names = at.list(problems, (1, 8, "a list of 1 to 8 names"), |item, problems| {
        let right = |text: &str| {
            text.len() <= 40
                && text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        item.text(problems, "a name of small letters, digits and _", right).map(str::to_owned)
    });
    let written = at.value().and_then(Value::as_list).unwrap_or_default();
    for (index, name) in written.iter().enumerate() {
        if name.as_text().is_some() && written.iter().take(index).any(|other| other == name) {
            at.item(index, name).refuse::<()>(problems, "a name that is not taken");
        }
    }
    names
}

fn read_half_lives(at: &Reader<'_>, problems: &mut Problems) -> Option<[i64; 3]> {
    let list = at.list(problems, (3, 3, "a list of 3 half-lives"), |item, problems| {
        let text =
            item.text(problems, "a half-life such as \"30m\", \"12h\" or \"30d\"", |text| duration(text).is_some());
        text.and_then(duration)
    })?;
    list.try_into().ok()
}

/// Whether `name` is a dimension as the config has them, for checking what refers to one. Where
/// they are no list at all everything goes: that problem has been named already.
pub fn is_dimension(root: &Value, name: &str) -> bool {
    match root.get("interests") {
        None => Rules::default().dimensions.iter().any(|known| known == name),
        Some(Value::Object(interests)) => match interests.get("dimensions") {
            None => Rules::default().dimensions.iter().any(|known| known == name),
            Some(Value::List(names)) => names.iter().any(|known| known.as_text() == Some(name)),
            Some(_) => true,
        },
        Some(_) => true,
    }
}
