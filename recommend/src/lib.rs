//! Models of what visitors do one after the other, learned from a site's recorded visits.
//!
//! [`bytes`]: how models are read and written. [`next_page`]: which page comes next. [`items`], [`repeats`], [`rules`] and
//! [`sessions`] are the parts of a model of items, [`learn`] makes them from recorded sessions, and [`recommender`]
//! answers from them which items to show.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod bytes;
pub mod next_page;
pub mod items;
pub mod repeats;
pub mod rules;
pub mod sessions;
pub mod recommender;
pub mod learn;
#[cfg(target_arch = "wasm32")]
pub mod web;
