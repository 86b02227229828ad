//! Plays the steps of a log, one visitor after the other.

use tailorbird::config::Config;
use tailorbird::signal::Signal;
use tailorbird::signal::event::name::VIEW_ITEM;
use tailorbird::time::{SECOND, Timestamp};
use tailorbird_recommend::site_model::SiteModel;

use super::counts::Counts;
use super::recorded::{Kind, Recorded, Step, seed_of};
use super::trace::{Lines, SessionName};
use super::visit::Visit;

/// With what sessions are played.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The config.
    pub config: &'a Config,
    /// What recommendations are asked of.
    pub model: Option<&'a SiteModel<'a>>,
    /// Whether every decision is written down.
    pub is_traced: bool,
}

/// One that plays, and what it has counted.
pub struct Player<'a> {
    setting: Setting<'a>,
    visitor: String,
    visit: Option<Visit<'a>>,
    session: Option<OpenSession>,
    counts: Counts,
    lines: Lines,
}

/// A session that is not over.
struct OpenSession {
    id: String,
    /// The number of its next event.
    place: u64,
    /// When the last event was; `None` before the first.
    last: Option<Timestamp>,
    /// The page it is on, where the log names it.
    page: Option<String>,
}

impl<'a> Player<'a> {
    /// One that has played nothing.
    pub fn new(setting: Setting<'a>) -> Player<'a> {
        let counts = Counts::new(setting.config, setting.model);
        Player { setting, visitor: String::new(), visit: None, session: None, counts, lines: Lines::default() }
    }

    /// Plays the next step.
    pub fn play(&mut self, step: Step) {
        match step {
            Step::Visitor(visitor) => {
                self.end_visitor();
                self.visitor = visitor;
            }
            Step::Session(id) => {
                self.end_session();
                self.session = Some(OpenSession { id, place: 0, last: None, page: None });
            }
            Step::Event(recorded) => self.event(&recorded),
        }
    }

    /// Nothing more is known of the visitor.
    pub fn end_visitor(&mut self) {
        self.end_session();
        self.visit = None;
    }

    /// The lines of the trace since this was last asked.
    pub fn take_lines(&mut self) -> Vec<u8> {
        self.lines.take()
    }

    /// How many events were played.
    pub fn events(&self) -> usize {
        self.counts.events
    }

    /// What was counted.
    pub fn into_counts(mut self) -> Counts {
        self.end_visitor();
        self.counts
    }

    fn event(&mut self, recorded: &Recorded) {
        let Setting { config, model, is_traced } = self.setting;
        let Some(session) = &mut self.session else { return };
        let (page, now) = (recorded.page.as_deref(), recorded.at);
        let opens = session.last.is_none();
        let visit = match &mut self.visit {
            Some(visit) => {
                if opens {
                    visit.come_back(page, now);
                }
                visit
            }
            none => {
                let slots = config.slots.iter().map(|slot| slot.id.clone()).collect();
                none.insert(Visit::new(config, model, seed_of(&self.visitor), slots, page, now))
            }
        };
        let is_page_view = recorded.kind == Kind::PageView;
        let turns = match page {
            // The first page of a session is open already.
            Some(_) => !opens && (is_page_view || session.page.as_deref() != page),
            // A shop has a page for each item, and only there are recommendations asked for anew.
            None => model.is_some() || (is_page_view && !opens),
        };
        if turns {
            visit.turn_page(page, now);
        }
        visit.happen(recorded);
        // What `tb.decide` does in a page: record the use, then look.
        let mut decisions = Vec::with_capacity(config.slots.len());
        for slot in &config.slots {
            visit.dispatch(Signal::DecisionUsed(slot.id.clone()), now);
            decisions.extend(visit.peek(&slot.id, now));
        }
        self.counts.event(visit.take_spent(), &decisions);
        if let (Some(hits), Some(item)) = (&mut self.counts.hits, viewed(&recorded.kind)) {
            hits.look(item, &decisions);
        }
        if is_traced {
            let name = SessionName { session: &session.id, visitor: &self.visitor };
            for decision in &decisions {
                self.lines.decision(&name, session.place, decision);
            }
        }
        session.place += 1;
        session.last = Some(now);
        session.page = recorded.page.clone().or(session.page.take());
    }

    /// The pointer leaves the page, one second after the last event.
    fn end_session(&mut self) {
        let Some(session) = self.session.take() else { return };
        let (Some(visit), Some(last)) = (&mut self.visit, session.last) else { return };
        visit.exit(last.plus(SECOND));
        let prompts = core::mem::take(&mut visit.prompts);
        if self.setting.is_traced {
            let name = SessionName { session: &session.id, visitor: &self.visitor };
            prompts.iter().for_each(|prompt| self.lines.prompt(&name, &prompt.id));
        }
        self.counts.session(prompts.len());
    }
}

/// The item that was looked at, if one was.
fn viewed(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Event { name, items, .. } if name == VIEW_ITEM => items.first().map(|item| item.id.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
