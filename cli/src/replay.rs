//! `tailorbird replay`: recorded sessions through the same core that runs in the browser.

mod decision_log;
mod hits;
mod report;
mod sessions;
mod trace;
mod visit;
mod what_if;

use std::path::{Path, PathBuf};

use tailorbird::config::Config;
use tailorbird::hash::fnv1a_64;
use tailorbird::random::Seed;
use tailorbird::signal::Signal;
use tailorbird::signal::event::name::VIEW_ITEM;
use tailorbird::time::SECOND;
use tailorbird_cli::statistics::off_policy::Settings;
use tailorbird_recommend::site_model::SiteModel;

use crate::arguments::{EXIT_CODES, at_least_one};
use crate::config_file;
use crate::ending::{Ending, print};
use crate::files;
use crate::progress::bar;
use crate::whole_model;
use decision_log::DecisionLog;
use hits::Hits;
use report::Report;
use sessions::{Session, Sessions};
use trace::Trace;
use visit::Visit;
use what_if::WhatIf;

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
/// With --log, a log of what a site has shown, also what this config would have got, by slot: IPS, SNIPS, DM
/// and DR with intervals that hold in 95 of 100 logs (percentile bootstrap over sessions), beside the mean
/// reward that was logged. ESS is the effective sample size; the estimate says little where it is below 200,
/// or where fewer than 10 weighted rewards count.
///
/// With --model also, by slot that recommends, how often the next item was one of those shown, and how often it was
/// one of as many popular ones.
///
/// With --json one object is printed: {"sessions", "events", "bad_rows", "categories", "decisions":
/// {SLOT: {"standard", "generic", "customized", "personalized"}}, "prompts_per_100", "coverage",
/// "p50_us", "p99_us"}; with --model also "recommendations": {SLOT: {"count", "predicted", "hit_rate",
/// "popular_hit_rate"}}; with --log also "log": {"decisions", "sessions", "without_events", "unlike", "max_weight",
/// "draws", "slots": {SLOT: {"decisions", "logged", "ips", "snips", "dm", "dr", "ess", "effective_rewards",
/// "mean_weight", "clipped", "says_little", "unsupported"}}}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Replay {
    /// The config, as JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The recorded sessions
    #[arg(long, value_name = "FILE.csv")]
    sessions: PathBuf,
    /// What a site has shown, with probabilities and rewards: estimate what this config would have got
    ///
    /// A CSV file with the columns SessionId,Time,Slot,Variant,Propensity,Reward in any order, one decision a row: an
    /// empty Variant is the page's own content, Propensity the probability with which the site made this choice, and
    /// Reward 1 where the goal came, else 0, or an amount. Every problem is named with its line, and nothing is
    /// estimated before all are gone; without propensities nothing can be.
    #[arg(long, value_name = "FILE.csv")]
    log: Option<PathBuf>,
    /// With --log: the config that made the log
    ///
    /// A decision says with which probability the page's own content stood in the way it came about, as that of a
    /// holdout, of a control, or because nothing applied. Where there is more than one way, this config is replayed as
    /// well, and their probabilities are added.
    #[arg(long, value_name = "FILE", requires = "log")]
    logged_by: Option<PathBuf>,
    /// The site model that recommendations are asked of: print how often what they show is looked at next
    ///
    /// Each event is on a page of its own then. What is printed by slot is the share of the items that were looked at
    /// next and that it showed, beside the share that was among as many of the most popular ones.
    #[arg(long, value_name = "FILE.tbm")]
    model: Option<PathBuf>,
    /// With --log: the largest weight of a decision; one above counts as this
    #[arg(long, value_name = "N", value_parser = at_least_one, default_value = "100", requires = "log")]
    max_weight: f64,
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
    /// When a file cannot be read or written, when the config is refused as a whole, when no row is good, and when
    /// anything in the log is wrong.
    pub fn run(&self) -> Result<(), Ending> {
        let config = config_file::read_and_report(&self.config)?;
        let sessions = Sessions::read(&self.sessions)?;
        let log = self.log.as_ref().map(|path| DecisionLog::read(path, &config)).transpose()?;
        let logged_by = self.logged_by.as_ref().map(|path| config_file::read_and_report(path)).transpose()?;
        let bytes = self.model.as_ref().map(|path| files::read(path)).transpose()?;
        let model = self
            .model
            .as_ref()
            .zip(bytes.as_deref())
            .map(|(path, bytes)| whole_model::open(path, bytes))
            .transpose()?;
        let read: Vec<&Path> = [Some(&self.config), Some(&self.sessions), self.log.as_ref(), self.logged_by.as_ref()]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
            .collect();
        let mut trace = self.trace.as_ref().map(|path| Trace::new(path, &read)).transpose()?;

        let mut report = Report::new(&config, &sessions);
        report.hits = model.as_ref().map(|model| Hits::new(&config, model));
        let progress = bar("replaying", sessions.events() as u64);
        for session in sessions.iter() {
            progress.inc(play(&config, model.as_ref(), session, &mut report, trace.as_mut())?);
        }
        progress.finish_and_clear();
        trace.map_or(Ok(()), Trace::finish)?;
        if let Some(log) = &log {
            report.what_if = Some(self.what_if(&config, logged_by.as_ref(), &sessions, log)?);
        }
        print(&if self.json { format!("{}\n", report.json()) } else { report.text() })
    }

    fn what_if(
        &self,
        config: &Config,
        logged_by: Option<&Config>,
        sessions: &Sessions,
        log: &DecisionLog,
    ) -> Result<WhatIf, Ending> {
        let settings = Settings { max_weight: self.max_weight, ..Settings::default() };
        let progress = bar("estimating", log.sessions.len() as u64);
        let what_if = WhatIf::of(config, logged_by, sessions, log, settings, &|| progress.inc(1));
        progress.finish_and_clear();
        what_if.ok_or_else(|| Ending::Problems("--log: the sums of weights and rewards are not finite".to_owned()))
    }
}

/// The seed of the visitor of a session.
fn seed_of(session: &str) -> Seed {
    Seed(fnv1a_64(session.as_bytes()))
}

/// Plays one session as a new visitor on one page; answers how many events it had.
fn play(
    config: &Config,
    model: Option<&SiteModel<'_>>,
    session: Session<'_>,
    report: &mut Report,
    mut trace: Option<&mut Trace>,
) -> Result<u64, Ending> {
    let Some(first) = session.events().next() else { return Ok(0) };
    let slots = config.slots.iter().map(|slot| slot.id.clone()).collect();
    let mut visit = Visit::new(config, model, seed_of(session.id), slots, first.at);
    let (mut last, mut count) = (first.at, 0);
    for (place, recorded) in session.events().enumerate() {
        if model.is_some() {
            visit.turn_page(recorded.at);
        }
        visit.happen(recorded);
        // What `tb.decide` does in a page: record the use, then look.
        let mut decisions = Vec::with_capacity(config.slots.len());
        for slot in &config.slots {
            visit.dispatch(Signal::DecisionUsed(slot.id.clone()), recorded.at);
            decisions.extend(visit.peek(&slot.id, recorded.at));
        }
        report.event(visit.take_spent(), &decisions);
        if let Some(hits) = report.hits.as_mut().filter(|_| recorded.event == VIEW_ITEM) {
            hits.look(recorded.item, &decisions);
        }
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
