//! Somebody who comes to a shop three times a day, for years: what they do, and what is kept of it.

use std::time::Instant;

use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::random::Seed;
use tailorbird::signal::Signal;
use tailorbird::signal::consent::{Allowed, Statement};
use tailorbird::storage::Keys;
use tailorbird::time::{DAY, HOUR, SECOND, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_simulator::{Browser, Pace, read_signal};

/// A second of the second of March 2026.
const START_MS: i64 = 1_772_445_600_000;
const SESSIONS_A_DAY: u32 = 3;
const CATEGORIES: u32 = 600;
const BRANDS: u32 = 300;
const ITEMS: u32 = 20_000;

/// The visitor, with a browser in which one page follows the other.
pub struct Visitor<'a> {
    /// What each page begins with.
    config: &'a Config,
    chance: Seed,
    browser: Browser,
    pages: u64,
    /// The number of the day.
    day: u32,
    orders: u32,
    /// How long each event took, in µs, since somebody last emptied the list.
    pub took: Vec<f64>,
    /// How many bytes the engine of the last page held, where allocations are counted.
    pub memory: Option<usize>,
    allocated: fn() -> Option<usize>,
}

impl<'a> Visitor<'a> {
    /// Somebody nobody knows. `allocated` answers how many bytes are allocated now, if they are counted.
    pub fn new(config: &'a Config, allocated: fn() -> Option<usize>) -> Visitor<'a> {
        let mut browser = Browser::new(Pace::Immediate);
        let started = Instant::now();
        browser.measure(move || started.elapsed());
        let (chance, took) = (Seed(1), Vec::new());
        Visitor { config, chance, browser, pages: 0, day: 0, orders: 0, took, memory: None, allocated }
    }

    /// How many characters the stored profile takes.
    pub fn stored(&self) -> usize {
        let profile = self.browser.local().texts().get(&Keys::new("").profile()).cloned();
        profile.map_or(0, |profile| profile.chars().count())
    }

    /// A day with this many events.
    pub fn live_a_day(&mut self, events: u32) {
        for session in 0..SESSIONS_A_DAY {
            let more = u32::from(session < events % SESSIONS_A_DAY);
            let from = i64::from(self.day) * DAY + i64::from(session) * 5 * HOUR;
            self.live_a_session(events / SESSIONS_A_DAY + more, Timestamp::from_ms(START_MS).plus(from));
        }
        self.day += 1;
    }

    /// One page, and all events on it. What its tab leaves in a journal is folded by the next page.
    fn live_a_session(&mut self, events: u32, start: Timestamp) {
        let slots = self.config.slots.iter().map(|slot| slot.id.clone()).collect();
        self.pages += 1;
        let engine = Engine::new(self.config.clone(), Seed(7), Box::new(Native));
        let tab = self.browser.open_tab(engine, format!("{:016x}", self.pages));
        let consent = Statement { personalize: Some(Allowed::Granted), measure: Some(false), ..Statement::default() };
        for signal in [Signal::Consent(vec![consent]), Signal::Ready, Signal::SlotsPresent(slots)] {
            self.browser.dispatch(tab, signal, start);
        }
        self.browser.take_spent();
        let mut now = start;
        for _ in 0..events {
            now = now.plus(i64::from(self.below(60)) * SECOND / 2 + 500);
            if let Some(signal) = self.event() {
                self.browser.dispatch(tab, signal, now);
            }
            self.took.push(self.browser.take_spent().as_secs_f64() * 1e6);
            self.browser.take_performed();
        }
        let engine = self.browser.kill(tab);
        let before = (self.allocated)();
        drop(engine);
        self.memory = before.zip((self.allocated)()).map(|(before, after)| before.saturating_sub(after));
    }

    #[allow(clippy::cast_possible_truncation, reason = "the upper half is meant")]
    fn below(&mut self, limit: u32) -> u32 {
        self.chance = self.chance.next();
        ((self.chance.0 >> 32) as u32) % limit.max(1)
    }

    /// Few are met often, and many seldom: evenly by the logarithm of their rank.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to `most`")]
    fn common(&mut self, most: u32) -> u32 {
        let share = f64::from(self.below(1 << 24)) / f64::from(1 << 24);
        f64::from(most).powf(share) as u32
    }

    /// What somebody does in a shop, or what its pages say of them.
    fn event(&mut self) -> Option<Signal> {
        let (category, brand, item) = (self.common(CATEGORIES), self.common(BRANDS), self.common(ITEMS));
        let name = ["boots", "tents", "packs", "stoves"].get(category as usize - 1);
        let category = name.map_or_else(|| format!("category {category}"), |name| (*name).to_owned());
        let item = Object::new()
            .with("item_id", format!("sku-{item}"))
            .with("item_category", category.as_str())
            .with("item_brand", format!("brand {brand}"))
            .with("price", f64::from(self.below(20_000)) / 100.0)
            .with("quantity", 1.0);
        let items = Object::new().with("items", vec![Value::from(item)]);
        let track = |name: &str, params: Object| {
            Object::new().with("signal", "track").with("event", name).with("params", params)
        };
        let tree = match self.below(200) {
            0..70 => Object::new().with("signal", "view").with("path", format!("/{category}/")),
            70..160 => track("view_item", items),
            160..174 => track("add_to_cart", items),
            174..182 => track("remove_from_cart", items),
            182 => {
                self.orders += 1;
                track("purchase", items.with("transaction_id", format!("T-{}", self.orders)))
            }
            183..185 => {
                let outcome = if self.below(3) > 0 { "dismissed" } else { "accepted" };
                Object::new().with("signal", "prompt").with("prompt", "letter").with("outcome", outcome)
            }
            185..190 => Object::new().with("signal", "activity").with("depth", self.below(100)),
            _ => {
                let names = ["search", "scroll", "select_item", "share", "view_item_list", "view_cart", "sign_up"];
                let place = self.below(60) as usize;
                let name = names.get(place).map_or_else(|| format!("event_{place}"), |name| (*name).to_owned());
                track(&name, Object::new())
            }
        };
        read_signal(&tree.into(), &Native)
    }
}
