//! A model from a site's own log, counted by an engine, and `report.html` and `report.csv` beside it.

mod told;

use std::path::Path;
use std::time::Instant;

use tailorbird_companion::publication::SUPPORT;
use tailorbird_companion::source::{self, SourceError};
use tailorbird_companion::train::{Log, TrainError, Trained};

use super::sizes::Sizes;
use super::{Amount, SiteModel, report, tell, text};
use crate::ending::{Ending, complain, print};
use crate::figures::thousands;
use crate::files;
use crate::train::page;

impl SiteModel {
    pub(super) fn of_log(&self, path: &Path, map: &str) -> Result<(), Ending> {
        let map = source::map_of(map).map_err(ending)?;
        let found = source::files(path, &map).map_err(ending)?;
        map.note.iter().chain(&found.notes).for_each(|note| complain(note));
        let log = Log { map: &map, files: found, salt: self.salt.clone(), state: self.state.clone() };
        if self.dry_run {
            let statements = log.statements(self.engine.dialect()).map_err(ending)?;
            let script: Vec<String> =
                statements.iter().map(|(name, select)| format!("-- {name}\n{}\n;\n", select.trim())).collect();
            return print(&script.join("\n"));
        }
        let trained = self.count(&log)?;
        let learned = trained.counts.learn();
        if learned.sections.is_empty() {
            return Err(Ending::Problems(format!(
                "{}: no item was looked at by {SUPPORT} visitors, and the log has neither categories nor pages: nothing can \
                 be learned",
                path.display()
            )));
        }
        let amount = Amount { visitors: None, visits: learned.visits };
        let left_out = learned.left_out.clone();
        let written = self.write(learned, &log.files.paths)?;
        let sizes = Sizes::of(&written);
        let figures = told::figures(self.out(), path, &trained, &sizes, &left_out)?;
        files::write(&self.out().with_file_name("report.html"), page::html(&figures)?)?;
        files::write(&self.out().with_file_name("report.csv"), figures.csv()?)?;
        let mut json = report(&amount, &written, &sizes, &left_out);
        json.extend(told::json(&trained, &figures));
        let text = format!("{}\n{}", text(self.out(), &amount, &sizes, &left_out), told::text(&trained, &figures));
        tell(self.json, json, &text)
    }

    /// Runs the engine, with what it has done on stderr.
    fn count(&self, log: &Log<'_>) -> Result<Trained, Ending> {
        let began = Instant::now();
        let work = self.engine.scratch()?;
        let mut engine = self.engine.start(&work)?;
        let mut told = |table: &'static str, rows: u64| {
            let seconds = began.elapsed().as_secs_f64();
            complain(&format!("{table:<28} {:>16} rows {seconds:>8.1} s", thousands(rows)));
        };
        let trained = log.count(engine.as_mut(), work.path(), &mut told).map_err(train_ending)?;
        if trained.is_anew {
            complain("the state was of another map, salt or version: everything was counted anew");
        }
        Ok(trained)
    }
}

fn ending(error: SourceError) -> Ending {
    match error {
        SourceError::AllBad { .. } | SourceError::NothingLeft { .. } => Ending::Problems(error.to_string()),
        _ => Ending::Misuse(error.to_string()),
    }
}

fn train_ending(error: TrainError) -> Ending {
    match error {
        TrainError::Source(error) => ending(error),
        _ => Ending::Misuse(error.to_string()),
    }
}
