//! What is kept between runs, so that a new day costs a day.
//!
//! ```text
//! DIR/manifest.json        which files were read, which days they have, and in which run each day was counted
//! DIR/run-3/daily_items/   what was counted in that run, of all its days
//! DIR/lock                 held while a run is on
//! ```
//!
//! A run writes a folder of its own, and then the manifest in one step: whenever it is killed, the manifest names what is
//! whole. A day that is counted again stands in a later folder, and a folder of which no day is left is removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::engine::{Engine, EngineError, Format};
use crate::models::{DAILY, Purpose, kept};

const VERSION: u32 = 2;
const MANIFEST: &str = "manifest.json";

/// A day, in days since 1970.
pub type Day = i64;

/// Why a state cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// A file of it.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another run is on.
    #[error("{}: another run is using it", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The manifest is damaged.
    #[error("{}: cannot be read: {why}; remove the folder to count everything anew", path.display())]
    Damaged {
        /// The manifest.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// No file of the log has an event any more.
    #[error("{}: nothing is left of what was counted", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFile {
    /// How long it was, and when it was last changed, in nanoseconds since 1970: what tells whether it has changed.
    bytes: u64,
    modified: u64,
    content: Content,
}

/// What is in a file of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The days it has events of.
    pub days: BTreeSet<Day>,
    /// How many of its rows are events.
    pub events: u64,
    /// Its rows that could not be read, by reason.
    pub bad: Vec<BadRows>,
}

/// Rows of a file that could not be read for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRows {
    /// Why.
    pub why: String,
    /// How many.
    pub rows: u64,
    /// What is in one of them.
    pub example: String,
}

/// What is in each file, by its path.
pub type Contents = BTreeMap<String, Content>;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    /// What of the map and of the settings the counts depend on.
    counted_by: String,
    files: BTreeMap<String, ReadFile>,
    /// The run in which each day was counted.
    days: BTreeMap<Day, u32>,
}

/// A folder that keeps what was counted.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    manifest: Manifest,
    /// What each file was when this run looked at it: what it becomes while it is read is the next run's.
    looked_at: BTreeMap<String, (u64, u64)>,
    /// Held until the state is dropped.
    _lock: File,
    /// Whether what was there could not be used, and is counted anew.
    pub is_anew: bool,
}

/// What a run has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are new, or have changed.
    pub files: Vec<PathBuf>,
    /// Days that have lost events, because files have changed or are gone.
    pub days: BTreeSet<Day>,
}

impl State {
    /// Opens a folder, which is made where it is not there. `counted_by` says what its counts depend on: what was counted
    /// by something else is counted anew.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written, is in use, or is damaged.
    pub fn open(folder: &Path, counted_by: &str) -> Result<State, StateError> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock_path = folder.join("lock");
        let lock = File::create(&lock_path).map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse { path: folder.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(failed(&lock_path)(error)),
        }
        let path = folder.join(MANIFEST);
        let read = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(&path)(error)),
        };
        let manifest: Option<Manifest> = match read {
            Some(bytes) => Some(serde_json::from_slice(&bytes).map_err(|error| damaged(&path, &error))?),
            None => None,
        };
        let is_same = |manifest: &Manifest| manifest.version == VERSION && manifest.counted_by == counted_by;
        let is_anew = manifest.as_ref().is_some_and(|manifest| !is_same(manifest));
        let manifest = manifest.filter(is_same).unwrap_or_else(|| Manifest {
            version: VERSION,
            counted_by: counted_by.to_owned(),
            ..Manifest::default()
        });
        Ok(State { folder: folder.to_owned(), manifest, looked_at: BTreeMap::new(), _lock: lock, is_anew })
    }

    /// What has changed since the last run.
    ///
    /// # Errors
    ///
    /// When a file cannot be looked at.
    pub fn changes(&mut self, files: &[PathBuf]) -> Result<Changes, StateError> {
        let mut changes = Changes::default();
        let mut there = BTreeSet::new();
        for path in files {
            let name = name_of(path);
            let (bytes, modified) = fingerprint(path)?;
            let known = self.manifest.files.get(&name);
            if known.is_none_or(|known| (known.bytes, known.modified) != (bytes, modified)) {
                changes.files.push(path.clone());
                changes.days.extend(known.iter().flat_map(|known| &known.content.days));
            }
            self.looked_at.insert(name.clone(), (bytes, modified));
            there.insert(name);
        }
        let gone = self.manifest.files.iter().filter(|(name, _)| !there.contains(*name));
        changes.days.extend(gone.flat_map(|(_, known)| &known.content.days));
        Ok(changes)
    }

    /// Files that have not changed, and have events of these days.
    pub fn files_of(&self, days: &BTreeSet<Day>, files: &[PathBuf], changed: &[PathBuf]) -> Vec<PathBuf> {
        let of_days = |path: &&PathBuf| {
            let known = self.manifest.files.get(&name_of(path));
            known.is_some_and(|known| !known.content.days.is_disjoint(days)) && !changed.contains(path)
        };
        files.iter().filter(of_days).cloned().collect()
    }

    /// Keeps, after [`changes`](State::changes), what the engine has counted of these days, of the table `kept_` and its name of each daily model; `read` is
    /// what was found in the files that were read, and `files` are all files of the log.
    ///
    /// # Errors
    ///
    /// When it cannot be written. What was kept before is whole then.
    pub fn keep(
        &mut self,
        engine: &mut dyn Engine,
        days: &BTreeSet<Day>,
        files: &[PathBuf],
        read: Contents,
    ) -> Result<(), StateError> {
        let mut next = self.manifest.clone();
        let run = next.days.values().max().map_or(1, |last| last + 1);
        let folder = self.run_folder(run);
        // What a run that was killed has left.
        remove(&folder)?;
        fs::create_dir(&folder).map_err(failed(&folder))?;
        for model in results() {
            engine.export(&kept(model), &folder.join(model))?;
        }
        let there: BTreeSet<String> = files.iter().map(|path| name_of(path)).collect();
        next.files.retain(|name, _| there.contains(name));
        for path in files {
            let name = name_of(path);
            if let (Some(content), Some((bytes, modified))) = (read.get(&name).cloned(), self.looked_at.get(&name)) {
                let (bytes, modified) = (*bytes, *modified);
                next.files.insert(name, ReadFile { bytes, modified, content });
            }
        }
        let with_events: BTreeSet<Day> =
            next.files.values().flat_map(|file| file.content.days.iter().copied()).collect();
        for day in days {
            next.days.insert(*day, run);
        }
        next.days.retain(|day, _| with_events.contains(day));
        self.write(&next)?;
        self.manifest = next;
        self.clean()
    }

    /// Forgets days of which no event is left, as the files that had them are gone.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn forget(&mut self, days: &BTreeSet<Day>, files: &[PathBuf]) -> Result<(), StateError> {
        let there: BTreeSet<String> = files.iter().map(|path| name_of(path)).collect();
        self.manifest.files.retain(|name, _| there.contains(name));
        self.manifest.days.retain(|day, _| !days.contains(day));
        self.write(&self.manifest)?;
        self.clean()
    }

    /// The manifest, in one step.
    fn write(&self, manifest: &Manifest) -> Result<(), StateError> {
        let path = self.folder.join(MANIFEST);
        let aside = self.folder.join("manifest.json.new");
        let text = serde_json::to_vec_pretty(manifest).map_err(|error| damaged(&path, &error))?;
        let mut file = File::create(&aside).map_err(failed(&aside))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(failed(&aside))?;
        fs::rename(&aside, &path).map_err(failed(&path))
    }

    /// Removes what no day stands in.
    fn clean(&self) -> Result<(), StateError> {
        let used: BTreeSet<PathBuf> = self.manifest.days.values().map(|run| self.run_folder(*run)).collect();
        for entry in fs::read_dir(&self.folder).map_err(failed(&self.folder))? {
            let path = entry.map_err(failed(&self.folder))?.path();
            let is_run = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("run-"));
            if is_run && !used.contains(&path) {
                remove(&path)?;
            }
        }
        Ok(())
    }

    fn run_folder(&self, run: u32) -> PathBuf {
        self.folder.join(format!("run-{run}"))
    }

    /// Gives the engine all that is kept: of each daily model the table `kept_` and its name.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or nothing is kept.
    pub fn give(&self, engine: &mut dyn Engine) -> Result<(), StateError> {
        if self.manifest.days.is_empty() {
            return Err(StateError::Empty { path: self.folder.clone() });
        }
        let mut runs: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (day, run) in &self.manifest.days {
            runs.entry(*run).or_default().push(day.to_string());
        }
        for model in results() {
            let mut parts = Vec::new();
            for (run, days) in &runs {
                let table = format!("stored_{model}_{run}");
                engine.read(&table, Format::Parquet, &parquet_in(&self.run_folder(*run).join(model))?)?;
                parts.push(format!("SELECT * FROM {table} WHERE day IN ({})", days.join(", ")));
            }
            engine.define(&kept(model), &parts.join(" UNION ALL "))?;
        }
        Ok(())
    }

    /// What is in each file of the log.
    pub fn contents(&self) -> Contents {
        self.manifest.files.iter().map(|(name, file)| (name.clone(), file.content.clone())).collect()
    }
}

fn results() -> impl Iterator<Item = &'static str> {
    DAILY.iter().filter(|model| model.purpose == Purpose::Result).map(|model| model.name)
}

fn parquet_in(folder: &Path) -> Result<Vec<PathBuf>, StateError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn fingerprint(path: &Path) -> Result<(u64, u64), StateError> {
    let about = fs::metadata(path).map_err(failed(path))?;
    let modified = about.modified().map_err(failed(path))?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok((about.len(), u64::try_from(modified.as_nanos()).unwrap_or(u64::MAX)))
}

fn remove(folder: &Path) -> Result<(), StateError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(folder)(error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> StateError + use<> {
    let path = path.to_owned();
    move |error| StateError::File { path: path.clone(), error }
}

fn damaged(path: &Path, error: &serde_json::Error) -> StateError {
    StateError::Damaged { path: path.to_owned(), why: error.to_string() }
}
