//! From a log to the counts that a model is made of: reads what is new, counts its days, and then the site.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tailorbird_recommend::model_file::checksum;
use thiserror::Error;

use crate::answer;
use crate::engine::{Dialect, Engine, EngineError};
use crate::models::{self, Params};
use crate::page::{self, PageCounts};
use crate::site::{self, SiteCounts};
use crate::source::{self, BAD_ROWS, EVENTS, Files, LEFT_OUT, Map, ROWS, SourceError, Value};
use crate::state::{BadRows, Contents, Day, State, StateError};
use crate::tables::TableError;

/// Why nothing is learned.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The log.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What is kept.
    #[error(transparent)]
    State(#[from] StateError),
    /// What the engine has written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A folder for it.
    #[error("{}: {error}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// What is learned from.
#[derive(Clone, Debug)]
pub struct Log<'a> {
    /// Its columns.
    pub map: &'a Map,
    /// Its files.
    pub files: Files,
    /// What goes into the hash of visitors.
    pub salt: String,
    /// Where counts are kept; nowhere if nobody says.
    pub state: Option<PathBuf>,
}

/// What was read and counted.
#[derive(Clone, Debug, Default)]
pub struct Trained {
    /// What the model is made of.
    pub counts: SiteCounts,
    /// What is told of the site besides.
    pub page: PageCounts,
    /// What lists of items are made of, counted without the last day, where there is more than one.
    pub without_last_day: Option<SiteCounts>,
    /// How many files were read; the rest was kept.
    pub files_read: usize,
    /// The days that were counted; the rest was kept.
    pub days_counted: usize,
    /// What is in each file of the log.
    pub contents: Contents,
    /// Rows that do not count: why, and how many; of the files that were read.
    pub left_out: Vec<(String, u64)>,
    /// Whether what was kept was counted by another map or in another way, and was counted anew.
    pub is_anew: bool,
}

/// Is told of each table that was made, and of how many rows it has.
pub type Told<'a> = &'a mut dyn FnMut(&'static str, u64);

impl Log<'_> {
    /// What is tunable, with what the log has.
    pub fn params(&self) -> Params {
        let absent = source::absent(self.map, &self.files);
        let has = |value: &Option<Value>| {
            let paths = value.iter().flat_map(Value::paths);
            paths.into_iter().any(|path| !absent.iter().any(|absent| absent == path.written()))
        };
        let columns = &self.map.columns;
        Params {
            has_pages: has(&columns.page),
            has_categories: has(&columns.category),
            has_sessions: has(&columns.session),
            ..Params::default()
        }
    }

    /// All that an engine is asked to run, in order, each with the name of what it makes: for people. Of what is made of the
    /// files themselves the table `raw` is their rows.
    ///
    /// # Errors
    ///
    /// When the files lack what the map needs.
    pub fn statements(&self, dialect: Dialect) -> Result<Vec<(&'static str, String)>, SourceError> {
        let sql = source::select(self.map, &self.files, dialect, &self.salt)?.with_keys(self.map, dialect);
        let read = [(ROWS, sql.rows), (EVENTS, sql.events), (BAD_ROWS, sql.bad_rows), (LEFT_OUT, sql.left_out)];
        Ok(read.into_iter().chain(models::statements(&self.params())).collect())
    }

    /// What counts depend on besides the files, as a checksum: the salt must not stand beside what it hides.
    fn counted_by(&self, params: &Params) -> String {
        let all = format!("{:?} {params:?} {}", self.map, self.salt);
        format!("{:08x}", checksum(&[all.as_bytes()]))
    }

    /// Reads the log and counts it: first all of it, then what lists of items are made of
    /// without the last day, by which the model can be judged.
    /// `work` is a folder for what the engine writes.
    ///
    /// # Errors
    ///
    /// When the log cannot be read, when nothing in it can be used, and when the engine or the disk fails.
    pub fn count(&self, engine: &mut dyn Engine, work: &Path, told: Told<'_>) -> Result<Trained, TrainError> {
        let params = self.params();
        let mut trained = Trained::default();
        match &self.state {
            Some(folder) => self.count_new(engine, folder, &params, &mut trained, told)?,
            None => {
                let read = self.read(engine, &self.files.paths, &mut trained, told)?;
                let days: BTreeSet<Day> = read.values().flat_map(|content| content.days.iter().copied()).collect();
                trained.files_read = self.files.paths.len();
                trained.days_counted = days.len();
                trained.contents = read;
                count_days(engine, &params, None, told)?;
            }
        }
        models::count_site(engine, told)?;
        trained.counts = export(engine, &work.join("site"))?;
        models::count_page(engine, told)?;
        let folder = new_folder(&work.join("page"))?;
        page::export(engine, &folder)?;
        trained.page = PageCounts::read(&folder)?;
        if trained.counts.totals.days > 1 {
            models::count_lists_before(engine, trained.counts.totals.last_day, told)?;
            let folder = new_folder(&work.join("before"))?;
            site::export_before(engine, &folder)?;
            trained.without_last_day = Some(trained.counts.before(&folder)?);
        }
        Ok(trained)
    }

    /// Counts what has changed since the last run, and gives the engine the rest.
    fn count_new(
        &self,
        engine: &mut dyn Engine,
        folder: &Path,
        params: &Params,
        trained: &mut Trained,
        told: Told<'_>,
    ) -> Result<(), TrainError> {
        let all = &self.files.paths;
        let mut state = State::open(folder, &self.counted_by(params))?;
        trained.is_anew = state.is_anew;
        let changes = state.changes(all)?;
        let mut days = changes.days.clone();
        let mut files = changes.files.clone();
        let mut read = Contents::new();
        if !files.is_empty() {
            read = self.read(engine, &files, trained, told)?;
            days.extend(read.values().flat_map(|content| &content.days));
        }
        // Other files have events of these days too.
        let others = state.files_of(&days, all, &files);
        if !others.is_empty() {
            if !files.is_empty() {
                forget_log(engine)?;
            }
            files.extend(others);
            files.sort();
            read = self.read(engine, &files, trained, told)?;
        }
        if files.is_empty() {
            // Nothing is new; what is gone took its days with it.
            if !days.is_empty() {
                state.forget(&days, all)?;
            }
            engine.run_model("params", &params.select())?;
        } else {
            count_days(engine, params, Some(&days), told)?;
            state.keep(engine, &days, all, read)?;
            models::forget_days(engine)?;
        }
        trained.files_read = files.len();
        trained.days_counted = days.len();
        trained.contents = state.contents();
        state.give(engine)?;
        Ok(())
    }

    /// Reads files, and says what is in each.
    fn read(
        &self,
        engine: &mut dyn Engine,
        files: &[PathBuf],
        trained: &mut Trained,
        told: Told<'_>,
    ) -> Result<Contents, TrainError> {
        let files = Files { paths: files.to_vec(), ..self.files.clone() };
        source::load_with_keys(engine, self.map, &files, &self.salt)?;
        let mut contents: Contents =
            files.paths.iter().map(|path| (path.to_string_lossy().into_owned(), Default::default())).collect();
        let file_days = format!("SELECT file, day, COUNT(*) AS events FROM {EVENTS} GROUP BY file, day");
        told("file_days", engine.run_model("file_days", &file_days)?);
        for row in answer::rows(engine, "file_days")? {
            if let [Some(file), Some(day), Some(events)] = row.as_slice()
                && let Ok(day) = day.parse()
            {
                let content = contents.entry(file.clone()).or_default();
                content.days.insert(day);
                content.events += events.parse().unwrap_or(0);
            }
        }
        engine.drop_table("file_days")?;
        for row in answer::rows(engine, BAD_ROWS)? {
            if let [Some(file), Some(why), Some(rows), example] = row.as_slice() {
                let bad = BadRows {
                    why: why.clone(),
                    rows: rows.parse().unwrap_or(0),
                    example: example.clone().unwrap_or_default(),
                };
                contents.entry(file.clone()).or_default().bad.push(bad);
            }
        }
        trained.left_out = answer::rows(engine, LEFT_OUT)?
            .into_iter()
            .filter_map(|row| match row.as_slice() {
                [Some(why), Some(rows)] => Some((why.clone(), rows.parse().unwrap_or(0))),
                _ => None,
            })
            .collect();
        Ok(contents)
    }
}

fn export(engine: &mut dyn Engine, folder: &Path) -> Result<SiteCounts, TrainError> {
    let folder = new_folder(folder)?;
    site::export(engine, &folder)?;
    Ok(SiteCounts::read(&folder)?)
}

fn new_folder(path: &Path) -> Result<PathBuf, TrainError> {
    std::fs::create_dir(path).map_err(|error| TrainError::Folder { path: path.to_owned(), error })?;
    Ok(path.to_owned())
}

/// Counts what was read of a log, and forgets it as soon as nobody reads it any more.
fn count_days(
    engine: &mut dyn Engine,
    params: &Params,
    days: Option<&BTreeSet<Day>>,
    told: Told<'_>,
) -> Result<(), EngineError> {
    models::take_visits(engine, params, days, told)?;
    if params.has_sessions {
        models::count_visits(engine, params, told)?;
        forget_log(engine)?;
    } else {
        forget_log(engine)?;
        models::count_visits(engine, params, told)?;
    }
    models::count_views(engine, told)
}

/// Forgets what was read of a log.
fn forget_log(engine: &mut dyn Engine) -> Result<(), EngineError> {
    [ROWS, BAD_ROWS, LEFT_OUT].iter().try_for_each(|table| engine.drop_table(table))
}
