//! One visitor of a replay, and the engine on the pages they open.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tailorbird::config::Config;
use tailorbird::decision::Decision;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::Effect;
use tailorbird::random::Seed;
use tailorbird::signal::consent::{Allowed, Statement};
use tailorbird::signal::context::PageContext;
use tailorbird::signal::event::Event;
use tailorbird::signal::pointer_exit::PointerExit;
use tailorbird::signal::ranking::{RANKED, RankRequest, RankedItem};
use tailorbird::signal::{PromptOutcome, Signal};
use tailorbird::time::Timestamp;
use tailorbird::value::{Object, Value};
use tailorbird_recommend::site_model::{Ranked, SiteModel};
use tailorbird_simulator::{Browser, Pace};

use super::recorded::{Item, Kind, Recorded};

/// A visitor who has consented, in one tab. Nothing is stored when they come first; what they did in a session is
/// when they come back.
pub struct Visit<'a> {
    browser: Browser,
    config: &'a Config,
    seed: Seed,
    /// The tab's id on this page, as bits.
    page_id: Seed,
    /// What recommendations are asked of.
    model: Option<&'a SiteModel<'a>>,
    /// The slots of the page.
    slots: Vec<String>,
    started: Instant,
    /// How long the engine has taken for questions.
    asked: Duration,
    /// The prompts that came up, each shown at once.
    pub prompts: Vec<ShownPrompt>,
}

/// A prompt that was shown. Nobody answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownPrompt {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
}

/// The visit's only tab.
const TAB: usize = 0;

impl<'a> Visit<'a> {
    /// A visitor with this seed on a page that has these slots, by its path if that is known. What the page does not
    /// have is never shown, but can be asked for all the same.
    pub fn new(
        config: &'a Config,
        model: Option<&'a SiteModel<'a>>,
        seed: Seed,
        slots: Vec<String>,
        page: Option<&str>,
        now: Timestamp,
    ) -> Visit<'a> {
        let started = Instant::now();
        let mut browser = Browser::new(Pace::Immediate);
        browser.measure(move || started.elapsed());
        browser.open_tab(engine(config, seed), tab_id(seed));
        let (asked, prompts) = (Duration::ZERO, Vec::new());
        let mut visit = Visit { browser, config, seed, page_id: seed, model, slots, started, asked, prompts };
        visit.arrive(page, now);
        visit
    }

    /// The visitor comes back, to a page with the same slots: another engine, which finds what was stored.
    pub fn come_back(&mut self, page: Option<&str>, now: Timestamp) {
        self.page_id = self.page_id.next();
        self.browser.next_page(TAB, engine(self.config, self.seed), tab_id(self.page_id));
        self.arrive(page, now);
    }

    /// What a page tells the engine when it opens; how long that takes is not of interest.
    fn arrive(&mut self, page: Option<&str>, now: Timestamp) {
        let consent = Statement { personalize: Some(Allowed::Granted), measure: Some(true), ..Statement::default() };
        self.dispatch(Signal::Consent(vec![consent]), now);
        self.turn_page(page, now);
        self.dispatch(Signal::Ready, now);
        self.take_spent();
    }

    /// The next page, with the same slots.
    pub fn turn_page(&mut self, page: Option<&str>, now: Timestamp) {
        let context = page.map(|path| PageContext::read(&Value::from(Object::new().with("path", path))));
        self.dispatch(Signal::PageView(context.unwrap_or_default()), now);
        self.dispatch(Signal::SlotsPresent(self.slots.clone()), now);
    }

    /// Gives the engine a signal, shows at once what prompts it asks for, and asks the model what it wants to know.
    pub fn dispatch(&mut self, signal: Signal, now: Timestamp) {
        let mut signals = VecDeque::from([signal]);
        while let Some(signal) = signals.pop_front() {
            self.browser.dispatch(TAB, signal, now);
            for performed in self.browser.take_performed() {
                match performed.effect {
                    Effect::Prompt { id, .. } => {
                        signals.push_back(Signal::PromptOutcome(id.clone(), PromptOutcome::Shown));
                        self.prompts.push(ShownPrompt { id, at: performed.at });
                    }
                    Effect::Rank(request) => {
                        let items = self.model.map(|model| ranked(model, &request));
                        signals.push_back(Signal::Ranked(request, items));
                    }
                    _ => {}
                }
            }
        }
    }

    /// The visitor does something on this page.
    pub fn happen(&mut self, recorded: &Recorded) {
        if let Some(event) = event(&recorded.kind) {
            self.dispatch(Signal::Event(event), recorded.at);
        }
    }

    /// What a slot would show now; nothing is recorded. `None` for a slot that is not in the config.
    pub fn peek(&mut self, slot: &str, now: Timestamp) -> Option<Decision> {
        let started = self.started.elapsed();
        let decision = self.browser.engine(TAB).peek(slot, now);
        self.asked += self.started.elapsed().saturating_sub(started);
        decision
    }

    /// What is known of the visitor, as `tailorbird.profile()` has it.
    pub fn profile(&mut self, now: Timestamp) -> Object {
        self.browser.engine(TAB).profile(now)
    }

    /// Why prompts are not shown, as `tailorbird.explain("prompts")` has it.
    pub fn explain_prompts(&mut self, now: Timestamp) -> Value {
        self.browser.engine(TAB).explain_prompts(now)
    }

    /// How long the engine has taken since this was last asked.
    pub fn take_spent(&mut self) -> Duration {
        self.browser.take_spent() + core::mem::take(&mut self.asked)
    }

    /// The pointer leaves through the top.
    pub fn exit(&mut self, now: Timestamp) {
        let exit = PointerExit { x_px: 100.0, y_px: -1.0, is_on_its_way: true, ..PointerExit::default() };
        self.dispatch(Signal::PointerExit(exit), now);
    }
}

/// What the model answers.
fn ranked(model: &SiteModel<'_>, request: &RankRequest) -> Vec<RankedItem> {
    let ranked = model.rank(request.kind.name(), &request.history, RANKED as usize).into_iter();
    let item = |one: Ranked<'_>| RankedItem {
        id: one.id.to_owned(),
        score: one.score,
        because: one.because.map(str::to_owned),
    };
    ranked.map(item).collect()
}

fn engine(config: &Config, seed: Seed) -> Engine {
    Engine::new(config.clone(), seed, Box::new(Native))
}

fn tab_id(bits: Seed) -> String {
    format!("{:016x}", bits.0)
}

/// The event as a site would push it, read as the engine reads it; `None` where there is none.
fn event(kind: &Kind) -> Option<Event> {
    let Kind::Event { name, items, value, order } = kind else { return None };
    let mut parameters = Object::new().with("items", items.iter().map(item).collect::<Vec<_>>());
    if let Some(value) = value {
        parameters.set("value", *value);
    }
    if let Some(order) = order {
        parameters.set("transaction_id", order.as_str());
    }
    Event::read(name, &Value::from(parameters), &Native)
}

fn item(item: &Item) -> Object {
    let mut written = Object::new().with("item_id", item.id.as_str()).with("item_category", item.category.as_str());
    for (key, number) in [("price", item.price), ("quantity", item.quantity)] {
        if let Some(number) = number {
            written.set(key, number);
        }
    }
    written
}
