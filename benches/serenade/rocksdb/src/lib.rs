//! As much of `rocksdb` as Serenade needs to compile. It stores nothing: the bench does not run Serenade's server.

use std::path::Path;
use std::time::Duration;

/// Settings that nobody reads.
#[derive(Default)]
pub struct Options;

#[allow(clippy::unused_self, missing_docs)]
impl Options {
    pub fn create_if_missing(&mut self, _: bool) {}
    pub fn optimize_for_point_lookup(&mut self, _: u64) {}
    pub fn set_allow_mmap_reads(&mut self, _: bool) {}
    pub fn set_allow_mmap_writes(&mut self, _: bool) {}
}

/// There is no database.
#[derive(Debug)]
pub struct Error;

/// A database that cannot be opened.
pub enum DB {}

#[allow(missing_docs, clippy::missing_errors_doc)]
impl DB {
    pub fn open_with_ttl(_: &Options, _: impl AsRef<Path>, _: Duration) -> Result<DB, Error> {
        Err(Error)
    }
    pub fn get(&self, _: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, Error> {
        Err(Error)
    }
    pub fn put(&self, _: impl AsRef<[u8]>, _: impl AsRef<[u8]>) -> Result<(), Error> {
        Err(Error)
    }
}
