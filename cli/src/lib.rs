//! What the `tailorbird` tool computes with and the engine in the browser does not need.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable)
)]

pub mod chance;
pub mod statistics;
pub mod visitor;
