//! The folder of a run: whatever is written for its time is there, and goes with it, also where it is interrupted.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::ending::Ending;
use crate::files;

/// What a shell says of a program that was interrupted: 128, and the number of the signal.
pub const INTERRUPTED: i32 = 130;

/// The folders that are there.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder for the time of a run.
pub struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// A new one in this folder.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn new(parent: &Path) -> Result<Scratch, Ending> {
        let folder = tempfile::Builder::new().prefix("tailorbird-").tempdir_in(parent);
        let folder = folder.map_err(|error| files::unwritable(parent, &error))?;
        folders(|all| all.push(folder.path().to_owned()));
        // The second one finds the first one's there, which does the same.
        let _ = ctrlc::set_handler(|| {
            folders(|all| all.iter().for_each(|folder| drop(std::fs::remove_dir_all(folder))));
            std::process::exit(INTERRUPTED);
        });
        Ok(Scratch { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        folders(|all| all.retain(|folder| folder != self.folder.path()));
    }
}

fn folders(change: impl FnOnce(&mut Vec<PathBuf>)) {
    change(&mut FOLDERS.lock().unwrap_or_else(PoisonError::into_inner));
}
