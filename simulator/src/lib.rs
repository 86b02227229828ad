//! A browser without a browser: tabs that share storage, with the real engine and the real storage protocol in
//! each of them.
//!
//! Tests of whole visits, tests of several tabs, and the command-line tool run on it, so that there is one
//! place that does what `src/web` does in a page. Time is passed in by the caller.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod browser;
pub mod shared_area;
pub mod signal;
mod tab;

pub use browser::{Browser, Pace, Performed};
pub use shared_area::{SharedArea, TabArea, Write};
pub use signal::read_signal;
