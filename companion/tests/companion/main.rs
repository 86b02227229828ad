//! The companion on every engine that is here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

#[path = "../support/mod.rs"]
mod support;

mod as_in_memory;
mod engines;
mod incremental;
mod look;
mod page_models;
mod portable_sql;
mod reports;
mod same_statistics;
mod shown;
mod source;
mod source_rows;
mod tables;
mod value;
mod visits;
