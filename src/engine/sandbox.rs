//! A copy of the engine in memory, to try things on: what happens in it reaches nobody.
//!
//! It is another [`Engine`] with the same config, on the same page, for the same visitor or for somebody new, and consent
//! is given in it. Its effects are performed here: what is shown is applied at once, a timer rings when the sandbox's own
//! clock comes to its time, and everything else that an engine asks of a page goes nowhere. So nothing is stored, sent or
//! dispatched, and the engine that it was made of stays as it is.

use super::Engine;
use crate::host::Host;
use crate::page::{Effect, Show};
use crate::signal::consent::Statement;
use crate::signal::context::PageContext;
use crate::signal::event::Event;
use crate::signal::{PromptOutcome, Restored, Signal};
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// How many signals may follow from one; they end by themselves long before.
const FOLLOWING: usize = 1_000;
/// While the clock is moved, a timer rings late by up to a sixteenth of the time that has passed since: otherwise an engine
/// that looks at the clock every second would be asked 604,800 times in a week.
const LATE_BY: i64 = 16;
/// How its journal is called where it has one.
const TAB: &str = "sandbox";

/// Whose sandbox it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The visitor's, with all that is known now.
    Copy,
    /// Somebody's of whom nothing is known.
    Empty,
}

/// What is different from the page that the sandbox was made on: see `SandboxPage` of `www/inspector/access.ts`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SandboxPage {
    /// The address; relative to that of the page before, where it is.
    pub address: Option<String>,
    /// The address that led here, or its host; empty where none did.
    pub referrer: Option<String>,
    /// The kind of device: `phone`, `tablet` or `desktop`.
    pub device: Option<String>,
}

impl SandboxPage {
    /// Reads an object; what is no text is left out.
    pub fn read(value: &Value) -> SandboxPage {
        let text = |key| value.at(key).as_text().map(str::to_owned);
        SandboxPage { address: text("address"), referrer: text("referrer"), device: text("device") }
    }
}

/// An engine in memory. Every method takes the real time: the sandbox's own clock is ahead of it by what it was moved.
pub struct Sandbox {
    engine: Engine,
    /// How far the clock was moved, in ms; at least 0.
    ahead_ms: i64,
    /// When the engine wants to be woken, by the sandbox's clock.
    wake_at: Option<Timestamp>,
    /// The latest time at which something happened in it.
    at: Timestamp,
}

impl Engine {
    /// A copy of this engine in memory. `host` is another one of the same kind.
    pub fn sandbox(&self, profile: Profile, host: Box<dyn Host>, now: Timestamp) -> Sandbox {
        let seed = match profile {
            Profile::Copy => self.store.unstored_seed(),
            Profile::Empty => self.store.next_seed(),
        };
        let mut engine = Engine::with_config(self.config.clone(), seed, host);
        engine.site = self.site.clone();
        engine.geo = self.geo.clone();
        engine.near = self.near.clone();
        engine.shows_notifications = self.shows_notifications;
        engine.view = self.view.clone();
        // Neither what the address asks to see nor what the boot snippet has shown is what would be decided.
        engine.view.context.previews.clear();
        engine.view.prompts.drop_previews();
        engine.view.context.booted.clear();
        engine.view.context.is_prerendering = false;
        let mut sandbox = Sandbox { engine, ahead_ms: 0, wake_at: None, at: now };
        match profile {
            Profile::Copy => {
                sandbox.consent(Some(self.store.state.clone().encode_all()), now);
                sandbox.engine.store.tell_of(&self.store);
            }
            Profile::Empty => {
                sandbox.consent(None, now);
                sandbox.page_view(&SandboxPage::default(), now);
            }
        }
        // Nobody is looking at it, so every slot may follow what is decided.
        sandbox.dispatch(Signal::SlotsPresent(self.rendered_slots.ids()), now);
        sandbox.dispatch(Signal::Ready, now);
        sandbox
    }
}

impl Sandbox {
    /// Consent is given, and what is stored is read: this profile, if there is one.
    fn consent(&mut self, stored: Option<String>, now: Timestamp) {
        let yes = Object::new().with("personalize", true).with("measure", true);
        let effects = self.engine.dispatch(Signal::Consent(vec![Statement::read(&yes.into())]), now);
        // A site that is directed to children lets nobody consent.
        if effects.iter().any(|effect| matches!(effect, Effect::Restore(_))) {
            let restored = Restored { profile: stored, tab_id: TAB.to_owned(), ..Restored::default() };
            self.dispatch(Signal::Restored(restored), now);
        }
    }

    /// The sandbox's own time.
    fn clock(&self, now: Timestamp) -> Timestamp {
        // The device's clock may have been set back.
        now.plus(self.ahead_ms).max(self.at)
    }

    /// What the engine of the sandbox can say of itself: see [`Engine::inspect`].
    pub fn inspect(&mut self, now: Timestamp) -> Object {
        let clock = self.catch_up(now);
        self.engine.inspect(clock)
    }

    /// Moves the clock forward; nothing happens where `ms` is not above 0. Whatever is due by then happens: timers ring,
    /// late by a sixteenth of the time that the clock was moved at most.
    pub fn advance(&mut self, ms: i64, now: Timestamp) {
        let start = self.catch_up(now);
        self.ahead_ms = self.ahead_ms.saturating_add(ms.max(0));
        let end = self.clock(now);
        self.ring_until(start, end);
        self.dispatch(Signal::Timer, end);
    }

    /// The visitor does something; nothing happens where `name` is no name of an event.
    pub fn track(&mut self, name: &str, params: &Value, now: Timestamp) {
        let clock = self.catch_up(now);
        if let Some(event) = Event::read(name, params, self.engine.host.as_ref()) {
            self.dispatch(Signal::Event(event), clock);
        }
    }

    /// The site states attributes of the visitor.
    pub fn attributes(&mut self, attributes: Object, now: Timestamp) {
        let clock = self.catch_up(now);
        self.dispatch(Signal::Attributes(attributes), clock);
    }

    /// The visitor states the share of an interest: a dimension the config tracks, a key, and a number from 0 to 1.
    pub fn correct(&mut self, dimension: &str, key: &str, share: f64, now: Timestamp) {
        let clock = self.catch_up(now);
        if (0.0..=1.0).contains(&share) {
            self.dispatch(Signal::Correct(dimension.to_owned(), key.to_owned(), share), clock);
        }
    }

    /// The visitor is in a segment, or out of it, whatever its condition says; `None` asks the condition again.
    pub fn force(&mut self, segment: &str, is_in: Option<bool>, now: Timestamp) {
        let clock = self.catch_up(now);
        self.engine.force_segment(segment, is_in);
        self.dispatch(Signal::Timer, clock);
    }

    /// Another page view.
    pub fn page_view(&mut self, page: &SandboxPage, now: Timestamp) {
        let clock = self.catch_up(now);
        let context = self.context_of(page);
        // What the same page says of its products, it says again.
        let catalog = page.address.is_none().then(|| self.engine.view.catalog.clone());
        self.dispatch(Signal::PageView(context), clock);
        if let Some(catalog) = catalog {
            self.engine.view.catalog = catalog;
        }
    }

    /// The context of another page view.
    fn context_of(&self, page: &SandboxPage) -> PageContext {
        let (context, host) = (&self.engine.view.context, self.engine.host.as_ref());
        let attribute =
            |group, name| context.attributes.get(group).map_or(&Value::Null, |group: &Value| group.at(name));
        let written = page.address.as_deref().unwrap_or(&context.address);
        let address = host.address(written, &context.address);
        let pairs = address.at("params").items().iter().filter_map(|pair| match pair.items() {
            [name, value, ..] => Some((name.text(), value.clone())),
            _ => None,
        });
        let params = pairs.fold(Object::new(), |params, (name, value)| params.with(name, value));
        let referrer = page.referrer.as_deref().map(|referrer| match host.address(referrer, "").at("host").text() {
            "" => referrer.to_owned(),
            host => without_port(host).to_owned(),
        });
        let device = page.device.as_deref().unwrap_or(attribute("device", "class").text());
        let report = Object::new()
            .with("url", address.at("href").text())
            .with("path", address.at("pathname").text())
            .with("params", params)
            .with("host", without_port(address.at("host").text()))
            .with("referrer", referrer.unwrap_or_else(|| context.referrer_host.clone()))
            .with("language", attribute("page", "locale").clone())
            .with("languages", context.languages.clone())
            .with("device", device)
            .with("zone", f64::from(context.zone.0));
        PageContext { is_crawler: context.is_crawler, previews: Vec::new(), ..PageContext::read(&report.into()) }
    }

    /// Does what has become due since something last happened; returns the sandbox's time.
    fn catch_up(&mut self, now: Timestamp) -> Timestamp {
        let clock = self.clock(now);
        self.ring_until(self.at, clock);
        clock
    }

    /// Rings every timer that is due from `start` until `end`.
    fn ring_until(&mut self, start: Timestamp, end: Timestamp) {
        while let Some(due) = self.wake_at.filter(|due| *due <= end) {
            self.wake_at = None;
            self.dispatch(Signal::Timer, rung_at(due, self.at, start).min(end));
            if self.at >= end {
                break;
            }
        }
    }

    /// Passes a signal to the engine and performs what comes of it.
    fn dispatch(&mut self, signal: Signal, at: Timestamp) {
        self.at = self.at.max(at);
        let mut waiting = vec![signal];
        for _ in 0..FOLLOWING {
            if waiting.is_empty() {
                break;
            }
            let effects = self.engine.dispatch(waiting.remove(0), self.at);
            for effect in effects {
                waiting.extend(self.perform(effect));
            }
        }
    }

    /// Performs an effect as far as it stays in the sandbox; what the page would answer.
    fn perform(&mut self, effect: Effect) -> Option<Signal> {
        match effect {
            Effect::Show(Show { slot, variant, .. }) => Some(Signal::SlotApplied { slot, variant }),
            // It stays open until the next page view: nobody answers it.
            Effect::Prompt { id, .. } => Some(Signal::PromptOutcome(id, PromptOutcome::Shown)),
            Effect::Restore(_) => {
                let profile = self.engine.store.give_up_journal();
                let restored = Restored { profile: Some(profile), tab_id: TAB.to_owned(), ..Restored::default() };
                Some(Signal::Restored(restored))
            }
            // What the page has asked the site model is known; anything else it could not be asked.
            Effect::Rank(request) => Some(Signal::Ranked(request, None)),
            Effect::WakeAt(at) => {
                self.wake_at = Some(at);
                None
            }
            Effect::Revert { .. }
            | Effect::Speculate(_)
            | Effect::EndSpeculation
            | Effect::Locate
            | Effect::Save(_)
            | Effect::Append(_)
            | Effect::SaveDecisions(_)
            | Effect::Erase
            | Effect::Renew(_)
            | Effect::CloseStorage
            | Effect::Restart { .. }
            | Effect::Quarantine(_)
            | Effect::Fold
            | Effect::DataLayerPush(_)
            | Effect::Preview(_)
            | Effect::Redirect(_)
            | Effect::DomEvent(..)
            | Effect::Warn(_) => None,
        }
    }
}

/// When a timer that is due rings, where the clock is moved from `start` and has come to `at`.
fn rung_at(due: Timestamp, at: Timestamp, start: Timestamp) -> Timestamp {
    due.max(at.plus((at.since(start) / LATE_BY).max(1)))
}

fn without_port(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests;
