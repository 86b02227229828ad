//! `tailorbird explain`: what a visitor would see, step by step, and why.

mod json;
mod steps;
mod text;

use std::path::PathBuf;

use serde_json::json;

use crate::arguments::EXIT_CODES;
use crate::config_file;
use crate::ending::{Ending, print};
use crate::replay::sessions::{Session, Sessions};
use crate::whole_model;
use steps::Visitor;

/// Print step by step what a visitor would see, and why
///
/// The visits are a CSV file as `replay` has it: SessionId,ItemId,Time and optionally Event,Category,Price. Here
/// it may also have VisitorId, whose session it is (without it each session is another visitor's), and Page, the
/// path of the page. A row with a Page and without an ItemId is a page view. Time is in seconds since 1970, or as
/// 2026-11-28T10:00Z.
///
/// Visitors consent, and are remembered from one session to the next, as in a browser. Who comes again after
/// sessionMinutes of inactivity comes back, also within a SessionId. One second after the last event of a session
/// the pointer leaves the page through the top. Times are printed, and hours of the day taken, as UTC.
///
/// Of each step it prints what has changed: what a slot shows, with level, score and reasons; segments that the
/// visitor entered (+) or left (-); prompts that are shown; intent, lifecycle and value tier. In the end: what
/// each slot has shown, interests, and what speaks against each prompt that was not shown.
///
/// With --json one object is printed: {"config", "bad_rows", "categories", "visitors": [{"visitor", "steps":
/// [{"time", "session", "what", "event", "item", "category", "price", "page", "slots": [{"slot", "variant",
/// "level", "score", "propensity", "reasons", "before"}], "entered", "left", "prompts": [{"prompt", "time"}],
/// "visit": {"intent", "lifecycle", "tier"}}], "summary": {"slots", "segments", "interests", "prompts":
/// [{"prompt", "shown", "reasons"}]}}]}. "what" is arrives, returns, page_view, event or leaves.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Explain {
    /// The config, as JSON
    #[arg(value_name = "FILE")]
    config: PathBuf,
    /// The visits
    #[arg(long, value_name = "FILE.csv")]
    session: PathBuf,
    /// Only this visitor, by VisitorId or else SessionId
    #[arg(long, value_name = "ID")]
    visitor: Option<String>,
    /// Only this slot of the config; several by saying it again
    #[arg(long, value_name = "ID")]
    slot: Vec<String>,
    /// The site model that recommendations are asked of
    #[arg(long, value_name = "FILE.tbm")]
    model: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Explain {
    /// Plays the visits, and prints what each step has changed.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, when the config is refused as a whole, when no row is good, and when the config has
    /// no such slot or the file no such visitor.
    pub fn run(&self) -> Result<(), Ending> {
        let config = config_file::read_and_report(&self.config)?;
        let ids: Vec<&str> = config.slots.iter().map(|slot| slot.id.as_str()).collect();
        if let Some(wrong) = self.slot.iter().find(|slot| !ids.contains(&slot.as_str())) {
            return Err(Ending::Misuse(format!("--slot {wrong} is unknown, expected one of {}", ids.join(", "))));
        }
        let sessions = Sessions::read_visits(&self.session)?;
        let model = self.model.as_ref().map(|path| whole_model::open(path)).transpose()?;

        let all: Vec<Session<'_>> = sessions.iter().collect();
        let is_wanted = |session: &Session<'_>| self.visitor.as_deref().is_none_or(|wanted| wanted == session.visitor);
        let mut explained = Vec::new();
        let mut is_first = true;
        for sessions in all.chunk_by(|one, next| one.visitor == next.visitor) {
            let Some(first) = sessions.first().filter(|first| is_wanted(first)) else { continue };
            let visitor = Visitor::play(&config, model.as_ref(), first.visitor, sessions, &self.slot);
            if self.json {
                explained.push(json::visitor(&visitor));
            } else {
                let space = if is_first { "" } else { "\n" };
                print(&format!("{space}{}", text::visitor(&visitor)))?;
            }
            is_first = false;
        }
        if is_first {
            let wanted = self.visitor.as_deref().unwrap_or_default();
            let expected = format!("expected an id in {}", self.session.display());
            return Err(Ending::Misuse(format!("--visitor {wanted} is unknown, {expected}")));
        }
        if !self.json {
            return Ok(());
        }
        let whole = json!({
            "config": self.config.display().to_string(),
            "bad_rows": sessions.bad_rows,
            "categories": sessions.categories.name(),
            "visitors": explained,
        });
        print(&format!("{whole}\n"))
    }
}
