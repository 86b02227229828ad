//! Files that the tool reads and writes, and what it says where that fails.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::ending::Ending;

/// Opens a file to read it.
///
/// # Errors
///
/// When it cannot be read, or is a folder.
pub fn open(path: &Path) -> Result<File, Ending> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    if file.metadata().map_err(|error| unreadable(path, &error))?.is_dir() {
        return Err(Ending::Misuse(format!("{}: is a folder, expected a file", path.display())));
    }
    Ok(file)
}

/// Reads a whole file.
///
/// # Errors
///
/// As for [`open`].
pub fn read(path: &Path) -> Result<Vec<u8>, Ending> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// Writes a result into a file.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Ending> {
    fs::write(path, content).map_err(|error| unwritable(path, &error))
}

/// Whether both are the same file.
pub fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// A file that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Ending {
    Ending::Misuse(format!("{}: cannot be read: {error}", path.display()))
}

/// A file that cannot be written.
pub fn unwritable(path: &Path, error: &std::io::Error) -> Ending {
    Ending::Misuse(format!("{}: cannot be written: {error}", path.display()))
}
