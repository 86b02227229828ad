//! What was captured becomes events, unless the site says the same itself.
//!
//! A site that tracks something itself must not be counted twice. So by name of event, whoever sends it first after
//! the document was loaded is listened to: the site (by the data layer or by `track`), or Segment. And an automatic
//! event waits for two seconds: where either of them has sent, or sends, an event of that name, it is dropped.

use super::Engine;
use super::rage_clicks::RageClicks;
use crate::signal::Signal;
use crate::signal::capture::{self, Captured, FormStep, SCROLL_STEPS, name, reached};
use crate::signal::catalog::Markup;
use crate::signal::event::{self, Event};
use crate::time::{SECOND, Timestamp};

/// How long an automatic event waits.
const WAIT_MS: i64 = 2 * SECOND;
/// The most automatic events of one page view.
const AUTOMATIC: u32 = 50;
/// The most names of events for which it is noted who sends them.
const NAMES: usize = 100;
/// The most forms of one page view.
const FORMS: usize = 20;

/// Who sends events by code of the site's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The data layer, or `track`.
    Site,
    /// Segment.
    Segment,
}

/// What was captured since the document was loaded, and on this page view.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// Who sends the events of a name, since the document was loaded.
    senders: Vec<(String, Sender)>,
    /// Automatic events, each with the time from which it counts.
    waiting: Vec<(Event, Timestamp)>,
    /// The thing that markup named last, and the page on which it did.
    described: Option<(String, String)>,
    /// How many automatic events there were on this page view.
    automatic: u32,
    /// Whether the markup of this page view was read.
    has_markup: bool,
    /// How far down the visitor has scrolled, in percent.
    scrolled: u32,
    forms: Vec<Form>,
    clicks: RageClicks,
}

/// A form that was used on this page view.
#[derive(Clone, Debug)]
struct Form {
    number: u32,
    id: String,
    /// Whether it was begun, and neither sent nor abandoned.
    is_open: bool,
}

impl Capture {
    /// Whether an event of this name from this sender counts: nobody else has sent one before.
    pub fn listens_to(&mut self, sender: Sender, name: &str) -> bool {
        self.waiting.retain(|(event, _)| !is_named(event, name));
        if let Some((_, known)) = self.senders.iter().find(|(known, _)| known == name) {
            return *known == sender;
        }
        if self.senders.len() < NAMES {
            self.senders.push((name.to_owned(), sender));
        }
        true
    }

    /// Whether the site sends the same as this automatic event.
    fn is_sent(&self, event: &Event) -> bool {
        self.senders.iter().any(|(name, _)| is_named(event, name))
    }

    /// When the next automatic event counts.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.waiting.iter().map(|(_, due)| *due).min()
    }

    /// A new page view.
    pub fn on_page_view(&mut self) {
        *self = Capture {
            senders: core::mem::take(&mut self.senders),
            described: self.described.take(),
            ..Capture::default()
        };
    }

    /// Everything is erased. What the site sends itself stays known: it says nothing of the visitor.
    pub fn forget(&mut self) {
        self.waiting.clear();
        self.forms.clear();
        self.described = None;
    }

    /// The forms that were begun and are left now.
    fn abandoned(&mut self) -> Vec<Event> {
        let open = self.forms.iter_mut().filter(|form| form.is_open);
        open.map(|form| {
            form.is_open = false;
            capture::form(name::FORM_ABANDON, &form.id)
        })
        .collect()
    }

    /// The events of a form being used: it is begun once.
    fn form(&mut self, number: u32, id: String, step: FormStep) -> Option<Event> {
        let known = self.forms.iter_mut().find(|form| form.number == number);
        match (step, known) {
            (FormStep::Start, Some(_)) => None,
            (FormStep::Start, None) => {
                if self.forms.len() >= FORMS {
                    return None;
                }
                let event = capture::form(name::FORM_START, &id);
                self.forms.push(Form { number, id, is_open: true });
                Some(event)
            }
            (FormStep::Submit, known) => {
                if let Some(form) = known {
                    form.is_open = false;
                }
                Some(capture::form(name::FORM_SUBMIT, &id))
            }
        }
    }
}

impl Engine {
    /// Applies what was captured.
    pub(super) fn captured(&mut self, captured: Captured, now: Timestamp) {
        let rules = self.config.capture;
        let later = now.plus(WAIT_MS);
        match captured {
            Captured::Segment(event) => {
                if rules.segment && self.capture.listens_to(Sender::Segment, &event.name) {
                    self.view.engagement.active(0, now);
                    self.event(event, now);
                }
            }
            Captured::Markup(markup) => self.markup(&markup, now),
            Captured::Scroll(percent) => {
                let before = self.capture.scrolled;
                self.capture.scrolled = before.max(percent);
                for step in reached(&SCROLL_STEPS, before, percent).filter(|_| rules.scroll) {
                    self.automatic(capture::scroll(step), later);
                }
            }
            Captured::Click(click) => {
                if !rules.clicks {
                    return;
                }
                let link = click.link.as_ref();
                if let Some(event) = link.and_then(|link| link.event(&self.view.context.host, &self.config.partners)) {
                    self.automatic(event, later);
                }
                if self.capture.clicks.observe(&click, now) {
                    self.automatic(capture::rage_click(), later);
                }
            }
            Captured::Video(step) => {
                if rules.video {
                    self.automatic(step.event(), later);
                }
            }
            Captured::Form(number, id, step) => {
                let event = self.capture.form(number, id, step);
                event.into_iter().filter(|_| rules.forms).for_each(|event| self.automatic(event, later));
            }
        }
    }

    /// The page had time to say what it is about, and the site to send events of it.
    fn markup(&mut self, markup: &Markup, now: Timestamp) {
        if core::mem::replace(&mut self.capture.has_markup, true) {
            return;
        }
        if self.config.rules.sensitive.has_markup(markup) {
            self.view.is_sensitive = true;
            return;
        }
        self.note_products(markup);
        let rules = self.config.capture;
        if let Some(term) = self.view.context.search_term.as_deref().filter(|_| rules.search) {
            self.automatic(capture::search(term), now);
        }
        let context = &self.view.context;
        let is_wanted = rules.catalog && !self.capture.senders.iter().any(|(name, _)| name == event::name::VIEW_ITEM);
        let event =
            is_wanted.then(|| markup.main_item(&context.address, &self.config.rules.currency, self.host.as_ref()));
        if let Some(event) = event.flatten()
            && let [item] = event.items.as_slice()
        {
            // Single-page applications often leave the markup of the page before.
            let path = context.path.clone();
            let is_left = self.capture.described.as_ref().is_some_and(|(id, at)| *id == item.id && *at != path);
            if !is_left {
                self.capture.described = Some((item.id.clone(), path));
                self.automatic(event, now);
            }
        }
        self.release_due(now);
    }

    /// An automatic event, which counts from `due` on unless the site sends the same.
    fn automatic(&mut self, event: Event, due: Timestamp) {
        if self.capture.automatic < AUTOMATIC && !self.capture.is_sent(&event) {
            self.capture.automatic += 1;
            self.capture.waiting.push((event, due));
        }
    }

    /// Records automatic events that have waited long enough; all of them, and the forms that are left, where the
    /// visitor leaves the page.
    pub(super) fn release_captured(&mut self, signal: &Signal, now: Timestamp) {
        let leaves = matches!(signal, Signal::PageView(_) | Signal::TabVisible(false));
        if leaves {
            let is_wanted = self.config.capture.forms;
            let abandoned = self.capture.abandoned().into_iter().filter(|_| is_wanted);
            abandoned.for_each(|event| self.automatic(event, now));
            self.capture.waiting.iter_mut().for_each(|(_, due)| *due = now);
        }
        self.release_due(now);
    }

    fn release_due(&mut self, now: Timestamp) {
        if self.capture.waiting.is_empty() {
            return;
        }
        // A clock that was set back keeps nothing waiting.
        let is_due = |due: &Timestamp| *due <= now || due.since(now) > WAIT_MS;
        let (due, waiting) = core::mem::take(&mut self.capture.waiting).into_iter().partition(|(_, due)| is_due(due));
        self.capture.waiting = waiting;
        for (event, _) in due {
            self.event(event, now);
        }
    }
}

/// Whether an event of this name says the same as an automatic one.
fn is_named(automatic: &Event, name: &str) -> bool {
    let is_search = automatic.name == name::VIEW_SEARCH_RESULTS && name == event::name::SEARCH;
    automatic.name == name || is_search
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::host::Native;
    use crate::page::Effect;
    use crate::random::Seed;
    use crate::signal::context::PageContext;
    use crate::time::DAY;

    #[test]
    fn a_timer_that_runs_out_early_is_started_anew() {
        let config = Config::read(&serde_json::from_str(r#"{"version": 1}"#).unwrap()).unwrap();
        let mut engine = Engine::new(config, Seed(1), Box::new(Native));
        let start = Timestamp::from_ms(20_600 * DAY);
        engine.dispatch(Signal::PageView(PageContext::default()), start);
        engine.dispatch(Signal::Ready, start);
        let due = start.plus(WAIT_MS);
        let wakes = |effects: Vec<Effect>| effects.contains(&Effect::WakeAt(due));
        assert!(wakes(engine.dispatch(Signal::Captured(Captured::Scroll(25)), start)));
        assert!(wakes(engine.dispatch(Signal::Timer, due.plus(-1))), "a millisecond before its time");
        assert_eq!(engine.capture.waiting.len(), 1);
        engine.dispatch(Signal::Timer, due);
        assert_eq!(engine.capture.waiting.len(), 0);
    }

    #[test]
    fn whoever_sends_a_name_first_is_listened_to() {
        let mut capture = Capture::default();
        assert!(capture.listens_to(Sender::Segment, "view_item"));
        assert!(!capture.listens_to(Sender::Site, "view_item"), "Segment was first");
        assert!(capture.listens_to(Sender::Site, "purchase"), "another name");
        assert!(!capture.listens_to(Sender::Segment, "purchase"));
        capture.on_page_view();
        assert!(!capture.listens_to(Sender::Site, "view_item"), "until a document is loaded");
        assert!(capture.listens_to(Sender::Segment, "view_item"));
    }

    #[test]
    fn a_form_is_begun_once_and_abandoned_only_where_it_was_not_sent() {
        let mut capture = Capture::default();
        let names = |events: Vec<Event>| events.into_iter().map(|event| event.name).collect::<Vec<_>>();
        let mut form = |number, step| names(capture.form(number, String::new(), step).into_iter().collect());
        assert_eq!(form(1, FormStep::Start), ["form_start"]);
        assert_eq!(form(1, FormStep::Start), [""; 0]);
        assert_eq!(form(2, FormStep::Start), ["form_start"]);
        assert_eq!(form(2, FormStep::Submit), ["form_submit"]);
        assert_eq!(form(3, FormStep::Submit), ["form_submit"], "without a field of its own");
        assert_eq!(names(capture.abandoned()), ["form_abandon"]);
        assert_eq!(names(capture.abandoned()), [""; 0], "once");
    }
}
