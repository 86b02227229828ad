//! `tailorbird evaluate ranking`: what a site model answers to recorded sessions, to be compared with what it answers in
//! a browser.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};
use tailorbird_recommend::site_model::Ranked;

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::train::walk::{Kind, Names, read};
use crate::whole_model;

/// How many items each answer has at most.
const COUNT: usize = 20;

/// Print what a site model answers, at every step of recorded sessions
///
/// One JSON object: {"history": [[ID, ...], ...], "answers": [[{"id", "score", "because"}, ...], ...], "took_us": [...]}:
/// what a visitor has seen, the 20 items that the model ranks first as "for-you", and how long that took. Numbers are
/// printed so that they read back as the same to the bit. A model that is split by category is asked with all its files.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Ranking {
    /// The model
    #[arg(long, value_name = "FILE.tbm")]
    model: PathBuf,
    /// The sessions, CSV with a header: SessionId,ItemId,Time
    #[arg(long, value_name = "FILE.csv")]
    sessions: PathBuf,
    /// How many sessions at most
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    most: usize,
}

impl Ranking {
    /// Asks the model, and prints what it answers.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has problems.
    pub fn run(&self) -> Result<(), Ending> {
        let model = whole_model::open(&self.model)?;
        let mut names = Names::default();
        let sessions = read(&self.sessions, Kind::Sessions, &mut names)?;
        let ids = names.list();
        let (mut histories, mut answers, mut took_us) = (Vec::new(), Vec::new(), Vec::new());
        for session in sessions.iter().take(self.most) {
            let seen: Vec<String> =
                session.seen.iter().filter_map(|number| ids.get(*number as usize)).cloned().collect();
            for step in 1..=seen.len() {
                let history = seen.get(..step).unwrap_or_default();
                let started = Instant::now();
                let ranked = model.rank("for-you", history, COUNT);
                took_us.push(started.elapsed().as_secs_f64() * 1e6);
                answers.push(ranked.iter().map(answer).collect::<Value>());
                histories.push(json!(history));
            }
        }
        print(&format!("{}\n", json!({ "history": histories, "answers": answers, "took_us": took_us })))
    }
}

fn answer(ranked: &Ranked<'_>) -> Value {
    json!({ "id": ranked.id, "score": ranked.score, "because": ranked.because })
}
