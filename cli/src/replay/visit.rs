//! One visitor of a replay on one page, and the engine that runs there.

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

use super::sessions::Recorded;

/// A new visitor on one page: consent given, nothing stored before.
pub struct Visit<'a> {
    browser: Browser,
    /// What recommendations are asked of.
    model: Option<&'a SiteModel<'a>>,
    /// The slots of the page.
    slots: Vec<String>,
    started: Instant,
    /// How long the engine has taken for questions.
    asked: Duration,
    /// The prompts that came up, each shown at once.
    pub prompts: Vec<String>,
}

/// The visit's only tab.
const TAB: usize = 0;

impl<'a> Visit<'a> {
    /// A visitor with this seed on a page that has these slots. What the page does not have is never shown, but can be
    /// asked for all the same.
    pub fn new(
        config: &Config,
        model: Option<&'a SiteModel<'a>>,
        seed: Seed,
        slots: Vec<String>,
        now: Timestamp,
    ) -> Visit<'a> {
        let started = Instant::now();
        let mut browser = Browser::new(Pace::Immediate);
        browser.measure(move || started.elapsed());
        browser.open_tab(Engine::new(config.clone(), seed, Box::new(Native)), format!("{:016x}", seed.0));
        let mut visit =
            Visit { browser, model, slots: slots.clone(), started, asked: Duration::ZERO, prompts: Vec::new() };
        let consent = Statement { personalize: Some(Allowed::Granted), measure: Some(true), ..Statement::default() };
        for signal in [
            Signal::Consent(vec![consent]),
            Signal::PageView(PageContext::default()),
            Signal::SlotsPresent(slots),
            Signal::Ready,
        ] {
            visit.dispatch(signal, now);
        }
        visit.take_spent();
        visit
    }

    /// The next page, with the same slots.
    pub fn turn_page(&mut self, now: Timestamp) {
        self.dispatch(Signal::PageView(PageContext::default()), now);
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
                        self.prompts.push(id);
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

    /// The visitor does something.
    pub fn happen(&mut self, recorded: Recorded<'_>) {
        if let Some(event) = event(recorded) {
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

/// The event as a site would push it, read as the engine reads it.
fn event(recorded: Recorded<'_>) -> Option<Event> {
    let mut item = Object::new().with("item_id", recorded.item).with("item_category", recorded.category);
    if let Some(price) = recorded.price {
        item.set("price", price);
    }
    Event::read(recorded.event, &Value::from(Object::new().with("items", vec![item])), &Native)
}
