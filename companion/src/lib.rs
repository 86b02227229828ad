//! The companion: from a site's own logs to the model that its pages load.
//!
//! Data moves one way. [`source`] reads a log as it is, by a map of its columns, into events of one shape. [`models`]
//! are the statistics, each a SELECT that is the same on every [`engine`]: first by day, so that a new day costs a day
//! ([`state`]), then of the whole site. The engine writes small tables, which [`tables`] reads, and [`site`] makes the
//! model of them, of what [`publication`] allows; [`page`] tells the rest. [`train`] is all of it. What is read may be
//! larger than memory and larger than one machine; what comes back is not.
//!
//! [`visits`] puts the events of a log into the order of visits, for a replay, and [`reports`] counts private reports.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod engine;
pub mod answer;
pub mod source;
pub mod models;
pub mod tables;
pub mod publication;
pub mod site;
pub mod page;
pub mod state;
pub mod train;
pub mod visits;
pub mod reports;
