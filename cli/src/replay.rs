//! `tailorbird replay`: recorded sessions through the same core that runs in the browser.

mod report;
mod sessions;
mod trace;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tailorbird::config::Config;
use tailorbird::decision::Decision;
use tailorbird::engine::Engine;
use tailorbird::hash::fnv1a_64;
use tailorbird::host::Native;
use tailorbird::page::Effect;
use tailorbird::random::Seed;
use tailorbird::signal::consent::{Allowed, Statement};
use tailorbird::signal::context::PageContext;
use tailorbird::signal::event::Event;
use tailorbird::signal::pointer_exit::PointerExit;
use tailorbird::signal::{PromptOutcome, Signal};
use tailorbird::time::{SECOND, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_simulator::{Browser, Pace};

use crate::arguments::EXIT_CODES;
use crate::config_file;
use crate::ending::{Ending, print};
use crate::progress::bar;
use report::Report;
use sessions::{Recorded, Session, Sessions};
use trace::Trace;

/// Play recorded sessions, and print what would have been shown
///
/// The sessions are a CSV file with a header: SessionId,ItemId,Time and optionally Event,Category,Price,
/// in any order. Time is in seconds since 1970 and is rounded to whole milliseconds. A missing Event is
/// view_item; a missing Category is c + ItemId mod 16, and is reported as made up. Rows of one session
/// need not be adjacent. Bad rows are named and skipped; only a file without a good row is refused.
///
/// Each SessionId is a new visitor who consents, on one page with all slots of the config; the hash of
/// the id (64-bit FNV-1a) is the seed, so that the same file gives the same decisions every time. After
/// each event every slot is decided once. One second after the last event the pointer leaves the page
/// through the top; prompts that are due then count as shown.
///
/// What is printed:
///   decisions        by slot and level: standard (the page's own content), generic (what works for
///                    everybody), customized (a segment), personalized (the visitor's own interests)
///   coverage         the share of all decisions above standard, from 0 to 1
///   prompts_per_100  prompts shown in 100 sessions
///   categories       "given", "made up", or "partly made up" where only some rows have one
///   p50_us, p99_us   microseconds one event takes with all its decisions: the median, and what 99 %
///                    stay within; only a release build says anything about speed
///
/// With --json one object is printed: {"sessions", "events", "bad_rows", "categories", "decisions":
/// {SLOT: {"standard", "generic", "customized", "personalized"}}, "prompts_per_100", "coverage",
/// "p50_us", "p99_us"}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Replay {
    /// The config, as JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The recorded sessions
    #[arg(long, value_name = "FILE.csv")]
    sessions: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// Write every decision here, one JSON line each
    ///
    /// Each is {"session", "event" (its place in the session, from 0), "slot", "variant", "level", "score",
    /// "propensity"}; a prompt that is shown is {"session", "prompt"}.
    #[arg(long, value_name = "FILE.jsonl")]
    trace: Option<PathBuf>,
}

impl Replay {
    /// Replays all sessions, and prints what would have been shown.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written, when the config is refused as a whole, and when no row is good.
    pub fn run(&self) -> Result<(), Ending> {
        let config = config_file::read_and_report(&self.config)?;
        let sessions = Sessions::read(&self.sessions)?;
        let read = [self.config.as_path(), self.sessions.as_path()];
        let mut trace = self.trace.as_ref().map(|path| Trace::new(path, &read)).transpose()?;

        let mut report = Report::new(&config, &sessions);
        let progress = bar("replaying", sessions.events() as u64);
        for session in sessions.iter() {
            progress.inc(play(&config, session, &mut report, trace.as_mut())?);
        }
        progress.finish_and_clear();
        trace.map_or(Ok(()), Trace::finish)?;
        print(&if self.json { format!("{}\n", report.json()) } else { report.text() })
    }
}

/// Plays one session as a new visitor on one page; answers how many events it had.
fn play(
    config: &Config,
    session: Session<'_>,
    report: &mut Report,
    mut trace: Option<&mut Trace>,
) -> Result<u64, Ending> {
    let Some(first) = session.events().next() else { return Ok(0) };
    let mut visit = Visit::new(config, session.id, first.at);
    let (mut last, mut count) = (first.at, 0);
    for (place, recorded) in session.events().enumerate() {
        if let Some(event) = event(recorded) {
            visit.dispatch(Signal::Event(event), recorded.at);
        }
        // What `tb.decide` does in a page: record the use, then look.
        let mut decisions = Vec::with_capacity(config.slots.len());
        for slot in &config.slots {
            visit.dispatch(Signal::DecisionUsed(slot.id.clone()), recorded.at);
            decisions.extend(visit.peek(&slot.id, recorded.at));
        }
        report.event(visit.take_spent(), &decisions);
        if let Some(trace) = &mut trace {
            for decision in &decisions {
                trace.decision(session.id, place, decision)?;
            }
        }
        (last, count) = (recorded.at, count + 1);
    }
    visit.exit(last.plus(SECOND));
    for prompt in &visit.prompts {
        report.prompt();
        if let Some(trace) = &mut trace {
            trace.prompt(session.id, prompt)?;
        }
    }
    report.session();
    Ok(count)
}

/// A new visitor on one page with all slots: consent given, nothing stored before.
struct Visit {
    browser: Browser,
    started: Instant,
    /// How long the engine has taken for questions.
    asked: Duration,
    /// The prompts that came up, each shown at once.
    prompts: Vec<String>,
}

/// The visit's only tab.
const TAB: usize = 0;

impl Visit {
    fn new(config: &Config, session: &str, now: Timestamp) -> Visit {
        let seed = Seed(fnv1a_64(session.as_bytes()));
        let started = Instant::now();
        let mut browser = Browser::new(Pace::Immediate);
        browser.measure(move || started.elapsed());
        browser.open_tab(Engine::new(config.clone(), seed, Box::new(Native)), format!("{:016x}", seed.0));
        let mut visit = Visit { browser, started, asked: Duration::ZERO, prompts: Vec::new() };
        let consent = Statement { personalize: Some(Allowed::Granted), measure: Some(true), ..Statement::default() };
        let slots = config.slots.iter().map(|slot| slot.id.clone()).collect();
        for signal in [
            Signal::Consent(consent),
            Signal::PageView(PageContext::default()),
            Signal::SlotsPresent(slots),
            Signal::Ready,
        ] {
            visit.dispatch(signal, now);
        }
        visit.take_spent();
        visit
    }

    fn dispatch(&mut self, signal: Signal, now: Timestamp) {
        self.browser.dispatch(TAB, signal, now);
        for performed in self.browser.take_performed() {
            if let Effect::Prompt { id, .. } = performed.effect {
                self.browser.dispatch(TAB, Signal::PromptOutcome(id.clone(), PromptOutcome::Shown), now);
                self.prompts.push(id);
            }
        }
    }

    fn peek(&mut self, slot: &str, now: Timestamp) -> Option<Decision> {
        let started = self.started.elapsed();
        let decision = self.browser.engine(TAB).peek(slot, now);
        self.asked += self.started.elapsed().saturating_sub(started);
        decision
    }

    /// How long the engine has taken since this was last asked.
    fn take_spent(&mut self) -> Duration {
        self.browser.take_spent() + core::mem::take(&mut self.asked)
    }

    /// The pointer leaves through the top.
    fn exit(&mut self, now: Timestamp) {
        let exit = PointerExit { x_px: 100.0, y_px: -1.0, is_on_its_way: true, ..PointerExit::default() };
        self.dispatch(Signal::PointerExit(exit), now);
    }
}

/// The event as a site would push it, read as the engine reads it.
fn event(recorded: Recorded<'_>) -> Option<Event> {
    let mut item = Object::new().with("item_id", recorded.item).with("item_category", recorded.category);
    if let Some(price) = recorded.price {
        item.set("price", price);
    }
    Event::read(recorded.event, &Value::from(Object::new().with("items", vec![item])), &Native)
}
