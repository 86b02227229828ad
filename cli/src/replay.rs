//! `tailorbird replay`: recorded sessions through the same core that runs in the browser.

pub mod recorded;
pub mod sessions;
mod log;
mod batches;
mod player;
pub mod visit;
mod counts;
mod times;
mod hits;
mod trace;
mod decision_log;
mod what_if;
mod report;

use std::path::{Path, PathBuf};

use tailorbird::config::Config;
use tailorbird_cli::statistics::off_policy::Settings;

use crate::arguments::{EXIT_CODES, at_least_one};
use crate::config_file;
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::whole_model;
use batches::Batches;
use counts::Counts;
use decision_log::DecisionLog;
use log::{Log, Reading};
use player::Setting;
use recorded::Step;
use report::{Read, Report};
use sessions::Sessions;
use trace::Trace;
use what_if::WhatIf;

/// Play recorded sessions, and print what would have been shown
///
/// With --sessions, the sessions are a CSV file with a header: SessionId,ItemId,Time and optionally
/// Event,Category,Price, in any order. Time is in seconds since 1970, or as 2026-11-28T10:00Z, and is rounded to whole
/// milliseconds. A missing Event is view_item; a missing Category is c + ItemId mod 16, and is reported as made up.
/// Rows of one session need not be adjacent. Bad rows are named and skipped; only a file without a good row is refused.
///
/// Each SessionId is a new visitor who consents, on one page with all slots of the config; the hash of
/// the id (64-bit FNV-1a) is the seed, so that the same file gives the same decisions every time. After
/// each event every slot is decided once. One second after the last event the pointer leaves the page
/// through the top; prompts that are due then count as shown.
///
/// With --in and --map, the sessions are those of a site's own log, which DuckDB reads: CSV, NDJSON, Parquet or
/// lines of text, described by the map. Visitors come with all their sessions, one after the other, and are
/// remembered from one to the next as in a browser. A session is the log's own; where it has none, sessionMinutes
/// of inactivity end it. Where the log names pages, a change of page is a page view. Rows of one order at one time
/// are one event. What happened in the same millisecond is played by order id, then by name and item.
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
    #[arg(long, value_name = "FILE.csv", required_unless_present = "log_path", conflicts_with = "log_path")]
    sessions: Option<PathBuf>,
    /// A site's own log: a file, a folder with all that is in it, or a pattern with `*`, `?` and `**`
    #[arg(long = "in", value_name = "PATH", requires = "map")]
    log_path: Option<PathBuf>,
    /// What a site has shown, with probabilities and rewards: estimate what this config would have got
    ///
    /// A CSV file with the columns SessionId,Time,Slot,Variant,Propensity,Reward in any order, one decision a row: an
    /// empty Variant is the page's own content, Propensity the probability with which the site made this choice, and
    /// Reward 1 where the goal came, else 0, or an amount. Every problem is named with its line, and nothing is
    /// estimated before all are gone; without propensities nothing can be.
    #[arg(long, value_name = "FILE.csv", requires = "sessions", conflicts_with = "log_path")]
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
    #[command(flatten)]
    reading: Reading,
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
        let sessions = self.sessions.as_ref().map(|path| Sessions::read(path)).transpose()?;
        let log = self.log.as_ref().map(|path| DecisionLog::read(path, &config)).transpose()?;
        let logged_by = self.logged_by.as_ref().map(|path| config_file::read_and_report(path)).transpose()?;
        let model = self.model.as_ref().map(|path| whole_model::open(path)).transpose()?;
        let mut trace = self.trace()?;

        let setting = Setting { config: &config, model: model.as_ref(), is_traced: trace.is_some() };
        let mut report = self.play(setting, sessions.as_ref(), trace.as_mut())?;
        trace.map_or(Ok(()), Trace::finish)?;
        if let Some((sessions, log)) = sessions.as_ref().zip(log.as_ref()) {
            report.what_if = Some(self.what_if(&config, logged_by.as_ref(), sessions, log)?);
        }
        print(&if self.json { format!("{}\n", report.json()) } else { report.text() })
    }

    /// The file of the trace, if one is wanted.
    fn trace(&self) -> Result<Option<Trace>, Ending> {
        let Some(path) = &self.trace else { return Ok(None) };
        let read = [Some(&self.config), self.sessions.as_ref(), self.log_path.as_ref(), self.log.as_ref()];
        let read: Vec<&Path> =
            read.into_iter().chain([self.logged_by.as_ref()]).flatten().map(PathBuf::as_path).collect();
        Trace::new(path, &read).map(Some)
    }

    /// Plays the sessions, or else those of the log.
    fn play(
        &self,
        setting: Setting<'_>,
        sessions: Option<&Sessions>,
        mut trace: Option<&mut Trace>,
    ) -> Result<Report, Ending> {
        let write = |lines: &[u8]| trace.as_mut().map_or(Ok(()), |trace| trace.write(lines));
        let (read, counts) = match (sessions, &self.log_path) {
            (Some(sessions), _) => {
                let read = |batches: &mut Batches| Ok(hand_over(sessions, batches));
                play_all(setting, self.threads(), sessions.events() as u64, read, write)?
            }
            (None, Some(path)) => {
                let mut log = Log::read(path, &self.reading)?;
                let (rows, session_ms) = (log.rows(), setting.config.rules.session_ms);
                let read = |batches: &mut Batches| log.hand_over(session_ms, batches);
                let (handed, counts) = play_all(setting, self.threads(), rows, read, write)?;
                (log.into_read(path, &handed, counts.events)?, counts)
            }
            (None, None) => return Err(Ending::Misuse("expected --sessions or --in".to_owned())),
        };
        Ok(Report { read, counts, what_if: None })
    }

    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.reading.engine.threads().unwrap_or_else(cores)
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

/// Plays what `read` hands over, some `rows`, with a bar of progress.
fn play_all<R: Send>(
    setting: Setting<'_>,
    threads: usize,
    rows: u64,
    read: impl FnOnce(&mut Batches) -> Result<R, Ending> + Send,
    mut write: impl FnMut(&[u8]) -> Result<(), Ending>,
) -> Result<(R, Counts), Ending> {
    let progress = bar("replaying", rows);
    let played = batches::play(setting, threads, read, |events, lines| {
        progress.inc(events as u64);
        write(lines)
    });
    progress.finish_and_clear();
    played
}

/// Hands sessions over, each as a visitor of its own.
fn hand_over(sessions: &Sessions, batches: &mut Batches) -> Read {
    let steps = sessions.iter().flat_map(|session| {
        let start = [Step::Visitor(session.id.to_owned()), Step::Session(session.id.to_owned())];
        start.into_iter().chain(session.events().map(Step::Event))
    });
    for step in steps {
        if batches.push(step).is_err() {
            break;
        }
    }
    Read { bad_rows: sessions.bad_rows as u64, categories: sessions.categories }
}
