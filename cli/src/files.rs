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

/// Writes a result into a file: aside first, so that whoever reads it meanwhile, or after we were stopped, reads all of the
/// old one or all of the new one.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Ending> {
    let written = |error: std::io::Error| unwritable(path, &error);
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // A terminal or a pipe has nothing to be kept whole.
    if target.exists() && !target.is_file() {
        return fs::write(&target, content).map_err(written);
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let aside = target.with_file_name(format!(".{name}.new"));
    fs::write(&aside, content).map_err(written)?;
    if let Ok(about) = fs::metadata(&target) {
        fs::set_permissions(&aside, about.permissions()).map_err(written)?;
    }
    fs::rename(&aside, &target).map_err(written)
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
