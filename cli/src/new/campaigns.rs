//! What each campaign adds to a config.

use serde_json::{Value, json};

use super::answers::{Answers, Campaign, Kind, Place};
use super::texts::{self, Text, followed_by, written};

/// From what on delivery is free, until somebody says better.
const FREE_FROM: u32 = 50;

/// What is in a config, before it is put together.
#[derive(Debug, Default)]
pub struct Parts {
    /// Segments, each before those that it does not know.
    pub segments: Vec<Value>,
    /// Variants, each with its place.
    pub variants: Vec<(Place, Value)>,
    /// Prompts.
    pub prompts: Vec<Value>,
}

impl Parts {
    /// What all of the campaigns add.
    pub fn of(answers: &Answers) -> Parts {
        let mut parts = Parts::default();
        for campaign in &answers.campaigns {
            match campaign {
                Campaign::WelcomeBack => parts.welcome_back(answers),
                Campaign::CategoryAffinity => parts.category_affinity(answers),
                Campaign::Advert => parts.advert(answers),
                Campaign::AbandonedBasket => parts.abandoned_basket(answers),
                Campaign::FreeDelivery => parts.free_delivery(answers),
                Campaign::Upgrade => parts.upgrade(answers),
                Campaign::Newsletter => parts.newsletter(answers),
                Campaign::Experiment => parts.experiment(answers),
            }
        }
        parts
    }

    fn welcome_back(&mut self, answers: &Answers) {
        self.segment("returning", "Was here before.", json!({"visitor.returning": true}), 10);
        self.heading(answers, "welcome-back", "returning", texts::WELCOME_BACK);
    }

    /// A variant for each category, chosen by the visitor's interests.
    fn category_affinity(&mut self, answers: &Answers) {
        let mut ids = Vec::new();
        for category in &answers.categories {
            let text = followed_by(texts::FOR_YOU, category, &answers.languages);
            let id = unused_id(category, &ids);
            self.variants.push((
                Place::Hero,
                json!({"id": id, "tags": {"category": category}, "content": {"text": {"h1": text}}}),
            ));
            ids.push(id);
        }
    }

    fn advert(&mut self, answers: &Answers) {
        let when = json!({"campaign.medium": {"$in": ["cpc", "display", "paid_social"]}});
        self.segment("from-advert", "Came by an advert, as utm_medium of its address says.", when, 20);
        self.heading(answers, "advert", "from-advert", texts::ADVERT);
    }

    /// A line for who comes back, and a question for who is about to leave.
    fn abandoned_basket(&mut self, answers: &Answers) {
        let (about, left, waits) = match answers.kind {
            Kind::Shop => ("a basket", json!({"cart.value": {"$gt": 0}}), texts::BASKET_WAITS),
            Kind::Magazine | Kind::Software => {
                ("a checkout", json!({"visitor.events.begin_checkout": {"$gte": 1}, "visitor.orders": 0}), texts::GO_ON)
            }
            Kind::Leads => (
                "a form",
                json!({
                    "visitor.events.form_start": {"$gte": 1},
                    "visitor.events.generate_lead": {"$exists": false},
                }),
                texts::GO_ON,
            ),
        };
        self.segment("unfinished", &format!("Has begun {about} and not finished it."), left, 0);
        let when = json!({"segment.unfinished": true, "visitor.returning": true});
        self.segment("back-to-finish", "The same, and has come back.", when, 40);
        self.line("go-on", "back-to-finish", written(waits, &answers.languages));
        let (title, accept, href) = match answers.kind {
            Kind::Shop => (texts::KEEP_BASKET, texts::TO_BASKET, "/basket"),
            Kind::Magazine | Kind::Software => (texts::NOT_FINISHED, texts::CONTINUE, "/checkout"),
            Kind::Leads => (texts::NOT_FINISHED, texts::CONTINUE, "/contact"),
        };
        let text = |text: Text| written(text, &answers.languages);
        self.prompts.push(json!({
            "id": "before-you-go",
            "x-about": "Asks once, when the visitor seems about to leave. href is the page that it leads to.",
            "on": {"exit": "medium"},
            "when": {"segment.unfinished": true},
            "priority": 10,
            "content": {
                "title": text(title),
                "accept": text(accept),
                "decline": text(texts::NO_THANKS),
                "href": href,
            },
            "caps": {"perSession": 1, "perDay": 1, "afterDismissDays": 7, "afterAcceptDays": 30},
        }));
    }

    fn free_delivery(&mut self, answers: &Answers) {
        let (below, reached) = (json!({"$gt": 0, "$lt": FREE_FROM}), json!({"$gte": FREE_FROM}));
        self.segment("below-free-delivery", "The basket is too small.", json!({"cart.value": below}), 31);
        self.segment("free-delivery", "The basket is large enough.", json!({"cart.value": reached}), 32);
        let amount = format!("{FREE_FROM} {}", answers.currency);
        let missing = followed_by(texts::FREE_FROM, &amount, &answers.languages);
        self.line("free-from", "below-free-delivery", missing);
        self.line("free", "free-delivery", written(texts::FREE, &answers.languages));
    }

    fn upgrade(&mut self, answers: &Answers) {
        let about = "Uses the free plan often. Your code says so: tailorbird.attributes({ plan: \"free\" }).";
        self.segment("ready-for-more", about, json!({"plan": "free", "visitor.sessions": {"$gte": 3}}), 30);
        self.line("upgrade", "ready-for-more", written(texts::UPGRADE, &answers.languages));
    }

    fn newsletter(&mut self, answers: &Answers) {
        let text = |text: Text| written(text, &answers.languages);
        self.prompts.push(json!({
            "id": "newsletter",
            "x-about": "Asks who has read on, and not who comes by the letter. The address goes to your code alone: \
                        tailorbird.on(\"submit\", ...).",
            "as": "slide-in",
            "on": {"scroll": 0.6, "delay": "5s"},
            "when": {"visitor.views": {"$gte": 3}, "campaign.medium": {"$ne": "email"}},
            "content": {
                "title": text(texts::NEWSLETTER),
                "ask": {"email": {"label": text(texts::ADDRESS)}},
                "accept": text(texts::SUBSCRIBE),
                "decline": text(texts::NO_THANKS),
            },
            "caps": {"perSession": 1, "perDay": 1, "perWeek": 1, "afterDismissDays": 30, "afterAcceptDays": 365},
        }));
    }

    fn experiment(&mut self, answers: &Answers) {
        let text = written(texts::button(answers.kind), &answers.languages);
        self.variants.push((Place::Button, json!({"id": "new-text", "content": {"text": {"": text}}})));
    }

    fn segment(&mut self, id: &str, about: &str, when: Value, priority: u32) {
        self.segments.push(json!({"id": id, "x-about": about, "when": when, "priority": priority}));
    }

    /// Another heading of the hero.
    fn heading(&mut self, answers: &Answers, id: &str, segment: &str, text: Text) {
        let content = json!({"text": {"h1": written(text, &answers.languages)}});
        self.variants.push((Place::Hero, json!({"id": id, "segment": segment, "content": content})));
    }

    /// Another text of the banner.
    fn line(&mut self, id: &str, segment: &str, text: Value) {
        self.variants.push((Place::Banner, json!({"id": id, "segment": segment, "content": {"text": {"": text}}})));
    }
}

/// An id for a category: what its name has of small letters and digits, or a number.
fn unused_id(category: &str, used: &[String]) -> String {
    let letters: String = category
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .take(40)
        .collect();
    let name = letters.trim_matches('-');
    let id = if name.is_empty() { "category".to_owned() } else { format!("category-{name}") };
    let numbered = (2_u32..).map(|number| format!("{id}-{number}"));
    core::iter::once(id.clone()).chain(numbered).find(|id| !used.contains(id)).unwrap_or_default()
}
