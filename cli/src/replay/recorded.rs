//! What a log says of visitors, in the order in which it is played.

use tailorbird::hash::fnv1a_64;
use tailorbird::random::Seed;
use tailorbird::time::Timestamp;

/// The next thing in a log. Everything after a visitor is of this visitor, and everything after a session is in it,
/// until the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A visitor of whom nothing is known yet, by the id in the log.
    Visitor(String),
    /// The visitor's next session, by its id.
    Session(String),
    /// Something happens in the session. Times do not decrease within a session.
    Event(Recorded),
}

/// One event of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// The path of the page, where the log names it.
    pub page: Option<String>,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A page was opened, and nothing else is known.
    PageView,
    /// An event as a site pushes it.
    Event {
        /// GA4's name, or the site's own.
        name: String,
        /// What it was about; at least one item, but for orders of which only the value is known.
        items: Vec<Item>,
        /// What it was worth, in the site's currency, where prices of items do not say it.
        value: Option<f64>,
        /// The order's id.
        order: Option<String>,
    },
}

/// One item of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its category, given or [made up](Categories::or_made_up).
    pub category: String,
    /// Price of one, in the site's currency.
    pub price: Option<f64>,
    /// How many; one where nobody says.
    pub quantity: Option<f64>,
}

/// Where categories of items come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    /// How many rows came with one.
    pub given: u64,
    /// How many came without, so that it follows from the item's id.
    pub made_up: u64,
}

impl Categories {
    /// The words in a report.
    pub fn name(self) -> &'static str {
        match (self.given, self.made_up) {
            (0, _) => "made up",
            (_, 0) => "given",
            _ => "partly made up",
        }
    }

    /// Counts the category of a row; answers it, or one that follows from the item's id: `c` and the id modulo 16; of
    /// an id that is no whole number, the hash modulo 16.
    pub fn or_made_up(&mut self, given: Option<String>, item: &str) -> String {
        match given {
            Some(category) => {
                self.given += 1;
                category
            }
            None => {
                self.made_up += 1;
                made_up(item)
            }
        }
    }
}

/// The seed of a visitor.
pub fn seed_of(visitor: &str) -> Seed {
    Seed(fnv1a_64(visitor.as_bytes()))
}

fn made_up(item: &str) -> String {
    let rest = if item.bytes().all(|byte| byte.is_ascii_digit()) {
        item.bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 16)
    } else {
        fnv1a_64(item.as_bytes()) % 16
    };
    format!("c{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_category_follows_from_the_items_id() {
        let cases = [("16", "c0"), ("214662742", "c6"), ("340282366920938463463374607431768211471", "c15")];
        for (item, expected) in cases {
            assert_eq!(made_up(item), expected, "{item}");
        }
        assert_eq!(made_up("boots"), format!("c{}", fnv1a_64(b"boots") % 16));
        assert_eq!(made_up("-1"), format!("c{}", fnv1a_64(b"-1") % 16), "no whole number");
    }

    #[test]
    fn categories_are_made_up_where_the_log_has_none() {
        let mut categories = Categories::default();
        assert_eq!(categories.name(), "made up", "no row has one");
        assert_eq!(categories.or_made_up(Some("boots".to_owned()), "16"), "boots");
        assert_eq!(categories.name(), "given");
        assert_eq!(categories.or_made_up(None, "16"), "c0");
        assert_eq!(categories.name(), "partly made up");
    }
}
