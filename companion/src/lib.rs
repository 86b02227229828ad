//! The companion: from a site's own logs to the model that its pages load.
//!
//! Data moves one way. [`source`] reads a log as it is, by a map of its columns, into events of one shape. [`models`]
//! are the statistics, each a SELECT that is the same on every [`engine`]: first by day, so that a new day costs a day
//! ([`state`]), then of the whole site. The engine writes small tables, which [`tables`] reads, and [`site`] makes the
//! model of them. What is read may be larger than memory and larger than one machine; what comes back is not.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod answer;
pub mod engine;
pub mod models;
pub mod page;
pub mod publication;
pub mod reports;
pub mod site;
pub mod state;
pub mod tables;
pub mod train;
pub mod source;
pub mod visits;
