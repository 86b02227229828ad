//! Models of what visitors do one after the other, learned from a site's recorded visits.
//!
//! [`bytes`]: how models are read and written. [`model_file`]: the file that holds them. [`next_page`]: which page
//! comes next. [`areas`]: which areas of a site a visitor will see.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::unreachable))]

pub mod bytes;
pub mod model_file;
pub mod next_page;
pub mod areas;
