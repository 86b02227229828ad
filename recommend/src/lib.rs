//! Models of what visitors do one after the other, learned from a site's recorded visits.
//!
//! [`bytes`]: how models are read and written. [`next_page`]: which page comes next.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod bytes;
pub mod next_page;
#[cfg(target_arch = "wasm32")]
pub mod web;
