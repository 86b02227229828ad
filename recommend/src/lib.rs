//! Models of what visitors do one after the other, learned from a site's recorded visits.
//!
//! [`bytes`]: how models are read and written; [`numbers`]: lists of small ones. [`model_file`]: the file that holds
//! them. [`next_page`]: which page comes next. [`areas`]: which areas of a site a visitor will see. [`items`],
//! [`repeats`], [`rules`], [`sessions`] and [`next_items`] are the parts of a model of items, [`learn`] makes them from
//! recorded sessions, and [`recommender`] answers from them which items to show. [`site_model`] is all that a file
//! holds, asked by names.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod bytes;
pub mod numbers;
pub mod model_file;
pub mod next_page;
pub mod areas;
pub mod items;
pub mod repeats;
pub mod rules;
pub mod sessions;
pub mod next_items;
pub mod recommender;
pub mod learn;
pub mod site_model;
#[cfg(target_arch = "wasm32")]
pub mod web;
